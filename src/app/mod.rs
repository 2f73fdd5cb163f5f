//! The window. The only place that knows egui.
//!
//! One frame: `logic` takes finished jobs and shortcuts; `ui` draws all views from a read-only look at the session and
//! collects actions in the queue; last the queue is drained in `act`. A new command is a row in `command` and a
//! function in `commands/`; a new panel is a file here and a line in `frame`.

mod act;
mod activity;
mod adding;
mod article;
mod autosave;
mod chain;
mod claim_bar;
mod claims;
mod codebook;
mod codebook_files;
mod command;
mod commands;
mod concordance;
mod correcting;
mod dialogs;
mod documents;
mod done;
mod drafts;
mod entities;
mod entity_table;
mod feed;
mod find;
mod follow;
mod fonts;
mod frame;
mod frame_times;
mod guidelines;
mod importing;
mod inspector;
mod jobs;
mod keys;
mod label_bar;
mod label_hint;
mod labelling;
mod lists;
mod menu_bar;
mod offer;
mod offering;
mod opening;
mod outside;
mod panels;
mod pick;
mod preview;
mod problems;
mod queue;
mod regions;
mod relating;
mod session;
mod shortcuts;
mod side_panel;
mod start;
mod states;
mod status_bar;
mod survey;
#[cfg(feature = "window-tests")]
mod testing;
mod theme;
mod transfer;
mod travelling;
mod words;

use std::collections::VecDeque;
use std::path::PathBuf;

pub use dialogs::PathUse;
use eframe::egui::{Context, ThemePreference};
pub use jobs::Runner;
use jobs::{ImportSeen, Jobs};
use panels::Panels;
pub use pick::Picker;
use queue::{Action, Queue};
use session::{Article, Session};
pub use start::{WindowError, run};

use self::command::When;
use self::dialogs::Dialog;
use crate::edit::History;
use crate::model::MarkId;
use crate::store::{Places, Preferences, Theme};

/// The window's state.
pub struct App {
    pub(crate) ctx: Context,
    pub(crate) places: Places,
    pub(crate) preferences: Preferences,
    pub(crate) session: Option<Session>,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) panels: Panels,
    pub(crate) jobs: Jobs,
    pub(crate) serif: fonts::Serif,
    /// An import on its way into the project.
    pub(crate) adding: Option<adding::Adding>,
    /// Imports that are added when a long undo or redo is over.
    pub(crate) waiting_imports: Vec<jobs::ImportRead>,
    /// A long undo or redo on its way.
    pub(crate) long_travel: Option<travelling::LongTravel>,
    pub(crate) queue: Queue,
    /// Words in their context, to label one by one.
    pub(crate) concordance: concordance::ConcordancePanel,
    /// A text field had the keyboard in the last frame: what takes it away, such as Escape, is the field's.
    pub(crate) was_typing: bool,
    /// The mentions that light up.
    pub(crate) chain: chain::Chain,
    pub(crate) frame_times: frame_times::FrameTimes,
    pub(crate) picker: Box<dyn Picker>,
    pub(crate) autosave: autosave::Autosave,
    /// What was said last, until something else happens.
    pub(crate) message: panels::Message,
    /// How long the coder is at work in the shown document.
    pub(crate) active_time: activity::ActiveTime,
    /// The field that was typed into last, and how many steps could be undone then.
    pub(crate) typed: Option<(labelling::Typed, usize)>,
    /// An earlier state to restore once everything is saved.
    pub(crate) to_restore: Option<crate::workspace::states::StateId>,
    /// What to do once the coder has said who they are.
    pub(crate) after_welcome: Option<Action>,
    /// Articles to add once the project is open.
    pub(crate) waiting: Vec<PathBuf>,
    // Files that were looked at and wait for the dialog that is open.
    looked_at: VecDeque<ImportSeen>,
    /// The template whose example becomes an article once its project is open.
    pub(crate) waiting_example: Option<&'static str>,
    /// A title and a text that become an article once there is a project.
    pub(crate) waiting_text: Option<(String, String)>,
}

