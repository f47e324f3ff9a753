"""Sends a shop's orders with the OpenTelemetry SDK of Python and prints what it sent. See README.md."""

import argparse
import json
import sys

import grpc
from opentelemetry.exporter.otlp.proto.grpc import _log_exporter as grpc_logs
from opentelemetry.exporter.otlp.proto.grpc import trace_exporter as grpc_traces
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http import _log_exporter as http_logs
from opentelemetry.exporter.otlp.proto.http import trace_exporter as http_traces
from opentelemetry._logs import SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind, Status, StatusCode


def exporters(options):
    """The exporters of spans and of log records that the options ask for."""
    gzip = options.compression == "gzip"
    if options.transport == "grpc":
        settings = {
            "endpoint": options.endpoint,
            "insecure": True,
            "compression": grpc.Compression.Gzip if gzip else grpc.Compression.NoCompression,
        }
        return grpc_traces.OTLPSpanExporter(**settings), grpc_logs.OTLPLogExporter(**settings)
    compression = Compression.Gzip if gzip else Compression.NoCompression
    return (
        http_traces.OTLPSpanExporter(f"{options.endpoint}/v1/traces", compression=compression),
        http_logs.OTLPLogExporter(f"{options.endpoint}/v1/logs", compression=compression),
    )


def take_order(number, tracer, logger, previous):
    """One order; answers the context of its first span, and how many log records it wrote."""
    fails = number % 5 == 4
    attributes = {
        "http.request.method": "POST",
        "http.route": "/orders",
        "http.response.status_code": 500 if fails else 201,
        "order.number": number,
        "order.total": number + 0.5,
        "order.express": number % 2 == 0,
        "order.items": ["tea", "cup"],
    }
    with tracer.start_as_current_span("POST /orders", kind=SpanKind.SERVER, attributes=attributes) as order:
        order.add_event("order.accepted", {"order.number": number})
        logger.emit(
            severity_number=SeverityNumber.INFO,
            severity_text="INFO",
            body=f"order {number} accepted",
            attributes={"order.number": number},
        )
        with tracer.start_as_current_span("charge", kind=SpanKind.CLIENT, attributes={"peer.service": "bank"}) as charge:
            if fails:
                charge.record_exception(ValueError("card declined"))
                charge.set_status(Status(StatusCode.ERROR, "card declined"))
                logger.emit(severity_number=SeverityNumber.ERROR, severity_text="ERROR", body="card declined")
        links = [Link(previous, {"follows": True})] if previous else []
        with tracer.start_as_current_span("orders publish", kind=SpanKind.PRODUCER, links=links):
            pass
        return order.get_span_context(), 2 if fails else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--transport", choices=["grpc", "http-protobuf"], required=True)
    parser.add_argument("--compression", choices=["gzip", "none"], required=True)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--service", required=True)
    parser.add_argument("--orders", type=int, required=True)
    options = parser.parse_args()

    resource = Resource.create(
        {"service.name": options.service, "service.version": "1.2.3", "service.instance.id": "shelf-1"}
    )
    span_exporter, log_exporter = exporters(options)
    spans = TracerProvider(resource=resource)
    spans.add_span_processor(BatchSpanProcessor(span_exporter))
    logs = LoggerProvider(resource=resource)
    logs.add_log_record_processor(BatchLogRecordProcessor(log_exporter))
    tracer = spans.get_tracer("shop", "0.1")
    logger = logs.get_logger("shop", "0.1")

    traces, records, previous = [], 0, None
    for number in range(options.orders):
        previous, written = take_order(number, tracer, logger, previous)
        traces.append(format(previous.trace_id, "032x"))
        records += written
    flushed = spans.force_flush() and logs.force_flush()
    spans.shutdown()
    logs.shutdown()
    print(json.dumps({"spans": 3 * options.orders, "records": records, "traces": traces}))
    return 0 if flushed else 1


if __name__ == "__main__":
    sys.exit(main())
