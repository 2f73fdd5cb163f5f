//! A sheet without what is not to be exported: marks in regions that are left out, and marks of labels that were not chosen.
//!
//! The text stays whole, so that all offsets stay right.

use std::collections::BTreeSet;

use crate::format::{Item, Ledger};
use crate::model::{Claim, Filler, LabelKey, Node, Region, RegionKind, Sheet, Span};
use crate::text::Ranges;

const SPANS_THERE: &str = "spans in regions that are left out";
const CLAIMS_THERE: &str = "claims in regions that are left out";
const PLACES: &str = "further places of claims in regions that are left out";
const OTHER_SPANS: &str = "spans with other labels";
const OTHER_CLAIMS: &str = "claims with other labels";
const FILLERS: &str = "roles filled by marks that are left out";
const RELATIONS: &str = "relations with marks that are left out";
const WHY_REGION: &str = "the region was to be left out; the text itself stays whole";
const WHY_LABEL: &str = "the label was not chosen";
const WHY_HANGS: &str = "what they hang on is left out";

/// What an export leaves out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LeftOut {
    /// Marks that lie in such regions.
    pub regions: BTreeSet<RegionKind>,
    /// With labels chosen: spans and claims of all other labels.
    pub labels: Option<BTreeSet<LabelKey>>,
}

impl LeftOut {
    /// True when everything is exported.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.regions.is_empty() && self.labels.is_none()
    }

    /// Takes it out of an item, and counts it.
    pub(super) fn take_out(&self, item: &mut Item, ledger: &mut Ledger) {
        let regions: Vec<&Region> = item.document.regions.iter().filter(|region| self.regions.contains(&region.kind)).collect();
        if regions.is_empty() && self.labels.is_none() {
            return;
        }
        let (id, text) = (item.id.clone(), item.text.clone());
        // A mark that begins in the article and ends in a region is the article's.
        let is_inside = |ranges: &Ranges| ranges.iter().all(|range| regions.iter().any(|region| region.range.contains_range(range)));
        let is_other = |label: &LabelKey| self.labels.as_ref().is_some_and(|chosen| !chosen.contains(label));
        for sheet in item.sheets.values_mut() {
            let drop = |(what, why): Dropped, ranges: Option<&Ranges>| {
                let quote = ranges.map(|ranges| text.quote(ranges)).unwrap_or_default();
                ledger.drop(what, why, format!("{id}: {quote}"));
            };
            let mut cut = Cut { is_inside: &is_inside, is_other: &is_other, drop: Box::new(drop), gone: BTreeSet::new() };
            if let Some(rest) = cut.without(sheet) {
                *sheet = rest.into();
            }
        }
    }
}

/// What it is, and why it is left out.
type Dropped = (&'static str, &'static str);

/// Counts what goes, and where it was.
type Drop<'d> = dyn FnMut(Dropped, Option<&Ranges>) + 'd;

/// What goes out of a sheet.
struct Cut<'c> {
    is_inside: &'c dyn Fn(&Ranges) -> bool,
    is_other: &'c dyn Fn(&LabelKey) -> bool,
    drop: Box<Drop<'c>>,
    gone: BTreeSet<Node>,
}

