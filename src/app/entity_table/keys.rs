//! Walking the table by key.

use super::EntityTable;
use crate::app::session::Session;
use crate::model::EntityId;

impl EntityTable {
    /// The entity so many rows below the selected one; the first where none is selected.
    pub(crate) fn step(&mut self, session: &Session, step: isize) -> Option<EntityId> {
        self.is_following = true;
        let last = self.rows.len().checked_sub(1)?;
        let index = match session.selected_entity.and_then(|id| self.rows.position(id)) {
            Some(index) => index.saturating_add_signed(step).min(last),
            None => 0,
        };
        self.rows.get(index).map(|row| row.id)
    }

    /// Chooses the selected entity for a merge, or lets go of it, and goes on to the next.
    pub(crate) fn choose(&mut self, session: &Session) -> Option<EntityId> {
        let id = session.selected_entity?;
        if !self.chosen.remove(&id) {
            self.chosen.insert(id);
        }
        self.step(session, 1)
    }

    /// Nothing is chosen any more.
    pub(crate) fn let_go(&mut self) {
        self.chosen.clear();
    }
}
