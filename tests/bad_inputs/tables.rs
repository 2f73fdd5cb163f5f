//! Articles in tables and in JSON, and dictionaries.

use crate::bench::Case;

/// The table.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a quotation mark that is never closed",
        make: |b| b.write("in/a.csv", "title,text\na,b\nc,\"d\ne,f\n"),
        line: "import study in/a.csv",
        says: &[
            "in/a.csv: line 3: error: a quotation mark is opened here and never closed. The line was left out; the others were read",
            "2 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "rows of other lengths than the header",
        make: |b| b.write("in/a.csv", "title,text\na,b,c\nd\ne,f\n"),
        line: "import study in/a.csv",
        says: &[
            "in/a.csv: line 2: warning: this row has 3 columns and the header 2. It was read, and what is too much was kept aside; look at it",
            "in/a.csv: line 3: warning: this row has 1 columns and the header 2. It was read, and what is missing was taken as empty; look at it",
            "in/a.csv: line 3: warning: this article has no text. It was imported without; look whether another column holds the text",
            "3 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a table without a column of texts",
        make: |b| b.write("in/a.csv", "a,b\n1,2\n"),
        line: "import study in/a.csv",
        says: &[
            "manicule: in/a.csv: there is no column `text`. There are `a`, `b`; say which is which with columns such as text=Body,title=Headline",
            "exit 1",
        ],
    },
    Case {
        name: "a table that is empty",
        make: |b| b.write("in/a.csv", ""),
        line: "import study in/a.csv",
        says: &[
            "in/a.csv: warning: this table is empty. Nothing was imported; its first line must name the columns",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a column twice",
        make: |b| b.write("in/a.csv", "text,text,x,x\n1,2,3,4\n"),
        line: "import study in/a.csv",
        says: &[
            "in/a.csv: line 1: warning: the column `text` is there twice. The first one counts, and the other was kept aside; give it another name",
            "in/a.csv: line 1: warning: the column `x` is there twice. The first one counts, and the other was kept aside; give it another name",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a table in Latin-1",
        make: |b| b.write("in/a.csv", b"text\ncaf\xE9 au lait d\xE9j\xE0 vu\n"),
        line: "import study in/a.csv",
        says: &[
            "in/a.csv: error: byte 8 is not UTF-8; it looks like windows-1252. It was not imported; choose its encoding and import it again. In windows-1252 it begins “text\\ncafé au lait déjà vu”",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a date that is none",
        make: |b| b.write("in/a.csv", "text,date\nabc,31.31.2020\n"),
        line: "import study in/a.csv",
        says: &[
            "in/a.csv: line 2: warning: `31.31.2020` is not a date; write 2016-05-17, 2016-05 or 2016. It was kept aside, and the article has no date",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a chosen column that is not there",
        make: |b| b.write("in/a.csv", "a,b\n1,2\n"),
        line: "import study in/a.csv --columns text=c",
        says: &[
            "manicule: in/a.csv: there is no column `c`. There are `a`, `b`; say which is which with columns such as text=Body,title=Headline",
            "exit 1",
        ],
    },
    Case {
        name: "zeros in a table",
        make: |b| b.write("in/a.csv", "text\na\0b\n"),
        line: "import study in/a.csv",
        says: &[
            "in/a.csv: error: it looks like a binary file, not text. It was not imported; import the text that it holds as a file of its own",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "half of a character pair in JSON",
        make: |b| b.write("in/a.jsonl", r#"{"text":"a \ud83d b"}"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: column 18: half of a character pair (`\\ud83d` without its other half). The line was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "the other half of a character pair in JSON",
        make: |b| b.write("in/a.jsonl", r#"{"text":"a \ude00 b"}"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: column 17: half of a character pair (`\\ud83d` without its other half). The line was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a name twice in JSON",
        make: |b| b.write("in/a.jsonl", r#"{"text":"a","text":"b"}"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: column 18: `text` is there twice. The line was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a name twice deep in JSON",
        make: |b| b.write("in/a.jsonl", r#"{"text":"a","meta":[{"k":1,"k":2}]}"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: column 30: `k` is there twice. The line was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "NaN in JSON",
        make: |b| b.write("in/a.jsonl", r#"{"text":"a","score":NaN}"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: column 21: no value stands here (NaN and infinity are none). The line was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a number that is too large in JSON",
        make: |b| b.write("in/a.jsonl", r#"{"text":"a","score":1e999}"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: column 25: this number is too large. The line was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a comma too many in JSON",
        make: |b| b.write("in/a.jsonl", r#"{"text":"a",}"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: column 13: there is a comma too many. The line was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a million brackets in JSON",
        make: |b| b.write("in/a.jsonl", format!("{{\"text\":{}", "[".repeat(1_000_000))),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: column 135: it is nested deeper than 128 levels. The line was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a byte order mark before JSON",
        make: |b| b.write("in/a.jsonl", "\u{feff}{\"text\":\"a\"}"),
        line: "import study in/a.jsonl",
        says: &["1 documents imported", "exit 0"],
    },
    Case {
        name: "JSON in Latin-1",
        make: |b| b.write("in/a.jsonl", b"{\"text\":\"caf\xE9 au lait d\xE9j\xE0 vu\"}"),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: error: byte 12 is not UTF-8; it looks like windows-1252. It was not imported; choose its encoding and import it again. In windows-1252 it begins “{\"text\":\"café au lait déjà vu\"}”",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "JSON that ends too early",
        make: |b| b.write("in/a.jsonl", r#"{"text":"a"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: column 10: it ends too early. The line was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "JSON without a text",
        make: |b| b.write("in/a.jsonl", r#"{"title":"a"}"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: there is no column `text`. There are `title`; say which is which with columns such as text=Body,title=Headline. The record was left out",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "JSON that is no object",
        make: |b| b.write("in/a.jsonl", "17\n"),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: this record is no object with names such as {\"text\": \"…\"}. It was left out",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "one broken line of a thousand",
        make: |b| b.write("in/a.jsonl", "{\"text\":\"a\"}\n".repeat(611) + "{\"text\":\n" + &"{\"text\":\"b\"}\n".repeat(388)),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 612: error: column 8: it ends too early. The line was left out; the others were read",
            "999 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a control character in JSON",
        make: |b| b.write("in/a.jsonl", "{\"text\":\"a\u{1}b\"}"),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: error: column 11: a control character stands in a text without its escape. The line was left out; the others were read",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an empty text in JSON",
        make: |b| b.write("in/a.jsonl", r#"{"text":""}"#),
        line: "import study in/a.jsonl",
        says: &[
            "in/a.jsonl: line 1: warning: this article has no text. It was imported without; look whether another column holds the text",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a list with a comma too many",
        make: |b| b.write("in/a.json", "[{\"text\":\"a\"},\n{\"text\":\"b\",}]"),
        line: "import study in/a.json",
        says: &[
            "in/a.json: line 2: error: column 13: there is a comma too many. The file is one list, so nothing of it was read; mend it, or write one record a line",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a list with a record without a text",
        make: |b| b.write("in/a.json", "[{\"text\":\"a\"},\n{\"title\":\"b\"}]"),
        line: "import study in/a.json",
        says: &[
            "in/a.json: error: record 2: there is no column `text`. There are `title`; say which is which with columns such as text=Body,title=Headline. The record was left out",
            "1 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a list of a million brackets",
        make: |b| b.write("in/a.json", "[".repeat(1_000_000)),
        line: "import study in/a.json",
        says: &[
            "in/a.json: line 1: error: column 128: it is nested deeper than 128 levels. The file is one list, so nothing of it was read; mend it, or write one record a line",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a dictionary without names",
        make: |b| b.write("in/d.csv", "name,id\n"),
        line: "dictionary add study in/d.csv",
        says: &["manicule: d.csv has no names; one line a name is needed, with columns “name” and “id”, or JSON Lines with these keys", "exit 1"],
    },
    Case {
        name: "a dictionary in Latin-1",
        make: |b| b.write("in/d.csv", b"name\ncaf\xE9\n"),
        line: "dictionary add study in/d.csv",
        says: &["manicule: could not read d.csv: byte 8 is not UTF-8; it looks like windows-1252; save it as UTF-8", "exit 1"],
    },
    Case {
        name: "a dictionary with a name twice in JSON",
        make: |b| b.write("in/d.jsonl", r#"{"name":"a","name":"b"}"#),
        line: "dictionary add study in/d.jsonl",
        says: &[
            "manicule: d.jsonl has no names (column 18: `name` is there twice; it was left out); one line a name is needed, with columns “name” and “id”, or JSON Lines with these keys",
            "exit 1",
        ],
    },
    Case {
        name: "a dictionary that is a picture",
        make: |b| b.write("in/d.csv", b"\x89PNG\r\n"),
        line: "dictionary add study in/d.csv",
        says: &["manicule: could not read d.csv: it looks like a PNG picture, not text; save it as UTF-8", "exit 1"],
    },
];
