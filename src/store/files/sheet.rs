//! `annotations/<coder>/<xx>/<doc>.ron`: what one coder has said about one document.
//!
//! Every range is checked against the text and its quote. What fits nowhere is put aside: it stays in the sheet as
//! text, is written back, and is tried again at the next opening.

mod list;
mod rows;
mod usual_span;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::Serialize;

pub(crate) use self::rows::{ClaimRow, RelationRow, SheetFile, SpanRow};
use super::row::{Place, places, to_line};
use super::{FORMAT, check_format, salvage, salvage_or_refuse};
use crate::model::{
    Claim, ClaimId, Correction, Finding, FindingCounts, LabelKey, Relation, RelationId, Rows, Severity, Sheet, SheetInfo, SheetKey, Span, SpanExtras,
    SpanId, corrected_occurrences, full_rows, ron_reason,
};
use crate::store::{Control, StoreError, plain_ron};
use crate::text::anchor::{Anchor, Quotes};
use crate::text::replace::Replacements;
use crate::text::{Ranges, Text, TextHash, TextRange};

/// The residue of a sheet that holds rows that could not be understood, one a line, each with its section in front.
pub(crate) const PUT_ASIDE: &str = "put-aside";
/// In front of a row that was put aside because a correction took its words away. Its quote is not looked for: what stands
/// elsewhere in the text is something else.
const CORRECTED: &str = "corrected";
const CORRECTED_AWAY: &str = "a correction of the text took its words away";

/// What one file says.
#[derive(Debug, Default)]
pub(crate) struct ReadSheet {
    pub(crate) sheet: Sheet,
    pub(crate) findings: Vec<Finding>,
    /// True when the file as a whole is broken.
    pub(crate) is_salvaged: bool,
}

/// Reads a sheet; a broken one line by line.
pub(crate) fn read_sheet(file: &str, content: &str, key: &SheetKey, text: &Text) -> Result<ReadSheet, StoreError> {
    read_late_sheet(file, content, key, text, &Vec::new, &Control::default())
}

/// Like [`read_sheet`], where the text may have been corrected since: then every place moves as the words did.
/// `corrections` are those of the document, and asked for only then. Of a long file others see how far it is and what was read, and can stop it.
pub(crate) fn read_late_sheet(
    file: &str,
    content: &str,
    key: &SheetKey,
    text: &Text,
    corrections: &dyn Fn() -> Vec<Correction>,
    control: &Control,
) -> Result<ReadSheet, StoreError> {
    let mut reader = Reader {
        file,
        key,
        text,
        labels: Labels::default(),
        line: None,
        aside: Vec::new(),
        spans: Vec::new(),
        read: ReadSheet::default(),
        counts: FindingCounts::default(),
        quotes: Quotes::new(text),
        corrections,
        since: Vec::new(),
    };
    let mut rest = String::new();
    if let Some((file, spans)) = list::read(content, &mut rest, text, control) {
        reader.spans = spans;
        reader.take_whole(file)?;
        return Ok(reader.finish());
    }
    if control.cancel.is_cancelled() {
        return Err(StoreError::Cancelled);
    }
    match plain_ron::from_str::<SheetFile<'_>>(content) {
        Ok(parsed) => reader.take_whole(parsed)?,
        Err(error) => {
            salvage_or_refuse(file, content, &error)?;
            reader.take_lines(content)?;
        }
    }
    Ok(reader.finish())
}

/// The labels that were met: one allocation a label, not one a span.
#[derive(Default)]
struct Labels(HashMap<String, LabelKey>);

impl Labels {
    fn get(&mut self, text: &str) -> Result<LabelKey, String> {
        if let Some(label) = self.0.get(text) {
            return Ok(label.clone());
        }
        let label = LabelKey::new(text).map_err(|error| error.to_string())?;
        self.0.insert(text.to_owned(), label.clone());
        Ok(label)
    }
}

