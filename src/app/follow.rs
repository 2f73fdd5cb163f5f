//! What is derived from the data follows their changes row by row where it can, and is made anew where it cannot.

use crate::edit::Edit;
use crate::workspace::Workspace;

/// How far something derived has followed the data.
pub(crate) struct Follower<B> {
    last: Option<Seen<B>>,
}

struct Seen<B> {
    base: B,
    part: u64,
    state: u64,
}

impl<B> Default for Follower<B> {
    fn default() -> Self {
        Self { last: None }
    }
}

/// What there is to do.
pub(crate) enum News<I> {
    Nothing,
    /// These rows changed, and others that may not matter, oldest first.
    Edits(I),
    /// Make it anew.
    All,
}

impl<B: PartialEq> Follower<B> {
    /// Of something that was just made.
    pub(crate) fn at(workspace: &Workspace, base: B, part: u64) -> Self {
        Self { last: Some(Seen { base, part, state: workspace.state().revision() }) }
    }

    /// What happened since the last time. `part` is the revision of what is followed, such as a sheet; whenever `base` is another
    /// than last time, everything is made anew.
    pub(crate) fn news<'w>(&mut self, workspace: &'w Workspace, base: B, part: u64) -> News<impl Iterator<Item = &'w Edit> + use<'w, B>> {
        self.news_from(workspace, base, part, Workspace::edits_since)
    }

    /// The same of a table: which sheets are loaded has no say in it.
    pub(crate) fn news_of_table<'w>(&mut self, workspace: &'w Workspace, base: B, part: u64) -> News<impl Iterator<Item = &'w Edit> + use<'w, B>> {
        self.news_from(workspace, base, part, Workspace::edits_since_ignoring_loads)
    }

    fn news_from<'w, I>(
        &mut self,
        workspace: &'w Workspace,
        base: B,
        part: u64,
        edits_since: impl FnOnce(&'w Workspace, u64) -> Option<I>,
    ) -> News<I> {
        let now = Seen { base, part, state: workspace.state().revision() };
        let last = match self.last.take() {
            Some(last) if last.base == now.base => last,
            _ => {
                self.last = Some(now);
                return News::All;
            }
        };
        let news = if last.part == now.part { News::Nothing } else { edits_since(workspace, last.state).map_or(News::All, News::Edits) };
        self.last = Some(now);
        news
    }
}
