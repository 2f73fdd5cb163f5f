//! Parser and printer are inverse of each other, and wrong notation is refused with its line.

use super::testing::{Chaos, schema};
use super::*;
use crate::model::{AttributeValue, Filler, MarkId};

fn parse(source: &str) -> Notation {
    Notation::parse(source, &schema()).unwrap_or_else(|error| panic!("{error}\n{source}"))
}

/// What is read prints as it was written.
fn check(source: &str) -> Notation {
    let notation = parse(source);
    assert_eq!(notation.print(&schema()), source);
    notation
}

fn quotes(source: &str) -> Vec<String> {
    let notation = check(source);
    let mut marks: Vec<(MarkId, String)> = notation.sheet.marks().map(|(id, ranges)| (id, notation.text.quote(ranges))).collect();
    marks.sort_by_key(|(id, _)| match id {
        MarkId::Span(id) => id.0,
        MarkId::Claim(id) => id.0,
    });
    marks.into_iter().map(|(_, quote)| quote).collect()
}

#[test]
fn spans_nest_cross_and_have_gaps() {
    assert_eq!(quotes("[PER#k Kerry] said [CLAIM#c taxes in [GPE Ohio] rise]."), ["Kerry", "taxes in Ohio rise", "Ohio"]);
    assert_eq!(quotes("[A#1 the big [B#2 red]#1; house]"), ["the big red", "red house"]);
    assert_eq!(quotes("“[CLAIM#c We are not]”, said [PER Toner], “[+#c looking at it]”."), ["We are not … looking at it", "Toner"]);
    assert_eq!(quotes("[A [B x]]"), ["x", "x"]);
}

#[test]
fn a_claim_can_be_made_again() {
    let source = "[+#c~1 They]#c~1; [+#c~1 rise]. [CLAIM#c Taxes rise]. [+#c~2 Up [PER all]]";
    let notation = parse(&source.replace("]#c~1;", "]"));
    let claim = notation.sheet.claims.values().next().unwrap();
    let quotes: Vec<String> = claim.places().map(|place| notation.text.quote(place)).collect();
    assert_eq!(quotes, ["Taxes rise", "They … rise", "Up all"]);
    assert_eq!(notation.print(&schema()), source.replace("]#c~1;", "]"));
    assert_eq!(parse(source), notation);
    check("[CLAIM#c a [+#c~1 b]#c; c]");
    for bad in ["[+#c~1 a]", "[CLAIM#c a] [+#c~x b]", "[PER#c a] [+#c~1 b]", "[CLAIM#c~1 a]", "[+#c~1 a]\n.. CLAIM#c: stance=support"] {
        assert!(Notation::parse(bad, &schema()).is_err(), "{bad}");
    }
    assert_eq!(parse("[CLAIM#c a] [+#c~1 b] [+#c~1 b]").sheet.claims.values().next().unwrap().occurrences.len(), 1);
}

#[test]
fn selection_and_caret_are_read() {
    let notation = check("«[PER Ker]»ry ‸said");
    assert_eq!(notation.selection.map(|range| range.as_range()), Some(0..3));
    assert_eq!(notation.caret, Some(6));
    assert_eq!(check("é‸").caret, Some(2));
}

#[test]
fn characters_of_the_notation_can_be_text() {
    assert_eq!(check("\\[sic\\] \\«a\\» \\‸ \\\\ #1; [A x]\\#1;").text.as_str(), "[sic] «a» ‸ \\ #1; x#1;");
    assert_eq!(check("a\n\\.. b: c\n\n.. =sheet: status=done").text.as_str(), "a\n.. b: c\n");
    assert_eq!(check("").text.as_str(), "");
    assert_eq!(check(".. @k: \"Kerry\"").text.as_str(), "");
}

