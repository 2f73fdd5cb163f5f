//! What one coder has said about one document.

use std::collections::BTreeSet;
use std::ops::RangeFrom;

use serde::{Deserialize, Serialize};

use super::{Attributes, Claim, ClaimId, CoderKey, DocumentId, Filler, MarkId, Node, Relation, RelationId, Residue, Rows, Span, SpanId};
use crate::text::{Ranges, TextHash};

/// Names a sheet.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct SheetKey {
    /// Which article.
    pub document: DocumentId,
    /// Who annotates.
    pub coder: CoderKey,
}

impl SheetKey {
    /// Names a sheet.
    #[must_use]
    pub fn new(document: &DocumentId, coder: &CoderKey) -> Self {
        Self { document: document.clone(), coder: coder.clone() }
    }

    /// From the first key of a document on, and of all documents behind it.
    pub(crate) fn from_first_of(document: &DocumentId) -> RangeFrom<Self> {
        Self { document: document.clone(), coder: CoderKey::least() }..
    }
}

/// The annotations of one coder in one document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sheet {
    /// Status and the like.
    pub info: SheetInfo,
    /// Labelled places.
    pub spans: Rows<SpanId, Span>,
    /// Claims.
    pub claims: Rows<ClaimId, Claim>,
    /// Relations.
    pub relations: Rows<RelationId, Relation>,
}

/// What a sheet says about the document as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SheetInfo {
    /// How far the coder is.
    #[serde(skip_serializing_if = "Status::is_new")]
    pub status: Status,
    /// Attributes of the document.
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// The coder's remark on the document; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Findings that the coder has set aside, by their stable names.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub ignored: BTreeSet<String>,
    /// Suggestions that the coder has turned down, by their stable names.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub rejected: BTreeSet<String>,
    /// The text that the sheet was made on, where it is not the document's present one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_hash: Option<TextHash>,
    /// What an import could not place.
    #[serde(skip_serializing_if = "Residue::is_empty")]
    pub residue: Residue,
}

/// How far the coder is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing said.
    #[default]
    New,
    /// Begun.
    InProgress,
    /// Finished.
    Done,
    /// Finished, though claims were unfinished and the coder knew.
    DoneAnyway,
    /// Somebody should look at it again.
    Doubtful,
}

impl Status {
    /// All of them, in the order of the work.
    pub const ALL: [Self; 5] = [Self::New, Self::InProgress, Self::Done, Self::DoneAnyway, Self::Doubtful];

    /// As in files: `in_progress`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::DoneAnyway => "done_anyway",
            Self::Doubtful => "doubtful",
        }
    }

    fn is_new(&self) -> bool {
        *self == Self::New
    }
}

impl Sheet {
    /// True when there is nothing to save.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }

    /// True where all rows are those of another copy, which was not changed since. Costs nothing, and may say false where the
    /// rows are equal.
    #[must_use]
    pub fn has_rows_of(&self, other: &Self) -> bool {
        fn is_same<K, R>(one: &Rows<K, R>, other: &Rows<K, R>) -> bool {
            one.ptr_eq(other) || one.is_empty() && other.is_empty()
        }
        is_same(&self.spans, &other.spans) && is_same(&self.claims, &other.claims) && is_same(&self.relations, &other.relations)
    }

    /// Where a mark is; none for a claim without a place and for what does not exist.
    #[must_use]
    pub fn ranges_of(&self, mark: MarkId) -> Option<&Ranges> {
        match mark {
            MarkId::Span(id) => self.spans.get(&id).map(|span| &span.ranges),
            MarkId::Claim(id) => self.claims.get(&id).and_then(|claim| claim.content.as_ref()),
        }
    }

    /// Every place of a mark: the ranges of a span; the content of a claim, then its further occurrences.
    pub fn places_of(&self, mark: MarkId) -> impl Iterator<Item = &Ranges> {
        let (span, claim) = match mark {
            MarkId::Span(id) => (self.spans.get(&id), None),
            MarkId::Claim(id) => (None, self.claims.get(&id)),
        };
        span.map(|span| &span.ranges).into_iter().chain(claim.into_iter().flat_map(Claim::places))
    }

    /// Every mark with every place of it: as [`Self::marks`], and claims again at their further occurrences.
    pub fn places(&self) -> impl Iterator<Item = (MarkId, &Ranges)> {
        let spans = self.spans.iter().map(|(id, span)| (MarkId::Span(*id), &span.ranges));
        let claims = self.claims.iter().flat_map(|(id, claim)| claim.places().map(|place| (MarkId::Claim(*id), place)));
        spans.chain(claims)
    }

    /// Every mark with its first place: all spans, then the claims that have a content.
    pub fn marks(&self) -> impl Iterator<Item = (MarkId, &Ranges)> {
        let spans = self.spans.iter().map(|(id, span)| (MarkId::Span(*id), &span.ranges));
        let claims = self.claims.iter().filter_map(|(id, claim)| claim.content.as_ref().map(|content| (MarkId::Claim(*id), content)));
        spans.chain(claims)
    }

    /// Marks that cover the byte at `offset` with one of their places, the shortest place first.
    #[must_use]
    pub fn marks_at(&self, offset: usize) -> Vec<MarkId> {
        let mut found: Vec<(usize, MarkId)> = self.places().filter(|(_, r)| r.contains(offset)).map(|(id, r)| (r.covered_len(), id)).collect();
        found.sort_unstable();
        let mut seen = BTreeSet::new();
        found.into_iter().map(|(_, id)| id).filter(|id| seen.insert(*id)).collect()
    }

    /// Claims that name a filler in one of their roles.
    pub fn claims_filled_by<'s>(&'s self, filler: &'s Filler) -> impl Iterator<Item = (ClaimId, &'s Claim)> {
        self.claims.iter().filter(move |(_, claim)| claim.roles.values().flatten().any(|f| f == filler)).map(|(id, claim)| (*id, claim))
    }

    /// Relations with an end at a node.
    pub fn relations_at(&self, node: Node) -> impl Iterator<Item = (RelationId, &Relation)> {
        self.relations.iter().filter(move |(_, relation)| relation.from == node || relation.to == node).map(|(id, relation)| (*id, relation))
    }
}
