//! The journal: what one coder did, on this machine, in the order in which it was done.
//!
//! One file a generation; a record is `length | crc32 | generation | sequence | kind | payload` and counts only if
//! all of them fit. The whole journal is also the undo history. Start at [`Journal`] for writing, [`scan`] for reading.

mod append;
mod record;
mod scan;

pub(crate) use append::{Appended, Journal};
pub(crate) use record::Kind;
pub(crate) use scan::{Entry, Scan, damaged_generations, files_before, read_payload, read_transaction, record_len, scan};
