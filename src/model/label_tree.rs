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

    /// All labels as a tree: each with how many stand above it, parents before their children, sisters by position. Labels
    /// of a circle stand at the end as if nothing were above them.
    #[must_use]
    pub fn label_tree(&self) -> Vec<(usize, &LabelKey)> {
        let mut below: BTreeMap<Option<&LabelKey>, Vec<&LabelKey>> = BTreeMap::new();
        for (key, label) in &self.labels {
            below.entry(label.parent.as_ref().filter(|parent| self.labels.contains_key(*parent))).or_default().push(key);
        }
        let place = |key: &LabelKey| self.labels.get(key).map(|label| label.position);
        below.values_mut().for_each(|sisters| sisters.sort_by_key(|key| (place(key), *key)));
        let mut tree: Vec<(usize, &LabelKey)> = Vec::with_capacity(self.labels.len());
        let mut open: Vec<(usize, &LabelKey)> = below.get(&None).into_iter().flatten().rev().map(|key| (0, *key)).collect();
        while let Some((depth, key)) = open.pop() {
            tree.push((depth, key));
            open.extend(below.get(&Some(key)).into_iter().flatten().rev().map(|child| (depth + 1, *child)));
        }
        let placed: BTreeSet<&LabelKey> = tree.iter().map(|(_, key)| *key).collect();
        tree.extend(self.labels.keys().filter(|key| !placed.contains(key)).map(|key| (0, key)));
        tree
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
    fn the_tree_goes_depth_first_and_shows_circles_too() {
        let mut schema = schema(pairs("b<a c<a d<b x<y y<x"));
        schema.labels.get_mut(&"b".parse().unwrap()).unwrap().position = 9;
        let tree = schema.label_tree();
        let shown: Vec<String> = tree.into_iter().map(|(depth, key)| format!("{depth}{key}")).collect();
        assert_eq!(shown, ["0a", "1c", "1b", "2d", "0x", "0y"]);
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
