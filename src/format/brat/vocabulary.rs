//! From brat's names to the codebook's keys. What the codebook does not know becomes a new row, offered to the caller.

use std::collections::{BTreeMap, BTreeSet};

use super::conf::{AllNames, Conf};
use super::line::Line;
use crate::format::Tables;
use crate::model::{
    AttributeDef, AttributeKey, AttributeKind, AttributeValue, Choice, ChoiceKey, Color, Entity, EntityId, FillerKind, Finite, IdSource, Label,
    LabelKey, LabelKind, RelationKey, RelationType, RoleDef, RoleKey, Target,
};

/// What all files together say, before the first is read.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Types that events have.
    pub(super) event_types: BTreeSet<String>,
    /// Values of each attribute, at most [`MAX_CHOICES`] and one.
    pub(super) values: BTreeMap<String, BTreeSet<String>>,
}

/// An attribute with more values than this is free text.
const MAX_CHOICES: usize = 20;
/// Of each kind so many rows are offered to the codebook; no codebook has more.
const MAX_NEW_ROWS: usize = 10_000;

impl Survey {
    /// Looks at one line.
    pub(super) fn look_at(&mut self, line: &Line<'_>) {
        match line {
            Line::Event { kind, .. } if self.event_types.len() < MAX_NEW_ROWS => drop(self.event_types.insert((*kind).to_owned())),
            Line::Attribute { kind, value, .. } if self.values.len() < MAX_NEW_ROWS || self.values.contains_key(*kind) => {
                let values = self.values.entry((*kind).to_owned()).or_default();
                if values.len() <= MAX_CHOICES {
                    values.insert((*value).to_owned());
                }
            }
            _ => {}
        }
    }
}

/// Finds keys for names.
pub(super) struct Vocabulary<'k> {
    known: &'k Tables,
    names: AllNames,
    shown: BTreeMap<String, String>,
    survey: Survey,
    // Who has an entry of a knowledge base; of several the first.
    by_entry: BTreeMap<String, EntityId>,
    /// Rows that the codebook does not have, and entities that the project does not have.
    pub(super) new: Tables,
}

impl<'k> Vocabulary<'k> {
    /// Knows a project's tables, a configuration and what the files hold.
    pub(super) fn new(known: &'k Tables, conf: Conf, survey: Survey) -> Self {
        let names = AllNames::new(&known.schema);
        let mut by_entry = BTreeMap::new();
        for (id, entity) in &known.entities {
            for entry in &entity.knowledge_base_ids {
                by_entry.entry(entry.clone()).or_insert(*id);
            }
        }
        let mut vocabulary = Self { known, names, shown: conf.shown, survey, by_entry, new: Tables::default() };
        for (name, parent) in conf.entities {
            vocabulary.declare_label(&name, parent.as_deref(), LabelKind::Entity);
        }
        for (name, parent, roles) in conf.events {
            vocabulary.declare_label(&name, parent.as_deref(), LabelKind::Claim);
            roles.iter().for_each(|role| drop(vocabulary.role(role)));
        }
        conf.relations.iter().for_each(|name| drop(vocabulary.relation(name)));
        for (name, targets, values) in conf.attributes {
            let met = vocabulary.survey.values.entry(name.clone()).or_default();
            met.extend(values);
            let key = vocabulary.attribute_key(&name);
            if let Some(def) = vocabulary.new.schema.attributes.get_mut(&key) {
                def.applies_to = targets;
            }
        }
        vocabulary
    }

    fn declare_label(&mut self, name: &str, parent: Option<&str>, kind: LabelKind) {
        let key = self.label_of_kind(name, kind);
        let parent = parent.map(|parent| self.label_of_kind(parent, kind));
        if let Some(label) = self.new.schema.labels.get_mut(&key) {
            label.parent = parent;
        }
    }

