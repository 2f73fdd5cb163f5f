//! Beginning a quest, and taking what it finds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{TryRecvError, channel};
use std::time::{Duration, Instant};

use super::lines::{Lines, Source, in_order};
use super::{ConcordancePanel, Order, Quest, Run, Scope, Stream};
use crate::app::App;
use crate::app::jobs::Done;
use crate::app::session::Place;
use crate::app::words::{tr, tr_with};
use crate::model::{MarkId, SheetKey};
use crate::suggest::occurrences::open_occurrences;
use crate::text::search::{Bounds, Needles};
use crate::workspace::corpus::{DocumentHits, OpenPlaces};

/// So long may taking what was found take in a frame.
const IN_A_FRAME: Duration = Duration::from_micros(500);

impl App {
    /// The words of the selected span, and the names of its entity, where they are not labelled yet.
    pub(crate) fn label_occurrences(&mut self, scope: Scope) {
        let Some(session) = &self.session else { return };
        let (Some(MarkId::Span(id)), Some(key)) = (session.selected, session.current()) else {
            return self.say(tr("Select a labelled span first"));
        };
        let state = session.workspace.state();
        let Some(span) = session.sheet_of(key).spans.get(&id) else { return };
        let quote = session.text_of(key).map(|text| text.quote(&span.ranges)).unwrap_or_default();
        let entity = span.entity.and_then(|entity| state.entity(entity)).filter(|(_, entity)| !entity.deleted);
        let names = entity.iter().flat_map(|(_, entity)| entity.aliases.iter().chain([&entity.name]));
        let needles: Vec<String> =
            names.cloned().chain((!span.ranges.is_discontinuous()).then_some(quote)).filter(|n| !n.trim().is_empty()).collect();
        let panel = ConcordancePanel { label: Some(span.label.clone()), entity: entity.map(|(id, _)| id), scope, ..self.fresh_panel() };
        self.concordance = ConcordancePanel { quest: Quest::Occurrences(needles), ..panel };
        self.search_for_lines();
    }

    /// Opens the search over the project; what was typed last time is there.
    pub(crate) fn open_concordance(&mut self) {
        let selected = self.with_article(|_, session, article| {
            let text = session.text_of(&article.key)?;
            text.as_str().get(article.view.caret().range()).filter(|text| !text.is_empty() && !text.contains('\n')).map(str::to_owned)
        });
        let typed = selected.unwrap_or_else(|| self.concordance.typed.clone());
        self.concordance = ConcordancePanel { scope: Scope::Project, typed: typed.clone(), wants_field: true, ..self.fresh_panel() };
        if !typed.is_empty() {
            self.look_for(typed);
        }
    }

    fn fresh_panel(&mut self) -> ConcordancePanel {
        self.concordance.close();
        ConcordancePanel {
            is_open: true,
            generation: self.concordance.generation,
            case: self.concordance.case,
            order: self.concordance.order,
            ..ConcordancePanel::default()
        }
    }

    pub(crate) fn look_for(&mut self, typed: String) {
        self.concordance.typed.clone_from(&typed);
        self.concordance.quest = if typed.trim().is_empty() { Quest::Nothing } else { Quest::Typed(typed) };
        self.search_for_lines();
    }

    pub(crate) fn set_concordance_scope(&mut self, scope: Scope) {
        self.concordance.scope = scope;
        self.search_for_lines();
    }

    pub(crate) fn set_concordance_case(&mut self, case: crate::text::search::Case) {
        self.concordance.case = case;
        self.search_for_lines();
    }

    /// Begins anew: the shown article at once, the others by a job.
    fn search_for_lines(&mut self) {
        let panel = &mut self.concordance;
        if let Some(stream) = panel.stream.take() {
            stream.cancel.cancel();
        }
        (panel.lines, panel.at, panel.run, panel.is_following) = (Lines::default(), 0, Run::NotBegun, true);
        panel.answered.clear();
        panel.generation += 1;
        let needles = match &panel.quest {
            Quest::Nothing => return,
            Quest::Typed(typed) => Needles::one(typed, panel.case, Bounds::Anywhere),
            Quest::Occurrences(names) => Needles::new(names, crate::text::search::Case::Matters, Bounds::WholeWords),
        };
        self.search_shown(&needles);
        if self.concordance.scope == Scope::Project {
            self.search_others(needles);
        }
        self.sort_lines(self.concordance.order);
    }

    fn search_shown(&mut self, needles: &Needles) {
        let Some(session) = &self.session else { return };
        let Some((key, text)) = session.current().and_then(|key| Some((key, session.text_of(key)?))) else { return };
        let state = session.workspace.state();
        let ranges = match (&self.concordance.quest, &self.concordance.label) {
            (Quest::Occurrences(_), Some(label)) => open_occurrences(&text, session.sheet_of(key), &state.schema, label, needles),
            _ => needles.find_in(&text),
        };
        if !ranges.is_empty() {
            let source = Source { document: key.document.clone(), text };
            self.concordance.lines.add(source, &ranges);
        }
    }

