//! The lists: documents on the left; mentions and claims of the shown document on the right. Rows are drawn only
//! where they are visible.

mod documents;
mod marks;

pub(crate) use documents::DocumentList;
pub(crate) use marks::{MarkLists, mark_name};
