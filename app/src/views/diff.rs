//! What a change changed, field by field, from how it was before and after.

use serde_json::Value;

/// A field that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its name in words.
    pub field: String,
    /// How it was; `None` where it was not there.
    pub before: Option<String>,
    /// How it is; `None` where it is no longer there.
    pub after: Option<String>,
}

/// All that differs, by name.
pub fn changed(before: &Value, after: &Value) -> Vec<Changed> {
    let (old, new) = (fields(before), fields(after));
    let mut names: Vec<&str> = old.iter().chain(&new).map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    let of = |fields: &[(&str, &Value)], name: &str| {
        let found = fields.iter().find(|(field, _)| *field == name)?;
        words(found.1)
    };
    let all = names.into_iter().map(|name| Changed {
        field: name.replace('_', " "),
        before: of(&old, name),
        after: of(&new, name),
    });
    all.filter(|field| field.before != field.after).collect()
}

/// A record's fields; anything else is one field of its own.
fn fields(value: &Value) -> Vec<(&str, &Value)> {
    match value {
        Value::Null => Vec::new(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.as_str(), value)).collect(),
        other => vec![("it", other)],
    }
}

/// A value as one reads it; nothing where there is none.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => Some(items.iter().filter_map(words).collect::<Vec<_>>().join(", ")),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let before = json!({"role": "viewer", "teams": ["cart", "checkout"], "email": "", "disabled": false});
        let after = json!({"role": "engineer", "teams": ["cart"], "email": null, "disabled": false});
        let told: Vec<_> = changed(&before, &after)
            .into_iter()
            .map(|field| {
                (
                    field.field,
                    field.before.unwrap_or_default(),
                    field.after.unwrap_or_default(),
                )
            })
            .collect();
        let told: Vec<_> = told
            .iter()
            .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
            .collect();
        assert_eq!(
            told,
            [("role", "viewer", "engineer"), ("teams", "cart, checkout", "cart")]
        );
    }

    #[test]
    fn what_is_new_and_what_is_gone() {
        let new = changed(&Value::Null, &json!({"display_name": "Ada"}));
        assert_eq!(
            (new[0].field.as_str(), new[0].before.as_deref(), new[0].after.as_deref()),
            ("display name", None, Some("Ada"))
        );
        let gone = changed(&json!("x"), &Value::Null);
        assert_eq!((gone[0].before.as_deref(), gone[0].after.as_deref()), (Some("x"), None));
    }
}
