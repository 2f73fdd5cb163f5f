//! The crate is the measure: the same bytes, and nothing is read in another way.
//!
//! `MANICULE_RON` is how many values there are (1,000), `PROPTEST_RNG_SEED` the seed.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::*;

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    at: Vec<(u32, i64, String)>,
    kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maybe: Option<i64>,
    map: BTreeMap<String, Kind>,
    number: f64,
    letter: char,
    is_so: bool,
    nothing: (),
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    InProgress,
    One(String),
    Two(u8, i8),
    Named { first: bool, list: Vec<f64> },
    Deep(Box<Kind>),
    Struct(Place),
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Place {
    start: u32,
    end: u32,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![proptest::string::string_regex("(?s:.{0,6})").unwrap(), proptest::string::string_regex("[ -~]{0,8}").unwrap()]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>().prop_filter("finite", |number| number.is_finite()), Just(1.0), Just(1e300), Just(-0.0), (-5i8..5).prop_map(f64::from)]
}

fn kind() -> impl Strategy<Value = Kind> {
    let leaf = prop_oneof![
        Just(Kind::InProgress),
        text().prop_map(Kind::One),
        any::<(u8, i8)>().prop_map(|(one, two)| Kind::Two(one, two)),
        (any::<bool>(), vec(number(), 0..3)).prop_map(|(first, list)| Kind::Named { first, list }),
        any::<(u32, u32)>().prop_map(|(start, end)| Kind::Struct(Place { start, end })),
    ];
    leaf.prop_recursive(3, 6, 1, |inner| inner.prop_map(|kind| Kind::Deep(Box::new(kind))))
}

fn row() -> impl Strategy<Value = Row> {
    let at = vec((any::<u32>(), any::<i64>(), text()), 0..4);
    (text(), at, kind(), option::of(any::<i64>()), btree_map(text(), kind(), 0..3), number(), any::<char>(), any::<bool>())
        .prop_map(|(id, at, kind, maybe, map, number, letter, is_so)| Row { id, at, kind, maybe, map, number, letter, is_so, nothing: () })
}

fn by_the_crate(row: &Row) -> String {
    let config = PrettyConfig::new().compact_arrays(true).compact_structs(true).compact_maps(true).separator(" ");
    ron::ser::to_string_pretty(row, config).unwrap()
}

fn is_plain_letter(letter: char) -> bool {
    letter != '\'' && letter != '\\'
}

/// Marks that mean something, more often than others.
fn change() -> impl Strategy<Value = (usize, u8, char)> {
    let marks = "()[]{},:\"'\\ \n\t#/*_-+.0123eExu{}rSome None()aä\u{301}🎉";
    (any::<usize>(), 0u8..3, prop_oneof![4 => proptest::sample::select(marks.chars().collect::<Vec<_>>()), 1 => any::<char>()])
}

fn changed(text: &str, changes: &[(usize, u8, char)]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for (at, how, letter) in changes {
        let at = at % (letters.len() + 1);
        match how {
            0 => letters.insert(at, *letter),
            1 if at < letters.len() => drop(letters.remove(at)),
            _ if at < letters.len() => letters[at] = *letter,
            _ => {}
        }
    }
    letters.into_iter().collect()
}

fn values() -> ProptestConfig {
    ProptestConfig::with_cases(std::env::var("MANICULE_RON").ok().and_then(|values| values.parse().ok()).unwrap_or(1000))
}

proptest! {
    #![proptest_config(values())]

    #[test]
    fn the_bytes_are_those_of_the_crate(row in row()) {
        prop_assert_eq!(to_line(&row).unwrap(), by_the_crate(&row));
        prop_assert_eq!(to_compact(&row).unwrap(), ron::to_string(&row).unwrap());
        for written in [to_line(&row).unwrap(), to_compact(&row).unwrap()] {
            prop_assert_eq!(read_plain::<Row>(&written).is_some(), is_plain_letter(row.letter), "{}", written);
            prop_assert_eq!(&from_str::<Row>(&written).unwrap(), &row);
        }
    }

    #[test]
    fn nothing_is_read_in_another_way(row in row(), changes in vec(change(), 1..4), is_compact in any::<bool>()) {
        let written = if is_compact { to_compact(&row).unwrap() } else { to_line(&row).unwrap() };
        let text = changed(&written, &changes);
        if let Some(plain) = read_plain::<Row>(&text) {
            let by_the_crate = ron::from_str::<Row>(&text);
            // A number that is no number is equal to nothing.
            prop_assert_eq!(format!("{:?}", by_the_crate), format!("{:?}", Ok::<_, SpannedError>(plain)), "{}", text);
        }
    }
}

#[test]
fn what_is_not_plain_is_left_to_the_crate() {
    let place = Place { start: 1, end: 2 };
    for text in [
        "(start:1,end:2)",
        "(start: 1, end: 2)",
        "(\n  start: 1,\n  end: 2,\n)\n",
        " ( end : 2 , start : 1 ) ",
        "/* why */ (start: 1, end: 2)",
        "Place(start: 0x1, end: 2)",
        "(start: 1,\tend: 2)",
        "(start: 1, end: 2)\r\n",
    ] {
        assert_eq!(from_str::<Place>(text).unwrap(), place, "{text}");
    }
    let plain = |text: &str| read_plain::<Place>(text).is_some();
    assert!(plain("(\n  start: 1,\n  end: 2,\n)\n") && !plain("Place(start: 1, end: 2)") && !plain("(start: 1, end: 2,,)"));
    assert_eq!(from_str::<Place>("(start: 1, end: 2, more: 3)").unwrap(), place);
    let error = from_str::<Place>("(start: 1,\n end: x)").unwrap_err();
    assert_eq!(error.span.start.line, 2);
    assert!(read_plain::<()>("()").is_some() && read_plain::<()>("( )").is_none() && ron::from_str::<()>("( )").is_err());
    assert!(read_plain::<Vec<u32>>("[1,,]").is_none() && read_plain::<Vec<u32>>("[1 2]").is_none() && read_plain::<Vec<u32>>("[1,]").is_some());
}

#[test]
fn a_value_that_is_too_deep_is_left_to_the_crate() {
    let deep = format!("{}in_progress{}", "deep(".repeat(40), ")".repeat(40));
    assert!(read_plain::<Kind>(&deep).is_none() && read_plain::<Kind>("deep(deep(in_progress))").is_some());
    assert!(from_str::<Kind>(&deep).is_ok());
}

#[test]
fn usual_characters_are_not_escaped() {
    let usual: Vec<char> = (0..0x3000).filter_map(char::from_u32).filter(|c| super::write::is_usual(*c)).collect();
    assert!(usual.len() > 400 && usual.iter().all(|c| c.escape_debug().eq([*c])));
}
