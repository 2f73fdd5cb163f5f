//! Make one label of several, or one type of relation. The losers stay in the codebook with the name of the winner, so that
//! sheets that come late can be mended; their uses in the coder's own sheets get the winner's label.

use std::collections::{BTreeMap, BTreeSet};

use super::super::OpError;
use super::CodebookError;
use super::row::{Branch, edits_between, get, number_tree};
use crate::edit::{Change, Edit};
use crate::model::{Label, LabelKey, Relation, RelationId, RelationKey, RelationType, Schema, Sheet, SheetKey, State};

/// A merge of labels: what it does to the tables, and what to each sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelMerge {
    /// For "Undo …".
    pub name: String,
    /// Edits of the codebook and of entities.
    pub tables: Vec<Edit>,
    losers: Losers,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Losers {
    Labels(LabelKey, BTreeSet<LabelKey>),
    RelationTypes(RelationKey, BTreeSet<RelationKey>),
}

/// Merges labels into one. The winner gets their names as aliases; what stood below them stands below it; attributes and
/// roles for them are for it, too.
///
/// # Errors
/// When they label different things, one was merged before, or there is nothing to merge.
pub fn merge_labels(state: &State, winner: &LabelKey, losers: &[LabelKey]) -> Result<LabelMerge, OpError> {
    let losers = losers_of::<Label>(state, winner, losers)?;
    let stays = get::<Label>(state, winner)?;
    for loser in &losers {
        let row = get::<Label>(state, loser)?;
        if row.kind != stays.kind {
            return Err(CodebookError::DifferentKinds { loser: row.name.clone(), winner: stays.name.clone() }.into());
        }
    }
    let mut merged = merged::<Label>(&state.schema, winner, &losers);
    let lists = merged.attributes.values_mut().map(|def| &mut def.labels).chain(merged.roles.values_mut().map(|def| &mut def.labels));
    lists.for_each(|labels| take_in(labels, winner, &losers));
    let mut tables = edits_between(&state.schema, &merged);
    for (id, before) in state.entities.iter().filter(|(_, entity)| entity.label.as_ref().is_some_and(|label| losers.contains(label))) {
        let mut after = before.clone();
        after.label = Some(winner.clone());
        tables.push(Edit::Entity(Change::replace(*id, before.clone(), after)));
    }
    Ok(LabelMerge { name: format!("merge labels into {}", stays.name), tables, losers: Losers::Labels(winner.clone(), losers) })
}

/// Merges types of relations into one, as [`merge_labels`] does with labels.
///
/// # Errors
/// When one was merged before, or there is nothing to merge.
pub fn merge_relation_types(state: &State, winner: &RelationKey, losers: &[RelationKey]) -> Result<LabelMerge, OpError> {
    let losers = losers_of::<RelationType>(state, winner, losers)?;
    let tables = edits_between(&state.schema, &merged::<RelationType>(&state.schema, winner, &losers));
    let name = format!("merge relations into {}", get::<RelationType>(state, winner)?.name);
    Ok(LabelMerge { name, tables, losers: Losers::RelationTypes(winner.clone(), losers) })
}

fn losers_of<R: Branch>(state: &State, winner: &R::Key, losers: &[R::Key]) -> Result<BTreeSet<R::Key>, CodebookError> {
    let mut stays = get::<R>(state, winner)?.clone();
    if stays.replaced_by_mut().is_some() {
        return Err(CodebookError::Merged(stays.name().to_owned()));
    }
    let losers: BTreeSet<R::Key> = losers.iter().filter(|loser| *loser != winner).cloned().collect();
    if losers.is_empty() { Err(CodebookError::SameLabel) } else { Ok(losers) }
}

/// The codebook with the losers merged, as far as it is about their table.
fn merged<R: Branch>(before: &Schema, winner: &R::Key, losers: &BTreeSet<R::Key>) -> Schema {
    let mut merged = before.clone();
    let rows = R::table(before);
    for (key, row) in R::table_mut(&mut merged) {
        if key == winner { win(rows, winner, row, losers) } else { lose(key, row, winner, losers) }
    }
    number_tree::<R>(&mut merged);
    merged
}

fn win<R: Branch>(rows: &BTreeMap<R::Key, R>, winner: &R::Key, row: &mut R, losers: &BTreeSet<R::Key>) {
    for mut loser in losers.iter().filter_map(|loser| rows.get(loser)).cloned() {
        let mut names = std::mem::take(loser.aliases_mut());
        names.push(loser.name().to_owned());
        for name in names {
            if name != row.name() && !row.aliases_mut().contains(&name) {
                row.aliases_mut().push(name);
            }
        }
    }
    // It cannot stand below a label that goes.
    while let Some(parent) = row.parent().filter(|parent| losers.contains(*parent)) {
        let above = rows.get(parent).and_then(R::parent).filter(|above| *above != winner).cloned();
        *row.parent_mut() = above;
    }
}

