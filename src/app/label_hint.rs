//! What the codebook says of a label, shown wherever the label is offered.

use eframe::egui::{Response, Ui};

use crate::model::Label;
use crate::text::with_symbols;

/// More examples than this would hide what lies under the pointer.
const MAX_EXAMPLES: usize = 6;

/// Name, description and examples.
pub(crate) fn label_hint_ui(ui: &mut Ui, label: &Label) {
    ui.set_max_width(360.0);
    ui.strong(with_symbols(&label.name));
    if !label.description.is_empty() {
        ui.label(with_symbols(&label.description));
    }
    for example in label.examples.iter().take(MAX_EXAMPLES) {
        ui.weak(format!("“{}”", with_symbols(example)));
    }
}

/// Adds what the codebook says to something that offers a label.
pub(crate) fn with_label_hint(response: Response, label: &Label) -> Response {
    response.on_hover_ui(|ui| label_hint_ui(ui, label))
}
