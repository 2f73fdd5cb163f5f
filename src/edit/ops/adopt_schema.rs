//! Take over another codebook. Only rows of the codebook change; what anybody has used stays, retired where it would go.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use super::codebook::{Branch, Row, edits_between};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{AttributeDef, AttributeKey, CodebookUses, Label, RelationType, RoleDef, RoleKey, Schema, State, circles_of, too_deep};

/// What becomes of rows that the other codebook does not have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Others {
    /// They stay as they are.
    Keep,
    /// Those that are used are retired, the rest goes.
    TakeOut,
}

/// What is to become of the codebook, to be looked at first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Adoption {
    /// The codebook as it will be.
    pub schema: Schema,
    /// What happens to each row that does not stay as it is.
    pub lines: Vec<AdoptionLine>,
}

/// What happens to one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AdoptionLine {
    /// Which list: `label`.
    pub list: &'static str,
    /// The row's key.
    pub key: String,
    /// The row's name.
    pub name: String,
    /// What happens.
    pub fate: RowFate,
    /// In how many rows of the project it is used.
    pub uses: usize,
}

/// What happens to a row of the codebook.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RowFate {
    /// It is new.
    Added,
    /// It gets other details.
    Changed,
    /// It gets other details, but keeps what its uses depend on: the kind of a label, the type of an attribute or choices.
    ChangedInPart,
    /// It is used, so it stays, but is no longer offered.
    Retired,
    /// Nobody uses it; it goes.
    TakenOut,
}

impl RowFate {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Added, Self::Changed, Self::ChangedInPart, Self::Retired, Self::TakenOut];

    /// In a list: `changed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::ChangedInPart => "changed in part",
            Self::Retired => "retired",
            Self::TakenOut => "taken out",
        }
    }
}

/// Works out what taking over another codebook does. `uses` are those of the whole project.
#[must_use]
pub fn plan_adoption(known: &Schema, other: &Schema, uses: &CodebookUses, others: Others) -> Adoption {
    let mut plan = Adoption::default();
    let mut info = other.info.clone();
    if info.name.is_empty() {
        info.name.clone_from(&known.info.name);
    }
    plan.schema.info = info;
    plan.schema.labels = plan.rows("label", (&known.labels, &other.labels), &uses.labels, others);
    plan.schema.attributes = plan.rows("attribute", (&known.attributes, &other.attributes), &uses.attributes, others);
    plan.keep_choices(known, uses);
    plan.schema.roles = plan.rows("role", (&known.roles, &other.roles), &uses.roles, others);
    plan.schema.relation_types = plan.rows("relation type", (&known.relation_types, &other.relation_types), &uses.relation_types, others);
    plan.mend_names(other);
    plan
}

/// Takes over another codebook.
#[must_use]
pub fn adopt_schema(state: &State, plan: &Adoption) -> Transaction {
    let (known, next) = (state.schema.as_ref(), &plan.schema);
    let mut edits = Vec::new();
    if known.info != next.info {
        edits.push(Edit::Schema(Change::replace((), known.info.clone(), next.info.clone())));
    }
    edits.extend(edits_between(known, next));
    Transaction::new(format!("import codebook “{}”", next.info.name.chars().take(60).collect::<String>()), edits)
}

/// A row of another codebook.
trait Adopted: Row {
    /// Keeps what uses of the old row depend on. True when that is not what the new row says.
    fn keep_used(&mut self, _old: &Self) -> bool {
        false
    }
}

impl Adopted for Label {
    fn keep_used(&mut self, old: &Self) -> bool {
        std::mem::replace(&mut self.kind, old.kind) != old.kind
    }
}

impl Adopted for AttributeDef {
    fn keep_used(&mut self, old: &Self) -> bool {
        if self.kind == old.kind {
            return false;
        }
        (self.kind, self.choices, self.default) = (old.kind, old.choices.clone(), old.default.clone());
        true
    }
}

impl Adopted for RoleDef {}
impl Adopted for RelationType {}

