//! The tree of a codebook's labels: circles in it, and how deep it is. Both are found in one walk over all labels.

use std::collections::{BTreeMap, BTreeSet};

use super::{LabelKey, Schema};

/// So many labels may stand above each other; more are no codebook, and would be slow to walk at every look.
pub const MAX_LABEL_DEPTH: usize = 100;

impl Schema {
    /// Labels that are above themselves, each circle once, from where the first label in the alphabet that leads into it
    /// enters it.
    #[must_use]
    pub fn circles_of_labels(&self) -> Vec<Vec<LabelKey>> {
        let (mut settled, mut circles) = (BTreeSet::new(), Vec::new());
        for start in self.labels.keys() {
            let (mut line, mut places) = (Vec::new(), BTreeMap::new());
            let mut next = Some(start);
            while let Some(key) = next.filter(|key| !settled.contains(key)) {
                if let Some(closing) = places.get(key) {
                    circles.push(line.iter().skip(*closing).map(|key: &&LabelKey| (*key).clone()).collect());
                    break;
                }
                places.insert(key, line.len());
                line.push(key);
                next = self.parent_of(key);
            }
            settled.extend(line);
        }
        circles
    }

    /// The first label in the alphabet that has more than [`MAX_LABEL_DEPTH`] above it, or is in a circle.
    #[must_use]
    pub fn label_too_deep(&self) -> Option<&LabelKey> {
        let mut depths: BTreeMap<&LabelKey, usize> = BTreeMap::new();
        for start in self.labels.keys() {
            let (mut line, mut next) = (Vec::new(), Some(start));
            while let Some(key) = next.filter(|key| !depths.contains_key(key)) {
                if line.len() > MAX_LABEL_DEPTH {
                    return Some(start);
                }
                line.push(key);
                next = self.parent_of(key);
            }
            let top = next.and_then(|key| depths.get(key)).map_or(0, |above| above + 1);
            for (key, depth) in line.into_iter().rev().zip(top..) {
                if depth > MAX_LABEL_DEPTH {
                    return Some(start);
                }
                depths.insert(key, depth);
            }
        }
        None
    }

    fn parent_of(&self, label: &LabelKey) -> Option<&LabelKey> {
        self.labels.get(label).and_then(|label| label.parent.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Color, Label, LabelKind};

    /// `a<b` puts `b` above `a`.
    fn schema(parents: impl IntoIterator<Item = (String, String)>) -> Schema {
        let mut schema = Schema::default();
        for (label, parent) in parents {
            for name in [&label, &parent] {
                let row = || Label::new(name.as_str(), LabelKind::Entity, Color::from_palette(0), 0);
                schema.labels.entry(name.parse().unwrap()).or_insert_with(row);
            }
            schema.labels.get_mut(&label.parse().unwrap()).unwrap().parent = Some(parent.parse().unwrap());
        }
        schema
    }

    fn pairs(text: &str) -> Vec<(String, String)> {
        text.split_whitespace().filter_map(|pair| pair.split_once('<')).map(|(label, parent)| (label.to_owned(), parent.to_owned())).collect()
    }

    #[test]
    fn each_circle_is_found_once() {
        let check = |text: &str, expected: &[&str]| {
            let schema = schema(pairs(text));
            let circles = schema.circles_of_labels();
            let shown: Vec<String> = circles.iter().map(|circle| circle.iter().map(LabelKey::as_str).collect::<Vec<_>>().join("<")).collect();
            assert_eq!(shown, expected, "{text}");
            assert_eq!(schema.label_too_deep().is_some(), !expected.is_empty(), "{text}");
        };
        check("a<b b<c", &[]);
        check("a<a", &["a"]);
        check("a<c b<a c<b x<y y<x z<x", &["a<c<b", "x<y"]);
        check("a<c b<c c<d d<b", &["c<d<b"]);
    }

    #[test]
    fn a_hundred_labels_may_stand_above_one() {
        let name = |n: usize| format!("l{n:03}");
        let line = |labels: usize| schema((0..labels).map(|n| (name(n), name(n + 1))));
        assert_eq!(line(100).label_too_deep(), None);
        assert_eq!(line(101).label_too_deep().unwrap().as_str(), "l000");
        let upside_down = schema((0..101).map(|n| (name(n + 1), name(n))));
        assert_eq!(upside_down.label_too_deep().unwrap().as_str(), "l101");
    }
}
