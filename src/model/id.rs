//! Ids and keys: random ids for rows, readable keys for the codebook.
//!
//! A key (`PER`, `stance`) never changes; names are for display. An id has 60 random bits, so that two machines
//! and git never clash, and is written as 12 characters.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU64;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::text::hidden::{is_hidden, show_hidden};

/// Crockford's alphabet in small letters: no i, l, o, u.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LEN: usize = 12;

/// 60 random bits, never zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(NonZeroU64);

/// A string that is not an id or a key.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("`{}` is not {expected}", show_hidden(text))]
pub struct InvalidId {
    /// The beginning of what was read.
    pub text: String,
    /// What it should be.
    pub expected: &'static str,
}

impl InvalidId {
    fn new(text: &str, expected: &'static str) -> Self {
        Self { text: text.chars().take(60).collect(), expected }
    }
}

impl Id {
    /// Keeps the low 60 bits; zero becomes one.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        Self(NonZeroU64::new(bits & ((1 << 60) - 1)).unwrap_or(NonZeroU64::MIN))
    }
}

impl Id {
    /// The number, below 2⁶⁰.
    pub(crate) fn bits(self) -> u64 {
        self.0.get()
    }

    /// Its digits, with the room that they take.
    fn digits(self) -> [u8; LEN] {
        let mut bits = self.bits();
        let mut digits = [b'0'; LEN];
        for digit in digits.iter_mut().rev() {
            *digit = DIGITS.get((bits & 31) as usize).copied().unwrap_or_default();
            bits >>= 5;
        }
        digits
    }

    /// Appends it as it stands in files.
    pub(crate) fn push_to(self, out: &mut String) {
        out.push_str(as_text(&self.digits()));
    }
}

/// Digits are ASCII.
fn as_text(digits: &[u8; LEN]) -> &str {
    std::str::from_utf8(digits).unwrap_or_default()
}

fn value_of(digit: u8) -> Option<u64> {
    let below = match digit {
        b'0'..=b'9' => b'0',
        b'a'..=b'h' => b'a' - 10,
        b'j' | b'k' => b'j' - 18,
        b'm' | b'n' => b'm' - 20,
        b'p'..=b't' => b'p' - 22,
        b'v'..=b'z' => b'v' - 27,
        _ => return None,
    };
    Some(u64::from(digit - below))
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(as_text(&self.digits()))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let bits = text.bytes().try_fold(0u64, |bits, digit| value_of(digit).map(|value| bits << 5 | value));
        match bits.filter(|_| text.len() == LEN).and_then(NonZeroU64::new) {
            Some(bits) => Ok(Self(bits)),
            None => Err(InvalidId::new(text, "an id of 12 letters and digits")),
        }
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(as_text(&self.digits()))
    }
}

impl<'d> Deserialize<'d> for Id {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText(PhantomData))
    }
}

/// Reads what has a text as its form, without a copy of the text.
struct FromText<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Id);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A labelled place of one sheet.
    SpanId;
    /// A claim of one sheet.
    ClaimId;
    /// A relation of one sheet.
    RelationId;
    /// An entity of the project.
    EntityId;
    /// A project; a copy made with "Save as" gets a new one.
    ProjectId;
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident is $check:path, $expected:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the form.
            ///
            /// # Errors
            /// When it has not the form of such a key.
            pub fn new(text: &str) -> Result<Self, InvalidId> {
                if $check(text) { Ok(Self(text.into())) } else { Err(InvalidId::new(text, $expected)) }
            }

            /// The key as written in files.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'d> Deserialize<'d> for $name {
            fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(FromText(PhantomData))
            }
        }
    )*};
}

keys! {
    /// A label of the codebook.
    LabelKey is is_key, "a key (1 to 100 characters without blanks, brackets, quotes or control characters)";
    /// An attribute of the codebook.
    AttributeKey is is_key, "a key (1 to 100 characters without blanks, brackets, quotes or control characters)";
    /// A choice of an attribute.
    ChoiceKey is is_key, "a key (1 to 100 characters without blanks, brackets, quotes or control characters)";
    /// A role of claims.
    RoleKey is is_key, "a key (1 to 100 characters without blanks, brackets, quotes or control characters)";
    /// A relation type of the codebook.
    RelationKey is is_key, "a key (1 to 100 characters without blanks, brackets, quotes or control characters)";
    /// A coder; also the name of the coder's folder.
    CoderKey is is_file_key, "a coder's key (small letters, digits, `-`; at most 60)";
    /// A document: a readable beginning and 12 random characters; also the name of its files.
    DocumentId is is_document_id, "a document id (small letters, digits, `-`, ending in 12 letters or digits)";
}

/// Visible characters that no notation, path or format needs for itself.
fn is_key(text: &str) -> bool {
    let is_fine = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => true,
        c => !c.is_whitespace() && !"[]()\"'#;=\\,".contains(c) && !is_hidden(c),
    };
    !text.is_empty() && text.chars().count() <= 100 && text.chars().all(is_fine)
}

/// Safe as a file name on every system, whatever its rules for letter case.
fn is_file_key(text: &str) -> bool {
    let is_fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=60).contains(&text.len()) && text.chars().all(is_fine) && !text.starts_with('-')
}

