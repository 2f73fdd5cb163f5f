//! `manicule schema`: takes a codebook out of a project, or takes another one over.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;

use super::{Outcome, Output, Verb, project};
use crate::edit::ops::{Adoption, Others, RowFate, adopt_schema, plan_adoption};
use crate::model::Severity;
use crate::progress::{CancelToken, Progress};
use crate::store::Places;
use crate::store::schema_file::write_schema;
use crate::workspace::codebook::{read_codebook, write_codebook};

pub(super) const VERB: Verb =
    Verb { name: "schema", about: "Export the codebook of a project, or import one from RON, brat or REFI-QDA", arguments, run };

fn arguments(command: Command) -> Command {
    let dir = || Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)).help("The project's folder");
    let file = || Arg::new("file").value_name("FILE").value_parser(value_parser!(PathBuf));
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let export = Command::new("export")
        .about("Write the codebook as RON")
        .arg(dir())
        .arg(file().help("The new file, for REFI-QDA where it ends in .qdc [default: print it]"));
    let import = Command::new("import")
        .about("Take over a codebook: new rows come, same keys change, what is used is retired where it would go")
        .arg(dir())
        .arg(file().required(true).help(
            "A schema.ron, an annotation.conf of brat (visual.conf and kb_shortcuts.conf beside it are read too), a .qdc, or a folder with one",
        ))
        .arg(flag("keep", "Keep what the file does not have"))
        .arg(flag("dry-run", "Only say what would happen"))
        .arg(Arg::new("coder").long("coder").value_name("NAME").help("Who does it [default: the project's only coder, else the user]"));
    command.subcommand_required(true).subcommand(export).subcommand(import)
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    match matches.subcommand() {
        Some(("export", matches)) => export(matches, output),
        Some((_, matches)) => import(matches, output),
        None => Ok(Outcome::WrongUse),
    }
}

fn export(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let (workspace, mut findings) = project::open_to_read(&project::path(matches, "dir"))?;
    match matches.get_one::<PathBuf>("file") {
        Some(file) => {
            let losses = write_codebook(&workspace.state().schema, file, &Places::from_environment()?).context("could not write the codebook")?;
            findings.extend(losses);
            output.field("file", file.display().to_string());
            output.line(format!("wrote the codebook “{}” to {}", workspace.state().schema.info.name, file.display()));
        }
        None => {
            let page = write_schema(&workspace.state().schema);
            page.lines().for_each(|line| output.line(line));
            output.field("codebook", page);
        }
    }
    Ok(output.findings(&findings))
}

fn import(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let dir = project::path(matches, "dir");
    let others = if matches.get_flag("keep") { Others::Keep } else { Others::TakeOut };
    let is_dry = matches.get_flag("dry-run");
    let (mut workspace, mut findings) = if is_dry {
        project::open_to_read(&dir)?
    } else {
        project::open_to_write(&dir, project::importing_coder(matches, &dir, &Places::from_environment()?))?
    };
    let read = read_codebook(&project::path(matches, "file"), &workspace.state().schema)?;
    let (uses, unread) = workspace.codebook_uses().run(&Progress::new(), &CancelToken::new());
    findings.extend(read.findings);
    let is_unsafe = unread.iter().any(|finding| finding.severity == Severity::Error);
    findings.extend(unread);
    // What a sheet uses that cannot be read is not known: nothing is taken out then.
    let plan = plan_adoption(&workspace.state().schema, &read.schema, &uses, if is_unsafe { Others::Keep } else { others });
    if !is_dry {
        workspace.apply(adopt_schema(workspace.state(), &plan))?;
        project::close(workspace)?;
    }
    print_plan(&plan, is_dry, output);
    Ok(output.findings(&findings))
}

fn print_plan(plan: &Adoption, is_dry: bool, output: &mut Output) {
    let row = |line: &crate::edit::ops::AdoptionLine| json!({ "list": line.list, "key": line.key, "name": line.name, "fate": line.fate.as_str(), "uses": line.uses });
    output.field("rows", plan.lines.iter().map(row).collect::<Vec<_>>());
    for line in &plan.lines {
        let uses = if line.uses > 0 { format!(" ({} uses)", line.uses) } else { String::new() };
        output.line(format!("{}: {} {} “{}”{uses}", line.fate.as_str(), line.list, line.key, line.name));
    }
    let counts = RowFate::ALL.map(|fate| (plan.count(fate), fate.as_str())).into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, fate)| format!("{count} {fate}")).collect();
    let what = if counts.is_empty() { "nothing changes".to_owned() } else { counts.join(", ") };
    output.line(format!("{}{what}", if is_dry { "would be done: " } else { "" }));
}
