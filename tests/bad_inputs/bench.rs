//! A small project with inputs beside it, the program run on them, and what must hold whatever was wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::mpsc;
use std::time::Duration;

use manicule::model::{CoderKey, Finding, IdSource, SheetKey};
use manicule::store::{Places, StoreError};
use manicule::workspace::import::{ImportOptions, read_import, tables_of};
use manicule::workspace::{OpenOptions, Who, Workspace};

/// One bad input.
pub(crate) struct Case {
    /// What is bad.
    pub(crate) name: &'static str,
    /// Makes it.
    pub(crate) make: fn(&Bench),
    /// What the program gets, words separated by single blanks.
    pub(crate) line: &'static str,
    /// Every line that it prints.
    pub(crate) says: &'static [&'static str],
}

pub(crate) const TEXT: &str = "Zoë Smith said taxes\nfell; Bob denied it.\n";
pub(crate) const DOCUMENT: &str = "documents/10/taxes-hx6q9d2hx310.ron";
pub(crate) const ARTICLE: &str = "documents/10/taxes-hx6q9d2hx310.txt";
pub(crate) const SHEET: &str = "annotations/ann/10/taxes-hx6q9d2hx310.ron";
pub(crate) const ENTITIES: &str = "entities/vm.ron";
/// Files of the project, each as good as it gets.
const FILES: [(&str, &str); 6] = [
    ("project.ron", "(\n  format: 1,\n  id: \"bz2shsr7wwmh\",\n  name: \"Taxes\",\n  coders: [\n    (key: \"ann\", name: \"Ann\"),\n  ],\n)\n"),
    (
        "schema.ron",
        "(\n    format: 1,\n    name: \"News\",\n    labels: [\n        (key: \"PER\", name: \"Person\", kind: entity, color: \"#0072b2\"),\n        (key: \"CLAIM\", name: \"Claim\", kind: claim, color: \"#d55e00\"),\n    ],\n    attributes: [\n        (key: \"score\", name: \"Score\", kind: number, applies_to: [span]),\n    ],\n    roles: [\n        (key: \"claimer\", name: \"Claimer\", accepts: [span, claim], labels: [\"CLAIM\"]),\n    ],\n    relation_types: [\n        (key: \"knows\", name: \"knows\", color: \"#009e73\"),\n    ],\n)\n",
    ),
    (ENTITIES, "(\n  format: 1,\n  entities: [\n    (id: \"vm0000000001\", name: \"Zoë Smith\", label: \"PER\"),\n  ],\n)\n"),
    (
        DOCUMENT,
        "(\n  format: 1,\n  document: \"taxes-hx6q9d2hx310\",\n  title: \"Taxes\",\n  text: \"TEXT_HASH\",\n  encoding: \"UTF-8\",\n  regions: [\n    (kind: title, at: (0, 10, \"Zoë Smith\")),\n  ],\n)\n",
    ),
    (ARTICLE, TEXT),
    (
        SHEET,
        "(\n  format: 1,\n  document: \"taxes-hx6q9d2hx310\",\n  coder: \"ann\",\n  text: \"TEXT_HASH\",\n  spans: [\n    (id: \"frf1b1kj2rbk\", label: \"PER\", at: [(0, 10, \"Zoë Smith\")], entity: \"vm0000000001\"),\n    (id: \"pas20ema9zch\", label: \"PER\", at: [(28, 31, \"Bob\")]),\n  ],\n  claims: [\n    (id: \"vmdc13wwqf9c\", label: \"CLAIM\", at: [(16, 27, \"taxes\\nfell;\")], roles: {\"claimer\": [Span(\"frf1b1kj2rbk\")]}),\n  ],\n  relations: [\n    (id: \"0000000000r1\", label: \"knows\", from: Span(\"frf1b1kj2rbk\"), to: Span(\"pas20ema9zch\")),\n  ],\n)\n",
    ),
];
/// Characters of the longest message; a line has the file in front of it.
const MOST_CHARS: usize = 500;
const LIMIT: Duration = Duration::from_secs(60);

/// A folder with a project in `study` that this machine does not know, and room for inputs.
pub(crate) struct Bench(tempfile::TempDir);

