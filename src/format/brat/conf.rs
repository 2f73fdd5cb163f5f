//! `annotation.conf` and `visual.conf`: reading what they say of types, and writing our codebook as both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::names::{Names, storage_form};
use crate::format::vocabulary::{Declared, DeclaredAttribute, ExportedNames};
use crate::model::{AttributeDef, AttributeKind, Label, LabelKey, LabelKind, Schema, Target, tree_of};

/// So many types of each kind, roles of a type and values of an attribute are read; no configuration has more.
const MAX_TYPES: usize = 10_000;

/// What the configuration of a brat folder says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Conf {
    /// Types of spans and their parents, in the order of the file.
    pub(super) entities: Vec<(String, Option<String>)>,
    /// Types of events, their parents and their roles.
    pub(super) events: Vec<(String, Option<String>, Vec<String>)>,
    /// Types of relations.
    pub(super) relations: Vec<String>,
    /// Attributes, what they can be set on, and their values; no value for present or absent.
    pub(super) attributes: Vec<(String, Vec<Target>, Vec<String>)>,
    /// What is shown for a type, from `visual.conf`.
    pub(super) shown: BTreeMap<String, String>,
    /// The keys of types, from `kb_shortcuts.conf`.
    pub(super) shortcuts: BTreeMap<String, char>,
}

impl Conf {
    /// Reads an `annotation.conf`. Lines that make no sense say nothing.
    pub(super) fn read_annotation(&mut self, content: &str) {
        let mut section = String::new();
        let mut line_of_parents: Vec<String> = Vec::new();
        for line in content.lines() {
            let name = line.split('#').next().unwrap_or_default();
            if let Some(title) = name.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = title.to_lowercase();
                line_of_parents.clear();
            } else if !name.trim().is_empty() && !name.starts_with('<') && !name.starts_with("--") {
                self.read_type(&section, name, &mut line_of_parents);
            }
        }
    }

    fn read_type(&mut self, section: &str, line: &str, parents: &mut Vec<String>) {
        let depth = line.chars().take_while(|c| *c == '\t').count();
        let line = line.trim();
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let name = name.trim_start_matches('!').to_owned();
        parents.truncate(depth);
        let parent = parents.last().cloned();
        parents.push(name.clone());
        match section {
            "entities" | "spans" if self.entities.len() < MAX_TYPES => self.entities.push((name, parent)),
            "events" if self.events.len() < MAX_TYPES => self.events.push((name, parent, rest.split(',').filter_map(role).take(MAX_TYPES).collect())),
            "relations" if self.relations.len() < MAX_TYPES => self.relations.push(name),
            "attributes" if self.attributes.len() < MAX_TYPES => self.attributes.push((name, targets(rest), values(rest))),
            _ => {}
        }
    }

    /// As every reader declares names.
    pub(super) fn into_declared(self) -> Declared {
        let mut declared = Declared { relations: self.relations, shown: self.shown, shortcuts: self.shortcuts, ..Declared::default() };
        declared.labels.extend(self.entities.into_iter().map(|(name, parent)| (name, parent, LabelKind::Entity)));
        for (name, parent, roles) in self.events {
            declared.labels.push((name, parent, LabelKind::Claim));
            declared.roles.extend(roles);
        }
        let attributes = self.attributes.into_iter();
        declared.attributes.extend(attributes.map(|(name, targets, values)| DeclaredAttribute { name, targets, values, kind: None }));
        declared
    }

    /// Reads the names of a `visual.conf`.
    pub(super) fn read_visual(&mut self, content: &str) {
        let mut is_labels = false;
        for line in content.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            if line.starts_with('[') {
                is_labels = line == "[labels]";
            } else if let (true, Some((name, shown))) = (is_labels && self.shown.len() < 5 * MAX_TYPES, line.split_once('|')) {
                let first = shown.split('|').next().unwrap_or_default().trim();
                self.shown.insert(name.trim().to_owned(), first.to_owned());
            }
        }
    }
}

