//! UIMA exports are read by dkpro-cassis and by Apache UIMA in Java; what cassis writes is read by us. Needs the virtual environment of `tests/readers/setup.sh`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod common;
#[path = "support/foreign_cas.rs"]
mod foreign_cas;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{export, import, project};
use foreign_cas::{JSON, XMI, XMI_TYPES};
use manicule::format::{Batch, Item, MemoryFiles, Tables};
use manicule::model::Node;
use manicule::text::Ranges;
use manicule::text::offsets::OffsetUnit;

const PROJECTS: u64 = 40;

/// A file as another program should see it.
#[derive(Default, serde::Serialize)]
struct Expected {
    text: String,
    annotations: Vec<[String; 2]>,
    relations: Vec<[String; 3]>,
}

/// What XML cannot hold is replaced.
fn safe(text: &str, is_xml: bool) -> String {
    let is_bad = |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r');
    text.chars().map(|c| if is_xml && is_bad(c) { '\u{fffd}' } else { c }).collect()
}

fn expected(item: &Item, is_xml: bool) -> Vec<(Option<String>, Expected)> {
    let safe = |text: &str| safe(text, is_xml);
    let first = |ranges: &Ranges| safe(item.text.slice(ranges.iter().next().unwrap()));
    let regions = item.document.regions.iter().map(|region| ["Region".to_owned(), safe(item.text.slice(region.range))]);
    let plain = || Expected { text: safe(item.text.as_str()), annotations: regions.clone().collect(), relations: Vec::new() };
    let mut all = Vec::new();
    if item.sheets.is_empty() {
        all.push((None, plain()));
    }
    for (coder, sheet) in &item.sheets {
        let mut found = plain();
        let mut add = |kind: &str, ranges: &Ranges| {
            found.annotations.push([kind.to_owned(), first(ranges)]);
            found.annotations.extend(ranges.iter().skip(1).map(|range| ["Fragment".to_owned(), safe(item.text.slice(range))]));
        };
        sheet.spans.values().for_each(|span| add("Span", &span.ranges));
        for claim in sheet.claims.values() {
            claim.content.iter().for_each(|content| add("Claim", content));
            claim.occurrences.iter().for_each(|place| add("Occurrence", place));
        }
        let end = |node| match node {
            Node::Span(id) => sheet.spans.get(&id).map(|span| first(&span.ranges)),
            Node::Claim(id) => sheet.claims.get(&id)?.content.as_ref().map(first),
            _ => None,
        };
        let relations = sheet.relations.values().filter_map(|r| Some([r.label.as_str().to_owned(), end(r.from)?, end(r.to)?]));
        found.relations = relations.collect();
        all.push((Some(coder.to_string()), found));
    }
    all
}

/// Projects with the same codebook in one folder each, and what is in their files.
fn write_projects(format: &str, dir: &Path) -> (BTreeMap<String, Expected>, Vec<MemoryFiles>) {
    let (mut all, mut written) = (BTreeMap::new(), Vec::new());
    for seed in 0..PROJECTS {
        let (tables, items) = project(seed);
        let (files, _) = export(format, &tables, &items, OffsetUnit::Utf16);
        for (name, content) in &files.0 {
            let path = dir.join(seed.to_string()).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        for item in &items {
            for (coder, expected) in expected(item, format == "uima-xmi") {
                let extension = format.strip_prefix("uima-").unwrap();
                let in_folder = coder.map(|coder| format!("{coder}/{}.{extension}", item.id)).filter(|name| files.0.contains_key(name));
                all.insert(format!("{seed}/{}", in_folder.unwrap_or_else(|| format!("{}.{extension}", item.id))), expected);
            }
        }
        written.push(files);
    }
    (all, written)
}

#[track_caller]
fn python(script: &str, arguments: &[PathBuf]) -> Vec<usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join(".venv/bin/python");
    assert!(python.exists(), "\n\n{} IS MISSING: run tests/readers/setup.sh (./test does it) and try again\n", python.display());
    let output = Command::new(python).arg(root.join("tests/readers").join(script)).args(arguments).env("PYTHONUTF8", "1").output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script} failed:\n{err}");
    out.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

