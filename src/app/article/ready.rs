//! What is drawn of a sheet; of a large one it is worked out beside the window.

use super::arcs::Arcs;
use super::blocks::Blocks;
use super::marks::MarkIndex;
use crate::model::{Schema, Sheet};
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
    pub(super) marks: Marks,
    /// The text that it belongs to.
    pub(super) text_hash: TextHash,
}

impl ReadyMarks {
    pub(crate) fn new(text: &Text, sheet: &Sheet, schema: &Schema) -> Self {
        Self { marks: Marks::new(sheet, schema, &Blocks::new(text.as_str())), text_hash: text.hash().clone() }
    }
}
