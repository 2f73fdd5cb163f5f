//! Archives are read as folders are.

use std::io::Write as _;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn archive(dir: &Path, files: &[(&str, &[u8])]) -> PathBuf {
    let path = dir.join("articles.zip");
    let mut writer = ZipWriter::new(fs::File::create(&path).unwrap());
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap();
    path
}

fn read(group: &Group) -> BTreeMap<String, String> {
    let read = |name: &String| {
        let mut content = String::new();
        group.files.open(name).unwrap().read_to_string(&mut content).unwrap();
        assert_eq!(group.files.size(name), Some(content.len() as u64));
        (name.rsplit("articles.zip/").next().unwrap().to_owned(), content)
    };
    group.files.names().iter().map(read).collect()
}

#[test]
fn an_archive_is_read_as_a_folder_is() {
    let dir = tempfile::tempdir().unwrap();
    let long = "Zoë said no. ".repeat(1000);
    let files: [(&str, &[u8]); 8] = [
        ("a/one.txt", long.as_bytes()),
        ("a/two.txt", b"Zoe said"),
        ("a/two.ann", b"T1\tPER 0 3\tZoe\n"),
        ("__MACOSX/a/._one.txt", b"x"),
        ("a/.hidden.txt", b"x"),
        ("a/picture.jpg", b"x"),
        // What an export says of itself.
        ("a/export-report.md", b"x"),
        ("a/out.jsonl.export-report.json", b"{}"),
    ];
    let path = archive(dir.path(), &files);
    for paths in [path, dir.path().to_owned()] {
        let mut findings = Vec::new();
        let groups = group_files(&[paths], (None, Names::OfOneCoder), &mut findings).unwrap();
        let names: Vec<&str> = groups.iter().map(|group| group.format.name).collect();
        assert_eq!(names, ["brat", "text"]);
        assert_eq!(read(&groups[0]).into_keys().collect::<Vec<_>>(), ["a/two.ann", "a/two.txt"]);
        assert_eq!(read(&groups[1]), BTreeMap::from([("a/one.txt".to_owned(), long.clone())]));
        assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["skipped-file"]);
    }
}

#[test]
fn what_is_no_archive_is_said_and_damage_keeps_only_itself_out() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("no.zip");
    fs::write(&path, "PK, but nothing of a zip").unwrap();
    let error = group_files(std::slice::from_ref(&path), (None, Names::OfOneCoder), &mut Vec::new()).err().unwrap();
    assert!(error.to_string().contains("no.zip"), "{error}");
    // A byte of the compressed content of the first file is another one.
    let files: [(&str, &[u8]); 2] = [("one.txt", &b"said, said, said, said. ".repeat(20)), ("two.txt", b"whole")];
    let path = archive(dir.path(), &files);
    let mut bytes = fs::read(&path).unwrap();
    bytes[30 + "one.txt".len() + 4] ^= 0xff;
    fs::write(&path, bytes).unwrap();
    let groups = group_files(&[path], (crate::format::find("text"), Names::OfOneCoder), &mut Vec::new()).unwrap();
    let contents = |name: &str| {
        let full = groups[0].files.names().into_iter().find(|full| full.ends_with(name)).unwrap();
        let mut content = String::new();
        groups[0].files.open(&full).and_then(|mut file| file.read_to_string(&mut content)).map(|_| content)
    };
    assert!(contents("one.txt").is_err());
    assert_eq!(contents("two.txt").unwrap(), "whole");
}

#[test]
fn texts_go_with_the_annotations_that_may_mean_them() {
    let dir = tempfile::tempdir().unwrap();
    let check = |files: &[(&str, &str)], names: Names, expected: &[(&str, usize)]| {
        let folder = tempfile::tempdir_in(dir.path()).unwrap();
        files.iter().for_each(|(name, content)| fs::write(folder.path().join(name), content).unwrap());
        let groups = group_files(&[folder.path().to_owned()], (None, names), &mut Vec::new()).unwrap();
        let found: Vec<_> = groups.iter().map(|group| (group.format.name, group.names().len())).collect();
        assert_eq!(found, expected);
    };
    let brat = [("a.txt", "Ann"), ("a.bob.ann", ""), ("a.zoe.ann", "")];
    check(&brat, Names::OfCoders, &[("brat", 3)]);
    check(&brat, Names::OfOneCoder, &[("brat", 2), ("text", 1)]);
    check(&[("a.txt", "Ann"), ("rows.csv", "document,label,start,end\na,PER,0,3\n")], Names::OfOneCoder, &[("csv", 2)]);
    check(&[("a.txt", "Ann"), ("rows.csv", "title,text\nA,b\n")], Names::OfOneCoder, &[("articles-csv", 1), ("text", 1)]);
    let roles = "A_1.txt\tAnn\t0\t2\tProtagonist\tGuardian\n";
    let articles = [("A_1.txt", "Ann"), ("other.txt", "Bob")];
    let with = |name, content| [&[(name, content)], &articles[..]].concat();
    check(&with("rows.tsv", roles), Names::OfOneCoder, &[("semeval2025-roles", 2), ("text", 1)]);
    check(&with("subtask-1-annotations.txt", roles), Names::OfOneCoder, &[("semeval2025-roles", 2), ("text", 1)]);
    for techniques in ["\u{feff}1\tDoubt\t0\t3\n", "id\ttechnique\tbegin\tend\n1\tDoubt\t0\t3\n"] {
        check(&[("labels.tsv", techniques), ("article1.txt", "Ann")], Names::OfOneCoder, &[("semeval2020-ptc", 2)]);
    }
    let page = r#"[{"@context": "http://www.w3.org/ns/anno.jsonld"}]"#;
    check(&[("page.json", page), ("page.txt", "Ann"), ("b.txt", "Bob")], Names::OfOneCoder, &[("text", 1), ("w3c", 2)]);
    check(&[("page.json", "[]"), ("page.txt", "Ann")], Names::OfOneCoder, &[("articles-jsonl", 1), ("text", 1)]);
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_no_silent_article() {
    let dir = tempfile::tempdir().unwrap();
    let look = |name: &str| {
        let path = dir.path().join(name);
        fs::write(&path, "hello").unwrap();
        let mut findings = Vec::new();
        let groups = group_files(&[path], (None, Names::OfOneCoder), &mut findings).unwrap();
        (groups[0].format.name, findings.iter().map(|finding| finding.rule).collect::<Vec<_>>())
    };
    // The reader says that it is no database.
    assert_eq!(look("a.dna"), ("dna", vec![]));
    assert_eq!(look("a.graphml"), ("text", vec!["not-as-named"]));
    assert_eq!(look("a.txt"), ("text", vec![]));
    assert_eq!(look("LICENSE"), ("text", vec![]));
}
