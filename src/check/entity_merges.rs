//! Merges of entities that lead to nothing, to a deleted entity, or round in a circle.

use super::{TableCheck, describe_entity};
use crate::model::EntityId;

pub(super) fn check(check: &mut TableCheck<'_>) {
    let state = check.state;
    for (id, entity) in &state.entities {
        let Some(winner) = entity.merged_into else { continue };
        let name = describe_entity(state, winner);
        match (state.entities.get(&winner), state.entity(*id)) {
            (None, _) => check.report(*id, &format!("was merged into {name}, which does not exist")),
            (Some(row), _) if row.deleted => check.report(*id, &format!("was merged into {name}, which is deleted")),
            (Some(_), None) if is_in_circle(check, *id) => check.report(*id, &format!("was merged into {name}, and so into itself")),
            _ => {}
        }
    }
}

fn is_in_circle(check: &TableCheck<'_>, id: EntityId) -> bool {
    let next = |at: &EntityId| check.state.entities.get(at).and_then(|entity| entity.merged_into);
    std::iter::successors(next(&id), next).take(check.state.entities.len()).any(|at| at == id)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn circles_are_named_once_each() {
        check(
            ".. @a: \"A\" merged_into=@b\n.. @b: \"B\" merged_into=@a\n.. @c: \"C\" merged_into=@a\n.. @d: \"D\" merged_into=@d",
            "
            entity-merge: the entity “A” was merged into the entity “B”, and so into itself
            entity-merge: the entity “B” was merged into the entity “A”, and so into itself
            entity-merge: the entity “D” was merged into the entity “D”, and so into itself
            ",
        );
    }

    #[test]
    fn a_merge_into_a_deleted_entity_is_named() {
        check(
            ".. @a: \"A\" merged_into=@b\n.. @b: \"B\" deleted=yes",
            "entity-merge: the entity “A” was merged into the entity “B”, which is deleted",
        );
    }
}
