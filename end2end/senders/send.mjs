// Sends a shop's orders with the OpenTelemetry SDK of Node and prints what it sent. See README.md.

import { parseArgs } from "node:util";

import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { logs, SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter as GrpcLogs } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPLogExporter as JsonLogs } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufLogs } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter as GrpcTraces } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonTraces } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufTraces } from "@opentelemetry/exporter-trace-otlp-proto";
import { logs as sdkLogs, NodeSDK, resources, tracing } from "@opentelemetry/sdk-node";

const { values: options } = parseArgs({
  options: {
    transport: { type: "string" },
    compression: { type: "string" },
    endpoint: { type: "string" },
    service: { type: "string" },
    orders: { type: "string" },
  },
});

/** The exporters of spans and of log records that the options ask for. */
function exporters({ transport, compression, endpoint }) {
  if (transport === "grpc") {
    const settings = { url: endpoint, compression };
    return [new GrpcTraces(settings), new GrpcLogs(settings)];
  }
  const [Traces, Logs] = transport === "http-json" ? [JsonTraces, JsonLogs] : [ProtobufTraces, ProtobufLogs];
  return [
    new Traces({ url: `${endpoint}/v1/traces`, compression }),
    new Logs({ url: `${endpoint}/v1/logs`, compression }),
  ];
}

/** One order; answers the context of its first span, and how many log records it wrote. */
function takeOrder(number, tracer, logger, previous) {
  const fails = number % 5 === 4;
  const attributes = {
    "http.request.method": "POST",
    "http.route": "/orders",
    "http.response.status_code": fails ? 500 : 201,
    "order.number": number,
    "order.total": number + 0.5,
    "order.express": number % 2 === 0,
    "order.items": ["tea", "cup"],
  };
  return tracer.startActiveSpan("POST /orders", { kind: SpanKind.SERVER, attributes }, (order) => {
    order.addEvent("order.accepted", { "order.number": number });
    logger.emit({
      severityNumber: SeverityNumber.INFO,
      severityText: "INFO",
      body: `order ${number} accepted`,
      attributes: { "order.number": number },
      context: context.active(),
    });
    tracer.startActiveSpan("charge", { kind: SpanKind.CLIENT, attributes: { "peer.service": "bank" } }, (charge) => {
      if (fails) {
        charge.recordException(new RangeError("card declined"));
        charge.setStatus({ code: SpanStatusCode.ERROR, message: "card declined" });
        logger.emit({
          severityNumber: SeverityNumber.ERROR,
          severityText: "ERROR",
          body: "card declined",
          context: context.active(),
        });
      }
      charge.end();
    });
    const links = previous ? [{ context: previous, attributes: { follows: true } }] : [];
    tracer.startSpan("orders publish", { kind: SpanKind.PRODUCER, links }).end();
    order.end();
    return [order.spanContext(), fails ? 2 : 1];
  });
}

const [spanExporter, logExporter] = exporters(options);
const sdk = new NodeSDK({
  resource: resources.resourceFromAttributes({
    "service.name": options.service,
    "service.version": "1.2.3",
    "service.instance.id": "shelf-1",
  }),
  autoDetectResources: false,
  spanProcessors: [new tracing.BatchSpanProcessor(spanExporter)],
  logRecordProcessors: [new sdkLogs.BatchLogRecordProcessor({ exporter: logExporter })],
});
sdk.start();

const tracer = trace.getTracer("shop", "0.1");
const logger = logs.getLogger("shop", "0.1");
const orders = Number(options.orders);
const traces = [];
let records = 0;
let previous;
for (let number = 0; number < orders; number += 1) {
  const [span, written] = takeOrder(number, tracer, logger, previous);
  previous = span;
  traces.push(span.traceId);
  records += written;
}
await sdk.shutdown();
console.log(JSON.stringify({ spans: 3 * orders, records, traces }));
