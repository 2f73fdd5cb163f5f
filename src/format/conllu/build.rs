//! From the lines of a document to its text and one sheet.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::assembly::Assembly;
use super::brackets::unescape;
use super::mentions::Details;
use super::read::Columns;
use super::spaces::from_signs;
use crate::format::kept_lines::split_tabs;
use crate::format::sentence_tokens::{Tokens, is_blank};
use crate::format::sheet_builder::{Origin, Rules, SheetBuilder, rules, short};
use crate::format::tags::{Run, RunReader, Tag};
use crate::format::vocabulary::{OWN_BASE, Vocabulary};
use crate::format::{Item, ReadOptions, Receiver};
use crate::model::{EntityId, LabelKey, Node, Severity, Sheet, SpanId, is_wikidata_id};
use crate::text::{Ranges, Text, TextRange};

static RULES: Rules = rules!("conllu", "line");

/// The label of mentions whose type the file does not say.
const NAMELESS: &str = "Mention";
/// So many entities are remembered from document to document.
const MAX_ENTITIES: usize = 100_000;
/// Names in MISC that hold tags such as `B-PER`, in small letters.
const TAGS_IN_MISC: [&str; 3] = ["name", "ner", "ne"];

/// What begins with a word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) enum Begins {
    #[default]
    Nothing,
    Sentence,
    Paragraph,
}

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A word.
    Word(usize),
    /// The form of several words, up to this one.
    Surface(usize),
    /// A word that is not in the text.
    Empty,
}

impl Kind {
    /// None for a line with too few columns or without an id.
    pub(super) fn of(line: &str, columns: &Columns) -> Option<Self> {
        let id = match (columns.id?, columns.form?) {
            (0, 1) => line.get(..line.bytes().position(|byte| byte == b'\t')?)?,
            (id, form) => {
                split_tabs(line).nth(form)?;
                split_tabs(line).nth(id)?
            }
        };
        // Nearly all lines, but for long sentences.
        if let [digit @ b'1'..=b'9'] = id.as_bytes() {
            return Some(Self::Word(usize::from(digit - b'0')));
        }
        if let Some((_, last)) = id.split_once('-') {
            return last.parse().ok().map(Self::Surface);
        }
        if id.contains('.') { Some(Self::Empty) } else { id.parse().ok().map(Self::Word) }
    }
}

/// A line of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'f> {
    pub(super) number: usize,
    pub(super) line: &'f str,
    pub(super) cells: &'f [&'f str],
    pub(super) kind: Kind,
    pub(super) begins: Begins,
}

impl<'f> Row<'f> {
    pub(super) fn cell(&self, column: Option<usize>) -> &'f str {
        column.and_then(|column| self.cells.get(column)).copied().unwrap_or_default()
    }

    /// What MISC says of the blank behind a word, where it says nothing else.
    fn plain_gap(&self, columns: &Columns) -> Option<Gap> {
        match self.cell(columns.misc).as_bytes() {
            [] | [b'_'] => Some(Gap::Usual),
            b"SpaceAfter=No" => Some(Gap::Closed),
            _ => None,
        }
    }

    pub(super) fn misc(&self, columns: &Columns) -> impl Iterator<Item = (&'f str, &'f str)> + use<'f> {
        let is_item = |item: &&str| !matches!(item.as_bytes(), [] | [b'_']);
        let items = self.cell(columns.misc).split('|').filter(is_item);
        items.map(|item| item.split_once('=').unwrap_or((item, "")))
    }
}

/// True for what stands where there is nothing.
fn is_empty(cell: &str) -> bool {
    matches!(cell.as_bytes(), [] | [b'_' | b'-'])
}

/// What has no place here, counted.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub(super) comments: usize,
    pub(super) analysed: usize,
    pub(super) misc: usize,
    pub(super) empty: usize,
}

impl Left {
    /// True where there is something.
    pub(super) fn is_any(&self) -> bool {
        self.comments + self.analysed + self.misc + self.empty > 0
    }

    /// What another document has.
    pub(super) fn add(&mut self, other: &Self) {
        self.comments += other.comments;
        self.analysed += other.analysed;
        self.misc += other.misc;
        self.empty += other.empty;
    }