impl Cut<'_> {
    /// None where everything stays.
    fn without(&mut self, sheet: &Sheet) -> Option<Sheet> {
        for (id, span) in &sheet.spans {
            if let Some(dropped) = self.span_goes(span) {
                self.gone.insert(Node::Span(*id));
                (self.drop)(dropped, Some(&span.ranges));
            }
        }
        for (id, claim) in &sheet.claims {
            if let Some(dropped) = self.claim_goes(claim) {
                self.gone.insert(Node::Claim(*id));
                (self.drop)(dropped, claim.content.as_ref());
            }
        }
        let has_places = sheet.claims.values().any(|claim| claim.places().any(|place| (self.is_inside)(place)));
        if self.gone.is_empty() && !has_places {
            return None;
        }
        self.take_relations(sheet);
        Some(self.rest(sheet))
    }

    fn span_goes(&self, span: &Span) -> Option<Dropped> {
        match () {
            () if (self.is_other)(&span.label) => Some((OTHER_SPANS, WHY_LABEL)),
            () if (self.is_inside)(&span.ranges) => Some((SPANS_THERE, WHY_REGION)),
            () => None,
        }
    }

    fn claim_goes(&self, claim: &Claim) -> Option<Dropped> {
        let has_places = claim.places().next().is_some();
        match () {
            () if (self.is_other)(&claim.label) => Some((OTHER_CLAIMS, WHY_LABEL)),
            () if has_places && claim.places().all(|place| (self.is_inside)(place)) => Some((CLAIMS_THERE, WHY_REGION)),
            () => None,
        }
    }

    /// Relations go with their ends; one between relations goes with the one that it leads to.
    fn take_relations(&mut self, sheet: &Sheet) {
        loop {
            let is_gone = |node: &Node| self.gone.contains(node);
            let leads = sheet.relations.iter().filter(|(_, relation)| is_gone(&relation.from) || is_gone(&relation.to));
            let more: Vec<Node> = leads.map(|(id, _)| Node::Relation(*id)).filter(|node| !is_gone(node)).collect();
            if more.is_empty() {
                return;
            }
            more.iter().for_each(|_| (self.drop)((RELATIONS, WHY_HANGS), None));
            self.gone.extend(more);
        }
    }

    fn rest(&mut self, sheet: &Sheet) -> Sheet {
        let mut rest = Sheet { info: sheet.info.clone(), ..Sheet::default() };
        rest.spans.extend(sheet.spans.iter().filter(|(id, _)| !self.gone.contains(&Node::Span(**id))).map(|(id, span)| (*id, span.clone())));
        for (id, claim) in &sheet.claims {
            if !self.gone.contains(&Node::Claim(*id)) {
                let claim = self.rest_of_claim(claim.clone());
                rest.claims.extend([(*id, claim)]);
            }
        }
        let relations = sheet.relations.iter().filter(|(id, _)| !self.gone.contains(&Node::Relation(**id)));
        rest.relations.extend(relations.map(|(id, relation)| (*id, relation.clone())));
        rest
    }

    fn rest_of_claim(&mut self, mut claim: Claim) -> Claim {
        for fillers in claim.roles.values_mut() {
            let before = fillers.len();
            fillers.retain(|filler| match filler {
                Filler::Span(span) => !self.gone.contains(&Node::Span(*span)),
                Filler::Claim(other) => !self.gone.contains(&Node::Claim(*other)),
                Filler::Entity(_) | Filler::Value(_) => true,
            });
            (fillers.len()..before).for_each(|_| (self.drop)((FILLERS, WHY_HANGS), None));
        }
        claim.roles.retain(|_, fillers| !fillers.is_empty());
        claim.occurrences.retain(|place| {
            let is_gone = (self.is_inside)(place);
            if is_gone {
                (self.drop)((PLACES, WHY_REGION), Some(place));
            }
            !is_gone
        });
        if let Some(content) = claim.content.as_ref().filter(|content| (self.is_inside)(content)) {
            (self.drop)((PLACES, WHY_REGION), Some(content));
            // Said elsewhere, too: that is its place now.
            claim.content = if claim.occurrences.is_empty() { None } else { Some(claim.occurrences.remove(0)) };
        }
        claim
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::edit::testing::Case;
    use crate::model::notation::Notation;

    fn check(before: &str, after: &str, dropped: &[(&str, usize)]) {
        let boilerplate = LeftOut { regions: BTreeSet::from([RegionKind::Boilerplate]), labels: None };
        check_leaving_out(&boilerplate, before, after, dropped);
    }

    #[track_caller]
    fn check_leaving_out(left_out: &LeftOut, before: &str, after: &str, dropped: &[(&str, usize)]) {
        let case = Case::new(before);
        let mut item = Item {
            id: case.key.document.clone(),
            document: case.document().clone(),
            text: case.text().clone(),
            original: None,
            sheets: BTreeMap::from([(case.key.coder.clone(), case.state.sheet(&case.key).clone())]),
        };
        let mut ledger = Ledger::default();
        left_out.take_out(&mut item, &mut ledger);
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
            &[(CLAIMS_THERE, 1), (RELATIONS, 1), (FILLERS, 1), (SPANS_THERE, 1)],
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

    #[test]
    fn marks_of_other_labels_go_with_what_hangs_on_them() {
        let claims = LeftOut { labels: Some(BTreeSet::from([LabelKey::new("CLAIM").unwrap()])), ..LeftOut::default() };
        check_leaving_out(
            &claims,
            "[PER#k Kerry] said [CLAIM#c taxes rise].\n.. c: claimer=k",
            "Kerry said [CLAIM#c taxes rise].",
            &[(FILLERS, 1), (OTHER_SPANS, 1)],
        );
    }
}
