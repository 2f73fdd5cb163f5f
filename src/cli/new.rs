//! `manicule new`: makes a project.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Outcome, Output, Verb, project};
use crate::store::templates::{TEMPLATES, template};
use crate::store::{Places, random_ids};
use crate::workspace::{NewProject, Workspace};

pub(super) const VERB: Verb = Verb { name: "new", about: "Make a project in a new or empty folder", arguments, run };

fn arguments(command: Command) -> Command {
    let names = PossibleValuesParser::new(TEMPLATES.iter().map(|template| template.name));
    command
        .arg(Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)).help("The project's folder"))
        .arg(Arg::new("template").long("template").value_name("NAME").value_parser(names).help("The codebook to begin with (see `templates`)"))
        .arg(Arg::new("example").long("example").action(ArgAction::SetTrue).help("Begin with the template's marked example as first article"))
        .arg(Arg::new("name").long("name").value_name("NAME").help("The project's name [default: the folder's]"))
        .arg(Arg::new("coder").long("coder").value_name("NAME").help("Who annotates [default: the user]"))
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let dir = project::path(matches, "dir");
    let places = Places::from_environment()?;
    let chosen = match project::text(matches, "template") {
        Some(name) => template(name),
        None => TEMPLATES.first(),
    };
    let chosen = chosen.context("there is no such template")?;
    let folder = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let new = NewProject {
        name: project::text(matches, "name").map_or(folder, str::to_owned),
        schema: chosen.schema().context("the template is broken")?,
        guidelines: chosen.guidelines.to_owned(),
        coder: project::coder_name(matches, &places),
    };
    let name = new.name.clone();
    let example =
        matches.get_flag("example").then(|| chosen.fresh_example(&new.schema, random_ids())).transpose().context("the template is broken")?;
    let mut workspace = Workspace::create(&dir, new, &places, random_ids()).context("could not make the project")?;
    if let Some(example) = example {
        workspace.add_example(example).context("could not add the example")?;
    }
    output.field("project", workspace.state().project.id.to_string());
    output.field("coder", workspace.coder());
    output.field("template", chosen.name);
    project::close(workspace)?;
    output.line(format!("made the project “{name}” in {} with the codebook “{}”", dir.display(), chosen.title));
    Ok(Outcome::Fine)
}
