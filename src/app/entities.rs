//! Entities as wholes: selected, changed, merged, split, deleted.

use super::App;
use super::dialogs::{Dialog, UsesForm, UsesPurpose};
use super::inspector::Focus;
use super::jobs::Done;
use super::labelling::Typed;
use super::queue::EntityField;
use super::survey::Reading;
use super::words::{tr, tr_with};
use crate::edit::ops;
use crate::model::{DocumentId, Entity, EntityId, EntityUse, Finding, Severity, SheetKey, State};
use crate::suggest::dictionary::Dictionary;
use crate::suggest::duplicates::likely_duplicates;

/// Sheets that were read to see where an entity is used.
pub(crate) type ReadSheets = Vec<crate::store::Loaded>;

impl App {
    /// Shows an entity in the inspector; no mark is selected then.
    pub(crate) fn select_entity(&mut self, entity: Option<EntityId>) {
        if entity.is_some() {
            self.select_mark(None);
        }
        if let Some(session) = &mut self.session {
            session.selected_entity = entity;
        }
    }

    /// Replaces a field of an entity by what was typed: names and ids stand one a line.
    pub(crate) fn set_entity_field(&mut self, entity: EntityId, field: EntityField, text: &str) {
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        let Some(session) = &self.session else { return };
        let transaction = ops::edit_entity(session.workspace.state(), entity, |row| match field {
            EntityField::Name => text.trim().clone_into(&mut row.name),
            EntityField::Aliases => row.aliases = lines(),
            EntityField::KnowledgeBaseIds => row.knowledge_base_ids = lines(),
            EntityField::Note => text.clone_into(&mut row.note),
        });
        self.commit_typed(Typed::Entity(entity, field), transaction);
    }

    /// Opens or leaves the table of entities.
    pub(crate) fn toggle_entity_table(&mut self) {
        if self.panels.entities.close() {
            return;
        }
        self.panels.codebook.close();
        self.panels.entities.open();
        self.panels.show_inspector = true;
        self.start_survey();
        let lit = self.lit_entity();
        self.select_mark(None);
        self.select_entity(lit);
    }

    /// A new entity; its name is typed next.
    pub(crate) fn add_entity(&mut self) {
        let Some(session) = &mut self.session else { return };
        let id = session.workspace.next_id();
        let entity = Entity { made_by: Some(session.workspace.coder().clone()), ..Entity::new(tr("New entity"), None) };
        self.change(|state| ops::add_entity(state, id, entity));
        self.select_entity(Some(EntityId(id)));
        self.focus_field(Focus::EntityName);
    }

    pub(crate) fn merge_entities(&mut self, winner: EntityId, losers: &[EntityId]) {
        let Some(session) = &self.session else { return };
        let transaction = ops::merge_entities(session.workspace.state(), winner, losers);
        if self.commit(transaction) {
            self.panels.entities.let_go();
            self.select_entity(Some(winner));
            let name = self.session.as_ref().and_then(|session| session.workspace.state().entities.get(&winner)).map(|entity| entity.name.clone());
            self.say(tr_with("Merged into {}; mentions and roles follow", name.unwrap_or_default()));
        }
    }

    /// Compares all entities on another thread.
    pub(crate) fn find_duplicates(&mut self) {
        let Some(session) = &self.session else { return };
        let state = session.workspace.state();
        let mut copy = State::new(state.project.clone(), state.schema.as_ref().clone());
        copy.entities.clone_from(&state.entities);
        let revision = state.entities_revision;
        self.jobs.start(&self.ctx, tr("Comparing names"), move |_, _| Done::DuplicatesFound(revision, likely_duplicates(&copy)));
    }

    /// Reads the dictionaries of the project, if there are any.
    pub(crate) fn read_dictionaries(&mut self) {
        let Some(session) = &self.session else { return };
        let dictionaries = session.workspace.dictionaries();
        self.jobs.start(&self.ctx, tr("Reading dictionaries"), move |progress, cancel| match dictionaries.load_all((progress, cancel)) {
            Ok((dictionary, findings)) => Done::DictionaryRead(Box::new(dictionary), findings),
            Err(error) => {
                let finding = Finding::new(Severity::Warning, "dictionary-unreadable", error.to_string());
                Done::DictionaryRead(Box::default(), vec![finding])
            }
        });
    }

