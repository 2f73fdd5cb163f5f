//! Names that hide something, lie about their kind, or are long.

use std::os::unix::ffi::OsStrExt;

use crate::bench::{Bench, Case};

fn odd_bytes(bench: &Bench, name: &[u8]) {
    let path = bench.path("").join(std::ffi::OsStr::from_bytes(name));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, "").unwrap();
}

/// The table.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a project in whose name something is hidden",
        make: |_| (),
        line: "new other --name a\u{202e}b",
        says: &[
            "manicule: could not make the project: the project's name “a\\u{202e}b” contains an invisible direction character (U+202E). Nothing was changed; choose another name",
            "exit 1",
        ],
    },
    Case {
        name: "a coder with an escape",
        make: |_| (),
        line: "new other --coder A\u{1b}[2Jn",
        says: &[
            "manicule: could not make the project: the coder's name “A\\u{1b}[2Jn” contains a control character (U+001B). Nothing was changed; choose another name",
            "exit 1",
        ],
    },
    Case {
        name: "a coder with a line end",
        make: |_| (),
        line: "new other --coder A\nB",
        says: &[
            "manicule: could not make the project: the coder's name “A\\nB” contains a control character (U+000A). Nothing was changed; choose another name",
            "exit 1",
        ],
    },
    Case {
        name: "a folder with a line end for a project",
        make: |_| (),
        line: "new ot\nher",
        says: &[
            "manicule: could not make the project: the project's name “ot\\nher” contains a control character (U+000A). Nothing was changed; choose another name",
            "exit 1",
        ],
    },
    Case {
        name: "a project whose name is very long",
        make: |_| (),
        line: "new other --name xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        says: &[
            "manicule: could not make the project: the project's name “xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx” has 201 characters; at most 200 are allowed. Nothing was changed; choose another name",
            "exit 1",
        ],
    },
    Case {
        name: "an import by a coder with a direction character",
        make: |b| b.write("in/a.txt", "x"),
        line: "import study in/a.txt --coder B\u{202e}ob",
        says: &[
            "manicule: could not open the project: the coder's name “B\\u{202e}ob” contains an invisible direction character (U+202E). Nothing was changed; choose another name",
            "exit 1",
        ],
    },
    Case {
        name: "an unknown argument with an escape",
        make: |_| (),
        line: "check study --\u{1b}[2J",
        says: &[
            "error: unexpected argument '--\\u{1b}[2J' found",
            "",
            "  tip: to pass '--' as a value, use '-- --'",
            "",
            "Usage: manicule check <DIR>",
            "",
            "For more information, try '--help'.",
            "exit 2",
        ],
    },
    Case {
        name: "an unknown action with a line end",
        make: |_| (),
        line: "dictionary ad\nd",
        says: &[
            "error: unrecognized subcommand 'ad\\nd'",
            "",
            "  tip: a similar subcommand exists: 'add'",
            "",
            "Usage: manicule dictionary [OPTIONS] <COMMAND>",
            "",
            "For more information, try '--help'.",
            "exit 2",
        ],
    },
    Case {
        name: "a template with an escape",
        make: |_| (),
        line: "new other --template=\u{1b}[2J\nx",
        says: &[
            "error: invalid value '\\u{1b}[2J\\nx' for '--template <NAME>'",
            "  [possible values: news, dna, attribution, persuasion, framing, argument, checkworthiness, story, conll2003]",
            "",
            "For more information, try '--help'.",
            "exit 2",
        ],
    },
    Case {
        name: "a file with a line end and an escape",
        make: |b| b.write("in/a\n\u{1b}[2J.txt", b"\xFFx"),
        line: "import study in",
        says: &[
            "in/a\\n\\u{1b}[2J.txt: error: byte 0 is not UTF-8; it looks like windows-1252. It was not imported; choose its encoding and import it again. In windows-1252 it begins “ÿx”",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a file with a direction character",
        make: |b| b.write("in/a\u{202e}txt.exe", "x"),
        line: "import study in",
        says: &[
            "in/a\\u{202e}txt.exe: note: this file of the folder has none of the known extensions; it was skipped",
            "0 documents imported",
            "exit 0",
        ],
    },
    Case {
        name: "a file that is called like an option",
        make: |b| b.write("-rf.txt", ""),
        line: "import study -- -rf.txt",
        says: &["-rf.txt: warning: this file is empty. It was imported as an article without text", "1 documents imported", "exit 1"],
    },
    Case {
        name: "a file that is called like a device",
        make: |b| b.write("in/CON.txt", ""),
        line: "import study in/CON.txt",
        says: &["in/CON.txt: warning: this file is empty. It was imported as an article without text", "1 documents imported", "exit 1"],
    },
    Case {
        name: "a file with a trailing dot",
        make: |b| b.write("in/a.txt.", ""),
        line: "import study in/a.txt.",
        says: &["in/a.txt.: warning: this file is empty. It was imported as an article without text", "1 documents imported", "exit 1"],
    },
    Case {
        name: "a file with a backslash",
        make: |b| {
            b.write("in/a/b.txt", "");
            b.write("in/a\\b.txt", "");
        },
        line: "import study in",
        says: &[
            "in/a/b.txt: warning: this file is empty. It was imported as an article without text",
            "in/a\\b.txt: warning: this file is empty. It was imported as an article without text",
            "2 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "files that are no UTF-8",
        make: |b| {
            odd_bytes(b, b"in/a\xFF.txt");
            odd_bytes(b, b"in/a\xFE.txt");
        },
        line: "import study in",
        says: &[
            "in/a\\xfe.txt: warning: this file is empty. It was imported as an article without text",
            "in/a\\xff.txt: warning: this file is empty. It was imported as an article without text",
            "2 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "files that differ in letter case",
        make: |b| {
            b.write("in/A.txt", "");
            b.write("in/a.txt", "");
        },
        line: "import study in",
        says: &[
            "in/A.txt: warning: this file is empty. It was imported as an article without text",
            "in/a.txt: warning: this file is empty. It was imported as an article without text",
            "2 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a name of three hundred letters",
        make: |_| (),
        line: "check xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        says: &[
            "manicule: could not open the project: could not open xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: the name is too long or not allowed here",
            "exit 1",
        ],
    },
    Case {
        name: "a document with an escape in its id",
        make: |_| (),
        line: "export study --to jsonl --out out/a.jsonl --document \u{1b}[2J",
        says: &[
            "error: invalid value '\\u{1b}[2J' for '--document <ID>': `\\u{1b}[2J` is not a document id (small letters, digits, `-`, ending in 12 letters or digits)",
            "",
            "For more information, try '--help'.",
            "exit 2",
        ],
    },
    Case {
        name: "a coder with an escape who is not there",
        make: |_| (),
        line: "export study --to jsonl --out out/a.jsonl --coder \u{1b}[2Jbob",
        says: &["manicule: there is no coder 2jbob in this project", "exit 1"],
    },
    Case {
        name: "a state with an escape that is not there",
        make: |b| b.know(),
        line: "restore study ann/\u{1b}[2J --into out",
        says: &["manicule: there is no state ann/\\u{1b}[2J; see the list of states", "exit 1"],
    },
    Case {
        name: "a dictionary with an escape that is not there",
        make: |_| (),
        line: "dictionary remove study a\u{1b}[2J\nb",
        says: &["manicule: there is no dictionary “a\\u{1b}[2J\\nb”", "exit 1"],
    },
    Case {
        name: "a merge of a path with an escape",
        make: |_| (),
        line: "merge-driver a b c d\u{1b}[2J.ron",
        says: &[
            "manicule: could not merge d\\u{1b}[2J.ron; nothing was changed, and git will call it a conflict: could not read a: there is no such file or folder",
            "exit 1",
        ],
    },
];