    /// One for each kind.
    pub(super) fn messages(&self) -> Vec<String> {
        let kinds = [
            (self.analysed, "words have lemmas, parts of speech, features or syntax"),
            (self.misc, "values in MISC have no place here"),
            (self.empty, "empty nodes are not in the text"),
            (self.comments, "comments on sentences have no place here"),
        ];
        let kinds = kinds.into_iter().filter(|(count, _)| *count > 0);
        kinds.map(|(count, what)| format!("{count} {what}: they are kept aside, and an export to CoNLL-U gives them back")).collect()
    }
}

/// A word in the text.
#[derive(Debug)]
struct Word {
    row: usize,
    bytes: Range<usize>,
    /// MISC says more of it than what stands behind it.
    is_said_more: bool,
}

/// A document taken apart.
pub(super) struct DocumentParts<'p, 'f> {
    rows: &'p [Row<'f>],
    columns: &'p Columns,
    pub(super) text: String,
    words: Vec<Word>,
    // The bytes of each sentence.
    sentences: Vec<Range<usize>>,
    /// Which of [`TAGS_IN_MISC`] there are.
    tags_in_misc: BTreeSet<&'static str>,
}

/// How a word's text ends.
#[derive(Clone, Debug)]
enum Gap {
    Usual,
    Closed,
    Exact(String),
}

