//! Who is for or against what: which attribute of a claim says it, and with which values.

use crate::model::{AttributeDef, AttributeKey, AttributeKind, AttributeValue, Attributes, ChoiceKey, Schema, Target};

/// What attributes that say it are called, the plainest first.
const STANCES: [&str; 7] = ["agreement", "stance", "position", "polarity", "support", "attitude", "qualifier"];
const FOR: [&str; 17] = [
    "for",
    "pro",
    "support",
    "supports",
    "supporting",
    "supportive",
    "agree",
    "agrees",
    "agreement",
    "affirm",
    "favor",
    "favour",
    "dafür",
    "zustimmung",
    "befürwortung",
    "pour",
    "a favor",
];
const AGAINST: [&str; 19] = [
    "against",
    "anti",
    "con",
    "contra",
    "oppose",
    "opposes",
    "opposing",
    "disagree",
    "disagrees",
    "disagreement",
    "deny",
    "denies",
    "refute",
    "reject",
    "attack",
    "dagegen",
    "ablehnung",
    "contre",
    "en contra",
];
/// Words that say it only where it is known that this is what the attribute says.
const YES: [&str; 2] = ["yes", "positive"];
const NO: [&str; 2] = ["no", "negative"];
const NEITHER: [&str; 9] = ["neutral", "neither", "none", "mixed", "both", "undecided", "ambivalent", "balanced", "unclear"];

/// A side.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Side {
    For,
    Against,
    /// Somebody has said that it is neither.
    Neutral,
    /// Nobody has said.
    Unset,
}

impl Side {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Neutral => "neutral",
            Self::Unset => "unset",
        }
    }

    pub(super) fn sign(self) -> f64 {
        match self {
            Self::For => 1.0,
            Self::Against => -1.0,
            Self::Neutral | Self::Unset => 0.0,
        }
    }
}

/// A side, and how much somebody is on it: a number says more than yes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Stance {
    pub(super) side: Side,
    /// Above zero, and 0 where it is neither.
    pub(super) strength: f64,
    /// False where something is said that we do not know.
    pub(super) is_known: bool,
}

impl Stance {
    const UNSET: Self = Self { side: Side::Unset, strength: 0.0, is_known: true };

    fn on(side: Side) -> Self {
        Self { side, strength: side.sign().abs(), is_known: true }
    }

    fn of_number(number: f64) -> Self {
        let side = match number {
            number if number > 0.0 => Side::For,
            number if number < 0.0 => Side::Against,
            _ => Side::Neutral,
        };
        Self { side, strength: number.abs(), is_known: true }
    }
}

/// The attributes that say it.
pub(super) struct Stances<'s> {
    schema: &'s Schema,
    // The plainest first.
    keys: Vec<AttributeKey>,
}

impl<'s> Stances<'s> {
    /// Those with a usual key or name; else the only one of claims that has a choice for each side.
    pub(super) fn of(schema: &'s Schema) -> Self {
        let mut keys = Vec::new();
        for name in STANCES {
            let is_called =
                |(key, def): &(&AttributeKey, &AttributeDef)| is_of_claims(def) && [key.as_str(), &def.name].iter().any(|own| is(own, name));
            let known = schema.attributes.iter().filter(is_called).map(|(key, _)| key.clone());
            // Sheets may have attributes that the codebook has not.
            let own = AttributeKey::new(name).ok().filter(|key| !schema.attributes.contains_key(key));
            keys.extend(known.chain(own));
        }
        let is_there = keys.iter().any(|key| schema.attributes.contains_key(key));
        let mut with_sides = schema.attributes.iter().filter(|(_, def)| is_of_claims(def) && has_both_sides(def)).map(|(key, _)| key);
        if let (false, Some(key), None) = (is_there, with_sides.next(), with_sides.next()) {
            keys.push(key.clone());
        }
        Self { schema, keys }
    }

    /// What a claim says.
    pub(super) fn of_claim(&self, attributes: &Attributes) -> Stance {
        let said = self.keys.iter().find_map(|key| attributes.get_key_value(key));
        said.map_or(Stance::UNSET, |(key, value)| self.of_value(key, value))
    }

    fn of_value(&self, key: &AttributeKey, value: &AttributeValue) -> Stance {
        match value {
            AttributeValue::Bool(is_for) => Stance::on(if *is_for { Side::For } else { Side::Against }),
            AttributeValue::Int(number) => Stance::of_number(*number as f64),
            AttributeValue::Number(number) => Stance::of_number(number.value()),
            AttributeValue::Choice(choice) => self.of_choice(key, choice),
            AttributeValue::Choices(choices) => {
                let mut all = choices.iter().map(|choice| self.of_choice(key, choice));
                let first = all.next().unwrap_or(Stance::UNSET);
                if all.all(|other| other.side == first.side) { first } else { Stance::on(Side::Neutral) }
            }
            AttributeValue::Text(text) => of_word(text),
            AttributeValue::Date(_) => Stance { is_known: false, ..Stance::on(Side::Neutral) },
        }
    }

