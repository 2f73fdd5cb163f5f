//! The open project as the window sees it: the workspace, and what the coder has in hand.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::article::ArticleView;
use super::find::Find;
use super::follow::{Follower, News};
use super::offer::Offer;
use super::outside::OutsideWatch;
use super::preview::Preview;
use super::survey::Survey;
use crate::edit::Edit;
use crate::edit::ops::Edge;
use crate::model::{ClaimId, DocumentId, EntityId, Finding, LabelKey, MarkId, Node, RelationId, Sheet, SheetKey, SpanId};
use crate::progress::CancelToken;
use crate::suggest::dictionary::Dictionary;
use crate::suggest::names::NameIndex;
use crate::text::{Ranges, Text, TextRange};
use crate::workspace::corpus::TextCache;
use crate::workspace::{Access, Workspace};

/// An open project.
pub(crate) struct Session {
    pub(crate) workspace: Workspace,
    /// The article that is shown.
    pub(crate) article: Option<Article>,
    /// A document that is being read and will be shown.
    pub(crate) awaited: Option<DocumentId>,
    /// Its text, where it is large and its sheet is still being read.
    pub(crate) preview: Option<Preview>,
    /// Where to go once the awaited document is shown.
    pub(crate) awaited_place: Option<Place>,
    /// The mark that the inspector shows.
    pub(crate) selected: Option<MarkId>,
    /// The relation that the inspector shows; no mark is selected then.
    pub(crate) selected_relation: Option<RelationId>,
    /// The mark that was made or selected last: further ranges go there.
    pub(crate) last_mark: Option<MarkId>,
    /// The claim that roles and attributes go to, also while something else is selected.
    pub(crate) claim_at_work: Option<ClaimId>,
    /// What could fill the slot that is being filled.
    pub(crate) offer: Option<Offer>,
    /// The entity that the inspector shows; its mentions light up.
    pub(crate) selected_entity: Option<EntityId>,
    /// A mark that was just made: its edges are not in the way of the next drag until it is picked again.
    pub(crate) fresh_mark: Option<MarkId>,
    /// The edge that the arrow keys move.
    pub(crate) picked_edge: Option<Edge>,
    /// Selecting gives this label.
    pub(crate) locked: Option<LabelKey>,
    pub(crate) find: Find,
    /// Names with ids that are offered when a mention is linked.
    pub(crate) dictionary: Dictionary,
    /// Whom the names of entities can be found by; as of the last [`Self::refresh`].
    pub(crate) names: NameIndex,
    // By the revision of the entities.
    names_follow: Follower<()>,
    /// Texts that a search over the project has read.
    pub(crate) texts: TextCache,
    /// Stops the job that fills them before anybody searches.
    pub(crate) reading_ahead: CancelToken,
    /// What was said in all documents, counted.
    pub(crate) survey: Survey,
    /// Where the reader was in each document of this session: the first byte in view.
    pub(crate) places: BTreeMap<DocumentId, usize>,
    /// What others change meanwhile.
    pub(crate) outside: OutsideWatch,
    /// How long the coder was at work in each document before, in seconds.
    pub(crate) active_seconds: BTreeMap<String, u64>,
    /// Documents of a large import, or of a long undo or redo, which leave memory when they are written.
    pub(crate) leaving: Vec<DocumentId>,
    /// What opening, importing and exporting had to say.
    pub(crate) findings: Vec<Finding>,
}

/// A place in a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    Mark(MarkId),
    Range(TextRange),
}

/// The article that is shown.
pub(crate) struct Article {
    pub(crate) key: SheetKey,
    pub(crate) view: ArticleView,
}

impl Session {
    pub(crate) fn new(workspace: Workspace, findings: Vec<Finding>) -> Self {
        Self {
            workspace,
            article: None,
            awaited: None,
            preview: None,
            awaited_place: None,
            selected: None,
            selected_relation: None,
            last_mark: None,
            claim_at_work: None,
            offer: None,
            selected_entity: None,
            fresh_mark: None,
            picked_edge: None,
            locked: None,
            find: Find::default(),
            dictionary: Dictionary::default(),
            names: NameIndex::default(),
            names_follow: Follower::default(),
            texts: TextCache::default(),
            reading_ahead: CancelToken::new(),
            survey: Survey::default(),
            places: BTreeMap::new(),
            outside: OutsideWatch::new(),
            active_seconds: BTreeMap::new(),
            leaving: Vec::new(),
            findings,
        }
    }

