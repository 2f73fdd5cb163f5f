//! Databases of the Discourse Network Analyzer, its list of events, and networks of who says what.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::expect_used)]

mod common;

use std::sync::Arc;

use common::{export, import, lines_of, project};
use manicule::format::{Batch, ExportReport, Fate, Item, MemoryFiles, Tables, recognise};
use manicule::model::notation::Notation;
use manicule::model::{AttributeKey, AttributeKind, CoderKey, Filler, FillerKind, LabelKind, RoleKey, Schema, Severity};
use manicule::store::templates::template;
use manicule::text::offsets::OffsetUnit;
use proptest::prelude::*;
use rusqlite::Connection;

const TABLES: &str = "
    CREATE TABLE CODERS(ID INTEGER PRIMARY KEY, Name TEXT);
    CREATE TABLE STATEMENTTYPES(ID INTEGER PRIMARY KEY, Label TEXT);
    CREATE TABLE VARIABLES(ID INTEGER PRIMARY KEY, Variable TEXT, DataType TEXT, StatementTypeId INTEGER);
    CREATE TABLE DOCUMENTS(ID INTEGER PRIMARY KEY, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT, Source TEXT, Section TEXT, Notes TEXT, Type TEXT, Date INTEGER);
    CREATE TABLE STATEMENTS(ID INTEGER PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER, Stop INTEGER, Coder INTEGER);
    CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
    CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
    CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value TEXT);
    INSERT INTO CODERS VALUES (1, 'Ann Lee'), (2, 'Bob');
    INSERT INTO STATEMENTTYPES VALUES (1, 'DNA Statement'), (2, 'Annotation');
    INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 1), (2, 'organization', 'short text', 1), (3, 'concept', 'short text', 1), (4, 'agreement', 'boolean', 1), (5, 'note', 'long text', 2), (6, 'strength', 'integer', 1);
    INSERT INTO DOCUMENTS VALUES (7, 'Tax 🎉 plan', 'Zoë 🎉 Holt said yes to taxes. Rask said no; never.', 1, 'A. Writer', 'The Post', 'Politics', '', 'Article', 1113091200);
    INSERT INTO STATEMENTS VALUES (11, 1, 7, 7, 30, 1), (12, 1, 7, 31, 43, 2), (13, 2, 7, 45, 51, 1), (14, 1, 99, 0, 5, 1);
    INSERT INTO DATABOOLEAN VALUES (1, 11, 4, 1), (2, 12, 4, 0);
    INSERT INTO DATAINTEGER VALUES (1, 12, 6, 5);
    INSERT INTO DATALONGTEXT VALUES (1, 13, 5, 'look at this');
";
const ENTITIES: &str = "
    CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT, Red INTEGER, Green INTEGER, Blue INTEGER, ChildOf INTEGER);
    CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Entity INTEGER);
    CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY, VariableId INTEGER, AttributeVariable TEXT);
    CREATE TABLE ATTRIBUTEVALUES(ID INTEGER PRIMARY KEY, EntityId INTEGER, AttributeVariableId INTEGER, AttributeValue TEXT);
    INSERT INTO ENTITIES VALUES (1, 1, 'Zoë Holt', 255, 0, 0, NULL), (2, 1, 'Emil Rask', 0, 0, 0, NULL), (3, 3, 'There should be a tax; now.', 0, 0, 0, NULL), (4, 2, '', 0, 0, 0, NULL);
    INSERT INTO DATASHORTTEXT VALUES (1, 11, 1, 1), (2, 11, 3, 3), (3, 12, 1, 2), (4, 12, 3, 3), (5, 11, 2, 4);
    INSERT INTO ATTRIBUTEVARIABLES VALUES (1, 1, 'Type'), (2, 1, 'Alias'), (3, 1, 'Notes');
    INSERT INTO ATTRIBUTEVALUES VALUES (1, 1, 1, 'minister'), (2, 1, 2, 'Holt'), (3, 1, 3, 'since 2004'), (4, 2, 1, '');
";
const NAMES: &str = "
    CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER, Value TEXT);
    INSERT INTO DATASHORTTEXT VALUES (1, 11, 1, 'Zoë Holt'), (2, 11, 3, 'A tax'), (3, 12, 1, 'Emil Rask'), (4, 12, 3, 'A tax');
