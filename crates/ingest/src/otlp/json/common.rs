//! Attributes, resources and scopes in JSON.

use opentelemetry_proto::tonic::common::v1 as wire;
use opentelemetry_proto::tonic::resource::v1::Resource as WireResource;
use serde::Deserialize;

use super::scalar::{Base64, Double, Whole, nullable};

/// Turns each into its wire form.
pub(super) fn into_all<A: Into<B>, B>(list: Vec<A>) -> Vec<B> {
    list.into_iter().map(Into::into).collect()
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct KeyValue {
    #[serde(deserialize_with = "nullable")]
    key: String,
    value: Option<AnyValue>,
}

/// At most one of them; the first in this order where a sender gives more.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AnyValue {
    string_value: Option<String>,
    bool_value: Option<bool>,
    int_value: Option<Whole<i64>>,
    double_value: Option<Double>,
    array_value: Option<List<AnyValue>>,
    kvlist_value: Option<List<KeyValue>>,
    bytes_value: Option<Base64>,
}

#[derive(Deserialize)]
struct List<T> {
    #[serde(default = "Vec::new", deserialize_with = "nullable", bound = "T: Deserialize<'de>")]
    values: Vec<T>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Resource {
    #[serde(deserialize_with = "nullable")]
    attributes: Vec<KeyValue>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Scope {
    #[serde(deserialize_with = "nullable")]
    name: String,
    #[serde(deserialize_with = "nullable")]
    version: String,
    #[serde(deserialize_with = "nullable")]
    attributes: Vec<KeyValue>,
}

impl From<KeyValue> for wire::KeyValue {
    fn from(pair: KeyValue) -> Self {
        Self {
            key: pair.key,
            value: pair.value.map(Into::into),
            ..Self::default()
        }
    }
}

impl From<AnyValue> for wire::AnyValue {
    fn from(any: AnyValue) -> Self {
        use wire::any_value::Value;
        let value = None
            .or(any.string_value.map(Value::StringValue))
            .or(any.bool_value.map(Value::BoolValue))
            .or(any.int_value.map(|n| Value::IntValue(n.0)))
            .or(any.double_value.map(|d| Value::DoubleValue(d.0)))
            .or(any.bytes_value.map(|b| Value::BytesValue(b.0)))
            .or(any.array_value.map(|list| {
                Value::ArrayValue(wire::ArrayValue {
                    values: into_all(list.values),
                })
            }))
            .or(any.kvlist_value.map(|list| {
                Value::KvlistValue(wire::KeyValueList {
                    values: into_all(list.values),
                })
            }));
        Self { value }
    }
}

impl From<Resource> for WireResource {
    fn from(resource: Resource) -> Self {
        Self {
            attributes: into_all(resource.attributes),
            ..Self::default()
        }
    }
}

impl From<Scope> for wire::InstrumentationScope {
    fn from(scope: Scope) -> Self {
        Self {
            name: scope.name,
            version: scope.version,
            attributes: into_all(scope.attributes),
            ..Self::default()
        }
    }
}
