//! A codebook from brat's configuration: `annotation.conf`, and names and colours from a `visual.conf` beside it.
//!
//! Types of spans become labels for entities, events labels for claims with roles; the lines are taken apart in
//! `codebook_lines`. The form is described at <https://brat.nlplab.org/configuration.html>. What the codebook has no place
//! for is a finding.

use std::collections::{BTreeMap, BTreeSet};

use super::codebook_lines::{Argument, Lines, MAX_ARGUMENTS, TypeLine, Visual};
use super::conf::shortcuts_of;
use crate::format::vocabulary::small;
use crate::model::{
    AttributeDef, AttributeKey, AttributeKind, AttributeValue, Choice, ChoiceKey, Color, FillerKind, Finding, Label, LabelKey, LabelKind, NodeKind,
    RelationKey, RelationType, RoleDef, RoleKey, Schema, Severity, Target,
};

/// A short name is shown in the text: at most so many characters.
const MAX_SHORT_CHARS: usize = 5;

/// The codebook that `annotation.conf`, `visual.conf` and `kb_shortcuts.conf` describe, and what of them has no place in one.
#[must_use]
pub fn codebook(annotation: &str, visual: Option<&str>, shortcuts: Option<&str>) -> (Schema, Vec<Finding>) {
    let (lines, findings) = Lines::read(annotation);
    let mut maker = Maker { schema: Schema::default(), visual: visual.map(Visual::read).unwrap_or_default(), lines: &lines, findings };
    maker.add_labels(&lines.entities, LabelKind::Entity);
    maker.add_labels(&lines.events, LabelKind::Claim);
    lines.events.iter().for_each(|line| maker.add_roles(line));
    lines.relations.iter().for_each(|line| maker.add_relation(line));
    lines.attributes.iter().for_each(|line| maker.add_attribute(line));
    maker.note_options();
    give_shortcuts(&mut maker.schema, &shortcuts.map(shortcuts_of).unwrap_or_default());
    (maker.schema, maker.findings)
}

struct Maker<'l> {
    schema: Schema,
    visual: Visual,
    lines: &'l Lines,
    findings: Vec<Finding>,
}

/// What an argument may be filled with.
#[derive(Default)]
struct Ends {
    spans: bool,
    claims: bool,
    relations: bool,
    // Only these labels, where the configuration names some.
    labels: Vec<LabelKey>,
    // Names that no line has.
    unknown: BTreeSet<String>,
}

