//! From rows to notation.

use std::collections::{BTreeMap, BTreeSet};

use super::body::REGIONS;
use super::fields::{self, Words, print_attributes, print_residue, print_role, print_text};
use super::layout::{Layout, Owner, Pair, layout};
use super::token::{quote, quote_all};
use super::{Names, Notation};
use crate::model::{
    AttributeValue, Attributes, Claim, Document, Entity, EntityId, Filler, LabelKey, LabelKind, Node, Relation, Schema, Sheet, Span, Status,
};

/// What the statuses of a sheet are called.
pub(super) const STATUSES: [(Status, &str); 5] = [
    (Status::New, "new"),
    (Status::InProgress, "in_progress"),
    (Status::Done, "done"),
    (Status::DoneAnyway, "done_anyway"),
    (Status::Doubtful, "doubtful"),
];

struct Printer<'n> {
    notation: &'n Notation,
    schema: &'n Schema,
    layout: Layout,
    rows: BTreeMap<Node, String>,
    entities: BTreeMap<EntityId, String>,
    // Names of regions that cross something.
    regions: BTreeMap<usize, String>,
}

/// Rows that need a name take the spare ones first, then numbers.
pub(super) fn print(notation: &Notation, schema: &Schema, spare: Vec<String>) -> String {
    let layout = layout(&notation.document, &notation.sheet);
    let mut printer = Printer { notation, schema, layout, rows: BTreeMap::new(), entities: BTreeMap::new(), regions: BTreeMap::new() };
    printer.name_rows(spare);
    let body = printer.body();
    let lines: Vec<String> = printer.lines();
    match (body.as_str(), lines.as_slice()) {
        (_, []) => body,
        ("", lines) => lines.join("\n"),
        (body, lines) => format!("{body}\n{}", lines.join("\n")),
    }
}

/// Numbers that are not names yet.
fn numbers(names: &Names) -> impl Iterator<Item = String> {
    let is_free = |name: &String| !names.rows.contains_key(name) && !names.entities.contains_key(name);
    (1u64..).map(|n| n.to_string()).filter(is_free)
}

/// Naming.
impl Printer<'_> {
    fn name_rows(&mut self, spare: Vec<String>) {
        let names = &self.notation.names;
        let mut spare = spare.into_iter().chain(numbers(names));
        self.entities = names.entities.iter().map(|(name, id)| (*id, name.clone())).collect();
        self.rows = names.rows.iter().filter(|(_, node)| self.exists(**node)).map(|(name, node)| (*node, name.clone())).collect();
        for node in self.rows_in_need() {
            self.rows.entry(node).or_insert_with(|| spare.next().unwrap_or_default());
        }
        for id in self.notation.entities.keys() {
            self.entities.entry(*id).or_insert_with(|| spare.next().unwrap_or_default());
        }
        let crossing = self.layout.pairs.iter().filter(|pair| pair.is_crossing);
        let regions = crossing.filter_map(|pair| if let Owner::Region(i) = pair.owner { Some(i) } else { None });
        self.regions = regions.zip(spare).collect();
    }

    fn exists(&self, node: Node) -> bool {
        let sheet = &self.notation.sheet;
        match node {
            Node::Span(id) => sheet.spans.contains_key(&id),
            Node::Claim(id) => sheet.claims.contains_key(&id),
            Node::Relation(id) => sheet.relations.contains_key(&id),
            Node::Entity(id) => self.notation.entities.contains_key(&id),
        }
    }

    /// Rows that something refers to, that cross or have gaps, or that have a line: in text order, then by id.
    fn rows_in_need(&self) -> Vec<Node> {
        let sheet = &self.notation.sheet;
        let referred = self.referred();
        let needs = |node: Node| match node {
            node if referred.contains(&node) => true,
            Node::Span(id) => sheet.spans.get(&id).is_some_and(|span| !span_items(self.schema, span).is_empty()),
            Node::Claim(id) => sheet.claims.get(&id).is_some_and(|claim| claim.content.is_none() || claim_has_line(claim)),
            _ => false,
        };
        let pairs = self.layout.pairs.iter();
        let in_text = pairs.filter_map(|pair| pair.owner.node().filter(|node| pair.is_crossing || !pair.is_first || needs(*node)));
        let claims = sheet.claims.keys().map(|id| Node::Claim(*id));
        let relations = sheet.relations.keys().map(|id| Node::Relation(*id));
        in_text.chain(claims.chain(relations).filter(|node| needs(*node))).collect()
    }

    fn referred(&self) -> BTreeSet<Node> {
        let sheet = &self.notation.sheet;
        let fillers = sheet.claims.values().flat_map(|claim| claim.roles.values().flatten()).filter_map(node_of);
        let ends = sheet.relations.values().flat_map(|relation| [relation.from, relation.to]);
        fillers.chain(ends).filter(|node| self.exists(*node)).collect()
    }

    fn node(&self, node: Node) -> String {
        match (node, self.rows.get(&node)) {
            (Node::Entity(id), _) => self.entities.get(&id).map_or_else(|| format!("entity%{id}"), |name| format!("@{name}")),
            (_, Some(name)) => name.clone(),
            (Node::Span(id), None) => format!("span%{id}"),
            (Node::Claim(id), None) => format!("claim%{id}"),
            (Node::Relation(id), None) => format!("relation%{id}"),
        }
    }

    fn filler(&self, filler: &Filler) -> String {
        match (node_of(filler), filler) {
            (None, Filler::Value(value)) => quote(value),
            (node, _) => node.map(|node| self.node(node)).unwrap_or_default(),
        }
    }
}

