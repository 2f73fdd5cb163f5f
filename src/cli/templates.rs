//! `manicule templates`: the codebooks to begin with.

use anyhow::Context as _;
use clap::{ArgMatches, Command};
use serde_json::json;

use super::{Outcome, Output, Verb};
use crate::store::templates::TEMPLATES;

pub(super) const VERB: Verb = Verb { name: "templates", about: "List the codebooks that a new project can begin with", arguments, run };

fn arguments(command: Command) -> Command {
    command
}

fn run(_: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let mut rows = Vec::new();
    for template in TEMPLATES {
        let about = template.schema().context("a template is broken")?.info.description;
        output.line(format!("{:<16} {}\n{:<16} {about}", template.name, template.title, ""));
        rows.push(json!({ "name": template.name, "title": template.title, "description": about }));
    }
    output.field("templates", rows);
    Ok(Outcome::Fine)
}
