//! Relations with the hands: where one starts, where it leads to, and which of them the article shows.

use super::App;
use super::offer::Purpose;
use super::session::Session;
use super::words::tr;
use crate::edit::ops;
use crate::model::{Node, RelationId, RelationKey, Schema, SheetKey};

/// Where the choice is kept in the preferences.
const PREFERENCE: &str = "relations-in-text";

/// Which relations are drawn in the article.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum ShownRelations {
    /// Those at the selected mark, and the selected one.
    #[default]
    OfSelection,
    /// All.
    All,
    /// None.
    None,
}

impl ShownRelations {
    const NAMES: [(Self, &'static str); 3] = [(Self::OfSelection, "selection"), (Self::All, "all"), (Self::None, "none")];

    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(shown, _)| *shown == self).map_or("", |(_, name)| name)
    }
}

/// A type of relation that can join two nodes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Joint {
    pub(crate) label: RelationKey,
    /// It leads from the second to the first.
    pub(crate) is_reversed: bool,
}

/// All types that can join two nodes: those that lead from the first to the second, then those that lead back.
pub(crate) fn joints(schema: &Schema, from: Node, to: Node) -> Vec<Joint> {
    let types = schema.offered_relation_types();
    let joint = |is_reversed: bool| move |(label, _): &(&RelationKey, _)| Joint { label: (*label).clone(), is_reversed };
    let forward = types.iter().filter(|(_, def)| def.joins(from.kind(), to.kind())).map(joint(false));
    let back = types.iter().filter(|(_, def)| !def.symmetric && def.joins(to.kind(), from.kind())).map(joint(true));
    forward.chain(back).collect()
}

impl App {
    pub(crate) fn shown_relations(&self) -> ShownRelations {
        let name = self.preferences.others.get(PREFERENCE);
        ShownRelations::NAMES.iter().find(|(_, known)| name.is_some_and(|name| name == known)).map(|(shown, _)| *shown).unwrap_or_default()
    }

    pub(crate) fn show_relations(&mut self, shown: ShownRelations) {
        self.preferences.others.insert(PREFERENCE.to_owned(), shown.name().to_owned());
        self.save_preferences();
    }

    /// Asks where a relation leads to from what is selected.
    pub(crate) fn open_relate(&mut self, label: Option<RelationKey>) {
        let Some(session) = &self.session else { return };
        let Some(from) = session.selected_node() else {
            return self.say(tr("Select where the relation starts first"));
        };
        let schema = &session.workspace.state().schema;
        let can_start = |def: &crate::model::RelationType| def.starts_at(from.kind());
        let fits = match &label {
            Some(label) => schema.relation_types.get(label).is_some_and(can_start),
            None => schema.offered_relation_types().iter().any(|(_, def)| can_start(def) || def.to.is_empty() || def.to.contains(&from.kind())),
        };
        if !fits {
            return self.say(tr("The codebook has no such relation from here"));
        }
        self.open_offer(Purpose::Relate(from, label));
    }

    /// Joins two nodes; asks with what where more than one type is possible.
    pub(crate) fn relate(&mut self, from: Node, to: Node, label: Option<RelationKey>) {
        let Some(session) = &self.session else { return };
        if let Some(label) = label {
            return self.join(from, to, &Joint { label, is_reversed: false });
        }
        match joints(&session.workspace.state().schema, from, to).as_slice() {
            [] => self.say(tr("The codebook has no relation between these two")),
            [joint] => self.join(from, to, joint),
            _ => self.open_offer(Purpose::Join(from, to)),
        }
    }

    pub(crate) fn join(&mut self, from: Node, to: Node, joint: &Joint) {
        let (start, end) = if joint.is_reversed { (to, from) } else { (from, to) };
        if self.try_change(|state, key, id| ops::add_relation(state, key, id, &joint.label, start, end)) {
            self.close_offer();
        }
    }

    pub(crate) fn select_relation(&mut self, relation: Option<RelationId>) {
        self.select_mark(None);
        if let Some(session) = &mut self.session {
            session.selected_relation = relation;
            session.offer = None;
        }
    }

    /// Selects a relation and brings one of its ends into view.
    pub(crate) fn go_to_relation(&mut self, relation: RelationId) {
        let ends = self.ends_of(relation);
        if let Some(mark) = ends.into_iter().flatten().find_map(Node::mark) {
            self.go_to_mark(mark);
        }
        self.select_relation(Some(relation));
    }

    pub(crate) fn go_to_node(&mut self, node: Node) {
        match node {
            Node::Relation(id) => self.go_to_relation(id),
            Node::Entity(id) => self.select_entity(Some(id)),
            node => node.mark().into_iter().for_each(|mark| self.go_to_mark(mark)),
        }
    }

    fn ends_of(&self, relation: RelationId) -> Option<[Node; 2]> {
        let sheet = self.session.as_ref()?.current_sheet()?;
        sheet.relations.get(&relation).map(|relation| [relation.from, relation.to])
    }

    /// The next relation at what is selected; from a relation the next one at where it starts.
    pub(crate) fn select_next_relation(&mut self) {
        let Some(session) = &self.session else { return };
        let Some(sheet) = session.current_sheet() else { return };
        let current = session.selected_relation;
        let at = match current {
            Some(relation) => sheet.relations.get(&relation).map(|relation| relation.from),
            None => session.selected_node(),
        };
        let all: Vec<RelationId> = match at {
            Some(node) => sheet.relations_at(node).map(|(id, _)| id).collect(),
            None => sheet.relations.keys().copied().collect(),
        };
        let next = current.and_then(|current| all.iter().position(|id| *id == current)).map_or(0, |at| at + 1);
        match all.get(next).or(all.first()).copied() {
            Some(relation) => self.select_relation(Some(relation)),
            None => self.say(tr("There is no relation here")),
        }
    }

    /// Goes to where the selected relation leads to; from there back.
    pub(crate) fn go_to_other_end(&mut self) {
        let Some(relation) = self.session.as_ref().and_then(|session| session.selected_relation) else { return };
        if let Some([_, to]) = self.ends_of(relation) {
            self.go_to_node(to);
        }
    }
}

/// A node in few words: `Person: Ada Stone`.
pub(crate) fn node_name(session: &Session, key: &SheetKey, node: Node) -> String {
    let state = session.workspace.state();
    let (label, words) = match node {
        Node::Span(_) | Node::Claim(_) => {
            let Some(mark) = node.mark().filter(|mark| session.has_mark(*mark)) else { return tr("(gone)").into_owned() };
            let label = super::lists::label_of(session, key, mark);
            let label = label.map(|label| state.schema.labels.get(label).map_or_else(|| label.to_string(), |def| def.name.clone()));
            (label.unwrap_or_default(), super::lists::quote_of(session, key, mark))
        }
        Node::Entity(id) => match state.entity(id) {
            Some((_, entity)) => (tr("Entity").into_owned(), entity.name.clone()),
            None => return tr("(gone)").into_owned(),
        },
        Node::Relation(id) => match session.sheet_of(key).relations.get(&id) {
            Some(relation) => (tr("Relation").into_owned(), relation_type_name(&state.schema, &relation.label)),
            None => return tr("(gone)").into_owned(),
        },
    };
    crate::text::one_line(&format!("{label}: {words}"), 60)
}

/// What a type of relation is called.
pub(crate) fn relation_type_name(schema: &Schema, label: &RelationKey) -> String {
    schema.relation_types.get(label).map_or_else(|| label.to_string(), |def| crate::text::with_symbols(&def.name).into_owned())
}
