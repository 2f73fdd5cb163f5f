//! Rows of a codebook that an import brings, made so that the codebook can be saved with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{LabelKey, MAX_LABEL_DEPTH, Schema};

/// Takes out what no codebook may have: labels above themselves or too deep, and choices that are there twice. Returns
/// what was taken out. Labels that are known already stay as they are.
pub(crate) fn fit_schema(known: &Schema, new: &mut Schema) -> Vec<String> {
    let mut taken_out = fit_labels(known, new);
    for (key, attribute) in &mut new.attributes {
        let (all, mut seen) = (attribute.choices.len(), BTreeSet::new());
        attribute.choices.retain(|choice| seen.insert(choice.key.clone()));
        if attribute.choices.len() < all {
            taken_out.push(format!("the attribute {key} had choices twice; of each the first was taken"));
        }
    }
    taken_out
}

fn fit_labels(known: &Schema, new: &mut Schema) -> Vec<String> {
    let mut both = new.clone();
    both.labels.extend(known.labels.iter().map(|(key, label)| (key.clone(), label.clone())));
    let mut taken_out = Vec::new();
    let is_new = |key: &LabelKey| !known.labels.contains_key(key);
    for circle in both.circles_of_labels() {
        if let Some(key) = circle.into_iter().filter(is_new).min() {
            taken_out.push(format!("the label {key} was above itself; it stands at the top now"));
            take_parent([&mut both, new], &key);
        }
    }
    for key in cuts(&both, is_new) {
        taken_out.push(format!("the label {key} had more than {MAX_LABEL_DEPTH} labels above it; it stands at the top now"));
        take_parent([&mut both, new], &key);
    }
    taken_out
}

/// New labels that must lose their parents, so that none is too deep. There are no circles.
fn cuts(schema: &Schema, is_new: impl Fn(&LabelKey) -> bool) -> Vec<LabelKey> {
    let (mut cuts, mut depths) = (Vec::new(), BTreeMap::new());
    for start in schema.labels.keys() {
        let (mut line, mut next) = (Vec::new(), Some(start));
        while let Some(key) = next.filter(|key| !depths.contains_key(key)) {
            line.push(key);
            next = schema.labels.get(key).and_then(|label| label.parent.as_ref());
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

fn take_parent(schemas: [&mut Schema; 2], key: &LabelKey) {
    for schema in schemas {
        if let Some(label) = schema.labels.get_mut(key) {
            label.parent = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Color, Label, LabelKind};

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
        assert_eq!(new.label_too_deep(), None);
    }
}
