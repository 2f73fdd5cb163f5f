//! Which marks lie in which block, and how each label looks. Derived from a sheet, rebuilt when its revision changes.

use std::collections::BTreeMap;

use eframe::egui::Color32;

use super::blocks::Blocks;
use crate::model::{LabelKey, LabelKind, MarkId, Schema, Sheet};

/// How marks with one label look.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct LabelStyle {
    /// The codebook's colour.
    pub(crate) color: Color32,
    /// Shown above the text.
    pub(crate) tag: String,
    /// Decides the shape of the line.
    pub(crate) kind: LabelKind,
}

/// All labels' looks. Labels that the codebook does not know are grey and called by their key.
#[derive(Debug, Default)]
pub(crate) struct LabelStyles {
    styles: Vec<LabelStyle>,
    by_key: BTreeMap<LabelKey, u16>,
}

impl LabelStyles {
    pub(crate) fn new(schema: &Schema) -> Self {
        let mut styles = Self::default();
        for (key, label) in &schema.labels {
            let color = Color32::from_rgb(label.color.red, label.color.green, label.color.blue);
            styles.push(key, LabelStyle { color, tag: label.tag().to_owned(), kind: label.kind });
        }
        styles
    }

    fn push(&mut self, key: &LabelKey, style: LabelStyle) -> u16 {
        let index = u16::try_from(self.styles.len()).unwrap_or(u16::MAX);
        self.styles.push(style);
        self.by_key.insert(key.clone(), index);
        index
    }

    fn index_of(&mut self, key: &LabelKey, kind: LabelKind) -> u16 {
        match self.by_key.get(key) {
            Some(index) => *index,
            None => self.push(key, LabelStyle { color: Color32::GRAY, tag: key.to_string(), kind }),
        }
    }

    pub(super) fn get(&self, index: u16) -> Option<&LabelStyle> {
        self.styles.get(usize::from(index))
    }
}

/// A mark as the view needs it; its ranges stay in the sheet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) id: MarkId,
    pub(super) style: u16,
}

/// All marks of a sheet in text order, and which of them each block shows.
#[derive(Debug, Default)]
pub(super) struct MarkIndex {
    marks: Vec<Mark>,
    // Marks of block b are items[starts[b]..starts[b + 1]], as indexes into `marks`.
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl MarkIndex {
    pub(super) fn new(sheet: &Sheet, blocks: &Blocks, styles: &mut LabelStyles) -> Self {
        let spans = sheet.spans.iter().map(|(id, span)| (MarkId::Span(*id), &span.ranges, &span.label, LabelKind::Span));
        let claims = sheet
            .claims
            .iter()
            .filter_map(|(id, claim)| claim.content.as_ref().map(|content| (MarkId::Claim(*id), content, &claim.label, LabelKind::Claim)));
        let mut found: Vec<(usize, usize, Mark)> = spans
            .chain(claims)
            .map(|(id, ranges, label, kind)| (ranges.start(), ranges.end(), Mark { id, style: styles.index_of(label, kind) }))
            .collect();
        found.sort_unstable_by_key(|(start, end, mark)| (*start, usize::MAX - *end, mark.id));
        let mut index = Self { marks: found.iter().map(|(_, _, mark)| *mark).collect(), starts: vec![0; blocks.len() + 1], items: Vec::new() };
        index.fill(&found, blocks);
        index
    }

    /// Counts the marks of each block, then puts each where its block's part begins.
    fn fill(&mut self, found: &[(usize, usize, Mark)], blocks: &Blocks) {
        for (start, end, _) in found {
            for block in blocks.touched(*start, *end) {
                if let Some(count) = self.starts.get_mut(block + 1) {
                    *count += 1;
                }
            }
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
        let mut next = self.starts.clone();
        self.items = vec![0; sum as usize];
        for (i, (start, end, _)) in found.iter().enumerate() {
            for block in blocks.touched(*start, *end) {
                let Some(place) = next.get_mut(block) else { continue };
                if let Some(item) = self.items.get_mut(*place as usize) {
                    *item = u32::try_from(i).unwrap_or(u32::MAX);
                }
                *place += 1;
            }
        }
    }

    /// The marks that a block shows, by where they start; of several, the longest first.
    pub(super) fn in_block(&self, block: usize) -> impl Iterator<Item = Mark> + '_ {
        let bounds = self.starts.get(block).zip(self.starts.get(block + 1));
        let items = bounds.and_then(|(start, end)| self.items.get(*start as usize..*end as usize)).unwrap_or_default();
        items.iter().filter_map(|item| self.marks.get(*item as usize).copied())
    }

    /// All marks in text order.
    pub(super) fn in_text_order(&self) -> &[Mark] {
        &self.marks
    }
}
