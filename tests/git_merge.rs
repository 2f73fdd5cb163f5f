//! Git merges two clones of a project with the real binary: nobody's work is lost, and there are no conflict marks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use std::fs;
use std::path::Path;
use std::process::Command;

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Color, Entity, EntityId, Finding, Label, LabelKey, LabelKind, SheetKey, Span, SpanExtras, SpanId};
use manicule::store::layout::{SCHEMA, Shelf, entities_path, entity_shard, sheet_path};
use manicule::store::merge::merge;
use manicule::store::schema_file::{read_schema, write_schema};
use manicule::workspace::Workspace;
use project::{TestProject, add_document, add_span, files};

const TEXT: &str = "Kerry met Lavrov in Vienna";

/// What a program said, and its exit code.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    #[track_caller]
    fn is(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

fn run(program: &str, dir: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(program);
    command.current_dir(dir).args(arguments).env("MANICULE_STATE_DIR", dir.join("state")).env("HOME", dir).env("GIT_CONFIG_NOSYSTEM", "1");
    command.env("GIT_CEILING_DIRECTORIES", dir.parent().unwrap()).env_remove("GIT_DIR").env_remove("XDG_CONFIG_HOME");
    for variable in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
        command.env(variable, "tester");
    }
    let output = command.output().unwrap_or_else(|error| panic!("{program} is needed for this test: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

fn git(dir: &Path, line: &str) -> Run {
    run("git", dir, &line.split(' ').collect::<Vec<_>>())
}

fn manicule(dir: &Path, arguments: &[&str]) -> Run {
    run(env!("CARGO_BIN_EXE_manicule"), dir, arguments)
}

/// A clone with the project in the folder `study`.
struct Clone {
    project: TestProject,
    key: SheetKey,
    span: SpanId,
    entity: EntityId,
}

impl Clone {
    /// A repository with an article, a span and an entity.
    fn first() -> Self {
        let project = TestProject::new();
        let mut workspace = project.create();
        let key = SheetKey::new(&add_document(&mut workspace, "Kerry", TEXT), workspace.coder());
        add_span(&mut workspace, &key, 0, 5, "PER");
        let span = *workspace.state().sheet(&key).spans.keys().next().unwrap();
        let entity = EntityId(workspace.next_id());
        apply(&mut workspace, Edit::Entity(Change::insert(entity, Entity::new("Kerry", None))));
        workspace.close().unwrap();
        let clone = Self { project, key, span, entity };
        git(clone.dir(), "init -q -b main").is(0);
        clone.commit();
        clone
    }

    fn again(&self) -> Self {
        let project = TestProject::new();
        git(project.root.path(), &format!("clone -q {} .", self.dir().display())).is(0);
        Self { project, key: self.key.clone(), span: self.span, entity: self.entity }
    }

    fn dir(&self) -> &Path {
        self.project.root.path()
    }

    fn commit(&self) {
        git(self.dir(), "add study").is(0);
        git(self.dir(), "commit -q -m work").is(0);
    }

    /// Opens the project, works, saves and commits.
    fn work(&self, work: impl FnOnce(&mut Workspace)) {
        let mut workspace = self.project.open().workspace;
        workspace.load(&self.key).unwrap();
        work(&mut workspace);
        workspace.close().unwrap();
        self.commit();
    }

    fn change_span(&self, workspace: &mut Workspace, label: &str, note: &str) {
        let before = workspace.state().sheet(&self.key).spans[&self.span].clone();
        let extras = SpanExtras { note: note.to_owned(), ..before.extras().clone() };
        let after = Span::new(before.ranges.clone(), LabelKey::new(label).unwrap()).with_extras(extras);
        apply(workspace, Edit::Span(self.key.clone(), Change::replace(self.span, before, after)));
    }

    fn change_entity(&self, workspace: &mut Workspace, change: impl FnOnce(&mut Entity)) {
        let before = workspace.state().entities[&self.entity].clone();
        let mut after = before.clone();
        change(&mut after);
        apply(workspace, Edit::Entity(Change::replace(self.entity, before, after)));
    }
}

fn apply(workspace: &mut Workspace, edit: Edit) {
    workspace.apply(Transaction::new("work", vec![edit])).unwrap();
}

fn label(key: &str) -> LabelKey {
    LabelKey::new(key).unwrap()
}

fn rename_label(workspace: &mut Workspace, key: &str, name: &str) {
    let before = workspace.state().schema.labels[&label(key)].clone();
    let after = Label { name: name.to_owned(), ..before.clone() };
    apply(workspace, Edit::Label(Change::replace(label(key), before, after)));
}

fn messages(findings: &[Finding], rule: &str) -> Vec<String> {
    findings.iter().filter(|finding| finding.rule == rule).map(|finding| finding.message.clone()).collect()
}

#[test]
fn git_merges_two_clones_and_keeps_the_work_of_both() {
    let (a, sheet) = (Clone::first(), |clone: &Clone| sheet_path(&clone.key, Shelf::Live));
    let b = a.again();
    a.work(|workspace| {
        a.change_span(workspace, "ORG", "by a");
        add_span(workspace, &a.key, 10, 16, "PER");
        a.change_entity(workspace, |entity| entity.aliases.extend(["Secretary".to_owned()]));
        rename_label(workspace, "PER", "Person");
    });
    b.work(|workspace| {
        b.change_span(workspace, "claim", "");
        add_span(workspace, &b.key, 20, 26, "ORG");
        b.change_entity(workspace, |entity| {
            entity.aliases.insert("John".to_owned());
            entity.name = "John Kerry".to_owned();
        });
        let new = Label::new("Place", LabelKind::Entity, Color::from_palette(4), 3);
        apply(workspace, Edit::Label(Change::insert(label("LOC"), new)));
    });
    let setup = manicule(a.dir(), &["git-setup", "study"]).is(0);
    assert!(setup.out.contains("set merge.manicule.driver") && setup.out.contains("now merges this project by row"), "{setup:?}");
    git(a.dir(), &format!("fetch -q {} main", b.dir().display())).is(0);
    let merged = git(a.dir(), "merge -q --no-edit FETCH_HEAD").is(0);
    assert!(merged.out.contains("label: kept") && merged.out.contains("1 values were changed by both sides"), "{merged:?}");
    for (path, content) in files(&a.project.dir()) {
        assert!(!content.windows(4).any(|bytes| bytes == b"<<<<"), "{path}");
    }

    let opened = a.project.open();
    let mut workspace = opened.workspace;
    assert_eq!(messages(&opened.findings, "row-put-aside"), Vec::<String>::new());
    let findings = workspace.load(&a.key).unwrap();
    let both = messages(&findings, "changed-by-both");
    assert!(both.len() == 1 && both[0].contains("“Kerry” was changed by both sides of a git merge: label: kept \"claim\", not \"ORG\""), "{both:?}");
    let (state, sheet_now) = (workspace.state(), workspace.state().sheet(&a.key));
    assert_eq!((sheet_now.spans.len(), sheet_now.spans[&a.span].note()), (3, "by a"));
    let entity = &state.entities[&a.entity];
    assert_eq!((entity.name.as_str(), entity.aliases.iter().map(String::as_str).collect::<Vec<_>>()), ("John Kerry", vec!["John", "Secretary"]));
    assert_eq!((state.schema.labels[&label("PER")].name.as_str(), state.schema.labels[&label("LOC")].position), ("Person", 3));
    drop(workspace);
    let check = manicule(a.dir(), &["check", "study"]).is(1);
    assert!(check.out.contains("changed by both sides of a git merge"), "{check:?}");

    // The other clone merges the other way round: the same files.
    manicule(b.dir(), &["git-setup", "study"]).is(0);
    git(b.dir(), &format!("fetch -q {} main", a.dir().display())).is(0);
    git(a.dir(), "branch before HEAD~1").is(0);
    git(b.dir(), &format!("fetch -q {} before", a.dir().display())).is(0);
    git(b.dir(), "merge -q --no-edit FETCH_HEAD").is(0);
    for path in [SCHEMA.to_owned(), sheet(&a), entities_path(&entity_shard(a.entity))] {
        assert_eq!(fs::read_to_string(a.project.path(&path)).unwrap(), fs::read_to_string(b.project.path(&path)).unwrap());
    }
}

#[test]
fn what_both_clones_added_is_merged_without_a_base() {
    let a = Clone::first();
    let b = a.again();
    let add = |clone: &Clone, id: u64, name: &str| {
        let id = EntityId(manicule::model::Id::from_bits(id));
        clone.work(|workspace| apply(workspace, Edit::Entity(Change::insert(id, Entity::new(name, None)))));
    };
    // Small numbers share a file, which neither has yet.
    add(&a, 1, "by a");
    add(&b, 2, "by b");
    manicule(a.dir(), &["git-setup", "study"]).is(0);
    git(a.dir(), &format!("fetch -q {} main", b.dir().display())).is(0);
    git(a.dir(), "merge -q --no-edit FETCH_HEAD").is(0);
    let names: Vec<String> = a.project.read().workspace.state().entities.values().map(|entity| entity.name.clone()).collect();
    assert_eq!(names[..2], ["by a", "by b"]);
}

#[test]
fn a_clone_is_set_up_once_and_put_right_where_it_differs() {
    let clone = Clone::first();
    let setup = || manicule(clone.dir(), &["git-setup", "study"]).is(0).out;
    assert_eq!(setup().lines().count(), 3);
    assert_eq!(setup(), "git merges this project by row already\n");
    git(clone.dir(), "config merge.manicule.driver other").is(0);
    assert!(setup().starts_with("set merge.manicule.driver to `"));
    let driver = git(clone.dir(), "config merge.manicule.driver").is(0).out;
    assert!(driver.ends_with(" merge-driver %O %A %B %P\n"), "{driver}");
    let attributes = clone.project.path(".gitattributes");
    let good = fs::read_to_string(&attributes).unwrap();
    assert!(good.contains("*.ron -text merge=manicule") && good.contains("*.txt -text"), "{good}");
    fs::write(&attributes, "*.ron merge=other\n*.csv text").unwrap();
    assert!(setup().starts_with("completed .gitattributes"));
    assert_eq!(fs::read_to_string(&attributes).unwrap(), format!("*.ron merge=other\n*.csv text\n{good}"));
    // Without the file git takes the one of the last commit.
    git(clone.dir(), "rm -q --force study/.gitattributes").is(0);
    assert!(setup().starts_with("completed .gitattributes"));
    assert_eq!(setup(), "git merges this project by row already\n");
    let json = manicule(clone.dir(), &["git-setup", "study", "--json"]).is(0).out;
    assert!(json.contains(r#""done":[]"#), "{json}");
}

#[test]
fn what_cannot_be_set_up_is_said() {
    let project = TestProject::new();
    project.create().close().unwrap();
    let root = project.root.path();
    let no_repository = manicule(root, &["git-setup", "study"]).is(1);
    assert!(no_repository.err.contains("study is in no git repository") && no_repository.err.contains("git init"), "{no_repository:?}");
    let no_project = manicule(root, &["git-setup"]).is(1);
    assert!(no_project.err.contains("is not a Manicule project"), "{no_project:?}");
    let mut without_git = Command::new(env!("CARGO_BIN_EXE_manicule"));
    let output = without_git.current_dir(root).args(["git-setup", "study"]).env("PATH", root.join("nothing")).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && error.contains("git was not found; install it"), "{error}");
}

#[test]
fn bad_files_stay_as_they_are_and_git_is_told() {
    let (clone, dir) = (Clone::first(), tempfile::tempdir().unwrap());
    let dir = dir.path();
    let path = sheet_path(&clone.key, Shelf::Live);
    let good = fs::read(clone.project.path(&path)).unwrap();
    let text = String::from_utf8(good.clone()).unwrap();
    let newer = text.replacen("format: 1", "format: 2, mystery: Whatever(1)", 1);
    let marks = text.replacen("  spans", "<<<<<<< ours\n  spans", 1);
    let not_whole = &text[..text.len() / 2];
    let bad: [(&[u8], &str); 6] = [
        (newer.as_bytes(), "was written by a newer Manicule (format 2"),
        (marks.as_bytes(), "line 6, column 1"),
        (not_whole.as_bytes(), "line "),
        (b"", "is empty"),
        (b"caf\xE9", "is not UTF-8 (byte 3)"),
        (b"(format: 0)", "no valid format number"),
    ];
    for (content, why) in bad {
        for (side, name) in [(0, "the common base"), (1, "ours"), (2, "theirs")] {
            // An empty base is none.
            if content.is_empty() && side == 0 {
                continue;
            }
            let mut contents = [good.as_slice(); 3];
            contents[side] = content;
            for (file, content) in ["base", "ours", "theirs"].into_iter().zip(contents) {
                fs::write(dir.join(file), content).unwrap();
            }
            let run = manicule(dir, &["merge-driver", "base", "ours", "theirs", &format!("study/{path}")]).is(1);
            assert!(run.err.contains(why) && run.err.contains(&format!("({name})")) && run.err.contains("nothing was changed"), "{why}: {run:?}");
            assert_eq!(fs::read(dir.join("ours")).unwrap(), contents[1]);
        }
    }
    fs::write(dir.join("theirs"), &good).unwrap();
    fs::write(dir.join("ours"), &good).unwrap();
    let stranger = manicule(dir, &["merge-driver", "base", "ours", "theirs", "study/notes.txt"]).is(1);
    assert!(stranger.err.contains("is not a file of a Manicule project that can be merged"), "{stranger:?}");
    let missing = manicule(dir, &["merge-driver", "nowhere", "ours", "theirs", &path]).is(1);
    assert!(missing.err.contains("could not read nowhere"), "{missing:?}");
    manicule(dir, &["merge-driver", "base", "ours"]).is(2);
    assert_eq!(fs::read(dir.join("ours")).unwrap(), good);
}

#[test]
fn entities_that_are_broken_are_not_merged() {
    let good = "(\n  format: 1,\n  entities: [\n    (id: \"vm0000000001\", name: \"Kerry\"),\n  ],\n)\n";
    let broken = good.replace("name:", "nom:");
    let error = merge("entities/vm.ron", Some(good.as_bytes()), [good.as_bytes(), broken.as_bytes()]).unwrap_err().to_string();
    assert!(error.starts_with("entities/vm.ron (theirs): ") && error.contains("nom"), "{error}");
}

#[test]
fn labels_that_are_put_under_each_other_leave_a_codebook_that_can_be_read() {
    let codebook = |parents: [Option<&str>; 2]| {
        let mut schema = project::new_project().schema;
        for (key, parent) in ["ORG", "PER"].into_iter().zip(parents) {
            schema.labels.get_mut(&label(key)).unwrap().parent = parent.map(label);
        }
        write_schema(&schema)
    };
    let (base, a, b) = (codebook([None, None]), codebook([Some("PER"), None]), codebook([None, Some("ORG")]));
    let merged = merge("some/where/schema.ron", Some(base.as_bytes()), [a.as_bytes(), b.as_bytes()]).unwrap();
    assert_eq!(merged, merge("schema.ron", Some(base.as_bytes()), [b.as_bytes(), a.as_bytes()]).unwrap());
    let schema = read_schema(&merged.content).unwrap();
    assert_eq!((&schema.labels[&label("ORG")].parent, &schema.labels[&label("PER")].parent), (&None, &Some(label("ORG"))));
    assert_eq!(merged.notes, ["label ORG: parent: kept nothing, not \"PER\", which is below it"]);
}
