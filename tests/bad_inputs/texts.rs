//! Articles in odd encodings, and files that are no text.

use crate::bench::Case;

fn units(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// The table.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "bytes that are no UTF-8",
        make: |b| b.write("in/a.txt", b"caf\xE9 au lait, d\xE9j\xE0 vu"),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: byte 3 is not UTF-8; it looks like windows-1252. It was not imported; choose its encoding and import it again. In windows-1252 it begins “café au lait, déjà vu”",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "UTF-16 without a mark",
        make: |b| b.write("in/a.txt", units("Straßenbahn fährt los", u16::to_le_bytes)),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: byte 0 is not UTF-8; it looks like UTF-16LE. It was not imported; choose its encoding and import it again. In UTF-16LE it begins “Straßenbahn fährt los”",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "big-endian UTF-16 without a mark",
        make: |b| b.write("in/a.txt", units("Straßenbahn fährt los", u16::to_be_bytes)),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: byte 0 is not UTF-8; it looks like UTF-16BE. It was not imported; choose its encoding and import it again. In UTF-16BE it begins “Straßenbahn fährt los”",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "UTF-16 with a mark",
        make: |b| b.write("in/a.txt", units("\u{feff}Zoë said", u16::to_le_bytes)),
        line: "import study in/a.txt",
        says: &["1 documents imported", "exit 0"],
    },
    Case {
        name: "half of a character pair in UTF-16",
        make: |b| b.write("in/a.txt", b"\xFF\xFEa\0\x3D\xD8b\0"),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: byte 4 does not fit UTF-16LE: a character would be lost. It was not imported; choose another encoding, or save it as UTF-8",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an odd number of bytes in UTF-16",
        make: |b| b.write("in/a.txt", b"\xFF\xFEa\0b"),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: byte 4 does not fit UTF-16LE: a character would be lost. It was not imported; choose another encoding, or save it as UTF-8",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "UTF-32 with a mark",
        make: |b| b.write("in/a.txt", "\u{feff}Zoe said".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect::<Vec<_>>()),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: it is UTF-32, which cannot be read. It was not imported; save it as UTF-8 and import it again",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "big-endian UTF-32 with a mark",
        make: |b| b.write("in/a.txt", "\u{feff}Zoe said".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect::<Vec<_>>()),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: it is UTF-32, which cannot be read. It was not imported; save it as UTF-8 and import it again",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "UTF-32 without a mark",
        make: |b| b.write("in/a.txt", "Zoe said".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect::<Vec<_>>()),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: it is UTF-32, which cannot be read. It was not imported; save it as UTF-8 and import it again",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a picture",
        make: |b| b.write("in/a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: it looks like a PNG picture, not text. It was not imported; import the text that it holds as a file of its own",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a program",
        make: |b| b.write("in/a.txt", b"MZ\x90\0\x03\0\0\0"),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: it looks like a Windows program, not text. It was not imported; import the text that it holds as a file of its own",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a Word file",
        make: |b| b.write("in/a.txt", b"PK\x03\x04\x14\0"),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: it looks like a ZIP archive (or a Word, Excel or OpenDocument file), not text. It was not imported; import the text that it holds as a file of its own",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "bytes of no known kind",
        make: |b| b.write("in/a.txt", [0u8, 1, 2, 3, 4, 5, 6, 7].repeat(20)),
        line: "import study in/a.txt",
        says: &[
            "in/a.txt: error: it looks like a binary file, not text. It was not imported; import the text that it holds as a file of its own",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an empty text",
        make: |b| b.write("in/a.txt", ""),
        line: "import study in/a.txt",
        says: &["in/a.txt: warning: this file is empty. It was imported as an article without text", "1 documents imported", "exit 1"],
    },
    Case {
        name: "nothing but a byte order mark",
        make: |b| b.write("in/a.txt", "\u{feff}"),
        line: "import study in/a.txt",
        says: &["in/a.txt: warning: this file is empty. It was imported as an article without text", "1 documents imported", "exit 1"],
    },
    Case {
        name: "nothing but blanks",
        make: |b| b.write("in/a.txt", " \n\t "),
        line: "import study in/a.txt",
        says: &["1 documents imported", "exit 0"],
    },
    Case {
        name: "an encoding that does not exist",
        make: |b| b.write("in/a.txt", b"caf\xE9"),
        line: "import study in/a.txt --encoding nope",
        says: &[
            "in/a.txt: error: `nope` is not an encoding known to the WHATWG standard. It was not imported; choose one such as UTF-8, windows-1252, UTF-16LE",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "an encoding that does not fit",
        make: |b| b.write("in/a.txt", b"caf\xE9 \x81"),
        line: "import study in/a.txt --encoding shift_jis",
        says: &[
            "in/a.txt: error: byte 3 does not fit Shift_JIS: a character would be lost. It was not imported; choose another encoding, or save it as UTF-8",
            "0 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a text of more than a gigabyte",
        make: |b| {
            b.write("in/a.txt", "x");
            std::fs::File::options().write(true).open(b.path("in/a.txt")).unwrap().set_len((1 << 30) + 1).unwrap();
        },
        line: "import study in/a.txt",
        says: &["in/a.txt: error: the file is larger than 1 GB. It was not read; split it", "0 documents imported", "exit 1"],
    },
    Case {
        name: "one bad file among good ones",
        make: |b| {
            b.write("in/a.txt", "Good");
            b.write("in/b.txt", b"\xFFx");
            b.write("in/c.txt", "Good too");
        },
        line: "import study in",
        says: &[
            "in/b.txt: error: byte 0 is not UTF-8; it looks like windows-1252. It was not imported; choose its encoding and import it again. In windows-1252 it begins “ÿx”",
            "2 documents imported",
            "exit 1",
        ],
    },
    Case {
        name: "a file of an unknown kind in a folder",
        make: |b| {
            b.write("in/a.txt", "Good");
            b.write("in/b.exe", "x");
            b.write("in/c.odt", "x");
        },
        line: "import study in",
        says: &[
            "in/b.exe: note: this file of the folder has none of the known extensions; it was skipped",
            "in/c.odt: note: this file of the folder has none of the known extensions; it was skipped",
            "1 documents imported",
            "exit 0",
        ],
    },
    Case {
        name: "a folder without files",
        make: |b| std::fs::create_dir(b.path("in")).unwrap(),
        line: "import study in",
        says: &["0 documents imported", "exit 0"],
    },
    Case {
        name: "a file that is not there",
        make: |_| (),
        line: "import study in/a.txt",
        says: &["manicule: in/a.txt: could not be read: there is no such file or folder. It was left out; choose another file", "exit 1"],
    },
    Case {
        name: "a format that cannot be read",
        make: |b| b.write("in/a.xlsx", "x"),
        line: "import study in/a.xlsx --format huggingface",
        says: &[
            "error: invalid value 'huggingface' for '--format <FORMAT>'",
            "  [possible values: jsonl, brat, doccano, label-studio, spacy-jsonl, uima-json, uima-xmi, webanno-tsv, w3c, gate-xml, bdocjs, tei, pubannotation, bioc-xml, bioc-json, pubtator, semeval2020-ptc, semeval2025-roles, conllu, conllu-plus, conll2003, conll2003-iob1, conll2003-bioes, conll2002, conll2002-iob1, conll2002-bioes, hipe, csv, xlsx, aif, refi-qda, dna, mapped-json, articles-csv, articles-jsonl, text]",
            "",
            "For more information, try '--help'.",
            "exit 2",
        ],
    },
];
