//! One frame: finished jobs and keys, then the panels from the outside in, then the queue.

use std::time::{Duration, Instant};

use eframe::egui::{CentralPanel, Context, Frame, Panel, RichText, Ui, vec2};

use super::App;
use super::article::{Answer, Grips, Look, Reading};
use super::frame_times::Part;
use super::offer::{Offer, Origin, Purpose};
use super::queue::Queue;
use super::session::Session;
use super::words::tr;
use crate::model::MarkId;
use crate::store::Preferences;

/// In a frame in which it took longer to take over what jobs brought, such as a large save, nothing else is added.
const JOBS_IN_A_FRAME: Duration = Duration::from_millis(1);

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.frame_times.begin();
        let start = Instant::now();
        self.take_finished_jobs();
        if start.elapsed() < JOBS_IN_A_FRAME {
            self.go_on_adding();
            self.go_on_travelling();
        } else {
            ctx.request_repaint();
        }
        self.ask_about_files();
        self.look_for_serif();
        self.take_dropped_files(ctx);
        self.take_lines();
        self.go_on_answering();
        self.read_shortcuts();
        self.autosave();
        self.let_go_of_many();
        self.watch_outside();
        self.count_active_time();
        self.drain_queue();
        self.frame_times.was(Part::Work);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        // Article and lists show the same marks in the same order, so it is worked out before either is drawn.
        self.session.iter_mut().for_each(Session::refresh);
        self.refresh_hits();
        self.refresh_chain();
        self.refresh_survey();
        self.refresh_offer();
        self.refresh_problems();
        self.frame_times.was(Part::Follow);
        // Views fill this queue while they read the rest of the window.
        let mut queue = Queue::default();
        self.menu_bar_ui(ui, &mut queue);
        self.status_bar_ui(ui, &mut queue);
        if !self.panels.is_covered() && self.session.as_ref().is_some_and(|session| session.article.is_some() || session.preview.is_some()) {
            self.label_bar_ui(ui, &mut queue);
        }
        self.side_panels_ui(ui, &mut queue);
        self.frame_times.was(Part::Panels);
        self.article_ui(ui, &mut queue);
        self.frame_times.was(Part::Article);
        if !self.panels.codebook.is_open() {
            self.panels.codebook.flush(&mut queue);
        }
        self.dialog_ui(ui.ctx(), &mut queue);
        self.offered_marks_ui(ui.ctx(), &mut queue);
        self.was_typing = ui.ctx().text_edit_focused();
        self.queue = queue;
        self.drain_queue();
        self.frame_times.was(Part::Rest);
        self.frame_times.end();
        self.frame_times.ui(ui.ctx());
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.close_session();
    }
}

