//! One trace as it is shown: spans in the order of the waterfall, with depth, own time and the critical path.

use std::collections::HashMap;

use pointsman_domain::Text;
use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::read::{LogLine, SpanView, TraceDetail, TraceSummary};
use pointsman_domain::semconv::is_error;
use pointsman_domain::telemetry::{Span, SpanBatch, SpanKind};

/// The most spans of a trace that are shown.
pub const MAX_SPANS: usize = 10_000;
/// The most log records of a trace that are shown.
pub const MAX_LOGS: usize = 1_000;

/// The trace's row in a list. `matched` is the span that a search found it by.
pub fn summarise(trace_id: TraceId, batch: &SpanBatch, matched: Option<SpanId>) -> TraceSummary {
    let mut order: Vec<&Span> = batch.spans.iter().collect();
    order.sort_by_key(|span| place(span));
    let root = order
        .iter()
        .find(|span| span.parent.is_none())
        .or(order.first())
        .copied();
    let mut services: Vec<(Text, u32)> = Vec::new();
    for span in &order {
        let service = &batch.resource(span).service;
        match services.iter_mut().find(|entry| entry.0 == *service) {
            Some(entry) => entry.1 += 1,
            None => services.push((service.clone(), 1)),
        }
    }
    let start_ns = order.first().map_or(0, |span| span.start_ns);
    let end_ns = order.iter().map(|span| span.end_ns).max().unwrap_or(start_ns);
    TraceSummary {
        trace_id,
        root_service: root
            .map(|span| batch.resource(span).service.clone())
            .unwrap_or_default(),
        root_operation: root.map(|span| span.name.clone()).unwrap_or_default(),
        start_ns,
        duration_ns: end_ns - start_ns,
        root_duration_ns: root.map_or(0, Span::duration_ns),
        spans: order.len() as u32,
        errors: order.iter().filter(|span| is_error(span)).count() as u32,
        services,
        matched,
    }
}

/// Before what a span stands: by start, and where both sides of a call share an id, the caller's first.
fn place(span: &Span) -> (u64, SpanId, bool) {
    (span.start_ns, span.span_id, !span.kind.is_caller())
}

/// The trace as its page shows it. Spans must not repeat an id, kind and service.
pub fn build(trace_id: TraceId, batch: &SpanBatch, mut logs: Vec<LogLine>) -> TraceDetail {
    let tree = Tree::new(batch);
    let critical = tree.critical_path();
    let truncated = tree.order.len() > MAX_SPANS || logs.len() > MAX_LOGS;
    let spans = tree.order.iter().take(MAX_SPANS).map(|at| {
        let span = &batch.spans[at.index];
        let resource = batch.resource(span);
        SpanView {
            span_id: span.span_id,
            parent: span.parent,
            depth: at.depth,
            descendants: at.descendants,
            orphan: at.depth == 0 && span.parent.is_some(),
            service: resource.service.clone(),
            version: resource.version.clone(),
            instance: resource.instance.clone(),
            name: span.name.clone(),
            kind: span.kind,
            start_ns: span.start_ns,
            duration_ns: span.duration_ns(),
            self_ns: tree.own_time(at.index),
            clock_ahead_ns: at
                .parent
                .map_or(0, |parent| clock_ahead_ns(batch, &batch.spans[parent], span)),
            critical: critical[at.index],
            error: is_error(span),
            status: span.status,
            status_message: span.status_message.clone(),
            attributes: span.attributes.clone(),
            resource: resource.attributes.clone(),
            scope: batch.scopes[span.scope as usize].clone(),
            events: span.events.clone(),
            links: span.links.clone(),
        }
    });
    let spans = spans.collect();
    logs.sort_by_key(|line| line.time_ns);
    logs.truncate(MAX_LOGS);
    TraceDetail {
        summary: summarise(trace_id, batch, None),
        spans,
        logs,
        truncated,
    }
}

/// How far clocks may differ before it is said: NTP keeps those of one network within a few milliseconds.
const CLOCKS_AGREE_NS: u64 = 10_000_000;

/// How far the child's clock is ahead of its parent's, at least; negative where it is behind, 0 where nothing tells.
///
/// Nothing begins before what caused it. A call that was answered in time also ended after its answer; one that failed may have been given up,
/// and an answer that took longer than the call was not waited for.
fn clock_ahead_ns(batch: &SpanBatch, parent: &Span, child: &Span) -> i64 {
    if batch.resource(parent) == batch.resource(child) {
        return 0;
    }
    let before = parent.start_ns.saturating_sub(child.start_ns);
    if before > CLOCKS_AGREE_NS {
        return -(before as i64);
    }
    let waited = (parent.kind, child.kind) == (SpanKind::Client, SpanKind::Server)
        && !is_error(parent)
        && child.duration_ns() <= parent.duration_ns();
    let after = child.end_ns.saturating_sub(parent.end_ns);
    if waited && after > CLOCKS_AGREE_NS {
        after as i64
    } else {
        0
    }
}

/// Where a span stands in the waterfall.
struct Place {
    index: usize,
    /// The span that it is under.
    parent: Option<usize>,
    depth: u16,
    descendants: u32,
}

struct Tree<'a> {
    spans: &'a [Span],
    children: Vec<Vec<usize>>,
    order: Vec<Place>,
}

/// The spans that have one id: more than one where the two sides of a call share it.
#[derive(Default)]
struct Sides {
    caller: Option<usize>,
    called: Option<usize>,
    other: Option<usize>,
}

/// Under which span each is shown.
struct Above<'a> {
    batch: &'a SpanBatch,
    by_id: HashMap<SpanId, Sides>,
}

