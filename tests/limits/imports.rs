//! Files that somebody imports: texts, tables of articles, JSONL, brat, dictionaries.

use std::any::Any;
use std::path::{Path, PathBuf};

use manicule::format::{Tables, find};
use manicule::model::{CoderKey, IdSource};
use manicule::progress::{CancelToken, Progress};
use manicule::suggest::dictionary::Dictionary;
use manicule::text::decode::decode;
use manicule::workspace::import::{ImportOptions, read_import};

use crate::measure::{Case, Make};

const HEADER: &str = "{\"format\":\"manicule-jsonl\",\"version\":1,\"offset_unit\":\"code-points\"}\n";
const DOCUMENT: &str = "{\"id\":\"a-000000000001\",\"text\":\"";

pub(crate) fn cases() -> Vec<Case> {
    let of = |reader, read| move |(input, make): &(&'static str, Make)| Case { reader, input, make: *make, read };
    let mut cases: Vec<Case> = TEXTS.iter().map(of("text", |dir| import("text", dir))).collect();
    cases.extend(CSV.iter().map(of("articles-csv", |dir| import("articles-csv", dir))));
    cases.extend(JSON.iter().map(of("articles-jsonl", |dir| import("articles-jsonl", dir))));
    cases.extend(JSON.iter().map(of("doccano", |dir| import("doccano", dir))));
    cases.extend(JSON.iter().map(of("label-studio", |dir| import("label-studio", dir))));
    cases.extend(JSON.iter().map(of("spacy-jsonl", |dir| import("spacy-jsonl", dir))));
    cases.extend(DOCCANO.iter().map(of("doccano", |dir| import("doccano", dir))));
    cases.extend(LABEL_STUDIO.iter().map(of("label-studio", |dir| import("label-studio", dir))));
    cases.extend(SPACY.iter().map(of("spacy-jsonl", |dir| import("spacy-jsonl", dir))));
    cases.extend(JSONL.iter().map(of("jsonl", |dir| import("jsonl", dir))));
    cases.extend(BRAT.iter().map(of("brat", |dir| import("brat", dir))));
    cases.extend(DICTIONARIES.iter().map(of("dictionary", dictionary)));
    cases
}

pub(crate) fn import(format: &str, dir: &Path) -> Box<dyn Any> {
    let mut options = ImportOptions::new(CoderKey::from_name("ann"));
    options.format = find(format);
    let paths: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    let control = (&Progress::new(), &CancelToken::new());
    let result = read_import(&paths, &Tables::default(), &options, IdSource::seeded(1), control);
    Box::new(match &result {
        Ok(plan) => {
            let rows: usize = plan.batch.items.iter().flat_map(|item| item.sheets.values()).map(|sheet| sheet.spans.len() + sheet.claims.len()).sum();
            let first = plan.findings().first().map(|finding| finding.message.clone()).unwrap_or_default();
            format!("{} documents, {rows} marks, {} findings: {first}", plan.batch.items.len(), plan.findings().len())
        }
        Err(error) => format!("refused: {}", error.message()),
    })
}

fn dictionary(dir: &Path) -> Box<dyn Any> {
    let path = std::fs::read_dir(dir).unwrap().next().unwrap().unwrap().path();
    let bytes = std::fs::read(&path).unwrap();
    let text = decode(&bytes).unwrap().text;
    let (dictionary, findings) = Dictionary::parse(&path.to_string_lossy(), &text);
    Box::new(format!("{} entries, {} findings", dictionary.len(), findings.len()))
}

/// A pattern as often as it fits, between a beginning and an end.
pub(crate) fn filled(begin: &str, pattern: &str, end: &str, bytes: usize) -> Vec<u8> {
    let times = bytes.saturating_sub(begin.len() + end.len()) / pattern.len();
    [begin.as_bytes(), &pattern.as_bytes().repeat(times), end.as_bytes()].concat()
}

/// Numbered rows up to a size.
pub(crate) fn numbered(begin: &str, end: &str, bytes: usize, row: impl Fn(usize) -> String) -> Vec<u8> {
    let mut content = begin.to_owned();
    for n in 0.. {
        if content.len() + end.len() >= bytes {
            break;
        }
        content.push_str(&row(n));
    }
    content.push_str(end);
    content.into_bytes()
}

fn one(name: &'static str, content: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    vec![(name, content)]
}

const TEXTS: &[(&str, Make)] = &[
    ("one line", |n| one("a.txt", filled("", "Zoë said no ", "", n))),
    ("empty lines", |n| one("a.txt", filled("", "\n", "", n))),
    ("10,000 marks on each letter", |n| one("a.txt", filled("", &format!("a{}", "\u{301}".repeat(10_000)), "", n))),
    ("one chain of joiners", |n| one("a.txt", filled("", "👩\u{200d}", "", n))),
    ("a NUL now and then", |n| one("a.txt", filled("", "said no, twice\0", "", n))),
    ("direction marks", |n| one("a.txt", filled("", "\u{202e}\u{2066}", "", n))),
    ("UTF-16", |n| {
        one("a.txt", [b"\xff\xfe".to_vec(), "Zoë said. ".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>().repeat(n / 20)].concat())
    }),
    ("UTF-8 but for the last byte", |n| one("a.txt", [filled("", "Zoë said no ", "", n), vec![0xff]].concat())),
    ("no encoding at all", |n| one("a.txt", (0..n).map(|i| (i * i / 7 % 223 + 32) as u8).collect())),
];

const CSV: &[(&str, Make)] = &[
    ("one line", |n| one("a.csv", filled("text\n", "Zoë said no ", "", n))),
    ("empty lines", |n| one("a.csv", filled("text\n", "\n", "", n))),
    ("tiny rows", |n| one("a.csv", filled("text\n", "a\n", "", n.min(12_000_000)))),
    ("ragged rows", |n| one("a.csv", filled("text,title\n", "a\n", "", n.min(12_000_000)))),
    ("rows of blanks", |n| one("a.csv", filled("text\n", "\" \"\n", "", n.min(12_000_000)))),
    ("a quote that is never closed", |n| one("a.csv", filled("text,title\na,\"", "said no\n", "", n))),
    ("quotes that are never closed on each line", |n| one("a.csv", filled("a,text\n", "x\",\"y\n", "", n))),
    ("escaped quotes", |n| one("a.csv", filled("text\n\"", "\"\"", "\"\n", n))),
    ("a header of many columns", |n| one("a.csv", filled("text", ",a", "\nb\n", n))),
    ("rows of many columns", |n| one("a.csv", filled("text,title\n", &format!("a{}\n", ",b".repeat(50_000)), "", n))),
    ("a long name of a column", |n| one("a.csv", filled("text,", "said no ", "\na,b\n", n))),
    ("long fields", |n| one("a.csv", filled("text,title,source,note\na,", "said no ", ",c,d\n", n))),
];

const JSON: &[(&str, Make)] = &[
    ("one long text", |n| one("a.jsonl", filled("{\"text\":\"", "Zoë said no ", "\"}\n", n))),
    ("empty lines", |n| one("a.jsonl", filled("", "\n", "", n))),
    ("lines that are not JSON", |n| one("a.jsonl", filled("", "x\n", "", n))),
    ("tiny records", |n| one("a.jsonl", filled("", "{\"text\":\"\"}\n", "", n.min(12_000_000)))),
    ("records without text", |n| one("a.jsonl", filled("", "{}\n", "", n))),
    ("numbers instead of records", |n| one("a.jsonl", filled("", "1\n", "", n))),
    ("deep lists", |n| one("a.jsonl", filled("{\"text\":\"a\",\"b\":", "[", "", n))),
    ("deep objects", |n| one("a.jsonl", filled("{\"text\":\"a\",\"b\":", "{\"a\":", "", n))),
    ("escapes", |n| one("a.jsonl", filled("{\"text\":\"", "\\u00e9", "\"}\n", n))),
    ("a text that is never closed", |n| one("a.jsonl", filled("{\"text\":\"", "said no ", "", n))),
    ("a long key", |n| one("a.jsonl", filled("{\"text\":\"a\",\"", "said no ", "\":1}\n", n))),
    ("many keys", |n| one("a.jsonl", numbered("{\"text\":\"a\"", "}\n", n, |i| format!(",\"{i}\":1")))),
    ("a list of tiny lists", |n| one("a.jsonl", filled("{\"text\":\"a\",\"b\":[[]", ",[]", "]}\n", n))),
    ("a list of numbers", |n| one("a.jsonl", filled("{\"text\":\"a\",\"b\":[0", ",0", "]}\n", n))),
    ("a list of tiny objects", |n| one("a.jsonl", filled("{\"text\":\"a\",\"b\":[0", ",{\"a\":0}", "]}\n", n))),
    ("many authors", |n| one("a.jsonl", filled("{\"text\":\"a\",\"authors\":[\"a\"", ",\"b\"", "]}\n", n))),
    ("one array of records", |n| one("a.json", filled("[{\"text\":\"a\"}", ",{\"text\":\"a\"}", "]", n.min(12_000_000)))),
    ("one array of numbers", |n| one("a.json", filled("[0", ",0", "]", n))),
    ("one array that ends too early", |n| one("a.json", filled("[{\"text\":\"a\"}", ",{\"text\":\"a\"}", "", n.min(12_000_000)))),
];

const DOCCANO: &[(&str, Make)] = &[
    ("spans at one place", |n| one("a.jsonl", filled("{\"text\":\"Kerry said\",\"label\":[[0,5,\"PER\"]", ",[0,5,\"PER\"]", "]}\n", n))),
    ("spans of many labels", |n| {
        one("a.jsonl", numbered("{\"text\":\"Kerry said\",\"label\":[[0,5,\"PER\"]", "]}\n", n, |i| format!(",[0,5,\"L{i}\"]")))
    }),
    ("spans behind the text", |n| one("a.jsonl", filled("{\"text\":\"a\",\"label\":[[0,1,\"PER\"]", ",[7,9,\"PER\"]", "]}\n", n))),
    ("relations to nothing", |n| {
        one("a.jsonl", filled("{\"text\":\"a\",\"entities\":[],\"relations\":[0", ",{\"from_id\":1,\"to_id\":2,\"type\":\"x\"}", "]}\n", n))
    }),
];

const REGION: &str = ",{\"id\":\"a\",\"type\":\"labels\",\"value\":{\"start\":0,\"end\":5,\"labels\":[\"PER\"]}}";

const LABEL_STUDIO: &[(&str, Make)] = &[
    ("regions of one id", |n| one("a.json", filled("[{\"data\":{\"text\":\"Kerry said\"},\"annotations\":[{\"result\":[0", REGION, "]}]}]", n))),
    ("empty annotations", |n| one("a.json", filled("[{\"data\":{\"text\":\"a\"},\"annotations\":[{}", ",{}", "]}]", n))),
    ("many annotations", |n| {
        let annotation = format!(",{{\"result\":[0{REGION}]}}");
        one("a.json", filled("[{\"data\":{\"text\":\"Kerry said\"},\"annotations\":[{}", &annotation, "]}]", n))
    }),
    ("a configuration of many labels", |n| {
        one("a.xml", numbered("<View><Labels name=\"l\">", "</Labels></View>", n, |i| format!("<Label value=\"L{i}\"/>")))
    }),
    ("a configuration of many attributes", |n| one("a.xml", numbered("<View><Labels", "/></View>", n, |i| format!(" a{i}=\"x\"")))),
];

const SPACY: &[(&str, Make)] = &[
    ("spans at one place", |n| {
        let span = ",{\"start\":0,\"end\":5,\"label\":\"PER\"}";
        one("a.jsonl", filled("{\"text\":\"Kerry said\",\"spans\":[0", span, "]}\n", n))
    }),
    ("one text again and again", |n| {
        one("a.jsonl", filled("", "{\"text\":\"Kerry said\",\"spans\":[{\"start\":0,\"end\":5,\"label\":\"PER\"}]}\n", "", n))
    }),
    ("one text with bad spans again and again", |n| one("a.jsonl", filled("", "{\"text\":\"Kerry said\",\"spans\":[0]}\n", "", n))),
];

fn with_rows(n: usize, text: &str, list: &str, row: impl Fn(usize) -> String) -> Vec<(&'static str, Vec<u8>)> {
    let begin = format!("{HEADER}{DOCUMENT}{text}\",\"sheets\":[{{\"coder\":\"ann\",\"{list}\":[null");
    one("a.jsonl", numbered(&begin, "]}]}\n", n, row))
}

pub(crate) fn id(n: usize) -> String {
    format!("{n:012}").replace('0', "a")
}

const JSONL: &[(&str, Make)] = &[
    ("one long text", |n| one("a.jsonl", filled(&format!("{HEADER}{DOCUMENT}"), "Zoë said no ", "\"}\n", n))),
    ("escapes", |n| one("a.jsonl", filled(&format!("{HEADER}{DOCUMENT}"), "\\n", "\"}\n", n))),
    ("empty lines", |n| one("a.jsonl", filled(HEADER, "\n", "", n))),
    ("lines that are not JSON", |n| one("a.jsonl", filled(HEADER, "x\n", "", n))),
    ("deep lists", |n| one("a.jsonl", filled(&format!("{HEADER}{DOCUMENT}a\",\"sheets\":"), "[", "", n))),
    ("a first line that is none", |n| one("a.jsonl", filled("{\"format\":\"", "said no ", "\"}\n", n))),
    ("a unit of a long name", |n| one("a.jsonl", filled("{\"format\":\"manicule-jsonl\",\"version\":1,\"offset_unit\":\"", "said no ", "\"}\n", n))),
    ("tiny documents", |n| one("a.jsonl", numbered(HEADER, "", n.min(40_000_000), |i| format!("{{\"id\":\"{}\",\"text\":\"\"}}\n", id(i + 1))))),
    ("one document again and again", |n| one("a.jsonl", filled(HEADER, &format!("{DOCUMENT}a\"}}\n"), "", n.min(40_000_000)))),
    ("spans at one place", |n| {
        with_rows(n, "Kerry said", "spans", |i| {
            format!(",{{\"id\":\"{}\",\"label\":\"PER\",\"ranges\":[{{\"start\":0,\"end\":5,\"quote\":\"Kerry\"}}]}}", id(i + 1))
        })
    }),
    ("spans whose quotes are nowhere", |n| {
        with_rows(n, &"said no, ".repeat(n / 20), "spans", |i| {
            format!(",{{\"id\":\"{}\",\"label\":\"PER\",\"ranges\":[{{\"start\":0,\"end\":5,\"quote\":\"no{i}\"}}]}}", id(i + 1))
        })
    }),
    ("spans whose quotes are everywhere else", |n| {
        with_rows(n, &"ab".repeat(n / 8), "spans", |i| {
            format!(",{{\"id\":\"{}\",\"label\":\"PER\",\"ranges\":[{{\"start\":0,\"end\":1,\"quote\":\"b\"}}]}}", id(i + 1))
        })
    }),
    ("rows of no meaning", |n| with_rows(n, "a", "spans", |_| ",0".to_owned())),
    ("rows that are tiny objects", |n| with_rows(n, "a", "claims", |_| ",{\"a\":0}".to_owned())),
    ("claims with one place again and again", |n| {
        with_rows(n, "Kerry", "claims", |i| {
            format!(
                ",{{\"id\":\"{}\",\"label\":\"C\",\"ranges\":[{{\"start\":0,\"end\":5}}],\"occurrences\":[[{{\"start\":1,\"end\":2}}],[{{\"start\":1,\"end\":2}}]]}}",
                id(i + 1)
            )
        })
    }),
    ("one span of many ranges", |n| {
        let begin = format!(
            "{HEADER}{DOCUMENT}{}\",\"sheets\":[{{\"coder\":\"ann\",\"spans\":[{{\"id\":\"{}\",\"label\":\"PER\",\"ranges\":[{{\"start\":0,\"end\":1}}",
            "a".repeat(n / 4),
            id(1)
        );
        one("a.jsonl", numbered(&begin, "]}]}]}\n", n, |i| format!(",{{\"start\":{},\"end\":{}}}", i * 2 % (n / 5), i * 2 % (n / 5) + 1)))
    }),
    ("entities", |n| {
        let begin = HEADER.trim_end().trim_end_matches('}').to_owned() + ",\"entities\":[{\"id\":\"000000000009\",\"name\":\"a\"}";
        one("a.jsonl", numbered(&begin, "]}\n", n, |i| format!(",{{\"id\":\"{}\",\"name\":\"\"}}", id(i + 1))))
    }),
    ("attributes", |n| {
        let begin = format!("{HEADER}{DOCUMENT}a\",\"sheets\":[{{\"coder\":\"ann\",\"attributes\":{{\"a\":[]");
        one("a.jsonl", numbered(&begin, "}}]}\n", n, |i| format!(",\"{i}\":[]")))
    }),
];

fn ann(text: &str, ann: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    vec![("a.txt", text.as_bytes().to_vec()), ("a.ann", ann)]
}

const BRAT: &[(&str, Make)] = &[
    ("lines of no meaning", |n| ann("Kerry", filled("", "x\n", "", n))),
    ("empty lines", |n| ann("Kerry", filled("", "\n", "", n))),
    ("one line", |n| ann("Kerry", filled("T1\tPER 0 5\t", "Kerry ", "\n", n))),
    ("spans at one place", |n| ann("Kerry said", numbered("", "", n, |i| format!("T{i}\tPER 0 5\tKerry\n")))),
    ("spans whose words are nowhere", |n| ann(&"said no, ".repeat(n / 20), numbered("", "", n / 2, |i| format!("T{i}\tPER 0 5\tno{i}\n")))),
    ("spans whose words are everywhere else", |n| ann(&"ab".repeat(n / 8), numbered("", "", n / 2, |i| format!("T{i}\tPER 0 1\tb\n")))),
    ("spans outside of the text", |n| ann("Kerry", numbered("", "", n, |i| format!("T{i}\tPER 90 99\n")))),
    ("one span of many ranges", |n| ann(&"a ".repeat(n / 8), numbered("T1\tPER 0 1", "\tx\n", n * 3 / 4, |i| format!(";{} {}", i * 2, i * 2 + 1)))),
    ("an id again and again", |n| ann("Kerry", filled("", "T1\tPER 0 5\tKerry\n", "", n))),
    ("types", |n| ann("Kerry", numbered("", "", n, |i| format!("T{i}\tPER{i} 0 5\tKerry\n")))),
    ("notes on one span", |n| ann("Kerry", filled("T1\tPER 0 5\tKerry\n", "#1\tAnnotatorNotes T1\tx\n", "", n))),
    ("attributes of one span", |n| ann("Kerry", numbered("T1\tPER 0 5\tKerry\n", "", n, |i| format!("A{i}\ta{i} T1 x\n")))),
    ("values of one attribute", |n| ann("Kerry", numbered("T1\tPER 0 5\tKerry\n", "", n, |i| format!("A{i}\ta T1 x{i}\n")))),
    ("attributes of nothing", |n| ann("Kerry", filled("", "A1\tx T1\n", "", n))),
    ("entities", |n| ann("Kerry", numbered("", "", n, |i| format!("T{i}\tPER 0 5\tKerry\nN{i}\tReference T{i} Wikidata:Q{i}\tKerry\n")))),
    ("entries of one entity", |n| ann("Kerry", numbered("T1\tPER 0 5\tKerry\n", "", n, |i| format!("N{i}\tReference T1 Wikidata:Q{i}\tKerry\n")))),
    ("one event of many arguments", |n| ann("Kerry", numbered("T1\tC 0 5\tKerry\nE1\tC:T1", "\n", n, |i| format!(" a{i}:T1")))),
    ("one event, one role", |n| ann("Kerry", filled("T1\tC 0 5\tKerry\nT2\tP 0 5\tKerry\nE1\tC:T1", " a:T2", "\n", n))),
    ("events", |n| ann("Kerry", numbered("T1\tC 0 5\tKerry\n", "", n, |i| format!("E{i}\tC:T1 a:E{i}\n")))),
    ("equivalent spans", |n| ann("Kerry", filled("T1\tC 0 5\tKerry\n*\tEquiv T1", " T1", "\n", n))),
    ("relations", |n| ann("Kerry", numbered("T1\tC 0 5\tKerry\n", "", n, |i| format!("R{i}\tr Arg1:T1 Arg2:T1\n")))),
    ("a configuration of many types", |n| {
        let conf = numbered("[entities]\n", "", n, |i| format!("a{i}\n"));
        vec![("a.txt", b"Kerry".to_vec()), ("a.ann", b"T1\ta1 0 5\tKerry\n".to_vec()), ("annotation.conf", conf)]
    }),
    ("a configuration of deep types", |n| {
        let depth = (n as f64 * 2.0).sqrt() as usize;
        let conf = (0..depth).map(|i| format!("{}a{i}\n", "\t".repeat(i))).collect::<String>();
        vec![
            ("a.txt", b"Kerry".to_vec()),
            ("a.ann", b"T1\ta1 0 5\tKerry\n".to_vec()),
            ("annotation.conf", format!("[entities]\n{conf}").into_bytes()),
        ]
    }),
    ("a configuration of many values", |n| {
        let conf = numbered("[attributes]\na\tArg:<ANY>, Value:b", "\n", n, |i| format!("|c{i}"));
        vec![("a.txt", b"Kerry".to_vec()), ("a.ann", b"T1\tP 0 5\tKerry\nA1\ta T1 c1\n".to_vec()), ("annotation.conf", conf)]
    }),
    ("a configuration of many names", |n| {
        let conf = numbered("[labels]\n", "", n, |i| format!("a{i}|b\n"));
        vec![("a.txt", b"Kerry".to_vec()), ("a.ann", b"T1\ta1 0 5\tKerry\n".to_vec()), ("visual.conf", conf)]
    }),
];

const DICTIONARIES: &[(&str, Make)] = &[
    ("tiny names", |n| one("d.tsv", filled("", "a\n", "", n))),
    ("names", |n| one("d.tsv", numbered("", "", n, |i| format!("name {i}\tQ{}\n", i + 1)))),
    ("aliases of one name", |n| one("d.tsv", numbered("a\t\t\t", "\n", n.min(99_000), |i| format!("b{i}|")))),
    ("many aliases of each name", |n| {
        one(
            "d.tsv",
            filled(
                "",
                &format!("a\t\t\t{}\n", (0..24_000).map(|i| format!("{i}|")).collect::<String>())
                    .chars()
                    .take(99_000)
                    .chain("\n".chars())
                    .collect::<String>(),
                "",
                n.max(100_000),
            ),
        )
    }),
    ("aliases that differ in case", |n| {
        let ways =
            |i: usize| "abcdefghij".chars().enumerate().map(|(at, c)| if i >> at & 1 == 1 { c.to_ascii_uppercase() } else { c }).collect::<String>();
        let aliases = (0..1000).map(|i| ways(i) + "|").collect::<String>();
        one("d.tsv", filled("", &format!("a\t\t\t{aliases}\n"), "", n))
    }),
    ("one line", |n| one("d.csv", filled("", "name ", "\n", n))),
    ("quotes", |n| one("d.csv", filled("\"", "\"\"", "\n", n))),
    ("records", |n| one("d.jsonl", filled("", "{\"name\":\"a\"}\n", "", n))),
    ("deep lists", |n| one("d.jsonl", filled("", &format!("{}\n", "[".repeat(90_000)), "", n.max(100_000)))),
    ("lines of no meaning", |n| one("d.jsonl", filled("", "x\n", "", n))),
];
