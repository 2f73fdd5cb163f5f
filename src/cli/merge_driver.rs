//! `manicule merge-driver`: what git runs for each file of a project that both sides of a merge have changed.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Arg, ArgMatches, Command, value_parser};

use super::{Outcome, Output, Verb, project};
use crate::store::merge::{MergeFiles, merge_files};

pub(super) const VERB: Verb =
    Verb { name: "merge-driver", about: "Merge three versions of a project's file by row; git runs it (see `git-setup`)", arguments, run };

/// Notes that are printed; the file has all.
const MAX_PRINTED: usize = 20;

fn arguments(command: Command) -> Command {
    let file = |name, value, help| Arg::new(name).value_name(value).required(true).value_parser(value_parser!(PathBuf)).help(help);
    command
        .arg(file("base", "BASE", "What both sides started from; an empty file where both added it (%O)"))
        .arg(file("ours", "OURS", "One side; the result replaces it (%A)"))
        .arg(file("theirs", "THEIRS", "The other side (%B)"))
        .arg(Arg::new("path").value_name("PATH").required(true).help("Where the file lies in the repository (%P)"))
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let [base, ours, theirs] = ["base", "ours", "theirs"].map(|name| project::path(matches, name));
    let path = project::text(matches, "path").unwrap_or_default();
    let files = MergeFiles { base: &base, ours: &ours, theirs: &theirs, path };
    let notes = merge_files(files).with_context(|| format!("could not merge {path}; nothing was changed, and git will call it a conflict"))?;
    output.field("changed_by_both", &notes);
    for note in notes.iter().take(MAX_PRINTED) {
        output.line(format!("{path}: {note}"));
    }
    if !notes.is_empty() {
        output.line(format!("{path}: merged; {} values were changed by both sides and are noted in the file: see `manicule check`", notes.len()));
    }
    Ok(Outcome::Fine)
}
