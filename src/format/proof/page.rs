//! What a writer has counted of one document.

use crate::format::Fate;
use crate::format::aspects::OCCURRENCES;

/// What is compared, by kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Spans and claims: some formats do not tell them apart.
    Mark,
    /// Further places of claims.
    Occurrence,
    /// Relations and fillers of roles: some formats have the first only.
    Link,
    /// Spans that mean an entity.
    Linked,
}

impl Kind {
    /// All kinds whose rows are compared one by one.
    pub(super) const ROWS: [Self; 3] = [Self::Mark, Self::Occurrence, Self::Link];

    /// By what reports call it.
    fn of(what: &str) -> Option<Self> {
        match what {
            "spans" | "claims" => Some(Self::Mark),
            OCCURRENCES => Some(Self::Occurrence),
            "relations" | "fillers of roles" => Some(Self::Link),
            "links from mentions to entities" => Some(Self::Linked),
            _ => None,
        }
    }

    /// In messages.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Mark => "spans and claims",
            Self::Occurrence => "further places of claims",
            Self::Link => "relations and fillers of roles",
            Self::Linked => "links from mentions to entities",
        }
    }
}

/// What became of a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::format) struct Page {
    kept: [usize; 4],
    changed: [usize; 4],
    /// Spans and claims that are not in the files.
    pub(super) dropped_marks: usize,
    /// The document itself is not in the files.
    pub(super) is_left_out: bool,
}

impl Page {
    /// So many of these had this fate.
    pub(in crate::format) fn add(&mut self, fate: Fate, what: &str, count: usize) {
        self.is_left_out |= fate == Fate::Dropped && ["texts", "documents"].contains(&what);
        let counts = match fate {
            Fate::Kept => &mut self.kept,
            Fate::Changed => &mut self.changed,
            Fate::Dropped => {
                self.dropped_marks += if Kind::of(what) == Some(Kind::Mark) { count } else { 0 };
                return;
            }
        };
        if let Some(counted) = Kind::of(what).and_then(|kind| counts.get_mut(kind as usize)) {
            *counted += count;
        }
    }

    /// How many came as they are.
    pub(super) fn kept(&self, kind: Kind) -> usize {
        self.kept.get(kind as usize).copied().unwrap_or_default()
    }

    /// How many came otherwise.
    pub(super) fn changed(&self, kind: Kind) -> usize {
        self.changed.get(kind as usize).copied().unwrap_or_default()
    }
}
