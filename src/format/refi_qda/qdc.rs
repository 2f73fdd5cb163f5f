//! Codebooks (`.qdc`) both ways. Such a file holds codes with descriptions and colours, and sets of them: what else a codebook has
//! is said on the way out, and stays as it is on the way in.

use std::collections::{BTreeMap, BTreeSet};

use super::codebook::{Book, Code, Codes, Means};
use super::{ATTRIBUTES, CLAIM_LABELS, ENTITIES, ENTITY_LABELS, ORIGIN, plain_guid};
use crate::format::vocabulary::{label_called, small};
use crate::format::xml_out::push_attribute;
use crate::format::xml_tree::parse;
use crate::model::{AttributeDef, AttributeKey, AttributeKind, Choice, ChoiceKey, Finding, Label, LabelKey, Schema, Severity, Target};

/// The codebook of a `.qdc` file, and what has no place in one. Rows that a known codebook has keep what such a file cannot say.
///
/// # Errors
/// When it is no XML or holds no codes.
pub fn qdc_codebook(content: &str, known: &Schema) -> Result<(Schema, Vec<Finding>), String> {
    let root = parse(content).map_err(|bad| format!("line {}: {}", bad.line, bad.why))?;
    if !["CodeBook", "Project"].contains(&root.name) {
        return Err(format!("its outermost element is {} and not CodeBook", root.name));
    }
    let codes = Codes::of(&root);
    let adoption = Adoption::new(known);
    let mut findings = Vec::new();
    let mut schema = Schema { labels: adoption.labels(&codes, root.get("origin") == Some(ORIGIN)), ..Schema::default() };
    for (place, code) in codes.codes.iter().enumerate() {
        match code.means {
            Means::Attribute => drop(schema.attributes.insert(adoption.attribute_key(code), adoption.attribute(code, place, &codes))),
            Means::Entity => {
                let message = format!("the code “{}” is an entity and none of the codebook; it was left out", code.name);
                findings.push(Finding::new(Severity::Note, "qdc-entity", message));
            }
            _ => {}
        }
    }
    let ours = [ENTITY_LABELS, CLAIM_LABELS, ATTRIBUTES, ENTITIES];
    let sets = root.all("Sets").flat_map(|sets| sets.all("Set")).filter_map(|set| set.get("name"));
    for set in sets.filter(|name| !ours.contains(name)) {
        findings.push(Finding::new(Severity::Warning, "qdc-set", format!("the set “{set}” of codes has no place in a codebook; it was left out")));
    }
    if adoption.keep(&mut schema) > 0 {
        let message = "such a file says nothing of roles, types of relations and attributes without choices: those that there are stay";
        findings.push(Finding::new(Severity::Note, "qdc-kept", message));
    }
    Ok((schema, findings))
}

/// What a file says of the rows of a codebook that is there.
struct Adoption<'k> {
    known: &'k Schema,
    book: Book<'k>,
    /// By the GUIDs that we give them.
    labels: BTreeMap<String, &'k LabelKey>,
    attributes: BTreeMap<String, &'k AttributeKey>,
}

impl<'k> Adoption<'k> {
    fn new(known: &'k Schema) -> Self {
        let book = Book::new(known);
        Self {
            known,
            labels: known.labels.keys().map(|key| (plain_guid(&book.label_guid(key)), key)).collect(),
            book,
            attributes: known.attributes.keys().map(|key| (Book::attribute_guid(key.as_str()), key)).collect(),
        }
    }

    fn label_key(&self, code: &Code) -> LabelKey {
        let by_key = || LabelKey::new(&code.name).ok().and_then(|key| self.known.labels.get_key_value(&key)).map(|(key, _)| key);
        let known = self.labels.get(&code.guid).copied().or_else(by_key).or_else(|| label_called(self.known, &code.name));
        known.cloned().unwrap_or_else(|| LabelKey::from_text(&code.name))
    }

    /// The labels of the file. What it does not say of a known one stays: its place, keys, examples, rules.
    fn labels(&self, codes: &Codes, is_ours: bool) -> BTreeMap<LabelKey, Label> {
        let mut labels = codes.labels(|code| self.label_key(code));
        let with_color: BTreeSet<LabelKey> = codes.codes.iter().filter(|code| code.color.is_some()).map(|code| self.label_key(code)).collect();
        for (key, label) in &mut labels {
            let Some(known) = self.known.labels.get(key) else {
                label.position = label.position.saturating_add(small(self.known.labels.len()));
                continue;
            };
            let is_told_apart = label.name.ends_with(&format!("::{}", known.name));
            *label = Label {
                name: if is_told_apart { known.name.clone() } else { label.name.clone() },
                kind: if is_ours { label.kind } else { known.kind },
                color: if with_color.contains(key) { label.color } else { known.color },
                description: std::mem::take(&mut label.description),
                parent: label.parent.take(),
                ..known.clone()
            };
        }
        labels
    }

