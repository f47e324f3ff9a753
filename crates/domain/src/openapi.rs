//! What the OpenAPI document says of types whose JSON is not what their fields say: ids, names and shares that are checked where they are
//! read, and the values of attributes. All others derive their schema where they are defined.
//!
//! Only with the feature `openapi`, which the server asks for and the browser does not.

use std::borrow::Cow;

use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ArrayItems, ObjectBuilder, OneOfBuilder, Schema, Type,
};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::ids::{SpanId, TraceId};
use crate::people::Action;
use crate::period::{Day, PeriodLabel};
use crate::sla::{Contract, ContractDraft, Currency};
use crate::slo::{Objective, ObjectiveDraft, Target};
use crate::telemetry::{Attributes, Value};

/// Under another name, because the derives take every `Value` for one of any kind.
pub type AttributeValue = Value;

/// A length of time, as serde writes a [`std::time::Duration`].
#[derive(ToSchema)]
#[schema(as = Duration)]
#[allow(dead_code, reason = "only its schema is read")]
pub struct SecsAndNanos {
    /// Whole seconds.
    secs: u64,
    /// Nanoseconds beyond them, less than a second.
    #[schema(maximum = 999_999_999)]
    nanos: u32,
}

macro_rules! texts {
    ($($kind:ident: $pattern:literal, $description:literal;)+) => {$(
        impl PartialSchema for $kind {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .pattern(Some($pattern))
                    .description(Some($description))
                    .into()
            }
        }

        impl ToSchema for $kind {}
    )+};
}

texts! {
    TraceId: "^[0-9a-fA-F]{32}$", "Names one trace: 16 bytes in hex, never all zeros.";
    SpanId: "^[0-9a-fA-F]{16}$", "Names one span within its trace: 8 bytes in hex, never all zeros.";
    PeriodLabel: "^[0-9]{4}-(0[1-9]|1[0-2]|Q[1-4])$", "A month (`2026-10`) or a quarter (`2026-Q4`) of 1970 to 2200.";
    Day: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "A day of the calendar, such as `2026-10-01`, of 1970 to 2200.";
    Currency: "^[A-Z]{3}$", "A currency by its three capitals (ISO 4217), such as `EUR`.";
}

/// What is checked is written as its draft is.
macro_rules! as_drafts {
    ($($checked:ident: $draft:ident;)+) => {$(
        impl PartialSchema for $checked {
            fn schema() -> RefOr<Schema> {
                $draft::schema()
            }
        }

        impl ToSchema for $checked {
            fn name() -> Cow<'static, str> {
                $draft::name()
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                $draft::schemas(schemas);
            }
        }
    )+};
}

as_drafts! {
    Objective: ObjectiveDraft;
    Contract: ContractDraft;
}

impl PartialSchema for Target {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .exclusive_minimum(Some(0))
            .exclusive_maximum(Some(1))
            .description(Some("The share of events that have to be good: 99.9 % is 0.999."))
            .into()
    }
}

impl ToSchema for Target {}

impl PartialSchema for Action {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(Self::ALL.iter().map(|action| action.word())))
            .description(Some("What somebody can want to do."))
            .into()
    }
}

impl ToSchema for Action {}

/// An object with this property and no other.
fn only(name: &str, value: impl Into<RefOr<Schema>>) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .property(name, value)
        .required(name)
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

fn of_type(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(kind)
}

/// By the name of the kind. Whole numbers are texts, because JavaScript reads those of more than 53 bits as others.
impl PartialSchema for Value {
    fn schema() -> RefOr<Schema> {
        let double = OneOfBuilder::new()
            .item(of_type(Type::Number))
            .item(of_type(Type::String).enum_values(Some(["NaN", "inf", "-inf"])));
        let byte = of_type(Type::Integer).minimum(Some(0)).maximum(Some(255));
        OneOfBuilder::new()
            .item(of_type(Type::String).enum_values(Some(["Empty"])))
            .item(only("Str", of_type(Type::String)))
            .item(only("Bool", of_type(Type::Boolean)))
            .item(only("Int", of_type(Type::String).pattern(Some("^-?[0-9]+$"))))
            .item(only("Double", double))
            .item(only("Bytes", ArrayBuilder::new().items(byte)))
            .item(only("Array", ArrayBuilder::new().items(Ref::from_schema_name(Self::name()))))
            .item(only("Map", Ref::from_schema_name(Attributes::name())))
            .description(Some(
                "A value of an attribute (OTLP's `AnyValue`), under the name of its kind. Whole numbers are text, because JavaScript reads \
                 those of more than 53 bits as others.",
            ))
            .into()
    }
}

impl ToSchema for Value {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("AttributeValue")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Attributes::name().into(), Attributes::schema()));
    }
}

impl PartialSchema for Attributes {
    fn schema() -> RefOr<Schema> {
        let pair = ArrayBuilder::new().items(ArrayItems::False).prefix_items([
            Schema::from(of_type(Type::String).build()),
            Schema::AllOf(
                utoipa::openapi::schema::AllOfBuilder::new()
                    .item(Ref::from_schema_name(Value::name()))
                    .build(),
            ),
        ]);
        ArrayBuilder::new()
            .items(pair)
            .description(Some(
                "Pairs of a key and a value, in the order in which they were sent.",
            ))
            .into()
    }
}

impl ToSchema for Attributes {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Value::name().into(), Value::schema()));
    }
}
