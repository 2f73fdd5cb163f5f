//! The bytes of a DocBin.

use std::collections::HashMap;
use std::io::{self, Seek, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use rmp::encode;
use tempfile::SpooledTempFile;

use super::symbols::number;

/// A document, as spaCy stores it.
#[derive(Debug, Default)]
pub(super) struct Doc {
    pub(super) tokens: Vec<TokenRow>,
    /// All spans, in any order.
    pub(super) spans: Vec<SpanRow>,
    pub(super) categories: Vec<(String, f32)>,
    pub(super) user_data: Vec<(&'static str, String)>,
}

/// A token with what `doc.ents` says of it.
#[derive(Debug)]
pub(super) struct TokenRow {
    pub(super) text: String,
    pub(super) has_space: bool,
    pub(super) begins_sentence: bool,
    pub(super) entity: Entity,
}

/// A token's part in an entity.
#[derive(Debug)]
pub(super) enum Entity {
    None,
    First { label: String, knowledge_base_id: String },
    Next { label: String, knowledge_base_id: String },
}

/// A span of a group: tokens and characters from, to.
#[derive(Debug)]
pub(super) struct SpanRow {
    pub(super) label: String,
    pub(super) knowledge_base_id: String,
    pub(super) tokens: (usize, usize),
    pub(super) chars: (usize, usize),
}

// spaCy's numbers of the attributes of a token: spacy/attrs.pxd.
const ORTH: u64 = 65;
const ENT_IOB: u64 = 77;
const ENT_TYPE: u64 = 78;
const SENT_START: u64 = 80;
const ENT_KB_ID: u64 = 452;
const ATTRIBUTES: [u64; 5] = [ORTH, ENT_IOB, ENT_TYPE, ENT_KB_ID, SENT_START];
/// The group that spaCy's span categorizer looks at.
pub(super) const GROUP: &str = "sc";

/// So much of each section of a file is kept in memory.
const KEPT_BYTES: usize = 4 << 20;

/// All documents of a file, packed as they come. A DocBin has its documents section by section; what of these does not fit into
/// memory lies in files of the system's folder for such, but for the strings, each of which is there once.
#[derive(Debug, Default)]
pub(super) struct DocBin {
    documents: usize,
    tokens: Section,
    spaces: Section,
    lengths: Section,
    /// By their hashes, by which spaCy knows them.
    strings: HashMap<u64, String>,
    categories: Section,
    span_groups: Section,
    user_data: Section,
}

/// Bytes of all documents that stand together.
#[derive(Debug)]
struct Section {
    bytes: SpooledTempFile,
    len: usize,
}

impl Default for Section {
    fn default() -> Self {
        Self { bytes: SpooledTempFile::new(KEPT_BYTES), len: 0 }
    }
}

impl Section {
    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.len += bytes.len();
        self.bytes.write_all(bytes)
    }

    fn write(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.bytes.rewind()?;
        io::copy(&mut self.bytes, out).map(drop)
    }
}

impl DocBin {
    /// Adds a document.
    ///
    /// # Errors
    /// When it does not fit into memory, and a file cannot be written either.
    pub(super) fn add(&mut self, doc: &Doc) -> io::Result<()> {
        self.documents += 1;
        self.lengths.add(&i32::try_from(doc.tokens.len()).map_err(io::Error::other)?.to_le_bytes())?;
        let mut tokens = Vec::with_capacity(doc.tokens.len() * size_of_val(&ATTRIBUTES));
        for token in &doc.tokens {
            let (iob, label, entry) = match &token.entity {
                Entity::None => (2, "", ""),
                Entity::First { label, knowledge_base_id } => (3, label.as_str(), knowledge_base_id.as_str()),
                Entity::Next { label, knowledge_base_id } => (1, label.as_str(), knowledge_base_id.as_str()),
            };
            // spaCy writes -1 where no sentence begins.
            let start = if token.begins_sentence { 1 } else { u64::MAX };
            for value in [self.hash(&token.text), iob, self.hash(label), self.hash(entry), start] {
                tokens.extend(value.to_le_bytes());
            }
        }
        self.tokens.add(&tokens)?;
        let spaces: Vec<u8> = doc.tokens.iter().map(|token| u8::from(token.has_space)).collect();
        self.spaces.add(&spaces)?;
        let groups = self.span_groups(&doc.spans)?;
        self.span_groups.add(&in_bin(&groups)?)?;
        self.strings.extend(doc.categories.iter().map(|(name, _)| (hash(name), name.clone())));
        let mut categories = Vec::new();
        encode::write_map_len(&mut categories, len(doc.categories.len())?)?;
        for (name, value) in &doc.categories {
            encode::write_str(&mut categories, name)?;
            encode::write_f32(&mut categories, *value)?;
        }
        self.categories.add(&categories)?;
        let mut data = Vec::new();
        write_map(&mut data, &doc.user_data)?;
        self.user_data.add(&in_bin(&data)?)
    }

    /// The hash of a string that spaCy then finds in the list.
    fn hash(&mut self, text: &str) -> u64 {
        let number = hash(text);
        if !text.is_empty() {
            self.strings.entry(number).or_insert_with(|| text.to_owned());
        }
        number
    }

    fn span_groups(&mut self, spans: &[SpanRow]) -> io::Result<Vec<u8>> {
        let mut group = Vec::new();
        encode::write_map_len(&mut group, 3)?;
        encode::write_str(&mut group, "name")?;
        encode::write_str(&mut group, GROUP)?;
        encode::write_str(&mut group, "attrs")?;
        encode::write_map_len(&mut group, 0)?;
        encode::write_str(&mut group, "spans")?;
        encode::write_array_len(&mut group, len(spans.len())?)?;
        for span in spans {
            let mut row = Vec::with_capacity(40);
            for value in [0, self.hash(&span.knowledge_base_id), self.hash(&span.label)] {
                row.extend(value.to_be_bytes());
            }
            for value in [span.tokens.0, span.tokens.1, span.chars.0, span.chars.1] {
                row.extend(i32::try_from(value).map_err(io::Error::other)?.to_be_bytes());
            }
            encode::write_bin(&mut group, &row)?;
        }
        let mut groups = Vec::new();
        encode::write_map_len(&mut groups, 1)?;
        encode::write_bin(&mut groups, &group)?;
        encode::write_array_len(&mut groups, 1)?;
        encode::write_str(&mut groups, GROUP)?;
        Ok(groups)
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(self, out: &mut dyn Write) -> io::Result<()> {
        let mut out = ZlibEncoder::new(out, Compression::default());
        encode::write_map_len(&mut out, 10)?;
        encode::write_str(&mut out, "version")?;
        encode::write_str(&mut out, "0.1")?;
        encode::write_str(&mut out, "attrs")?;
        encode::write_array_len(&mut out, len(ATTRIBUTES.len())?)?;
        for attribute in ATTRIBUTES {
            encode::write_uint(&mut out, attribute)?;
        }
        for (name, section) in [("tokens", self.tokens), ("spaces", self.spaces), ("lengths", self.lengths)] {
            encode::write_str(&mut out, name)?;
            encode::write_bin_len(&mut out, len(section.len)?)?;
            section.write(&mut out)?;
        }
        encode::write_str(&mut out, "strings")?;
        encode::write_array_len(&mut out, len(self.strings.len())?)?;
        let mut strings: Vec<&String> = self.strings.values().collect();
        strings.sort_unstable();
        for text in strings {
            encode::write_str(&mut out, text)?;
        }
        let documents = len(self.documents)?;
        encode::write_str(&mut out, "flags")?;
        encode::write_array_len(&mut out, documents)?;
        for _ in 0..documents {
            encode::write_map_len(&mut out, 1)?;
            encode::write_str(&mut out, "has_unknown_spaces")?;
            encode::write_bool(&mut out, false)?;
        }
        for (name, section) in [("cats", self.categories), ("span_groups", self.span_groups), ("user_data", self.user_data)] {
            encode::write_str(&mut out, name)?;
            encode::write_array_len(&mut out, documents)?;
            section.write(&mut out)?;
        }
        out.finish()?.flush()
    }
}

fn in_bin(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut bin = Vec::with_capacity(bytes.len() + 5);
    encode::write_bin(&mut bin, bytes)?;
    Ok(bin)
}

fn write_map(out: &mut Vec<u8>, entries: &[(&'static str, String)]) -> io::Result<()> {
    encode::write_map_len(out, len(entries.len())?)?;
    for (name, value) in entries {
        encode::write_str(out, name)?;
        encode::write_str(out, value)?;
    }
    Ok(())
}

/// MessagePack counts in 32 bits.
fn len(len: usize) -> io::Result<u32> {
    u32::try_from(len).map_err(|_| io::Error::other("a DocBin holds at most 4 GiB of tokens; export fewer documents, or in parts"))
}

/// The number by which spaCy's list of strings knows one: MurmurHash64A with seed 1, 0 for nothing, a fixed one for a few.
fn hash(text: &str) -> u64 {
    if let Some(number) = number(text) {
        return number;
    }
    const FACTOR: u64 = 0xc6a4_a793_5bd1_e995;
    let mix = |value: u64| value ^ (value >> 47);
    if text.is_empty() {
        return 0;
    }
    let (chunks, rest) = text.as_bytes().as_chunks::<8>();
    let mut hash = 1 ^ (text.len() as u64).wrapping_mul(FACTOR);
    for chunk in chunks {
        let value = mix(u64::from_le_bytes(*chunk).wrapping_mul(FACTOR)).wrapping_mul(FACTOR);
        hash = (hash ^ value).wrapping_mul(FACTOR);
    }
    if !rest.is_empty() {
        let value = rest.iter().rev().fold(0, |value: u64, byte| (value << 8) | u64::from(*byte));
        hash = (hash ^ value).wrapping_mul(FACTOR);
    }
    mix(mix(hash).wrapping_mul(FACTOR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_spacy() {
        // What `spacy.strings.StringStore().add(…)` gives.
        let check = |text: &str, expected: u64| assert_eq!(hash(text), expected, "{text}");
        check("", 0);
        check("GPE", 384);
        check("mark", 423);
        check("PER", 4_317_129_024_397_789_502);
        check("coffee", 3_197_928_453_018_144_401);
        check("Zoë", 16_948_573_035_762_911_534);
        check("🎉", 2_495_747_590_276_730_877);
        check("a much longer string of words", 10_456_979_745_455_598_529);
    }
}
