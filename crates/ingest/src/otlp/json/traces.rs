//! A trace request in JSON.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1 as wire;
use serde::Deserialize;

use super::common::{KeyValue, Resource, Scope, into_all};
use super::item::{Above, Flaw, Gather, Items};
use super::scalar::{Hex, Whole, nullable, snake_case};
use crate::otlp::faults::Faults;

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
    resource: Above<Resource>,
    #[serde(deserialize_with = "nullable")]
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ScopeSpans {
    scope: Above<Scope>,
    #[serde(deserialize_with = "nullable")]
    spans: Items<Span>,
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

impl Request {
    /// The message, with an empty item in the place of each fault; `text` is what it was read from.
    pub(super) fn into_message(self, text: &str) -> (ExportTraceServiceRequest, Faults) {
        let mut gather = Gather::new(text);
        let groups = self.resource_spans.into_iter();
        let resource_spans = groups.map(|group| group.into_wire(&mut gather)).collect();
        (ExportTraceServiceRequest { resource_spans }, gather.faults())
    }
}

impl ResourceSpans {
    fn into_wire(self, gather: &mut Gather) -> wire::ResourceSpans {
        let (resource, flaw) = self.resource.split();
        let scopes = self.scope_spans.into_iter();
        wire::ResourceSpans {
            resource: resource.map(Into::into),
            scope_spans: scopes.map(|scope| scope.into_wire(gather, flaw.as_ref())).collect(),
            ..wire::ResourceSpans::default()
        }
    }
}

impl ScopeSpans {
    fn into_wire(self, gather: &mut Gather, above: Option<&Flaw>) -> wire::ScopeSpans {
        let (scope, flaw) = self.scope.split();
        wire::ScopeSpans {
            scope: scope.map(Into::into),
            spans: into_all(gather.items(self.spans, [above, flaw.as_ref()])),
            ..wire::ScopeSpans::default()
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
