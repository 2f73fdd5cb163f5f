//! What the forms ask for.

use super::{BigChange, CodebookField, Table};
use crate::app::App;
use crate::app::drafts::parse;
use crate::app::labelling::Typed;
use crate::app::words::tr;
use crate::edit::Transaction;
use crate::edit::ops::{self, CodebookError, Direction, OpError};
use crate::model::{
    AttributeDef, AttributeKey, AttributeKind, CodebookKey, Label, LabelKey, LabelKind, RelationKey, RelationType, RoleDef, RoleKey, State,
};

/// Something to do with the codebook.
pub(crate) enum CodebookAction {
    Show(Table),
    Select(CodebookKey),
    Add {
        table: Table,
        name: String,
        kind: LabelKind,
    },
    /// A field as far as it is typed; no row for the codebook itself.
    Type {
        row: Option<CodebookKey>,
        field: CodebookField,
        text: String,
    },
    Label(LabelKey, Box<Label>),
    Attribute(AttributeKey, Box<AttributeDef>),
    Role(RoleKey, Box<RoleDef>),
    RelationType(RelationKey, Box<RelationType>),
    Move(CodebookKey, Direction),
    Retire(CodebookKey, bool),
    /// Count what a change touches, and ask.
    Ask(BigChange),
    /// Do it.
    Do(BigChange),
}

impl App {
    pub(crate) fn act_on_codebook(&mut self, action: CodebookAction) {
        match action {
            CodebookAction::Show(table) => self.panels.codebook.show(table),
            CodebookAction::Select(row) => self.panels.codebook.select(row),
            CodebookAction::Add { table, name, kind } => self.add_to_codebook(table, &name, kind),
            CodebookAction::Type { row, field, text } => self.type_in_codebook(row, field, &text),
            CodebookAction::Label(key, row) => self.change(|state| ops::edit_label(state, &key, |label| *label = *row)),
            CodebookAction::Attribute(key, row) => self.change(|state| ops::edit_attribute(state, &key, |def| *def = *row)),
            CodebookAction::Role(key, row) => self.change(|state| ops::edit_role(state, &key, |def| *def = *row)),
            CodebookAction::RelationType(key, row) => self.change(|state| ops::edit_relation_type(state, &key, |def| *def = *row)),
            CodebookAction::Move(row, direction) => {
                self.change(|state| ops::move_row(state, &row, direction));
                self.panels.codebook.select(row);
            }
            CodebookAction::Retire(row, is_retired) => self.change(|state| ops::retire_row(state, &row, is_retired)),
            CodebookAction::Ask(change) => self.ask_about_change(change),
            CodebookAction::Do(change) => self.do_big_change(&change),
        }
    }

    /// Opens or leaves the codebook.
    pub(crate) fn toggle_codebook(&mut self) {
        if !self.panels.codebook.close() {
            self.panels.entities.close();
            self.panels.codebook.open();
            self.count_codebook_uses();
        }
    }

    fn add_to_codebook(&mut self, table: Table, name: &str, kind: LabelKind) {
        let Some(session) = &self.session else { return };
        let state = session.workspace.state();
        let added = match table {
            Table::Labels => ops::add_label(state, name, kind).map(|(key, transaction)| (CodebookKey::Label(key), transaction)),
            Table::Attributes => {
                ops::add_attribute(state, name, AttributeKind::Choice).map(|(key, transaction)| (CodebookKey::Attribute(key), transaction))
            }
            Table::Roles => ops::add_role(state, name).map(|(key, transaction)| (CodebookKey::Role(key), transaction)),
            Table::RelationTypes => ops::add_relation_type(state, name).map(|(key, transaction)| (CodebookKey::RelationType(key), transaction)),
            Table::About => return,
        };
        match added {
            Ok((row, transaction)) => {
                if self.commit(Ok(transaction)) {
                    self.panels.codebook.select(row);
                }
            }
            Err(error) => {
                self.panels.codebook.new_name = name.to_owned();
                self.say(error.to_string());
            }
        }
    }

