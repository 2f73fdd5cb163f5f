//! Opening projects, articles and documents; remembering the place; leaving.

use std::path::{Path, PathBuf};

use super::App;
use super::article::{ArticleView, ReadyMarks};
use super::dialogs::{Dialog, WelcomeForm, WhoForm};
use super::jobs::{Done, OpenedProject};
use super::preview::{PREVIEWED_BYTES, Preview, ReadySheet, at_place};
use super::queue::{Action, FirstArticle};
use super::session::{Article, Place, Session};
use super::words::{tr, tr_count, tr_with};
use crate::edit::ops;
use crate::model::{Coder, CoderKey, DocumentId, Finding, SheetKey};
use crate::store::templates::template;
use crate::store::{EarlySpans, Loaded, LoadedText, StoreError, random_ids};
use crate::workspace::{Access, NewProject, OpenOptions, Opened, Who, Workspace};

/// The name under which the workspace remembers the last place: document, first byte in view.
const PLACE: &str = "place";
/// The codebook of projects that are made for a single article.
const DEFAULT_TEMPLATE: &str = "news";

impl App {
    /// The coder's name; asked for once, and then what was wanted goes on.
    pub(crate) fn coder_or_ask(&mut self, then: impl FnOnce() -> Option<Action>) -> Option<String> {
        if self.preferences.coder_name.is_none() {
            let user = ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
            self.dialog = Some(Dialog::Welcome(WelcomeForm::new(user.unwrap_or_default())));
            self.after_welcome = then();
        }
        self.preferences.coder_name.clone()
    }

    /// Asks who annotates where nobody has said so yet.
    pub(crate) fn ask_for_coder(&mut self) {
        self.coder_or_ask(|| None);
    }

    pub(crate) fn set_coder(&mut self, name: String) {
        self.preferences.coder_name = Some(name);
        self.save_preferences();
        if let Some(action) = self.after_welcome.take() {
            self.act(action);
        }
    }

    /// Opens a project folder, or adds articles to the open project (to a new one where none is open).
    pub(crate) fn open_paths(&mut self, paths: Vec<PathBuf>) {
        if self.coder_or_ask(|| Some(Action::OpenPaths(paths.clone()))).is_none() {
            return;
        }
        let (projects, articles): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().map(project_of).partition(|path| is_project(path));
        if let Some(project) = projects.first() {
            if projects.len() > 1 {
                self.say(tr("One project at a time: the first was opened"));
            }
            self.open_project(project.clone());
            self.waiting.extend(articles);
        } else if self.session.is_some() {
            self.look_at_files(articles, None);
        } else if let Some(first) = articles.first() {
            self.create_project_for(&title_of(first));
            self.waiting.extend(articles);
        }
    }

    /// Opens a project as the coder of last time, or as the user. Where the project has other coders only, asks.
    fn open_project(&mut self, dir: PathBuf) {
        let Some(name) = self.preferences.coder_name.clone() else { return };
        let places = self.places.clone();
        let dir = std::path::absolute(&dir).unwrap_or(dir);
        let last = self.preferences.others.get(&coder_preference(&dir)).and_then(|key| CoderKey::new(key).ok());
        self.close_session();
        self.jobs.start(&self.ctx, tr("Opening"), move |progress, cancel| {
            let options = |who| OpenOptions { progress: progress.clone(), cancel: cancel.clone(), ..OpenOptions::read_write(who) };
            let coders = Workspace::coders(&dir).unwrap_or_default();
            let own = CoderKey::from_name(&name);
            let known = last.into_iter().chain([own]).find(|key| coders.contains_key(key));
            match known {
                Some(key) => Done::opened(Workspace::open(&dir, options(Who::Coder(key)), &places)),
                None if coders.is_empty() => Done::opened(Workspace::open(&dir, options(Who::Named(name)), &places)),
                None => Done::WhoWanted(dir, coders.into_iter().collect()),
            }
        });
    }

    pub(crate) fn ask_who(&mut self, dir: PathBuf, coders: Vec<(CoderKey, Coder)>) {
        let name = self.preferences.coder_name.clone().unwrap_or_default();
        self.dialog = Some(Dialog::Who(WhoForm::new(dir, coders, name)));
    }

    /// Opens a project as one of its coders, or as a new one.
    pub(crate) fn open_as(&mut self, dir: PathBuf, who: Who) {
        self.close_session();
        let places = self.places.clone();
        self.jobs.start(&self.ctx, tr("Opening"), move |_, _| Done::opened(Workspace::open(&dir, OpenOptions::read_write(who), &places)));
    }