/// The keys of a `kb_shortcuts.conf` by type, in small letters; the first of several stays.
pub(super) fn shortcuts_of(content: &str) -> BTreeMap<String, char> {
    let mut shortcuts = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for line in content.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let (Some(key), Some(name)) = (words.next(), words.next()) else { continue };
        let mut letters = key.chars();
        if let (Some(letter), None) = (letters.next().map(|letter| letter.to_ascii_lowercase()), letters.next()) {
            let is_free = letter.is_ascii_lowercase() && !shortcuts.contains_key(name) && taken.insert(letter);
            if is_free {
                shortcuts.insert(name.to_owned(), letter);
            }
        }
    }
    shortcuts
}

fn role(argument: &str) -> Option<String> {
    let (role, _) = argument.trim().split_once(':')?;
    let name = role.split(['?', '*', '+', '{']).next().unwrap_or_default();
    (!name.is_empty() && !name.starts_with('<')).then(|| name.to_owned())
}

fn targets(rest: &str) -> Vec<Target> {
    let on = rest.split(',').find_map(|part| part.trim().strip_prefix("Arg:")).unwrap_or_default();
    match (on.contains("<ENTITY>"), on.contains("<EVENT>")) {
        (true, false) => vec![Target::Span],
        (false, true) => vec![Target::Claim],
        _ => vec![Target::Span, Target::Claim],
    }
}

fn values(rest: &str) -> Vec<String> {
    let values = rest.split(',').find_map(|part| part.trim().strip_prefix("Value:")).unwrap_or_default();
    values.split('|').map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).take(MAX_TYPES).collect()
}

/// The names of everything in the codebook, and what was met beyond it.
#[derive(Debug)]
pub(super) struct AllNames {
    pub(super) labels: Names,
    pub(super) roles: Names,
    pub(super) relations: Names,
    pub(super) attributes: Names,
    /// Values met, by attribute key: free values must be declared to brat.
    pub(super) values: BTreeMap<String, BTreeSet<String>>,
    /// Labels of claims that the codebook does not have.
    pub(super) claim_labels: BTreeSet<LabelKey>,
    /// Labels of spans that the codebook does not have.
    pub(super) span_labels: BTreeSet<LabelKey>,
    /// Roles and relations that the codebook does not have.
    pub(super) other_roles: BTreeSet<String>,
    pub(super) other_relations: BTreeSet<String>,
}

impl AllNames {
    /// Names for a codebook.
    pub(super) fn new(schema: &Schema) -> Self {
        Self {
            labels: Names::new(schema.labels.keys().map(|key| key.as_str())),
            roles: Names::new(schema.roles.keys().map(|key| key.as_str())),
            relations: Names::new(schema.relation_types.keys().map(|key| key.as_str())),
            attributes: Names::new(schema.attributes.keys().map(|key| key.as_str())),
            values: BTreeMap::new(),
            claim_labels: BTreeSet::new(),
            span_labels: BTreeSet::new(),
            other_roles: BTreeSet::new(),
            other_relations: BTreeSet::new(),
        }
    }

    /// Keys by the names that an export gives them.
    pub(super) fn into_exported(self) -> ExportedNames {
        let mut roles = self.roles.into_by_name();
        let with_counter: Vec<(String, String)> = roles.iter().map(|(name, key)| (format!("{name}_"), key.clone())).collect();
        for (name, key) in with_counter {
            roles.entry(name).or_insert(key);
        }
        ExportedNames {
            labels: self.labels.into_by_name(),
            roles,
            relations: self.relations.into_by_name(),
            attributes: self.attributes.into_by_name(),
        }
    }

    /// The name of a role: a digit at its end would be taken for a counter.
    pub(super) fn role(&mut self, key: &str) -> String {
        let name = self.roles.of(key);
        if name.ends_with(|c: char| c.is_ascii_digit()) { format!("{name}_") } else { name }
    }
}