    fn type_in_codebook(&mut self, row: Option<CodebookKey>, field: CodebookField, text: &str) {
        let Some(session) = &self.session else { return };
        let transaction = typed(session.workspace.state(), row.as_ref(), &field, text);
        match transaction {
            Ok(transaction) => {
                self.panels.codebook.fault = None;
                self.commit_typed(Typed::Codebook(row, field), Ok(transaction));
            }
            // The text stays in its field; the fault stands below it.
            Err(error) => self.panels.codebook.fault = Some((row, field, error.to_string())),
        }
    }

    /// Moves the selected row.
    pub(crate) fn move_in_codebook(&mut self, direction: Direction) {
        if let Some(row) = self.panels.codebook.selected().cloned() {
            self.act_on_codebook(CodebookAction::Move(row, direction));
        }
    }

    /// Asks whether the selected row is to be deleted.
    pub(crate) fn delete_from_codebook(&mut self) {
        match self.panels.codebook.selected().cloned() {
            Some(row) if self.session.as_ref().is_some_and(|session| session.is_writable()) => self.ask_about_change(BigChange::Delete(row)),
            Some(_) => self.say(tr("The project is open for reading only")),
            None => {}
        }
    }
}

fn typed(state: &State, row: Option<&CodebookKey>, field: &CodebookField, text: &str) -> Result<Transaction, OpError> {
    let line = || text.trim().to_owned();
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    match row {
        None => ops::edit_schema_info(state, |info| match field {
            CodebookField::Description => info.description = text.to_owned(),
            _ => info.name = line(),
        }),
        Some(CodebookKey::Label(key)) => ops::edit_label(state, key, |label| match field {
            CodebookField::Name => label.name = line(),
            CodebookField::Short => label.short = line(),
            CodebookField::Description => label.description = text.to_owned(),
            CodebookField::Examples => label.examples = lines(),
            CodebookField::Aliases => label.aliases = lines(),
            _ => {}
        }),
        Some(CodebookKey::Attribute(key)) if *field == CodebookField::Default => typed_default(state, key, text),
        Some(CodebookKey::Attribute(key)) => ops::edit_attribute(state, key, |def| match field {
            CodebookField::Name => def.name = line(),
            CodebookField::Description => def.description = text.to_owned(),
            CodebookField::ChoiceName(choice) => def.choices.iter_mut().filter(|other| other.key == *choice).for_each(|other| other.name = line()),
            CodebookField::ChoiceDescription(choice) => {
                def.choices.iter_mut().filter(|other| other.key == *choice).for_each(|other| other.description = text.to_owned());
            }
            _ => {}
        }),
        Some(CodebookKey::Role(key)) => ops::edit_role(state, key, |def| match field {
            CodebookField::Name => def.name = line(),
            CodebookField::Description => def.description = text.to_owned(),
            CodebookField::Values => def.values = lines(),
            _ => {}
        }),
        Some(CodebookKey::RelationType(key)) => ops::edit_relation_type(state, key, |def| match field {
            CodebookField::Name => def.name = line(),
            CodebookField::Short => def.short = line(),
            CodebookField::Description => def.description = text.to_owned(),
            CodebookField::Examples => def.examples = lines(),
            CodebookField::Aliases => def.aliases = lines(),
            _ => {}
        }),
    }
}

fn typed_default(state: &State, key: &AttributeKey, text: &str) -> Result<Transaction, OpError> {
    let def = state.schema.attributes.get(key).ok_or(CodebookError::Gone)?;
    let value = parse(def.kind, text);
    if value.is_none() && !text.trim().is_empty() {
        return Err(CodebookError::WrongDefault { attribute: def.name.clone(), value: text.trim().to_owned() }.into());
    }
    ops::edit_attribute(state, key, |def| def.default = value)
}
