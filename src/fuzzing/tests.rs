//! Replays `fuzz/corpus/` and mutations of it, always the same ones.
//!
//! `MANICULE_F1` is how many mutations each target gets, `MANICULE_F1_TARGET` names one target alone, and
//! `MANICULE_SEED` and `MANICULE_CASE` choose others and one of them. The seeds of the corpus are in `seeds.rs`.

mod mutate;
mod seeds;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{TARGETS, Target, parts};

/// Mutations of each target on every landing.
const USUAL: u64 = 150;
const SEED: u64 = 20_260_522;
/// Targets run at the same time.
const THREADS: usize = 4;

fn variable(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} is a number, not {value:?}")))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The inputs of a target by name.
fn corpus(target: &Target) -> Vec<(String, Vec<u8>)> {
    let dir = root().join("corpus").join(target.name);
    let entries = std::fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())).collect()
}

fn targets() -> Vec<&'static Target> {
    let only = std::env::var("MANICULE_F1_TARGET").ok();
    TARGETS.iter().filter(|target| only.as_deref().is_none_or(|only| only == target.name)).collect()
}

/// What is wrong with an input, and the input, which goes into a file, too.
fn fault(target: &Target, case: &str, input: &[u8]) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(|| (target.run)(input))).err()?;
    let words = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    let shown: String = words.unwrap_or_default().chars().take(2000).collect();
    let kept = std::env::temp_dir().join(format!("manicule-f1-{}", target.name));
    let _ = std::fs::write(&kept, input);
    Some(format!("{}: {case}: {shown}\nthe input is in {}: b\"{}\"", target.name, kept.display(), input.escape_ascii()))
}

/// The first fault of a target, over its corpus and mutations of it.
fn first_fault(target: &Target, mutations: u64) -> Option<String> {
    let corpus = corpus(target);
    if let Some(fault) = corpus.iter().find_map(|(name, input)| fault(target, name, input)) {
        return Some(fault);
    }
    let inputs: Vec<Vec<u8>> = corpus.into_iter().map(|(_, input)| input).collect();
    let seed = variable("MANICULE_SEED").unwrap_or(SEED);
    let cases = variable("MANICULE_CASE").map_or(0..mutations, |case| case..case + 1);
    cases.into_iter().find_map(|case| {
        let input = mutate::mutation(seed.wrapping_add(case), &inputs);
        fault(target, &format!("MANICULE_F1_TARGET={} MANICULE_SEED={seed} MANICULE_CASE={case}", target.name), &input)
    })
}

#[test]
fn every_reader_stands_the_corpus_and_mutations_of_it() {
    let (targets, mutations) = (targets(), variable("MANICULE_F1").unwrap_or(USUAL));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut faults = Vec::new();
        while let Some(target) = targets.get(next.fetch_add(1, Ordering::SeqCst)) {
            faults.extend(first_fault(target, mutations));
        }
        faults
    };
    let faults: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    println!("{} targets, {mutations} mutations each, no fault", targets.len());
}

#[test]
fn every_target_has_a_corpus_and_a_program() {
    let names: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names.len(), TARGETS.len(), "each name once");
    let folders = std::fs::read_dir(root().join("corpus")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(folders.collect::<BTreeSet<_>>(), names.iter().map(|name| (*name).to_owned()).collect());
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for target in TARGETS {
        assert!(!target.about.is_empty());
        assert!(corpus(&target).len() > 1, "{} has too small a corpus", target.name);
        assert!(corpus(&target).iter().all(|(_, input)| input.len() <= 8192), "small inputs only");
        let program = std::fs::read_to_string(root().join(format!("fuzz_targets/{}.rs", target.name))).unwrap();
        assert!(program.contains(&format!("manicule::fuzzing::run(\"{}\"", target.name)), "{}", target.name);
        assert!(manifest.contains(&format!("name = \"{0}\"\npath = \"fuzz_targets/{0}.rs\"\n", target.name)), "{}", target.name);
    }
}

/// `MANICULE_UPDATE_CORPUS=1` writes those that are missing.
#[test]
fn the_seeds_of_the_corpus_are_there() {
    let update = std::env::var("MANICULE_UPDATE_CORPUS").is_ok();
    for (target, name, content) in seeds::all() {
        let path = root().join("corpus").join(target).join(&name);
        if update {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &content).unwrap();
        }
        assert!(path.is_file(), "{} is missing; MANICULE_UPDATE_CORPUS=1 writes it", path.display());
    }
}

#[test]
fn inputs_are_cut_into_their_parts() {
    assert_eq!(parts::<3>(b"a\n=====\n\n=====\nb\n=====\nc"), [&b"a"[..], b"", b"b\n=====\nc"]);
    assert_eq!(parts::<2>(b"a"), [&b"a"[..], b""]);
    assert_eq!(parts::<1>(b"a\n=====\nb"), [&b"a\n=====\nb"[..]]);
}
