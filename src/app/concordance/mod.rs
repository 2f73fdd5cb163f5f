//! Words in their context, one place a line (KWIC), over the article or the project: to read, to sort, to label.
//!
//! Two ways in: a labelled span (“label all occurrences”: its words and the names of its entity, where they are not
//! labelled yet), or a search. Answers are given by key, one a line: each is in the journal at once, and all of them
//! together are one step for undo.

mod answers;
mod lines;
mod search;
mod view;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Receiver;

use lines::Lines;
pub(crate) use lines::Order;

use crate::model::{EntityId, LabelKey};
use crate::progress::CancelToken;
use crate::text::search::Case;
use crate::workspace::corpus::DocumentHits;

/// Where is looked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Scope {
    #[default]
    Article,
    Project,
}

/// What is looked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Quest {
    #[default]
    Nothing,
    /// What somebody typed: every place of it.
    Typed(String),
    /// The words of a labelled span and the names of its entity, where they are not labelled yet.
    Occurrences(Vec<String>),
}

/// How far a run of answers is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Run {
    /// Nothing was answered: the next answer begins a step of its own.
    #[default]
    NotBegun,
    /// The next answer belongs to the step.
    Going,
}

/// What the panel remembers between frames.
#[derive(Default)]
pub(crate) struct ConcordancePanel {
    is_open: bool,
    quest: Quest,
    scope: Scope,
    case: Case,
    order: Order,
    lines: Lines,
    /// The line in hand.
    at: usize,
    label: Option<LabelKey>,
    entity: Option<EntityId>,
    run: Run,
    /// All that is open is being answered with yes, a few places a frame.
    is_answering_all: bool,
    /// Answered lines, the last at the end, for going back.
    answered: Vec<usize>,
    typed: String,
    wants_field: bool,
    is_following: bool,
    stream: Option<Stream>,
    /// Counts the searches: an order that was worked out for an older one is not taken.
    generation: u64,
}

/// Lines that are still coming.
struct Stream {
    receiver: Receiver<DocumentHits>,
    cancel: CancelToken,
    /// A frame is asked for, in which lines will be taken.
    is_asked: Arc<AtomicBool>,
}

impl ConcordancePanel {
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    /// True while somebody is asked for an answer.
    pub(crate) fn is_asking(&self) -> bool {
        self.is_open && self.lines.len() > 0
    }

    /// True when there was something to close. What was answered stays.
    pub(crate) fn close(&mut self) -> bool {
        if let Some(stream) = self.stream.take() {
            stream.cancel.cancel();
        }
        let was_open = std::mem::take(&mut self.is_open);
        if was_open {
            *self = Self {
                generation: self.generation + 1,
                scope: self.scope,
                case: self.case,
                order: self.order,
                typed: std::mem::take(&mut self.typed),
                ..Self::default()
            };
        }
        was_open
    }
}
