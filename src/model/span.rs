//! A labelled place in the text.

use serde::{Deserialize, Serialize};

use super::{Attributes, ClaimId, EntityId, LabelKey, Residue, SpanId};
use crate::text::Ranges;

/// One or more ranges with a label. With an entity label it is a mention and may point to an entity.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Span {
    /// Where.
    pub ranges: Ranges,
    /// What.
    pub label: LabelKey,
    /// Whom a mention means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityId>,
    // Behind a pointer because most spans have none: a span must stay small (10,000 a document are normal).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extras: Option<Box<SpanExtras>>,
}

/// What few spans have.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SpanExtras {
    /// The values that are set.
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// The coder's words; empty for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// What an import could not place.
    #[serde(skip_serializing_if = "Residue::is_empty")]
    pub residue: Residue,
}

static NO_EXTRAS: SpanExtras = SpanExtras { attributes: Attributes::new(), note: String::new(), residue: Residue::new() };

impl Span {
    /// A span with nothing but a place and a label.
    #[must_use]
    pub fn new(ranges: impl Into<Ranges>, label: LabelKey) -> Self {
        Self { ranges: ranges.into(), label, entity: None, extras: None }
    }

    /// With these extras; empty ones take no memory.
    #[must_use]
    pub fn with_extras(mut self, extras: SpanExtras) -> Self {
        self.extras = (extras != NO_EXTRAS).then(|| Box::new(extras));
        self
    }

    /// Changes the extras where they are.
    pub fn change_extras(&mut self, change: impl FnOnce(&mut SpanExtras)) {
        let mut extras = self.extras.take().unwrap_or_default();
        change(&mut extras);
        self.extras = (*extras != NO_EXTRAS).then_some(extras);
    }

    /// Attributes, note and residue.
    #[must_use]
    pub fn extras(&self) -> &SpanExtras {
        self.extras.as_deref().unwrap_or(&NO_EXTRAS)
    }

    /// True when it has some.
    pub(crate) fn has_extras(&self) -> bool {
        self.extras.is_some()
    }

    /// The values that are set.
    #[must_use]
    pub fn attributes(&self) -> &Attributes {
        &self.extras().attributes
    }

    /// The coder's words; empty for none.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.extras().note
    }
}

/// What can be marked in the text: a span, or the content of a claim.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum MarkId {
    /// A span.
    Span(SpanId),
    /// A claim, shown by its content.
    Claim(ClaimId),
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_span_is_small() {
        assert!(size_of::<super::Span>() <= 48);
    }
}
