//! The right side: what is selected, the document, or the guidelines; a tab each.

use eframe::egui::{Role, Ui, WidgetInfo};

use super::App;
use super::panels::Panels;
use super::queue::{Action, Queue};
use super::session::Session;
use super::words::tr;

/// What the right side shows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum SideTab {
    /// The selected mark, relation or entity; the document where nothing is selected.
    #[default]
    Selection,
    /// The document, whatever is selected.
    Document,
    /// The codebook in prose.
    Guidelines,
}

impl SideTab {
    const ALL: [(Self, &str); 3] = [(Self::Selection, "Selection"), (Self::Document, "Document"), (Self::Guidelines, "Guidelines")];
}

impl Panels {
    pub(crate) fn side_ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        self.follow_selection(session);
        ui.add_space(3.0);
        ui.horizontal_wrapped(|ui| {
            for (tab, name) in SideTab::ALL {
                let is_on = self.side == tab;
                let label = ui.selectable_label(is_on, tr(name));
                label.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_on, tr(name)));
                if label.clicked() {
                    queue.push(Action::ShowSide(tab));
                }
            }
        });
        ui.separator();
        match self.side {
            SideTab::Guidelines => self.guidelines.ui(ui, session, queue),
            _ if session.current().is_none() => drop(ui.weak(tr("The marks of this document are still being read"))),
            SideTab::Document => self.inspector.ui(ui, session, self.side, queue),
            SideTab::Selection => {
                self.inspector.ui(ui, session, self.side, queue);
                ui.separator();
                self.lists.ui(ui, session, &self.problems, queue);
            }
        }
    }

    /// Whoever selects something while the document is shown wants to see that; whoever reads the guidelines goes on reading.
    fn follow_selection(&mut self, session: &Session) {
        let selected = (session.selected, session.selected_relation, session.selected_entity);
        if self.seen_selection != selected {
            self.seen_selection = selected;
            if self.side == SideTab::Document && selected != (None, None, None) {
                self.side = SideTab::Selection;
            }
        }
    }
}

impl App {
    pub(crate) fn show_side(&mut self, tab: SideTab) {
        self.panels.show_inspector = true;
        self.panels.side = tab;
        if tab == SideTab::Guidelines {
            self.read_guidelines();
        }
    }
}