";

fn database(parts: &[&str]) -> Vec<u8> {
    let mut connection = Connection::open_in_memory().unwrap();
    for part in parts {
        connection.execute_batch(part).unwrap();
    }
    connection.serialize("main").unwrap().to_vec()
}

fn dna(parts: &[&str], known: &Tables) -> Batch {
    import("dna", &MemoryFiles::new([("a.dna", database(parts))]), known)
}

fn rules(batch: &Batch) -> Vec<&str> {
    batch.findings.iter().map(|finding| finding.rule).filter(|rule| *rule != "new-label").collect()
}

#[test]
fn statements_become_claims_whose_roles_are_filled_by_entities() {
    let batch = dna(&[TABLES, ENTITIES], &Tables::default());
    assert_eq!(rules(&batch), ["dna-odd-name", "dna-counts"]);
    let counts = &batch.findings.iter().find(|finding| finding.rule == "dna-counts").unwrap().message;
    assert!(counts.contains("documents: 1 of 1, statements: 3 of 4, entities: 4 of 4 (1 without a name), coders: 2 of 2"), "{counts}");
    let item = &batch.items[0];
    let document = &item.document;
    let fields = (document.title.as_str(), document.author.as_str(), document.source.as_str(), document.date.as_ref().unwrap().as_str());
    assert_eq!(fields, ("Tax 🎉 plan", "A. Writer", "The Post", "2005-04-10"));
    assert_eq!(document.residue["dna"], r#"{"Coder":"Ann Lee","Section":"Politics","Type":"Article"}"#);
    let sheet = &item.sheets[&CoderKey::from_name("Ann Lee")];
    let name = |filler: &Filler| if let Filler::Entity(id) = filler { batch.tables.entities[id].name.clone() } else { format!("{filler:?}") };
    let mut claims: Vec<String> = sheet
        .claims
        .values()
        .map(|claim| {
            let roles: Vec<String> = claim.roles.iter().map(|(role, fillers)| format!("{role}={}", name(&fillers[0]))).collect();
            let attributes: Vec<String> = claim.attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!(
                "{} “{}” {} {} {}",
                claim.label,
                item.text.quote(claim.content.as_ref().unwrap()),
                roles.join(" "),
                attributes.join(" "),
                claim.note
            )
        })
        .collect();
    claims.sort();
    assert_eq!(claims[0], "Annotation “never.”   look at this");
    assert_eq!(claims[1], "DNA_Statement “Holt said yes to taxes.” concept=There should be a tax; now. person=Zoë Holt agreement=yes ");
    let holt = batch.tables.entities.values().find(|entity| entity.name == "Zoë Holt").unwrap();
    assert_eq!((holt.aliases.iter().map(String::as_str).collect::<Vec<_>>(), holt.note.as_str()), (vec!["Holt"], "since 2004"));
    assert_eq!(holt.attributes.values().map(ToString::to_string).collect::<Vec<_>>(), ["minister"]);
    let role = batch.tables.schema.roles.values().find(|role| role.name == "person").unwrap();
    assert!(role.accepts.contains(&FillerKind::Entity));
    let kinds: Vec<LabelKind> = batch.tables.schema.labels.values().map(|label| label.kind).collect();
    assert!(kinds.contains(&LabelKind::Claim) && kinds.contains(&LabelKind::Entity));
}

#[test]
fn the_template_for_discourse_networks_knows_its_labels() {
    let known = Tables { schema: template("dna").unwrap().schema().unwrap(), ..Tables::default() };
    let batch = dna(&[TABLES, ENTITIES], &known);
    let bob = &batch.items[0].sheets[&CoderKey::from_name("Bob")];
    let claim = bob.claims.values().next().unwrap();
    assert_eq!((claim.label.as_str(), claim.roles.len()), ("STATEMENT", 2));
    let labels: Vec<&str> = batch.tables.entities.values().filter_map(|entity| entity.label.as_ref()).map(|label| label.as_str()).collect();
    assert!(labels.contains(&"PER") && labels.contains(&"CONCEPT"), "{labels:?}");
}

#[test]
fn old_databases_hold_names() {
    let batch = dna(&[TABLES, NAMES], &Tables::default());
    let mut names: Vec<&str> = batch.tables.entities.values().map(|entity| entity.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["A tax", "Emil Rask", "Zoë Holt"]);
}

const DNA_2: &str = "
    CREATE TABLE ATTRIBUTES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL, Value TEXT NOT NULL, Red INTEGER, Green INTEGER, Blue INTEGER, Type TEXT, Alias TEXT, Notes TEXT, ChildOf TEXT);
    INSERT INTO ATTRIBUTES VALUES (1, 1, 'Zoë Holt', 255, 0, 0, 'minister', 'Holt', 'since 2004', ''), (2, 1, 'Emil Rask', 0, 0, 0, 'member', '', '', 'Parliament'), (3, 1, 'Nobody Yet', 0, 0, 0, '', '', '', '');