/// `annotation.conf` for a codebook and what was met beyond it.
pub(super) fn annotation_conf(schema: &Schema, names: &mut AllNames) -> String {
    let mut page = "[entities]\n".to_owned();
    push_tree(&mut page, schema, names, |kind| kind != LabelKind::Claim, |_| String::new());
    for key in names.span_labels.clone() {
        let _ = writeln!(page, "{}", names.labels.of(key.as_str()));
    }
    page.push_str("\n[relations]\n");
    let types = tree_of(&schema.relation_types).into_iter().map(|(depth, key)| (depth, key.as_str().to_owned()));
    for (depth, key) in types.chain(names.other_relations.clone().into_iter().map(|key| (0, key))) {
        let _ = writeln!(page, "{}{}\tArg1:<ANY>, Arg2:<ANY>", "\t".repeat(depth), names.relations.of(&key));
    }
    page.push_str("\n[events]\n");
    let roles: Vec<String> = schema.roles.keys().map(|key| key.as_str().to_owned()).chain(names.other_roles.clone()).collect();
    let roles: Vec<String> = roles.iter().map(|key| format!("{}*:<ANY>", names.role(key))).collect();
    let arguments = if roles.is_empty() { String::new() } else { format!("\t{}", roles.join(", ")) };
    push_tree(&mut page, schema, names, |kind| kind == LabelKind::Claim, |_| arguments.clone());
    for key in names.claim_labels.clone() {
        let _ = writeln!(page, "{}{arguments}", names.labels.of(key.as_str()));
    }
    page.push_str("\n[attributes]\n");
    push_attributes(&mut page, schema, names);
    page
}

fn push_attributes(page: &mut String, schema: &Schema, names: &mut AllNames) {
    let met: BTreeSet<String> = names.values.keys().cloned().collect();
    let keys: BTreeSet<String> = schema.attributes.keys().map(|key| key.as_str().to_owned()).chain(met).collect();
    for key in keys {
        let def = crate::model::AttributeKey::new(&key).ok().and_then(|key| schema.attributes.get(&key));
        let arg = def.map_or("<ANY>", argument_of);
        let mut values: Vec<String> = def.map(declared_values).unwrap_or_default();
        values.extend(names.values.get(&key).into_iter().flatten().filter(|v| !v.contains(['|', ','])).cloned());
        let mut seen = BTreeSet::new();
        values.retain(|value| seen.insert(value.clone()));
        let value = if values.is_empty() { String::new() } else { format!(", Value:{}", values.join("|")) };
        if !arg.is_empty() {
            let _ = writeln!(page, "{}\tArg:{arg}{value}", names.attributes.of(&key));
        }
    }
}

/// Empty for attributes that are set neither on spans nor on claims.
fn argument_of(def: &AttributeDef) -> &'static str {
    match (def.applies_to.contains(&Target::Span), def.applies_to.contains(&Target::Claim)) {
        (true, true) => "<ANY>",
        (true, false) => "<ENTITY>",
        (false, true) => "<EVENT>",
        (false, false) => "",
    }
}

fn declared_values(def: &AttributeDef) -> Vec<String> {
    match def.kind {
        AttributeKind::YesNo => vec!["yes".to_owned(), "no".to_owned()],
        _ => def.choices.iter().map(|choice| choice.key.to_string()).collect(),
    }
}

/// Labels of some kinds as a tree, one tab a level.
fn push_tree(page: &mut String, schema: &Schema, names: &mut AllNames, takes: fn(LabelKind) -> bool, behind: impl Fn(&LabelKey) -> String) {
    let mut labels: Vec<(&LabelKey, &Label)> = schema.labels.iter().filter(|(_, label)| takes(label.kind)).collect();
    labels.sort_by_key(|(_, label)| label.position);
    let is_top = |label: &Label| label.parent.as_ref().and_then(|p| schema.labels.get(p)).is_none_or(|parent| !takes(parent.kind));
    let mut waiting: Vec<(usize, &LabelKey)> = labels.iter().rev().filter(|(_, label)| is_top(label)).map(|(key, _)| (0, *key)).collect();
    let mut written = BTreeSet::new();
    while let Some((depth, key)) = waiting.pop() {
        if written.insert(key) {
            let _ = writeln!(page, "{}{}{}", "\t".repeat(depth), names.labels.of(key.as_str()), behind(key));
            let children = labels.iter().rev().filter(|(_, label)| label.parent.as_ref() == Some(key));
            waiting.extend(children.map(|(key, _)| (depth + 1, *key)));
        }
    }
    // Labels in a circle have no top.
    for (key, _) in labels.iter().filter(|(key, _)| !written.contains(key)) {
        let _ = writeln!(page, "{}{}", names.labels.of(key.as_str()), behind(key));
    }
}