impl Adoption {
    /// One list as it will be: the other codebook's rows, then what stays of the known ones.
    fn rows<K: Ord + Clone + Display, R: Adopted<Key = K>>(
        &mut self,
        list: &'static str,
        (known, other): (&BTreeMap<K, R>, &BTreeMap<K, R>),
        uses: &BTreeMap<K, usize>,
        others: Others,
    ) -> BTreeMap<K, R> {
        let mut rows = other.clone();
        let used = |key: &K| uses.get(key).copied().unwrap_or(0);
        for (key, row) in &mut rows {
            let fate = match known.get(key) {
                None => RowFate::Added,
                Some(old) if used(key) > 0 && row.keep_used(old) => RowFate::ChangedInPart,
                Some(old) if old == row => continue,
                Some(_) => RowFate::Changed,
            };
            self.lines.push(AdoptionLine { list, key: key.to_string(), name: row.name().to_owned(), fate, uses: used(key) });
        }
        let mut left: Vec<(&K, R)> = known.iter().filter(|(key, _)| !other.contains_key(*key)).map(|(key, row)| (key, row.clone())).collect();
        left.sort_by_key(|(_, row)| row.position());
        let mut place = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        for (key, mut row) in left {
            let name = row.name().to_owned();
            let before = row.clone();
            let fate = match (others, used(key)) {
                (Others::Keep, _) => None,
                (Others::TakeOut, 0) => Some(RowFate::TakenOut),
                (Others::TakeOut, _) => {
                    *row.retired_mut() = true;
                    // Retired already: nothing happens to it but a new place.
                    (row != before).then_some(RowFate::Retired)
                }
            };
            self.lines.extend(fate.map(|fate| AdoptionLine { list, key: key.to_string(), name, fate, uses: used(key) }));
            if fate != Some(RowFate::TakenOut) {
                *row.position_mut() = place;
                place = place.saturating_add(1);
                rows.insert(key.clone(), row);
            }
        }
        rows
    }

    /// Choices that are set somewhere stay, behind the others.
    fn keep_choices(&mut self, known: &Schema, uses: &CodebookUses) {
        for (key, def) in &mut self.schema.attributes {
            let Some(old) = known.attributes.get(key) else { continue };
            let is_used = |choice: &&crate::model::Choice| uses.choices.contains_key(&(key.clone(), choice.key.clone()));
            let missing = |choice: &&crate::model::Choice| def.choices.iter().all(|other| other.key != choice.key);
            let kept: Vec<_> = old.choices.iter().filter(is_used).filter(missing).cloned().collect();
            if kept.is_empty() {
                continue;
            }
            let line = self.lines.iter_mut().find(|line| line.list == "attribute" && line.key == key.as_str());
            line.into_iter().filter(|line| line.fate == RowFate::Changed).for_each(|line| line.fate = RowFate::ChangedInPart);
            def.choices.extend(kept);
        }
    }

    /// Rows that stay name no label that goes, and no label is above itself by way of one that stays.
    fn mend_names(&mut self, other: &Schema) {
        let Schema { labels, attributes, roles, relation_types, .. } = &mut self.schema;
        mend_tree(labels, &other.labels);
        mend_tree(relation_types, &other.relation_types);
        let attributes = attributes.iter_mut().filter(|(key, _): &(&AttributeKey, _)| !other.attributes.contains_key(*key));
        let roles = roles.iter_mut().filter(|(key, _): &(&RoleKey, _)| !other.roles.contains_key(*key));
        for list in attributes.map(|(_, def)| &mut def.labels).chain(roles.map(|(_, def)| &mut def.labels)) {
            list.retain(|label| labels.contains_key(label));
        }
    }

    /// True when nothing would change.
    #[must_use]
    pub fn is_empty(&self, known: &Schema) -> bool {
        *known == self.schema
    }

    /// How many rows have a fate.
    #[must_use]
    pub fn count(&self, fate: RowFate) -> usize {
        self.lines.iter().filter(|line| line.fate == fate).count()
    }
}