impl Maker<'_> {
    fn note(&mut self, severity: Severity, rule: &'static str, line: usize, message: String) {
        self.findings.push(Finding::new(severity, rule, message).in_file("annotation.conf").at_line(line));
    }

    fn add_labels(&mut self, lines: &[TypeLine], kind: LabelKind) {
        for line in lines {
            let key = LabelKey::from_text(&line.name);
            if self.schema.labels.contains_key(&key) {
                let message = format!("the type {} is there twice; the first was taken", line.name);
                self.note(Severity::Warning, "brat-type-twice", line.number, message);
                continue;
            }
            if line.is_abstract {
                let message = format!("brat does not let “{}” be given, only what is below it; here it can be given", line.name);
                self.note(Severity::Note, "brat-abstract-type", line.number, message);
            }
            let place = self.schema.labels.len();
            let color = self.visual.color(&line.name, "bgColor").unwrap_or_else(|| Color::from_palette(place));
            let parent = line.parent.as_ref().map(|parent| LabelKey::from_text(parent)).filter(|parent| *parent != key);
            let (name, short) = self.visual.names(&line.name, MAX_SHORT_CHARS);
            self.schema.labels.insert(key, Label { parent, short, ..Label::new(name, kind, color, small(place)) });
        }
    }

    /// A role of the same name in several events is one role.
    fn add_roles(&mut self, line: &TypeLine) {
        let event = LabelKey::from_text(&line.name);
        for argument in &line.arguments {
            let ends = self.ends(argument, line.number);
            let accepts = [(ends.spans, FillerKind::Span), (ends.spans, FillerKind::Entity), (ends.claims, FillerKind::Claim)];
            let accepts: Vec<FillerKind> = accepts.into_iter().filter(|(is_allowed, _)| *is_allowed).map(|(_, kind)| kind).collect();
            self.note_labels(&format!("the role {} of {}", argument.name, line.name), &ends, line.number);
            let key = RoleKey::from_text(&argument.name);
            match self.schema.roles.get_mut(&key) {
                None => {
                    let role = self.new_role(argument, accepts, event.clone());
                    self.schema.roles.insert(key, role);
                }
                Some(role) => {
                    let is_same = join_role(role, argument, &accepts, &event);
                    if !is_same {
                        let message = format!("the role {} has other numbers in other events; the wider ones were taken", argument.name);
                        self.note(Severity::Note, "brat-role-differs", line.number, message);
                    }
                }
            }
        }
    }

    fn new_role(&self, argument: &Argument, accepts: Vec<FillerKind>, event: LabelKey) -> RoleDef {
        RoleDef {
            name: self.visual.names(&argument.name, MAX_SHORT_CHARS).0,
            position: small(self.schema.roles.len()),
            accepts,
            values: Vec::new(),
            labels: vec![event],
            required: argument.is_required,
            max: argument.max,
            shortcut: None,
            description: String::new(),
            retired: false,
        }
    }

    fn add_relation(&mut self, line: &TypeLine) {
        let ends: Vec<Ends> = line.arguments.iter().take(2).map(|argument| self.ends(argument, line.number)).collect();
        let kinds = |ends: &Ends| -> Vec<NodeKind> {
            let kinds = [(ends.spans, NodeKind::Span), (ends.claims, NodeKind::Claim), (ends.relations, NodeKind::Relation)];
            kinds.into_iter().filter(|(is_allowed, _)| *is_allowed).map(|(_, kind)| kind).collect()
        };
        for end in &ends {
            self.note_labels(&format!("the relation {}", line.name), end, line.number);
        }
        let key = RelationKey::from_text(&line.name);
        if self.schema.relation_types.contains_key(&key) {
            let message = format!("the relation {} is there twice; the first was taken", line.name);
            return self.note(Severity::Warning, "brat-type-twice", line.number, message);
        }
        let place = self.schema.relation_types.len();
        let (name, short) = self.visual.names(&line.name, MAX_SHORT_CHARS);
        let color = self.visual.color(&line.name, "color").unwrap_or_else(|| Color::from_palette(place));
        let def = RelationType {
            parent: line.parent.as_ref().map(|parent| RelationKey::from_text(parent)).filter(|parent| *parent != key),
            short,
            from: ends.first().map(kinds).unwrap_or_default(),
            to: ends.get(1).map(kinds).unwrap_or_default(),
            symmetric: line.is_symmetric,
            ..RelationType::new(name, color, small(place))
        };
        self.schema.relation_types.insert(key, def);
    }

    fn add_attribute(&mut self, line: &TypeLine) {
        let argument = line.arguments.iter().find(|argument| argument.name == "Arg");
        let any = Argument::any("Arg");
        let ends = self.ends(argument.unwrap_or(&any), line.number);
        let targets = [(ends.spans, Target::Span), (ends.claims, Target::Claim), (ends.relations, Target::Relation)];
        let is_yes_no = line.values.iter().all(|value| value == "yes" || value == "no");
        let key = AttributeKey::from_text(&line.name);
        if self.schema.attributes.contains_key(&key) {
            let message = format!("the attribute {} is there twice; the first was taken", line.name);
            return self.note(Severity::Warning, "brat-type-twice", line.number, message);
        }
        let choices = if is_yes_no { Vec::new() } else { choices(&line.values, &self.visual) };
        let default = line.default.as_ref().map(|value| ChoiceKey::from_text(value)).filter(|key| choices.iter().any(|choice| choice.key == *key));
        let def = AttributeDef {
            name: self.visual.names(&line.name, MAX_SHORT_CHARS).0,
            kind: if is_yes_no { AttributeKind::YesNo } else { AttributeKind::Choice },
            position: small(self.schema.attributes.len()),
            applies_to: targets.into_iter().filter(|(is_allowed, _)| *is_allowed).map(|(_, target)| target).collect(),
            labels: ends.labels,
            choices,
            required: false,
            default: default.map(AttributeValue::Choice),
            shortcut: None,
            description: String::new(),
            retired: false,
        };
        self.schema.attributes.insert(key, def);
    }

    /// What an argument takes; names that stand for several are followed.
    fn ends(&mut self, argument: &Argument, line: usize) -> Ends {
        let mut ends = Ends::default();
        let (mut waiting, mut seen) = (argument.types.clone(), BTreeSet::new());
        while let Some(name) = waiting.pop() {
            if seen.len() >= MAX_ARGUMENTS || !seen.insert(name.clone()) {
                continue;
            }
            match (name.as_str(), self.lines.macros.get(&name)) {
                ("<ANY>", _) => (ends.spans, ends.claims, ends.relations) = (true, true, true),
                ("<ENTITY>", _) => ends.spans = true,
                ("<EVENT>", _) => ends.claims = true,
                ("<RELATION>", _) => ends.relations = true,
                (_, Some(several)) => waiting.extend(several.iter().cloned()),
                _ => self.add_end(&mut ends, &name),
            }
        }
        if !ends.unknown.is_empty() {
            let names = ends.unknown.iter().cloned().collect::<Vec<_>>().join(", ");
            let message = format!("{} names types that the file does not have: {names}. They were left out", argument.name);
            self.note(Severity::Warning, "brat-unknown-type", line, message);
        }
        ends.labels.sort_unstable();
        ends
    }

    fn add_end(&self, ends: &mut Ends, name: &str) {
        let key = LabelKey::from_text(name);
        match self.schema.labels.get(&key).map(|label| label.kind) {
            Some(LabelKind::Claim) => ends.claims = true,
            Some(_) => ends.spans = true,
            None => {
                ends.unknown.insert(name.to_owned());
                return;
            }
        }
        ends.labels.push(key);
    }

    /// Ends of relations and fillers of roles are kinds in the codebook, not labels.
    fn note_labels(&mut self, what: &str, ends: &Ends, line: usize) {
        if !ends.labels.is_empty() {
            let names = ends.labels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let message = format!("in brat {what} takes only {names}; here it takes every {}", kind_words(ends));
            self.note(Severity::Note, "brat-ends-wider", line, message);
        }
    }

    fn note_options(&mut self) {
        if let Some(line) = self.lines.first_option {
            let message = "the options are about how brat works and have no place in the codebook; they were left out".to_owned();
            self.note(Severity::Note, "brat-options", line, message);
        }
        for (section, line) in self.lines.unknown_sections.clone() {
            let message = format!("the section [{section}] has no place in the codebook; it was left out");
            self.note(Severity::Warning, "brat-section", line, message);
        }
    }
}

