//! What several verbs need: opening projects, reading arguments.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::ArgMatches;

use super::Output;
use crate::format::{self, Format};
use crate::model::Finding;
use crate::store::{Places, Preferences};
use crate::workspace::{Access, OpenOptions, Who, Workspace};

/// An argument with a path.
pub(super) fn path(matches: &ArgMatches, name: &str) -> PathBuf {
    matches.get_one::<PathBuf>(name).cloned().unwrap_or_default()
}

/// An argument with text.
pub(super) fn text<'m>(matches: &'m ArgMatches, name: &str) -> Option<&'m str> {
    matches.get_one::<String>(name).map(String::as_str)
}

/// The format of an argument; clap has checked that it exists.
pub(super) fn chosen_format(matches: &ArgMatches, name: &str) -> Option<&'static Format> {
    text(matches, name).and_then(format::find)
}

/// The named coder, else the one of the preferences, else the user.
pub(super) fn coder_name(matches: &ArgMatches, places: &Places) -> String {
    let user = || ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok().filter(|name| !name.trim().is_empty()));
    let named = text(matches, "coder").map(str::to_owned);
    named.or_else(|| Preferences::load(places).0.coder_name).or_else(user).unwrap_or_else(|| "coder".to_owned())
}

/// Who imports into a project: as [`coder_name`], but where nobody is named and the project has one coder, that one.
pub(super) fn importing_coder(matches: &ArgMatches, dir: &Path, places: &Places) -> String {
    let coders = Workspace::coders(dir).unwrap_or_default();
    match (text(matches, "coder"), coders.values().next()) {
        (None, Some(only)) if coders.len() == 1 => only.name.clone(),
        _ => coder_name(matches, places),
    }
}

/// Opens a project to change it, and what there was to say.
pub(super) fn open_to_write(dir: &Path, coder: String) -> anyhow::Result<(Workspace, Vec<Finding>)> {
    let places = Places::from_environment()?;
    let opened = Workspace::open(dir, OpenOptions::read_write(Who::Named(coder)), &places).context("could not open the project")?;
    if let Access::ReadOnly { why } = opened.workspace.access() {
        bail!("{} cannot be changed now: {why}", dir.display());
    }
    Ok((opened.workspace, opened.findings))
}

/// Opens a project to read it, with what the journals on this machine say.
pub(super) fn open_to_read(dir: &Path) -> anyhow::Result<(Workspace, Vec<Finding>)> {
    let places = Places::from_environment()?;
    let opened = Workspace::open(dir, OpenOptions::read_only(), &places).context("could not open the project")?;
    Ok((opened.workspace, opened.findings))
}

/// The report of an export, for people and programs.
pub(super) fn print_export(output: &mut Output, done: &crate::workspace::export::ExportDone) {
    output.field("report", &done.report);
    output.field("files", done.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>());
    for line in &done.report.lines {
        let why = if line.why.is_empty() { String::new() } else { format!(": {}", line.why) };
        output.line(format!("{}: {} {}{why}", line.fate.as_str(), line.count, line.what));
    }
    if let Some(report) = done.files.iter().find(|file| file.extension().is_some_and(|extension| extension == "md")) {
        output.line(format!("{} documents written as {}; the report is in {}", done.report.documents, done.report.format, report.display()));
    }
}
