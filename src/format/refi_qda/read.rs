//! Opening projects: the archive or the file itself, users, variables, notes and links, and each text with its selections.
//!
//! Programs do not count as the specification says, so the texts decide: all of them are looked at before the first is read.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{DocumentParts, said_of, selections_of, sheets};
use super::codebook::{Codes, Means};
use super::described::take_apart;
use super::memos::Memos;
use super::{CONTINUES, DOCUMENT_ID, FORMAT, OCCURRENCE, ORIGIN, plain_guid};
use crate::format::article::{DecodedFile, annotations_or_ask, article, decode_or_ask};
use crate::format::counting::{Counted, Counting, Tally};
use crate::format::vocabulary::{Declared, DeclaredAttribute, ExportedNames, MARKS, Survey, Vocabulary};
use crate::format::xml_tree::{Element, parse};
use crate::format::zip_files::ZipFiles;
use crate::format::{Batch, FormatError, Item, ReadOptions, Receiver, Source, Tables, extension, read_all};
use crate::model::{AttributeKind, Coder, CoderKey, DocumentId, Finding, LabelKey, Schema, Severity};
use crate::text::Text;
use crate::text::decode::{Decoded, Decoding};
use crate::text::offsets::OffsetUnit;

/// Characters kept of a title.
const MAX_TITLE_CHARS: usize = 2000;
const BAD_FILE: &str = "refi-qda-bad-file";

/// Reads every project of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    for name in source.names() {
        match extension(&name).as_str() {
            // Whatever an archive is called.
            _ if is_zip(source, &name) => read_archive(source, &name, options, to)?,
            "qde" => read_project(source, (&name, &name), options, to)?,
            // Texts beside an unpacked project.
            "txt" => {}
            _ => read_archive(source, &name, options, to)?,
        }
    }
    Ok(())
}

/// By its first bytes.
fn is_zip(source: &dyn Source, name: &str) -> bool {
    source.open(name).is_ok_and(|mut file| file.fill_buf().is_ok_and(|head| head.starts_with(b"PK")))
}

fn read_archive(source: &dyn Source, name: &str, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let bytes = match read_all(source, name) {
        Ok(bytes) => bytes,
        Err(error) => {
            to.finding(error.to_finding());
            return Ok(());
        }
    };
    let bad = |why: &dyn std::fmt::Display| Finding::new(Severity::Error, BAD_FILE, format!("{why}. Nothing of the file was read")).in_file(name);
    let files = match ZipFiles::open(bytes) {
        Ok(files) => files,
        Err(error) => {
            to.finding(bad(&error));
            return Ok(());
        }
    };
    // The one that the specification names, else the outermost.
    let rank = |name: &String| (name != "project.qde", name.matches('/').count());
    match files.names().into_iter().filter(|name| extension(name) == "qde").min_by_key(rank) {
        Some(qde) => read_project(&files, (&qde, name), options, to),
        None => {
            to.finding(bad(&"there is no project.qde in the archive"));
            Ok(())
        }
    }
}

/// What the parts of a project refer to, by GUID.
pub(super) struct Project<'p> {
    /// Our own export.
    pub(super) is_ours: bool,
    pub(super) codes: Codes,
    pub(super) users: BTreeMap<String, &'p str>,
    pub(super) variables: BTreeMap<String, (&'p str, &'p str)>,
    pub(super) memos: Memos<'p>,
    /// By where they start.
    pub(super) links: BTreeMap<String, Vec<&'p Element<'p>>>,
    /// Selections that are pieces or further places of others.
    pub(super) followers: BTreeSet<String>,
}

impl<'p> Project<'p> {
    fn of(root: &'p Element<'p>, memos: Memos<'p>) -> Self {
        let lists = |list: &'static str, name: &'static str| root.all(list).flat_map(move |list| list.all(name));
        let by_guid = |element: &'p Element<'p>| plain_guid(element.get("guid").unwrap_or_default());
        let is_ours = root.get("origin") == Some(ORIGIN);
        let mut links: BTreeMap<String, Vec<&Element<'_>>> = BTreeMap::new();
        let mut followers = BTreeSet::new();
        for link in lists("Links", "Link") {
            links.entry(plain_guid(link.get("originGUID").unwrap_or_default())).or_default().push(link);
            if is_ours && matches!(link.get("name"), Some(CONTINUES | OCCURRENCE)) {
                followers.insert(plain_guid(link.get("targetGUID").unwrap_or_default()));
            }
        }
        let mut codes = Codes::of(root);
        memos.describe(&mut codes);
        let variable = |element: &'p Element<'p>| (element.get("name").unwrap_or_default(), element.get("typeOfVariable").unwrap_or_default());
        Self {
            is_ours,
            codes,
            users: lists("Users", "User").map(|user| (by_guid(user), user.get("name").unwrap_or_default())).collect(),
            variables: lists("Variables", "Variable").map(|element| (by_guid(element), variable(element))).collect(),
            memos,
            links,
            followers,
        }
    }

