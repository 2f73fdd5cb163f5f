//! `manicule fields`: fields of documents from the names of their files.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Outcome, Output, Verb, project};
use crate::edit::ops::fields_from_names;
use crate::model::{Document, NamePattern, Underscores};
use crate::store::Places;

pub(super) const VERB: Verb = Verb { name: "fields", about: "Take fields of documents from the names of their files", arguments, run };

fn arguments(command: Command) -> Command {
    command
        .arg(Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)).help("The project's folder"))
        .arg(Arg::new("pattern").value_name("PATTERN").required(true).help("Such as {date}_{source}_{title}; {author}, {language}, {skip}"))
        .arg(Arg::new("underscores").long("underscores").action(ArgAction::SetTrue).help("Underscores inside a field stand for blanks"))
        .arg(Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only say what would change"))
        .arg(Arg::new("coder").long("coder").value_name("NAME").help("Who does it [default: you]"))
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let pattern = NamePattern::parse(project::text(matches, "pattern").unwrap_or_default())?;
    let underscores = if matches.get_flag("underscores") { Underscores::AreBlanks } else { Underscores::Stay };
    let dir = project::path(matches, "dir");
    let coder = project::importing_coder(matches, &dir, &Places::from_environment()?);
    let is_dry = matches.get_flag("dry-run");
    let (mut workspace, findings) = if is_dry { project::open_to_read(&dir)? } else { project::open_to_write(&dir, coder)? };
    let named = |(_, document): &(_, &Document)| !document.file_name.is_empty();
    let others: Vec<String> = workspace
        .state()
        .present_documents()
        .filter(named)
        .filter(|(_, document)| pattern.read(&document.file_name, underscores).is_none())
        .map(|(_, document)| document.file_name.clone())
        .collect();
    let transaction = fields_from_names(workspace.state(), workspace.state().present_documents().map(|(id, _)| id), &pattern, underscores)?;
    let changed = transaction.edits.len();
    if !is_dry {
        workspace.apply(transaction)?;
        project::close(workspace)?;
    }
    output.field("changed", changed);
    output.field("names_that_do_not_fit", &others);
    output.line(format!("{} {changed} documents", if is_dry { "would change" } else { "changed" }));
    if !others.is_empty() {
        output.line(format!("{} names do not fit; their documents stay as they are:", others.len()));
        others.iter().take(20).for_each(|name| output.line(format!("  {name}")));
    }
    Ok(output.findings(&findings))
}
