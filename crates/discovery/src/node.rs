//! A node: one process that serves a service, as it registers and as others find it.

mod address;
mod health;
mod key;
mod labels;
mod ttl;

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use address::{Address, Protocol};
pub use health::{Health, Status};
pub use key::NodeKey;
pub use labels::{Labels, MAX_LABELS};
pub use ttl::Ttl;

use crate::{Environment, Invalid, NodeId, ServiceName, Version, Zone};

/// The most addresses of a node.
pub const MAX_ADDRESSES: usize = 8;
/// The weight of a node that says nothing.
pub const DEFAULT_WEIGHT: u32 = 100;
/// The most that a node weighs.
pub const MAX_WEIGHT: u32 = 10_000;

/// A node as it is filled in. [`Node::new`] checks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Node"))]
pub struct NodeForm {
    /// Which service it serves.
    pub service: ServiceName,
    /// Its id. Within a service and environment an id is one node: a second registration replaces the first.
    pub id: NodeId,
    /// Where it belongs; `default` where nothing is said.
    #[serde(default)]
    pub environment: Environment,
    /// The version that it runs.
    pub version: Version,
    /// Where it is reached, the preferred one first: 1 to 8, none twice.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 8)))]
    pub addresses: Vec<Address>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// What else is to be known of it.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// Its share of the requests against other nodes of its version: 0 to 10,000, 100 where nothing is said. 0 gets none.
    #[serde(default = "default_weight")]
    #[cfg_attr(feature = "schema", schemars(range(max = 10_000)))]
    pub weight: u32,
    /// Whether it gets no new requests, and finishes those that it has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drain: bool,
    /// How it is.
    #[serde(default)]
    pub health: Health,
    /// How long it counts as alive after a heartbeat.
    #[serde(default, rename = "ttl_ms")]
    pub ttl: Ttl,
}

fn default_weight() -> u32 {
    DEFAULT_WEIGHT
}

impl NodeForm {
    /// A node with one address and everything else as where nothing is said.
    pub fn new(service: ServiceName, id: NodeId, version: Version, address: Address) -> Self {
        Self {
            service,
            id,
            environment: Environment::default(),
            version,
            addresses: vec![address],
            zone: None,
            labels: Labels::default(),
            weight: DEFAULT_WEIGHT,
            drain: false,
            health: Health::passing(),
            ttl: Ttl::default(),
        }
    }
}

/// A node that can be: everything that [`NodeForm`] says of its fields holds. A copy is cheap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node(Arc<NodeForm>);

impl Node {
    /// The node. Errors: the first field that can't be.
    pub fn new(form: NodeForm) -> Result<Self, Invalid> {
        if form.addresses.is_empty() || form.addresses.len() > MAX_ADDRESSES {
            return Err(Invalid::new(
                "addresses",
                format!("has {}", form.addresses.len()),
                format!("Give 1 to {MAX_ADDRESSES}, such as http://10.0.0.7:8080"),
            ));
        }
        for (at, address) in form.addresses.iter().enumerate() {
            if form.addresses[..at].contains(address) {
                return Err(Invalid::new(
                    format!("addresses[{at}]"),
                    format!("{address} is there twice"),
                    "Give each address once",
                ));
            }
        }
        if form.weight > MAX_WEIGHT {
            return Err(Invalid::new(
                "weight",
                format!("is {}", form.weight),
                format!("Write 0 to {MAX_WEIGHT}"),
            ));
        }
        Ok(Self(Arc::new(form)))
    }

    /// What it is made of, to read, or to change a copy of.
    pub fn form(&self) -> &NodeForm {
        &self.0
    }

    /// Which node it is among all.
    pub fn key(&self) -> NodeKey {
        NodeKey {
            service: self.0.service.clone(),
            environment: self.0.environment.clone(),
            node: self.0.id.clone(),
        }
    }

    /// Whether it gets new requests: it is not critical, not drained, and weighs something.
    pub fn is_usable(&self) -> bool {
        self.0.health.status != Status::Critical && !self.0.drain && self.0.weight > 0
    }

    /// Whether both can't be alive at once: they are of one service and environment, and have an id or an address in common. The later one replaces
    /// the earlier one.
    pub fn replaces(&self, earlier: &Self) -> bool {
        let (new, old) = (&*self.0, &*earlier.0);
        let same_place = (&new.service, &new.environment) == (&old.service, &old.environment);
        let shares_address = || {
            new.addresses
                .iter()
                .any(|address| old.addresses.iter().any(|other| address.is_same_place(other)))
        };
        same_place && (new.id == old.id || shares_address())
    }

    /// The same node in another state of health.
    #[must_use]
    pub fn with_health(&self, health: Health) -> Self {
        let mut form = (*self.0).clone();
        form.health = health;
        Self(Arc::new(form))
    }

    /// The same node, drained or no longer.
    #[must_use]
    pub fn with_drain(&self, drain: bool) -> Self {
        let mut form = (*self.0).clone();
        form.drain = drain;
        Self(Arc::new(form))
    }

    /// The same node with another weight, 0 to 10,000. Errors: more.
    pub fn with_weight(&self, weight: u32) -> Result<Self, Invalid> {
        let mut form = (*self.0).clone();
        form.weight = weight;
        Self::new(form)
    }
}

/// To the form's fields, which can be read and not changed.
impl std::ops::Deref for Node {
    type Target = NodeForm;

    fn deref(&self) -> &NodeForm {
        &self.0
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(NodeForm::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Node {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        NodeForm::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        NodeForm::json_schema(generator)
    }
}

#[cfg(test)]
mod tests;
