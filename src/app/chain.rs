//! The mentions of one entity in the shown article: they light up, and a key walks from one to the next.

use std::collections::BTreeSet;

use super::App;
use super::session::{Article, Session};
use super::words::tr;
use crate::model::{EntityId, MarkId, SpanId};

/// The mentions that are lit, made anew when sheet, entities or the entity change.
#[derive(Default)]
pub(crate) struct Chain {
    entity: Option<EntityId>,
    /// In text order, by where they start.
    pub(crate) mentions: Vec<(usize, SpanId)>,
    ids: BTreeSet<SpanId>,
    made_from: Option<(u64, u64)>,
}

impl Chain {
    pub(crate) fn contains(&self, mark: MarkId) -> bool {
        matches!(mark, MarkId::Span(id) if self.ids.contains(&id))
    }

    fn refresh(&mut self, session: &Session, article: &Article, entity: Option<EntityId>) {
        let state = session.workspace.state();
        let revisions = (state.sheet_revision(&article.key), state.entities_revision);
        if self.made_from == Some(revisions) && self.entity == entity {
            return;
        }
        *self = Self { entity, made_from: Some(revisions), ..Self::default() };
        let Some(entity) = entity else { return };
        let alike = state.entity_with_losers(entity);
        let spans = &state.sheet(&article.key).spans;
        let lit = spans.iter().filter(|(_, span)| span.entity.is_some_and(|id| alike.contains(&id)));
        self.mentions = lit.map(|(id, span)| (span.ranges.start(), *id)).collect();
        self.mentions.sort_unstable();
        self.ids = self.mentions.iter().map(|(_, id)| *id).collect();
    }
}

impl Session {
    /// The entity whose mentions light up: that of the selected mention, else the selected one.
    pub(crate) fn lit_entity(&self) -> Option<EntityId> {
        let of_mark = || match self.selected? {
            MarkId::Span(id) => self.workspace.state().entity(self.current_sheet()?.spans.get(&id)?.entity?).map(|(id, _)| id),
            MarkId::Claim(_) => None,
        };
        of_mark().or(self.selected_entity)
    }
}

impl App {
    pub(crate) fn lit_entity(&self) -> Option<EntityId> {
        self.session.as_ref().and_then(Session::lit_entity)
    }

    pub(crate) fn refresh_chain(&mut self) {
        // Asked for before the article is lent out: which mark is selected depends on it.
        let lit = self.lit_entity();
        let mut chain = std::mem::take(&mut self.chain);
        self.with_article(|_, session, article| {
            chain.refresh(session, article, lit);
            Some(())
        });
        self.chain = chain;
    }

    /// Selects the next mention of the lit entity, round and round.
    pub(crate) fn walk_chain(&mut self, step: isize) {
        self.refresh_chain();
        let Some(session) = &self.session else { return };
        let mentions = &self.chain.mentions;
        let count = isize::try_from(mentions.len()).unwrap_or(isize::MAX);
        if count == 0 {
            return self.say(tr("Select a mention that says whom it means"));
        }
        let at = mentions.iter().position(|(_, id)| session.selected == Some(MarkId::Span(*id)));
        let index = match at.and_then(|at| isize::try_from(at).ok()) {
            Some(at) => (at + step).rem_euclid(count),
            None => 0,
        };
        let next = usize::try_from(index).ok().and_then(|index| mentions.get(index)).map(|(_, id)| *id);
        if let Some(id) = next {
            self.go_to_mark(MarkId::Span(id));
        }
    }
}
