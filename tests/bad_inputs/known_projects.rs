//! Broken files of a project that this machine has good copies of: they are opened instead, and both versions are kept.

use crate::bench::{ARTICLE, Case, DOCUMENT, ENTITIES, SHEET, cut};

/// The table.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a known project with its project file empty",
        make: |b| {
            b.know();
            b.put("project.ron", "");
        },
        line: "check study",
        says: &[
            "project.ron: warning: damaged (0 of 104 bytes are there). The last good copy was opened instead: nothing lost",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its project file cut",
        make: |b| {
            b.know();
            cut("project.ron", b);
        },
        line: "check study",
        says: &[
            "project.ron: warning: damaged (52 of 104 bytes are there). The last good copy was opened instead: nothing lost",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its project file of zeros",
        make: |b| {
            b.know();
            {
                let len = b.read("project.ron").len();
                b.put("project.ron", vec![0; len])
            };
        },
        line: "check study",
        says: &[
            "project.ron: warning: damaged (104 of 104 bytes are zero). The last good copy was opened instead: nothing lost",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its project file gone",
        make: |b| {
            b.know();
            b.instead("project.ron", |_| ());
        },
        line: "check study",
        says: &[
            "project.ron: warning: damaged (it is gone). The last good copy was opened instead: nothing lost",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its codebook empty",
        make: |b| {
            b.know();
            b.put("schema.ron", "");
        },
        line: "check study",
        says: &[
            "schema.ron: warning: damaged (0 of 488 bytes are there). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its codebook cut",
        make: |b| {
            b.know();
            cut("schema.ron", b);
        },
        line: "check study",
        says: &[
            "schema.ron: warning: damaged (244 of 488 bytes are there). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its codebook of zeros",
        make: |b| {
            b.know();
            {
                let len = b.read("schema.ron").len();
                b.put("schema.ron", vec![0; len])
            };
        },
        line: "check study",
        says: &[
            "schema.ron: warning: damaged (488 of 488 bytes are zero). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its codebook gone",
        make: |b| {
            b.know();
            b.instead("schema.ron", |_| ());
        },
        line: "check study",
        says: &[
            "schema.ron: warning: damaged (it is gone). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its document's file empty",
        make: |b| {
            b.know();
            b.put(DOCUMENT, "");
        },
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: warning: damaged (0 of 198 bytes are there). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its document's file cut",
        make: |b| {
            b.know();
            cut(DOCUMENT, b);
        },
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: warning: damaged (99 of 198 bytes are there). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its document's file of zeros",
        make: |b| {
            b.know();
            {
                let len = b.read(DOCUMENT).len();
                b.put(DOCUMENT, vec![0; len])
            };
        },
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: warning: damaged (198 of 198 bytes are zero). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its document's file gone",
        make: |b| {
            b.know();
            b.instead(DOCUMENT, |_| ());
        },
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: warning: damaged (it is gone). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its file of entities empty",
        make: |b| {
            b.know();
            b.put(ENTITIES, "");
        },
        line: "check study",
        says: &[
            "entities/vm.ron: warning: damaged (0 of 96 bytes are there). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its file of entities cut",
        make: |b| {
            b.know();
            cut(ENTITIES, b);
        },
        line: "check study",
        says: &[
            "entities/vm.ron: warning: damaged (48 of 96 bytes are there). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its file of entities of zeros",
        make: |b| {
            b.know();
            {
                let len = b.read(ENTITIES).len();
                b.put(ENTITIES, vec![0; len])
            };
        },
        line: "check study",
        says: &[
            "entities/vm.ron: warning: damaged (96 of 96 bytes are zero). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its file of entities gone",
        make: |b| {
            b.know();
            b.instead(ENTITIES, |_| ());
        },
        line: "check study",
        says: &[
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its sheet empty",
        make: |b| {
            b.know();
            b.put(SHEET, "");
        },
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: damaged (0 of 534 bytes are there). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its sheet cut",
        make: |b| {
            b.know();
            cut(SHEET, b);
        },
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: damaged (267 of 534 bytes are there). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its sheet of zeros",
        make: |b| {
            b.know();
            {
                let len = b.read(SHEET).len();
                b.put(SHEET, vec![0; len])
            };
        },
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: damaged (534 of 534 bytes are zero). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project from which whoever made a sheet has taken it",
        make: |b| {
            b.know();
            b.instead(SHEET, |_| ());
        },
        line: "check study",
        says: &["1 documents checked; 0 findings", "exit 0"],
    },
    Case {
        name: "a known project with its text empty",
        make: |b| {
            b.know();
            b.put(ARTICLE, "");
        },
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: warning: damaged (0 of 43 bytes are there). The last good copy was opened instead: nothing lost",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its text cut",
        make: |b| {
            b.know();
            cut(ARTICLE, b);
        },
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: warning: damaged (21 of 43 bytes are there). The last good copy was opened instead: nothing lost",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its text of zeros",
        make: |b| {
            b.know();
            {
                let len = b.read(ARTICLE).len();
                b.put(ARTICLE, vec![0; len])
            };
        },
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: warning: damaged (43 of 43 bytes are zero). The last good copy was opened instead: nothing lost",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with its text gone",
        make: |b| {
            b.know();
            b.instead(ARTICLE, |_| ());
        },
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: warning: damaged (it is gone). The last good copy was opened instead: nothing lost",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with a changed byte in its sheet",
        make: |b| {
            b.know();
            b.change(SHEET, "(id: \"pas", "[id: \"pas");
        },
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: warning: damaged (its checksum differs). The copy of the last backup was opened instead",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a known project with a sheet changed by hand",
        make: |b| {
            b.know();
            b.change(SHEET, "label: \"PER\"", "label: \"CLAIM\"");
        },
        line: "check study",
        says: &[
            "taxes-hx6q9d2hx310: error: the span CLAIM “Zoë Smith” has the label `CLAIM`, which is for claims",
            "Label for something else: A span has a label for claims, or a claim has one for spans. Give it another label.",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
];
