//! Every command without a payload, in one table: menus, palette, cheat sheet, keys and tests read it.
//!
//! To add one: a function in `commands/`, a row here.

use super::App;
use super::article::Motion;
use super::commands::{claim, codebook, document, edit, entity, file, label, move_caret, occurrences, offer, relation, view};
use super::keys::Chord;

/// One command.
pub(crate) struct Command {
    /// Stable name, for keys in the preferences and for tests.
    pub(crate) id: &'static str,
    /// Sentence case; `…` when more input follows.
    pub(crate) title: &'static str,
    /// Where it stands in the menu bar.
    pub(crate) menu: Menu,
    /// Keys unless the user chose others.
    pub(crate) keys: &'static [&'static str],
    /// When it can be used.
    pub(crate) when: When,
    /// What it does.
    pub(crate) run: fn(&mut App),
}

/// The menus of the menu bar. `None`: only by key and palette.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Menu {
    File,
    Edit,
    Label,
    Claim,
    Entity,
    Relation,
    Document,
    View,
    Help,
    None,
}

impl Menu {
    /// In the order of the bar.
    pub(crate) const BAR: [(Self, &'static str); 9] = [
        (Self::File, "File"),
        (Self::Edit, "Edit"),
        (Self::Label, "Label"),
        (Self::Claim, "Claim"),
        (Self::Entity, "Entity"),
        (Self::Relation, "Relation"),
        (Self::Document, "Document"),
        (Self::View, "View"),
        (Self::Help, "Help"),
    ];
}

/// When a command can be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum When {
    Always,
    /// A project is open.
    Project,
    /// An article is shown.
    Document,
    /// An article is shown and may be changed.
    Writable,
    /// A mark is selected and may be changed.
    Mark,
    /// A mark is selected.
    MarkShown,
    /// A mark or a relation is selected and may be changed.
    Selected,
    /// A relation is selected.
    Relation,
    /// A claim is selected or under work, and may be changed.
    Claim,
    /// A span is selected and may be changed.
    Span,
    /// Choices are offered. The keys of these commands come before all others.
    Offer,
    /// Places are asked about one by one. Their keys come before all others.
    Asking,
    /// The table of entities is shown. Its keys come before all others.
    EntityTable,
    /// The codebook is shown. Its keys come before all others.
    Codebook,
    /// A project is open and may be changed.
    Changeable,
    Undo,
    Redo,
    /// Something was searched for.
    Hits,
    /// A file was changed outside.
    Conflict,
}

impl When {
    /// True for keys that mean something else while the window waits for an answer.
    pub(crate) fn is_mode(self) -> bool {
        matches!(self, Self::Offer | Self::Asking | Self::EntityTable | Self::Codebook)
    }
}

macro_rules! commands {
    ($(($id:literal, $title:literal, $menu:ident, [$($key:literal),*], $when:ident, $run:expr),)*) => {
        &[$(Command { id: $id, title: $title, menu: Menu::$menu, keys: &[$($key),*], when: When::$when, run: $run }),*]
    };
}