    /// Who a GUID is; the one whose annotations they are said to be where it is nobody's.
    pub(super) fn coder(&self, guid: Option<&str>, options: &ReadOptions) -> CoderKey {
        let user = guid.map(plain_guid).and_then(|guid| self.users.get_key_value(&guid)).filter(|(_, name)| !name.trim().is_empty());
        user.map_or_else(|| options.coder.clone(), |(guid, name)| coder_of(guid, name))
    }
}

/// Our own GUIDs say whether a name is a key.
fn coder_of(guid: &str, name: &str) -> CoderKey {
    let key = CoderKey::new(name).ok().filter(|key| super::guid(&["user", key.as_str()]) == guid);
    key.unwrap_or_else(|| CoderKey::from_name(name))
}

/// Texts of a project, and the elements that say things of them.
pub(super) struct Sources<'p> {
    files: &'p dyn Source,
    // Names of files in small letters: some programs write `Sources/`.
    names: BTreeMap<String, String>,
    folder: String,
}

impl Sources<'_> {
    /// A text; what is wrong with it is said.
    pub(super) fn text(
        &self,
        source: &Element<'_>,
        shown: &str,
        options: &ReadOptions,
        to: &mut dyn Receiver,
    ) -> Result<Option<DecodedFile>, FormatError> {
        let name = source.get("name").unwrap_or_default();
        if let Some(content) = source.child("PlainTextContent") {
            return Ok(Some(DecodedFile {
                original: None,
                decoded: Decoded { text: content.text.clone().into_owned(), decoding: Decoding::utf8() },
            }));
        }
        let path = source.get("plainTextPath").unwrap_or_default();
        let inside = path.strip_prefix("internal://").or_else(|| path.strip_prefix("relative://")).unwrap_or_default();
        let wanted = [format!("{}sources/{inside}", self.folder), format!("{}{inside}", self.folder)].map(|name| name.to_lowercase());
        match wanted.iter().find_map(|wanted| self.names.get(wanted)).filter(|_| !inside.is_empty()) {
            Some(file) => decode_or_ask(self.files, file, options, to),
            None => {
                let message = format!("the text of “{name}” is not in the project ({path}). It was left out with its selections");
                to.finding(Finding::new(Severity::Error, "refi-qda-no-text", message).in_file(shown));
                Ok(None)
            }
        }
    }
}

/// Everything with a text.
pub(super) fn texts_of<'e, 'c>(root: &'e Element<'c>) -> impl Iterator<Item = &'e Element<'c>> {
    root.all("Sources").flat_map(|sources| &sources.children).filter_map(|source| match source.name {
        "TextSource" => Some(source),
        "PDFSource" => source.child("Representation"),
        _ => None,
    })
}

