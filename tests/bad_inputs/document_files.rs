//! Files of documents and of entities broken as a whole: the rest of the project is opened.

use crate::bench::{Case, DOCUMENT, ENTITIES, cut, latin1, utf16};

/// The table.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "an empty document's file",
        make: |b| b.put(DOCUMENT, ""),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it is empty (0 bytes). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file of zeros",
        make: |b| b.put(DOCUMENT, [0; 300]),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it holds nothing but zeros (300 bytes). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file cut in the middle",
        make: |b| cut(DOCUMENT, b),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: line 5, column 9: a quotation mark is opened here and never closed. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file in UTF-16",
        make: |b| utf16(DOCUMENT, b),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it is UTF-16, not UTF-8 (byte 0); it was changed outside or damaged. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file in Latin-1",
        make: |b| latin1(DOCUMENT, b),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it is not UTF-8 (byte 12); it was changed outside or damaged. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file with a byte order mark",
        make: |b| b.put(DOCUMENT, format!("\u{feff}{}", b.read(DOCUMENT))),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: note: it begins with a byte order mark, which was ignored",
            "1 documents checked; 0 findings",
            "exit 0",
        ],
    },
    Case {
        name: "a document's file of a million brackets",
        make: |b| b.put(DOCUMENT, "[".repeat(1_000_000)),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: line 1, column 1: `(` is missing here. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file with deep brackets in a new field",
        make: |b| b.change(DOCUMENT, "format: 1,", &format!("format: 1,\n  x: {},", "[".repeat(100_000))),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: line 3, column 3: the field `x` is unknown to this version (known: format, document, title, source, author, date, url, language, file_name, text, encoding, bom, residue, regions, corrections). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file with an unknown field",
        make: |b| b.change(DOCUMENT, "format: 1,", "format: 1,\n  mystery: 1,"),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: line 3, column 3: the field `mystery` is unknown to this version (known: format, document, title, source, author, date, url, language, file_name, text, encoding, bom, residue, regions, corrections). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file with a field twice",
        make: |b| b.change(DOCUMENT, "format: 1,", "format: 1,\n  format: 1,"),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: line 3, column 3: the field `format` is there twice. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file with a field name of a million letters",
        make: |b| b.change(DOCUMENT, "format: 1,", &format!("format: 1,\n  {}: 1,", "x".repeat(1_000_000))),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: line 3, column 3: the field `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is unknown to this version (known: format, document, title, source, author, date, url, language, file_name, text, encoding, bom, residue, regions, corrections). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file of format 0",
        make: |b| b.change(DOCUMENT, "format: 1", "format: 0"),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it has no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file of format -1",
        make: |b| b.change(DOCUMENT, "format: 1", "format: -1"),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: `-1` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file of format 4294967296",
        make: |b| b.change(DOCUMENT, "format: 1", "format: 4294967296"),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: `4294967296` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file of format 1.0",
        make: |b| b.change(DOCUMENT, "format: 1", "format: 1.0"),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: `1.0` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file of format 2",
        make: |b| b.change(DOCUMENT, "format: 1", "format: 2"),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it was written by a newer Manicule (format 2; this version knows up to 1). It was not touched; install the newer version to open it",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file without a format",
        make: |b| b.change(DOCUMENT, "format: 1,", ""),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it has no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file with trailing text",
        make: |b| b.put(DOCUMENT, b.read(DOCUMENT) + "more"),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: line 10, column 2: more follows behind the end. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file that is gone",
        make: |b| b.instead(DOCUMENT, |_| ()),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: warning: its file taxes-hx6q9d2hx310.ron is missing, so the article is not shown. Nothing was changed; put that file back, or take the text away",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "an empty file of entities",
        make: |b| b.put(ENTITIES, ""),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it is empty (0 bytes). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities of zeros",
        make: |b| b.put(ENTITIES, [0; 300]),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it holds nothing but zeros (300 bytes). The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities cut in the middle",
        make: |b| cut(ENTITIES, b),
        line: "check study",
        says: &[
            "entities/vm.ron: line 4: error: a quotation mark is opened here and never closed. The row was put aside, not deleted; mend it in the file: (id: \"vm0000000",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities in UTF-16",
        make: |b| utf16(ENTITIES, b),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it is UTF-16, not UTF-8 (byte 0); it was changed outside or damaged. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities in Latin-1",
        make: |b| latin1(ENTITIES, b),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it is not UTF-8 (byte 12); it was changed outside or damaged. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities with a byte order mark",
        make: |b| b.put(ENTITIES, format!("\u{feff}{}", b.read(ENTITIES))),
        line: "check study",
        says: &["entities/vm.ron: note: it begins with a byte order mark, which was ignored", "1 documents checked; 0 findings", "exit 0"],
    },
    Case {
        name: "a file of entities of a million brackets",
        make: |b| b.put(ENTITIES, "[".repeat(1_000_000)),
        line: "check study",
        says: &[
            "entities/vm.ron: error: line 1, column 1: `(` is missing here. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities with deep brackets in a new field",
        make: |b| b.change(ENTITIES, "format: 1,", &format!("format: 1,\n  x: {},", "[".repeat(100_000))),
        line: "check study",
        says: &[
            "entities/vm.ron: line 3: error: the field `x` is unknown to this version (known: format, entities, put_aside). The row was put aside, not deleted; mend it in the file: x: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities with an unknown field",
        make: |b| b.change(ENTITIES, "format: 1,", "format: 1,\n  mystery: 1,"),
        line: "check study",
        says: &[
            "entities/vm.ron: line 3: error: the field `mystery` is unknown to this version (known: format, entities, put_aside). The row was put aside, not deleted; mend it in the file: mystery: 1",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities with a field twice",
        make: |b| b.change(ENTITIES, "format: 1,", "format: 1,\n  format: 1,"),
        line: "check study",
        says: &["1 documents checked; 0 findings", "exit 0"],
    },
    Case {
        name: "a file of entities with a field name of a million letters",
        make: |b| b.change(ENTITIES, "format: 1,", &format!("format: 1,\n  {}: 1,", "x".repeat(1_000_000))),
        line: "check study",
        says: &[
            "entities/vm.ron: line 3: error: the field `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is unknown to this version (known: format, entities, put_aside). The row was put aside, not deleted; mend it in the file: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities of format 0",
        make: |b| b.change(ENTITIES, "format: 1", "format: 0"),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it has no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities of format -1",
        make: |b| b.change(ENTITIES, "format: 1", "format: -1"),
        line: "check study",
        says: &[
            "entities/vm.ron: error: `-1` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities of format 4294967296",
        make: |b| b.change(ENTITIES, "format: 1", "format: 4294967296"),
        line: "check study",
        says: &[
            "entities/vm.ron: error: `4294967296` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities of format 1.0",
        make: |b| b.change(ENTITIES, "format: 1", "format: 1.0"),
        line: "check study",
        says: &[
            "entities/vm.ron: error: `1.0` is no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities of format 2",
        make: |b| b.change(ENTITIES, "format: 1", "format: 2"),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it was written by a newer Manicule (format 2; this version knows up to 1). It was not touched; install the newer version to open it",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities without a format",
        make: |b| b.change(ENTITIES, "format: 1,", ""),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it has no valid format number, so it is no file of a Manicule project. The file was not touched; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities with trailing text",
        make: |b| b.put(ENTITIES, b.read(ENTITIES) + "more"),
        line: "check study",
        says: &[
            "entities/vm.ron: line 7: error: the field `more` is unknown to this version (known: format, entities, put_aside). The row was put aside, not deleted; mend it in the file: more",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities that is gone",
        make: |b| b.instead(ENTITIES, |_| ()),
        line: "check study",
        says: &[
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
];
