//! Files and folders as a source for readers, sorted into groups of one format each.

mod archive;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::archive::Archive;

use super::export::{REPORT, REPORT_JSON};
use crate::format::{self, Format, FormatError, Source, base_name, extension, stem};
use crate::model::{Finding, IdSource, Severity};
use crate::store::open_file;

/// Folders deeper than this are not looked into.
const MAX_DEPTH: usize = 32;
/// Bytes of a file's beginning that tell its format: records of annotations may begin with a long text.
const HEAD_BYTES: u64 = 1 << 16;
/// The configuration that an export to Label Studio puts beside its tasks.
const LABEL_CONFIG: &str = "label_config.xml";
/// The folder of a project of REFI-QDA with its texts.
const SOURCES: &str = "sources";

/// Files by their names.
#[derive(Clone, Debug, Default)]
pub(super) struct FileSource(BTreeMap<String, Place>);

/// Where a file is.
#[derive(Clone, Debug)]
enum Place {
    Disk(PathBuf),
    // By its index.
    Archive(Arc<Archive>, usize),
}

impl Place {
    fn open(&self) -> io::Result<Box<dyn BufRead>> {
        match self {
            Self::Disk(path) => Ok(Box::new(BufReader::new(open_file(path)?))),
            Self::Archive(archive, index) => Ok(Box::new(Cursor::new(archive.read(*index, u64::MAX)?))),
        }
    }

    fn head(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Disk(path) => {
                let mut head = Vec::new();
                open_file(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
                Ok(head)
            }
            Self::Archive(archive, index) => archive.read(*index, HEAD_BYTES),
        }
    }

    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Disk(one), Self::Disk(other)) => one == other,
            (Self::Archive(one, index), Self::Archive(other, nth)) => Arc::ptr_eq(one, other) && index == nth,
            _ => false,
        }
    }
}

impl Source for FileSource {
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn open<'s>(&'s self, name: &str) -> io::Result<Box<dyn BufRead + 's>> {
        self.0.get(name).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?.open()
    }

    fn size(&self, name: &str) -> Option<u64> {
        match self.0.get(name)? {
            Place::Disk(path) => fs::metadata(path).ok().map(|file| file.len()),
            Place::Archive(archive, index) => archive.size(*index),
        }
    }
}

/// Files of one format.
pub(super) struct Group {
    pub(super) format: &'static Format,
    pub(super) files: FileSource,
}

impl Group {
    /// The names of its files.
    pub(super) fn names(&self) -> Vec<String> {
        self.files.names()
    }
}

/// Whose annotations files hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Names {
    /// One coder's: annotations and their text have the same name.
    OfOneCoder,
    /// Of several coders, whose names are in those of the files; the texts are called otherwise.
    OfCoders,
}

