//! What differs between two revisions of a table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ApplyError, Published, Revision};
use crate::node::NodeKey;
use crate::{Environment, Invalid, Node, ServiceName};

/// What has changed from one revision of a table to a later one. Each thing is changed once, so the order of the changes is of no matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Delta {
    from: Revision,
    to: Revision,
    changes: Vec<Change>,
}

/// One thing that has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Change {
    /// A node is new, or is not as it was.
    PutNode {
        /// As it is now.
        node: Node,
    },
    /// A node is gone.
    RemoveNode(NodeKey),
    /// A strategy is published.
    PutStrategy(Published),
    /// A strategy is withdrawn.
    RemoveStrategy {
        /// Whose.
        service: ServiceName,
        /// In which environment.
        #[serde(default)]
        environment: Environment,
    },
    /// Something that a newer server tells of, and that is no part of the table here.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

/// What is changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Node(NodeKey),
    Strategy(ServiceName, Environment),
}

impl Change {
    fn key(&self) -> Option<Key> {
        match self {
            Self::PutNode { node } => Some(Key::Node(node.key())),
            Self::RemoveNode(key) => Some(Key::Node(key.clone())),
            Self::PutStrategy(published) => Some(Key::Strategy(
                published.service().clone(),
                published.environment().clone(),
            )),
            Self::RemoveStrategy { service, environment } => Some(Key::Strategy(service.clone(), environment.clone())),
            Self::Unknown => None,
        }
    }
}

impl Delta {
    /// The changes from one revision to another; of several of one thing the last counts. Errors: it would go back, or change something within a revision.
    pub fn new(from: Revision, to: Revision, changes: Vec<Change>) -> Result<Self, Invalid> {
        if to < from || (to == from && !changes.is_empty()) {
            let wrong = format!("is {to}, and the changes are from {from}");
            return Err(Invalid::new("to", wrong, "A change has a later revision"));
        }
        let keyed: BTreeMap<Key, Change> = changes
            .into_iter()
            .filter_map(|change| Some((change.key()?, change)))
            .collect();
        let changes = keyed.into_values().collect();
        Ok(Self { from, to, changes })
    }

    /// Which revision it changes.
    pub fn from(&self) -> Revision {
        self.from
    }

    /// Which revision it leads to.
    pub fn to(&self) -> Revision {
        self.to
    }

    /// What has changed.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Both, one after the other, as one: for who is two revisions behind. Errors: the later one does not begin where this one ends.
    pub fn then(self, later: Self) -> Result<Self, ApplyError> {
        if later.from != self.to {
            return Err(ApplyError::gap(self.to, &later));
        }
        let (from, to) = (self.from, later.to);
        let changes = self.changes.into_iter().chain(later.changes).collect();
        Self::new(from, to, changes).map_err(|_| ApplyError::Stale { have: from, to })
    }
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Delta"))]
struct Form {
    /// The revision that is changed.
    from: Revision,
    /// The revision after it.
    to: Revision,
    /// What has changed.
    changes: Vec<Change>,
}

impl TryFrom<Form> for Delta {
    type Error = Invalid;

    fn try_from(form: Form) -> Result<Self, Invalid> {
        Self::new(form.from, form.to, form.changes)
    }
}

impl From<Delta> for Form {
    fn from(delta: Delta) -> Self {
        Self {
            from: delta.from,
            to: delta.to,
            changes: delta.changes,
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Delta {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Delta".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Form::json_schema(generator)
    }
}
