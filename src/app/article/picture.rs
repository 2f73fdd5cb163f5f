//! A picture of a marked text, as the article view draws it: nothing to click, nothing to change.

use eframe::egui::{FontId, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::arcs::Arcs;
use super::layout::TextStyle;
use super::marks::{LabelStyles, MarkIndex};
use super::view::{Answer, ArticleView, Grips, Look, Reading};
use crate::app::chain::Chain;
use crate::app::fonts::Letters;
use crate::app::relating::ShownRelations;
use crate::app::words::tr_with;
use crate::model::Schema;
use crate::model::notation::Notation;

/// Size of the letters, in points.
const FONT_SIZE: f32 = 13.5;
/// Space left and right of the text, in points.
const MARGIN: f32 = 26.0;
/// More than any picture is high, in points.
const ENDLESS: f32 = 20_000.0;

/// A marked text that is shown as it is.
pub(crate) struct Picture {
    view: ArticleView,
    marked: Notation,
    schema: Schema,
}

impl Picture {
    pub(crate) fn new(marked: Notation, schema: Schema) -> Self {
        let mut view = ArticleView::new(&marked.text);
        view.index = MarkIndex::new(&marked.sheet, &schema, &view.blocks);
        view.styles = LabelStyles::new(&schema);
        view.arcs = Arcs::new(&marked.sheet, &view.blocks);
        Self { view, marked, schema }
    }

    /// What the codebook is for, in its own words.
    pub(crate) fn description(&self) -> &str {
        &self.schema.info.description
    }

    /// Over the whole width; as high as it needs to be.
    pub(crate) fn ui(&mut self, ui: &mut Ui) -> Response {
        let reading = Reading {
            text: &self.marked.text,
            sheet: &self.marked.sheet,
            schema: &self.schema,
            regions: &self.marked.document.regions,
            selected: None,
            selected_relation: None,
            relations: ShownRelations::All,
            picked_edge: None,
            grips: Grips::Off,
            hits: &[],
            current_hit: None,
            look: Look { font_size: FONT_SIZE, letters: Letters::Sans, row_distance: 1.0, ems: 200.0 },
            chain: &Chain::default(),
            badges: &[],
            answer: Answer::Selects,
        };
        let (min, width) = (ui.cursor().min, ui.available_width());
        let row_height = (FONT_SIZE * 2.35_f32).round();
        let style = TextStyle {
            font: FontId::proportional(FONT_SIZE),
            color: ui.visuals().text_color(),
            row_height,
            width: (width - 2.0 * MARGIN).max(80.0),
        };
        let height = self.view.lay_out_picture(ui, &reading, style, Rect::from_min_size(min, vec2(width, ENDLESS)).shrink2(vec2(MARGIN, 0.0)));
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        let painter = ui.painter_at(rect);
        self.view.paint_still(&painter, ui, rect, &reading);
        let text = self.marked.text.as_str();
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr_with("Example: {}", text)));
        response
    }
}

impl ArticleView {
    /// Lays out all blocks from the top of the column; says how high they are together.
    fn lay_out_picture(&mut self, ui: &Ui, reading: &Reading<'_>, style: TextStyle, column: Rect) -> f32 {
        self.heights = self.estimate(&style);
        (self.style, self.column) = (style, column);
        self.lay_out_visible(ui.ctx(), reading, column);
        let bottom = self.visible.last().map_or(column.top(), |last| last.top + last.layout.height());
        self.column = Rect::from_min_max(column.min, pos2(column.right(), bottom));
        bottom - column.top() + MARGIN / 2.0
    }
}