/// Finds all files under the paths and groups them by format: the chosen one, else what each file looks like. What
/// cannot be read is a finding beside the rest.
///
/// # Errors
/// When a path does not exist or cannot be read, and there is nothing else.
pub(super) fn group_files(
    paths: &[PathBuf],
    (chosen, names): (Option<&'static Format>, Names),
    findings: &mut Vec<Finding>,
) -> Result<Vec<Group>, FormatError> {
    let (mut files, mut errors) = (BTreeMap::new(), Vec::new());
    for path in paths {
        let mut find = || {
            if path.is_dir() {
                return walk(path, chosen, 0, &mut files, findings);
            }
            // Refused here, whatever reads it later, and by its own name.
            open_file(path)?;
            if is_archive(path) {
                return insert_archive(path, chosen, &mut files, findings);
            }
            insert(name_of(path), Place::Disk(path.clone()), &mut files, findings);
            add_companions(path, chosen, &mut files);
            Ok(())
        };
        errors.extend(find().err().map(|cause| FormatError::reading(&name_of(path), cause)));
    }
    let groups = match chosen {
        Some(format) if errors.is_empty() || !files.is_empty() => vec![Group { format, files: FileSource(files) }],
        Some(_) => Vec::new(),
        None => group_by_look(files, names, (findings, &mut errors)),
    };
    if groups.is_empty() && !errors.is_empty() {
        return Err(errors.swap_remove(0));
    }
    findings.extend(errors.iter().map(FormatError::to_finding));
    Ok(groups)
}

/// Ids for what is in files: the same content, in the same order, gives the same ids.
///
/// # Errors
/// As [`group_files`], and when a file cannot be read.
pub fn ids_of_content(paths: &[PathBuf]) -> Result<IdSource, FormatError> {
    let mut hasher = blake3::Hasher::new();
    for group in group_files(paths, (None, Names::OfOneCoder), &mut Vec::new())? {
        for name in group.names() {
            let copied = group.files.open(&name).and_then(|mut file| io::copy(&mut file, &mut hasher));
            copied.map_err(|cause| FormatError::reading(&name, cause))?;
        }
    }
    let seed = hasher.finalize().as_bytes().iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
    Ok(IdSource::seeded(seed))
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

fn insert(name: String, place: Place, files: &mut BTreeMap<String, Place>, findings: &mut Vec<Finding>) {
    match files.get(&name) {
        Some(there) if !there.is(&place) => {
            let message = "another file with this name is imported already; this one was left out. Give it another name";
            findings.push(Finding::new(Severity::Error, "same-name", message).in_file(name));
        }
        _ => drop(files.insert(name, place)),
    }
}

/// True for what an export says of itself.
fn is_report(name: &str) -> bool {
    [REPORT, REPORT_JSON].iter().any(|report| name.strip_suffix(report).is_some_and(|rest| matches!(rest.chars().last(), None | Some('.' | '/'))))
}

fn is_archive(path: &Path) -> bool {
    extension(&name_of(path)) == "zip"
}

/// Everything in an archive that some format, or the chosen one, reads.
fn insert_archive(path: &Path, chosen: Option<&'static Format>, files: &mut BTreeMap<String, Place>, findings: &mut Vec<Finding>) -> io::Result<()> {
    let archive = Arc::new(Archive::open(path)?);
    for (name, index) in archive.files(&name_of(path), findings).into_iter().filter(|(name, _)| !is_report(name)) {
        let place = Place::Archive(archive.clone(), index);
        if is_readable_kind(&name, &place, chosen) {
            insert(name, place, files, findings);
        } else {
            findings.push(skipped("archive").in_file(name));
        }
    }
    Ok(())
}

fn skipped(of: &str) -> Finding {
    Finding::new(Severity::Note, "skipped-file", format!("this file of the {of} has none of the known extensions; it was skipped"))
}

/// Everything in a folder that some format, or the chosen one, reads. What is in it and cannot be read is a finding beside the rest.
fn walk(
    dir: &Path,
    chosen: Option<&'static Format>,
    depth: usize,
    files: &mut BTreeMap<String, Place>,
    findings: &mut Vec<Finding>,
) -> io::Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    for path in entries {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') || is_report(&name) {
            continue;
        }
        let unread = |cause| FormatError::reading(&name_of(&path), cause).to_finding();
        let kind = match fs::symlink_metadata(&path) {
            Ok(kind) => kind,
            Err(cause) => {
                findings.push(unread(cause));
                continue;
            }
        };
        if kind.is_dir() && depth < MAX_DEPTH {
            let walked = walk(&path, chosen, depth + 1, files, findings);
            findings.extend(walked.err().map(unread));
        } else if kind.is_file() && is_archive(&path) {
            let inserted = insert_archive(&path, chosen, files, findings);
            findings.extend(inserted.err().map(unread));
        } else if !kind.is_dir() && is_readable_kind(&name_of(&path), &Place::Disk(path.clone()), chosen) {
            insert(name_of(&path), Place::Disk(path), files, findings);
        } else if kind.is_dir() || path.is_dir() {
            let what =
                if kind.is_dir() { format!("this folder lies deeper than {MAX_DEPTH} others") } else { "this is a link to a folder".to_owned() };
            let finding = Finding::new(Severity::Warning, "skipped-folder", format!("{what}; it was skipped. Import it by itself"));
            findings.push(finding.in_file(name_of(&path)));
        } else {
            findings.push(skipped("folder").in_file(name_of(&path)));
        }
    }
    Ok(())
}

fn is_readable_kind(name: &str, place: &Place, chosen: Option<&'static Format>) -> bool {
    let extension = extension(name);
    let has = |format: &Format| format.reader.is_some() && format.extensions.contains(&extension.as_str());
    match chosen {
        Some(format) => has(format) || format.companions().contains(&extension.as_str()),
        // Anything may be XML.
        None if extension == "xml" => has_look(name, place),
        None => format::FORMATS.iter().any(has) || extension == "conf",
    }
}

/// True for a file that some format knows by its beginning.
fn has_look(name: &str, place: &Place) -> bool {
    place.head().is_ok_and(|head| !format::recognise(name, &head).extensions.contains(&"txt"))
}