impl<'p, 'f> DocumentParts<'p, 'f> {
    /// Puts the text together.
    pub(super) fn new(rows: &'p [Row<'f>], columns: &'p Columns, left: &mut Left) -> Self {
        let mut parts = Self { rows, columns, text: String::new(), words: Vec::new(), sentences: Vec::new(), tags_in_misc: BTreeSet::new() };
        let mut gap = None;
        let (mut begins, mut covered) = (Begins::Nothing, 0);
        for (index, row) in rows.iter().enumerate() {
            begins = begins.max(row.begins);
            if row.begins > Begins::Nothing {
                covered = 0;
            }
            left.analysed += usize::from(columns.left.iter().any(|column| !is_empty(row.cell(Some(*column)))));
            match row.kind {
                Kind::Empty => left.empty += 1,
                Kind::Word(id) if id <= covered => row.misc(columns).for_each(|(key, _)| parts.tags_in_misc.extend(tags_in_misc(key))),
                Kind::Word(_) => {
                    let bytes = parts.push_surface(row, &mut gap, begins, left);
                    parts.words.push(Word { row: index, bytes, is_said_more: row.plain_gap(columns).is_none() });
                    begins = Begins::Nothing;
                }
                Kind::Surface(last) => {
                    let bytes = parts.push_surface(row, &mut gap, begins, left);
                    (begins, covered) = (Begins::Nothing, last);
                    parts.push_words(index, last, &bytes);
                }
            }
        }
        if let Some(Gap::Exact(blanks)) = gap {
            parts.text.push_str(&blanks);
        }
        parts
    }

    fn push_surface(&mut self, row: &Row<'_>, gap: &mut Option<Gap>, begins: Begins, left: &mut Left) -> Range<usize> {
        let plain = row.plain_gap(self.columns);
        let is_said_more = plain.is_none();
        let (mut before, mut next, mut form) = (None, plain.unwrap_or(Gap::Usual), None);
        let mut exact = None;
        for (key, value) in row.misc(self.columns).take_while(|_| is_said_more) {
            match key {
                "SpaceAfter" if value == "No" => next = Gap::Closed,
                "SpacesAfter" => next = Gap::Exact(from_signs(value)),
                "SpacesBefore" => before = Some(from_signs(value)),
                "SpacesInToken" => form = Some(from_signs(value)),
                "Verbatim" => form = Some(unescape(value)),
                "VerbatimAfter" => exact = Some(unescape(value)),
                "VerbatimBefore" => before = Some(unescape(value)),
                "SpaceAfter" | "Entity" | "Span" => {}
                _ => match tags_in_misc(key) {
                    Some(name) if Tag::parse(value).is_some() => drop(self.tags_in_misc.insert(name)),
                    _ => left.misc += 1,
                },
            }
        }
        match (gap.take(), begins) {
            (Some(Gap::Exact(blanks)), _) => self.text.push_str(&blanks),
            (Some(_), Begins::Paragraph) => self.text.push_str("\n\n"),
            (Some(Gap::Usual), _) => self.text.push(' '),
            (Some(Gap::Closed), _) => {}
            (None, _) => self.text.push_str(before.as_deref().unwrap_or_default()),
        }
        let start = self.text.len();
        self.text.push_str(form.as_deref().unwrap_or_else(|| row.cell(self.columns.form)));
        let end = self.text.len();
        match self.sentences.last_mut().filter(|_| begins == Begins::Nothing) {
            Some(sentence) => sentence.end = end,
            None => self.sentences.push(start..end),
        }
        *gap = Some(exact.map_or(next, Gap::Exact));
        start..end
    }

    /// The words of one surface form: each its part where they are parts of it, otherwise each the whole.
    fn push_words(&mut self, index: usize, last: usize, bytes: &Range<usize>) {
        let is_part = |row: &&Row<'_>| !matches!(row.kind, Kind::Surface(_)) && row.begins == Begins::Nothing;
        let rows = self.rows.iter().enumerate().skip(index + 1).take_while(|(_, row)| is_part(row));
        let rows = rows.filter_map(|(index, row)| match row.kind {
            Kind::Word(id) => Some((index, id, row)),
            _ => None,
        });
        let rows: Vec<(usize, usize, &Row<'f>)> = rows.take_while(|(_, id, _)| *id <= last).collect();
        let form = |row: &Row<'f>| row.cell(self.columns.form);
        let joined: String = rows.iter().map(|(.., row)| form(row)).collect();
        let is_exact = self.text.get(bytes.clone()) == Some(joined.as_str());
        let mut start = bytes.start;
        for (index, _, row) in rows {
            let len = form(row).len();
            let bytes = if is_exact { start..start + len } else { bytes.clone() };
            start += len;
            self.words.push(Word { row: index, bytes, is_said_more: row.plain_gap(self.columns).is_none() });
        }
    }

    /// What MISC says under a name, with the number of the word and its row.
    fn values<'v>(&'v self, key: &'v str) -> impl Iterator<Item = (usize, &'p Row<'f>, &'f str)> + use<'v, 'p, 'f> {
        let words = self.words.iter().enumerate().filter(|(_, word)| word.is_said_more);
        let rows = words.filter_map(|(index, word)| Some((index, self.rows.get(word.row)?)));
        rows.flat_map(move |(index, row)| {
            let values = row.misc(self.columns).filter(move |(found, _)| *found == key);
            values.map(move |(_, value)| (index, row, value))
        })
    }

    /// The words as tokens of a text, and the row of each; none where they are not its words, or do not follow each other.
    pub(super) fn tokens(&self, text: &Text) -> Option<(Tokens, Vec<usize>)> {
        if self.text != text.as_str() {
            return None;
        }
        let ranges = self.words.iter().map(|word| text.range(word.bytes.start, word.bytes.end).ok());
        let ranges = ranges.collect::<Option<Vec<TextRange>>>()?;
        let rows: Vec<usize> = self.words.iter().map(|word| word.row).collect();
        let mut pairs = ranges.iter().zip(ranges.iter().skip(1));
        let are_in_order = pairs.all(|(one, next)| one.start() <= next.start() && one.end() <= next.end());
        if !are_in_order || !rows.is_sorted_by(|one, next| one < next) {
            return None;
        }
        let ends = self.sentences.iter().map(|sentence| ranges.partition_point(|word| word.start() < sentence.end));
        let sentences = ends.scan(0, |start, end| Some(std::mem::replace(start, end)..end)).filter(|words| !words.is_empty());
        let sentences = sentences.collect();
        Some((Tokens::imported(ranges, sentences), rows))
    }

    /// What the mentions of the file say.
    pub(super) fn details(&self) -> Details {
        let mut assembly = Assembly::default();
        for (index, _, value) in self.values("Entity") {
            // What is wrong was said by the import.
            let _ = assembly.take(value, index);
        }
        assembly.end();
        let mut details = Details::default();
        for mention in assembly.done {
            details.add(&mention, &self.columns.attributes);
        }
        details
    }

    /// The line of the first sentence whose text the file gives otherwise.
    pub(super) fn differing(&self, texts: &[(usize, &str)]) -> Option<usize> {
        let same = |a: &str, b: &str| {
            let bare = |text: &str| text.nfc().map(|c| if is_blank(c) { ' ' } else { c }).collect::<String>();
            let (a, b) = (bare(a), bare(b));
            a.split_whitespace().eq(b.split_whitespace())
        };
        if texts.len() != self.sentences.len() {
            return None;
        }
        let mut pairs = texts.iter().zip(&self.sentences);
        pairs
            .find(|((_, said), bytes)| !self.text.get((*bytes).clone()).is_some_and(|found| found == *said || same(found, said)))
            .map(|((line, _), _)| *line)
    }
}

