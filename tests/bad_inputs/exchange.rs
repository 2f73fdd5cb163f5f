//! Manicule's own exchange format.

use crate::bench::{Bench, Case};

/// An export of the project, with other words in it.
fn exchange(bench: &Bench, from: &str, to: &str) {
    let said = bench.run("export study --to jsonl --out in/a.jsonl");
    assert_eq!(said.last().unwrap(), "exit 0", "{said:?}");
    for report in ["in/a.jsonl.export-report.md", "in/a.jsonl.export-report.json"] {
        std::fs::remove_file(bench.path(report)).unwrap();
    }
    let page = std::fs::read_to_string(bench.path("in/a.jsonl")).unwrap();
    assert!(page.contains(from), "{from} is not in {page}");
    bench.write("in/a.jsonl", page.replacen(from, to, 1));
}

/// The table.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "an exchange file as it should be",
        make: |b| exchange(b, r#""Bob""#, r#""Bob""#),
        line: "import study in/a.jsonl",
        says: &["0 documents imported", "exit 0"],
    },
    Case {
        name: "an exchange file of a newer version",
        make: |b| exchange(b, r#""version":1"#, r#""version":2"#),
        line: "import study in/a.jsonl",
        says: &[
            "manicule: in/a.jsonl: line 1: it is of version 2 of the format, and this program reads up to version 1. Nothing was read; use a newer Manicule",
            "exit 1",
        ],
    },
    Case {
        name: "an exchange file of version 0",
        make: |b| exchange(b, r#""version":1"#, r#""version":0"#),
        line: "import study in/a.jsonl",
        says: &["manicule: in/a.jsonl: this is not Manicule JSONL: version 0 never existed. Nothing was read; write `\"version\":1`", "exit 1"],
    },
    Case {
        name: "an exchange file of version -1",
        make: |b| exchange(b, r#""version":1"#, r#""version":-1"#),
        line: "import study in/a.jsonl",
        says: &[
            "manicule: in/a.jsonl: this is not Manicule JSONL: line 1, column 39: invalid value: `-1`; it must be a whole number from 0. Nothing was read; the first line must be the header of an export",
            "exit 1",
        ],
    },
    Case {
        name: "an exchange file of a huge version",
        make: |b| exchange(b, r#""version":1"#, r#""version":4294967296"#),
        line: "import study in/a.jsonl",
        says: &[
            "manicule: in/a.jsonl: line 1: it is of version 4294967296 of the format, and this program reads up to version 1. Nothing was read; use a newer Manicule",
            "exit 1",
        ],
    },
    Case {
        name: "an exchange file without a version",
        make: |b| exchange(b, r#""version":1,"#, r#""#),
        line: "import study in/a.jsonl",
        says: &[
            "manicule: in/a.jsonl: this is not Manicule JSONL: line 1, column 668: missing field `version`. Nothing was read; the first line must be the header of an export",
            "exit 1",
        ],
    },
    Case {
        name: "an exchange file with an unknown unit",
        make: |b| exchange(b, r#""code-points""#, r#""words""#),
        line: "import study in/a.jsonl",
        says: &[
            "manicule: in/a.jsonl: this is not Manicule JSONL: line 1, column 60: unknown variant `words`, expected one of `bytes`, `code-points`, `utf16`. Nothing was read; the first line must be the header of an export",
            "exit 1",
        ],
    },
    Case {
        name: "an exchange file with a name twice in its header",
        make: |b| exchange(b, r#""version":1"#, r#""version":1,"version":1"#),
        line: "import study in/a.jsonl",
        says: &[
            "manicule: in/a.jsonl: this is not Manicule JSONL: line 1, column 48: `version` is there twice. Nothing was read; the first line must be the header of an export",
            "exit 1",
        ],
    },
    Case {
        name: "an end behind the text",
        make: |b| exchange(b, r#""start":27,"end":30,"quote":"Bob""#, r#""start":2700,"end":3000"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: pas20ema9zch has no place in the text: 2700..3000 is empty or outside the text. It was kept aside, not deleted",
            "warning: ann has annotated taxes-hx6q9d2hx310 here already; the sheet of the import was left out",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a quote that stands elsewhere",
        make: |b| exchange(b, r#""start":27,"end":30"#, r#""start":1,"end":4"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: warning: “Bob” is not at 1..4: its only place in the text was taken; look at it",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a quote that stands nowhere",
        make: |b| exchange(b, r#""quote":"Bob""#, r#""quote":"Rob""#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: pas20ema9zch has no place in the text: “Rob” is neither at 27..30 nor anywhere else. It was kept aside, not deleted",
            "warning: ann has annotated taxes-hx6q9d2hx310 here already; the sheet of the import was left out",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a quote that stands at several places",
        make: |b| exchange(b, r#""start":27,"end":30,"quote":"Bob""#, r#""start":20,"end":21,"quote":"e""#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: pas20ema9zch has no certain place in the text: “e” is not at 20..21, and stands at several places (18: “ë Smith said tax[e]s fell; Bob deni”, 22: “ith said taxes f[e]ll; Bob denied i”, 32: “axes fell; Bob d[e]nied it. ”, …). It was kept aside, not deleted",
            "warning: ann has annotated taxes-hx6q9d2hx310 here already; the sheet of the import was left out",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a negative start",
        make: |b| exchange(b, r#""start":27"#, r#""start":-1"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: a span cannot be read: invalid value: `-1`; it must be a whole number from 0. It was kept aside; mend the row and import the file again",
            "warning: ann has annotated taxes-hx6q9d2hx310 here already; the sheet of the import was left out",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a name twice",
        make: |b| exchange(b, r#""quote":"Bob""#, r#""quote":"Rob","quote":"Bob""#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: column 461: `quote` is there twice. The record was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an unknown name in a range",
        make: |b| exchange(b, r#""quote":"Bob""#, r#""qoute":"Bob""#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: warning: a range has the unknown name `qoute`, here and perhaps further on. What it says was not read; look whether it is a typing error",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an unknown name in a row",
        make: |b| exchange(b, r#""spans":[{"#, r#""spans":[{"mystery":1,"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: warning: a span has the unknown name `mystery`, here and perhaps further on. What it says was not read; look whether it is a typing error",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an unknown name in a document",
        make: |b| exchange(b, r#""title":"Taxes""#, r#""title":"Taxes","mystery":1"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: warning: a document has the unknown name `mystery`, here and perhaps further on. What it says was not read; look whether it is a typing error",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "NaN",
        make: |b| exchange(b, r#""spans":[{"#, r#""spans":[{"attributes":{"score":NaN},"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: column 286: no value stands here (NaN and infinity are none). The record was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a number that is too large",
        make: |b| exchange(b, r#""spans":[{"#, r#""spans":[{"attributes":{"score":1e999},"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: column 290: this number is too large. The record was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a value of the wrong type",
        make: |b| exchange(b, r#""spans":[{"#, r#""spans":[{"attributes":{"score":"high"},"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: warning: the attribute score cannot be \"high\". It was kept aside; set it by hand",
            "warning: ann has annotated taxes-hx6q9d2hx310 here already; the sheet of the import was left out",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "half of a character pair",
        make: |b| exchange(b, r#""quote":"Bob""#, r#""quote":"\ud83d""#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: column 456: half of a character pair (`\\ud83d` without its other half). The record was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an id twice",
        make: |b| exchange(b, r#""id":"pas20ema9zch""#, r#""id":"frf1b1kj2rbk""#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: the id frf1b1kj2rbk is there twice in its sheet. The second row was kept aside; give it another id",
            "warning: ann has annotated taxes-hx6q9d2hx310 here already; the sheet of the import was left out",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an id that is none",
        make: |b| exchange(b, r#""id":"pas20ema9zch""#, r#""id":"17""#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: a span cannot be read: `17` is not an id of 12 letters and digits. It was kept aside; mend the row and import the file again",
            "warning: ann has annotated taxes-hx6q9d2hx310 here already; the sheet of the import was left out",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a document id that leads out of its folder",
        make: |b| exchange(b, r#""id":"taxes-hx6q9d2hx310""#, r#""id":"../../etc-hx6q9d2hx310""#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: column 30: `../../etc-hx6q9d2hx310` is not a document id (small letters, digits, `-`, ending in 12 letters or digits). The record was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a changed text",
        make: |b| exchange(b, r#"Bob denied it."#, r#"Bob denied it!"#),
        line: "import study in/a.jsonl",
        says: &[
            "warning: there is a document taxes-hx6q9d2hx310 already, with another text; this one got the id ID",
            "in/a.jsonl: line 2: note: the text is not the one that was exported. Places were looked for by their quotes",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an exchange file that ends too early",
        make: |b| {
            exchange(b, "x", "x");
            let page = std::fs::read(b.path("in/a.jsonl")).unwrap();
            b.write("in/a.jsonl", &page[..page.len() - 40]);
        },
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 2: error: column 684: it ends too early. The record was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an exchange file in UTF-16",
        make: |b| {
            exchange(b, "x", "x");
            let page = std::fs::read_to_string(b.path("in/a.jsonl")).unwrap();
            b.write("in/a.jsonl", format!("\u{feff}{page}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
        },
        line: "import study in/a.jsonl",
        says: &["manicule: in/a.jsonl: this is not Manicule JSONL: it is UTF-16. Nothing was read; save it as UTF-8", "exit 1"],
    },
    Case {
        name: "an exchange file in Latin-1",
        make: |b| {
            exchange(b, "x", "x");
            let page = std::fs::read_to_string(b.path("in/a.jsonl")).unwrap();
            b.write("in/a.jsonl", page.chars().map(|c| c as u8).collect::<Vec<_>>());
        },
        line: "import study in/a.jsonl",
        says: &[
            "manicule: in/a.jsonl: this is not Manicule JSONL: line 1, column 655: it is not UTF-8. Nothing was read; save it as UTF-8",
            "exit 1",
        ],
    },
    Case {
        name: "an empty exchange file",
        make: |b| b.write("in/a.jsonl", ""),
        line: "import study in/a.jsonl --format jsonl",
        says: &[
            "manicule: in/a.jsonl: this is not Manicule JSONL: the first line is empty. Nothing was read; choose the file that was exported",
            "exit 1",
        ],
    },
    Case {
        name: "a document twice",
        make: |b| {
            exchange(b, "x", "x");
            let page = std::fs::read_to_string(b.path("in/a.jsonl")).unwrap();
            b.write("in/a.jsonl", format!("{page}{}\n", page.lines().nth(1).unwrap()));
        },
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 3: warning: the document taxes-hx6q9d2hx310 stands in line 2 already. This one was read too and got a new id",
            "1 documents imported",
            "exit 1",
        ],
    },
];
