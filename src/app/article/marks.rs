//! Which marks lie in which block, and how each label looks. Derived from a sheet, whose changes it follows.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use eframe::egui::Color32;

use super::blocks::Blocks;
use crate::edit::{Change, Edit};
use crate::model::{Claim, ClaimId, Label, LabelKey, LabelKind, MarkId, Ordered, Place, Schema, Sheet, TextOrder};
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
/// Made once for an article and then changed mark by mark.
#[derive(Default)]
pub(crate) struct MarkIndex {
    /// Each mark at its first place.
    pub(crate) all: TextOrder,
    pub(crate) mentions: TextOrder,
    pub(crate) claims: TextOrder,
    /// Spans that are no mentions.
    pub(crate) others: TextOrder,
    // Where claims are said again.
    further: TextOrder<Shown>,
    // What a block shows that starts before it, in the order of the text: little, but in many blocks.
    reaching: BTreeMap<usize, Vec<(Place, Shown)>>,
}

impl MarkIndex {
    pub(super) fn new(sheet: &Sheet, schema: &Schema, blocks: &Blocks) -> Self {
        let of_kind = |kind| {
            let spans = sheet.spans.iter().filter(move |(_, span)| listed_as(schema.kind_of(&span.label)) == kind);
            TextOrder::new(spans.map(|(id, span)| (Place::of(&span.ranges), MarkId::Span(*id))))
        };
        let claims = sheet.claims.iter().filter_map(|(id, claim)| Some((Place::of(claim.places().next()?), MarkId::Claim(*id))));
        let again = |(id, claim): (&ClaimId, &'_ Claim)| -> Vec<_> {
            claim.places().zip(0..).skip(1).map(|(place, nth)| (Place::of(place), Shown { mark: MarkId::Claim(*id), nth })).collect()
        };
        let further = sheet.claims.iter().filter(|(_, claim)| !claim.occurrences.is_empty()).flat_map(again);
        let mut index = Self {
            all: TextOrder::of(sheet),
            mentions: of_kind(LabelKind::Entity),
            claims: TextOrder::new(claims),
            others: of_kind(LabelKind::Span),
            further: TextOrder::new(further),
            reaching: BTreeMap::new(),
        };
        index.reaching = reaching(index.all.entries().map(|(place, mark)| (place, Shown { mark, nth: 0 })).chain(index.further.entries()), blocks);
        index
    }

    /// Follows a change of one row of the sheet.
    pub(super) fn follow(&mut self, edit: &Edit, schema: &Schema, blocks: &Blocks) {
        match edit {
            Edit::Span(_, change) => {
                for (span, step) in both(change) {
                    let order = if listed_as(schema.kind_of(&span.label)) == LabelKind::Entity { &mut self.mentions } else { &mut self.others };
                    let (place, mark) = (Place::of(&span.ranges), MarkId::Span(change.key));
                    step.take(order, place, mark);
                    step.take(&mut self.all, place, mark);
                    self.reach(place, Shown { mark, nth: 0 }, step, blocks);
                }
            }
            Edit::Claim(_, change) => {
                for (claim, step) in both(change) {
                    self.follow_claim(MarkId::Claim(change.key), claim, step, blocks);
                }
            }
            _ => {}
        }
    }

    fn follow_claim(&mut self, mark: MarkId, claim: &Claim, step: Step, blocks: &Blocks) {
        for (place, nth) in claim.places().map(Place::of).zip(0..) {
            let shown = Shown { mark, nth };
            if nth == 0 {
                step.take(&mut self.claims, place, mark);
                step.take(&mut self.all, place, mark);
            } else {
                step.take(&mut self.further, place, shown);
            }
            self.reach(place, shown, step, blocks);
        }
    }

    fn reach(&mut self, place: Place, shown: Shown, step: Step, blocks: &Blocks) {
        let touched = touched(place, blocks.block_of(place.start()), blocks);
        for block in touched.skip(1) {
            let reaching = self.reaching.entry(block).or_default();
            match (step, reaching.binary_search(&(place, shown))) {
                (Step::In, Err(at)) => reaching.insert(at, (place, shown)),
                (Step::Out, Ok(at)) => {
                    reaching.remove(at);
                }
                _ => {}
            }
        }
    }

    /// The marks that a block shows, by where they start; of several, the longest first. Last come further occurrences
    /// of claims.
    pub(super) fn in_block(&self, block: usize, blocks: &Blocks) -> impl Iterator<Item = Shown> + '_ {
        let bytes = blocks.whole_range(block);
        let from_before = |is_further: bool| {
            let reaching = self.reaching.get(&block).into_iter().flatten();
            reaching.map(|(_, shown)| *shown).filter(move |shown| shown.is_further() == is_further)
        };
        let begun_here = self.all.starting_in(bytes.clone()).map(|mark| Shown { mark, nth: 0 });
        from_before(false).chain(begun_here).chain(from_before(true)).chain(self.further.starting_in(bytes))
    }
}

/// A mark comes or goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Out,
    In,
}

impl Step {
    fn take<T: Ordered>(self, order: &mut TextOrder<T>, place: Place, thing: T) {
        match self {
            Self::Out => order.remove(place, thing),
            Self::In => order.insert(place, thing),
        }
    }
}

