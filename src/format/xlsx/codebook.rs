//! Rows of the codebook: labels, attributes with their choices, roles, types of relations.

use crate::format::span_rows::join;
use crate::model::{AttributeKind, Label, LabelKind, Schema};

/// The names of the columns.
pub(super) fn header() -> Vec<String> {
    ["kind", "key", "name", "belongs_to", "values", "description", "examples", "retired"].map(str::to_owned).to_vec()
}

/// All rows, each kind in its order.
pub(super) fn rows(schema: &Schema) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    labels(schema, &mut rows);
    attributes(schema, &mut rows);
    roles(schema, &mut rows);
    relation_types(schema, &mut rows);
    rows
}

fn labels(schema: &Schema, rows: &mut Vec<Vec<String>>) {
    let mut labels: Vec<_> = schema.labels.iter().collect();
    labels.sort_by_key(|(_, label)| label.position);
    for (key, label) in labels {
        let parent = label.parent.as_ref().map(ToString::to_string).unwrap_or_default();
        let kind = kind_of_label(label);
        rows.push(row([kind, key.as_str(), &label.name, &parent, "", &label.description], &label.examples, label.retired));
    }
}

fn kind_of_label(label: &Label) -> &'static str {
    match label.kind {
        LabelKind::Entity => "entity label",
        LabelKind::Claim => "claim label",
        LabelKind::Span => "span label",
    }
}

fn attributes(schema: &Schema, rows: &mut Vec<Vec<String>>) {
    let mut attributes: Vec<_> = schema.attributes.iter().collect();
    attributes.sort_by_key(|(_, def)| def.position);
    for (key, def) in attributes {
        rows.push(row(["attribute", key.as_str(), &def.name, "", kind_of_values(def.kind), &def.description], &[], def.retired));
        for choice in &def.choices {
            rows.push(row(["choice", choice.key.as_str(), &choice.name, key.as_str(), "", &choice.description], &[], false));
        }
    }
}

fn kind_of_values(kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::YesNo => "yes or no",
        AttributeKind::Integer => "whole number",
        AttributeKind::Number => "number",
        AttributeKind::Choice => "one choice",
        AttributeKind::Choices => "several choices",
        AttributeKind::Text => "text",
        AttributeKind::Date => "date",
    }
}

fn roles(schema: &Schema, rows: &mut Vec<Vec<String>>) {
    let mut roles: Vec<_> = schema.roles.iter().collect();
    roles.sort_by_key(|(_, def)| def.position);
    for (key, def) in roles {
        let values = join(def.values.iter().cloned());
        rows.push(row(["role", key.as_str(), &def.name, "", &values, &def.description], &[], def.retired));
    }
}

fn relation_types(schema: &Schema, rows: &mut Vec<Vec<String>>) {
    let mut types: Vec<_> = schema.relation_types.iter().collect();
    types.sort_by_key(|(_, def)| def.position);
    for (key, def) in types {
        let parent = def.parent.as_ref().map(ToString::to_string).unwrap_or_default();
        rows.push(row(["relation", key.as_str(), &def.name, &parent, "", &def.description], &def.examples, def.retired));
    }
}

fn row(first: [&str; 6], examples: &[String], is_retired: bool) -> Vec<String> {
    let mut row = first.map(str::to_owned).to_vec();
    row.push(join(examples.iter().cloned()));
    row.push(if is_retired { "yes" } else { "no" }.to_owned());
    row
}
