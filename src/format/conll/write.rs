//! Writing tokens with their tags, in one of the shapes.

use super::RESIDUE;
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue, drop_own_residue};
use crate::format::coder_files::{WriteDocument, write_by_coder};
use crate::format::comments::{count_fields, push_comment, push_comments};
use crate::format::sentence_tokens::{AtSentenceEnd, Example, Layering, Placed, Tokens};
use crate::format::tags::{Scheme, TagOf, tags};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{LabelKey, LabelKind, Sheet, Span, is_wikidata_id};

const NO_PLACE: &str = "the format has labels of tokens only";
/// Columns of nested mentions in HIPE's shape: its own, and one for what is nested deeper.
const NESTED: usize = 2;
const HIPE_HEAD: &str =
    "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNE-FINE-LIT\tNE-FINE-METO\tNE-FINE-COMP\tNE-NESTED\tNEL-LIT\tNEL-METO\tMISC\tNE-NESTED-2\n";

/// What a line looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// `token⇥tag`
    Conll2002(Scheme),
    /// `token -X- O tag`: part of speech and chunk are not known.
    Conll2003(Scheme),
    /// Eleven columns with a header.
    Hipe,
}

/// Writes one file; where several coders have sheets, one a coder.
pub(super) fn write(
    shape: Shape,
    (tables, items): (&Tables, &mut Items<'_>),
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    write_by_coder(items, (options, sink, ledger), &mut Writer { shape, tables, lines: String::new() })?;
    drop_entity_details(ledger, tables, NO_PLACE);
    Ok(())
}

struct Writer<'w> {
    shape: Shape,
    tables: &'w Tables,
    // Of a document; kept for its room.
    lines: String,
}

impl WriteDocument for Writer<'_> {
    fn head(&self) -> &str {
        if self.shape == Shape::Hipe { HIPE_HEAD } else { "" }
    }

    fn count(&mut self, item: &Item, ledger: &mut Ledger) {
        let lost = [
            Aspect::Regions,
            Aspect::Corrections,
            Aspect::DocumentAttributes,
            Aspect::DocumentNotes,
            Aspect::Status,
            Aspect::SetAside,
            Aspect::Relations,
            Aspect::RelationNotes,
            Aspect::RelationAttributes,
            Aspect::Claims,
            Aspect::Occurrences,
            Aspect::SpanAttributes,
            Aspect::SpanNotes,
        ];
        drop_aspects(ledger, item, &lost, NO_PLACE);
        if self.shape == Shape::Hipe {
            count_fields(item, ledger);
            drop_foreign_residue(ledger, item, RESIDUE);
            drop_own_residue(ledger, item, RESIDUE, "tags that had no place are not written back");
        } else {
            drop_aspects(ledger, item, &[Aspect::DocumentFields, Aspect::EntityLinks, Aspect::Residue], NO_PLACE);
        }
    }

    fn write(&mut self, page: &mut Vec<u8>, item: &Item, sheet: Option<&Sheet>, ledger: &mut Ledger) -> Result<(), FormatError> {
        let (tokens, mut lines) = (Tokens::of(&item.text), std::mem::take(&mut self.lines));
        lines.clear();
        match self.shape {
            Shape::Hipe => self.write_hipe(&mut lines, item, sheet, &tokens, ledger),
            Shape::Conll2002(scheme) => self.write_sentences(&mut lines, item, sheet, &tokens, ("-DOCSTART-\tO\n\n", "\t", scheme), ledger),
            Shape::Conll2003(scheme) => {
                self.write_sentences(&mut lines, item, sheet, &tokens, ("-DOCSTART- -X- O O\n\n", " -X- O ", scheme), ledger);
            }
        }
        page.extend_from_slice(lines.as_bytes());
        self.lines = lines;
        Ok(())
    }
}

