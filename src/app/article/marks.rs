//! Which marks lie in which block, and how each label looks. Derived from a sheet, rebuilt when its revision changes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use eframe::egui::Color32;

use super::blocks::Blocks;
use crate::model::{Label, LabelKey, LabelKind, MarkId, Schema, Sheet};
use crate::text::Ranges;

/// How marks with one label look.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct LabelStyle {
    /// The codebook's colour.
    pub(super) color: Color32,
    /// Shown above the text.
    pub(super) tag: String,
    /// Decides the shape of the line.
    pub(super) kind: LabelKind,
}

/// All labels' looks.
#[derive(Debug, Default)]
pub(super) struct LabelStyles(BTreeMap<LabelKey, LabelStyle>);

impl LabelStyles {
    pub(super) fn new(schema: &Schema) -> Self {
        let style = |label: &Label| {
            let color = Color32::from_rgb(label.color.red, label.color.green, label.color.blue);
            LabelStyle { color, tag: label.tag().to_owned(), kind: label.kind }
        };
        Self(schema.labels.iter().map(|(key, label)| (key.clone(), style(label))).collect())
    }

    /// How a mark looks. Labels that the codebook does not know are grey and called by their key.
    pub(super) fn of<'s>(&'s self, sheet: &Sheet, mark: MarkId) -> Option<Cow<'s, LabelStyle>> {
        let (label, kind) = match mark {
            MarkId::Span(id) => (&sheet.spans.get(&id)?.label, LabelKind::Span),
            MarkId::Claim(id) => (&sheet.claims.get(&id)?.label, LabelKind::Claim),
        };
        let unknown = || Cow::Owned(LabelStyle { color: Color32::GRAY, tag: label.to_string(), kind });
        Some(self.0.get(label).map_or_else(unknown, Cow::Borrowed))
    }
}

/// All marks of a sheet in text order, and which of them each block shows. Their ranges and labels stay in the sheet.
///
/// Made anew after every change of the sheet, so it must be quick: a millisecond for 10,000 marks.
#[derive(Debug, Default)]
pub(super) struct MarkIndex {
    // Each once, at its first place; behind them the further occurrences of claims.
    marks: Vec<MarkId>,
    // Which place of its claim each of the further occurrences is.
    further: Vec<u16>,
    // What each is listed as.
    kinds: Vec<LabelKind>,
    // Marks of block b are items[starts[b]..starts[b + 1]], as indexes into `marks`.
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl MarkIndex {
    pub(super) fn new(sheet: &Sheet, schema: &Schema, blocks: &Blocks) -> Self {
        let spans = sheet.spans.iter().map(|(id, span)| (Place::of(&span.ranges), MarkId::Span(*id), listed_as(schema.kind_of(&span.label))));
        let claims = sheet.claims.iter().filter_map(|(id, claim)| Some((claim.places().next()?, MarkId::Claim(*id))));
        let claims = claims.map(|(place, mark)| (Place::of(place), mark, LabelKind::Claim));
        let mut found: Vec<(Place, MarkId, LabelKind)> = spans.chain(claims).collect();
        found.sort_unstable_by_key(|(place, mark, _)| (*place, *mark));
        let (mut marks, kinds): (Vec<MarkId>, Vec<LabelKind>) = found.iter().map(|(_, mark, kind)| (*mark, *kind)).unzip();
        let mut touched_blocks = touched(found.iter().map(|(place, ..)| place.bytes()), blocks);
        let more = further_occurrences(sheet);
        touched_blocks.extend(touched(more.iter().map(|(place, ..)| place.bytes()), blocks));
        marks.extend(more.iter().map(|(_, mark, _)| *mark));
        let further = more.into_iter().map(|(.., nth)| nth).collect();
        let mut index = Self { marks, further, kinds, starts: vec![0; blocks.len() + 1], items: Vec::new() };
        index.fill(&touched_blocks);
        index
    }

    /// Counts the marks of each block, then puts each where its block's part begins.
    fn fill(&mut self, touched: &[Range<usize>]) {
        for block in touched.iter().cloned().flatten() {
            if let Some(count) = self.starts.get_mut(block + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
        let mut next = self.starts.clone();
        self.items = vec![0; sum as usize];
        for (i, blocks) in touched.iter().enumerate() {
            for block in blocks.clone() {
                let Some(place) = next.get_mut(block) else { continue };
                if let Some(item) = self.items.get_mut(*place as usize) {
                    *item = u32::try_from(i).unwrap_or(u32::MAX);
                }
                *place += 1;
            }
        }
    }

    /// The marks that a block shows, by where they start; of several, the longest first. Last come further occurrences
    /// of claims.
    pub(super) fn in_block(&self, block: usize) -> impl Iterator<Item = Shown> + '_ {
        let bounds = self.starts.get(block).zip(self.starts.get(block + 1));
        let items = bounds.and_then(|(start, end)| self.items.get(*start as usize..*end as usize)).unwrap_or_default();
        items.iter().filter_map(|item| {
            let item = *item as usize;
            let nth = item.checked_sub(self.kinds.len()).and_then(|further| self.further.get(further)).copied().unwrap_or(0);
            self.marks.get(item).map(|mark| Shown { mark: *mark, nth })
        })
    }

    /// All marks by where they start; of several, the longest first.
    pub(super) fn in_text_order(&self) -> &[MarkId] {
        self.marks.get(..self.kinds.len()).unwrap_or_default()
    }

    /// Mentions, claims with a place, or other spans, by where they start.
    pub(super) fn of_kind(&self, kind: LabelKind) -> impl Iterator<Item = MarkId> + '_ {
        self.marks.iter().zip(&self.kinds).filter(move |(_, its)| **its == kind).map(|(mark, _)| *mark)
    }
}

/// One place of a mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shown {
    pub(super) mark: MarkId,
    // Which of its places.
    nth: u16,
}

