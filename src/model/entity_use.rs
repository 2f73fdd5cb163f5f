//! Where an entity is used in a sheet.

use super::{ClaimId, EntityId, Filler, RoleKey, SheetKey, SpanId, State};

/// One use of an entity.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EntityUse {
    /// A mention points to it.
    Mention(SpanId),
    /// It fills a role by itself, not by way of a mention.
    Role(ClaimId, RoleKey),
}

impl State {
    /// Every use of an entity in a loaded sheet, also of those that were merged into it.
    #[must_use]
    pub fn uses_of_entity(&self, key: &SheetKey, entity: EntityId) -> Vec<EntityUse> {
        let alike = self.entity_with_losers(entity);
        let sheet = self.sheet(key);
        let mentions = sheet.spans.iter().filter(|(_, span)| span.entity.is_some_and(|id| alike.contains(&id)));
        let mut uses: Vec<EntityUse> = mentions.map(|(id, _)| EntityUse::Mention(*id)).collect();
        for (id, claim) in &sheet.claims {
            let is_used = |fillers: &[Filler]| fillers.iter().any(|filler| matches!(filler, Filler::Entity(id) if alike.contains(id)));
            uses.extend(claim.roles.iter().filter(|(_, fillers)| is_used(fillers)).map(|(role, _)| EntityUse::Role(*id, role.clone())));
        }
        uses
    }
}
