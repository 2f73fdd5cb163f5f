//! Reading WebAnno TSV 3.0 to 3.3: the header, the sentences, and where each row stands in the text.
//!
//! The text between sentences is not in the file: it is made of a space, or of line ends where it was longer.

use std::fmt::Write as _;

use super::cas::Cas;
use super::read::Unreadable;
use super::tsv_annotations::add_annotations;
use crate::text::offsets::{OffsetMap, OffsetUnit};

/// A longer gap between two sentences is a mistake.
const MAX_GAP: usize = 100_000;

/// Nobody has so many layers.
const MAX_LAYERS: usize = 1000;

/// A column of a layer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Column {
    /// Of a layer without features.
    Mark,
    Feature(String),
    /// The roles of a feature with links, and the type of these.
    Roles(String, String),
    /// What fills the roles of the column before, by type.
    Targets(String),
    /// Where a relation begins, by type.
    Base(String),
}

/// What a layer is, in the order in which layers stand in a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum LayerKind {
    Span,
    Chain,
    Relation,
}

/// A layer of the header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TsvLayer {
    pub(super) kind: LayerKind,
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// A token or a part of one.
#[derive(Debug)]
pub(super) struct TsvRow<'l> {
    /// `1-2` or `1-2.1`.
    pub(super) id: &'l str,
    /// Where it stands in the text, in UTF-16.
    pub(super) place: (usize, usize),
    /// The cells behind the word.
    pub(super) cells: Vec<&'l str>,
    form: &'l str,
    offsets: (usize, usize),
}

impl TsvRow<'_> {
    /// A token has no number behind a point.
    pub(super) fn is_token(&self) -> bool {
        !self.id.contains('.')
    }
}

#[derive(Debug, Default)]
struct Sentence<'l> {
    text: String,
    has_text: bool,
    rows: Vec<TsvRow<'l>>,
}

/// A whole file.
pub(super) fn read_tsv(content: &str) -> Result<Cas<'static>, Unreadable> {
    let mut lines = (1..).zip(content.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)));
    let is_tsv = lines.next().is_some_and(|(_, line)| line.trim_start_matches('\u{feff}').starts_with("#FORMAT=WebAnno TSV 3"));
    if !is_tsv {
        return Err(Unreadable::at(1, "the first line is not `#FORMAT=WebAnno TSV 3.x`"));
    }
    let (mut layers, mut header) = (Vec::new(), Vec::new());
    let (mut sentences, mut notes) = (vec![Sentence::default()], Vec::new());
    for (number, line) in lines {
        let last = sentences.last_mut().ok_or_else(|| Unreadable::new("there is no sentence"))?;
        if let Some(layer) = line.strip_prefix("#T_") {
            if let Some(layer) = read_layer(layer).filter(|_| layers.len() < MAX_LAYERS) {
                layers.push(layer);
                header.push(line.to_owned());
            }
        } else if let Some(text) = line.strip_prefix("#Text=") {
            if last.rows.is_empty() {
                last.add_text(text);
            } else {
                let mut next = Sentence::default();
                next.add_text(text);
                sentences.push(next);
            }
        } else if line.trim().is_empty() {
            if !last.rows.is_empty() {
                sentences.push(Sentence::default());
            }
        } else if !line.starts_with('#') {
            match read_row(line) {
                Some(row) => last.rows.push(row),
                None if notes.len() < 100 => notes.push(format!("line {number} is no row of a token; it was left out")),
                None => {}
            }
        }
    }
    sentences.retain(|sentence| !sentence.rows.is_empty());
    let (text, rows, spans) = place_all(sentences, &mut notes);
    let mut cas = Cas { notes, header, offsets_are_sure: true, ..Cas::default() };
    add_annotations(&mut cas, text, &rows, &spans, &layers);
    Ok(cas)
}

impl Sentence<'_> {
    fn add_text(&mut self, text: &str) {
        if self.has_text {
            self.text.push('\n');
        }
        self.has_text = true;
        self.text.push_str(&unescape(text));
    }
}

/// A line of the header behind its `#T_`.
pub(super) fn read_layer(line: &str) -> Option<TsvLayer> {
    let (kind, rest) = line.split_once('=')?;
    let kind = match kind {
        "SP" => LayerKind::Span,
        "RL" => LayerKind::Relation,
        "CH" => LayerKind::Chain,
        _ => return None,
    };
    let mut parts = rest.split('|');
    let name = parts.next()?.trim().to_owned();
    let mut columns = Vec::new();
    for part in parts {
        let follows_roles = matches!(columns.last(), Some(Column::Roles(..)));
        columns.push(match part.strip_prefix("ROLE_").map(|role| role.split_once(':').unwrap_or(("", role))) {
            _ if follows_roles => Column::Targets(part.to_owned()),
            Some((_, feature)) => {
                let (feature, link) = split_role(feature);
                Column::Roles(feature.to_owned(), link.to_owned())
            }
            None if part.is_empty() => Column::Mark,
            None => part.strip_prefix("BT_").map_or_else(|| Column::Feature(part.to_owned()), |base| Column::Base(base.to_owned())),
        });
    }
    if columns.is_empty() {
        columns.push(Column::Mark);
    }
    Some(TsvLayer { kind, name, columns })
}

/// `links_webanno.custom.LinkType`: both names may hold `_`, the first part of a package does not.
fn split_role(text: &str) -> (&str, &str) {
    let package = text.find('.').unwrap_or(text.len());
    let at = text.get(..package).and_then(|head| head.rfind('_'));
    at.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))).unwrap_or((text, ""))
}

