//! Small OTLP JSON requests.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// Now, in nanoseconds since the epoch.
pub(crate) fn now_ns() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64
}

/// A request with one server span of `shop`, which ended at this time and took 5 ms; the number makes its ids.
pub(crate) fn span(number: u64, end_ns: u64) -> Value {
    json!({"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
        "scopeSpans": [{"spans": [{
            "traceId": trace_id(number), "spanId": format!("{number:016x}"), "name": "GET /cart", "kind": 2,
            "startTimeUnixNano": (end_ns - 5_000_000).to_string(), "endTimeUnixNano": end_ns.to_string(),
        }]}],
    }]})
}

/// A request with one log record of `shop`.
pub(crate) fn record(body: &str, time_ns: u64) -> Value {
    json!({"resourceLogs": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
        "scopeLogs": [{"logRecords": [{
            "timeUnixNano": time_ns.to_string(), "severityNumber": 9, "body": {"stringValue": body},
        }]}],
    }]})
}

/// The trace of [`span`].
pub(crate) fn trace_id(number: u64) -> String {
    format!("{number:032x}")
}
