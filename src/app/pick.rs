//! The system's dialogs for choosing files, behind a trait that tests can fake. They run off the window's thread.

use std::path::PathBuf;

use super::dialogs::PathUse;

/// Asks the user for paths. Called on a thread of its own; may take as long as the user does. An empty answer means
/// that the user cancelled or that the desktop has no dialog service: every caller has a path field too.
pub trait Picker: Send + Sync {
    /// A picker for another thread.
    fn for_thread(&self) -> Box<dyn FnOnce(PathUse) -> Vec<PathBuf> + Send>;
}

/// The desktop's own dialogs.
pub(crate) struct SystemPicker;

impl Picker for SystemPicker {
    fn for_thread(&self) -> Box<dyn FnOnce(PathUse) -> Vec<PathBuf> + Send> {
        Box::new(|path_use| {
            let dialog = rfd::FileDialog::new();
            match path_use {
                PathUse::OpenFiles => dialog.pick_files().unwrap_or_default(),
                PathUse::JsonMapping | PathUse::ImportCodebook => dialog.pick_file().into_iter().collect(),
                PathUse::OpenFolder
                | PathUse::NewProject
                | PathUse::SaveAs
                | PathUse::Export
                | PathUse::StateCopy
                | PathUse::Activity
                | PathUse::ExportCodebook => dialog.pick_folder().into_iter().collect(),
            }
        })
    }
}
