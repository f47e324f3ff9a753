//! What the loops tell Prometheus about themselves. The server owns the registry and exposes it.

use prometheus_client::registry::Registry;

/// The loops' metrics. Clones are the same metrics.
#[derive(Debug, Clone, Default)]
pub struct Metrics {}

impl Metrics {
    /// Makes the metrics and registers them under `pointsman_...`.
    pub fn register(_registry: &mut Registry) -> Self {
        Self::default()
    }
}
