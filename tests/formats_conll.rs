//! CoNLL, HIPE, CoNLL-U and CoNLL-U Plus: what comes back from generated projects, and how files of others are read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;

use common::{difference, export, import, lines_of, project, try_import};
use manicule::format::{Batch, ExportReport, Fate, Item, MemoryFiles, Tables};
use manicule::model::Sheet;
use manicule::text::Text;
use manicule::text::offsets::OffsetUnit;
use proptest::prelude::*;

const CONLL: [&str; 7] = ["conll2003", "conll2003-iob1", "conll2003-bioes", "conll2002", "conll2002-iob1", "conll2002-bioes", "hipe"];

fn read(format: &str, file: &str) -> Batch {
    import(format, &MemoryFiles::new([("a.conll", file)]), &Tables::default())
}

/// `label “quote”` of each span, in the order of the text.
fn spans(item: &Item) -> Vec<String> {
    let mut spans: Vec<_> = item.sheets.values().flat_map(|sheet| sheet.spans.values()).collect();
    spans.sort_by_key(|span| (span.ranges.start(), std::cmp::Reverse(span.ranges.end()), span.label.clone()));
    spans.iter().map(|span| format!("{} “{}”", span.label, item.text.quote(&span.ranges))).collect()
}

fn findings(batch: &Batch) -> Vec<String> {
    batch.findings.iter().map(|f| format!("{}:{}", f.rule, f.line.unwrap_or(0))).collect()
}

fn count(report: &ExportReport, fates: &[Fate], what: &str) -> usize {
    report.lines.iter().filter(|line| fates.contains(&line.fate) && line.what == what).map(|line| line.count).sum()
}

/// One coder's project.
fn of_alice(seed: u64) -> (Tables, Vec<Item>) {
    let (mut tables, mut items) = project(seed);
    items.iter_mut().for_each(|item| item.sheets.retain(|coder, _| coder.as_str() == "alice"));
    tables.coders.retain(|coder, _| coder.as_str() == "alice");
    (tables, items)
}

