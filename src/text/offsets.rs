//! Offset units other than bytes, and fast conversion both ways.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::TextRange;

/// What a tool counts when it says "offset".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OffsetUnit {
    /// Bytes of UTF-8.
    Bytes,
    /// Unicode code points: Python strings, brat, spaCy, Hugging Face.
    #[default]
    CodePoints,
    /// UTF-16 code units: Java, JavaScript, UIMA.
    Utf16,
}

impl OffsetUnit {
    /// All units, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::CodePoints, Self::Utf16, Self::Bytes];

    /// The name on the command line and in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::CodePoints => "code-points",
            Self::Utf16 => "utf16",
        }
    }

    /// How many units a character takes.
    #[must_use]
    pub fn width(self, c: char) -> usize {
        match self {
            Self::Bytes => c.len_utf8(),
            Self::CodePoints => 1,
            Self::Utf16 => c.len_utf16(),
        }
    }

    /// How many units a text takes.
    #[must_use]
    pub fn len_of(self, text: &str) -> usize {
        match self {
            Self::Bytes => text.len(),
            Self::CodePoints => text.chars().count(),
            Self::Utf16 => text.as_bytes().chunks(STEP).map(|step| usize::from(step.iter().map(utf16_units).sum::<u8>())).sum(),
        }
    }

    /// The byte of `text` that stands behind so many units, and how many units are missing: some where the text ends before, or
    /// where it would be inside a character.
    fn skip(self, text: &str, units: usize) -> (usize, usize) {
        let (mut rest, mut missing) = (text.as_bytes(), units);
        let at = |rest: &[u8]| text.len() - rest.len();
        // Characters count where they begin, so that steps may end inside of them.
        while let Some((step, behind)) = rest.split_first_chunk::<STEP>()
            && let Some(fewer) = missing.checked_sub(self.units_of(step))
        {
            (rest, missing) = (behind, fewer);
        }
        while let Some((step, behind)) = rest.split_first_chunk::<8>()
            && let Some(fewer) = missing.checked_sub(self.units_of_eight(*step))
        {
            (rest, missing) = (behind, fewer);
        }
        while let Some((byte, behind)) = rest.split_first() {
            let width = self.units_of(std::slice::from_ref(byte));
            match missing.checked_sub(width) {
                Some(fewer) if width == 0 || missing > 0 => (rest, missing) = (behind, fewer),
                _ => break,
            }
        }
        (at(rest), missing)
    }

    /// The units of the characters that begin in so many bytes, of which there are at most [`STEP`].
    fn units_of(self, bytes: &[u8]) -> usize {
        usize::from(match self {
            Self::Bytes => return bytes.len(),
            Self::CodePoints => bytes.iter().map(|byte| u8::from(byte & 0xc0 != 0x80)).sum::<u8>(),
            Self::Utf16 => bytes.iter().map(utf16_units).sum::<u8>(),
        })
    }

    /// The same for eight bytes at once: the bits of each of them that say what it is are brought to its lowest one.
    fn units_of_eight(self, bytes: [u8; 8]) -> usize {
        const LOWEST: u64 = u64::from_ne_bytes([1; 8]);
        let bits = u64::from_ne_bytes(bytes);
        let goes_on = (bits >> 7) & !(bits >> 6) & LOWEST;
        let is_long = (bits >> 7) & (bits >> 6) & (bits >> 5) & (bits >> 4) & LOWEST;
        let more = if self == Self::Utf16 { is_long.count_ones() } else { 0 };
        let fewer = if self == Self::Bytes { 0 } else { goes_on.count_ones() };
        (8 - fewer + more) as usize
    }
}

impl fmt::Display for OffsetUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OffsetUnit {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|unit| unit.as_str() == s);
        found.ok_or_else(|| format!("`{s}` is not a unit of offsets; known: code-points, utf16, bytes"))
    }
}

/// Bytes between two checkpoints: a conversion reads at most this much text.
const STRIDE: usize = 256;
/// Bytes that are counted at once.
const STEP: usize = 64;

/// The units of a character, for its first byte: two beyond the first plane. Small numbers, which are added up many at once.
fn utf16_units(byte: &u8) -> u8 {
    u8::from(byte & 0xc0 != 0x80) + u8::from(*byte >= 0xf0)
}

