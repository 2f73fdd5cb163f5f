//! Filling slots with the hands: what the keys of roles and attributes mean, and what taking an offered choice does.

use super::App;
use super::inspector::Focus;
use super::offer::{Offer, Origin, Pick, Purpose, Search, owner_of, value_of};
use super::side_panel::SideTab;
use super::words::{tr, tr_with};
use crate::edit::Transaction;
use crate::edit::ops::{self, AttributeOwner, OpError};
use crate::model::{
    AttributeKey, AttributeKind, AttributeValue, ClaimId, Entity, Filler, FillerKind, LabelKey, LabelKind, MarkId, Node, RoleKey, Span, SpanId,
};
use crate::suggest::fillers::filler_of;
use crate::text::{TextRange, with_symbols};

impl App {
    pub(crate) fn open_offer(&mut self, purpose: Purpose) {
        self.open_offer_from(purpose, Origin::Asked);
    }

    fn open_offer_from(&mut self, purpose: Purpose, origin: Origin) {
        let Some(session) = &mut self.session else { return };
        session.refresh();
        session.offer = Offer::new(session, purpose, origin, None);
        let is_empty = session.offer.as_ref().is_some_and(|offer| offer.choices.is_empty());
        if let (true, Some(Purpose::Relate(..) | Purpose::Join(..))) = (is_empty, session.offer.as_ref().map(|offer| &offer.purpose)) {
            // What is not near can be searched for.
            session.offer = session.offer.take().filter(Offer::is_searchable);
        }
        if let (true, Some(Purpose::Merge(_))) = (is_empty, session.offer.as_ref().map(|offer| &offer.purpose)) {
            session.offer = None;
            self.say(tr("There is no other claim to merge with"));
        }
    }

    /// Makes the choices anew after the data changed; an offer for what is gone goes.
    pub(crate) fn refresh_offer(&mut self) {
        let Some(session) = &mut self.session else { return };
        if session.offer.as_ref().is_some_and(|offer| !offer.is_fresh(session))
            && let Some(old) = session.offer.take()
        {
            session.offer = Offer::new(session, old.purpose, old.origin, old.search);
        }
    }

    pub(crate) fn search_offer(&mut self, typed: String) {
        let Some(session) = &mut self.session else { return };
        let Some(offer) = session.offer.take() else { return };
        let is_new = offer.search.is_none();
        session.offer = Offer::new(session, offer.purpose, Origin::Asked, Some(Search { typed, row: 0, is_new }));
    }

    /// What a new mark asks for first: a mention whom it means, a claim who claims it.
    pub(crate) fn offer_for(&mut self, mark: MarkId) {
        let purpose = match (&self.session, mark) {
            (Some(session), MarkId::Span(id)) => {
                let span = session.current_sheet().and_then(|sheet| sheet.spans.get(&id));
                let is_open = |span: &&Span| span.entity.is_none() && session.workspace.state().schema.kind_of(&span.label) == LabelKind::Entity;
                span.filter(is_open).map(|_| Purpose::Link(id))
            }
            (Some(session), MarkId::Claim(id)) => {
                let claim = session.current_sheet().and_then(|sheet| sheet.claims.get(&id));
                let roles = claim.map(|claim| (claim, session.workspace.state().schema.roles_of(&claim.label)));
                let required = roles.as_ref().and_then(|(_, roles)| roles.iter().find(|(_, def)| def.required).or(roles.first()));
                let is_open = |role: &RoleKey| claim.is_some_and(|claim| claim.fillers(role).is_empty());
                required.filter(|(role, _)| is_open(role)).map(|(role, _)| Purpose::Fill(id, (*role).clone()))
            }
            (None, _) => None,
        };
        if let Some(purpose) = purpose {
            self.open_offer_from(purpose, Origin::Labelling);
        }
    }

