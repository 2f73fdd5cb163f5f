//! Files and folders as a source for readers, sorted into groups of one format each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::format::{self, Format, FormatError, Source, extension, stem};
use crate::model::{Finding, Severity};

/// Folders deeper than this are not looked into.
const MAX_DEPTH: usize = 32;
/// Bytes of a file's beginning that tell its format.
const HEAD_BYTES: u64 = 4096;

/// Files on the disk by their names.
#[derive(Clone, Debug, Default)]
pub(super) struct FileSource(BTreeMap<String, PathBuf>);

impl Source for FileSource {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn open<'s>(&'s self, name: &str) -> io::Result<Box<dyn BufRead + 's>> {
        let path = self.0.get(name).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(BufReader::new(File::open(path)?)))
    }

    fn len_of(&self, name: &str) -> Option<u64> {
        fs::metadata(self.0.get(name)?).ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len())
    }
}

/// Files of one format.
pub(super) struct Group {
    pub(super) format: &'static Format,
    pub(super) files: FileSource,
}

/// Finds all files under the paths and groups them by format: the chosen one, else what each file looks like. What
/// cannot be read is a finding beside the rest.
///
/// # Errors
/// When a path does not exist or cannot be read, and there is nothing else.
pub(super) fn group_files(paths: &[PathBuf], chosen: Option<&'static Format>, findings: &mut Vec<Finding>) -> Result<Vec<Group>, FormatError> {
    let (mut files, mut errors) = (BTreeMap::new(), Vec::new());
    for path in paths {
        let found = fs::metadata(path).and_then(|kind| {
            if kind.is_dir() {
                return walk(path, chosen, 0, &mut files, findings);
            }
            files.insert(name_of(path), path.clone());
            add_companions(path, chosen, &mut files);
            Ok(())
        });
        errors.extend(found.err().map(|cause| FormatError::io(&path.display().to_string(), cause)));
    }
    let groups = match chosen {
        Some(format) if errors.is_empty() || !files.is_empty() => vec![Group { format, files: FileSource(files) }],
        Some(_) => Vec::new(),
        None => group_by_look(files, &mut errors),
    };
    if groups.is_empty() && !errors.is_empty() {
        return Err(errors.swap_remove(0));
    }
    findings.extend(errors.into_iter().map(|error| Finding::new(Severity::Error, "unreadable-file", error.message())));
    Ok(groups)
}

fn name_of(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Everything in a folder that some format, or the chosen one, reads.
fn walk(
    dir: &Path,
    chosen: Option<&'static Format>,
    depth: usize,
    files: &mut BTreeMap<String, PathBuf>,
    findings: &mut Vec<Finding>,
) -> io::Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    for path in entries {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let kind = fs::symlink_metadata(&path)?;
        if is_hidden {
            continue;
        }
        if kind.is_dir() && depth < MAX_DEPTH {
            walk(&path, chosen, depth + 1, files, findings)?;
        } else if !kind.is_dir() && is_readable_kind(&path, chosen) {
            files.insert(name_of(&path), path);
        } else if !kind.is_dir() {
            let finding = Finding::new(Severity::Note, "skipped-file", "this file of the folder has none of the known extensions; it was skipped");
            findings.push(finding.in_file(name_of(&path)));
        }
    }
    Ok(())
}

fn is_readable_kind(path: &Path, chosen: Option<&'static Format>) -> bool {
    let extension = extension(&name_of(path));
    let has = |format: &Format| format.reader.is_some() && format.extensions.contains(&extension.as_str());
    match chosen {
        Some(format) => has(format) || format.name == "brat" && ["txt", "conf"].contains(&extension.as_str()),
        None => format::FORMATS.iter().any(has) || extension == "conf",
    }
}

/// An `.ann` file comes with its text and with the configuration of its folder.
fn add_companions(path: &Path, chosen: Option<&'static Format>, files: &mut BTreeMap<String, PathBuf>) {
    let is_standoff = ["ann", "a1", "a2"].contains(&extension(&name_of(path)).as_str());
    if !is_standoff || chosen.is_some_and(|format| format.name != "brat") {
        return;
    }
    let beside = ["annotation.conf", "visual.conf"].map(|name| path.with_file_name(name));
    for companion in std::iter::once(path.with_extension("txt")).chain(beside).filter(|path| path.is_file()) {
        files.insert(name_of(&companion), companion);
    }
}

fn group_by_look(mut files: BTreeMap<String, PathBuf>, errors: &mut Vec<FormatError>) -> Vec<Group> {
    let mut groups: BTreeMap<&'static str, Group> = BTreeMap::new();
    let standoff: BTreeSet<String> = files.keys().filter(|name| is_standoff(name)).map(|name| stem(name).to_owned()).collect();
    if !standoff.is_empty() {
        let is_part = |name: &str| is_standoff(name) || extension(name) == "conf" || extension(name) == "txt" && standoff.contains(stem(name));
        let parts: Vec<String> = files.keys().filter(|name| is_part(name)).cloned().collect();
        for name in parts {
            let path = files.remove(&name).unwrap_or_default();
            add(&mut groups, &format::BRAT, name, path);
        }
    }
    for (name, path) in files {
        let mut head = Vec::new();
        let read = File::open(&path).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
        match read {
            Ok(_) => add(&mut groups, format::recognise(&name, &head), name, path),
            Err(cause) => errors.push(FormatError::io(&name, cause)),
        }
    }
    groups.into_values().collect()
}

fn is_standoff(name: &str) -> bool {
    ["ann", "a1", "a2"].contains(&extension(name).as_str())
}

fn add(groups: &mut BTreeMap<&'static str, Group>, format: &'static Format, name: String, path: PathBuf) {
    let group = groups.entry(format.name).or_insert_with(|| Group { format, files: FileSource::default() });
    group.files.0.insert(name, path);
}
