//! brat's standoff files.

use crate::bench::{Case, TEXT};

/// The table.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "annotations without their text",
        make: |b| b.write("in/d.ann", "T1\tPER 0 3\tZoë\n"),
        line: "import study in/d.ann",
        says: &["in/d.ann: error: there is no text `d.txt` beside it. It was left out; import the two together", "0 documents imported", "exit 1"],
    },
    Case {
        name: "offsets behind the text",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tPER 0 3\tZoë\nT2\tPER 100 105\tLater\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 2: warning: these offsets are empty or lie outside the text; the line was kept aside",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an id twice",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tPER 0 3\tZoë\nT1\tPER 4 9\tSmith\n");
        },
        line: "import study in/d.ann",
        says: &["in/d.ann: line 2: warning: this id stands in an earlier line already; the line was kept aside", "1 documents imported", "exit 1"],
    },
    Case {
        name: "a span in two pieces",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tPER 0 3;27 30\tZoë Bob\n");
        },
        line: "import study in/d.ann",
        says: &["1 documents imported", "exit 0"],
    },
    Case {
        name: "a span of no width",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tPER 5 5\t\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 1: warning: these offsets are empty or lie outside the text; the line was kept aside",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a start behind its end",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tPER 5 3\tnowhere\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 1: warning: these offsets are empty or lie outside the text; the line was kept aside",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a negative offset",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tPER -5 3\tx\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 1: warning: this line makes no sense: the offsets are not numbers in pairs; the line was kept aside",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an offset that is too large for any machine",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tPER 0 99999999999999999999\tx\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 1: warning: this line makes no sense: the offsets are not numbers in pairs; the line was kept aside",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a text that differs",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tPER 0 3\tBob Bob\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 1: warning: the text at these offsets is “Zoë”, but the line says “Bob Bob”. The offsets were taken; look at it",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a text that stands elsewhere",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tPER 1 4\tBob\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 1: warning: “Bob” is not at these offsets. Its only place in the text was taken; look at it",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a line of nonsense",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "nonsense\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 1: warning: this line makes no sense: there is no tab after the id; the line was kept aside",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a relation to a missing line",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "R1\tknows Arg1:T1 Arg2:T2\n");
        },
        line: "import study in/d.ann",
        says: &["in/d.ann: line 1: warning: one of the arguments does not exist; the line was kept aside", "1 documents imported", "exit 1"],
    },
    Case {
        name: "a claim without its trigger",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "E1\tCLAIM:T9\n");
        },
        line: "import study in/d.ann",
        says: &["in/d.ann: line 1: warning: there is no T9; the claim has no content", "1 documents imported", "exit 1"],
    },
    Case {
        name: "an attribute of a missing line",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "A1\tscore T1 3\n");
        },
        line: "import study in/d.ann",
        says: &["in/d.ann: line 1: warning: there is no T1; the line was kept aside", "1 documents imported", "exit 1"],
    },
    Case {
        name: "annotations of an empty text",
        make: |b| {
            b.write("in/d.txt", "");
            b.write("in/d.ann", "T1\tPER 0 3\tZoë\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 1: warning: these offsets are empty or lie outside the text; the line was kept aside",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "annotations in Latin-1",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", b"T1\tPER 0 3\tZo\xEB and more so that it is seen\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: error: byte 13 is not UTF-8; it looks like windows-1252. It was not imported; choose its encoding and import it again. In windows-1252 it begins “T1\\tPER 0 3\\tZoë and more so that it is seen”",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a text in Latin-1",
        make: |b| {
            b.write("in/d.txt", b"Zo\xEB sagte, da\xDF es so ist");
            b.write("in/d.ann", "T1\tPER 0 3\tZoë\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.txt: error: byte 2 is not UTF-8; it looks like windows-1252. It was not imported; choose its encoding and import it again. In windows-1252 it begins “Zoë sagte, daß es so ist”",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a type with a direction character",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tP\u{202e}ER 0 3\tZoë\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 1: note: the label `P\\u{202e}ER` holds what a key may not. It was read as P_ER",
            "note: the label P_ER is not in the codebook; it is added as a label for entities",
            "1 documents imported",
            "exit 0",
        ],
    },
    Case {
        name: "a type with an escape",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tP\x1b[2JER 0 3\tZoë\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: line 1: note: the label `P\\u{1b}[2JER` holds what a key may not. It was read as P__2JER",
            "note: the label P__2JER is not in the codebook; it is added as a label for entities",
            "1 documents imported",
            "exit 0",
        ],
    },
    Case {
        name: "a note with an escape of a missing line",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "#1\tAnnotatorNotes T9\t\x1b[2J\n");
        },
        line: "import study in/d.ann",
        says: &["in/d.ann: line 1: warning: there is no T9; the line was kept aside", "1 documents imported", "exit 1"],
    },
    Case {
        name: "offsets that count UTF-16",
        make: |b| {
            b.write("in/d.txt", "🎉 Smith said Bob");
            b.write("in/d.ann", "T1\tPER 3 8\tSmith\nT2\tPER 14 17\tBob\n");
        },
        line: "import study in/d.ann",
        says: &[
            "in/d.ann: note: the offsets count utf16: 2 of 2 annotations have their text then, 0 as code-points",
            "1 documents imported",
            "exit 0",
        ],
    },
    Case {
        name: "Windows line ends and no last one",
        make: |b| {
            b.write("in/d.txt", TEXT);
            b.write("in/d.ann", "T1\tPER 0 3\tZoë\r\nT2\tPER 4 9\tSmith");
        },
        line: "import study in/d.ann",
        says: &["1 documents imported", "exit 0"],
    },
];
