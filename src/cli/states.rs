//! `manicule states`: earlier states of a project, or all projects that have some.

use clap::{Arg, ArgMatches, Command};
use serde::Serialize;

use super::{Outcome, Output, Verb, project};
use crate::store::{Places, utc_text};
use crate::workspace::states::{KnownProject, ProjectState, RowCounts, known_projects};

pub(super) const VERB: Verb = Verb { name: "states", about: "List the earlier states of a project, or all projects that have some", arguments, run };

/// A state for programs.
#[derive(Serialize)]
struct StateRow {
    state: String,
    time: String,
    occasion: &'static str,
    documents: usize,
    rows: RowCounts,
    complete: bool,
}

/// A project for programs.
#[derive(Serialize)]
struct ProjectRow {
    id: String,
    name: String,
    folder: String,
    exists: bool,
    last: Option<StateRow>,
}

fn arguments(command: Command) -> Command {
    let help = "The project's folder, which need not exist any more, or its id [default: list all projects]";
    command.arg(Arg::new("project").value_name("PROJECT").help(help))
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let places = Places::from_environment()?;
    match project::text(matches, "project") {
        Some(name) => list_states(&project::find_known(&places, name)?, output),
        None => list_projects(&known_projects(&places), output),
    }
    Ok(Outcome::Fine)
}

fn list_states(project: &KnownProject, output: &mut Output) {
    output.field("id", project.id.to_string());
    output.field("name", &project.name);
    output.field("exists", project.is_there());
    output.field("states", project.states.iter().map(state_row).collect::<Vec<_>>());
    for state in &project.states {
        let StateRow { state: name, time, occasion, .. } = state_row(state);
        output.line(format!("{name}  {time}  {occasion}{}", contents(state)));
    }
    if project.states.is_empty() {
        output.line("there are no states yet");
    }
}

fn list_projects(projects: &[KnownProject], output: &mut Output) {
    let row = |project: &KnownProject| ProjectRow {
        id: project.id.to_string(),
        name: project.name.clone(),
        folder: project.place.display().to_string(),
        exists: project.is_there(),
        last: project.last_state().map(state_row),
    };
    output.field("projects", projects.iter().map(row).collect::<Vec<_>>());
    for project in projects {
        let ProjectRow { id, name, folder, exists, last } = row(project);
        let gone = if exists { "" } else { " (the folder is gone)" };
        let last = last.map_or_else(|| "no states".to_owned(), |last| format!("last state {} of {}", last.state, last.time));
        output.line(format!("{id}  {name}  {folder}{gone}: {last}"));
    }
    if projects.is_empty() {
        output.line("no project was opened on this machine yet");
    }
}

fn state_row(state: &ProjectState) -> StateRow {
    StateRow {
        state: state.id.to_string(),
        time: utc_text(state.time),
        occasion: state.occasion.as_str(),
        documents: state.documents,
        rows: state.rows,
        complete: state.is_complete,
    }
}

fn contents(state: &ProjectState) -> String {
    let RowCounts { spans, claims, relations, entities } = state.rows;
    let counts = [(state.documents, "documents"), (spans, "spans"), (claims, "claims"), (relations, "relations"), (entities, "entities")];
    let counts: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let incomplete = if state.is_complete { "" } else { " (incomplete)" };
    if counts.is_empty() { incomplete.to_owned() } else { format!(": {}{incomplete}", counts.join(", ")) }
}
