//! A table in one of the two encodings.

use std::io::{self, Write};

use super::cell::{Cell, Named};
use super::features::Feature;
use super::parquet::ParquetTable;
use crate::format::json_out::write_on_one_line;
use crate::format::{FormatError, Sink};

/// How tables are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Parquet, compressed with Snappy.
    Parquet,
    /// JSON Lines.
    JsonLines,
}

impl Encoding {
    /// The file of a part of a table.
    pub(super) fn path(self, folder: &str, part: &str) -> String {
        let extension = match self {
            Self::Parquet => "parquet",
            Self::JsonLines => "jsonl",
        };
        format!("{folder}/{part}.{extension}")
    }
}

/// A table that is being written.
pub(super) struct Table<'o> {
    path: &'o str,
    features: &'static [Feature],
    inner: Inner<'o>,
}

enum Inner<'o> {
    Parquet(Box<ParquetTable<'o>>),
    JsonLines(&'o mut dyn Write),
}

impl Table<'_> {
    /// Adds a row.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn add(&mut self, row: &[Cell<'_>]) -> Result<(), FormatError> {
        let added = match &mut self.inner {
            Inner::Parquet(table) => table.add(row),
            Inner::JsonLines(out) => write_on_one_line(out, &Named { features: self.features, row }).and_then(|()| out.write_all(b"\n")),
        };
        added.map_err(|cause| FormatError::writing(self.path, cause))
    }

    fn finish(self) -> io::Result<()> {
        match self.inner {
            Inner::Parquet(table) => table.finish(),
            Inner::JsonLines(out) => out.flush(),
        }
    }
}

/// Writes a table with the rows that `fill` adds.
///
/// # Errors
/// When `fill` fails, or the file cannot be written.
pub(super) fn write_table(
    path: &str,
    features: &'static [Feature],
    encoding: Encoding,
    sink: &mut dyn Sink,
    fill: impl FnOnce(&mut Table<'_>) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let io = |cause| FormatError::writing(path, cause);
    let mut out = sink.create(path).map_err(io)?;
    let inner = match encoding {
        Encoding::Parquet => Inner::Parquet(Box::new(ParquetTable::new(features, &mut *out).map_err(io)?)),
        Encoding::JsonLines => Inner::JsonLines(&mut *out),
    };
    let mut table = Table { path, features, inner };
    fill(&mut table)?;
    table.finish().map_err(io)
}