fn read_project(files: &dyn Source, (qde, shown): (&str, &str), options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let Some(file) = annotations_or_ask(files, qde, options, to) else { return Ok(()) };
    let root = match parse(&file.decoded.text) {
        Ok(root) if root.name == "Project" => root,
        Ok(root) => {
            to.finding(bad_project(shown, None, &format!("its outermost element is {} and not Project", root.name)));
            return Ok(());
        }
        Err(bad) => {
            to.finding(bad_project(shown, Some(bad.line), &bad.why));
            return Ok(());
        }
    };
    say_what_is_left_out(&root, shown, to);
    let names = files.names().into_iter().map(|name| (name.to_lowercase(), name)).collect();
    let folder = qde.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let sources = Sources { files, names, folder };
    let project = Project::of(&root, Memos::read(&root, &sources, (shown, options), to)?);
    let counting = counting(&root, &project, &sources, (shown, options), to)?;
    let known = options.known.clone();
    let mut vocabulary = Vocabulary::new(&known, declared(&project.codes), ExportedNames::default(), survey(&root, &project));
    let (mut coders, mut entities, mut used, mut seen) = (BTreeSet::new(), BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    for source in texts_of(&root) {
        let Some(file) = sources.text(source, shown, options, to)? else { continue };
        let mut item = document(source, &project, file, (options, &mut seen));
        let parts = DocumentParts { project: &project, source, file: shown, counting };
        let memory = (&mut entities, &mut used);
        item.sheets = sheets(&parts, &item, (&mut vocabulary, options, memory), to);
        coders.extend(item.sheets.keys().cloned());
        to.item(item);
        options.step()?;
    }
    say_unused_links(&project, &used, shown, to);
    project.memos.say_what_is_left_out(&root, (&project.codes, &known, &mut vocabulary), shown, to);
    hand_over_codes(&project, &known, &mut vocabulary, to);
    let names = project.users.iter().filter(|(_, name)| !name.trim().is_empty()).map(|(guid, name)| (coder_of(guid, name), Coder::new(*name)));
    let named = names.filter(|(key, _)| coders.contains(key) && !known.coders.contains_key(key)).collect();
    to.tables(Tables { coders: named, ..Tables::default() });
    vocabulary.hand_over(&coders, to);
    Ok(())
}

fn bad_project(shown: &str, line: Option<usize>, why: &str) -> Finding {
    let mut finding = Finding::new(Severity::Error, BAD_FILE, format!("{why}. Nothing of the project was read")).in_file(shown);
    finding.line = line;
    finding
}

/// Pictures and the like, cases, sets of others, graphs.
fn say_what_is_left_out(root: &Element<'_>, shown: &str, to: &mut dyn Receiver) {
    let ours = [super::ENTITY_LABELS, super::CLAIM_LABELS, super::ATTRIBUTES, super::ENTITIES];
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (list, part) in root.children.iter().flat_map(|list| list.children.iter().map(move |part| (list.name, part))) {
        let is_lost = match (list, part.name) {
            ("Sources", "TextSource") => false,
            ("Sources", "PDFSource") => part.child("Representation").is_none() || part.child("PDFSelection").is_some(),
            ("Sets", _) => !part.get("name").is_some_and(|name| ours.contains(&name)),
            ("Sources" | "Cases" | "Graphs", _) => true,
            _ => false,
        };
        if is_lost {
            *counts.entry(part.name).or_default() += 1;
        }
    }
    for (what, count) in counts {
        let message = format!("{count} elements of the kind {what} have no place here; they were left out");
        to.finding(Finding::new(Severity::Warning, "refi-qda-left-out", message).in_file(shown));
    }
}

/// What the offsets of all texts count.
fn counting(
    root: &Element<'_>,
    project: &Project<'_>,
    sources: &Sources<'_>,
    (shown, options): (&str, &ReadOptions),
    to: &mut dyn Receiver,
) -> Result<Counting, FormatError> {
    // We count as the specification says; in texts of nothing but signs a guess would be worse.
    if project.is_ours && options.unit.is_none() {
        return Ok(Counting::plain(OffsetUnit::CodePoints));
    }
    let mut tally = Tally::new(OffsetUnit::CodePoints, options.unit);
    for source in texts_of(root) {
        if options.cancel.is_cancelled() {
            return Err(FormatError::Cancelled);
        }
        // What is wrong with a text is said when it is read.
        let Some(file) = sources.text(source, shown, options, &mut Batch::default())? else { continue };
        let text = Text::new(file.decoded.text);
        let selections = selections_of(project, source);
        // Some programs name selections by their words, others by anything.
        let surface = |name: &'_ str| name.chars().count() > 3 && (project.is_ours || text.as_str().contains(name));
        let spans: Vec<Counted<'_>> =
            selections.iter().map(|one| Counted { ranges: &one.ranges, surface: one.surface.filter(|name| surface(name)) }).collect();
        tally.add(&text, &spans);
    }
    let choice = tally.choose();
    if let Some(finding) = choice.finding("refi-qda-offsets") {
        to.finding(finding.in_file(shown));
    }
    Ok(choice.counting)
}

fn declared(codes: &Codes) -> Declared {
    let mut declared = Declared::default();
    for (place, code) in codes.codes.iter().enumerate() {
        match code.means {
            Means::Label(kind) => {
                let parent = code.parent.and_then(|parent| codes.at(parent)).map(|parent| parent.name.clone());
                declared.labels.push((code.name.clone(), parent, kind));
            }
            Means::Attribute => {
                let values = codes.choices(place).map(|choice| choice.name.clone()).collect();
                declared.attributes.push(DeclaredAttribute { name: code.name.clone(), targets: MARKS.to_vec(), values, kind: None });
            }
            Means::Choice(_) | Means::Entities | Means::Entity => {}
        }
    }
    declared
}

/// Values of variables and, in our own exports, of attributes in descriptions.
fn survey(root: &Element<'_>, project: &Project<'_>) -> Survey {
    let mut survey = Survey::default();
    for source in texts_of(root) {
        for (name, kind, value) in said_of(project, source) {
            match kind {
                "Boolean" => survey.value_of_kind(&name, value, AttributeKind::YesNo),
                "Integer" => survey.value_of_kind(&name, value, AttributeKind::Integer),
                "Float" => survey.value_of_kind(&name, value, AttributeKind::Number),
                "Date" => survey.value_of_kind(&name, value, AttributeKind::Date),
                _ => survey.value(&name, value),
            }
        }
        for selection in source.all("PlainTextSelection").filter(|_| project.is_ours) {
            for (name, value) in take_apart(selection.text_of("Description")).1 {
                name.strip_prefix("attribute ").into_iter().for_each(|name| survey.value(name, &value));
            }
        }
    }
    survey
}

fn document(source: &Element<'_>, project: &Project<'_>, file: DecodedFile, (options, seen): (&mut ReadOptions, &mut BTreeSet<DocumentId>)) -> Item {
    let name = source.get("name").unwrap_or_default();
    let mut item = article(name, file, options);
    if !name.trim().is_empty() {
        item.document.title = name.chars().take(MAX_TITLE_CHARS).collect();
        item.id = DocumentId::from_title(&item.document.title, options.ids.next_id());
    }
    if project.is_ours {
        item.document.file_name.clear();
    }
    for (variable, _, value) in said_of(project, source) {
        let document = &mut item.document;
        match variable.as_str() {
            "source" => value.clone_into(&mut document.source),
            "author" => value.clone_into(&mut document.author),
            "url" => value.clone_into(&mut document.url),
            "language" => value.clone_into(&mut document.language),
            "file_name" => value.clone_into(&mut document.file_name),
            "date" => document.date = value.parse().ok().or(document.date.take()),
            DOCUMENT_ID => item.id = value.parse().ok().filter(|id| !seen.contains(id)).unwrap_or(item.id),
            _ => {}
        }
    }
    seen.insert(item.id.clone());
    let kept = super::build::kept_attributes(source, &["name", "plainTextPath"], project.is_ours);
    if !kept.is_empty() {
        item.document.residue.insert(FORMAT.name.to_owned(), kept);
    }
    item
}

/// Links that no sheet has taken in.
fn say_unused_links(project: &Project<'_>, used: &BTreeSet<String>, shown: &str, to: &mut dyn Receiver) {
    let is_ours = |link: &Element<'_>| project.is_ours && matches!(link.get("name"), Some(CONTINUES | OCCURRENCE));
    for link in project.links.values().flatten().filter(|link| !is_ours(link)) {
        if !used.contains(&plain_guid(link.get("guid").unwrap_or_default())) {
            let name = link.get("name").unwrap_or_default();
            let message = format!("the link “{name}” joins something other than two coded places of one person in one text; it was left out");
            to.finding(Finding::new(Severity::Warning, "refi-qda-link", message).in_file(shown));
        }
    }
}

/// Colours and descriptions of the labels that the codebook does not have.
fn hand_over_codes(project: &Project<'_>, known: &Tables, vocabulary: &mut Vocabulary<'_>, to: &mut dyn Receiver) {
    let mut labels = project.codes.labels(|code| vocabulary.label(&code.name));
    labels.retain(|key: &LabelKey, _| !known.schema.labels.contains_key(key));
    to.tables(Tables { schema: Schema { labels, ..Schema::default() }, ..Tables::default() });
}
