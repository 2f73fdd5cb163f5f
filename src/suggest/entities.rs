//! Whom a mention could mean, and which entities a typed text stands for, the best first.
//!
//! A mention is compared with the names that share a word with it or abbreviate it, which `suggest/names.rs` finds; a
//! typed text with all of them, letter by letter, without making strings. Names of merged entities lead to the one that
//! they were merged into; deleted ones are never offered.

use std::collections::BTreeMap;

use super::names::NameIndex;
use crate::model::{Entity, EntityId, LabelKey, MarkId, Sheet, State, TextOrder};

/// So many marks are looked at, from a mention backwards.
const MAX_SEEN: usize = 200;

/// How a name fits a mention, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fit {
    /// Letter by letter.
    Exact,
    /// But for capitals.
    IgnoringCase,
    /// Whole words of one are the other: `Toner` and `Mark Toner`.
    Part,
    /// The first letters: `UN` and `United Nations`.
    Initials,
}

/// An entity that a mention could mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EntityMatch {
    /// Which.
    pub id: EntityId,
    /// How well its name or one of its aliases fits.
    pub fit: Fit,
}

/// Entities whose name or alias fits the words of a mention, the best first; of equal ones those of the same type.
/// `index` has the names of the state.
#[must_use]
pub fn rank_entities(state: &State, index: &NameIndex, surface: &str, label: Option<&LabelKey>, limit: usize) -> Vec<EntityMatch> {
    let query = Query::new(surface);
    let candidates = index.candidates(surface);
    let rows = candidates.iter().filter_map(|id| state.entities.get_key_value(id));
    let found = best_by_entity(state, rows, |entity| names(entity).filter_map(|name| query.fit(name)).min());
    in_order(state, found, label, limit).into_iter().map(|(id, fit)| EntityMatch { id, fit }).collect()
}

/// How a typed text was found, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    AtStart,
    AtWord,
    Inside,
}

/// Entities whose name, alias or knowledge-base id has what was typed: at its start, at the start of a word, anywhere.
#[must_use]
pub fn search_entities(state: &State, typed: &str, limit: usize) -> Vec<EntityId> {
    let typed: Vec<char> = typed.trim().chars().flat_map(char::to_lowercase).collect();
    if typed.is_empty() {
        return Vec::new();
    }
    let found = best_by_entity(state, &state.entities, |entity| {
        let of_names = names(entity).filter_map(|name| find(name, &typed)).min();
        of_names.or_else(|| entity.knowledge_base_ids.iter().filter_map(|id| find(id, &typed)).min())
    });
    in_order(state, found, None, limit).into_iter().map(|(id, _)| id).collect()
}

/// Entities that are mentioned before a byte of the text, the nearest first; those of the type before others. `order`
/// has the marks of the sheet.
#[must_use]
pub fn mentioned_before(state: &State, sheet: &Sheet, (order, offset): (&TextOrder, usize), label: &LabelKey, limit: usize) -> Vec<EntityId> {
    let (mut of_type, mut others): (Vec<EntityId>, Vec<EntityId>) = Default::default();
    for mark in order.before(offset).rev().take(MAX_SEEN) {
        let MarkId::Span(span) = mark else { continue };
        let winner = sheet.spans.get(&span).and_then(|span| state.entity(span.entity?));
        let Some((id, entity)) = winner.filter(|(_, entity)| !entity.deleted) else { continue };
        let found = if entity.label.as_ref() == Some(label) { &mut of_type } else { &mut others };
        if found.len() < limit && !found.contains(&id) {
            found.push(id);
        }
        if of_type.len() >= limit {
            break;
        }
    }
    of_type.into_iter().chain(others).take(limit).collect()
}

/// English words that stand for somebody who was named before.
const PRONOUNS: [&str; 24] = [
    "he", "she", "it", "they", "him", "her", "them", "his", "hers", "its", "their", "theirs", "who", "whom", "whose", "we", "us", "our", "i", "me",
    "my", "you", "himself", "herself",
];