fn lose<R: Branch>(key: &R::Key, row: &mut R, winner: &R::Key, losers: &BTreeSet<R::Key>) {
    if losers.contains(key) || row.replaced_by_mut().as_ref().is_some_and(|old| losers.contains(old)) {
        *row.replaced_by_mut() = Some(winner.clone());
    } else if row.parent().is_some_and(|parent| losers.contains(parent)) {
        *row.parent_mut() = Some(winner.clone());
    }
}

/// What was for a loser is for the winner, too.
fn take_in(labels: &mut Vec<LabelKey>, winner: &LabelKey, losers: &BTreeSet<LabelKey>) {
    if labels.iter().any(|label| losers.contains(label)) && !labels.contains(winner) {
        labels.push(winner.clone());
    }
}

impl LabelMerge {
    /// The edits that give the rows of a sheet the winner's label.
    #[must_use]
    pub fn edits_of(&self, key: &SheetKey, sheet: &Sheet) -> Vec<Edit> {
        match &self.losers {
            Losers::Labels(winner, losers) => label_edits(key, sheet, winner, losers),
            Losers::RelationTypes(winner, losers) => relation_edits(key, sheet, winner, losers),
        }
    }
}

fn label_edits(key: &SheetKey, sheet: &Sheet, winner: &LabelKey, losers: &BTreeSet<LabelKey>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (id, before) in sheet.spans.iter().filter(|(_, span)| losers.contains(&span.label)) {
        let mut after = before.clone();
        after.label = winner.clone();
        edits.push(Edit::Span(key.clone(), Change::replace(*id, before.clone(), after)));
    }
    for (id, before) in sheet.claims.iter().filter(|(_, claim)| losers.contains(&claim.label)) {
        let mut after = before.clone();
        after.label = winner.clone();
        edits.push(Edit::Claim(key.clone(), Change::replace(*id, before.clone(), after)));
    }
    edits
}