    pub(crate) fn take_choice(&mut self, index: usize) {
        let Some(offer) = self.session.as_ref().and_then(|session| session.offer.as_ref()) else { return };
        let Some(choice) = offer.choices.get(index).cloned() else { return };
        let purpose = offer.purpose.clone();
        let is_done = match (purpose.clone(), choice.pick) {
            (Purpose::Link(span), Pick::Entity(entity)) => self.try_change(|state, key, _| ops::link_mention(state, key, span, Some(entity))),
            (Purpose::Link(span), Pick::Unlink) => self.try_change(|state, key, _| ops::link_mention(state, key, span, None)),
            (Purpose::Link(span), Pick::NewEntity(name)) => self.link_new_entity(span, &name),
            (Purpose::Link(span), Pick::Known(entity)) => self.link_known_entity(span, *entity),
            (Purpose::Fill(claim, role), Pick::Filler(filler)) if choice.is_on => {
                self.try_change(|state, key, _| ops::empty_role(state, key, claim, &role, &filler))
            }
            (Purpose::Fill(claim, role), Pick::Filler(filler)) => self.fill(claim, &role, filler),
            (Purpose::Fill(claim, role), Pick::NewEntity(name)) => self.fill_with_new_entity(claim, &role, &name),
            (Purpose::Set(owner, key), Pick::Value(value)) => self.try_change(|state, sheet, _| ops::set_attribute(state, sheet, owner, &key, value)),
            (Purpose::Merge(claim), Pick::Claim(other)) => return self.merge_claims(other, claim),
            (Purpose::Relate(from, label), Pick::End(to)) => return self.relate(from, to, label),
            (Purpose::Join(from, to), Pick::Joint(joint)) => return self.join(from, to, &joint),
            _ => false,
        };
        self.close_offer_after(&purpose, is_done);
    }

    /// Several choices can be taken one after the other; everything else is done with one.
    fn close_offer_after(&mut self, purpose: &Purpose, is_done: bool) {
        let Some(session) = &mut self.session else { return };
        let goes_on = match purpose {
            Purpose::Set(_, key) => session.workspace.state().schema.attributes.get(key).is_some_and(|def| def.kind == AttributeKind::Choices),
            _ => false,
        };
        if is_done && !goes_on {
            session.offer = None;
        }
    }

    fn fill(&mut self, claim: ClaimId, role: &RoleKey, filler: Filler) -> bool {
        self.try_change(|state, key, _| ops::fill_role(state, key, claim, role, filler))
    }

    fn link_new_entity(&mut self, span: SpanId, name: &str) -> bool {
        let entity = self.new_entity(name, self.label_of_span(span));
        self.try_change(|state, key, id| ops::add_and_link(state, key, span, id, entity))
    }

    fn link_known_entity(&mut self, span: SpanId, entity: Entity) -> bool {
        let known = Entity { label: entity.label.clone().or_else(|| self.label_of_span(span)), ..entity };
        let made_by = self.session.as_ref().map(|session| session.workspace.coder().clone());
        self.try_change(|state, key, id| ops::add_and_link(state, key, span, id, Entity { made_by, ..known }))
    }

    fn label_of_span(&self, span: SpanId) -> Option<LabelKey> {
        self.session.as_ref()?.current_sheet()?.spans.get(&span).map(|span| span.label.clone())
    }

    fn fill_with_new_entity(&mut self, claim: ClaimId, role: &RoleKey, name: &str) -> bool {
        let label = self.session.as_ref().and_then(|session| {
            let schema = &session.workspace.state().schema;
            schema.label_of_role(role).filter(|label| schema.kind_of(label) == LabelKind::Entity).cloned()
        });
        let entity = self.new_entity(name, label);
        self.try_change(|state, key, id| ops::fill_role_with_entity(state, key, (claim, role), id, entity))
    }

    fn new_entity(&self, name: &str, label: Option<LabelKey>) -> Entity {
        let coder = self.session.as_ref().map(|session| session.workspace.coder().clone());
        Entity { made_by: coder, ..Entity::new(name, label) }
    }

