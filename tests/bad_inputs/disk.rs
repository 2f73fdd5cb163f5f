//! Places that cannot be written, links that lead out, clocks that are wrong, and names in every verb.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use manicule::cli::VERBS;
use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{DocumentId, LabelKey, SheetKey, Span, SpanId};
use manicule::store::Clock;
use manicule::text::TextRange;
use manicule::workspace::states::known_projects;
use manicule::workspace::{Access, OpenOptions, Opened, Who, Workspace};

use crate::bench::{ARTICLE, Bench, DOCUMENT, ENTITIES, SHEET, TEXT, readable};

fn open(bench: &Bench) -> Opened {
    Workspace::open(&bench.path("study"), OpenOptions::read_write(Who::Named("Ann".into())), &bench.places()).unwrap()
}

/// One more span, of one letter.
fn label(workspace: &mut Workspace, start: u32) {
    let key = SheetKey::new(&DocumentId::new("taxes-hx6q9d2hx310").unwrap(), workspace.coder());
    let range: TextRange = (start, start + 1).try_into().unwrap();
    let id = SpanId(workspace.next_id());
    let edit = Edit::Span(key, Change::insert(id, Span::new(range, LabelKey::new("PER").unwrap())));
    workspace.apply(Transaction::new("label", vec![edit])).unwrap();
}

/// Taken away again when the test ends, however it ends.
struct Mount(PathBuf);

