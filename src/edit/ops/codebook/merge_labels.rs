//! Make one label of several. The losers stay in the codebook with the name of the winner, so that sheets that come late can
//! be mended; their uses in the coder's own sheets get the winner's label.

use std::collections::BTreeSet;

use super::super::OpError;
use super::CodebookError;
use super::row::{edits_between, get, number_labels};
use crate::edit::{Change, Edit};
use crate::model::{Label, LabelKey, Sheet, SheetKey, State};

/// A merge of labels: what it does to the tables, and what to each sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelMerge {
    /// For "Undo …".
    pub name: String,
    /// Edits of the codebook and of entities.
    pub tables: Vec<Edit>,
    winner: LabelKey,
    losers: BTreeSet<LabelKey>,
}

/// Merges labels into one. The winner gets their names as aliases; what stood below them stands below it; attributes and
/// roles for them are for it, too.
///
/// # Errors
/// When they label different things, one was merged before, or there is nothing to merge.
pub fn merge_labels(state: &State, winner: &LabelKey, losers: &[LabelKey]) -> Result<LabelMerge, OpError> {
    let schema = &state.schema;
    let stays = get::<Label>(state, winner)?;
    if stays.replaced_by.is_some() {
        return Err(CodebookError::Merged(stays.name.clone()).into());
    }
    let losers: BTreeSet<LabelKey> = losers.iter().filter(|loser| *loser != winner).cloned().collect();
    if losers.is_empty() {
        return Err(CodebookError::SameLabel.into());
    }
    for loser in &losers {
        let row = get::<Label>(state, loser)?;
        if row.kind != stays.kind {
            return Err(CodebookError::DifferentKinds { loser: row.name.clone(), winner: stays.name.clone() }.into());
        }
    }
    let mut merged = schema.as_ref().clone();
    for (key, label) in &mut merged.labels {
        *label = if key == winner { winner_after(state, winner, label, &losers) } else { other_after(key, label, winner, &losers) };
    }
    let lists = merged.attributes.values_mut().map(|def| &mut def.labels).chain(merged.roles.values_mut().map(|def| &mut def.labels));
    lists.for_each(|labels| take_in(labels, winner, &losers));
    number_labels(&mut merged);
    let mut tables = edits_between(schema, &merged);
    for (id, before) in state.entities.iter().filter(|(_, entity)| entity.label.as_ref().is_some_and(|label| losers.contains(label))) {
        let mut after = before.clone();
        after.label = Some(winner.clone());
        tables.push(Edit::Entity(Change::replace(*id, before.clone(), after)));
    }
    Ok(LabelMerge { name: format!("merge labels into {}", stays.name), tables, winner: winner.clone(), losers })
}

fn winner_after(state: &State, winner: &LabelKey, before: &Label, losers: &BTreeSet<LabelKey>) -> Label {
    let mut after = before.clone();
    let names = losers.iter().filter_map(|loser| state.schema.labels.get(loser)).flat_map(|row| row.aliases.iter().chain([&row.name]));
    for name in names {
        if *name != after.name && !after.aliases.contains(name) {
            after.aliases.push(name.clone());
        }
    }
    // It cannot stand below a label that goes.
    while let Some(parent) = after.parent.clone().filter(|parent| losers.contains(parent)) {
        after.parent = state.schema.labels.get(&parent).and_then(|row| row.parent.clone()).filter(|above| above != winner);
    }
    after
}

fn other_after(key: &LabelKey, before: &Label, winner: &LabelKey, losers: &BTreeSet<LabelKey>) -> Label {
    let mut after = before.clone();
    if losers.contains(key) || before.replaced_by.as_ref().is_some_and(|old| losers.contains(old)) {
        after.replaced_by = Some(winner.clone());
    } else if before.parent.as_ref().is_some_and(|parent| losers.contains(parent)) {
        after.parent = Some(winner.clone());
    }
    after
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
        let mut edits = Vec::new();
        for (id, before) in sheet.spans.iter().filter(|(_, span)| self.losers.contains(&span.label)) {
            let mut after = before.clone();
            after.label = self.winner.clone();
            edits.push(Edit::Span(key.clone(), Change::replace(*id, before.clone(), after)));
        }
        for (id, before) in sheet.claims.iter().filter(|(_, claim)| self.losers.contains(&claim.label)) {
            let mut after = before.clone();
            after.label = self.winner.clone();
            edits.push(Edit::Claim(key.clone(), Change::replace(*id, before.clone(), after)));
        }
        edits
    }
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
}
