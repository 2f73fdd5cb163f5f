//! What is drawn of a sheet; of a large one it is worked out beside the window.

use std::sync::Arc;

use super::arcs::Arcs;
use super::blocks::Blocks;
use super::marks::MarkIndex;
use crate::model::{Schema, Sheet, State};
use crate::text::{Text, TextHash};

/// What is drawn of a sheet.
pub(super) struct Marks {
    pub(super) index: MarkIndex,
    pub(super) arcs: Arcs,
}

impl Marks {
    pub(super) fn new(sheet: &Sheet, schema: &Schema, blocks: &Blocks) -> Self {
        Self { index: MarkIndex::new(sheet, schema, blocks), arcs: Arcs::new(sheet, blocks) }
    }
}

/// What is drawn of a sheet as it was read, made on any thread.
pub(crate) struct ReadyMarks {
    marks: Marks,
    // What it is of.
    text_hash: TextHash,
    sheet: Sheet,
    schema: Arc<Schema>,
}

impl ReadyMarks {
    pub(crate) fn new(text: &Text, sheet: &Sheet, schema: Arc<Schema>) -> Self {
        let marks = Marks::new(sheet, &schema, &Blocks::new(text.as_str()));
        Self { marks, text_hash: text.hash().clone(), sheet: sheet.clone(), schema }
    }

    /// The marks, where the data are still those that they were made of.
    pub(super) fn marks_of(self, text: &TextHash, sheet: &Sheet, state: &State) -> Option<Marks> {
        let is_current = self.text_hash == *text && sheet.has_rows_of(&self.sheet) && Arc::ptr_eq(&self.schema, &state.schema);
        is_current.then_some(self.marks)
    }
}
