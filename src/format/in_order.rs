//! Wholes whose parts may stand apart in a file, handed over in the order in which they are first met, each as soon as it is complete:
//! where the parts stand together, no more than one whole is in memory.

use std::collections::{BTreeMap, VecDeque};

/// A file is gone over twice: first every part is expected, then it is added.
#[derive(Debug)]
pub(super) struct InOrder<T> {
    /// How many parts are still to come.
    missing: BTreeMap<String, usize>,
    waiting: VecDeque<(String, T)>,
    /// Where those that wait stand among all.
    places: BTreeMap<String, usize>,
    handed_over: usize,
}

impl<T> Default for InOrder<T> {
    fn default() -> Self {
        Self { missing: BTreeMap::new(), waiting: VecDeque::new(), places: BTreeMap::new(), handed_over: 0 }
    }
}

impl<T> InOrder<T> {
    /// There is a part of this whole.
    pub(super) fn expect(&mut self, name: &str) {
        match self.missing.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(self.missing.insert(name.to_owned(), 1)),
        }
    }

    /// The whole to which the next part of this name is to be added. One that nobody expected is complete at the end only.
    pub(super) fn whole(&mut self, name: &str, make: impl FnOnce() -> T) -> Option<&mut T> {
        if let Some(count) = self.missing.get_mut(name) {
            *count = count.saturating_sub(1);
        }
        let place = match self.places.get(name) {
            Some(place) => *place,
            None => {
                let place = self.handed_over + self.waiting.len();
                self.places.insert(name.to_owned(), place);
                self.waiting.push_back((name.to_owned(), make()));
                place
            }
        };
        self.waiting.get_mut(place - self.handed_over).map(|(_, whole)| whole)
    }

    /// The next whole that is complete.
    pub(super) fn next_complete(&mut self) -> Option<T> {
        let (name, _) = self.waiting.front()?;
        if self.missing.get(name) != Some(&0) {
            return None;
        }
        self.places.remove(name);
        self.handed_over += 1;
        self.waiting.pop_front().map(|(_, whole)| whole)
    }

    /// The others, when there are no more parts.
    pub(super) fn into_rest(self) -> impl Iterator<Item = T> {
        self.waiting.into_iter().map(|(_, whole)| whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is handed over with each part, and what at the end.
    #[track_caller]
    fn check(expected: &str, parts: &str, given: &str) {
        let mut wholes: InOrder<String> = InOrder::default();
        expected.chars().for_each(|name| wholes.expect(name.to_string().as_str()));
        let mut found = Vec::new();
        for name in parts.chars() {
            wholes.whole(name.to_string().as_str(), String::new).unwrap().push(name);
            found.push(std::iter::from_fn(|| wholes.next_complete()).collect::<Vec<_>>().join("+"));
        }
        let rest: Vec<String> = wholes.into_rest().collect();
        assert_eq!(format!("{} {}", found.join(","), rest.join("+")), given);
    }

    #[test]
    fn wholes_come_in_the_order_in_which_they_are_met() {
        check("aabbb", "aabbb", ",aa,,,bbb ");
        check("abba", "abba", ",,,aa+bb ");
        check("abbc", "bacb", ",,,bb+a+c ");
        check("a", "axb", "a,, x+b");
        check("aab", "ab", ", a+b");
    }
}
