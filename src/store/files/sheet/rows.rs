//! The rows of a sheet's file: the format itself. They know nothing of the text, so a file can be merged without it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{
    Attributes, ClaimId, CoderKey, DocumentId, EntityId, Filler, LabelKey, Node, RelationId, RelationKey, Residue, RoleKey, SpanId, Status,
};
use crate::store::StoreError;
use crate::store::files::parse;
use crate::store::files::row::{FileWriter, Place, bare, bounded, unique_map};
use crate::text::TextHash;

/// The file as it stands: rows with their quotes, whatever the text says.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SheetFile<'a> {
    pub(crate) format: u32,
    #[serde(with = "bare")]
    pub(crate) document: Option<DocumentId>,
    #[serde(with = "bare")]
    pub(crate) coder: Option<CoderKey>,
    #[serde(with = "bare")]
    pub(crate) text: Option<TextHash>,
    pub(crate) status: Status,
    #[serde(deserialize_with = "unique_map")]
    pub(crate) attributes: Attributes,
    pub(crate) note: String,
    pub(crate) ignored: BTreeSet<String>,
    pub(crate) rejected: BTreeSet<String>,
    #[serde(deserialize_with = "unique_map")]
    pub(crate) residue: Residue,
    #[serde(borrow)]
    pub(crate) spans: Vec<SpanRow<'a>>,
    #[serde(borrow)]
    pub(crate) claims: Vec<ClaimRow<'a>>,
    pub(crate) relations: Vec<RelationRow>,
    #[serde(deserialize_with = "bounded")]
    pub(crate) put_aside: Vec<String>,
}

impl<'a> SheetFile<'a> {
    /// Reads a file that is whole.
    pub(crate) fn read(file: &str, content: &'a str) -> Result<Self, StoreError> {
        parse(file, content, |file: &Self| file.format)
    }

    /// Writes the file.
    pub(crate) fn write(&self, file: &str) -> Result<String, StoreError> {
        self.write_with(file, |writer| writer.section("spans", self.spans.iter()))
    }

    /// Writes the file with other spans.
    pub(super) fn write_with(&self, file: &str, spans: impl FnOnce(&mut FileWriter<'_>) -> Result<(), StoreError>) -> Result<String, StoreError> {
        let mut writer = FileWriter::new(file);
        writer.present("document", self.document.as_ref())?;
        writer.present("coder", self.coder.as_ref())?;
        writer.present("text", self.text.as_ref())?;
        writer.optional("status", &self.status)?;
        writer.optional("attributes", &self.attributes)?;
        writer.optional("note", &self.note)?;
        writer.optional("ignored", &self.ignored)?;
        writer.optional("rejected", &self.rejected)?;
        writer.optional("residue", &self.residue)?;
        spans(&mut writer)?;
        writer.section("claims", self.claims.iter())?;
        writer.section("relations", self.relations.iter())?;
        writer.section("put_aside", self.put_aside.iter())?;
        Ok(writer.finish())
    }
}

/// One line of `spans`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpanRow<'a> {
    pub(crate) id: SpanId,
    #[serde(borrow)]
    pub(crate) label: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) at: Vec<Place<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "bare")]
    pub(crate) entity: Option<EntityId>,
    #[serde(default, skip_serializing_if = "Attributes::is_empty", deserialize_with = "unique_map")]
    pub(crate) attributes: Attributes,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
    #[serde(default, skip_serializing_if = "Residue::is_empty", deserialize_with = "unique_map")]
    pub(crate) residue: Residue,
}

/// One line of `claims`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimRow<'a> {
    pub(crate) id: ClaimId,
    pub(crate) label: LabelKey,
    #[serde(default, borrow, skip_serializing_if = "Vec::is_empty")]
    pub(crate) at: Vec<Place<'a>>,
    #[serde(default, borrow, skip_serializing_if = "Vec::is_empty")]
    pub(crate) occurrences: Vec<Vec<Place<'a>>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique_map")]
    pub(crate) roles: BTreeMap<RoleKey, Vec<Filler>>,
    #[serde(default, skip_serializing_if = "Attributes::is_empty", deserialize_with = "unique_map")]
    pub(crate) attributes: Attributes,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) normalized: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
    #[serde(default, skip_serializing_if = "Residue::is_empty", deserialize_with = "unique_map")]
    pub(crate) residue: Residue,
}

/// One line of `relations`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RelationRow {
    pub(crate) id: RelationId,
    pub(crate) label: RelationKey,
    pub(crate) from: Node,
    pub(crate) to: Node,
    #[serde(default, skip_serializing_if = "Attributes::is_empty", deserialize_with = "unique_map")]
    pub(crate) attributes: Attributes,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
    #[serde(default, skip_serializing_if = "Residue::is_empty", deserialize_with = "unique_map")]
    pub(crate) residue: Residue,
}
