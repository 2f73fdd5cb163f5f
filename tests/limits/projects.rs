//! Files of a project that came from elsewhere: opened without a copy of them on this machine, or merged by git.

use std::any::Any;
use std::path::Path;

use manicule::model::{CoderKey, DocumentId, SheetKey};
use manicule::store::merge::merge;
use manicule::store::schema_file::read_schema;
use manicule::store::{Places, Preferences};
use manicule::workspace::{OpenOptions, Workspace};

use crate::imports::{filled, id, numbered};
use crate::measure::{Case, Make};

const PROJECT: &str = "(format: 1, id: \"000000000001\", name: \"A\", coders: [(key: \"ann\", name: \"Ann\")])";
const SCHEMA: &str = "(format: 1, name: \"A\")";
const DOCUMENT: &str = "a-000000000001";
const HASH: &str = "00000000000000000000000000000000";

pub(crate) fn cases() -> Vec<Case> {
    let of = |reader, read| move |(input, make): &(&'static str, Make)| Case { reader, input, make: *make, read };
    let mut cases: Vec<Case> = PROJECTS.iter().map(of("project", open)).collect();
    cases.extend(SCHEMAS.iter().map(of("schema", schema)));
    cases.extend(MERGES.iter().map(of("merge", merge_files)));
    cases.extend(PREFERENCES.iter().map(of("preferences", preferences)));
    cases
}

/// Opens the project and loads the only sheet.
fn open(dir: &Path) -> Box<dyn Any> {
    let opened = match Workspace::open(&dir.join("study"), OpenOptions::read_only(), &Places::under(&dir.join("state"))) {
        Ok(opened) => opened,
        Err(error) => return Box::new(format!("refused: {error}")),
    };
    let key = SheetKey::new(&DocumentId::new(DOCUMENT).unwrap(), &CoderKey::from_name("ann"));
    let loaded = opened.workspace.loader().load(&key);
    Box::new(match &loaded {
        Ok(loaded) => {
            let first = opened.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            format!("{} spans, {} claims: {first}", loaded.sheet().spans.len(), loaded.sheet().claims.len())
        }
        Err(error) => format!("refused: {error}"),
    })
}

fn schema(dir: &Path) -> Box<dyn Any> {
    let content = std::fs::read_to_string(dir.join("schema.ron")).unwrap();
    Box::new(match read_schema(&content) {
        Ok(schema) => format!("{} labels", schema.labels.len()),
        Err(error) => format!("refused: {error}"),
    })
}

/// The first line of the base is where the file lies.
fn merge_files(dir: &Path) -> Box<dyn Any> {
    let read = |name: &str| std::fs::read(dir.join(name)).unwrap();
    let (path, base, ours, theirs) = (String::from_utf8(read("path")).unwrap(), read("base"), read("ours"), read("theirs"));
    Box::new(match merge(&path, Some(&base), [&ours, &theirs]) {
        Ok(merged) => format!("{} bytes, {} notes", merged.content.len(), merged.notes.len()),
        Err(error) => format!("refused: {error}"),
    })
}

fn preferences(dir: &Path) -> Box<dyn Any> {
    let (_, finding) = Preferences::load(&Places::under(dir));
    Box::new(finding.map(|finding| finding.message).unwrap_or_default())
}

/// A project with one other file of some content.
fn study(path: &'static str, content: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    let fields = format!("(format: 1, document: \"{DOCUMENT}\", title: \"A\", text: \"{HASH}\", encoding: \"UTF-8\")");
    let files = [
        ("study/project.ron", PROJECT.as_bytes().to_vec()),
        ("study/schema.ron", SCHEMA.as_bytes().to_vec()),
        ("study/documents/01/a-000000000001.ron", fields.into_bytes()),
        ("study/documents/01/a-000000000001.txt", b"Kerry said no.".to_vec()),
    ];
    files.into_iter().filter(|(other, _)| *other != path).chain([(path, content)]).collect()
}

const SHEET: &str = "study/annotations/ann/01/a-000000000001.ron";

fn sheet(content: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    study(SHEET, content)
}

/// A sheet for a long text.
fn sheet_of(text: &str, content: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    let mut files = sheet(content);
    files.iter_mut().filter(|(path, _)| path.ends_with(".txt")).for_each(|(_, content)| *content = text.as_bytes().to_vec());
    files
}

fn span(n: usize, at: &str) -> String {
    format!("    (id: \"{}\", label: \"PER\", at: [{at}]),\n", id(n + 1))
}

const PROJECTS: &[(&str, Make)] = &[
    ("a long name", |n| study("study/project.ron", filled("(format: 1, id: \"000000000001\", name: \"", "said no ", "\")", n))),
    ("coders", |n| {
        let begin = "(format: 1, id: \"000000000001\", name: \"A\", coders: [";
        study("study/project.ron", numbered(begin, "])", n, |i| format!("(key: \"c{i}\", name: \"\"),")))
    }),
    ("deep lists", |n| study("study/project.ron", filled("(format: 1, id: ", "[", "", n))),
    ("deep comments", |n| study("study/project.ron", filled("", "/*", "(format: 1)", n))),
    ("a long unknown field", |n| study("study/project.ron", filled("(format: 1, ", "said", ": 1)", n))),
    ("a text of one line", |n| study("study/documents/01/a-000000000001.txt", filled("", "Zoë said no ", "", n))),
    ("a text of empty lines", |n| study("study/documents/01/a-000000000001.txt", filled("", "\n", "", n))),
    ("regions", |n| {
        let begin = format!("(format: 1, document: \"{DOCUMENT}\", title: \"A\", text: \"{HASH}\", encoding: \"UTF-8\", regions: [");
        study("study/documents/01/a-000000000001.ron", numbered(&begin, "])", n, |i| format!("(kind: title, at: ({i}, {}, \"\")),", i + 1)))
    }),
    ("entities", |n| {
        study("study/entities/00.ron", numbered("(format: 1, entities: [", "])", n, |i| format!("(id: \"{}\", name: \"\"),", id(i + 1))))
    }),
    ("broken entities", |n| study("study/entities/00.ron", filled("(\n  format: 1,\n  entities: [\n", "x\n", "", n))),
    ("entities set aside", |n| study("study/entities/00.ron", filled("(format: 1, put_aside: [", "\"x\",", "])", n))),
    ("spans at one place", |n| sheet(numbered("(\n  format: 1,\n  spans: [\n", "  ],\n)\n", n, |i| span(i, "(0, 5, \"Kerry\")")))),
    ("spans whose quotes are nowhere", |n| {
        let rows = numbered("(\n  format: 1,\n  spans: [\n", "  ],\n)\n", n / 2, |i| span(i, &format!("(0, 5, \"no{i}\")")));
        sheet_of(&"said no, ".repeat(n / 20), rows)
    }),
    ("spans whose quotes are everywhere else", |n| {
        sheet_of(&"ab".repeat(n / 8), numbered("(\n  format: 1,\n  spans: [\n", "  ],\n)\n", n / 2, |i| span(i, "(0, 1, \"b\")")))
    }),
    ("one span of many ranges", |n| {
        let begin = "(\n  format: 1,\n  spans: [(id: \"000000000001\", label: \"PER\", at: [";
        sheet_of(&"a ".repeat(n / 8), numbered(begin, "])])\n", n * 3 / 4, |i| format!("({}, {}, \"a\"),", i * 2 % (n / 4), i * 2 % (n / 4) + 1)))
    }),
    ("an id again and again", |n| {
        sheet(numbered("(\n  format: 1,\n  spans: [\n", "  ],\n)\n", n, |i| span(0, &format!("({}, 5, \"{}\")", i % 5, &"Kerry"[i % 5..]))))
    }),
    ("a claim of many places", |n| {
        let begin = "(\n  format: 1,\n  claims: [(id: \"000000000001\", label: \"C\", occurrences: [";
        sheet_of(&"a ".repeat(n / 8), numbered(begin, "])])\n", n * 3 / 4, |i| format!("[({}, {}, \"a\")],", i * 2 % (n / 4), i * 2 % (n / 4) + 1)))
    }),
    ("lines of no meaning", |n| sheet(filled("(\n  format: 1,\n  spans: [\n", "x\n", "", n))),
    ("lines of no meaning in no list", |n| sheet(filled("(\n  format: 1,\n", "x\n", "", n))),
    ("a field again and again", |n| sheet(filled("(\n  format: 1,\n", "  note: \"\",\n", ")\n", n))),
    ("rows set aside", |n| sheet(filled("(format: 1, put_aside: [", "\"x\",", "])", n))),
    ("names set aside", |n| sheet(numbered("(format: 1, ignored: [", "])", n, |i| format!("\"{i}\",")))),
    ("escapes", |n| sheet(filled("(format: 1, note: \"", "\\u{e9}", "\")", n))),
    ("a note that is never closed", |n| sheet(filled("(format: 1, note: \"", "said no ", "", n))),
    ("a long label", |n| sheet(filled("(format: 1, spans: [(id: \"000000000001\", label: \"", "said", "\", at: [])])", n))),
];

const SCHEMAS: &[(&str, Make)] = &[
    ("labels", |n| schema_of(numbered("(format: 1, name: \"\", labels: [", "])", n, |i| label(i, "")))),
    ("labels one under the other", |n| {
        schema_of(numbered("(format: 1, name: \"\", labels: [", "])", n, |i| label(i, &format!(", parent: \"L{}\"", i + 1))))
    }),
    ("labels in one circle", |n| {
        let last = n / 90;
        let parent = |i: usize| if i < last { i + 1 } else { 0 };
        schema_of(numbered("(format: 1, name: \"\", labels: [", "])", n, |i| label(i, &format!(", parent: \"L{}\"", parent(i)))))
    }),
    ("choices", |n| {
        let begin = "(format: 1, name: \"\", attributes: [(key: \"a\", name: \"\", kind: choice, applies_to: [], choices: [";
        schema_of(numbered(begin, "])])", n, |i| format!("(key: \"c{i}\", name: \"\"),")))
    }),
    ("deep lists", |n| schema_of(filled("(format: 1, name: ", "[", "", n))),
    ("a long description", |n| schema_of(filled("(format: 1, name: \"\", description: \"", "said no ", "\")", n))),
];

fn schema_of(content: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    vec![("schema.ron", content)]
}

fn label(n: usize, more: &str) -> String {
    format!("(key: \"L{n}\", name: \"\", kind: entity, color: \"#000000\"{more}),")
}

fn versions(path: &str, [base, ours, theirs]: [Vec<u8>; 3]) -> Vec<(&'static str, Vec<u8>)> {
    vec![("path", path.as_bytes().to_vec()), ("base", base), ("ours", ours), ("theirs", theirs)]
}

const SHEET_PATH: &str = "annotations/ann/01/a-000000000001.ron";

/// Three versions of a list: each side adds rows of its own.
fn lists(path: &str, begin: &str, end: &str, n: usize, row: impl Fn(usize) -> String) -> Vec<(&'static str, Vec<u8>)> {
    let of = |first: usize, bytes: usize| numbered(begin, end, bytes, |i| row(first + i));
    versions(path, [of(0, n / 8), of(0, n / 2), of(n, n * 3 / 8)])
}

const MERGES: &[(&str, Make)] = &[
    ("spans of two sides", |n| lists(SHEET_PATH, "(format: 1, spans: [", "])", n, |i| span(i, "(0, 5, \"Kerry\")"))),
    ("rows set aside by two sides", |n| lists(SHEET_PATH, "(format: 1, put_aside: [", "])", n, |i| format!("\"{i}\","))),
    ("labels of two sides", |n| lists("schema.ron", "(format: 1, name: \"\", labels: [", "])", n, |i| label(i, ""))),
    ("labels of two sides, one under the other", |n| {
        lists("schema.ron", "(format: 1, name: \"\", labels: [", "])", n, |i| label(i, &format!(", parent: \"L{}\"", i + 1)))
    }),
    ("aliases of two sides", |n| {
        let begin = "(format: 1, name: \"\", labels: [(key: \"L\", name: \"\", kind: entity, color: \"#000000\", aliases: [";
        lists("schema.ron", begin, "])])", n, |i| format!("\"{i}\","))
    }),
    ("choices of two sides", |n| {
        let begin = "(format: 1, name: \"\", attributes: [(key: \"a\", name: \"\", kind: choice, applies_to: [], choices: [";
        lists("schema.ron", begin, "])])", n, |i| format!("(key: \"c{i}\", name: \"\"),"))
    }),
    ("entities of two sides", |n| lists("entities/00.ron", "(format: 1, entities: [", "])", n, |i| format!("(id: \"{}\", name: \"\"),", id(i + 1)))),
    ("places of one claim", |n| {
        let begin = "(format: 1, claims: [(id: \"000000000001\", label: \"C\", occurrences: [";
        lists(SHEET_PATH, begin, "])])", n, |i| format!("[({i}, {}, \"a\")],", i + 1))
    }),
    ("values that both changed", |n| {
        let of = |value: &str| numbered("(format: 1, attributes: {", "})", n / 3, |i| format!("\"a{i}\": Text(\"{value}\"),"));
        versions(SHEET_PATH, [of("a"), of("b"), of("c")])
    }),
];

const PREFERENCES: &[(&str, Make)] = &[
    ("deep lists", |n| vec![("config/preferences.ron", filled("(zoom: ", "[", "", n))]),
    ("many projects", |n| vec![("config/preferences.ron", filled("(recent_projects: [", "\"\",", "])", n))]),
];
