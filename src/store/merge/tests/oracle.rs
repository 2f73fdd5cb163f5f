//! What a merge must give, said once more and differently.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use serde_json::{Value, json};

use super::notes::RESIDUE;

/// Every note stands in a residue of the merged file.
pub(super) fn check_notes(notes: &[String], merged: &Value) -> TestCaseResult {
    let mut written = BTreeSet::new();
    collect_notes(merged, &mut written);
    for note in notes {
        prop_assert!(written.iter().any(|line| note.ends_with(line)), "`{note}` is not in {written:?}");
    }
    Ok(())
}

fn collect_notes<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
    let Value::Object(object) = value else { return };
    for (name, value) in object {
        match value {
            Value::String(text) if name == RESIDUE => found.extend(text.lines()),
            other => collect_notes(other, found),
        }
    }
}

/// What a merge must give, said once more and differently: on JSON, where a field is a name and what is blank is absent.
pub(super) struct Oracle<'o> {
    pub(super) notes: &'o [String],
}

const SETS: [&str; 9] = ["aliases", "knowledge_base_ids", "ignored", "rejected", "examples", "values", "accepts", "applies_to", "regions"];
/// Sets in which none means all.
const LIMITS: [&str; 3] = ["labels", "from", "to"];
/// Objects that hold others, rows aside.
const CONTAINERS: [&str; 7] = ["info", "extras", "attributes", "roles", "residue", "settings", "choices"];
/// What needs a closer look: see `check_places`.
const PLACES: [&str; 2] = ["content", "occurrences"];

