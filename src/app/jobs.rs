//! Long work off the window's thread. Results come back as one closed enum and are handled in `done.rs`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::Duration;

use eframe::egui::{Context, FontData};

use super::article::ArticleView;
use super::codebook::{BigChange, Counted, RowUses};
use super::codebook_files::CodebookLooked;
use super::dialogs::{ExportChoice, ImportChoice, PathUse};
use super::entities::ReadSheets;
use super::feed::Feed;
use super::lists::DocumentList;
use super::preview::ReadySheet;
use super::problems::{SheetProblems, Source};
use super::survey::Survey;
use crate::format::ExportReport;
use crate::model::{Coder, CoderKey, DocumentId, Finding, SheetKey};
use crate::progress::{CancelToken, Progress};
use crate::store::{Loaded, LoadedText, StoreError};
use crate::suggest::dictionary::Dictionary;
use crate::suggest::duplicates::LikelyDuplicate;
use crate::workspace::export::ExportDone;
use crate::workspace::guidelines::ReadGuidelines;
use crate::workspace::import::{ImportPreview, ReadyImport};
use crate::workspace::states::{FileChange, KnownProject, StateId};
use crate::workspace::watch::Watched;
use crate::workspace::{ChangeOfAll, CheckpointDone, Opened, RestorePlan};

/// What a job brings back.
pub(crate) enum Done {
    /// A project was opened or made.
    Opened(Result<Box<OpenedProject>, StoreError>),
    /// A project has coders, and none of them is the user.
    WhoWanted(PathBuf, Vec<(CoderKey, Coder)>),
    /// A large document's text was read; its sheet comes next.
    TextRead(SheetKey, Result<Box<(LoadedText, ArticleView)>, StoreError>),
    /// A document's text and sheet were read, and what is to be known of a large one is worked out.
    Loaded(SheetKey, Result<Box<Loaded>, StoreError>, Option<Box<ReadySheet>>),
    /// The sheets of all documents were counted.
    Surveyed(Box<Survey>, Vec<Finding>),
    /// The shown article was checked as it was then.
    SheetChecked(Source, Box<SheetProblems>),
    /// All articles were checked.
    Checked(Vec<Finding>),
    /// What a change of all documents would touch.
    ChangeCounted(BigChange, Result<Counted, String>),
    /// How often each row of the codebook is used; none when a sheet could not be read.
    CodebookCounted(Option<Box<RowUses>>),
    /// A change of all documents was worked out.
    AllChanged(Result<Box<ChangeOfAll>, String>),
    /// Entities that could be one, by the revision of the entities.
    DuplicatesFound(u64, Vec<LikelyDuplicate>),
    /// The dictionaries of the project were read.
    DictionaryRead(Box<Dictionary>, Vec<Finding>),
    /// The sheets in which an entity is used were read.
    UsesRead(Vec<DocumentId>, ReadSheets),
    /// Every coder's sheet of a document was read.
    SheetsRead(DocumentId, ReadSheets),
    /// Texts are in memory for the first search.
    TextsRead,
    /// All documents were searched; the places came before.
    Searched(Vec<Finding>),
    /// The order of the places that a search has found, with the number of the search.
    Sorted(u64, Vec<usize>),
    /// The project's files were looked at for changes of others; how long that took.
    Watched(Result<Watched, StoreError>, Duration),
    /// Copies of the project's files were kept, or not.
    BackedUp(Result<(), StoreError>),
    /// How many seconds the coder was at work in each document before.
    ActivityRead(BTreeMap<String, u64>),
    /// Earlier states of all projects of this machine.
    StatesRead(Vec<KnownProject>),
    /// What differs between a state and the files as they are now.
    StateCompared(StateId, Result<Vec<FileChange>, StoreError>),
    /// A state was written as a project of its own.
    StateCopied(Result<(PathBuf, Vec<Finding>), StoreError>),
    /// What an earlier state holds was read.
    RestorePlanned(Result<Box<RestorePlan>, StoreError>),
    /// The guidelines were read, or why not.
    GuidelinesRead(Result<ReadGuidelines, String>),
    /// The guidelines were saved, or why not.
    GuidelinesSaved(Result<ReadGuidelines, String>),
    /// Another codebook was read, and uses of the project's own were counted.
    CodebookLooked(PathBuf, Box<CodebookLooked>),
    /// The system's serif face; none where it has none.
    SerifFound(Option<Box<FontData>>),
    /// A file was written for other programs.
    Written(Result<(PathBuf, Vec<Finding>), String>),
    /// Files were written, or not.
    Checkpoint(Box<CheckpointDone>),
    /// What an import would bring.
    ImportSeen(Box<ImportSeen>),
    /// Files were read for an import.
    ImportRead(Box<ImportRead>),
    /// What an export would carry.
    ExportPlanned(Box<ExportChoice>, Result<ExportReport, String>),
    /// An export was written.
    Exported(Result<(PathBuf, ExportDone), String>),
    /// The project was copied.
    SavedAs(Result<PathBuf, StoreError>),
    /// Somebody chose paths in the system's dialog, or closed it.
    Picked(PathUse, Vec<PathBuf>),
}

