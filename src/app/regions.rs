//! Parts of the text with the hands: title, caption and boilerplate, by key and as proposed.

use super::App;
use super::session::Session;
use super::words::tr;
use crate::edit::ops;
use crate::model::{DocumentId, Region, RegionKind};
use crate::suggest::regions::{proposal_name, propose_regions};
use crate::text::{Text, TextRange, segment};

/// The proposals for one document, made anew when its fields or what was turned down change.
#[derive(Default)]
pub(crate) struct Proposals {
    made_from: Option<(DocumentId, u64, u64)>,
    // Of the text and what is marked in it, whatever was turned down: looking through a long text takes its time.
    proposed: Vec<Region>,
    proposed_from: Option<(DocumentId, u64)>,
    /// In text order.
    pub(crate) regions: Vec<Region>,
}

impl Proposals {
    pub(crate) fn refresh(&mut self, session: &Session) {
        let Some(key) = session.current() else { return };
        let state = session.workspace.state();
        let made_from = Some((key.document.clone(), state.tables_revision, state.sheet_revision(key)));
        if self.made_from == made_from {
            return;
        }
        self.made_from = made_from;
        let proposed_from = Some((key.document.clone(), state.tables_revision));
        if self.proposed_from != proposed_from {
            self.proposed_from = proposed_from;
            self.proposed = all_proposals(session).unwrap_or_default();
        }
        self.regions = without_rejected(session, self.proposed.clone());
    }
}

/// What is proposed and was neither taken nor turned down.
fn open_proposals(session: &Session) -> Option<Vec<Region>> {
    all_proposals(session).map(|proposed| without_rejected(session, proposed))
}

fn all_proposals(session: &Session) -> Option<Vec<Region>> {
    let key = session.current()?;
    let (text, document) = (session.text_of(key)?, session.workspace.state().document(&key.document)?);
    Some(propose_regions(&text, &document.regions))
}

fn without_rejected(session: &Session, mut proposed: Vec<Region>) -> Vec<Region> {
    if let Some(key) = session.current() {
        let rejected = &session.sheet_of(key).info.rejected;
        proposed.retain(|region| !rejected.contains(&proposal_name(region)));
    }
    proposed
}

impl App {
    /// The selected words, else the paragraph at the caret, play a part; or no longer, where they play it already.
    pub(crate) fn toggle_region(&mut self, kind: RegionKind) {
        let Some((id, range)) = self.session.as_ref().and_then(|session| Some((session.current()?.document.clone(), place(session)?))) else {
            return self.say(tr("Nothing to mark at the caret"));
        };
        self.change(|state| ops::toggle_region(state, &id, range, kind));
        self.collapse_selection(range);
    }

    /// What was proposed becomes part of the data.
    pub(crate) fn set_regions(&mut self, regions: &[Region]) {
        if let Some(id) = self.shown_document() {
            self.change(|state| ops::set_regions(state, &id, regions));
        }
    }

    pub(crate) fn clear_region(&mut self, range: TextRange) {
        if let Some(id) = self.shown_document() {
            self.change(|state| ops::clear_region(state, &id, range));
        }
    }

    /// All that is proposed for the shown article.
    pub(crate) fn confirm_regions(&mut self) {
        match self.session.as_ref().and_then(open_proposals).filter(|proposed| !proposed.is_empty()) {
            Some(proposed) => self.set_regions(&proposed),
            None => self.say(tr("Nothing is proposed for this article")),
        }
    }

    /// It is not proposed again.
    pub(crate) fn reject_region(&mut self, region: &Region) {
        let name = proposal_name(region);
        self.change_sheet(|state, key| Ok(ops::reject_occurrence(state, key, &name)));
    }

    fn shown_document(&self) -> Option<DocumentId> {
        self.session.as_ref()?.current().map(|key| key.document.clone())
    }
}

fn place(session: &Session) -> Option<TextRange> {
    let text: Text = session.text_of(session.current()?)?;
    let caret = session.article.as_ref()?.view.caret().head;
    let range = session.selected_text().unwrap_or_else(|| segment::paragraph_at(text.as_str(), caret));
    let range = text.range(range.start, range.end).ok()?;
    let trimmed = text.slice(range).trim();
    let begin = range.start() + (text.slice(range).len() - text.slice(range).trim_start().len());
    (!trimmed.is_empty()).then(|| text.range(begin, begin + trimmed.len()).ok()).flatten()
}
