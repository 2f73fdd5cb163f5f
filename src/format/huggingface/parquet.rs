//! A table as Parquet, column by column: the values of a column stand together, with two numbers beside each that say
//! in which list of which row it stands (definition and repetition levels,
//! <https://parquet.apache.org/docs/file-format/nestedencoding/>).

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use ::parquet::basic::{Compression, ConvertedType, Encoding, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::{EnabledStatistics, WriterProperties};
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::{ColumnPath, Type};

use super::cell::Cell;
use super::features::{Feature, Kind};

/// Bytes of values that are gathered before they are written.
const GROUP_BYTES: usize = 16 << 20;
/// Rows that are gathered at most: readers get at some rows without reading all.
const GROUP_ROWS: usize = 10_000;

/// A table that is being written.
pub(super) struct ParquetTable<'o> {
    features: &'static [Feature],
    leaves: Vec<Leaf>,
    rows: usize,
    buffer: Buffer,
    writer: SerializedFileWriter<Buffer>,
    out: &'o mut dyn Write,
}

impl<'o> ParquetTable<'o> {
    /// Begins the file.
    ///
    /// # Errors
    /// When the columns cannot be declared or the file cannot be written.
    pub(super) fn new(features: &'static [Feature], out: &'o mut dyn Write) -> io::Result<Self> {
        let mut leaves = Vec::new();
        add_leaves(features, 0, "", &mut leaves);
        let schema = Type::group_type_builder("schema").with_fields(types(features).map_err(cause)?).build().map_err(cause)?;
        let buffer = Buffer::default();
        let writer = SerializedFileWriter::new(buffer.clone(), Arc::new(schema), Arc::new(properties(&leaves))).map_err(cause)?;
        Ok(Self { features, leaves, rows: 0, buffer, writer, out })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn add(&mut self, row: &[Cell<'_>]) -> io::Result<()> {
        push_row(&mut self.leaves, self.features, row, Levels::default());
        self.rows += 1;
        let bytes: usize = self.leaves.iter().map(|leaf| leaf.values.bytes()).sum();
        if bytes >= GROUP_BYTES || self.rows >= GROUP_ROWS { self.write_group() } else { Ok(()) }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.finish().map_err(cause)?;
        self.buffer.move_into(self.out)?;
        self.out.flush()
    }

    fn write_group(&mut self) -> io::Result<()> {
        self.rows = 0;
        let mut group = self.writer.next_row_group().map_err(cause)?;
        for leaf in &mut self.leaves {
            let Some(mut column) = group.next_column().map_err(cause)? else { break };
            let definitions = (leaf.max_definition > 0).then_some(leaf.definitions.as_slice());
            let repetitions = (leaf.max_repetition > 0).then_some(leaf.repetitions.as_slice());
            let written = match &mut leaf.values {
                Values::Ints(values) => column.typed::<Int64Type>().write_batch(values.as_slice(), definitions, repetitions),
                Values::Texts { bytes, ends } => column.typed::<ByteArrayType>().write_batch(&slices(bytes, ends), definitions, repetitions),
            };
            written.map_err(cause)?;
            column.close().map_err(cause)?;
            leaf.clear();
        }
        group.close().map_err(cause)?;
        self.writer.flush()?;
        self.buffer.move_into(self.out)
    }
}

fn cause(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

fn properties(leaves: &[Leaf]) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_created_by("manicule".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for leaf in leaves {
        let path = ColumnPath::new(leaf.path.split('/').map(str::to_owned).collect());
        if matches!(leaf.values, Values::Ints(_)) {
            // Offsets go up.
            properties = properties.set_column_dictionary_enabled(path.clone(), false);
            properties = properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        } else if leaf.path == "text" || leaf.path == "id" || leaf.path.ends_with("/id") {
            // Each stands there once: a dictionary would only cost, and the least and greatest text say nothing.
            properties = properties.set_column_dictionary_enabled(path.clone(), false);
            properties = properties.set_column_statistics_enabled(path, EnabledStatistics::None);
        }
    }
    properties.build()
}

/// Bytes between the crate's writer and ours, which it could not take.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn move_into(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut bytes = self.0.lock().map_err(|_| io::Error::other("a writer has failed"))?;
        out.write_all(&bytes)?;
        bytes.clear();
        Ok(())
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().map_err(|_| io::Error::other("a writer has failed"))?.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A column of the file.
struct Leaf {
    /// With `/` between the names.
    path: String,
    values: Values,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    max_definition: i16,
    max_repetition: i16,
}

enum Values {
    Ints(Vec<i64>),
    /// All behind one another, and where each ends.
    Texts {
        bytes: Vec<u8>,
        ends: Vec<usize>,
    },
}

impl Values {
    fn bytes(&self) -> usize {
        match self {
            Self::Ints(values) => values.len() * size_of::<i64>(),
            Self::Texts { bytes, ends } => bytes.len() + ends.len() * size_of::<usize>(),
        }
    }
}

impl Leaf {
    fn push(&mut self, text: &str, levels: Levels) {
        if let Values::Texts { bytes, ends } = &mut self.values {
            bytes.extend_from_slice(text.as_bytes());
            ends.push(bytes.len());
        }
        self.push_levels(self.max_definition, levels);
    }

    fn push_int(&mut self, number: i64, levels: Levels) {
        if let Values::Ints(values) = &mut self.values {
            values.push(number);
        }
        self.push_levels(self.max_definition, levels);
    }

    /// Nothing is there, down to a level.
    fn push_levels(&mut self, definition: i16, levels: Levels) {
        self.definitions.push(definition);
        self.repetitions.push(levels.repetition);
    }

    fn clear(&mut self) {
        self.definitions.clear();
        self.repetitions.clear();
        match &mut self.values {
            Values::Ints(values) => values.clear(),
            Values::Texts { bytes, ends } => {
                bytes.clear();
                ends.clear();
            }
        }
    }
}

/// The texts, without copying them.
fn slices(bytes: &mut Vec<u8>, ends: &[usize]) -> Vec<ByteArray> {
    let all = ByteArray::from(std::mem::take(bytes));
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends).map(|(start, end)| all.slice(start, end - start)).collect()
}

fn add_leaves(features: &[Feature], depth: i16, path: &str, leaves: &mut Vec<Leaf>) {
    for feature in features {
        let path = if path.is_empty() { feature.name.to_owned() } else { format!("{path}/{}", feature.name) };
        let texts = || Values::Texts { bytes: Vec::new(), ends: Vec::new() };
        let leaf = |values: Values, max_definition: i16, max_repetition: i16, path: String| Leaf {
            path,
            values,
            definitions: Vec::new(),
            repetitions: Vec::new(),
            max_definition,
            max_repetition,
        };
        match &feature.kind {
            Kind::Text => leaves.push(leaf(texts(), depth, depth, path)),
            Kind::OptionalText => leaves.push(leaf(texts(), depth + 1, depth, path)),
            Kind::Int => leaves.push(leaf(Values::Ints(Vec::new()), depth, depth, path)),
            Kind::OptionalInt => leaves.push(leaf(Values::Ints(Vec::new()), depth + 1, depth, path)),
            Kind::Texts => leaves.push(leaf(texts(), depth + 1, depth + 1, format!("{path}/list/element"))),
            Kind::Rows(fields) => add_leaves(fields, depth + 1, &format!("{path}/list/element"), leaves),
        }
    }
}

/// Where a value stands.
#[derive(Clone, Copy, Default)]
struct Levels {
    /// So many lists are around it.
    depth: i16,
    /// The list in which it is not the first; 0 for a new row.
    repetition: i16,
}

impl Levels {
    /// In a list here, at a place in it.
    fn inside(self, at: usize) -> Self {
        let depth = self.depth + 1;
        Self { depth, repetition: if at == 0 { self.repetition } else { depth } }
    }
}

fn push_row(mut leaves: &mut [Leaf], features: &[Feature], row: &[Cell<'_>], levels: Levels) {
    debug_assert_eq!(features.len(), row.len());
    for (feature, cell) in features.iter().zip(row) {
        let Some((own, rest)) = leaves.split_at_mut_checked(feature.kind.leaves()) else { return };
        push_cell(own, &feature.kind, cell, levels);
        leaves = rest;
    }
}

fn push_cell(leaves: &mut [Leaf], kind: &Kind, cell: &Cell<'_>, levels: Levels) {
    match (cell, kind) {
        (Cell::Rows(rows), Kind::Rows(features)) if !rows.is_empty() => {
            rows.iter().enumerate().for_each(|(at, row)| push_row(leaves, features, row, levels.inside(at)));
        }
        (Cell::Text(text), _) => leaves.iter_mut().for_each(|leaf| leaf.push(text, levels)),
        (Cell::Int(number), _) => leaves.iter_mut().for_each(|leaf| leaf.push_int(*number, levels)),
        (Cell::Texts(texts), _) if !texts.is_empty() => {
            let Some(leaf) = leaves.first_mut() else { return };
            texts.iter().enumerate().for_each(|(at, text)| leaf.push(text, levels.inside(at)));
        }
        (Cell::Null | Cell::Rows(_) | Cell::Texts(_), _) => leaves.iter_mut().for_each(|leaf| leaf.push_levels(levels.depth, levels)),
    }
}

fn types(features: &[Feature]) -> Result<Vec<Arc<Type>>, ParquetError> {
    features.iter().map(|feature| type_of(feature.name, &feature.kind).map(Arc::new)).collect()
}

fn type_of(name: &str, kind: &Kind) -> Result<Type, ParquetError> {
    let repetition = if matches!(kind, Kind::OptionalText | Kind::OptionalInt) { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    match kind {
        Kind::Int | Kind::OptionalInt => Type::primitive_type_builder(name, Physical::INT64).with_repetition(repetition).build(),
        Kind::Text | Kind::OptionalText => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .with_converted_type(ConvertedType::UTF8)
            .with_repetition(repetition)
            .build(),
        Kind::Texts => list(name, type_of("element", &Kind::Text)?),
        Kind::Rows(features) => {
            let element = Type::group_type_builder("element").with_repetition(Repetition::REQUIRED).with_fields(types(features)?).build()?;
            list(name, element)
        }
    }
}

fn list(name: &str, element: Type) -> Result<Type, ParquetError> {
    let entries = Type::group_type_builder("list").with_repetition(Repetition::REPEATED).with_fields(vec![Arc::new(element)]).build()?;
    Type::group_type_builder(name)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(LogicalType::List))
        .with_converted_type(ConvertedType::LIST)
        .with_fields(vec![Arc::new(entries)])
        .build()
}
