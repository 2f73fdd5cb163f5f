//! RON in the plain form in which this program writes it, several times as fast as the `ron` crate.
//!
//! Both ways go through serde, so no field is named twice. What is not plain (comments, raw strings, names of structs, other
//! blanks, anything that does not fit) is left to the crate, which also says what is wrong with it. Tests hold that both give
//! the same bytes and read the same values.

mod read;
mod write;

use ron::error::SpannedError;
use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};

use self::read::Reader;
use self::write::{Blanks, Writer};

/// Reads a value: a plain one at once, any other by the crate.
///
/// # Errors
/// What is wrong with the text, and where.
pub(crate) fn from_str<'d, T: Deserialize<'d>>(text: &'d str) -> Result<T, SpannedError> {
    match read_plain(text) {
        Some(value) => Ok(value),
        None => ron::from_str(text),
    }
}

/// The value of a plain text; none where the crate must look at it.
pub(crate) fn read_plain<'d, T: Deserialize<'d>>(text: &'d str) -> Option<T> {
    let mut reader = Reader::new(text);
    let value = T::deserialize(&mut reader).ok()?;
    reader.is_at_end().then_some(value)
}

/// A value on one line, with blanks: `(id: "x", at: [(0, 5, "Kerry")])`.
///
/// # Errors
/// When the value has no form in RON.
pub(crate) fn to_line<T: Serialize>(value: &T) -> Result<String, ron::Error> {
    let mut line = String::new();
    push_line(&mut line, value)?;
    Ok(line)
}

/// Like [`to_line`], behind what is there already.
///
/// # Errors
/// When the value has no form in RON; then nothing is appended.
pub(crate) fn push_line<T: Serialize>(out: &mut String, value: &T) -> Result<(), ron::Error> {
    if push_plain(out, value, Blanks::Some) {
        return Ok(());
    }
    let config = PrettyConfig::new().compact_arrays(true).compact_structs(true).compact_maps(true).separator(" ");
    out.push_str(&ron::ser::to_string_pretty(value, config)?);
    Ok(())
}

/// A string with its quotation marks, behind what is there already.
pub(crate) fn push_string(out: &mut String, value: &str) {
    Writer::new(out, Blanks::None).push_str(value);
}

/// A value without blanks: `(id:"x",at:[(0,5,"Kerry")])`.
///
/// # Errors
/// When the value has no form in RON.
pub(crate) fn to_compact<T: Serialize>(value: &T) -> Result<String, ron::Error> {
    let mut text = String::new();
    if push_plain(&mut text, value, Blanks::None) { Ok(text) } else { ron::to_string(value) }
}

/// False where the value has no plain form; then nothing is appended.
fn push_plain<T: Serialize>(out: &mut String, value: &T, blanks: Blanks) -> bool {
    let before = out.len();
    let is_plain = value.serialize(&mut Writer::new(out, blanks)).is_ok();
    if !is_plain {
        out.truncate(before);
    }
    is_plain
}

/// It is not plain. What is wrong with it, if anything is, says the crate.
#[derive(Debug)]
struct NotPlain;

impl std::fmt::Display for NotPlain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not plain RON")
    }
}

impl std::error::Error for NotPlain {}

impl serde::ser::Error for NotPlain {
    fn custom<M: std::fmt::Display>(_: M) -> Self {
        Self
    }
}

impl serde::de::Error for NotPlain {
    fn custom<M: std::fmt::Display>(_: M) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests;
