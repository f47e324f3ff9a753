//! A trace request in JSON.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1 as wire;
use serde::Deserialize;

use super::common::{KeyValue, Resource, Scope, into_all};
use super::scalar::{Hex, Whole, nullable, snake_case};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Request {
    /// Not a name in OTLP's JSON. Ignored as unknown, a request with it would be a success that stores nothing.
    #[serde(rename = "resource_spans", deserialize_with = "snake_case")]
    _snake_case: (),
    #[serde(deserialize_with = "nullable")]
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ResourceSpans {
    resource: Option<Resource>,
    #[serde(deserialize_with = "nullable")]
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ScopeSpans {
    scope: Option<Scope>,
    #[serde(deserialize_with = "nullable")]
    spans: Vec<Span>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Span {
    #[serde(deserialize_with = "nullable")]
    trace_id: Hex,
    #[serde(deserialize_with = "nullable")]
    span_id: Hex,
    #[serde(deserialize_with = "nullable")]
    trace_state: String,
    #[serde(deserialize_with = "nullable")]
    parent_span_id: Hex,
    #[serde(deserialize_with = "nullable")]
    name: String,
    #[serde(deserialize_with = "nullable")]
    kind: Whole<i32>,
    #[serde(deserialize_with = "nullable")]
    start_time_unix_nano: Whole<u64>,
    #[serde(deserialize_with = "nullable")]
    end_time_unix_nano: Whole<u64>,
    #[serde(deserialize_with = "nullable")]
    attributes: Vec<KeyValue>,
    #[serde(deserialize_with = "nullable")]
    dropped_attributes_count: Whole<u32>,
    #[serde(deserialize_with = "nullable")]
    events: Vec<Event>,
    #[serde(deserialize_with = "nullable")]
    dropped_events_count: Whole<u32>,
    #[serde(deserialize_with = "nullable")]
    links: Vec<Link>,
    #[serde(deserialize_with = "nullable")]
    dropped_links_count: Whole<u32>,
    status: Option<Status>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Event {
    #[serde(deserialize_with = "nullable")]
    time_unix_nano: Whole<u64>,
    #[serde(deserialize_with = "nullable")]
    name: String,
    #[serde(deserialize_with = "nullable")]
    attributes: Vec<KeyValue>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Link {
    #[serde(deserialize_with = "nullable")]
    trace_id: Hex,
    #[serde(deserialize_with = "nullable")]
    span_id: Hex,
    #[serde(deserialize_with = "nullable")]
    trace_state: String,
    #[serde(deserialize_with = "nullable")]
    attributes: Vec<KeyValue>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    #[serde(deserialize_with = "nullable")]
    message: String,
    #[serde(deserialize_with = "nullable")]
    code: Whole<i32>,
}

impl From<Request> for ExportTraceServiceRequest {
    fn from(request: Request) -> Self {
        Self {
            resource_spans: into_all(request.resource_spans),
        }
    }
}

impl From<ResourceSpans> for wire::ResourceSpans {
    fn from(group: ResourceSpans) -> Self {
        Self {
            resource: group.resource.map(Into::into),
            scope_spans: into_all(group.scope_spans),
            ..Self::default()
        }
    }
}

impl From<ScopeSpans> for wire::ScopeSpans {
    fn from(group: ScopeSpans) -> Self {
        Self {
            scope: group.scope.map(Into::into),
            spans: into_all(group.spans),
            ..Self::default()
        }
    }
}

impl From<Span> for wire::Span {
    fn from(span: Span) -> Self {
        Self {
            trace_id: span.trace_id.0,
            span_id: span.span_id.0,
            trace_state: span.trace_state,
            parent_span_id: span.parent_span_id.0,
            flags: 0,
            name: span.name,
            kind: span.kind.0,
            start_time_unix_nano: span.start_time_unix_nano.0,
            end_time_unix_nano: span.end_time_unix_nano.0,
            attributes: into_all(span.attributes),
            dropped_attributes_count: span.dropped_attributes_count.0,
            events: into_all(span.events),
            dropped_events_count: span.dropped_events_count.0,
            links: into_all(span.links),
            dropped_links_count: span.dropped_links_count.0,
            status: span.status.map(|status| wire::Status {
                message: status.message,
                code: status.code.0,
            }),
        }
    }
}

impl From<Event> for wire::span::Event {
    fn from(event: Event) -> Self {
        Self {
            time_unix_nano: event.time_unix_nano.0,
            name: event.name,
            attributes: into_all(event.attributes),
            ..Self::default()
        }
    }
}

impl From<Link> for wire::span::Link {
    fn from(link: Link) -> Self {
        Self {
            trace_id: link.trace_id.0,
            span_id: link.span_id.0,
            trace_state: link.trace_state,
            attributes: into_all(link.attributes),
            ..Self::default()
        }
    }
}
