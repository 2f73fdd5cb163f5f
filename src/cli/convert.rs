//! `manicule convert`: from one format to another without a project.

use std::path::PathBuf;

use anyhow::bail;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};

use super::control::Control;
use super::{Outcome, Output, Verb, export, import, project};
use crate::format::FORMATS;
use crate::model::CoderKey;
use crate::store::Places;
use crate::workspace::export::ExportSource;
use crate::workspace::ids_of_content;

pub(super) const VERB: Verb = Verb { name: "convert", about: "Turn files of one format into another, without a project", arguments, run };

fn arguments(command: Command) -> Command {
    let names = PossibleValuesParser::new(FORMATS.iter().filter(|format| format.reader.is_some()).map(|format| format.name));
    let [_, encoding, columns, unit, coders, mapping] = import::reading();
    command
        .arg(Arg::new("in").value_name("IN").required(true).num_args(1..).value_parser(value_parser!(PathBuf)).help("Files or folders"))
        .arg(Arg::new("from").long("from").value_name("FORMAT").value_parser(names).help("The format [default: guessed file by file]"))
        .arg(Arg::new("coder").long("coder").value_name("NAME").help("Whose annotations they are, where the format does not say"))
        .args(export::writing())
        .args([encoding, columns, unit, coders, mapping])
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let files: Vec<PathBuf> = matches.get_many::<PathBuf>("in").into_iter().flatten().cloned().collect();
    let coder = CoderKey::from_name(&project::coder_name(matches, &Places::from_environment()?));
    let options = import::read_options(matches, coder, "from")?;
    let control = Control::new();
    // The same files give the same bytes.
    let ids = ids_of_content(&files)?;
    let (source, findings) = ExportSource::of_files(&files, &options, ids, control.part("Reading").control())?;
    if source.is_empty() {
        output.findings(&findings);
        bail!("no document was read, so nothing was written");
    }
    export::write(matches, source, findings, &control, output)
}