/// The table.
pub(crate) static COMMANDS: &[Command] = commands![
    ("take-offer", "Take the first choice", None, ["Enter"], Offer, offer::take_best),
    ("new-entity", "Make a new entity", None, ["Shift+Enter"], Offer, offer::take_new_entity),
    ("search-offer", "Search for another choice", None, ["/"], Offer, offer::search),
    ("answer-yes", "Yes, label this place", None, ["Y"], Asking, occurrences::yes),
    ("answer-no", "No, never label this place", None, ["N"], Asking, occurrences::no),
    ("answer-later", "Skip this place", None, ["S"], Asking, occurrences::later),
    ("answer-all", "Label all places that are left", None, ["A"], Asking, occurrences::all),
    ("answer-back", "Take the last answer back", None, ["Backspace"], Asking, occurrences::back),
    ("line-up", "Place above", None, ["Up"], Asking, occurrences::up),
    ("line-down", "Place below", None, ["Down"], Asking, occurrences::down),
    ("go-to-line", "Show this place in its article", None, ["Enter"], Asking, occurrences::go),
    ("entity-up", "Entity above", None, ["Up"], EntityTable, entity::up),
    ("entity-down", "Entity below", None, ["Down"], EntityTable, entity::down),
    ("choose-entity", "Choose entity for a merge", None, ["Space"], EntityTable, entity::choose),
    ("rename-entity", "Rename entity", None, ["Enter"], EntityTable, entity::rename),
    ("find-entity", "Find entity", None, ["/", "Ctrl+F"], EntityTable, entity::find),
    ("merge-entities", "Merge entities", Entity, ["Ctrl+Shift+M"], EntityTable, entity::merge),
    ("split-entity", "Split entity…", Entity, ["Ctrl+Shift+X"], EntityTable, entity::split),
    ("delete-entity", "Delete entity…", Entity, ["Delete"], EntityTable, entity::delete),
    ("add-entity", "New entity", Entity, ["Insert"], EntityTable, entity::add),
    ("codebook-up", "Row above", None, ["Up"], Codebook, codebook::up),
    ("codebook-down", "Row below", None, ["Down"], Codebook, codebook::down),
    ("codebook-move-up", "Move row up", None, ["Alt+Up"], Codebook, codebook::move_up),
    ("codebook-move-down", "Move row down", None, ["Alt+Down"], Codebook, codebook::move_down),
    ("codebook-rename", "Rename row of the codebook", None, ["Enter", "F2"], Codebook, codebook::rename),
    ("codebook-add", "New row of the codebook", None, ["Insert"], Codebook, codebook::add),
    ("codebook-delete", "Delete row of the codebook…", None, ["Delete"], Codebook, codebook::delete),
    ("new-project", "New project…", File, ["Ctrl+Shift+N"], Always, file::new_project),
    ("open", "Open…", File, ["Ctrl+O"], Always, file::open),
    ("paste-article", "New article from text…", File, ["Ctrl+N"], Always, file::paste_article),
    ("save", "Save now", File, ["Ctrl+S"], Project, file::save),
    ("save-as", "Save project as…", File, ["Ctrl+Shift+S"], Project, file::save_as),
    ("export", "Export…", File, ["Ctrl+E"], Project, file::export),
    ("import-codebook", "Import codebook…", File, [], Project, file::import_codebook),
    ("export-codebook", "Export codebook…", File, [], Project, file::export_codebook),
    ("states", "Earlier states…", File, [], Always, file::states),
    ("export-activity", "Export activity…", File, [], Project, file::export_activity),
    ("toggle-activity", "Log my activity", File, [], Always, file::toggle_activity),
    ("keep-mine", "Overwrite outside changes", File, [], Conflict, file::keep_mine),
    ("take-theirs", "Take outside changes", File, [], Conflict, file::take_theirs),
    ("quit", "Quit", File, ["Ctrl+Q"], Always, file::quit),
    ("undo", "Undo", Edit, ["Ctrl+Z"], Undo, edit::undo),
    ("redo", "Redo", Edit, ["Ctrl+Shift+Z", "Ctrl+Y"], Redo, edit::redo),
    ("copy", "Copy", Edit, [], Document, edit::copy),
    ("find", "Find in article…", Edit, ["Ctrl+F"], Document, edit::find),
    ("find-next", "Next hit", Edit, ["F3"], Hits, edit::find_next),
    ("find-previous", "Previous hit", Edit, ["Shift+F3"], Hits, edit::find_previous),
    ("find-in-project", "Find in the project…", Edit, ["Ctrl+Shift+F"], Project, occurrences::find),
    ("correct-text", "Correct text…", Edit, ["Ctrl+H"], Writable, edit::correct_text),
    ("leave", "Let go", None, ["Escape"], Always, edit::leave),
    ("delete-mark", "Delete mark or relation", Label, ["Delete", "Backspace"], Selected, label::delete),
    ("add-range", "Add selection to mark", Label, ["+"], Writable, label::add_range),
    ("pick-start", "Pick start edge", Label, ["["], Mark, label::pick_start),
    ("pick-end", "Pick end edge", Label, ["]"], Mark, label::pick_end),
    ("next-mark", "Next mark", Label, ["."], Document, label::next_mark),
    ("previous-mark", "Previous mark", Label, [","], Document, label::previous_mark),
    ("cycle-marks", "Next mark at this place", Label, [";"], Document, label::cycle_marks),
    ("codebook", "Codebook", Label, ["Ctrl+B"], Project, codebook::toggle),
    ("unlock-label", "Unlock label", Label, ["Ctrl+L"], Document, label::unlock),
    ("snap-words", "Snap to words", Label, [], Project, label::toggle_snap),
    ("trim-selection", "Trim blanks and punctuation", Label, [], Project, label::toggle_trim),
    ("label-occurrences", "Label all occurrences in the article…", Label, ["Ctrl+Shift+L"], Mark, occurrences::in_article),
    ("label-occurrences-in-project", "Label all occurrences in the project…", Label, ["Ctrl+Alt+L"], Mark, occurrences::in_project),
    ("edit-note", "Edit note", Label, ["Enter"], MarkShown, label::edit_note),
    ("add-claim", "New claim without a place", Claim, ["Alt+C"], Writable, claim::add_without_place),
    ("edit-normalized", "Say it in your own words", Claim, ["Shift+Enter"], Claim, claim::edit_normalized),
    ("next-unfinished", "Next unfinished claim", Claim, ["!"], Document, claim::next_unfinished),
    ("survey", "Look for unfinished claims in the project", Claim, [], Project, claim::survey),
    ("duplicate-claim", "Duplicate claim", Claim, ["Ctrl+Shift+D"], Claim, claim::duplicate),
    ("split-claim", "Split claim at the caret", Claim, ["Ctrl+Shift+X"], Claim, claim::split),
    ("merge-claim", "Merge claim with another…", Claim, ["Ctrl+Shift+M"], Claim, claim::merge),
    ("add-occurrence", "Selection says the claim again", Claim, ["Ctrl+Shift+A"], Claim, claim::add_occurrence),
    ("span-into-claim", "Span becomes content of the claim", Claim, [], Span, claim::take_span_in),
    ("content-into-span", "Content becomes a span", Claim, [], Claim, claim::turn_into_span),
    ("leave-claim", "Let go of the claim", Claim, [], Claim, claim::leave),
    ("link-entity", "Say whom it means", Entity, ["="], Span, entity::link),
    ("unlink-entity", "Forget whom it means", Entity, [], Span, entity::unlink),
    ("next-mention", "Next mention of the same entity", Entity, ["Alt+.", "Ctrl+G"], MarkShown, entity::next_mention),
    ("previous-mention", "Previous mention of the same entity", Entity, ["Alt+,", "Ctrl+Shift+G"], MarkShown, entity::previous_mention),
    ("entity-table", "Entities of the project", Entity, ["F8"], Project, entity::table),
    ("show-entity", "Show entity", Entity, [], MarkShown, entity::show),
    ("relate", "Draw a relation…", Relation, ["-"], Selected, relation::draw),
    ("next-relation", "Next relation here", Relation, ["Alt+R"], Document, relation::next),
    ("other-end", "Other end of the relation", Relation, ["Alt+E"], Relation, relation::other_end),
    ("reverse-relation", "Turn relation round", Relation, ["Ctrl+Shift+R"], Relation, relation::reverse),
    ("relations-of-selection", "Show relations of the selection", Relation, [], Always, relation::show_selected),
    ("all-relations", "Show all relations", Relation, [], Always, relation::show_all),
    ("no-relations", "Show no relations", Relation, [], Always, relation::show_none),
    ("next-document", "Next document", Document, ["Ctrl+PageDown", "Alt+Down"], Project, document::next),
    ("previous-document", "Previous document", Document, ["Ctrl+PageUp", "Alt+Up"], Project, document::previous),
    ("next-undone", "Next document to do", Document, ["Alt+N"], Project, document::next_undone),
    ("choose-documents", "Choose all documents of the list", Document, ["Ctrl+A"], Project, document::choose_all),
    ("fields-from-names", "Fields from file names…", Document, [], Project, document::fields_from_names),
    ("edit-fields", "Edit fields…", Document, ["F2"], Writable, document::edit_fields),
    ("mark-done", "Mark as done", Document, ["Ctrl+D"], Writable, document::mark_done),
    ("mark-in-progress", "Mark as in progress", Document, [], Writable, document::mark_in_progress),
    ("mark-doubtful", "Mark as doubtful", Document, [], Writable, document::mark_doubtful),
    ("show-document", "Show fields and parts of the document", Document, ["Ctrl+I"], Document, document::show),
    ("region-title", "Mark as title", Document, ["Alt+T"], Writable, document::mark_title),
    ("region-caption", "Mark as caption", Document, ["Alt+I"], Writable, document::mark_caption),
    ("region-boilerplate", "Mark as boilerplate", Document, ["Alt+B"], Writable, document::mark_boilerplate),
    ("confirm-regions", "Confirm proposed parts", Document, ["Alt+A"], Writable, document::confirm_regions),
    ("check-project", "Check all articles", Document, [], Project, document::check_project),
    ("mend-project", "Mend all articles…", Document, [], Changeable, codebook::mend_all),
    ("trash-document", "Delete document", Document, ["Ctrl+Delete"], Writable, document::trash),
    ("show-trash", "Trash…", Document, [], Project, document::show_trash),
    ("palette", "All commands…", View, ["Ctrl+Shift+P", "Ctrl+K"], Always, view::palette),
    ("zoom-in", "Larger", View, ["Ctrl++", "Ctrl+="], Always, view::zoom_in),
    ("zoom-out", "Smaller", View, ["Ctrl+-"], Always, view::zoom_out),
    ("zoom-reset", "Standard size", View, ["Ctrl+0"], Always, view::zoom_reset),
    ("larger-text", "Larger article text", View, [], Always, view::larger_text),
    ("smaller-text", "Smaller article text", View, [], Always, view::smaller_text),
    ("looser-rows", "Rows further apart", View, [], Always, view::looser_rows),
    ("tighter-rows", "Rows closer together", View, [], Always, view::tighter_rows),
    ("wider-column", "Wider column of text", View, [], Always, view::wider_column),
    ("narrower-column", "Narrower column of text", View, [], Always, view::narrower_column),
    ("serif", "Serif letters, or not", View, [], Always, view::serif),
    ("theme-light", "Light theme", View, [], Always, view::light),
    ("theme-dark", "Dark theme", View, [], Always, view::dark),
    ("theme-system", "Theme of the system", View, [], Always, view::system_theme),
    ("guidelines", "Guidelines", View, ["F9"], Document, view::guidelines),
    ("toggle-documents", "Show or hide documents", View, ["F6"], Always, view::toggle_documents),
    ("toggle-inspector", "Show or hide inspector", View, ["F7"], Always, view::toggle_inspector),
    ("cheat-sheet", "Keys", Help, ["F1", "?"], Always, view::cheat_sheet),
    ("change-keys", "Change keys…", Help, [], Always, view::change_keys),
    ("findings", "Findings…", Help, [], Project, view::findings),
    ("frame-times", "Frame times", Help, [], Always, view::frame_times),
    ("about", "About Manicule", Help, [], Always, view::about),
    ("page-down", "Page down", None, ["PageDown"], Document, move_caret::page_down),
    ("page-up", "Page up", None, ["PageUp"], Document, move_caret::page_up),
    ("left", "Previous character", None, ["Left"], Document, |app| move_caret::go(app, Motion::PreviousGrapheme)),
    ("right", "Next character", None, ["Right"], Document, |app| move_caret::go(app, Motion::NextGrapheme)),
    ("word-left", "Previous word", None, ["Ctrl+Left"], Document, |app| move_caret::go(app, Motion::PreviousWord)),
    ("word-right", "Next word", None, ["Ctrl+Right"], Document, |app| move_caret::go(app, Motion::NextWord)),
    ("up", "Row above", None, ["Up"], Document, |app| move_caret::go(app, Motion::RowUp)),
    ("down", "Row below", None, ["Down"], Document, |app| move_caret::go(app, Motion::RowDown)),
    ("row-start", "Start of row", None, ["Home"], Document, |app| move_caret::go(app, Motion::RowStart)),
    ("row-end", "End of row", None, ["End"], Document, |app| move_caret::go(app, Motion::RowEnd)),
    ("sentence-left", "Previous sentence", None, ["Alt+Left"], Document, |app| move_caret::go(app, Motion::PreviousSentence)),
    ("sentence-right", "Next sentence", None, ["Alt+Right"], Document, |app| move_caret::go(app, Motion::NextSentence)),
    ("paragraph-up", "Previous paragraph", None, ["Ctrl+Up"], Document, |app| move_caret::go(app, Motion::PreviousParagraph)),
    ("paragraph-down", "Next paragraph", None, ["Ctrl+Down"], Document, |app| move_caret::go(app, Motion::NextParagraph)),
    ("text-start", "Start of article", None, ["Ctrl+Home"], Document, |app| move_caret::go(app, Motion::TextStart)),
    ("text-end", "End of article", None, ["Ctrl+End"], Document, |app| move_caret::go(app, Motion::TextEnd)),
    ("select-left", "Extend by a character to the left", None, ["Shift+Left"], Document, |app| move_caret::extend(app, Motion::PreviousGrapheme)),
    ("select-right", "Extend by a character to the right", None, ["Shift+Right"], Document, |app| move_caret::extend(app, Motion::NextGrapheme)),
    ("select-word-left", "Extend by a word to the left", None, ["Ctrl+Shift+Left"], Document, |app| move_caret::extend(app, Motion::PreviousWord)),
    ("select-word-right", "Extend by a word to the right", None, ["Ctrl+Shift+Right"], Document, |app| move_caret::extend(app, Motion::NextWord)),
    ("select-up", "Extend by a row up", None, ["Shift+Up"], Document, |app| move_caret::extend(app, Motion::RowUp)),
    ("select-down", "Extend by a row down", None, ["Shift+Down"], Document, |app| move_caret::extend(app, Motion::RowDown)),
    ("select-row-start", "Extend to the start of the row", None, ["Shift+Home"], Document, |app| move_caret::extend(app, Motion::RowStart)),
    ("select-row-end", "Extend to the end of the row", None, ["Shift+End"], Document, |app| move_caret::extend(app, Motion::RowEnd)),
    ("select-sentence-left", "Extend by a sentence back", None, ["Alt+Shift+Left"], Document, |app| move_caret::extend(
        app,
        Motion::PreviousSentence
    )),
    ("select-sentence-right", "Extend by a sentence", None, ["Alt+Shift+Right"], Document, |app| move_caret::extend(app, Motion::NextSentence)),
    ("select-paragraph-up", "Extend by a paragraph back", None, ["Ctrl+Shift+Up"], Document, |app| move_caret::extend(
        app,
        Motion::PreviousParagraph
    )),
    ("select-paragraph-down", "Extend by a paragraph", None, ["Ctrl+Shift+Down"], Document, |app| move_caret::extend(app, Motion::NextParagraph)),
    ("select-text-start", "Extend to the start", None, ["Ctrl+Shift+Home"], Document, |app| move_caret::extend(app, Motion::TextStart)),
    ("select-text-end", "Extend to the end", None, ["Ctrl+Shift+End"], Document, |app| move_caret::extend(app, Motion::TextEnd)),
    ("select-word", "Select the word", Edit, ["Alt+W"], Document, move_caret::select_word),
    ("select-sentence", "Select the sentence", Edit, ["Alt+S"], Document, move_caret::select_sentence),
    ("select-paragraph", "Select the paragraph", Edit, ["Alt+P"], Document, move_caret::select_paragraph),
];

