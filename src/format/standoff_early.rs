//! Documents that need to know nothing of the others are handed over at the first look at their file: those of which the codebook
//! knows all names, that do not name a coder whom others decide upon, and whose places are certain: each has its words with it and
//! they are there, or we have written them. An export of a project that comes back to it is like that from its beginning to its end.
//! From the first other document on, all is looked at before it is read.

use std::cell::RefCell;

use super::allowance::Allowance;
use super::article::annotations_or_ask;
use super::pieces::Piece;
use super::standoff_in::{FoundDocument, Given, Input, Look, Reader, Unit, Whose, own_unit};
use super::standoff_look::count;
use super::{Evidence, FormatError, Item, ReadOptions, Receiver, Tables, Undecoded};
use crate::model::Finding;

/// So many documents of a file that is not cut wait until all of them are known to need nothing of the others.
const MOST_HELD: usize = 64;

/// Where the reading of documents that need nothing of the others stopped.
#[derive(Default)]
pub(super) struct Left {
    /// How many files were read to their end.
    pub(super) files: usize,
    /// What was handed over of the next one.
    pub(super) given: Given,
}

/// How far a file was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Reached,
    /// A document needs to know of the others, or the file is broken.
    NotReached,
}

impl Reader<'_, '_> {
    /// Reads files and documents as long as these need nothing of the others.
    pub(super) fn read_early(
        &mut self,
        files: Input<'_>,
        names: &[String],
        options: &mut ReadOptions,
        to: &mut dyn Receiver,
    ) -> Result<Left, FormatError> {
        let mut left = Left::default();
        for name in names {
            let tally = RefCell::new(None);
            let input = Input { name, look: Look::Only(&tally), ..files };
            if self.file_early(input, &mut left.given, options, to)? == End::NotReached {
                break;
            }
            left = Left { files: left.files + 1, given: Given::default() };
            options.step()?;
        }
        Ok(left)
    }

    fn file_early(&mut self, input: Input<'_>, given: &mut Given, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<End, FormatError> {
        let opened = || input.how.cut.zip(input.source.open(input.name).ok());
        let mut skip = |_: Piece<'_>| if input.options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(()) };
        let head = opened().map_or(Ok(None), |(cut, mut file)| cut(&mut file, &mut skip))?;
        let Some((head, (cut, mut file))) = head.zip(opened()) else { return self.whole_early(input, options, to) };
        let (mut end, mut allowance) = (End::Reached, Allowance::new(0));
        let read = cut(&mut file, &mut |Piece { text, first_line }| {
            allowance.add(text.len());
            let piece = Input { content: text, first_line, head: Some(&head), ..input };
            let mut held = Held::default();
            end = self.documents_early(&piece, &mut allowance, options, &mut held)?;
            if end == End::NotReached {
                return Err(FormatError::Cancelled);
            }
            *given = Given { pieces: given.pieces + 1, documents: given.documents + held.documents };
            self.hand_over(held, to);
            Ok(())
        });
        match (end, read) {
            (End::NotReached, _) | (_, Ok(None)) => Ok(End::NotReached),
            (End::Reached, read) => read.map(|_| End::Reached),
        }
    }

    fn whole_early(&mut self, input: Input<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<End, FormatError> {
        let mut held = Held::default();
        if let Some(file) = annotations_or_ask(input.source, input.name, options, &mut held) {
            let mut allowance = Allowance::new(file.decoded.text.len());
            let input = Input { content: &file.decoded.text, decoding: &file.decoded.decoding, ..input };
            let end = self.documents_early(&input, &mut allowance, options, &mut held)?;
            if end == End::NotReached {
                return Ok(end);
            }
        }
        self.hand_over(held, to);
        Ok(End::Reached)
    }

    fn hand_over(&mut self, held: Held, to: &mut dyn Receiver) {
        held.items().for_each(|item| self.meet(item));
        self.has_given_unsaid |= held.has_unsaid;
        held.hand_over(to);
    }

    /// All documents of a file or of a piece of it, or none.
    fn documents_early(
        &mut self,
        input: &Input<'_>,
        allowance: &mut Allowance,
        options: &mut ReadOptions,
        held: &mut Held,
    ) -> Result<End, FormatError> {
        let (mut is_other, mut has_unsaid, mut documents) = (false, false, 0);
        self.vocabulary.begin_trial();
        let read = (input.how.parse)(input, held, &mut |document, to| {
            documents += 1;
            has_unsaid |= document.sheets.iter().any(|sheet| sheet.whose == Whose::Unsaid);
            if allowance.take(input.name, to) {
                let item = if documents > MOST_HELD { None } else { self.item_early(input, document, options, to) };
                is_other = item.is_none();
                to.item(item.ok_or(FormatError::Cancelled)?);
            }
            if options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(()) }
        });
        (held.documents, held.has_unsaid) = (documents, has_unsaid);
        // Where a piece is broken, the file is read as a whole.
        let is_broken = input.head.is_some() && held.has_finding(input.how.bad_file);
        if !is_other && !is_broken {
            return read.map(|()| End::Reached);
        }
        for item in held.items() {
            self.ids.remove(&item.id);
        }
        self.vocabulary.take_trial_back();
        Ok(End::NotReached)
    }

