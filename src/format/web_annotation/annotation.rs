//! One annotation of a file: its bodies, its targets and what it links.

use serde_json::Value;

use super::{ATTRIBUTE, URN, VALUE, WIKIDATA};
use crate::format::json_tree::Json;
use crate::format::standoff::{ENTITY, ENTITY_NAME, FROM, IDENTIFIERS, KIND, Kind, NORMALIZED, NOTE, OWN, TO};
use crate::format::standoff_in::{Found, Raw, Whose};
use crate::model::CoderKey;

/// What an annotation is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum About {
    /// A text.
    Source(String),
    /// Other annotations, perhaps; the first of them.
    Id(String),
}

/// An annotation, whose it is, and what it is about.
pub(super) struct Read {
    pub(super) found: Found,
    pub(super) whose: Whose,
    pub(super) about: About,
}

/// Members that are read here; the others stay with the row.
const READ: [&str; 14] =
    ["@context", "id", "type", "motivation", "body", "bodies", "bodyValue", "target", "creator", "user", "uri", "text", "tags", KIND];

/// One or several.
fn list<'v, 'j>(value: Option<&'v Json<'j>>) -> &'v [Json<'j>] {
    match value {
        None | Some(Json::Null) => &[],
        Some(Json::List(values)) => values,
        Some(value) => std::slice::from_ref(value),
    }
}

fn text<'v>(value: &'v Json<'_>, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Json::as_str)
}

/// An IRI, or the id of an object.
fn iri<'v>(value: &'v Json<'_>) -> Option<&'v str> {
    value.as_str().or_else(|| text(value, "id")).or_else(|| text(value, "@id"))
}

/// Reads an annotation.
pub(super) fn read_annotation(annotation: &Json<'_>, raw: Raw) -> Read {
    let mut reading = Reading {
        found: Found { raw, keeps_id: true, ..Found::default() },
        others: Vec::new(),
        targets: Vec::new(),
        linked: Vec::new(),
        quotes: Vec::new(),
    };
    reading.found.id = text(annotation, "id").map(str::to_owned);
    reading.found.kind = text(annotation, KIND).and_then(Kind::from_name);
    let is_ours = reading.found.kind.is_some();
    for body in ["body", "bodies"].iter().flat_map(|name| list(annotation.get(name))) {
        reading.body(body);
    }
    for note in ["bodyValue", "text"].iter().filter_map(|name| text(annotation, name)) {
        reading.note(note);
    }
    list(annotation.get("tags")).iter().for_each(|tag| tag.as_str().into_iter().for_each(|label| reading.label(label, tag)));
    let about = reading.targets(annotation);
    let motivation = list(annotation.get("motivation")).iter().find_map(Json::as_str).unwrap_or_default();
    reading.finish_links(motivation);
    let mut found = reading.found;
    if found.label.is_empty() {
        found.label = if motivation.is_empty() { "Annotation" } else { motivation.rsplit([':', '/', '#']).next().unwrap_or_default() }.to_owned();
    }
    let rest = annotation.members().iter().filter(|(name, _)| !READ.contains(&name.as_ref()));
    found.rest.extend(rest.map(|(name, value)| (name.as_ref().to_owned(), value.to_value())));
    if !["", "classifying", "linking"].contains(&motivation) && found.kind != Some(Kind::Sheet) {
        found.rest.extend(annotation.get("motivation").map(|motivation| ("motivation".to_owned(), motivation.to_value())));
    }
    if !reading.others.is_empty() {
        found.rest.insert("body".to_owned(), reading.others.into());
    }
    let creator = annotation.get("creator").or_else(|| annotation.get("user"));
    if let (false, Some(creator)) = (is_ours, creator) {
        found.rest.insert(format!("{OWN}creator"), creator.to_value());
    }
    Read { found, whose: whose(creator, is_ours), about }
}

fn whose(creator: Option<&Json<'_>>, is_ours: bool) -> Whose {
    let Some(creator) = list(creator).first() else { return Whose::Unsaid };
    let key = text(creator, "nickname").filter(|_| is_ours).and_then(|name| CoderKey::new(name).ok());
    let name = || ["name", "nickname"].iter().find_map(|name| text(creator, name)).or_else(|| iri(creator));
    key.map_or_else(|| name().map_or(Whose::Unsaid, |name| Whose::Name(name.to_owned())), Whose::Key)
}

struct Reading {
    found: Found,
    // Bodies without a place here.
    others: Vec<Value>,
    // What it is about and what bodies link, where that may be annotations.
    targets: Vec<String>,
    linked: Vec<String>,
    quotes: Vec<String>,
}

impl Reading {
    fn label(&mut self, label: &str, body: &Json<'_>) {
        if self.found.label.is_empty() && !label.trim().is_empty() {
            label.clone_into(&mut self.found.label);
        } else {
            self.others.push(match body {
                Json::Object(_) => body.to_value(),
                _ => serde_json::json!({"type": "TextualBody", "purpose": "tagging", "value": label}),
            });
        }
    }

    fn note(&mut self, note: &str) {
        if note.is_empty() {
            return;
        }
        match self.found.features.iter_mut().find(|(name, _)| name == NOTE) {
            Some((_, Value::String(before))) => *before = format!("{before}\n{note}"),
            _ => self.found.features.push((NOTE.to_owned(), note.into())),
        }
    }