/// `visual.conf`: the real names, and the colours.
pub(super) fn visual_conf(schema: &Schema, names: &mut AllNames) -> String {
    let mut page = "[labels]\n".to_owned();
    for (key, label) in &schema.labels {
        push_name(&mut page, &names.labels.of(key.as_str()), key.as_str(), &label.name, label.tag());
    }
    for (key, def) in &schema.roles {
        push_name(&mut page, &names.role(key.as_str()), key.as_str(), &def.name, "");
    }
    for (key, def) in &schema.relation_types {
        push_name(&mut page, &names.relations.of(key.as_str()), key.as_str(), &def.name, "");
    }
    for (key, def) in &schema.attributes {
        push_name(&mut page, &names.attributes.of(key.as_str()), key.as_str(), &def.name, "");
    }
    page.push_str("\n[drawing]\nSPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken\n");
    page.push_str("ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5\n");
    for (key, label) in &schema.labels {
        let _ = writeln!(page, "{}\tbgColor:{}, borderColor:darken", names.labels.of(key.as_str()), label.color);
    }
    for (key, def) in &schema.relation_types {
        let _ = writeln!(page, "{}\tcolor:{}", names.relations.of(key.as_str()), def.color);
    }
    page
}

/// A name that shows nothing new is left out.
fn push_name(page: &mut String, name: &str, key: &str, shown: &str, short: &str) {
    let safe = |text: &str| text.chars().map(|c| if super::is_break(c) || c == '|' { ' ' } else { c }).collect::<String>().trim().to_owned();
    let shown = if shown.is_empty() { safe(key) } else { safe(shown) };
    if shown != name || key != storage_form(key) {
        let short = safe(short);
        let short = if short.is_empty() || short == shown { String::new() } else { format!(" | {short}") };
        let _ = writeln!(page, "{name} | {shown}{short}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read() {
        let mut conf = Conf::default();
        conf.read_annotation(
            "# c\n[entities]\nPerson\n\tActor\nGPE\n[relations]\nSays\tArg1:Person, Arg2:GPE\n[events]\n<P>=Person\n!Life\n\tDie  Who:Person, Where?:<P>, W{2}:x\n\
             [attributes]\nNeg Arg:<EVENT>\nMention  Arg:<ENTITY>, Value:Name|Other\n",
        );
        conf.read_visual("[labels]\nGPE | Land (État) | L\n[drawing]\nGPE\tbgColor:red\n");
        let s = |text: &str| text.to_owned();
        let shortcuts = shortcuts_of("# keys\n\nP Person\np Actor\nG\tGPE\nGG Says\n1 Die\nx Person\n");
        assert_eq!(shortcuts, BTreeMap::from([(s("Person"), 'p'), (s("GPE"), 'g')]));
        assert_eq!(conf.entities, [(s("Person"), None), (s("Actor"), Some(s("Person"))), (s("GPE"), None)]);
        assert_eq!(conf.events, [(s("Life"), None, vec![]), (s("Die"), Some(s("Life")), vec![s("Who"), s("Where"), s("W")])]);
        assert_eq!(conf.attributes[1], (s("Mention"), vec![Target::Span], vec![s("Name"), s("Other")]));
        assert_eq!(conf.attributes[0], (s("Neg"), vec![Target::Claim], vec![]));
        assert_eq!((conf.relations, conf.shown), (vec![s("Says")], BTreeMap::from([(s("GPE"), s("Land (État)"))])));
    }
}
