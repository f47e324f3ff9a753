//! What a provider tells of somebody beyond the standard claims. Groups have no standard: the settings name the claim.

use openidconnect::AdditionalClaims;
use pointsman_domain::Text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The longest text that is taken over, in characters.
const LONGEST: usize = 200;

/// All claims that are not standard ones.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Claims(Map<String, Value>);

impl AdditionalClaims for Claims {}

/// A claim that is a list of texts, or one text. A name with dots leads into objects, where no claim has it as it stands.
pub fn list(claims: &Claims, name: &str) -> Vec<String> {
    let direct = claims.0.get(name);
    let nested = || {
        let (first, rest) = name.split_once('.')?;
        rest.split('.')
            .try_fold(claims.0.get(first)?, |value, key| value.get(key))
    };
    match direct.or_else(nested) {
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

/// One line without what controls a terminal or a page.
pub fn text(given: &str) -> Text {
    given.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use super::*;

    #[test]
    fn groups_stand_where_the_settings_say() {
        let claims = r#"{"groups": ["a", "b", 3], "one": "c", "realm_access": {"roles": ["d"]}, "x.y": ["e"]}"#;
        let claims: Claims = serde_json::from_str(claims).unwrap();
        assert_eq!(list(&claims, "groups"), ["a", "b"]);
        assert_eq!(list(&claims, "one"), ["c"]);
        assert_eq!(list(&claims, "realm_access.roles"), ["d"]);
        assert_eq!(list(&claims, "x.y"), ["e"]);
        assert!(list(&claims, "nothing").is_empty());
    }

    #[test]
    fn texts_are_one_line() {
        assert_eq!(text(" Ada\n\u{1b}[31m "), "Ada[31m");
    }
}