    /// A project in the user's data folder, for articles that were opened without one.
    pub(crate) fn create_project_for(&mut self, title: &str) {
        let dir = self.places.fresh_project_dir(title);
        self.create_project(dir, DEFAULT_TEMPLATE, FirstArticle::None);
    }

    pub(crate) fn create_project(&mut self, dir: PathBuf, template_name: &'static str, first: FirstArticle) {
        let again = || Some(Action::CreateProject { dir: dir.clone(), template: template_name, first });
        let Some(coder) = self.coder_or_ask(again) else { return };
        let chosen = template(template_name).and_then(|template| Some((template.schema().ok()?, template.guidelines)));
        let Some((schema, guidelines)) = chosen else {
            return self.say(tr_with("The template {} cannot be read", template_name));
        };
        self.close_session();
        self.waiting_example = (first == FirstArticle::Example).then_some(template_name);
        let places = self.places.clone();
        let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.jobs.start(&self.ctx, tr("Making the project"), move |_, _| {
            let new = NewProject { name, schema, guidelines: guidelines.to_owned(), coder: coder.clone() };
            let made = Workspace::create(&dir, new, &places, random_ids()).and_then(Workspace::close);
            let opened = made.and_then(|()| Workspace::open(&dir, OpenOptions::read_write(Who::Named(coder)), &places));
            Done::opened(opened)
        });
    }

