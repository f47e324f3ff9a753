//! What a provider tells of somebody. Only what is used is looked at: whatever else a provider sends, and of whatever type, is its own.

use std::collections::BTreeSet;

use pointsman_domain::Text;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The longest text that is taken over, in characters.
const LONGEST: usize = 200;

/// The claims of an ID token or of the userinfo, as they came.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Claims(Map<String, Value>);

/// Why it is not known which groups somebody is in. That is not to say that they are in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// There is no such claim.
    Absent,
    /// The provider only says where to ask for them (OpenID Connect Core 1.0, section 5.6.2), or that there are too many.
    Elsewhere,
    /// The claim is there, but is neither a list of texts nor a text.
    Unreadable,
}

impl LeftOut {
    /// What whoever runs Pointsman can do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Absent => {
                "neither the ID token nor the userinfo has the claim: have the provider send it, ask for the scope that brings it with \
                 --oidc-scopes, or name another claim with --oidc-groups-claim"
            }
            Self::Elsewhere => {
                "the provider left the claim out and only says where to ask for it, as some do for people in many groups: have it send only the \
                 groups that are assigned to Pointsman, or roles of the application instead, which --oidc-groups-claim can name"
            }
            Self::Unreadable => {
                "the claim is neither a list of texts nor a text: have the provider send the names of the groups, or name another claim with \
                 --oidc-groups-claim"
            }
        }
    }
}

impl Claims {
    /// A claim that is a text and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let text = self.0.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    }

    /// A claim as it came.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A claim by its name. One with dots leads into objects, where no claim has it as it stands.
    fn found(&self, name: &str) -> Option<&Value> {
        let nested = || {
            let (first, rest) = name.split_once('.')?;
            rest.split('.')
                .try_fold(self.0.get(first)?, |value, key| value.get(key))
        };
        self.0.get(name).or_else(nested).filter(|value| !value.is_null())
    }

    /// Whether the provider says that this claim is not here but somewhere else.
    fn is_elsewhere(&self, name: &str) -> bool {
        let top = name.split('.').next().unwrap_or(name);
        let names = self.0.get("_claim_names");
        let named = names.is_some_and(|names| names.get(name).is_some() || names.get(top).is_some());
        // How Entra ID says it where there is no room for more.
        named
            || name == "groups"
                && self
                    .0
                    .get("hasgroups")
                    .is_some_and(|has| *has == true || *has == "true")
    }
}

/// Somebody's groups: those of all that was told of them. The claim is a list of texts, or one text.
pub fn groups(told: &[&Claims], name: &str) -> Result<BTreeSet<String>, LeftOut> {
    let mut groups = BTreeSet::new();
    let (mut readable, mut unreadable) = (false, false);
    for value in told.iter().filter_map(|claims| claims.found(name)) {
        match value {
            Value::String(one) => groups.extend([one.clone()]),
            Value::Array(values) if values.is_empty() || values.iter().any(Value::is_string) => {
                groups.extend(values.iter().filter_map(Value::as_str).map(ToOwned::to_owned));
            }
            _ => {
                unreadable = true;
                continue;
            }
        }
        readable = true;
    }
    match (readable, unreadable) {
        (true, _) => Ok(groups),
        _ if told.iter().any(|claims| claims.is_elsewhere(name)) => Err(LeftOut::Elsewhere),
        (_, true) => Err(LeftOut::Unreadable),
        _ => Err(LeftOut::Absent),
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

    fn claims(json: &str) -> Claims {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn groups_stand_where_the_settings_say() {
        let claims = claims(
            r#"{"groups": ["a", "b", 3], "one": "c", "none": [], "realm_access": {"roles": ["d"]}, "x.y": ["e"]}"#,
        );
        for (name, expected) in [
            ("groups", &["a", "b"][..]),
            ("one", &["c"]),
            ("none", &[]),
            ("realm_access.roles", &["d"]),
            ("x.y", &["e"]),
        ] {
            let expected = expected.iter().map(ToString::to_string).collect();
            assert_eq!(groups(&[&claims], name), Ok(expected), "{name}");
        }
        let more = self::claims(r#"{"groups": ["z"]}"#);
        assert_eq!(groups(&[&claims, &more], "groups").unwrap().len(), 3);
    }

    #[test]
    fn groups_that_were_left_out_are_not_no_groups() {
        for (json, why) in [
            ("{}", LeftOut::Absent),
            (r#"{"groups": null}"#, LeftOut::Absent),
            (r#"{"groups": 3}"#, LeftOut::Unreadable),
            (r#"{"groups": [{"name": "a"}]}"#, LeftOut::Unreadable),
            (
                r#"{"_claim_names": {"groups": "src1"}, "_claim_sources": {}}"#,
                LeftOut::Elsewhere,
            ),
            (r#"{"hasgroups": true}"#, LeftOut::Elsewhere),
        ] {
            assert_eq!(
                groups(&[&claims(json), &Claims::default()], "groups"),
                Err(why),
                "{json}"
            );
        }
    }

    #[test]
    fn texts_are_one_line() {
        assert_eq!(text(" Ada\n\u{1b}[31m "), "Ada[31m");
    }
}
