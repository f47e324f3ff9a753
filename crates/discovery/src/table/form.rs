//! A table as it is written: flat lists.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Published, Revision, Table};
use crate::{Invalid, Node};

/// The most nodes of a table.
pub const MAX_NODES: usize = 100_000;
/// The most strategies of a table.
pub const MAX_STRATEGIES: usize = 20_000;

/// A table as it is written: flat lists, in any order, in which nothing is twice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Table"))]
pub struct TableForm {
    /// As of when it is.
    pub revision: Revision,
    /// At most 100,000.
    pub nodes: Vec<Node>,
    /// At most 20,000.
    #[serde(default)]
    pub strategies: Vec<Published>,
}

impl TryFrom<TableForm> for Table {
    type Error = Invalid;

    fn try_from(form: TableForm) -> Result<Self, Invalid> {
        let bounds = [
            ("nodes", form.nodes.len(), MAX_NODES),
            ("strategies", form.strategies.len(), MAX_STRATEGIES),
        ];
        if let Some((field, len, most)) = bounds.into_iter().find(|(_, len, most)| len > most) {
            return Err(Invalid::new(
                field,
                format!("has {len}"),
                format!("Give at most {most}"),
            ));
        }
        let mut table = Self {
            revision: form.revision,
            ..Self::default()
        };
        for (at, node) in form.nodes.into_iter().enumerate() {
            if let Some(earlier) = table.put_node(node) {
                return Err(twice(&format!("nodes[{at}]"), &earlier.key().to_string()));
            }
        }
        for (at, published) in form.strategies.into_iter().enumerate() {
            if let Some(earlier) = table.put_strategy(published) {
                let whose = format!("the strategy of {} in {}", earlier.service(), earlier.environment());
                return Err(twice(&format!("strategies[{at}]"), &whose));
            }
        }
        Ok(table)
    }
}

fn twice(field: &str, what: &str) -> Invalid {
    Invalid::new(field, format!("{what} is there twice"), "Give it once")
}

impl From<&Table> for TableForm {
    fn from(table: &Table) -> Self {
        Self {
            revision: table.revision,
            nodes: table.nodes().cloned().collect(),
            strategies: table.strategies().cloned().collect(),
        }
    }
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        TableForm::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = TableForm::deserialize(deserializer)?;
        form.try_into().map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Table {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        TableForm::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        TableForm::json_schema(generator)
    }
}