fn node_of(filler: &Filler) -> Option<Node> {
    match filler {
        Filler::Span(id) => Some(Node::Span(*id)),
        Filler::Claim(id) => Some(Node::Claim(*id)),
        Filler::Entity(id) => Some(Node::Entity(*id)),
        Filler::Value(_) => None,
    }
}

/// The text.
impl Printer<'_> {
    fn body(&self) -> String {
        let text = self.notation.text.as_str();
        let markup = self.markup();
        let mut out = String::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            out.push_str(markup.get(&at).map_or("", String::as_str));
            if is_escaped(&out, text.get(at..).unwrap_or_default(), c) {
                out.push('\\');
            }
            out.push(c);
        }
        out.push_str(markup.get(&text.len()).map_or("", String::as_str));
        out
    }

    /// What stands at which offset: closing brackets, then selection and caret, then opening brackets.
    fn markup(&self) -> BTreeMap<usize, String> {
        let mut markup: BTreeMap<usize, String> = BTreeMap::new();
        let mut push = |at: usize, text: &str| markup.entry(at).or_default().push_str(text);
        for pair in self.layout.closes.iter().filter_map(|number| self.layout.pairs.get(*number)) {
            let name = self.name_of(pair).filter(|_| pair.is_crossing);
            push(pair.range.end(), &name.map_or("]".to_owned(), |name| format!("]#{name};")));
        }
        self.notation.selection.iter().for_each(|selection| push(selection.end(), "»"));
        self.notation.caret.iter().for_each(|caret| push(*caret, "‸"));
        self.notation.selection.iter().for_each(|selection| push(selection.start(), "«"));
        for pair in &self.layout.pairs {
            let name = self.name_of(pair).map_or(String::new(), |name| format!("#{name}"));
            let head = if pair.is_first { self.head(pair.owner, &name) } else { format!("+{name}") };
            push(pair.range.start(), &format!("[{head} "));
        }
        markup
    }

    fn name_of(&self, pair: &Pair) -> Option<String> {
        match (pair.owner, pair.owner.node()) {
            (Owner::Region(i), _) => self.regions.get(&i).cloned(),
            (_, node) => {
                let name = self.rows.get(&node?)?;
                Some(if pair.occurrence > 0 { format!("{name}~{}", pair.occurrence) } else { name.clone() })
            }
        }
    }

    fn head(&self, owner: Owner, name: &str) -> String {
        let Notation { document, sheet, .. } = self.notation;
        match owner {
            Owner::Region(i) => document.regions.get(i).map(|region| format!("={}{name}", word_of(&REGIONS, region.kind))),
            Owner::Claim(id) => sheet.claims.get(&id).map(|claim| format!("{}{name}", self.label(&claim.label, "claim"))),
            Owner::Span(id) => sheet.spans.get(&id).map(|span| self.span_head(span, name)),
        }
        .unwrap_or_default()
    }

    fn span_head(&self, span: &Span, name: &str) -> String {
        let entity = span.entity.map(|id| self.entities.get(&id).map_or_else(|| format!("=%{id}"), |name| format!("={name}")));
        let attributes = inline_attributes(self.schema, span).into_iter().map(|attribute| format!(";{attribute}")).collect::<String>();
        format!("{}{name}{}{attributes}", self.label(&span.label, "span"), entity.unwrap_or_default())
    }

    /// The label; with what it labels where the codebook says something else, or where it is the `+` of a further range.
    fn label(&self, label: &LabelKey, kind: &str) -> String {
        let expected = if self.schema.kind_of(label) == LabelKind::Claim { "claim" } else { "span" };
        if expected == kind && label.as_str() != "+" { label.to_string() } else { format!("{label}({kind})") }
    }
}