/// A text and its quotes without blanks and controls: what tokens keep.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_scheme_gives_back_what_its_report_keeps(seed in any::<u64>()) {
        let (tables, items) = of_alice(seed);
        for format in CONLL {
            let (files, report) = export(format, &tables, &items, OffsetUnit::CodePoints);
            let batch = import(format, &files, &tables);
            prop_assert_eq!(batch.items.len(), items.len());
            let bad: Vec<_> = findings(&batch).into_iter().filter(|f| f.contains("tag") && !f.contains("no-tags")).collect();
            prop_assert!(bad.is_empty(), "{} {:?}", format, bad);
            for (before, after) in items.iter().zip(&batch.items) {
                prop_assert_eq!(bare(before.text.as_str()), bare(after.text.as_str()));
            }
            let read: usize = batch.items.iter().map(|item| spans(item).len()).sum();
            let cut: usize = report.lines.iter().filter(|line| line.why.contains("cut")).map(|line| line.count).sum();
            let written = count(&report, &[Fate::Kept, Fate::Changed], "spans");
            prop_assert!(if cut == 0 { read == written } else { read > written }, "{}: {} read, {} written, {} cut", format, read, written, cut);
            // What is kept has its very words.
            let mut found: BTreeMap<String, usize> = BTreeMap::new();
            batch.items.iter().flat_map(spans).for_each(|span| *found.entry(bare(&span)).or_default() += 1);
            let sheets = items.iter().flat_map(|item| item.sheets.values().map(move |sheet| (item, sheet)));
            let all: Vec<String> = sheets.flat_map(|(item, sheet)| sheet.spans.values().map(|s| bare(&format!("{} “{}”", s.label, item.text.quote(&s.ranges))))).collect();
            let same = all.iter().filter(|span| found.get_mut(*span).is_some_and(|n| { let has = *n > 0; *n = n.saturating_sub(1); has })).count();
            prop_assert!(same >= count(&report, &[Fate::Kept], "spans"), "{}: {} of {}", format, same, count(&report, &[Fate::Kept], "spans"));
        }
    }

    #[test]
    fn conllu_gives_back_texts_spans_and_entities(seed in any::<u64>()) {
        let (tables, mut items) = of_alice(seed);
        let (files, report) = export("conllu", &tables, &items, OffsetUnit::CodePoints);
        let batch = import("conllu", &files, &tables);
        items.retain(|item| !bare(item.text.as_str()).is_empty());
        prop_assert_eq!(batch.items.len(), items.len());
        prop_assert!(findings(&batch).iter().all(|f| f.starts_with("new-label")), "{:?}", findings(&batch));
        let exact: usize = items.iter().zip(&batch.items).filter(|(before, after)| before.text == after.text).count();
        prop_assert_eq!(exact, count(&report, &[Fate::Kept], "texts"));
        for (before, after) in items.iter().zip(&batch.items) {
            prop_assert_eq!(bare(before.text.as_str()), bare(after.text.as_str()));
            prop_assert_eq!(before.document.date.clone(), after.document.date.clone());
            prop_assert_eq!(bare(&before.document.url).replace("e\u{301}", "é"), bare(&after.document.url));
        }
        let sheets = || batch.items.iter().flat_map(|item| item.sheets.values());
        prop_assert_eq!(sheets().map(|s| s.spans.len()).sum::<usize>(), count(&report, &[Fate::Kept, Fate::Changed], "spans"));
        let links = sheets().flat_map(|s| s.spans.values()).filter(|span| span.entity.is_some()).count();
        prop_assert_eq!(links, count(&report, &[Fate::Kept], "links from mentions to entities"));
        if report.lines.iter().all(|line| line.fate == Fate::Kept || !["spans", "texts", "links from mentions to entities"].contains(&line.what)) {
            for (before, after) in items.iter().zip(&batch.items) {
                let rows = |sheet: &Sheet| {
                    let mut rows: Vec<_> = sheet.spans.values().map(|s| (s.ranges.clone(), s.label.clone(), s.entity)).collect();
                    rows.sort();
                    rows
                };
                let all = |item: &Item| item.sheets.values().map(|sheet| rows(sheet)).find(|rows| !rows.is_empty());
                prop_assert_eq!(all(before), all(after));
            }
        }
    }

    #[test]
    fn plus_gives_back_what_its_report_keeps(seed in any::<u64>()) {
        let (tables, mut items) = of_alice(seed);
        let (files, report) = export("conllu-plus", &tables, &items, OffsetUnit::CodePoints);
        let batch = import("conllu-plus", &files, &tables);
        items.retain(|item| !bare(item.text.as_str()).is_empty());
        prop_assert_eq!(batch.items.len(), items.len());
        let read: usize = batch.items.iter().map(|item| spans(item).len()).sum();
        prop_assert_eq!(read, count(&report, &[Fate::Kept, Fate::Changed], "spans"));
    }

    #[test]
    fn lines_panic_no_reader(lines in proptest::collection::vec("(#|[0-9]{1,2}(-[0-9])?\t|TOKEN\t)?[A-Za-zé|=()\\[\\]/%\t -]{0,30}(Entity=|SpacesAfter=\\\\)?", 0..20)) {
        for format in CONLL.into_iter().chain(["conllu", "conllu-plus"]) {
            let _ = try_import(format, &MemoryFiles::new([("a.x", lines.join("\n"))]), &Tables::default());
        }
    }
}

#[test]
fn iob1_of_conll2003_is_read() {
    let file = "-DOCSTART- -X- O O\n\nU.N. NNP I-NP I-ORG\nofficial NN I-NP O\nEkeus NNP I-NP I-PER\nBaghdad NNP I-NP I-LOC\nBasra NNP I-NP B-LOC\n\n. . O O\n\n-DOCSTART- (2 x)\n\nEnd NN O O\n";
    let batch = read("conll2003", file);
    assert_eq!(batch.items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>(), ["U.N. official Ekeus Baghdad Basra\n.", "End"]);
    assert_eq!(spans(&batch.items[0]), ["ORG “U.N.”", "PER “Ekeus”", "LOC “Baghdad”", "LOC “Basra”"]);
    assert_eq!(batch.items[1].document.file_name, "2 x");
    let said: Vec<&str> = batch.findings.iter().filter(|f| f.rule == "conll-columns").map(|f| f.message.as_str()).collect();
    assert_eq!(said, ["the tokens were read from column 1, tags in IOB1 from column 4; column 2, 3 has no place here and is kept aside"]);
}

