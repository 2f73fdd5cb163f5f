//! `manicule formats`: the table of formats.

use clap::{ArgMatches, Command};
use serde_json::json;

use super::{Outcome, Output, Verb};
use crate::format::{FORMATS, Format, Offsets};

pub(super) const VERB: Verb = Verb { name: "formats", about: "List the formats that can be imported and exported", arguments, run };

fn arguments(command: Command) -> Command {
    command
}

fn run(_: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    output.field("formats", FORMATS.iter().map(row).collect::<Vec<_>>());
    for format in &FORMATS {
        let ways = match (format.reader.is_some(), format.writer.is_some()) {
            (true, true) => "import, export",
            (true, false) => "import",
            (false, _) => "export",
        };
        output.line(format!("{:<15} {:<15} {} (.{})", format.name, ways, format.title, format.extensions.join(", .")));
    }
    Ok(Outcome::Fine)
}

fn row(format: &Format) -> serde_json::Value {
    let (unit, choosable) = match format.offsets {
        Offsets::None => (None, false),
        Offsets::Fixed(unit) => (Some(unit), false),
        Offsets::Choosable(unit) => (Some(unit), true),
    };
    json!({
        "name": format.name,
        "title": format.title,
        "extensions": format.extensions,
        "import": format.reader.is_some(),
        "export": format.writer.is_some(),
        "offset_unit": unit,
        "offset_unit_can_be_chosen": choosable,
        "carries": format.carries,
        "proven_by": format.proven_by,
        "loses": format.loses,
    })
}
