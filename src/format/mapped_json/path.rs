//! Paths into JSON: `annotations[*].quote.spans[0]`, names with other characters as `['a.b']`. Knows nothing of mappings.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

/// A longer path leads nowhere.
const MAX_STEPS: usize = 32;

/// The way from a value to values inside it; the empty one stays where it is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct JsonPath {
    steps: Vec<Step>,
    written: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Step {
    /// The member of this name.
    Name(String),
    /// The element at this place, from 0.
    Index(usize),
    /// Every element.
    All,
}

/// What a path has found.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Found<'v> {
    /// Which elements of lists were passed, from the outermost inwards.
    pub(super) indices: Vec<usize>,
    pub(super) value: &'v Value,
}

impl TryFrom<String> for JsonPath {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        let steps = steps(&written).filter(|steps| steps.len() <= MAX_STEPS);
        let steps =
            steps.ok_or_else(|| format!("`{written}` is no path; write names with dots and [*] for every element, such as spans[*].start"))?;
        Ok(Self { steps, written })
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

fn steps(written: &str) -> Option<Vec<Step>> {
    let mut rest = written.strip_prefix('$').unwrap_or(written);
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let step;
        (step, rest) = match rest.strip_prefix('[') {
            Some(inside) => {
                let (inside, behind) = bracket(inside)?;
                (inside, behind)
            }
            None => {
                let name = rest.strip_prefix('.').unwrap_or(rest);
                let (name, behind) = name.split_at(name.find(['.', '[']).unwrap_or(name.len()));
                (Step::Name(Some(name).filter(|name| !name.is_empty())?.to_owned()), behind)
            }
        };
        steps.push(step);
    }
    Some(steps)
}

/// What stands in brackets, and what comes behind them.
fn bracket(inside: &str) -> Option<(Step, &str)> {
    if let Some(quote) = inside.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        let (name, behind) = inside.get(1..)?.split_once(quote)?;
        return Some((Step::Name(name.to_owned()), behind.strip_prefix(']')?));
    }
    let (step, behind) = inside.split_once(']')?;
    Some((if step == "*" { Step::All } else { Step::Index(step.parse().ok()?) }, behind))
}

impl JsonPath {
    /// One name.
    pub(super) fn of_name(name: &str) -> Self {
        Self { steps: vec![Step::Name(name.to_owned())], written: name.to_owned() }
    }

    /// Every value there; what is null is not there.
    pub(super) fn find<'v>(&self, value: &'v Value) -> Vec<Found<'v>> {
        let mut found = vec![Found { indices: Vec::new(), value }];
        for step in &self.steps {
            found = found.into_iter().flat_map(|found| follow(step, found)).collect();
        }
        found.retain(|found| !found.value.is_null());
        found
    }

    /// The first value there.
    pub(super) fn first<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.find(value).first().map(|found| found.value)
    }

    /// Several paths, each from where the one before leads.
    pub(super) fn joined(paths: &[&Self]) -> Self {
        let written: Vec<&str> = paths.iter().map(|path| path.written.as_str()).filter(|written| !written.is_empty()).collect();
        Self { steps: paths.iter().flat_map(|path| path.steps.iter().cloned()).collect(), written: written.join(" › ") }
    }

    /// Takes out what stands there, so that in the end only that is left which nobody has read.
    pub(super) fn take_out(&self, value: &mut Value) {
        take_out(&self.steps, value);
    }
}

fn follow<'v>(step: &Step, found: Found<'v>) -> Vec<Found<'v>> {
    let Found { indices, value } = found;
    match (step, value) {
        (Step::Name(name), Value::Object(members)) => members.get(name).map(|value| Found { indices, value }).into_iter().collect(),
        (Step::Index(at), Value::Array(elements)) => elements.get(*at).map(|value| Found { indices, value }).into_iter().collect(),
        (Step::All, Value::Array(elements)) => {
            let of = |at| indices.iter().copied().chain([at]).collect();
            elements.iter().enumerate().map(|(at, value)| Found { indices: of(at), value }).collect()
        }
        _ => Vec::new(),
    }
}

fn take_out(steps: &[Step], value: &mut Value) {
    match (steps, value) {
        ([], value) => *value = Value::Null,
        ([Step::Name(name), rest @ ..], Value::Object(members)) => {
            if let Some(inside) = members.get_mut(name) {
                take_out(rest, inside);
            }
        }
        ([Step::Index(at), rest @ ..], Value::Array(elements)) => {
            if let Some(inside) = elements.get_mut(*at) {
                take_out(rest, inside);
            }
        }
        ([Step::All, rest @ ..], Value::Array(elements)) => elements.iter_mut().for_each(|inside| take_out(rest, inside)),
        _ => {}
    }
}

/// Takes out what says nothing: nulls, empty texts, and lists and objects of nothing else. True where all of it did.
pub(super) fn prune(value: &mut Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        // Every element is pruned, also behind one that says something.
        Value::Array(elements) => elements.iter_mut().filter_map(|inside| (!prune(inside)).then_some(())).count() == 0,
        Value::Object(members) => {
            members.retain(|_, inside| !prune(inside));
            members.is_empty()
        }
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn path(written: &str) -> JsonPath {
        written.to_owned().try_into().unwrap()
    }

    #[test]
    fn paths_lead_to_values() {
        let value = json!({"a": [{"b.c": [1, 2]}, {"b.c": [3, null]}], "n": null});
        let check = |written: &str, expected: serde_json::Value| {
            let found: Vec<&Value> = path(written).find(&value).into_iter().map(|found| found.value).collect();
            assert_eq!(json!(found), expected, "{written}");
        };
        check("$.a[*]['b.c'][*]", json!([1, 2, 3]));
        check("a[1]['b.c'][0]", json!([3]));
        check("n", json!([]));
        check("a.b", json!([]));
        assert_eq!(path("a[*]['b.c'][*]").find(&value)[2].indices, [1, 0]);
        for bad in ["a..b", "a[", "a[x]", "a['b]", "a."] {
            assert!(JsonPath::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_read_is_taken_out_and_the_rest_stays() {
        let mut value = json!({"a": [{"s": 1, "t": ""}, {"s": 2, "u": 3}], "b": {"c": []}, "d": "x"});
        path("a[*].s").take_out(&mut value);
        assert!(!prune(&mut value));
        assert_eq!(value, json!({"a": [{}, {"u": 3}], "d": "x"}));
    }
}
