//! Who or what could fill a role of a claim, the likeliest first.
//!
//! People speak near their words: first what stands in the sentences of the claim, then what stands before them; people
//! before organizations and places, and dates and amounts last; of equal ones the nearest.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::model::{
    Claim, ClaimId, EntityId, Filler, FillerKind, LabelKey, LabelKind, MarkId, RoleKey, Schema, Sheet, SheetKey, Span, SpanId, State, TextOrder,
};
use crate::text::{Ranges, segment};

/// How far around a claim is looked for the borders of its sentences, in bytes.
const SENTENCE_WINDOW: usize = 4096;

/// So many marks are looked at, from the claim backwards.
const MAX_SEEN: usize = 2000;
/// Of more candidates only the nearest are compared.
const MAX_COMPARED: usize = 400;

/// What could fill a role, the likeliest first, at most `limit`. Nothing that fills it already. `order` has the marks of
/// the sheet.
#[must_use]
pub fn likely_fillers(state: &State, key: &SheetKey, order: &TextOrder, (claim, role): (ClaimId, &RoleKey), limit: usize) -> Vec<Filler> {
    let sheet = state.sheet(key).as_ref();
    let (Some(row), Some(def)) = (sheet.claims.get(&claim), state.schema.roles.get(role)) else { return Vec::new() };
    let place = place_of(state, key, row);
    let mut fillers = Vec::new();
    if def.accepts.contains(&FillerKind::Span) || def.accepts.contains(&FillerKind::Entity) {
        let takes_spans = def.accepts.contains(&FillerKind::Span);
        let candidates = candidates(order, place.as_ref());
        fillers.extend(spans(state, sheet, role, (&candidates, &place), limit).into_iter().filter_map(|id| filler_of(state, sheet, id, takes_spans)));
    }
    if def.accepts.contains(&FillerKind::Claim) {
        fillers.extend(nearest_claims(sheet, claim, limit).into_iter().map(Filler::Claim));
    }
    let mut seen: BTreeSet<Filler> = row.fillers(role).iter().cloned().collect();
    fillers.retain(|filler| seen.insert(filler.clone()));
    fillers.truncate(limit);
    fillers
}

/// A span as a filler: itself where the role takes spans, else the entity that it mentions.
#[must_use]
pub fn filler_of(state: &State, sheet: &Sheet, span: SpanId, takes_spans: bool) -> Option<Filler> {
    if takes_spans {
        return Some(Filler::Span(span));
    }
    let (id, entity) = state.entity(sheet.spans.get(&span)?.entity?)?;
    (!entity.deleted).then_some(Filler::Entity(id))
}

/// The claim's sentences, from the first byte of the first to the last of the last; nothing for a claim without a place.
struct Place {
    content: Range<usize>,
    sentences: Range<usize>,
}

fn place_of(state: &State, key: &SheetKey, claim: &Claim) -> Option<Place> {
    let (text, content) = (state.texts.get(&key.document)?.as_str(), claim.content.as_ref()?);
    let window =
        segment::floor_char(text, content.start().saturating_sub(SENTENCE_WINDOW))..segment::floor_char(text, content.end() + SENTENCE_WINDOW);
    let touched = segment::sentences(text, window).into_iter().filter(|sentence| sentence.start < content.end() && content.start() < sentence.end);
    let sentences = touched.reduce(|all, next| all.start..next.end).unwrap_or(content.start()..content.end());
    Some(Place { content: content.start()..content.end(), sentences })
}

/// What can speak comes before what cannot.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Person,
    Other,
    /// A date or an amount.
    Measure,
}

/// Smaller is likelier.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Likelihood {
    is_outside: bool,
    kind: Kind,
    distance: usize,
}

/// Spans that were read before the end of the claim's sentences, the last ones first. For a claim without a place those
/// at the beginning.
fn candidates(order: &TextOrder, place: Option<&Place>) -> Vec<SpanId> {
    let span = |mark| if let MarkId::Span(id) = mark { Some(id) } else { None };
    match place {
        Some(place) => order.before(place.sentences.end).rev().take(MAX_SEEN).filter_map(span).collect(),
        None => order.iter().take(MAX_SEEN).filter_map(span).collect(),
    }
}

fn spans(state: &State, sheet: &Sheet, role: &RoleKey, (candidates, place): (&[SpanId], &Option<Place>), limit: usize) -> Vec<SpanId> {
    let own = state.schema.label_of_role(role);
    let person = state.schema.person_label();
    let fits = |label: &LabelKey| match own {
        Some(own) => label == own,
        None => state.schema.kind_of(label) == LabelKind::Entity,
    };
    // Asked once a label: there are many spans and few labels.
    let mut kinds: BTreeMap<&LabelKey, Option<Kind>> = BTreeMap::new();
    let mut likely = |id: &SpanId| {
        let span = sheet.spans.get(id)?;
        let kind = *kinds.entry(&span.label).or_insert_with(|| fits(&span.label).then(|| kind_of(&state.schema, &span.label, person)));
        Some((likelihood(span, kind?, place.as_ref()), *id))
    };
    let mut found: Vec<(Likelihood, SpanId)> = candidates.iter().filter_map(&mut likely).take(MAX_COMPARED).collect();
    found.sort_unstable();
    let mut entities: BTreeSet<EntityId> = BTreeSet::new();
    // Outside of the claim's sentences one mention of an entity is enough.
    let is_new = |(likelihood, id): &(Likelihood, SpanId)| {
        let entity = sheet.spans.get(id).and_then(|span| state.entity(span.entity?)).map(|(id, _)| id);
        entity.is_none_or(|entity| entities.insert(entity) || !likelihood.is_outside)
    };
    found.into_iter().filter(is_new).take(limit.saturating_mul(2)).map(|(_, id)| id).collect()
}