    fn shown(&self, name: &str) -> String {
        self.shown.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    /// The label of a type.
    pub(super) fn label(&mut self, name: &str) -> LabelKey {
        let kind = if self.survey.event_types.contains(name) { LabelKind::Claim } else { LabelKind::Entity };
        self.label_of_kind(name, kind)
    }

    fn label_of_kind(&mut self, name: &str, kind: LabelKind) -> LabelKey {
        if let Some(key) = self.known_label(name) {
            return key;
        }
        let key = LabelKey::from_text(name);
        let position = self.known.schema.labels.len() + self.new.schema.labels.len();
        let shown = self.shown(name);
        let new = || Label::new(shown, kind, Color::from_palette(position), small(position));
        if !self.known.schema.labels.contains_key(&key) && self.new.schema.labels.len() < MAX_NEW_ROWS {
            self.new.schema.labels.entry(key.clone()).or_insert_with(new);
        }
        key
    }

    /// By key, by the name that an export gives it, by alias, by name.
    fn known_label(&self, name: &str) -> Option<LabelKey> {
        let labels = &self.known.schema.labels;
        let exact = LabelKey::new(name).ok().filter(|key| labels.contains_key(key));
        let exported = || LabelKey::new(self.names.labels.key(name)?).ok();
        let is_called = |label: &Label| label.name.eq_ignore_ascii_case(name) || label.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name));
        let called = || labels.iter().find(|(_, label)| !label.retired && is_called(label)).map(|(key, _)| key.clone());
        exact.or_else(exported).or_else(called)
    }

    /// What a label is for.
    pub(super) fn kind_of(&self, label: &LabelKey) -> LabelKind {
        let known = self.known.schema.labels.get(label).or_else(|| self.new.schema.labels.get(label));
        known.map_or(LabelKind::Entity, |label| label.kind)
    }

    /// The role of an argument's name, a counter at its end (`Theme2`) taken off where the name without it is known.
    pub(super) fn role(&mut self, name: &str) -> RoleKey {
        let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
        self.known_role(name).or_else(|| self.known_role(base)).unwrap_or_else(|| self.new_role(name))
    }

    fn known_role(&self, name: &str) -> Option<RoleKey> {
        let roles = &self.known.schema.roles;
        let is_known = |key: &RoleKey| roles.contains_key(key) || self.new.schema.roles.contains_key(key);
        let exact = RoleKey::new(name).ok().filter(is_known);
        let exported = || {
            let key = self.names.roles.key(name).or_else(|| self.names.roles.key(name.strip_suffix('_')?))?;
            RoleKey::new(key).ok()
        };
        exact.or_else(exported)
    }

    fn new_role(&mut self, name: &str) -> RoleKey {
        let key = key_of(name, RoleKey::new);
        let def = RoleDef {
            name: self.shown(name),
            position: small(self.known.schema.roles.len() + self.new.schema.roles.len()),
            accepts: vec![FillerKind::Span, FillerKind::Claim],
            values: Vec::new(),
            labels: Vec::new(),
            required: false,
            max: 0,
            shortcut: None,
            description: String::new(),
            retired: false,
        };
        if self.new.schema.roles.len() < MAX_NEW_ROWS {
            self.new.schema.roles.entry(key.clone()).or_insert(def);
        }
        key
    }

    /// The relation type of a name.
    pub(super) fn relation(&mut self, name: &str) -> RelationKey {
        let types = &self.known.schema.relation_types;
        let exact = RelationKey::new(name).ok().filter(|key| types.contains_key(key));
        let exported = || RelationKey::new(self.names.relations.key(name)?).ok();
        exact.or_else(exported).unwrap_or_else(|| self.new_relation(name))
    }

    fn new_relation(&mut self, name: &str) -> RelationKey {
        let key = key_of(name, RelationKey::new);
        let position = self.known.schema.relation_types.len() + self.new.schema.relation_types.len();
        let row = RelationType::new(self.shown(name), Color::from_palette(position), small(position));
        if self.new.schema.relation_types.len() < MAX_NEW_ROWS {
            self.new.schema.relation_types.entry(key.clone()).or_insert(row);
        }
        key
    }

    /// An attribute's key and typed value.
    ///
    /// # Errors
    /// When the value does not fit the codebook.
    pub(super) fn attribute(&mut self, name: &str, value: &str) -> Result<(AttributeKey, AttributeValue), String> {
        let key = self.attribute_key(name);
        let def = self.known.schema.attributes.get(&key).or_else(|| self.new.schema.attributes.get(&key));
        let value = def.and_then(|def| typed(def, value)).ok_or_else(|| format!("`{value}` is no value of the attribute {key}"))?;
        Ok((key, value))
    }

    fn attribute_key(&mut self, name: &str) -> AttributeKey {
        let known = &self.known.schema.attributes;
        let exact = AttributeKey::new(name).ok().filter(|key| known.contains_key(key));
        let exported = || AttributeKey::new(self.names.attributes.key(name)?).ok();
        exact.or_else(exported).unwrap_or_else(|| self.new_attribute(name))
    }

    fn new_attribute(&mut self, name: &str) -> AttributeKey {
        let key = key_of(name, AttributeKey::new);
        let values = self.survey.values.get(name).cloned().unwrap_or_default();
        let kind = kind_for(&values);
        let choices = values.iter().filter(|_| kind == AttributeKind::Choice).filter_map(|value| ChoiceKey::new(value).ok());
        let choices = choices.map(|key| Choice { name: key.to_string(), key, shortcut: None, description: String::new() }).collect();
        let def = AttributeDef {
            name: self.shown(name),
            kind,
            position: small(self.known.schema.attributes.len() + self.new.schema.attributes.len()),
            applies_to: vec![Target::Span, Target::Claim],
            labels: Vec::new(),
            choices,
            required: false,
            default: None,
            shortcut: None,
            description: String::new(),
            retired: false,
        };
        if self.new.schema.attributes.len() < MAX_NEW_ROWS {
            self.new.schema.attributes.entry(key.clone()).or_insert(def);
        }
        key
    }

    /// The entity of a reference, made when nobody knows it. `Manicule:<id>` is our own base.
    pub(super) fn entity(&mut self, base: &str, entry: &str, name: &str, label: Option<&LabelKey>, ids: &mut IdSource) -> EntityId {
        let own = entry.parse::<EntityId>().ok().filter(|_| base == OWN_BASE);
        let entry = knowledge_base_id(base, entry);
        let known = || self.by_entry.get(&entry).copied();
        let id = own.or_else(known).unwrap_or_else(|| EntityId(ids.next_id()));
        if !self.known.entities.contains_key(&id) {
            let made = || Entity::new(if name.is_empty() { &entry } else { name }, label.cloned());
            let entity = self.new.entities.entry(id).or_insert_with(made);
            if own.is_none() {
                self.by_entry.entry(entry.clone()).or_insert(id);
                entity.knowledge_base_ids.insert(entry);
            }
        }
        id
    }

    /// One more knowledge base id of an entity; false when the project's own entity has not got it.
    pub(super) fn add_reference(&mut self, entity: EntityId, base: &str, entry: &str) -> bool {
        let entry = knowledge_base_id(base, entry);
        match self.new.entities.get_mut(&entity) {
            Some(new) => {
                self.by_entry.entry(entry.clone()).or_insert(entity);
                new.knowledge_base_ids.insert(entry);
                true
            }
            None => self.known.entities.get(&entity).is_some_and(|known| known.knowledge_base_ids.contains(&entry)),
        }
    }
}

