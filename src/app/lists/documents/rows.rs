//! The rows of the list of documents: which, in which order, and what is known of the coder's work on each.
//!
//! They follow the changes of documents one by one, so that a change costs the same in a project of any size.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::ops::{Bound, ControlFlow};
use std::time::{Duration, Instant};

use super::view::{Progress, View};
use crate::app::follow::{Follower, News};
use crate::app::session::Session;
use crate::app::survey::Reading;
use crate::edit::Edit;
use crate::model::{Date, Document, DocumentId, Sheet, SheetKey, Status};
use crate::progress::CancelToken;
use crate::store::parallel;
use crate::workspace::Workspace;

/// Where more documents changed at once, all rows are made anew.
const MAX_FOLLOWED: usize = 64;
/// So long may the list look through its rows in a frame; the next frame goes on.
const IN_A_FRAME: Duration = Duration::from_micros(1500);
/// So many rows are looked at before the clock is.
const AT_ONCE: usize = 256;
/// So long may it take in a frame to find the places of documents that came. How many are looked for is learnt from frame to frame.
const PLACING_IN_A_FRAME: Duration = Duration::from_micros(600);
const FEWEST_PLACED: usize = 16;
/// While more are coming, places are looked for when there is one for so many rows: all rows behind them move.
const ROWS_TO_COMING: usize = 64;
/// So many rows are made or put in order by one thread.
const PART: usize = 4096;

/// A row with the document that it is of.
pub(super) type Named<'r> = (&'r DocumentId, &'r Row);

/// One document.
pub(super) struct Row {
    /// In small letters, a line each: title, source, author and file name. What the filter looks at, and the orders.
    pub(super) key: Box<str>,
    // Where in it the title and the source end.
    title_end: u32,
    source_end: u32,
    pub(super) date: Option<Date>,
    pub(super) facts: Option<Facts>,
}

impl Row {
    fn of(document: &Document, facts: Option<Facts>) -> Self {
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
        Self { key: key.into_boxed_str(), title_end, source_end, date, facts }
    }

    pub(super) fn title(&self) -> &str {
        self.key.get(..self.title_end as usize).unwrap_or_default()
    }

