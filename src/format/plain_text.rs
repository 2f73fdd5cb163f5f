//! Plain text: one file is one article, kept verbatim.

use super::article::{article, decode_or_ask};
use super::{Format, FormatError, Layout, Offsets, Proof, ReadOptions, Receiver, Source, extension};
use crate::model::{Finding, Severity};

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "text",
    title: "Plain text",
    extensions: &["txt", "text", "md"],
    reader: Some(read),
    writer: None,
    offsets: Offsets::None,
    layout: Layout::Folder,
    recognises: |name, _| ["txt", "text", "md"].contains(&extension(name).as_str()),
    carries: "the text of one article a file, exactly as it is; the first line becomes the title",
    proof: Proof::NONE,
    proven_by: "",
    loses: "",
};

fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let names = source.names();
    options.progress.set_total(names.len() as u64);
    for name in names {
        if let Some(file) = decode_or_ask(source, &name, options, to)? {
            if file.decoded.text.is_empty() {
                to.finding(
                    Finding::new(Severity::Warning, "article-without-text", "this file is empty. It was imported as an article without text")
                        .in_file(&name),
                );
            }
            to.item(article(&name, file, options));
        }
        options.step()?;
    }
    Ok(())
}
