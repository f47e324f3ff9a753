//! By what a request keeps to its version and node.

use serde::{Deserialize, Serialize};

use crate::HeaderName;
use crate::name::CookieName;

/// By what a request keeps to its version: the XXH64 hash (seed 0) of the value takes the place of the draw, as with Envoy's hash policies, so
/// that every client comes to the same version, for each arm of the split alike. The ring of [`RingHash`](super::LoadBalancing::RingHash) hashes by it too. A request
/// without the value is drawn.
///
/// Shares are laid out in the order of the split: let a share that grows be the last, and whoever is in it stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Sticky {
    /// A header of the request.
    Header {
        /// Which.
        name: HeaderName,
    },
    /// A cookie of the request.
    Cookie {
        /// Which.
        name: CookieName,
        /// Whoever has none is given one for so many seconds, up to a year; 0 is until the browser is closed. Without it none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ttl_s: Option<u32>,
    },
}
