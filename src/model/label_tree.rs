//! The trees of a codebook: labels, and types of relations. Circles in them, and how deep they are; both are found in one
//! walk over all rows.

use std::collections::{BTreeMap, BTreeSet};

use super::{Label, LabelKey, RelationKey, RelationType, Schema};

/// So many labels may stand above each other; more are no codebook, and would be slow to walk at every look.
pub const MAX_LABEL_DEPTH: usize = 100;

/// A row that may stand below another one of its table.
pub trait TreeRow<K> {
    /// What stands above it.
    fn parent(&self) -> Option<&K>;
    /// What stands above it, to be changed.
    fn parent_mut(&mut self) -> &mut Option<K>;
    /// Its place among its sisters.
    fn place(&self) -> u32;
}

macro_rules! tree_rows {
    ($($row:ident: $key:ident;)*) => {$(
        impl TreeRow<$key> for $row {
            fn parent(&self) -> Option<&$key> {
                self.parent.as_ref()
            }
            fn parent_mut(&mut self) -> &mut Option<$key> {
                &mut self.parent
            }
            fn place(&self) -> u32 {
                self.position
            }
        }
    )*};
}

tree_rows! {
    Label: LabelKey;
    RelationType: RelationKey;
}

/// Rows that are above themselves, each circle once, from where the first row in the alphabet that leads into it enters it.
#[must_use]
pub fn circles_of<K: Ord + Clone, R: TreeRow<K>>(rows: &BTreeMap<K, R>) -> Vec<Vec<K>> {
    let (mut settled, mut circles) = (BTreeSet::new(), Vec::new());
    for start in rows.keys() {
        let (mut line, mut places) = (Vec::new(), BTreeMap::new());
        let mut next = Some(start);
        while let Some(key) = next.filter(|key| !settled.contains(key)) {
            if let Some(closing) = places.get(key) {
                circles.push(line.iter().skip(*closing).map(|key: &&K| (*key).clone()).collect());
                break;
            }
            places.insert(key, line.len());
            line.push(key);
            next = parent_of(rows, key);
        }
        settled.extend(line);
    }
    circles
}

/// The first row in the alphabet that has more than [`MAX_LABEL_DEPTH`] above it, or is in a circle.
#[must_use]
pub fn too_deep<K: Ord, R: TreeRow<K>>(rows: &BTreeMap<K, R>) -> Option<&K> {
    let mut depths: BTreeMap<&K, usize> = BTreeMap::new();
    for start in rows.keys() {
        let (mut line, mut next) = (Vec::new(), Some(start));
        while let Some(key) = next.filter(|key| !depths.contains_key(key)) {
            if line.len() > MAX_LABEL_DEPTH {
                return Some(start);
            }
            line.push(key);
            next = parent_of(rows, key);
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

/// All rows as a tree: each with how many stand above it, parents before their children, sisters by position. Rows of a
/// circle stand at the end as if nothing were above them.
#[must_use]
pub fn tree_of<K: Ord, R: TreeRow<K>>(rows: &BTreeMap<K, R>) -> Vec<(usize, &K)> {
    let mut below: BTreeMap<Option<&K>, Vec<&K>> = BTreeMap::new();
    for (key, row) in rows {
        below.entry(row.parent().filter(|parent| rows.contains_key(*parent))).or_default().push(key);
    }
    let place = |key: &K| rows.get(key).map(R::place);
    below.values_mut().for_each(|sisters| sisters.sort_by_key(|key| (place(key), *key)));
    let mut tree: Vec<(usize, &K)> = Vec::with_capacity(rows.len());
    let mut open: Vec<(usize, &K)> = below.get(&None).into_iter().flatten().rev().map(|key| (0, *key)).collect();
    while let Some((depth, key)) = open.pop() {
        tree.push((depth, key));
        open.extend(below.get(&Some(key)).into_iter().flatten().rev().map(|child| (depth + 1, *child)));
    }
    let placed: BTreeSet<&K> = tree.iter().map(|(_, key)| *key).collect();
    tree.extend(rows.keys().filter(|key| !placed.contains(key)).map(|key| (0, key)));
    tree
}

/// The row and those above it, nearest first. A circle ends where it closes.
#[must_use]
pub fn line_above<K: Ord + Clone, R: TreeRow<K>>(rows: &BTreeMap<K, R>, key: &K) -> Vec<K> {
    let mut line = vec![key.clone()];
    while let Some(parent) = line.last().and_then(|key| parent_of(rows, key)) {
        if line.contains(parent) {
            break;
        }
        line.push(parent.clone());
    }
    line
}

fn parent_of<'r, K: Ord, R: TreeRow<K>>(rows: &'r BTreeMap<K, R>, key: &K) -> Option<&'r K> {
    rows.get(key).and_then(R::parent)
}

impl Schema {
    /// All labels as a tree, see [`tree_of`].
    #[must_use]
    pub fn label_tree(&self) -> Vec<(usize, &LabelKey)> {
        tree_of(&self.labels)
    }

    /// The label and those above it, nearest first.
    #[must_use]
    pub fn with_parents(&self, label: &LabelKey) -> Vec<LabelKey> {
        line_above(&self.labels, label)
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
            let circles = circles_of(&schema.labels);
            let shown: Vec<String> = circles.iter().map(|circle| circle.iter().map(LabelKey::as_str).collect::<Vec<_>>().join("<")).collect();
            assert_eq!(shown, expected, "{text}");
            assert_eq!(too_deep(&schema.labels).is_some(), !expected.is_empty(), "{text}");
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
        assert_eq!(too_deep(&line(100).labels), None);
        assert_eq!(too_deep(&line(101).labels).unwrap().as_str(), "l000");
        let upside_down = schema((0..101).map(|n| (name(n + 1), name(n))));
        assert_eq!(too_deep(&upside_down.labels).unwrap().as_str(), "l101");
    }
}
