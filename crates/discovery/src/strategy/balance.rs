//! How a node of the version is chosen.

use serde::{Deserialize, Serialize};

/// How a node of the version is chosen. The names are Envoy's `lb_policy`, in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LoadBalancing {
    /// One after the other, by weight.
    RoundRobin {},
    /// Of some drawn at random, the one with the fewest requests in flight.
    LeastRequest {
        /// Of how many: 2 to 100.
        #[serde(default = "choice_count")]
        choice_count: u32,
    },
    /// By the hash of what is [sticky](super::Sticky), so that a user stays with a node while it is there.
    RingHash {
        /// The fewest points on the ring: 1 to 8,388,608.
        #[serde(default = "minimum_ring_size")]
        minimum_ring_size: u32,
        /// The most points on the ring, not less: up to 8,388,608.
        #[serde(default = "maximum_ring_size")]
        maximum_ring_size: u32,
    },
    /// Any, by weight.
    Random {},
}

/// Envoy's bound of a ring.
pub(super) const MAX_RING: u32 = 8_388_608;

fn choice_count() -> u32 {
    2
}

fn minimum_ring_size() -> u32 {
    1_024
}

fn maximum_ring_size() -> u32 {
    MAX_RING
}

impl Default for LoadBalancing {
    fn default() -> Self {
        Self::RoundRobin {}
    }
}