    fn search_others(&mut self, needles: Needles) {
        let Some(session) = &self.session else { return };
        let state = session.workspace.state();
        let shown = session.current().map(|key| key.document.clone());
        let corpus = session.workspace.corpus(&session.texts).without(shown.clone());
        let places = match (&self.concordance.quest, &self.concordance.label) {
            (Quest::Occurrences(_), Some(label)) => {
                let coder = session.workspace.coder().clone();
                let mut sheets = session.workspace.loaded_sheets(&coder);
                // Not the shown one, so that the next change of it needs no copy.
                sheets.retain(|key, _| Some(&key.document) != shown.as_ref());
                Some(OpenPlaces { coder, label: label.clone(), schema: state.schema.clone(), sheets })
            }
            _ => None,
        };
        let (sender, receiver) = channel();
        let (cancel, is_asked) = (crate::progress::CancelToken::new(), Arc::<AtomicBool>::default());
        self.concordance.stream = Some(Stream { receiver, cancel: cancel.clone(), is_asked: is_asked.clone() });
        let ctx = self.ctx.clone();
        self.jobs.start(&self.ctx, tr("Searching"), move |progress, stop| {
            let on_hits = |hits: DocumentHits| {
                if stop.is_cancelled() {
                    cancel.cancel();
                }
                // The panel may be closed by now.
                let _ = sender.send(hits);
                // Once a frame: the window's thread would wait for each time.
                if !is_asked.swap(true, Ordering::Relaxed) {
                    ctx.request_repaint();
                }
            };
            let report = match &places {
                Some(places) => corpus.search_open(&needles, places, (progress, &cancel), on_hits),
                None => corpus.search(&needles, (progress, &cancel), on_hits),
            };
            Done::Searched(report.findings)
        });
    }

    /// Takes of what the job has found as much as a frame has time for.
    pub(crate) fn take_lines(&mut self) {
        let Some(stream) = &self.concordance.stream else { return };
        stream.is_asked.store(false, Ordering::Relaxed);
        let start = Instant::now();
        loop {
            match stream.receiver.try_recv() {
                Ok(DocumentHits { document, text, ranges }) => self.concordance.lines.add(Source { document, text }, &ranges),
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => break,
            }
            if start.elapsed() > IN_A_FRAME {
                return self.ctx.request_repaint();
            }
        }
        self.concordance.stream = None;
        if self.concordance.order != Order::Text {
            self.sort_lines(self.concordance.order);
        }
    }

    /// Works the order out on another thread.
    pub(crate) fn sort_lines(&mut self, order: Order) {
        let panel = &mut self.concordance;
        let is_sorted = order == Order::Text && panel.order == Order::Text;
        panel.order = order;
        if is_sorted {
            return;
        }
        let (places, generation) = (panel.lines.places(), panel.generation);
        self.jobs.start(&self.ctx, tr("Sorting"), move |_, _| Done::Sorted(generation, in_order(&places, order)));
    }

    pub(crate) fn lines_sorted(&mut self, generation: u64, order: Vec<usize>) {
        let panel = &mut self.concordance;
        if panel.generation != generation {
            return;
        }
        panel.lines.set_order(order);
        panel.answered.clear();
        panel.at = panel.lines.next_open(0).unwrap_or(0);
        panel.is_following = true;
    }

    /// Opens the document of the line in hand at its place.
    pub(crate) fn go_to_line(&mut self) {
        let Some((line, source)) = self.concordance.lines.get(self.concordance.at) else { return };
        let (document, range) = (source.document.clone(), line.range);
        self.open_at(&document, Place::Range(range));
    }

    /// Selects a place of the shown article and brings it into view.
    pub(crate) fn show_range(&mut self, range: crate::text::TextRange) {
        use crate::app::article::{Caret, Reveal};
        self.with_article(|_, _, article| {
            article.view.set_caret(Caret { anchor: range.start(), head: range.end() });
            article.view.reveal(Reveal::IfHidden(range.start()));
            Some(())
        });
    }

    /// What is looked for, for people.
    pub(crate) fn quest_title(&self) -> String {
        let panel = &self.concordance;
        match &panel.quest {
            Quest::Nothing => tr("Find in the project").into_owned(),
            Quest::Typed(typed) => tr_with("Places of “{}”", typed),
            Quest::Occurrences(names) => {
                tr_with("Where is {} not labelled yet?", names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// The sheet of the coder that a line belongs to.
pub(super) fn sheet_of(app: &App, source: &Source) -> Option<SheetKey> {
    Some(SheetKey::new(&source.document, app.session.as_ref()?.workspace.coder()))
}
