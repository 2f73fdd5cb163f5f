//! Which documents the list shows, and in which order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::rows::{Named, Row};
use crate::app::session::Session;
use crate::model::{Document, DocumentId, LabelKey, SheetKey, Status};

/// How far a document is, for the filter and the counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Progress {
    New,
    Begun,
    Done,
    Doubtful,
}

impl Progress {
    pub(super) const ALL: [Self; 4] = [Self::New, Self::Begun, Self::Done, Self::Doubtful];

    pub(super) fn of(status: Status) -> Self {
        match status {
            Status::New => Self::New,
            Status::InProgress => Self::Begun,
            Status::Done | Status::DoneAnyway => Self::Done,
            Status::Doubtful => Self::Doubtful,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Begun => "In progress",
            Self::Done => "Done",
            Self::Doubtful => "With doubts",
        }
    }
}

/// What the rows are ordered by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Sort {
    #[default]
    Title,
    Date,
    Source,
    Status,
    Marks,
}

impl Sort {
    pub(super) const ALL: [(Self, &'static str); 5] =
        [(Self::Title, "Title"), (Self::Date, "Date"), (Self::Source, "Source"), (Self::Status, "Status"), (Self::Marks, "Number of marks")];

    /// True when sheets must be read to order by it.
    pub(super) fn needs_sheets(self) -> bool {
        matches!(self, Self::Status | Self::Marks)
    }
}

/// A field that can be filtered by its value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Field {
    Source,
    Author,
    Language,
    Year,
}

impl Field {
    pub(super) const ALL: [(Self, &'static str); 4] =
        [(Self::Source, "Source"), (Self::Author, "Author"), (Self::Language, "Language"), (Self::Year, "Year")];

    pub(super) fn value(self, document: &Document) -> &str {
        match self {
            Self::Source => &document.source,
            Self::Author => &document.author,
            Self::Language => &document.language,
            Self::Year => document.date.as_ref().and_then(|date| date.as_str().get(..4)).unwrap_or_default(),
        }
    }
}

/// Which rows are shown.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Filter {
    /// In title, source, author or file name.
    pub(super) words: String,
    /// Any of these; all when there is none.
    pub(super) progress: BTreeSet<Progress>,
    /// The coder has given this label there.
    pub(super) label: Option<LabelKey>,
    /// Values of fields; empty for unknown.
    pub(super) fields: BTreeMap<Field, String>,
}

impl Filter {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// True when sheets must be read to answer it.
    pub(super) fn needs_sheets(&self) -> bool {
        !self.progress.is_empty() || self.label.is_some()
    }
}

/// Filter and order together.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct View {
    pub(super) filter: Filter,
    pub(super) sort: Sort,
    pub(super) is_reversed: bool,
}

impl View {
    pub(super) fn compare(&self, (a_id, a): Named<'_>, (b_id, b): Named<'_>) -> Ordering {
        let marks = |row: &Row| row.facts.map_or(0, |facts| facts.marks);
        let status = |row: &Row| row.facts.map(|facts| Progress::of(facts.status));
        let order = match self.sort {
            Sort::Title => Ordering::Equal,
            // What has no date stands last, the newest first.
            Sort::Date => b.date.cmp(&a.date),
            Sort::Source => a.source().is_empty().cmp(&b.source().is_empty()).then_with(|| a.source().cmp(b.source())),
            Sort::Status => status(a).cmp(&status(b)),
            Sort::Marks => marks(b).cmp(&marks(a)),
        };
        let order = order.then_with(|| a.title().cmp(b.title())).then_with(|| a_id.cmp(b_id));
        if self.is_reversed { order.reverse() } else { order }
    }

    /// `needle` is the words in small letters.
    pub(super) fn lets_through(&self, (id, row): Named<'_>, needle: &str, session: &Session) -> bool {
        let Filter { words: _, progress, label, fields } = &self.filter;
        let has_value =
            |(field, value): (&Field, &String)| session.workspace.state().document(id).is_some_and(|document| field.value(document) == value);
        row.key.contains(needle)
            && (progress.is_empty() || row.facts.is_some_and(|facts| progress.contains(&Progress::of(facts.status))))
            && fields.iter().all(has_value)
            && label.as_ref().is_none_or(|label| has_label(session, id, label))
    }
}

/// True when the coder has given the label in the document, as far as that is known.
fn has_label(session: &Session, id: &DocumentId, label: &LabelKey) -> bool {
    let key = SheetKey::new(id, session.workspace.coder());
    if session.workspace.is_loaded(&key) {
        let sheet = session.sheet_of(&key);
        return sheet.spans.values().any(|span| span.label == *label) || sheet.claims.values().any(|claim| claim.label == *label);
    }
    session.survey.digest(id).is_some_and(|digest| digest.labels.contains(label))
}