fn read_row(line: &str) -> Option<TsvRow<'_>> {
    let mut fields = line.split('\t');
    let (id, offsets, form) = (fields.next()?, fields.next()?, fields.next()?);
    let (sentence, token) = id.split_once('-')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(sentence) || !token.split('.').all(is_number) {
        return None;
    }
    let (start, end) = offsets.split_once('-')?;
    Some(TsvRow { id, place: (0, 0), cells: fields.collect(), form, offsets: (start.parse().ok()?, end.parse().ok()?) })
}

/// The text, all rows with their places in it, and the places of the sentences.
type Placed<'l> = (String, Vec<TsvRow<'l>>, Vec<(usize, usize)>);

fn place_all<'l>(mut sentences: Vec<Sentence<'l>>, notes: &mut Vec<String>) -> Placed<'l> {
    sentences.iter_mut().filter(|sentence| !sentence.has_text).for_each(Sentence::make_text);
    let unit = best_unit(&sentences);
    if unit != OffsetUnit::Utf16 {
        notes.push(format!("the offsets count {unit} and not UTF-16, as their words show"));
    }
    let (mut text, mut rows, mut spans) = (String::new(), Vec::new(), Vec::new());
    let (mut end_in_file, mut end) = (0, 0);
    let (mut lost, mut gaps) = (0, 0);
    for sentence in sentences {
        let base = sentence.rows.first().map_or(0, |row| row.offsets.0);
        let gap = base.saturating_sub(end_in_file);
        let gap = if gap > MAX_GAP { 1 } else { gap };
        gaps += usize::from(gap > 1);
        text.push_str(&if gap == 1 { " ".to_owned() } else { "\n".repeat(gap) });
        let start = end + gap;
        end = start + OffsetUnit::Utf16.len_of(&sentence.text);
        end_in_file = base + unit.len_of(&sentence.text);
        let map = OffsetMap::new(&sentence.text, unit);
        let utf16 = OffsetMap::new(&sentence.text, OffsetUnit::Utf16);
        let to_text = |offset: usize| Some(start + utf16.to_unit(map.to_byte(offset.checked_sub(base)?)?));
        for mut row in sentence.rows {
            match (to_text(row.offsets.0), to_text(row.offsets.1)) {
                (Some(from), Some(to)) if from <= to => {
                    row.place = (from, to);
                    rows.push(row);
                }
                _ => lost += 1,
            }
        }
        spans.push((start, end));
        text.push_str(&sentence.text);
    }
    if lost > 0 {
        notes.push(format!("{lost} rows have offsets outside their sentences; they were left out"));
    }
    if gaps > 0 {
        notes.push(format!("{gaps} times the text between two sentences, which the file does not hold, was filled with line ends"));
    }
    (text, rows, spans)
}

impl Sentence<'_> {
    /// Of its words, a space between those that do not touch.
    fn make_text(&mut self) {
        let mut end = None;
        for row in self.rows.iter().filter(|row| row.is_token()) {
            if end.is_some_and(|end| end < row.offsets.0) {
                self.text.push(' ');
            }
            let _ = write!(self.text, "{}", unescape(row.form));
            end = Some(row.offsets.1);
        }
    }

    /// How many words are where they say under this way of counting.
    fn fits(&self, unit: OffsetUnit) -> usize {
        let base = self.rows.first().map_or(0, |row| row.offsets.0);
        let map = OffsetMap::new(&self.text, unit);
        let byte = |offset: usize| map.to_byte(offset.checked_sub(base)?);
        let tokens = self.rows.iter().filter(|row| row.is_token());
        let fits = |row: &&TsvRow<'_>| Some(self.text.get(byte(row.offsets.0)?..byte(row.offsets.1)?)? == unescape(row.form));
        tokens.filter(|row| fits(row) == Some(true)).count()
    }
}

/// UTF-16 as the format says, unless more words fit under another way of counting.
fn best_unit(sentences: &[Sentence<'_>]) -> OffsetUnit {
    let fits = |unit| sentences.iter().map(|sentence| sentence.fits(unit)).sum::<usize>();
    let mut best = (fits(OffsetUnit::Utf16), OffsetUnit::Utf16);
    if sentences.iter().any(|sentence| !sentence.text.is_ascii()) {
        for unit in [OffsetUnit::CodePoints, OffsetUnit::Bytes] {
            let fits = fits(unit);
            if fits > best.0 {
                best = (fits, unit);
            }
        }
    }
    best.1
}

/// Takes the backslashes off.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let c = if c == '\\' { chars.next().map_or('\\', unescaped) } else { c };
        out.push(c);
    }
    out
}

fn unescaped(c: char) -> char {
    match c {
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        'f' => '\u{c}',
        'b' => '\u{8}',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_taken_apart() {
        let layer = read_layer("SP=c.Host|value|ROLE_c.Host:my_links_c.Link|uima.tcas.Annotation").unwrap();
        let columns =
            [Column::Feature("value".into()), Column::Roles("my_links".into(), "c.Link".into()), Column::Targets("uima.tcas.Annotation".into())];
        assert_eq!(layer.columns, columns);
        assert_eq!(read_layer("SP=c.Simple|").unwrap().columns, [Column::Mark]);
        assert_eq!(read_layer("RL=c.Rel|BT_c.Simple").unwrap().columns, [Column::Base("c.Simple".into())]);
    }
}
