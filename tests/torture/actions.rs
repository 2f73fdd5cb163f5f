//! What a person does, drawn at random: labels, claims, roles, entities, merges, remarks, the trash.

use fastrand::Rng;
use manicule::edit::Transaction;
use manicule::edit::ops::{self, AttributeOwner, Emptied, OpError, TextCorrection, Words};
use manicule::model::{
    AttributeKey, AttributeValue, ClaimId, Entity, EntityId, Filler, Id, LabelKey, MarkId, RoleKey, SheetKey, SpanId, State, Status,
};
use manicule::text::{Replacement, Text};
use manicule::workspace::Workspace;

use crate::common;
use crate::world::keys;

/// A state, a sheet in it, and fresh ids: what an action needs.
struct Scene<'s> {
    state: &'s State,
    key: SheetKey,
    text: &'s Text,
    id: Id,
}

type Action = fn(&Scene<'_>, &mut Rng) -> Result<Transaction, OpError>;

const ACTIONS: [Action; 27] = [
    add_span,
    add_span,
    add_span,
    add_claim,
    add_claim,
    |scene, random| ops::set_label(scene.state, &scene.key, scene.mark(random)?, &span_label(random), scene.id),
    |scene, random| ops::delete_mark(scene.state, &scene.key, scene.mark(random)?),
    |scene, random| ops::fill_role(scene.state, &scene.key, scene.claim(random)?, &role(random), Filler::Span(scene.span(random)?)),
    |scene, random| ops::fill_role(scene.state, &scene.key, scene.claim(random)?, &role(random), Filler::Entity(scene.entity(random)?)),
    |scene, random| ops::fill_role(scene.state, &scene.key, scene.claim(random)?, &role(random), Filler::Value("author".into())),
    |scene, random| ops::empty_role(scene.state, &scene.key, scene.claim(random)?, &role(random), &Filler::Value("author".into())),
    |scene, random| {
        let range = common::range(random, scene.text).ok_or(OpError::NoPlace)?;
        ops::fill_role_with_span(scene.state, &scene.key, (scene.claim(random)?, &role(random)), scene.id, range, &span_label(random))
    },
    |scene, random| ops::add_entity(scene.state, scene.id, Entity::new(word(random), None)),
    |scene, random| ops::add_entity(scene.state, scene.id, Entity::new(word(random), Some(label("PER")))),
    |scene, random| ops::edit_entity(scene.state, scene.entity(random)?, |entity| entity.note = word(random)),
    |scene, random| ops::merge_entities(scene.state, scene.entity(random)?, &[scene.entity(random)?]),
    |scene, random| ops::unmerge_entity(scene.state, scene.any_entity(random)?),
    |scene, random| ops::delete_entity(scene.state, scene.entity(random)?, std::slice::from_ref(&scene.key)),
    |scene, random| ops::link_mention(scene.state, &scene.key, scene.span(random)?, scene.entity(random).ok()),
    |scene, random| ops::set_words(scene.state, &scene.key, Words::Note(scene.mark(random)?), &word(random)),
    |scene, random| ops::set_words(scene.state, &scene.key, Words::DocumentNote, &word(random)),
    |scene, random| {
        let owner = AttributeOwner::Mark(scene.mark(random)?);
        let key = AttributeKey::new("checked").unwrap();
        ops::set_attribute(scene.state, &scene.key, owner, &key, Some(AttributeValue::Bool(random.bool())))
    },
    |scene, random| ops::duplicate_claim(scene.state, &scene.key, scene.claim(random)?, scene.id),
    |scene, random| ops::merge_claims(scene.state, &scene.key, scene.claim(random)?, scene.claim(random)?),
    |scene, random| ops::set_status(scene.state, &scene.key, [Status::New, Status::InProgress, Status::Doubtful][random.usize(0..3)]),
    |scene, random| ops::edit_document(scene.state, &scene.key.document, |document| document.source = word(random)),
    correct_text,
];

/// One action that can be done now and changes something. Trash and restore come now and then.
pub(crate) fn random_action(workspace: &mut Workspace, random: &mut Rng) -> Option<Transaction> {
    let id = workspace.next_id();
    let keys = keys(workspace);
    let key = keys.get(random.usize(0..keys.len().max(1)))?.clone();
    let state = workspace.state();
    let scene = Scene { state, text: state.texts.get(&key.document)?, key, id };
    if random.u8(0..20) == 0 {
        let trash = if state.documents[&scene.key.document].in_trash { ops::restore_document } else { ops::trash_document };
        return trash(state, &scene.key.document).ok();
    }
    (0..20).find_map(|_| ACTIONS[random.usize(0..ACTIONS.len())](&scene, random).ok().filter(|done| !done.is_empty()))
}

impl Scene<'_> {
    fn mark(&self, random: &mut Rng) -> Result<MarkId, OpError> {
        random.choice(self.state.sheet(&self.key).marks().map(|(id, _)| id).collect::<Vec<_>>()).ok_or(OpError::Gone)
    }

    fn span(&self, random: &mut Rng) -> Result<SpanId, OpError> {
        random.choice(self.state.sheet(&self.key).spans.keys().copied()).ok_or(OpError::Gone)
    }

    fn claim(&self, random: &mut Rng) -> Result<ClaimId, OpError> {
        random.choice(self.state.sheet(&self.key).claims.keys().copied()).ok_or(OpError::Gone)
    }

    fn entity(&self, random: &mut Rng) -> Result<EntityId, OpError> {
        random.choice(self.state.living_entities().map(|(id, _)| id).collect::<Vec<_>>()).ok_or(OpError::EntityGone)
    }

    fn any_entity(&self, random: &mut Rng) -> Result<EntityId, OpError> {
        random.choice(self.state.entities.keys().copied()).ok_or(OpError::EntityGone)
    }
}