/// True for words that name somebody, false for pronouns and for descriptions such as `the minister`.
#[must_use]
pub fn reads_as_name(surface: &str) -> bool {
    let first = surface.chars().find(|c| c.is_alphabetic());
    !first.is_some_and(char::is_lowercase) && !PRONOUNS.iter().any(|pronoun| surface.eq_ignore_ascii_case(pronoun))
}

fn names(entity: &Entity) -> impl Iterator<Item = &str> {
    std::iter::once(entity.name.as_str()).chain(entity.aliases.iter().map(String::as_str))
}

/// The best result of each entity, those of merged ones counted for where the merge leads.
fn best_by_entity<'s, R: Ord + Copy>(
    state: &State,
    rows: impl IntoIterator<Item = (&'s EntityId, &'s Entity)>,
    rate: impl Fn(&Entity) -> Option<R>,
) -> BTreeMap<EntityId, R> {
    let mut best: BTreeMap<EntityId, R> = BTreeMap::new();
    for (id, entity) in rows {
        let Some(rating) = rate(entity) else { continue };
        if let Some((winner, _)) = state.entity(*id).filter(|(_, winner)| !winner.deleted && !entity.deleted) {
            let there = best.entry(winner).or_insert(rating);
            *there = (*there).min(rating);
        }
    }
    best
}

fn in_order<R: Ord + Copy>(state: &State, found: BTreeMap<EntityId, R>, label: Option<&LabelKey>, limit: usize) -> Vec<(EntityId, R)> {
    let mut found: Vec<(EntityId, R)> = found.into_iter().collect();
    let of = |id: &EntityId| state.entities.get(id);
    let is_other_type = |id: &EntityId| label.is_some() && of(id).and_then(|entity| entity.label.as_ref()) != label;
    let by = |a: &(EntityId, R), b: &(EntityId, R)| {
        let name = |id: &EntityId| of(id).map(|entity| entity.name.as_str());
        a.1.cmp(&b.1).then_with(|| is_other_type(&a.0).cmp(&is_other_type(&b.0))).then_with(|| name(&a.0).cmp(&name(&b.0))).then(a.0.cmp(&b.0))
    };
    if found.len() > limit && limit > 0 {
        found.select_nth_unstable_by(limit - 1, by);
    }
    found.truncate(limit);
    found.sort_unstable_by(by);
    found
}

/// A mention, taken apart once.
struct Query<'q> {
    surface: &'q str,
    lower: Vec<char>,
    // Words in small letters.
    words: Vec<Vec<char>>,
    // The letters of `U.N.`, where the mention can be an abbreviation.
    letters: Option<Vec<char>>,
    // The first letters of the words that begin with a capital.
    initials: Vec<char>,
}

impl<'q> Query<'q> {
    fn new(surface: &'q str) -> Self {
        let surface = surface.trim();
        let lower = |word: &str| word.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
        let words: Vec<Vec<char>> = words(surface).map(lower).collect();
        Self { surface, lower: lower(surface), words, letters: letters_of(surface), initials: initials(surface).collect() }
    }

    fn fit(&self, name: &str) -> Option<Fit> {
        if name == self.surface {
            return (!name.is_empty()).then_some(Fit::Exact);
        }
        if equals(name.chars(), &self.lower) {
            return Some(Fit::IgnoringCase);
        }
        if self.is_part_of(name) || self.has_part(name) {
            return Some(Fit::Part);
        }
        let is_initials = self.letters.as_ref().is_some_and(|letters| initials(name).eq(letters.iter().copied()));
        // Cheaply refused first: few names are abbreviations.
        let abbreviates = || self.initials.len() > 1 && letters_of(name).is_some_and(|letters| letters == self.initials);
        (is_initials || abbreviates()).then_some(Fit::Initials)
    }

