//! Ranges in the unit of a format, each proved to lead back to its quote before it is written.

use super::FormatError;
use crate::model::DocumentId;
use crate::text::offsets::{OffsetMap, OffsetUnit};
use crate::text::{Text, TextRange};

/// A range as a format writes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place<'t> {
    /// Where it starts, in the format's unit.
    pub(super) start: usize,
    /// Where it ends, in the format's unit.
    pub(super) end: usize,
    /// The text there.
    pub(super) quote: &'t str,
}

/// Converts the ranges of one document.
#[derive(Debug)]
pub(super) struct Places<'t> {
    document: &'t DocumentId,
    text: &'t Text,
    map: OffsetMap<'t>,
}

impl<'t> Places<'t> {
    /// Reads the text once.
    #[must_use]
    pub(super) fn new(document: &'t DocumentId, text: &'t Text, unit: OffsetUnit) -> Self {
        Self { document, text, map: OffsetMap::new(text.as_str(), unit) }
    }

    /// The range in the format's unit. Counted back, it gave the same bytes.
    ///
    /// # Errors
    /// [`FormatError::Unverified`] when it does not.
    pub(super) fn place(&self, range: TextRange) -> Result<Place<'t>, FormatError> {
        let (start, end) = self.map.to_unit_range(range);
        let is_same = self.map.to_byte(start) == Some(range.start()) && self.map.to_byte(end) == Some(range.end());
        match self.text.as_str().get(range.as_range()) {
            Some(quote) if is_same => Ok(Place { start, end, quote }),
            _ => Err(FormatError::Unverified { document: self.document.clone(), start: range.start(), end: range.end() }),
        }
    }

    /// A byte in the format's unit.
    pub(super) fn unit_of(&self, byte: usize) -> usize {
        self.map.to_unit(byte)
    }

    /// For places that ascend: the text is read once, however many there are.
    pub(super) fn walk(&self) -> Walk<'_, 't> {
        Walk { places: self, byte: 0, count: 0 }
    }

    /// All ranges in the format's unit.
    ///
    /// # Errors
    /// [`FormatError::Unverified`] when one does not lead back to its bytes.
    pub(super) fn places(&self, ranges: impl IntoIterator<Item = TextRange>) -> Result<Vec<Place<'t>>, FormatError> {
        ranges.into_iter().map(|range| self.place(range)).collect()
    }
}

/// Goes through a text and counts it.
#[derive(Debug)]
pub(super) struct Walk<'p, 't> {
    places: &'p Places<'t>,
    // Of the text that was counted.
    byte: usize,
    count: usize,
}

impl<'t> Walk<'_, 't> {
    /// The place of these bytes, which do not begin before the end of those before.
    ///
    /// # Errors
    /// [`FormatError::Unverified`] when they do, or are no bytes of the text between characters.
    pub(super) fn place(&mut self, start: usize, end: usize) -> Result<Place<'t>, FormatError> {
        let Places { document, text, map } = self.places;
        let parts = (text.as_str().get(self.byte..start), text.as_str().get(start..end));
        let (Some(before), Some(quote)) = parts else {
            return Err(FormatError::Unverified { document: (*document).clone(), start, end });
        };
        let start = self.count + map.unit().len_of(before);
        (self.byte, self.count) = (end, start + map.unit().len_of(quote));
        Ok(Place { start, end: self.count, quote })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Id;

    #[test]
    fn places_are_proved() {
        let id = DocumentId::from_title("t", Id::from_bits(1));
        let text = Text::new("Zoë 🎉 Smith");
        let range = text.range(10, 15).unwrap();
        let places = Places::new(&id, &text, OffsetUnit::CodePoints);
        assert_eq!(places.place(range).unwrap(), Place { start: 6, end: 11, quote: "Smith" });
        let mut walk = places.walk();
        let walked = [(0, 4), (5, 9), (10, 15)].map(|(start, end)| walk.place(start, end).unwrap());
        assert_eq!(walked.map(|place| (place.start, place.end, place.quote)), [(0, 3, "Zoë"), (4, 5, "🎉"), (6, 11, "Smith")]);
        assert!(matches!(walk.place(10, 15), Err(FormatError::Unverified { .. })));
        let wrong: TextRange = (2, 3).try_into().unwrap();
        assert!(matches!(places.place(wrong), Err(FormatError::Unverified { .. })));
        let beyond: TextRange = (2, 99).try_into().unwrap();
        assert!(matches!(places.place(beyond), Err(FormatError::Unverified { .. })));
    }
}
