//! What an export says of itself beside its counts: what was chosen, so that it can be repeated, and which files it has written, so
//! that the next one in their place leaves none of them behind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Condition, ExportChoice};
use crate::format::{ExportReport, Part, SplitOptions, Splits};
use crate::model::{CoderKey, DocumentId, LabelKey};
use crate::store::{Disk, MAX_RON_BYTES, read_limited};
use crate::workspace::leave_out::LeftOut;

/// What somebody has chosen; empty parts are not written.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Chosen {
    #[serde(skip_serializing_if = "Option::is_none")]
    coders: Option<BTreeSet<CoderKey>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<BTreeSet<DocumentId>>,
    #[serde(rename = "where", skip_serializing_if = "Vec::is_empty")]
    conditions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<BTreeSet<LabelKey>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    without: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    split: Option<Split>,
}

/// How the documents were split.
#[derive(Clone, Debug, Serialize)]
struct Split {
    shares: String,
    seed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    stratify: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    parts: BTreeMap<&'static str, Vec<DocumentId>>,
}

impl Chosen {
    pub(super) fn of(choice: &ExportChoice) -> Self {
        Self { coders: choice.coders.clone(), documents: choice.documents.clone(), ..Self::default() }
    }

    pub(super) fn only_where(&mut self, conditions: &[Condition]) {
        self.conditions.extend(conditions.iter().map(ToString::to_string));
    }

    pub(super) fn leaving_out(&mut self, left_out: &LeftOut) {
        self.labels.clone_from(&left_out.labels);
        self.without = left_out.regions.iter().map(|kind| kind.name()).collect();
    }

    pub(super) fn split<'d>(&mut self, options: &SplitOptions, splits: &Splits, documents: impl Iterator<Item = &'d DocumentId>) {
        let mut parts: BTreeMap<&'static str, Vec<DocumentId>> = splits.parts().map(|part: Part| (part.name(), Vec::new())).collect();
        for id in documents {
            parts.entry(splits.part(id).name()).or_default().push(id.clone());
        }
        let [stratify, group] = [&options.stratify, &options.group].map(|field| field.as_ref().map(ToString::to_string));
        self.split = Some(Split { shares: options.fractions.to_string(), seed: options.seed, stratify, group, parts });
    }
}

/// The report of an export for programs. `files` are named as from its folder.
pub(super) fn json_of(report: &ExportReport, chosen: &Chosen, files: &[String]) -> String {
    let mut json = serde_json::to_value(report).unwrap_or_default();
    if let Value::Object(members) = &mut json {
        members.insert("chosen".to_owned(), serde_json::to_value(chosen).unwrap_or_default());
        members.insert("files".to_owned(), files.into());
    }
    serde_json::to_string_pretty(&json).unwrap_or_default() + "\n"
}

/// What the report of an earlier export says of it.
#[derive(Deserialize)]
struct Said {
    format: String,
    #[serde(default)]
    files: Vec<String>,
}

/// Files of an earlier export in the same place and format.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    files: Vec<PathBuf>,
    written: Option<SystemTime>,
}

/// What became of files of an earlier export that are not part of the new one. With the new ones they would look like one export: the
/// same document in two parts of a split, say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LeftBehind {
    /// They were removed.
    pub removed: Vec<PathBuf>,
    /// Somebody has changed them since, or they cannot be removed. They stay.
    pub kept: Vec<PathBuf>,
}

impl Earlier {
    /// Of the export whose report this is. Nothing where there is none, or it is of another format.
    pub(super) fn of(root: &Path, report: &str, format: &str) -> Self {
        let path = root.join(report);
        let said = read_limited(&path, report, MAX_RON_BYTES).ok().flatten().and_then(|json| serde_json::from_slice::<Said>(&json).ok());
        let Some(said) = said.filter(|said| said.format == format) else { return Self::default() };
        let is_inside = |name: &String| Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        let files = said.files.iter().filter(|name| !name.is_empty()).filter(|name| is_inside(name)).map(|name| root.join(name)).collect();
        Self { files, written: fs::metadata(&path).and_then(|file| file.modified()).ok() }
    }

    /// Removes what is not among the new files, and folders that are empty then.
    pub(super) fn remove_but(self, new: &[PathBuf], root: &Path, disk: &Disk) -> LeftBehind {
        let new: BTreeSet<&PathBuf> = new.iter().collect();
        let mut left = LeftBehind::default();
        for path in self.files.into_iter().filter(|path| !new.contains(path)) {
            // A link was put there by somebody else.
            let Ok(kind) = fs::symlink_metadata(&path) else { continue };
            let is_untouched = kind.is_file() && kind.modified().ok().zip(self.written).is_some_and(|(file, report)| file <= report);
            if is_untouched && disk.remove(&path).is_ok() { left.removed.push(path) } else { left.kept.push(path) }
        }
        let folders: BTreeSet<&Path> = left.removed.iter().filter_map(|path| path.parent()).collect();
        folders.into_iter().rev().for_each(|folder| remove_empty(folder, root));
        left
    }
}

/// This folder and those above it, as long as they are empty.
fn remove_empty(folder: &Path, root: &Path) {
    let mut below = folder.ancestors().take_while(|folder| *folder != root && folder.starts_with(root));
    let _ = below.try_for_each(fs::remove_dir);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_untouched_files_of_its_own_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("out");
        fs::create_dir_all(root.join("train")).unwrap();
        let names = ["train/a.txt", "train/b.txt", "test.txt", "../other.txt", "/other.txt", ""];
        names.iter().take(4).for_each(|name| fs::write(root.join(name), "x").unwrap());
        fs::write(root.join("mine.txt"), "x").unwrap();
        let report = serde_json::json!({ "format": "brat", "files": names });
        fs::write(root.join("export-report.json"), report.to_string()).unwrap();
        let later = SystemTime::now() + std::time::Duration::from_secs(60);
        fs::File::options().append(true).open(root.join("test.txt")).unwrap().set_modified(later).unwrap();
        assert!(Earlier::of(&root, "export-report.json", "conll2003").files.is_empty());
        let earlier = Earlier::of(&root, "export-report.json", "brat");
        let left = earlier.remove_but(&[root.join("train/b.txt")], &root, &Disk::default());
        assert_eq!((left.removed, left.kept), (vec![root.join("train/a.txt")], vec![root.join("test.txt")]));
        let earlier = Earlier::of(&root, "export-report.json", "brat");
        assert_eq!(earlier.remove_but(&[], &root, &Disk::default()).removed, [root.join("train/b.txt")]);
        assert!(!root.join("train").exists() && root.join("mine.txt").exists() && dir.path().join("other.txt").exists());
    }
}
