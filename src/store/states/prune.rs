//! Which states are kept: the last ones, and one a day.

use std::collections::BTreeSet;

use super::record::Record;

/// So many of the last states are kept whatever their age.
const LAST: usize = 10;
/// Of so many days the last state is kept.
const DAYS: usize = 30;
const MILLIS_A_DAY: u64 = 24 * 60 * 60 * 1000;

/// The sequences to keep. Days are counted, not compared with today: a clock that is set back or ahead removes nothing
/// that would have stayed otherwise.
pub(crate) fn kept(records: &[Record]) -> BTreeSet<u64> {
    let newest_first = || records.iter().rev();
    let mut kept: BTreeSet<u64> = newest_first().take(LAST).map(|record| record.sequence).collect();
    let mut days = BTreeSet::new();
    for record in newest_first() {
        let is_new = days.insert(record.time / MILLIS_A_DAY);
        if is_new && days.len() <= DAYS {
            kept.insert(record.sequence);
        }
    }
    kept
}

/// The list without those that are not kept; what they changed goes to their successors. True when some are not kept.
pub(crate) fn pruned(records: Vec<Record>) -> (Vec<Record>, bool) {
    let kept = kept(&records);
    if kept.len() == records.len() {
        return (renumbered(records), false);
    }
    let mut result: Vec<Record> = Vec::new();
    let mut dropped: Option<Record> = None;
    for mut record in records {
        if let Some(before) = dropped.take() {
            record.absorb(before);
        }
        if kept.contains(&record.sequence) { result.push(record) } else { dropped = Some(record) }
    }
    // The newest is always kept, so nothing is left over.
    debug_assert!(dropped.is_none());
    (renumbered(result), true)
}

/// With `previous` as they follow each other now, and nothing that replaces something.
fn renumbered(mut records: Vec<Record>) -> Vec<Record> {
    let (mut previous, mut was_whole) = (0, false);
    for record in &mut records {
        // Where records are lost it stays visible.
        record.previous = if was_whole && !record.is_whole { 0 } else { previous };
        record.replaces = false;
        (previous, was_whole) = (record.sequence, record.is_whole);
    }
    // What is gone was never there for whoever starts here.
    if let Some(first) = records.first_mut() {
        first.changes.retain(|_, stamp| stamp.is_some());
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Stamp;
    use crate::store::states::{Occasion, RowCounts};

    fn record(sequence: u64, day: u64) -> Record {
        let changes = [(format!("f{}", sequence % 7), (!sequence.is_multiple_of(3)).then(|| Stamp::of(&sequence.to_le_bytes())))].into();
        Record {
            sequence,
            previous: sequence - 1,
            time: day * MILLIS_A_DAY + sequence,
            since: 0,
            occasion: Occasion::Saved,
            replaces: false,
            project: String::new(),
            rows: RowCounts { spans: 1, ..RowCounts::default() },
            documents: BTreeSet::new(),
            is_whole: true,
            changes,
        }
    }

    #[track_caller]
    fn check(days: impl IntoIterator<Item = u64>, expected: &[u64]) {
        let records: Vec<Record> = days.into_iter().zip(1..).map(|(day, sequence)| record(sequence, day)).collect();
        assert_eq!(kept(&records).into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_last_ten_and_one_a_day_for_thirty_days_stay() {
        check([5; 4], &[1, 2, 3, 4]);
        check([5; 12], &(3..=12).collect::<Vec<_>>());
        // Three a day for 40 days: the last ten, and the last one of each of 30 days.
        let days = (0..120).map(|i| i / 3);
        let expected: BTreeSet<u64> = (111..=120).chain((10..40).map(|day| day * 3 + 3)).collect();
        check(days, &expected.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_clock_set_back_removes_nothing() {
        // Twelve days, then the clock jumps back by 25 years for twelve states of one day.
        let days = (10_000..10_012).chain([900; 12]);
        let expected: Vec<u64> = (1..=12).chain(15..=24).collect();
        check(days, &expected);
    }

    #[test]
    fn what_a_removed_state_changed_stays_with_its_successors() {
        let records: Vec<Record> = (1..=40).map(|sequence| record(sequence, sequence / 9)).collect();
        let files = |records: &[Record], through: u64| {
            let mut files = std::collections::BTreeMap::new();
            for (path, stamp) in records.iter().filter(|record| record.sequence <= through).flat_map(|record| &record.changes) {
                match stamp {
                    Some(stamp) => drop(files.insert(path.clone(), *stamp)),
                    None => drop(files.remove(path)),
                }
            }
            files
        };
        let (pruned, is_pruned) = pruned(records.clone());
        assert!(is_pruned && pruned.len() < 15);
        for record in &pruned {
            assert_eq!(files(&pruned, record.sequence), files(&records, record.sequence), "{}", record.sequence);
        }
        assert_eq!(pruned.iter().map(|record| record.rows.spans).sum::<usize>(), 40);
        assert!(pruned[0].is_whole && pruned[0].previous == 0 && pruned.windows(2).all(|two| two[1].previous == two[0].sequence));
    }
}
