//! The labelling configuration of an export: a control for everything that the results say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::names::ControlNames;
use super::{ATTRIBUTE, CLAIMS, DOCUMENT, LABELS, NORMALIZED, NOTE, TEXT};
use crate::format::vocabulary::label_name;
use crate::model::{AttributeKey, AttributeKind, AttributeValue, Label, LabelKey, LabelKind, Schema, Target};

/// What a control is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum On {
    /// A region.
    Region,
    /// The document.
    Document,
}

/// A control for an attribute.
#[derive(Clone, Debug)]
struct Control {
    kind: AttributeKind,
    title: String,
    /// Keys of choices, and what they are called.
    choices: Vec<(String, String)>,
}

/// All controls: those of the codebook, and what was met beyond it.
#[derive(Debug)]
pub(super) struct Controls {
    attributes: BTreeMap<(On, AttributeKey), Control>,
    /// Control, key, colour and name.
    labels: Vec<(String, String, String, String)>,
    met: BTreeSet<(String, String)>,
    /// Controls of labels that are of other projects, with the tags that show the text.
    others: BTreeMap<String, String>,
    /// Controls of other projects for attributes.
    renamed: BTreeSet<(On, AttributeKey, ControlNames)>,
    relations: BTreeSet<String>,
    /// Entries of taxonomies, by control.
    entries: BTreeMap<String, BTreeSet<Vec<String>>>,
}

impl Controls {
    /// The controls of a codebook.
    pub(super) fn new(schema: &Schema) -> Self {
        let mut labels: Vec<_> = schema.labels.iter().collect();
        labels.sort_by_key(|(_, label)| label.position);
        let label = |(key, label): (&LabelKey, &Label)| {
            let control = if label.kind == LabelKind::Claim { CLAIMS } else { LABELS };
            (control.to_owned(), label_name(schema, key).to_owned(), label.color.to_string(), label.name.clone())
        };
        let labels: Vec<_> = labels.into_iter().map(label).collect();
        let met = labels.iter().map(|(control, key, ..)| (control.clone(), key.clone())).collect();
        let relations = schema.relation_types.keys().map(ToString::to_string).chain(schema.roles.keys().map(ToString::to_string)).collect();
        let (attributes, others, renamed, entries) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
        let mut controls = Self { attributes, labels, met, others, renamed, relations, entries };
        for (key, def) in &schema.attributes {
            let choices = def.choices.iter().map(|choice| (choice.key.to_string(), choice.name.clone())).collect();
            let control = Control { kind: def.kind, title: def.name.clone(), choices };
            let on_regions = def.applies_to.contains(&Target::Span) || def.applies_to.contains(&Target::Claim);
            for (on, is_on) in [(On::Region, on_regions), (On::Document, def.applies_to.contains(&Target::Document))] {
                if is_on {
                    controls.attributes.insert((on, key.clone()), control.clone());
                }
            }
        }
        controls
    }

    /// A label is met in a control of the text that this tag shows.
    pub(super) fn label(&mut self, control: &str, key: &str, text: &str) {
        if !self.met.insert((control.to_owned(), key.to_owned())) {
            return;
        }
        let known = self.labels.iter().find(|(_, label, ..)| label == key).map(|(.., color, name)| (color.clone(), name.clone()));
        let (color, name) = known.unwrap_or_else(|| ("#888888".to_owned(), key.to_owned()));
        self.labels.push((control.to_owned(), key.to_owned(), color, name));
        if ![LABELS, CLAIMS].contains(&control) {
            self.others.entry(control.to_owned()).or_insert_with(|| text.to_owned());
        }
    }

    /// Another project has a control of its own for an attribute.
    pub(super) fn rename(&mut self, on: On, key: &AttributeKey, names: &ControlNames) {
        self.renamed.insert((on, key.clone(), names.clone()));
    }