impl App {
    /// An empty window. `start_with` says what it shows.
    pub fn new(ctx: &Context, places: Places, picker: Box<dyn Picker>, runner: Runner) -> Self {
        theme::install(ctx);
        let (preferences, finding) = Preferences::load(&places);
        let mut app = Self {
            ctx: ctx.clone(),
            places,
            preferences,
            session: None,
            dialog: None,
            panels: Panels::default(),
            jobs: Jobs::new(runner),
            serif: fonts::Serif::default(),
            adding: None,
            waiting_imports: Vec::new(),
            long_travel: None,
            queue: Queue::default(),
            concordance: concordance::ConcordancePanel::default(),
            was_typing: false,
            chain: chain::Chain::default(),
            frame_times: frame_times::FrameTimes::default(),
            picker,
            autosave: autosave::Autosave::default(),
            message: panels::Message::default(),
            active_time: activity::ActiveTime::default(),
            typed: None,
            to_restore: None,
            after_welcome: None,
            waiting: Vec::new(),
            looked_at: VecDeque::new(),
            waiting_example: None,
            waiting_text: None,
        };
        ctx.set_zoom_factor(app.preferences.zoom);
        // Where the desktop does not say (X11), paper is white.
        ctx.options_mut(|options| options.fallback_theme = eframe::egui::Theme::Light);
        ctx.set_theme(match app.preferences.theme {
            Theme::System => ThemePreference::System,
            Theme::Light => ThemePreference::Light,
            Theme::Dark => ThemePreference::Dark,
        });
        if let Some(finding) = finding {
            app.say(finding.to_string());
        }
        app
    }

    /// Does something with the shown article, whose view is lent out meanwhile.
    pub(crate) fn with_article<T>(&mut self, work: impl FnOnce(&Context, &Session, &mut Article) -> Option<T>) -> Option<T> {
        let session = self.session.as_mut()?;
        let mut article = session.article.take()?;
        let result = work(&self.ctx, session, &mut article);
        session.article = Some(article);
        result
    }

    /// True when commands of this kind can be used now.
    pub(crate) fn allows(&self, when: When) -> bool {
        let session = self.session.as_ref();
        let has = |test: fn(&Session) -> bool| session.is_some_and(test);
        // Behind the table of entities and the codebook nothing happens to the article.
        let is_reading = !self.panels.is_covered();
        let reads = |test: fn(&Session) -> bool| is_reading && session.is_some_and(|session| session.article.is_some() && test(session));
        let history = |test: fn(&History) -> bool| session.is_some_and(|session| session.is_writable() && test(session.workspace.history()));
        match when {
            When::Always => true,
            When::Project => session.is_some(),
            When::Document => reads(|_| true),
            When::Writable => reads(Session::is_writable),
            When::Mark => reads(|session| session.selected.is_some() && session.is_writable()),
            When::MarkShown => reads(|session| session.selected.is_some()),
            When::Selected => reads(|session| (session.selected.is_some() || session.selected_relation.is_some()) && session.is_writable()),
            When::Relation => reads(|session| session.selected_relation.is_some()),
            When::Claim => reads(|session| session.claim_at_work.is_some() && session.is_writable()),
            When::Span => reads(|session| matches!(session.selected, Some(MarkId::Span(_))) && session.is_writable()),
            When::Offer => reads(|session| session.offer.is_some()),
            When::Asking => is_reading && self.concordance.is_asking(),
            When::EntityTable => self.panels.entities.is_open() && has(|_| true),
            When::Codebook => self.panels.codebook.is_open() && has(|_| true),
            When::Changeable => has(Session::is_writable),
            When::Undo => history(|history| history.undo_len() > 0),
            When::Redo => history(|history| history.redo_len() > 0),
            When::Hits => has(|session| !session.find.needle.is_empty()),
            When::Conflict => has(|session| !session.workspace.conflicts().is_empty()),
        }
    }

    /// Says something in the status bar.
    pub(crate) fn say(&mut self, message: impl Into<String>) {
        self.message = panels::Message::new(message);
    }

    /// Says why something that was asked for could not be done, until it is read.
    pub(crate) fn alarm(&mut self, why: impl Into<String>) {
        self.dialog = Some(Dialog::Trouble(why.into()));
    }

    pub(crate) fn set_zoom(&mut self, zoom: f32) {
        self.preferences.zoom = (zoom * 10.0).round().clamp(5.0, 30.0) / 10.0;
        self.ctx.set_zoom_factor(self.preferences.zoom);
        self.save_preferences();
    }

    pub(crate) fn set_theme(&mut self, theme: ThemePreference) {
        self.preferences.theme = match theme {
            ThemePreference::Light => Theme::Light,
            ThemePreference::Dark => Theme::Dark,
            ThemePreference::System => Theme::System,
        };
        self.ctx.set_theme(theme);
        self.save_preferences();
    }

    /// Gives a command other keys, for this user.
    pub(crate) fn set_keys(&mut self, command: &str, keys: Option<Vec<String>>) {
        match keys {
            Some(keys) => drop(self.preferences.keys.insert(command.to_owned(), keys)),
            None => drop(self.preferences.keys.remove(command)),
        }
        self.save_preferences();
    }

    /// Keeps the preferences; a failure is said, nothing else depends on it.
    pub(crate) fn save_preferences(&mut self) {
        if let Err(error) = self.preferences.save(&self.places) {
            self.say(error.to_string());
        }
    }
}
