//! `manicule git-setup`: tells a clone which program merges the files of a project.
//!
//! Git takes the name of the merge driver from the project's `.gitattributes`, but its command only from the configuration
//! of each clone. What the driver does is in `merge_driver`.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{self, Output as GitOutput};

use anyhow::{Context as _, bail};
use clap::{Arg, ArgMatches, Command, value_parser};

use super::{Outcome, Output, Verb, project};
use crate::store::git::{ATTRIBUTES, GITATTRIBUTES, MERGE_DRIVER};
use crate::store::layout::PROJECT;
use crate::store::{Disk, StoreError};

pub(super) const VERB: Verb = Verb { name: "git-setup", about: "Let git merge a project's files by row, in this clone", arguments, run };

fn arguments(command: Command) -> Command {
    let dir = Arg::new("dir").value_name("PROJECT").value_parser(value_parser!(PathBuf)).default_value(".");
    command.arg(dir.help("The project's folder, in a git repository"))
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let dir = project::path(matches, "dir");
    if !dir.join(PROJECT).is_file() {
        return Err(StoreError::NotAProject(dir).into());
    }
    refuse_without_repository(&dir)?;
    let driver = format!("{} merge-driver %O %A %B %P", program()?);
    let mut done = Vec::new();
    for (key, value) in [("name", "Manicule: by row and field"), ("driver", driver.as_str())] {
        if configure(&dir, &format!("merge.{MERGE_DRIVER}.{key}"), value)? {
            done.push(format!("set merge.{MERGE_DRIVER}.{key} to `{value}` in this clone's git configuration"));
        }
    }
    if complete_attributes(&dir)? {
        done.push("completed .gitattributes; commit it, so that every clone has it".to_owned());
    }
    output.field("driver", driver);
    output.field("done", &done);
    done.iter().for_each(|line| output.line(line));
    output.line(if done.is_empty() { "git merges this project by row already" } else { "git now merges this project by row" });
    Ok(Outcome::Fine)
}

fn refuse_without_repository(dir: &Path) -> anyhow::Result<()> {
    let answer = git(dir, &["rev-parse", "--is-inside-work-tree"])?;
    if !answer.status.success() {
        bail!("{} is in no git repository that can be used: {}. Run `git init` or clone it first", dir.display(), words_of(&answer.stderr));
    }
    Ok(())
}

/// This program as a shell finds it: by its name where that leads here, else by its place.
fn program() -> anyhow::Result<String> {
    let here = env::current_exe().context("could not find out where this program lies")?;
    let name = format!("{MERGE_DRIVER}{}", env::consts::EXE_SUFFIX);
    let on_path = env::var_os("PATH").and_then(|path| env::split_paths(&path).map(|dir| dir.join(&name)).find(|file| file.is_file()));
    let is_here = |found: PathBuf| fs::canonicalize(found).ok().is_some_and(|found| Some(found) == fs::canonicalize(&here).ok());
    Ok(if on_path.is_some_and(is_here) { MERGE_DRIVER.to_owned() } else { quoted(&here) })
}

/// For the shell, and for git, which replaces what follows a percent sign.
fn quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() };
    format!("'{}'", path.replace('\'', r"'\''").replace('%', "%%"))
}

/// Sets a value of the clone's configuration. False when it is set already.
fn configure(dir: &Path, key: &str, value: &str) -> anyhow::Result<bool> {
    let now = git(dir, &["config", "--local", "--get", key])?;
    if now.status.success() && String::from_utf8_lossy(&now.stdout).trim_end_matches(['\r', '\n']) == value {
        return Ok(false);
    }
    let set = git(dir, &["config", "--local", "--replace-all", key, value])?;
    if !set.status.success() {
        bail!("git could not set {key}: {}", words_of(&set.stderr));
    }
    Ok(true)
}

/// Adds what is missing to the project's `.gitattributes`. False when git treats the files as it should.
fn complete_attributes(dir: &Path) -> anyhow::Result<bool> {
    let names = ATTRIBUTES.map(|(name, _)| name);
    let answer = git(dir, &[["check-attr", "-z", "text", "merge", "--"].as_slice(), &names].concat())?;
    if !answer.status.success() {
        bail!("git could not read .gitattributes: {}", words_of(&answer.stderr));
    }
    let expected: String = ATTRIBUTES.iter().map(|(name, [text, merge])| format!("{name}\0text\0{text}\0{name}\0merge\0{merge}\0")).collect();
    if answer.stdout == expected.as_bytes() {
        return Ok(false);
    }
    let file = dir.join(".gitattributes");
    let there = match fs::read_to_string(&file) {
        Ok(there) => there,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("could not read {}", file.display())),
    };
    let gap = if there.is_empty() || there.ends_with('\n') { "" } else { "\n" };
    // Behind what is there: of several lines about a file git takes the last.
    Disk::default().replace(&file, format!("{there}{gap}{GITATTRIBUTES}").as_bytes())?;
    Ok(true)
}

fn git(dir: &Path, arguments: &[&str]) -> anyhow::Result<GitOutput> {
    let output = process::Command::new("git").arg("-C").arg(dir).args(arguments).env("LC_ALL", "C").output();
    output.map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("git was not found; install it (https://git-scm.com) and run this again"),
        _ => anyhow::Error::new(error).context("could not run git"),
    })
}

/// Git's own words, without the prefix that it gives them.
fn words_of(stderr: &[u8]) -> String {
    let words = String::from_utf8_lossy(stderr);
    let words = words.lines().next().unwrap_or_default();
    words.trim_start_matches("fatal: ").trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_safe_for_the_shell_and_for_git() {
        assert_eq!(quoted(Path::new("/opt/my tools/manicule")), "'/opt/my tools/manicule'");
        assert_eq!(quoted(Path::new("/opt/o'clock 100%/manicule")), r"'/opt/o'\''clock 100%%/manicule'");
    }
}
