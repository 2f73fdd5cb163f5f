//! Codes and what they mean here: labels in their tree, attributes and their choices, entities.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{ATTRIBUTES, CLAIM_LABELS, ENTITIES, ENTITY_LABELS, FORMAT, guid, is_guid, memos, plain_guid};
use crate::format::vocabulary::small;
use crate::format::xml_out::{push_attribute, push_escaped};
use crate::format::xml_tree::Element;
use crate::model::{AttributeDef, AttributeKey, AttributeKind, Choice, Color, Label, LabelKey, LabelKind, Schema, Target};

/// What a code is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Means {
    Label(LabelKind),
    /// An attribute, whose choices are the codes under it.
    Attribute,
    /// A choice of the attribute at this place in the list.
    Choice(usize),
    /// What stands above all entities.
    Entities,
    Entity,
}

/// What is kept of the code that a label was, as it stands in the file.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct KeptCode {
    guid: String,
    /// It stands above others, and nothing is coded with it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_above_only: bool,
}

impl KeptCode {
    fn of(label: &Label) -> Self {
        label.residue.get(FORMAT.name).and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_default()
    }
}

/// A code.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) guid: String,
    kept: KeptCode,
    /// As in the file; with the names above it where another code has the same.
    pub(super) name: String,
    pub(super) description: String,
    pub(super) parent: Option<usize>,
    pub(super) means: Means,
    pub(super) color: Option<Color>,
    /// GUIDs of memos on it.
    pub(super) memos: Vec<String>,
}

/// All codes, those above in front of those below.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    pub(super) codes: Vec<Code>,
    by_guid: BTreeMap<String, usize>,
}

impl Codes {
    /// Those of a project or a codebook.
    pub(super) fn of(root: &Element<'_>) -> Self {
        let mut codes = Self::default();
        let book = root.child("CodeBook").unwrap_or(root);
        let sets: BTreeMap<String, &str> = root.all("Sets").chain(book.all("Sets")).flat_map(|sets| sets.all("Set")).flat_map(members).collect();
        for code in book.all("Codes").flat_map(|list| list.all("Code")) {
            codes.add(code, None, &sets);
        }
        codes.tell_apart();
        codes
    }

    fn add(&mut self, element: &Element<'_>, parent: Option<usize>, sets: &BTreeMap<String, &str>) {
        let guid = plain_guid(element.get("guid").unwrap_or_default());
        let above = parent.and_then(|parent| self.codes.get(parent)).map(|code| code.means);
        let means = match (sets.get(&guid).copied(), above, parent) {
            (Some(ATTRIBUTES), ..) => Means::Attribute,
            (_, Some(Means::Attribute), Some(parent)) => Means::Choice(parent),
            (Some(ENTITIES), _, None) => Means::Entities,
            (_, Some(Means::Entities), _) => Means::Entity,
            (Some(ENTITY_LABELS), ..) => Means::Label(LabelKind::Entity),
            (Some(CLAIM_LABELS), ..) => Means::Label(LabelKind::Claim),
            _ => Means::Label(LabelKind::Span),
        };
        let color = element.get("color").and_then(color_of);
        let (name, description) = (element.get("name").unwrap_or_default().to_owned(), element.text_of("Description").to_owned());
        let place = self.codes.len();
        self.by_guid.entry(guid.clone()).or_insert(place);
        let is_above_only = element.get("isCodable").is_some_and(|is| matches!(is.trim(), "false" | "0"));
        let kept = KeptCode { guid: element.get("guid").unwrap_or_default().trim().to_owned(), is_above_only };
        self.codes.push(Code { guid, kept, name, description, parent, means, color, memos: memos::of_code(element) });
        element.all("Code").for_each(|code| self.add(code, Some(place), sets));
    }

    /// Labels of one name get the names above them, so that they stay two.
    fn tell_apart(&mut self) {
        let is_label = |code: &Code| matches!(code.means, Means::Label(_));
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        self.codes.iter().filter(|code| is_label(code)).for_each(|code| *counts.entry(code.name.to_lowercase()).or_default() += 1);
        for place in 0..self.codes.len() {
            let Some(code) =
                self.codes.get(place).filter(|code| is_label(code) && counts.get(&code.name.to_lowercase()).is_some_and(|count| *count > 1))
            else {
                continue;
            };
            let above = code.parent.and_then(|parent| self.codes.get(parent)).map(|parent| parent.name.clone());
            let name = above.map(|above| format!("{above}::{}", code.name));
            if let (Some(name), Some(code)) = (name, self.codes.get_mut(place)) {
                code.name = name;
            }
        }
    }

    pub(super) fn get(&self, guid: &str) -> Option<&Code> {
        self.codes.get(*self.by_guid.get(&plain_guid(guid))?)
    }

    pub(super) fn at(&self, place: usize) -> Option<&Code> {
        self.codes.get(place)
    }

