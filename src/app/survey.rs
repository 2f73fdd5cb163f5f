//! What the coder has said in all documents, counted: for the table of entities and the unfinished claims of the project.
//!
//! Sheets that are not in memory are read once, by a job, behind an article that is being opened; what is in memory is
//! counted anew when it changes, and of the shown article only the rows that changed.

use std::collections::{BTreeMap, BTreeSet};

use super::App;
use super::follow::{Follower, News};
use super::jobs::Done;
use super::session::Session;
use super::words::tr;
use crate::model::{DocumentId, EntityId, SheetKey, State};
use crate::stats::{Digest, EntityCount, Tally};
use crate::workspace::Workspace;
use crate::workspace::survey::survey;

/// The counts of all documents.
#[derive(Default)]
pub(crate) struct Survey {
    digests: BTreeMap<DocumentId, Digest>,
    // The revision of a loaded sheet that its digest was made from.
    counted: BTreeMap<DocumentId, u64>,
    // The counts of the shown sheet.
    followed: Option<Followed>,
    // The revision of the data up to which loaded sheets were looked at.
    looked_up_to: Option<u64>,
    totals: BTreeMap<EntityId, Total>,
    pub(crate) progress: Reading,
    /// Changes with every change of a digest.
    pub(crate) revision: u64,
}

/// How far the files are read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Reading {
    #[default]
    NotYet,
    /// Once nothing is being opened.
    Wanted,
    Running,
    Done,
}

/// Counts of a sheet that follow its changes.
struct Followed {
    key: SheetKey,
    tally: Tally,
    follower: Follower<()>,
    schema_revision: u64,
}

impl Followed {
    fn new(key: &SheetKey, tally: Tally, workspace: &Workspace) -> Self {
        let state = workspace.state();
        let follower = Follower::at(workspace, (), state.sheet_revision(key));
        Self { key: key.clone(), tally, follower, schema_revision: state.schema_revision }
    }

    /// False where the changes are not known any more.
    fn follow(&mut self, workspace: &Workspace) -> bool {
        let state = workspace.state();
        match self.follower.news(workspace, (), state.sheet_revision(&self.key)) {
            News::Nothing => {}
            News::Edits(edits) => {
                edits.filter(|edit| edit.sheet() == Some(&self.key)).for_each(|edit| self.tally.follow(edit, &state.schema));
            }
            News::All => return false,
        }
        if self.schema_revision != state.schema_revision {
            self.tally.follow_codebook(state.sheet(&self.key), &state.schema);
            self.schema_revision = state.schema_revision;
        }
        true
    }
}

/// How often an entity is used, by its id as stored.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Total {
    pub(crate) mentions: usize,
    pub(crate) roles: usize,
    pub(crate) documents: usize,
}

impl Total {
    fn plus(self, other: &Self) -> Self {
        Self { mentions: self.mentions + other.mentions, roles: self.roles + other.roles, documents: self.documents + other.documents }
    }
}

impl Survey {
    /// Takes what was counted beside the window, of the data as they are now.
    pub(crate) fn take_ready(&mut self, tally: Tally, key: &SheetKey, workspace: &Workspace) {
        self.put(key.document.clone(), tally.digest().clone());
        self.counted.insert(key.document.clone(), workspace.state().sheet_revision(key));
        self.followed = Some(Followed::new(key, tally, workspace));
    }

    /// What the job need not read, as it is in memory and counted.
    fn counted_now(&mut self, session: &Session) -> BTreeSet<DocumentId> {
        // Before anybody wanted counts, nobody counted what left memory.
        let coder = session.workspace.coder();
        self.counted.retain(|id, _| session.workspace.is_loaded(&SheetKey::new(id, coder)));
        self.looked_up_to = None;
        self.refresh(session);
        self.counted.keys().cloned().collect()
    }

    /// Counts anew what changed in memory since the last time. Quick when nothing did.
    pub(crate) fn refresh(&mut self, session: &Session) {
        let state = session.workspace.state();
        let coder = session.workspace.coder();
        let changed = self.looked_up_to.replace(state.revision()).and_then(|revision| session.workspace.sheets_since(revision));
        let own: Box<dyn Iterator<Item = &SheetKey>> = match changed {
            Some(changed) => Box::new(changed.filter(|key| key.coder == *coder)),
            None => Box::new(session.workspace.loaded_keys(coder)),
        };
        let stale: BTreeMap<SheetKey, u64> = own
            .chain(session.current())
            .map(|key| (key.clone(), state.sheet_revision(key)))
            .filter(|(key, revision)| self.counted.get(&key.document) != Some(revision))
            .collect();
        for (key, revision) in stale {
            if session.current() == Some(&key) {
                let mut followed = self.followed.take().filter(|followed| followed.key == key);
                let is_followed = followed.as_mut().is_some_and(|followed| followed.follow(&session.workspace));
                let followed = followed.filter(|_| is_followed);
                let followed = followed.unwrap_or_else(|| Followed::new(&key, Tally::of(state.sheet(&key), &state.schema), &session.workspace));
                self.put(key.document.clone(), followed.tally.digest().clone());
                self.followed = Some(followed);
            } else {
                self.put(key.document.clone(), Digest::of(state.sheet(&key), &state.schema));
            }
            self.counted.insert(key.document, revision);
        }
    }

    /// Counts as if they had been read.
    #[cfg(test)]
    pub(crate) fn of_digests(digests: impl IntoIterator<Item = (DocumentId, Digest)>) -> Self {
        let mut survey = Self::default();
        digests.into_iter().for_each(|(id, digest)| survey.put(id, digest));
        survey
    }

