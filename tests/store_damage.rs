//! Damage to every file of a project and of its state folder: it never brings the program down, it is always noticed, and
//! the data are as they were, or both versions can be had. `MANICULE_DAMAGES` says how many damages are tried,
//! `MANICULE_SEED` which.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "support/project.rs"]
mod project;

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{
    Claim, ClaimId, Document, DocumentId, Entity, EntityId, Finding, IdSource, LabelKey, Region, RegionKind, SheetInfo, SheetKey, State,
};
use manicule::progress::{CancelToken, Progress};
use manicule::text::Text;
use manicule::workspace::{NewDocument, OpenOptions, Opened, Who, Workspace};
use project::{TestProject, add_document, add_span, new_document};

const TEXT: &str = "Kerry told Lavrov on Tuesday that Russia must stop the attacks near Aleppo.\r\nZoë\u{a0}Smith denied it.";

type Files = BTreeMap<String, Vec<u8>>;

/// A project of two coders at rest.
struct Campaign {
    project: TestProject,
    keys: Vec<SheetKey>,
    files: Files,
    data: Data,
}

/// What a project says.
#[derive(Clone, PartialEq)]
struct Data {
    state: State,
    texts: BTreeMap<DocumentId, Text>,
}

impl Data {
    fn of(workspace: &Workspace) -> Self {
        Self { state: workspace.state().clone(), texts: workspace.state().texts.clone() }
    }
}

#[derive(Clone, Copy, Debug)]
enum Damage {
    Flip(usize),
    Cut(usize),
    Hole(usize),
    Zeros,
    Delete,
}

impl Damage {
    fn random(random: &mut fastrand::Rng, len: usize) -> Self {
        match random.u32(..100) {
            0..50 => Self::Flip(random.usize(..(len * 8).max(1))),
            50..75 => Self::Cut(random.usize(..len.max(1))),
            75..90 => Self::Hole(random.usize(..len.max(1)) / 512 * 512),
            90..95 => Self::Zeros,
            _ => Self::Delete,
        }
    }

    /// None for a file that is gone.
    fn apply(self, good: &[u8]) -> Option<Vec<u8>> {
        let mut content = good.to_vec();
        match self {
            Self::Flip(bit) => content.iter_mut().skip(bit / 8).take(1).for_each(|byte| *byte ^= 1 << (bit % 8)),
            Self::Cut(len) => content.truncate(len),
            Self::Hole(at) => content.iter_mut().skip(at).take(512).for_each(|byte| *byte = 0),
            Self::Zeros => content.fill(0),
            Self::Delete => return None,
        }
        Some(content)
    }
}

fn as_coder(project: &TestProject, name: &str, seed: u64) -> Opened {
    let options = OpenOptions { ids: IdSource::seeded(seed), ..OpenOptions::read_write(Who::Named(name.into())) };
    Workspace::open(&project.dir(), options, &project.places).unwrap()
}

/// What a coder says about an article: spans that are linked, a claim with a role, a status.
fn annotate(workspace: &mut Workspace, key: &SheetKey, entity: EntityId) {
    workspace.load(key).unwrap();
    for (start, end, label) in [(0, 5, "PER"), (11, 17, "PER"), (34, 40, "ORG")] {
        add_span(workspace, key, start, end, label);
    }
    let (id, span) = workspace.state().sheet(key).spans.iter().next().map(|(id, span)| (*id, span.clone())).unwrap();
    let mut linked = span.clone();
    linked.entity = Some(entity);
    let claim =
        Claim { normalized: "Russia has to end the attacks".into(), ..Claim::new(LabelKey::new("claim").unwrap(), Some(span.ranges.clone())) };
    let info = SheetInfo { note: "difficult".into(), ..SheetInfo::default() };
    let edits = vec![
        Edit::Span(key.clone(), Change::replace(id, span, linked)),
        Edit::Claim(key.clone(), Change::insert(ClaimId(workspace.next_id()), claim)),
        Edit::Sheet(key.clone(), Change::replace((), workspace.state().sheet(key).info.clone(), info)),
    ];
    workspace.apply(Transaction::new("annotate", edits)).unwrap();
}

