//! A document as BioC sees it: passages with offsets, annotations with locations, relations between them.

use crate::format::standoff::Features;
use crate::format::standoff_in::Raw;

/// A document.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) id: String,
    pub(super) infons: Features,
    pub(super) passages: Vec<Passage>,
    /// Those that belong to no passage.
    pub(super) annotations: Vec<Annotation>,
    pub(super) relations: Vec<Relation>,
    pub(super) line: Option<usize>,
}

/// A passage with its text or, in one of its sentences, a sentence.
#[derive(Debug, Default)]
pub(super) struct Passage {
    pub(super) offset: usize,
    pub(super) infons: Features,
    pub(super) text: Option<String>,
    pub(super) sentences: Vec<Passage>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) relations: Vec<Relation>,
}

/// Labelled places.
#[derive(Debug, Default)]
pub(super) struct Annotation {
    pub(super) id: String,
    pub(super) infons: Features,
    /// Offsets and lengths.
    pub(super) locations: Vec<(usize, usize)>,
    pub(super) text: String,
    /// As it stands in the file, on the way in, and where; on the way out what is written as it stood.
    pub(super) raw: Raw,
    pub(super) line: Option<usize>,
}

/// A link between annotations.
#[derive(Debug, Default)]
pub(super) struct Relation {
    pub(super) id: String,
    pub(super) infons: Features,
    /// Ids and roles.
    pub(super) nodes: Vec<(String, String)>,
    /// As that of annotations.
    pub(super) raw: Raw,
    pub(super) line: Option<usize>,
}

impl Document {
    /// Does something with the document's own annotations and relations, and with those of each passage and sentence.
    pub(super) fn each_list(&mut self, each: &mut dyn FnMut(&mut Vec<Annotation>, &mut Vec<Relation>)) {
        each(&mut self.annotations, &mut self.relations);
        for passage in &mut self.passages {
            each(&mut passage.annotations, &mut passage.relations);
            passage.sentences.iter_mut().for_each(|sentence| each(&mut sentence.annotations, &mut sentence.relations));
        }
    }
}