    /// Takes what the job has read, but for what memory knows better.
    fn take(&mut self, mut read: Self) {
        let counted = std::mem::take(&mut self.counted);
        for (id, digest) in counted.keys().filter_map(|id| self.digests.remove_entry(id)) {
            read.put(id, digest);
        }
        *self = Self { counted, followed: self.followed.take(), progress: Reading::Done, revision: self.revision + 1, ..read };
    }

    fn put(&mut self, id: DocumentId, digest: Digest) {
        let old = self.digests.remove(&id).unwrap_or_default();
        // Mostly one row has changed.
        for (entity, count) in old.entities.iter().filter(|(entity, count)| digest.entities.get(*entity) != Some(count)) {
            self.add(*entity, count, Sign::Minus);
        }
        for (entity, count) in digest.entities.iter().filter(|(entity, count)| old.entities.get(*entity) != Some(count)) {
            self.add(*entity, count, Sign::Plus);
        }
        self.revision += u64::from(old != digest);
        self.digests.insert(id, digest);
    }

    fn add(&mut self, entity: EntityId, count: &EntityCount, sign: Sign) {
        let total = self.totals.entry(entity).or_default();
        for (sum, part) in [(&mut total.mentions, count.mentions), (&mut total.roles, count.roles), (&mut total.documents, 1)] {
            *sum = if sign == Sign::Plus { *sum + part } else { sum.saturating_sub(part) };
        }
    }

    /// The uses of every living entity, merged ones counted for where the merge leads.
    pub(crate) fn totals(&self, state: &State) -> BTreeMap<EntityId, Total> {
        let mut totals: BTreeMap<EntityId, Total> = BTreeMap::new();
        for (id, total) in &self.totals {
            let Some((winner, _)) = state.entity(*id) else { continue };
            let sum = totals.entry(winner).or_default();
            *sum = sum.plus(total);
        }
        totals
    }

    /// The uses of a living entity, as in [`Self::totals`].
    pub(crate) fn total_of(&self, state: &State, entity: EntityId) -> Total {
        let parts = state.entity_with_losers(entity);
        parts.iter().filter_map(|id| self.totals.get(id)).fold(Total::default(), |sum, part| sum.plus(part))
    }

    /// What is counted of a document's sheet.
    pub(crate) fn digest(&self, id: &DocumentId) -> Option<&Digest> {
        self.digests.get(id)
    }

    /// Documents in which an entity is used.
    pub(crate) fn documents_of(&self, state: &State, entity: EntityId) -> Vec<DocumentId> {
        let alike = state.entity_with_losers(entity);
        let has = |digest: &Digest| digest.entities.keys().any(|id| alike.contains(id));
        self.digests.iter().filter(|(_, digest)| has(digest)).map(|(id, _)| id.clone()).collect()
    }

    /// Documents with unfinished claims, and which.
    pub(crate) fn unfinished(&self) -> impl Iterator<Item = (&DocumentId, &Digest)> {
        self.digests.iter().filter(|(_, digest)| !digest.unfinished.is_empty())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
}

impl App {
    /// Reads all sheets once, unless it was done.
    pub(crate) fn start_survey(&mut self) {
        if let Some(session) = &mut self.session
            && session.survey.progress == Reading::NotYet
        {
            session.survey.progress = Reading::Wanted;
        }
        self.read_for_survey();
    }

    /// Reads the sheets that are not in memory, once no article is being opened, which would be read twice.
    fn read_for_survey(&mut self) {
        let Some(session) = &mut self.session else { return };
        if session.survey.progress != Reading::Wanted || session.awaited.is_some() {
            return;
        }
        let mut counts = std::mem::take(&mut session.survey);
        let counted = counts.counted_now(session);
        session.survey = Survey { progress: Reading::Running, ..counts };
        let state = session.workspace.state();
        let (documents, schema) = (state.documents.clone(), state.schema.clone());
        let (loader, coder) = (session.workspace.loader(), session.workspace.coder().clone());
        self.jobs.start(&self.ctx, tr("Counting"), move |progress, cancel| {
            let present = documents.iter().filter(|(id, document)| !document.in_trash && !counted.contains(*id));
            let documents: Vec<DocumentId> = present.map(|(id, _)| id.clone()).collect();
            let mut read = Survey::default();
            let findings = survey(&loader, &schema, &coder, &documents, (progress, cancel), &mut |id, digest| read.put(id, digest));
            Done::Surveyed(Box::new(read), findings)
        });
    }

    pub(crate) fn surveyed(&mut self, read: Survey) {
        if let Some(session) = &mut self.session {
            session.survey.take(read);
        }
    }

    /// Counts anew what changed, while something shows the counts.
    pub(crate) fn refresh_survey(&mut self) {
        if self.panels.show_documents && self.panels.documents.wants_counts() {
            self.start_survey();
        }
        self.read_for_survey();
        if self.panels.entities.is_open() || self.panels.show_inspector && self.panels.lists.shows_project() {
            self.count_changes();
        }
    }

    /// Counts anew what changed; also before a sheet leaves memory.
    pub(crate) fn count_changes(&mut self) {
        let Some(session) = &mut self.session else { return };
        if session.survey.progress == Reading::NotYet {
            return;
        }
        let mut survey = std::mem::take(&mut session.survey);
        survey.refresh(session);
        session.survey = survey;
    }
}
