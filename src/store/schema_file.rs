//! `schema.ron`, for the time being.

use thiserror::Error;

use crate::model::Schema;

/// Why a codebook cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{0}")]
pub struct SchemaFileError(String);

/// Reads a codebook.
///
/// # Errors
/// When it is not RON or not a codebook.
pub fn read_schema(content: &str) -> Result<Schema, SchemaFileError> {
    ron::from_str(content).map_err(|error| SchemaFileError(error.to_string()))
}

/// Writes a codebook.
#[must_use]
pub fn write_schema(schema: &Schema) -> String {
    ron::ser::to_string_pretty(schema, ron::ser::PrettyConfig::new()).unwrap_or_default()
}