/// A project with what takes long to make of a large one.
pub(crate) struct OpenedProject {
    pub(crate) opened: Opened,
    pub(crate) list: DocumentList,
}

impl Done {
    /// A project as it was opened, or why it was not.
    pub(crate) fn opened(result: Result<Opened, StoreError>) -> Self {
        Self::Opened(result.map(|opened| Box::new(OpenedProject { list: DocumentList::of(&opened.workspace), opened })))
    }
}

/// Files that were looked at before an import.
pub(crate) struct ImportSeen {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) choice: ImportChoice,
    pub(crate) preview: ImportPreview,
}

/// Files that were read for an import.
pub(crate) struct ImportRead {
    /// What was in them, ready to be added.
    pub(crate) ready: Result<ReadyImport, String>,
    /// Files whose encoding is not certain.
    pub(crate) undecoded: Option<UndecodedFiles>,
}

/// Files that look as if they had the same encoding.
pub(crate) struct UndecodedFiles {
    /// The first of them, as it was named.
    pub(crate) name: String,
    /// The likely encoding.
    pub(crate) guess: &'static str,
    pub(crate) paths: Vec<PathBuf>,
    /// The beginning of the first.
    pub(crate) head: Vec<u8>,
    /// Files that look otherwise, to be asked for afterwards.
    pub(crate) later: Vec<PathBuf>,
}

/// Where jobs run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Runner {
    /// Each on a thread of its own.
    Threads,
    /// At once, for tests.
    Inline,
}

/// A job that has not come back yet.
pub(crate) struct Job {
    /// Shown beside its bar.
    pub(crate) name: String,
    pub(crate) progress: Progress,
    pub(crate) cancel: CancelToken,
    receiver: Receiver<Done>,
}

/// Work of the window itself that is shown as a job, until this is dropped.
pub(crate) struct Shown {
    pub(crate) progress: Progress,
    pub(crate) cancel: CancelToken,
    _sender: Sender<Done>,
}

/// All jobs.
pub(crate) struct Jobs {
    pub(crate) running: Vec<Job>,
    runner: Runner,
}

impl Jobs {
    pub(crate) fn new(runner: Runner) -> Self {
        Self { running: Vec::new(), runner }
    }

    /// Starts a job; the window is woken when it is done.
    pub(crate) fn start(&mut self, ctx: &Context, name: impl Into<String>, work: impl FnOnce(&Progress, &CancelToken) -> Done + Send + 'static) {
        let (progress, cancel) = (Progress::new(), CancelToken::new());
        let (sender, receiver) = channel();
        let job = Job { name: name.into(), progress: progress.clone(), cancel: cancel.clone(), receiver };
        self.running.push(job);
        let ctx = ctx.clone();
        let run = move || {
            // The receiver is gone only when the window is.
            let _ = sender.send(work(&progress, &cancel));
            ctx.request_repaint();
        };
        match self.runner {
            Runner::Inline => run(),
            Runner::Threads => drop(std::thread::spawn(run)),
        }
    }

    /// Shows work that the window does between frames.
    pub(crate) fn show(&mut self, name: impl Into<String>) -> Shown {
        let (progress, cancel) = (Progress::new(), CancelToken::new());
        let (sender, receiver) = channel();
        self.running.push(Job { name: name.into(), progress: progress.clone(), cancel: cancel.clone(), receiver });
        Shown { progress, cancel, _sender: sender }
    }

    /// Makes things ready one after the other, for work that [`Self::show`] shows.
    pub(crate) fn feed<T: Send + 'static>(&self, ctx: &Context, next: impl FnMut() -> Option<T> + Send + 'static) -> Feed<T> {
        Feed::start(self.runner, ctx, next)
    }

    /// What came back since the last frame. A job whose thread died brings nothing.
    pub(crate) fn finished(&mut self) -> Vec<Done> {
        let mut done = Vec::new();
        self.running.retain(|job| match job.receiver.try_recv() {
            Ok(result) => {
                done.push(result);
                false
            }
            Err(TryRecvError::Empty) => true,
            Err(TryRecvError::Disconnected) => false,
        });
        done
    }

    /// Waits for all jobs; used when the window closes.
    pub(crate) fn wait(&mut self) -> Vec<Done> {
        self.running.drain(..).filter_map(|job| job.receiver.recv().ok()).collect()
    }
}