    pub(crate) fn project_opened(&mut self, result: Result<Box<OpenedProject>, StoreError>) {
        let OpenedProject { opened, list } = match result {
            Ok(opened) => *opened,
            Err(error) => {
                // What was to be added to this project goes to no other.
                self.waiting.clear();
                self.waiting_example = None;
                return self.alarm(error.to_string());
            }
        };
        let dir = opened.workspace.dir();
        self.preferences.add_recent(dir);
        self.preferences.others.insert(coder_preference(dir), opened.workspace.coder().to_string());
        self.save_preferences();
        let said = opened_message(&opened);
        self.panels.documents = list;
        let mut session = Session::new(opened.workspace, opened.findings);
        let last = session.workspace.remembered(PLACE).and_then(|place| parse_place(&place));
        session.places.extend(last.clone());
        self.session = Some(session);
        self.say(said);
        self.read_dictionaries();
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            self.open_last_document(last.map(|(id, _)| id));
        } else {
            self.look_at_files(waiting, None);
        }
        if let Some(example) = self.waiting_example.take() {
            self.add_example(example);
        }
        if let Some(text) = self.waiting_text.take() {
            self.add_text(text.0, text.1);
        }
        self.read_texts_ahead();
        self.read_activity();
        self.read_guidelines();
    }

    /// The marked example of a template becomes an article.
    fn add_example(&mut self, template_name: &str) {
        let Some(session) = &mut self.session else { return };
        let schema = session.workspace.state().schema.clone();
        let example = template(template_name).and_then(|template| template.fresh_example(&schema, random_ids()).ok());
        match example.map(|example| session.workspace.add_example(example)) {
            Some(Ok(id)) => self.open_document(&id),
            Some(Err(error)) => self.say(error.to_string()),
            None => {}
        }
        self.autosave.changed(&self.ctx);
    }

    /// The first search over the project shall find the texts in memory.
    fn read_texts_ahead(&mut self) {
        let Some(session) = &self.session else { return };
        let (corpus, cancel) = (session.workspace.corpus(&session.texts), session.reading_ahead.clone());
        self.jobs.start(&self.ctx, tr("Reading texts"), move |_, _| {
            corpus.read_ahead(&cancel);
            Done::TextsRead
        });
    }

    pub(crate) fn open_last_document(&mut self, last: Option<DocumentId>) {
        let Some(session) = &self.session else { return };
        let id = last.filter(|id| session.is_present(id)).or_else(|| self.panels.documents.shown(session).first().cloned());
        if let Some(id) = id {
            self.open_document(&id);
        }
    }

    /// Shows a document; reads it first where it is not in memory.
    pub(crate) fn open_document(&mut self, id: &DocumentId) {
        self.panels.uncover();
        self.remember_place();
        let Some(session) = &mut self.session else { return };
        let key = SheetKey::new(id, session.workspace.coder());
        if session.workspace.is_loaded(&key) {
            self.show_document(&key, None);
            return;
        }
        session.awaited = Some(id.clone());
        session.preview.take_if(|preview| preview.key != key);
        let loader = session.workspace.loader();
        let is_large = std::fs::metadata(session.workspace.text_file(id)).is_ok_and(|file| file.len() >= PREVIEWED_BYTES);
        if is_large {
            return self.jobs.start(&self.ctx, tr("Reading"), move |_, _| {
                let view = |text: LoadedText| {
                    let view = ArticleView::new(text.text());
                    Box::new((text, view))
                };
                let text = loader.load_text(&key.document).map(view);
                Done::TextRead(key, text)
            });
        }
        self.jobs.start(&self.ctx, tr("Reading"), move |progress, cancel| {
            let loaded = loader.with_control((progress, cancel)).load(&key).map(Box::new);
            Done::Loaded(key, loaded, None)
        });
    }

    /// The text of a large document is shown while its sheet is read.
    pub(crate) fn text_read(&mut self, key: &SheetKey, read: Result<Box<(LoadedText, ArticleView)>, StoreError>) {
        let (text, view) = match read {
            Ok(read) => *read,
            Err(error) => return self.document_loaded(key, Err(error), None),
        };
        self.count_changes();
        let Some(session) = &mut self.session else { return };
        let early = EarlySpans::default();
        if session.awaited.as_ref() == Some(&key.document) {
            let view = at_place(view, session.places.get(&key.document).copied());
            if let Some(old) = session.article.take() {
                session.workspace.unload(&old.key.document);
            }
            session.let_go();
            session.preview = Some(Preview::new(key.clone(), text.text().clone(), view, early.clone()));
        }
        let (loader, key, schema) = (session.workspace.loader().with_early(&early), key.clone(), session.workspace.state().schema.clone());
        self.jobs.start(&self.ctx, tr("Reading"), move |progress, cancel| {
            let loaded = loader.with_control((progress, cancel)).load_sheet(&key, text).map(Box::new);
            let ready = loaded.as_ref().ok().map(|loaded| Box::new(ReadySheet::new(loaded, schema)));
            Done::Loaded(key, loaded, ready)
        });
    }

    pub(crate) fn document_loaded(&mut self, key: &SheetKey, loaded: Result<Box<Loaded>, StoreError>, ready: Option<Box<ReadySheet>>) {
        self.count_changes();
        let Some(session) = &mut self.session else { return };
        let is_awaited = session.awaited.as_ref() == Some(&key.document);
        match loaded {
            Ok(loaded) => {
                let findings = session.workspace.insert_loaded(*loaded);
                ready.iter().for_each(|ready| self.panels.inspector.take_counted(ready.characters()));
                let ready = ready.and_then(|ready| ready.of_now(session.workspace.state(), key));
                let marks = ready.map(|(marks, tally)| {
                    session.survey.take_ready(tally, key, &session.workspace);
                    marks
                });
                self.note_findings(findings);
                if is_awaited {
                    self.show_document(key, marks);
                }
            }
            Err(error) => {
                session.awaited = session.awaited.take().filter(|_| !is_awaited);
                session.preview.take_if(|preview| preview.key == *key);
                self.say(error.to_string());
            }
        }
    }

    fn show_document(&mut self, key: &SheetKey, ready: Option<ReadyMarks>) {
        self.count_changes();
        let Some(session) = &mut self.session else { return };
        session.awaited = None;
        if session.current() == Some(key) {
            return;
        }
        let Some(text) = session.text_of(key) else { return };
        let mut view = match session.preview.take().and_then(|preview| preview.into_view(key, &text)) {
            Some(view) => view,
            None => at_place(ArticleView::new(&text), session.places.get(&key.document).copied()),
        };
        if let Some(ready) = ready {
            view.take_ready(ready, &session.workspace, key);
        }
        session.let_go();
        session.find.close();
        let old = session.article.replace(Article { key: key.clone(), view });
        if let Some(old) = old {
            session.workspace.unload(&old.key.document);
        }
        self.go_to_awaited_place();
    }

    /// Shows a document at a place, once it is read.
    pub(crate) fn open_at(&mut self, id: &DocumentId, place: Place) {
        if let Some(session) = &mut self.session {
            session.awaited_place = Some(place);
        }
        let is_shown = self.session.as_ref().and_then(|session| session.current()).is_some_and(|key| key.document == *id);
        if is_shown {
            self.panels.uncover();
            self.go_to_awaited_place();
        } else {
            self.open_document(id);
        }
    }

    fn go_to_awaited_place(&mut self) {
        if let Some(place) = self.session.as_mut().and_then(|session| session.awaited_place.take()) {
            self.go_to_place(place);
        }
    }

    /// Shows a place of the shown document.
    pub(crate) fn go_to_place(&mut self, place: Place) {
        match place {
            Place::Mark(mark) => self.go_to_mark(mark),
            Place::Range(range) => self.show_range(range),
        }
    }

    /// Keeps the place in the shown document, so that reopening goes on there.
    pub(crate) fn remember_place(&mut self) {
        let Some(session) = &mut self.session else { return };
        let Some(article) = &session.article else { return };
        let (id, offset) = (article.key.document.clone(), article.view.place());
        session.workspace.remember(PLACE, &format!("{id} {offset}"));
        session.places.insert(id, offset);
    }

    /// Where undo or redo has taken the shown document away, none is shown. True when it was so.
    pub(crate) fn close_gone_document(&mut self) -> bool {
        let Some(session) = &mut self.session else { return false };
        let is_gone = session.current().is_some_and(|key| !session.is_present(&key.document));
        if is_gone {
            session.article = None;
            session.let_go();
        }
        is_gone
    }

    pub(crate) fn trash_document(&mut self, id: &DocumentId) {
        self.change(|state| ops::trash_document(state, id));
        let Some(session) = &mut self.session else { return };
        let is_shown = session.current().is_some_and(|key| key.document == *id);
        let is_gone = session.workspace.state().document(id).is_some_and(|document| document.in_trash);
        if is_shown && is_gone {
            session.article = None;
            session.let_go();
        }
        if is_gone {
            self.say(tr("Deleted to the trash; Undo or Document › Trash takes it back"));
        }
    }

    pub(crate) fn restore_document(&mut self, id: &DocumentId) {
        self.change(|state| ops::restore_document(state, id));
        self.open_document(id);
    }

    /// Findings are kept for the list; the worst is said.
    pub(crate) fn note_findings(&mut self, findings: Vec<Finding>) {
        if let Some(worst) = findings.iter().max_by_key(|finding| finding.severity) {
            let more = if findings.len() > 1 { format!(" ({})", tr_with("and {} more: see Findings", findings.len() - 1)) } else { String::new() };
            self.say(format!("{worst}{more}"));
        }
        if let Some(session) = &mut self.session {
            session.findings.extend(findings);
        }
    }

    /// Writes everything and lets go of the project.
    pub(crate) fn close_session(&mut self) {
        self.panels.inspector.flush(&mut self.queue);
        self.panels.codebook.flush(&mut self.queue);
        self.drain_queue();
        self.remember_place();
        self.note_active_time();
        self.save_guidelines();
        self.finish_adding();
        // A step that is on its way stays where it is.
        self.long_travel = None;
        for read in std::mem::take(&mut self.waiting_imports) {
            self.add_import(read);
        }
        self.finish_adding();
        if let Some(session) = &self.session {
            session.reading_ahead.cancel();
            session.outside.cancel.cancel();
        }
        for done in self.jobs.wait() {
            self.job_done(done);
        }
        self.finish_adding();
        if let Some(session) = self.session.take()
            && let Err(error) = session.workspace.close()
        {
            self.say(error.to_string());
        }
        self.panels.documents = super::lists::DocumentList::default();
        self.concordance.close();
        self.panels.entities = super::entity_table::EntityTable::default();
        self.panels.guidelines = super::guidelines::GuidelinesPanel::default();
    }
}

