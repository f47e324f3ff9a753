//! What callers who may read some services only (a token that names them) see of what these share with others: of a span, that there is one
//! and when; of a neighbour, that there is one. Neither names nor outcomes. Applied to what was read, right after.

use pointsman_domain::Text;
use pointsman_domain::health::HealthVerdict;
use pointsman_domain::read::{Red, ServiceDetail, TopologyEdge};
use pointsman_domain::rollup::{Endpoint, NodeKind};
use pointsman_domain::telemetry::{Attributes, Resource, Scope, SpanBatch, SpanKind, StatusCode};

use crate::UseCases;

/// What stands for the name of a service that the caller may not read.
pub(crate) const ANOTHER: Text = Text::const_new("(another service)");

impl UseCases {
    /// Leaves of the spans of other services than the caller may read nothing but their ids, their place in the trace and their times.
    pub(crate) fn redact_trace(&self, batch: &mut SpanBatch) {
        if self.may_read().is_err() {
            redact_trace(batch, |service| self.may_read_of(Some(service)).is_ok());
        }
    }

    /// Leaves of other services than the caller may read only that there are some, and what calls to them were like for this one.
    pub(crate) fn redact_service(&self, detail: &mut ServiceDetail) {
        if self.may_read().is_err() {
            let sees = |service: &str| self.may_read_of(Some(service)).is_ok();
            detail.upstream = callers(std::mem::take(&mut detail.upstream), sees);
            detail.downstream = called(std::mem::take(&mut detail.downstream), sees);
        }
    }
}

fn redact_trace(batch: &mut SpanBatch, sees: impl Fn(&str) -> bool) {
    let hidden: Vec<bool> = batch
        .resources
        .iter()
        .map(|resource| !sees(&resource.service))
        .collect();
    for (resource, hidden) in batch.resources.iter_mut().zip(&hidden) {
        if *hidden {
            *resource = Resource {
                service: ANOTHER,
                version: Text::default(),
                instance: Text::default(),
                attributes: Attributes::default(),
            };
        }
    }
    let blank = batch.scopes.len() as u32;
    batch.scopes.push(Scope::default());
    for span in &mut batch.spans {
        if hidden[span.resource as usize] {
            span.name = Text::default();
            span.kind = SpanKind::default();
            span.status = StatusCode::default();
            span.status_message = Text::default();
            span.trace_state = Text::default();
            span.attributes = Attributes::default();
            span.events = Vec::new();
            span.links = Vec::new();
            span.dropped = [0; 3];
            span.scope = blank;
        }
    }
}

/// Whether an end of a edge is hidden. Hosts are, too: that one of them is shown as a service would tell that there is a service of this name.
fn is_hidden(end: &Endpoint, sees: &impl Fn(&str) -> bool) -> bool {
    match end.kind {
        NodeKind::Service => !sees(&end.name),
        NodeKind::External => true,
        _ => false,
    }
}

fn another() -> Endpoint {
    Endpoint {
        kind: NodeKind::Service,
        name: ANOTHER,
        version: Text::default(),
    }
}

/// What callers waited and got was measured by them: it is theirs.
fn callers(edges: Vec<TopologyEdge>, sees: impl Fn(&str) -> bool) -> Vec<TopologyEdge> {
    let (hidden, mut shown): (Vec<_>, Vec<_>) = edges.into_iter().partition(|edge| is_hidden(&edge.source, &sees));
    shown.extend(hidden.into_iter().next().map(|edge| TopologyEdge {
        source: another(),
        target: edge.target,
        verdict: HealthVerdict::default(),
        red: Red::default(),
        by_version: Vec::new(),
    }));
    shown
}

/// Calls to others are this service's own: all of them together.
fn called(edges: Vec<TopologyEdge>, sees: impl Fn(&str) -> bool) -> Vec<TopologyEdge> {
    let (hidden, mut shown): (Vec<_>, Vec<_>) = edges.into_iter().partition(|edge| is_hidden(&edge.target, &sees));
    let together = hidden.into_iter().reduce(|all, one| TopologyEdge {
        verdict: if one.verdict.health > all.verdict.health {
            one.verdict
        } else {
            all.verdict
        },
        red: Red {
            requests: all.red.requests + one.red.requests,
            errors: all.red.errors + one.red.errors,
            rate: all.red.rate + one.red.rate,
            ..Red::default()
        },
        ..all
    });
    shown.extend(together.map(|edge| TopologyEdge {
        target: another(),
        by_version: Vec::new(),
        red: Red {
            error_ratio: if edge.red.requests == 0 {
                0.0
            } else {
                edge.red.errors as f64 / edge.red.requests as f64
            },
            ..edge.red
        },
        ..edge
    }));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(kind: NodeKind, name: &str) -> Endpoint {
        Endpoint {
            kind,
            name: name.into(),
            version: Text::default(),
        }
    }

    fn edge(source: Endpoint, target: Endpoint, requests: u64, errors: u64) -> TopologyEdge {
        TopologyEdge {
            source,
            target,
            verdict: HealthVerdict::default(),
            red: Red {
                requests,
                errors,
                p50_ns: Some(1),
                ..Red::default()
            },
            by_version: vec![("1.0".into(), Red::default())],
        }
    }

    #[test]
    fn neighbours_are_told_as_one_with_the_figures_of_the_own_side() {
        let cart = || end(NodeKind::Service, "cart");
        let service = |name| end(NodeKind::Service, name);
        let sees = |name: &str| name == "cart" || name == "pricing";
        let seen = called(
            vec![
                edge(cart(), service("payroll"), 6, 1),
                edge(cart(), end(NodeKind::External, "ledger:80"), 2, 1),
                edge(cart(), service("pricing"), 3, 0),
                edge(cart(), end(NodeKind::Database, "postgresql/cart"), 5, 0),
            ],
            sees,
        );
        let told: Vec<_> = seen
            .iter()
            .map(|edge| {
                (
                    edge.target.name.as_str(),
                    edge.red.requests,
                    edge.red.errors,
                    edge.by_version.len(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("pricing", 3, 0, 1),
                ("postgresql/cart", 5, 0, 1),
                ("(another service)", 8, 2, 0)
            ]
        );
        assert!((seen[2].red.error_ratio - 0.25).abs() < 1e-9 && seen[2].red.p50_ns.is_none());

        let seen = callers(
            vec![edge(service("web"), cart(), 9, 4), edge(service("app"), cart(), 1, 1)],
            sees,
        );
        assert_eq!(seen.len(), 1);
        assert_eq!(
            (seen[0].source.name.as_str(), seen[0].red),
            ("(another service)", Red::default())
        );
    }
}