impl Shown {
    pub(super) fn ranges(self, sheet: &Sheet) -> Option<&Ranges> {
        sheet.places_of(self.mark).nth(usize::from(self.nth))
    }

    /// True for a claim that is said again.
    pub(super) fn is_further(self) -> bool {
        self.nth > 0
    }
}

/// Every place of a claim but its first, in text order.
fn further_occurrences(sheet: &Sheet) -> Vec<(Place, MarkId, u16)> {
    let mut more = Vec::new();
    for (id, claim) in sheet.claims.iter().filter(|(_, claim)| !claim.occurrences.is_empty()) {
        more.extend(claim.places().zip(0..).skip(1).map(|(place, nth)| (Place::of(place), MarkId::Claim(*id), nth)));
    }
    more.sort_unstable();
    more
}

/// A span is a mention or another span, whatever its label says.
fn listed_as(kind: LabelKind) -> LabelKind {
    if kind == LabelKind::Entity { kind } else { LabelKind::Span }
}

/// First and last byte of a mark in one number, which sorts quickly: by the start, the longest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u64);

impl Place {
    fn of(ranges: &Ranges) -> Self {
        let (start, end): (u32, u32) = ranges.hull().into();
        Self(u64::from(start) << 32 | u64::from(u32::MAX - end))
    }

    fn bytes(self) -> Range<usize> {
        let (start, end) = (self.0 >> 32, u64::from(u32::MAX) - (self.0 & u64::from(u32::MAX)));
        start as usize..end as usize
    }
}

/// The blocks that each mark touches. The marks are sorted, so the search goes on where it stopped.
fn touched(places: impl Iterator<Item = Range<usize>>, blocks: &Blocks) -> Vec<Range<usize>> {
    let mut first = 0;
    let each = places.map(|bytes| {
        first = blocks.last_from(first, bytes.start);
        first..blocks.last_from(first, bytes.end.saturating_sub(1)) + 1
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClaimId, Id, Span, SpanId};
    use crate::text::Text;

    /// Spans by their bytes, numbered from 1; each block's marks, and all marks, by these numbers.
    fn check(text: &str, spans: &[&[(u32, u32)]], by_block: &[&[u64]], in_order: &[u64]) {
        let label = LabelKey::new("PER").unwrap();
        let ranges = |places: &[(u32, u32)]| Ranges::new(places.iter().map(|place| (*place).try_into().unwrap()).collect()).unwrap();
        let id = |n: u64| SpanId(Id::from_bits(n));
        let mut sheet = Sheet::default();
        sheet.spans.extend((1..).map(id).zip(spans.iter().map(|places| Span::new(ranges(places), label.clone()))));
        let blocks = Blocks::new(Text::new(text).as_str());
        let index = MarkIndex::new(&sheet, &Schema::default(), &blocks);
        let marks = |numbers: &[u64]| numbers.iter().map(|n| MarkId::Span(id(*n))).collect::<Vec<_>>();
        assert_eq!(index.in_text_order(), marks(in_order));
        for (block, expected) in by_block.iter().enumerate() {
            assert_eq!(index.in_block(block).map(|shown| shown.mark).collect::<Vec<_>>(), marks(expected), "block {block}");
        }
    }

    #[test]
    fn each_block_has_the_marks_that_touch_it() {
        let text = "ab cd\nef\n\ngh";
        check(text, &[&[(3, 5)], &[(0, 5)], &[(0, 2)], &[(10, 12)]], &[&[2, 3, 1], &[], &[], &[4]], &[2, 3, 1, 4]);
        check(text, &[&[(3, 11)], &[(6, 8)]], &[&[1], &[1, 2], &[1], &[1]], &[1, 2]);
        check(text, &[&[(0, 2), (10, 12)]], &[&[1], &[1], &[1], &[1]], &[1]);
        check(text, &[], &[&[], &[], &[], &[]], &[]);
    }

    #[test]
    fn a_claim_is_shown_wherever_it_is_said_and_listed_once() {
        let mut sheet = Sheet::default();
        let (id, ranges) = (ClaimId(Id::from_bits(1)), |place: (u32, u32)| Ranges::from(crate::text::TextRange::try_from(place).unwrap()));
        let mut claim = crate::model::Claim::new(LabelKey::new("CLAIM").unwrap(), Some(ranges((10, 12))));
        claim.occurrences = vec![ranges((0, 2))];
        sheet.claims.insert(id, claim);
        let index = MarkIndex::new(&sheet, &Schema::default(), &Blocks::new("ab cd\nef\n\ngh"));
        assert_eq!(index.in_text_order(), [MarkId::Claim(id)]);
        let shown = |block| index.in_block(block).map(|shown| (shown.ranges(&sheet).unwrap().start(), shown.is_further())).collect::<Vec<_>>();
        assert_eq!([shown(0), shown(1), shown(3)], [vec![(0, true)], vec![], vec![(10, false)]]);
    }

    #[test]
    fn unknown_labels_are_called_by_their_key() {
        let mut sheet = Sheet::default();
        let id = ClaimId(Id::from_bits(1));
        sheet.claims.insert(id, crate::model::Claim::new(LabelKey::new("ODD").unwrap(), None));
        let styles = LabelStyles::new(&Schema::default());
        let style = styles.of(&sheet, MarkId::Claim(id)).unwrap();
        assert_eq!((style.tag.as_str(), style.kind), ("ODD", LabelKind::Claim));
        assert_eq!(styles.of(&Sheet::default(), MarkId::Claim(id)), None);
    }
}
