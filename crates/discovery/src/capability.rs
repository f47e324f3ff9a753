//! What of a strategy a client can honour.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, de};

/// A part of a strategy that a client honours or doesn't. A path's match, weights and the timeout are every client's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Capability {
    /// A rule by method.
    MethodMatch,
    /// A rule by headers.
    HeaderMatch,
    /// A rule by session.
    SessionMatch,
    /// A rule by caller.
    CallerMatch,
    /// Copies to a version.
    Mirror,
    /// Retries after failures that are gRPC statuses.
    RetryGrpc,
    /// Retries after other failures.
    RetryHttp,
    /// A timeout of each try.
    PerTryTimeout,
    /// Headers changed.
    HeaderChanges,
    /// Faults made on purpose.
    Fault,
    /// A bound on requests in flight.
    MaxRequests,
    /// The other bounds of a circuit breaker.
    CircuitBreakers,
    /// Outliers by success rate or failure percentage.
    OutlierDetection,
    /// Outliers by failures in a row.
    OutlierConsecutive,
    /// Another version where one has no usable node.
    Failover,
    /// Keeping to a version by header.
    StickyHeader,
    /// Keeping to a version by cookie.
    StickyCookie,
    /// `least_request`.
    LeastRequest,
    /// `ring_hash`.
    RingHash,
    /// `random`.
    Random,
    /// Zones by preference.
    ZonePriority,
    /// Slow start.
    SlowStart,
    /// A panic threshold other than Envoy's.
    PanicThreshold,
}

impl Capability {
    /// All.
    pub const ALL: [Self; 23] = [
        Self::MethodMatch,
        Self::HeaderMatch,
        Self::SessionMatch,
        Self::CallerMatch,
        Self::Mirror,
        Self::RetryGrpc,
        Self::RetryHttp,
        Self::PerTryTimeout,
        Self::HeaderChanges,
        Self::Fault,
        Self::MaxRequests,
        Self::CircuitBreakers,
        Self::OutlierDetection,
        Self::OutlierConsecutive,
        Self::Failover,
        Self::StickyHeader,
        Self::StickyCookie,
        Self::LeastRequest,
        Self::RingHash,
        Self::Random,
        Self::ZonePriority,
        Self::SlowStart,
        Self::PanicThreshold,
    ];

    /// In words, to stand after "can't honour".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::MethodMatch => "rules by method",
            Self::HeaderMatch => "rules by header",
            Self::SessionMatch => "rules by session",
            Self::CallerMatch => "rules by caller",
            Self::Mirror => "mirroring",
            Self::RetryGrpc => "retries after gRPC statuses",
            Self::RetryHttp => "retries after other failures than gRPC statuses",
            Self::PerTryTimeout => "a timeout of each try",
            Self::HeaderChanges => "header changes",
            Self::Fault => "fault injection",
            Self::MaxRequests => "a bound on requests in flight",
            Self::CircuitBreakers => "bounds on connections, pending requests and retries",
            Self::OutlierDetection => "outlier detection by success rate or failure percentage",
            Self::OutlierConsecutive => "outlier detection by failures in a row",
            Self::Failover => "failover to another version",
            Self::StickyHeader => "keeping to a version by header",
            Self::StickyCookie => "keeping to a version by cookie",
            Self::LeastRequest => "load balancing by least_request",
            Self::RingHash => "load balancing by ring_hash",
            Self::Random => "load balancing by random",
            Self::ZonePriority => "zones by preference",
            Self::SlowStart => "slow start",
            Self::PanicThreshold => "a panic threshold",
        }
    }
}

/// What a client can honour. Written as a list of names; one that is not known here is a newer client's, and passed over.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct Capabilities(BTreeSet<Capability>);

impl Capabilities {
    /// Everything: Envoy, and our own client.
    pub fn all() -> Self {
        Capability::ALL.into_iter().collect()
    }

    /// What proxyless gRPC honours, by its proposals: A28 (routes), A31 (timeout), A32 (breaker), A33 (faults), A37 (failover), A42 (ring hash), A44
    /// (retries), A48 (least request), A50 (outliers). Rules by caller are chosen on our side, as a stream is one caller's.
    pub fn grpc() -> Self {
        let known = [
            Capability::HeaderMatch,
            Capability::SessionMatch,
            Capability::CallerMatch,
            Capability::RetryGrpc,
            Capability::Fault,
            Capability::MaxRequests,
            Capability::OutlierDetection,
            Capability::Failover,
            Capability::LeastRequest,
            Capability::RingHash,
            Capability::ZonePriority,
        ];
        known.into_iter().collect()
    }

    /// Whether it is among them.
    pub fn has(&self, capability: Capability) -> bool {
        self.0.contains(&capability)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Capability> {
        self.0.iter().copied()
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        Self(capabilities.into_iter().collect())
    }
}

impl<'de> Deserialize<'de> for Capabilities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        if names.len() > 200 {
            return Err(de::Error::custom("capabilities: has more than 200. Give each once"));
        }
        let known = |name: String| {
            let text = de::value::StringDeserializer::<de::value::Error>::new(name);
            Capability::deserialize(text).ok()
        };
        Ok(names.into_iter().filter_map(known).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_newer_clients_are_passed_over() {
        let read: Capabilities = serde_json::from_str(r#"["mirror","teleport"]"#).unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), [Capability::Mirror]);
        let all = serde_json::to_string(&Capabilities::all()).unwrap();
        assert_eq!(serde_json::from_str::<Capabilities>(&all).unwrap(), Capabilities::all());
        assert_eq!(Capabilities::all().iter().count(), Capability::ALL.len());
        assert!(!Capabilities::grpc().has(Capability::Mirror));
    }
}