    /// The words of the mention stand one after the other in the name.
    fn is_part_of(&self, name: &str) -> bool {
        let Some(first) = self.words.first() else { return false };
        let mut rest = words(name);
        while let Some(word) = rest.next() {
            if equals(word.chars(), first) {
                let mut following = rest.clone();
                if self.words.iter().skip(1).all(|own| following.next().is_some_and(|word| equals(word.chars(), own))) {
                    return true;
                }
            }
        }
        false
    }

    /// The words of the name stand one after the other in the mention.
    fn has_part(&self, name: &str) -> bool {
        let mut of_name = words(name);
        let Some(first) = of_name.next() else { return false };
        let starts = self.words.iter().enumerate().filter(|(_, own)| equals(first.chars(), own)).map(|(at, _)| at);
        starts.into_iter().any(|at| {
            let mut own = self.words.iter().skip(at + 1);
            of_name.clone().all(|word| own.next().is_some_and(|own| equals(word.chars(), own)))
        })
    }
}

/// True when a text in small letters is `lower`.
fn equals(text: impl Iterator<Item = char>, lower: &[char]) -> bool {
    let mut left = lower.iter();
    for c in text {
        if c.is_ascii() {
            if left.next() != Some(&c.to_ascii_lowercase()) {
                return false;
            }
        } else if !c.to_lowercase().all(|c| left.next() == Some(&c)) {
            return false;
        }
    }
    left.next().is_none()
}

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-' | '.'))
        .map(|word| word.trim_matches(['.', '\'', '’', '-']))
        .filter(|w| !w.is_empty())
}

/// `un` of `UN` and `U.N.`: two to six capitals and nothing else but dots.
pub(super) fn letters_of(text: &str) -> Option<Vec<char>> {
    let is_short = text.len() <= 14 && text.chars().next().is_some_and(char::is_uppercase);
    if !is_short || !text.chars().all(|c| c.is_uppercase() || c == '.') {
        return None;
    }
    let letters: Vec<char> = text.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect();
    (2..=6).contains(&letters.len()).then_some(letters)
}

/// The first letters of words with a capital, in small letters: `un` of `United Nations`.
pub(super) fn initials(text: &str) -> impl Iterator<Item = char> + '_ {
    words(text).filter_map(|word| word.chars().next()).filter(|c| c.is_uppercase()).flat_map(char::to_lowercase)
}

/// Where a text in small letters stands in a name.
fn find(name: &str, typed: &[char]) -> Option<Found> {
    let mut is_after_letter = false;
    let mut inside = None;
    for (at, c) in name.char_indices() {
        if begins_with(name.get(at..).unwrap_or_default(), typed) {
            match (at, is_after_letter) {
                (0, _) => return Some(Found::AtStart),
                (_, false) => return Some(Found::AtWord),
                _ => inside = Some(Found::Inside),
            }
        }
        is_after_letter = c.is_alphanumeric();
    }
    inside
}

