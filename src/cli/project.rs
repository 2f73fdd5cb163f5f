//! What several verbs need: opening projects, reading arguments.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::ArgMatches;

use super::Output;
use crate::format::{self, Format};
use crate::model::Finding;
use crate::progress::{CancelToken, Progress};
use crate::store::{Places, Preferences};
use crate::workspace::export::{ExportDone, REPORT};
use crate::workspace::states::{KnownProject, known_projects};
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

/// Writes everything and lets go of a project, with a full copy of it in the state folder.
pub(super) fn close(mut workspace: Workspace) -> anyhow::Result<()> {
    workspace.checkpoint_now()?;
    if let Some(backup) = workspace.backup() {
        backup.run(&Progress::new(), &CancelToken::new()).context("could not copy the project into the state folder")?;
    }
    Ok(workspace.close()?)
}

/// A project that was opened on this machine, by its folder or its id.
pub(super) fn find_known(places: &Places, name: &str) -> anyhow::Result<KnownProject> {
    let place = std::path::absolute(name).map(|place| resolved(&place)).unwrap_or_default();
    let is_meant = |project: &KnownProject| project.place == place || project.id.to_string() == name;
    let mut found: Vec<KnownProject> = known_projects(places).into_iter().filter(is_meant).collect();
    match (found.pop(), found.is_empty()) {
        (Some(project), true) => Ok(project),
        (Some(_), false) => bail!("several projects lay in {name}; name one by its id (see `states` without a project)"),
        (None, _) => bail!("no project in {name} was opened on this machine; `states` without a project lists all"),
    }
}

/// A path without links, also where the last folders do not exist any more.
fn resolved(path: &Path) -> PathBuf {
    match (path.canonicalize(), path.parent(), path.file_name()) {
        (Err(_), Some(parent), Some(name)) => resolved(parent).join(name),
        (found, _, _) => found.unwrap_or_else(|_| path.to_owned()),
    }
}

/// The report of an export, for people and programs.
pub(super) fn print_export(output: &mut Output, done: &ExportDone) {
    output.field("report", &done.report);
    output.field("files", done.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>());
    for line in &done.report.lines {
        let why = if line.why.is_empty() { String::new() } else { format!(": {}", line.why) };
        output.line(format!("{}: {} {}{why}", line.fate.as_str(), line.count, line.what));
    }
    if !done.before.removed.is_empty() {
        output.line(format!("{} files of an earlier export here, which are not part of this one, were removed", done.before.removed.len()));
    }
    if !done.before.kept.is_empty() {
        let kept: Vec<String> = done.before.kept.iter().map(|path| path.display().to_string()).collect();
        output.line(format!("of an earlier export here, these were changed since, so they stay: {}", kept.join(", ")));
    }
    if let Some(report) = done.files.iter().find(|file| file.to_string_lossy().ends_with(REPORT)) {
        output.line(format!("{} documents written as {}; the report is in {}", done.report.documents, done.report.format, report.display()));
    }
}