pub(super) fn tags_in_misc(key: &str) -> Option<&'static str> {
    TAGS_IN_MISC.into_iter().find(|name| key.eq_ignore_ascii_case(name))
}

struct Builder<'b, 'f, 'k> {
    parts: &'b DocumentParts<'b, 'f>,
    file: &'b str,
    item: &'b Item,
    entities: &'b mut BTreeMap<String, EntityId>,
    out: SheetBuilder<'b, 'f, 'k>,
}

/// Makes the sheet. `entities` are those of the documents before that have an id for the whole file.
pub(super) fn build(
    parts: &DocumentParts<'_, '_>,
    (file, item): (&str, &Item),
    (vocabulary, entities): (&mut Vocabulary<'_>, &mut BTreeMap<String, EntityId>),
    options: &mut ReadOptions,
    to: &mut dyn Receiver,
) -> Sheet {
    let out = SheetBuilder::new(&RULES, (&item.id, &item.text), vocabulary, &mut options.ids, to);
    if parts.columns.attributes.first().is_none_or(|name| name != "eid") {
        entities.clear();
    }
    let mut builder = Builder { parts, file, item, entities, out };
    let attributes: Vec<&str> = parts.columns.attributes.iter().map(String::as_str).collect();
    builder.add_mentions("Entity", &attributes);
    builder.add_mentions("Span", &["eid", "etype"]);
    for column in &parts.columns.tags {
        builder.add_tags(|row| row.cell(Some(*column)));
    }
    for key in &parts.tags_in_misc {
        builder.add_tags(|row| row.misc(parts.columns).find(|(name, _)| name.eq_ignore_ascii_case(key)).map_or("O", |(_, value)| value));
    }
    builder.out.finish()
}

impl<'f> Builder<'_, 'f, '_> {
    /// Where a word stands.
    fn from(&self, word: usize) -> (usize, &'f str) {
        let row = self.parts.words.get(word).and_then(|word| self.parts.rows.get(word.row));
        row.map_or((0, ""), |row| (row.number, row.line))
    }

    fn range(&self, words: &Range<usize>) -> Option<TextRange> {
        let words = self.parts.words.get(words.clone())?;
        self.item.text.range(words.first()?.bytes.start, words.last()?.bytes.end).ok()
    }

    fn add(&mut self, word: usize, name: &str, pieces: &[Range<usize>]) -> Option<Node> {
        let (line, raw) = self.from(word);
        let from = Origin { file: self.file, line: Some(line), raw };
        let ranges = Ranges::new(pieces.iter().filter_map(|piece| self.range(piece)).collect())?;
        let name = if name.is_empty() { NAMELESS } else { name };
        self.out.admit(from, None, pieces.len()).then(|| self.out.add_mark(from, name, ranges))
    }

    fn add_mentions(&mut self, key: &str, attributes: &[&str]) {
        let mut assembly = Assembly::default();
        let parts = self.parts;
        for (index, row, value) in parts.values(key) {
            if let Err(why) = assembly.take(value, index) {
                let from = Origin { file: self.file, line: Some(row.number), raw: value };
                self.out.finding(from, Severity::Warning, "conllu-bad-bracket", format!("`{}`: {why}; it was left out", short(value)));
            }
        }
        let open = assembly.end();
        if open > 0 {
            let from = Origin { file: self.file, line: None, raw: "" };
            let message = format!("{open} mentions begin and do not end before the document does; they were left out");
            self.out.finding(from, Severity::Warning, "conllu-open-bracket", message);
        }
        let mut mentions = assembly.done;
        mentions.sort_by_key(|mention| mention.pieces.first().map(|piece| (piece.start, std::cmp::Reverse(piece.end))));
        let mut by_entity: BTreeMap<&str, Vec<Linked<'f>>> = BTreeMap::new();
        for mention in mentions {
            let of = Attributes { names: attributes, values: mention.attributes };
            let word = mention.pieces.first().map_or(0, |piece| piece.start);
            let label = of.value(&["etype", "entity", "type"]).map(unescape).unwrap_or_default();
            let Some(Node::Span(span)) = self.add(word, &label, &mention.pieces) else { continue };
            if key == "Entity" {
                by_entity.entry(mention.id).or_default().push(Linked::new(span, &of));
            }
        }
        for (id, mentions) in by_entity {
            self.link(id, &mentions);
        }
    }

    /// Mentions with one id mean one entity. A single one of which nothing more is known is left alone.
    fn link(&mut self, id: &str, mentions: &[Linked<'f>]) {
        let Some(first) = mentions.first() else { return };
        let own = id.parse::<EntityId>().is_ok();
        let identity = mentions.iter().find_map(|mention| mention.identity);
        let said = mentions.iter().find_map(|mention| mention.name.clone());
        let before = self.entities.get(id).copied();
        if mentions.len() == 1 && !own && identity.is_none() && said.is_none() && before.is_none() {
            return;
        }
        let sheet = &self.out.sheet;
        let (label, quote): (Option<LabelKey>, String) =
            sheet.spans.get(&first.span).map_or((None, String::new()), |span| (Some(span.label.clone()), self.item.text.quote(&span.ranges)));
        let name = said.unwrap_or(quote);
        let make = |out: &mut SheetBuilder<'_, '_, '_>| match identity.map(unescape) {
            _ if own => out.entity((OWN_BASE, id, &name), label.as_ref()),
            Some(entry) if is_wikidata_id(&entry) => out.entity(("Wikidata", &entry, &name), label.as_ref()),
            Some(title) => out.entity(("Wikipedia", &title, &name), label.as_ref()),
            None => out.new_entity(&name, label.as_ref()),
        };
        let entity = before.unwrap_or_else(|| make(&mut self.out));
        if let (true, Some(entry)) = (own, identity.map(unescape)) {
            self.out.vocabulary.add_reference(entity, if is_wikidata_id(&entry) { "Wikidata" } else { "Wikipedia" }, &entry);
        }
        if self.entities.len() < MAX_ENTITIES {
            self.entities.insert(id.to_owned(), entity);
        }
        for mention in mentions {
            if let Some(span) = self.out.sheet.spans.get_mut(&mention.span) {
                span.entity = Some(entity);
            }
        }
    }

    fn add_tags(&mut self, cell: impl Fn(&Row<'f>) -> &'f str) {
        let (mut reader, mut runs): (RunReader<'f>, Vec<Run<'f>>) = (RunReader::default(), Vec::new());
        let mut before = None;
        for (index, word) in self.parts.words.iter().enumerate() {
            let Some(row) = self.parts.rows.get(word.row) else { continue };
            if row.begins > Begins::Nothing || before.is_some_and(|before: usize| word.row > before + 1 && self.begins_between(before, word.row)) {
                runs.extend(reader.end());
            }
            before = Some(word.row);
            runs.extend(reader.push(index, Tag::parse(cell(row)).unwrap_or(Tag::Outside)));
        }
        runs.extend(reader.end());
        for run in runs {
            self.add(run.tokens.start, run.label, &[run.tokens]);
        }
    }

    /// True where a line between two words begins a sentence: a surface form or an empty node.
    fn begins_between(&self, before: usize, row: usize) -> bool {
        self.parts.rows.get(before + 1..row).unwrap_or_default().iter().any(|row| row.begins > Begins::Nothing)
    }
}

/// The values of a mention's attributes by name; the first name is that of the id.
struct Attributes<'a, 'f> {
    names: &'a [&'a str],
    values: &'f str,
}

impl<'f> Attributes<'_, 'f> {
    fn value(&self, names: &[&str]) -> Option<&'f str> {
        let found = self.names.iter().skip(1).zip(self.values.split('-')).find(|(name, _)| names.contains(name));
        found.map(|(_, value)| value).filter(|value| !value.is_empty())
    }
}

/// A mention and what it says of its entity.
struct Linked<'f> {
    span: SpanId,
    identity: Option<&'f str>,
    name: Option<String>,
}

impl<'f> Linked<'f> {
    fn new(span: SpanId, of: &Attributes<'_, 'f>) -> Self {
        let name = of.value(&["other"]).and_then(|other| other.split(',').find_map(|part| part.strip_prefix("name:"))).map(unescape);
        Self { span, identity: of.value(&["identity", "link"]), name: name.filter(|name| !name.is_empty()) }
    }
}
