//! The codebook file: same bytes, same codebook, clear refusals.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::model::{
    AttributeDef, AttributeKind, AttributeValue, Choice, ChoiceKey, Color, FillerKind, Finite, Label, LabelKey, LabelKind, NodeKind, RelationType,
    RoleDef, Target,
};

const SMALL: &str = r##"(
    format: 1,
    name: "Small",
    labels: [
        (key: "PER", name: "Person", kind: entity, color: "#0072b2", shortcut: 'p', examples: ["“Kerry”"]),
        (key: "CLAIM", name: "Claim", kind: claim, color: "#d55e00", shortcut: 'c'),
    ],
    attributes: [
        (key: "stance", name: "Stance", kind: choice, applies_to: [claim], choices: [(key: "support", name: "Support", shortcut: '1'), (key: "oppose", name: "Oppose")]),
        (key: "checked", name: "Checked", kind: yes_no, applies_to: [claim, document], default: Bool(false)),
    ],
    roles: [
        (key: "claimer", name: "Claimer", accepts: [span, entity, value], values: ["author"], max: 1),
    ],
    relation_types: [
        (key: "attacks", name: "Attacks", from: [claim], to: [claim, relation], color: "#e69f00"),
    ],
)
"##;

#[test]
fn a_file_in_our_form_keeps_every_byte() {
    assert_eq!(write_schema(&read_schema(SMALL).unwrap()), SMALL);
}

#[test]
fn the_place_in_the_list_is_the_position() {
    let schema = read_schema(SMALL).unwrap();
    let positions: Vec<(&str, u32)> = schema.labels.iter().map(|(key, label)| (key.as_str(), label.position)).collect();
    assert_eq!(positions, [("CLAIM", 1), ("PER", 0)]);
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert_eq!(read_schema(&format!("\u{feff}{SMALL}")), read_schema(SMALL));
}