/// The files of a folder, also those in its folders.
fn read_dir(dir: &Path) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    let mut waiting = vec![dir.to_owned()];
    while let Some(path) = waiting.pop() {
        for path in fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
                files.0.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Without ids, which are new each time.
fn said(batch: &Batch) -> Vec<String> {
    let mut lines = Vec::new();
    for item in &batch.items {
        lines.push(format!("{} {:?} {:?}", item.id, item.text.as_str(), item.document));
        for (coder, sheet) in &item.sheets {
            let spans = sheet.spans.values().map(|span| format!("{span:?}"));
            let claims = sheet.claims.values().map(|c| {
                let roles: Vec<String> = c.roles.iter().map(|(role, fillers)| format!("{role} {}", fillers.len())).collect();
                format!("{} {:?} {:?} {roles:?} {:?} {:?} {:?}", c.label, c.content, c.occurrences, c.attributes, c.normalized, c.note)
            });
            let relations = sheet.relations.values().map(|r| format!("{} {:?} {:?}", r.label, r.attributes, r.note));
            lines.extend(spans.chain(claims).chain(relations).map(|line| format!("{} {coder} {line}", item.id)));
            lines.push(format!("{:?}", sheet.info));
        }
    }
    lines.sort();
    lines
}

fn cassis_reads_and_writes(format: &str) {
    let dir = tempfile::tempdir().unwrap();
    let (expected, written) = write_projects(format, dir.path());
    fs::write(dir.path().join("expected.json"), serde_json::to_string(&expected).unwrap()).unwrap();
    let annotations = expected.values().map(|file| file.annotations.len()).sum::<usize>();
    let relations = expected.values().map(|file| file.relations.len()).sum::<usize>();
    assert!(annotations > 500 && relations > 20);
    assert_eq!(python("read_uima.py", &[dir.path().to_owned()]), [annotations, relations]);
    eprintln!("{format}: cassis read {} files with {annotations} annotations and {relations} relations as they are", expected.len());
    for (seed, files) in (0..PROJECTS).zip(&written) {
        let again = dir.path().join("again").join(seed.to_string());
        if again.exists() {
            let (tables, _) = project(seed);
            assert_eq!(said(&import(format, files, &tables)), said(&import(format, &read_dir(&again), &tables)), "project {seed}");
        }
    }
    let fresh = read_dir(&dir.path().join("fresh"));
    let wanted = if format == "uima-json" { "fresh.json" } else { "fresh.xmi" };
    let fresh = MemoryFiles::new(fresh.0.into_iter().filter(|(name, _)| name == wanted || format == "uima-xmi" && name.ends_with(".xml")));
    let batch = import(format, &fresh, &Tables::default());
    let item = &batch.items[0];
    let sheet = item.sheets.values().next().unwrap();
    let spans: Vec<String> = sheet.spans.values().map(|span| format!("{} {}", span.label, item.text.quote(&span.ranges))).collect();
    let mut sorted = spans;
    sorted.sort();
    assert_eq!(sorted, ["IDEA taxes\r\nfell", "PER Bob", "PER Smith"]);
    let relation = sheet.relations.values().next().unwrap();
    assert_eq!((relation.label.as_str(), format!("{:?}", relation.attributes.values().next().unwrap())), ("Knows", "Int(1999)".to_owned()));
}

#[test]
fn cassis_reads_our_json_and_we_read_its() {
    cassis_reads_and_writes("uima-json");
}

#[test]
fn cassis_reads_our_xmi_and_we_read_its() {
    cassis_reads_and_writes("uima-xmi");
}

/// What another program has written, and what an export makes of it, in `before` and `after`.
fn write_foreign(dir: &Path) {
    for (format, name, content) in [("uima-json", "a.json", JSON), ("uima-xmi", "b.xmi", XMI)] {
        let types = Some(("TypeSystem.xml", XMI_TYPES)).filter(|_| format == "uima-xmi");
        let before = MemoryFiles::new([(name, content)].into_iter().chain(types));
        let batch = import(format, &before, &Tables::default());
        let (after, _) = export(format, &batch.tables, &batch.items, OffsetUnit::Utf16);
        let extension = format!(".{}", name.rsplit('.').next().unwrap());
        for (part, files) in [("before", before), ("after", after)] {
            fs::create_dir_all(dir.join(part)).unwrap();
            for (file, content) in files.0 {
                let file = if file.ends_with(&extension) { name } else { file.as_str() };
                fs::write(dir.join(part).join(file), content).unwrap();
            }
        }
    }
}

#[test]
fn cassis_finds_what_other_programs_have_written() {
    let dir = tempfile::tempdir().unwrap();
    write_foreign(dir.path());
    let [files, structures] = python("compare_uima.py", &[dir.path().to_owned()])[..] else { panic!("two numbers") };
    eprintln!("cassis read {structures} structures of others in {files} files as they were");
    assert!(files == 2 && structures > 12);
}

/// Letters and signs only: blanks at the ends of spans are cut off.
fn solid(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '…').collect()
}

