//! Which claims of a sheet have no place, and which are unfinished. Follows the changes of the sheet.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::app::follow::{Follower, News};
use crate::edit::Edit;
use crate::model::{Claim, ClaimId, MarkId, Place, Schema, Sheet, SheetKey};
use crate::workspace::Workspace;

/// Claims by what they lack.
#[derive(Default)]
pub(super) struct ClaimGroups {
    /// Without a place in the text.
    pub(super) unplaced: BTreeSet<ClaimId>,
    /// What the codebook requires is missing.
    pub(super) unfinished: BTreeSet<ClaimId>,
    // The unfinished ones as a list shows them, sorted when one does.
    in_order: OnceCell<Vec<MarkId>>,
    // By the article, the codebook's revision and the sheet's.
    follower: Follower<(SheetKey, u64)>,
}

impl ClaimGroups {
    pub(super) fn refresh(&mut self, workspace: &Workspace, key: &SheetKey) {
        let state = workspace.state();
        match self.follower.news(workspace, (key.clone(), state.schema_revision), state.sheet_revision(key)) {
            News::Nothing => return,
            News::Edits(edits) => edits.filter(|edit| edit.sheet() == Some(key)).for_each(|edit| self.follow(edit, &state.schema)),
            News::All => self.refresh_all(state.sheet(key), &state.schema),
        }
        self.in_order = OnceCell::new();
    }

    fn refresh_all(&mut self, sheet: &Sheet, schema: &Schema) {
        self.unplaced = sheet.claims.iter().filter(|(_, claim)| is_unplaced(claim)).map(|(id, _)| *id).collect();
        self.unfinished = schema.unfinished_claims(sheet).into_iter().collect();
    }

    fn follow(&mut self, edit: &Edit, schema: &Schema) {
        let Edit::Claim(_, change) = edit else { return };
        for (group, is_in) in [
            (&mut self.unplaced, change.after.as_ref().is_some_and(is_unplaced)),
            (&mut self.unfinished, change.after.as_ref().is_some_and(|claim| !schema.missing_of(claim).is_empty())),
        ] {
            if is_in {
                group.insert(change.key);
            } else {
                group.remove(&change.key);
            }
        }
    }

    /// The unfinished ones in text order, those without a place last.
    pub(super) fn unfinished_in_order(&self, sheet: &Sheet) -> &[MarkId] {
        self.in_order.get_or_init(|| self.sort(sheet))
    }

    fn sort(&self, sheet: &Sheet) -> Vec<MarkId> {
        let place = |id: &ClaimId| sheet.claims.get(id).and_then(|claim| claim.places().next()).map(Place::of);
        let mut placed: Vec<(bool, Option<Place>, ClaimId)> = self.unfinished.iter().map(|id| (place(id).is_none(), place(id), *id)).collect();
        placed.sort_unstable();
        placed.into_iter().map(|(.., id)| MarkId::Claim(id)).collect()
    }
}

fn is_unplaced(claim: &Claim) -> bool {
    claim.places().next().is_none()
}
