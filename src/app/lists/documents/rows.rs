//! The rows of the list of documents: which, in which order, and what is known of the coder's work on each.
//!
//! They follow the changes of documents one by one, so that a change costs the same in a project of any size.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::app::follow::{Follower, News};
use crate::app::session::Session;
use crate::app::survey::Reading;
use crate::edit::Edit;
use crate::model::{Date, Document, DocumentId, LabelKey, Sheet, SheetKey, Status};
use crate::workspace::Workspace;

/// Where more documents changed at once, all rows are made anew.
const MAX_FOLLOWED: usize = 64;

/// One document.
pub(super) struct Row {
    id: DocumentId,
    // In small letters, a line each: title, source, author and file name. What the filter looks at, and the orders.
    key: Box<str>,
    // Where in it the title and the source end.
    title_end: u32,
    source_end: u32,
    date: Option<Date>,
    facts: Option<Facts>,
    // Its place in the order of all rows, while that is known.
    rank: u32,
}

impl Row {
    fn of(id: &DocumentId, document: &Document, facts: Option<Facts>) -> Self {
        let Document { title, source, author, file_name, date, .. } = document;
        let mut key = title.to_lowercase();
        let title_end = key.len();
        key.push('\n');
        key.push_str(&source.to_lowercase());
        let source_end = key.len();
        for field in [author, file_name] {
            key.push('\n');
            key.push_str(&field.to_lowercase());
        }
        let end = |end: usize| u32::try_from(end).unwrap_or(u32::MAX);
        let (title_end, source_end, date) = (end(title_end), end(source_end), date.clone());
        Self { id: id.clone(), key: key.into_boxed_str(), title_end, source_end, date, facts, rank: 0 }
    }

    fn title(&self) -> &str {
        self.key.get(..self.title_end as usize).unwrap_or_default()
    }

    fn source(&self) -> &str {
        self.key.get(self.title_end as usize + 1..self.source_end as usize).unwrap_or_default()
    }
}

/// What is known of the coder's work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Facts {
    pub(super) status: Status,
    pub(super) marks: usize,
}