/// Labels of dates and amounts, as the common schemes call them.
const MEASURES: [&str; 11] = ["DATE", "TIME", "QTY", "QUANTITY", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "NUM", "NUMBER", "DURATION"];

fn kind_of(schema: &Schema, label: &LabelKey, person: Option<&LabelKey>) -> Kind {
    let is_person = person.is_some_and(|person| label == person || schema.with_parents(label).contains(person));
    if is_person {
        return Kind::Person;
    }
    if MEASURES.iter().any(|name| label.as_str().eq_ignore_ascii_case(name)) { Kind::Measure } else { Kind::Other }
}

fn likelihood(span: &Span, kind: Kind, place: Option<&Place>) -> Likelihood {
    let start = span.ranges.start();
    let Some(place) = place else {
        return Likelihood { is_outside: true, kind, distance: start };
    };
    let is_outside = start < place.sentences.start;
    let content = &place.content;
    let gap = if start < content.start { content.start - span.ranges.end().min(content.start) } else { start.saturating_sub(content.end) };
    // Who is spoken of inside the claim is less likely to speak it.
    let distance = if content.contains(&start) { place.sentences.len() + start - content.start } else { gap };
    // An amount of the sentence is less likely than anybody before it.
    Likelihood { is_outside: is_outside || kind == Kind::Measure, kind, distance }
}

/// Other claims of the sheet, the nearest first, those without a place last.
#[must_use]
pub fn nearest_claims(sheet: &Sheet, own: ClaimId, limit: usize) -> Vec<ClaimId> {
    let start = |claim: &Claim| claim.content.as_ref().map(Ranges::start);
    let from = sheet.claims.get(&own).and_then(start).unwrap_or(0);
    let distance = |claim: &Claim| start(claim).map_or(usize::MAX, |start| start.abs_diff(from));
    let mut found: Vec<(usize, ClaimId)> = sheet.claims.iter().filter(|(id, _)| **id != own).map(|(id, claim)| (distance(claim), *id)).collect();
    if found.len() > limit {
        found.select_nth_unstable(limit);
        found.truncate(limit);
    }
    found.sort_unstable();
    found.into_iter().map(|(_, id)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::Case;

    fn fillers_of_c(case: &Case, role: &str) -> Vec<Filler> {
        let order = TextOrder::of(case.state.sheet(&case.key));
        likely_fillers(&case.state, &case.key, &order, (case.claim("c"), &role.parse().unwrap()), 9)
    }

    /// The names of what is offered for a role of `c`.
    fn check(source: &str, role: &str, expected: &[&str]) {
        let case = Case::new(source);
        let name = |filler: &Filler| {
            let named = |node| case.names.of(node).unwrap_or("?").to_owned();
            match filler {
                Filler::Span(id) => named(crate::model::Node::Span(*id)),
                Filler::Claim(id) => named(crate::model::Node::Claim(*id)),
                Filler::Entity(id) => format!("@{}", named(crate::model::Node::Entity(*id))),
                Filler::Value(value) => value.clone(),
            }
        };
        let found = fillers_of_c(&case, role);
        assert_eq!(found.iter().map(name).collect::<Vec<_>>(), expected, "{source}");
    }

    #[test]
    fn people_of_the_sentence_come_first_then_who_stands_before_it() {
        check(
            "[PER#a Stone] met [ORG#b Lloyd]. In [GPE#g Ohio] [CLAIM#c taxes rise], said [PER#k Kerry] of [ORG#o State]. [PER#z Zoe] left.\n.. CLAIM#d: claimer=k",
            "claimer",
            &["k", "g", "o", "a", "b", "d"],
        );
    }

    #[test]
    fn dates_do_not_speak() {
        let mut case = Case::new("[PER#k Kerry] came. On [GPE#d Monday] [CLAIM#c taxes rise].");
        let schema = std::sync::Arc::make_mut(&mut case.state.schema);
        let label = schema.labels[&"GPE".parse().unwrap()].clone();
        schema.labels.insert("DATE".parse().unwrap(), label);
        let date = case.span("d");
        let sheet = std::sync::Arc::make_mut(case.state.sheets.get_mut(&case.key).unwrap());
        sheet.spans.get_mut(&date).unwrap().label = "DATE".parse().unwrap();
        let found = fillers_of_c(&case, "claimer");
        assert_eq!(found, [Filler::Span(case.span("k")), Filler::Span(date)]);
    }

    #[test]
    fn an_entity_is_offered_once_beyond_the_sentence() {
        check(
            "[PER#a=k Kerry] came. [PER#b=k He] sat. [PER#d=l Lavrov] stood. [CLAIM#c Taxes rise].\n.. @k: \"Kerry\"\n.. @l: \"Lavrov\"",
            "claimer",
            &["d", "b"],
        );
    }

    #[test]
    fn a_role_with_a_label_of_its_own_takes_only_such_spans() {
        check("[PER#k Kerry] [CUE#u said] [CLAIM#c so]", "cue", &["u"]);
    }

    #[test]
    fn what_fills_the_role_is_not_offered_again() {
        check("[PER#k Kerry] and [PER#l Lavrov] said [CLAIM#c so]\n.. c: claimer=k", "claimer", &["l"]);
    }

    #[test]
    fn a_claim_without_a_place_has_candidates_too() {
        check("[PER#k Kerry] and [ORG#o State]\n.. CLAIM#c: normalized=\"x\"", "claimer", &["k", "o"]);
    }
}