fn kind_words(ends: &Ends) -> &'static str {
    match (ends.spans, ends.claims) {
        (true, true) => "span and claim",
        (false, true) => "claim",
        _ => "span",
    }
}

/// Each row gets the key that brat gives its type, or a letter of its name that is free, labels first. What finds none has none.
fn give_shortcuts(schema: &mut Schema, said: &BTreeMap<String, char>) {
    for (key, label) in &mut schema.labels {
        label.shortcut = said.get(key.as_str()).copied();
    }
    for (key, relation) in &mut schema.relation_types {
        relation.shortcut = said.get(key.as_str()).copied();
    }
    let mut taken: BTreeSet<char> = schema.shortcuts().into_iter().map(|(_, shortcut)| shortcut).collect();
    let mut free = |name: &str| name.to_lowercase().chars().find(|c| c.is_ascii_lowercase() && taken.insert(*c));
    let mut labels: Vec<&mut Label> = schema.labels.values_mut().collect();
    labels.sort_by_key(|label| label.position);
    labels.into_iter().for_each(|label| label.shortcut = label.shortcut.or_else(|| free(&label.name)));
    schema.roles.values_mut().for_each(|role| role.shortcut = free(&role.name));
    schema.attributes.values_mut().for_each(|attribute| attribute.shortcut = free(&attribute.name));
    schema.relation_types.values_mut().for_each(|relation| relation.shortcut = relation.shortcut.or_else(|| free(&relation.name)));
}

/// True when the numbers are the same in both events.
fn join_role(role: &mut RoleDef, argument: &Argument, accepts: &[FillerKind], event: &LabelKey) -> bool {
    let is_same = (role.required, role.max) == (argument.is_required, argument.max);
    role.required &= argument.is_required;
    role.max = if role.max == 0 || argument.max == 0 { 0 } else { role.max.max(argument.max) };
    for kind in accepts {
        if !role.accepts.contains(kind) {
            role.accepts.push(*kind);
        }
    }
    if !role.labels.contains(event) {
        role.labels.push(event.clone());
    }
    is_same
}

