//! brat standoff: `.txt` and `.ann` side by side, `annotation.conf` and `visual.conf`.
//!
//! The format is described at <https://brat.nlplab.org/standoff.html> and <https://brat.nlplab.org/configuration.html>.
//! Claims travel as events: the content is the trigger, roles are arguments. Way in: `read` pairs the files, `line`
//! parses, `build` makes the sheet with what all readers share. Way out: `write` and `conf`, with names made safe by
//! `names` and the ids of `ids`.

mod build;
mod codebook;
mod codebook_lines;
mod conf;
mod ids;
mod line;
mod names;
mod read;
mod write;

pub use codebook::codebook;

use super::{Format, Layout, Offsets, Places, Proof, Texts, extension};
use crate::text::offsets::OffsetUnit;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "brat",
    title: "brat standoff",
    extensions: &["ann", "a1", "a2"],
    reader: Some(read::read),
    writer: Some(write::write),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    layout: Layout::Folder,
    recognises: |name, _| {
        ["ann", "a1", "a2"].contains(&extension(name).as_str()) || name.ends_with("annotation.conf") || name.ends_with("visual.conf")
    },
    carries: "spans, also discontinuous ones; claims with content as events, their roles filled by spans and claims; \
              attributes of spans and claims; relations between spans and claims; knowledge base ids; notes",
    proof: Proof { reader: Some(read::read), texts: Texts::OwnFile, places: Places::Kept },
    proven_by: "bioc 2.1",
    loses: "claims without content and further occurrences of claims; roles filled by entities or values; relations with entities or relations; attributes of \
            relations; document fields, regions, states of work; spans are split at line ends and tabs",
};

/// Characters that break a line for brat or for a program that reads its files (Python's `splitlines`), and the tab.
fn is_break(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