    /// The labels as rows of a codebook; `key_of` knows the keys of codes.
    pub(super) fn labels(&self, mut key_of: impl FnMut(&Code) -> LabelKey) -> BTreeMap<LabelKey, Label> {
        let mut labels = BTreeMap::new();
        for (place, code) in self.codes.iter().enumerate() {
            let Means::Label(kind) = code.means else { continue };
            let color = code.color.unwrap_or_else(|| Color::from_palette(place));
            let mut label = Label::new(&code.name, kind, color, small(place));
            label.description.clone_from(&code.description);
            label.parent = code.parent.and_then(|parent| self.codes.get(parent)).map(&mut key_of);
            let key = key_of(code);
            let is_of_another = is_guid(&code.guid) && code.guid != own_guid(&key);
            if let Some(kept) = serde_json::to_string(&code.kept).ok().filter(|_| is_of_another || code.kept.is_above_only) {
                label.residue.insert(FORMAT.name.to_owned(), kept);
            }
            labels.entry(key).or_insert(label);
        }
        labels
    }

    /// Choices of the attribute at a place.
    pub(super) fn choices(&self, attribute: usize) -> impl Iterator<Item = &Code> {
        self.codes.iter().filter(move |code| code.means == Means::Choice(attribute))
    }
}

fn members<'e>(set: &'e Element<'_>) -> impl Iterator<Item = (String, &'e str)> {
    let name = set.get("name").unwrap_or_default();
    // The two schemas call it differently.
    let guids = set.all("MemberCode").filter_map(|member| member.get("targetGUID").or_else(|| member.get("guid")));
    guids.map(move |guid| (plain_guid(guid), name))
}

/// `#rrggbb` or `#rgb`.
fn color_of(text: &str) -> Option<Color> {
    let short = text.strip_prefix('#').filter(|digits| digits.len() == 3);
    let long = short.map(|digits| digits.chars().fold("#".to_owned(), |all, digit| format!("{all}{digit}{digit}")));
    long.as_deref().unwrap_or(text).parse().ok()
}

/// The GUID of a label that no other program has given one.
fn own_guid(key: &LabelKey) -> String {
    guid(&["label", key.as_str()])
}

/// What is written of a codebook, and what its rows are called.
pub(super) struct Book<'s> {
    schema: &'s Schema,
    /// The GUIDs that labels had in another program, each once.
    guids: BTreeMap<&'s LabelKey, String>,
    /// Labels that sheets have and the codebook has not.
    pub(super) new_labels: BTreeMap<LabelKey, LabelKind>,
    /// Choices by attribute.
    pub(super) choices: BTreeMap<String, BTreeSet<String>>,
    /// Entities: their ids, names and descriptions.
    pub(super) entities: BTreeMap<String, (String, String)>,
}

