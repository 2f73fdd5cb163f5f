//! Names of the project that an annotation comes from: ids of regions, controls, the tag that shows the text. An export gives them
//! back, so that it fits the same project.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::TEXT;
use crate::model::MarkId;

/// What is kept of them with a sheet.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Names {
    /// By the ids that marks have here.
    regions: BTreeMap<String, RegionNames>,
    /// By the names that controls of ours would have.
    controls: BTreeMap<String, ControlNames>,
    /// Entries of taxonomies with those above them, by control and choice.
    paths: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// Those of a region.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct RegionNames {
    /// None for a further label of a region.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    control: String,
    text: String,
    /// The mark of its first label, for a further one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first: Option<String>,
}

/// Those of a control for an attribute.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(super) struct ControlNames {
    pub(super) control: String,
    /// `choices`, `rating` …
    pub(super) kind: String,
    /// The tag that shows the text.
    pub(super) text: String,
}

impl Names {
    pub(super) fn is_empty(&self) -> bool {
        self.regions.is_empty() && self.controls.is_empty()
    }

    /// A region and the control that it comes from; a further label of a region is beside the first.
    pub(super) fn add_region(&mut self, mark: MarkId, id: Option<&str>, first: Option<MarkId>, (control, text): (&str, &str)) {
        let (id, first) = (id.map(str::to_owned), first.map(key_of));
        self.regions.insert(key_of(mark), RegionNames { id, control: control.to_owned(), text: text_or_ours(text), first });
    }

    /// An entry of a taxonomy with those above it. False where another one of this control has the same choice.
    pub(super) fn add_path(&mut self, control: &str, choice: &str, path: &[String]) -> bool {
        let paths = self.paths.entry(control.to_owned()).or_default();
        *paths.entry(choice.to_owned()).or_insert_with(|| path.to_vec()) == path
    }

    /// An entry of a taxonomy with those above it.
    pub(super) fn path(&self, control: &str, choice: &str) -> Vec<String> {
        let path = self.paths.get(control).and_then(|paths| paths.get(choice));
        path.cloned().unwrap_or_else(|| vec![choice.to_owned()])
    }

    /// The mark of the first label of the region of which a mark is a further one.
    pub(super) fn first(&self, mark: MarkId) -> Option<&str> {
        self.regions.get(&key_of(mark))?.first.as_deref()
    }

    /// A control, and what ours would be called.
    pub(super) fn add_control(&mut self, ours: String, control: &str, kind: &str, text: &str) {
        self.controls.insert(ours, ControlNames { control: control.to_owned(), kind: kind.to_owned(), text: text_or_ours(text) });
    }

    /// The id that a mark's region had.
    pub(super) fn id(&self, mark: MarkId) -> Option<&str> {
        self.regions.get(&key_of(mark)).and_then(|names| names.id.as_deref())
    }

    /// The control of a mark's region, and the tag of the text.
    pub(super) fn region(&self, mark: MarkId) -> Option<(&str, &str)> {
        self.regions.get(&key_of(mark)).map(|names| (names.control.as_str(), names.text.as_str()))
    }

    /// The control for what a control of ours would say.
    pub(super) fn control(&self, ours: &str) -> Option<&ControlNames> {
        self.controls.get(ours)
    }
}

fn text_or_ours(text: &str) -> String {
    if text.is_empty() { TEXT.to_owned() } else { text.to_owned() }
}

/// A mark in what is kept.
pub(super) fn key_of(mark: MarkId) -> String {
    match mark {
        MarkId::Span(id) => id.to_string(),
        MarkId::Claim(id) => id.to_string(),
    }
}