";

#[test]
fn entities_of_dna_2_come_with_what_is_said_of_them() {
    let batch = dna(&[TABLES, NAMES, DNA_2], &Tables::default());
    let counts = &batch.findings.iter().find(|finding| finding.rule == "dna-counts").unwrap().message;
    assert!(counts.contains("entities: 3 of 3"), "{counts}");
    let entity = |name: &str| batch.tables.entities.values().find(|entity| entity.name == name).unwrap();
    let (holt, rask) = (entity("Zoë Holt"), entity("Emil Rask"));
    assert!(holt.aliases.contains("Holt") && holt.note == "since 2004" && entity("Nobody Yet").aliases.is_empty());
    assert_eq!(holt.attributes.values().map(ToString::to_string).collect::<Vec<_>>(), ["minister"]);
    assert_eq!((holt.residue["dna"].as_str(), rask.residue["dna"].as_str()), (r#"{"color":[255,0,0]}"#, r#"{"ChildOf":"Parliament"}"#));
    // They are those that the statements name.
    let sheet = &batch.items[0].sheets[&CoderKey::from_name("Ann Lee")];
    let fillers = sheet.claims.values().flat_map(|claim| claim.roles.values().flatten());
    assert!(fillers.into_iter().any(|filler| matches!(filler, Filler::Entity(id) if batch.tables.entities[id].name == "Zoë Holt")));
}

#[test]
fn statements_whose_coder_is_not_there_are_said() {
    for lost in ["DELETE FROM CODERS WHERE ID = 2", "DROP TABLE CODERS"] {
        let batch = dna(&[TABLES, ENTITIES, lost], &Tables::default());
        let finding = batch.findings.iter().find(|finding| finding.rule == "dna-no-coder").unwrap();
        assert!(finding.message.contains("taken for those of alice"), "{}", finding.message);
    }
}

/// A page of the table is overwritten, as a bad disk does it.
#[test]
fn coders_that_cannot_be_read_are_not_said_to_be_all() {
    let mut content = database(&[TABLES, ENTITIES]);
    let connection = Connection::open_in_memory().unwrap();
    let page = {
        let mut connection = connection;
        connection.deserialize_read_exact("main", content.as_slice(), content.len(), true).unwrap();
        connection.query_row("SELECT rootpage FROM sqlite_master WHERE name = 'CODERS'", [], |row| row.get::<_, u32>(0)).unwrap()
    };
    let page = usize::try_from(page).unwrap();
    let size = usize::from(u16::from_be_bytes([content[16], content[17]]));
    content[(page - 1) * size..page * size].fill(0xff);
    let batch = import("dna", &MemoryFiles::new([("a.dna", content)]), &Tables::default());
    assert!(rules(&batch).contains(&"dna-damaged") && rules(&batch).contains(&"dna-no-coder"), "{:?}", rules(&batch));
    let counts = batch.findings.iter().find(|finding| finding.rule == "dna-counts").unwrap();
    assert!(counts.severity == Severity::Warning && counts.message.contains("coders: 0 of an unknown number"), "{}", counts.message);
}

#[test]
fn dates_of_a_file_count_one_unit() {
    let dates = |rows: &str| {
        let batch = dna(&[TABLES, NAMES, rows], &Tables::default());
        batch.items.iter().map(|item| item.document.date.as_ref().unwrap().to_string()).collect::<Vec<_>>()
    };
    let second =
        |date: i64| format!("UPDATE DOCUMENTS SET Date = Date * 1000; INSERT INTO DOCUMENTS (ID, Title, Text, Date) VALUES (8, 'b', 'B.', {date})");
    assert_eq!(dates(&second(13_046_400_000)), ["2005-04-10", "1970-06-01"]);
    assert_eq!(dates(&second(86_400_000)), ["2005-04-10", "1970-01-02"]);
    assert_eq!(dates("UPDATE DOCUMENTS SET Date = 13046400000"), ["1970-06-01"]);
    assert_eq!(dates("UPDATE DOCUMENTS SET Date = 86400"), ["1970-01-02"]);
}

#[test]
fn what_is_no_database_is_said() {
    for content in [b"SQLite format 3\0".to_vec(), b"x".to_vec(), Vec::new()] {
        let batch = import("dna", &MemoryFiles::new([("a.dna", content)]), &Tables::default());
        assert_eq!((rules(&batch), batch.items.len()), (vec!["dna-bad-file"], 0));
    }
    assert_eq!(recognise("a.dna", b"SQLite format 3\0").name, "dna");
    // A view with the name of a table is not looked into.
    let batch =
        dna(&["CREATE VIEW DOCUMENTS AS WITH RECURSIVE r(ID) AS (SELECT 1 UNION ALL SELECT ID + 1 FROM r) SELECT ID FROM r"], &Tables::default());
    assert_eq!((rules(&batch), batch.items.len()), (vec!["dna-counts"], 0));
}

#[test]
fn the_list_of_events_keeps_semicolons_and_quotes() {
    let batch = dna(&[TABLES, ENTITIES], &Tables::default());
    let (files, report) = export("dna-events", &batch.tables, &batch.items, OffsetUnit::Utf16);
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(files.0["out.csv"].as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cell = |row: &csv::StringRecord, name: &str| row[header.iter().position(|column| column == name).unwrap()].to_owned();
    let row = rows.iter().find(|row| cell(row, "statement_id") == "12").unwrap();
    let expected =
        ["2005-04-10", "Emil Rask", "There should be a tax; now.", "0", "5", "31", "43", "Rask said no", "bob", "The Post", "Politics", "Article"];
    let names = [
        "time",
        "person",
        "concept",
        "agreement",
        "strength",
        "start_position",
        "stop_position",
        "text",
        "coder",
        "document_source",
        "document_section",
        "document_type",
    ];
    assert_eq!(names.map(|name| cell(row, name)), expected);
    assert_eq!((rows.len(), report.count(Fate::Kept) > 8), (3, true));
    assert!(lines_of(&report, Fate::Dropped).iter().any(|line| line.contains("notes of claims")));
}

/// Edges of a network: labels of their ends, and weights.
fn edges_of(files: &MemoryFiles, name: &str) -> Vec<(String, String, f64)> {
    let page = files.text(&format!("{name}.graphml")).to_owned();
    let key = |name: &str, of: &str| {
        let key = page.split("<key ").find(|key| key.contains(&format!("for=\"{of}\" attr.name=\"{name}\""))).unwrap();
        key.split('"').nth(1).unwrap().to_owned()
    };
    let value = |part: &str, key: &str| {
        let found = part.split_once(&format!("<data key=\"{key}\">")).map(|(_, rest)| rest.split("</data>").next().unwrap().to_owned());
        found.unwrap_or_default()
    };
    let attribute = |part: &str, name: &str| part.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap().to_owned();
    let nodes: Vec<String> = page.split("<node ").skip(1).map(|node| value(node, &key("label", "node"))).collect();
    let end = |edge: &str, name: &str| nodes[attribute(edge, name)[1..].parse::<usize>().unwrap()].clone();
    let edges =
        page.split("<edge ").skip(1).map(|edge| (end(edge, "source"), end(edge, "target"), value(edge, &key("weight", "edge")).parse().unwrap()));
    edges.collect()
}

/// The networks of one article in notation.
fn networks(schema: &Schema, notation: &str) -> (MemoryFiles, ExportReport) {
    let article = Notation::parse(notation, schema).unwrap_or_else(|error| panic!("{error}"));
    let sheets = [(CoderKey::from_name("ann"), Arc::new(article.sheet))].into();
    let item = Item { id: "a-000000000001".parse().unwrap(), document: article.document, text: article.text, original: None, sheets };
    let tables = Tables { schema: schema.clone(), entities: article.entities, ..Tables::default() };
    export("graphml", &tables, &[item], OffsetUnit::CodePoints)
}

/// Lines of a report with their examples.
fn said(report: &ExportReport, fate: Fate) -> String {
    let lines = report.lines.iter().filter(|line| line.fate == fate);
    lines.map(|line| format!("{} {}: {} {:?}\n", line.count, line.what, line.why, line.examples)).collect()
}

fn edge(from: &str, to: &str, weight: f64) -> (String, String, f64) {
    (from.to_owned(), to.to_owned(), weight)
}

const THREE_SIDES: &str = "Taxes rise.
.. @ann: PER \"Ann\"
.. @bob: PER \"Bob\"
.. @cem: PER \"Cem\"
.. @dan: PER \"Dan\"
.. @tax: OTHER \"Tax\"
.. CLAIM#a: claimer=@ann object=@tax stance=support
.. CLAIM#b: claimer=@bob object=@tax stance=support
.. CLAIM#c: claimer=@cem object=@tax stance=neutral
.. CLAIM#d: claimer=@dan object=@tax
.. CLAIM#e: claimer=@tax object=@ann stance=oppose
.. CLAIM#f: claimer=@cem object=@tax stance=neutral";

#[test]
fn nobody_agrees_who_has_said_nothing_and_no_edge_joins_two_of_a_kind() {
    let (files, report) = networks(&template("news").unwrap().schema().unwrap(), THREE_SIDES);
    let mut ties = edges_of(&files, "actors-concepts");
    ties.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(ties, [edge("Ann", "Tax", 1.0), edge("Bob", "Tax", 1.0), edge("Cem", "Tax", 0.0), edge("Dan", "Tax", 0.0), edge("Tax", "Ann", -1.0)]);
    assert_eq!(edges_of(&files, "congruence"), [edge("Ann", "Bob", 1.0)]);
    assert_eq!(edges_of(&files, "conflict"), []);
    // Ann and the tax are actors, and what somebody speaks of.
    let nodes = |mode: &str| files.text("actors-concepts.graphml").matches(&format!(">{mode}</data>")).count();
    assert_eq!((nodes("actor"), nodes("concept")), (5, 2));
    assert!(edges_of(&files, "claims").iter().all(|(.., weight)| (weight - 1.0).abs() < f64::EPSILON));
    let changed = said(&report, Fate::Changed);
    assert!(changed.contains("1 claims as ties of actors to concepts: nobody has said"), "{changed}");
}

#[test]
fn numbers_count_by_their_sign_and_size() {
    let mut schema = template("dna").unwrap().schema().unwrap();
    schema.attributes.values_mut().for_each(|def| def.kind = AttributeKind::Integer);
    let notation = "Taxes rise.\n.. @a: PER \"Ann\"\n.. @b: PER \"Bob\"\n.. @t: CONCEPT \"Tax\"\n\
                    .. STATEMENT#a: person=@a concept=@t agreement=2\n.. STATEMENT#b: person=@b concept=@t agreement=-1\n\
                    .. STATEMENT#c: person=@a concept=@t agreement=1";
    let (files, _) = networks(&schema, notation);
    assert_eq!(edges_of(&files, "actors-concepts"), [edge("Ann", "Tax", 3.0), edge("Bob", "Tax", -1.0)]);
    assert_eq!((edges_of(&files, "congruence"), edges_of(&files, "conflict")), (vec![], vec![edge("Ann", "Bob", 1.0)]));
}

/// A codebook in another language: the template's with other names.
fn in_other_words(names: &[(&str, &str)]) -> Schema {
    let mut schema = template("dna").unwrap().schema().unwrap();
    for (from, to) in names {
        if let Some(mut role) = schema.roles.remove(&RoleKey::new(from).unwrap()) {
            (*to).clone_into(&mut role.name);
            schema.roles.insert(RoleKey::new(to).unwrap(), role);
        }
        if let Some(mut attribute) = schema.attributes.remove(&AttributeKey::new(from).unwrap()) {
            (*to).clone_into(&mut attribute.name);
            schema.attributes.insert(AttributeKey::new(to).unwrap(), attribute);
        }
    }
    schema
}

#[test]
fn roles_and_stance_are_found_in_other_words_or_the_report_says_that_they_are_not() {
    let schema = in_other_words(&[("person", "wer"), ("concept", "wozu"), ("agreement", "haltung")]);
    let notation = "Taxes rise.\n.. @a: PER \"Ann\"\n.. @t: CONCEPT \"Tax\"\n.. STATEMENT#a: wer=@a wozu=@t haltung=no";
    let (files, report) = networks(&schema, notation);
    assert_eq!(edges_of(&files, "actors-concepts"), [edge("Ann", "Tax", 0.0)]);
    let changed = said(&report, Fate::Changed);
    assert!(changed.contains("all ties weigh 0") && changed.contains("haltung"), "{changed}");
    // Two roles are filled by people: nobody knows which of them speaks.
    let schema = in_other_words(&[("person", "wer"), ("organization", "wem")]);
    let notation = "Taxes rise.\n.. @a: PER \"Ann\"\n.. @o: ORG \"Union\"\n.. @t: CONCEPT \"Tax\"\n.. STATEMENT#a: wer=@a wem=@o concept=@t";
    let (files, report) = networks(&schema, notation);
    assert_eq!(edges_of(&files, "actors-concepts"), []);
    let dropped = said(&report, Fate::Dropped);
    assert!(dropped.contains("they have no edges") && dropped.contains("concept, wem, wer"), "{dropped}");
}

#[test]
fn networks_say_who_is_on_whose_side() {
    let batch = dna(&[TABLES, ENTITIES], &Tables::default());
    let (files, _) = export("graphml", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    let two_mode = files.text("actors-concepts.graphml");
    assert!(two_mode.contains(">for</data>") && two_mode.contains(">-1</data>") && two_mode.contains(">2005-04-10</data>"), "{two_mode}");
    let edges = |name: &str| files.text(name).matches("<edge ").count();
    assert_eq!([edges("actors-concepts.graphml"), edges("congruence.graphml"), edges("conflict.graphml"), edges("claims.graphml")], [2, 0, 1, 4]);
    let (files, _) = export("gexf", &batch.tables, &batch.items, OffsetUnit::CodePoints);
    assert!(files.text("conflict.gexf").contains("weight=\"1\""));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn networks_and_lists_count_what_they_write(seed in any::<u64>()) {
        let (tables, items) = project(seed);
        let claims = items.iter().flat_map(|item| item.sheets.values()).map(|sheet| sheet.claims.len()).sum::<usize>();
        for format in ["graphml", "gexf", "dna-events"] {
            let (files, report) = export(format, &tables, &items, OffsetUnit::Utf16);
            prop_assert_eq!(&export(format, &tables, &items, OffsetUnit::Utf16).0, &files);
            let of = |what: &str| report.lines.iter().filter(|line| line.fate != Fate::Dropped && line.what == what).map(|line| line.count).sum::<usize>();
            prop_assert_eq!(of("claims"), claims);
            if format != "dna-events" {
                let network = files.text(&format!("claims.{format}"));
                prop_assert_eq!(network.matches("<edge ").count(), of("fillers of roles") + of("relations"));
            }
        }
    }

    #[test]
    fn broken_databases_panic_no_reader(at in 0usize..40_000, bytes in proptest::collection::vec(any::<u8>(), 1..200)) {
        let mut content = database(&[TABLES, ENTITIES]);
        let at = at.min(content.len() - 1);
        let end = (at + bytes.len()).min(content.len());
        content.splice(at..end, bytes);
        let batch = import("dna", &MemoryFiles::new([("a.dna", content)]), &Tables::default());
        for item in &batch.items {
            item.sheets.values().flat_map(|sheet| sheet.places()).for_each(|(_, ranges)| item.text.check(ranges).unwrap());
        }
    }
}
