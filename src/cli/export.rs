//! `manicule export`: writes a project, or one article of it, in another format.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::{Outcome, Output, Verb, project};
use crate::format::{FORMATS, Fractions, SplitField, SplitOptions};
use crate::model::{CoderKey, DocumentId, Finding};
use crate::progress::{CancelToken, Progress};
use crate::text::offsets::OffsetUnit;
use crate::workspace::boilerplate::Boilerplate;
use crate::workspace::export::{ExportChoice, ExportDone, ExportSource, plan_export, run_export};

pub(super) const VERB: Verb =
    Verb { name: "export", about: "Write a project in another format, with a report of what it cannot carry", arguments, run };

fn arguments(command: Command) -> Command {
    command
        .arg(Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)).help("The project's folder"))
        .arg(Arg::new("coder").long("coder").value_name("NAME").help("Only this coder's annotations"))
        .arg(Arg::new("document").long("document").value_name("ID").value_parser(parse_document).help("Only this document"))
        .arg(
            Arg::new("without-boilerplate")
                .long("without-boilerplate")
                .action(ArgAction::SetTrue)
                .help("Leave out marks in boilerplate; the text stays whole, so that offsets stay right"),
        )
        .args(writing())
}

/// How files are written; the same for `convert`.
pub(super) fn writing() -> [Arg; 8] {
    let names = PossibleValuesParser::new(FORMATS.iter().filter(|format| format.writer.is_some()).map(|format| format.name));
    let units = PossibleValuesParser::new(OffsetUnit::ALL.map(OffsetUnit::as_str));
    [
        Arg::new("to").long("to").value_name("FORMAT").required(true).value_parser(names).help("The format (see `formats`)"),
        Arg::new("out").long("out").value_name("PATH").required(true).value_parser(value_parser!(PathBuf)).help("The file or folder to write"),
        Arg::new("offsets").long("offsets").value_name("UNIT").value_parser(units).help("What offsets count, where the format allows a choice"),
        Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only say what would be kept, changed and dropped"),
        Arg::new("split")
            .long("split")
            .value_name("SHARES")
            .value_parser(value_parser!(Fractions))
            .help("Split the documents into train, dev and test: 80/10/10, or 80/20 without dev"),
        Arg::new("seed")
            .long("seed")
            .value_name("NUMBER")
            .requires("split")
            .value_parser(value_parser!(u64))
            .help("Another seed splits differently [default: 0]"),
        Arg::new("stratify")
            .long("stratify")
            .value_name("FIELD")
            .requires("split")
            .value_parser(value_parser!(SplitField))
            .help("Each part gets its share of each source, author, language, year, ... or attribute.KEY"),
        Arg::new("group")
            .long("group")
            .value_name("FIELD")
            .requires("split")
            .value_parser(value_parser!(SplitField))
            .help("Documents with the same value come into the same part"),
    ]
}

/// How the documents are to be split, if at all.
fn split_options(matches: &ArgMatches) -> Option<SplitOptions> {
    let fractions = *matches.get_one::<Fractions>("split")?;
    let field = |name: &str| matches.get_one::<SplitField>(name).cloned();
    let seed = matches.get_one::<u64>("seed").copied().unwrap_or_default();
    Some(SplitOptions { fractions, seed, stratify: field("stratify"), group: field("group") })
}

fn parse_document(text: &str) -> Result<DocumentId, String> {
    DocumentId::new(text).map_err(|error| error.to_string())
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let (workspace, findings) = project::open_to_read(&project::path(matches, "dir"))?;
    let choice = ExportChoice {
        coder: project::text(matches, "coder").map(CoderKey::from_name),
        document: matches.get_one::<DocumentId>("document").cloned(),
        boilerplate: if matches.get_flag("without-boilerplate") { Boilerplate::LeaveOut } else { Boilerplate::Keep },
    };
    let source = ExportSource::new(&workspace, &choice)?;
    drop(workspace);
    write(matches, source, findings, output)
}

/// Plans and, unless only that is wanted, writes. `findings` are those of the reading before.
pub(super) fn write(matches: &ArgMatches, source: ExportSource, mut findings: Vec<Finding>, output: &mut Output) -> anyhow::Result<Outcome> {
    let format = project::chosen_format(matches, "to").context("there is no such format")?;
    let unit = project::text(matches, "offsets").and_then(|unit| unit.parse().ok());
    let control = (&Progress::new(), &CancelToken::new());
    let source = match split_options(matches) {
        Some(options) => source.split(&options)?,
        None => source,
    };
    let plan = plan_export(source, format, unit, control)?;
    findings.extend(plan.findings.iter().cloned());
    let outcome = output.findings(&findings);
    let done = if matches.get_flag("dry-run") {
        ExportDone { files: Vec::new(), report: plan.report }
    } else {
        run_export(&plan, &project::path(matches, "out"), control)?
    };
    project::print_export(output, &done);
    Ok(outcome)
}
