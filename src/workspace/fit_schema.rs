//! Rows of a codebook that an import brings, made so that the codebook can be saved with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use crate::model::{MAX_LABEL_DEPTH, Schema, TreeRow, circles_of};

/// Takes out what no codebook may have: rows above themselves or too deep, and choices that are there twice. Returns what
/// was taken out. Rows that are known already stay as they are.
pub(crate) fn fit_schema(known: &Schema, new: &mut Schema) -> Vec<String> {
    let mut taken_out = fit_tree("label", &known.labels, &mut new.labels);
    taken_out.extend(fit_tree("relation type", &known.relation_types, &mut new.relation_types));
    for (key, attribute) in &mut new.attributes {
        let (all, mut seen) = (attribute.choices.len(), BTreeSet::new());
        attribute.choices.retain(|choice| seen.insert(choice.key.clone()));
        if attribute.choices.len() < all {
            taken_out.push(format!("the attribute {key} had choices twice; of each the first was taken"));
        }
    }
    taken_out
}

fn fit_tree<K: Ord + Clone + Display, R: TreeRow<K> + Clone>(list: &str, known: &BTreeMap<K, R>, new: &mut BTreeMap<K, R>) -> Vec<String> {
    let mut both = new.clone();
    both.extend(known.iter().map(|(key, row)| (key.clone(), row.clone())));
    let mut taken_out = Vec::new();
    let is_new = |key: &K| !known.contains_key(key);
    for circle in circles_of(&both) {
        if let Some(key) = circle.into_iter().filter(is_new).min() {
            taken_out.push(format!("the {list} {key} was above itself; it stands at the top now"));
            take_parent([&mut both, new], &key);
        }
    }
    for key in cuts(&both, is_new) {
        taken_out.push(format!("the {list} {key} had more than {MAX_LABEL_DEPTH} {list}s above it; it stands at the top now"));
        take_parent([&mut both, new], &key);
    }
    taken_out
}

/// New rows that must lose their parents, so that none is too deep. There are no circles.
fn cuts<K: Ord + Clone, R: TreeRow<K>>(rows: &BTreeMap<K, R>, is_new: impl Fn(&K) -> bool) -> Vec<K> {
    let (mut cuts, mut depths) = (Vec::new(), BTreeMap::new());
    for start in rows.keys() {
        let (mut line, mut next) = (Vec::new(), Some(start));
        while let Some(key) = next.filter(|key| !depths.contains_key(key)) {
            line.push(key);
            next = rows.get(key).and_then(R::parent);
        }
        let mut depth = next.and_then(|key| depths.get(key)).map_or(0, |above: &usize| above + 1);
        for key in line.into_iter().rev() {
            if depth > MAX_LABEL_DEPTH && is_new(key) {
                cuts.push(key.clone());
                depth = 0;
            }
            depths.insert(key, depth);
            depth += 1;
        }
    }
    cuts
}

fn take_parent<K: Ord, R: TreeRow<K>>(tables: [&mut BTreeMap<K, R>; 2], key: &K) {
    for rows in tables {
        if let Some(row) = rows.get_mut(key) {
            *row.parent_mut() = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Color, Label, LabelKey, LabelKind, too_deep};

    fn key(n: usize) -> LabelKey {
        LabelKey::new(&format!("l{n:03}")).unwrap()
    }

    fn label(parent: Option<usize>) -> Label {
        Label { parent: parent.map(key), ..Label::new("", LabelKind::Entity, Color::from_palette(0), 0) }
    }

    #[test]
    fn a_circle_through_a_known_label_is_broken_at_a_new_one() {
        let known = Schema { labels: [(key(1), label(Some(2)))].into(), ..Schema::default() };
        let mut new = Schema { labels: [(key(2), label(Some(1))), (key(3), label(Some(2)))].into(), ..Schema::default() };
        assert_eq!(fit_schema(&known, &mut new), ["the label l002 was above itself; it stands at the top now"]);
        assert_eq!((new.labels[&key(2)].parent.as_ref(), new.labels[&key(3)].parent.as_ref()), (None, Some(&key(2))));
    }

    #[test]
    fn a_deep_tree_is_cut() {
        let mut new = Schema { labels: (0..350).map(|n| (key(n), label(Some(n + 1)))).collect(), ..Schema::default() };
        assert_eq!(fit_schema(&Schema::default(), &mut new).len(), 3);
        assert_eq!(too_deep(&new.labels), None);
    }
}