impl Bench {
    pub(crate) fn new() -> Self {
        let bench = Self(tempfile::tempdir().unwrap());
        let hash = manicule::text::TextHash::of(TEXT);
        for (path, content) in FILES {
            bench.write(&format!("study/{path}"), content.replace("TEXT_HASH", hash.as_str()));
        }
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn places(&self) -> Places {
        Places::under(&self.path("state"))
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), content).unwrap();
    }

    /// A file of the project, replaced.
    pub(crate) fn put(&self, file: &str, content: impl AsRef<[u8]>) {
        self.write(&format!("study/{file}"), content);
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path("study").join(file)).unwrap()
    }

    /// Other words in a file of the project.
    pub(crate) fn change(&self, file: &str, from: &str, to: &str) {
        let content = self.read(file);
        assert!(content.contains(from), "{from} is not in {content}");
        self.put(file, content.replacen(from, to, 1));
    }

    /// Another kind of thing where a file of the project was.
    pub(crate) fn instead(&self, file: &str, make: impl Fn(&Path)) {
        fs::remove_file(self.path("study").join(file)).unwrap();
        make(&self.path("study").join(file));
    }

    /// Lets this machine know the project, with good copies of its files.
    pub(crate) fn know(&self) {
        let workspace = Workspace::open(&self.path("study"), OpenOptions::read_write(Who::Named("Ann".into())), &self.places()).unwrap().workspace;
        workspace.backup().unwrap().run(&Default::default(), &Default::default()).unwrap();
        workspace.close().unwrap();
    }

    /// The lines that the program prints.
    pub(crate) fn run(&self, line: &str) -> Vec<String> {
        self.run_words(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    pub(crate) fn run_words(&self, words: &[String]) -> Vec<String> {
        let output = self.output(words);
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        let lines = text.lines().map(|line| without_random_id(&line.replace(&*self.0.path().to_string_lossy(), "ROOT")));
        lines.chain([format!("exit {}", output.status.code().unwrap())]).collect()
    }

    /// A pipe that nobody writes to would be waited for for ever.
    fn output(&self, words: &[String]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_manicule"));
        command.current_dir(self.0.path()).env("MANICULE_STATE_DIR", self.path("state")).env("USER", "Ann").env("NO_COLOR", "1");
        command.args(words).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let child = command.spawn().unwrap();
        let id = child.id();
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || sender.send(child.wait_with_output()));
        receiver
            .recv_timeout(LIMIT)
            .unwrap_or_else(|_| {
                let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
                panic!("{words:?} did not end")
            })
            .unwrap()
    }

    /// All that lies here but the state folder and locks: contents, and what is no file.
    pub(crate) fn look(&self) -> BTreeMap<PathBuf, String> {
        let (mut found, mut folders) = (BTreeMap::new(), vec![self.0.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let (path, kind) = (entry.path(), entry.file_type().unwrap());
                if path == self.path("state") || path.ends_with(".manicule") {
                    continue;
                }
                if kind.is_dir() {
                    folders.push(path.clone());
                }
                found.insert(path.clone(), content_of(&path, kind));
            }
        }
        found
    }
}

/// An id that was made just now is another one each time.
fn without_random_id(line: &str) -> String {
    line.split_once("got the id ").map_or_else(|| line.to_owned(), |(before, _)| format!("{before}got the id ID"))
}

/// Enough to see every change; a sparse file of gigabytes by its length.
fn content_of(path: &Path, kind: fs::FileType) -> String {
    if kind.is_symlink() {
        return format!("link to {}", fs::read_link(path).unwrap().display());
    }
    if kind.is_dir() {
        // Its length says how many entries it has on some file systems, those that are left out among them.
        return "folder".to_owned();
    }
    match fs::metadata(path).unwrap() {
        file if kind.is_file() && file.len() < 64 << 20 => fs::read(path).unwrap().iter().map(|byte| char::from(*byte)).collect(),
        other => format!("{kind:?} {}", other.len()),
    }
}

/// Half of a file of the project.
pub(crate) fn cut(file: &str, bench: &Bench) {
    let content = bench.read(file);
    let half = (content.len() / 2..).find(|at| content.is_char_boundary(*at)).unwrap();
    bench.put(file, &content[..half]);
}

/// A file of the project as Windows programs may save it.
pub(crate) fn utf16(file: &str, bench: &Bench) {
    let units = "\u{feff}".encode_utf16().chain(bench.read(file).encode_utf16().collect::<Vec<_>>()).flat_map(u16::to_le_bytes);
    bench.put(file, units.collect::<Vec<u8>>());
}

/// With one letter that Latin-1 writes in another way than UTF-8.
pub(crate) fn latin1(file: &str, bench: &Bench) {
    let content = bench.read(file).replacen('1', "é", 1).replacen('x', "é", 1);
    bench.put(file, content.chars().map(|c| c as u8).collect::<Vec<_>>());
}

