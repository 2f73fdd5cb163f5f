//! Small inputs to begin with: what our own writers write, and what other programs write and people get wrong.

use crate::edit::{Change, Edit, Transaction};
use crate::format::{Item, MemoryFiles};
use crate::fuzzing::SEPARATOR;
use crate::fuzzing::random::{export, project};
use crate::model::notation::testing::Chaos;
use crate::model::{CoderKey, Document, Filler, Id, LabelKey, SheetKey, Span, SpanId};
use crate::store::files::{write_document, write_entities, write_project, write_sheet};
use crate::store::journal::{Journal, Kind, scan};
use crate::store::layout::StateDir;
use crate::store::schema_file::write_schema;
use crate::store::states::{Occasion, Record};
use crate::store::{Disk, Intents, Saved, Stamp, append_log, seal, templates};
use crate::text::offsets::OffsetUnit;

type Seed = (&'static str, String, Vec<u8>);

/// Target, name of the file, content.
pub(super) fn all() -> Vec<Seed> {
    let mut seeds: Vec<Seed> = HAND_MADE.iter().map(|(target, name, content)| (*target, (*name).to_owned(), content.as_bytes().to_vec())).collect();
    seeds.extend(exports());
    seeds.extend(project_files());
    seeds.extend(state_folder());
    seeds.extend(bytes());
    seeds
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.join(SEPARATOR)
}

/// Small random projects, the first of each kind.
fn small_projects() -> impl Iterator<Item = (crate::format::Tables, Item)> {
    let projects = (0..).map(project).filter(|(_, items)| items.len() == 1);
    projects.filter_map(|(tables, mut items)| {
        let mut item = items.pop()?;
        item.sheets.retain(|coder, _| coder.as_str() == "alice");
        let rows = item.sheets.values().map(|sheet| sheet.spans.len() + sheet.claims.len()).sum::<usize>();
        ((2..8).contains(&rows) && item.text.len() < 300).then_some((tables, item))
    })
}

fn exports() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (n, (tables, item)) in small_projects().take(2).enumerate() {
        let items = std::slice::from_ref(&item);
        let unit = OffsetUnit::ALL[n];
        let (files, _) = export("jsonl", &tables, items, unit);
        let page = files.text("out.jsonl").as_bytes();
        seeds.push(("jsonl", format!("export-{n}.jsonl"), page.to_vec()));
        let name: &[u8] = b"a.jsonl\n";
        seeds.push(("recognise", format!("export-{n}.jsonl"), [name, page].concat()));
        for (target, format, file) in [
            ("conll", "conll2003", "out.conll"),
            ("conll", "hipe", "out.tsv"),
            ("conllu", "conllu", "out.conllu"),
            ("conllu", "conllu-plus", "out.conllup"),
        ] {
            let (files, _) = export(format, &tables, items, OffsetUnit::CodePoints);
            seeds.push((target, format!("{format}-{n}"), files.text(file).as_bytes().to_vec()));
        }
        let written = |format: &str| export(format, &tables, items, OffsetUnit::CodePoints).0;
        fn of<'f>(files: &'f MemoryFiles, end: &str) -> &'f [u8] {
            files.0.iter().find(|(name, _)| name.ends_with(end)).map(|(_, content)| content.as_slice()).unwrap_or_default()
        }
        let files = written("webanno-tsv");
        seeds.push(("webanno-tsv", format!("export-{n}.tsv"), of(&files, ".tsv").to_vec()));
        let files = written("brat");
        let of = |end: &str| of(&files, end);
        seeds.push(("brat", format!("export-{n}"), joined(&[of(".txt"), of(".ann"), of("annotation.conf"), of("visual.conf")])));
    }
    seeds
}