impl Campaign {
    fn new() -> Self {
        let project = TestProject::new();
        let mut ann = project.create();
        let ids: Vec<DocumentId> = ["Kerry", "Lavrov"].iter().map(|title| add_document(&mut ann, title, TEXT)).collect();
        let with_original = NewDocument { original: Some(b"Kerry \xe9".to_vec()), ..new_document(&mut ann, "Third", TEXT) };
        let third = ann.add_documents("add", vec![with_original], vec![]).unwrap().remove(0);
        let entity = EntityId(ann.next_id());
        ann.apply(Transaction::new("entity", vec![Edit::Entity(Change::insert(entity, Entity::new("John Kerry", None)))])).unwrap();
        ann.dictionaries().add("people.csv", b"name,id\nJohn Kerry,Q22316\n", None).unwrap();
        ann.close().unwrap();
        let keys: Vec<SheetKey> =
            ids.iter().chain([&third]).flat_map(|id| ["ann", "bob"].map(|coder| SheetKey::new(id, &coder.parse().unwrap()))).collect();
        for (name, seed) in [("ann", 11), ("bob", 12), ("ann", 13), ("bob", 14)] {
            let mut workspace = as_coder(&project, name, seed).workspace;
            for key in keys.iter().filter(|key| key.coder.as_str() == name) {
                annotate(&mut workspace, key, entity);
                workspace.checkpoint_now().unwrap();
            }
            workspace.remember("place", "here");
            Self::change_documents(&mut workspace, &ids[1], &third, name);
            workspace.checkpoint_now().unwrap();
            workspace.backup().unwrap().run(&Progress::new(), &CancelToken::new()).unwrap();
            workspace.close().unwrap();
        }
        let mut campaign = Self { files: project::files(project.root.path()), data: Data::of(&project.read().workspace), project, keys };
        let (findings, data, workspace) = campaign.look("ann").unwrap();
        assert_eq!(findings, []);
        drop(workspace);
        campaign.data = data;
        campaign.put_back();
        campaign
    }

    /// The second document gets a region, the third goes to the trash in the end.
    fn change_documents(workspace: &mut Workspace, second: &DocumentId, third: &DocumentId, name: &str) {
        let mut change = |id: &DocumentId, changed: &dyn Fn(&mut Document)| {
            let before = workspace.state().document(id).unwrap().clone();
            let mut after = before.clone();
            changed(&mut after);
            let edit = Edit::Document(Change::replace(id.clone(), before, after));
            workspace.apply(Transaction::new("document", vec![edit])).unwrap();
        };
        let region = Region { range: (0, 5).try_into().unwrap(), kind: RegionKind::Title };
        change(second, &|document| document.regions = vec![region.clone()]);
        change(third, &|document| document.in_trash = name == "bob");
    }

    /// Opens the project, loads everything, sweeps.
    fn look(&self, coder: &str) -> Result<(Vec<Finding>, Data, Workspace), String> {
        let options = OpenOptions { ids: IdSource::seeded(12), ..OpenOptions::read_write(Who::Named(coder.into())) };
        let opened = Workspace::open(&self.project.dir(), options, &self.project.places).map_err(|error| error.to_string())?;
        let (mut workspace, mut findings) = (opened.workspace, opened.findings);
        for key in &self.keys {
            match workspace.load(key) {
                Ok(found) => findings.extend(found),
                Err(error) => return Err(format!("{key:?}: {error}")),
            }
        }
        findings.extend(workspace.sweep().run(&Progress::new(), &CancelToken::new()).map_err(|error| error.to_string())?);
        Ok((findings, Data::of(&workspace), workspace))
    }

    /// Makes everything as it was.
    fn put_back(&self) {
        let root = self.project.root.path();
        let now = project::files(root);
        for path in now.keys().filter(|path| !self.files.contains_key(*path)) {
            fs::remove_file(root.join(path)).unwrap();
        }
        for (path, content) in self.files.iter().filter(|(path, content)| now.get(*path) != Some(content)) {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            fs::write(root.join(path), content).unwrap();
        }
    }

