//! `manicule templates`: the codebooks to begin with.

use clap::{ArgMatches, Command};
use serde_json::json;

use super::{Outcome, Output, Verb};
use crate::store::templates::TEMPLATES;

pub(super) const VERB: Verb = Verb { name: "templates", about: "List the codebooks that a new project can begin with", arguments, run };

fn arguments(command: Command) -> Command {
    command
}

fn run(_: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    output.field("templates", TEMPLATES.iter().map(|t| json!({ "name": t.name, "title": t.title })).collect::<Vec<_>>());
    for template in TEMPLATES {
        output.line(format!("{:<15} {}", template.name, template.title));
    }
    Ok(Outcome::Fine)
}
