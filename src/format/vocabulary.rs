//! From a foreign format's names to the codebook's keys: for every reader of annotations. What the codebook does not know
//! becomes a new row, offered to the caller.

use std::collections::{BTreeMap, BTreeSet};

use super::standoff::OWN;
use super::{Receiver, Tables};
use crate::model::{
    AttributeDef, AttributeKey, AttributeKind, AttributeValue, Choice, ChoiceKey, Coder, CoderKey, Color, Entity, EntityId, FillerKind, Finding,
    Finite, IdSource, Label, LabelKey, LabelKind, RelationKey, RelationType, RoleDef, RoleKey, Schema, Severity, Target,
};

/// An attribute with more values than this is free text.
const MAX_CHOICES: usize = 20;
/// Of each kind so many rows are offered to the codebook; no codebook has more.
const MAX_NEW_ROWS: usize = 10_000;
/// What annotations of the text are.
pub(super) const MARKS: [Target; 2] = [Target::Span, Target::Claim];

/// What a configuration beside the files declares: types that may have no annotation.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Names of labels, their parents and what they are for.
    pub(super) labels: Vec<(String, Option<String>, LabelKind)>,
    /// Names of roles.
    pub(super) roles: Vec<String>,
    /// Names of relation types.
    pub(super) relations: Vec<String>,
    /// Attributes.
    pub(super) attributes: Vec<DeclaredAttribute>,
    /// What is shown for a name, where that differs.
    pub(super) shown: BTreeMap<String, String>,
    /// The keys that give types of spans and relations, by name.
    pub(super) shortcuts: BTreeMap<String, char>,
}

/// An attribute of a configuration.
#[derive(Debug, Default)]
pub(super) struct DeclaredAttribute {
    pub(super) name: String,
    /// On what it can be set.
    pub(super) targets: Vec<Target>,
    /// Its values, where they are few.
    pub(super) values: Vec<String>,
    /// Its kind; guessed from the values where the configuration does not say it.
    pub(super) kind: Option<AttributeKind>,
}

/// The names under which an export of ours writes keys, where it cannot write the keys themselves: key by name.
#[derive(Debug, Default)]
pub(super) struct ExportedNames {
    pub(super) labels: BTreeMap<String, String>,
    pub(super) roles: BTreeMap<String, String>,
    pub(super) relations: BTreeMap<String, String>,
    pub(super) attributes: BTreeMap<String, String>,
}

/// What all files together say, before the first annotation is read: what a new label or attribute is made like.
#[derive(Debug, Default)]
pub(super) struct Survey {
    claim_labels: BTreeSet<String>,
    // Values of each attribute, at most [`MAX_CHOICES`] and one.
    values: BTreeMap<String, BTreeSet<String>>,
    // Kinds of attributes whose values say it, such as numbers in JSON; those whose values do not say it.
    kinds: BTreeMap<String, AttributeKind>,
    plain: BTreeSet<String>,
}

impl Survey {
    /// A label of claims.
    pub(super) fn claim_label(&mut self, name: &str) {
        if self.claim_labels.len() < MAX_NEW_ROWS && !self.claim_labels.contains(name) {
            self.claim_labels.insert(name.to_owned());
        }
    }

    /// A value of an attribute whose kind the values together say.
    pub(super) fn value(&mut self, name: &str, value: &str) {
        self.add_value(name, value, MAX_CHOICES);
        if self.plain.len() < MAX_NEW_ROWS && !self.plain.contains(name) {
            self.plain.insert(name.to_owned());
        }
    }

    fn add_value(&mut self, name: &str, value: &str, most: usize) {
        if !self.values.contains_key(name) {
            if self.values.len() >= MAX_NEW_ROWS {
                return;
            }
            self.values.insert(name.to_owned(), BTreeSet::new());
        }
        if let Some(values) = self.values.get_mut(name).filter(|values| values.len() <= most && !values.contains(value)) {
            values.insert(value.to_owned());
        }
    }

    /// A value of an attribute that is of this kind and no other.
    pub(super) fn value_of_kind(&mut self, name: &str, value: &str, kind: AttributeKind) {
        let is_choice = matches!(kind, AttributeKind::Choice | AttributeKind::Choices);
        self.add_value(name, value, if is_choice { MAX_NEW_ROWS } else { MAX_CHOICES });
        if self.kinds.len() < MAX_NEW_ROWS {
            let known = self.kinds.entry(name.to_owned()).or_insert(kind);
            *known = common_kind(*known, kind);
        }
    }