    /// An entry of a taxonomy is met, and with it those above it.
    pub(super) fn entry(&mut self, control: &str, path: &[String]) {
        let entries = self.entries.entry(control.to_owned()).or_default();
        entries.extend((1..=path.len()).filter_map(|len| path.get(..len)).map(<[String]>::to_vec));
    }

    /// A relation or role is met.
    pub(super) fn relation(&mut self, key: &str) {
        if !self.relations.contains(key) {
            self.relations.insert(key.to_owned());
        }
    }

    /// False where the control of this attribute cannot hold the value.
    pub(super) fn takes(&mut self, on: On, key: &AttributeKey, value: &AttributeValue) -> bool {
        // The same attribute is of one kind, whatever it is set on.
        let other = if on == On::Region { On::Document } else { On::Region };
        let kind = self.attributes.get(&(other, key.clone())).map_or(kind_of(value), |control| control.kind);
        let made = || Control { kind, title: key.to_string(), choices: Vec::new() };
        let control = self.attributes.entry((on, key.clone())).or_insert_with(made);
        if !control.kind.takes(value) {
            return false;
        }
        let met: Vec<String> = match value {
            AttributeValue::Choice(choice) => vec![choice.to_string()],
            AttributeValue::Choices(choices) => choices.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        for choice in met {
            if !control.choices.iter().any(|(known, _)| *known == choice) {
                control.choices.push((choice.clone(), choice));
            }
        }
        true
    }

    /// The configuration.
    pub(super) fn to_xml(&self) -> String {
        let mut page = "<View>\n".to_owned();
        if !self.relations.is_empty() {
            page.push_str("  <Relations>\n");
            self.relations.iter().for_each(|key| push(&mut page, format_args!("    <Relation value=\"{}\"/>", attribute(key.as_str()))));
            page.push_str("  </Relations>\n");
        }
        for (control, text) in
            [(LABELS, TEXT), (CLAIMS, TEXT)].into_iter().chain(self.others.iter().map(|(control, text)| (control.as_str(), text.as_str())))
        {
            self.push_labels(&mut page, control, text);
        }
        let texts = self.others.values().chain(self.renamed.iter().map(|(.., names)| &names.text)).map(String::as_str);
        for text in std::iter::once(TEXT).chain(texts).collect::<BTreeSet<_>>() {
            push(&mut page, format_args!("  <Text name=\"{}\" value=\"$text\"/>", attribute(text)));
        }
        for ((on, key), control) in &self.attributes {
            control.push(&mut page, *on, (&name_of(*on, key), TEXT), "number");
        }
        for (on, key, names) in &self.renamed {
            let control = self.attributes.get(&(*on, key.clone()));
            match self.entries.get(&names.control).filter(|_| names.kind == "taxonomy") {
                Some(entries) => push_taxonomy(&mut page, *on, names, entries),
                None => control.iter().for_each(|control| control.push(&mut page, *on, (&names.control, &names.text), &names.kind)),
            }
        }
        for name in [NOTE, NORMALIZED] {
            push(&mut page, format_args!("  <TextArea name=\"{name}\" toName=\"{TEXT}\" perRegion=\"true\"/>"));
        }
        push(&mut page, format_args!("  <TextArea name=\"{DOCUMENT}{NOTE}\" toName=\"{TEXT}\"/>"));
        page.push_str("</View>\n");
        page
    }

    /// A control without labels would be refused.
    fn push_labels(&self, page: &mut String, control: &str, text: &str) {
        let mut labels = self.labels.iter().filter(|(of, ..)| of == control).peekable();
        if labels.peek().is_none() {
            return;
        }
        push(page, format_args!("  <Labels name=\"{}\" toName=\"{}\">", attribute(control), attribute(text)));
        for (_, key, color, name) in labels {
            let hint = if name == key || name.is_empty() { String::new() } else { format!(" hint=\"{}\"", attribute(name.as_str())) };
            push(page, format_args!("    <Label value=\"{}\" background=\"{color}\"{hint}/>", attribute(key.as_str())));
        }
        page.push_str("  </Labels>\n");
    }
}

impl Control {
    fn push(&self, page: &mut String, on: On, (name, text): (&str, &str), kind: &str) {
        let common = common(on, (name, text));
        let choices: Vec<(String, String)> = match self.kind {
            AttributeKind::YesNo => ["yes", "no"].map(|value| (value.to_owned(), value.to_owned())).to_vec(),
            AttributeKind::Choice | AttributeKind::Choices => self.choices.clone(),
            AttributeKind::Integer if kind == "rating" => return push(page, format_args!("  <Rating {common}/>")),
            AttributeKind::Integer | AttributeKind::Number => return push(page, format_args!("  <Number {common}/>")),
            AttributeKind::Text | AttributeKind::Date if kind == "datetime" => return push(page, format_args!("  <DateTime {common}/>")),
            AttributeKind::Text | AttributeKind::Date => return push(page, format_args!("  <TextArea {common}/>")),
        };
        if choices.is_empty() {
            return;
        }
        let several = if self.kind == AttributeKind::Choices { "multiple" } else { "single" };
        push(page, format_args!("  <Header value=\"{}\"/>", attribute(self.title.as_str())));
        push(page, format_args!("  <Choices {common} choice=\"{several}\">"));
        for (choice, name) in choices {
            let hint = if name == choice || name.is_empty() { String::new() } else { format!(" hint=\"{}\"", attribute(name.as_str())) };
            push(page, format_args!("    <Choice value=\"{}\"{hint}/>", attribute(choice.as_str())));
        }
        page.push_str("  </Choices>\n");
    }
}

/// What every control says of itself.
fn common(on: On, (name, text): (&str, &str)) -> String {
    let per_region = if on == On::Region { " perRegion=\"true\"" } else { "" };
    format!("name=\"{}\" toName=\"{}\"{per_region}", attribute(name), attribute(text))
}

/// A taxonomy with its entries, each inside of the one above it.
fn push_taxonomy(page: &mut String, on: On, names: &ControlNames, entries: &BTreeSet<Vec<String>>) {
    push(page, format_args!("  <Taxonomy {}>", common(on, (&names.control, &names.text))));
    let mut open = 0;
    for entry in entries {
        while open >= entry.len() {
            push(page, format_args!("{}</Choice>", "  ".repeat(open + 1)));
            open -= 1;
        }
        push(page, format_args!("{}<Choice value=\"{}\">", "  ".repeat(entry.len() + 1), attribute(entry.last().map_or("", String::as_str))));
        open = entry.len();
    }
    (1..=open).rev().for_each(|open| push(page, format_args!("{}</Choice>", "  ".repeat(open + 1))));
    page.push_str("  </Taxonomy>\n");
}

/// As the value of an attribute; what XML cannot hold becomes a blank.
fn attribute(text: impl AsRef<str>) -> String {
    let clean: String = text.as_ref().chars().map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c }).collect();
    quick_xml::escape::escape(clean).into_owned()
}

fn push(page: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(page, "{line}");
}

/// The control of ours for an attribute.
pub(super) fn name_of(on: On, key: &AttributeKey) -> String {
    match on {
        On::Region => format!("{ATTRIBUTE}{key}"),
        On::Document => format!("{DOCUMENT}{key}"),
    }
}

fn kind_of(value: &AttributeValue) -> AttributeKind {
    match value {
        AttributeValue::Bool(_) => AttributeKind::YesNo,
        AttributeValue::Int(_) => AttributeKind::Integer,
        AttributeValue::Number(_) => AttributeKind::Number,
        AttributeValue::Choice(_) => AttributeKind::Choice,
        AttributeValue::Choices(_) => AttributeKind::Choices,
        AttributeValue::Text(_) => AttributeKind::Text,
        AttributeValue::Date(_) => AttributeKind::Date,
    }
}