/// Runs the cases and prints all that differ, as they should stand here.
#[track_caller]
pub(crate) fn check_all(cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        let bench = Bench::new();
        (case.make)(&bench);
        let (before, is_known) = (bench.look(), bench.path("state").exists());
        let said = bench.run(case.line);
        unchanged(case, &said, &before, &bench.look());
        if said != case.says {
            wrong.push(format!("{}\t{said:?}", case.name));
        }
        said.iter().for_each(|line| readable(case.name, line));
        by_library(case, &bench, &said, is_known);
        unchanged(case, &said, &before, &bench.look());
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Inputs stay as they are. What was imported adds to the project, and what was exported is in `out`.
#[track_caller]
fn unchanged(case: &Case, said: &[String], before: &BTreeMap<PathBuf, String>, after: &BTreeMap<PathBuf, String>) {
    let has_imported = case.line.starts_with("import") && said.iter().any(|line| line.ends_with("documents imported") && !line.starts_with('0'));
    let is_ours = |path: &Path| has_imported && path.iter().any(|part| part == "study") || path.iter().any(|part| part == "out");
    for path in before.keys().chain(after.keys()).filter(|path| !is_ours(path)) {
        assert!(before.get(path) == after.get(path), "{}: {} is not what it was", case.name, path.display());
    }
}

#[track_caller]
pub(crate) fn readable(name: &str, line: &str) {
    let message = line.split_once(": ").map_or(line, |(_, rest)| rest);
    assert!(message.chars().count() <= MOST_CHARS + 20, "{name}: {} characters: {line}", message.chars().count());
    assert!(!line.chars().any(manicule::text::hidden::is_hidden), "{name}: {line:?}");
    let jargon = ["os error", "Error(", "Some(", "None", "Err(", "panicked", "unwrap", "struct", "usize", "u32", "serde"];
    assert!(!jargon.iter().any(|word| line.contains(word)), "{name}: {line}");
}

/// The library says what the binary says, also when it opens to write.
#[track_caller]
fn by_library(case: &Case, bench: &Bench, said: &[String], is_known: bool) {
    let messages = match case.line.split(' ').collect::<Vec<_>>().as_slice() {
        // Where there are good copies, opening to write puts them back; that is tested elsewhere.
        ["check", _] if is_known => checked(bench, OpenOptions::read_only()),
        ["check", _] => [checked(bench, OpenOptions::read_only()), checked(bench, OpenOptions::read_write(Who::Named("Ann".into())))].concat(),
        ["import", _, paths @ ..] if paths.iter().all(|path| !path.starts_with('-')) => imported(bench, paths),
        _ => return,
    };
    for message in messages {
        let message = message.replace(&format!("{}/", bench.0.path().display()), "").replace(&*bench.0.path().to_string_lossy(), "ROOT");
        assert!(said.iter().any(|line| line.contains(&message)), "{}: only the library says: {message}\n{said:?}", case.name);
    }
}

fn checked(bench: &Bench, options: OpenOptions) -> Vec<String> {
    let mut opened = match Workspace::open(&bench.path("study"), options, &bench.places()) {
        Ok(opened) => opened,
        Err(error) => return vec![manicule::model::cut_message(&error.to_string())],
    };
    let mut messages: Vec<String> = opened.findings.iter().map(Finding::to_string).collect();
    for id in opened.workspace.state().documents.keys().cloned().collect::<Vec<_>>() {
        for coder in opened.workspace.coders_of(&id).unwrap() {
            match opened.workspace.load(&SheetKey::new(&id, &coder)) {
                Ok(findings) => messages.extend(findings.iter().map(Finding::to_string)),
                Err(error) => messages.push(error.to_finding("unreadable").message),
            }
        }
    }
    // Nothing was changed, so nothing is written.
    match opened.workspace.close() {
        Ok(()) | Err(StoreError::NotAProject(_)) => messages,
        Err(error) => panic!("{error}"),
    }
}

fn imported(bench: &Bench, paths: &[&str]) -> Vec<String> {
    let opened = Workspace::open(&bench.path("study"), OpenOptions::read_only(), &bench.places()).unwrap();
    let paths: Vec<PathBuf> = paths.iter().map(|path| bench.path(path)).collect();
    let options = ImportOptions::new(CoderKey::from_name("Ann"));
    let control = (&Default::default(), &Default::default());
    match read_import(&paths, &tables_of(opened.workspace.state()), &options, IdSource::seeded(1), control) {
        Ok(plan) => plan.findings().iter().map(Finding::to_string).collect(),
        Err(error) => vec![error.message()],
    }
}