    fn item_early(&mut self, input: &Input<'_>, document: FoundDocument, options: &mut ReadOptions, to: &mut dyn Receiver) -> Option<Item> {
        if document.sheets.iter().any(|sheet| matches!(sheet.whose, Whose::Name(_))) || !has_certain_places(&document) {
            return None;
        }
        let counting = {
            let mut tally = input.tally(own_unit(input, &document), input.options.unit)?;
            count(&document, &mut tally);
            tally.fits_everywhere().then(|| tally.choose().counting)?
        };
        let item = self.item(input, document, counting, options, to);
        if self.vocabulary.has_new_rows() {
            self.ids.remove(&item.id);
            return None;
        }
        Some(item)
    }
}

/// False where only all documents of a file together say what their offsets count.
fn has_certain_places(document: &FoundDocument) -> bool {
    let are_ours = !document.sheets.is_empty() && document.sheets.iter().all(|sheet| matches!(sheet.whose, Whose::Key(_)));
    let mut placed = document.sheets.iter().flat_map(|sheet| &sheet.rows).filter(|row| !row.ranges.is_empty());
    are_ours || matches!(document.unit, Unit::Exact(_)) || placed.all(|row| row.surface.is_some())
}

/// What waits until it is known that all of it can be handed over.
#[derive(Default)]
struct Held {
    things: Vec<Thing>,
    documents: usize,
    /// Of one of them nobody says whose it is.
    has_unsaid: bool,
}

enum Thing {
    Tables(Tables),
    Item(Box<Item>),
    Finding(Finding),
    Undecoded(Undecoded),
    Columns(Vec<String>),
    Evidence(Evidence),
}

impl Held {
    fn has_finding(&self, rule: &str) -> bool {
        self.things.iter().any(|thing| matches!(thing, Thing::Finding(finding) if finding.rule == rule))
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        self.things.iter().filter_map(|thing| if let Thing::Item(item) = thing { Some(item.as_ref()) } else { None })
    }

    fn hand_over(self, to: &mut dyn Receiver) {
        for thing in self.things {
            match thing {
                Thing::Tables(tables) => to.tables(tables),
                Thing::Item(item) => to.item(*item),
                Thing::Finding(finding) => to.finding(finding),
                Thing::Undecoded(undecoded) => to.undecoded(undecoded),
                Thing::Columns(names) => to.columns(&names),
                Thing::Evidence(evidence) => to.evidence(evidence),
            }
        }
    }
}

impl Receiver for Held {
    fn tables(&mut self, tables: Tables) {
        self.things.push(Thing::Tables(tables));
    }

    fn item(&mut self, item: Item) {
        self.things.push(Thing::Item(Box::new(item)));
    }

    fn finding(&mut self, finding: Finding) {
        self.things.push(Thing::Finding(finding));
    }

    fn undecoded(&mut self, undecoded: Undecoded) {
        self.things.push(Thing::Undecoded(undecoded));
    }

    fn columns(&mut self, names: &[String]) {
        self.things.push(Thing::Columns(names.to_vec()));
    }

    fn evidence(&mut self, evidence: Evidence) {
        self.things.push(Thing::Evidence(evidence));
    }
}
