//! Files in XML, and archives of them, that somebody imports: GATE, BioC, TEI, REFI-QDA, XMI.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::imports::{filled, import, numbered};
use crate::measure::{Case, Make, Read};

type Row = (&'static str, Make);

pub(crate) fn cases() -> Vec<Case> {
    let readers: [(&'static str, &[Row], Read); 6] = [
        ("gate-xml", GATE, |dir| import("gate-xml", dir)),
        ("bioc-xml", BIOC, |dir| import("bioc-xml", dir)),
        ("tei", TEI, |dir| import("tei", dir)),
        ("refi-qda", REFI, |dir| import("refi-qda", dir)),
        ("refi-qda", ARCHIVES, |dir| import("refi-qda", dir)),
        ("uima-xmi", XMI, |dir| import("uima-xmi", dir)),
    ];
    let of = |(reader, rows, read): (&'static str, &'static [Row], Read)| {
        let any = ANY.iter().filter(move |_| reader != "refi-qda");
        rows.iter().chain(any).map(move |(input, make)| Case { reader, input, make: *make, read })
    };
    readers.into_iter().flat_map(of).collect()
}

fn one(name: &'static str, content: Vec<u8>) -> Vec<(&'static str, Vec<u8>)> {
    vec![(name, content)]
}

/// What no reader of XML may choke on, whatever it expects.
const ANY: &[Row] = &[
    ("deep elements", |n| one("a.xml", filled("", "<a>", "", n))),
    ("empty elements", |n| one("a.xml", filled("<a>", "<b/>", "</a>", n))),
    ("one element of many attributes", |n| one("a.xml", numbered("<a", "/>", n, |i| format!(" a{i}=''")))),
    ("entities that nobody knows", |n| one("a.xml", filled("<a>", "&b;", "</a>", n))),
    ("references", |n| one("a.xml", filled("<a>", "&#65;", "</a>", n))),
    ("a comment that is never closed", |n| one("a.xml", filled("<a><!--", "said no ", "", n))),
];

const GATE_TEXT: &str =
    "<GateDocument version=\"3\"><GateDocumentFeatures/><TextWithNodes><Node id=\"0\"/>Kerry<Node id=\"5\"/> said</TextWithNodes>";

const GATE: &[Row] = &[
    ("annotations at one place", |n| {
        let begin = format!("{GATE_TEXT}<AnnotationSet>");
        let row = |i| format!("<Annotation Id=\"{i}\" Type=\"PER\" StartNode=\"0\" EndNode=\"5\"/>");
        one("a.xml", numbered(&begin, "</AnnotationSet></GateDocument>", n, row))
    }),
    ("annotations at nodes that are not there", |n| {
        let begin = format!("{GATE_TEXT}<AnnotationSet>");
        one("a.xml", filled(&begin, "<Annotation Id=\"1\" Type=\"P\" StartNode=\"7\" EndNode=\"9\"/>", "</AnnotationSet></GateDocument>", n))
    }),
    ("sets of annotations", |n| {
        one("a.xml", numbered(GATE_TEXT, "</GateDocument>", n, |i| format!("<AnnotationSet Name=\"s{i}\"></AnnotationSet>")))
    }),
    ("nodes", |n| {
        let begin = "<GateDocument><TextWithNodes>";
        one("a.xml", numbered(begin, "</TextWithNodes></GateDocument>", n, |i| format!("a<Node id=\"{i}\"/>")))
    }),
    ("features of one annotation", |n| {
        let begin = format!("{GATE_TEXT}<AnnotationSet><Annotation Id=\"1\" Type=\"PER\" StartNode=\"0\" EndNode=\"5\">");
        let row = |i| format!("<Feature><Name>f{i}</Name><Value>v</Value></Feature>");
        one("a.xml", numbered(&begin, "</Annotation></AnnotationSet></GateDocument>", n, row))
    }),
];

const BIOC_TEXT: &str = "<collection><source>s</source><document><id>1</id><passage><offset>0</offset><text>Kerry said</text>";
const BIOC_END: &str = "</passage></document></collection>";

const BIOC: &[Row] = &[
    ("annotations at one place", |n| {
        let row =
            |i| format!("<annotation id=\"{i}\"><infon key=\"type\">P</infon><location offset=\"0\" length=\"5\"/><text>Kerry</text></annotation>");
        one("a.xml", numbered(BIOC_TEXT, BIOC_END, n, row))
    }),
    ("annotations of the document", |n| {
        let begin = format!("{BIOC_TEXT}</passage>");
        let row = |i| format!("<annotation id=\"{i}\"><location offset=\"0\" length=\"5\"/></annotation>");
        one("a.xml", numbered(&begin, "</document></collection>", n, row))
    }),
    ("passages", |n| {
        let begin = "<collection><document><id>1</id>";
        one("a.xml", numbered(begin, "</document></collection>", n, |i| format!("<passage><offset>{i}</offset><text>a</text></passage>")))
    }),
    ("one annotation of many places", |n| {
        let begin = format!("{BIOC_TEXT}<annotation id=\"1\">");
        one("a.xml", filled(&begin, "<location offset=\"0\" length=\"1\"/>", &format!("</annotation>{BIOC_END}"), n))
    }),
    ("one relation of many nodes", |n| {
        let begin = format!("{BIOC_TEXT}<relation id=\"1\">");
        one("a.xml", filled(&begin, "<node refid=\"1\" role=\"a\"/>", &format!("</relation>{BIOC_END}"), n))
    }),
    ("tiny documents", |n| one("a.xml", filled("<collection>", "<document/>", "</collection>", n))),
];

const TEI_TEXT: &str = "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><ab xml:id=\"text\">Kerry said</ab></body></text>\
                        <standOff type=\"document\"><fs type=\"document\"/></standOff><standOff n=\"ann\">";
const TEI_END: &str = "</standOff></TEI>";

const TEI: &[Row] = &[
    ("spans at one place", |n| {
        let begin = format!("{TEI_TEXT}<spanGrp type=\"span\">");
        let row = |i| format!("<span xml:id=\"a{i}\" type=\"P\" target=\"#string-range(text,0,5)\"/>");
        one("a.xml", numbered(&begin, &format!("</spanGrp>{TEI_END}"), n, row))
    }),
    ("one span of many ranges", |n| {
        let begin = format!("{TEI_TEXT}<spanGrp type=\"span\"><span type=\"P\" target=\"#string-range(text,0,1");
        one("a.xml", filled(&begin, ",0,1", &format!(")\"/></spanGrp>{TEI_END}"), n))
    }),
    ("roles of one claim", |n| {
        let begin = format!("{TEI_TEXT}<spanGrp type=\"claim\"><span xml:id=\"a1\" type=\"C\"/></spanGrp><listRelation type=\"role\">");
        one("a.xml", filled(&begin, "<relation name=\"r\" active=\"#a1\" passive=\"#a1\"/>", &format!("</listRelation>{TEI_END}"), n))
    }),
    ("structures that nothing leads to", |n| one("a.xml", numbered(TEI_TEXT, TEI_END, n, |i| format!("<fs xml:id=\"f{i}\"/>")))),
];

const REFI_HEAD: &str =
    "<Project xmlns=\"urn:QDA-XML:project:1.0\"><CodeBook><Codes><Code guid=\"1\" name=\"P\" isCodable=\"true\"/></Codes></CodeBook>";
const REFI_TEXT: &str = "<Sources><TextSource guid=\"2\" name=\"t\"><PlainTextContent>Kerry said</PlainTextContent>";
const REFI_END: &str = "</TextSource></Sources></Project>";

const REFI: &[Row] = &[
    ("empty elements", |n| one("a.qde", filled("<Project>", "<b/>", "</Project>", n))),
    ("codes", |n| {
        let row = |i| format!("<Code guid=\"{i}\" name=\"c{i}\"/>");
        one("a.qde", numbered("<Project><CodeBook><Codes>", "</Codes></CodeBook></Project>", n, row))
    }),
    ("codes of one name", |n| {
        let row = |i| format!("<Code guid=\"{i}\" name=\"c\"/>");
        one("a.qde", numbered("<Project><CodeBook><Codes>", "</Codes></CodeBook></Project>", n, row))
    }),
    ("selections at one place", |n| {
        let begin = format!("{REFI_HEAD}{REFI_TEXT}");
        let row = |i| {
            format!(
                "<PlainTextSelection guid=\"s{i}\" startPosition=\"0\" endPosition=\"5\"><Coding><CodeRef targetGUID=\"1\"/></Coding></PlainTextSelection>"
            )
        };
        one("a.qde", numbered(&begin, REFI_END, n, row))
    }),
    ("links of one selection", |n| {
        let begin = format!("{REFI_HEAD}<Links>");
        one("a.qde", filled(&begin, "<Link originGUID=\"s\" targetGUID=\"s\"/>", "</Links></Project>", n))
    }),
    ("texts that are not there", |n| {
        let row = |i| format!("<TextSource guid=\"{i}\" plainTextPath=\"internal://{i}.txt\"/>");
        one("a.qde", numbered("<Project><Sources>", "</Sources></Project>", n, row))
    }),
];

fn archive(name: &str, content: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(name, SimpleFileOptions::default()).unwrap();
    archive.write_all(content).unwrap();
    one("a.qdpx", archive.finish().unwrap().into_inner())
}

const ARCHIVES: &[Row] = &[
    ("an archive of nothing but blanks", |n| archive("project.qde", &filled("<Project>", " ", "</Project>", n * 10))),
    ("an archive of empty elements", |n| archive("project.qde", &filled("<Project>", "<b/>", "</Project>", n))),
    ("an archive of many files", |n| {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for i in 0..n / 120 {
            archive.start_file(format!("sources/{i}.txt"), SimpleFileOptions::default()).unwrap();
        }
        one("a.qdpx", archive.finish().unwrap().into_inner())
    }),
];

const XMI_HEAD: &str = "<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\" xmlns:c=\"http:///custom.ecore\">\
                        <cas:Sofa xmi:id=\"1\" sofaID=\"_InitialView\" sofaString=\"Kerry said\"/>";

const XMI: &[Row] = &[
    ("empty structures", |n| one("a.xmi", filled(XMI_HEAD, "<c:a/>", "</xmi:XMI>", n))),
    ("structures at one place", |n| {
        let row = |i| format!("<c:P xmi:id=\"{i}\" sofa=\"1\" begin=\"0\" end=\"5\"/>");
        one("a.xmi", numbered(XMI_HEAD, "</xmi:XMI>", n, row))
    }),
    ("one list of many references", |n| one("a.xmi", filled(&format!("{XMI_HEAD}<cas:FSArray xmi:id=\"9\" elements=\""), "9 ", "\"/></xmi:XMI>", n))),
    ("one structure of many attributes", |n| one("a.xmi", numbered(&format!("{XMI_HEAD}<c:P"), "/></xmi:XMI>", n, |i| format!(" a{i}=''")))),
    ("one structure of many values", |n| one("a.xmi", filled(&format!("{XMI_HEAD}<c:P>"), "<v>a</v>", "</c:P></xmi:XMI>", n))),
];