/// The row as it was, which goes, and as it is now.
fn both<K, R>(change: &Change<K, R>) -> impl Iterator<Item = (&R, Step)> {
    change.before.iter().map(|row| (row, Step::Out)).chain(change.after.iter().map(|row| (row, Step::In)))
}

/// One place of a mark.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Shown {
    pub(super) mark: MarkId,
    // Which of its places.
    nth: u16,
}

impl Ordered for Shown {
    type Kept = Self;

    fn to_kept(self) -> Self {
        self
    }

    fn of_kept(kept: Self) -> Self {
        kept
    }
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

/// A span is a mention or another span, whatever its label says.
fn listed_as(kind: LabelKind) -> LabelKind {
    if kind == LabelKind::Entity { kind } else { LabelKind::Span }
}

/// What each block shows that starts before it. The places come in text order, so the search goes on where it stopped.
fn reaching(places: impl Iterator<Item = (Place, Shown)>, blocks: &Blocks) -> BTreeMap<usize, Vec<(Place, Shown)>> {
    let mut by_block: BTreeMap<usize, Vec<(Place, Shown)>> = BTreeMap::new();
    let mut first = 0;
    for (place, shown) in places {
        // Further occurrences begin again at the top.
        first = if blocks.range(first).start > place.start() { blocks.block_of(place.start()) } else { blocks.last_from(first, place.start()) };
        for block in touched(place, first, blocks).skip(1) {
            by_block.entry(block).or_default().push((place, shown));
        }
    }
    by_block.values_mut().for_each(|reaching| {
        reaching.sort_unstable();
        reaching.dedup();
        reaching.shrink_to_fit();
    });
    by_block
}

/// The blocks that a place touches, the first of which is known.
fn touched(place: Place, first: usize, blocks: &Blocks) -> Range<usize> {
    first..blocks.last_from(first, place.bytes().end.saturating_sub(1)) + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{CoderKey, DocumentId, Id, SheetKey, Span, SpanId};
    use crate::text::{Text, TextRange};

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
        assert_eq!(index.all.iter().collect::<Vec<_>>(), marks(in_order));
        for (block, expected) in by_block.iter().enumerate() {
            assert_eq!(index.in_block(block, &blocks).map(|shown| shown.mark).collect::<Vec<_>>(), marks(expected), "block {block}");
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
        let blocks = Blocks::new("ab cd\nef\n\ngh");
        let index = MarkIndex::new(&sheet, &Schema::default(), &blocks);
        assert_eq!(index.all.iter().collect::<Vec<_>>(), [MarkId::Claim(id)]);
        let shown =
            |block| index.in_block(block, &blocks).map(|shown| (shown.ranges(&sheet).unwrap().start(), shown.is_further())).collect::<Vec<_>>();
        assert_eq!([shown(0), shown(1), shown(3)], [vec![(0, true)], vec![], vec![(10, false)]]);
    }

    proptest! {
        /// Claims and spans come, change and go; the index that followed is the one made at once.
        #[test]
        fn following_changes_is_as_making_it_anew(steps in prop::collection::vec((0u64..6, 0u32..12, 1u32..12, 0u8..5), 1..40)) {
            let (schema, sheet_key) = (Schema::default(), SheetKey::new(&DocumentId::from_title("t", Id::from_bits(1)), &CoderKey::from_name("a")));
            let blocks = Blocks::new("ab cd\nef\n\ngh ij kl mn op qr");
            let mut sheet = Sheet::default();
            let mut index = MarkIndex::new(&sheet, &schema, &blocks);
            for (id, start, len, what) in steps {
                let ranges = |by: u32| Ranges::from(TextRange::try_from((start + by, start + by + len)).unwrap());
                let edit = if what == 0 {
                    let (id, after) = (SpanId(Id::from_bits(id)), (start > 2).then(|| Span::new(ranges(0), LabelKey::new("PER").unwrap())));
                    let before = sheet.spans.remove(&id);
                    sheet.spans.extend(after.clone().map(|span| (id, span)));
                    Edit::Span(sheet_key.clone(), Change { key: id, before, after })
                } else {
                    let mut claim = Claim::new(LabelKey::new("CLAIM").unwrap(), (what > 2).then(|| ranges(0)));
                    claim.occurrences = (1..u32::from(what)).map(ranges).collect();
                    let (id, after) = (ClaimId(Id::from_bits(id)), (start > 2).then_some(claim));
                    let before = sheet.claims.remove(&id);
                    sheet.claims.extend(after.clone().map(|claim| (id, claim)));
                    Edit::Claim(sheet_key.clone(), Change { key: id, before, after })
                };
                index.follow(&edit, &schema, &blocks);
            }
            let anew = MarkIndex::new(&sheet, &schema, &blocks);
            for (one, other) in [(&index.all, &anew.all), (&index.mentions, &anew.mentions), (&index.claims, &anew.claims), (&index.others, &anew.others)] {
                prop_assert_eq!(one, other);
            }
            for block in 0..blocks.len() {
                let shown = |index: &MarkIndex| index.in_block(block, &blocks).collect::<Vec<_>>();
                prop_assert_eq!(shown(&index), shown(&anew));
            }
        }
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