#[test]
fn refusals_say_what_and_where() {
    let changes = [
        ("format: 1", "format: 2, colours: true"),
        ("format: 1", "format: 0"),
        ("format: 1,", ""),
        ("\"CLAIM\"", "\"PER\""),
        ("\"oppose\"", "\"support\""),
        ("max: 1", "maximum: 1"),
        ("name: \"Oppose\"", "nom: \"Oppose\""),
        ("kind: claim", "kind: claim, parent: \"CLAIM\""),
        ("\"PER\"", "\"P R\""),
        ("shortcut: 'p'", "shortcut: \"pp\""),
        (SMALL, ""),
    ];
    let refusals = changes.map(|(from, to)| {
        assert!(SMALL.contains(from));
        read_schema(&SMALL.replace(from, to)).unwrap_err().to_string()
    });
    insta::assert_snapshot!(refusals.join("\n"), @r"
    the codebook has format 2, but this Manicule knows only 1; open it with a newer Manicule
    the codebook has format 0, which never existed; write `format: 1`
    the codebook cannot be read: line 18, column 1: the field `format` is missing
    the codebook names the label `PER` twice; give one of them another key or take it out
    the codebook names the choice `stance: support` twice; give one of them another key or take it out
    the codebook cannot be read: line 13, column 95: the field `maximum` is unknown to this version (known: key, name, accepts, values, labels, required, max, shortcut, description, retired, position)
    the codebook cannot be read: line 9, column 152: the field `nom` is unknown to this version (known: key, name, shortcut, description)
    the label `CLAIM` is above itself: CLAIM < CLAIM; take out one `parent`
    the codebook cannot be read: line 5, column 16: `P R` is not a key (1 to 100 characters without blanks, brackets, quotes or control characters)
    the codebook cannot be read: line 5, column 79: one character in single quotation marks is missing here
    the codebook cannot be read: line 1, column 1: `(` is missing here
    ");
}

#[test]
fn a_longer_circle_of_parents_is_shown() {
    let ron = SMALL.replace("kind: entity", "kind: entity, parent: \"CLAIM\"").replace("kind: claim", "kind: claim, parent: \"PER\"");
    let error = read_schema(&ron).unwrap_err();
    assert_eq!(error, SchemaFileError::CircularParents { list: "label", key: "CLAIM".into(), line: "CLAIM < PER < CLAIM".into() });
}

#[test]
fn types_of_relations_stand_in_a_tree_without_circles() {
    let types =
        |parent: &str| format!("(key: \"a\", name: \"A\", parent: \"b\", color: \"#123456\"), (key: \"b\", name: \"B\"{parent}, color: \"#123456\")");
    let codebook = |parent: &str| format!("(format: 1, name: \"x\", relation_types: [{}])", types(parent));
    let schema = read_schema(&codebook(", short: \"b.\", aliases: [\"B too\"]")).unwrap();
    assert_eq!(read_schema(&write_schema(&schema)).unwrap(), schema);
    let error = read_schema(&codebook(", parent: \"a\"")).unwrap_err();
    assert_eq!(error.to_string(), "the relation type `a` is above itself: a < b < a; take out one `parent`");
}

fn text() -> impl Strategy<Value = String> {
    proptest::string::string_regex("(?s:.{0,8})").unwrap()
}

fn key<K: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug>() -> impl Strategy<Value = K> {
    proptest::string::string_regex("[a-zA-Z0-9éß日:/_.-]{1,6}").unwrap().prop_map(|key| key.parse().unwrap())
}

fn color() -> impl Strategy<Value = Color> {
    any::<[u8; 3]>().prop_map(|[red, green, blue]| Color { red, green, blue })
}

fn shortcut() -> impl Strategy<Value = Option<char>> {
    option::of(any::<char>())
}

fn value() -> impl Strategy<Value = AttributeValue> {
    prop_oneof![
        any::<bool>().prop_map(AttributeValue::Bool),
        any::<i64>().prop_map(AttributeValue::Int),
        any::<f64>().prop_filter_map("finite", Finite::new).prop_map(AttributeValue::Number),
        key().prop_map(AttributeValue::Choice),
        proptest::collection::btree_set(key(), 1..3).prop_map(AttributeValue::Choices),
        text().prop_map(AttributeValue::Text),
        Just(AttributeValue::Date("2016-05".parse().unwrap())),
    ]
}

fn label() -> impl Strategy<Value = Label> {
    let kinds = prop_oneof![Just(LabelKind::Entity), Just(LabelKind::Claim), Just(LabelKind::Span)];
    let lists = (vec(text(), 0..3), vec(text(), 0..3), btree_map(text(), text(), 0..2));
    let texts = (text(), text(), text());
    (texts, kinds, 0u32..6, color(), shortcut(), lists, option::of(key::<LabelKey>()), any::<bool>()).prop_map(
        |((name, short, description), kind, position, color, shortcut, (examples, aliases, residue), replaced_by, retired)| Label {
            no_crossing: retired,
            no_nesting: !retired,
            short,
            shortcut,
            description,
            examples,
            aliases,
            residue,
            replaced_by,
            retired,
            ..Label::new(name, kind, color, position)
        },
    )
}

fn attribute() -> impl Strategy<Value = AttributeDef> {
    let choice = (key::<ChoiceKey>(), text(), shortcut(), text());
    let choice = choice.prop_map(|(key, name, shortcut, description)| (key.clone(), Choice { key, name, shortcut, description }));
    let choices = vec(choice, 0..3).prop_map(|choices| choices.into_iter().collect::<BTreeMap<_, _>>().into_values().collect());
    let kind = prop_oneof![Just(AttributeKind::YesNo), Just(AttributeKind::Number), Just(AttributeKind::Choices)];
    (text(), kind, 0u32..6, vec(key(), 0..3), choices, option::of(value()), shortcut(), any::<[bool; 2]>()).prop_map(
        |(name, kind, position, labels, choices, default, shortcut, [required, retired])| AttributeDef {
            description: name.clone(),
            name,
            kind,
            position,
            applies_to: vec![Target::Span, Target::Document],
            labels,
            choices,
            required,
            default,
            shortcut,
            retired,
        },
    )
}

fn role() -> impl Strategy<Value = RoleDef> {
    (text(), 0u32..6, vec(text(), 0..3), vec(key(), 0..3), any::<u32>(), shortcut(), any::<[bool; 2]>()).prop_map(
        |(name, position, values, labels, max, shortcut, [required, retired])| RoleDef {
            description: name.clone(),
            name,
            position,
            accepts: vec![FillerKind::Claim, FillerKind::Value],
            values,
            labels,
            required,
            max,
            shortcut,
            retired,
        },
    )
}

fn relation_type() -> impl Strategy<Value = RelationType> {
    let nodes = || vec(prop_oneof![Just(NodeKind::Span), Just(NodeKind::Relation)], 0..3);
    let words = (text(), text(), vec(text(), 0..3));
    (words, 0u32..6, option::of(key()), nodes(), nodes(), color(), shortcut(), any::<[bool; 2]>()).prop_map(
        |((name, short, examples), position, replaced_by, from, to, color, shortcut, [symmetric, retired])| RelationType {
            description: name.clone(),
            name,
            position,
            parent: None,
            short,
            from,
            to,
            symmetric,
            color,
            shortcut,
            aliases: examples.clone(),
            examples,
            retired,
            replaced_by,
        },
    )
}

fn schema() -> impl Strategy<Value = Schema> {
    let info = (text(), text(), btree_map(text(), text(), 0..2)).prop_map(|(name, description, residue)| SchemaInfo { name, description, residue });
    let tables = (
        btree_map(key(), label(), 0..4),
        btree_map(key(), attribute(), 0..4),
        btree_map(key(), role(), 0..4),
        btree_map(key(), relation_type(), 0..4),
    );
    (info, tables).prop_map(|(info, (labels, attributes, roles, relation_types))| {
        let mut schema = Schema { info, labels, attributes, roles, relation_types };
        // Parents may only stand before their children, so that there is no circle.
        let keys: Vec<LabelKey> = schema.labels.keys().cloned().collect();
        for (parent, child) in keys.iter().zip(keys.iter().skip(1)) {
            schema.labels.get_mut(child).unwrap().parent = Some(parent.clone());
        }
        schema
    })
}

proptest! {
    #[test]
    fn every_codebook_comes_back(schema in schema()) {
        let written = write_schema(&schema);
        prop_assert_eq!(read_schema(&written), Ok(schema));
    }

    #[test]
    fn one_row_is_one_line(schema in schema()) {
        let rows = schema.labels.len() + schema.attributes.len() + schema.roles.len() + schema.relation_types.len();
        let written = write_schema(&schema);
        prop_assert_eq!(written.lines().filter(|line| line.starts_with("        (key: ")).count(), rows);
    }

    #[test]
    fn no_input_panics(ron in "(?s:.{0,60})") {
        let _ = read_schema(&ron);
    }
}
