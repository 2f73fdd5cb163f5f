//! The file that says where things stand in somebody's JSON: RON for people, described in `docs/json-mapping.md`.

use std::collections::BTreeMap;

use ron::Options;
use ron::extensions::Extensions;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::path::JsonPath;
use crate::format::{FIELDS, Field};
use crate::model::{LabelKind, ron_place_and_reason};
use crate::text::offsets::OffsetUnit;

/// The version of the file that this program reads.
const FORMAT: u32 = 1;

/// Where texts and annotations stand in JSON.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename = "mapping", deny_unknown_fields)]
pub struct JsonMapping {
    /// The version of the file.
    pub format: u32,
    /// The documents in a record: of a file, of a line, or of an element of the file's list.
    #[serde(default)]
    pub documents: JsonPath,
    /// Records with the same value there are one: texts in one file, annotations in another.
    #[serde(default)]
    pub join: Option<JsonPath>,
    /// What the text consists of.
    pub text: Vec<TextPart>,
    /// Fields of the document, by their names: `title`, `source`, …
    #[serde(default)]
    pub fields: BTreeMap<String, JsonPath>,
    /// Attributes of the document, by their names.
    #[serde(default)]
    pub attributes: BTreeMap<String, JsonPath>,
    /// What offsets count; found out from the texts where nobody says it.
    #[serde(default, deserialize_with = "unit")]
    pub unit: Option<OffsetUnit>,
    /// Whether the end of a range belongs to it.
    #[serde(default)]
    pub ends: Ends,
    /// Where annotations stand.
    #[serde(default)]
    pub annotations: Vec<AnnotationMapping>,
    /// Where relations stand.
    #[serde(default)]
    pub relations: Vec<RelationMapping>,
    /// What is not even kept aside: tokens, sentences.
    #[serde(default)]
    pub ignore: Vec<JsonPath>,
}

/// A part of the text, or several that stand one after the other.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename = "part", deny_unknown_fields)]
pub struct TextPart {
    /// Where; every text there is a sentence of its own for offsets that count in sentences.
    pub at: JsonPath,
    /// What comes before the number of a sentence in its name, such as `p` of `p12`.
    #[serde(default)]
    pub name: String,
    /// The number of the first of them.
    #[serde(default)]
    pub first: usize,
    /// What is put behind each of them, but for the last of all.
    #[serde(default = "line_end")]
    pub between: String,
}

/// By the name on the command line.
fn unit<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<OffsetUnit>, D::Error> {
    String::deserialize(deserializer)?.parse().map(Some).map_err(D::Error::custom)
}

fn line_end() -> String {
    "\n".to_owned()
}

/// Whether the end of a range belongs to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// It is the first character behind the range.
    #[default]
    Exclusive,
    /// It is the last character of the range.
    Inclusive,
}

/// What offsets count from.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The beginning of the text.
    #[default]
    Document,
    /// The beginning of the sentence that this value of the annotation names, by its number from 0 or as `p12`.
    Sentence(JsonPath),
    /// The beginning of the sentence beside which the annotation stands, in the same element of a list.
    Enclosing,
}

/// A name that is always the same, or one that stands in the file.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// This.
    Always(String),
    /// What stands there.
    At(JsonPath),
}

/// Where ranges stand.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename = "ranges", deny_unknown_fields)]
pub struct Place {
    /// Each of these is a range; several make one discontinuous place.
    #[serde(default)]
    pub at: JsonPath,
    /// Its start, from there.
    #[serde(default = "start")]
    pub start: JsonPath,
    /// Its end, from there.
    #[serde(default = "end")]
    pub end: JsonPath,
}

fn start() -> JsonPath {
    JsonPath::of_name("start")
}

fn end() -> JsonPath {
    JsonPath::of_name("end")
}

impl Default for Place {
    fn default() -> Self {
        Self { at: JsonPath::default(), start: start(), end: end() }
    }
}