/// Converts between bytes and one other unit for one text.
#[derive(Clone, Debug)]
pub struct OffsetMap<'t> {
    text: &'t str,
    unit: OffsetUnit,
    // Every STRIDE bytes or a little less: (byte, unit), on character boundaries, starting with (0, 0).
    // Empty when every character takes one unit, so that both counts are equal.
    checkpoints: Arc<[(usize, usize)]>,
}

/// What was counted of a text, to be used again for the same text.
#[derive(Clone, Debug)]
pub struct Checkpoints(OffsetUnit, Arc<[(usize, usize)]>);

impl<'t> OffsetMap<'t> {
    /// Reads the text once.
    #[must_use]
    pub fn new(text: &'t str, unit: OffsetUnit) -> Self {
        let mut checkpoints = Vec::new();
        if unit != OffsetUnit::Bytes && !text.is_ascii() {
            let (mut byte, mut count) = (0, 0);
            while let Some(rest) = text.get(byte..).filter(|rest| !rest.is_empty()) {
                checkpoints.push((byte, count));
                let (part, _) = rest.split_at(rest.floor_char_boundary(STRIDE));
                count += unit.len_of(part);
                byte += part.len();
            }
        }
        Self { text, unit, checkpoints: checkpoints.into() }
    }

    /// The same without reading the text, which must be the one that was counted.
    #[must_use]
    pub fn with(text: &'t str, Checkpoints(unit, checkpoints): Checkpoints) -> Self {
        Self { text, unit, checkpoints }
    }

    /// What was counted.
    #[must_use]
    pub fn checkpoints(&self) -> Checkpoints {
        Checkpoints(self.unit, self.checkpoints.clone())
    }

    /// The unit that this map converts to.
    #[must_use]
    pub fn unit(&self) -> OffsetUnit {
        self.unit
    }

    /// The offset in units of a byte offset. An offset behind the text counts as its end; inside a character as its start.
    #[must_use]
    pub fn to_unit(&self, byte: usize) -> usize {
        let Some((at, count)) = self.checkpoint_before(|(at, _)| *at <= byte) else {
            return byte.min(self.text.len());
        };
        let byte = self.text.floor_char_boundary(byte);
        count + self.unit.len_of(self.text.get(at..byte).unwrap_or_default())
    }

    /// The byte offset of an offset in units. None behind the text and inside a character.
    #[must_use]
    pub fn to_byte(&self, offset: usize) -> Option<usize> {
        let Some((at, count)) = self.checkpoint_before(|(_, count)| *count <= offset) else {
            return self.text.is_char_boundary(offset).then_some(offset);
        };
        let (skipped, missing) = self.unit.skip(self.text.get(at..)?, offset - count);
        (missing == 0).then_some(at + skipped)
    }

    /// A range in units.
    #[must_use]
    pub fn to_unit_range(&self, range: TextRange) -> (usize, usize) {
        (self.to_unit(range.start()), self.to_unit(range.end()))
    }

    fn checkpoint_before(&self, is_before: impl Fn(&(usize, usize)) -> bool) -> Option<(usize, usize)> {
        let index = self.checkpoints.partition_point(is_before);
        self.checkpoints.get(index.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn units_of_one_text_differ() {
        let text = "Zoë 🎉 Smith";
        let at = text.find("Smith").unwrap();
        let count = |unit| OffsetMap::new(text, unit).to_unit(at);
        assert_eq!(OffsetUnit::ALL.map(count), [6, 7, 10]);
    }

    #[test]
    fn offsets_inside_a_character_are_refused() {
        let map = OffsetMap::new("🎉x", OffsetUnit::Utf16);
        assert_eq!([0, 1, 2, 3, 4].map(|o| map.to_byte(o)), [Some(0), None, Some(4), Some(5), None]);
    }

    proptest! {
        #[test]
        fn conversion_goes_there_and_back(text in "(\\PC|[a-z ]{0,40}|[🎉é日]){0,200}") {
            for unit in OffsetUnit::ALL {
                let map = OffsetMap::new(&text, unit);
                let mut expected = 0;
                for (byte, c) in text.char_indices() {
                    prop_assert_eq!(map.to_unit(byte), expected);
                    prop_assert_eq!(map.to_byte(expected), Some(byte));
                    expected += unit.width(c);
                }
                prop_assert_eq!(map.to_unit(text.len()), expected);
                prop_assert_eq!(map.to_byte(expected), Some(text.len()));
                prop_assert_eq!(map.to_byte(expected + 1), None);
            }
        }
    }
}
