//! The only way to change data: an [`Edit`] (a row before and after), a [`Transaction`] of edits, [`apply`].
//!
//! `ops/` has one user operation per file, each `&state → Transaction`. Knows nothing of files and windows.

mod apply;
mod carry;
mod follow_text;
mod history;
pub mod ops;
#[cfg(any(test, fuzzing))]
pub(crate) mod testing;
mod transaction;

pub use apply::{ApplyError, apply};
pub use carry::{Side, carry};
pub use follow_text::follow_text;
pub use history::{History, Step};
pub use transaction::{Change, Edit, Table, Transaction};