    fn known_attribute(&self, code: &Code) -> Option<(&'k AttributeKey, &'k AttributeDef)> {
        let is_called = |(key, def): &(&AttributeKey, &AttributeDef)| [key.as_str(), &def.name].contains(&code.name.as_str());
        let key = self.attributes.get(&code.guid).copied();
        key.and_then(|key| self.known.attributes.get_key_value(key)).or_else(|| self.known.attributes.iter().find(is_called))
    }

    fn attribute_key(&self, code: &Code) -> AttributeKey {
        self.known_attribute(code).map_or_else(|| AttributeKey::from_text(&code.name), |(key, _)| key.clone())
    }

    fn attribute(&self, code: &Code, place: usize, codes: &Codes) -> AttributeDef {
        let read = attribute(code, place, codes);
        let Some((key, known)) = self.known_attribute(code) else { return read };
        let has_choices = matches!(known.kind, AttributeKind::Choice | AttributeKind::Choices);
        match known.kind {
            _ if has_choices => AttributeDef { choices: choices(key, known, codes.choices(place)), description: read.description, ..known.clone() },
            AttributeKind::YesNo if read.kind == known.kind => AttributeDef { description: read.description, ..known.clone() },
            _ => AttributeDef { name: known.name.clone(), position: known.position, ..read },
        }
    }

    /// Takes over the rows for which such a file has no place; how many these are.
    fn keep(&self, schema: &mut Schema) -> usize {
        schema.roles.clone_from(&self.known.roles);
        schema.relation_types.clone_from(&self.known.relation_types);
        let unsaid = self.known.attributes.iter().filter(|(key, _)| !self.book.choices.contains_key(key.as_str()));
        let unsaid: Vec<_> = unsaid.filter(|(key, _)| !schema.attributes.contains_key(*key)).map(|(key, def)| (key.clone(), def.clone())).collect();
        let count = schema.roles.len() + schema.relation_types.len() + unsaid.len();
        schema.attributes.extend(unsaid);
        count
    }
}

/// The known choices that the file has, in their order, and then its others.
fn choices<'c>(attribute: &AttributeKey, known: &AttributeDef, codes: impl Iterator<Item = &'c Code>) -> Vec<Choice> {
    let mut codes: Vec<&Code> = codes.collect();
    let mut choices = Vec::new();
    for choice in &known.choices {
        let guid = Book::choice_guid(attribute.as_str(), choice.key.as_str());
        let is_it = |code: &&Code| code.guid == guid || [choice.key.as_str(), &choice.name].contains(&code.name.as_str());
        if let Some(place) = codes.iter().position(is_it) {
            choices.push(Choice { description: codes.remove(place).description.clone(), ..choice.clone() });
        }
    }
    for code in codes {
        let choice = choice(code);
        if choices.iter().all(|known| known.key != choice.key) {
            choices.push(choice);
        }
    }
    choices
}

fn choice(code: &Code) -> Choice {
    Choice { key: ChoiceKey::from_text(&code.name), name: code.name.clone(), shortcut: None, description: code.description.clone() }
}

fn attribute(code: &Code, place: usize, codes: &Codes) -> AttributeDef {
    let mut seen = BTreeSet::new();
    let choices: Vec<Choice> = codes.choices(place).map(choice).filter(|choice| seen.insert(choice.key.clone())).collect();
    let is_yes_no = choices.iter().all(|choice| ["yes", "no"].contains(&choice.key.as_str()));
    AttributeDef {
        name: code.name.clone(),
        kind: if is_yes_no { AttributeKind::YesNo } else { AttributeKind::Choice },
        position: small(place),
        applies_to: vec![Target::Span, Target::Claim],
        labels: Vec::new(),
        choices: if is_yes_no { Vec::new() } else { choices },
        required: false,
        default: None,
        shortcut: None,
        description: code.description.clone(),
        retired: false,
    }
}

/// A codebook as a `.qdc` file, and what of it has no place there.
#[must_use]
pub fn write_qdc(schema: &Schema) -> (String, Vec<Finding>) {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<CodeBook xmlns=\"urn:QDA-XML:codebook:1.0\"");
    push_attribute(&mut out, "origin", ORIGIN);
    out.push_str(">\n");
    let book = Book::new(schema);
    book.push_codes(&mut out);
    book.push_sets(&mut out, "guid");
    out.push_str("</CodeBook>\n");
    (out, losses(schema, &book))
}

