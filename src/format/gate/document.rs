//! A document as GATE sees it.

use serde_json::{Map, Value};

use crate::format::standoff::{Features, said};
use crate::format::standoff_in::Raw;

/// A text, features, and sets of annotations by name.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) features: Features,
    /// Classes of features in Java, as of annotations.
    pub(super) types: Map<String, Value>,
    pub(super) sets: Vec<(String, Vec<Annotation>)>,
}

/// A stretch of text with a type and features.
#[derive(Debug, Default)]
pub(super) struct Annotation {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The same in bytes, on the way out.
    pub(super) bytes: (usize, usize),
    pub(super) features: Features,
    /// Classes of features in Java, where their values would be written with others.
    pub(super) types: Map<String, Value>,
    /// As it stands in the file, on the way in, and where; on the way out what is written as it stood.
    pub(super) raw: Raw,
    pub(super) line: Option<usize>,
}

/// The class under which a value is written, and its text. “No” is written as nothing: for Java that is false, and gatenlp takes
/// any other text for true.
pub(super) fn typed(value: &Value) -> (&str, String) {
    match value {
        Value::Bool(value) => ("java.lang.Boolean", if *value { "true".to_owned() } else { String::new() }),
        Value::Number(number) if number.is_i64() => ("java.lang.Long", number.to_string()),
        Value::Number(number) => ("java.math.BigDecimal", number.to_string()),
        Value::Object(object) => match (object.get("className"), object.get("value")) {
            (Some(Value::String(class)), Some(Value::String(text))) => (class.as_str(), text.clone()),
            _ => ("java.lang.String", value.to_string()),
        },
        value => ("java.lang.String", said(value).unwrap_or_else(|| value.to_string())),
    }
}

/// True for classes of numbers that can hold this one.
pub(super) fn is_class_of(class: &str, value: &Value) -> bool {
    match class {
        "java.lang.Integer" | "java.lang.Long" | "java.lang.Short" => value.is_i64(),
        "java.lang.Double" | "java.lang.Float" | "java.math.BigDecimal" => value.is_number(),
        _ => false,
    }
}