fn is_escaped(before: &str, rest: &str, c: char) -> bool {
    match c {
        '\\' | '[' | ']' | '«' | '»' | '‸' => true,
        '#' => before.ends_with(']'),
        '.' => rest.starts_with(".. ") && (before.is_empty() || before.ends_with('\n')),
        _ => false,
    }
}

fn inline_attributes(schema: &Schema, span: &Span) -> Vec<String> {
    if span_items(schema, span).is_empty() { print_attributes(schema, span.attributes(), &fields::SPAN) } else { Vec::new() }
}

/// What does not fit into the head: then everything is in the line.
fn span_items(schema: &Schema, span: &Span) -> Vec<String> {
    let extras = span.extras();
    let has_text = extras.attributes.values().any(|value| matches!(value, AttributeValue::Text(_)));
    if has_text || !extras.note.is_empty() || !extras.residue.is_empty() {
        common(schema, &extras.attributes, &fields::SPAN, &extras.note).chain(print_residue(&extras.residue)).collect()
    } else {
        Vec::new()
    }
}

fn claim_has_line(claim: &Claim) -> bool {
    *claim != Claim { occurrences: claim.occurrences.clone(), ..Claim::new(claim.label.clone(), claim.content.clone()) }
}

pub(super) fn word_of<T: PartialEq + Copy>(table: &[(T, &'static str)], wanted: T) -> &'static str {
    table.iter().find(|(value, _)| *value == wanted).map_or("", |(_, word)| word)
}

fn common<'n>(schema: &'n Schema, attributes: &'n Attributes, words: &Words, note: &'n str) -> impl Iterator<Item = String> + use<'n> {
    print_attributes(schema, attributes, words).into_iter().chain(print_text("note", note))
}

/// The lines.
impl Printer<'_> {
    fn lines(&self) -> Vec<String> {
        let Notation { text, document, sheet, entities, .. } = self.notation;
        let default_title = Document::title_of(text.as_str());
        let document = line("=document:", &document_items(document, &default_title));
        let info = line("=sheet:", &self.sheet_items(sheet));
        let entities = entities.iter().map(|(id, entity)| self.entity_line(*id, entity));
        let marks = self.layout.pairs.iter().filter(|pair| pair.is_first).filter_map(|pair| self.mark_line(pair.owner));
        let claims = sheet.claims.iter().filter(|(_, claim)| claim.content.is_none());
        let claims = claims.map(|(id, claim)| self.claim_line(&format!("{}#", claim.label), Node::Claim(*id), claim));
        let relations = sheet.relations.iter().map(|(id, relation)| self.relation_line(Node::Relation(*id), relation));
        document.into_iter().chain(info).chain(entities).chain(marks).chain(claims).chain(relations).collect()
    }

    fn sheet_items(&self, sheet: &Sheet) -> Vec<String> {
        let info = &sheet.info;
        let status = (info.status != Status::New).then(|| format!("status={}", word_of(&STATUSES, info.status)));
        let list = |word: &str, texts: &BTreeSet<String>| (!texts.is_empty()).then(|| format!("{word}={}", quote_all(texts)));
        let rest = common(self.schema, &info.attributes, &fields::SHEET, &info.note);
        let lists = list("ignored", &info.ignored).into_iter().chain(list("rejected", &info.rejected));
        status.into_iter().chain(rest).chain(lists).chain(print_residue(&info.residue)).collect()
    }

    fn entity_line(&self, id: EntityId, entity: &Entity) -> String {
        let label = entity.label.as_ref().map(|label| format!("{label} ")).unwrap_or_default();
        let mut items = vec![format!("{label}{}", quote(&entity.name))];
        items.extend((!entity.aliases.is_empty()).then(|| format!("aka={}", quote_all(&entity.aliases))));
        items.extend((!entity.knowledge_base_ids.is_empty()).then(|| format!("kb={}", quote_all(&entity.knowledge_base_ids))));
        items.extend(common(self.schema, &entity.attributes, &fields::ENTITY, &entity.note));
        items.extend(entity.made_by.as_ref().map(|coder| format!("made_by={coder}")));
        items.extend(entity.merged_into.map(|winner| format!("merged_into={}", self.node(Node::Entity(winner)))));
        items.extend(entity.deleted.then(|| "deleted=yes".to_owned()));
        items.extend(print_residue(&entity.residue));
        format!(".. {}: {}", self.node(Node::Entity(id)), items.join(" "))
    }

    fn mark_line(&self, owner: Owner) -> Option<String> {
        match owner {
            Owner::Region(_) => None,
            Owner::Span(id) => {
                let items = span_items(self.schema, self.notation.sheet.spans.get(&id)?);
                line(&format!("{}:", self.node(Node::Span(id))), &items)
            }
            Owner::Claim(id) => {
                let claim = self.notation.sheet.claims.get(&id).filter(|claim| claim_has_line(claim))?;
                Some(self.claim_line("", Node::Claim(id), claim))
            }
        }
    }

    fn claim_line(&self, before_name: &str, node: Node, claim: &Claim) -> String {
        let mut out = format!(".. {before_name}{}:", self.node(node));
        for (role, fillers) in &claim.roles {
            let fillers: Vec<String> = fillers.iter().map(|filler| self.filler(filler)).collect();
            out.push_str(&format!(" {}={}", print_role(self.schema, role, &fields::CLAIM), fillers.join(",")));
        }
        let normalized = print_text("normalized", &claim.normalized);
        let rest = print_attributes(self.schema, &claim.attributes, &fields::CLAIM).into_iter().chain(normalized);
        for item in rest.chain(print_text("note", &claim.note)).chain(print_residue(&claim.residue)) {
            out.push_str(&format!(" {item}"));
        }
        out
    }

    fn relation_line(&self, node: Node, relation: &Relation) -> String {
        let name = self.rows.get(&node).map(|name| format!("{name}: ")).unwrap_or_default();
        let mut out = format!(".. {name}{} -{}-> {}", self.node(relation.from), relation.label, self.node(relation.to));
        let items = common(self.schema, &relation.attributes, &fields::RELATION, &relation.note);
        for item in items.chain(print_residue(&relation.residue)) {
            out.push_str(&format!(" {item}"));
        }
        out
    }
}

fn line(head: &str, items: &[String]) -> Option<String> {
    (!items.is_empty()).then(|| format!(".. {head} {}", items.join(" ")))
}

fn document_items(document: &Document, default_title: &str) -> Vec<String> {
    let title = (document.title != default_title).then(|| format!("title={}", quote(&document.title)));
    let date = document.date.as_ref().map(|date| format!("date={date}"));
    let language = (!document.language.is_empty()).then(|| format!("language={}", quote(&document.language)));
    let source_and_author = print_text("source", &document.source).into_iter().chain(print_text("author", &document.author));
    let url = print_text("url", &document.url);
    title.into_iter().chain(source_and_author).chain(date).chain(url).chain(language).collect()
}