    /// Changes the shown sheet with a fresh id at hand. True when it was done.
    pub(crate) fn try_change(
        &mut self,
        operation: impl FnOnce(&crate::model::State, &crate::model::SheetKey, ops::NewId) -> Result<Transaction, OpError>,
    ) -> bool {
        let Some(session) = &mut self.session else { return false };
        let id = session.workspace.next_id();
        let Some(key) = session.current() else { return false };
        let transaction = operation(session.workspace.state(), key, id);
        self.commit(transaction)
    }

    /// The key of a role: what is in hand fills it at once; a claim alone is asked who could.
    pub(crate) fn use_role(&mut self, role: &RoleKey) {
        let Some(session) = &self.session else { return };
        let offered = session.offer.as_ref().is_some_and(|offer| matches!(&offer.purpose, Purpose::Fill(_, open) if open == role));
        let selected_text = session.selected_text().is_some();
        match (session.selected, session.claim_at_work) {
            (_, Some(claim)) if selected_text => self.fill_from_selection(claim, role),
            (Some(MarkId::Claim(_)), Some(_)) if offered => self.close_offer(),
            (Some(MarkId::Claim(claim)), _) => self.open_offer(Purpose::Fill(claim, role.clone())),
            (Some(mark @ MarkId::Span(_)), Some(claim)) => self.fill_from_mark(claim, role, mark),
            (None, Some(claim)) => {
                self.select_mark(Some(MarkId::Claim(claim)));
                self.open_offer(Purpose::Fill(claim, role.clone()));
            }
            (_, None) => self.say(tr("Select a claim first")),
        }
    }

    pub(crate) fn close_offer(&mut self) {
        if let Some(session) = &mut self.session {
            session.offer = None;
        }
    }

    /// A mark was clicked while a role is being filled.
    pub(crate) fn fill_offered_from(&mut self, mark: MarkId) {
        let purpose = self.session.as_ref().and_then(|session| session.offer.as_ref()).map(|offer| offer.purpose.clone());
        match (purpose, mark) {
            (Some(Purpose::Fill(claim, role)), mark) if mark != MarkId::Claim(claim) => self.fill_from_mark(claim, &role, mark),
            (Some(Purpose::Merge(claim)), MarkId::Claim(other)) if other != claim => self.merge_claims(other, claim),
            (Some(Purpose::Relate(from, label)), mark) if Node::from(mark) != from => self.relate(from, Node::from(mark), label),
            _ => self.select_mark(Some(mark)),
        }
    }

    /// Text was selected while a role is being filled.
    pub(crate) fn fill_offered_from_selection(&mut self) {
        let purpose = self.session.as_ref().and_then(|session| session.offer.as_ref()).map(|offer| offer.purpose.clone());
        match purpose {
            Some(Purpose::Fill(claim, role)) => {
                self.snap_only();
                self.fill_from_selection(claim, &role);
            }
            _ => self.finish_selection(),
        }
    }

    fn fill_from_mark(&mut self, claim: ClaimId, role: &RoleKey, mark: MarkId) {
        let Some(session) = &self.session else { return };
        let (Some(sheet), Some(def)) = (session.current_sheet(), session.workspace.state().schema.roles.get(role)) else { return };
        let filler = match mark {
            MarkId::Claim(other) => Some(Filler::Claim(other)),
            MarkId::Span(span) => filler_of(session.workspace.state(), sheet, span, def.accepts.contains(&FillerKind::Span)),
        };
        match filler {
            Some(filler) => {
                if self.fill(claim, role, filler) {
                    self.close_offer();
                }
                self.select_mark(Some(MarkId::Claim(claim)));
            }
            None => self.say(tr_with("“{}” takes entities; say first whom this mention means", with_symbols(&def.name))),
        }
    }