/// The row with this name.
pub(crate) fn find(id: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.id == id)
}

impl Command {
    /// The keys in force: the user's, else those of the table.
    pub(crate) fn chords(&self, app: &App) -> Vec<Chord> {
        match app.preferences.keys.get(self.id) {
            Some(keys) => keys.iter().filter_map(|key| Chord::parse(key)).collect(),
            None => self.keys.iter().filter_map(|key| Chord::parse(key)).collect(),
        }
    }

    /// True when it can be used now.
    pub(crate) fn is_enabled(&self, app: &App) -> bool {
        app.allows(self.when)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Keys that work in one mode, or always.
    fn chords_of(mode: Option<When>) -> BTreeMap<String, &'static str> {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        let belongs = |when: When| mode.map_or(!when.is_mode(), |mode| when == mode);
        for command in COMMANDS.iter().filter(|command| belongs(command.when)) {
            for key in command.keys {
                let chord = Chord::parse(key).unwrap_or_else(|| panic!("{}: `{key}` is no key", command.id));
                if let Some(other) = seen.insert(chord.to_string(), command.id) {
                    panic!("{key} is given to both {other} and {}", command.id);
                }
            }
        }
        seen
    }

    #[test]
    fn every_key_is_known_and_none_clashes() {
        let always = chords_of(None);
        for mode in [When::Offer, When::Asking, When::EntityTable, When::Codebook] {
            assert!(!chords_of(Some(mode)).is_empty());
        }
        for template in crate::store::templates::TEMPLATES {
            for (what, chord) in super::super::keys::codebook_keys(&template.schema().unwrap()) {
                assert_eq!(always.get(&chord.to_string()), None, "{}: {what:?} takes the key of a command", template.name);
            }
        }
    }

    #[test]
    fn commands_of_a_mode_come_first() {
        let first_other = COMMANDS.iter().position(|command| !command.when.is_mode()).unwrap();
        assert!(COMMANDS[first_other..].iter().all(|command| !command.when.is_mode()));
    }

    #[test]
    fn names_are_unique_and_titles_sentence_case() {
        for (i, command) in COMMANDS.iter().enumerate() {
            assert!(COMMANDS[..i].iter().all(|other| other.id != command.id), "{} stands twice", command.id);
            assert!(command.title.chars().next().is_some_and(char::is_uppercase), "{}", command.title);
            assert!(!command.title.ends_with('.'), "{}", command.title);
        }
    }
}