/// Where annotations of one kind stand; all paths but the first start at the annotation.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename = "annotation", deny_unknown_fields)]
pub struct AnnotationMapping {
    /// Each of these is one annotation.
    pub at: JsonPath,
    /// What it is called in the file, for roles and relations.
    #[serde(default)]
    pub id: Option<JsonPath>,
    /// What it is: `entity` for mentions, `span`, `claim`.
    #[serde(default = "span")]
    pub kind: LabelKind,
    /// Its label.
    pub label: Name,
    /// What its offsets count from, and those of its roles.
    #[serde(default)]
    pub base: Base,
    /// Where it is; a claim may have no place.
    #[serde(default)]
    pub ranges: Place,
    /// Its words, to be compared with the text.
    #[serde(default)]
    pub quote: Option<JsonPath>,
    /// Its attributes, by their names.
    #[serde(default)]
    pub attributes: BTreeMap<String, JsonPath>,
    /// What is claimed, in other words.
    #[serde(default)]
    pub normalized: Option<JsonPath>,
    /// A remark.
    #[serde(default)]
    pub note: Option<JsonPath>,
    /// What fills its roles; for claims.
    #[serde(default)]
    pub roles: Vec<RoleMapping>,
}

fn span() -> LabelKind {
    LabelKind::Span
}

/// What fills a role.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename = "role", deny_unknown_fields)]
pub struct RoleMapping {
    /// The role.
    pub role: String,
    /// Each of these fills it.
    pub each: JsonPath,
    /// What they are.
    pub fill: Fill,
}

/// What stands where a role is filled.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fill {
    /// A text, kept as a value.
    Value,
    /// The id of another annotation.
    Annotation,
    /// A place, which becomes a span.
    Span {
        /// Its label.
        label: Name,
        /// What the label labels: `entity` or `span`.
        #[serde(default = "span")]
        kind: LabelKind,
        /// Where it is.
        #[serde(default)]
        ranges: Place,
        /// Its words.
        #[serde(default)]
        quote: Option<JsonPath>,
    },
}

/// Where relations stand; all paths but the first start at the relation.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename = "relation", deny_unknown_fields)]
pub struct RelationMapping {
    /// Each of these is one relation.
    pub at: JsonPath,
    /// The id of the annotation where it starts.
    pub from: JsonPath,
    /// The id of the annotation where it ends.
    pub to: JsonPath,
    /// Its type.
    pub label: Name,
}

impl JsonMapping {
    /// Reads the file.
    ///
    /// # Errors
    /// Says what is wrong with it, and where.
    pub fn from_ron(content: &str) -> Result<Self, String> {
        let options = Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
        let mapping: Self = options.from_str(content).map_err(|error| ron_place_and_reason(&error))?;
        if mapping.format != FORMAT {
            return Err(format!("the mapping has format {}, and this Manicule knows only {FORMAT}", mapping.format));
        }
        if mapping.text.is_empty() {
            return Err("`text` says nothing; write text: [(at: \"text\")] with the place of the text".to_owned());
        }
        if mapping.annotations.iter().any(|row| !row.roles.is_empty() && row.kind != LabelKind::Claim) {
            return Err("only claims have roles; write kind: claim for annotations that have some".to_owned());
        }
        match mapping.fields.keys().find(|name| field_of(name).is_none()) {
            Some(unknown) => {
                Err(format!("`{unknown}` is no field; known: {}", FIELDS.map(|(_, name, _)| name).get(1..).unwrap_or_default().join(", ")))
            }
            None => Ok(mapping),
        }
    }