impl<'a> Above<'a> {
    fn new(batch: &'a SpanBatch) -> Self {
        let mut by_id: HashMap<SpanId, Sides> = HashMap::with_capacity(batch.spans.len());
        for (i, span) in batch.spans.iter().enumerate() {
            let sides = by_id.entry(span.span_id).or_default();
            let side = if span.kind.is_caller() {
                &mut sides.caller
            } else if span.kind.is_called() {
                &mut sides.called
            } else {
                &mut sides.other
            };
            // Of several the first, whatever the order in which they came.
            let before = |known: usize| {
                (batch.spans[known].start_ns, service_of(batch, known)) <= (span.start_ns, service_of(batch, i))
            };
            if !side.is_some_and(before) {
                *side = Some(i);
            }
        }
        Self { batch, by_id }
    }

    /// A called side is under the caller's side with its id. Others are under their parent: where both sides have the parent's id, under the
    /// called one, unless they are of the caller's service and not of the called one's.
    fn of(&self, i: usize) -> Option<usize> {
        let span = &self.batch.spans[i];
        let own = self.by_id.get(&span.span_id).filter(|_| span.kind.is_called());
        if let Some(caller) = own.and_then(|sides| sides.caller) {
            return Some(caller);
        }
        let parent = span.parent.filter(|parent| *parent != span.span_id)?;
        let sides = self.by_id.get(&parent)?;
        let service = |at: usize| service_of(self.batch, at);
        match (sides.caller, sides.called) {
            (Some(caller), Some(called)) if service(caller) == service(i) && service(called) != service(i) => {
                Some(caller)
            }
            (caller, called) => called.or(caller).or(sides.other),
        }
    }
}

fn service_of(batch: &SpanBatch, at: usize) -> &Text {
    &batch.resource(&batch.spans[at]).service
}

impl<'a> Tree<'a> {
    fn new(batch: &'a SpanBatch) -> Self {
        let spans = &batch.spans;
        let above = Above::new(batch);
        let mut children = vec![Vec::new(); spans.len()];
        let mut roots = Vec::new();
        for i in 0..spans.len() {
            match above.of(i) {
                Some(parent) => children[parent].push(i),
                None => roots.push(i),
            }
        }
        let by_start = |list: &mut Vec<usize>| list.sort_by_key(|&i| place(&spans[i]));
        children.iter_mut().for_each(by_start);
        by_start(&mut roots);
        let mut tree = Self {
            spans,
            children,
            order: Vec::with_capacity(spans.len()),
        };
        let mut placed = vec![false; spans.len()];
        for root in roots {
            tree.put(root, &mut placed);
        }
        // Spans whose parents lead in a circle hang under no root: cut the circle at its earliest span.
        let mut rest: Vec<usize> = (0..spans.len()).filter(|&i| !placed[i]).collect();
        by_start(&mut rest);
        for i in rest {
            if !placed[i] {
                tree.children
                    .iter_mut()
                    .for_each(|children| children.retain(|&child| child != i));
                tree.put(i, &mut placed);
            }
        }
        tree.count_descendants();
        tree
    }

    /// In this order the spans under one are those that follow it with a greater depth.
    fn count_descendants(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        for at in 0..=self.order.len() {
            let depth = self.order.get(at).map(|place| place.depth);
            while let Some(&above) = open.last()
                && depth.is_none_or(|depth| self.order[above].depth >= depth)
            {
                self.order[above].descendants = (at - above - 1) as u32;
                open.pop();
            }
            open.push(at);
        }
    }

    /// Appends a span and all under it, parents first, without recursion: traces can be deep.
    fn put(&mut self, root: usize, placed: &mut [bool]) {
        let mut open = vec![(root, None, 0_usize)];
        while let Some((index, parent, depth)) = open.pop() {
            if placed[index] {
                continue;
            }
            placed[index] = true;
            self.order.push(Place {
                index,
                parent,
                depth: depth.min(usize::from(u16::MAX)) as u16,
                descendants: 0,
            });
            open.extend(
                self.children[index]
                    .iter()
                    .rev()
                    .map(|&child| (child, Some(index), depth + 1)),
            );
        }
    }

    /// How long none of the span's children was running.
    fn own_time(&self, index: usize) -> u64 {
        let span = &self.spans[index];
        let mut until = span.start_ns;
        let mut covered = 0;
        for &child in &self.children[index] {
            let child = &self.spans[child];
            let (from, to) = (child.start_ns.max(until), child.end_ns.min(span.end_ns));
            if to > from {
                covered += to - from;
                until = to;
            }
        }
        span.duration_ns() - covered
    }

    /// Walks back from the end of the root that ends last: at each moment the path is in the child that was the last to
    /// end before it, else in the span itself.
    fn critical_path(&self) -> Vec<bool> {
        let mut critical = vec![false; self.spans.len()];
        let roots = self
            .order
            .iter()
            .filter(|place| place.depth == 0)
            .map(|place| place.index);
        let Some(root) = roots.max_by_key(|&i| self.spans[i].end_ns) else {
            return critical;
        };
        let mut open = vec![(root, self.spans[root].end_ns)];
        while let Some((index, end)) = open.pop() {
            critical[index] = true;
            let mut until = end;
            let mut children = self.children[index].clone();
            children.sort_by_key(|&i| std::cmp::Reverse((self.spans[i].end_ns, self.spans[i].span_id)));
            for child in children {
                let span = &self.spans[child];
                let child_end = span.end_ns.min(end);
                if child_end <= until && span.start_ns < child_end {
                    open.push((child, child_end));
                    until = span.start_ns;
                }
            }
        }
        critical
    }
}