/// An `.ann` file comes with its text and with the configuration of its folder, tasks of Label Studio with theirs.
fn add_companions(path: &Path, chosen: Option<&'static Format>, files: &mut BTreeMap<String, Place>) {
    let config = path.with_file_name(LABEL_CONFIG);
    let is_tasks = extension(&name_of(path)) == "json" && chosen.is_none_or(|format| format.name == "label-studio");
    if is_tasks && config.is_file() {
        files.insert(name_of(&config), Place::Disk(config));
    }
    let text = path.with_extension("txt");
    let is_for_web = chosen.is_none_or(|format| format.name == format::WEB_ANNOTATION.name);
    if is_for_web && text.is_file() && is_json_ld(&name_of(path), &Place::Disk(path.to_owned())) {
        files.insert(name_of(&text), Place::Disk(text));
    }
    if extension(&name_of(path)) == "qde" && chosen.is_none_or(|format| format.name == format::REFI_QDA.name) {
        add_texts_of_project(path, files);
    }
    let is_standoff = ["ann", "a1", "a2"].contains(&extension(&name_of(path)).as_str());
    if !is_standoff || chosen.is_some_and(|format| format.name != "brat") {
        return;
    }
    let beside = ["annotation.conf", "visual.conf", "kb_shortcuts.conf"].map(|name| path.with_file_name(name));
    for companion in std::iter::once(path.with_extension("txt")).chain(beside).filter(|path| path.is_file()) {
        files.insert(name_of(&companion), Place::Disk(companion));
    }
}

/// The texts of an unpacked project of REFI-QDA that was chosen by itself. A folder that cannot be read is missed by the reader.
fn add_texts_of_project(path: &Path, files: &mut BTreeMap<String, Place>) {
    let beside = path.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    for folder in beside.filter(|entry| entry.file_name().to_string_lossy().to_lowercase() == SOURCES) {
        let texts = fs::read_dir(folder.path()).into_iter().flatten().flatten().map(|entry| entry.path());
        for text in texts.filter(|path| path.is_file() && extension(&name_of(path)) == "txt") {
            files.insert(name_of(&text), Place::Disk(text));
        }
    }
}

fn group_by_look(mut files: BTreeMap<String, Place>, names: Names, (findings, errors): (&mut Vec<Finding>, &mut Vec<FormatError>)) -> Vec<Group> {
    let mut groups: BTreeMap<&'static str, Group> = BTreeMap::new();
    let standoff: BTreeSet<String> = files.keys().filter(|name| is_standoff(name)).map(|name| stem(name).to_owned()).collect();
    if !standoff.is_empty() {
        let has_text = |name: &str| names == Names::OfCoders || standoff.contains(stem(name));
        let is_part = |name: &str| is_standoff(name) || extension(name) == "conf" || extension(name) == "txt" && has_text(name);
        let parts: Vec<String> = files.keys().filter(|name| is_part(name)).cloned().collect();
        for name in parts {
            if let Some(place) = files.remove(&name) {
                add(&mut groups, &format::BRAT, name, place);
            }
        }
    }
    let texts: BTreeSet<&str> = files.keys().filter(|name| extension(name) == "txt").map(|name| stem(name)).collect();
    let has_text = |name: &str| texts.contains(stem(name));
    let with_json_ld: BTreeSet<String> =
        files.iter().filter(|(name, place)| has_text(name) && is_json_ld(name, place)).map(|(name, _)| stem(name).to_owned()).collect();
    for (name, place) in files {
        if extension(&name) == "txt" && with_json_ld.contains(stem(&name)) {
            add(&mut groups, &format::WEB_ANNOTATION, name, place);
            continue;
        }
        match place.head() {
            Ok(head) => add(&mut groups, format_of(&name, &head, findings), name, place),
            Err(cause) => errors.push(FormatError::reading(&name, cause)),
        }
    }
    add_articles(&mut groups);
    add_articles_of_roles(&mut groups);
    add_sources(&mut groups);
    give_texts_to_tables(&mut groups);
    groups.into_values().collect()
}

/// What a file looks like. One that nothing knows is the text of an article, but not silently where its name says something else.
fn format_of(name: &str, head: &[u8], findings: &mut Vec<Finding>) -> &'static Format {
    let found = format::recognise(name, head);
    let extension = extension(name);
    if found.name != format::PLAIN_TEXT.name || found.extensions.contains(&extension.as_str()) {
        return found;
    }
    let called_so: Vec<&Format> = format::FORMATS.iter().filter(|format| format.extensions.contains(&extension.as_str())).collect();
    match called_so.as_slice() {
        // Its reader says what is wrong with it.
        [only] if only.reader.is_some() => return only,
        [first, ..] => {
            let title = first.title;
            let message =
                format!("its name ends in .{extension} as that of {title}, but it is nothing that is read; it was taken for the text of an article");
            findings.push(Finding::new(Severity::Warning, "not-as-named", message).in_file(name));
        }
        [] => {}
    }
    found
}