fn add_span(scene: &Scene<'_>, random: &mut Rng) -> Result<Transaction, OpError> {
    let ranges = common::ranges(random, scene.text).ok_or(OpError::NoPlace)?;
    ops::add_span(scene.state, &scene.key, scene.id, ranges, &span_label(random))
}

fn add_claim(scene: &Scene<'_>, random: &mut Rng) -> Result<Transaction, OpError> {
    let content = common::ranges(random, scene.text).filter(|_| random.u8(0..4) > 0);
    ops::add_claim(scene.state, &scene.key, scene.id, content, &label("CLAIM"))
}

/// Other words in the place of some, whatever they lose.
fn correct_text(scene: &Scene<'_>, random: &mut Rng) -> Result<Transaction, OpError> {
    let range = common::range(random, scene.text).ok_or(OpError::NoPlace)?;
    let with = ["", "Kerry", "é 🎉", " said that "][random.usize(0..4)];
    let replacement = Replacement { start: range.start(), end: range.end(), with: with.to_owned() };
    let correction = TextCorrection::new(scene.state, &scene.key.document, &[replacement])?;
    ops::correct_text(scene.state, &correction, Emptied::Remove)
}

fn label(name: &str) -> LabelKey {
    LabelKey::new(name).unwrap()
}

fn span_label(random: &mut Rng) -> LabelKey {
    label(["PER", "GPE", "CUE"][random.usize(0..3)])
}

fn role(random: &mut Rng) -> RoleKey {
    RoleKey::new(["claimer", "cue", "object2"][random.usize(0..3)]).unwrap()
}

/// Words with what has to be escaped.
fn word(random: &mut Rng) -> String {
    const WORDS: [&str; 6] = ["Kerry", "É\u{301}tat", "two\nlines", "a \"quote\" \\", "東京 🎉", "\u{202e}left"];
    format!("{} {}", WORDS[random.usize(0..WORDS.len())], random.u32(0..1000))
}
