//! Which roles name who claims something and what it is about: by what the codebook calls them, else by what fills them.

use std::collections::{BTreeMap, BTreeSet};

use super::stance::is;
use crate::model::{AttributeKey, Claim, LabelKey, RoleKey, Schema, line_above};

/// What roles are called that name who claims something.
const ACTORS: [&str; 12] =
    ["person", "organization", "organisation", "actor", "claimer", "claimant", "speaker", "source", "holder", "narrator", "sprecher", "akteur"];
/// What roles are called that name what is claimed.
const CONCEPTS: [&str; 9] = ["concept", "topic", "issue", "target", "object", "about", "subject", "policy", "frame"];
/// A value that stands for who has written the article: it is offered only where somebody claims something.
const AUTHOR: &str = "author";
/// What labels of those are called who can claim something.
const PEOPLE: [&str; 8] = ["per", "person", "people", "org", "organization", "organisation", "actor", "group"];
/// What labels of things are called that one can be for or against.
const SUBJECTS: [&str; 4] = ["concept", "topic", "issue", "policy"];
/// Attributes that say what a claim is about.
const TOPICS: [&str; 3] = ["topic", "issue", "concept"];

/// What a role names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Actor,
    Concept,
}

/// Labels of what fills each role; none for what has no label.
pub(super) type Fillers = BTreeMap<RoleKey, BTreeSet<Option<LabelKey>>>;

/// What each role names; cues, evidence and the like name neither.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Parts(BTreeMap<RoleKey, Part>);

impl Parts {
    /// Of the roles that are filled. One is taken by its fillers where no role has a usual name and it is the only one.
    pub(super) fn of(schema: &Schema, fillers: &Fillers) -> Self {
        let mut parts = BTreeMap::new();
        for role in fillers.keys() {
            let name = schema.roles.get(role).map_or(role.as_str(), |def| &def.name);
            let is_called = |list: &[&str]| list.iter().any(|known| is(role.as_str(), known) || is(name, known));
            let part = if is_called(&CONCEPTS) { Some(Part::Concept) } else { is_called(&ACTORS).then_some(Part::Actor) };
            parts.extend(part.map(|part| (role.clone(), part)));
        }
        let offers_author = |role: &RoleKey| schema.roles.get(role).is_some_and(|def| def.values.iter().any(|value| value == AUTHOR));
        let holds = |role: &RoleKey, list: &[&str]| {
            let labels = fillers.get(role).into_iter().flatten().flatten();
            let mut labels = labels.map(|label| is_label_called(schema, label, list)).peekable();
            labels.peek().is_some() && labels.all(|is_called| is_called)
        };
        add_only(&mut parts, fillers, Part::Actor, offers_author);
        add_only(&mut parts, fillers, Part::Actor, |role| holds(role, &PEOPLE));
        add_only(&mut parts, fillers, Part::Concept, |role| holds(role, &SUBJECTS));
        Self(parts)
    }

    pub(super) fn get(&self, role: &RoleKey) -> Option<Part> {
        self.0.get(role).copied()
    }

    pub(super) fn has(&self, part: Part) -> bool {
        self.0.values().any(|own| *own == part)
    }
}

/// The only role of which something is true, where no other one names this part.
fn add_only(parts: &mut BTreeMap<RoleKey, Part>, fillers: &Fillers, part: Part, is_it: impl Fn(&RoleKey) -> bool) {
    let mut found = fillers.keys().filter(|role| !parts.contains_key(*role) && is_it(role));
    if let (false, Some(role), None) = (parts.values().any(|own| *own == part), found.next().cloned(), found.next()) {
        parts.insert(role, part);
    }
}

/// True for a label that is called so, or stands below one that is.
fn is_label_called(schema: &Schema, label: &LabelKey, list: &[&str]) -> bool {
    line_above(&schema.labels, label).iter().any(|key| {
        let row = schema.labels.get(key);
        let mut names = row.into_iter().flat_map(|row| std::iter::once(&row.name).chain(&row.aliases)).map(String::as_str).chain([key.as_str()]);
        names.any(|name| list.iter().any(|known| is(name, known)))
    })
}

/// What a claim is about where no role says it: the value of an attribute, else the claim in other words.
pub(super) fn topic_of(claim: &Claim) -> Option<String> {
    let said = TOPICS.iter().find_map(|name| claim.attributes.get(&AttributeKey::new(name).ok()?));
    said.map(ToString::to_string).or_else(|| Some(claim.normalized.clone())).filter(|topic| !topic.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(roles: &[(&str, &[&str])]) -> Vec<Option<Part>> {
        let role = |name: &str| RoleKey::new(name).unwrap();
        let labels = |labels: &[&str]| labels.iter().map(|label| Some(LabelKey::new(label).unwrap())).collect();
        let fillers = roles.iter().map(|(name, of)| (role(name), labels(of))).collect();
        let parts = Parts::of(&Schema::default(), &fillers);
        roles.iter().map(|(name, _)| parts.get(&role(name))).collect()
    }

    #[test]
    fn roles_are_known_by_their_usual_names() {
        assert_eq!(parts(&[("claimer", &[]), ("Concept", &["PER"]), ("cue", &["CUE"])]), [Some(Part::Actor), Some(Part::Concept), None]);
    }

    #[test]
    fn the_only_role_that_people_fill_names_who_claims_something() {
        assert_eq!(parts(&[("wer", &["PER", "ORG"]), ("was", &["CONCEPT"]), ("cue", &["CUE"])]), [Some(Part::Actor), Some(Part::Concept), None]);
        // Of two nobody knows which it is.
        assert_eq!(parts(&[("wer", &["PER"]), ("wem", &["ORG"])]), [None, None]);
        // A usual name says more.
        assert_eq!(parts(&[("wem", &["PER"]), ("speaker", &["ORG"])]), [None, Some(Part::Actor)]);
        assert_eq!(parts(&[("wer", &["PER", "LOC"])]), [None]);
    }
}
