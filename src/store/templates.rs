//! The codebooks that come with Manicule. A template is a codebook file like any other, read by the same reader.
//!
//! To add one: a `.ron` under `assets/templates/` and a row in [`TEMPLATES`].

use super::schema_file::{SchemaFileError, read_schema};
use crate::model::Schema;

/// A codebook to begin with.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// What the command line calls it.
    pub name: &'static str,
    /// What the window shows.
    pub title: &'static str,
    /// The codebook file.
    pub ron: &'static str,
}

/// All templates; the first is the default.
pub const TEMPLATES: &[Template] = &[
    Template { name: "news", title: "News: entities and claims", ron: include_str!("../../assets/templates/news.ron") },
    Template { name: "conll2003", title: "CoNLL-2003 four types", ron: include_str!("../../assets/templates/conll2003.ron") },
];

impl Template {
    /// The codebook.
    ///
    /// # Errors
    /// When the file is not a codebook; a test sees to it that this does not happen.
    pub fn schema(&self) -> Result<Schema, SchemaFileError> {
        read_schema(self.ron)
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
    use crate::model::Color;
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
