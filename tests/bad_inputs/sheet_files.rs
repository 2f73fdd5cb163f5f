//! Sheets and texts broken as a whole: the rest of the project is opened.

use crate::bench::{ARTICLE, Case, DOCUMENT, SHEET, TEXT, cut, latin1, utf16};

/// The table.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "an empty sheet",
        make: |b| b.put(SHEET, ""),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it is empty (0 bytes). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet of zeros",
        make: |b| b.put(SHEET, [0; 300]),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it holds nothing but zeros (300 bytes). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet cut in the middle",
        make: |b| cut(SHEET, b),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: line 8: error: a quotation mark is opened here and never closed. The row was put aside, not deleted; mend it in the file: spans (id: \"pas20ema9zch\", label: \"PER\", at: [(28, 31, \"",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet in UTF-16",
        make: |b| utf16(SHEET, b),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it is UTF-16, not UTF-8 (byte 0); it was changed outside or damaged. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet in Latin-1",
        make: |b| latin1(SHEET, b),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it is not UTF-8 (byte 12); it was changed outside or damaged. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet with a byte order mark",
        make: |b| b.put(SHEET, format!("\u{feff}{}", b.read(SHEET))),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: note: it begins with a byte order mark, which was ignored",
            "1 documents checked; 0 findings",
            "exit 0",
        ],
    },
    Case {
        name: "a sheet of a million brackets",
        make: |b| b.put(SHEET, "[".repeat(1_000_000)),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: line 1, column 1: `(` is missing here. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet with deep brackets in a new field",
        make: |b| b.change(SHEET, "format: 1,", &format!("format: 1,\n  x: {},", "[".repeat(100_000))),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: line 3: error: the field `x` is unknown to this version (known: format, document, coder, text, status, attributes, note, ignored, rejected, residue, spans, claims, relations, put_aside). The row was put aside, not deleted; mend it in the file: head x: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet with an unknown field",
        make: |b| b.change(SHEET, "format: 1,", "format: 1,\n  mystery: 1,"),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: line 3: error: the field `mystery` is unknown to this version (known: format, document, coder, text, status, attributes, note, ignored, rejected, residue, spans, claims, relations, put_aside). The row was put aside, not deleted; mend it in the file: head mystery: 1",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet with a field twice",
        make: |b| b.change(SHEET, "format: 1,", "format: 1,\n  format: 1,"),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: the field `format` is there twice. The row was put aside, not deleted; mend it in the file: head (format: 1,format: 1,document: \"taxes-hx6q9d2hx310\",coder: \"ann\",text: \"f2cc9214c69dfe2fe0a928fa563ad5ad\")",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet with a field name of a million letters",
        make: |b| b.change(SHEET, "format: 1,", &format!("format: 1,\n  {}: 1,", "x".repeat(1_000_000))),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: line 3: error: the field `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is unknown to this version (known: format, document, coder, text, status, attributes, note, ignored, rejected, residue, spans, claims, relations, put_aside). The row was put aside, not deleted; mend it in the file: head xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet of format 0",
        make: |b| b.change(SHEET, "format: 1", "format: 0"),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it has no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet of format -1",
        make: |b| b.change(SHEET, "format: 1", "format: -1"),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `-1` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet of format 4294967296",
        make: |b| b.change(SHEET, "format: 1", "format: 4294967296"),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `4294967296` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet of format 1.0",
        make: |b| b.change(SHEET, "format: 1", "format: 1.0"),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `1.0` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet of format 2",
        make: |b| b.change(SHEET, "format: 1", "format: 2"),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it was written by a newer Manicule (format 2; this version knows up to 1). It was not touched; install the newer version to open it",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet without a format",
        make: |b| b.change(SHEET, "format: 1,", ""),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it has no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet with trailing text",
        make: |b| b.put(SHEET, b.read(SHEET) + "more"),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: line 17: error: the field `more` is unknown to this version (known: format, document, coder, text, status, attributes, note, ignored, rejected, residue, spans, claims, relations, put_aside). The row was put aside, not deleted; mend it in the file: head more",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "an empty text",
        make: |b| b.put(ARTICLE, ""),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `Zoë Smith` is not at 0..10 (the text has 0 bytes) and nowhere else. The row was put aside, not deleted; mend it in the file: spans (id: \"frf1b1kj2rbk\", label: \"PER\", at: [(0, 10, \"Zoë Smith\")], entity: \"vm0000000001\")",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `Bob` is not at 28..31 (the text has 0 bytes) and nowhere else. The row was put aside, not deleted; mend it in the file: spans (id: \"pas20ema9zch\", label: \"PER\", at: [(28, 31, \"Bob\")])",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `taxes\\nfell;` is not at 16..27 (the text has 0 bytes) and nowhere else. The row was put aside, not deleted; mend it in the file: claims (id: \"vmdc13wwqf9c\", label: \"CLAIM\", at: [(16, 27, \"taxes\\nfell;\")], roles: {\"claimer\": [Span(\"frf1b1kj2rbk\")]})",
            "taxes-hx6q9d2hx310: error: the text of “Taxes” was changed outside Manicule since it was imported. Every place was compared with its quote; put the text back, or look at what was put aside",
            "taxes-hx6q9d2hx310: error: the relation knows 0000000000r1 starts at the span frf1b1kj2rbk, which does not exist",
            "taxes-hx6q9d2hx310: error: the relation knows 0000000000r1 ends at the span pas20ema9zch, which does not exist",
            "documents/10/taxes-hx6q9d2hx310.ron: warning: the region 0..10 says `Zoë Smith`, but the text says something else there",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: it was made on another version of the text; every place was compared with its quote",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 8 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a text of zeros",
        make: |b| b.put(ARTICLE, [0; 300]),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `Zoë Smith` is not at 0..10 (the text has 300 bytes) and nowhere else. The row was put aside, not deleted; mend it in the file: spans (id: \"frf1b1kj2rbk\", label: \"PER\", at: [(0, 10, \"Zoë Smith\")], entity: \"vm0000000001\")",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `Bob` is not at 28..31 (the text has 300 bytes) and nowhere else. The row was put aside, not deleted; mend it in the file: spans (id: \"pas20ema9zch\", label: \"PER\", at: [(28, 31, \"Bob\")])",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `taxes\\nfell;` is not at 16..27 (the text has 300 bytes) and nowhere else. The row was put aside, not deleted; mend it in the file: claims (id: \"vmdc13wwqf9c\", label: \"CLAIM\", at: [(16, 27, \"taxes\\nfell;\")], roles: {\"claimer\": [Span(\"frf1b1kj2rbk\")]})",
            "taxes-hx6q9d2hx310: error: the text of “Taxes” was changed outside Manicule since it was imported. Every place was compared with its quote; put the text back, or look at what was put aside",
            "taxes-hx6q9d2hx310: error: the relation knows 0000000000r1 starts at the span frf1b1kj2rbk, which does not exist",
            "taxes-hx6q9d2hx310: error: the relation knows 0000000000r1 ends at the span pas20ema9zch, which does not exist",
            "documents/10/taxes-hx6q9d2hx310.ron: warning: the region 0..10 says `Zoë Smith`, but the text says something else there",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: it was made on another version of the text; every place was compared with its quote",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 8 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a text cut in the middle",
        make: |b| cut(ARTICLE, b),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `Bob` is not at 28..31 (the text has 21 bytes) and nowhere else. The row was put aside, not deleted; mend it in the file: spans (id: \"pas20ema9zch\", label: \"PER\", at: [(28, 31, \"Bob\")])",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: `taxes\\nfell;` is not at 16..27 (the text has 21 bytes) and nowhere else. The row was put aside, not deleted; mend it in the file: claims (id: \"vmdc13wwqf9c\", label: \"CLAIM\", at: [(16, 27, \"taxes\\nfell;\")], roles: {\"claimer\": [Span(\"frf1b1kj2rbk\")]})",
            "taxes-hx6q9d2hx310: error: the text of “Taxes” was changed outside Manicule since it was imported. Every place was compared with its quote; put the text back, or look at what was put aside",
            "taxes-hx6q9d2hx310: error: the relation knows 0000000000r1 ends at the span pas20ema9zch, which does not exist",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: it was made on another version of the text; every place was compared with its quote",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 5 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a text in UTF-16",
        make: |b| utf16(ARTICLE, b),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: error: it is UTF-16, not UTF-8 (byte 0); it was changed outside or damaged. The file was not touched; put the text back as it was, from a copy or an earlier state",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a text in Latin-1",
        make: |b| latin1(ARTICLE, b),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: error: it is not UTF-8 (byte 2); it was changed outside or damaged. The file was not touched; put the text back as it was, from a copy or an earlier state",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a text with a byte order mark",
        make: |b| b.put(ARTICLE, format!("\u{feff}{}", b.read(ARTICLE))),
        line: "check study",
        says: &[
            "taxes-hx6q9d2hx310: error: the text of “Taxes” was changed outside Manicule since it was imported. Every place was compared with its quote; put the text back, or look at what was put aside",
            "documents/10/taxes-hx6q9d2hx310.ron: warning: the region 0..10 says `Zoë Smith`, but the text says something else there",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: it was made on another version of the text; every place was compared with its quote",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: frf1b1kj2rbk: `Zoë Smith` is not at 0..10 but at 3..13, its only place; it was moved there",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: pas20ema9zch: `Bob` is not at 28..31 but at 31..34, its only place; it was moved there",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: vmdc13wwqf9c: `taxes\\nfell;` is not at 16..27 but at 19..30, its only place; it was moved there",
            "1 documents checked; 6 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet of another document",
        make: |b| b.change(SHEET, "taxes-hx6q9d2hx310", "other-hx6q9d2hx311"),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: it says that it is about other-hx6q9d2hx311; it is read as taxes-hx6q9d2hx310",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet of another coder",
        make: |b| b.change(SHEET, "coder: \"ann\"", "coder: \"bob\""),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: it says that it is by bob; it is read as ann",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a text that was changed",
        make: |b| b.put(ARTICLE, format!("Yesterday {TEXT}")),
        line: "check study",
        says: &[
            "taxes-hx6q9d2hx310: error: the text of “Taxes” was changed outside Manicule since it was imported. Every place was compared with its quote; put the text back, or look at what was put aside",
            "documents/10/taxes-hx6q9d2hx310.ron: warning: the region 0..10 says `Zoë Smith`, but the text says something else there",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: it was made on another version of the text; every place was compared with its quote",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: frf1b1kj2rbk: `Zoë Smith` is not at 0..10 but at 10..20, its only place; it was moved there",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: pas20ema9zch: `Bob` is not at 28..31 but at 38..41, its only place; it was moved there",
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: vmdc13wwqf9c: `taxes\\nfell;` is not at 16..27 but at 26..37, its only place; it was moved there",
            "1 documents checked; 6 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a text hash that is none",
        make: |b| b.change(DOCUMENT, "encoding", "text: \"zz\", encoding"),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: line 6, column 3: the field `text` is there twice. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
];
