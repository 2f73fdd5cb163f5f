//! Counts: what was found, how often, how far the work is. Nothing here changes data.

mod digest;

pub use digest::{Digest, EntityCount, Tally};