impl Oracle<'_> {
    pub(super) fn check(&self, path: &[&str], [base, a, b]: [&Value; 3], merged: &Value) -> TestCaseResult {
        let (name, parent) = (path.last().copied().unwrap_or_default(), path.iter().rev().nth(1).copied().unwrap_or_default());
        let is_container = path.is_empty() || CONTAINERS.contains(&name) || path.len() == 1 && [a, b].iter().any(|value| value.is_object());
        if is_container || is_row(path) && a.is_object() && b.is_object() && a != b && base != a && base != b {
            return self.check_fields(path, [base, a, b], merged);
        }
        if PLACES.contains(&name) {
            return Ok(());
        }
        if name == "deleted" {
            return self.check_same(path, if a == b { a } else { &Value::Null }, merged);
        }
        if LIMITS.contains(&name) && [base, a, b].iter().any(|list| list.is_null()) {
            return self.check_one_of([a, b], path, merged).or_else(|_| self.check_set(path, [base, a, b], merged));
        }
        if a == b || base == b || base == a {
            return self.check_same(path, if base == a { b } else { a }, merged);
        }
        match (a, b) {
            _ if LIMITS.contains(&name) && a.is_array() => {
                self.check_one_of([a, b], path, merged).or_else(|_| self.check_set(path, [base, a, b], merged))
            }
            _ if SETS.contains(&name) || parent == "roles" && path.len() > 2 => self.check_set(path, [base, a, b], merged),
            (Value::Null, edited) | (edited, Value::Null) if is_row(path) => self.check_kept(path, edited, merged),
            _ => self.check_value(path, [a, b], merged),
        }
    }

    fn check_same(&self, path: &[&str], expected: &Value, merged: &Value) -> TestCaseResult {
        if is_row(path) && expected.is_null() && self.is_noted_as_kept(path) {
            // The notes of an earlier merge are a change, too, which is not seen here.
            return Ok(());
        }
        prop_assert_eq!(expected, merged, "{:?}", path);
        Ok(())
    }

    fn check_one_of(&self, sides: [&Value; 2], path: &[&str], merged: &Value) -> TestCaseResult {
        prop_assert!(sides.contains(&merged), "{path:?}: {merged} is none of {sides:?}");
        Ok(())
    }

    fn check_fields(&self, path: &[&str], [base, a, b]: [&Value; 3], merged: &Value) -> TestCaseResult {
        let names = |value: &Value| value.as_object().into_iter().flat_map(|o| o.keys().cloned()).collect::<Vec<_>>();
        for name in [base, a, b, merged].into_iter().flat_map(names).collect::<BTreeSet<_>>() {
            let path = [path, &[name.as_str()]].concat();
            self.check(&path, [&base[&name], &a[&name], &b[&name]], &merged[&name])?;
        }
        self.check_places(path, [base, a, b], merged)
    }

    fn check_set(&self, path: &[&str], sides: [&Value; 3], merged: &Value) -> TestCaseResult {
        let items = |value: &Value| value.as_array().into_iter().flatten().map(Value::to_string).collect::<BTreeSet<_>>();
        let ([base, a, b], merged) = (sides.map(items), items(merged));
        let expected = a.union(&b).filter(|item| a.contains(*item) && b.contains(*item) || !base.contains(*item));
        prop_assert_eq!(expected.collect::<BTreeSet<_>>(), merged.iter().collect(), "{:?}", path);
        Ok(())
    }

    /// What one side deleted and the other changed.
    fn check_kept(&self, path: &[&str], edited: &Value, merged: &Value) -> TestCaseResult {
        self.check_same(path, edited, merged)?;
        prop_assert!(self.is_noted_as_kept(path), "{path:?} is not in {:?}", self.notes);
        Ok(())
    }

    fn is_noted_as_kept(&self, path: &[&str]) -> bool {
        self.notes.iter().any(|note| note.contains("deleted by one side") && note.contains(path[path.len() - 1]))
    }

    /// One of two values is kept, and both are noted.
    fn check_value(&self, path: &[&str], sides: [&Value; 2], merged: &Value) -> TestCaseResult {
        self.check_one_of(sides, path, merged)?;
        let name = match path[path.len() - 1] {
            "ranges" => "at",
            "text_hash" => "text",
            name => name,
        };
        let row = path.get(1).filter(|_| path.len() > 2 && path[0] != "info").copied().unwrap_or_default();
        let words: Vec<String> = sides.iter().filter_map(|value| value.as_str()).map(|word| word.replace('\n', "\\n")).collect();
        let is_it = |note: &&String| note.contains(&format!("{name}: kept")) && note.contains(row) && words.iter().all(|word| note.contains(word));
        prop_assert!(self.notes.iter().any(|note| is_it(&note)), "{path:?}: {sides:?} are not in {:?}", self.notes);
        Ok(())
    }

    /// No place of a claim that either side has added is lost.
    fn check_places(&self, path: &[&str], [base, a, b]: [&Value; 3], merged: &Value) -> TestCaseResult {
        let places = |claim: &Value| {
            let further = claim["occurrences"].as_array().cloned().unwrap_or_default();
            further.into_iter().chain([claim["content"].clone()]).filter(|place| !place.is_null()).map(|place| place.to_string()).collect()
        };
        let [base, a, b, merged]: [BTreeSet<String>; 4] = [base, a, b, merged].map(places);
        let is_noted = |note: &String| note.contains("at: kept") && note.contains(path[path.len() - 1]);
        let lost = a.union(&b).find(|place| !base.contains(*place) && !merged.contains(*place));
        prop_assert!(lost.is_none() || self.notes.iter().any(is_noted), "{path:?}: {lost:?} is lost");
        Ok(())
    }
}

/// A row of a list; choices are rows of an attribute.
fn is_row(path: &[&str]) -> bool {
    path.len() == 2 && path[0] != "info" && path[0] != "residue" || path.len() == 4 && path[2] == "choices"
}

/// Without what is blank, without the notes of merges.
pub(super) fn clean(value: Value) -> Value {
    let Value::Object(object) = value else { return value };
    let is_blank = |name: &str, value: &Value| {
        matches!(value, Value::Null | Value::Bool(false))
            || *value == json!("")
            || *value == json!([])
            || CONTAINERS.contains(&name) && *value == json!({})
    };
    let fields = object.into_iter().filter(|(name, _)| name != RESIDUE).map(|(name, value)| (name, clean(value)));
    Value::Object(fields.filter(|(name, value)| !is_blank(name, value)).collect())
}