/// The ranges of places that are all where their quotes are, apart from each other.
fn exact_ranges(at: &[Place<'_>], text: &Text) -> Option<Ranges> {
    let exact = |Place(start, end, quote): &Place<'_>| {
        let range = text.range(*start as usize, *end as usize).ok()?;
        (text.slice(range) == quote).then_some(range)
    };
    if let [one] = at {
        return exact(one).map(Ranges::from);
    }
    let ranges = Ranges::new(at.iter().map(exact).collect::<Option<_>>()?)?;
    (ranges.as_slice().len() == at.len()).then_some(ranges)
}

fn span_of(row: SpanRow<'_>, ranges: Ranges, label: LabelKey) -> Span {
    let mut span = Span::new(ranges, label).with_extras(SpanExtras { attributes: row.attributes, note: row.note, residue: row.residue });
    span.entity = row.entity;
    span
}

struct Reader<'r> {
    file: &'r str,
    key: &'r SheetKey,
    text: &'r Text,
    labels: Labels,
    // Where the row stands that is being read, when it is known.
    line: Option<usize>,
    aside: Vec<String>,
    // Spans so far, while their ids ascend as we write them.
    spans: Vec<(SpanId, Span)>,
    read: ReadSheet,
    counts: FindingCounts,
    quotes: Quotes<'r>,
    corrections: &'r dyn Fn() -> Vec<Correction>,
    // What was corrected in the text since the sheet was made, oldest first.
    since: Vec<Correction>,
}

