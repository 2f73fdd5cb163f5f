//! `manicule help-pages`: manual pages and completions for shells, made from the same table as the help.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Outcome, Output, Verb, command, project};

pub(super) const VERB: Verb = Verb { name: "help-pages", about: "Write manual pages and completions for shells into a folder", arguments, run };

const SHELLS: [Shell; 3] = [Shell::Bash, Shell::Zsh, Shell::Fish];

fn arguments(command: Command) -> Command {
    command.arg(
        Arg::new("out")
            .long("out")
            .value_name("DIR")
            .required(true)
            .value_parser(value_parser!(PathBuf))
            .help("The folder to write: manicule.1, a page for each verb, and a file for bash, zsh and fish"),
    )
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let dir = project::path(matches, "out");
    fs::create_dir_all(&dir).with_context(|| format!("{}: the folder cannot be made", dir.display()))?;
    let files = write_pages(&dir)?;
    output.line(format!("{} files written to {}", files.len(), dir.display()));
    output.field("files", &files);
    Ok(Outcome::Fine)
}

fn write_pages(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut write = |name: String, content: Vec<u8>| {
        let path = dir.join(name);
        fs::write(&path, content).with_context(|| format!("{}: cannot be written", path.display()))?;
        files.push(path);
        anyhow::Ok(())
    };
    let page = |command: Command| {
        let mut page = Vec::new();
        Man::new(command).render(&mut page).map(|()| page)
    };
    write("manicule.1".to_owned(), page(command())?)?;
    for verb in command().get_subcommands() {
        let name = format!("manicule-{}", verb.get_name());
        let shown = verb.clone().name(name.clone()).bin_name(format!("manicule {}", verb.get_name()));
        write(format!("{name}.1"), page(shown)?)?;
    }
    for shell in SHELLS {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command(), "manicule", &mut script);
        write(clap_complete::Generator::file_name(&shell, "manicule"), script)?;
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::VERBS;

    #[test]
    fn each_verb_has_a_page_and_each_shell_its_completions() {
        let dir = tempfile::tempdir().unwrap();
        let files = write_pages(dir.path()).unwrap();
        assert_eq!(files.len(), 1 + VERBS.len() + SHELLS.len());
        let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
        assert!(read("manicule-convert.1").contains("Turn files of one format into another"));
        for verb in VERBS {
            assert!(read("manicule.1").contains(&verb.name.replace('-', "\\-")), "{}", verb.name);
            assert!(read("manicule.bash").contains(verb.name) && read("_manicule").contains(verb.name) && read("manicule.fish").contains(verb.name));
        }
    }
}
