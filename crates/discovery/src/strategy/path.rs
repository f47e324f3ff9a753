//! The path of a request, as a rule compares it.

use serde::{Deserialize, Serialize};

use super::Pattern;
use crate::Invalid;
use crate::name::text_type;

text_type!(
    /// A path, or how one begins: 1 to 1,024 visible ASCII characters from `/` on, without `?` and `#`.
    PathText,
    "A path, or how one begins",
    max 1024,
    pattern "^/[!\"$->@-~]*$",
    path_text
);

fn path_text(text: &str) -> Result<(), Invalid> {
    let visible = text.bytes().all(|b| b.is_ascii_graphic() && b != b'?' && b != b'#');
    if text.starts_with('/') && text.len() <= 1_024 && visible {
        return Ok(());
    }
    Err(crate::name::refused(
        text,
        "Write a path from / on, such as /cart, without a query; other characters are percent-encoded",
    ))
}

/// The path of a request, without its query, compared case by case. For gRPC it is `/package.Service/Method`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PathMatch {
    /// This one.
    Exact(PathText),
    /// One that begins so: `/cart` is how `/cart`, `/cart/7` and `/cartoon` begin.
    Prefix(PathText),
    /// One that the pattern matches as a whole.
    Regex(Pattern),
}

impl PathMatch {
    /// Whether a request to this path is meant.
    pub fn is_match(&self, path: &str) -> bool {
        match self {
            Self::Exact(exact) => exact.as_str() == path,
            Self::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Self::Regex(pattern) => pattern.is_match(path),
        }
    }
}
