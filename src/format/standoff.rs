//! What the formats of the standoff family share: annotations with an id, a label, places counted in some unit, features and links.
//!
//! `standoff_out` makes such annotations of a sheet, `standoff_in` a sheet of such annotations; the formats write them down and
//! read them, each in its own way. What is ours and nobody else's has names that begin with [`OWN`].

use serde_json::Value;

/// Begins the names of features that only we know.
pub(super) const OWN: &str = "manicule:";
/// The coder's remark.
pub(super) const NOTE: &str = "manicule:note";
/// What is claimed, in the coder's words.
pub(super) const NORMALIZED: &str = "manicule:normalized";
/// Our id of the entity that a mention means.
pub(super) const ENTITY: &str = "manicule:entity";
/// Its name.
pub(super) const ENTITY_NAME: &str = "manicule:entity-name";
/// Its entries in knowledge bases.
pub(super) const IDENTIFIERS: &str = "manicule:identifiers";
/// How far the coder is.
pub(super) const STATUS: &str = "manicule:status";
/// What an annotation is: see [`Kind`].
pub(super) const KIND: &str = "manicule:kind";
/// Begins the names of fillers that are no annotations.
pub(super) const FILLER: &str = "manicule:filler-";
/// The pieces of a place with gaps, counted from its start: `0-5 9-14`.
pub(super) const PARTS: &str = "manicule:parts";

/// Begins the names of links where a format has only features; their values are ids with spaces between them.
pub(super) const LINK: &str = "manicule:link-";
/// Who has said something about the document.
pub(super) const CODERS: &str = "manicule:coders";
/// What the file that a sheet came from calls its coder, where that is not the coder's key.
pub(super) const CALLED: &str = "manicule:called";
/// Begins the line of a sheet's residue that says the same.
pub(super) const CALLED_LINE: &str = "called\t";
/// Says of a sheet that its annotations have ids of an earlier import: the next one keeps them, too.
pub(super) const KEEPS_IDS: &str = "manicule:keeps-ids";
/// Marks an annotation that an import had kept aside, with the coder of the sheet: there it is kept aside again.
pub(super) const ASIDE: &str = "manicule:aside";
/// Attributes as the file had them, by their names there, where they would be written otherwise: a number as text, `yes` for true.
pub(super) const FORMS: &str = "manicule:forms";

/// The ends of a relation, and what an occurrence belongs to, as names of links.
pub(super) const FROM: &str = "from";
pub(super) const TO: &str = "to";

/// Values by name, in the order in which they are written.
pub(super) type Features = Vec<(String, Value)>;

/// What an annotation is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Span,
    Claim,
    /// A further place of a claim, to which it links.
    Occurrence,
    Relation,
    /// A filler of a role as an annotation of its own: a link from the claim.
    Role,
    /// A part of the text.
    Region,
    /// What is said about the document as a whole.
    Sheet,
}

const KINDS: [(Kind, &str); 7] = [
    (Kind::Span, "span"),
    (Kind::Claim, "claim"),
    (Kind::Occurrence, "occurrence"),
    (Kind::Relation, "relation"),
    (Kind::Role, "role"),
    (Kind::Region, "region"),
    (Kind::Sheet, "sheet"),
];

impl Kind {
    /// As in files.
    pub(super) fn name(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// A value as text; none for what has parts of its own.
pub(super) fn said(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(if *value { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>().map(|all| all.join("|")),
        Value::Null | Value::Object(_) => None,
    }
}

/// Places as pieces counted from the first; none for one piece.
pub(super) fn parts_of(places: &[(usize, usize)]) -> Option<String> {
    let (first, _) = *places.first().filter(|_| places.len() > 1)?;
    let parts: Vec<String> = places.iter().map(|(start, end)| format!("{}-{}", start.saturating_sub(first), end.saturating_sub(first))).collect();
    Some(parts.join(" "))
}

/// The places that [`parts_of`] has written, for an annotation that begins here.
pub(super) fn places_of_parts(start: usize, parts: &str) -> Option<Vec<(usize, usize)>> {
    let place = |part: &str| {
        let (from, to) = part.split_once('-')?;
        Some((start.checked_add(from.parse().ok()?)?, start.checked_add(to.parse().ok()?)?))
    };
    parts.split(' ').map(place).collect::<Option<Vec<_>>>().filter(|places| !places.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lead_back_to_their_places() {
        assert_eq!(parts_of(&[(3, 9)]), None);
        let parts = parts_of(&[(3, 9), (12, 14)]).unwrap();
        assert_eq!((parts.as_str(), places_of_parts(3, &parts)), ("0-6 9-11", Some(vec![(3, 9), (12, 14)])));
        assert_eq!((places_of_parts(3, "0-x"), places_of_parts(usize::MAX, "1-2"), places_of_parts(1, "")), (None, None, None));
    }

    #[test]
    fn kinds_have_names() {
        assert!(KINDS.iter().all(|(kind, name)| Kind::from_name(name) == Some(*kind) && kind.name() == *name));
    }
}
