//! Give an attribute another type, with all its values. A value that does not fit the new type stays as text, and the checks
//! list it: nothing that a coder has said is thrown away.

use std::collections::BTreeSet;

use super::super::OpError;
use super::change_row::has_choices;
use super::row::get;
use crate::edit::{Change, Edit};
use crate::model::{AttributeDef, AttributeKey, AttributeKind, AttributeValue, Attributes, Choice, ChoiceKey, Finite, Sheet, SheetKey, State};

/// A change of type: what it does to the tables, and what to each sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KindChange {
    /// For "Undo …".
    pub name: String,
    /// Edits of the codebook and of entities.
    pub tables: Vec<Edit>,
    key: AttributeKey,
    before: AttributeDef,
    after: AttributeDef,
}

/// Changes the type of an attribute.
///
/// # Errors
/// When the attribute is not there.
pub fn change_attribute_kind(state: &State, key: &AttributeKey, kind: AttributeKind) -> Result<KindChange, OpError> {
    let before = get::<AttributeDef>(state, key)?.clone();
    let mut after = AttributeDef { kind, ..before.clone() };
    after.default = before.default.as_ref().and_then(|value| convert(value, &before, &after));
    let mut change = KindChange { name: format!("change type of {}", before.name), tables: Vec::new(), key: key.clone(), before, after };
    if change.before == change.after {
        return Ok(change);
    }
    change.tables.push(Edit::Attribute(Change::replace(key.clone(), change.before.clone(), change.after.clone())));
    for (id, before) in &state.entities {
        let mut after = before.clone();
        if change.convert_in(&mut after.attributes) {
            change.tables.push(Edit::Entity(Change::replace(*id, before.clone(), after)));
        }
    }
    Ok(change)
}

impl KindChange {
    /// The edits that convert the values of a sheet.
    #[must_use]
    pub fn edits_of(&self, key: &SheetKey, sheet: &Sheet) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (id, before) in &sheet.spans {
            if before.attributes().contains_key(&self.key) {
                let mut extras = before.extras().clone();
                self.convert_in(&mut extras.attributes);
                edits.push(Edit::Span(key.clone(), Change::replace(*id, before.clone(), before.clone().with_extras(extras))));
            }
        }
        for (id, before) in &sheet.claims {
            let mut after = before.clone();
            if self.convert_in(&mut after.attributes) {
                edits.push(Edit::Claim(key.clone(), Change::replace(*id, before.clone(), after)));
            }
        }
        for (id, before) in &sheet.relations {
            let mut after = before.clone();
            if self.convert_in(&mut after.attributes) {
                edits.push(Edit::Relation(key.clone(), Change::replace(*id, before.clone(), after)));
            }
        }
        let mut info = sheet.info.clone();
        if self.convert_in(&mut info.attributes) {
            edits.push(Edit::Sheet(key.clone(), Change::replace((), sheet.info.clone(), info)));
        }
        edits.retain(|edit| !is_idle(edit));
        edits
    }

    /// How many values of a sheet would stay as text.
    #[must_use]
    pub fn unfit_in(&self, sheet: &Sheet) -> usize {
        let spans = sheet.spans.values().map(|span| span.attributes());
        let others = sheet.claims.values().map(|claim| &claim.attributes).chain(sheet.relations.values().map(|relation| &relation.attributes));
        let values = spans.chain(others).chain([&sheet.info.attributes]).filter_map(|attributes| attributes.get(&self.key));
        values.filter(|value| convert(value, &self.before, &self.after).is_none()).count()
    }

    /// True when there was something to convert.
    fn convert_in(&self, attributes: &mut Attributes) -> bool {
        let Some(value) = attributes.get_mut(&self.key) else { return false };
        let new = convert(value, &self.before, &self.after).unwrap_or_else(|| AttributeValue::Text(words_of(value, &self.before)));
        let is_changed = *value != new;
        *value = new;
        is_changed
    }
}

fn is_idle(edit: &Edit) -> bool {
    match edit {
        Edit::Span(_, change) => change.before == change.after,
        _ => false,
    }
}

