//! Names that people give: of projects, coders, labels. What cannot be seen in a name is refused; names that come with an
//! import are kept and shown with escapes.

use std::fmt;

use crate::text::hidden::{is_direction, is_hidden};

/// Characters of the longest name.
pub const MAX_NAME_CHARS: usize = 200;

/// What is wrong with a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameFault {
    /// It holds a control character, a line end, or one that turns the direction of writing.
    Hidden(char),
    /// It has so many characters.
    Long(usize),
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hidden(c) if is_direction(*c) => write!(f, "contains an invisible direction character (U+{:04X})", u32::from(*c)),
            Self::Hidden(c) => write!(f, "contains a control character (U+{:04X})", u32::from(*c)),
            Self::Long(chars) => write!(f, "has {chars} characters; at most {MAX_NAME_CHARS} are allowed"),
        }
    }
}

/// Checks a new name.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_name(name: &str) -> Result<(), NameFault> {
    match (name.chars().find(|c| is_hidden(*c)), name.chars().count()) {
        (Some(c), _) => Err(NameFault::Hidden(c)),
        (None, chars) if chars > MAX_NAME_CHARS => Err(NameFault::Long(chars)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_all_that_is_in_them() {
        let check = |name: &str, expected: Result<(), &str>| {
            let found = check_name(name).map_err(|fault| fault.to_string());
            assert_eq!(found.as_ref().map_err(String::as_str), expected.as_ref().map_err(|e| *e), "{name:?}");
        };
        check("Zoë “Z” Smith 東京", Ok(()));
        check("a\u{202e}b", Err("contains an invisible direction character (U+202E)"));
        check("a\nb", Err("contains a control character (U+000A)"));
        check(&"x".repeat(201), Err("has 201 characters; at most 200 are allowed"));
    }
}