fn is_document_id(text: &str) -> bool {
    let random = text.len().checked_sub(LEN).and_then(|at| text.get(at..));
    text.len() <= 80
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && random.is_some_and(|r| r.parse::<Id>().is_ok())
}

/// True for names in small letters that Windows keeps for devices, whatever the extension.
pub(crate) fn is_device(name: &str) -> bool {
    let is_port = |rest: &str| matches!(rest.as_bytes(), [b'1'..=b'9']);
    matches!(name, "con" | "prn" | "aux" | "nul") || name.strip_prefix("com").is_some_and(is_port) || name.strip_prefix("lpt").is_some_and(is_port)
}

/// Turns any text into small letters, digits and single hyphens, at most `max_len` bytes; may be empty.
pub(crate) fn slug(text: &str, max_len: usize) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut slug = String::new();
    for c in text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= max_len {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

macro_rules! keys_from_text {
    ($($name:ident),*) => {$(
        impl $name {
            /// A key made of any text: what a key may not hold becomes `_`. Used for what an import brings and for new rows.
            #[must_use]
            pub fn from_text(text: &str) -> Self {
                Self(key_from_text(text).into())
            }
        }
    )*};
}

keys_from_text!(LabelKey, AttributeKey, ChoiceKey, RoleKey, RelationKey);

fn key_from_text(text: &str) -> String {
    let clean = |c: char| if is_key(c.encode_utf8(&mut [0; 4])) { c } else { '_' };
    let key: String = text.trim().chars().take(100).map(clean).collect();
    if key.is_empty() { "_".into() } else { key }
}

impl CoderKey {
    /// A key made of a person's name; `coder` when no letter of it can be kept.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self(match slug(name, 40) {
            slug if slug.is_empty() => "coder".into(),
            slug if is_device(&slug) => format!("{slug}-coder").into(),
            slug => slug.into(),
        })
    }

    /// The first of all keys in their order.
    pub(crate) fn least() -> Self {
        Self("0".into())
    }

    /// The adjudicated sheet's coder.
    #[must_use]
    pub fn gold() -> Self {
        Self("gold".into())
    }
}

impl DocumentId {
    /// No id stands in front of it.
    pub(crate) fn least() -> Self {
        Self("-".into())
    }

    /// A readable beginning made of the title, and the random part.
    #[must_use]
    pub fn from_title(title: &str, id: Id) -> Self {
        let slug = slug(title, 40);
        Self(if slug.is_empty() { id.to_string().into() } else { format!("{slug}-{id}").into() })
    }

    /// The folder that the document's files live in: the last two characters, so that they spread evenly.
    #[must_use]
    pub fn shard(&self) -> &str {
        self.0.get(self.0.len() - 2..).unwrap_or("00")
    }
}

/// Makes ids. Seeded in tests, from the system's entropy in the program.
#[derive(Clone, Debug)]
pub struct IdSource(fastrand::Rng);

impl IdSource {
    /// The same seed gives the same ids.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Another source, whose ids are not those of this one.
    #[must_use]
    pub fn fork(&mut self) -> Self {
        Self(self.0.fork())
    }

    /// The next id.
    pub fn next_id(&mut self) -> Id {
        Id::from_bits(self.0.u64(..))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_written_and_read_alike() {
        let mut source = IdSource::seeded(1);
        for _ in 0..1000 {
            let id = source.next_id();
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert!("0".repeat(12).parse::<Id>().is_err());
        assert!("abc".parse::<Id>().is_err());
        assert!("abcdefghijkl".parse::<Id>().is_err());
        assert_eq!(size_of::<Option<SpanId>>(), 8);
    }

    #[test]
    fn document_ids_are_safe_file_names() {
        let id = IdSource::seeded(2).next_id();
        let check = |title: &str, slug: &str| assert_eq!(DocumentId::from_title(title, id).as_str(), format!("{slug}{id}"));
        check("Kerry to Lavrov: Russia must stop", "kerry-to-lavrov-russia-must-stop-");
        check("../../etc/passwd", "etc-passwd-");
        check("Ça va déjà", "ca-va-deja-");
        check("東京", "");
        assert!(DocumentId::new("../x").is_err());
        assert!(DocumentId::new(DocumentId::from_title("x", id).as_str()).is_ok());
    }

    #[test]
    fn keys_have_no_blanks_or_brackets() {
        assert!(LabelKey::new("PER").is_ok());
        assert!(LabelKey::new("Person:Politiker/in").is_ok());
        assert!(LabelKey::new("a b").is_err());
        assert!(LabelKey::new("").is_err());
        assert_eq!(LabelKey::from_text(" Public figure [x] ").as_str(), "Public_figure__x_");
        assert_eq!(CoderKey::from_name("Zoë Smith").as_str(), "zoe-smith");
        assert!(CoderKey::new("../x").is_err());
        assert_eq!(
            ["CON", "com1", "Conny", "\u{202e}"].map(|name| CoderKey::from_name(name).to_string()),
            ["con-coder", "com1-coder", "conny", "coder"]
        );
    }
}