    /// By the choice's key, else by its name.
    fn of_choice(&self, key: &AttributeKey, choice: &ChoiceKey) -> Stance {
        let by_key = of_word(choice.as_str());
        let name = || self.schema.attributes.get(key)?.choices.iter().find(|known| known.key == *choice).map(|known| of_word(&known.name));
        if by_key.is_known { by_key } else { name().unwrap_or(by_key) }
    }
}

fn is_of_claims(def: &AttributeDef) -> bool {
    def.applies_to.contains(&Target::Claim)
}

fn has_both_sides(def: &AttributeDef) -> bool {
    let has = |list: &[&str]| def.choices.iter().any(|choice| is_in(list, choice.key.as_str()) || is_in(list, &choice.name));
    def.kind == AttributeKind::Choice && has(&FOR) && has(&AGAINST)
}

fn of_word(word: &str) -> Stance {
    let sides = [(&FOR[..], Side::For), (&YES, Side::For), (&AGAINST, Side::Against), (&NO, Side::Against), (&NEITHER, Side::Neutral)];
    let known = sides.into_iter().find(|(list, _)| is_in(list, word)).map(|(_, side)| Stance::on(side));
    let number = || word.trim().parse().ok().filter(|number: &f64| number.is_finite()).map(Stance::of_number);
    known.or_else(number).unwrap_or(Stance { is_known: false, ..Stance::on(Side::Neutral) })
}

fn is_in(list: &[&str], word: &str) -> bool {
    list.iter().any(|known| is(word, known))
}

/// True for the same words, however they are joined and capitalised.
pub(super) fn is(word: &str, known: &str) -> bool {
    word.trim().to_lowercase().replace(['_', '-'], " ") == known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Choice, Finite};

    fn said(schema: &Schema, name: &str, value: AttributeValue) -> (Side, f64, bool) {
        let stance = Stances::of(schema).of_claim(&Attributes::from([(AttributeKey::new(name).unwrap(), value)]));
        (stance.side, stance.strength, stance.is_known)
    }

    fn attribute(name: &str, choices: &[&str]) -> AttributeDef {
        let choice = |name: &&str| Choice { key: ChoiceKey::from_text(name), name: (*name).to_owned(), shortcut: None, description: String::new() };
        AttributeDef {
            name: name.to_owned(),
            kind: AttributeKind::Choice,
            position: 0,
            applies_to: vec![Target::Claim],
            labels: Vec::new(),
            choices: choices.iter().map(choice).collect(),
            required: false,
            default: None,
            shortcut: None,
            description: String::new(),
            retired: false,
        }
    }

    #[test]
    fn sides_are_known_by_their_usual_names() {
        let none = Schema::default();
        assert_eq!(said(&none, "agreement", AttributeValue::Bool(false)), (Side::Against, 1.0, true));
        assert_eq!(said(&none, "stance", AttributeValue::Text("Support".into())), (Side::For, 1.0, true));
        assert_eq!(said(&none, "stance", AttributeValue::Text("neutral".into())), (Side::Neutral, 0.0, true));
        assert_eq!(said(&none, "stance", AttributeValue::Text("perhaps".into())), (Side::Neutral, 0.0, false));
        assert_eq!(said(&none, "other", AttributeValue::Bool(true)), (Side::Unset, 0.0, true));
    }

    #[test]
    fn numbers_are_sides_and_how_much() {
        let none = Schema::default();
        assert_eq!(said(&none, "agreement", AttributeValue::Int(-2)), (Side::Against, 2.0, true));
        assert_eq!(said(&none, "agreement", AttributeValue::Int(0)), (Side::Neutral, 0.0, true));
        assert_eq!(said(&none, "agreement", AttributeValue::Number(Finite::new(0.5).unwrap())), (Side::For, 0.5, true));
        assert_eq!(said(&none, "agreement", AttributeValue::Text("+1".into())), (Side::For, 1.0, true));
    }

    #[test]
    fn the_only_attribute_with_a_choice_for_each_side_says_it() {
        let key = |name: &str| AttributeKey::new(name).unwrap();
        let choice = |name: &str| AttributeValue::Choice(ChoiceKey::from_text(name));
        let mut schema = Schema::default();
        schema.attributes.insert(key("haltung"), attribute("Haltung", &["Dafür", "Dagegen"]));
        assert_eq!(said(&schema, "haltung", choice("Dagegen")), (Side::Against, 1.0, true));
        // Of two nobody knows which it is.
        schema.attributes.insert(key("ton"), attribute("Ton", &["pro", "contra"]));
        assert_eq!(said(&schema, "haltung", choice("Dagegen")), (Side::Unset, 0.0, true));
        schema.attributes.insert(key("a1"), attribute("Stance", &["x", "pro"]));
        assert_eq!(said(&schema, "a1", choice("pro")), (Side::For, 1.0, true));
        let yes_no = Schema { attributes: [(key("check_worthy"), attribute("Check-worthy", &["yes", "no"]))].into(), ..Schema::default() };
        assert_eq!(said(&yes_no, "check_worthy", choice("yes")), (Side::Unset, 0.0, true));
    }
}
