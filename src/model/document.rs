//! One article: everything about it but its text and its annotations.

use serde::{Deserialize, Serialize};

use super::{Date, Residue};
use crate::text::decode::Decoding;
use crate::text::hidden::is_hidden;
use crate::text::{Replacement, TextHash, TextRange};

/// The fields of an article.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Document {
    /// Shown in lists; the first line of the text unless somebody changed it.
    pub title: String,
    /// The newspaper, agency or site; empty for unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Who wrote it; empty for unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// When it appeared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where it is on the web; empty for unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// BCP 47 tag such as `en`; empty for unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// The name of the file it came from; empty for pasted text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file_name: String,
    /// The fingerprint of the text.
    pub text_hash: TextHash,
    /// Parts of the text with a part to play, in text order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Region>,
    /// What decoding did.
    pub decoding: Decoding,
    /// How the text was corrected since the import, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// Deleted, but not gone: its files wait in the project's trash.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_trash: bool,
    /// What an import could not place.
    #[serde(default, skip_serializing_if = "Residue::is_empty")]
    pub residue: Residue,
}

impl Document {
    /// A document with nothing but a title and a text.
    #[must_use]
    pub fn new(title: impl Into<String>, text_hash: TextHash) -> Self {
        Self {
            title: title.into(),
            source: String::new(),
            author: String::new(),
            date: None,
            url: String::new(),
            language: String::new(),
            file_name: String::new(),
            text_hash,
            regions: Vec::new(),
            decoding: Decoding::utf8(),
            corrections: Vec::new(),
            in_trash: false,
            residue: Residue::new(),
        }
    }

    /// The title that an article gets on import: its first line that is not blank, at most 200 characters.
    #[must_use]
    pub fn title_of(text: &str) -> String {
        let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        line.chars().filter(|c| !is_hidden(*c)).take(200).collect()
    }
}

/// A part of the text with a part to play.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Region {
    /// Where.
    pub range: TextRange,
    /// Which part.
    pub kind: RegionKind,
}

/// The parts that a region can play.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionKind {
    /// The headline.
    Title,
    /// The words under a picture.
    Caption,
    /// Navigation, advertisements, legal notes.
    Boilerplate,
}

impl RegionKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Title, Self::Caption, Self::Boilerplate];

    /// In lists: `Title`.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Caption => "Caption",
            Self::Boilerplate => "Boilerplate",
        }
    }

    /// As in files: `title`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Caption => "caption",
            Self::Boilerplate => "boilerplate",
        }
    }
}

/// One correction of the text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Correction {
    /// The text before.
    pub old_hash: TextHash,
    /// What was replaced, in text order.
    pub replacements: Vec<Replacement>,
    /// The text after.
    pub new_hash: TextHash,
}

impl Correction {
    /// The corrections that lead from one text to another. None where there is no such chain.
    #[must_use]
    pub fn chain<'c>(corrections: &'c [Self], from: &TextHash, to: &TextHash) -> Option<&'c [Self]> {
        let chain = corrections.get(corrections.iter().rposition(|correction| correction.old_hash == *from)?..)?;
        let is_unbroken = chain.iter().zip(chain.iter().skip(1)).all(|(one, next)| one.new_hash == next.old_hash);
        let leads_there = chain.last().is_some_and(|last| last.new_hash == *to);
        (is_unbroken && leads_there).then_some(chain)
    }
}
