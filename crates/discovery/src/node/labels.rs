//! What a node says of itself besides.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Invalid;
use crate::name::{Label, LabelKey};

/// The most labels of a node.
pub const MAX_LABELS: usize = 32;

/// Keys with values, at most 32, such as `commit: 4f2a91c`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<LabelKey, Label>", into = "BTreeMap<LabelKey, Label>")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("maxProperties" = 32)))]
pub struct Labels(BTreeMap<LabelKey, Label>);

impl Labels {
    /// These. Errors: too many.
    pub fn new(labels: BTreeMap<LabelKey, Label>) -> Result<Self, Invalid> {
        if labels.len() > MAX_LABELS {
            let wrong = format!("has {} labels", labels.len());
            return Err(Invalid::new("labels", wrong, format!("Give at most {MAX_LABELS}")));
        }
        Ok(Self(labels))
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(Label::as_str)
    }

    /// All, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<BTreeMap<LabelKey, Label>> for Labels {
    type Error = Invalid;

    fn try_from(labels: BTreeMap<LabelKey, Label>) -> Result<Self, Invalid> {
        Self::new(labels)
    }
}

impl From<Labels> for BTreeMap<LabelKey, Label> {
    fn from(labels: Labels) -> Self {
        labels.0
    }
}
