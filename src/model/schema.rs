//! The codebook: labels, attributes, roles and relation types.
//!
//! Rows refer to labels and the rest by key; a name, colour or place in the list changes one row here and no sheet.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AttributeKey, AttributeValue, ChoiceKey, Color, LabelKey, RelationKey, Residue, RoleKey};

/// The codebook of a project.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Schema {
    /// Name and description.
    pub info: SchemaInfo,
    /// All labels.
    pub labels: BTreeMap<LabelKey, Label>,
    /// All attributes.
    pub attributes: BTreeMap<AttributeKey, AttributeDef>,
    /// All roles of claims.
    pub roles: BTreeMap<RoleKey, RoleDef>,
    /// All types of relations.
    pub relation_types: BTreeMap<RelationKey, RelationType>,
}

/// What is said about the codebook as a whole.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SchemaInfo {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What an import could not place.
    #[serde(skip_serializing_if = "Residue::is_empty")]
    pub residue: Residue,
}

/// A label for spans or claims.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Label {
    /// Shown in the window.
    pub name: String,
    /// What it labels.
    pub kind: LabelKind,
    /// Place among all labels; equal ones are ordered by key.
    pub position: u32,
    /// The label above it in the tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<LabelKey>,
    /// Shown in the text; the name where empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub short: String,
    /// Its colour.
    pub color: Color,
    /// The key that gives it, a single character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<char>,
    /// When to use it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Quotes that show its use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// Other names, for searching and for imports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Spans with it must not overlap another mark in part; one may lie inside the other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_crossing: bool,
    /// Spans with it must not lie inside another one with the same label.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_nesting: bool,
    /// No longer offered; what has it keeps it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
    /// Set on the loser of a merge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<LabelKey>,
    /// What an import could not place.
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub residue: Residue,
}

impl Label {
    /// A label with nothing but a name, a kind, a colour and a place.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: LabelKind, color: Color, position: u32) -> Self {
        Self {
            name: name.into(),
            kind,
            position,
            parent: None,
            short: String::new(),
            color,
            shortcut: None,
            description: String::new(),
            examples: Vec::new(),
            aliases: Vec::new(),
            no_crossing: false,
            no_nesting: false,
            retired: false,
            replaced_by: None,
            residue: Residue::new(),
        }
    }

    /// What is shown in the text: the short name, else the name.
    #[must_use]
    pub fn tag(&self) -> &str {
        if self.short.is_empty() { &self.name } else { &self.short }
    }
}

/// What a label labels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// Spans that mention an entity; also the types of entities.
    Entity,
    /// Claims.
    Claim,
    /// Any other span: a cue, a technique, a passage.
    Span,
}

/// What an attribute can be set on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Spans.
    Span,
    /// Claims.
    Claim,
    /// Relations.
    Relation,
    /// Entities.
    Entity,
    /// Documents (one value a coder).
    Document,
}

/// An attribute of the codebook.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AttributeDef {
    /// Shown in the window.
    pub name: String,
    /// Which values it takes.
    pub kind: AttributeKind,
    /// Place among all attributes; equal ones are ordered by key.
    pub position: u32,
    /// What it can be set on.
    pub applies_to: Vec<Target>,
    /// Only on rows with one of these labels (or a label below them); empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<LabelKey>,
    /// The choices, for the two choice kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// A check complains where it is unset.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// What a new row gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<AttributeValue>,
    /// The key that opens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<char>,
    /// When to use which value.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// No longer offered; what has it keeps it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

/// Which values an attribute takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    /// Yes or no.
    YesNo,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// One of some choices.
    Choice,
    /// Any of some choices.
    Choices,
    /// Free text.
    Text,
    /// A day, month or year.
    Date,
}

impl AttributeKind {
    /// True when a value has the type that this kind takes.
    #[must_use]
    pub fn takes(self, value: &AttributeValue) -> bool {
        matches!(
            (self, value),
            (Self::YesNo, AttributeValue::Bool(_))
                | (Self::Integer, AttributeValue::Int(_))
                | (Self::Number, AttributeValue::Number(_))
                | (Self::Choice, AttributeValue::Choice(_))
                | (Self::Choices, AttributeValue::Choices(_))
                | (Self::Text, AttributeValue::Text(_))
                | (Self::Date, AttributeValue::Date(_))
        )
    }
}

/// One choice of an attribute.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Choice {
    /// What rows hold.
    pub key: ChoiceKey,
    /// Shown in the window.
    pub name: String,
    /// The key that chooses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<char>,
    /// When to choose it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// A named slot of claims.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoleDef {
    /// Shown in the window.
    pub name: String,
    /// Place among all roles; equal ones are ordered by key.
    pub position: u32,
    /// What may fill it.
    pub accepts: Vec<FillerKind>,
    /// Plain values offered, such as `author`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Only for claims with one of these labels (or a label below them); empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<LabelKey>,
    /// A check complains where it is open.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// At most so many fillers; 0 for any number.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub max: u32,
    /// The key that fills it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<char>,
    /// Who or what belongs here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// No longer offered; what has it keeps it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// What may fill a role.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillerKind {
    /// A span.
    Span,
    /// An entity.
    Entity,
    /// Another claim.
    Claim,
    /// A plain value.
    Value,
}

/// A type of relation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RelationType {
    /// Shown in the window.
    pub name: String,
    /// Place among all relation types; equal ones are ordered by key.
    pub position: u32,
    /// The type above it in the tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<RelationKey>,
    /// Shown in the text; the name where empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub short: String,
    /// Where it may start; empty for anywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<NodeKind>,
    /// Where it may end; empty for anywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<NodeKind>,
    /// Direction does not matter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub symmetric: bool,
    /// Its colour.
    pub color: Color,
    /// The key that draws it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<char>,
    /// When to use it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Quotes that show its use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// Other names, for searching and for imports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// No longer offered; what has it keeps it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
    /// Set on the loser of a merge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<RelationKey>,
}

