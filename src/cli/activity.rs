//! `manicule activity`: what a coder did, when and for how long.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};

use super::{Outcome, Output, Verb, project};
use crate::workspace::activity::to_csv;

pub(super) const VERB: Verb =
    Verb { name: "activity", about: "Print the log of what a coder did on this machine, and how long it took, as CSV", arguments, run };

fn arguments(command: Command) -> Command {
    let dir = Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)).help("The project's folder");
    command.arg(dir).arg(Arg::new("coder").long("coder").value_name("KEY").help("Whose log [default: everybody's on this machine]"))
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let (workspace, findings) = project::open_to_read(&project::path(matches, "dir"))?;
    let mut activities = workspace.activity_logs().read()?;
    if let Some(coder) = project::text(matches, "coder") {
        activities.retain(|activity| activity.coder == coder);
    }
    output.field("activity", &activities);
    String::from_utf8_lossy(&to_csv(&activities)).lines().for_each(|line| output.line(line));
    Ok(output.findings(&findings))
}
