//! Who is for or against what: which attribute says it, and which roles name actors and concepts, by their usual names.

use crate::model::{AttributeKey, AttributeValue, Attributes, Claim, RoleKey};

/// Attributes that say it, the plainest first.
const STANCES: [&str; 5] = ["agreement", "stance", "position", "polarity", "support"];
const FOR: [&str; 12] = ["yes", "for", "pro", "support", "supports", "supporting", "agree", "agreement", "affirm", "favor", "favour", "positive"];
const AGAINST: [&str; 14] =
    ["no", "against", "con", "contra", "oppose", "opposes", "opposing", "disagree", "deny", "denies", "refute", "reject", "attack", "negative"];
/// Roles that name who claims something.
const ACTORS: [&str; 10] = ["person", "organization", "organisation", "actor", "claimer", "claimant", "speaker", "source", "holder", "narrator"];
/// Attributes that say what a claim is about.
const TOPICS: [&str; 3] = ["topic", "issue", "concept"];
/// Roles that name what is claimed.
const CONCEPTS: [&str; 9] = ["concept", "topic", "issue", "target", "object", "about", "subject", "policy", "frame"];

/// A side.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Stance {
    For,
    Against,
    /// Neither, or nobody has said.
    Unset,
}

impl Stance {
    pub(super) fn of(attributes: &Attributes) -> Self {
        let said = STANCES.iter().find_map(|name| attributes.get(&AttributeKey::new(name).ok()?));
        let has = |list: &[&str], value: &AttributeValue| list.contains(&value.to_string().to_lowercase().as_str());
        match said {
            Some(value) if has(&FOR, value) => Self::For,
            Some(value) if has(&AGAINST, value) => Self::Against,
            _ => Self::Unset,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Unset => "unset",
        }
    }

    /// What a claim weighs on an edge.
    pub(super) fn weight(self) -> f64 {
        if self == Self::Against { -1.0 } else { 1.0 }
    }
}

/// What a role names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Actor,
    Concept,
}

/// What a role names by its name; none for cues, evidence and the like.
pub(super) fn part_of(role: &RoleKey) -> Option<Part> {
    let name = role.as_str().to_lowercase();
    let is_in = |list: &[&str]| list.iter().any(|known| name == *known);
    match is_in(&CONCEPTS) {
        true => Some(Part::Concept),
        false => is_in(&ACTORS).then_some(Part::Actor),
    }
}

/// What a claim is about where no role says it: the value of an attribute, else the claim in other words.
pub(super) fn topic_of(claim: &Claim) -> Option<String> {
    let said = TOPICS.iter().find_map(|name| claim.attributes.get(&AttributeKey::new(name).ok()?));
    said.map(ToString::to_string).or_else(|| Some(claim.normalized.clone())).filter(|topic| !topic.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_known_by_their_usual_names() {
        let of = |name: &str, value: AttributeValue| Stance::of(&Attributes::from([(AttributeKey::new(name).unwrap(), value)]));
        assert_eq!(of("agreement", AttributeValue::Bool(false)), Stance::Against);
        assert_eq!(of("stance", AttributeValue::Text("Support".into())), Stance::For);
        assert_eq!(of("stance", AttributeValue::Text("neutral".into())), Stance::Unset);
        assert_eq!(of("other", AttributeValue::Bool(true)), Stance::Unset);
        let part = |name: &str| part_of(&RoleKey::new(name).unwrap());
        assert_eq!([part("claimer"), part("concept"), part("cue")], [Some(Part::Actor), Some(Part::Concept), None]);
    }
}
