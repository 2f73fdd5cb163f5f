//! A sheet without what was said about boilerplate, for exports that leave it out.
//!
//! The text stays whole, so that all offsets stay right.

use std::collections::BTreeSet;

use crate::format::{Item, Ledger};
use crate::model::{Filler, Node, Region, RegionKind, Sheet};
use crate::text::Ranges;

const SPANS: &str = "spans in boilerplate";
const CLAIMS: &str = "claims in boilerplate";
const PLACES: &str = "further places of claims in boilerplate";
const FILLERS: &str = "roles filled by marks in boilerplate";
const RELATIONS: &str = "relations with marks in boilerplate";
const WHY: &str = "boilerplate was to be left out; the text itself stays whole";

/// What an export does with marks in boilerplate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Boilerplate {
    /// They are exported like others.
    #[default]
    Keep,
    /// They are left out and counted.
    LeaveOut,
}

/// Takes out what lies in boilerplate, and counts it.
pub(super) fn leave_out(item: &mut Item, ledger: &mut Ledger) {
    let regions: Vec<&Region> = item.document.regions.iter().filter(|region| region.kind == RegionKind::Boilerplate).collect();
    if regions.is_empty() {
        return;
    }
    let (id, text) = (item.id.clone(), item.text.clone());
    // A mark that begins in the article and ends in boilerplate is the article's.
    let is_inside = |ranges: &Ranges| ranges.iter().all(|range| regions.iter().any(|region| region.range.contains_range(range)));
    for sheet in item.sheets.values_mut() {
        let mut drop = |what: &'static str, ranges: Option<&Ranges>| {
            let quote = ranges.map(|ranges| text.quote(ranges)).unwrap_or_default();
            ledger.drop(what, WHY, format!("{id}: {quote}"));
        };
        if let Some(rest) = without(sheet, &is_inside, &mut drop) {
            *sheet = rest.into();
        }
    }
}

/// None where nothing lies there.
fn without(sheet: &Sheet, is_inside: &dyn Fn(&Ranges) -> bool, drop: &mut dyn FnMut(&'static str, Option<&Ranges>)) -> Option<Sheet> {
    let mut gone: BTreeSet<Node> = BTreeSet::new();
    for (id, span) in sheet.spans.iter().filter(|(_, span)| is_inside(&span.ranges)) {
        gone.insert(Node::Span(*id));
        drop(SPANS, Some(&span.ranges));
    }
    for (id, claim) in sheet.claims.iter().filter(|(_, claim)| claim.places().next().is_some() && claim.places().all(is_inside)) {
        gone.insert(Node::Claim(*id));
        drop(CLAIMS, claim.content.as_ref());
    }
    let has_places = sheet.claims.values().any(|claim| claim.places().any(is_inside));
    if gone.is_empty() && !has_places {
        return None;
    }
    // A relation between relations goes with the one that it leads to.
    loop {
        let leads = sheet
            .relations
            .iter()
            .filter(|(id, relation)| !gone.contains(&Node::Relation(**id)) && (gone.contains(&relation.from) || gone.contains(&relation.to)));
        let more: Vec<Node> = leads.map(|(id, _)| Node::Relation(*id)).collect();
        if more.is_empty() {
            break;
        }
        more.iter().for_each(|_| drop(RELATIONS, None));
        gone.extend(more);
    }
    Some(rest(sheet, &gone, is_inside, drop))
}

fn rest(sheet: &Sheet, gone: &BTreeSet<Node>, is_inside: &dyn Fn(&Ranges) -> bool, drop: &mut dyn FnMut(&'static str, Option<&Ranges>)) -> Sheet {
    let mut rest = Sheet { info: sheet.info.clone(), ..Sheet::default() };
    let stays = |node: Node| !gone.contains(&node);
    rest.spans.extend(sheet.spans.iter().filter(|(id, _)| stays(Node::Span(**id))).map(|(id, span)| (*id, span.clone())));
    for (id, claim) in sheet.claims.iter().filter(|(id, _)| stays(Node::Claim(**id))) {
        let mut claim = claim.clone();
        for fillers in claim.roles.values_mut() {
            let before = fillers.len();
            fillers.retain(|filler| match filler {
                Filler::Span(span) => stays(Node::Span(*span)),
                Filler::Claim(other) => stays(Node::Claim(*other)),
                Filler::Entity(_) | Filler::Value(_) => true,
            });
            (fillers.len()..before).for_each(|_| drop(FILLERS, None));
        }
        claim.roles.retain(|_, fillers| !fillers.is_empty());
        claim.occurrences.retain(|place| {
            let is_gone = is_inside(place);
            if is_gone {
                drop(PLACES, Some(place));
            }
            !is_gone
        });
        if claim.content.as_ref().is_some_and(is_inside) {
            drop(PLACES, claim.content.as_ref());
            // Said elsewhere, too: that is its place now.
            claim.content = if claim.occurrences.is_empty() { None } else { Some(claim.occurrences.remove(0)) };
        }
        rest.claims.extend([(*id, claim)]);
    }
    rest.relations.extend(sheet.relations.iter().filter(|(id, _)| stays(Node::Relation(**id))).map(|(id, relation)| (*id, relation.clone())));
    rest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::edit::testing::Case;
    use crate::model::notation::Notation;

    fn check(before: &str, after: &str, dropped: &[(&str, usize)]) {
        let case = Case::new(before);
        let mut item = Item {
            id: case.key.document.clone(),
            document: case.document().clone(),
            text: case.text().clone(),
            original: None,
            sheets: BTreeMap::from([(case.key.coder.clone(), case.state.sheet(&case.key).clone())]),
        };
        let mut ledger = Ledger::default();
        leave_out(&mut item, &mut ledger);
        let names = case.names.clone();
        let sheet = item.sheets[&case.key.coder].as_ref().clone();
        let notation = Notation { text: item.text, document: item.document, sheet, entities: BTreeMap::new(), selection: None, caret: None, names };
        assert_eq!(notation.print(&case.state.schema), after);
        let report = ledger.into_report("t", None);
        assert_eq!(report.lines.iter().map(|line| (line.what, line.count)).collect::<Vec<_>>(), dropped);
    }

    #[test]
    fn marks_in_boilerplate_go_with_what_hangs_on_them() {
        check(
            "[PER#k Kerry] said [CLAIM#c taxes rise].\n[=boilerplate Subscribe, says [PER#a Ann]: [CLAIM#d it is cheap]]\n.. c: claimer=k,a\n.. c -supports-> d",
            "[PER#k Kerry] said [CLAIM#c taxes rise].\n[=boilerplate Subscribe, says Ann: it is cheap]\n.. c: claimer=k",
            &[(CLAIMS, 1), (RELATIONS, 1), (FILLERS, 1), (SPANS, 1)],
        );
    }

    #[test]
    fn marks_across_the_edge_and_in_other_regions_stay() {
        let same = "[=title [PER Kerry]] said, [ORG the [=boilerplate Post]]";
        check(same, same, &[]);
    }

    #[test]
    fn a_claim_that_is_also_made_in_the_article_stays() {
        check("[=boilerplate [CLAIM#c taxes rise]] and [+#c~1 they rise]", "[=boilerplate taxes rise] and [CLAIM#c they rise]", &[(PLACES, 1)]);
    }
}