fn project_files() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (n, (tables, item)) in small_projects().take(2).enumerate() {
        let key = SheetKey::new(&item.id, &CoderKey::from_name("alice"));
        let text = item.text.as_str().as_bytes();
        let sheet = write_sheet("s.ron", &key, &item.sheets[&key.coder], &item.text).unwrap();
        let document = write_document("d.ron", &item.id, &item.document, Some(&item.text)).unwrap();
        let project = write_project(&tables.project.clone().unwrap(), &tables.coders).unwrap();
        let schema = write_schema(&tables.schema);
        let rows = tables.entities.iter().map(|(id, entity)| (*id, entity));
        let entities = write_entities("e.ron", rows, &["(id: \"x\")".to_owned()]).unwrap().unwrap();
        seeds.push(("sheet", format!("written-{n}"), joined(&[text, sheet.as_bytes()])));
        seeds.push(("document", format!("written-{n}"), joined(&[text, document.as_bytes()])));
        seeds.push(("project", format!("written-{n}.ron"), project.clone().into_bytes()));
        seeds.push(("schema", format!("written-{n}.ron"), schema.clone().into_bytes()));
        seeds.push(("entities", format!("written-{n}.ron"), entities.clone().into_bytes()));
        let path = format!("annotations/alice/00/{}.ron", item.id);
        let fields = format!("study/documents/00/{}.ron", item.id);
        let files = [(path.as_str(), sheet), (&fields, document), ("project.ron", project), ("schema.ron", schema), ("entities/00.ron", entities)];
        for (m, (path, file)) in files.into_iter().enumerate() {
            let ours = file.replace("Alice", "Zoë").replace("support", "größer").replace("Title", "Other");
            let theirs = file.replace("Alice", "Ann").replace("done", "doubtful").replace("Title", "Another");
            let base = if n == 0 { file.as_str() } else { "" };
            if ours.len() < 1500 {
                seeds.push(("merge", format!("written-{n}-{m}"), joined(&[path.as_bytes(), base.as_bytes(), ours.as_bytes(), theirs.as_bytes()])));
            }
        }
    }
    let conf = "[entities]\nBeing\n\tPerson\n<WHO>=Person|Being\n[relations]\nKnows\tArg1:<WHO>, Arg2:Being, <REL-TYPE>:symmetric\n[events]\n!Visit\tWho{2-4}:Person, At?:<ANY>\n[attributes]\nMood\tArg:<EVENT>, Value:Good|Bad, <DEFAULT>:Good\n[options]\n";
    let visual = "[labels]\nPerson | Somebody | SOM\n[drawing]\nPerson\tbgColor:#7fa2ff\nKnows\tcolor:red\n";
    seeds.push(("brat-codebook", "both".to_owned(), joined(&[conf.as_bytes(), visual.as_bytes()])));
    seeds.push(("brat-codebook", "annotation-only".to_owned(), conf.as_bytes().to_vec()));
    let template = templates::TEMPLATES.last().unwrap();
    seeds.push(("schema", "template.ron".to_owned(), template.ron.as_bytes().to_vec()));
    seeds
}

fn state_folder() -> Vec<Seed> {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::default();
    let read = |path: std::path::PathBuf| std::fs::read(path).unwrap();
    let transaction = ron::to_string(&transaction()).unwrap();
    let intents = format!(
        "(through:7,steps:[Write(path:\"a.ron\",old:None,new:\"{0}\"),Remove(path:\"b.ron\",old:\"{0}\"),Move(from:\"c\",to:\"trash/c\",stamp:Some(\"{0}\"))])",
        Stamp::of(b"x")
    );
    assert!(Intents::from_payload(intents.as_bytes()).is_some());
    for kinds in
        [&[(Kind::Apply, transaction.as_str()), (Kind::Undo, "x"), (Kind::CheckpointBegin, &intents)][..], &[(Kind::Join, ""), (Kind::Redo, "y")]]
    {
        let journal = Journal::after(dir.path(), &disk, &scan(dir.path()).unwrap());
        kinds.iter().for_each(|(kind, payload)| assert!(journal.append_now(*kind, payload.as_bytes()).is_ok()));
    }
    let journals = [1, 2].map(|n| read(dir.path().join(format!("{n:016}.journal"))));
    let damaged = [&journals[0][..60], b"????", &journals[0][60..]].concat();
    let checksums = dir.path().join("checksums");
    let saved = [("documents/a b.ron", Some(Stamp::of(b"a"))), ("gone.ron", None)].map(|(path, stamp)| (path, Saved { order: 1, stamp }));
    append_log(&disk, &checksums, saved.into_iter()).unwrap();
    let log: String = [record(1, false), record(2, true)].iter().filter_map(Record::to_line).collect();
    let state_dir = StateDir::new(dir.path(), &CoderKey::from_name("ann"));
    std::fs::create_dir_all(state_dir.root()).unwrap();
    std::fs::copy(&checksums, state_dir.checksums()).unwrap();
    seal(&disk, &state_dir, 3).unwrap();
    let text = |content: Vec<u8>| content;
    vec![
        ("journal", "two-generations".into(), joined(&[&journals[0], &journals[1]])),
        ("journal", "one-generation".into(), journals[0].clone()),
        ("journal", "damaged".into(), damaged),
        ("transaction", "label.ron".into(), transaction.clone().into_bytes()),
        ("intents", "three-steps.ron".into(), intents.clone().into_bytes()),
        ("checksums", "two-lines".into(), text(read(checksums))),
        ("states", "alike".into(), joined(&[log.as_bytes(), log.as_bytes()])),
        ("states", "one-torn".into(), joined(&[log.as_bytes(), &log.as_bytes()[..log.len() - 20]])),
        ("seal", "whole".into(), text(read(state_dir.seal()))),
    ]
}

