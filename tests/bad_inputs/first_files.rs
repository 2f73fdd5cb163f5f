//! `project.ron` and `schema.ron` broken as a whole: without them nothing can be opened.

use crate::bench::{Case, cut, latin1, utf16};

/// The table.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "an empty project file",
        make: |b| b.put("project.ron", ""),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it is empty (0 bytes). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file of zeros",
        make: |b| b.put("project.ron", [0; 300]),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it holds nothing but zeros (300 bytes). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file cut in the middle",
        make: |b| cut("project.ron", b),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: line 4, column 10: `,` is missing here. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file in UTF-16",
        make: |b| utf16("project.ron", b),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it is UTF-16, not UTF-8 (byte 0); it was changed outside or damaged. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file in Latin-1",
        make: |b| latin1("project.ron", b),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it is not UTF-8 (byte 12); it was changed outside or damaged. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file with a byte order mark",
        make: |b| b.put("project.ron", format!("\u{feff}{}", b.read("project.ron"))),
        line: "check study",
        says: &["project.ron: note: it begins with a byte order mark, which was ignored", "1 documents checked; 0 findings", "exit 0"],
    },
    Case {
        name: "a project file of a million brackets",
        make: |b| b.put("project.ron", "[".repeat(1_000_000)),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: line 1, column 1: `(` is missing here. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file with deep brackets in a new field",
        make: |b| b.change("project.ron", "format: 1,", &format!("format: 1,\n  x: {},", "[".repeat(100_000))),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: line 3, column 3: the field `x` is unknown to this version (known: format, id, name, settings, residue, coders). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file with an unknown field",
        make: |b| b.change("project.ron", "format: 1,", "format: 1,\n  mystery: 1,"),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: line 3, column 3: the field `mystery` is unknown to this version (known: format, id, name, settings, residue, coders). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file with a field twice",
        make: |b| b.change("project.ron", "format: 1,", "format: 1,\n  format: 1,"),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: line 3, column 3: the field `format` is there twice. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file with a field name of a million letters",
        make: |b| b.change("project.ron", "format: 1,", &format!("format: 1,\n  {}: 1,", "x".repeat(1_000_000))),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: line 3, column 3: the field `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is unknown to this version (known: format, id, name, settings, residue, coders). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file of format 0",
        make: |b| b.change("project.ron", "format: 1", "format: 0"),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it has no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file of format -1",
        make: |b| b.change("project.ron", "format: 1", "format: -1"),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: `-1` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file of format 4294967296",
        make: |b| b.change("project.ron", "format: 1", "format: 4294967296"),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: `4294967296` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file of format 1.0",
        make: |b| b.change("project.ron", "format: 1", "format: 1.0"),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: `1.0` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file of format 2",
        make: |b| b.change("project.ron", "format: 1", "format: 2"),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it was written by a newer Manicule (format 2; this version knows up to 1). It was not touched; install the newer version to open it",
            "exit 1",
        ],
    },
    Case {
        name: "a project file without a format",
        make: |b| b.change("project.ron", "format: 1,", ""),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it has no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project file with trailing text",
        make: |b| b.put("project.ron", b.read("project.ron") + "more"),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: line 8, column 2: more follows behind the end. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "an empty codebook",
        make: |b| b.put("schema.ron", ""),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it is empty (0 bytes). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook of zeros",
        make: |b| b.put("schema.ron", [0; 300]),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it holds nothing but zeros (300 bytes). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook cut in the middle",
        make: |b| cut("schema.ron", b),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: line 9, column 30: a quotation mark is opened here and never closed. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook in UTF-16",
        make: |b| utf16("schema.ron", b),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it is UTF-16, not UTF-8 (byte 0); it was changed outside or damaged. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook in Latin-1",
        make: |b| latin1("schema.ron", b),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it is not UTF-8 (byte 14); it was changed outside or damaged. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook with a byte order mark",
        make: |b| b.put("schema.ron", format!("\u{feff}{}", b.read("schema.ron"))),
        line: "check study",
        says: &["schema.ron: note: it begins with a byte order mark, which was ignored", "1 documents checked; 0 findings", "exit 0"],
    },
    Case {
        name: "a codebook of a million brackets",
        make: |b| b.put("schema.ron", "[".repeat(1_000_000)),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: line 1, column 1: `(` is missing here. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook with deep brackets in a new field",
        make: |b| b.change("schema.ron", "format: 1,", &format!("format: 1,\n  x: {},", "[".repeat(100_000))),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: line 3, column 3: the field `x` is unknown to this version (known: format, name, description, residue, labels, attributes, roles, relation_types). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook with an unknown field",
        make: |b| b.change("schema.ron", "format: 1,", "format: 1,\n  mystery: 1,"),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: line 3, column 3: the field `mystery` is unknown to this version (known: format, name, description, residue, labels, attributes, roles, relation_types). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook with a field twice",
        make: |b| b.change("schema.ron", "format: 1,", "format: 1,\n  format: 1,"),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: line 3, column 3: the field `format` is there twice. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook with a field name of a million letters",
        make: |b| b.change("schema.ron", "format: 1,", &format!("format: 1,\n  {}: 1,", "x".repeat(1_000_000))),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: line 3, column 3: the field `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is unknown to this version (known: format, name, description, residue, labels, attributes, roles, relation_types). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook of format 0",
        make: |b| b.change("schema.ron", "format: 1", "format: 0"),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it has no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook of format -1",
        make: |b| b.change("schema.ron", "format: 1", "format: -1"),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: `-1` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook of format 4294967296",
        make: |b| b.change("schema.ron", "format: 1", "format: 4294967296"),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: `4294967296` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook of format 1.0",
        make: |b| b.change("schema.ron", "format: 1", "format: 1.0"),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: `1.0` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook of format 2",
        make: |b| b.change("schema.ron", "format: 1", "format: 2"),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it was written by a newer Manicule (format 2; this version knows up to 1). It was not touched; install the newer version to open it",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook without a format",
        make: |b| b.change("schema.ron", "format: 1,", ""),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it has no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook with trailing text",
        make: |b| b.put("schema.ron", b.read("schema.ron") + "more"),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: line 17, column 2: more follows behind the end. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook that is gone",
        make: |b| b.instead("schema.ron", |_| ()),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it is missing. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "no project file",
        make: |b| b.instead("project.ron", |_| ()),
        line: "check study",
        says: &[
            "manicule: could not open the project: ROOT/study is not a Manicule project: it has no project.ron. Choose the folder that has one",
            "exit 1",
        ],
    },
    Case {
        name: "a coder twice",
        make: |b| b.change("project.ron", "coders: [", "coders: [\n    (key: \"ann\", name: \"Other\"),"),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: the coder `ann` is there twice; remove one of the two lines. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a label twice",
        make: |b| b.change("schema.ron", "labels: [", "labels: [\n        (key: \"PER\", name: \"Other\", kind: entity, color: \"#000000\"),"),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: the codebook names the label `PER` twice; give one of them another key or take it out. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "an unknown kind of label",
        make: |b| b.change("schema.ron", "kind: claim", "kind: stance"),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: line 6, column 45: `stance` is unknown to this version (known: entity, claim, span). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a label with a direction character in its key",
        make: |b| b.change("schema.ron", "\"PER\"", "\"P\u{202e}ER\""),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: line 5, column 16: `P\\u{202e}ER` is not a key (1 to 100 characters without blanks, brackets, quotes or control characters). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a label key of a million letters",
        make: |b| b.change("schema.ron", "\"PER\"", &format!("\"{}\"", "x".repeat(1_000_000))),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: line 5, column 16: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is not a key (1 to 100 characters without blanks, brackets, quotes or control characters). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "labels above each other in a circle",
        make: |b| b.change("schema.ron", "kind: entity", "kind: entity, parent: \"PER\""),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: the label `PER` is above itself: PER < PER; take out one `parent`. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a project id that is none",
        make: |b| b.change("project.ron", "bz2shsr7wwmh", "../../etc"),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: line 3, column 8: `../../etc` is not an id of 12 letters and digits. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a coder key that is a path",
        make: |b| b.change("project.ron", "key: \"ann\"", "key: \"../x\""),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: line 6, column 12: `../x` is not a coder's key (small letters, digits, `-`; at most 60). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a file that is no document",
        make: |b| b.put("documents/10/notes.ron", "x"),
        line: "check study",
        says: &[
            "documents/10/notes.ron: warning: its name and folder are not a document's; it was left alone",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
];
