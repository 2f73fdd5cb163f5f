//! Files of annotations in JSON that somebody imports, and PubTator: W3C, PubAnnotation, BioC, bdocjs, AIF.

use crate::imports::{filled, import, numbered};
use crate::measure::{Case, Make, Read};

type Row = (&'static str, Make);

pub(crate) fn cases() -> Vec<Case> {
    let readers: [(&'static str, &[Row], Read); 6] = [
        ("w3c", W3C, |dir| import("w3c", dir)),
        ("pubannotation", PUBANNOTATION, |dir| import("pubannotation", dir)),
        ("bioc-json", BIOC, |dir| import("bioc-json", dir)),
        ("bdocjs", BDOCJS, |dir| import("bdocjs", dir)),
        ("aif", AIF, |dir| import("aif", dir)),
        ("pubtator", PUBTATOR, |dir| import("pubtator", dir)),
    ];
    let of = |(reader, rows, read): (&'static str, &'static [Row], Read)| {
        let any = ANY.iter().filter(move |_| reader != "pubtator");
        rows.iter().chain(any).map(move |(input, make)| Case { reader, input, make: *make, read })
    };
    readers.into_iter().flat_map(of).collect()
}

fn one(name: &'static str, content: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    vec![(name, content)]
}

fn with_text(name: &'static str, content: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    vec![(name, content), ("a.txt", b"Kerry said".to_vec())]
}

const ANY: &[Row] = &[
    ("deep lists", |n| one("a.json", filled("{\"text\":\"a\",\"nodes\":", "[", "", n))),
    ("deep objects", |n| one("a.json", filled("{\"text\":\"a\",\"nodes\":", "{\"a\":", "", n))),
    ("a list of numbers", |n| one("a.json", filled("[1", ",1", "]", n))),
    ("a list of empty objects", |n| one("a.json", filled("[{}", ",{}", "]", n))),
    ("one long string", |n| one("a.json", filled("{\"text\":\"", "Kerry said ", "\"}", n))),
    ("members of one name", |n| one("a.json", filled("{\"text\":\"a\"", ",\"id\":1", "}", n))),
    ("members", |n| one("a.json", numbered("{\"text\":\"a\"", "}", n, |i| format!(",\"m{i}\":1")))),
];

const W3C: &[Row] = &[
    ("annotations at one place", |n| {
        let row = |i| {
            let comma = if i > 0 { "," } else { "" };
            format!(
                "{comma}{{\"type\":\"Annotation\",\"id\":\"urn:{i}\",\"target\":{{\"source\":\"a.txt\",\"selector\":{{\"type\":\"TextPositionSelector\",\"start\":0,\"end\":5}}}}}}"
            )
        };
        with_text("a.jsonld", numbered("[", "]", n, row))
    }),
    ("quotes that stand nowhere", |n| {
        let row = "{\"type\":\"Annotation\",\"target\":{\"source\":\"a.txt\",\"selector\":{\"type\":\"TextQuoteSelector\",\"exact\":\"nobody\"}}},";
        with_text("a.jsonld", filled("[", row, "{}]", n))
    }),
    ("annotations of annotations", |n| {
        let row = |i: usize| format!("{{\"type\":\"Annotation\",\"id\":\"urn:{i}\",\"target\":\"urn:{}\"}},", i + 1);
        with_text("a.jsonld", numbered("[", "{}]", n, row))
    }),
    ("bodies of one annotation", |n| {
        let begin = "[{\"type\":\"Annotation\",\"target\":\"a.txt\",\"body\":[";
        with_text("a.jsonld", filled(begin, "{\"type\":\"TextualBody\",\"value\":\"a\"},", "{}]}]", n))
    }),
    ("sources without texts", |n| {
        let row = |i| format!("{{\"type\":\"Annotation\",\"target\":\"b{i}.txt\"}},");
        with_text("a.jsonld", numbered("[", "{}]", n, row))
    }),
];

const PUBANNOTATION: &[Row] = &[
    ("denotations at one place", |n| {
        let row = |i| format!("{{\"id\":\"T{i}\",\"span\":{{\"begin\":0,\"end\":5}},\"obj\":\"P\"}},");
        one("a.json", numbered("{\"text\":\"Kerry said\",\"denotations\":[", "{}]}", n, row))
    }),
    ("labels", |n| {
        let row = |i| format!("{{\"span\":{{\"begin\":0,\"end\":5}},\"obj\":\"http://p/{i}#a\"}},");
        one("a.json", numbered("{\"text\":\"Kerry said\",\"denotations\":[", "{}]}", n, row))
    }),
    ("pieces of one denotation", |n| {
        let begin = "{\"text\":\"Kerry said\",\"denotations\":[{\"obj\":\"P\",\"span\":[";
        one("a.json", filled(begin, "{\"begin\":0,\"end\":1},", "{\"begin\":2,\"end\":3}]}]}", n))
    }),
    ("attributes of one denotation", |n| {
        let begin = "{\"text\":\"Kerry said\",\"denotations\":[{\"id\":\"T1\",\"obj\":\"P\",\"span\":{\"begin\":0,\"end\":5}}],\"attributes\":[";
        one("a.json", filled(begin, "{\"subj\":\"T1\",\"pred\":\"a\",\"obj\":1},", "{}]}", n))
    }),
    ("relations that lead nowhere", |n| {
        let begin = "{\"text\":\"Kerry said\",\"denotations\":[],\"relations\":[";
        one("a.json", filled(begin, "{\"subj\":\"T1\",\"pred\":\"a\",\"obj\":\"T2\"},", "{}]}", n))
    }),
    ("tracks", |n| {
        let row = |i| format!("{{\"project\":\"p{i}\",\"denotations\":[]}},");
        one("a.json", numbered("{\"text\":\"Kerry said\",\"tracks\":[", "{}]}", n, row))
    }),
];

const BIOC: &[Row] = &[
    ("documents", |n| {
        let row = |i| format!("{{\"id\":\"{i}\",\"passages\":[{{\"offset\":0,\"text\":\"Kerry\"}}]}},");
        one("a.json", numbered("{\"documents\":[", "{\"id\":\"x\",\"passages\":[]}]}", n, row))
    }),
    ("passages", |n| {
        let row = |i: usize| format!("{{\"offset\":{},\"infons\":{{\"n\":\"{i}\"}},\"text\":\"a\"}},", i * 2);
        one("a.json", numbered("{\"documents\":[{\"id\":\"1\",\"passages\":[", "{}]}]}", n, row))
    }),
    ("annotations at one place", |n| {
        let row = |i| format!("{{\"id\":\"{i}\",\"infons\":{{\"type\":\"P\"}},\"text\":\"Kerry\",\"locations\":[{{\"offset\":0,\"length\":5}}]}},");
        let begin = "{\"documents\":[{\"id\":\"1\",\"passages\":[{\"offset\":0,\"text\":\"Kerry said\",\"annotations\":[";
        one("a.json", numbered(begin, "{}]}]}]}", n, row))
    }),
    ("nodes of one relation", |n| {
        let begin = "{\"documents\":[{\"id\":\"1\",\"passages\":[{\"offset\":0,\"text\":\"a\"}],\"relations\":[{\"id\":\"R\",\"nodes\":[";
        one("a.json", filled(begin, "{\"refid\":\"R\",\"role\":\"r\"},", "{}]}]}]}", n))
    }),
];

const BDOCJS_HEAD: &str = "{\"text\":\"Kerry said\",\"offset_type\":\"p\",\"features\":{},\"annotation_sets\":{";

const BDOCJS: &[Row] = &[
    ("sets", |n| one("a.bdocjs", numbered(BDOCJS_HEAD, "\"\":{}}}", n, |i| format!("\"s{i}\":{{\"annotations\":[]}},")))),
    ("annotations at one place", |n| {
        let row = |i| format!("{{\"id\":{i},\"type\":\"P\",\"start\":0,\"end\":5,\"features\":{{\"a\":{i}}}}},");
        let end = "{\"id\":-1,\"type\":\"P\",\"start\":0,\"end\":5}]}}}";
        one("a.bdocjs", numbered(&format!("{BDOCJS_HEAD}\"k\":{{\"annotations\":["), end, n, row))
    }),
    ("tags of a web page", |n| {
        let row = |i| format!("{{\"id\":{i},\"type\":\"p\",\"start\":0,\"end\":5,\"features\":{{}}}},");
        let end = "{\"id\":-1,\"type\":\"P\",\"start\":0,\"end\":5}]}}}";
        one("a.bdocjs", numbered(&format!("{BDOCJS_HEAD}\"Original markups\":{{\"annotations\":["), end, n, row))
    }),
    ("features of one annotation", |n| {
        let begin = format!("{BDOCJS_HEAD}\"k\":{{\"annotations\":[{{\"type\":\"P\",\"start\":0,\"end\":5,\"features\":{{");
        one("a.bdocjs", numbered(&begin, "\"z\":1}}]}}}", n, |i| format!("\"f{i}\":\"0{i}\",")))
    }),
];

const AIF: &[Row] = &[
    ("propositions", |n| {
        one("a.json", numbered("{\"edges\":[],\"nodes\":[", "{}]}", n, |i| format!("{{\"nodeID\":{i},\"type\":\"I\",\"text\":\"a\"}},")))
    }),
    ("nodes of one id", |n| one("a.json", filled("{\"edges\":[],\"nodes\":[", "{\"nodeID\":1,\"type\":\"I\",\"text\":\"a\"},", "{}]}", n))),
    ("nodes that stand for nothing", |n| {
        one("a.json", numbered("{\"edges\":[],\"nodes\":[", "{}]}", n, |i| format!("{{\"nodeID\":{i},\"type\":\"TA\"}},")))
    }),
    ("edges of one pair", |n| {
        let begin = "{\"nodes\":[{\"nodeID\":1,\"type\":\"I\",\"text\":\"a\"},{\"nodeID\":2,\"type\":\"RA\"}],\"edges\":[";
        one("a.json", filled(begin, "{\"fromID\":1,\"toID\":2},{\"fromID\":2,\"toID\":1},", "{}]}", n))
    }),
    ("relations that wait for each other", |n| {
        let row = |i: usize| format!("{{\"nodeID\":{i},\"type\":\"CA\"}},");
        one("a.json", numbered("{\"edges\":[{\"fromID\":1,\"toID\":2}],\"nodes\":[", "{}]}", n, row))
    }),
];

const PUBTATOR: &[Row] = &[
    ("documents", |n| one("a.pubtator", numbered("", "", n, |i| format!("{i}|t|Kerry\n{i}|a|said\n\n")))),
    ("lines of one document", |n| one("a.pubtator", filled("1|t|Kerry said\n1|a|a\n", "1\t0\t5\tKerry\tP\tQ1;Q2\n", "", n))),
    ("lines without a title", |n| one("a.pubtator", filled("", "1\t0\t5\tKerry\tP\tQ1\n", "", n))),
    ("lines of a text", |n| one("a.pubtator", filled("1|t|Kerry\n", "1|a|said\n", "", n))),
    ("relations", |n| one("a.pubtator", filled("1|t|Kerry said\n1|a|a\n", "1\tMet\tQ1\tQ2\n", "", n))),
];
