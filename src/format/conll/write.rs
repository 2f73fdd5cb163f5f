//! Writing tokens with their tags, in one of the shapes.

use super::RESIDUE;
use super::kept::{Kept, KeptLine, Words};
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue, drop_own_residue};
use crate::format::coder_files::{WriteDocument, write_by_coder};
use crate::format::comments::{count_fields, push_comment, push_comments, push_fields, push_others};
use crate::format::sentence_tokens::{AtSentenceEnd, Example, Layering, Placed, Tokens};
use crate::format::tags::{Scheme, TagOf, tags};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{LabelKey, LabelKind, Sheet, Span, is_wikidata_id};

const NO_PLACE: &str = "the format has labels of tokens only";
/// Columns of nested mentions in HIPE's shape: its own, and one for what is nested deeper.
const NESTED: usize = 2;
/// How documents begin: programs look for exactly these lines.
pub(super) const START_2002: &str = "-DOCSTART-\tO\n\n";
pub(super) const START_2003: &str = "-DOCSTART- -X- O O\n\n";
pub(super) const HIPE_HEAD: &str =
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
    write_by_coder(items, (options, sink, ledger), &mut Writer { shape, tables, kept: None, lines: String::new() })?;
    drop_entity_details(ledger, tables, NO_PLACE);
    Ok(())
}

struct Writer<'w> {
    shape: Shape,
    tables: &'w Tables,
    /// What was kept of the document.
    kept: Option<Kept>,
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
        drop_foreign_residue(ledger, item, RESIDUE);
        self.kept = Kept::of(item);
        self.count_kept(item, ledger);
        if self.shape == Shape::Hipe {
            count_fields(item, ledger);
            drop_own_residue(ledger, item, RESIDUE, "tags that had no place are not written back");
        } else {
            drop_aspects(ledger, item, &[Aspect::DocumentFields, Aspect::EntityLinks], NO_PLACE);
            drop_own_residue(ledger, item, RESIDUE, NO_PLACE);
        }
    }

    fn write(&mut self, page: &mut Vec<u8>, item: &Item, sheet: Option<&Sheet>, ledger: &mut Ledger) -> Result<(), FormatError> {
        let mut lines = std::mem::take(&mut self.lines);
        lines.clear();
        let own;
        let tokens = match self.words() {
            Some((_, words)) => &words.tokens,
            None => {
                own = Tokens::of(&item.text);
                &own
            }
        };
        match self.shape {
            Shape::Hipe => self.write_hipe(&mut lines, item, sheet, tokens, ledger),
            Shape::Conll2002(scheme) => self.write_sentences(&mut lines, item, sheet, tokens, (START_2002, "\t", scheme), ledger),
            Shape::Conll2003(scheme) => self.write_sentences(&mut lines, item, sheet, tokens, (START_2003, " -X- O ", scheme), ledger),
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

    /// What was kept of the document, where its tokens are those of the text.
    fn words(&self) -> Option<(&Kept, &Words)> {
        let kept = self.kept.as_ref()?;
        Some((kept, kept.words.as_ref()?))
    }

    /// What becomes of the lines that an import has kept.
    fn count_kept(&self, item: &Item, ledger: &mut Ledger) {
        let id = item.id.as_str();
        let Some(kept) = &self.kept else {
            if self.shape != Shape::Hipe && item.document.residue.contains_key(RESIDUE) {
                ledger.drop("comments on documents", NO_PLACE, id);
            }
            return;
        };
        if kept.words.is_none() {
            let why = "the text is not that of the import any more, or tokens hold blanks, so that the tokens of the file are others";
            return ledger.drop("leftovers of earlier imports", why, id);
        }
        ledger.keep("tokens of imported documents", 1);
        let places = if matches!(self.shape, Shape::Conll2003(_)) { 2 } else { 0 };
        for _ in places..kept.others() {
            ledger.drop("columns of earlier imports", "the format has no more columns", id);
        }
    }

    /// Lines of tokens, and comments where readers take them for such.
    fn push_again(&self, page: &mut String, (kept, words): (&Kept, &Words), tags: &[Option<TagOf<'_>>], item: &Item) {
        let is_2003 = matches!(self.shape, Shape::Conll2003(_));
        let is_comment = |line: &str| if is_2003 { line.contains(" = ") || line.split_whitespace().count() != 4 } else { !line.contains('\t') };
        for line in kept.lines(words) {
            match line {
                KeptLine::Blank if page.ends_with("\n\n") => {}
                KeptLine::Blank => page.push('\n'),
                KeptLine::Comment(line) if is_comment(line) => page.extend([line, "\n"]),
                KeptLine::Comment(_) => {}
                KeptLine::Token(token, others) => {
                    page.push_str(words.tokens.ranges().get(token).map_or("", |range| item.text.slice(*range)));
                    if is_2003 {
                        let mut others = others.into_iter();
                        page.extend([" ", others.next().unwrap_or("-X-"), " ", others.next().unwrap_or("O"), " "]);
                    } else {
                        page.push('\t');
                    }
                    push_tag(page, tags.get(token).copied().flatten(), |tag| &tag.placed.span.label);
                    page.push('\n');
                }
            }
        }
        if !page.ends_with("\n\n") {
            page.push('\n');
        }
    }

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
        if let Some(again) = self.words() {
            return self.push_again(page, again, &tags, item);
        }
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
        match &self.kept {
            Some(kept) => {
                push_fields(page, item, "hipe2022:", |_| true);
                push_others(page, kept.comments.others());
            }
            None => push_comments(page, item, "hipe2022:", RESIDUE),
        }
        let flags = self.words().and_then(|(kept, words)| kept.flags(words));
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
            match flags.as_ref().and_then(|flags| flags.get(index)) {
                Some(flags) => page.push_str(flags),
                None => push_flags(page, item.text.as_str().get(range.end()..next), index + 1 == sentence.end),
            }
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