impl App {
    fn side_panels_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        let Some(session) = &self.session else { return };
        let panels = &mut self.panels;
        // In a small window the article keeps about half of the width.
        let width = ui.available_width();
        let (narrowest_list, widest_list) = (120.0, (width * 0.22).clamp(120.0, 480.0));
        let (narrowest_inspector, widest_inspector) = (190.0, (width * 0.32).clamp(190.0, 560.0));
        if panels.show_documents {
            let panel = Panel::left("documents").resizable(true).default_size(230.0).size_range(narrowest_list..=widest_list);
            panel.show(ui, |ui| panels.documents.ui(ui, session, queue));
        }
        // It is there before the marks are, so that the text stays where it is when they come.
        let has_text = session.article.is_some() || session.preview.is_some();
        if panels.show_inspector && has_text && !panels.codebook.is_open() {
            let panel = Panel::right("inspector").resizable(true).default_size(310.0).size_range(narrowest_inspector..=widest_inspector);
            panel.show(ui, |ui| panels.side_ui(ui, session, queue));
        }
    }

    fn article_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        // Paper for the article; forms stand on the colour of panels, so that their fields are seen.
        let fill = if self.panels.is_covered() { ui.visuals().panel_fill } else { ui.visuals().extreme_bg_color };
        let frame = Frame::new().fill(fill);
        if let Some(session) =
            self.session.as_mut().filter(|session| session.find.is_open() && session.article.is_some() && !self.panels.is_covered())
        {
            Panel::top("find").show(ui, |ui| session.find.bar_ui(ui, queue));
        }
        CentralPanel::default().frame(frame).show(ui, |ui| {
            if self.panels.entities.is_open()
                && let Some(session) = &self.session
            {
                self.panels.entities.ui(ui, session, queue);
            } else if self.panels.codebook.is_open()
                && let Some(session) = &self.session
            {
                self.panels.codebook.ui(ui, session, queue);
            } else if self.session.as_ref().is_some_and(|session| session.article.is_some()) {
                self.reading_ui(ui, queue);
            } else if self.session.as_ref().is_some_and(|session| session.preview.is_some()) {
                self.preview_ui(ui);
            } else {
                self.empty_ui(ui, queue);
            }
        });
    }

    /// How the text is set.
    pub(crate) fn look(&self) -> Look {
        let Preferences { text_size: font_size, row_distance, column_ems: ems, .. } = self.preferences;
        Look { font_size, letters: self.letters(), row_distance, ems }
    }

    fn reading_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        if self.concordance.is_open() {
            self.concordance_ui(ui, queue);
        } else {
            self.claim_bar_ui(ui, queue);
        }
        let look = self.look();
        let relations = self.shown_relations();
        let chain = std::mem::take(&mut self.chain);
        self.with_article(|_, session, article| {
            let state = session.workspace.state();
            let text = session.text_of(&article.key)?;
            let reading = Reading {
                text: &text,
                sheet: session.sheet_of(&article.key),
                schema: &state.schema,
                regions: state.document(&article.key.document).map(|document| document.regions.as_slice()).unwrap_or_default(),
                selected: session.selected,
                selected_relation: session.selected_relation,
                relations,
                picked_edge: session.picked_edge,
                grips: if session.fresh_mark.is_some() && session.fresh_mark == session.selected { Grips::Off } else { Grips::On },
                hits: &session.find.hits,
                current_hit: session.find.current,
                look,
                chain: &chain,
                badges: &badges(session),
                answer: answer_of(session),
            };
            article.view.ui(ui, &reading, queue);
            Some(())
        });
        self.chain = chain;
    }

    /// What to do when nothing is shown yet.
    fn empty_ui(&self, ui: &mut Ui, queue: &mut Queue) {
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.3).min(220.0));
            ui.label(RichText::new("☞").size(44.0));
            let has_project = self.session.is_some();
            let is_waiting = self.session.as_ref().is_some_and(|session| session.awaited.is_some()) || !self.jobs.running.is_empty();
            let title = match (is_waiting, has_project) {
                (true, _) => "Opening…",
                (false, true) => "No article is shown",
                (false, false) => "No project is open",
            };
            ui.heading(tr(title));
            if is_waiting {
                return;
            }
            ui.weak(tr(if has_project { "Choose a document on the left, or add one." } else { "Open a project or an article to begin." }));
            ui.add_space(10.0);
            for (command, label) in [("open", "Open…"), ("paste-article", "New article from text…"), ("new-project", "New project…")] {
                if ui.add(eframe::egui::Button::new(tr(label)).min_size(vec2(220.0, 30.0))).clicked() {
                    queue.run(command);
                }
            }
            ui.add_space(6.0);
            ui.weak(tr("You can also drop files here."));
        });
    }
}

fn badges(session: &Session) -> Vec<(MarkId, char)> {
    session.offer.as_ref().map(Offer::badges).unwrap_or_default()
}

/// What a click on a mark, or selected text, means now.
fn answer_of(session: &Session) -> Answer {
    match session.offer.as_ref().map(|offer| (&offer.purpose, offer.origin)) {
        // An offer that came by itself does not take the text that somebody selects next.
        Some((Purpose::Fill(..), Origin::Labelling)) => Answer::MarksFill,
        Some((Purpose::Fill(..) | Purpose::Merge(_), _)) => Answer::AllFills,
        Some((Purpose::Relate(..), _)) => Answer::MarksFill,
        _ => Answer::Selects,
    }
}
