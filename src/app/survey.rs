//! What the coder has said in all documents, counted: for the table of entities and the unfinished claims of the project.
//!
//! Sheets that are not in memory are read once, by a job; what is in memory is counted anew when it changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::App;
use super::jobs::Done;
use super::session::Session;
use super::words::tr;
use crate::model::{DocumentId, EntityId, Schema, Sheet, SheetKey, State};
use crate::stats::{Digest, EntityCount};
use crate::workspace::survey::survey;

/// The counts of all documents.
#[derive(Default)]
pub(crate) struct Survey {
    digests: BTreeMap<DocumentId, Digest>,
    // The revision of a loaded sheet that its digest was made from.
    counted: BTreeMap<DocumentId, u64>,
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
    Running,
    Done,
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

/// What is counted in a sheet as it was read, on any thread.
pub(crate) struct ReadyDigest {
    digest: Digest,
    // What it is of.
    sheet: Sheet,
    schema: Arc<Schema>,
}

impl ReadyDigest {
    pub(crate) fn new(sheet: &Sheet, schema: Arc<Schema>) -> Self {
        Self { digest: Digest::of(sheet, &schema), sheet: sheet.clone(), schema }
    }
}

impl Survey {
    /// Takes what was counted beside the window, where it is of the data as they are now, and counts are wanted at all.
    pub(crate) fn take_ready(&mut self, ready: ReadyDigest, key: &SheetKey, state: &State) {
        let is_current = state.sheet(key).has_rows_of(&ready.sheet) && Arc::ptr_eq(&ready.schema, &state.schema);
        if is_current && self.progress != Reading::NotYet {
            self.put(key.document.clone(), ready.digest);
            self.counted.insert(key.document.clone(), state.sheet_revision(key));
        }
    }

    /// Counts anew what changed in memory since the last time. Quick when nothing did.
    pub(crate) fn refresh(&mut self, session: &Session) {
        let state = session.workspace.state();
        let coder = session.workspace.coder();
        let own = state.sheets.keys().filter(|key| key.coder == *coder).chain(session.current());
        let stale: Vec<(SheetKey, u64)> = own
            .map(|key| (key.clone(), state.sheet_revision(key)))
            .filter(|(key, revision)| self.counted.get(&key.document) != Some(revision))
            .collect();
        for (key, revision) in stale {
            self.put(key.document.clone(), Digest::of(state.sheet(&key), &state.schema));
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
        *self = Self { counted, progress: Reading::Done, revision: self.revision + 1, ..read };
    }

    fn put(&mut self, id: DocumentId, digest: Digest) {
        if self.digests.get(&id) == Some(&digest) {
            return;
        }
        if let Some(old) = self.digests.remove(&id) {
            old.entities.iter().for_each(|(entity, count)| self.add(*entity, count, Sign::Minus));
        }
        digest.entities.iter().for_each(|(entity, count)| self.add(*entity, count, Sign::Plus));
        self.digests.insert(id, digest);
        self.revision += 1;
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
        let Some(session) = &mut self.session else { return };
        if session.survey.progress != Reading::NotYet {
            return;
        }
        session.survey.progress = Reading::Running;
        let state = session.workspace.state();
        let (documents, schema) = (state.documents.clone(), state.schema.clone());
        let (loader, coder) = (session.workspace.loader(), session.workspace.coder().clone());
        self.jobs.start(&self.ctx, tr("Counting"), move |progress, cancel| {
            let present = documents.iter().filter(|(_, document)| !document.in_trash);
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