impl<'s> Book<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        let mut choices = BTreeMap::new();
        for (key, def) in &schema.attributes {
            let is_for_marks = def.applies_to.iter().any(|target| matches!(target, Target::Span | Target::Claim));
            let names: Option<BTreeSet<String>> = match def.kind {
                AttributeKind::YesNo => Some(["yes", "no"].map(str::to_owned).into()),
                AttributeKind::Choice | AttributeKind::Choices => Some(def.choices.iter().map(|choice| choice.key.to_string()).collect()),
                _ => None,
            };
            choices.extend(names.filter(|_| is_for_marks).map(|names| (key.to_string(), names)));
        }
        let (mut guids, mut met) = (BTreeMap::new(), BTreeSet::new());
        for (key, label) in &schema.labels {
            let kept = KeptCode::of(label).guid;
            if is_guid(&kept) && met.insert(plain_guid(&kept)) {
                guids.insert(key, kept);
            }
        }
        Self { schema, guids, new_labels: BTreeMap::new(), choices, entities: BTreeMap::new() }
    }

    pub(super) fn label_guid(&self, key: &LabelKey) -> String {
        self.guids.get(key).cloned().unwrap_or_else(|| own_guid(key))
    }

    pub(super) fn attribute_guid(attribute: &str) -> String {
        guid(&["attribute", attribute])
    }

    pub(super) fn choice_guid(attribute: &str, choice: &str) -> String {
        guid(&["choice", attribute, choice])
    }

    pub(super) fn entity_guid(id: &str) -> String {
        guid(&["entity", id])
    }

    fn attribute(&self, key: &str) -> Option<&AttributeDef> {
        self.schema.attributes.get(&AttributeKey::new(key).ok()?)
    }

    fn choice(&self, attribute: &str, key: &str) -> Option<&Choice> {
        self.attribute(attribute)?.choices.iter().find(|choice| choice.key.as_str() == key)
    }

    fn is_empty(&self) -> bool {
        self.schema.labels.is_empty() && self.new_labels.is_empty() && self.choices.is_empty() && self.entities.is_empty()
    }

    /// The list of codes; nothing where there is none, for it must not be empty.
    pub(super) fn push_codes(&self, out: &mut String) {
        if self.is_empty() {
            return;
        }
        out.push_str("<Codes>\n");
        let is_top = |label: &Label| label.parent.as_ref().is_none_or(|parent| !self.schema.labels.contains_key(parent));
        self.sorted(is_top).into_iter().for_each(|(key, label)| self.push_label(out, key, label, 0));
        for key in self.new_labels.keys() {
            push_code(out, (&self.label_guid(key), key.as_str()), (true, None), "", |_| {});
        }
        for (attribute, choices) in &self.choices {
            let description = self.attribute(attribute).map_or("", |def| &def.description);
            push_code(out, (&Self::attribute_guid(attribute), attribute), (false, None), description, |out| {
                for choice in choices {
                    let description = self.choice(attribute, choice).map_or("", |choice| &choice.description);
                    push_code(out, (&Self::choice_guid(attribute, choice), choice), (true, None), description, |_| {});
                }
            });
        }
        if !self.entities.is_empty() {
            push_code(out, (&guid(&["entities"]), ENTITIES), (false, None), "", |out| {
                for (id, (name, description)) in &self.entities {
                    push_code(out, (&Self::entity_guid(id), name), (true, None), description, |_| {});
                }
            });
        }
        out.push_str("</Codes>\n");
    }

    fn sorted(&self, is_wanted: impl Fn(&Label) -> bool) -> Vec<(&LabelKey, &Label)> {
        let mut labels: Vec<_> = self.schema.labels.iter().filter(|(_, label)| is_wanted(label)).collect();
        labels.sort_by_key(|(key, label)| (label.position, *key));
        labels
    }

    fn push_label(&self, out: &mut String, key: &LabelKey, label: &Label, depth: usize) {
        let is_codable = !KeptCode::of(label).is_above_only;
        push_code(out, (&self.label_guid(key), &label.name), (is_codable, Some(label.color)), &label.description, |out| {
            // Circles are mended elsewhere; here they only must end.
            if depth < crate::model::MAX_LABEL_DEPTH {
                let below = self.sorted(|other| other.parent.as_ref() == Some(key));
                below.into_iter().for_each(|(key, label)| self.push_label(out, key, label, depth + 1));
            }
        });
    }

    /// The sets that say what codes are; `member` is what the schema calls a code's GUID there.
    pub(super) fn push_sets(&self, out: &mut String, member: &str) {
        let of_kind = |kind: LabelKind| {
            let known = self.schema.labels.iter().filter(move |(_, label)| label.kind == kind).map(|(key, _)| self.label_guid(key));
            let new = self.new_labels.iter().filter(move |(_, other)| **other == kind).map(|(key, _)| self.label_guid(key));
            known.chain(new).collect::<Vec<_>>()
        };
        let attributes = self.choices.keys().map(|attribute| Self::attribute_guid(attribute)).collect();
        let entities = if self.entities.is_empty() { Vec::new() } else { vec![guid(&["entities"])] };
        let sets =
            [(ENTITY_LABELS, of_kind(LabelKind::Entity)), (CLAIM_LABELS, of_kind(LabelKind::Claim)), (ATTRIBUTES, attributes), (ENTITIES, entities)];
        let filled: Vec<_> = sets.into_iter().filter(|(_, members)| !members.is_empty()).collect();
        if filled.is_empty() {
            return;
        }
        out.push_str("<Sets>\n");
        for (name, members) in filled {
            out.push_str("<Set");
            push_attribute(out, "guid", &guid(&["set", name]));
            push_attribute(out, "name", name);
            out.push_str(">\n");
            for code in members {
                out.push_str("<MemberCode");
                push_attribute(out, member, &code);
                out.push_str("/>\n");
            }
            out.push_str("</Set>\n");
        }
        out.push_str("</Sets>\n");
    }
}

fn push_code(
    out: &mut String,
    (guid, name): (&str, &str),
    (is_codable, color): (bool, Option<Color>),
    description: &str,
    inside: impl FnOnce(&mut String),
) {
    out.push_str("<Code");
    push_attribute(out, "guid", guid);
    push_attribute(out, "name", name);
    push_attribute(out, "isCodable", if is_codable { "true" } else { "false" });
    color.into_iter().for_each(|color| push_attribute(out, "color", &color.to_string()));
    out.push_str(">\n");
    push_element(out, "Description", description);
    inside(out);
    out.push_str("</Code>\n");
}

/// An element with a text; nothing where there is no text.
pub(super) fn push_element(out: &mut String, name: &str, text: &str) {
    if !text.is_empty() {
        out.push('<');
        out.push_str(name);
        out.push('>');
        push_escaped(out, text);
        out.push_str("</");
        out.push_str(name);
        out.push_str(">\n");
    }
}