/// What a relation may join.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A span.
    Span,
    /// A claim.
    Claim,
    /// An entity.
    Entity,
    /// A relation.
    Relation,
}

impl NodeKind {
    /// In a sentence: `a span`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Span => "a span",
            Self::Claim => "a claim",
            Self::Entity => "an entity",
            Self::Relation => "a relation",
        }
    }
}

impl RelationType {
    /// A type with nothing but a name, a colour and a place: from anything to anything.
    #[must_use]
    pub fn new(name: impl Into<String>, color: Color, position: u32) -> Self {
        Self {
            name: name.into(),
            position,
            parent: None,
            short: String::new(),
            from: Vec::new(),
            to: Vec::new(),
            symmetric: false,
            color,
            shortcut: None,
            description: String::new(),
            examples: Vec::new(),
            aliases: Vec::new(),
            retired: false,
            replaced_by: None,
        }
    }

    /// What is shown in the text: the short name, else the name.
    #[must_use]
    pub fn tag(&self) -> &str {
        if self.short.is_empty() { &self.name } else { &self.short }
    }

    /// True when it may lead from one to the other; one without direction also the other way round.
    #[must_use]
    pub fn joins(&self, from: NodeKind, to: NodeKind) -> bool {
        let fits = |from: NodeKind, to: NodeKind| is_allowed(&self.from, from) && is_allowed(&self.to, to);
        fits(from, to) || (self.symmetric && fits(to, from))
    }

    /// True when it may start there; one without direction also where it may end.
    #[must_use]
    pub fn starts_at(&self, kind: NodeKind) -> bool {
        is_allowed(&self.from, kind) || (self.symmetric && is_allowed(&self.to, kind))
    }
}

/// An empty list allows everything.
fn is_allowed(kinds: &[NodeKind], kind: NodeKind) -> bool {
    kinds.is_empty() || kinds.contains(&kind)
}

impl Schema {
    /// Types of relations that are offered, in their order.
    #[must_use]
    pub fn offered_relation_types(&self) -> Vec<(&RelationKey, &RelationType)> {
        let mut types: Vec<_> = self.relation_types.iter().filter(|(_, def)| !def.retired && def.replaced_by.is_none()).collect();
        types.sort_by_key(|(_, def)| def.position);
        types
    }

    /// Labels that are offered, in their order.
    #[must_use]
    pub fn offered_labels(&self) -> Vec<(&LabelKey, &Label)> {
        let mut labels: Vec<_> = self.labels.iter().filter(|(_, label)| !label.retired && label.replaced_by.is_none()).collect();
        labels.sort_by_key(|(_, label)| label.position);
        labels
    }

    /// The first offered label for claims.
    #[must_use]
    pub fn claim_label(&self) -> Option<&LabelKey> {
        self.offered_labels().into_iter().find(|(_, label)| label.kind == LabelKind::Claim).map(|(key, _)| key)
    }

    /// Attributes that can be set on rows of this kind and label, in their order.
    #[must_use]
    pub fn attributes_of(&self, target: Target, label: Option<&LabelKey>) -> Vec<(&AttributeKey, &AttributeDef)> {
        let fits = |def: &AttributeDef| !def.retired && def.applies_to.contains(&target) && self.is_among(&def.labels, label);
        let mut attributes: Vec<_> = self.attributes.iter().filter(|(_, def)| fits(def)).collect();
        attributes.sort_by_key(|(_, def)| def.position);
        attributes
    }

    /// Roles of claims with this label, in their order.
    #[must_use]
    pub fn roles_of(&self, label: &LabelKey) -> Vec<(&RoleKey, &RoleDef)> {
        let mut roles: Vec<_> = self.roles.iter().filter(|(_, def)| !def.retired && self.is_among(&def.labels, Some(label))).collect();
        roles.sort_by_key(|(_, def)| def.position);
        roles
    }

    /// The label of the spans that belong into a role: the one that is called like it, such as `Cue`; none where any
    /// mention may fill it.
    #[must_use]
    pub fn label_of_role(&self, role: &RoleKey) -> Option<&LabelKey> {
        let name = self.roles.get(role)?.name.as_str();
        let is_called = |key: &LabelKey, label: &Label| key.as_str().eq_ignore_ascii_case(role.as_str()) || label.name.eq_ignore_ascii_case(name);
        self.offered_labels().into_iter().find(|(key, label)| label.kind == LabelKind::Span && is_called(key, label)).map(|(key, _)| key)
    }

    /// The label of people: mentions of them are the likeliest to speak. None where the codebook has no such label.
    #[must_use]
    pub fn person_label(&self) -> Option<&LabelKey> {
        let is_person = |text: &str| ["PER", "PERSON"].iter().any(|name| text.eq_ignore_ascii_case(name));
        let fits = |key: &LabelKey, label: &Label| is_person(key.as_str()) || is_person(&label.name) || label.aliases.iter().any(|a| is_person(a));
        self.offered_labels().into_iter().find(|(key, label)| label.kind == LabelKind::Entity && fits(key, label)).map(|(key, _)| key)
    }

    fn is_among(&self, labels: &[LabelKey], label: Option<&LabelKey>) -> bool {
        labels.is_empty() || label.is_some_and(|label| self.with_parents(label).iter().any(|l| labels.contains(l)))
    }

    /// What a label is for; spans when the codebook does not know it.
    #[must_use]
    pub fn kind_of(&self, label: &LabelKey) -> LabelKind {
        self.labels.get(label).map_or(LabelKind::Span, |label| label.kind)
    }
}