fn mend_tree<K: Ord + Clone, R: Branch<Key = K>>(rows: &mut BTreeMap<K, R>, other: &BTreeMap<K, R>) {
    let is_there: BTreeSet<K> = rows.keys().cloned().collect();
    for row in rows.values_mut() {
        let parent = row.parent_mut();
        *parent = parent.take().filter(|parent| is_there.contains(parent));
        let new = row.replaced_by_mut();
        *new = new.take().filter(|new| is_there.contains(new));
    }
    if !circles_of(rows).is_empty() || too_deep(rows).is_some() {
        rows.iter_mut().filter(|(key, _)| !other.contains_key(*key)).for_each(|(_, row)| *row.parent_mut() = None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::edit::testing::Case;
    use crate::model::LabelKey;
    use crate::model::{AttributeKind, Choice, ChoiceKey, Color, LabelKind};

    const DATA: &str = "[PER#k Kerry] said [CLAIM#c taxes rise]\n.. c: claimer=k stance=support";

    fn uses(case: &Case) -> CodebookUses {
        let mut uses = CodebookUses::default();
        uses.add_sheet(case.state.sheet(&case.key));
        uses
    }

    fn key<K: std::str::FromStr<Err: std::fmt::Debug>>(key: &str) -> K {
        key.parse().unwrap()
    }

    fn fates(plan: &Adoption) -> Vec<String> {
        plan.lines.iter().map(|line| format!("{} {} {} ({})", line.list, line.key, line.fate.as_str(), line.uses)).collect()
    }

    /// A codebook with one label of its own; everything else is missing.
    fn other() -> Schema {
        let mut other = Schema::default();
        other.info.name = "Other".into();
        other.labels.insert(key("NEW"), Label::new("New", LabelKind::Entity, Color::from_palette(1), 0));
        other
    }

    #[test]
    fn what_is_used_is_retired_and_what_is_not_goes() {
        let case = Case::new(DATA);
        let plan = plan_adoption(&case.state.schema, &other(), &uses(&case), Others::TakeOut);
        let fates = fates(&plan);
        for line in
            ["label NEW added (0)", "label PER retired (1)", "label CLAIM retired (1)", "role claimer retired (1)", "attribute stance retired (1)"]
        {
            assert!(fates.contains(&line.to_owned()), "{line} is not in {fates:?}");
        }
        assert!(fates.iter().any(|line| line.ends_with("taken out (0)")));
        assert!(plan.schema.labels[&key::<LabelKey>("PER")].retired);
        let offered: Vec<&str> = plan.schema.offered_labels().into_iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(offered, ["NEW"]);
    }

    #[test]
    fn it_is_one_step_and_the_inverse_takes_it_back() {
        let mut case = Case::new(DATA);
        let before = case.state.schema.clone();
        let plan = plan_adoption(&before, &other(), &uses(&case), Others::TakeOut);
        let transaction = adopt_schema(&case.state, &plan);
        assert!(transaction.edits.iter().all(|edit| edit.sheet().is_none()), "no sheet is touched");
        apply(&mut case.state, &transaction).unwrap();
        assert_eq!(*case.state.schema, plan.schema);
        apply(&mut case.state, &transaction.inverse()).unwrap();
        assert_eq!(case.state.schema, before);
    }

    #[test]
    fn others_can_stay() {
        let case = Case::new(DATA);
        let plan = plan_adoption(&case.state.schema, &other(), &uses(&case), Others::Keep);
        assert_eq!(fates(&plan), ["label NEW added (0)"]);
        assert_eq!(plan.schema.labels.len(), case.state.schema.labels.len() + 1);
        let first = plan.schema.offered_labels().first().map(|(key, _)| key.as_str().to_owned());
        assert_eq!(first.as_deref(), Some("NEW"));
    }

    #[test]
    fn the_own_codebook_changes_nothing() {
        let case = Case::new(DATA);
        let plan = plan_adoption(&case.state.schema, &case.state.schema, &uses(&case), Others::TakeOut);
        assert!(plan.is_empty(&case.state.schema) && plan.lines.is_empty());
        assert!(adopt_schema(&case.state, &plan).is_empty());
    }

    #[test]
    fn uses_keep_the_kind_of_a_label_the_type_of_an_attribute_and_their_choices() {
        let case = Case::new(DATA);
        let mut other = case.state.schema.as_ref().clone();
        other.labels.get_mut(&key::<LabelKey>("PER")).unwrap().kind = LabelKind::Claim;
        let stance = other.attributes.get_mut(&key::<AttributeKey>("stance")).unwrap();
        stance.kind = AttributeKind::Text;
        let plan = plan_adoption(&case.state.schema, &other, &uses(&case), Others::TakeOut);
        assert_eq!(fates(&plan), ["label PER changed in part (1)", "attribute stance changed in part (1)"]);
        assert_eq!(plan.schema.labels[&key::<LabelKey>("PER")].kind, LabelKind::Entity);
        assert_eq!(plan.schema.attributes[&key::<AttributeKey>("stance")].kind, AttributeKind::Choice);

        let mut other = case.state.schema.as_ref().clone();
        let only = Choice { key: key("sometimes"), name: "Sometimes".into(), shortcut: None, description: String::new() };
        other.attributes.get_mut(&key::<AttributeKey>("stance")).unwrap().choices = vec![only];
        let plan = plan_adoption(&case.state.schema, &other, &uses(&case), Others::TakeOut);
        let choices: Vec<&ChoiceKey> = plan.schema.attributes[&key::<AttributeKey>("stance")].choices.iter().map(|choice| &choice.key).collect();
        assert_eq!(choices.iter().map(|key| key.as_str()).collect::<Vec<_>>(), ["sometimes", "support"]);
        assert_eq!(plan.count(RowFate::ChangedInPart), 1);
    }

    #[test]
    fn a_retired_label_never_closes_a_circle() {
        let case = Case::new(DATA);
        let mut known = case.state.schema.as_ref().clone();
        known.labels.get_mut(&key::<LabelKey>("PER")).unwrap().parent = Some(key("NEW"));
        let mut other = other();
        other.labels.get_mut(&key::<LabelKey>("NEW")).unwrap().parent = Some(key("PER"));
        let plan = plan_adoption(&known, &other, &uses(&case), Others::TakeOut);
        assert_eq!(circles_of(&plan.schema.labels), Vec::<Vec<LabelKey>>::new());
    }

    #[test]
    fn what_nobody_uses_is_changed_in_every_detail() {
        let case = Case::new(DATA);
        let mut other = case.state.schema.as_ref().clone();
        other.labels.get_mut(&key::<LabelKey>("CUE")).unwrap().kind = LabelKind::Entity;
        other.attributes.get_mut(&key::<AttributeKey>("date")).unwrap().kind = AttributeKind::Text;
        let plan = plan_adoption(&case.state.schema, &other, &uses(&case), Others::TakeOut);
        assert_eq!(fates(&plan), ["label CUE changed (0)", "attribute date changed (0)"]);
        assert_eq!(plan.schema, other);
        assert!(!plan.is_empty(&case.state.schema));
        assert_eq!((plan.count(RowFate::Changed), plan.count(RowFate::Added)), (2, 0));
    }

    #[test]
    fn choices_that_stay_are_told_of_their_own_attribute() {
        let case = Case::new(DATA);
        let mut other = case.state.schema.as_ref().clone();
        other.attributes.get_mut(&key::<AttributeKey>("level")).unwrap().description = "new".into();
        other.attributes.get_mut(&key::<AttributeKey>("stance")).unwrap().choices.remove(0);
        let plan = plan_adoption(&case.state.schema, &other, &uses(&case), Others::Keep);
        assert_eq!(fates(&plan), ["attribute level changed (0)", "attribute stance changed in part (1)"]);
    }

    #[test]
    fn rows_that_stay_forget_labels_that_go() {
        let case = Case::new("[PER#k Kerry] said [CLAIM#c taxes rise]\n.. c: claimer=k stance=support");
        let mut known = case.state.schema.as_ref().clone();
        let both = || vec![key::<LabelKey>("GPE"), key("CLAIM")];
        known.roles.get_mut(&key::<RoleKey>("claimer")).unwrap().labels = both();
        known.attributes.get_mut(&key::<AttributeKey>("stance")).unwrap().labels = both();
        known.labels.get_mut(&key::<LabelKey>("PER")).unwrap().parent = Some(key("GPE"));
        known.labels.get_mut(&key::<LabelKey>("CLAIM")).unwrap().replaced_by = Some(key("QUESTION"));
        let plan = plan_adoption(&known, &other(), &uses(&case), Others::TakeOut);
        let schema = &plan.schema;
        assert_eq!(schema.roles[&key::<RoleKey>("claimer")].labels, [key::<LabelKey>("CLAIM")]);
        assert_eq!(schema.attributes[&key::<AttributeKey>("stance")].labels, [key::<LabelKey>("CLAIM")]);
        assert_eq!(schema.labels[&key::<LabelKey>("PER")].parent, None);
        assert_eq!(schema.labels[&key::<LabelKey>("CLAIM")].replaced_by, None);
    }

    #[test]
    fn a_tree_stands_where_nothing_is_wrong_with_it_and_is_taken_down_where_it_grew_too_deep() {
        let case = Case::new(DATA);
        let mut known = case.state.schema.as_ref().clone();
        known.labels.get_mut(&key::<LabelKey>("PER")).unwrap().parent = Some(key("ORG"));
        let parent_of_per = |other: &Schema| {
            let plan = plan_adoption(&known, other, &uses(&case), Others::Keep);
            assert_eq!(too_deep(&plan.schema.labels), None);
            plan.schema.labels[&key::<LabelKey>("PER")].parent.clone()
        };
        let mut other = other();
        assert_eq!(parent_of_per(&other), Some(key("ORG")));
        let mut above: Option<LabelKey> = None;
        for (name, place) in (0..crate::model::MAX_LABEL_DEPTH).map(|n| format!("L{n}")).chain(["ORG".to_owned()]).zip(1..) {
            let mut label = Label::new(&name, LabelKind::Entity, Color::from_palette(0), place);
            label.parent = above.replace(key(&name));
            other.labels.insert(key(&name), label);
        }
        assert_eq!(too_deep(&other.labels), None);
        assert_eq!(parent_of_per(&other), None);
        assert!(plan_adoption(&known, &other, &uses(&case), Others::Keep).schema.labels[&key::<LabelKey>("ORG")].parent.is_some());
    }
}
