//! The marked example of a template as an article of a project.

use super::{NewDocument, Workspace, WorkspaceError};
use crate::edit::{Change, Edit};
use crate::model::notation::Notation;
use crate::model::{DocumentId, Entity, SheetInfo, SheetKey};

impl Workspace {
    /// Adds a marked article with its entities, as the open coder's: one step to undo.
    ///
    /// # Errors
    /// When the project is read-only or the text cannot be written. Nothing is added then.
    pub fn add_example(&mut self, example: Notation) -> Result<DocumentId, WorkspaceError> {
        let Notation { document, text, sheet, entities, .. } = example;
        let id = self.new_document_id(&document.title);
        let key = SheetKey::new(&id, self.coder());
        let made_by = Some(self.coder().clone());
        let entities = entities.into_iter().map(|(id, entity)| Edit::Entity(Change::insert(id, Entity { made_by: made_by.clone(), ..entity })));
        let mut edits: Vec<Edit> = entities.collect();
        if sheet.info != SheetInfo::default() {
            edits.push(Edit::Sheet(key.clone(), Change::replace((), SheetInfo::default(), sheet.info)));
        }
        edits.extend(sheet.spans.into_iter().map(|(id, span)| Edit::Span(key.clone(), Change::insert(id, span))));
        edits.extend(sheet.claims.into_iter().map(|(id, claim)| Edit::Claim(key.clone(), Change::insert(id, claim))));
        edits.extend(sheet.relations.into_iter().map(|(id, relation)| Edit::Relation(key.clone(), Change::insert(id, relation))));
        self.add_documents("add the example", vec![NewDocument { id: id.clone(), document, text, original: None }], edits)?;
        Ok(id)
    }
}