/// The name under which the preferences keep who worked on a project last.
fn coder_preference(dir: &Path) -> String {
    format!("coder of {}", dir.display())
}

fn opened_message(opened: &Opened) -> String {
    let dir = opened.workspace.dir().display();
    match (opened.recovered, opened.workspace.access()) {
        (0, Access::ReadWrite) => tr_with("Opened {}", dir),
        (count, Access::ReadWrite) => format!(
            "{}. {}",
            tr_with("Opened {}", dir),
            tr_count("{} action was brought back from the journal", "{} actions were brought back from the journal", count)
        ),
        (_, Access::ReadOnly { why }) => format!("{}. {why}", tr_with("Opened {} for reading only", dir)),
    }
}

fn is_project(path: &Path) -> bool {
    path.join("project.ron").is_file()
}

/// Choosing `project.ron` means its folder.
fn project_of(path: PathBuf) -> PathBuf {
    match path.parent().filter(|_| path.file_name().is_some_and(|name| name == "project.ron")) {
        Some(folder) => folder.to_owned(),
        None => path,
    }
}

fn title_of(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn parse_place(place: &str) -> Option<(DocumentId, usize)> {
    let (id, offset) = place.split_once(' ')?;
    Some((DocumentId::new(id).ok()?, offset.parse().ok()?))
}