impl Writer<'_> {
    fn is_mention(&self, span: &Span) -> bool {
        self.tables.schema.labels.get(&span.label).is_none_or(|label| label.kind == LabelKind::Entity)
    }

    /// Documents begin exactly so: programs look for this line.
    fn write_sentences(
        &self,
        page: &mut String,
        item: &Item,
        sheet: Option<&Sheet>,
        tokens: &Tokens,
        (start, gap, scheme): (&str, &str, Scheme),
        ledger: &mut Ledger,
    ) {
        let layering = Layering { item, tokens, max: 1, at_sentence_end: AtSentenceEnd::Cut };
        let layers = sheet.map(|sheet| layering.layers(sheet, |span| self.is_mention(span), ledger)).unwrap_or_default();
        let tags = tags(layers.first().map_or(&[], Vec::as_slice), tokens, scheme, AtSentenceEnd::Cut);
        page.push_str(start);
        for sentence in tokens.sentences() {
            let words = tokens.ranges().get(sentence.clone()).unwrap_or_default();
            for (word, tag) in words.iter().zip(tags.get(sentence.clone()).unwrap_or_default()) {
                page.push_str(item.text.slice(*word));
                page.push_str(gap);
                push_tag(page, *tag, |tag| &tag.placed.span.label);
                page.push('\n');
            }
            page.push('\n');
        }
    }

    fn write_hipe(&self, page: &mut String, item: &Item, sheet: Option<&Sheet>, tokens: &Tokens, ledger: &mut Ledger) {
        let layering = Layering { item, tokens, max: 1 + NESTED, at_sentence_end: AtSentenceEnd::GoOn };
        let layers = sheet.map(|sheet| layering.layers(sheet, |span| self.is_mention(span), ledger)).unwrap_or_default();
        for (depth, placed) in layers.iter().enumerate().flat_map(|(depth, layer)| layer.iter().map(move |placed| (depth, placed))) {
            self.count_link(item, depth, placed, ledger);
        }
        let columns: Vec<_> = layers.iter().map(|layer| tags(layer, tokens, Scheme::Iob2, AtSentenceEnd::GoOn)).collect();
        let tag = |depth: usize, index: usize| columns.get(depth).and_then(|tags| tags.get(index).copied()).flatten();
        push_comment(page, "hipe2022:document_id", item.id.as_str());
        push_comments(page, item, "hipe2022:", RESIDUE);
        for (sentence, index) in tokens.sentences().iter().flat_map(|sentence| sentence.clone().map(move |index| (sentence, index))) {
            let Some(range) = tokens.ranges().get(index) else { continue };
            page.push_str(item.text.slice(*range));
            let outermost = tag(0, index);
            page.push('\t');
            push_tag(page, outermost, |tag| self.topmost(&tag.placed.span.label));
            page.push_str("\tO\t");
            push_tag(page, outermost, |tag| &tag.placed.span.label);
            page.push_str("\tO\tO\t");
            push_tag(page, tag(1, index), |tag| &tag.placed.span.label);
            page.push('\t');
            page.push_str(outermost.map_or("_", |tag| self.entry(tag.placed.span).unwrap_or("NIL")));
            page.push_str("\t_\t");
            let next = tokens.ranges().get(index + 1).map_or(item.text.len(), |next| next.start());
            push_flags(page, item.text.as_str().get(range.end()..next), index + 1 == sentence.end);
            page.push('\t');
            push_tag(page, tag(2, index), |tag| &tag.placed.span.label);
            page.push('\n');
        }
        page.push('\n');
    }

    /// The label above all others that a label stands under.
    fn topmost<'l>(&'l self, label: &'l LabelKey) -> &'l LabelKey {
        let mut top = label;
        for _ in 0..64 {
            match self.tables.schema.labels.get(top).and_then(|row| row.parent.as_ref()) {
                Some(parent) => top = parent,
                None => return top,
            }
        }
        top
    }

    /// The Wikidata id of whom a mention means.
    fn entry(&self, span: &Span) -> Option<&str> {
        let (_, entity) = self.tables.entity(span.entity?)?;
        entity.knowledge_base_ids.iter().find(|id| is_wikidata_id(id)).map(String::as_str)
    }

    fn count_link(&self, item: &Item, depth: usize, placed: &Placed<'_>, ledger: &mut Ledger) {
        const WHAT: &str = "links from mentions to entities";
        let example = Example { item, span: placed.span };
        match (placed.span.entity, self.entry(placed.span)) {
            (None, _) => {}
            (Some(_), Some(_)) if depth == 0 => ledger.keep(WHAT, 1),
            (Some(_), Some(_)) => ledger.drop(WHAT, "only outermost mentions have a column for them", example),
            (Some(_), None) => ledger.drop(WHAT, "the entity has no Wikidata id", example),
        }
    }
}

fn push_tag<'l>(page: &mut String, tag: Option<TagOf<'l>>, label: impl Fn(TagOf<'l>) -> &'l LabelKey) {
    match tag {
        Some(tag) => {
            page.push(tag.letter);
            page.push('-');
            page.push_str(label(tag).as_str());
        }
        None => page.push('O'),
    }
}

/// What stands between a token and the next one.
fn push_flags(page: &mut String, gap: Option<&str>, ends_sentence: bool) {
    let of_gap = match gap.unwrap_or_default() {
        "" => "NoSpaceAfter",
        gap if gap.contains('\n') => "EndOfLine",
        _ => "",
    };
    page.push_str(match (of_gap, ends_sentence) {
        ("", true) => "EndOfSentence",
        ("", false) => "_",
        (of_gap, _) => of_gap,
    });
    if ends_sentence && !of_gap.is_empty() {
        page.push_str("|EndOfSentence");
    }
}
