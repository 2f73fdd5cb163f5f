//! A claim: who says what about whom, with which stance, on what evidence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Attributes, ClaimId, EntityId, FillerKind, LabelKey, Residue, RoleKey, SpanId};
use crate::text::Ranges;

/// A frame: content, roles, attributes. A claim may have no place in the text at all, or be made at several.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// Its kind.
    pub label: LabelKey,
    /// What is claimed, in the article's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Ranges>,
    /// Where else in the article the same is claimed: in text order, each once, none equal to the content. Empty for
    /// most claims, and for every claim without a content. See [`Claim::set_places`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub occurrences: Vec<Ranges>,
    /// Who fills the slots, in the order in which they were given. No empty lists.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<RoleKey, Vec<Filler>>,
    /// The values that are set.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// What is claimed, in the coder's words; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub normalized: String,
    /// The coder's remark; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What an import could not place.
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub residue: Residue,
}

impl Claim {
    /// A claim with a label and perhaps a place.
    #[must_use]
    pub fn new(label: LabelKey, content: Option<Ranges>) -> Self {
        Self {
            label,
            content,
            occurrences: Vec::new(),
            roles: BTreeMap::new(),
            attributes: Attributes::new(),
            normalized: String::new(),
            note: String::new(),
            residue: Residue::new(),
        }
    }

    /// Every place where it is made: the content, then the further occurrences.
    pub fn places(&self) -> impl Iterator<Item = &Ranges> {
        self.content.iter().chain(&self.occurrences)
    }

    /// Sets content and further occurrences, and brings the latter in order. Without a content the first occurrence
    /// becomes it.
    pub fn set_places(&mut self, content: Option<Ranges>, mut occurrences: Vec<Ranges>) {
        // Not the order of `Ranges` itself, in which those with gaps come last.
        occurrences.sort_unstable_by(|a, b| a.as_slice().cmp(b.as_slice()));
        occurrences.dedup();
        self.content = content.or_else(|| occurrences.first().cloned());
        occurrences.retain(|place| Some(place) != self.content.as_ref());
        self.occurrences = occurrences;
    }

    /// The fillers of a role; empty for an open one.
    #[must_use]
    pub fn fillers(&self, role: &RoleKey) -> &[Filler] {
        self.roles.get(role).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Filler {
    /// What kind of thing it is, for the codebook's rules.
    #[must_use]
    pub fn kind(&self) -> FillerKind {
        match self {
            Self::Span(_) => FillerKind::Span,
            Self::Entity(_) => FillerKind::Entity,
            Self::Claim(_) => FillerKind::Claim,
            Self::Value(_) => FillerKind::Value,
        }
    }
}

/// What fills a role.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Filler {
    /// A place in the same sheet.
    Span(SpanId),
    /// An entity of the project.
    Entity(EntityId),
    /// Another claim of the same sheet.
    Claim(ClaimId),
    /// A plain value, such as `author`.
    Value(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextRange;

    fn place(start: u32, end: u32) -> Ranges {
        TextRange::try_from((start, end)).unwrap().into()
    }

    #[test]
    fn occurrences_are_in_order_and_none_is_the_content() {
        let mut claim = Claim::new(LabelKey::new("CLAIM").unwrap(), None);
        claim.set_places(Some(place(4, 6)), vec![place(8, 9), place(0, 2), place(4, 6), place(8, 9)]);
        assert_eq!((claim.content.clone(), claim.occurrences.clone()), (Some(place(4, 6)), vec![place(0, 2), place(8, 9)]));
        claim.set_places(None, claim.occurrences.clone());
        assert_eq!((claim.content.clone(), claim.occurrences.clone()), (Some(place(0, 2)), vec![place(8, 9)]));
        assert_eq!(claim.places().collect::<Vec<_>>(), [&place(0, 2), &place(8, 9)]);
    }
}