#[test]
fn claims_have_roles_and_attributes() {
    let notation = check(concat!(
        "[PER#k=kerry;level=name Kerry] said [CLAIM#c taxes rise]. [PER=%00000000000z;level=Int(3) He]\n",
        ".. @kerry: PER \"John Kerry\" aka=\"Kerry\",\"Secretary Kerry\" kb=\"Q22316\"\n",
        ".. c: claimer=k,@kerry,\"author\" object=span%000000000009,d stance=support normalized=\"Taxes: \\\"up\\\"\\nand up\" note=\"?\"\n",
        ".. CLAIM#d: check_worthy=no date=2016-05 times=-3",
    ));
    let claim = &notation.sheet.claims[&match notation.names.rows["c"] {
        Node::Claim(id) => id,
        other => panic!("{other:?}"),
    }];
    assert_eq!(claim.fillers(&"claimer".parse().unwrap()).len(), 3);
    assert_eq!(claim.fillers(&"claimer".parse().unwrap())[2], Filler::Value("author".into()));
    assert_eq!(claim.attributes[&"stance".parse().unwrap()], AttributeValue::Choice("support".parse().unwrap()));
    assert_eq!(claim.normalized, "Taxes: \"up\"\nand up");
    assert_eq!(notation.sheet.claims.len(), 2);
}

#[test]
fn relations_join_anything() {
    let notation = check(concat!(
        "[PER#k Kerry] of [ORG#o Ohio]: [CLAIM#c a], [CLAIM#d b]\n",
        ".. @k: \"Kerry\"\n",
        ".. r: c -attacks-> d score=0.5\n",
        ".. d -attacks-> r note=\"an undercutter\"\n",
        ".. k -works_for-> o\n",
        ".. @k -works_for-> relation%000000000009",
    ));
    assert_eq!(notation.sheet.relations.len(), 4);
}

#[test]
fn everything_else_has_a_line() {
    check(concat!(
        "[=title T]\n[=caption#4 a [A#2 b]#4; c]\n",
        ".. =document: title=\"Other\" source=\"The Example\" author=\"A. B.\" date=2016-05-17 url=\"https://example.org/\" language=\"en\"\n",
        ".. =sheet: status=done_anyway topics=trade,war note=\"n\" ignored=\"a\",\"b\" residue(\"brat\")=\"#1\"\n",
        ".. @1: \"old\" made_by=ann merged_into=@3 deleted=yes\n",
        ".. @3: \"new\" attribute(note)=Bool(no)\n",
        ".. 2: comment=\"x y\" level=Text(\"\") note=\"z\"",
    ));
}

#[test]
fn rows_are_named_only_where_they_must_be() {
    let check = |source: &str, expected: &str| {
        let mut notation = parse(source);
        notation.names = Names::default();
        assert_eq!(notation.print(&schema()), expected);
    };
    check("[PER#k Kerry] [A#x a]", "[PER Kerry] [A a]");
    check("[A#x a [B#y b]#x; c]", "[A#1 a [B b]#1; c]");
    check(
        "[PER#k K] [CLAIM#c c] [A#d d]\n.. c: claimer=k\n.. k -works_for-> d",
        "[PER#1 K] [CLAIM#2 c] [A#3 d]\n.. 2: claimer=1\n.. 1 -works_for-> 3",
    );
}

#[test]
fn every_document_comes_back() {
    let schema = schema();
    for seed in 0..4000 {
        let notation = Chaos::new(seed).notation();
        let printed = notation.print_exact(&schema);
        match Notation::parse(&printed, &schema) {
            Ok(read) => assert_eq!(read, notation, "seed {seed}:\n{printed}"),
            Err(error) => panic!("seed {seed}: {error}\n{printed}"),
        }
    }
}

#[test]
fn renumbered_documents_print_alike() {
    let schema = schema();
    for seed in 0..2000 {
        let mut notation = Chaos::new(seed).notation();
        notation.names = Names::default();
        let once = Notation::parse(&notation.print(&schema), &schema).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let twice = Notation::parse(&once.print(&schema), &schema).unwrap();
        assert_eq!(twice, once, "seed {seed}");
        assert_eq!((once.sheet.spans.len(), once.sheet.claims.len()), (notation.sheet.spans.len(), notation.sheet.claims.len()));
    }
}

