//! Make one entity of several, and take them apart again. Only rows of entities change: look-ups follow the merge.

use super::OpError;
use super::edit_entity::living;
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Entity, EntityId, State};

/// Merges entities into one: it gets their names as aliases, their ids, and what is unset of their values. Notes come
/// together. Mentions and roles follow without being touched.
///
/// # Errors
/// When one is not there or was deleted, or there is nothing to merge.
pub fn merge_entities(state: &State, winner: EntityId, losers: &[EntityId]) -> Result<Transaction, OpError> {
    let winner = end_of(state, winner)?;
    let before = living(state, winner)?;
    let mut merged = before.clone();
    let mut edits = Vec::new();
    for loser in losers {
        let loser = end_of(state, *loser)?;
        let row = living(state, loser)?;
        if loser == winner || edits.iter().any(|edit| matches!(edit, Edit::Entity(change) if change.key == loser)) {
            continue;
        }
        take_over(&mut merged, row);
        edits.push(Edit::Entity(Change::replace(loser, row.clone(), Entity { merged_into: Some(winner), ..row.clone() })));
    }
    if edits.is_empty() {
        return Err(OpError::SameEntity);
    }
    if merged != *before {
        edits.insert(0, Edit::Entity(Change::replace(winner, before.clone(), merged)));
    }
    Ok(Transaction::new(format!("merge into {}", before.name), edits))
}

fn end_of(state: &State, id: EntityId) -> Result<EntityId, OpError> {
    state.entity(id).map(|(id, _)| id).ok_or(OpError::EntityGone)
}

fn take_over(merged: &mut Entity, loser: &Entity) {
    merged.aliases.extend(loser.aliases.iter().chain([&loser.name]).filter(|name| **name != merged.name).cloned());
    merged.knowledge_base_ids.extend(loser.knowledge_base_ids.iter().cloned());
    merged.label = merged.label.take().or_else(|| loser.label.clone());
    for (key, value) in &loser.attributes {
        merged.attributes.entry(key.clone()).or_insert_with(|| value.clone());
    }
    let notes = [merged.note.as_str(), loser.note.as_str()];
    merged.note = notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join("\n\n");
}

/// Takes a merged entity out again. The other keeps its own names, and those that a third one brought.
///
/// # Errors
/// When the entity is not there or was not merged.
pub fn unmerge_entity(state: &State, loser: EntityId) -> Result<Transaction, OpError> {
    let row = state.entities.get(&loser).ok_or(OpError::EntityGone)?;
    let winner = row.merged_into.ok_or(OpError::NotMerged)?;
    let mut edits = vec![Edit::Entity(Change::replace(loser, row.clone(), Entity { merged_into: None, ..row.clone() }))];
    if let Some(before) = state.entities.get(&winner) {
        let others: Vec<&Entity> =
            state.entities.iter().filter(|(id, other)| **id != loser && other.merged_into == Some(winner)).map(|(_, o)| o).collect();
        let mut after = before.clone();
        let is_only_its =
            |name: &String| (*name == row.name || row.aliases.contains(name)) && !others.iter().any(|o| o.name == *name || o.aliases.contains(name));
        after.aliases.retain(|name| !is_only_its(name));
        let has_id = |id: &String| others.iter().any(|other| other.knowledge_base_ids.contains(id));
        after.knowledge_base_ids.retain(|id| !row.knowledge_base_ids.contains(id) || has_id(id));
        if after != *before {
            edits.push(Edit::Entity(Change::replace(winner, before.clone(), after)));
        }
    }
    Ok(Transaction::new(format!("take apart {}", row.name), edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    const TWO: &str = "[PER#a=k Kerry] [PER#b=l He] says [CLAIM#c so]\n.. c: claimer=@l\n";

    fn merge(case: &Case, winner: &str, losers: &[&str]) -> Result<Transaction, OpError> {
        let losers: Vec<EntityId> = losers.iter().map(|name| case.entity(name)).collect();
        merge_entities(&case.state, case.entity(winner), &losers)
    }

    #[test]
    fn names_and_ids_follow_and_no_sheet_is_touched() {
        let before =
            format!("{TWO}.. @k: PER \"John Kerry\" aka=\"Kerry\" note=\"n\"\n.. @l: \"Secretary Kerry\" aka=\"JK\" kb=\"Q22316\" note=\"m\"");
        let after = format!(
            "{TWO}.. @k: PER \"John Kerry\" aka=\"JK\",\"Kerry\",\"Secretary Kerry\" kb=\"Q22316\" note=\"n\\n\\nm\"\n.. @l: \"Secretary Kerry\" aka=\"JK\" kb=\"Q22316\" note=\"m\" merged_into=@k"
        );
        check(&before, |case| merge(case, "k", &["l"]).unwrap(), &after);
        let case = Case::new(&before);
        assert!(merge(&case, "k", &["l"]).unwrap().edits.iter().all(|edit| matches!(edit, Edit::Entity(_))));
    }

    #[test]
    fn merges_are_followed_and_never_go_round() {
        let case = Case::new("so\n.. @k: \"K\"\n.. @l: \"L\" merged_into=@k\n.. @d: \"D\" deleted=yes");
        assert_eq!(merge(&case, "k", &["l"]), Err(OpError::SameEntity));
        assert_eq!(merge(&case, "l", &["k"]), Err(OpError::SameEntity));
        assert_eq!(merge(&case, "k", &["d"]), Err(OpError::EntityDeleted("D".into())));
    }

    #[test]
    fn a_merge_is_taken_apart() {
        let unmerge = |case: &Case| unmerge_entity(&case.state, case.entity("l")).unwrap();
        check(
            "so\n.. @k: \"K\" aka=\"Both\",\"L\",\"Own\"\n.. @l: \"L\" aka=\"Both\" merged_into=@k\n.. @m: \"Both\" merged_into=@k",
            unmerge,
            "so\n.. @k: \"K\" aka=\"Both\",\"Own\"\n.. @l: \"L\" aka=\"Both\"\n.. @m: \"Both\" merged_into=@k",
        );
    }

    #[test]
    fn ids_go_with_the_one_that_brought_them() {
        let unmerge = |case: &Case| unmerge_entity(&case.state, case.entity("l")).unwrap();
        check(
            "so\n.. @k: \"K\" kb=\"Q1\",\"Q2\",\"Q3\"\n.. @l: \"L\" kb=\"Q2\",\"Q3\" merged_into=@k\n.. @m: \"M\" kb=\"Q3\" merged_into=@k",
            unmerge,
            "so\n.. @k: \"K\" kb=\"Q1\",\"Q3\"\n.. @l: \"L\" kb=\"Q2\",\"Q3\"\n.. @m: \"M\" kb=\"Q3\" merged_into=@k",
        );
    }
}