impl Mount {
    /// None, said by name, where the machine does not allow it.
    fn new(what: &str, words: &[&str], at: &Path) -> Option<Self> {
        let is_mounted = Command::new("mount").args(words).arg(at).status().is_ok_and(|status| status.success());
        if !is_mounted {
            eprintln!("NOT TESTED: {what}: this machine lets nobody mount");
        }
        is_mounted.then(|| Self(at.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

/// A file that nobody may change, not even root.
struct Immutable(PathBuf);

impl Immutable {
    fn new(path: &Path) -> Option<Self> {
        let is_done = Command::new("chattr").arg("+i").arg(path).status().is_ok_and(|status| status.success());
        if !is_done {
            eprintln!("NOT TESTED: files that cannot be changed: `chattr +i` does not work here");
        }
        is_done.then(|| Self(path.to_owned()))
    }
}

impl Drop for Immutable {
    fn drop(&mut self) {
        let _ = Command::new("chattr").arg("-i").arg(&self.0).status();
    }
}

#[test]
fn a_link_to_a_file_is_read_and_kept_when_it_is_saved() {
    for file in ["project.ron", "schema.ron", ENTITIES, DOCUMENT, ARTICLE, SHEET] {
        let bench = Bench::new();
        let (path, target) = (bench.path("study").join(file), bench.path("elsewhere/file"));
        fs::create_dir(bench.path("elsewhere")).unwrap();
        fs::rename(&path, &target).unwrap();
        symlink(&target, &path).unwrap();
        let before = fs::read_to_string(&target).unwrap();
        let mut opened = open(&bench);
        assert_eq!(opened.findings, [], "{file}");
        label(&mut opened.workspace, 4);
        opened.workspace.backup().unwrap().run(&Default::default(), &Default::default()).unwrap();
        opened.workspace.close().unwrap();
        assert_eq!(fs::read_link(&path).unwrap(), target, "{file} is a link as before");
        assert_eq!(fs::read_to_string(&target).unwrap() == before, file != SHEET, "only the sheet was saved");
        assert_eq!(fs::read_dir(bench.path("elsewhere")).unwrap().count(), 1, "nothing is left beside the file");
        assert_eq!(open(&bench).findings, [], "{file}");
        // Where the file behind the link is broken, its good copy takes the link's place: whose file it is now is not known.
        fs::write(&target, "").unwrap();
        let mut opened = open(&bench);
        let key = SheetKey::new(&DocumentId::new("taxes-hx6q9d2hx310").unwrap(), opened.workspace.coder());
        let found = [opened.findings, opened.workspace.load(&key).unwrap()].concat();
        assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["damaged"], "{file}: {found:?}");
        assert_eq!((fs::read(&target).unwrap(), path.is_symlink()), (Vec::new(), false), "{file}");
    }
}

#[test]
fn no_link_of_a_project_leads_the_program_to_write_elsewhere() {
    let bench = Bench::new();
    bench.write("outside/precious", "precious");
    let precious = bench.path("outside/precious");
    for name in [".manicule/locks/ann", ".project.ron.ann.manicule-tmp", "annotations/ann/10/.taxes-hx6q9d2hx310.ron.ann.manicule-tmp"] {
        let link = bench.path("study").join(name);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&precious, &link).unwrap();
        let mut opened = open(&bench);
        match opened.workspace.access().clone() {
            Access::ReadOnly { why } => assert!(why.ends_with("locks/ann is a link, so nothing is written there; take it away"), "{why}"),
            Access::ReadWrite => label(&mut opened.workspace, 5),
        }
        opened.workspace.close().unwrap();
        assert_eq!(fs::read_to_string(&precious).unwrap(), "precious", "{name}");
        let _ = fs::remove_file(&link);
    }
    // A folder of locks elsewhere.
    fs::remove_dir_all(bench.path("study/.manicule")).unwrap();
    symlink(bench.path("outside"), bench.path("study/.manicule")).unwrap();
    assert!(matches!(open(&bench).workspace.access(), Access::ReadOnly { .. }));
    assert_eq!(fs::read_dir(bench.path("outside")).unwrap().count(), 1);
}

#[test]
fn a_project_that_can_only_be_read_is_opened_to_be_read_and_says_why() {
    let bench = Bench::new();
    bench.write("in/a.txt", "More");
    let study = bench.path("study");
    let words = ["--bind", "-o", "ro", study.to_str().unwrap()];
    let Some(mount) = Mount::new("read-only folders", &words, &study) else { return };
    // Some systems make the mount read-only only when they are asked twice.
    let _ = Command::new("mount").args(["-o", "remount,bind,ro"]).arg(&study).status();
    let before = bench.look();
    let said = bench.run("import study in/a.txt");
    assert_eq!(
        said,
        ["manicule: study cannot be changed now: could not make the folder ROOT/study/.manicule: this place can only be read", "exit 1"]
    );
    assert_eq!(bench.run("check study"), ["1 documents checked; 0 findings", "exit 0"]);
    let said = bench.run("export study --to jsonl --out study/a.jsonl");
    assert_eq!(said, ["manicule: a.jsonl: could not be written: this place can only be read. Nothing was exported; choose another place", "exit 1"]);
    assert_eq!(bench.run("dictionary add study in/a.txt").last().unwrap(), "exit 1");
    assert!(bench.look() == before);
    drop(mount);
}

#[test]
fn a_file_that_cannot_be_replaced_stays_and_the_work_is_kept() {
    let bench = Bench::new();
    let sheet = bench.path("study").join(SHEET);
    let Some(immutable) = Immutable::new(&sheet) else { return };
    let before = bench.look();
    let mut workspace = open(&bench).workspace;
    label(&mut workspace, 4);
    let error = workspace.checkpoint_now().unwrap_err().to_string();
    let root = bench.path("").display().to_string();
    assert_eq!(error.replace(root.trim_end_matches('/'), "ROOT"), format!("could not replace ROOT/study/{SHEET}: there is no permission"));
    drop(workspace);
    drop(immutable);
    let mut again = open(&bench);
    let key = SheetKey::new(&DocumentId::new("taxes-hx6q9d2hx310").unwrap(), again.workspace.coder());
    again.workspace.load(&key).unwrap();
    assert_eq!(again.workspace.state().sheet(&key).spans.len(), 3, "the label is there");
    let now = bench.look();
    let changed: Vec<_> =
        before.keys().chain(now.keys()).filter(|path| before.get(*path) != now.get(*path)).collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!(changed, [&sheet], "finished at the next opening, and nothing else changed");
}

#[test]
fn a_full_disk_keeps_the_old_files_and_leaves_nothing_half() {
    let bench = Bench::new();
    let disk = bench.path("disk");
    fs::create_dir(&disk).unwrap();
    let Some(mount) = Mount::new("a full disk", &["-t", "tmpfs", "-o", "size=256k", "none"], &disk) else { return };
    assert!(Command::new("cp").arg("-r").arg(bench.path("study")).arg(&disk).status().unwrap().success());
    bench.write("in/long.txt", "A long text. ".repeat(30_000));
    let before = bench.look();
    let said = bench.run("import disk/study in/long.txt");
    let why = said[0].split(": ").collect::<Vec<_>>();
    assert_eq!((why.len(), why[0], *why.last().unwrap(), said[1].as_str()), (3, "manicule", "the disk is full", "exit 1"), "{said:?}");
    assert!(why[1].starts_with("could not write ROOT/disk/study/documents/") && why[1].ends_with(".txt"), "{said:?}");
    bench.run("import study in/long.txt");
    let said = bench.run("export study --to jsonl --out disk/out.jsonl");
    assert_eq!(said.last().unwrap(), "exit 1");
    assert!(said.iter().any(|line| line.contains("could not be written: the disk is full")), "{said:?}");
    let on_disk =
        |look: BTreeMap<PathBuf, String>| look.into_iter().filter(|(path, _)| path.starts_with(&disk) && !path.is_dir()).collect::<BTreeMap<_, _>>();
    assert_eq!(on_disk(bench.look()), on_disk(before));
    drop(mount);
}

#[test]
fn a_project_that_is_open_already_can_only_be_read() {
    let bench = Bench::new();
    bench.write("in/a.txt", "More");
    let opened = open(&bench);
    let said = bench.run("import study in/a.txt");
    let (words, rest) = said[0].split_once(" (").unwrap();
    assert_eq!((words, said[1].as_str()), ("manicule: study cannot be changed now: ann has it open in another window", "exit 1"));
    assert!(rest.ends_with(&format!("process {})", std::process::id())), "{said:?}");
    assert_eq!(bench.run("check study"), ["1 documents checked; 0 findings", "exit 0"]);
    drop(opened);
    assert_eq!(bench.run("import study in/a.txt"), ["1 documents imported", "exit 0"]);
}

#[test]
fn locks_that_a_crash_has_left_ask_nothing() {
    let bench = Bench::new();
    bench.know();
    bench.put(".manicule/locks/ann", "somebody on another computer, process 17");
    for entry in fs::read_dir(bench.path("state")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.join("coders").is_dir()) {
        fs::write(entry.join("coders/ann/lock"), "somebody").unwrap();
        fs::write(entry.join("coders/ann/running"), "17").unwrap();
    }
    let opened = open(&bench);
    assert_eq!((opened.workspace.access(), opened.findings.as_slice()), (&Access::ReadWrite, [].as_slice()));
}

#[test]
fn a_clock_that_is_set_back_changes_no_order_and_costs_no_state() {
    let bench = Bench::new();
    let at = |years: u64| {
        let clock = Clock::new(move || UNIX_EPOCH + Duration::from_secs(years * 31_557_600));
        let options = OpenOptions::read_write(Who::Named("Ann".into()));
        Workspace::open(&bench.path("study"), options, &bench.places().with_clock(clock)).unwrap()
    };
    for (turn, years) in [56, 31, 31, 80, 31].into_iter().enumerate() {
        let mut opened = at(years);
        assert_eq!(opened.findings, [], "year {years}: what was saved last counts");
        label(&mut opened.workspace, 4 + u32::try_from(turn).unwrap());
        opened.workspace.close().unwrap();
    }
    let mut opened = at(31);
    let key = SheetKey::new(&DocumentId::new("taxes-hx6q9d2hx310").unwrap(), opened.workspace.coder());
    assert_eq!(opened.workspace.load(&key).unwrap(), []);
    assert_eq!(opened.workspace.state().sheet(&key).spans.len(), 2 + 5);
    opened.workspace.undo().unwrap();
    assert_eq!(opened.workspace.state().sheet(&key).spans.len(), 2 + 4, "undo takes back what was done last");
    drop(opened);
    let states: Vec<String> = known_projects(&bench.places())[0].states.iter().map(|state| state.id.to_string()).collect();
    let numbers: Vec<u32> = states.iter().map(|state| state.split('/').next_back().unwrap().parse().unwrap()).collect();
    assert!(numbers.len() >= 5, "{states:?}");
    assert!(numbers.is_sorted() || numbers.iter().rev().is_sorted(), "in the order of their numbers: {states:?}");
    // What was damaged is what was saved last, whatever the clock said then.
    bench.put(SHEET, "");
    let mut opened = at(31);
    let found = [opened.findings.clone(), opened.workspace.load(&key).unwrap()].concat();
    assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["damaged"]);
    assert!(opened.workspace.state().sheet(&key).spans.len() >= 2 + 4);
}

/// Hidden characters where a hand has put them: such names are refused in new things and can be in files all the same.
const HIDDEN: &str = "x\u{1b}[2J\u{202e}\ny";

#[test]
fn no_verb_prints_what_is_hidden_in_names() {
    let bench = Bench::new();
    let ron = "x\\u{1b}[2J\\u{202e}\\ny";
    bench.change("project.ron", "\"Taxes\"", &format!("\"{ron}\""));
    bench.change("project.ron", "\"Ann\"", &format!("\"{ron}\""));
    bench.change("schema.ron", "\"News\"", &format!("\"{ron}\""));
    bench.change("schema.ron", "\"Person\"", &format!("\"{ron}\""));
    bench.change(ENTITIES, "\"Zoë Smith\"", &format!("\"{ron}\", merged_into: \"vm0000000009\""));
    bench.change(DOCUMENT, "title: \"Taxes\"", &format!("title: \"{ron}\""));
    bench.change(SHEET, "at: [(28, 31, \"Bob\")]", &format!("at: [(28, 31, \"{ron}\")]"));
    bench.change(SHEET, "\"PER\"", &format!("\"{ron}\""));
    bench.know();
    let odd = format!("in/{HIDDEN}.txt");
    bench.write(&odd, "more");
    bench.write(&format!("in/{HIDDEN}.ann"), format!("{HIDDEN}\nT1\t{HIDDEN}"));
    bench.write(&format!("in/{HIDDEN}.csv"), format!("name,id\n{},{HIDDEN}\n", HIDDEN.replace('\n', " ")));
    bench.write("in/a.csv", format!("title,text\n\"{HIDDEN}\",\"{HIDDEN}\"\n"));
    assert!(Command::new("git").arg("-C").arg(bench.path("study")).args(["init", "-q"]).status().unwrap().success());
    let table = format!("in/{HIDDEN}.csv");
    let lines: &[&[&str]] = &[
        &["new", HIDDEN],
        &["new", "other", "--name", HIDDEN],
        &["import", "study", &odd, "in/a.csv", HIDDEN],
        &["import", "study", "in"],
        &["check", "study"],
        &["check", HIDDEN],
        &["info", "study"],
        &["info", HIDDEN],
        &["export", "study", "--to", "brat", "--out", "out/brat"],
        &["export", "study", "--to", "csv", "--out", HIDDEN],
        &["export", "study", "--to", "jsonl", "--out", "out/a.jsonl", "--coder", HIDDEN],
        &["convert", "in", "--to", "jsonl", "--out", "out/c.jsonl"],
        &["convert", HIDDEN, "--to", "jsonl", "--out", HIDDEN],
        &["dictionary", "add", "study", &table],
        &["dictionary", "add", "study", &table, "--name", HIDDEN],
        &["dictionary", "add", "study", HIDDEN],
        &["dictionary", "list", "study"],
        &["dictionary", "remove", "study", HIDDEN],
        &["fields", "study", "{title}-{date}", "--dry-run"],
        &["fields", "study", HIDDEN],
        &["fields", HIDDEN, "{title}"],
        &["activity", "study"],
        &["activity", "study", "--coder", HIDDEN],
        &["states"],
        &["states", "study"],
        &["states", HIDDEN],
        &["restore", "study", "ann/1", "--into", HIDDEN],
        &["restore", "study", HIDDEN, "--into", "out/r"],
        &["formats"],
        &["templates"],
        &["schema", "export", "study"],
        &["schema", "export", "study", HIDDEN],
        &["schema", "import", "study", HIDDEN],
        &["schema", "import", "study", "in"],
        &["help-pages", "--out", HIDDEN],
        &["git-setup", "study"],
        &["git-setup", HIDDEN],
        &["merge-driver", HIDDEN, HIDDEN, HIDDEN, HIDDEN],
    ];
    let verbs: BTreeSet<&str> = lines.iter().map(|line| line[0]).collect();
    assert_eq!(verbs, VERBS.iter().map(|verb| verb.name).collect(), "every verb is tried");
    for words in lines {
        for json in [false, true] {
            let words = words.iter().map(|word| (*word).to_owned()).chain(json.then(|| "--json".to_owned())).collect::<Vec<_>>();
            for line in bench.run_words(&words) {
                if json {
                    assert!(!line.chars().any(manicule::text::hidden::is_hidden), "{words:?}: {line:?}")
                } else {
                    readable(&words.join(" "), &line)
                }
                assert!(!line.starts_with('y'), "{words:?}: a line end of a name begins a line: {line:?}");
            }
        }
    }
}

#[test]
fn what_is_hidden_in_a_text_stays_in_it() {
    let zalgo = format!("Z{}", "\u{301}".repeat(10_000));
    let texts = [
        "A\0 b\u{1}\u{1b}[2J c\u{85}\u{9f} d\u{202e}e\u{2066}f\u{200f}, and so on for a while\n".to_owned(),
        "a\r\nb\rc\n\nd\u{2028}e\u{2029}f\u{b}g\u{c}".to_owned(),
        "\u{a0}no last line end \t ".to_owned(),
        zalgo,
        "👩\u{200d}".repeat(50_000),
    ];
    for text in texts {
        let bench = Bench::new();
        bench.write("in/a.txt", &text);
        let said = bench.run("import study in/a.txt");
        assert_eq!(said, ["1 documents imported", "exit 0"]);
        let stored = |bench: &Bench| {
            let ours = bench.path("study").join(ARTICLE);
            let found = bench
                .look()
                .into_keys()
                .filter(|path| path.extension().is_some_and(|e| e == "txt") && path.starts_with(bench.path("study")) && *path != ours);
            fs::read_to_string(found.into_iter().next_back().unwrap()).unwrap()
        };
        assert_eq!(stored(&bench), text);
        assert_eq!(bench.run("export study --to jsonl --out out/a.jsonl").last().unwrap(), "exit 0");
        let other = Bench::new();
        other.write("in/a.jsonl", fs::read(bench.path("out/a.jsonl")).unwrap());
        assert_eq!(other.run("import study in/a.jsonl").last().unwrap(), "exit 0");
        assert_eq!(stored(&other), text);
        assert_eq!(bench.run("export study --to brat --out out/brat").last().unwrap(), "exit 0");
        let texts: Vec<String> = fs::read_dir(bench.path("out/brat"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "txt"))
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        assert!(texts.contains(&text) && texts.contains(&TEXT.to_owned()));
    }
}
