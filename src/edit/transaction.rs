//! Edits and transactions: rows before and after.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{
    AttributeDef, AttributeKey, Claim, ClaimId, Coder, CoderKey, Document, DocumentId, Entity, EntityId, Label, LabelKey, ProjectInfo, Relation,
    RelationId, RelationKey, RelationType, RoleDef, RoleKey, SchemaInfo, SheetInfo, SheetKey, Span, SpanId,
};
use crate::text::{TextChange, TextHash};

/// A row of a table before and after. None stands for no row: an insertion or a deletion.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change<K, R> {
    /// Which row.
    pub key: K,
    /// What must stand there now.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub before: Option<R>,
    /// What stands there then.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub after: Option<R>,
}

fn none<R>() -> Option<R> {
    None
}

impl<K, R> Change<K, R> {
    /// A new row.
    pub fn insert(key: K, row: R) -> Self {
        Self { key, before: None, after: Some(row) }
    }

    /// A row that goes.
    pub fn remove(key: K, row: R) -> Self {
        Self { key, before: Some(row), after: None }
    }

    /// A row that changes.
    pub fn replace(key: K, before: R, after: R) -> Self {
        Self { key, before: Some(before), after: Some(after) }
    }

    fn inverse(self) -> Self {
        Self { key: self.key, before: self.after, after: self.before }
    }
}

/// One change of one row. Every edit names its table or sheet, and its row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Edit {
    /// Name and settings of the project.
    Project(Change<(), ProjectInfo>),
    /// A coder.
    Coder(Change<CoderKey, Coder>),
    /// Name and description of the codebook.
    Schema(Change<(), SchemaInfo>),
    /// A label of the codebook.
    Label(Change<LabelKey, Label>),
    /// An attribute of the codebook.
    Attribute(Change<AttributeKey, AttributeDef>),
    /// A role of the codebook.
    Role(Change<RoleKey, RoleDef>),
    /// A relation type of the codebook.
    RelationType(Change<RelationKey, RelationType>),
    /// An entity.
    Entity(Change<EntityId, Entity>),
    /// A document's fields and regions.
    Document(Change<DocumentId, Document>),
    /// The text of a document. Every row with a place in it changes in the same transaction.
    Text(DocumentId, TextChange),
    /// Status and the like of a sheet. There is always such a row; a blank one is the default.
    Sheet(SheetKey, Change<(), SheetInfo>),
    /// A span.
    Span(SheetKey, Change<SpanId, Span>),
    /// A claim.
    Claim(SheetKey, Change<ClaimId, Claim>),
    /// A relation.
    Relation(SheetKey, Change<RelationId, Relation>),
}

/// What an edit touches: a table of the project, or a sheet.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Table {
    /// Project and coders.
    Project,
    /// The codebook.
    Schema,
    /// An entity.
    Entity(EntityId),
    /// A document's fields.
    Document(DocumentId),
    /// A document's text.
    Text(DocumentId),
    /// A sheet.
    Sheet(SheetKey),
}

impl Edit {
    /// The edit that takes this one back.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Project(change) => Self::Project(change.inverse()),
            Self::Coder(change) => Self::Coder(change.inverse()),
            Self::Schema(change) => Self::Schema(change.inverse()),
            Self::Label(change) => Self::Label(change.inverse()),
            Self::Attribute(change) => Self::Attribute(change.inverse()),
            Self::Role(change) => Self::Role(change.inverse()),
            Self::RelationType(change) => Self::RelationType(change.inverse()),
            Self::Entity(change) => Self::Entity(change.inverse()),
            Self::Document(change) => Self::Document(change.inverse()),
            Self::Text(document, change) => Self::Text(document, change.inverse()),
            Self::Sheet(sheet, change) => Self::Sheet(sheet, change.inverse()),
            Self::Span(sheet, change) => Self::Span(sheet, change.inverse()),
            Self::Claim(sheet, change) => Self::Claim(sheet, change.inverse()),
            Self::Relation(sheet, change) => Self::Relation(sheet, change.inverse()),
        }
    }

    /// The sheet of a row that belongs to one.
    #[must_use]
    pub fn sheet(&self) -> Option<&SheetKey> {
        match self {
            Self::Sheet(sheet, _) | Self::Span(sheet, _) | Self::Claim(sheet, _) | Self::Relation(sheet, _) => Some(sheet),
            _ => None,
        }
    }

    /// The table or sheet that it touches.
    #[must_use]
    pub fn table(&self) -> Table {
        match self {
            Self::Project(_) | Self::Coder(_) => Table::Project,
            Self::Schema(_) | Self::Label(_) | Self::Attribute(_) | Self::Role(_) | Self::RelationType(_) => Table::Schema,
            Self::Entity(change) => Table::Entity(change.key),
            Self::Document(change) => Table::Document(change.key.clone()),
            Self::Text(document, _) => Table::Text(document.clone()),
            Self::Sheet(sheet, _) | Self::Span(sheet, _) | Self::Claim(sheet, _) | Self::Relation(sheet, _) => Table::Sheet(sheet.clone()),
        }
    }
}

/// What one action of the user changes. All or nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Transaction {
    /// What the user did, for "Undo …": `label Person`.
    pub name: String,
    /// In the order in which they are applied.
    pub edits: Vec<Edit>,
    /// The texts that the rows were made on, where a text was corrected before. Filled in by the workspace.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<DocumentId, TextHash>,
}

impl Transaction {
    /// A transaction with a name for "Undo …".
    #[must_use]
    pub fn new(name: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { name: name.into(), edits, texts: BTreeMap::new() }
    }

    /// One transaction that does what all of them do, in their order, with the name of the last.
    #[must_use]
    pub fn of_parts<'t>(parts: impl IntoIterator<Item = &'t Self>) -> Self {
        parts.into_iter().fold(Self::new("", Vec::new()), |mut whole, part| {
            whole.name.clone_from(&part.name);
            whole.edits.extend_from_slice(&part.edits);
            for (document, text) in &part.texts {
                whole.texts.entry(document.clone()).or_insert_with(|| text.clone());
            }
            whole
        })
    }

    /// True when it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The transaction that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        self.clone().into_inverse()
    }

    /// The same, in its place.
    #[must_use]
    pub fn into_inverse(self) -> Self {
        Self::new(self.name, self.edits.into_iter().rev().map(Edit::inverse).collect())
    }

    /// The texts that it changes, in the order of the changes.
    pub fn text_changes(&self) -> impl Iterator<Item = (&DocumentId, &TextChange)> {
        self.edits.iter().filter_map(|edit| if let Edit::Text(document, change) = edit { Some((document, change)) } else { None })
    }

    /// What it touches, each once, in order. Sheets among it must be loaded before it is applied.
    #[must_use]
    pub fn touches(&self) -> Vec<Table> {
        let mut tables: Vec<Table> = self.edits.iter().map(Edit::table).collect();
        tables.sort_unstable();
        tables.dedup();
        tables
    }
}
