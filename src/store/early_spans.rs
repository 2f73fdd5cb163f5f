//! Spans of a long sheet that are shown while the rest of it is still being read.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::{Rows, Sheet, Span, SpanId};

/// More spans in the part that is seen are not shown early.
const MAX_FOUND: usize = 5_000;

/// What the one who reads has found for the one who shows. Clones are one.
#[derive(Clone, Debug, Default)]
pub struct EarlySpans(Arc<Mutex<Early>>);

#[derive(Debug, Default)]
struct Early {
    // Spans that touch these bytes are wanted.
    wanted: Range<usize>,
    // What was found, and for which bytes.
    found: Rows<SpanId, Span>,
    found_for: Range<usize>,
    // Among so many spans.
    looked_at: usize,
    revision: u64,
}

impl EarlySpans {
    fn lock(&self) -> MutexGuard<'_, Early> {
        // A panic under the lock leaves at worst spans too few, until the sheet is there.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for the spans that touch these bytes of the text. They come when the next rows are read.
    pub fn want(&self, bytes: Range<usize>) {
        self.lock().wanted = bytes;
    }

    /// What was found so far, as a sheet, where something was found since this revision; with the revision that it is.
    #[must_use]
    pub fn newer_than(&self, revision: u64) -> Option<(u64, Sheet)> {
        let early = self.lock();
        (early.revision > revision).then(|| (early.revision, Sheet { spans: early.found.clone(), ..Sheet::default() }))
    }

    /// Looks through the spans that are new among all that were read.
    pub(crate) fn look_at(&self, all: &[(SpanId, Span)]) {
        let (wanted, from) = {
            let early = self.lock();
            (early.wanted.clone(), if early.wanted == early.found_for { early.looked_at } else { 0 })
        };
        let touches = |(_, span): &&(SpanId, Span)| {
            let hull = span.ranges.hull();
            hull.start() < wanted.end && wanted.start < hull.end()
        };
        // Not under the lock: the window asks for it in each frame.
        let new: Vec<(SpanId, Span)> = all.iter().skip(from).filter(touches).take(MAX_FOUND).cloned().collect();
        let mut early = self.lock();
        let is_other_part = early.found_for != wanted;
        if is_other_part {
            (early.found, early.found_for) = (Rows::new(), wanted);
        }
        early.looked_at = all.len();
        if is_other_part || !new.is_empty() {
            early.revision += 1;
            let room = MAX_FOUND.saturating_sub(early.found.len());
            early.found.extend(new.into_iter().take(room));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Id, LabelKey};
    use crate::text::Text;

    #[test]
    fn what_is_wanted_is_found_among_what_is_read() {
        let text = Text::new("a".repeat(100));
        let span = |nth: usize| {
            let range = text.range(nth * 10, nth * 10 + 12).unwrap();
            (SpanId(Id::from_bits(nth as u64 + 1)), Span::new(range, LabelKey::new("PER").unwrap()))
        };
        let all: Vec<(SpanId, Span)> = (0..8).map(span).collect();
        let early = EarlySpans::default();
        let found =
            |revision| early.newer_than(revision).map(|(now, sheet)| (now, sheet.spans.values().map(|span| span.ranges.start()).collect::<Vec<_>>()));
        early.look_at(&all[..1]);
        assert_eq!(found(0), None);
        early.want(20..31);
        early.look_at(&all[..3]);
        assert_eq!(found(0), Some((1, vec![10, 20])));
        early.look_at(&all[..4]);
        assert_eq!((found(1), found(2)), (Some((2, vec![10, 20, 30])), None));
        early.look_at(&all[..5]);
        assert_eq!(found(2), None);
        // Another part: what was read before is looked through again.
        early.want(0..5);
        early.look_at(&all);
        assert_eq!(found(2), Some((3, vec![0])));
        early.want(500..600);
        early.look_at(&all);
        assert_eq!(found(3), Some((4, vec![])));
    }
}