fn relation_edits(key: &SheetKey, sheet: &Sheet, winner: &RelationKey, losers: &BTreeSet<RelationKey>) -> Vec<Edit> {
    let touched = sheet.relations.iter().filter(|(_, relation)| losers.contains(&relation.label));
    let edit = |(id, before): (&RelationId, &Relation)| {
        let mut after = before.clone();
        after.label = winner.clone();
        Edit::Relation(key.clone(), Change::replace(*id, before.clone(), after))
    };
    touched.map(edit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};
    use crate::edit::{Transaction, apply};

    fn label(key: &str) -> LabelKey {
        key.parse().unwrap()
    }

    fn merge(case: &Case, winner: &str, losers: &[&str]) -> Result<Transaction, OpError> {
        let losers: Vec<LabelKey> = losers.iter().map(|key| label(key)).collect();
        let merge = merge_labels(&case.state, &label(winner), &losers)?;
        let edits = merge.tables.iter().cloned().chain(merge.edits_of(&case.key, case.state.sheet(&case.key))).collect();
        Ok(Transaction::new(merge.name, edits))
    }

    #[test]
    fn uses_and_entities_get_the_winners_label() {
        check(
            "[ORG#k=k;level=name Kerry] met [GPE it] and [PER her]\n.. @k: ORG \"K\"",
            |case| merge(case, "PER", &["ORG", "GPE"]).unwrap(),
            "[PER#k=k;level=name Kerry] met [PER it] and [PER her]\n.. @k: PER \"K\"",
        );
        check(
            "[QUESTION#c so]\n.. c: claimer=\"author\"",
            |case| merge(case, "CLAIM", &["QUESTION"]).unwrap(),
            "[CLAIM#c so]\n.. c: claimer=\"author\"",
        );
    }

    #[test]
    fn the_codebook_remembers_the_losers() {
        let mut case = Case::new("so");
        let schema = std::sync::Arc::make_mut(&mut case.state.schema);
        schema.labels.get_mut(&label("GPE")).unwrap().parent = Some(label("ORG"));
        schema.labels.get_mut(&label("PER")).unwrap().parent = Some(label("ORG"));
        schema.roles.get_mut(&"cue".parse().unwrap()).unwrap().labels = vec![label("ORG")];
        let transaction = merge(&case, "PER", &["ORG"]).unwrap();
        apply(&mut case.state, &transaction).unwrap();
        let labels = &case.state.schema.labels;
        assert_eq!((&labels[&label("ORG")].replaced_by, &labels[&label("PER")].parent), (&Some(label("PER")), &None));
        assert_eq!(labels[&label("GPE")].parent, Some(label("PER")));
        assert_eq!(labels[&label("PER")].aliases, ["ORG"]);
        assert_eq!(case.state.schema.roles[&"cue".parse().unwrap()].labels, [label("ORG"), label("PER")]);
        assert!(case.state.schema.offered_labels().iter().all(|(key, _)| key.as_str() != "ORG"));
    }

    #[test]
    fn types_of_relations_are_merged_like_labels() {
        let (winner, loser): (RelationKey, RelationKey) = ("works_for".parse().unwrap(), "attacks".parse().unwrap());
        check(
            "[PER#a x] [PER#b y]\n.. a -attacks-> b\n.. b -works_for-> a",
            |case| {
                let merge = merge_relation_types(&case.state, &winner, std::slice::from_ref(&loser)).unwrap();
                let edits = merge.tables.iter().cloned().chain(merge.edits_of(&case.key, case.state.sheet(&case.key))).collect();
                Transaction::new(merge.name, edits)
            },
            "[PER#a x] [PER#b y]\n.. a -works_for-> b\n.. b -works_for-> a",
        );
        let mut case = Case::new("so");
        let schema = std::sync::Arc::make_mut(&mut case.state.schema);
        schema.relation_types.get_mut(&winner).unwrap().parent = Some(loser.clone());
        let merge = merge_relation_types(&case.state, &winner, std::slice::from_ref(&loser)).unwrap();
        apply(&mut case.state, &Transaction::new(merge.name, merge.tables)).unwrap();
        let types = &case.state.schema.relation_types;
        assert_eq!(
            (&types[&loser].replaced_by, &types[&winner].parent, &types[&winner].aliases),
            (&Some(winner.clone()), &None, &vec!["attacks".to_owned()])
        );
        let error = merge_relation_types(&case.state, &loser, std::slice::from_ref(&winner)).unwrap_err();
        assert_eq!(error.to_string(), "“attacks” was merged into another label itself; choose that one");
    }

    #[test]
    fn what_cannot_be_merged_is_said() {
        let mut case = Case::new("so");
        let error = |case: &Case, winner: &str, loser: &str| merge(case, winner, &[loser]).unwrap_err().to_string();
        assert_eq!(error(&case, "PER", "CLAIM"), "“CLAIM” and “PER” label different things and cannot be merged");
        assert_eq!(error(&case, "PER", "PER"), "these are the same label; choose another one");
        let first = merge(&case, "PER", &["ORG"]).unwrap();
        apply(&mut case.state, &first).unwrap();
        assert_eq!(error(&case, "ORG", "GPE"), "“ORG” was merged into another label itself; choose that one");
        let second = merge(&case, "GPE", &["PER"]).unwrap();
        apply(&mut case.state, &second).unwrap();
        assert_eq!(case.state.schema.labels[&label("ORG")].replaced_by, Some(label("GPE")));
    }

    #[test]
    fn no_name_and_no_label_is_listed_twice() {
        let mut case = Case::new("so");
        let schema = std::sync::Arc::make_mut(&mut case.state.schema);
        schema.labels.get_mut(&label("ORG")).unwrap().aliases = vec!["PER".into(), "Human".into()];
        schema.labels.get_mut(&label("PER")).unwrap().aliases = vec!["Human".into()];
        schema.roles.get_mut(&"cue".parse().unwrap()).unwrap().labels = vec![label("PER"), label("ORG")];
        schema.roles.get_mut(&"object".parse().unwrap()).unwrap().labels = vec![label("GPE")];
        let transaction = merge(&case, "PER", &["ORG"]).unwrap();
        apply(&mut case.state, &transaction).unwrap();
        let schema = &case.state.schema;
        assert_eq!(schema.labels[&label("PER")].aliases, ["Human", "ORG"]);
        assert_eq!(schema.roles[&"cue".parse().unwrap()].labels, [label("PER"), label("ORG")]);
        assert_eq!(schema.roles[&"object".parse().unwrap()].labels, [label("GPE")]);
    }

    #[test]
    fn the_winner_takes_the_place_of_the_losers_above_it() {
        let mut case = Case::new("so");
        let schema = std::sync::Arc::make_mut(&mut case.state.schema);
        schema.labels.get_mut(&label("PER")).unwrap().parent = Some(label("ORG"));
        schema.labels.get_mut(&label("ORG")).unwrap().parent = Some(label("GPE"));
        let transaction = merge(&case, "PER", &["ORG"]).unwrap();
        apply(&mut case.state, &transaction).unwrap();
        assert_eq!(case.state.schema.labels[&label("PER")].parent, Some(label("GPE")));
    }
}