fn begins_with(text: &str, lower: &[char]) -> bool {
    let mut left = lower.iter();
    for c in text.chars().flat_map(char::to_lowercase) {
        match left.next() {
            None => return true,
            Some(own) if *own == c => {}
            Some(_) => return false,
        }
    }
    left.next().is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit::testing::Case;

    /// Names that often share something.
    const NAME: &str = "(U\\.?N\\.?|BBC|[Uu]nited|Nations|Mark|İ|ß|É|-|\\.| |!){0,4}";

    const PEOPLE: &str = "so\n.. @k: PER \"John Kerry\" aka=\"Secretary Kerry\" kb=\"Q22316\"\n.. @t: PER \"Mark Toner\"\n.. @u: ORG \"United Nations\"\n.. @b: ORG \"BBC\"\n.. @kt: ORG \"Kerry Trust\"\n.. @g: PER \"Kerry Gone\" deleted=yes\n.. @jk: \"JFK\" merged_into=@k";

    fn names_of(case: &Case, ids: impl IntoIterator<Item = EntityId>) -> Vec<String> {
        ids.into_iter().map(|id| case.names.of(crate::model::Node::Entity(id)).unwrap().to_owned()).collect()
    }

    fn check(surface: &str, expected: &[&str]) {
        let case = Case::new(PEOPLE);
        let found = rank_entities(&case.state, &NameIndex::of(&case.state), surface, Some(&"PER".parse().unwrap()), 9);
        assert_eq!(names_of(&case, found.into_iter().map(|found| found.id)), expected, "{surface}");
    }

    #[test]
    fn the_best_fit_comes_first_and_of_equal_ones_the_same_type() {
        check("John Kerry", &["k"]);
        check("john KERRY", &["k"]);
        check("Kerry", &["k", "kt"]);
        check("State Department spokesman Mark Toner", &["t"]);
        check("UN", &["u"]);
        check("U.N.", &["u"]);
        check("British Broadcasting Corporation", &["b"]);
        check("Lavrov", &[]);
        check("", &[]);
    }

    #[test]
    fn a_merged_name_leads_to_the_other_and_a_deleted_one_nowhere() {
        check("JFK", &["k"]);
        check("Kerry Gone", &[]);
    }

    #[test]
    fn typing_finds_starts_then_words_then_anything() {
        let case = Case::new(PEOPLE);
        let check = |typed: &str, expected: &[&str]| assert_eq!(names_of(&case, search_entities(&case.state, typed, 9)), expected, "{typed}");
        check("ker", &["kt", "k"]);
        check("ark", &["t"]);
        check("q223", &["k"]);
        check(" ", &[]);
    }

    #[test]
    fn who_was_mentioned_last_comes_first() {
        let case = Case::new(
            "[PER=a A] [ORG=o O] [PER=b B] [PER=c C] x [PER=a A]\n.. @a: PER \"A\"\n.. @b: PER \"B\"\n.. @c: PER \"C\" deleted=yes\n.. @o: ORG \"O\"",
        );
        let found =
            mentioned_before(&case.state, case.state.sheet(&case.key), (&TextOrder::of(case.state.sheet(&case.key)), 7), &"PER".parse().unwrap(), 9);
        assert_eq!(names_of(&case, found), ["b", "a", "o"]);
    }

    #[test]
    fn pronouns_and_descriptions_are_no_names() {
        assert!(["Kerry", "UN", "東京", "Ähre"].iter().all(|surface| reads_as_name(surface)));
        assert!(["She", "he", "the minister"].iter().all(|surface| !reads_as_name(surface)));
    }

    proptest! {
        #[test]
        fn the_index_misses_nobody_who_fits(surface in NAME, name in NAME) {
            let mut case = Case::new("so\n.. @k: \"K\"");
            let id = case.entity("k");
            case.state.entities.get_mut(&id).unwrap().name.clone_from(&name);
            let is_offered = !rank_entities(&case.state, &NameIndex::of(&case.state), &surface, None, 9).is_empty();
            prop_assert_eq!(is_offered, Query::new(&surface).fit(&name).is_some());
        }

        #[test]
        fn any_text_can_be_looked_for(surface in "\\PC{0,20}", name in "\\PC{1,20}") {
            let mut case = Case::new("so\n.. @k: \"K\"\n.. @d: \"D\" deleted=yes");
            let (living, deleted) = (case.entity("k"), case.entity("d"));
            for id in [living, deleted] {
                case.state.entities.get_mut(&id).unwrap().name.clone_from(&name);
            }
            let index = NameIndex::of(&case.state);
            let found = rank_entities(&case.state, &index, &surface, None, 9).into_iter().map(|found| found.id).chain(search_entities(&case.state, &surface, 9));
            prop_assert!(found.into_iter().all(|id| id == living));
            prop_assert!(name.trim() != name || rank_entities(&case.state, &index, &name, None, 9).len() == 1);
        }
    }
}