fn transaction() -> Transaction {
    let key = SheetKey::new(&crate::model::DocumentId::from_title("test", Id::from_bits(2)), &CoderKey::from_name("ann"));
    let document = Document::new("x", crate::text::TextHash::of("x"));
    let range: crate::text::TextRange = (0, 5).try_into().unwrap();
    let span = Span::new(range, LabelKey::new("PER").unwrap());
    let mut claim = crate::model::Claim::new(LabelKey::new("CLAIM").unwrap(), Some(range.into()));
    claim.roles.insert("claimer".parse().unwrap(), vec![Filler::Value("author".into())]);
    let edits = vec![
        Edit::Span(key.clone(), Change::insert(SpanId(Id::from_bits(900)), span)),
        Edit::Claim(key, Change::insert(crate::model::ClaimId(Id::from_bits(901)), claim)),
        Edit::Document(Change::insert(crate::model::DocumentId::from_title("x", Id::from_bits(3)), document)),
    ];
    Transaction::new("label Person", edits)
}

fn record(sequence: u64, replaces: bool) -> Record {
    let changes = [("documents/a.ron".to_owned(), Some(Stamp::of(b"a"))), ("gone.ron".to_owned(), None)];
    Record {
        sequence,
        previous: sequence - 1,
        time: 1_790_000_000_000,
        since: 1_790_000_000_000,
        occasion: if replaces { Occasion::Saved } else { Occasion::Found },
        replaces,
        project: "Étude 🎉".into(),
        rows: crate::store::RowCounts::default(),
        documents: ["a".to_owned()].into(),
        is_whole: true,
        changes: changes.into(),
    }
}

/// Seeds that are no text.
fn bytes() -> Vec<Seed> {
    let utf16: Vec<u8> = "Zoë said «nein».\r\n🎉 東京".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [&b"\xff\xfe"[..], &utf16].concat();
    let mut seeds = vec![
        ("text", "utf16-with-mark.txt".into(), with_mark.clone()),
        ("text", "windows-1252.txt".into(), b"caf\xe9 au lait, d\xe9j\xe0 vu".to_vec()),
        ("text", "utf8-with-mark.txt".into(), b"\xef\xbb\xbfKerry met Lavrov.\r\n".to_vec()),
        ("decode", "utf16".into(), utf16),
        ("decode", "utf16-with-mark".into(), with_mark),
        ("decode", "windows-1251".into(), b"\x06\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0".to_vec()),
        ("decode", "shift-jis".into(), b"\x08\x93\x8c\x8b\x9e".to_vec()),
        ("decode", "png".into(), b"\x89PNG\r\n\x1a\n\0\0".to_vec()),
        ("articles-csv", "windows-1252.csv".into(), b"title;text\ncaf\xe9;d\xe9j\xe0 vu\n".to_vec()),
    ];
    let articles: &[&[&str]] = &[&["title", "text", "date"], &["A", "Zoë 🎉 said no.", "2016-05-17"]];
    let spans: &[&[&str]] = &[&["document", "label", "start", "end", "quote", "text"], &["d", "PER", "0", "3", "Zoë", "Zoë said"]];
    seeds.push(("xlsx", "two-sheets.xlsx".into(), workbook(&[articles, spans])));
    seeds.push(("xlsx", "articles.xlsx".into(), workbook(&[articles])));
    let round_trips = ["jsonl", "brat", "csv", "conll", "formats", "sheet", "document", "entities", "notation"];
    let names = round_trips.map(|name| crate::fuzzing::TARGETS.iter().find(|target| target.name == format!("{name}-round-trip")).unwrap().name);
    for target in names {
        let text = "Zoë 🎉 said: «taxes\r\nrise».\tمرحبا e\u{301} \u{2028}=1+1; \"x\", a\\b|c";
        seeds.push((target, "random".into(), b"\x07\0\0\0\0\0\0\0".to_vec()));
        seeds.push((target, "random-with-text".into(), [&b"\x2a\x01\0\0\0\0\0\0"[..], text.as_bytes()].concat()));
    }
    for seed in 0..3 {
        let notation = Chaos::new(seed).notation().print(&crate::model::notation::testing::schema());
        seeds.push(("notation", format!("random-{seed}.txt"), notation.into_bytes()));
    }
    seeds
}

