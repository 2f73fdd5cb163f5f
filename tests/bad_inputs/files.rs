//! What is no plain file: pipes, devices, folders, links. None is waited for, read for ever, or replaced.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::bench::{ARTICLE, Bench, Case, DOCUMENT, ENTITIES, SHEET};

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn link(to: &str, path: &Path) {
    std::os::unix::fs::symlink(to, path).unwrap();
}

/// Takes no room on the disk.
fn large(path: &Path) {
    fs::File::create(path).unwrap().set_len(3 << 30).unwrap();
}

/// The file lies elsewhere, and a link leads there.
fn moved(file: &str, bench: &Bench) {
    fs::create_dir_all(bench.path("elsewhere")).unwrap();
    let path = bench.path("study").join(file);
    fs::rename(&path, bench.path("elsewhere/file")).unwrap();
    link(&bench.path("elsewhere/file").to_string_lossy(), &path);
}

/// The table.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a pipe for a project file",
        make: |b| b.instead("project.ron", fifo),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it is a pipe or a device, not a regular file. It was not read; put the file back, or take this away",
            "exit 1",
        ],
    },
    Case {
        name: "a folder for a project file",
        make: |b| b.instead("project.ron", |path| std::fs::create_dir(path).unwrap()),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it is a folder, not a file. It was not read; put the file back, or take this away",
            "exit 1",
        ],
    },
    Case {
        name: "a device for a project file",
        make: |b| b.instead("project.ron", |path| link("/dev/zero", path)),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it is a pipe or a device, not a regular file. It was not read; put the file back, or take this away",
            "exit 1",
        ],
    },
    Case {
        name: "a link to itself for a project file",
        make: |b| b.instead("project.ron", |path| link(path.file_name().unwrap().to_str().unwrap(), path)),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it is a link that leads nowhere. It was not read; put the file back, or take this away",
            "exit 1",
        ],
    },
    Case {
        name: "a project file of three gigabytes",
        make: |b| b.instead("project.ron", large),
        line: "check study",
        says: &[
            "manicule: could not open the project: project.ron: it has 3 GB, and at most 256 MB are read. It was not read; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a link to a project file",
        make: |b| moved("project.ron", b),
        line: "check study",
        says: &["1 documents checked; 0 findings", "exit 0"],
    },
    Case {
        name: "a pipe for a codebook",
        make: |b| b.instead("schema.ron", fifo),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it is a pipe or a device, not a regular file. It was not read; put the file back, or take this away",
            "exit 1",
        ],
    },
    Case {
        name: "a folder for a codebook",
        make: |b| b.instead("schema.ron", |path| std::fs::create_dir(path).unwrap()),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it is a folder, not a file. It was not read; put the file back, or take this away",
            "exit 1",
        ],
    },
    Case {
        name: "a link to itself for a codebook",
        make: |b| b.instead("schema.ron", |path| link(path.file_name().unwrap().to_str().unwrap(), path)),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it is a link that leads nowhere. It was not read; put the file back, or take this away",
            "exit 1",
        ],
    },
    Case {
        name: "a codebook of three gigabytes",
        make: |b| b.instead("schema.ron", large),
        line: "check study",
        says: &[
            "manicule: could not open the project: schema.ron: it has 3 GB, and at most 256 MB are read. It was not read; mend it in a text editor, or put an earlier state or a copy in its place",
            "exit 1",
        ],
    },
    Case {
        name: "a link to a codebook",
        make: |b| moved("schema.ron", b),
        line: "check study",
        says: &["1 documents checked; 0 findings", "exit 0"],
    },
    Case {
        name: "a pipe for a document's file",
        make: |b| b.instead(DOCUMENT, fifo),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it is a pipe or a device, not a regular file. It was not read; put the file back, or take this away",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a folder for a document's file",
        make: |b| b.instead(DOCUMENT, |path| std::fs::create_dir(path).unwrap()),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it is a folder, not a file. It was not read; put the file back, or take this away",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a link to itself for a document's file",
        make: |b| b.instead(DOCUMENT, |path| link(path.file_name().unwrap().to_str().unwrap(), path)),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it is a link that leads nowhere. It was not read; put the file back, or take this away",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a document's file of three gigabytes",
        make: |b| b.instead(DOCUMENT, large),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.ron: error: it has 3 GB, and at most 256 MB are read. It was not read; mend it in a text editor, or put an earlier state or a copy in its place",
            "0 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a link to a document's file",
        make: |b| moved(DOCUMENT, b),
        line: "check study",
        says: &["1 documents checked; 0 findings", "exit 0"],
    },
    Case {
        name: "a pipe for a file of entities",
        make: |b| b.instead(ENTITIES, fifo),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it is a pipe or a device, not a regular file. It was not read; put the file back, or take this away",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a folder for a file of entities",
        make: |b| b.instead(ENTITIES, |path| std::fs::create_dir(path).unwrap()),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it is a folder, not a file. It was not read; put the file back, or take this away",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a link to itself for a file of entities",
        make: |b| b.instead(ENTITIES, |path| link(path.file_name().unwrap().to_str().unwrap(), path)),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it is a link that leads nowhere. It was not read; put the file back, or take this away",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a file of entities of three gigabytes",
        make: |b| b.instead(ENTITIES, large),
        line: "check study",
        says: &[
            "entities/vm.ron: error: it has 3 GB, and at most 256 MB are read. It was not read; mend it in a text editor, or put an earlier state or a copy in its place",
            "taxes-hx6q9d2hx310: error: the span PER “Zoë Smith” mentions the entity vm0000000001, which does not exist",
            "Points to nothing: A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
            "1 documents checked; 2 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a link to a file of entities",
        make: |b| moved(ENTITIES, b),
        line: "check study",
        says: &["1 documents checked; 0 findings", "exit 0"],
    },
    Case {
        name: "a pipe for a sheet",
        make: |b| b.instead(SHEET, fifo),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it is a pipe or a device, not a regular file. It was not read; put the file back, or take this away",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a folder for a sheet",
        make: |b| b.instead(SHEET, |path| std::fs::create_dir(path).unwrap()),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it is a folder, not a file. It was not read; put the file back, or take this away",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a device for a sheet",
        make: |b| b.instead(SHEET, |path| link("/dev/zero", path)),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it is a pipe or a device, not a regular file. It was not read; put the file back, or take this away",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a link to itself for a sheet",
        make: |b| b.instead(SHEET, |path| link(path.file_name().unwrap().to_str().unwrap(), path)),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it is a link that leads nowhere. It was not read; put the file back, or take this away",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a sheet of three gigabytes",
        make: |b| b.instead(SHEET, large),
        line: "check study",
        says: &[
            "annotations/ann/10/taxes-hx6q9d2hx310.ron: error: it has 3 GB, and at most 256 MB are read. It was not read; mend it in a text editor, or put an earlier state or a copy in its place",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case { name: "a link to a sheet", make: |b| moved(SHEET, b), line: "check study", says: &["1 documents checked; 0 findings", "exit 0"] },
    Case {
        name: "a pipe for a text",
        make: |b| b.instead(ARTICLE, fifo),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: error: it is a pipe or a device, not a regular file. It was not read; put the file back, or take this away",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a folder for a text",
        make: |b| b.instead(ARTICLE, |path| std::fs::create_dir(path).unwrap()),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: error: it is a folder, not a file. It was not read; put the file back, or take this away",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a device for a text",
        make: |b| b.instead(ARTICLE, |path| link("/dev/zero", path)),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: error: it is a pipe or a device, not a regular file. It was not read; put the file back, or take this away",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a link to itself for a text",
        make: |b| b.instead(ARTICLE, |path| link(path.file_name().unwrap().to_str().unwrap(), path)),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: error: it is a link that leads nowhere. It was not read; put the file back, or take this away",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case {
        name: "a text of three gigabytes",
        make: |b| b.instead(ARTICLE, large),
        line: "check study",
        says: &[
            "documents/10/taxes-hx6q9d2hx310.txt: error: it has 3 GB, and at most 1 GB are read. It was not read; put the text back as it was, from a copy or an earlier state",
            "1 documents checked; 1 findings",
            "exit 1",
        ],
    },
    Case { name: "a link to a text", make: |b| moved(ARTICLE, b), line: "check study", says: &["1 documents checked; 0 findings", "exit 0"] },
    Case {
        name: "a pipe to import",
        make: |b| {
            b.write("in/good.txt", "Good");
            fifo(&b.path("in/a.txt"));
        },
        line: "import study in/a.txt",
        says: &[
            "manicule: in/a.txt: could not be read: it is a pipe or a device, not a regular file. It was left out; choose another file",
            "exit 1",
        ],
    },
    Case {
        name: "a pipe in a folder to import",
        make: |b| {
            b.write("in/good.txt", "Good");
            fifo(&b.path("in/a.txt"));
        },
        line: "import study in",
        says: &[
            "in/a.txt: error: could not be read: it is a pipe or a device, not a regular file. It was left out; choose another file",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a pipe in a folder to import as text",
        make: |b| {
            b.write("in/good.txt", "Good");
            fifo(&b.path("in/a.txt"));
        },
        line: "import study in --format text",
        says: &[
            "in/a.txt: error: could not be read: it is a pipe or a device, not a regular file. It was left out; choose another file",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a device to import",
        make: |b| {
            b.write("in/good.txt", "Good");
            link("/dev/zero", &b.path("in/a.txt"));
        },
        line: "import study in/a.txt",
        says: &[
            "manicule: in/a.txt: could not be read: it is a pipe or a device, not a regular file. It was left out; choose another file",
            "exit 1",
        ],
    },
    Case {
        name: "a link to itself to import",
        make: |b| {
            b.write("in/good.txt", "Good");
            link("a.txt", &b.path("in/a.txt"));
        },
        line: "import study in/a.txt",
        says: &["manicule: in/a.txt: could not be read: it is a link that leads nowhere. It was left out; choose another file", "exit 1"],
    },
    Case {
        name: "a link to a file to import",
        make: |b| {
            b.write("in/good.txt", "Good");
            link("good.txt", &b.path("in/a.txt"));
        },
        line: "import study in/a.txt",
        says: &["1 documents imported", "exit 0"],
    },
    Case {
        name: "a link to a folder in a folder to import",
        make: |b| {
            b.write("in/good.txt", "Good");
            std::fs::create_dir(b.path("more")).unwrap();
            link("../more", &b.path("in/more"));
        },
        line: "import study in",
        says: &["in/more: warning: this is a link to a folder; it was skipped. Import it by itself", "1 documents imported", "exit 1"],
    },
    Case {
        name: "folders that are too deep",
        make: |b| {
            b.write("in/good.txt", "Good");
            b.write(&format!("in/{}a.txt", "d/".repeat(40)), "Deep");
        },
        line: "import study in",
        says: &[
            "in/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d: warning: this folder lies deeper than 32 others; it was skipped. Import it by itself",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a pipe as a table",
        make: |b| {
            b.write("in/good.txt", "Good");
            fifo(&b.path("in/a.csv"));
        },
        line: "import study in/a.csv --format articles-csv",
        says: &[
            "manicule: in/a.csv: could not be read: it is a pipe or a device, not a regular file. It was left out; choose another file",
            "exit 1",
        ],
    },
    Case {
        name: "a pipe as annotations",
        make: |b| {
            b.write("in/good.txt", "Good");
            fifo(&b.path("in/good.ann"));
        },
        line: "import study in/good.ann",
        says: &[
            "manicule: in/good.ann: could not be read: it is a pipe or a device, not a regular file. It was left out; choose another file",
            "exit 1",
        ],
    },
    Case {
        name: "a pipe as a dictionary",
        make: |b| {
            b.write("in/good.txt", "Good");
            fifo(&b.path("in/d.csv"));
        },
        line: "dictionary add study in/d.csv",
        says: &["manicule: could not read in/d.csv: it is a pipe or a device, not a regular file", "exit 1"],
    },
    Case {
        name: "a folder as a dictionary",
        make: |b| {
            b.write("in/good.txt", "Good");
        },
        line: "dictionary add study in",
        says: &["manicule: could not read in: it is a folder, not a file", "exit 1"],
    },
    Case {
        name: "a missing dictionary",
        make: |b| {
            b.write("in/good.txt", "Good");
        },
        line: "dictionary add study in/d.csv",
        says: &["manicule: could not read in/d.csv: there is no such file or folder", "exit 1"],
    },
    Case {
        name: "a pipe to export to",
        make: |b| {
            b.write("in/good.txt", "Good");
            std::fs::create_dir(b.path("o")).unwrap();
            fifo(&b.path("o/a.jsonl"));
        },
        line: "export study --to jsonl --out o/a.jsonl",
        says: &[
            "manicule: a.jsonl: could not be written: it is a pipe or a device, not a regular file. Nothing was exported; choose another place",
            "exit 1",
        ],
    },
    Case {
        name: "a folder to export to that is a file",
        make: |b| {
            b.write("in/good.txt", "Good");
        },
        line: "export study --to brat --out in/good.txt",
        says: &["manicule: in/good.txt is a file; brat standoff is written into a folder", "exit 1"],
    },
    Case {
        name: "a folder below a file to export to",
        make: |b| {
            b.write("in/good.txt", "Good");
        },
        line: "export study --to jsonl --out in/good.txt/a.jsonl",
        says: &[
            "manicule: in/good.txt: could not be written: a file of this name is in the way. Nothing was exported; choose another place",
            "exit 1",
        ],
    },
    Case {
        name: "a new project where files are",
        make: |b| {
            b.write("in/good.txt", "Good");
        },
        line: "new in",
        says: &["manicule: could not make the project: in is not empty; choose a new or empty folder", "exit 1"],
    },
    Case {
        name: "a new project below a file",
        make: |b| {
            b.write("in/good.txt", "Good");
        },
        line: "new in/good.txt/study",
        says: &["manicule: could not make the project: could not make the folder in/good.txt: a file of this name is in the way", "exit 1"],
    },
    Case {
        name: "a project that is a file",
        make: |b| {
            b.write("in/good.txt", "Good");
        },
        line: "check in/good.txt",
        says: &[
            "manicule: could not open the project: ROOT/in/good.txt is not a Manicule project: it has no project.ron. Choose the folder that has one",
            "exit 1",
        ],
    },
    Case {
        name: "a project that is not there",
        make: |b| {
            b.write("in/good.txt", "Good");
        },
        line: "check nowhere",
        says: &["manicule: could not open the project: could not open nowhere: there is no such file or folder", "exit 1"],
    },
    Case {
        name: "a folder that is no project",
        make: |b| {
            b.write("in/good.txt", "Good");
        },
        line: "info in",
        says: &[
            "manicule: could not open the project: ROOT/in is not a Manicule project: it has no project.ron. Choose the folder that has one",
            "exit 1",
        ],
    },
];