    /// Every path with what it is for, and the paths that lead to where it starts.
    pub(super) fn paths<'m>(&'m self) -> Vec<(String, Vec<&'m JsonPath>)> {
        let mut paths: Vec<(String, Vec<&'m JsonPath>)> = Vec::new();
        paths.extend(self.text.iter().map(|part| ("text".to_owned(), vec![&part.at])));
        paths.extend(self.fields.iter().map(|(name, path)| (name.clone(), vec![path])));
        paths.extend(self.attributes.iter().map(|(name, path)| (format!("attribute {name}"), vec![path])));
        for (annotation, number) in self.annotations.iter().zip(1..) {
            let own = annotation.own_paths();
            let mut add = |what: &str, inside: Vec<&'m JsonPath>| {
                paths.push((format!("annotation {number}{what}"), std::iter::once(&annotation.at).chain(inside).collect()));
            };
            add("", Vec::new());
            own.into_iter().for_each(|(what, inside)| add(&format!(": {what}"), inside));
        }
        for (relation, number) in self.relations.iter().zip(1..) {
            paths.push((format!("relation {number}"), vec![&relation.at]));
            paths.extend(
                [("from", &relation.from), ("to", &relation.to)].map(|(what, path)| (format!("relation {number}: {what}"), vec![&relation.at, path])),
            );
        }
        paths
    }
}

impl AnnotationMapping {
    /// What is read of an annotation, and the paths that lead there.
    pub(super) fn own_paths<'m>(&'m self) -> Vec<(String, Vec<&'m JsonPath>)> {
        let mut paths: Vec<(String, Vec<&'m JsonPath>)> = Vec::new();
        let mut add = |what: &str, path: Option<&'m JsonPath>| paths.extend(path.map(|path| (what.to_owned(), vec![path])));
        let base = if let Base::Sentence(path) = &self.base { Some(path) } else { None };
        add("sentence", base);
        add("id", self.id.as_ref());
        add("label", self.label.path());
        add("words", self.quote.as_ref());
        add("normalized", self.normalized.as_ref());
        add("note", self.note.as_ref());
        self.attributes.iter().for_each(|(name, path)| add(&format!("attribute {name}"), Some(path)));
        paths.extend(self.ranges.paths(&[]));
        for role in &self.roles {
            let Fill::Span { label, ranges, quote, .. } = &role.fill else {
                paths.push((format!("role {}", role.role), vec![&role.each]));
                continue;
            };
            let inside = ranges.paths(&[&role.each]);
            paths.extend(inside.into_iter().map(|(what, path)| (format!("role {}: {what}", role.role), path)));
            let named = [("label", label.path()), ("words", quote.as_ref())];
            paths.extend(named.into_iter().filter_map(|(what, path)| Some((format!("role {}: {what}", role.role), vec![&role.each, path?]))));
        }
        paths
    }
}

impl Place {
    fn paths<'p>(&'p self, outside: &[&'p JsonPath]) -> Vec<(String, Vec<&'p JsonPath>)> {
        let at = |path| outside.iter().copied().chain([&self.at, path]).collect();
        vec![("start".to_owned(), at(&self.start)), ("end".to_owned(), at(&self.end))]
    }
}

impl Name {
    pub(super) fn path(&self) -> Option<&JsonPath> {
        if let Self::At(path) = self { Some(path) } else { None }
    }
}

/// The field of a document that a name means; the text is none.
pub(super) fn field_of(name: &str) -> Option<Field> {
    FIELDS.iter().find(|(field, known, _)| *known == name && *field != Field::Text).map(|(field, ..)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_mapping_is_said() {
        let check = |content: &str, expected: &str| {
            let error = JsonMapping::from_ron(content).unwrap_err();
            assert!(error.contains(expected), "{error}");
        };
        check("(format: 2, text: [(at: \"t\")])", "format 2");
        check("(format: 1, text: [])", "`text` says nothing");
        check("(format: 1, text: [(at: \"t..x\")])", "no path");
        check("(format: 1, text: [(at: \"t\")], fields: {\"headline\": \"h\"})", "known: title, source");
        check("(format: 1, texts: [])", "line 1");
        assert!(JsonMapping::from_ron("(format: 1, text: [(at: \"t\")], unit: \"utf16\", ends: inclusive)").is_ok());
    }
}
