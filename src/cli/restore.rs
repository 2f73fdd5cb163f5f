//! `manicule restore`: writes an earlier state of a project into a new folder.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Arg, ArgMatches, Command, value_parser};

use super::{Outcome, Output, Verb, project};
use crate::progress::{CancelToken, Progress};
use crate::store::{Places, random_ids};

pub(super) const VERB: Verb = Verb { name: "restore", about: "Write an earlier state of a project into a new folder", arguments, run };

fn arguments(command: Command) -> Command {
    let into = Arg::new("into").long("into").value_name("FOLDER").required(true).value_parser(value_parser!(PathBuf));
    command
        .arg(Arg::new("project").value_name("PROJECT").required(true).help("The project's folder, which need not exist any more, or its id"))
        .arg(Arg::new("state").value_name("STATE").required(true).help("The state, as `states` lists it: ann/12"))
        .arg(into.help("A new or empty folder; the copy is a project of its own"))
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let places = Places::from_environment()?;
    let known = project::find_known(&places, project::text(matches, "project").unwrap_or_default())?;
    let state = known.find_state(project::text(matches, "state").unwrap_or_default())?;
    let target = project::path(matches, "into");
    let job = known.copy(&state.id, &target, &places, &mut random_ids())?;
    let copied = job.run(&Progress::new(), &CancelToken::new()).context("could not write the copy")?;
    output.field("state", state.id.to_string());
    output.field("files", copied.files);
    output.line(format!("wrote the state {} of “{}” into {}: {} files", state.id, known.name, target.display(), copied.files));
    Ok(output.findings(&copied.findings))
}