impl Facts {
    /// A document in which something is marked is begun, whether somebody said so or not.
    fn new(status: Status, marks: usize) -> Self {
        let is_begun = status == Status::New && marks > 0;
        Self { status: if is_begun { Status::InProgress } else { status }, marks }
    }
}

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
    fn compare(&self, a: &Row, b: &Row) -> Ordering {
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
        let order = order.then_with(|| a.title().cmp(b.title())).then_with(|| a.id.cmp(&b.id));
        if self.is_reversed { order.reverse() } else { order }
    }

    /// `needle` is the words in small letters.
    fn lets_through(&self, row: &Row, needle: &str, session: &Session) -> bool {
        let Filter { words: _, progress, label, fields } = &self.filter;
        let has_value =
            |(field, value): (&Field, &String)| session.workspace.state().document(&row.id).is_some_and(|document| field.value(document) == value);
        row.key.contains(needle)
            && (progress.is_empty() || row.facts.is_some_and(|facts| progress.contains(&Progress::of(facts.status))))
            && fields.iter().all(has_value)
            && label.as_ref().is_none_or(|label| has_label(session, &row.id, label))
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

/// All rows and, in order, those that are shown.
#[derive(Default)]
pub(super) struct Rows {
    all: BTreeMap<DocumentId, Row>,
    shown: Vec<DocumentId>,
    view: View,
    // The rows have their ranks in the order that is wanted.
    is_ranked: bool,
    // How many documents are so far; those of which nothing is known are not among them.
    counts: BTreeMap<Progress, usize>,
    follower: Follower<()>,
    // The revision of a loaded sheet that its facts are from.
    seen: BTreeMap<DocumentId, u64>,
    survey: Reading,
    // Shown though the filter does not let it through: nobody loses what they work on.
    kept: Option<DocumentId>,
}

impl Rows {
    /// Of a project that was just opened, in the usual order; on any thread.
    pub(super) fn of(workspace: &Workspace) -> Self {
        let state = workspace.state();
        let all = state.present_documents().map(|(id, document)| (id.clone(), Row::of(id, document, None))).collect();
        let mut rows = Self { all, follower: Follower::at(workspace, (), state.tables_revision), ..Self::default() };
        rows.rank();
        let mut ranked: Vec<&Row> = rows.all.values().collect();
        ranked.sort_unstable_by_key(|row| row.rank);
        rows.shown = ranked.into_iter().map(|row| row.id.clone()).collect();
        rows
    }

    pub(super) fn shown(&self) -> &[DocumentId] {
        &self.shown
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn facts(&self, id: &DocumentId) -> Option<Facts> {
        self.all.get(id)?.facts
    }

    /// How many documents are new, begun, done and doubtful.
    pub(super) fn count(&self, progress: Progress) -> usize {
        self.counts.get(&progress).copied().unwrap_or(0)
    }

    pub(super) fn contains(&self, id: &DocumentId) -> bool {
        self.all.contains_key(id)
    }

    /// Follows the data, and the filter and order that are wanted.
    pub(super) fn refresh(&mut self, session: &Session, view: &View) {
        let state = session.workspace.state();
        let mut changed = BTreeSet::new();
        let mut is_new = *view != self.view;
        self.is_ranked &= (view.sort, view.is_reversed) == (self.view.sort, self.view.is_reversed);
        match self.follower.news(&session.workspace, (), state.tables_revision) {
            News::Nothing => {}
            News::Edits(edits) => {
                changed = edits.filter_map(|edit| if let Edit::Document(change) = edit { Some(change.key.clone()) } else { None }).collect()
            }
            News::All => {
                self.renew_all(session);
                is_new = true;
            }
        }
        is_new |= self.read_survey(session);
        changed.extend(self.changed_sheets(session));
        if !is_new && changed.len() > 1 && changed.iter().all(|id| !self.all.contains_key(id)) {
            self.add_many(session, &changed);
        } else if !is_new && changed.len() <= MAX_FOLLOWED {
            changed.iter().for_each(|id| self.renew(session, id));
        } else {
            for id in &changed {
                self.put(session, id);
            }
            self.note_loaded(session);
            self.view.clone_from(view);
            self.sort(session);
        }
        self.keep_shown(session);
    }

    fn renew_all(&mut self, session: &Session) {
        let old = std::mem::take(&mut self.all);
        let is_first = old.is_empty();
        let row = |(id, document): (&DocumentId, &Document)| {
            let facts = old.get(id).map_or_else(|| if is_first { counted(session, id) } else { facts_of_new(session, id) }, |row| row.facts);
            (id.clone(), Row::of(id, document, facts))
        };
        self.all = session.workspace.state().present_documents().map(row).collect();
        self.is_ranked = false;
        self.count_all();
    }

    fn count_all(&mut self) {
        self.counts.clear();
        for facts in self.all.values().filter_map(|row| row.facts) {
            *self.counts.entry(Progress::of(facts.status)).or_default() += 1;
        }
    }

    /// Takes what was counted in the files, once. True when it is there now.
    fn read_survey(&mut self, session: &Session) -> bool {
        let is_news = session.survey.progress == Reading::Done && self.survey != Reading::Done;
        self.survey = session.survey.progress;
        if is_news {
            for (id, row) in self.all.iter_mut().filter(|(id, _)| !self.seen.contains_key(*id)) {
                row.facts = counted(session, id).or(row.facts);
            }
            self.is_ranked = false;
            self.count_all();
        }
        is_news
    }

    /// Documents whose loaded sheets have changed.
    fn changed_sheets(&mut self, session: &Session) -> Vec<DocumentId> {
        let state = session.workspace.state();
        let coder = session.workspace.coder();
        let own = state.sheets.keys().filter(|key| key.coder == *coder).chain(session.current());
        let news: Vec<(DocumentId, u64)> =
            own.map(|key| (key.document.clone(), state.sheet_revision(key))).filter(|(id, revision)| self.seen.get(id) != Some(revision)).collect();
        let changed = news.iter().map(|(id, _)| id.clone()).collect();
        self.seen.extend(news);
        changed
    }

    /// The facts of all loaded sheets, blank ones among them.
    fn note_loaded(&mut self, session: &Session) {
        for key in session.workspace.loaded_sheets(session.workspace.coder()).keys() {
            self.note_facts(session, &key.document);
        }
    }

    fn note_facts(&mut self, session: &Session, id: &DocumentId) {
        let key = SheetKey::new(id, session.workspace.coder());
        let Some(row) = self.all.get_mut(id).filter(|_| session.workspace.is_loaded(&key)) else { return };
        let facts = Some(facts_of(session.sheet_of(&key)));
        let old = std::mem::replace(&mut row.facts, facts);
        self.is_ranked &= old == facts;
        self.count_less(old);
        self.count_more(facts);
    }

    /// Puts in the row of a document as it is now.
    fn put(&mut self, session: &Session, id: &DocumentId) {
        self.is_ranked = false;
        let facts = self.all.remove(id).map_or_else(
            || facts_of_new(session, id),
            |row| {
                self.count_less(row.facts);
                row.facts
            },
        );
        if let Some(document) = session.workspace.state().document(id).filter(|document| !document.in_trash) {
            self.all.insert(id.clone(), Row::of(id, document, facts));
            self.count_more(facts);
        }
    }

    fn count_more(&mut self, facts: Option<Facts>) {
        if let Some(facts) = facts {
            *self.counts.entry(Progress::of(facts.status)).or_default() += 1;
        }
    }

    fn count_less(&mut self, facts: Option<Facts>) {
        if let Some(count) = facts.and_then(|facts| self.counts.get_mut(&Progress::of(facts.status))) {
            *count = count.saturating_sub(1);
        }
    }

    /// Gives each row its place in the order, so that what is typed into the filter only sorts numbers.
    fn rank(&mut self) {
        let view = &self.view;
        let mut rows: Vec<&mut Row> = self.all.values_mut().collect();
        rows.sort_unstable_by(|a, b| view.compare(a, b));
        rows.into_iter().zip(0..).for_each(|(row, rank)| row.rank = rank);
        self.is_ranked = true;
    }

    fn sort(&mut self, session: &Session) {
        if !self.is_ranked {
            self.rank();
        }
        let needle = self.view.filter.words.trim().to_lowercase();
        let view = &self.view;
        let mut shown: Vec<&Row> = self.all.values().filter(|row| view.lets_through(row, &needle, session)).collect();
        shown.sort_unstable_by_key(|row| row.rank);
        self.shown = shown.into_iter().map(|row| row.id.clone()).collect();
        self.kept = None;
    }

    /// One document came, changed or went.
    fn renew(&mut self, session: &Session, id: &DocumentId) {
        self.take_out(id);
        self.put(session, id);
        self.note_facts(session, id);
        let needle = self.view.filter.words.trim().to_lowercase();
        if self.all.get(id).is_some_and(|row| self.view.lets_through(row, &needle, session)) {
            self.shown.insert(self.place_of(id), id.clone());
        }
        self.kept.take_if(|kept| kept == id);
    }

    /// Documents came: each is looked for a place for, and all are put in at once.
    fn add_many(&mut self, session: &Session, ids: &BTreeSet<DocumentId>) {
        for id in ids {
            self.put(session, id);
            self.note_facts(session, id);
        }
        let needle = self.view.filter.words.trim().to_lowercase();
        let rows = ids.iter().filter_map(|id| self.all.get(id));
        let mut new: Vec<&Row> = rows.filter(|row| self.view.lets_through(row, &needle, session)).collect();
        new.sort_unstable_by(|a, b| self.view.compare(a, b));
        let mut old = std::mem::take(&mut self.shown).into_iter();
        let mut shown = Vec::with_capacity(old.len() + new.len());
        for row in new {
            let is_before = |other: &DocumentId| self.all.get(other).is_some_and(|other| self.view.compare(other, row).is_lt());
            let before = old.as_slice().partition_point(is_before);
            shown.extend(old.by_ref().take(before));
            shown.push(row.id.clone());
        }
        shown.extend(old);
        self.shown = shown;
    }

    fn take_out(&mut self, id: &DocumentId) {
        let place = self.place_of(id);
        if self.shown.get(place) == Some(id) {
            self.shown.remove(place);
        }
    }

    /// Where a document stands in the list, or would stand. Before its row changes, this is where it is.
    fn place_of(&self, id: &DocumentId) -> usize {
        let Some(row) = self.all.get(id) else { return self.shown.len() };
        self.shown.partition_point(|other| self.all.get(other).is_some_and(|other| self.view.compare(other, row).is_lt()))
    }

    /// The shown document stays in the list while it is shown, though its status or labels change.
    fn keep_shown(&mut self, session: &Session) {
        let current = session.current().map(|key| &key.document);
        if let Some(kept) = self.kept.take_if(|kept| Some(&*kept) != current) {
            self.take_out(&kept);
        }
        if let Some(id) = current.filter(|id| self.kept.is_none() && self.all.contains_key(*id)) {
            let place = self.place_of(id);
            if self.shown.get(place) != Some(id) && self.view.filter.needs_sheets() {
                self.shown.insert(place, id.clone());
                self.kept = Some(id.clone());
            }
        }
    }
}

fn facts_of(sheet: &Sheet) -> Facts {
    Facts::new(sheet.info.status, sheet.spans.len() + sheet.claims.len())
}

/// What the files say, where they were counted.
fn counted(session: &Session, id: &DocumentId) -> Option<Facts> {
    session.survey.digest(id).map(|digest| Facts::new(digest.status, digest.spans + digest.claims))
}

/// A document that came while the project is open: nothing was said of it, unless it was counted before.
fn facts_of_new(session: &Session, id: &DocumentId) -> Option<Facts> {
    counted(session, id).or(Some(Facts::new(Status::New, 0)))
}