    /// Damages a file. None when nothing is wrong with what the program makes of it.
    fn try_damage(&self, path: &str, damage: Damage, coder: &str) -> Option<String> {
        let (good, file) = (&self.files[path], self.project.root.path().join(path));
        let broken = damage.apply(good);
        if broken.as_ref() == Some(good) {
            return None;
        }
        match &broken {
            Some(broken) => fs::write(&file, broken).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        let judged = catch_unwind(AssertUnwindSafe(|| self.judge(path, good, broken.as_deref(), coder)));
        self.put_back();
        judged.unwrap_or_else(|_| Some("it panicked".into()))
    }

    fn judge(&self, path: &str, good: &[u8], broken: Option<&[u8]>, coder: &str) -> Option<String> {
        let (findings, data, workspace) = match self.look(coder) {
            Ok(looked) => looked,
            Err(error) => return Some(format!("it could not be opened: {error}")),
        };
        if findings.is_empty() && !says_nothing(path) {
            return Some("it was not noticed".into());
        }
        if data != self.data {
            let Some(inside) = path.strip_prefix("study/") else { return Some(format!("the data differ: {findings:?}")) };
            let versions = workspace.versions(inside).unwrap();
            if versions.saved.as_deref() != Some(good) || versions.now.as_deref() != broken {
                return Some(format!("the data differ and there are no two versions: {findings:?}"));
            }
        }
        // Whatever it was, work goes on.
        workspace.close().err().map(|error| format!("it could not be closed: {error}"))
    }
}

/// Locks: who holds them is for people, and what they hold is nothing.
fn says_nothing(path: &str) -> bool {
    path.ends_with("/lock") || path.contains("/.manicule/locks/")
}

fn variable(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |value| value.parse().unwrap_or_else(|_| panic!("{name} is a number, not {value:?}")))
}

#[test]
fn no_damage_goes_unnoticed_or_costs_anything() {
    let campaign = Campaign::new();
    let paths: Vec<&String> = campaign.files.keys().collect();
    assert!(paths.len() > 50, "{paths:?}");
    let (damages, seed) = (variable("MANICULE_DAMAGES", 2_000), variable("MANICULE_SEED", 20_261_125));
    let mut random = fastrand::Rng::with_seed(seed);
    let mut failures = Vec::new();
    for i in 0..usize::try_from(damages).unwrap() {
        // Every file is deleted once and zeroed once; the rest is chance.
        let path = paths[i % paths.len()];
        let damage = match i / paths.len() {
            0 => Damage::Delete,
            1 => Damage::Zeros,
            _ => Damage::random(&mut random, campaign.files[path].len()),
        };
        let coder = if random.bool() { "ann" } else { "bob" };
        if let Some(why) = campaign.try_damage(path, damage, coder) {
            failures.push(format!("{path}, {damage:?}, opened by {coder}: {why}"));
        }
    }
    let count = failures.len();
    failures.truncate(40);
    assert!(count == 0, "{count} of {damages} with MANICULE_SEED={seed}:\n{}", failures.join("\n"));
    println!("D1: {damages} damages of {} files, none unnoticed, none cost anything", paths.len());
}

/// The first file of the campaign with these words in its path.
fn file_with<'c>(campaign: &'c Campaign, words: &[&str]) -> &'c str {
    campaign.files.keys().find(|path| words.iter().all(|word| path.contains(word))).unwrap_or_else(|| panic!("{words:?}"))
}

#[test]
fn damage_that_once_went_unnoticed_is_noticed() {
    let campaign = Campaign::new();
    for (words, damage, coder) in [
        // Copies that are gone, and the state folder of the other coder.
        (&["coders/ann/states/objects"][..], Damage::Delete, "ann"),
        (&["coders/ann/journal/0000000000000002"], Damage::Cut(30), "bob"),
        (&["coders/ann/states/log-copy"], Damage::Delete, "bob"),
        (&["coders/ann/seal"], Damage::Delete, "bob"),
        (&["coders/bob/remembered"], Damage::Delete, "ann"),
        // The first journal, before which nothing shows that something is missing.
        (&["coders/ann/journal/0000000000000001"], Damage::Zeros, "ann"),
        (&["coders/ann/journal/0000000000000001"], Damage::Hole(1024), "bob"),
    ] {
        let path = file_with(&campaign, words);
        assert_eq!(campaign.try_damage(path, damage, coder), None, "{path}, {damage:?}");
    }
}

/// A coder's journal files, the oldest first.
fn journals<'c>(campaign: &'c Campaign, coder: &str) -> Vec<&'c String> {
    campaign.files.keys().filter(|path| path.contains(&format!("coders/{coder}/journal/"))).collect()
}

#[test]
fn a_journal_that_lost_its_end_changes_nothing_that_was_saved() {
    let campaign = Campaign::new();
    for name in ["ann", "bob"] {
        let path = journals(&campaign, name).pop().unwrap();
        let len = campaign.files[path].len();
        for cut in (0..len).step_by(len / 60 + 1) {
            assert_eq!(campaign.try_damage(path, Damage::Cut(cut), name), None, "{path} cut at {cut}");
        }
    }
}

