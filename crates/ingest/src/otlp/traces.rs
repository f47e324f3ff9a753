//! Spans from OTLP's messages, checked one by one.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1 as wire;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind as WireKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode as WireStatus;
use pointsman_domain::Text;
use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::telemetry::{Event, Link, Span, SpanBatch, SpanKind, StatusCode};

use super::faults::Faults;
use super::rejected::{Reason, Rejected, example, not_permitted};
use super::signal::Signal;
use super::values::{Shared, attributes, resource, scope};
use super::window::Window;
use crate::gate::Permit;

/// The valid spans of a request, and a tally of the others.
pub(super) fn convert(
    request: ExportTraceServiceRequest,
    faults: &Faults,
    window: &Window,
    permit: &Permit,
) -> (SpanBatch, Rejected) {
    let mut rejected = Rejected::default();
    let mut resources = Shared::new();
    let mut scopes = Shared::new();
    let count = request
        .resource_spans
        .iter()
        .flat_map(|r| &r.scope_spans)
        .map(|s| s.spans.len())
        .sum();
    let mut spans = Vec::with_capacity(count);
    let mut position = 0;
    for group in request.resource_spans {
        let resource = match resource(group.resource) {
            Ok(resource) if !permit.services.contains(&resource.service) => {
                let count = group.scope_spans.iter().map(|s| s.spans.len() as u64).sum();
                rejected.add(Reason::NotPermitted, count, || not_permitted(permit, &resource.service));
                position += count;
                continue;
            }
            Ok(resource) => resources.add(resource),
            Err(reason) => {
                let count = group.scope_spans.iter().map(|s| s.spans.len() as u64).sum();
                rejected.add(reason, count, || {
                    format!("all of a resource, from span {} on", position + 1)
                });
                position += count;
                continue;
            }
        };
        for group in group.scope_spans {
            let scope = match scope(group.scope) {
                Ok(scope) => scopes.add(scope),
                Err(reason) => {
                    let count = group.spans.len() as u64;
                    rejected.add(reason, count, || {
                        format!("all of a scope, from span {} on", position + 1)
                    });
                    position += count;
                    continue;
                }
            };
            for mut span in group.spans {
                position += 1;
                if let Some(why) = faults.at(position) {
                    let service = &resources.get(resource).service;
                    let place = || format!("{}: {why}", example(Signal::Traces, position, "", service));
                    rejected.add(Reason::Unreadable, 1, place);
                    continue;
                }
                let name = std::mem::take(&mut span.name);
                match checked(span, window) {
                    Ok(span) => spans.push(Span {
                        name: name.into(),
                        resource,
                        scope,
                        ..span
                    }),
                    Err(reason) => {
                        let service = &resources.get(resource).service;
                        rejected.add(reason, 1, || example(Signal::Traces, position, &name, service));
                    }
                }
            }
        }
    }
    (
        SpanBatch {
            resources: resources.into_vec(),
            scopes: scopes.into_vec(),
            spans,
        },
        rejected,
    )
}

/// The span without its name and place. One that ends before it starts (or has no end) lasts no time: a clock that was set back
/// in between is no reason to lose it.
fn checked(span: wire::Span, window: &Window) -> Result<Span, Reason> {
    let trace_id = TraceId::from_bytes(&span.trace_id).map_err(Reason::TraceId)?;
    let span_id = SpanId::from_bytes(&span.span_id).map_err(Reason::SpanId)?;
    let parent = match span.parent_span_id.as_slice() {
        // Some senders write "none" as zeros, as the trace context of W3C does.
        id if id.iter().all(|byte| *byte == 0) => None,
        id => Some(SpanId::from_bytes(id).map_err(Reason::ParentId)?),
    };
    let start_ns = span.start_time_unix_nano;
    if start_ns == 0 {
        return Err(Reason::NoStart);
    }
    let end_ns = span.end_time_unix_nano.max(start_ns);
    window.check(start_ns, end_ns)?;
    let status = span.status.unwrap_or_default();
    let links = span.links.len();
    let to_something = span.links.into_iter().filter(|link| !is_to_nothing(link));
    let linked = to_something.map(link).collect::<Result<Vec<_>, _>>()?;
    let lost = (links - linked.len()) as u32;
    Ok(Span {
        trace_id,
        span_id,
        parent,
        name: Text::default(),
        kind: kind(span.kind),
        start_ns,
        end_ns,
        status: status_code(status.code),
        status_message: status.message.into(),
        trace_state: span.trace_state.into(),
        attributes: attributes(span.attributes)?,
        events: span.events.into_iter().map(event).collect::<Result<_, _>>()?,
        links: linked,
        dropped: [
            span.dropped_attributes_count,
            span.dropped_events_count,
            span.dropped_links_count.saturating_add(lost),
        ],
        resource: 0,
        scope: 0,
    })
}

fn event(event: wire::span::Event) -> Result<Event, Reason> {
    Ok(Event {
        time_ns: event.time_unix_nano,
        name: event.name.into(),
        attributes: attributes(event.attributes)?,
    })
}

/// Whether a link has no context, as the trace API lets it be for the sake of its attributes. It leads nowhere, and counts as dropped.
fn is_to_nothing(link: &wire::span::Link) -> bool {
    [&link.trace_id, &link.span_id]
        .iter()
        .any(|id| id.iter().all(|byte| *byte == 0))
}

fn link(link: wire::span::Link) -> Result<Link, Reason> {
    Ok(Link {
        trace_id: TraceId::from_bytes(&link.trace_id).map_err(Reason::LinkId)?,
        span_id: SpanId::from_bytes(&link.span_id).map_err(Reason::LinkId)?,
        attributes: attributes(link.attributes)?,
    })
}

/// Numbers that this version does not know are what they were before they were known: nothing special.
fn kind(number: i32) -> SpanKind {
    match WireKind::try_from(number) {
        Ok(WireKind::Server) => SpanKind::Server,
        Ok(WireKind::Client) => SpanKind::Client,
        Ok(WireKind::Producer) => SpanKind::Producer,
        Ok(WireKind::Consumer) => SpanKind::Consumer,
        Ok(WireKind::Internal | WireKind::Unspecified) | Err(_) => SpanKind::Internal,
    }
}

fn status_code(number: i32) -> StatusCode {
    match WireStatus::try_from(number) {
        Ok(WireStatus::Ok) => StatusCode::Ok,
        Ok(WireStatus::Error) => StatusCode::Error,
        Ok(WireStatus::Unset) | Err(_) => StatusCode::Unset,
    }
}
