//! Which words differ between an old and a new wording.

use unicode_segmentation::UnicodeSegmentation;

use super::Replacement;

/// More comparisons than this take longer than anybody waits; then all between the first and the last difference is one
/// piece.
const MOST_COMPARISONS: usize = 4_000_000;

/// The pieces in which `new` differs from `old`, by whole words, so that a mark on the word beside them stays as it is.
/// `at` is where `old` begins in its text. Empty when nothing differs.
#[must_use]
pub fn word_replacements(old: &str, new: &str, at: usize) -> Vec<Replacement> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_word_bounds().collect(), new.split_word_bounds().collect());
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let head = old.iter().zip(&new).take_while(same).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let start = at + old.iter().take(head).map(|word| word.len()).sum::<usize>();
    if is_quick(old_rest, new_rest) {
        return pieces(old_rest, new_rest, &common(old_rest, new_rest), start);
    }
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count();
    let old_middle = old_rest.get(..old_rest.len() - tail).unwrap_or_default();
    let new_middle = new_rest.get(..new_rest.len() - tail).unwrap_or_default();
    let kept = if is_quick(old_middle, new_middle) { common(old_middle, new_middle) } else { Vec::new() };
    pieces(old_middle, new_middle, &kept, start)
}

fn is_quick(old: &[&str], new: &[&str]) -> bool {
    old.len().saturating_mul(new.len()) <= MOST_COMPARISONS
}

/// The longest run of words that both have in the same order, as pairs of places.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    // How many words the rests from here on have in common.
    let mut lengths = vec![0u32; (old.len() + 1) * width];
    let length = |lengths: &[u32], i: usize, j: usize| lengths.get(i * width + j).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let best = if a == b { length(&lengths, i + 1, j + 1) + 1 } else { length(&lengths, i + 1, j).max(length(&lengths, i, j + 1)) };
            if let Some(slot) = lengths.get_mut(i * width + j) {
                *slot = best;
            }
        }
    }
    let (mut pairs, mut i, mut j) = (Vec::new(), 0, 0);
    while let (Some(a), Some(b)) = (old.get(i), new.get(j)) {
        if a == b {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if length(&lengths, i + 1, j) >= length(&lengths, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// What lies between the words that are kept.
fn pieces(old: &[&str], new: &[&str], kept: &[(usize, usize)], start: usize) -> Vec<Replacement> {
    let (mut found, mut offset, mut from) = (Vec::new(), start, (0, 0));
    for to in kept.iter().copied().chain([(old.len(), new.len())]) {
        let removed: usize = old.get(from.0..to.0).unwrap_or_default().iter().map(|word| word.len()).sum();
        let with = new.get(from.1..to.1).unwrap_or_default().concat();
        if removed > 0 || !with.is_empty() {
            found.push(Replacement { start: offset, end: offset + removed, with });
        }
        offset += removed + old.get(to.0).map_or(0, |word| word.len());
        from = (to.0 + 1, to.1 + 1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &[(&str, &str)]) {
        let found = word_replacements(old, new, 7);
        let shown: Vec<(&str, &str)> = found.iter().map(|piece| (&old[piece.start - 7..piece.end - 7], piece.with.as_str())).collect();
        assert_eq!(shown, expected, "{old} → {new}");
    }

    #[test]
    fn whole_words_are_replaced_and_others_stay() {
        check("Kery met Lavrov", "Kerry met Lavrov", &[("Kery", "Kerry")]);
        check("He sayd that teh war", "He said that the war", &[("sayd", "said"), ("teh", "the")]);
        check("the house", "the big house", &[("", "big ")]);
        check("the big house", "the house", &[("big ", "")]);
        check("New York", "NewYork", &[("New York", "NewYork")]);
        check("Kerr", "Kerry", &[("Kerr", "Kerry")]);
        check("Kery left", "Kerry has left", &[("Kery", "Kerry"), ("", "has ")]);
        check("same", "same", &[]);
        check("日本", "日本国", &[("", "国")]);
        check("gone", "", &[("gone", "")]);
    }

    #[test]
    fn a_wording_that_is_too_long_to_compare_is_one_piece() {
        let (old, new) = ("a b ".repeat(3000), "c b ".repeat(3000));
        assert_eq!(word_replacements(&old, &new, 0).len(), 1);
    }
}