fn choices(values: &[String], visual: &Visual) -> Vec<Choice> {
    let mut choices: BTreeMap<ChoiceKey, usize> = BTreeMap::new();
    let mut list = Vec::new();
    for value in values {
        let key = ChoiceKey::from_text(value);
        if choices.insert(key.clone(), list.len()).is_none() {
            list.push(Choice { key, name: visual.names(value, MAX_SHORT_CHARS).0, shortcut: None, description: String::new() });
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Schema;

    const CONF: &str = "# made by us\n[entities]\nBeing\n\tPerson\n\tAnimal\nPlace\n<WHO>=Person|Animal\n[relations]\n\
        Lives-in\tArg1:<WHO>, Arg2:Place\nKnows\tArg1:Being, Arg2:Being, <REL-TYPE>:symmetric-transitive\nAny\tArg1:<ANY>, Arg2:<ANY>\n\
        [events]\n!Happening\n\tMeeting\tWho{2-4}:<WHO>, Where?:Place, Topic*:<EVENT>|Ghost\n\tVisit\tWho+:Person, Where:Place\n\
        [attributes]\nNegated\tArg:<EVENT>\nMood\tArg:Person|Animal, Value:Good|Very bad, <DEFAULT>:Good\nSeen\tArg:<ENTITY>, Value:yes|no\n\
        [options]\nTokens\ttokenizer:whitespace\n";
    const VISUAL: &str = "[labels]\nPerson | Somebody | Pers | P\nLives-in | Lives in\n[drawing]\nSPAN_DEFAULT\tbgColor:lightgreen\nPerson\tbgColor:#7fa2ff, fgColor:black\n\
         Place\tbgColor:lightblue\nLives-in\tcolor:Red\n";

    fn made() -> (Schema, Vec<Finding>) {
        codebook(CONF, Some(VISUAL), None)
    }

    #[test]
    fn types_of_spans_and_events_become_a_tree_of_labels() {
        let (schema, _) = made();
        let label = |key: &str| &schema.labels[&LabelKey::new(key).unwrap()];
        let kinds: Vec<(&str, LabelKind)> = schema.offered_labels().into_iter().map(|(key, label)| (key.as_str(), label.kind)).collect();
        let (entity, claim) = (LabelKind::Entity, LabelKind::Claim);
        let expected = [
            ("Being", entity),
            ("Person", entity),
            ("Animal", entity),
            ("Place", entity),
            ("Happening", claim),
            ("Meeting", claim),
            ("Visit", claim),
        ];
        assert_eq!(kinds, expected);
        assert_eq!(label("Person").parent.as_ref().unwrap().as_str(), "Being");
        assert_eq!(label("Visit").parent.as_ref().unwrap().as_str(), "Happening");
        assert_eq!(
            (label("Person").name.as_str(), label("Person").short.as_str(), label("Person").color.to_string().as_str()),
            ("Somebody", "Pers", "#7fa2ff")
        );
        assert_eq!(label("Place").color.to_string(), "#add8e6");
    }

    #[test]
    fn roles_know_their_events_and_how_many_fill_them() {
        let (schema, _) = made();
        let role = |key: &str| {
            let role = &schema.roles[&RoleKey::new(key).unwrap()];
            (role.labels.iter().map(|label| label.as_str()).collect::<Vec<_>>(), role.required, role.max, role.accepts.clone())
        };
        let (span, entity, claim) = (FillerKind::Span, FillerKind::Entity, FillerKind::Claim);
        assert_eq!(role("Who"), (vec!["Meeting", "Visit"], true, 0, vec![span, entity]));
        assert_eq!(role("Where"), (vec!["Meeting", "Visit"], false, 1, vec![span, entity]));
        assert_eq!(role("Topic"), (vec!["Meeting"], false, 0, vec![claim]));
    }

    #[test]
    fn types_of_relations_keep_their_tree() {
        let (schema, _) = codebook("[relations]\nJoins\tArg1:<ANY>, Arg2:<ANY>\n\tMarries\tArg1:<ANY>, Arg2:<ANY>\n", None, None);
        let relation = |schema: &Schema, key: &str| schema.relation_types[&RelationKey::new(key).unwrap()].clone();
        assert_eq!(relation(&schema, "Marries").parent, Some(RelationKey::new("Joins").unwrap()));
        let written = crate::format::brat::conf::annotation_conf(&schema, &mut crate::format::brat::conf::AllNames::new(&schema));
        let (again, _) = codebook(&written, None, None);
        assert_eq!(relation(&again, "Marries").parent, Some(RelationKey::new("Joins").unwrap()), "{written}");
    }

    #[test]
    fn relations_keep_their_ends_and_attributes_their_values() {
        let (schema, _) = made();
        let relation = |key: &str| &schema.relation_types[&RelationKey::new(key).unwrap()];
        assert_eq!(
            (relation("Lives-in").from.as_slice(), relation("Lives-in").to.as_slice()),
            ([NodeKind::Span].as_slice(), [NodeKind::Span].as_slice())
        );
        assert_eq!((relation("Lives-in").name.as_str(), relation("Lives-in").color.to_string().as_str()), ("Lives in", "#ff0000"));
        assert!(relation("Knows").symmetric && !relation("Any").symmetric);
        let attribute = |key: &str| &schema.attributes[&AttributeKey::new(key).unwrap()];
        assert_eq!((attribute("Negated").kind, attribute("Negated").applies_to.as_slice()), (AttributeKind::YesNo, [Target::Claim].as_slice()));
        assert_eq!(attribute("Seen").kind, AttributeKind::YesNo);
        let mood = attribute("Mood");
        assert_eq!(
            mood.choices.iter().map(|choice| (choice.key.as_str(), choice.name.as_str())).collect::<Vec<_>>(),
            [("Good", "Good"), ("Very_bad", "Very bad")]
        );
        assert_eq!(mood.labels.iter().map(|label| label.as_str()).collect::<Vec<_>>(), ["Animal", "Person"]);
        assert_eq!(mood.default, Some(AttributeValue::Choice(ChoiceKey::new("Good").unwrap())));
    }

    #[test]
    fn every_row_gets_a_letter_of_its_name_that_is_free() {
        let (schema, _) = codebook("[entities]\nPerson\nPlace\nPp\n[relations]\nErl\tArg1:<ANY>, Arg2:<ANY>\n", None, None);
        let labels: Vec<Option<char>> = schema.offered_labels().into_iter().map(|(_, label)| label.shortcut).collect();
        assert_eq!(labels, [Some('p'), Some('l'), None]);
        assert_eq!(schema.relation_types.values().map(|relation| relation.shortcut).collect::<Vec<_>>(), [Some('e')]);
    }

    #[test]
    fn what_has_no_place_is_said_with_its_line() {
        let (_, findings) = made();
        let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
        let expected = [
            "annotation.conf: line 13: note: brat does not let “Happening” be given, only what is below it; here it can be given",
            "annotation.conf: line 14: note: in brat the role Who of Meeting takes only Animal, Person; here it takes every span",
            "annotation.conf: line 14: warning: Topic names types that the file does not have: Ghost. They were left out",
            "annotation.conf: line 15: note: the role Who has other numbers in other events; the wider ones were taken",
            "annotation.conf: line 9: note: in brat the relation Lives-in takes only Animal, Person; here it takes every span",
        ];
        for line in expected {
            assert!(said.contains(&line.to_owned()), "{line}\nis not in\n{}", said.join("\n"));
        }
        assert!(said.last().is_some_and(|last| last.contains("the options are about how brat works")), "{said:?}");
    }

    #[test]
    fn odd_lines_are_findings_and_never_a_panic() {
        let (schema, findings) = codebook(
            "Lost\n[entities]\nA\nA\n\t\t\tDeep\n[nonsense]\nB\n[attributes]\nX Value:\n[relations]\nR\n[events]\nA Who:\n",
            Some("x"),
            None,
        );
        assert_eq!(schema.labels.len(), 2);
        let rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
        assert!(["brat-outside-section", "brat-type-twice", "brat-section"].iter().all(|rule| rules.contains(rule)), "{rules:?}");
    }
}