    /// What a new attribute of this name is.
    fn kind_of(&self, name: &str) -> AttributeKind {
        match self.kinds.get(name) {
            Some(_) if self.plain.contains(name) => AttributeKind::Text,
            Some(kind) => *kind,
            None => self.values.get(name).map_or(AttributeKind::YesNo, kind_for),
        }
    }
}

fn common_kind(a: AttributeKind, b: AttributeKind) -> AttributeKind {
    use AttributeKind::{Choice, Choices, Integer, Number, Text};
    match (a, b) {
        (a, b) if a == b => a,
        (Integer, Number) | (Number, Integer) => Number,
        (Choice, Choices) | (Choices, Choice) => Choices,
        _ => Text,
    }
}

/// Finds keys for names.
pub(super) struct Vocabulary<'k> {
    known: &'k Tables,
    names: ExportedNames,
    shown: BTreeMap<String, String>,
    // Those that nothing in the codebook has; each is given once.
    shortcuts: BTreeMap<String, char>,
    survey: Survey,
    // Who has an entry of a knowledge base; of several the first.
    by_entry: BTreeMap<String, EntityId>,
    // Names that were said to be odd.
    odd: BTreeSet<String>,
    trial: Option<Trial>,
    /// Rows that the codebook does not have, and entities that the project does not have.
    new: Tables,
}

/// What was met for the first time.
#[derive(Debug, Default)]
struct Trial {
    odd: Vec<String>,
    entities: Vec<EntityId>,
    entries: Vec<(EntityId, String)>,
}

impl<'k> Vocabulary<'k> {
    /// Knows a project's tables, a configuration and what the files hold.
    pub(super) fn new(known: &'k Tables, declared: Declared, names: ExportedNames, survey: Survey) -> Self {
        let mut by_entry = BTreeMap::new();
        for (id, entity) in &known.entities {
            for entry in &entity.knowledge_base_ids {
                by_entry.entry(entry.clone()).or_insert(*id);
            }
        }
        let taken: BTreeSet<char> = known.schema.shortcuts().into_iter().map(|(_, shortcut)| shortcut).collect();
        let mut shortcuts = declared.shortcuts;
        shortcuts.retain(|_, shortcut| !taken.contains(shortcut));
        let (shown, odd, new) = (declared.shown, BTreeSet::new(), Tables::default());
        let mut vocabulary = Self { known, names, shown, shortcuts, survey, by_entry, odd, trial: None, new };
        for (name, parent, kind) in declared.labels {
            vocabulary.declare_label(&name, parent.as_deref(), kind);
        }
        declared.roles.iter().for_each(|role| drop(vocabulary.role(role)));
        declared.relations.iter().for_each(|name| drop(vocabulary.relation(name)));
        declared.attributes.into_iter().for_each(|attribute| vocabulary.declare_attribute(attribute));
        vocabulary
    }

    /// What all files say that were not read before it was known.
    pub(super) fn take_survey(&mut self, survey: Survey) {
        (self.survey, self.trial) = (survey, None);
    }

    /// True where the codebook lacks something that was met.
    pub(super) fn has_new_rows(&self) -> bool {
        let Schema { labels, attributes, roles, relation_types, .. } = &self.new.schema;
        !(labels.is_empty() && attributes.is_empty() && roles.is_empty() && relation_types.is_empty())
    }

    /// What is met from now on can be taken back. The codebook has lacked nothing until now.
    pub(super) fn begin_trial(&mut self) {
        self.trial = Some(Trial::default());
    }

    /// Knows nothing of what was met since the trial began.
    pub(super) fn take_trial_back(&mut self) {
        let Trial { odd, entities, entries } = self.trial.take().unwrap_or_default();
        self.new.schema = Schema::default();
        odd.iter().for_each(|name| drop(self.odd.take(name)));
        for (entity, entry) in entries {
            self.by_entry.remove(&entry);
            self.new.entities.get_mut(&entity).into_iter().for_each(|entity| drop(entity.knowledge_base_ids.take(&entry)));
        }
        entities.iter().for_each(|entity| drop(self.new.entities.remove(entity)));
    }