/// What has no place in such a file, list by list.
fn losses(schema: &Schema, book: &Book<'_>) -> Vec<Finding> {
    let labels = |is_lost: fn(&Label) -> bool| -> Vec<String> {
        schema.labels.iter().filter(|(_, label)| is_lost(label)).map(|(key, _)| key.to_string()).collect()
    };
    let attributes = |is_lost: &dyn Fn(&AttributeKey, &AttributeDef) -> bool| -> Vec<String> {
        schema.attributes.iter().filter(|(key, def)| is_lost(key, def)).map(|(key, _)| key.to_string()).collect()
    };
    let is_written = |key: &AttributeKey| book.choices.contains_key(key.as_str());
    let info = [("name", &schema.info.name), ("description", &schema.info.description)].into_iter().filter(|(_, text)| !text.is_empty());
    let lost: [(&str, Vec<String>); 13] = [
        ("name and description of the codebook", info.map(|(what, _)| what.to_owned()).collect()),
        ("short names of labels", labels(|label| !label.short.is_empty())),
        ("keys of labels", labels(|label| label.shortcut.is_some())),
        ("examples of labels", labels(|label| !label.examples.is_empty())),
        ("other names of labels", labels(|label| !label.aliases.is_empty())),
        ("rules of labels against crossing and nesting", labels(|label| label.no_crossing || label.no_nesting)),
        ("that labels are retired or replaced", labels(|label| label.retired || label.replaced_by.is_some())),
        ("attributes without choices, or of other things than spans and claims", attributes(&|key, _| !is_written(key))),
        (
            "names of attributes and their choices, for which their keys stand",
            attributes(&|key, def| {
                let is_named = |choice: &Choice| choice.name != choice.key.as_str();
                is_written(key) && (def.name != key.as_str() || def.choices.iter().any(is_named))
            }),
        ),
        (
            "what attributes belong to, defaults, keys, and that they are required, retired or have several values",
            attributes(&|key, def| is_written(key) && has_details(def)),
        ),
        ("roles of claims", schema.roles.keys().map(ToString::to_string).collect()),
        ("types of relations", schema.relation_types.keys().map(ToString::to_string).collect()),
        ("what earlier imports kept aside", labels(|label| !label.residue.is_empty())),
    ];
    let finding = |(what, of): (&str, Vec<String>)| {
        let message = format!("a .qdc has no place for this; it was left out: {} {what}: {}", of.len(), of.join(", "));
        Finding::new(Severity::Note, "qdc-left-out", message)
    };
    lost.into_iter().filter(|(_, of)| !of.is_empty()).map(finding).collect()
}

/// True where more is said than what the attribute of a file becomes.
fn has_details(def: &AttributeDef) -> bool {
    let is_of_marks_only = def.applies_to == [Target::Span, Target::Claim] && def.labels.is_empty();
    let has_keys = def.shortcut.is_some() || def.choices.iter().any(|choice| choice.shortcut.is_some());
    !is_of_marks_only || has_keys || def.required || def.default.is_some() || def.retired || def.kind == AttributeKind::Choices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Color, LabelKind};

    #[test]
    fn a_codebook_comes_back() {
        let mut schema = Schema::default();
        let mut add = |key: &str, kind: LabelKind, parent: Option<&str>| {
            let mut label = Label::new(key, kind, Color::from_palette(1), small(schema.labels.len()));
            label.parent = parent.map(|parent| LabelKey::new(parent).unwrap());
            label.description = format!("What <{key}> is.");
            schema.labels.insert(LabelKey::new(key).unwrap(), label);
        };
        add("PER", LabelKind::Entity, None);
        add("POL", LabelKind::Entity, Some("PER"));
        add("CLAIM", LabelKind::Claim, None);
        add("CUE", LabelKind::Span, None);
        let (written, losses) = write_qdc(&schema);
        let (read, findings) = qdc_codebook(&written, &Schema::default()).unwrap();
        assert_eq!((findings, losses), (Vec::new(), Vec::new()));
        assert_eq!((read.labels.len(), write_qdc(&read).0), (4, written));
        for (key, label) in &read.labels {
            let was = schema.labels.get(key).unwrap();
            assert_eq!(
                (&label.name, label.kind, label.color, &label.parent, &label.description),
                (&was.name, was.kind, was.color, &was.parent, &was.description)
            );
        }
        assert!(["<a/>", "<CodeBook>"].iter().all(|bad| qdc_codebook(bad, &Schema::default()).is_err()));
    }

    #[test]
    fn codes_of_one_name_stay_two() {
        let book = "<CodeBook><Codes><Code guid='1' name='A' isCodable='true' color='#0f0'><Code guid='2' name='x' isCodable='true'/></Code>\
                    <Code guid='3' name='B' isCodable='true'><Code guid='4' name='x' isCodable='true'/></Code></Codes></CodeBook>";
        let (schema, _) = qdc_codebook(book, &Schema::default()).unwrap();
        let names: Vec<&str> = schema.labels.values().map(|label| label.name.as_str()).collect();
        assert_eq!(names, ["A", "A::x", "B", "B::x"]);
        assert_eq!(schema.labels.values().next().unwrap().color.to_string(), "#00ff00");
    }
}