    /// What is derived from the data follows their changes.
    pub(crate) fn refresh(&mut self) {
        let state = self.workspace.state();
        if let Some(article) = &mut self.article {
            article.view.refresh(&self.workspace, &article.key);
        }
        match self.names_follow.news_of_table(&self.workspace, (), state.entities_revision) {
            News::Nothing => {}
            News::Edits(edits) => edits.for_each(|edit| {
                if let Edit::Entity(change) = edit {
                    self.names.follow(change)
                }
            }),
            News::All => self.names = NameIndex::of(state),
        }
    }

    /// The sheet that is shown.
    pub(crate) fn current(&self) -> Option<&SheetKey> {
        self.article.as_ref().map(|article| &article.key)
    }

    /// A loaded text.
    pub(crate) fn text_of(&self, key: &SheetKey) -> Option<Text> {
        self.workspace.state().texts.get(&key.document).cloned()
    }

    /// A loaded sheet; a blank one where nothing was said.
    pub(crate) fn sheet_of(&self, key: &SheetKey) -> &Arc<Sheet> {
        self.workspace.state().sheet(key)
    }

    /// The shown sheet.
    pub(crate) fn current_sheet(&self) -> Option<&Arc<Sheet>> {
        self.current().map(|key| self.sheet_of(key))
    }

    /// Where the selected mark is.
    pub(crate) fn selected_ranges(&self) -> Option<&Ranges> {
        self.current_sheet()?.ranges_of(self.selected?)
    }

    /// The selected bytes of the shown article; none when nothing is selected.
    pub(crate) fn selected_text(&self) -> Option<Range<usize>> {
        self.article.as_ref().map(|article| article.view.caret().range()).filter(|range| !range.is_empty())
    }

    /// True when the coder may change things.
    pub(crate) fn is_writable(&self) -> bool {
        matches!(self.workspace.access(), Access::ReadWrite)
    }

    /// True when the sheet has the mark.
    pub(crate) fn has_mark(&self, mark: MarkId) -> bool {
        self.current_sheet().is_some_and(|sheet| match mark {
            MarkId::Span(id) => sheet.spans.contains_key(&id),
            MarkId::Claim(id) => sheet.claims.contains_key(&id),
        })
    }

    /// What a relation would start at: the selected mark, relation or entity.
    pub(crate) fn selected_node(&self) -> Option<Node> {
        let relation = self.selected_relation.map(Node::Relation);
        self.selected.map(Node::from).or(relation).or(self.selected_entity.map(Node::Entity))
    }

    /// The mark whose slots are shown: the selected one, else the claim under work.
    pub(crate) fn subject(&self) -> Option<MarkId> {
        self.selected.or_else(|| self.claim_at_work.map(MarkId::Claim))
    }

    /// True for a document outside the trash.
    pub(crate) fn is_present(&self, id: &DocumentId) -> bool {
        self.workspace.state().document(id).is_some_and(|document| !document.in_trash)
    }

    /// Takes nothing of the last document over to the next.
    pub(crate) fn let_go(&mut self) {
        (self.selected, self.last_mark, self.claim_at_work, self.picked_edge) = (None, None, None, None);
        (self.offer, self.selected_entity, self.selected_relation) = (None, None, None);
    }

    /// The spans of the shown article whose first byte this is.
    pub(crate) fn spans_beginning_at(&mut self, offset: usize) -> Vec<SpanId> {
        let Some(article) = &mut self.article else { return Vec::new() };
        // Several keys may have been pressed since the last frame.
        article.view.refresh(&self.workspace, &article.key);
        let marks = article.view.marks().all.starting_in(offset..offset + 1);
        marks.filter_map(|mark| if let MarkId::Span(id) = mark { Some(id) } else { None }).collect()
    }

    /// Lets go of what an undo took away.
    pub(crate) fn forget_gone_marks(&mut self) {
        self.claim_at_work = self.claim_at_work.filter(|claim| self.has_mark(MarkId::Claim(*claim)));
        self.selected = self.selected.filter(|mark| self.has_mark(*mark));
        self.selected_relation = self.selected_relation.filter(|id| self.current_sheet().is_some_and(|sheet| sheet.relations.contains_key(id)));
        self.last_mark = self.last_mark.filter(|mark| self.has_mark(*mark));
        let ranges = self.selected_ranges().map_or(0, |ranges| ranges.as_slice().len());
        self.picked_edge = self.picked_edge.filter(|edge| edge.range < ranges);
    }
}