    fn note_entry(&mut self, entity: EntityId, entry: &str) {
        if !self.by_entry.contains_key(entry) {
            self.by_entry.insert(entry.to_owned(), entity);
            self.trial.iter_mut().for_each(|trial| trial.entries.push((entity, entry.to_owned())));
        }
    }

    /// Gives what is new to the caller: the rows, the coders, and a note for each label.
    pub(super) fn hand_over<'c>(self, coders: impl IntoIterator<Item = &'c CoderKey>, to: &mut dyn Receiver) {
        let mut new = self.new;
        for coder in coders {
            if !self.known.coders.contains_key(coder) {
                new.coders.entry(coder.clone()).or_insert_with(|| Coder::new(coder.as_str()));
            }
        }
        for (key, label) in &new.schema.labels {
            let message = format!("the label {key} is not in the codebook; it is added as a label for {}", kind_word(label.kind));
            to.finding(Finding::new(Severity::Note, "new-label", message));
        }
        to.tables(new);
    }

    /// Declared twice, it can be set on both and has the values of both.
    fn declare_attribute(&mut self, attribute: DeclaredAttribute) {
        let DeclaredAttribute { name, targets, values, kind } = attribute;
        let is_first = !self.new.schema.attributes.contains_key(&self.key_of_attribute(&name));
        self.survey.values.entry(name.clone()).or_default().extend(values);
        if let (Some(kind), true) = (kind, is_first) {
            self.survey.kinds.insert(name.clone(), kind);
            self.survey.plain.remove(&name);
        }
        let key = self.attribute_key(&name);
        let Some(def) = self.new.schema.attributes.get_mut(&key) else { return };
        if is_first {
            def.applies_to = targets;
            return;
        }
        def.applies_to.extend(targets);
        def.applies_to.dedup();
        if !def.choices.is_empty() {
            def.choices = self.survey.values.get(&name).map(choices_of).unwrap_or_default();
        }
    }

    /// A label that stands under another; where the codebook knows it, nothing is changed.
    pub(super) fn declare_label(&mut self, name: &str, parent: Option<&str>, kind: LabelKind) {
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
        let kind = if self.survey.claim_labels.contains(name) { LabelKind::Claim } else { LabelKind::Entity };
        self.label_of_kind(name, kind)
    }

    fn label_of_kind(&mut self, name: &str, kind: LabelKind) -> LabelKey {
        if let Some(key) = self.known_label(name) {
            return key;
        }
        let key = LabelKey::from_text(name);
        let position = self.known.schema.labels.len() + self.new.schema.labels.len();
        let is_new = !self.known.schema.labels.contains_key(&key) && !self.new.schema.labels.contains_key(&key);
        if is_new && self.new.schema.labels.len() < MAX_NEW_ROWS {
            let shortcut = self.shortcuts.remove(name);
            let label = Label { shortcut, ..Label::new(self.shown(name), kind, Color::from_palette(position), small(position)) };
            self.new.schema.labels.insert(key.clone(), label);
        }
        key
    }

    /// True the first time that a name is met which cannot be a key as it is.
    pub(super) fn is_newly_odd(&mut self, name: &str) -> bool {
        let is_new = LabelKey::new(name).is_err() && self.odd.len() < MAX_NEW_ROWS && self.odd.insert(name.to_owned());
        self.trial.iter_mut().filter(|_| is_new).for_each(|trial| trial.odd.push(name.to_owned()));
        is_new
    }

    /// By key, by the name that an export gives it, by alias, by name.
    fn known_label(&self, name: &str) -> Option<LabelKey> {
        let labels = &self.known.schema.labels;
        let exact = LabelKey::new(name).ok().filter(|key| labels.contains_key(key));
        let exported = || LabelKey::new(self.names.labels.get(name)?).ok();
        exact.or_else(exported).or_else(|| label_called(&self.known.schema, name).cloned())
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
        let exported = || RoleKey::new(self.names.roles.get(name)?).ok();
        exact.or_else(exported)
    }

    fn new_role(&mut self, name: &str) -> RoleKey {
        let key = RoleKey::from_text(name);
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
        if !self.known.schema.roles.contains_key(&key) && self.new.schema.roles.len() < MAX_NEW_ROWS {
            self.new.schema.roles.entry(key.clone()).or_insert(def);
        }
        key
    }

    /// The relation type of a name.
    pub(super) fn relation(&mut self, name: &str) -> RelationKey {
        let types = &self.known.schema.relation_types;
        let exact = RelationKey::new(name).ok().filter(|key| types.contains_key(key));
        let exported = || RelationKey::new(self.names.relations.get(name)?).ok();
        exact.or_else(exported).unwrap_or_else(|| self.new_relation(name))
    }

    /// The project's codebook.
    pub(super) fn schema(&self) -> &'k Schema {
        &self.known.schema
    }

    /// True where the codebook has a relation type of this key.
    pub(super) fn knows_relation(&self, name: &str) -> bool {
        self.known.schema.relation_types.keys().any(|key| key.as_str() == name)
    }

    fn new_relation(&mut self, name: &str) -> RelationKey {
        let key = RelationKey::from_text(name);
        let position = self.known.schema.relation_types.len() + self.new.schema.relation_types.len();
        let is_new = !self.known.schema.relation_types.contains_key(&key) && !self.new.schema.relation_types.contains_key(&key);
        if is_new && self.new.schema.relation_types.len() < MAX_NEW_ROWS {
            let shortcut = self.shortcuts.remove(name);
            let row = RelationType { shortcut, ..RelationType::new(self.shown(name), Color::from_palette(position), small(position)) };
            self.new.schema.relation_types.insert(key.clone(), row);
        }
        key
    }

    /// A document's attribute: its key and typed value.
    ///
    /// # Errors
    /// When the value does not fit the codebook.
    pub(super) fn document_attribute(&mut self, name: &str, value: &str) -> Result<(AttributeKey, AttributeValue), String> {
        let is_declared = self.new.schema.attributes.contains_key(&self.key_of_attribute(name));
        let (key, value) = self.attribute(name, value)?;
        if let Some(def) = self.new.schema.attributes.get_mut(&key) {
            if !is_declared {
                def.applies_to.clear();
            }
            if !def.applies_to.contains(&Target::Document) {
                def.applies_to.push(Target::Document);
            }
        }
        Ok((key, value))
    }

    /// The key and typed value of an attribute of an annotation. Several choices stand with `|` between them.
    ///
    /// # Errors
    /// When the value does not fit the codebook.
    pub(super) fn attribute(&mut self, name: &str, value: &str) -> Result<(AttributeKey, AttributeValue), String> {
        let key = self.attribute_key(name);
        let def = self.known.schema.attributes.get(&key).or_else(|| self.new.schema.attributes.get(&key));
        let value = def.and_then(|def| typed(def, value)).ok_or_else(|| format!("`{value}` is no value of the attribute {key}"))?;
        Ok((key, value))
    }

    /// The name under which an attribute is written.
    pub(super) fn attribute_name<'a>(&'a self, key: &'a AttributeKey) -> &'a str {
        let def = self.known.schema.attributes.get(key).or_else(|| self.new.schema.attributes.get(key));
        def.map_or(key.as_str(), |def| written_name(key.as_str(), &def.name))
    }

    fn attribute_key(&mut self, name: &str) -> AttributeKey {
        let key = self.key_of_attribute(name);
        let is_new = !self.known.schema.attributes.contains_key(&key) && !self.new.schema.attributes.contains_key(&key);
        if is_new && self.new.schema.attributes.len() < MAX_NEW_ROWS {
            let def = self.new_attribute(name);
            self.new.schema.attributes.insert(key.clone(), def);
        }
        key
    }

    /// The key that a name would get.
    fn key_of_attribute(&self, name: &str) -> AttributeKey {
        let known = &self.known.schema.attributes;
        let exact = AttributeKey::new(name).ok().filter(|key| known.contains_key(key));
        let exported = || AttributeKey::new(self.names.attributes.get(name)?).ok();
        exact.or_else(exported).unwrap_or_else(|| AttributeKey::from_text(name))
    }

    fn new_attribute(&self, name: &str) -> AttributeDef {
        let values = self.survey.values.get(name).cloned().unwrap_or_default();
        let kind = self.survey.kind_of(name);
        let choices = if matches!(kind, AttributeKind::Choice | AttributeKind::Choices) { choices_of(&values) } else { Vec::new() };
        AttributeDef {
            name: self.shown(name),
            kind,
            position: small(self.known.schema.attributes.len() + self.new.schema.attributes.len()),
            applies_to: MARKS.to_vec(),
            labels: Vec::new(),
            choices,
            required: false,
            default: None,
            shortcut: None,
            description: String::new(),
            retired: false,
        }
    }

    /// The entity of a reference, made when nobody knows it. `Manicule:<id>` is our own base.
    pub(super) fn entity(&mut self, base: &str, entry: &str, name: &str, label: Option<&LabelKey>, ids: &mut IdSource) -> EntityId {
        let own = entry.parse::<EntityId>().ok().filter(|_| base == OWN_BASE);
        let entry = knowledge_base_id(base, entry);
        let known = || self.by_entry.get(&entry).copied();
        let id = own.or_else(known).unwrap_or_else(|| EntityId(ids.next_id()));
        if !self.known.entities.contains_key(&id) {
            if own.is_none() {
                self.note_entry(id, &entry);
            }
            let trial = &mut self.trial;
            let entity = self.new.entities.entry(id).or_insert_with(|| {
                trial.iter_mut().for_each(|trial| trial.entities.push(id));
                Entity::new(if name.is_empty() { &entry } else { name }, label.cloned())
            });
            if own.is_none() {
                entity.knowledge_base_ids.insert(entry);
            }
        }
        id
    }

    /// An entity that is known by its mentions only.
    pub(super) fn new_entity(&mut self, name: &str, label: Option<&LabelKey>, ids: &mut IdSource) -> EntityId {
        let id = EntityId(ids.next_id());
        self.new.entities.insert(id, Entity::new(name, label.cloned()));
        id
    }

    /// One more knowledge base id of an entity; false when the project's own entity has not got it.
    pub(super) fn add_reference(&mut self, entity: EntityId, base: &str, entry: &str) -> bool {
        let entry = knowledge_base_id(base, entry);
        if self.new.entities.contains_key(&entity) {
            self.note_entry(entity, &entry);
        }
        match self.new.entities.get_mut(&entity) {
            Some(new) => {
                new.knowledge_base_ids.insert(entry);
                true
            }
            None => self.known.entities.get(&entity).is_some_and(|known| known.knowledge_base_ids.contains(&entry)),
        }
    }
}