impl Reader<'_> {
    fn take_whole(&mut self, file: SheetFile<'_>) -> Result<(), StoreError> {
        check_format(self.file, file.format)?;
        if let Some(other) = file.document.filter(|document| *document != self.key.document) {
            self.find(Severity::Warning, "wrong-document", format!("it says that it is about {other}; it is read as {}", self.key.document));
        }
        if let Some(other) = file.coder.filter(|coder| *coder != self.key.coder) {
            self.find(Severity::Warning, "wrong-coder", format!("it says that it is by {other}; it is read as {}", self.key.coder));
        }
        self.since = Vec::new();
        if let Some(hash) = file.text.filter(|hash| hash != self.text.hash()) {
            self.take_other_text(&hash);
        }
        let SheetFile { status, attributes, note, ignored, mut rejected, residue, .. } = file;
        for map in self.since.iter().filter_map(|correction| Replacements::new(&correction.replacements).ok()) {
            rejected = corrected_occurrences(&rejected, map);
        }
        self.read.sheet.info = SheetInfo { status, attributes, note, ignored, rejected, text_hash: None, residue };
        file.spans.into_iter().for_each(|row| self.take_span(row));
        file.claims.into_iter().for_each(|row| self.take_claim(row));
        file.relations.into_iter().for_each(|row| self.take_relation(row));
        file.put_aside.iter().for_each(|raw| self.take_raw(raw));
        Ok(())
    }

    /// The sheet was made before the text was corrected, or on another text altogether.
    fn take_other_text(&mut self, hash: &TextHash) {
        let corrections = (self.corrections)();
        match Correction::chain(&corrections, hash, self.text.hash()) {
            Some(chain) => {
                self.since = chain.to_vec();
                self.find(Severity::Note, "corrected-text", "it was made before the text was corrected; every place was moved with its words".into());
            }
            None => {
                let message = "it was made on another version of the text; every place was compared with its quote";
                self.find(Severity::Warning, "other-text", message.into());
            }
        }
    }

    fn take_lines(&mut self, content: &str) -> Result<(), StoreError> {
        self.read.is_salvaged = true;
        let lines = salvage::lines(self.file, content)?;
        let is_head = |line: &&salvage::Line<'_>| line.section.is_empty() && ron::from_str::<SheetFile<'_>>(&format!("({})", line.text)).is_ok();
        let head: Vec<&str> = lines.iter().filter(is_head).map(|line| line.text).collect();
        let head = format!("({})", head.join(","));
        match ron::from_str::<SheetFile<'_>>(&head) {
            // The format was found before, perhaps in a line with something else.
            Ok(parsed) => self.take_whole(SheetFile { format: FORMAT, ..parsed })?,
            // The same field twice, as git leaves it: nothing of the head is certain.
            Err(error) => self.put_aside(&format!("head {head}"), &ron_reason(&error.code)),
        }
        for line in lines.iter().filter(|line| !is_head(line)) {
            self.line = Some(line.number);
            match ron::from_str::<String>(line.text).ok().filter(|_| line.section == "put_aside") {
                Some(raw) => self.take_raw(&raw),
                None => self.take_raw(&format!("{} {}", if line.section.is_empty() { "head" } else { line.section }, line.text)),
            }
        }
        self.line = None;
        Ok(())
    }

    /// A row with its section in front.
    fn take_raw(&mut self, raw: &str) {
        let (section, row) = raw.split_once(' ').unwrap_or((raw, ""));
        let result = match section {
            "spans" => ron::from_str(row).map(|row| self.take_span(row)),
            "claims" => ron::from_str(row).map(|row| self.take_claim(row)),
            "relations" => ron::from_str(row).map(|row| self.take_relation(row)),
            CORRECTED => return self.put_aside(raw, CORRECTED_AWAY),
            _ => return self.put_aside(raw, &head_fault(row)),
        };
        if let Err(error) = result {
            self.put_aside(raw, &ron_reason(&error.code));
        }
    }

    fn take_span(&mut self, row: SpanRow<'_>) {
        let label = match self.labels.get(&row.label) {
            Ok(label) => label,
            Err(why) => return self.put_row_aside("spans", &row, &why),
        };
        match self.anchor(&row.at, &row.id) {
            Ok(Some(ranges)) => {
                let (file, id) = (self.file, row.id);
                let span = span_of(row, ranges, label);
                if self.read.sheet.spans.is_empty() && self.spans.last().is_none_or(|(last, _)| *last < id) {
                    return self.spans.push((id, span));
                }
                self.take_ascending();
                let raw = |span: &Span, text: &Text| Ok(format!("spans {}", to_line(file, &span_row(id, span, text))?));
                self.insert(id, span, |sheet| &mut sheet.spans, raw);
            }
            Ok(None) if row.at.is_empty() => self.put_row_aside("spans", &row, "it has no place"),
            Ok(None) => self.put_row_aside(&format!("{CORRECTED} spans"), &row, CORRECTED_AWAY),
            Err(why) => self.put_row_aside("spans", &row, &why),
        }
    }

    fn take_claim(&mut self, mut row: ClaimRow<'_>) {
        row.roles.retain(|_, fillers| !fillers.is_empty());
        match self.claim_places(&row) {
            Ok((content, occurrences)) => {
                let ClaimRow { id, label, at: _, occurrences: _, roles, attributes, normalized, note, residue } = row;
                let mut claim = Claim { roles, attributes, normalized, note, residue, ..Claim::new(label, None) };
                claim.set_places(content, occurrences);
                let file = self.file;
                let raw = |claim: &Claim, text: &Text| Ok(format!("claims {}", to_line(file, &claim_row(id, claim, text))?));
                self.insert(id, claim, |sheet| &mut sheet.claims, raw);
            }
            Err(why) => self.put_row_aside("claims", &row, &why),
        }
    }

    fn claim_places(&mut self, row: &ClaimRow<'_>) -> Result<(Option<Ranges>, Vec<Ranges>), String> {
        let content = self.anchor(&row.at, &row.id)?;
        let (mut occurrences, mut seen) = (Vec::with_capacity(row.occurrences.len()), HashSet::new());
        for at in &row.occurrences {
            let place = match self.anchor(at, &row.id)? {
                Some(place) => place,
                None if at.is_empty() => return Err("an occurrence has no place".to_owned()),
                None => continue,
            };
            if content.as_ref() == Some(&place) || !seen.insert(place.clone()) {
                self.find(Severity::Note, "row-twice", format!("{}: a place of the claim is there twice; one is enough", row.id));
            }
            occurrences.push(place);
        }
        Ok((content, occurrences))
    }

    fn take_relation(&mut self, row: RelationRow) {
        let RelationRow { id, label, from, to, attributes, note, residue } = row;
        let relation = Relation { label, from, to, attributes, note, residue };
        let file = self.file;
        let raw = |relation: &Relation, _: &Text| Ok(format!("relations {}", to_line(file, &relation_row(id, relation))?));
        self.insert(id, relation, |sheet| &mut sheet.relations, raw);
    }

    fn insert<K: Ord + Copy + std::fmt::Display, R: Clone + PartialEq>(
        &mut self,
        id: K,
        row: R,
        table: impl Fn(&mut Sheet) -> &mut Rows<K, R>,
        raw: impl Fn(&R, &Text) -> Result<String, StoreError>,
    ) {
        match table(&mut self.read.sheet).get(&id) {
            None => drop(table(&mut self.read.sheet).insert(id, row)),
            Some(there) if *there == row => self.find(Severity::Note, "row-twice", format!("the row {id} is there twice; one is enough")),
            Some(_) => self.put_aside(&raw(&row, self.text).unwrap_or_default(), &format!("the id {id} is there twice with different content")),
        }
    }

    /// The ranges of a row, each where its quote is. Moves are reported; what is not certain is an error.
    fn anchor(&mut self, at: &[Place<'_>], id: &dyn std::fmt::Display) -> Result<Option<Ranges>, String> {
        if self.since.is_empty()
            && let Some(ranges) = exact_ranges(at, self.text)
        {
            return Ok(Some(ranges));
        }
        let mut ranges = Vec::with_capacity(at.len());
        for Place(start, end, quote) in at {
            match self.corrected(*start, *end, quote) {
                Some(corrected) => ranges.extend(corrected),
                None => ranges.push(self.anchor_one(*start, *end, quote, id)?),
            }
        }
        if !self.since.is_empty() {
            // What lay apart may meet once the words between are gone.
            return Ok(Ranges::new(ranges));
        }
        let (count, ranges) = (ranges.len(), Ranges::new(ranges));
        match &ranges {
            Some(joined) if joined.as_slice().len() != count => Err("its ranges overlap or touch".to_owned()),
            _ => Ok(ranges),
        }
    }

    /// Where a place of an earlier text is now; none inside where its words were taken away. None where the text was not
    /// corrected since, or the words that should be there are not.
    fn corrected(&self, start: u32, end: u32, quote: &str) -> Option<Option<TextRange>> {
        let (mut start, mut end, mut words) = (start as usize, end as usize, quote.to_owned());
        self.since.first()?;
        for correction in &self.since {
            let map = Replacements::new(&correction.replacements).ok()?;
            if words.len() != end.checked_sub(start)? {
                return None;
            }
            match map.map_quoted(start, end, &words) {
                Some(moved) => (start, end, words) = moved,
                None => return map.is_emptied(start, end).then_some(None),
            }
        }
        self.text.range(start, end).ok().filter(|range| self.text.slice(*range) == words).map(Some)
    }

    fn anchor_one(&mut self, start: u32, end: u32, quote: &str, id: &dyn std::fmt::Display) -> Result<TextRange, String> {
        if self.text.as_str().get(start as usize..end as usize) == Some(quote) {
            return self.text.range(start as usize, end as usize).map_err(|error| error.to_string());
        }
        match self.quotes.find(quote, start as usize) {
            Anchor::Exact(range) | Anchor::Unique(range) => {
                let message = format!("{id}: `{quote}` is not at {start}..{end} but at {range:?}, its only place; it was moved there");
                self.find(Severity::Warning, "re-anchored", message);
                Ok(range)
            }
            Anchor::Candidates(places) => Err(format!("`{quote}` is not at {start}..{end}; {} places are possible", places.len())),
            Anchor::Lost => Err(format!("`{quote}` is not at {start}..{end} (the text has {} bytes) and nowhere else", self.text.len())),
        }
    }

    fn put_row_aside(&mut self, section: &str, row: &impl Serialize, why: &str) {
        let line = to_line(self.file, row).unwrap_or_default();
        self.put_aside(&format!("{section} {line}"), why);
    }

    fn put_aside(&mut self, raw: &str, why: &str) {
        let rule = if why == CORRECTED_AWAY { "corrected-away" } else { "row-put-aside" };
        self.find(Severity::Error, rule, format!("{why}. The row was put aside, not deleted; mend it in the file: {raw}"));
        self.aside.push(raw.replace('\n', " "));
    }

    fn find(&mut self, severity: Severity, rule: &'static str, message: String) {
        let mut finding = Finding::new(severity, rule, message).in_file(self.file).about(&self.key.document).by(&self.key.coder);
        finding.line = self.line;
        self.counts.push(&mut self.read.findings, finding);
    }

    fn take_ascending(&mut self) {
        if !self.spans.is_empty() {
            self.read.sheet.spans = full_rows(std::mem::take(&mut self.spans));
        }
    }

    fn finish(mut self) -> ReadSheet {
        self.take_ascending();
        if !self.aside.is_empty() {
            self.read.sheet.info.residue.insert(PUT_ASIDE.to_owned(), self.aside.join("\n"));
        }
        self.read
    }
}