#[test]
fn odd_tags_are_said_and_read_as_usual() {
    let batch = read("conll2002", "Ann\tB-PER\nSmith\tI-PER\nof\tI-ORG\nthe\tX\nUN\tB-ORG\n\nBob\tI-PER\nran\tO\n");
    assert_eq!(spans(&batch.items[0]), ["PER “Ann Smith”", "ORG “of”", "ORG “UN”", "PER “Bob”"]);
    assert_eq!(findings(&batch)[..3], ["conll-odd-tag:3", "conll-odd-tag:7", "conll-bad-tag:4"]);
    let batch = read("conll2002", "Ann runs\nBob walks\n");
    assert_eq!((batch.items[0].text.as_str(), spans(&batch.items[0]).len()), ("Ann Bob", 0));
    assert!(findings(&batch).contains(&"conll-no-tags:0".to_owned()));
}

#[test]
fn numbered_tokens_and_two_layers_are_read() {
    let batch = read("conll2003", "#\thttp://example.org [2009-10-17]\n1\tBank\tB-ORG\tO\n2\tof\tI-ORG\tO\n3\tIndia\tI-ORG\tB-LOC\n4\tfell\tO\tO\n");
    assert_eq!(batch.items[0].text.as_str(), "Bank of India fell");
    assert_eq!(spans(&batch.items[0]), ["ORG “Bank of India”", "LOC “India”"]);
}

const HIPE: &str = "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNE-FINE-LIT\tNE-FINE-METO\tNE-FINE-COMP\tNE-NESTED\tNEL-LIT\tNEL-METO\tMISC\n\
    # hipe2022:document_id = gazette-1\n# hipe2022:date = 1898-05-02\n# hipe2022:language = fr\n# hipe2022:dataset = letemps\n\
    M\tB-pers\tO\tB-pers.ind\tO\tB-comp.title\tO\tQ42\t_\tNoSpaceAfter\n.\tI-pers\tO\tI-pers.ind\tO\tI-comp.title\tO\tQ42\t_\t_\nBerne\tI-pers\tO\tI-pers.ind\tO\tO\tB-loc\tQ42\t_\tEndOfLine\n\
    Paris\tB-loc\tB-org\tB-loc.adm\tO\tO\tO\tNIL\t_\tNoSpaceAfter|EndOfSentence\n.\tO\tO\tO\tO\tO\tO\t_\t_\t_\n\n\
    # hipe2022:document_id = gazette-2\nFin\tO\tO\tO\tO\tO\tO\t_\t_\t_\n";