    pub(crate) fn dictionary_read(&mut self, dictionary: Dictionary, findings: Vec<Finding>) {
        if let Some(session) = &mut self.session {
            session.dictionary = dictionary;
        }
        self.note_findings(findings);
    }

    /// Takes out again what was merged into an entity.
    pub(crate) fn unmerge_entity(&mut self, loser: EntityId) {
        self.change(|state| ops::unmerge_entity(state, loser));
        self.select_entity(Some(loser));
    }

    /// Merges what is chosen in the table into the selected one.
    pub(crate) fn merge_chosen_entities(&mut self) {
        let Some(session) = &self.session else { return };
        let in_hand = self.panels.entities.in_hand(session);
        match in_hand.split_first() {
            Some((winner, losers)) if !losers.is_empty() => self.merge_entities(*winner, losers),
            _ => self.say(tr("Choose the others with Ctrl+click or Space, and select the one that stays")),
        }
    }

    /// Looks where the selected entity is used, and then asks.
    pub(crate) fn ask_about_uses(&mut self, purpose: UsesPurpose) {
        self.count_changes();
        let Some(session) = &mut self.session else { return };
        let Some(entity) = session.selected_entity else { return };
        if session.survey.progress != Reading::Done {
            return self.say(tr("Still counting; try again in a moment"));
        }
        let state = session.workspace.state();
        let Some((entity, row)) = state.entity(entity) else { return };
        let form = UsesForm::new(entity, row.name.clone(), purpose);
        let coder = session.workspace.coder().clone();
        let documents: Vec<DocumentId> = session.survey.documents_of(state, entity);
        let missing: Vec<SheetKey> = documents.iter().map(|id| SheetKey::new(id, &coder)).filter(|key| !session.workspace.is_loaded(key)).collect();
        let loader = session.workspace.loader();
        self.dialog = Some(Dialog::Uses(form));
        self.jobs.start(&self.ctx, tr("Looking for uses"), move |progress, cancel| {
            progress.set_total(missing.len() as u64);
            let mut sheets = ReadSheets::new();
            for key in missing {
                if cancel.is_cancelled() {
                    break;
                }
                sheets.extend(loader.load(&key).ok());
                progress.add(1);
            }
            Done::UsesRead(documents, sheets)
        });
    }

    /// The sheets with uses are here: they go into memory, and the dialog shows the uses.
    pub(crate) fn uses_read(&mut self, documents: &[DocumentId], sheets: ReadSheets) {
        let Some(session) = &mut self.session else { return };
        let findings = sheets.into_iter().flat_map(|loaded| session.workspace.insert_loaded(loaded)).collect();
        let coder = session.workspace.coder().clone();
        let keys: Vec<SheetKey> = documents.iter().map(|id| SheetKey::new(id, &coder)).collect();
        if let Some(Dialog::Uses(form)) = &mut self.dialog {
            form.show(session, &keys);
        }
        self.note_findings(findings);
    }

    pub(crate) fn split_entity(&mut self, entity: EntityId, uses: &[(SheetKey, EntityUse)], name: &str) {
        let Some(session) = &mut self.session else { return };
        let id = session.workspace.next_id();
        let transaction = ops::split_entity(session.workspace.state(), entity, uses, id, name);
        if self.commit(transaction) {
            self.select_entity(Some(EntityId(id)));
        }
    }

    pub(crate) fn delete_entity(&mut self, entity: EntityId, sheets: &[SheetKey]) {
        let Some(session) = &self.session else { return };
        let transaction = ops::delete_entity(session.workspace.state(), entity, sheets);
        if self.commit(transaction) {
            self.select_entity(None);
            self.say(tr("Deleted; Undo takes it back"));
        }
    }
}