/// What is wrong with a line that is no row.
fn head_fault(line: &str) -> String {
    let fault = ron::from_str::<SheetFile<'_>>(&format!("({line})")).err();
    fault.map_or_else(|| "it cannot be understood".to_owned(), |error| ron_reason(&error.code))
}

/// Writes a sheet. The quotes come from the text.
pub(crate) fn write_sheet(file: &str, key: &SheetKey, sheet: &Sheet, text: &Text) -> Result<String, StoreError> {
    let SheetInfo { status, attributes, note, ignored, rejected, text_hash: _, mut residue } = sheet.info.clone();
    let aside = residue.remove(PUT_ASIDE).unwrap_or_default();
    let rows = SheetFile {
        format: FORMAT,
        document: Some(key.document.clone()),
        coder: Some(key.coder.clone()),
        text: Some(text.hash().clone()),
        status,
        attributes,
        note,
        ignored,
        rejected,
        residue,
        spans: Vec::new(),
        claims: sheet.claims.iter().map(|(id, claim)| claim_row(*id, claim, text)).collect(),
        relations: sheet.relations.iter().map(|(id, relation)| relation_row(*id, relation)).collect(),
        put_aside: aside.lines().map(str::to_owned).collect(),
    };
    let push = |out: &mut String, (id, span): &(&SpanId, &Span)| {
        if usual_span::push(out, **id, span, text) { Ok(()) } else { plain_ron::push_line(out, &span_row(**id, span, text)) }
    };
    rows.write_with(file, |writer| writer.section_by("spans", sheet.spans.iter(), push))
}

fn span_row<'s>(id: SpanId, span: &'s Span, text: &'s Text) -> SpanRow<'s> {
    let SpanExtras { attributes, note, residue } = span.extras().clone();
    SpanRow { id, label: Cow::Borrowed(span.label.as_str()), at: places(&span.ranges, text), entity: span.entity, attributes, note, residue }
}

fn claim_row<'s>(id: ClaimId, claim: &Claim, text: &'s Text) -> ClaimRow<'s> {
    let Claim { label, content, occurrences, roles, attributes, normalized, note, residue } = claim.clone();
    let at = content.map(|ranges| places(&ranges, text)).unwrap_or_default();
    let occurrences = occurrences.iter().map(|ranges| places(ranges, text)).collect();
    ClaimRow { id, label, at, occurrences, roles, attributes, normalized, note, residue }
}

fn relation_row(id: RelationId, relation: &Relation) -> RelationRow {
    let Relation { label, from, to, attributes, note, residue } = relation.clone();
    RelationRow { id, label, from, to, attributes, note, residue }
}
