//! Why the system or a parser refused, in words that a person understands.
//!
//! Their own words name types of Rust and numbers of the system; nobody who codes articles knows what these mean.

use std::io;

use ron::Error as Ron;
use ron::error::SpannedError;

/// Names of fields that are listed where one is unknown.
const MAX_NAMES: usize = 20;

/// What the system said about a file.
#[must_use]
pub fn system_reason(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    let reason = match error.kind() {
        Kind::NotFound => "there is no such file or folder",
        Kind::PermissionDenied => "there is no permission",
        Kind::ReadOnlyFilesystem => "this place can only be read",
        Kind::StorageFull => "the disk is full",
        Kind::QuotaExceeded => "your share of the disk is full",
        Kind::AlreadyExists => "a file of this name is in the way",
        Kind::IsADirectory => "it is a folder",
        Kind::NotADirectory => "a part of the path is not a folder",
        Kind::InvalidFilename => "the name is too long or not allowed here",
        Kind::StaleNetworkFileHandle | Kind::HostUnreachable | Kind::NetworkUnreachable => "the network drive does not answer",
        _ => return without_number(&error.to_string()),
    };
    reason.to_owned()
}

/// `Input/output error (os error 5)` without the number.
fn without_number(message: &str) -> String {
    message.split(" (os error").next().unwrap_or(message).to_lowercase()
}

/// Where and why a file in RON is broken: `line 3, column 7: …`.
#[must_use]
pub fn ron_place_and_reason(error: &SpannedError) -> String {
    format!("line {}, column {}: {}", error.span.start.line, error.span.start.col, ron_reason(&error.code))
}

/// Why something in RON is broken.
#[must_use]
pub fn ron_reason(error: &Ron) -> String {
    match error {
        Ron::ExceededRecursionLimit => "it is nested deeper than 128 levels".to_owned(),
        Ron::Eof => "it ends too early".to_owned(),
        Ron::ExpectedNamedStructLike(_) | Ron::ExpectedStructLike => missing("("),
        Ron::ExpectedStructLikeEnd | Ron::ExpectedOptionEnd => missing(")"),
        Ron::ExpectedArray => missing("["),
        Ron::ExpectedArrayEnd => missing("]"),
        Ron::ExpectedMap => missing("{"),
        Ron::ExpectedMapEnd => missing("}"),
        Ron::ExpectedMapColon => missing(":"),
        Ron::ExpectedComma => missing(","),
        Ron::ExpectedString => "a text in quotation marks is missing here".to_owned(),
        Ron::ExpectedStringEnd => "a quotation mark is opened here and never closed".to_owned(),
        Ron::ExpectedIdentifier => "a name is missing here".to_owned(),
        Ron::ExpectedChar => "one character in single quotation marks is missing here".to_owned(),
        Ron::ExpectedBoolean => "`true` or `false` is missing here".to_owned(),
        Ron::ExpectedInteger | Ron::ExpectedFloat => "a number is missing here".to_owned(),
        Ron::IntegerOutOfBounds => "this number is too large or too small".to_owned(),
        Ron::TrailingCharacters => "more follows behind the end".to_owned(),
        Ron::UnexpectedChar(c) => format!("`{c}` cannot stand here"),
        Ron::NoSuchStructField { expected, found, .. } => {
            format!("the field `{}` is unknown to this version (known: {})", cut(found), names(expected))
        }
        Ron::NoSuchEnumVariant { expected, found, .. } => format!("`{}` is unknown to this version (known: {})", cut(found), names(expected)),
        Ron::MissingStructField { field, .. } => format!("the field `{field}` is missing"),
        Ron::DuplicateStructField { field, .. } => format!("the field `{field}` is there twice"),
        Ron::ExpectedDifferentStructName { found, .. } => format!("`{}` cannot stand here", cut(found)),
        Ron::ExpectedDifferentLength { .. } => "more or fewer values stand here than should".to_owned(),
        Ron::InvalidValueForType { found, .. } => format!("{found} cannot stand here"),
        other => first_small(&other.to_string()),
    }
}

fn missing(sign: &str) -> String {
    format!("`{sign}` is missing here")
}

fn names(names: &[&str]) -> String {
    names.iter().take(MAX_NAMES).copied().collect::<Vec<_>>().join(", ")
}

fn cut(name: &str) -> String {
    name.chars().take(60).collect()
}

fn first_small(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Where and why something is no JSON: `column 7: …`. The line is known to whoever read it.
#[must_use]
pub fn json_place_and_reason(error: &serde_json::Error) -> String {
    let reason = json_reason(error);
    if error.column() == 0 { reason } else { format!("column {}: {reason}", error.column()) }
}

/// Why something is no JSON.
#[must_use]
pub fn json_reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message);
    let reason = match message {
        "recursion limit exceeded" => "it is nested deeper than 128 levels",
        "unexpected end of hex escape" | "lone leading surrogate in hex escape" => "half of a character pair (`\\ud83d` without its other half)",
        "invalid unicode code point" => "it is not UTF-8",
        "expected value" => "no value stands here (NaN and infinity are none)",
        "number out of range" => "this number is too large",
        "trailing comma" => "there is a comma too many",
        "trailing characters" => "more follows behind the end",
        "control character (\\u0000-\\u001F) found while parsing a string" => "a control character stands in a text without its escape",
        _ if error.is_eof() => "it ends too early",
        _ => return without_types(message),
    };
    reason.to_owned()
}

/// serde names the types of Rust that it wants.
fn without_types(message: &str) -> String {
    match message.split_once(", expected ") {
        Some((found, "u8" | "u32" | "u64" | "usize")) => format!("{}; it must be a whole number from 0", found.replace("integer ", "")),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_the_system_name_no_numbers() {
        let check = |error: io::Error, expected: &str| assert_eq!(system_reason(&error), expected);
        check(io::Error::from_raw_os_error(5), "input/output error");
        check(io::ErrorKind::StorageFull.into(), "the disk is full");
    }

    #[test]
    fn reasons_of_parsers_name_no_types() {
        #[derive(Debug, serde::Deserialize)]
        #[allow(dead_code, reason = "only how it fails matters")]
        struct Row {
            at: u32,
        }
        let ron = |text: &str| ron_place_and_reason(&ron::from_str::<Row>(text).unwrap_err());
        assert_eq!(ron("[]"), "line 1, column 1: `(` is missing here");
        assert_eq!(ron("(at: 1, at: 2)"), "line 1, column 9: the field `at` is there twice");
        assert_eq!(ron("(at: \"x\")"), "line 1, column 5: a number is missing here");
        assert_eq!(ron(&format!("(at: {})", "[".repeat(10))), "line 1, column 5: a number is missing here");
        let json = |text: &str| json_place_and_reason(&serde_json::from_str::<Row>(text).unwrap_err());
        assert_eq!(json("{\"at\": -1}"), "column 9: invalid value: `-1`; it must be a whole number from 0");
        assert_eq!(json("{\"at\": NaN}"), "column 8: no value stands here (NaN and infinity are none)");
        assert_eq!(json("{\"at\": 1"), "column 8: it ends too early");
    }
}