#[test]
fn hipe_has_layers_links_and_blanks() {
    let batch = read("hipe", HIPE);
    assert_eq!(batch.items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>(), ["M. Berne\nParis.", "Fin"]);
    assert_eq!(spans(&batch.items[0]), ["pers.ind “M. Berne”", "comp.title “M.”", "loc “Berne”", "loc.adm “Paris”"]);
    let document = &batch.items[0].document;
    let date = document.date.as_ref().map(|date| date.as_str());
    assert_eq!((document.file_name.as_str(), date, document.language.as_str()), ("gazette-1", Some("1898-05-02"), "fr"));
    let entity = batch.tables.entities.values().next().unwrap();
    assert_eq!((entity.name.as_str(), entity.knowledge_base_ids.first().unwrap().as_str()), ("M. Berne", "Q42"));
    let parents: Vec<_> = batch.tables.schema.labels.iter().filter_map(|(key, label)| Some(format!("{key} < {}", label.parent.as_ref()?))).collect();
    assert_eq!(parents, ["loc.adm < loc", "pers.ind < pers"]);
    let paris = batch.items[0].sheets.values().flat_map(|sheet| sheet.spans.values()).find(|span| span.label.as_str() == "loc.adm").unwrap();
    assert_eq!(format!("{:?}", paris.attributes()), r#"{metonymic: Text("org")}"#);
    // What others see is what they wrote, apart from columns that we do not fill.
    let (files, report) = export("hipe", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let again = import("hipe", &files, &batch.tables);
    assert_eq!(spans(&again.items[0]), spans(&batch.items[0]));
    assert_eq!(again.items[0].text, batch.items[0].text);
    assert!(files.text("out.tsv").contains("# hipe2022:dataset = letemps\n"), "{}", files.text("out.tsv"));
    let dropped: Vec<String> = lines_of(&report, Fate::Dropped).into_iter().filter(|line| !line.contains("states of work")).collect();
    assert_eq!(dropped, ["1 attributes of spans: the format has labels of tokens only"]);
}

const CONLLU: &str = "# newdoc id = d1\n# global.Entity = GRP-etype-head-other-identity\n# meta::title = A title\n# meta::dateCreated = 2017-07-18\n# meta::genre = news\n\
    # newpar\n# sent_id = d1-1\n# text = Bo Ek's team hadn't left Rome.\n\
    1\tBo\t_\tPROPN\t_\t_\t_\t_\t_\tEntity=(2-org-1(1-person-1--Bo_Ek\n\
    2-3\tEk's\t_\t_\t_\t_\t_\t_\t_\t_\n2\tEk\t_\t_\t_\t_\t_\t_\t_\tEntity=1)\n3\t's\t_\t_\t_\t_\t_\t_\t_\t_\n\
    4\tteam\t_\t_\t_\t_\t_\t_\t_\tEntity=2)\n4.1\tgone\t_\t_\t_\t_\t_\t_\t_\t_\n\
    5-6\thadn't\t_\t_\t_\t_\t_\t_\t_\t_\n5\thad\t_\t_\t_\t_\t_\t_\t_\t_\n6\tnot\t_\t_\t_\t_\t_\t_\t_\t_\n\
    7\tleft\t_\t_\t_\t_\t_\t_\t_\tEntity=(4[1/2]-event-1)|Mood=x\n8\tRome\t_\t_\t_\t_\t_\t_\t_\tEntity=(3-place-1)|SpaceAfter=No\n9\t.\t_\t_\t_\t_\t_\t_\t_\tEntity=(4[2/2]-event-1)\n\n\
    # sent_id = d1-2\n1\tHe\t_\t_\t_\t_\t_\t_\t_\tEntity=(1-person)\n2\tsang\t_\t_\t_\t_\t_\t_\t_\tEntity=9)\n\n\
    # newpar\n# text = other\n1\tEnd\t_\t_\t_\t_\t_\t_\t_\tEntity=(7\n\n";

#[test]
fn conllu_of_others_is_read() {
    let batch = import("conllu", &MemoryFiles::new([("a.conllu", CONLLU)]), &Tables::default());
    let item = &batch.items[0];
    assert_eq!(item.text.as_str(), "Bo Ek's team hadn't left Rome. He sang\n\nEnd");
    assert_eq!(spans(item), ["org “Bo Ek's team”", "person “Bo Ek”", "event “left … .”", "place “Rome”", "person “He”"]);
    assert_eq!(item.document.title, "A title");
    let entities: Vec<String> = batch.tables.entities.values().map(|e| format!("{} {:?}", e.name, e.knowledge_base_ids)).collect();
    assert_eq!(entities, [r#"Bo Ek {"Wikipedia:Bo_Ek"}"#]);
    let linked = item.sheets.values().flat_map(|sheet| sheet.spans.values()).filter(|span| span.entity.is_some()).count();
    assert_eq!(linked, 2);
    let expected = ["conllu-bad-bracket:24", "conllu-open-bracket:0", "conllu-kept-aside:0", "conllu-kept-aside:0", "conllu-kept-aside:0"];
    let found: Vec<String> = findings(&batch).into_iter().filter(|f| !f.starts_with("new-label")).collect();
    assert_eq!(found, expected);
}

#[test]
fn columns_of_plus_are_read_where_they_hold_tags() {
    let file =
        "# global.columns = ID FORM UPOS MISC A:NE A:MWE\n# text = Ann ran\n1\tAnn\tPROPN\t_\tB-PER\t1:VID\n2\tran\tVERB\tSpaceAfter=No\tO\t*\n\n";
    let batch = import("conllu-plus", &MemoryFiles::new([("a.conllup", file)]), &Tables::default());
    assert_eq!((batch.items[0].text.as_str(), spans(&batch.items[0])), ("Ann ran", vec!["PER “Ann”".to_owned()]));
    let misc = "1\tAnn\t_\t_\t_\t_\t_\t_\t_\tname=B-PER\n2\tran\t_\t_\t_\t_\t_\t_\t_\tname=O\n\n";
    let batch = import("conllu", &MemoryFiles::new([("a.conllu", misc)]), &Tables::default());
    assert_eq!(spans(&batch.items[0]), ["PER “Ann”"]);
}

/// Exports what was imported, under the name that the test gives it.
fn again(format: &str, batch: &Batch) -> (String, ExportReport) {
    let (files, report) = export(format, &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let name = if format.starts_with("conllu-plus") {
        "out.conllup"
    } else if format == "conllu" {
        "out.conllu"
    } else {
        "out.conll"
    };
    assert_eq!(difference(format, &batch.tables, (&batch.items, &batch.items), OffsetUnit::CodePoints), None);
    (files.text(name).to_owned(), report)
}

fn corrected(item: &mut Item) {
    item.text = Text::new(format!("{}!", item.text.as_str()));
}

#[test]
fn an_imported_document_goes_out_to_conllu_as_it_came_in() {
    let sample = "# newdoc id = d1\n# meta::genre = news\n# newpar = p1\n# sent_id = s-1\n# speaker = Bo\n# text = Vámonos al mar\n\
        1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\t_\n1\tVamos\tir\tVERB\tv\tNumber=Plur|Person=1\t0\troot\t_\tGloss=go\n\
        2\tnos\tnosotros\tPRON\t_\tCase=Acc\t1\tobj\t_\t_\n3-4\tal\t_\t_\t_\t_\t_\t_\t_\t_\n3\ta\ta\tADP\t_\t_\t5\tcase\t_\t_\n\
        4\tel\tel\tDET\t_\t_\t5\tdet\t_\t_\n4.1\tque\tque\tSCONJ\t_\t_\t_\t_\t5:mark\t_\n\
        5\tmar\tmar\tNOUN\t_\t_\t1\tobl\t1:obl:a\tSpaceAfter=No\n\n# sent_id = s-2\n1\tfar-off\tfar-off\tADJ\t_\t_\t0\troot\t_\t_\n\n\
        # newdoc\n# sent_id = s-3\n1\tEnd\tend\tNOUN\t_\t_\t0\troot\t_\t_\n\n";
    let mut batch = import("conllu", &MemoryFiles::new([("a.conllu", sample)]), &Tables::default());
    assert_eq!(batch.items[0].text.as_str(), "Vámonos al marfar-off");
    let (written, report) = again("conllu", &batch);
    let id = batch.items[1].id.to_string();
    // Each document begins with its name and says which attributes mentions have.
    let expected = sample.replace("id = d1\n", "id = d1\n# global.Entity = eid-etype-head-other-identity\n");
    let expected = expected.replace("# newdoc\n", &format!("# newdoc id = {id}\n# global.Entity = eid-etype-head-other-identity\n"));
    assert_eq!(written, expected);
    assert!(lines_of(&report, Fate::Kept).contains(&"2 words, columns and comments of imported documents: ".to_owned()), "{report:?}");
    // It is so each time, and with other fields.
    let second = import("conllu", &MemoryFiles::new([("a.conllu", written.as_str())]), &Tables::default());
    assert_eq!(again("conllu", &second).0, written);
    batch.items[0].document.source = "Times".into();
    assert!(again("conllu", &batch).0.contains("# meta::source = Times\n# meta::genre = news\n"));
    // Where the text is another one, words are ours again, and the report says so.
    corrected(&mut batch.items[0]);
    let (written, report) = again("conllu", &batch);
    assert!(written.contains("\n1\tVámonos\t_\t_\t") && written.contains("# newdoc id = d1\n") && written.contains("# meta::genre = news\n"));
    assert_eq!(lines_of(&report, Fate::Dropped).len(), 1, "{report:?}");
}

#[test]
fn mentions_stand_at_the_words_of_the_import_with_what_they_said() {
    let sample = "# newdoc id = d1\n# global.Entity = GRP-etype-infstat-minspan-identity\n# text = Bo saw her team\n\
        1\tBo\tBo\tPROPN\t_\t_\t2\tnsubj\t_\tEntity=(1-person-new-1-Bo_Ek)\n2\tsaw\tsee\tVERB\t_\t_\t0\troot\t_\t_\n\
        3\ther\ther\tPRON\t_\t_\t4\tnmod\t_\tA=b|Entity=(2-org-giv-1,2(1-person-giv-1)|X=y\n\
        4\tteam\tteam\tNOUN\t_\t_\t2\tobj\t_\tBridge=1<2,1<7|Entity=2)|SplitAnte=7<2\n\n";
    let batch = import("conllu", &MemoryFiles::new([("a.conllu", sample)]), &Tables::default());
    let (written, _) = again("conllu", &batch);
    let bo = batch.tables.entities.keys().next().unwrap().to_string();
    let team = batch.items[0].sheets.values().flat_map(|sheet| &sheet.spans).find(|(_, span)| span.entity.is_none()).unwrap().0.to_string();
    let misc: Vec<&str> = written.lines().filter_map(|line| line.split('\t').nth(9)).collect();
    let expected = [
        format!("Entity=({bo}-person-1-name:Bo,infstat:new,minspan:1-Bo_Ek)"),
        "_".to_owned(),
        format!("A=b|Entity=(m{team}-org-1-infstat:giv,minspan:1%2C2({bo}-person-1-infstat:giv,minspan:1)|X=y"),
        format!("Bridge={bo}<m{team}|Entity=m{team})"),
    ];
    assert_eq!(misc, expected.each_ref().map(String::as_str));
}

#[test]
fn columns_of_plus_go_out_as_they_came_in() {
    let sample = "# global.columns = ID FORM UPOS MISC A:NE A:MWE\n# newdoc id = d1\n# text = Ann far-off\n\
        1\tAnn\tPROPN\tX=y\tB-PER\t1:VID\n2\tfar-off\tADJ\tSpaceAfter=No\tO\t*\n\n";
    let batch = import("conllu-plus", &MemoryFiles::new([("a.conllup", sample)]), &Tables::default());
    let (written, _) = again("conllu-plus", &batch);
    let expected =
        sample.replace("A:MWE\n", "A:MWE MANICULE:SPANS MANICULE:SPANS-2\n").replace("1:VID\n", "1:VID\tO\tO\n").replace("\t*\n", "\t*\tO\tO\n");
    assert_eq!(written, expected);
    // Documents without such lines have the same columns.
    let plain = import("conllu", &MemoryFiles::new([("b.conllu", "1\tBob\n")]), &Tables::default());
    let mut both = import("conllu-plus", &MemoryFiles::new([("a.conllup", sample)]), &Tables::default());
    both.items.extend(plain.items);
    both.items[1].document.residue.clear();
    let (written, report) = again("conllu-plus", &both);
    assert!(written.ends_with("\n1\tBob\t_\t_\tO\t_\tO\tO\n\n"), "{written}");
    assert!(report.lines.iter().all(|line| line.what != "columns of earlier imports"), "{report:?}");
    // CoNLL-U has no place for further columns.
    let (written, report) = again("conllu", &batch);
    assert!(written.contains("\n1\tAnn\t_\tPROPN\t_\t_\t_\t_\t_\tEntity=(") && written.contains("|X=y\n2\tfar-off\t_\tADJ\t"), "{written}");
    assert!(lines_of(&report, Fate::Dropped).contains(&"1 columns of earlier imports: the file has no such column".to_owned()), "{report:?}");
}

#[test]
fn an_imported_document_goes_out_to_conll_as_it_came_in() {
    let sample = "-DOCSTART- -X- O O\n\n# id = 7\nU.N. NNP I-NP I-ORG\nofficial NN I-NP O\nEkeus NNP I-NP I-PER\n\n. . O O\n\n\
        -DOCSTART- -X- O O\n\nfar-off JJ B-NP O\n\n";
    let mut batch = read("conll2003", sample);
    let (written, report) = again("conll2003-iob1", &batch);
    assert_eq!(written, sample);
    assert!(lines_of(&report, Fate::Kept).contains(&"2 tokens of imported documents: ".to_owned()), "{report:?}");
    // Two columns have the tokens alone.
    let (written, report) = again("conll2002", &batch);
    let expected = "-DOCSTART-\tO\n\n# id = 7\nU.N.\tB-ORG\nofficial\tO\nEkeus\tB-PER\n\n.\tO\n\n-DOCSTART-\tO\n\nfar-off\tO\n\n";
    assert_eq!(written, expected);
    assert!(lines_of(&report, Fate::Dropped).contains(&"4 columns of earlier imports: the format has no more columns".to_owned()), "{report:?}");
    // A document without a name among chunks is read as one.
    batch.items.remove(0);
    assert!(again("conll2003", &batch).0.contains("\nfar-off JJ B-NP O\n"));
    corrected(&mut batch.items[0]);
    let (written, report) = again("conll2003", &batch);
    assert!(written.contains("\nfar -X- O O\n- -X- O O\n"), "{written}");
    assert_eq!(count(&report, &[Fate::Dropped], "leftovers of earlier imports"), 1, "{report:?}");
}

#[test]
fn what_our_exports_say_is_not_kept_twice() {
    let (tables, items) = of_alice(3);
    for format in CONLL.into_iter().chain(["conllu", "conllu-plus"]) {
        let (files, _) = export(format, &tables, &items, OffsetUnit::CodePoints);
        let batch = import(format, &files, &tables);
        assert!(batch.items.iter().all(|item| !item.document.residue.values().any(|kept| kept.starts_with("deflate"))), "{format}");
    }
}
