//! One state as a line of the log: what it is, and which files changed since the state before.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::store::Stamp;

/// What a state was noted for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// Files were written. Such a state is replaced by the next one as long as it is young.
    Saved,
    /// The project was closed.
    Closed,
    /// Files were found on the disk that the state before does not have: at the first backup, or changed outside.
    Found,
    /// An earlier state was about to be restored.
    BeforeRestore,
    /// Changes from outside were about to be taken.
    BeforeTakeTheirs,
    /// Changes from outside were about to be overwritten.
    BeforeKeepMine,
}

impl Occasion {
    /// In words, for lists.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Closed => "closed",
            Self::Found => "found on the disk",
            Self::BeforeRestore => "before restoring",
            Self::BeforeTakeTheirs => "before taking changes from outside",
            Self::BeforeKeepMine => "before overwriting changes from outside",
        }
    }
}

/// How many rows were changed since the state before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RowCounts {
    /// Spans made, changed and removed.
    pub spans: usize,
    /// Claims made, changed and removed.
    pub claims: usize,
    /// Relations made, changed and removed.
    pub relations: usize,
    /// Entities made, changed and removed.
    pub entities: usize,
}

impl RowCounts {
    pub(crate) fn add(&mut self, other: Self) {
        self.spans += other.spans;
        self.claims += other.claims;
        self.relations += other.relations;
        self.entities += other.entities;
    }

    /// True when no row was changed.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

/// Files that changed: what they hold, none for those that are gone.
pub(crate) type Changes = BTreeMap<String, Option<Stamp>>;

/// A state as it stands in the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) sequence: u64,
    /// The record before; another one there means that some are lost.
    pub(crate) previous: u64,
    /// Milliseconds since 1970. Only shown: the order is that of the sequence.
    pub(crate) time: u64,
    /// When the first of the states was noted that this one stands for.
    pub(crate) since: u64,
    pub(crate) occasion: Occasion,
    /// The state before is a part of this one and no longer in the list.
    pub(crate) replaces: bool,
    /// The project's name.
    pub(crate) project: String,
    pub(crate) rows: RowCounts,
    /// Documents concerned. Kept apart, because the oldest state has the files of all documents.
    pub(crate) documents: BTreeSet<String>,
    /// All files of the project were looked at.
    pub(crate) is_whole: bool,
    pub(crate) changes: Changes,
}

impl Record {
    /// The line: a fingerprint, and the record as JSON.
    pub(crate) fn to_line(&self) -> Option<String> {
        let json = serde_json::to_string(self).ok()?;
        Some(format!("{} {json}\n", fingerprint(&json)))
    }

    /// None when the line is damaged.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let (found, json) = line.split_once(' ')?;
        if found != fingerprint(json) {
            return None;
        }
        serde_json::from_str(json).ok()
    }

    /// This record as the successor of a list: what it replaces becomes a part of it.
    pub(crate) fn absorb(&mut self, before: Self) {
        let newer = std::mem::replace(&mut self.changes, before.changes);
        self.changes.extend(newer);
        self.rows.add(before.rows);
        self.documents.extend(before.documents);
        self.previous = before.previous;
    }
}

fn fingerprint(json: &str) -> String {
    blake3::hash(json.as_bytes()).to_hex().chars().take(16).collect()
}
