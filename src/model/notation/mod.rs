//! State as text, for tests, examples and the sample project: parser and printer are inverse of each other.
//!
//! ```text
//! [PER#k=kerry Kerry] said [CLAIM#c taxes in [GPE Ohio] rise].       nesting; `#k` names a row, `=kerry` its entity
//! [A#1 the big [B red]#1; house]                                     crossing: `]#1;` closes that one
//! “[CLAIM#c We are not]”, said Toner, “[+#c looking at that]”        one more range of `c`
//! [CLAIM#c Taxes rise]. [+#c~1 They] do [+#c~1 rise]. [+#c~2 Up!]    further occurrences of `c`, by number in text order
//! [PER;level=pronoun She] said                                       attributes of a span
//! [=caption A picture] «Ker»ry ‸ \[sic\]                             region, selection, caret, literals
//! .. c: claimer=k,@kerry,"author" stance=support normalized="…"      roles and attributes
//! .. CLAIM#d: normalized="Taxes are too high"                        a claim without a place
//! .. k -works_for-> @senate                                          relation; `.. r: k -works_for-> o` names it
//! .. @kerry: PER "John Kerry" aka="Kerry","Secretary Kerry" kb="Q22316"
//! .. =sheet: status=done genre=report note="…"
//! .. =document: title="…" source="…" author="…" date=2016-05-17 url="…" language="en"
//! ```
//!
//! The lines come after the text, each beginning with `.. `; the line end before the first of them is not part of
//! the text. In the text `\` takes the meaning from the next character. A value that is not of the attribute's
//! type, or of an attribute that the codebook does not have, says its type: `stance=Int(3)`. A key with two
//! possible meanings says which: `role(note)=k`, `attribute(note)=yes`. A row that does not exist is written by
//! its id: `claimer=span%000000000007`. A name of 12 characters that has the form of an id *is* the id.
//!
//! What it leaves out: file name, decoding, corrections and residue of a document, and the text hash of a sheet.

mod body;
mod build;
mod error;
mod fields;
mod layout;
mod lines;
mod print;
#[cfg(any(test, fuzzing))]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod token;
mod value;

use std::collections::BTreeMap;

pub use build::Reader;
pub use error::{NotationError, Problem};

use super::{Document, Entity, EntityId, Node, Schema, Sheet};
use crate::text::{Text, TextRange};

/// One document with one sheet, as read from notation or about to be printed.
#[derive(Clone, PartialEq, Debug)]
pub struct Notation {
    /// The verbatim text.
    pub text: Text,
    /// Fields and regions.
    pub document: Document,
    /// Spans, claims, relations and what is said of the whole.
    pub sheet: Sheet,
    /// The entities that have a line here.
    pub entities: BTreeMap<EntityId, Entity>,
    /// `«…»`.
    pub selection: Option<TextRange>,
    /// `‸`, a byte offset.
    pub caret: Option<usize>,
    /// What the rows are called.
    pub names: Names,
}

/// Names of rows: `#k` for spans, claims and relations, `@k` for entities.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Names {
    /// Spans, claims and relations.
    pub rows: BTreeMap<String, Node>,
    /// Entities.
    pub entities: BTreeMap<String, EntityId>,
}

impl Notation {
    /// Reads notation. Rows get the ids 1, 2, 3, … in the order in which they appear; see [`Reader`] for others.
    ///
    /// # Errors
    /// The first line that is not notation.
    pub fn parse(source: &str, schema: &Schema) -> Result<Self, NotationError> {
        Reader::new(schema).read(source)
    }

    /// A document without annotations.
    #[must_use]
    pub fn new(text: Text) -> Self {
        let document = Document::new(Document::title_of(text.as_str()), text.hash().clone());
        Self { text, document, sheet: Sheet::default(), entities: BTreeMap::new(), selection: None, caret: None, names: Names::default() }
    }

    /// Prints notation. Rows are named where they have a name in [`Self::names`] or need one.
    #[must_use]
    pub fn print(&self, schema: &Schema) -> String {
        print::print(self, schema, Vec::new())
    }

    /// Prints notation; rows that need a name take the spare ones first.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn print_with(&self, schema: &Schema, spare: Vec<String>) -> String {
        print::print(self, schema, spare)
    }

    /// Prints notation with every row named by its id, so that reading it gives the same ids.
    #[must_use]
    pub fn print_exact(&self, schema: &Schema) -> String {
        let mut exact = self.clone();
        exact.names = Names::exact(&self.sheet, &self.entities);
        print::print(&exact, schema, Vec::new())
    }
}

impl Names {
    /// Every row named by its id.
    #[must_use]
    pub fn exact(sheet: &Sheet, entities: &BTreeMap<EntityId, Entity>) -> Self {
        let spans = sheet.spans.keys().map(|id| (id.to_string(), Node::Span(*id)));
        let claims = sheet.claims.keys().map(|id| (id.to_string(), Node::Claim(*id)));
        let relations = sheet.relations.keys().map(|id| (id.to_string(), Node::Relation(*id)));
        let rows = spans.chain(claims).chain(relations).collect();
        Self { rows, entities: entities.keys().map(|id| (id.to_string(), *id)).collect() }
    }

    /// What a row is called.
    #[must_use]
    pub fn of(&self, node: Node) -> Option<&str> {
        match node {
            Node::Entity(id) => self.entities.iter().find(|(_, named)| **named == id).map(|(name, _)| name.as_str()),
            node => self.rows.iter().find(|(_, named)| **named == node).map(|(name, _)| name.as_str()),
        }
    }
}