    pub(super) fn source(&self) -> &str {
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

/// All rows and, in order, those that are shown.
///
/// Rows are let through the filter in their order, as many in a frame as it has time for: those that are seen come first.
#[derive(Default)]
pub(super) struct Rows {
    all: BTreeMap<DocumentId, Row>,
    // All of them in the order that is wanted, while that is so.
    order: Vec<DocumentId>,
    is_ordered: bool,
    // Of so many of them the filter let these through.
    looked_at: usize,
    shown: Vec<DocumentId>,
    view: View,
    // How many documents are so far; those of which nothing is known are not among them.
    counts: BTreeMap<Progress, usize>,
    follower: Follower<()>,
    // The revision of a loaded sheet that its facts are from.
    seen: BTreeMap<DocumentId, u64>,
    // The revision of the data, and the shown sheet, up to which loaded sheets were looked at.
    looked_up_to: Option<(u64, Option<SheetKey>)>,
    survey: Reading,
    // What was counted is taken over up to this document.
    taking: Option<Bound<DocumentId>>,
    // Documents that came, and have no row yet; true when some came in this frame.
    coming: BTreeSet<DocumentId>,
    is_more_coming: bool,
    // So many of them get a row in a frame.
    pace: usize,
    // Shown though the filter does not let it through: nobody loses what they work on.
    kept: Option<DocumentId>,
}

impl Rows {
    /// Of a project that was just opened, in the usual order; on any thread, and on all cores.
    pub(super) fn of(workspace: &Workspace) -> Self {
        let state = workspace.state();
        let documents: Vec<(&DocumentId, &Document)> = state.present_documents().collect();
        let parts: Vec<&[(&DocumentId, &Document)]> = documents.chunks(PART).collect();
        let mut rows = Vec::with_capacity(documents.len());
        let read = |(): &mut (), part: &&[(&DocumentId, &Document)]| {
            part.iter().map(|(id, document)| ((*id).clone(), Row::of(document, None))).collect::<Vec<_>>()
        };
        let take = |part: Vec<(DocumentId, Row)>| {
            rows.extend(part);
            ControlFlow::Continue(())
        };
        parallel::in_order(&parts, &CancelToken::new(), || (), read, take);
        let mut rows = Self { all: rows.into_iter().collect(), follower: Follower::at(workspace, (), state.tables_revision), ..Self::default() };
        rows.put_in_order();
        (rows.looked_at, rows.shown) = (rows.order.len(), rows.order.clone());
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

    /// True when every row went through the filter.
    pub(super) fn is_complete(&self) -> bool {
        self.looked_at == self.order.len() && self.taking.is_none() && self.coming.is_empty()
    }

    /// Looks through all rows that are left.
    pub(super) fn complete(&mut self, session: &Session) {
        self.is_more_coming = false;
        while !self.is_complete() {
            self.look_on(session);
        }
    }

    /// Follows the data, and the filter and order that are wanted, as far as a frame has time.
    pub(super) fn refresh(&mut self, session: &Session, view: &View) {
        let state = session.workspace.state();
        // Documents that changed, and those that went.
        let (mut changed, mut gone) = (BTreeSet::new(), BTreeSet::new());
        let mut is_new = *view != self.view;
        self.is_ordered &= (view.sort, view.is_reversed) == (self.view.sort, self.view.is_reversed);
        match self.follower.news_of_table(&session.workspace, (), state.tables_revision) {
            News::Nothing => {}
            News::Edits(edits) => {
                for edit in edits {
                    let Edit::Document(change) = edit else { continue };
                    let is_gone = change.after.as_ref().is_none_or(|document| document.in_trash);
                    let (to, from) = if is_gone { (&mut gone, &mut changed) } else { (&mut changed, &mut gone) };
                    from.remove(&change.key);
                    to.insert(change.key.clone());
                }
            }
            News::All => {
                self.renew_all(session);
                is_new = true;
            }
        }
        self.read_survey(session);
        changed.extend(self.changed_sheets(session).into_iter().filter(|id| !gone.contains(id)));
        if is_new {
            changed.append(&mut gone);
        } else if !gone.is_empty() {
            self.take_out(&gone);
        }
        changed.retain(|id| !self.coming.contains(id));
        self.is_more_coming = !is_new && changed.len() > 1 && changed.iter().all(|id| !self.all.contains_key(id));
        if self.is_more_coming {
            // One by one: to append makes the whole set anew.
            self.coming.extend(std::mem::take(&mut changed));
        } else if !is_new && changed.len() <= MAX_FOLLOWED {
            changed.iter().for_each(|id| self.renew(session, id));
        } else {
            for id in &changed {
                self.put(session, id);
            }
            self.is_ordered &= changed.is_empty();
            self.note_loaded(session);
            self.view.clone_from(view);
            self.look_anew();
        }
        if !self.is_complete() {
            self.look_on(session);
        }
        self.keep_shown(session);
    }

    fn renew_all(&mut self, session: &Session) {
        let old = std::mem::take(&mut self.all);
        let is_first = old.is_empty();
        let row = |(id, document): (&DocumentId, &Document)| {
            let known = |row: &Row| counted(session, id).or(row.facts);
            let facts = old.get(id).map_or_else(|| if is_first { counted(session, id) } else { facts_of_new(session, id) }, known);
            (id.clone(), Row::of(document, facts))
        };
        self.all = session.workspace.state().present_documents().map(row).collect();
        self.is_ordered = false;
        self.coming.clear();
        self.count_all();
    }

    fn count_all(&mut self) {
        self.counts.clear();
        for facts in self.all.values().filter_map(|row| row.facts) {
            *self.counts.entry(Progress::of(facts.status)).or_default() += 1;
        }
    }

    /// What was counted in the files is taken over, once.
    fn read_survey(&mut self, session: &Session) {
        if session.survey.progress == Reading::Done && self.survey != Reading::Done {
            self.taking = Some(Bound::Unbounded);
        }
        self.survey = session.survey.progress;
    }

    /// Takes over a part of what was counted. True when something is left.
    fn take_counts(&mut self, session: &Session) -> bool {
        let Some(from) = self.taking.take() else { return false };
        let mut last = None;
        for (id, row) in self.all.range_mut((from, Bound::Unbounded)).take(AT_ONCE) {
            last = Some(id);
            let counted = if self.seen.contains_key(id) { None } else { counted(session, id) };
            let Some(facts) = counted.filter(|facts| row.facts != Some(*facts)) else { continue };
            if let Some(count) = row.facts.and_then(|old| self.counts.get_mut(&Progress::of(old.status))) {
                *count = count.saturating_sub(1);
            }
            *self.counts.entry(Progress::of(facts.status)).or_default() += 1;
            row.facts = Some(facts);
        }
        self.taking = last.map(|id| Bound::Excluded(id.clone()));
        if self.taking.is_none() && (self.view.sort.needs_sheets() || self.view.filter.needs_sheets()) {
            self.is_ordered &= !self.view.sort.needs_sheets();
            self.look_anew();
        }
        self.taking.is_some()
    }

    /// Documents whose loaded sheets have changed.
    fn changed_sheets(&mut self, session: &Session) -> Vec<DocumentId> {
        let (state, coder) = (session.workspace.state(), session.workspace.coder());
        let now = (state.revision(), session.current().cloned());
        let before = self.looked_up_to.replace(now.clone());
        if before.as_ref() == Some(&now) {
            return Vec::new();
        }
        // Another coder's sheets may be loaded after the same revision: then the shown one is another.
        let sheets = before.filter(|(_, shown)| *shown == now.1).and_then(|(revision, _)| session.workspace.sheets_since(revision));
        let own: Box<dyn Iterator<Item = &SheetKey>> = match sheets {
            Some(sheets) => Box::new(sheets),
            None => Box::new(session.workspace.loaded_keys(coder)),
        };
        let own = own.filter(|key| key.coder == *coder).chain(session.current());
        let news: Vec<(DocumentId, u64)> = own
            .map(|key| (key, state.sheet_revision(key)))
            .filter(|(key, revision)| self.seen.get(&key.document) != Some(revision))
            .map(|(key, revision)| (key.document.clone(), revision))
            .collect();
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
        self.is_ordered &= old == facts || !self.view.sort.needs_sheets();
        self.count_less(old);
        self.count_more(facts);
    }

    /// Puts in the row of a document as it is now.
    fn put(&mut self, session: &Session, id: &DocumentId) {
        let facts = self.all.remove(id).map_or_else(
            || facts_of_new(session, id),
            |row| {
                self.count_less(row.facts);
                row.facts
            },
        );
        if let Some(document) = session.workspace.state().document(id).filter(|document| !document.in_trash) {
            self.all.insert(id.clone(), Row::of(document, facts));
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

    fn put_in_order(&mut self) {
        let view = &self.view;
        let mut rows: Vec<Named<'_>> = self.all.iter().collect();
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        if rows.len() > PART {
            let part = rows.len().div_ceil(cores);
            std::thread::scope(|scope| {
                rows.chunks_mut(part).for_each(|part| drop(scope.spawn(|| part.sort_unstable_by(|a, b| view.compare(*a, *b)))));
            });
        }
        // Quick where the parts are in order.
        rows.sort_by(|a, b| view.compare(*a, *b));
        self.order = rows.into_iter().map(|(id, _)| id.clone()).collect();
        self.is_ordered = true;
    }

    /// All rows go through the filter again.
    fn look_anew(&mut self) {
        if !self.is_ordered {
            self.put_in_order();
        }
        self.shown.clear();
        (self.looked_at, self.kept) = (0, None);
    }

    /// Looks at as many rows as a frame has time for.
    fn look_on(&mut self, session: &Session) {
        let (start, mut is_placed) = (Instant::now(), false);
        let needle = self.needle();
        while start.elapsed() < IN_A_FRAME {
            if self.take_counts(session) {
                continue;
            }
            if !is_placed && self.has_enough_coming() {
                self.place_coming(session);
                is_placed = true;
                continue;
            }
            let end = self.order.len().min(self.looked_at + AT_ONCE);
            let ids = self.order.get(self.looked_at..end).unwrap_or_default();
            let is_let_through = |id: &&DocumentId| self.all.get(*id).is_some_and(|row| self.view.lets_through((id, row), &needle, session));
            self.shown.extend(ids.iter().filter(is_let_through).cloned());
            self.looked_at = end;
            if self.looked_at == self.order.len() {
                return;
            }
        }
    }

    fn needle(&self) -> String {
        self.view.filter.words.trim().to_lowercase()
    }

    /// One document came, changed or went.
    fn renew(&mut self, session: &Session, id: &DocumentId) {
        self.hide(id);
        let place = self.place_in(&self.order, id);
        if self.order.get(place) == Some(id) {
            self.order.remove(place);
            self.looked_at -= usize::from(place < self.looked_at);
        }
        let is_ordered = self.is_ordered;
        self.put(session, id);
        self.note_facts(session, id);
        self.is_ordered = is_ordered;
        self.kept.take_if(|kept| kept == id);
        let Some(row) = self.all.get(id) else { return };
        let is_let_through = self.view.lets_through((id, row), &self.needle(), session);
        let place = self.place_in(&self.order, id);
        // What stands behind the rows that were looked at is looked at in its turn.
        let is_seen = place < self.looked_at || self.looked_at == self.order.len();
        self.order.insert(place, id.clone());
        if is_seen {
            self.looked_at += 1;
            if is_let_through {
                self.shown.insert(self.place_in(&self.shown, id), id.clone());
            }
        }
    }

    /// Documents went, or never had a row.
    fn take_out(&mut self, gone: &BTreeSet<DocumentId>) {
        let places = |list: &[DocumentId]| {
            let place = |id: &DocumentId| Some(self.place_in(list, id)).filter(|place| list.get(*place) == Some(id));
            let mut places: Vec<usize> = gone.iter().filter_map(place).collect();
            places.sort_unstable();
            places
        };
        let ordered = places(&self.order);
        let shown = if self.shown.len() == self.order.len() { ordered.clone() } else { places(&self.shown) };
        self.looked_at -= ordered.partition_point(|place| *place < self.looked_at);
        take_out(&mut self.order, &ordered);
        take_out(&mut self.shown, &shown);
        for id in gone {
            let facts = self.all.remove(id).and_then(|row| row.facts);
            self.count_less(facts);
            self.seen.remove(id);
            self.kept.take_if(|kept| kept == id);
        }
    }

    /// False while it is better to wait for others.
    fn has_enough_coming(&self) -> bool {
        !self.coming.is_empty() && (!self.is_more_coming || self.coming.len() * ROWS_TO_COMING >= self.order.len())
    }

    /// As many of the documents that came as there is time for get a row; all of them are put in at once. They come in the order of
    /// their ids, which begin with their titles, so that in the usual order each stands near the one before.
    fn place_coming(&mut self, session: &Session) {
        let start = Instant::now();
        let mut ids = Vec::new();
        for id in std::iter::from_fn(|| self.coming.pop_first()).take(self.pace.max(FEWEST_PLACED)).collect::<Vec<_>>() {
            self.put(session, &id);
            self.note_facts(session, &id);
            ids.push(id);
        }
        let mut new: Vec<Named<'_>> = ids.iter().filter_map(|id| self.all.get_key_value(id)).collect();
        new.sort_unstable_by(|a, b| self.view.compare(*a, *b));
        let order = self.places_of(&self.order, &new);
        // What stands behind the rows that were looked at is looked at in its turn.
        let is_complete = self.looked_at == self.order.len();
        let seen = if is_complete { new.len() } else { order.partition_point(|(place, _)| *place < self.looked_at) };
        let needle = self.needle();
        new.truncate(seen);
        new.retain(|row| self.view.lets_through(*row, &needle, session));
        let all_are_shown = self.shown.len() == self.order.len() && new.len() == order.len();
        let shown = if all_are_shown { order.clone() } else { self.places_of(&self.shown, &new) };
        // As many as there would have been time for, but not all at once after a quick frame.
        let in_time = ids.len() * PLACING_IN_A_FRAME.as_micros() as usize / (start.elapsed().as_micros() as usize).max(1);
        self.pace = in_time.min(2 * ids.len());
        put_in(&mut self.order, order);
        put_in(&mut self.shown, shown);
        self.looked_at += seen;
    }

    /// Where rows belong in a list; they and it are in order.
    fn places_of(&self, list: &[DocumentId], new: &[Named<'_>]) -> Vec<(usize, DocumentId)> {
        let mut from = 0;
        let place = |row: &Named<'_>| {
            // The place is often near the one before.
            let mut step = 1;
            while list.get(from + step).is_some_and(|other| self.is_in_front(other, *row)) {
                (from, step) = (from + step, step * 2);
            }
            from += self.place_of(list.get(from..list.len().min(from + step)).unwrap_or_default(), *row);
            (from, row.0.clone())
        };
        new.iter().map(place).collect()
    }

    fn hide(&mut self, id: &DocumentId) {
        let place = self.place_in(&self.shown, id);
        if self.shown.get(place) == Some(id) {
            self.shown.remove(place);
        }
    }

    /// Where a document stands in a list, or would stand. Before its row changes, this is where it is.
    fn place_in(&self, list: &[DocumentId], id: &DocumentId) -> usize {
        self.all.get(id).map_or(list.len(), |row| self.place_of(list, (id, row)))
    }

    fn place_of(&self, list: &[DocumentId], row: Named<'_>) -> usize {
        list.partition_point(|other| self.is_in_front(other, row))
    }

    fn is_in_front(&self, other: &DocumentId, row: Named<'_>) -> bool {
        self.all.get_key_value(other).is_some_and(|other| self.view.compare(other, row).is_lt())
    }

    /// The shown document stays in the list while it is shown, though its status or labels change.
    fn keep_shown(&mut self, session: &Session) {
        let current = session.current().map(|key| &key.document);
        if let Some(kept) = self.kept.take_if(|kept| Some(&*kept) != current) {
            self.hide(&kept);
        }
        let is_complete = self.is_complete();
        if let Some(id) = current.filter(|id| is_complete && self.kept.is_none() && self.all.contains_key(*id)) {
            let place = self.place_in(&self.shown, id);
            if self.shown.get(place) != Some(id) && self.view.filter.needs_sheets() {
                self.shown.insert(place, id.clone());
                self.kept = Some(id.clone());
            }
        }
    }
}

/// Puts ids in at their places in the list, of which the last comes last. Each old one moves once.
fn put_in(list: &mut Vec<DocumentId>, new: Vec<(usize, DocumentId)>) {
    let (mut end, places) = (list.len(), new.iter().map(|(place, _)| *place).collect::<Vec<_>>());
    list.extend(new.into_iter().map(|(_, id)| id));
    for (before, place) in places.into_iter().enumerate().rev() {
        // Behind the old ones stand the new ones that wait, of which the last belongs here.
        if let Some(part) = list.get_mut(place..=end + before) {
            part.rotate_left(end - place);
        }
        end = place;
    }
}

/// Takes out what stands at these places, which ascend.
fn take_out(list: &mut Vec<DocumentId>, places: &[usize]) {
    let (mut place, mut gone) = (0, places.iter().peekable());
    list.retain(|_| {
        let goes = gone.next_if_eq(&&place).is_some();
        place += 1;
        !goes
    });
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