    fn body(&mut self, body: &Json<'_>) {
        let purpose = list(body.get("purpose")).iter().find_map(Json::as_str).unwrap_or_default();
        let (value, source) = (text(body, "value"), body.get("source").and_then(iri));
        match (purpose, value, source) {
            (_, Some(value), _) if body.get(ATTRIBUTE).is_some() => {
                let name = text(body, ATTRIBUTE).unwrap_or_default();
                let value = body.get(VALUE).map_or_else(|| value.into(), Json::to_value);
                self.found.features.push((name.to_owned(), value));
            }
            ("tagging" | "classifying", Some(value), _) => self.label(value, body),
            ("commenting" | "replying" | "", Some(value), _) => self.note(value),
            ("describing", Some(value), _) if self.found.kind == Some(Kind::Claim) => self.found.features.push((NORMALIZED.to_owned(), value.into())),
            ("describing", Some(value), _) => self.note(value),
            ("identifying", _, Some(source)) => self.identifying(body, source),
            ("linking", _, Some(source)) => self.linked.push(source.to_owned()),
            _ => self.others.push(body.to_value()),
        }
    }

    fn identifying(&mut self, body: &Json<'_>, source: &str) {
        if source.starts_with(URN) && body.get(ENTITY).is_some() {
            let known = [ENTITY, ENTITY_NAME, IDENTIFIERS].iter().filter_map(|name| Some(((*name).to_owned(), body.get(name)?.to_value())));
            self.found.features.extend(known);
            return;
        }
        let entry = source.strip_prefix(WIKIDATA).or_else(|| source.strip_prefix("https://www.wikidata.org/wiki/")).unwrap_or(source);
        let at = self.found.features.iter().position(|(name, _)| name == IDENTIFIERS);
        let mut entries = at.map(|at| self.found.features.remove(at).1).and_then(|value| value.as_array().cloned()).unwrap_or_default();
        if !entries.iter().any(|known| known.as_str() == Some(entry)) {
            entries.push(entry.into());
        }
        self.found.features.push((IDENTIFIERS.to_owned(), entries.into()));
    }

    fn targets(&mut self, annotation: &Json<'_>) -> About {
        let (mut about, mut others) = (None, Vec::new());
        for target in list(annotation.get("target")) {
            let selectors = list(target.get("selector"));
            let source = target.get("source").and_then(iri);
            match (selectors.is_empty(), source, iri(target)) {
                (true, None, Some(id)) => {
                    about.get_or_insert(About::Id(id.to_owned()));
                    self.targets.push(id.to_owned());
                }
                (_, source, _) => {
                    about.get_or_insert(About::Source(source.unwrap_or_default().to_owned()));
                    self.selectors(selectors, &mut others);
                }
            }
        }
        if !self.quotes.is_empty() {
            self.found.surface = Some(self.quotes.join(" "));
        }
        if !others.is_empty() {
            self.found.rest.insert("selector".to_owned(), others.into());
        }
        let uri = || text(annotation, "uri").unwrap_or_default().to_owned();
        about.filter(|about| *about != About::Source(String::new())).unwrap_or_else(|| About::Source(uri()))
    }

    /// Of the selectors of one target a position and a quote are used; they mean the same place.
    fn selectors(&mut self, selectors: &[Json<'_>], others: &mut Vec<Value>) {
        let (mut position, mut quote) = (None, None);
        for selector in selectors {
            let number = |name: &str| selector.get(name).and_then(Json::as_index);
            let exact = text(selector, "exact").or_else(|| text(selector, "quote"));
            let range = number("start").zip(number("end"));
            if let (true, Some(range)) = (position.is_none(), range) {
                position = Some(range);
            }
            match exact {
                Some(exact) if quote.is_none() => quote = Some((exact, text(selector, "prefix"), text(selector, "suffix"))),
                _ if range.is_none() => others.push(selector.to_value()),
                _ => {}
            }
        }
        self.found.ranges.extend(position);
        if let Some((exact, prefix, suffix)) = quote {
            self.quotes.push(exact.to_owned());
            self.found.context = Some((prefix.unwrap_or_default().to_owned(), suffix.unwrap_or_default().to_owned()));
        }
        if self.quotes.len() > 1 {
            self.found.context = None;
        }
    }

    /// From the first thing that it is about to the second, or to what a body links.
    fn finish_links(&mut self, motivation: &str) {
        let linked: Vec<&String> = self.linked.iter().take(1).collect();
        let joined: Vec<&String> = self.targets.iter().chain(&self.linked).take(2).collect();
        let is_link = matches!(self.found.kind, Some(Kind::Relation | Kind::Role)) || motivation == "linking" && self.found.ranges.is_empty();
        self.found.links = match (self.found.kind, linked.as_slice(), joined.as_slice()) {
            (Some(Kind::Occurrence), [claim], _) => vec![(FROM.to_owned(), (*claim).clone())],
            (_, _, [from, to]) if is_link => vec![(FROM.to_owned(), (*from).clone()), (TO.to_owned(), (*to).clone())],
            _ => Vec::new(),
        };
    }
}