#[test]
fn random_sources_do_not_panic() {
    let pieces =
        ["[PER ", "[A#1 ", "]", "]#1;", "[+#1 ", "\n.. ", "1: ", "level=", "\"", "x", "=", "->", " -a-> ", "@k", "(", ")", "é", "\\", "«", "»"];
    let mut rng = fastrand::Rng::with_seed(7);
    for _ in 0..20_000 {
        let source: String = (0..rng.usize(..10)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
        if let Ok(notation) = Notation::parse(&source, &schema()) {
            parse(&notation.print(&schema()));
        }
    }
}

#[test]
fn wrong_notation_is_refused_with_its_line() {
    let sources = [
        "a\n[PER Kerry",
        "x]",
        "[ x]",
        "[PER]",
        "[A#1 x]#2;",
        "[A#1 x]#1 y",
        "[PER#1 x] [A#1 y]",
        "[PER ]",
        "a\\",
        "«a",
        "‸‸",
        "[=picture x]",
        "[CLAIM;level=name x]",
        "[+#z x]",
        "[PER=kerry x]",
        "a\n.. k: level=name",
        "[CLAIM#c x]\n.. c: claimer=k",
        "[CLAIM#c x]\n.. c: stance=for all",
        "[CLAIM#c x]\n.. c: new=3",
        "[CLAIM#c x]\n.. c: times=many",
        "[CLAIM#c x]\n.. c: stance=support stance=oppose",
        "[CLAIM#c x]\n.. c: note=\"x",
        "a\n.. @k: Kerry",
        "a\n.. b -> c",
        "a\n.. =sheet: status=ready",
        "a\n.. =document: date=today",
        "a\n.. CLAIM#c:\nb",
    ];
    let errors = sources.map(|source| format!("{source:?}: {}", Notation::parse(source, &schema()).unwrap_err()));
    insta::assert_snapshot!(errors.join("\n"), @r#"
    "a\n[PER Kerry": line 2: `[PER` is never closed
    "x]": line 1: `]` closes nothing; write `\]` for the character
    "[ x]": line 1: `[` is not the head of a mark; write `[LABEL text]`, or `\[` for the character
    "[PER]": line 1: `[PER` is not the head of a mark; write `[LABEL text]`, or `\[` for the character
    "[A#1 x]#2;": line 1: `]#2` closes nothing of that name; write `]#name;`, or `]\#` for the characters
    "[A#1 x]#1 y": line 1: `]#1` closes nothing of that name; write `]#name;`, or `]\#` for the characters
    "[PER#1 x] [A#1 y]": line 1: `1` is given twice
    "[PER ]": line 1: the range 0..0 is empty or reversed
    "a\\": line 1: nothing comes after the last `\`
    "«a": line 1: there can be one selection «…» and one caret ‸; write `\«` for the character
    "‸‸": line 1: there can be one selection «…» and one caret ‸; write `\‸` for the character
    "[=picture x]": line 1: `[=picture` is not the head of a mark; write `[LABEL text]`, or `\[` for the character
    "[CLAIM;level=name x]": line 1: `[CLAIM;level=name` is not the head of a mark; write `[LABEL text]`, or `\[` for the character
    "[+#z x]": line 1: nothing is called `z`
    "[PER=kerry x]": line 1: nothing is called `@kerry`
    "a\n.. k: level=name": line 2: nothing is called `k`
    "[CLAIM#c x]\n.. c: claimer=k": line 2: nothing is called `k`
    "[CLAIM#c x]\n.. c: stance=for all": line 2: `all` does not belong here
    "[CLAIM#c x]\n.. c: new=3": line 2: the codebook has no attribute `new`; say the type of the value: `new=Text("…")`
    "[CLAIM#c x]\n.. c: times=many": line 2: `many` is not a value of `times`
    "[CLAIM#c x]\n.. c: stance=support stance=oppose": line 2: `stance=oppose` is given twice
    "[CLAIM#c x]\n.. c: note=\"x": line 2: `"x` is not a quoted text
    "a\n.. @k: Kerry": line 2: `Kerry` is not a line of notation, such as `.. name: key=value` or `.. from -type-> to`
    "a\n.. b -> c": line 2: `.. b -> c` is not a line of notation, such as `.. name: key=value` or `.. from -type-> to`
    "a\n.. =sheet: status=ready": line 2: `status=ready` does not belong here
    "a\n.. =document: date=today": line 2: `today` is not a value of a date
    "a\n.. CLAIM#c:\nb": line 3: `b` is not a line of notation, such as `.. name: key=value` or `.. from -type-> to`
    "#);
}
