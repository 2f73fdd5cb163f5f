//! The codebooks that come with Manicule. A template is a codebook file like any other, read by the same reader.
//!
//! To add one: under `assets/templates/` the codebook (`.ron`), the guidelines (`.md`) and a short annotated article in
//! notation (`.txt`), and a row in [`TEMPLATES`].

use super::schema_file::{SchemaFileError, read_schema};
use crate::model::notation::{Notation, NotationError, Reader};
use crate::model::{IdSource, Schema};

/// A codebook to begin with, with everything that a coder needs to use it.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// What the command line calls it.
    pub name: &'static str,
    /// What the window shows.
    pub title: &'static str,
    /// The codebook file.
    pub ron: &'static str,
    /// The codebook in prose, Markdown.
    pub guidelines: &'static str,
    /// A short annotated article, in notation.
    pub example: &'static str,
}

macro_rules! templates {
    ($(($name:literal, $title:literal),)*) => {
        &[$(Template {
            name: $name,
            title: $title,
            ron: include_str!(concat!("../../assets/templates/", $name, ".ron")),
            guidelines: include_str!(concat!("../../assets/templates/", $name, ".md")),
            example: include_str!(concat!("../../assets/templates/", $name, ".txt")),
        }),*]
    };
}

/// All templates; the first is the default.
pub const TEMPLATES: &[Template] = templates![
    ("news", "News: entities and claims"),
    ("dna", "Discourse network statement (DNA)"),
    ("attribution", "Attribution (PolNeAR)"),
    ("persuasion", "Persuasion techniques (PTC 14)"),
    ("framing", "Entity framing (SemEval-2025)"),
    ("argument", "Argument: claims and premises"),
    ("checkworthiness", "Check-worthiness of sentences"),
    ("story", "Story: hero, villain, victim, plot"),
    ("conll2003", "CoNLL-2003 four types"),
];

impl Template {
    /// The codebook.
    ///
    /// # Errors
    /// When the file is not a codebook; a test sees to it that this does not happen.
    pub fn schema(&self) -> Result<Schema, SchemaFileError> {
        read_schema(self.ron)
    }

    /// The annotated article, for a codebook that was read from this template.
    ///
    /// # Errors
    /// When it is not notation; a test sees to it that this does not happen.
    pub fn example(&self, schema: &Schema) -> Result<Notation, NotationError> {
        self.read_example(Reader::new(schema))
    }

    /// The annotated article with ids of its own, to become part of a project.
    ///
    /// # Errors
    /// As [`Self::example`].
    pub fn fresh_example(&self, schema: &Schema, ids: IdSource) -> Result<Notation, NotationError> {
        self.read_example(Reader::new(schema).with_ids(ids))
    }

    fn read_example(&self, reader: Reader<'_>) -> Result<Notation, NotationError> {
        // The line end at the end of the file is the file's, not the article's.
        reader.read(self.example.strip_suffix('\n').unwrap_or(self.example))
    }
}

