//! Files and folders as a source for readers, sorted into groups of one format each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::format::{self, Format, FormatError, Source, extension, stem};
use crate::model::{Finding, Severity};
use crate::store::open_file;

/// Folders deeper than this are not looked into.
const MAX_DEPTH: usize = 32;
/// Bytes of a file's beginning that tell its format: records of annotations may begin with a long text.
const HEAD_BYTES: u64 = 1 << 16;
/// The configuration that an export to Label Studio puts beside its tasks.
const LABEL_CONFIG: &str = "label_config.xml";

/// Files on the disk by their names.
#[derive(Clone, Debug, Default)]
pub(super) struct FileSource(BTreeMap<String, PathBuf>);

impl Source for FileSource {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn open<'s>(&'s self, name: &str) -> io::Result<Box<dyn BufRead + 's>> {
        let path = self.0.get(name).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(BufReader::new(open_file(path)?)))
    }

    fn size(&self, name: &str) -> Option<u64> {
        fs::metadata(self.0.get(name)?).ok().map(|file| file.len())
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
        let mut find = || {
            if path.is_dir() {
                return walk(path, chosen, 0, &mut files, findings);
            }
            // Refused here, whatever reads it later, and by its own name.
            open_file(path)?;
            insert(path.clone(), &mut files, findings);
            add_companions(path, chosen, &mut files);
            Ok(())
        };
        errors.extend(find().err().map(|cause| FormatError::reading(&name_of(path), cause)));
    }
    let groups = match chosen {
        Some(format) if errors.is_empty() || !files.is_empty() => vec![Group { format, files: FileSource(files) }],
        Some(_) => Vec::new(),
        None => group_by_look(files, &mut errors),
    };
    if groups.is_empty() && !errors.is_empty() {
        return Err(errors.swap_remove(0));
    }
    findings.extend(errors.iter().map(FormatError::to_finding));
    Ok(groups)
}

/// A path as a name. Bytes that are not UTF-8 are written as `\xff`.
fn name_of(path: &Path) -> String {
    let mut name = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        name.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| name.push_str(&format!("\\x{byte:02x}")));
    }
    if cfg!(windows) { name.replace('\\', "/") } else { name }
}

fn insert(path: PathBuf, files: &mut BTreeMap<String, PathBuf>, findings: &mut Vec<Finding>) {
    let name = name_of(&path);
    match files.get(&name) {
        Some(there) if *there != path => {
            let message = "another file with this name is imported already; this one was left out. Give it another name";
            findings.push(Finding::new(Severity::Error, "same-name", message).in_file(name));
        }
        _ => drop(files.insert(name, path)),
    }
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
        if is_hidden {
            continue;
        }
        let kind = fs::symlink_metadata(&path)?;
        if kind.is_dir() && depth < MAX_DEPTH {
            walk(&path, chosen, depth + 1, files, findings)?;
        } else if !kind.is_dir() && is_readable_kind(&path, chosen) {
            insert(path, files, findings);
        } else if kind.is_dir() || path.is_dir() {
            let what =
                if kind.is_dir() { format!("this folder lies deeper than {MAX_DEPTH} others") } else { "this is a link to a folder".to_owned() };
            let finding = Finding::new(Severity::Warning, "skipped-folder", format!("{what}; it was skipped. Import it by itself"));
            findings.push(finding.in_file(name_of(&path)));
        } else {
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
        Some(format) => {
            let is_companion = format.name == "brat" && ["txt", "conf"].contains(&extension.as_str());
            has(format) || is_companion || format.name == "label-studio" && extension == "xml"
        }
        None => format::FORMATS.iter().any(has) || extension == "conf" || extension == "xml" && has_look(path),
    }
}

/// True for a file that some format knows by its beginning.
fn has_look(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = open_file(path).is_ok_and(|file| file.take(HEAD_BYTES).read_to_end(&mut head).is_ok());
    read && !format::recognise(&name_of(path), &head).extensions.contains(&"txt")
}

/// An `.ann` file comes with its text and with the configuration of its folder, tasks of Label Studio with theirs.
fn add_companions(path: &Path, chosen: Option<&'static Format>, files: &mut BTreeMap<String, PathBuf>) {
    let config = path.with_file_name(LABEL_CONFIG);
    let is_tasks = extension(&name_of(path)) == "json" && chosen.is_none_or(|format| format.name == "label-studio");
    if is_tasks && config.is_file() {
        files.insert(name_of(&config), config);
    }
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
        let read = open_file(&path).map_err(io::Error::from).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
        match read {
            Ok(_) => add(&mut groups, format::recognise(&name, &head), name, path),
            Err(cause) => errors.push(FormatError::reading(&name, cause)),
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
