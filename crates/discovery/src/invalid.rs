//! Why a value is not taken: the one error of everything here that is built from what somebody wrote.

use serde::{Deserialize, Serialize};

/// Why a value is not taken. Reads as `rules[2].route.split: weights sum to 99.5. Weights sum exactly to 100`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{}{wrong}. {remedy}", Prefix(.field))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invalid {
    /// Where: field names and indices from the value that was given, such as `rules[2].route.split`; empty is the value itself.
    pub field: String,
    /// What is wrong with it, without a full stop.
    pub wrong: String,
    /// What to write instead, without a full stop.
    pub remedy: String,
}

struct Prefix<'a>(&'a str);

impl std::fmt::Display for Prefix<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(f, "{}: ", self.0)
    }
}

impl Invalid {
    /// That `field` is wrong, and what to do.
    pub fn new(field: impl Into<String>, wrong: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            wrong: wrong.into(),
            remedy: remedy.into(),
        }
    }

    /// The same, seen from the value that has this one as its field `outer`.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.field = join(outer, &self.field);
        self
    }
}

/// The path of `inner` within `outer`: `rules[0]` and `split` are `rules[0].split`.
pub(crate) fn join(outer: &str, inner: &str) -> String {
    match (outer.is_empty(), inner.is_empty()) {
        (true, _) => inner.to_owned(),
        (_, true) => outer.to_owned(),
        _ if inner.starts_with('[') => format!("{outer}{inner}"),
        _ => format!("{outer}.{inner}"),
    }
}

/// Several things that are wrong, as one error: where a value is read as a whole.
pub(crate) fn all(found: &[Invalid]) -> String {
    let texts: Vec<String> = found.iter().map(ToString::to_string).collect();
    texts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_where_what_and_what_to_do() {
        let split = Invalid::new("split", "weights sum to 99.5", "Weights sum exactly to 100");
        assert_eq!(
            split.within("rules[2]").to_string(),
            "rules[2].split: weights sum to 99.5. Weights sum exactly to 100"
        );
        assert_eq!(Invalid::new("", "is empty", "Give it").within("a").field, "a");
        assert_eq!(join("rules", "[1]"), "rules[1]");
    }
}
