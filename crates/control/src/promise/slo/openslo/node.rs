//! A document while it is taken apart: each value knows where in the document it stands, and fields that nobody took are left over. What
//! is wrong is told as `spec.objectives[0].target: is the text "0.99"; it has to be a number`.

use pointsman_domain::Text;
use serde_json::{Map, Value};

/// The most characters of a value that a message repeats.
const TOLD: usize = 60;

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    path: String,
    value: Value,
}

/// A number, or text.
#[derive(Debug, PartialEq)]
pub(super) enum Scalar {
    Number(f64),
    Text(Text),
}

impl Node {
    /// A whole document.
    pub(super) fn document(value: Value) -> Self {
        Self {
            path: String::new(),
            value,
        }
    }

    /// A sentence about this value.
    pub(super) fn wrong(&self, why: impl std::fmt::Display) -> String {
        at(&self.path, why)
    }

    fn is_not(&self, wanted: &str) -> String {
        self.wrong(format!("{}; it has to be {wanted}", told(&self.value)))
    }

    /// Text. Numbers are refused: YAML takes `1.10` for 1.1, and quotes keep it.
    pub(super) fn text(&self) -> Result<Text, String> {
        match &self.value {
            Value::String(text) => Ok(text.as_str().into()),
            Value::Number(_) | Value::Bool(_) => Err(self.is_not("text: put it in quotes")),
            _ => Err(self.is_not("text")),
        }
    }

    pub(super) fn number(&self) -> Result<f64, String> {
        match &self.value {
            Value::Number(number) => number.as_f64().ok_or_else(|| self.is_not("a number")),
            Value::String(text) if text.parse::<f64>().is_ok() => Err(self.is_not("a number: leave the quotes out")),
            _ => Err(self.is_not("a number")),
        }
    }

    pub(super) fn flag(&self) -> Result<bool, String> {
        self.value.as_bool().ok_or_else(|| self.is_not("true or false"))
    }

    pub(super) fn scalar(&self) -> Result<Scalar, String> {
        match &self.value {
            Value::Number(_) => self.number().map(Scalar::Number),
            Value::String(_) => self.text().map(Scalar::Text),
            _ => Err(self.is_not("a number or text")),
        }
    }

    pub(super) fn list(self) -> Result<Vec<Node>, String> {
        match self.value {
            Value::Array(items) => {
                let path = self.path;
                let items = items.into_iter().enumerate();
                Ok(items
                    .map(|(at, value)| Node {
                        path: format!("{path}[{at}]"),
                        value,
                    })
                    .collect())
            }
            _ => Err(self.is_not("a list")),
        }
    }

    pub(super) fn fields(self) -> Result<Fields, String> {
        match self.value {
            Value::Object(fields) => Ok(Fields {
                path: self.path,
                fields,
            }),
            _ => Err(self.is_not("a mapping of fields")),
        }
    }
}

/// The fields of a mapping that were not taken yet.
#[derive(Debug)]
pub(super) struct Fields {
    path: String,
    fields: Map<String, Value>,
}

impl Fields {
    /// The path of one of its fields.
    pub(super) fn path(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    /// A sentence about one of its fields.
    pub(super) fn wrong(&self, name: &str, why: impl std::fmt::Display) -> String {
        at(&self.path(name), why)
    }

    /// The field, which is not left over any more; `None` where it is not there or has no value.
    pub(super) fn take(&mut self, name: &str) -> Option<Node> {
        let path = self.path(name);
        let value = self.fields.remove(name).filter(|value| !value.is_null())?;
        Some(Node { path, value })
    }

    /// The field. Errors: it is not there.
    pub(super) fn need(&mut self, name: &str) -> Result<Node, String> {
        self.take(name).ok_or_else(|| self.wrong(name, "is missing"))
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<Text>, String> {
        self.take(name).map(|node| node.text()).transpose()
    }

    pub(super) fn number(&mut self, name: &str) -> Result<Option<f64>, String> {
        self.take(name).map(|node| node.number()).transpose()
    }

    /// The names of what is left.
    pub(super) fn names(&self) -> Vec<String> {
        self.fields.keys().cloned().collect()
    }

    /// Adds the paths of what nobody took to `left_out`, where OpenSLO has such fields. Errors: one that it has not; mostly a slip.
    pub(super) fn rest(self, known: &[&str], left_out: &mut Vec<Text>) -> Result<(), String> {
        for (name, value) in &self.fields {
            if !known.contains(&name.as_str()) {
                return Err(self.wrong(name, "is a field that OpenSLO v1 does not have here"));
            }
            if !value.is_null() {
                left_out.push(self.path(name).into());
            }
        }
        Ok(())
    }
}

fn at(path: &str, why: impl std::fmt::Display) -> String {
    match path {
        "" => why.to_string(),
        path => format!("{path}: {why}"),
    }
}

fn told(value: &Value) -> String {
    match value {
        Value::Null => "is empty".to_owned(),
        Value::Bool(flag) => format!("is {flag}"),
        Value::Number(number) => format!("is the number {number}"),
        Value::String(text) => {
            let cut: String = text.chars().take(TOLD).collect();
            format!(
                "is the text {cut:?}{}",
                if cut.len() < text.len() { " and more" } else { "" }
            )
        }
        Value::Array(_) => "is a list".to_owned(),
        Value::Object(_) => "is a mapping of fields".to_owned(),
    }
}
