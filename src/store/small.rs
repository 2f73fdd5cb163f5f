//! Small texts that the window remembers: the last document, the place in it. Losing them hurts nobody.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Disk, disk};

const MAX_BYTES: u64 = 4 << 20;

/// Named texts in a file of the state folder.
#[derive(Debug)]
pub(crate) struct Remembered {
    path: PathBuf,
    disk: Disk,
    texts: BTreeMap<String, String>,
}

impl Remembered {
    /// What is unreadable is forgotten.
    pub(crate) fn load(path: PathBuf, disk: Disk) -> Self {
        let bytes = disk::read_limited(&path, "remembered.ron", MAX_BYTES).ok().flatten();
        let texts = bytes.and_then(|bytes| ron::de::from_bytes(&bytes).ok()).unwrap_or_default();
        Self { path, disk, texts }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// Writes at once, without waiting for the disk.
    pub(crate) fn set(&mut self, name: &str, text: &str) {
        if self.get(name) == Some(text) {
            return;
        }
        self.texts.insert(name.to_owned(), text.to_owned());
        if let Ok(content) = ron::ser::to_string_pretty(&self.texts, ron::ser::PrettyConfig::new()) {
            // Not worth a word when it fails.
            let _ = self.disk.replace_unsynced(&self.path, content.as_bytes());
        }
    }
}