/// The template with this name.
#[must_use]
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::check::check_project;
    use crate::model::{CoderKey, Color, DocumentId, Id, ProjectId, ProjectInfo, Settings, SheetKey, State};
    use crate::store::schema_file::write_schema;

    #[test]
    fn every_template_is_in_our_form() {
        for template in TEMPLATES {
            let schema = template.schema().unwrap_or_else(|error| panic!("{}: {error}", template.name));
            let written = write_schema(&schema);
            let differs = written.lines().zip(template.ron.lines()).find(|(ours, theirs)| ours != theirs);
            assert_eq!(differs, None, "{}", template.name);
            assert_eq!(written.len(), template.ron.len(), "{}", template.name);
            assert_eq!(schema.info.name, template.title);
        }
    }

    #[test]
    fn no_two_things_share_a_key() {
        for template in TEMPLATES {
            let schema = template.schema().unwrap();
            let labels = schema.labels.values().map(|label| label.shortcut);
            let attributes = schema.attributes.values().map(|attribute| attribute.shortcut);
            let roles = schema.roles.values().map(|role| role.shortcut);
            let relations = schema.relation_types.values().map(|relation| relation.shortcut);
            let of_choices = schema.attributes.values().map(|attribute| attribute.choices.iter().map(|choice| choice.shortcut).collect());
            for keys in of_choices.chain([labels.chain(attributes).chain(roles).chain(relations).collect::<Vec<_>>()]) {
                let keys: Vec<char> = keys.into_iter().flatten().collect();
                let distinct: BTreeSet<&char> = keys.iter().collect();
                assert_eq!(distinct.len(), keys.len(), "{}: {keys:?}", template.name);
            }
        }
    }

    #[test]
    fn every_label_has_what_a_coder_needs() {
        for template in TEMPLATES {
            for (key, label) in template.schema().unwrap().labels {
                let name = template.name;
                assert!(label.shortcut.is_some() && label.tag().chars().count() <= 5, "{name}: {key}");
                assert!(!label.description.is_empty() && !label.examples.is_empty(), "{name}: {key}");
            }
        }
    }

    #[test]
    fn names_in_labels_parents_and_lists_exist() {
        for template in TEMPLATES {
            let schema = template.schema().unwrap();
            let named = schema.attributes.values().flat_map(|a| &a.labels).chain(schema.roles.values().flat_map(|r| &r.labels));
            for key in named.chain(schema.labels.values().filter_map(|label| label.parent.as_ref())) {
                assert!(schema.labels.contains_key(key), "{}: {key}", template.name);
            }
        }
    }

    #[test]
    fn every_example_is_complete_and_shows_most_labels() {
        for template in TEMPLATES {
            let (name, schema) = (template.name, template.schema().unwrap());
            let example = template.example(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
            let sheet = &example.sheet;
            let used: BTreeSet<_> = sheet.spans.values().map(|span| &span.label).chain(sheet.claims.values().map(|claim| &claim.label)).collect();
            assert!(used.iter().all(|label| schema.labels.contains_key(*label)), "{name}");
            assert!(used.len() * 2 >= schema.labels.len(), "{name}: {used:?}");
            assert_eq!(schema.unfinished_claims(sheet), [], "{name}");
            assert!(example.text.as_str().chars().count() <= 600, "{name} is too long for a picture");
        }
    }

    #[test]
    fn nothing_is_wrong_with_any_example() {
        for template in TEMPLATES {
            let schema = template.schema().unwrap();
            let example = template.example(&schema).unwrap();
            let info = ProjectInfo { id: ProjectId(Id::from_bits(1)), name: "t".into(), settings: Settings::default(), residue: Default::default() };
            let mut state = State::new(info, schema);
            let key = SheetKey::new(&DocumentId::from_title("t", Id::from_bits(2)), &CoderKey::from_name("a"));
            state.documents.insert(key.document.clone(), example.document.into());
            state.entities = example.entities.into_iter().collect();
            state.insert_loaded(&key, example.text, example.sheet);
            let findings: Vec<String> = check_project(&state).iter().map(ToString::to_string).collect();
            assert!(findings.is_empty(), "{}: {}", template.name, findings.join("\n"));
        }
    }

    #[test]
    fn guidelines_begin_with_a_heading_and_have_parts() {
        for template in TEMPLATES {
            let text = template.guidelines;
            assert!(text.starts_with("# ") && text.ends_with('\n'), "{}", template.name);
            assert!(text.contains("\n## "), "{}", template.name);
            assert!((400..4000).contains(&text.len()), "{}", template.name);
        }
    }

    /// WCAG 2.2, "relative luminance" and "contrast ratio".
    fn luminance(color: Color) -> f64 {
        let linear = |byte: u8| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    }

    #[test]
    fn colours_show_on_light_and_dark() {
        let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
        let backgrounds = ["#ffffff", "#1b1b1b"].map(|color| luminance(color.parse().unwrap()));
        for template in TEMPLATES {
            let schema = template.schema().unwrap();
            let colors = schema.labels.values().map(|label| label.color).chain(schema.relation_types.values().map(|relation| relation.color));
            for color in colors {
                for background in backgrounds {
                    assert!(contrast(luminance(color), background) >= 2.0, "{}: {color}", template.name);
                }
            }
        }
    }
}
