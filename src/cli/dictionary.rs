//! `manicule dictionary`: the names that entities are looked up in.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::json;

use super::{Outcome, Output, Verb, project};
use crate::store::Places;
use crate::workspace::dictionaries::Dictionaries;
use crate::workspace::dictionaries::read_file;

pub(super) const VERB: Verb =
    Verb { name: "dictionary", about: "Add, list and remove the dictionaries that entities are looked up in", arguments, run };

fn arguments(command: Command) -> Command {
    let dir = || Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)).help("The project's folder");
    let file = Arg::new("file").value_name("FILE").required(true).value_parser(value_parser!(PathBuf));
    let name = |help: &'static str| Arg::new("name").value_name("NAME").help(help);
    let add = Command::new("add")
        .about("Add a table of names and ids: CSV, TSV or JSON Lines")
        .arg(dir())
        .arg(file.help("Columns or keys: name, id (Wikidata id or web address), type, aliases"))
        .arg(name("What to call it [default: the file's name]").long("name"));
    let list = Command::new("list").about("List the project's dictionaries").arg(dir());
    let remove = Command::new("remove")
        .about("Move a dictionary to the project's trash")
        .arg(dir())
        .arg(name("Its name (see `dictionary list`)").required(true));
    command.subcommand_required(true).arg_required_else_help(true).subcommands([add, list, remove])
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let Some((action, matches)) = matches.subcommand() else { return Ok(Outcome::WrongUse) };
    let dictionaries =
        Dictionaries::of_project(&project::path(matches, "dir"), &Places::from_environment()?).context("could not open the project")?;
    match action {
        "add" => add(&dictionaries, matches, output),
        "list" => list(&dictionaries, output),
        "remove" => remove(&dictionaries, matches, output),
        _ => Ok(Outcome::WrongUse),
    }
}

fn add(dictionaries: &Dictionaries, matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let path = project::path(matches, "file");
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = read_file(&path)?;
    let added = dictionaries.add(&file, &bytes, project::text(matches, "name"))?;
    output.field("name", &added.name);
    output.field("entries", added.entries);
    let outcome = output.findings(&added.findings);
    output.line(format!("added the dictionary “{}” with {} entries", added.name, added.entries));
    Ok(outcome)
}

fn list(dictionaries: &Dictionaries, output: &mut Output) -> anyhow::Result<Outcome> {
    let (mut rows, mut findings) = (Vec::new(), Vec::new());
    for name in dictionaries.list()? {
        let (dictionary, found) = dictionaries.load(&name)?;
        output.line(format!("{name}: {} entries", dictionary.len()));
        rows.push(json!({ "name": name, "entries": dictionary.len() }));
        findings.extend(found);
    }
    output.field("dictionaries", rows);
    Ok(output.findings(&findings))
}

fn remove(dictionaries: &Dictionaries, matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let name = project::text(matches, "name").unwrap_or_default();
    dictionaries.remove(name)?;
    output.field("removed", name);
    output.line(format!("moved the dictionary “{name}” to the project's trash"));
    Ok(Outcome::Fine)
}