#[test]
fn python_finds_every_word_and_span_of_webanno_tsv() {
    let dir = tempfile::tempdir().unwrap();
    let (mut expected, mut count) = (BTreeMap::new(), 0);
    for seed in 0..PROJECTS {
        let (tables, mut items) = project(seed);
        items.iter_mut().for_each(|item| item.sheets.retain(|coder, _| coder.as_str() == "alice"));
        let (files, _) = export("webanno-tsv", &tables, &items, OffsetUnit::Utf16);
        for item in &items {
            let name = format!("{}.tsv", item.id);
            fs::write(dir.path().join(format!("{seed}-{name}")), &files.0[&name]).unwrap();
            let sheets = || item.sheets.values();
            let spans = sheets().flat_map(|sheet| sheet.spans.values()).map(|span| ("Span", &span.ranges));
            let claims = sheets().flat_map(|sheet| sheet.claims.values()).filter_map(|claim| Some(("Claim", claim.content.as_ref()?)));
            let marks = spans.chain(claims).map(|(kind, ranges)| [kind.to_owned(), solid(item.text.slice(ranges.hull()))]);
            let marks: Vec<[String; 2]> = marks.filter(|[_, quote]| !quote.is_empty()).collect();
            count += marks.len();
            expected.insert(format!("{seed}-{name}"), marks);
        }
    }
    fs::write(dir.path().join("expected.json"), serde_json::to_string(&expected).unwrap()).unwrap();
    let [words, spans] = python("read_webanno_tsv.py", &[dir.path().to_owned()])[..] else { panic!("two numbers") };
    eprintln!("webanno-tsv: {words} words and {spans} spans in {} files are where they say", expected.len());
    assert!(words > 500 && spans == count && count > 50);
}

/// Where the library is: as Debian installs it, or unpacked into the virtual environment.
fn uima_jar() -> Option<PathBuf> {
    let inside = Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv/uima/usr/share/java/uimaj-core.jar");
    [PathBuf::from("/usr/share/java/uimaj-core.jar"), inside].into_iter().find(|path| path.exists())
}

#[test]
fn apache_uima_reads_our_xmi() {
    let jar = uima_jar().expect("\n\nAPACHE UIMA IS MISSING: apt-get install libuima-core-java default-jdk-headless\n");
    java_reads_every_text(&jar);
}

fn run(command: &mut Command) {
    let output = command.output().expect("\n\nA JDK IS MISSING: apt-get install default-jdk-headless\n");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Types of others, our features in them and what nothing describes.
fn java_reads_others(path: &str) {
    let dir = tempfile::tempdir().unwrap();
    write_foreign(dir.path());
    let (after, out) = (dir.path().join("after"), dir.path().join("out.txt"));
    run(Command::new("java").args(["-Dfile.encoding=UTF-8", "-cp", path, "ReadXmi"]).arg(after.join("TypeSystem.xml")).arg(&after).arg(&out));
    let mut found: Vec<String> = fs::read_to_string(&out).unwrap().lines().skip(1).map(str::to_owned).collect();
    found.sort();
    let token = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token Ann";
    assert_eq!(found, ["Plain Bo", token, "uima.tcas.Annotation Ann saw Bo.", "x.Person Ann"]);
}

fn java_reads_every_text(jar: &Path) {
    let dir = tempfile::tempdir().unwrap();
    let (expected, _) = write_projects("uima-xmi", dir.path());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/ReadXmi.java");
    run(Command::new("javac").arg("-encoding").arg("UTF-8").arg("-cp").arg(jar).arg("-d").arg(dir.path()).arg(source));
    let path = format!("{}:{}", dir.path().display(), jar.display());
    java_reads_others(&path);
    // Of the same codebook; the longest also has the attribute that the codebook does not know.
    let types = (0..PROJECTS).map(|seed| dir.path().join(seed.to_string()).join("TypeSystem.xml"));
    let types = types.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
    let out = dir.path().join("out.txt");
    run(Command::new("java").args(["-Dfile.encoding=UTF-8", "-cp", &path, "ReadXmi"]).arg(types).arg(dir.path()).arg(&out));
    let (mut found, mut name): (BTreeMap<String, Vec<String>>, String) = (BTreeMap::new(), String::new());
    for line in fs::read_to_string(&out).unwrap().split('\n').filter(|line| !line.is_empty()) {
        match line.strip_prefix("file ") {
            Some(file) => {
                name = file.to_owned();
                found.insert(name.clone(), Vec::new());
            }
            None => found.get_mut(&name).unwrap().push(line.to_owned()),
        }
    }
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    let mut count = 0;
    for (name, file) in expected {
        let mut lines: Vec<String> = file.annotations.iter().map(|[kind, text]| format!("{kind} {}", escaped(text))).collect();
        let mut read = found.remove(&name).unwrap();
        lines.sort();
        read.sort();
        assert_eq!(lines, read, "{name}");
        count += lines.len();
    }
    eprintln!("Apache UIMA read {count} annotations with their texts");
}
