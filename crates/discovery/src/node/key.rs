//! Which node is meant.

use serde::{Deserialize, Serialize};

use crate::{Environment, NodeId, ServiceName};

/// Which node is meant: an id is one node within its service and environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NodeKey {
    /// Its service.
    pub service: ServiceName,
    /// Its environment; `default` where nothing is said.
    #[serde(default)]
    pub environment: Environment,
    /// Its id.
    pub node: NodeId,
}

/// `cart/default/cart-1`.
impl std::fmt::Display for NodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.service, self.environment, self.node)
    }
}
