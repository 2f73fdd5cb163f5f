//! What the user likes, for all projects: name, theme, zoom, recent projects, keys.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};

use super::{Places, StoreError, disk};
use crate::model::{Finding, Severity};

const FILE: &str = "preferences.ron";
const WORDS: &str = "words.ron";
const MAX_BYTES: u64 = 4 << 20;
const MAX_RECENT: usize = 20;

/// The user's preferences.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// The coder's name, once it was asked for.
    pub coder_name: Option<String>,
    /// Light or dark.
    pub theme: Theme,
    /// 1 is the system's size.
    pub zoom: f32,
    /// Last opened first.
    pub recent_projects: Vec<PathBuf>,
    /// Changed keys: command name → keys, none for a command without a key.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Selections snap to words.
    pub snap_to_words: bool,
    /// Selections lose blanks and final punctuation at their ends.
    pub trim_selection: bool,
    /// Size of the letters of an article, in points.
    pub text_size: f32,
    /// Articles are set in letters with serifs.
    pub serif: bool,
    /// Distance of an article's rows; 1 is the usual one.
    pub row_distance: f32,
    /// The widest that the column of text becomes, in sizes of its letters.
    pub column_ems: f32,
    /// Anything else that the window wants to keep, by name.
    pub others: BTreeMap<String, String>,
}

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            coder_name: None,
            theme: Theme::System,
            zoom: 1.0,
            recent_projects: Vec::new(),
            keys: BTreeMap::new(),
            snap_to_words: true,
            trim_selection: true,
            text_size: 17.0,
            serif: false,
            row_distance: 1.0,
            // About 75 characters.
            column_ems: 38.0,
            others: BTreeMap::new(),
        }
    }
}

impl Preferences {
    /// Reads the preferences; the defaults where there are none. An unreadable file is kept beside as
    /// `preferences.ron.unreadable` and reported.
    #[must_use]
    pub fn load(places: &Places) -> (Self, Option<Finding>) {
        let path = places.config_dir().join(FILE);
        match read(&path) {
            Ok(Some(mut preferences)) => {
                let within = |value: f32, least: f32, most: f32, usual: f32| if value.is_finite() { value.clamp(least, most) } else { usual };
                preferences.zoom = within(preferences.zoom, 0.3, 5.0, 1.0);
                preferences.text_size = within(preferences.text_size, 6.0, 60.0, 17.0);
                preferences.row_distance = within(preferences.row_distance, 0.8, 2.0, 1.0);
                preferences.column_ems = within(preferences.column_ems, 15.0, 200.0, 38.0);
                (preferences, None)
            }
            Ok(None) => (Self::default(), None),
            Err(cause) => {
                let aside = path.with_extension("ron.unreadable");
                let kept = std::fs::copy(&path, &aside).map_or_else(|_| String::new(), |_| format!(" It is kept as {}.", aside.display()));
                let message = format!("your preferences could not be read, so the defaults are used: {cause}.{kept}");
                (Self::default(), Some(Finding::new(Severity::Warning, "preferences-unreadable", message).in_file(path.display().to_string())))
            }
        }
    }

    /// Writes the preferences.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn save(&self, places: &Places) -> Result<(), StoreError> {
        let path = places.config_dir().join(FILE);
        let unreadable = |error: ron::Error| StoreError::ReadBack { file: FILE.into(), cause: error.to_string() };
        let content = ron::ser::to_string_pretty(self, PrettyConfig::new()).map_err(unreadable)?;
        places.disk().replace(&path, format!("{content}\n").as_bytes())
    }

    /// Puts a project in front of the recent ones.
    pub fn add_recent(&mut self, dir: &Path) {
        self.recent_projects.retain(|recent| recent != dir);
        self.recent_projects.insert(0, dir.to_owned());
        self.recent_projects.truncate(MAX_RECENT);
    }
}

/// A translation of the window's text, English → other, that somebody has put beside the preferences as `words.ron`.
/// Empty where there is none or it cannot be read.
#[must_use]
pub fn words(places: &Places) -> BTreeMap<String, String> {
    let bytes = disk::read_limited(&places.config_dir().join(WORDS), WORDS, MAX_BYTES).ok().flatten();
    bytes.and_then(|bytes| ron::de::from_bytes(&bytes).ok()).unwrap_or_default()
}

fn read(path: &Path) -> Result<Option<Preferences>, String> {
    let Some(bytes) = disk::read_limited(path, FILE, MAX_BYTES).map_err(|error| error.to_string())? else { return Ok(None) };
    ron::de::from_bytes(&bytes).map(Some).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_survive_and_broken_ones_are_kept_aside() {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::under(dir.path());
        assert_eq!(Preferences::load(&places), (Preferences::default(), None));
        let mut preferences = Preferences { coder_name: Some("Zoë \"Z\" Smith\n".into()), theme: Theme::Dark, zoom: 1.25, ..Preferences::default() };
        preferences.keys.insert("undo".into(), vec!["Ctrl+Z".into()]);
        preferences.add_recent(Path::new("/a"));
        preferences.add_recent(Path::new("/b"));
        preferences.add_recent(Path::new("/a"));
        preferences.save(&places).unwrap();
        assert_eq!(Preferences::load(&places), (preferences.clone(), None));
        assert_eq!(preferences.recent_projects, [Path::new("/a"), Path::new("/b")]);
        let file = places.config_dir().join(FILE);
        std::fs::write(&file, "(zoom: \"").unwrap();
        let (loaded, finding) = Preferences::load(&places);
        assert_eq!(loaded, Preferences::default());
        assert!(finding.unwrap().message.contains("unreadable"));
        assert_eq!(std::fs::read_to_string(file.with_extension("ron.unreadable")).unwrap(), "(zoom: \"");
    }
}
