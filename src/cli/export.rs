//! `manicule export`: writes a project, or one article of it, in another format.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::control::Control;
use super::{Outcome, Output, Verb, project};
use crate::format::{DocumentField, FORMATS, Fractions, SplitOptions, TextPlace};
use crate::model::{CoderKey, DocumentId, Finding, LabelKey, RegionKind};
use crate::text::offsets::OffsetUnit;
use crate::workspace::export::{Condition, ExportChoice, ExportDone, ExportSource, FilesOf, LeftBehind, Writing, plan_export, run_export};
use crate::workspace::leave_out::LeftOut;

pub(super) const VERB: Verb =
    Verb { name: "export", about: "Write a project in another format, with a report of what it cannot carry", arguments, run };

fn arguments(command: Command) -> Command {
    let many = |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value).action(ArgAction::Append);
    command
        .arg(Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)).help("The project's folder"))
        .arg(many("coder", "NAME").help("Only this coder's annotations; may be given several times"))
        .arg(many("document", "ID").value_parser(parse_document).help("Only this document; may be given several times"))
        .args(writing())
}

/// How files are written; the same for `convert`.
pub(super) fn writing() -> [Arg; 14] {
    let regions = PossibleValuesParser::new(RegionKind::ALL.map(RegionKind::name));
    let names = PossibleValuesParser::new(FORMATS.iter().filter(|format| format.writer.is_some()).map(|format| format.name));
    let units = PossibleValuesParser::new(OffsetUnit::ALL.map(OffsetUnit::as_str));
    [
        Arg::new("to").long("to").value_name("FORMAT").required(true).value_parser(names).help("The format (see `formats`)"),
        Arg::new("out").long("out").value_name("PATH").required(true).value_parser(value_parser!(PathBuf)).help("The file or folder to write"),
        Arg::new("offsets").long("offsets").value_name("UNIT").value_parser(units).help("What offsets count, where the format allows a choice"),
        Arg::new("texts")
            .long("texts")
            .value_name("PLACE")
            .value_parser(value_parser!(TextPlace))
            .help("For tables: texts nowhere, inside (in a column) or beside (a text file each) [default: nowhere]"),
        Arg::new("license")
            .long("license")
            .value_name("LICENSE")
            .value_parser(NonEmptyStringValueParser::new())
            .help("For data sets with a card: the licence, as CC-BY-4.0 or another id of SPDX, a link, or words"),
        Arg::new("file-a-document").long("file-a-document").action(ArgAction::SetTrue).help("A file for each document, in a folder"),
        Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only say what would be kept, changed and dropped"),
        Arg::new("where")
            .long("where")
            .value_name("FIELD=VALUE")
            .action(ArgAction::Append)
            .value_parser(value_parser!(Condition))
            .help("Only documents with this source, author, language, year, ..., attribute.KEY or status; of several of one field, any"),
        Arg::new("label")
            .long("label")
            .value_name("KEY")
            .action(ArgAction::Append)
            .value_parser(|key: &str| LabelKey::new(key).map_err(|error| error.to_string()))
            .help("Only spans and claims with this label; may be given several times"),
        Arg::new("without")
            .long("without")
            .value_name("REGION")
            .value_delimiter(',')
            .value_parser(regions)
            .help("Leave out marks in such regions; the text stays whole, so that offsets stay right"),
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
            .value_parser(value_parser!(DocumentField))
            .help("Each part gets its share of each source, author, language, year, ... or attribute.KEY"),
        Arg::new("group")
            .long("group")
            .value_name("FIELD")
            .requires("split")
            .value_parser(value_parser!(DocumentField))
            .help("Documents with the same value come into the same part"),
    ]
}

/// How the documents are to be split, if at all.
fn split_options(matches: &ArgMatches) -> Option<SplitOptions> {
    let fractions = *matches.get_one::<Fractions>("split")?;
    let field = |name: &str| matches.get_one::<DocumentField>(name).cloned();
    let seed = matches.get_one::<u64>("seed").copied().unwrap_or_default();
    Some(SplitOptions { fractions, seed, stratify: field("stratify"), group: field("group") })
}

/// What is not to be written.
fn left_out(matches: &ArgMatches) -> LeftOut {
    let named: Vec<&str> = matches.get_many::<String>("without").into_iter().flatten().map(String::as_str).collect();
    let regions = RegionKind::ALL.into_iter().filter(|kind| named.contains(&kind.name())).collect();
    LeftOut { regions, labels: matches.get_many::<LabelKey>("label").map(|keys| keys.cloned().collect()) }
}

fn parse_document(text: &str) -> Result<DocumentId, String> {
    DocumentId::new(text).map_err(|error| error.to_string())
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let (workspace, findings) = project::open_to_read(&project::path(matches, "dir"))?;
    let coders = matches.get_many::<String>("coder").map(|names| names.map(|name| CoderKey::from_name(name)).collect());
    let documents = matches.get_many::<DocumentId>("document").map(|ids| ids.cloned().collect());
    let choice = ExportChoice { coders, documents, left_out: left_out(matches) };
    let source = ExportSource::new(&workspace, &choice)?;
    drop(workspace);
    write(matches, source, findings, &Control::new(), output)
}

/// Plans and, unless only that is wanted, writes. `findings` are those of the reading before.
pub(super) fn write(
    matches: &ArgMatches,
    source: ExportSource,
    mut findings: Vec<Finding>,
    control: &Control,
    output: &mut Output,
) -> anyhow::Result<Outcome> {
    let format = project::chosen_format(matches, "to").context("there is no such format")?;
    let files = if matches.get_flag("file-a-document") { FilesOf::Document } else { FilesOf::Project };
    let unit = project::text(matches, "offsets").and_then(|unit| unit.parse().ok());
    let writing =
        Writing { unit, texts: matches.get_one::<TextPlace>("texts").copied(), files, license: project::text(matches, "license").map(str::to_owned) };
    let conditions: Vec<Condition> = matches.get_many("where").into_iter().flatten().cloned().collect();
    let source = source.leaving_out(left_out(matches)).only_where(&conditions)?;
    let source = match split_options(matches) {
        Some(options) => source.split(&options)?,
        None => source,
    };
    let plan = plan_export(source, format, writing, control.part("Looking at what can be carried over").control())?;
    findings.extend(plan.findings.iter().cloned());
    let outcome = output.findings(&findings);
    let done = if matches.get_flag("dry-run") {
        ExportDone { files: Vec::new(), report: plan.report, before: LeftBehind::default() }
    } else {
        run_export(&plan, &project::path(matches, "out"), control.part("Writing").control())?
    };
    project::print_export(output, &done);
    Ok(outcome)
}
