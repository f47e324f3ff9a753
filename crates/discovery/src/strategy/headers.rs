//! Headers that are changed on the way.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::text_type;
use crate::{HeaderName, Invalid};

text_type!(
    /// A header's value as it is set or compared: 1 to 1,024 visible ASCII characters and blanks, none at its ends.
    HeaderValue,
    "A header's value",
    max 1024,
    pattern "^[!-~]([ -~]*[!-~])?$",
    header_value
);

fn header_value(text: &str) -> Result<(), Invalid> {
    let visible = text.bytes().all(|b| (b' '..=b'~').contains(&b));
    if (1..=1_024).contains(&text.len()) && visible && text.trim() == text {
        return Ok(());
    }
    Err(crate::name::refused(
        text,
        "Write 1 to 1024 visible ASCII characters, without blanks at the ends",
    ))
}

/// Headers that are changed on the way, each list of at most 20. First what is removed, then what is set, then what is added. A value is sent as it is
/// written: `%` has no meaning.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeaderChanges {
    /// Instead of what is there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<HeaderName, HeaderValue>,
    /// Beside what is there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub add: BTreeMap<HeaderName, HeaderValue>,
    /// Taken away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<HeaderName>,
}

impl HeaderChanges {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.add.is_empty() && self.remove.is_empty()
    }
}
