//! One fragment a trace.

use std::collections::HashMap;

use pointsman_domain::ids::TraceId;
use pointsman_domain::segment::{Half, TraceFragment, place_ns};
use pointsman_domain::semconv::{is_error, is_poll, peer};
use pointsman_domain::telemetry::{Resource, Span, SpanBatch, SpanKind};

use super::place;
use crate::terms::Terms;

/// A fragment while spans are still added to it.
#[derive(Default)]
struct Builder {
    batch: SpanBatch,
    /// Which resource and scope of which batch is which of the fragment's: `(batch, theirs, ours)`.
    resources: Vec<(u32, u32, u32)>,
    scopes: Vec<(u32, u32, u32)>,
    terms: Terms,
    halves: Vec<Half>,
    errors: u32,
}

/// Groups the spans of all batches by trace, in the order of trace ids. Those that came before are no sides of calls again.
pub(crate) fn traces(batches: Vec<SpanBatch>, repeated: Vec<SpanBatch>) -> Vec<TraceFragment> {
    let mut builders: HashMap<TraceId, Builder> = HashMap::new();
    let all = batches.into_iter().map(|batch| (true, batch));
    let all = all.chain(repeated.into_iter().map(|batch| (false, batch)));
    for (number, (counts, batch)) in (0_u32..).zip(all) {
        let SpanBatch {
            resources,
            scopes,
            spans,
        } = batch;
        let resource_terms: Vec<Vec<i32>> = resources.iter().map(resource_terms).collect();
        for mut span in spans {
            let builder = builders.entry(span.trace_id).or_default();
            let error = is_error(&span);
            let (theirs, resource) = (span.resource, &resources[span.resource as usize]);
            builder.errors += u32::from(error);
            builder.halves.extend(half(&span, resource, error).filter(|_| counts));
            builder.terms.span(&span);
            let (ours, new) = place(
                &mut builder.resources,
                &mut builder.batch.resources,
                &resources,
                number,
                theirs,
            );
            if new {
                builder.terms.extend(&resource_terms[theirs as usize]);
            }
            span.resource = ours;
            (span.scope, _) = place(
                &mut builder.scopes,
                &mut builder.batch.scopes,
                &scopes,
                number,
                span.scope,
            );
            builder.batch.spans.push(span);
        }
    }
    let mut fragments: Vec<_> = builders
        .into_iter()
        .map(|(trace_id, builder)| builder.finish(trace_id))
        .collect();
    fragments.sort_unstable_by_key(|fragment| fragment.trace_id);
    fragments
}

fn resource_terms(resource: &Resource) -> Vec<i32> {
    let mut terms = Terms::default();
    terms.resource(resource);
    terms.finish().0
}

impl Builder {
    fn finish(self, trace_id: TraceId) -> TraceFragment {
        let spans = &self.batch.spans;
        let (terms, terms_cut) = self.terms.finish();
        let start_ns = spans.iter().map(|span| span.start_ns).min().unwrap_or(0);
        let end_ns = spans.iter().map(|span| span.end_ns).max().unwrap_or(0);
        TraceFragment {
            trace_id,
            start_ns: place_ns(start_ns, end_ns),
            end_ns,
            max_duration_ns: spans.iter().map(Span::duration_ns).max().unwrap_or(0),
            errors: self.errors,
            terms,
            terms_cut,
            halves: self.halves,
            batch: self.batch,
        }
    }
}

/// The side of a call that the span is, if it is one; and a request that nobody called, which counts too.
fn half(span: &Span, resource: &Resource, error: bool) -> Option<Half> {
    if is_poll(span) {
        return None;
    }
    let parent = match span.kind {
        SpanKind::Internal if span.parent.is_some() => return None,
        SpanKind::Internal => None,
        SpanKind::Server | SpanKind::Client | SpanKind::Producer => span.parent,
        SpanKind::Consumer => span.parent.or_else(|| {
            span.links
                .iter()
                .find(|link| link.trace_id == span.trace_id)
                .map(|link| link.span_id)
        }),
    };
    Some(Half {
        span_id: span.span_id,
        parent,
        kind: span.kind,
        service: resource.service.clone(),
        version: resource.version.clone(),
        peer: peer(span),
        end_ns: span.end_ns,
        duration_ns: span.duration_ns(),
        error,
        paired: false,
        under: None,
    })
}
