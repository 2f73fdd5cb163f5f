//! What readers yield and writers take: documents with their sheets, and the tables that they refer to.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    AttributeDef, AttributeKey, Coder, CoderKey, Document, DocumentId, Entity, EntityId, Finding, FindingCounts, ProjectInfo, Schema, Sheet,
};
use crate::text::Text;

/// One document with everything that is said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// Its id; a fresh one where the format has none.
    pub id: DocumentId,
    /// Its fields and regions.
    pub document: Document,
    /// Its text.
    pub text: Text,
    /// The file's bytes where they are not the text's, so that the text can be decoded anew.
    pub original: Option<Arc<[u8]>>,
    /// What each coder has said.
    pub sheets: BTreeMap<CoderKey, Arc<Sheet>>,
}

impl Item {
    /// Bytes in memory, roughly.
    #[must_use]
    pub fn weight(&self) -> usize {
        /// Of a row with its place in the table.
        const ROW_BYTES: usize = 160;
        let rows: usize = self.sheets.values().map(|sheet| sheet.spans.len() + sheet.claims.len() + sheet.relations.len()).sum();
        self.text.len() + self.original.as_ref().map_or(0, |bytes| bytes.len()) + rows * ROW_BYTES
    }
}

/// What the sheets of documents refer to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tables {
    /// The project's name and settings, where the format carries them.
    pub project: Option<ProjectInfo>,
    /// The codebook, or the rows of it that were met.
    pub schema: Schema,
    /// Who annotates.
    pub coders: BTreeMap<CoderKey, Coder>,
    /// Whom mentions mean.
    pub entities: BTreeMap<EntityId, Entity>,
}

impl Tables {
    /// The attribute's row of the codebook.
    #[must_use]
    pub fn attribute(&self, key: &AttributeKey) -> Option<&AttributeDef> {
        self.schema.attributes.get(key)
    }

    /// An entity's name after following merges; none for ids without a row.
    #[must_use]
    pub fn entity(&self, id: EntityId) -> Option<(EntityId, &Entity)> {
        let mut id = id;
        for _ in 0..64 {
            let entity = self.entities.get(&id)?;
            match entity.merged_into {
                Some(winner) => id = winner,
                None => return Some((id, entity)),
            }
        }
        None
    }

    /// Takes over the rows that are not here yet.
    pub fn add_missing(&mut self, other: Self) {
        fn add<K: Ord, R>(to: &mut BTreeMap<K, R>, from: BTreeMap<K, R>) {
            for (key, row) in from {
                to.entry(key).or_insert(row);
            }
        }
        self.project = self.project.take().or(other.project);
        if self.schema.info == Default::default() {
            self.schema.info = other.schema.info;
        }
        add(&mut self.schema.labels, other.schema.labels);
        add(&mut self.schema.attributes, other.schema.attributes);
        add(&mut self.schema.roles, other.schema.roles);
        add(&mut self.schema.relation_types, other.schema.relation_types);
        add(&mut self.coders, other.coders);
        add(&mut self.entities, other.entities);
    }
}

/// A file that is not UTF-8: somebody must choose an encoding.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Undecoded {
    /// The file.
    pub file: String,
    /// The likely encoding, by its WHATWG name.
    pub guess: &'static str,
    /// How the text would begin.
    pub preview: String,
}

/// What annotations say about what the offsets of a file count.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Evidence {
    /// How the offsets were read, in words.
    pub counting: String,
    /// True where annotations were compared with their words in the file, false where only the ends of words could be looked at.
    pub by_words: bool,
    /// So many annotations fit.
    pub fits: usize,
    /// Of so many.
    pub of: usize,
    /// The next best way to count, and how many fit then.
    pub next: Option<(String, usize)>,
}

impl Evidence {
    /// Adds it to what is known of other files.
    pub fn add_to(self, known: &mut Vec<Self>) {
        match known.iter_mut().find(|known| known.counting == self.counting && known.by_words == self.by_words) {
            Some(known) => {
                (known.fits, known.of) = (known.fits + self.fits, known.of + self.of);
                known.next = match (known.next.take(), self.next) {
                    (Some((name, fits)), Some((other, more))) if name == other => Some((name, fits + more)),
                    (next, other) => next.or(other),
                };
            }
            None => known.push(self),
        }
    }
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { counting, by_words, fits, of, next } = self;
        let how = if *by_words { "have their words" } else { "begin and end at words" };
        write!(f, "{counting}: {fits} of {of} annotations {how}")?;
        next.iter().try_for_each(|(next, fits)| write!(f, "; {fits} as {next}"))
    }
}

/// Takes what a reader yields, one thing after the other.
pub trait Receiver {
    /// Rows that documents refer to; may come several times and at any time.
    fn tables(&mut self, tables: Tables);

    /// A document.
    fn item(&mut self, item: Item);

    /// Something was read differently than written, or not at all.
    fn finding(&mut self, finding: Finding);

    /// A file waits for the choice of an encoding. A finding comes with it.
    fn undecoded(&mut self, undecoded: Undecoded);

    /// A table's columns have these names, or a record's members. For a preview; nothing depends on it.
    fn columns(&mut self, _names: &[String]) {}

    /// What offsets count was found out, or said. For a preview; nothing depends on it.
    fn evidence(&mut self, _evidence: Evidence) {}
}

/// Collects everything in memory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Batch {
    /// Rows that documents refer to.
    pub tables: Tables,
    /// The documents.
    pub items: Vec<Item>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// Files that wait for the choice of an encoding.
    pub undecoded: Vec<Undecoded>,
    /// How many findings of each kind there are; see [`Receiver::finding`].
    pub counts: FindingCounts,
}

impl Receiver for Batch {
    fn tables(&mut self, tables: Tables) {
        self.tables.add_missing(tables);
    }

    fn item(&mut self, item: Item) {
        self.items.push(item);
    }

    fn finding(&mut self, finding: Finding) {
        self.counts.push(&mut self.findings, finding);
    }

    fn undecoded(&mut self, undecoded: Undecoded) {
        self.undecoded.push(undecoded);
    }
}