    /// The selected text becomes a span, unless there is one, and fills the role: one step.
    fn fill_from_selection(&mut self, claim: ClaimId, role: &RoleKey) {
        let Some(session) = &self.session else { return };
        let Some((range, key)) = session.selected_text().zip(session.current()) else { return };
        let Some(range) = session.text_of(key).and_then(|text| text.range(range.start, range.end).ok()) else { return };
        let schema = &session.workspace.state().schema;
        let wanted = schema.label_of_role(role).or_else(|| schema.person_label()).cloned();
        let there = span_at(session, range, wanted.as_ref());
        let takes_spans = schema.roles.get(role).is_some_and(|def| def.accepts.contains(&FillerKind::Span));
        if let Some(span) = there {
            self.fill_from_mark(claim, role, MarkId::Span(span));
        } else if let Some(label) = wanted.filter(|_| takes_spans) {
            if self.try_change(|state, key, id| ops::fill_role_with_span(state, key, (claim, role), id, range, &label)) {
                self.close_offer();
            }
            self.select_mark(Some(MarkId::Claim(claim)));
        } else {
            return self.say(tr("Label these words first, then fill the role with them"));
        }
        self.collapse_selection(range);
    }

    /// The key of an attribute: yes, no, unset in turn; or its choices; or its field.
    pub(crate) fn use_attribute(&mut self, key: &AttributeKey) {
        let Some(session) = &self.session else { return };
        let Some(owner) = owner_of(session, key) else {
            return self.say(tr("Select what this is about first"));
        };
        let Some(def) = session.workspace.state().schema.attributes.get(key) else { return };
        let is_open = session.offer.as_ref().is_some_and(|offer| offer.purpose == Purpose::Set(owner, key.clone()));
        match def.kind {
            AttributeKind::YesNo => {
                let next = match value_of(session, owner, key) {
                    None => Some(AttributeValue::Bool(true)),
                    Some(AttributeValue::Bool(true)) => Some(AttributeValue::Bool(false)),
                    Some(_) => None,
                };
                self.try_change(|state, sheet, _| ops::set_attribute(state, sheet, owner, key, next));
            }
            AttributeKind::Choice | AttributeKind::Choices if is_open => self.close_offer(),
            AttributeKind::Choice | AttributeKind::Choices => {
                self.show_owner(owner);
                self.open_offer(Purpose::Set(owner, key.clone()));
            }
            AttributeKind::Integer | AttributeKind::Number | AttributeKind::Text | AttributeKind::Date => {
                self.show_owner(owner);
                self.focus_field(Focus::Attribute(key.clone()));
            }
        }
    }

    /// The inspector shows whose field gets the keyboard.
    fn show_owner(&mut self, owner: AttributeOwner) {
        match owner {
            AttributeOwner::Mark(mark) => self.select_mark(Some(mark)),
            AttributeOwner::Document => self.select_mark(None),
            AttributeOwner::Relation(_) | AttributeOwner::Entity(_) => {}
        }
    }

    /// Puts the keyboard into a field of the inspector.
    pub(crate) fn focus_field(&mut self, field: Focus) {
        self.panels.show_inspector = true;
        self.panels.side = SideTab::Selection;
        self.panels.inspector.focus = Some(field);
    }
}

/// A span at exactly this place: one with the wanted label, else a mention.
fn span_at(session: &super::session::Session, range: TextRange, wanted: Option<&LabelKey>) -> Option<SpanId> {
    let schema = &session.workspace.state().schema;
    let there = || session.current_sheet().into_iter().flat_map(|sheet| &sheet.spans).filter(|(_, span)| span.ranges.as_slice() == [range]);
    let with_label = there().find(|(_, span)| Some(&span.label) == wanted);
    with_label.or_else(|| there().find(|(_, span)| schema.kind_of(&span.label) == LabelKind::Entity)).map(|(id, _)| *id)
}
