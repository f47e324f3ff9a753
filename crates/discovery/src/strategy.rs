//! A routing strategy: how the requests to a service are routed in an environment, in Envoy's words.
//!
//! ```text
//! Draft (as written: YAML, JSON, a form) --check()--> Strategy (can't be wrong in itself)
//!
//! request --rules in order, else default--> Route --split, sticky, override--> version --versions[]--> breaker, outlier detection, failover
//!                                             +--> timeout, retry, mirrors, header changes, fault
//! ```
//!
//! YAML and JSON are the same serde types; a key that is not known is refused, as one that is overlooked would route more than was meant. What depends on
//! nodes and clients is looked at by [`check`](mod@crate::check).
//!
//! ```yaml
//! service: checkout
//! rules:
//!   - name: testers
//!     match:
//!       path: { prefix: /cart }
//!       headers: [{ name: x-user-group, match: { exact: testers } }]
//!     route:
//!       split: [{ version: 2.2.0, weight: 100 }]
//! default:
//!   split:
//!     - { version: 2.1.3, weight: 97.5 }
//!     - { version: 2.2.0, weight: 2.5 }
//!   timeout_ms: 2000
//!   retry: { num_retries: 2, retry_on: [connect-failure, gateway-error] }
//! ```

mod balance;
mod fault;
mod headers;
mod matching;
mod path;
mod pattern;
mod policy;
mod retry;
mod route;
mod rule;
mod sticky;
mod valid;

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use balance::LoadBalancing;
pub use fault::{Abort, Delay, Fault};
pub use headers::{HeaderChanges, HeaderValue};
pub use matching::{HeaderMatch, HeaderPredicate, Method, TextMatch};
pub use path::{PathMatch, PathText};
pub use pattern::{MAX_PATTERN, Pattern};
pub use policy::{CircuitBreakers, FailurePercentage, OutlierDetection, RetryBudget, SuccessRate, VersionPolicy};
pub use retry::{BackOff, Retry, RetryOn};
pub use route::{Arm, DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS, Mirror, Route};
pub use rule::{Match, Rule};
pub use sticky::Sticky;

use crate::{Environment, Invalid, Percent, ServiceName, Version, Zone};

/// The most rules of a strategy.
pub const MAX_RULES: usize = 100;
/// The most versions of a split, and the most policies of versions.
pub const MAX_VERSIONS: usize = 20;

/// A strategy as it is written; it may be wrong. [`Draft::check`] makes a [`Strategy`] of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Strategy"))]
pub struct Draft {
    /// Whose requests are routed.
    pub service: ServiceName,
    /// In which environment; `default` where nothing is said.
    #[serde(default)]
    pub environment: Environment,
    /// Asked in this order; the first that matches decides. At most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Where requests go that no rule matches.
    #[serde(default)]
    pub default: Route,
    /// What holds for the calls to a version, whichever rule led there. One without a version holds for those that have none of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<VersionPolicy>,
    /// How a node of the version is chosen.
    #[serde(default)]
    pub load_balancing: LoadBalancing,
    /// Zones by preference: nodes of a later one are used where none of an earlier one is healthy; zones that are not named come last. Empty: all alike.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zone_priority: Vec<Zone>,
    /// How long the share of a new node grows up to its weight, in milliseconds, at most an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow_start_window_ms: Option<u32>,
    /// Where fewer nodes than this share are healthy, all get requests (Envoy's panic), so that the last are not run over; 0 turns it off.
    #[serde(default = "healthy_panic_threshold")]
    pub healthy_panic_threshold: Percent,
    /// Whether a request may carry in its W3C baggage to which version it goes (see [`Override`](crate::request::Override)).
    #[serde(default = "yes")]
    pub route_override: bool,
}

fn healthy_panic_threshold() -> Percent {
    Percent::from_parts(5_000).unwrap_or_default()
}

fn yes() -> bool {
    true
}

impl Draft {
    /// A strategy that leaves everything as it is without one.
    pub fn new(service: ServiceName, environment: Environment) -> Self {
        Self {
            service,
            environment,
            rules: Vec::new(),
            default: Route::default(),
            versions: Vec::new(),
            load_balancing: LoadBalancing::default(),
            zone_priority: Vec::new(),
            slow_start_window_ms: None,
            healthy_panic_threshold: healthy_panic_threshold(),
            route_override: true,
        }
    }

    /// The strategy. Errors: everything that is wrong in itself, each with the path of its field.
    pub fn check(self) -> Result<Strategy, Vec<Invalid>> {
        let found = valid::draft(&self);
        if found.is_empty() {
            Ok(Strategy(Arc::new(self)))
        } else {
            Err(found)
        }
    }

    /// Every route with its path: `rules[0].route` and so on, and `default`.
    pub fn routes(&self) -> impl Iterator<Item = (String, &Route)> {
        let rules = self.rules.iter().enumerate();
        rules
            .map(|(at, rule)| (format!("rules[{at}].route"), &rule.route))
            .chain(std::iter::once(("default".to_owned(), &self.default)))
    }

    /// What holds for the calls to a version: its own policy, else the one without a version.
    pub fn policy(&self, version: Option<&Version>) -> Option<&VersionPolicy> {
        let own = self.versions.iter().find(|policy| policy.version.as_ref() == version);
        own.or_else(|| self.versions.iter().find(|policy| policy.version.is_none()))
    }
}

/// A strategy that can be: weights sum to 100, texts and lists are bounded, times fit each other. A copy is cheap.
///
/// It reads as the [`Draft`] that it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strategy(Arc<Draft>);

impl Strategy {
    /// As it was written, to read, or to change a copy of.
    pub fn draft(&self) -> &Draft {
        &self.0
    }
}

impl std::ops::Deref for Strategy {
    type Target = Draft;

    fn deref(&self) -> &Draft {
        &self.0
    }
}

impl TryFrom<Draft> for Strategy {
    type Error = Vec<Invalid>;

    fn try_from(draft: Draft) -> Result<Self, Vec<Invalid>> {
        draft.check()
    }
}

impl Serialize for Strategy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Strategy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let draft = Draft::deserialize(deserializer)?;
        draft
            .check()
            .map_err(|found| de::Error::custom(crate::invalid::all(&found)))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Strategy {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Draft::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Draft::json_schema(generator)
    }
}

#[cfg(test)]
mod tests;