/// A value as somebody would write it: a choice by its name.
fn words_of(value: &AttributeValue, def: &AttributeDef) -> String {
    let name = |key: &ChoiceKey| def.choices.iter().find(|choice| choice.key == *key).map_or_else(|| key.to_string(), |choice| choice.name.clone());
    match value {
        AttributeValue::Choice(key) => name(key),
        AttributeValue::Choices(keys) => keys.iter().map(name).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}

/// The value in the new type. None where it does not fit.
fn convert(value: &AttributeValue, before: &AttributeDef, after: &AttributeDef) -> Option<AttributeValue> {
    // A choice keeps its key, whatever its name is.
    match (value, after.kind) {
        (AttributeValue::Choice(key), AttributeKind::Choices) => return Some(AttributeValue::Choices(BTreeSet::from([key.clone()]))),
        (AttributeValue::Choices(keys), AttributeKind::Choice) if keys.len() == 1 => return keys.first().cloned().map(AttributeValue::Choice),
        (value, kind) if kind.takes(value) => return Some(value.clone()),
        _ => {}
    }
    let words = words_of(value, before);
    let words = words.trim();
    match after.kind {
        AttributeKind::Text => (!words.is_empty()).then(|| AttributeValue::Text(words.to_owned())),
        AttributeKind::YesNo => yes_or_no(words).map(AttributeValue::Bool),
        AttributeKind::Integer => whole(value, words).map(AttributeValue::Int),
        AttributeKind::Number => words.parse().ok().and_then(Finite::new).map(AttributeValue::Number),
        AttributeKind::Date => words.parse().ok().map(AttributeValue::Date),
        kind if has_choices(kind) => {
            let keys: Option<BTreeSet<ChoiceKey>> = if kind == AttributeKind::Choices {
                words.split('|').map(|word| choice_called(&after.choices, word.trim())).collect()
            } else {
                choice_called(&after.choices, words).map(|key| BTreeSet::from([key]))
            };
            let keys = keys.filter(|keys| !keys.is_empty())?;
            if kind == AttributeKind::Choices { Some(AttributeValue::Choices(keys)) } else { keys.into_iter().next().map(AttributeValue::Choice) }
        }
        _ => None,
    }
}

fn choice_called(choices: &[Choice], word: &str) -> Option<ChoiceKey> {
    let is_called = |choice: &&Choice| choice.key.as_str() == word || choice.name.to_lowercase() == word.to_lowercase();
    choices.iter().find(is_called).map(|choice| choice.key.clone())
}

fn yes_or_no(words: &str) -> Option<bool> {
    match words.to_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn whole(value: &AttributeValue, words: &str) -> Option<i64> {
    match value {
        AttributeValue::Bool(value) => Some(i64::from(*value)),
        _ => words.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};
    use crate::edit::{Transaction, apply};

    fn change(case: &Case, key: &str, kind: AttributeKind) -> Transaction {
        let change = change_attribute_kind(&case.state, &key.parse().unwrap(), kind).unwrap();
        let edits = change.tables.iter().cloned().chain(change.edits_of(&case.key, case.state.sheet(&case.key))).collect();
        Transaction::new(change.name, edits)
    }

    fn converted(before: &str, key: &str, kind: AttributeKind) -> String {
        let mut case = Case::new(before);
        let transaction = change(&case, key, kind);
        assert!(crate::edit::testing::there_and_back(&mut case.state, &transaction));
        apply(&mut case.state, &transaction).unwrap();
        let sheet = case.state.sheet(&case.key);
        let values = sheet.claims.values().map(|claim| &claim.attributes).chain(sheet.spans.values().map(|span| span.attributes()));
        let mut shown: Vec<String> = values.flat_map(|attributes| attributes.values().map(|value| format!("{value:?}"))).collect();
        shown.sort();
        shown.join(" ")
    }

    #[test]
    fn values_that_fit_are_converted() {
        let stance = "[CLAIM#c so]\n.. c: stance=support";
        assert_eq!(converted(stance, "stance", AttributeKind::Text), r#"Text("support")"#);
        assert_eq!(converted(stance, "stance", AttributeKind::Choices), "Choices({support})");
        assert_eq!(converted("[CLAIM#c so]\n.. c: times=2016", "times", AttributeKind::Date), r#"Date(Date("2016"))"#);
        assert_eq!(converted("[CLAIM#c so]\n.. c: times=2", "times", AttributeKind::Number), "Number(Finite(2.0))");
        assert_eq!(converted("[CLAIM#c so]\n.. c: check_worthy=yes", "check_worthy", AttributeKind::Integer), "Int(1)");
    }

    #[test]
    fn what_does_not_fit_stays_as_text_and_is_listed() {
        let source = "[PER#k;comment=\"soon\" He] [PER#l;comment=\"12\" it]";
        assert_eq!(converted(source, "comment", AttributeKind::Integer), r#"Int(12) Text("soon")"#);
        let mut case = Case::new(source);
        let change_to = change_attribute_kind(&case.state, &"comment".parse().unwrap(), AttributeKind::Integer).unwrap();
        assert_eq!(change_to.unfit_in(case.state.sheet(&case.key)), 1);
        let transaction = change(&case, "comment", AttributeKind::Integer);
        apply(&mut case.state, &transaction).unwrap();
        assert_eq!(case.state.schema.attributes[&"comment".parse().unwrap()].kind, AttributeKind::Integer);
    }

    #[test]
    fn to_text_and_back_changes_nothing_else() {
        check("[PER#k;comment=\"soon\" He]", |case| change(case, "comment", AttributeKind::Text), "[PER#k;comment=\"soon\" He]");
        assert!(change(&Case::new("so"), "stance", AttributeKind::Choice).is_empty());
    }

    /// What a value becomes; none where it stays as text. The choices are those of “stance”, and `odd`, called “A|B”.
    fn new_value(value: &AttributeValue, before: AttributeKind, after: AttributeKind) -> Option<AttributeValue> {
        let mut def = Case::new("so").state.schema.attributes[&"stance".parse().unwrap()].clone();
        def.choices.push(Choice { key: "odd".parse().unwrap(), name: "A|B".into(), shortcut: None, description: String::new() });
        let of = |kind| AttributeDef { kind, ..def.clone() };
        convert(value, &of(before), &of(after))
    }

    #[test]
    fn words_become_choices_by_key_or_name_and_whole_answers() {
        use AttributeKind::{Choice as One, Choices as Some_, Text, YesNo};
        let text = |words: &str| AttributeValue::Text(words.into());
        let one = |key: &str| Some(AttributeValue::Choice(key.parse().unwrap()));
        let some = |keys: &[&str]| Some(AttributeValue::Choices(keys.iter().map(|key| key.parse().unwrap()).collect()));
        assert_eq!(new_value(&text(" Support "), Text, One), one("support"));
        assert_eq!(new_value(&text("odd"), Text, One), one("odd"));
        assert_eq!(new_value(&text("a|b"), Text, One), one("odd"));
        assert_eq!(new_value(&text("perhaps"), Text, One), None);
        assert_eq!(new_value(&text("oppose | Support"), Text, Some_), some(&["oppose", "support"]));
        assert_eq!(new_value(&text("oppose|perhaps"), Text, Some_), None, "a part of an answer is none");
        assert_eq!(new_value(&one("odd").unwrap(), One, Some_), some(&["odd"]));
        assert_eq!(new_value(&some(&["odd"]).unwrap(), Some_, One), one("odd"));
        assert_eq!(new_value(&some(&["odd", "support"]).unwrap(), Some_, One), None);
        assert_eq!(new_value(&one("gone").unwrap(), One, Some_), some(&["gone"]), "also where the codebook has it no longer");
        assert_eq!(new_value(&some(&["gone"]).unwrap(), Some_, One), one("gone"));
        assert_eq!(new_value(&one("odd").unwrap(), One, Text), Some(text("A|B")), "the name is what somebody would write");
        for (words, answer) in [("Yes", true), ("true", true), ("1", true), ("no", false), ("FALSE", false), ("0", false)] {
            assert_eq!(new_value(&text(words), Text, YesNo), Some(AttributeValue::Bool(answer)), "{words}");
        }
        assert_eq!(new_value(&text("maybe"), Text, YesNo), None);
    }

    #[test]
    fn a_value_of_the_new_type_stays_as_it_is() {
        let padded = AttributeValue::Text(" so ".into());
        assert_eq!(new_value(&padded.clone(), AttributeKind::Integer, AttributeKind::Text), Some(padded));
        assert_eq!(new_value(&AttributeValue::Choices(BTreeSet::new()), AttributeKind::Choices, AttributeKind::Text), None, "of nothing no words");
    }

    #[test]
    fn rows_that_stay_as_they_are_are_not_named() {
        let case = Case::new("[PER#k;comment=\"soon\" He] [PER#l;comment=\"12\" it] [PER#m x]");
        let of = |kind| change_attribute_kind(&case.state, &"comment".parse().unwrap(), kind).unwrap();
        let sheet = case.state.sheet(&case.key);
        assert_eq!(of(AttributeKind::Integer).edits_of(&case.key, sheet).len(), 1, "`soon` is text before and after");
        assert_eq!(
            (of(AttributeKind::Integer).unfit_in(sheet), of(AttributeKind::YesNo).unfit_in(sheet), of(AttributeKind::Text).unfit_in(sheet)),
            (1, 2, 0)
        );
    }
}
