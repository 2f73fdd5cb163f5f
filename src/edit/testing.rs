//! `check(before, operation, after)`: one line tests an operation, in the notation of `model::notation`.

#![allow(dead_code, reason = "each operation's test uses what it needs")]

use super::{Transaction, apply};
use crate::model::notation::testing::schema;
use crate::model::notation::{Names, Notation};
use crate::model::{
    ClaimId, CoderKey, Document, DocumentId, Entity, EntityId, Id, IdSource, MarkId, Node, ProjectId, ProjectInfo, RelationId, Settings, SheetKey,
    SpanId, State,
};
use crate::text::{Text, TextRange};

/// A project of one document and one coder, as written in notation.
pub(crate) struct Case {
    /// The project; its codebook is `model::notation::testing::schema`.
    pub(crate) state: State,
    /// The sheet that the notation stands for.
    pub(crate) key: SheetKey,
    /// `«…»`
    pub(crate) selection: Option<TextRange>,
    /// `‸`, a byte offset.
    pub(crate) caret: Option<usize>,
    /// What the rows are called.
    pub(crate) names: Names,
}

impl Case {
    pub(crate) fn new(source: &str) -> Self {
        let notation = Notation::parse(source, &schema()).unwrap_or_else(|error| panic!("{error}\n{source}"));
        let info = ProjectInfo { id: ProjectId(Id::from_bits(1)), name: "Test".into(), settings: Settings::default(), residue: Default::default() };
        let mut state = State::new(info, schema());
        let key = SheetKey::new(&DocumentId::from_title("test", Id::from_bits(2)), &CoderKey::from_name("ann"));
        state.entities = notation.entities.into_iter().collect();
        state.documents.insert(key.document.clone(), notation.document.into());
        state.insert_loaded(&key, notation.text, notation.sheet);
        Self { state, key, selection: notation.selection, caret: notation.caret, names: notation.names }
    }

    /// Where new rows get their ids; they differ from those of the notation.
    pub(crate) fn ids(&self) -> IdSource {
        IdSource::seeded(42)
    }

    /// `«…»`, which must be there.
    pub(crate) fn selected(&self) -> TextRange {
        self.selection.unwrap()
    }

    pub(crate) fn text(&self) -> &Text {
        &self.state.texts[&self.key.document]
    }

    pub(crate) fn document(&self) -> &Document {
        &self.state.documents[&self.key.document]
    }

    pub(crate) fn node(&self, name: &str) -> Node {
        *self.names.rows.get(name).unwrap_or_else(|| panic!("nothing is called {name}"))
    }

    pub(crate) fn mark(&self, name: &str) -> MarkId {
        match self.node(name) {
            Node::Span(id) => MarkId::Span(id),
            Node::Claim(id) => MarkId::Claim(id),
            other => panic!("{name} is not a mark but {other:?}"),
        }
    }

    pub(crate) fn span(&self, name: &str) -> SpanId {
        match self.node(name) {
            Node::Span(id) => id,
            other => panic!("{name} is not a span but {other:?}"),
        }
    }

    pub(crate) fn claim(&self, name: &str) -> ClaimId {
        match self.node(name) {
            Node::Claim(id) => id,
            other => panic!("{name} is not a claim but {other:?}"),
        }
    }

    pub(crate) fn relation(&self, name: &str) -> RelationId {
        match self.node(name) {
            Node::Relation(id) => id,
            other => panic!("{name} is not a relation but {other:?}"),
        }
    }

    pub(crate) fn entity(&self, name: &str) -> EntityId {
        *self.names.entities.get(name).unwrap_or_else(|| panic!("no entity is called @{name}"))
    }

    /// The document as notation, without selection and caret. New rows take `spare` names where they need one.
    fn print(&self, spare: &Names) -> String {
        let sheet = self.state.sheet(&self.key).as_ref().clone();
        let mut names = self.names.clone();
        let taken: Vec<EntityId> = names.entities.values().copied().collect();
        let new: Vec<EntityId> = self.state.entities.keys().copied().filter(|id| !taken.contains(id)).collect();
        let free: Vec<String> = spare.entities.keys().filter(|name| !names.entities.contains_key(*name)).cloned().collect();
        names.entities.extend(free.into_iter().zip(new));
        let entities: std::collections::BTreeMap<EntityId, Entity> = self.state.entities.clone().into_iter().collect();
        let spare_rows = spare.rows.keys().filter(|name| !names.rows.contains_key(*name)).cloned().collect();
        let document = self.document().clone();
        let notation = Notation { text: self.text().clone(), document, sheet, entities, selection: None, caret: None, names };
        notation.print_with(&schema(), spare_rows)
    }
}