/// The name under which our own entities are referred to.
pub(super) const OWN_BASE: &str = "Manicule";

/// Wikidata's ids stand alone; others keep the name of their base.
fn knowledge_base_id(base: &str, entry: &str) -> String {
    if base.eq_ignore_ascii_case("wikidata") { entry.to_owned() } else { format!("{base}:{entry}") }
}

pub(super) fn small(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Labels are made from any text; so are the other keys, by the same rule.
pub(super) fn key_of<K>(name: &str, new: fn(&str) -> Result<K, crate::model::InvalidId>) -> K {
    let safe = LabelKey::from_text(name);
    match new(safe.as_str()).or_else(|_| new("_")) {
        Ok(key) => key,
        Err(_) => unreachable!("what is a label's key is any key"),
    }
}

fn kind_for(values: &BTreeSet<String>) -> AttributeKind {
    let is = |value: &str| matches!(value, "" | "yes" | "no");
    if values.iter().all(|value| is(value)) {
        AttributeKind::YesNo
    } else if values.len() <= MAX_CHOICES && values.iter().all(|value| ChoiceKey::new(value).is_ok()) {
        AttributeKind::Choice
    } else {
        AttributeKind::Text
    }
}

fn typed(def: &AttributeDef, value: &str) -> Option<AttributeValue> {
    let choice = |value: &str| def.choices.iter().find(|c| c.key.as_str() == value || c.name == value).map(|c| c.key.clone());
    match def.kind {
        AttributeKind::YesNo => match value {
            "" | "yes" | "true" => Some(AttributeValue::Bool(true)),
            "no" | "false" => Some(AttributeValue::Bool(false)),
            _ => None,
        },
        AttributeKind::Integer => value.parse().ok().map(AttributeValue::Int),
        AttributeKind::Number => value.parse().ok().and_then(Finite::new).map(AttributeValue::Number),
        AttributeKind::Choice => choice(value).map(AttributeValue::Choice),
        AttributeKind::Choices => {
            let keys: Option<BTreeSet<ChoiceKey>> = value.split('|').map(choice).collect();
            keys.map(AttributeValue::Choices)
        }
        AttributeKind::Text => (!value.is_empty()).then(|| AttributeValue::Text(value.to_owned())),
        AttributeKind::Date => value.parse().ok().map(AttributeValue::Date),
    }
}
