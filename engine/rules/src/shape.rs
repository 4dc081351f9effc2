//! What the values in rule files look like, for the schemas that editors use.
//!
//! The shape of a file is a type beside its loader. Nothing is ever read into it: loaders have better words for faults
//! than a deserializer. A test holds the keys of shapes and loaders against each other.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// Declares a map of a rule file: its fields are the keys, and their docs are what editors show.
macro_rules! shape {
    ($(#[$meta:meta])* $visibility:vis struct $($rest:tt)*) => {
        #[derive(schemars::JsonSchema)]
        #[schemars(deny_unknown_fields, inline)]
        #[expect(dead_code, reason = "the schema is made of it, and nothing else")]
        $(#[$meta])*
        $visibility struct $($rest)*
    };
}

/// Declares a value of a rule file by its schema.
macro_rules! value_shape {
    ($(#[$meta:meta])* $name:ident = $schema:expr) => {
        $(#[$meta])*
        pub(crate) struct $name;

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $schema
            }
        }
    };
}

pub(crate) use {shape, value_shape};

value_shape!(
    /// A text that says something.
    Text = json_schema!({ "type": "string", "minLength": 1 })
);
value_shape!(
    /// A kebab-case id.
    Name = json_schema!({ "type": "string", "minLength": 1, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" })
);
value_shape!(
    /// A span of time as a phrase.
    TimeSpan = json_schema!({
        "type": "string",
        "pattern": r"^\s*[0-9.]+\s*(ms|milliseconds?|s|seconds?|m|minutes?|h|hours?|d|days?)\s*$",
        "examples": ["5 seconds", "10 minutes", "48 hours", "7 days", "200 milliseconds", "5s"],
    })
);
value_shape!(
    /// A probability, certainty included.
    Probability = json_schema!({ "type": "number", "minimum": 0, "maximum": 1 })
);
value_shape!(
    /// A code of 32 bits, decimal or hexadecimal.
    Number32 = json_schema!({
        "description": "A code of 32 bits, decimal or hexadecimal.",
        "type": "integer", "minimum": -2147483648_i64, "maximum": 4294967295_i64,
    })
);
value_shape!(
    /// A machine of a connection.
    SideWord = words(crate::side::Side::WORDS)
);

/// One of these words.
pub(crate) fn words(words: &[&str]) -> Schema {
    json_schema!({ "type": "string", "enum": words })
}

/// One value, or a list of them.
pub(crate) struct OneOrMany<T>(std::marker::PhantomData<T>);

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}