/// Applies a transaction and takes it back. False when it was refused; the state is as it was either way.
pub(crate) fn there_and_back(state: &mut State, transaction: &Transaction) -> bool {
    let original = state.clone();
    let is_applied = apply(state, transaction).is_ok();
    if is_applied {
        apply(state, &transaction.inverse()).unwrap_or_else(|error| panic!("{error}\n{:#?}", transaction.inverse()));
    }
    assert!(*state == original, "{} left something behind", transaction.name);
    is_applied
}

/// Does `operation` to `before` and expects `after`; then takes it back and expects `before`, exactly.
///
/// Rows keep their names: `[PER#k Kerry]` → `[ORG#k Kerry]` is the same row with another label. Give a new row a
/// name in `after` only where something refers to it. Selection and caret in `after` do not count.
#[track_caller]
pub(crate) fn check(before: &str, operation: impl FnOnce(&Case) -> Transaction, after: &str) {
    let mut case = Case::new(before);
    let original = case.state.clone();
    let transaction = operation(&case);
    apply(&mut case.state, &transaction).unwrap_or_else(|error| panic!("{error}\n{transaction:#?}"));
    let mut expected = Notation::parse(after, &schema()).unwrap_or_else(|error| panic!("{error}\n{after}"));
    (expected.selection, expected.caret) = (None, None);
    assert_eq!(case.print(&expected.names), expected.print(&schema()), "after {}", transaction.name);
    apply(&mut case.state, &transaction.inverse()).unwrap_or_else(|error| panic!("{error}\n{:#?}", transaction.inverse()));
    assert!(case.state == original, "the inverse of {} does not restore {before}", transaction.name);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Change, Edit};
    use crate::model::{Claim, Filler, LabelKey, Span};

    fn label(text: &str) -> LabelKey {
        text.parse().unwrap()
    }

    fn add_span(case: &Case) -> Transaction {
        let id = SpanId(case.ids().next_id());
        let span = Span::new(case.selected(), label("PER"));
        Transaction::new("label Person", vec![Edit::Span(case.key.clone(), Change::insert(id, span))])
    }

    #[test]
    fn a_new_row_needs_no_name() {
        check("«Kerry» said", add_span, "[PER Kerry] said");
        check("[CLAIM#c «Kerry» said]", add_span, "[CLAIM#c [PER Kerry] said]");
    }

    #[test]
    fn a_row_keeps_its_name() {
        let relabel = |case: &Case| {
            let span = case.state.sheet(&case.key).spans[&case.span("k")].clone();
            let mut other = span.clone();
            other.label = label("ORG");
            Transaction::new("relabel", vec![Edit::Span(case.key.clone(), Change::replace(case.span("k"), span, other))])
        };
        check("[PER#k Kerry] said", relabel, "[ORG#k Kerry] said");
    }

    #[test]
    fn a_new_row_takes_the_name_that_is_free() {
        let add_claim = |case: &Case| {
            let mut claim = Claim::new(label("CLAIM"), Some(case.selected().into()));
            claim.roles.insert("claimer".parse().unwrap(), vec![Filler::Span(case.span("k"))]);
            let id = ClaimId(case.ids().next_id());
            Transaction::new("claim", vec![Edit::Claim(case.key.clone(), Change::insert(id, claim))])
        };
        check("[PER#k Kerry] said «taxes rise»", add_claim, "[PER#k Kerry] said [CLAIM#new taxes rise]\n.. new: claimer=k");
    }

    #[test]
    #[should_panic(expected = "after label Person")]
    fn a_wrong_expectation_fails() {
        check("«Kerry» said", add_span, "[ORG Kerry] said");
    }
}