#[test]
fn a_damaged_journal_is_reported_until_it_is_closed_once_and_work_goes_on() {
    let campaign = Campaign::new();
    for (at, path) in journals(&campaign, "ann").into_iter().enumerate() {
        let good = &campaign.files[path];
        fs::write(campaign.project.root.path().join(path), &good[..good.len() / 2]).unwrap();
        let (findings, data, mut workspace) = campaign.look("ann").unwrap();
        assert!(findings.iter().any(|finding| finding.rule == "journal-damaged"), "{findings:?}");
        assert!(data == campaign.data);
        add_span(&mut workspace, &campaign.keys[0], 0, 5, "ORG");
        let now = Data::of(&workspace);
        // As after a crash: there is no seal, and the action is in the journal alone.
        drop(workspace);
        let (_, data, workspace) = campaign.look("ann").unwrap();
        assert!(data == now, "journal {at}");
        workspace.close().unwrap();
        let (findings, data, workspace) = campaign.look("ann").unwrap();
        assert_eq!(findings, [], "journal {at}");
        assert!(data == now, "journal {at}");
        workspace.close().unwrap();
        campaign.put_back();
    }
}

#[test]
fn a_damaged_copy_is_never_used_and_is_mended_by_the_next_backup() {
    let campaign = Campaign::new();
    let path = file_with(&campaign, &["study/project.ron"]).to_owned();
    let good = &campaign.files[&path];
    let copies: Vec<&String> =
        campaign.files.iter().filter(|(path, content)| path.contains("/objects/") && *content == good).map(|(path, _)| path).collect();
    assert!(!copies.is_empty());
    let root = campaign.project.root.path();
    for copy in &copies {
        fs::write(root.join(copy), String::from_utf8(good.clone()).unwrap().replace("Test", "Tost")).unwrap();
    }
    let (findings, data, workspace) = campaign.look("bob").unwrap();
    assert!(data == campaign.data && findings.iter().filter(|finding| finding.rule == "state-damaged").count() == copies.len(), "{findings:?}");
    workspace.backup().unwrap().run(&Progress::new(), &CancelToken::new()).unwrap();
    assert_eq!(workspace.versions("project.ron").unwrap().saved.as_ref(), Some(good));
    let bobs = copies.iter().filter(|copy| copy.contains("/bob/")).count();
    assert!(bobs > 0);
    let findings = workspace.sweep().run(&Progress::new(), &CancelToken::new()).unwrap();
    assert_eq!(findings.len(), copies.len() - bobs, "each coder mends their own: {findings:?}");
    workspace.close().unwrap();
    // With the file itself damaged too, there is nothing to open; it is not made up from the damaged copy.
    fs::write(root.join(&path), "nonsense").unwrap();
    for copy in &copies {
        fs::write(root.join(copy), String::from_utf8(good.clone()).unwrap().replace("Test", "Tost")).unwrap();
    }
    assert!(campaign.look("bob").is_err());
}

#[test]
fn the_sheet_of_another_coder_is_read_from_its_copy_and_left_as_it_is() {
    let campaign = Campaign::new();
    let path = file_with(&campaign, &["study/annotations/bob/"]).to_owned();
    let broken = &campaign.files[&path][..campaign.files[&path].len() / 2];
    let file = campaign.project.root.path().join(&path);
    fs::write(&file, broken).unwrap();
    let (findings, data, workspace) = campaign.look("ann").unwrap();
    assert!(data == campaign.data && findings.iter().any(|finding| finding.rule == "damaged"), "{findings:?}");
    workspace.close().unwrap();
    assert_eq!(fs::read(&file).unwrap(), broken, "what bob does about it is up to bob");
    let (_, data, workspace) = campaign.look("bob").unwrap();
    assert!(data == campaign.data);
    workspace.close().unwrap();
    assert_eq!(fs::read(&file).unwrap(), campaign.files[&path]);
}

#[test]
fn what_another_window_has_saved_is_no_damage() {
    let campaign = Campaign::new();
    let (findings, _, ann) = campaign.look("ann").unwrap();
    assert_eq!(findings, []);
    let mut bob = as_coder(&campaign.project, "bob", 21).workspace;
    let key = campaign.keys.iter().find(|key| key.coder == *bob.coder()).unwrap();
    bob.load(key).unwrap();
    add_span(&mut bob, key, 0, 5, "ORG");
    add_document(&mut bob, "Fourth", TEXT);
    bob.close().unwrap();
    assert_eq!(ann.sweep().run(&Progress::new(), &CancelToken::new()).unwrap(), []);
    ann.close().unwrap();
}
