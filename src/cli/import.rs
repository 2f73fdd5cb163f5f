//! `manicule import`: brings files into a project.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::control::Control;
use super::{Outcome, Output, Verb, project};
use crate::format::{Batch, CoderPattern, Columns, Evidence, FORMATS, Item, KnownTexts, Receiver, Tables, Undecoded};
use crate::model::{Finding, Sheet};
use crate::store::{Places, random_ids};
use crate::text::offsets::OffsetUnit;
use crate::workspace::import::{ImportError, ImportOptions, MANY_NEW_LABELS, import_files, read_each, tables_of};

pub(super) const VERB: Verb = Verb { name: "import", about: "Bring articles and annotations into a project", arguments, run };

fn arguments(command: Command) -> Command {
    command
        .arg(Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)).help("The project's folder"))
        .arg(Arg::new("files").value_name("FILE").required(true).num_args(1..).value_parser(value_parser!(PathBuf)).help("Files or folders"))
        .arg(Arg::new("coder").long("coder").value_name("NAME").help("Whose annotations they are, where the format does not say"))
        .arg(Arg::new("many-labels").long("many-labels").action(ArgAction::SetTrue).help("Add more than 50 labels that the codebook does not have"))
        .arg(Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only say what would be imported, document by document"))
        .args(reading())
}

/// How files are read; the same for `convert`.
pub(super) fn reading() -> [Arg; 6] {
    let names = PossibleValuesParser::new(FORMATS.iter().filter(|format| format.reader.is_some()).map(|format| format.name));
    let columns = value_parser!(Columns);
    let units = PossibleValuesParser::new(OffsetUnit::ALL.map(OffsetUnit::as_str));
    [
        Arg::new("format").long("format").value_name("FORMAT").value_parser(names).help("The format [default: guessed file by file]"),
        Arg::new("encoding").long("encoding").value_name("ENCODING").help("The encoding of files that are not UTF-8, such as windows-1252"),
        Arg::new("columns")
            .long("columns")
            .value_name("COLUMNS")
            .value_parser(columns)
            .help("Columns of a table: text=Body,title=Headline of articles, document=File,start=From,end=To,label=Type of spans"),
        Arg::new("unit")
            .long("unit")
            .value_name("UNIT")
            .value_parser(units)
            .help("What offsets in the files count [default: found out from the texts]"),
        Arg::new("coders-from")
            .long("coders-from")
            .value_name("PATTERN")
            .value_parser(value_parser!(CoderPattern))
            .help("Where file names say whose annotations they hold, such as {coder}/{doc}.ann or {doc}.{coder}.ann"),
        Arg::new("mapping")
            .long("mapping")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("A file that says where texts and annotations stand in JSON of your own (see docs/json-mapping.md)"),
    ]
}

/// What was said about how files are read.
pub(super) fn read_options(matches: &ArgMatches, coder: crate::model::CoderKey, format: &str) -> anyhow::Result<ImportOptions> {
    let mut options = ImportOptions {
        format: project::chosen_format(matches, format),
        encoding: project::text(matches, "encoding").map(str::to_owned),
        unit: project::text(matches, "unit").and_then(|unit| unit.parse().ok()),
        columns: matches.get_one::<Columns>("columns").cloned().unwrap_or_default(),
        coder_pattern: matches.get_one::<CoderPattern>("coders-from").cloned(),
        ..ImportOptions::new(coder)
    };
    if let Some(path) = matches.get_one::<PathBuf>("mapping") {
        options.map_json(path).map_err(|why| anyhow!(why))?;
    }
    Ok(options)
}

/// What an import would bring: a line for each document, and everything else as it is.
#[derive(Default)]
struct Listed {
    lines: Vec<String>,
    evidence: Vec<Evidence>,
    others: Batch,
}

impl Receiver for Listed {
    fn tables(&mut self, tables: Tables) {
        self.others.tables(tables);
    }

    fn item(&mut self, item: Item) {
        let name = if item.document.file_name.is_empty() { item.document.title.as_str() } else { item.document.file_name.as_str() };
        let marks = |sheet: &Sheet| sheet.spans.len() + sheet.claims.len();
        let coders: Vec<String> = item.sheets.iter().map(|(coder, sheet)| format!("{coder} {}", marks(sheet))).collect();
        let coders = if coders.is_empty() { "no annotations".to_owned() } else { coders.join(", ") };
        self.lines.push(format!("{name}: {coders}"));
    }

    fn finding(&mut self, finding: Finding) {
        self.others.finding(finding);
    }

    fn undecoded(&mut self, undecoded: Undecoded) {
        self.others.undecoded(undecoded);
    }

    fn evidence(&mut self, evidence: Evidence) {
        evidence.add_to(&mut self.evidence);
    }
}

/// Says what an import would bring, and that it was not added.
fn preview(listed: &Listed, findings: &[Finding], output: &mut Output) -> Outcome {
    let outcome = output.findings(findings);
    output.field("would_import", &listed.lines);
    let offsets: Vec<String> = listed.evidence.iter().map(ToString::to_string).collect();
    output.field("offsets", &offsets);
    listed.lines.iter().for_each(|line| output.line(line.clone()));
    offsets.iter().for_each(|evidence| output.line(format!("offsets count {evidence}")));
    output.line(format!("{} documents would be imported", listed.lines.len()));
    outcome
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let files: Vec<PathBuf> = matches.get_many::<PathBuf>("files").into_iter().flatten().cloned().collect();
    let dir = project::path(matches, "dir");
    let coder = project::importing_coder(matches, &dir, &Places::from_environment()?);
    let (mut workspace, mut findings) = project::open_to_write(&dir, coder)?;
    let mut options = read_options(matches, workspace.coder().clone(), "format")?;
    let loader = workspace.loader();
    options.texts = KnownTexts::new(move |id| loader.text(id).ok());
    options.most_new_labels = (!matches.get_flag("many-labels")).then_some(MANY_NEW_LABELS);
    let control = Control::new();
    let part = control.part("Importing");
    if matches.get_flag("dry-run") {
        let mut listed = Listed::default();
        read_each(&files, &tables_of(workspace.state()), &options, random_ids(), part.control(), &mut listed)?;
        project::close(workspace)?;
        findings.append(&mut listed.others.findings);
        return Ok(preview(&listed, &findings, output));
    }
    let imported = import_files(&mut workspace, &files, &options, random_ids(), part.control());
    drop(part);
    project::close(workspace)?;
    let report = imported.map_err(|error| match error {
        ImportError::ManyNewLabels { .. } => anyhow!("{error}. If they are right, import again with --many-labels"),
        error => anyhow!(error),
    })?;
    findings.extend(report.findings);
    output.field("documents", &report.documents);
    output.field("new_labels", &report.new_labels);
    output.field("undecoded", &report.undecoded);
    let outcome = output.findings(&findings);
    output.line(format!("{} documents imported", report.documents.len()));
    Ok(outcome)
}
