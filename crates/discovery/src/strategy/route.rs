//! Where requests go, and how.

use serde::{Deserialize, Serialize};

use super::{Fault, HeaderChanges, Retry, Sticky};
use crate::{Percent, Version};

/// The timeout where none is given, in milliseconds: Envoy's.
pub const DEFAULT_TIMEOUT_MS: u32 = 15_000;
/// The longest time that is given anywhere in a route, in milliseconds: an hour.
pub const MAX_TIMEOUT_MS: u32 = 3_600_000;

/// Where requests go, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Route {
    /// To which versions: 1 to 20, none twice. Weights sum exactly to 100.
    #[serde(default = "all_versions")]
    pub split: Vec<Arm>,
    /// To which versions a copy goes besides, whose answers are dropped: at most 4.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mirrors: Vec<Mirror>,
    /// How long a request may take with all its tries, in milliseconds: up to an hour, 15,000 where nothing is said, and 0 is as long as it
    /// likes (for streams). A caller's deadline that is earlier goes before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
    /// When a request is tried again; without it, never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// By what a request keeps to its version: the same value always has the same one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticky: Option<Sticky>,
    /// Headers of the request that are changed.
    #[serde(default, skip_serializing_if = "HeaderChanges::is_empty")]
    pub request_headers: HeaderChanges,
    /// Headers of the response that are changed.
    #[serde(default, skip_serializing_if = "HeaderChanges::is_empty")]
    pub response_headers: HeaderChanges,
    /// Faults that are made on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
}

/// A version with its share of the requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Arm {
    /// Exactly this version, build metadata included; without one, every version (prereleases too), and then the arm stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// Its share in percent.
    pub weight: Percent,
}

/// A version that gets a copy of some requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mirror {
    /// Exactly this version.
    pub version: Version,
    /// Of how many requests.
    pub percentage: Percent,
}

fn all_versions() -> Vec<Arm> {
    vec![Arm {
        version: None,
        weight: Percent::HUNDRED,
    }]
}

impl Route {
    /// Everything to one version, with all else as where nothing is said.
    pub fn to(version: Version) -> Self {
        let mut route = Self::default();
        route.split[0].version = Some(version);
        route
    }

    /// How long a request may take with all its tries, in milliseconds; `None` is as long as it likes.
    pub fn timeout(&self) -> Option<u32> {
        Some(self.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS)).filter(|ms| *ms > 0)
    }
}

impl Default for Route {
    fn default() -> Self {
        Self {
            split: all_versions(),
            mirrors: Vec::new(),
            timeout_ms: None,
            retry: None,
            sticky: None,
            request_headers: HeaderChanges::default(),
            response_headers: HeaderChanges::default(),
            fault: None,
        }
    }
}
