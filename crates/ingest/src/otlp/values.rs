//! Attributes, resources and scopes from OTLP's messages, moved, not copied.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource as WireResource;
use pointsman_domain::Text;
use pointsman_domain::telemetry::{Attributes, Resource, Scope, Value};

use super::rejected::Reason;

/// The most lists and maps within each other. Both encodings can carry this much: their decoders stop somewhat deeper.
pub(super) const MAX_DEPTH: usize = 20;

/// Attributes in the sender's order.
pub(super) fn attributes(pairs: Vec<KeyValue>) -> Result<Attributes, Reason> {
    nested_attributes(pairs, 0)
}

/// One value.
pub(super) fn value(any: Option<AnyValue>) -> Result<Value, Reason> {
    nested_value(any, 0)
}

fn nested_attributes(pairs: Vec<KeyValue>, depth: usize) -> Result<Attributes, Reason> {
    pairs
        .into_iter()
        .map(|pair| Ok((Text::from(pair.key), nested_value(pair.value, depth)?)))
        .collect::<Result<Vec<_>, Reason>>()
        .map(Attributes)
}

fn nested_value(any: Option<AnyValue>, depth: usize) -> Result<Value, Reason> {
    let Some(any) = any.and_then(|any| any.value) else {
        return Ok(Value::Empty);
    };
    Ok(match any {
        Any::StringValue(text) => Value::Str(text.into()),
        Any::BoolValue(b) => Value::Bool(b),
        Any::IntValue(n) => Value::Int(n),
        Any::DoubleValue(d) => Value::Double(d),
        Any::BytesValue(bytes) => Value::Bytes(bytes),
        Any::ArrayValue(_) | Any::KvlistValue(_) if depth >= MAX_DEPTH => return Err(Reason::TooDeep),
        Any::ArrayValue(list) => {
            let items = list.values.into_iter();
            Value::Array(
                items
                    .map(|item| nested_value(Some(item), depth + 1))
                    .collect::<Result<_, _>>()?,
            )
        }
        Any::KvlistValue(map) => Value::Map(nested_attributes(map.values, depth + 1)?),
        // An index into a table that only profiles have.
        Any::StringValueStrindex(_) => Value::Empty,
    })
}

/// How far back in a request an equal resource or scope is looked for. The Collector sends the same one many times.
const LOOK_BACK: usize = 16;

/// A resource or scope as the items below it refer to it.
pub(super) struct Shared<T>(Vec<T>);

impl<T: PartialEq> Shared<T> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// Where it is now.
    pub(super) fn add(&mut self, item: T) -> u32 {
        let start = self.0.len().saturating_sub(LOOK_BACK);
        let found = self.0[start..].iter().position(|known| *known == item);
        let at = found.map_or(self.0.len(), |found| start + found);
        if found.is_none() {
            self.0.push(item);
        }
        at as u32
    }

    pub(super) fn get(&self, at: u32) -> &T {
        &self.0[at as usize]
    }

    pub(super) fn into_vec(self) -> Vec<T> {
        self.0
    }
}

/// The resource; one without attributes where the sender gave none.
pub(super) fn resource(wire: Option<WireResource>) -> Result<Resource, Reason> {
    Ok(Resource::new(attributes(wire.unwrap_or_default().attributes)?))
}

/// The scope; one without a name where the sender gave none.
pub(super) fn scope(wire: Option<InstrumentationScope>) -> Result<Scope, Reason> {
    let wire = wire.unwrap_or_default();
    Ok(Scope {
        name: wire.name.into(),
        version: wire.version.into(),
        attributes: attributes(wire.attributes)?,
    })
}