/// Texts in the folder of a table of spans may be those that it means.
fn give_texts_to_tables(groups: &mut BTreeMap<&'static str, Group>) {
    let Some(mut texts) = groups.remove(format::PLAIN_TEXT.name) else { return };
    let table = format::SPAN_TABLES.into_iter().map(|table| table.name).find(|name| groups.contains_key(name));
    if let Some(table) = table.and_then(|name| groups.get_mut(name)) {
        let folders: BTreeSet<String> = table.files.0.keys().map(|name| folder_of(name).to_owned()).collect();
        let is_beside = |name: &str| extension(name) == "txt" && folders.contains(folder_of(name));
        let beside: Vec<String> = texts.files.0.keys().filter(|name| is_beside(name)).cloned().collect();
        table.files.0.extend(beside.into_iter().filter_map(|name| texts.files.0.remove_entry(&name)));
    }
    if !texts.files.0.is_empty() {
        groups.insert(format::PLAIN_TEXT.name, texts);
    }
}

fn folder_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Tables of propaganda techniques come with their articles.
fn add_articles(groups: &mut BTreeMap<&'static str, Group>) {
    let is_article = |name: &str| {
        let number = base_name(name).strip_prefix("article").and_then(|name| name.strip_suffix(".txt"));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if !groups.contains_key(format::TECHNIQUES.name) {
        return;
    }
    let Some(texts) = groups.values_mut().find(|group| group.format.name == "text") else { return };
    let articles: Vec<(String, Place)> =
        texts.files.0.iter().filter(|(name, _)| is_article(name)).map(|(n, place)| (n.clone(), place.clone())).collect();
    texts.files.0.retain(|name, _| !is_article(name));
    articles.into_iter().for_each(|(name, place)| add(groups, &format::TECHNIQUES, name, place));
    groups.retain(|_, group| !group.files.0.is_empty());
}

/// Tables of roles come with the articles that they name, which lie beside them or in a folder of their own.
fn add_articles_of_roles(groups: &mut BTreeMap<&'static str, Group>) {
    let (Some(tables), Some(texts)) = (groups.get(format::ROLES.name), groups.get(format::PLAIN_TEXT.name)) else { return };
    let by_base: BTreeMap<&str, &String> = texts.files.0.keys().map(|name| (base_name(name), name)).collect();
    let mut named: BTreeSet<String> = BTreeSet::new();
    for table in tables.files.0.values() {
        // What cannot be read is said when the table is read.
        let lines = table.open().into_iter().flat_map(|file| file.split(b'\n')).map_while(Result::ok);
        for line in lines {
            let line = String::from_utf8_lossy(&line);
            named.extend(format::article_of_role(&line).and_then(|article| by_base.get(base_name(article))).map(|name| (*name).clone()));
        }
    }
    let Some(texts) = groups.get_mut(format::PLAIN_TEXT.name) else { return };
    let found: Vec<(String, Place)> = texts.files.0.extract_if(.., |name, _| named.contains(name)).collect();
    found.into_iter().for_each(|(name, place)| add(groups, &format::ROLES, name, place));
    groups.retain(|_, group| !group.files.0.is_empty());
}

/// An unpacked project of REFI-QDA comes with the texts in its folder `sources`, which some programs write in capitals.
fn add_sources(groups: &mut BTreeMap<&'static str, Group>) {
    let Some(projects) = groups.get(format::REFI_QDA.name) else { return };
    let is_unpacked = |name: &&String| extension(name) == "qde";
    let of_project = |name: &String| if folder_of(name).is_empty() { SOURCES.to_owned() } else { format!("{}/{SOURCES}", folder_of(name)) };
    let folders: BTreeSet<String> = projects.files.0.keys().filter(is_unpacked).map(|name| of_project(name).to_lowercase()).collect();
    let Some(texts) = groups.get_mut(format::PLAIN_TEXT.name) else { return };
    let is_source = |name: &str| folders.contains(&folder_of(name).to_lowercase());
    let found: Vec<(String, Place)> = texts.files.0.extract_if(.., |name, _| is_source(name)).collect();
    found.into_iter().for_each(|(name, place)| add(groups, &format::REFI_QDA, name, place));
    groups.retain(|_, group| !group.files.0.is_empty());
}

fn is_standoff(name: &str) -> bool {
    ["ann", "a1", "a2"].contains(&extension(name).as_str())
}

/// Annotations in JSON-LD come with their text, too, also where the file is called `.json`.
fn is_json_ld(name: &str, place: &Place) -> bool {
    let is_known = || place.head().is_ok_and(|head| format::recognise(name, &head).name == format::WEB_ANNOTATION.name);
    extension(name) == "jsonld" || extension(name) == "json" && is_known()
}

fn add(groups: &mut BTreeMap<&'static str, Group>, format: &'static Format, name: String, place: Place) {
    let group = groups.entry(format.name).or_insert_with(|| Group { format, files: FileSource::default() });
    group.files.0.insert(name, place);
}