/// A sheet for each table.
fn workbook(tables: &[&[&[&str]]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1).unwrap();
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&date));
    for rows in tables {
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip(*rows) {
            (0..).zip(*cells).for_each(|(column, cell)| assert!(sheet.write_string(row, column, *cell).is_ok()));
        }
    }
    book.save_to_buffer().unwrap()
}

const HAND_MADE: &[(&str, &str, &str)] = &[
    ("text", "article.txt", "Kerry meets Lavrov\n\nJohn Kerry said “taxes” would rise. Zoë 🎉 disagreed.\r\n東京 e\u{301}\n"),
    ("text", "empty.txt", ""),
    (
        "articles-csv",
        "plain.csv",
        "title,text,date,url,id\nA,\"Kerry said, \"\"no\"\"\nto it\",2016-05-17,https://example.org/,7\nB,Zoë 🎉,17.5.2016,,\n",
    ),
    ("articles-csv", "ragged.tsv", "headline\tbody\textra\nA\tx\nB\ty\tz\tmore\n\n\"open\tnever closed\nC\tlast\tq\n"),
    (
        "articles-jsonl",
        "lines.jsonl",
        "{\"title\": \"A\", \"text\": \"Zoë \\ud83c\\udf89\", \"authors\": [\"A. B.\", \"C\"], \"n\": {\"a\": [1, 2.5, null]}}\n{oops\n{\"text\": \"b\", \"date\": \"2016-05-17T10:00:00Z\"}\n",
    ),
    ("articles-jsonl", "array.json", "[{\"text\": \"a\", \"id\": 7},\n {\"body\": \"b\", \"lang\": \"de\"}, 3]"),
    (
        "jsonl",
        "by-hand.jsonl",
        "{\"format\":\"manicule-jsonl\",\"version\":1,\"offset_unit\":\"code-points\",\"coders\":{\"ann\":{\"name\":\"Ann\"}}}\n\
         {\"id\":\"a-000000000001\",\"title\":\"A\",\"text\":\"Zoë said no\",\"sheets\":[{\"coder\":\"ann\",\"spans\":[\
         {\"id\":\"000000000002\",\"label\":\"PER\",\"ranges\":[{\"start\":0,\"end\":3,\"quote\":\"Zoë\"}]},\
         {\"id\":\"000000000003\",\"label\":\"X\",\"ranges\":[{\"start\":0,\"end\":4,\"quote\":\"said\"}]}],\
         \"claims\":[{\"id\":\"000000000004\",\"label\":\"C\",\"roles\":{\"claimer\":[{\"span\":\"000000000002\"}]}}]}]}\n",
    ),
    (
        "brat",
        "by-hand",
        "Zoë 🎉 Smith said taxes\nfell; Bob denied it in New and old York.\n=====\nT1\tPerson 0 11\tZoë 🎉 Smith\nT2\tIdea 17 22;23 27\ttaxes fell\n\
         T3\tPerson 29 32\tBob\nT4\tDenial 33 39\tdenied\nT5\tGPE 46 49;58 62\tNew York\nE1\tDenial:T4 Speaker:T3 Speaker2:T1 Place:T5\nR1\tSays Arg1:T1 Arg2:E1\n\
         *\tAlias T1 T3\nA1\tCheckworthy T2\nA2\tStance E1 strongly against\nM1\tNegation E1\nN1\tReference T1 Wikidata:Q42\tDouglas Adams\n\
         #1\tAnnotatorNotes T2\tunsure about this\n\n=====\n[entities]\nPerson\n\tActor\nGPE\n[relations]\nSays\tArg1:Person, Arg2:<ANY>\n[events]\n!Life\n\tDenial  Speaker:Person, Place?:GPE\n\
         [attributes]\nCheckworthy\tArg:<ENTITY>\nStance\tArg:<EVENT>, Value:for|against\n\n=====\n[labels]\nGPE | Land (État) | L\n[drawing]\nGPE\tbgColor:red\n",
    ),
    (
        "conll",
        "iob1",
        "-DOCSTART- -X- O O\n\nU.N. NNP I-NP I-ORG\nin IN I-PP O\nBasra NNP I-NP I-LOC\nRome NNP I-NP B-LOC\n\n-DOCSTART- (2 x)\n\nEnd NN O I-X\n",
    ),
    ("conll", "layers", "#\thttp://example.org [2009]\n1\tBank\tB-ORG\tO\n2\tof\tI-ORG\tO\n3\tIndia\tE-ORG\tB-LOC\n\n# newdoc id = 2\n1\tX\tU\t?\n"),
    (
        "conllu",
        "by-hand",
        "# newdoc id = d\n# global.Entity = eid-etype-head-other-identity\n# meta::date = 2017-07-18\n# newpar\n# text = Bo Ek's left\n\
         1\tBo\t_\t_\t_\t_\t_\t_\t_\tEntity=(e2-org-1(e1-person-1-name:Bo-Q42\n2-3\tEk's\t_\t_\t_\t_\t_\t_\t_\tSpacesAfter=\\s\\n\n2\tEk\t_\t_\t_\t_\t_\t_\t_\tEntity=e1)\n\
         3\ts\t_\t_\t_\t_\t_\t_\t_\tname=B-X|Span=(s-CUE)\n3.1\tgone\t_\t_\t_\t_\t_\t_\t_\t_\n4\tleft\t_\t_\t_\t_\t_\t_\t_\tEntity=e2)(e1[1/2])(e9\n\n",
    ),
    (
        "jsonl",
        "labels-in-a-circle.jsonl",
        "{\"format\":\"manicule-jsonl\",\"version\":1,\"offset_unit\":\"utf16\",\"schema\":{\"labels\":{\
         \"A\":{\"name\":\"\",\"kind\":\"entity\",\"position\":0,\"parent\":\"B\",\"color\":\"#000000\"},\
         \"B\":{\"name\":\"\",\"kind\":\"claim\",\"position\":1,\"parent\":\"A\",\"color\":\"#000000\"}},\"attributes\":{\
         \"x\":{\"name\":\"\",\"kind\":\"choice\",\"position\":0,\"applies_to\":[],\"choices\":[{\"key\":\"c\",\"name\":\"\"},{\"key\":\"c\",\"name\":\"d\"}]}}}}\n",
    ),
    ("brat", "types-in-a-circle", "Kerry\n=====\nT1\tA 0 5\tKerry\n=====\n[entities]\nA\n\tB\n[events]\nB\n\tA\n"),
    (
        "brat",
        "of-other-programs",
        "Zoë 🎉 Smith\r\nAnn\n=====\nT1\tP 7 12\tSmith\r\nT2\tP 14 17\tAnn\nT2\tP 0 0\t\nT3\tPublic figure 90 99\tNobody\nhello\nA1\tC T8\n#1\tOther T1\tx",
    ),
    ("recognise", "csv", "a.csv\ntitle,text\nA,b\n"),
    ("recognise", "ann", "A.ANN\nT1\tPER 0 1\tx\n"),
    ("columns", "german", "text=Inhalt, title=Kopf\n=====\nKopf\nInhalt\nDatum"),
    ("columns", "usual", "\n=====\nHeadline\nFull Text\nPublish-Date"),
    ("intents", "none.ron", "(through:0,steps:[])"),
    ("transaction", "empty.ron", "(name:\"nothing\",edits:[])"),
    ("transaction", "remove.ron", "(name:\"label away\",edits:[Label((key:\"PER\"))])"),
    ("checksums", "empty", ""),
    ("seal", "empty", ""),
    (
        "activity",
        "lines.csv",
        "time,coder,document,action,seconds\n2026-11-25T14:02:09Z,ann,a-1,\"label “Person”\",0\n2026-11-25T14:02:39Z,ann,a-1,active,30\n2026,x\n",
    ),
    ("activity", "empty.csv", ""),
    (
        "preferences",
        "plain.ron",
        "(\n    coder_name: Some(\"Zoë \\\"Z\\\" Smith\\n\"),\n    theme: dark,\n    zoom: 1.25,\n    recent_projects: [\"/a\"],\n    keys: {\"undo\": [\"Ctrl+Z\"], \"redo\": []},\n    text_size: 17.0,\n    others: {\"a\": \"b\"},\n)\n",
    ),
    ("preferences", "empty.ron", "()"),
    ("remembered", "plain.ron", "{\"last document\": \"a-000000000001\", \"Undo\": \"Rückgängig\"}"),
    ("remembered", "empty.ron", "{}"),
    ("project", "minimal.ron", "(format: 1, id: \"000000000001\", name: \"A\")"),
    (
        "schema",
        "minimal.ron",
        "(format: 1, name: \"A\", labels: [(key: \"PER\", name: \"Person\", kind: entity, color: \"#aabbcc\"), (key: \"B\", name: \"\", kind: claim, parent: \"PER\", color: \"#000000\", shortcut: 'b')])",
    ),
    (
        "entities",
        "conflict.ron",
        "(\n  format: 1,\n  entities: [\n<<<<<<< ours\n    (id: \"000000000001\", name: \"Kerry\"),\n=======\n    (id: \"000000000001\", name: \"John Kerry\"),\n>>>>>>> theirs\n  ],\n)\n",
    ),
    ("document", "newer.ron", "x\n=====\n(format: 2, document: \"a-000000000001\", mood: \"good\")"),
    (
        "sheet",
        "conflict",
        "Kerry met Lavrov\n=====\n(\n  format: 1,\n  document: \"a-000000000001\",\n  status: done,\n  spans: [\n<<<<<<< ours\n    (id: \"000000000002\", label: \"PER\", at: [(0, 5, \"Kerry\")]),\n=======\n    (id: \"000000000002\", label: \"PER\", at: [(10, 16, \"Lavrov\")], note: \"?\"),\n>>>>>>> theirs\n    (id: \"000000000003\", label: \"PER\", at: [(1, 4, \"Lavrov\")]),\n  ],\n  put_aside: [\n    \"spans x\",\n  ],\n)\n",
    ),
    ("dictionary", "table.tsv", "d.tsv\nname\tid\ttype\taliases\nJohn Kerry\tQ22316\tPER\tKerry|J. K.\nBonn\tQ586\n\"Weird Al\tQ1\n"),
    ("dictionary", "table.csv", "query.csv\nitem,itemLabel\nhttp://www.wikidata.org/entity/Q586,\"Bonn, old\"\"capital\"\n,nobody\n"),
    (
        "dictionary",
        "lines.jsonl",
        "d.jsonl\n{\"name\": \"Kerry\", \"wikidata\": \"Q22316\", \"aliases\": [\"JK\", \"J\\tK\"]}\n[1]\n{\"label\": \"Bonn\"}\n",
    ),
    (
        "notation",
        "by-hand.txt",
        "[PER#k=kerry;level=name Kerry] said [CLAIM#c taxes in [GPE Ohio] rise]. [+#c~1 They] do [+#c~1 rise].\n.. @kerry: PER \"John Kerry\" aka=\"K\" kb=\"Q22316\"\n.. c: claimer=k,@kerry,\"author\" stance=support normalized=\"…\"\n.. k -works_for-> @kerry\n.. =sheet: status=done note=\"n\"\n",
    ),
    ("offsets", "scripts", "Zoë 🎉 Smith said “no”. مرحبا 東京 👩‍👩‍👧 e\u{301}\r\n"),
    ("offsets", "empty", ""),
    ("quotes", "several", "Kerry met Kerry and Lavrov\n=====\nKerry\n=====\n9"),
    ("quotes", "one", "Zoë 🎉\n=====\n🎉\n=====\n0"),
    ("search", "words", "Straße STRASSE Ähre ähren 🎉 kerry Kerry's\n=====\nstraße\nähre\nkerry"),
    ("search", "letters", "aaaa aa a\n=====\na\naa\nA"),
];
