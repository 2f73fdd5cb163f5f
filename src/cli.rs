//! The verbs: one file each, in one table that clap, the help, the docs and the tests read.
//!
//! A verb does what the window does, through the same operations. Exit codes: 0 fine, 1 findings or refused, 2 wrong use.

mod activity;
mod check;
mod control;
mod convert;
mod dictionary;
mod export;
mod fields;
mod formats;
mod git_setup;
mod help_pages;
mod import;
mod info;
mod merge_driver;
mod new;
mod output;
mod project;
mod restore;
mod schema;
mod states;
mod templates;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, ArgMatches, Command};
use output::Output;

use crate::text::hidden::{is_hidden, show_hidden};

/// One verb.
#[derive(Clone, Copy)]
pub struct Verb {
    /// On the command line.
    pub name: &'static str,
    /// What it does, for the help.
    pub about: &'static str,
    arguments: fn(Command) -> Command,
    run: fn(&ArgMatches, &mut Output) -> anyhow::Result<Outcome>,
}

/// How a verb ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    /// All is well.
    Fine,
    /// It did its work and has something to say that should be looked at, or it refused.
    Findings,
    /// It was called wrongly.
    WrongUse,
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::WrongUse => 2,
        }
    }
}

/// All verbs, in the order of the help.
pub const VERBS: [Verb; 17] = [
    new::VERB,
    import::VERB,
    export::VERB,
    convert::VERB,
    dictionary::VERB,
    fields::VERB,
    check::VERB,
    info::VERB,
    activity::VERB,
    states::VERB,
    restore::VERB,
    formats::VERB,
    templates::VERB,
    schema::VERB,
    help_pages::VERB,
    git_setup::VERB,
    merge_driver::VERB,
];

/// The whole command line.
#[must_use]
pub fn command() -> Command {
    let json = Arg::new("json").long("json").global(true).action(ArgAction::SetTrue).help("Print JSON for other programs");
    let command = Command::new("manicule")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Label entities and claims in news articles by hand and turn them into datasets")
        .after_help("Without a verb: opens the window, with the project or article at PATH if there is one.")
        .override_usage("manicule [PATH]...\n       manicule <VERB> [ARGUMENTS]")
        .subcommand_required(true)
        .arg(json);
    VERBS.iter().fold(command, |command, verb| command.subcommand((verb.arguments)(Command::new(verb.name).about(verb.about))))
}

/// True when the first argument is a verb or an option, so that no window is wanted.
#[must_use]
pub fn is_for_us(first: &str) -> bool {
    first.starts_with('-') || first == "help" || VERBS.iter().any(|verb| verb.name == first)
}

/// Runs a verb and says how it went.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> ExitCode {
    let given: Vec<std::ffi::OsString> = arguments.into_iter().collect();
    let matches = match command().try_get_matches_from(&given) {
        Ok(matches) => matches,
        Err(error) => {
            return refuse(error, &given);
        }
    };
    let mut output = Output::new(matches.get_flag("json"));
    let verb = matches.subcommand().and_then(|(name, matches)| Some((VERBS.iter().find(|verb| verb.name == name)?, matches)));
    let Some((verb, matches)) = verb else {
        return ExitCode::from(Outcome::WrongUse.code());
    };
    let outcome = (verb.run)(matches, &mut output).unwrap_or_else(|error| {
        output.fail(&error);
        Outcome::Findings
    });
    output.finish();
    ExitCode::from(outcome.code())
}

/// Prints the help, or what is wrong with the arguments, without what could confuse a terminal in them.
fn refuse(mut error: clap::Error, given: &[std::ffi::OsString]) -> ExitCode {
    let code = ExitCode::from(if error.use_stderr() { Outcome::WrongUse.code() } else { 0 });
    if !error.use_stderr() || !given.iter().any(|word| word.to_string_lossy().chars().any(is_hidden)) {
        let _ = error.print();
        return code;
    }
    let shown = |(kind, value): (ContextKind, &ContextValue)| match value {
        ContextValue::String(text) => Some((kind, ContextValue::String(show_hidden(text)))),
        _ => None,
    };
    let shown: Vec<_> = error.context().filter_map(shown).collect();
    for (kind, value) in shown {
        error.insert(kind, value);
    }
    // Line ends are those of the message now.
    error.render().to_string().lines().for_each(|line| eprintln!("{}", show_hidden(line)));
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
        assert!(is_for_us("new") && is_for_us("--help") && !is_for_us("article.txt"));
    }
}