/// The label that has this name or alias.
pub(super) fn label_called<'s>(schema: &'s Schema, name: &str) -> Option<&'s LabelKey> {
    let is_called = |label: &Label| label.name.eq_ignore_ascii_case(name) || label.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name));
    schema.labels.iter().find(|(_, label)| !label.retired && is_called(label)).map(|(key, _)| key)
}

/// The name under which a label is written: the one of which its key was made and by which it is found again, else the key.
pub(super) fn label_name<'s>(schema: &'s Schema, key: &'s LabelKey) -> &'s str {
    let Some(label) = schema.labels.get(key) else { return key.as_str() };
    let leads_back = |name: &str| label_called(schema, name).is_none_or(|found| found == key);
    let mut names = std::iter::once(&label.name).chain(&label.aliases).map(|name| written_name(key.as_str(), name));
    names.find(|name| *name != key.as_str() && leads_back(name)).unwrap_or(key.as_str())
}

/// The name of a row of the codebook, where the key was made of it because it cannot be one; else the key.
pub(super) fn written_name<'n>(key: &'n str, name: &'n str) -> &'n str {
    let is_like = name != key && name.chars().zip(key.chars()).all(|(name, key)| name == key || key == '_');
    let is_plain =
        || name.trim() == name && !name.starts_with(OWN) && !name.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'));
    if is_like && is_plain() && LabelKey::from_text(name).as_str() == key { name } else { key }
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

fn kind_word(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Entity => "entities",
        LabelKind::Claim => "claims",
        LabelKind::Span => "spans",
    }
}

/// Each value under a key that is made of it.
fn choices_of(values: &BTreeSet<String>) -> Vec<Choice> {
    let mut seen = BTreeSet::new();
    let choices = values.iter().map(|value| (ChoiceKey::from_text(value), value)).filter(|(key, _)| seen.insert(key.clone()));
    choices.map(|(key, value)| Choice { name: value.clone(), key, shortcut: None, description: String::new() }).collect()
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

/// What a text says as a value of an attribute.
pub(super) fn typed(def: &AttributeDef, value: &str) -> Option<AttributeValue> {
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
