//! The rows of a document in a format that has no places: claims by their words, and what links them. Both of what is written and of
//! what is read.

use std::collections::BTreeSet;

use super::digest::{Take, number};
use super::page::Kind;
use crate::format::Item;
use crate::model::{Claim, CoderKey, Filler, Node, RelationId, Sheet};

/// Hands over the rows of a coder's sheet. `meaning` is what a relation or role of a name means.
pub(super) fn each((item, sheet): (&Item, &Sheet), coder: &CoderKey, meaning: fn(&str) -> &'static str, take: &mut Take<'_>) {
    let said = Said { item, sheet };
    for claim in sheet.claims.values() {
        let Some(words) = said.words(claim) else { continue };
        take(Kind::Mark, number(&(coder, &words)), &|| format!("the claim “{words}” of {coder}"));
    }
    let relations = joined(&said);
    let is_there = |relation: &RelationId| relations.contains(relation);
    for (_, relation) in sheet.relations.iter().filter(|(id, _)| is_there(id)) {
        let row = number(&(coder, meaning(relation.label.as_str()), said.end(relation.from), said.end(relation.to)));
        take(Kind::Link, row, &|| format!("a relation {} of {coder}", relation.label));
    }
    for (id, claim) in &sheet.claims {
        for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
            let Filler::Claim(filler) = filler else { continue };
            if let (Some(from), Some(to)) = (said.end(Node::Claim(*filler)), said.end(Node::Claim(*id))) {
                // Whatever fills a role is a reason for the claim.
                let row = number(&(coder, meaning(""), Some(from), Some(to)));
                take(Kind::Link, row, &|| format!("the claim that fills the role {role} of a claim {} of {coder}", claim.label));
            }
        }
    }
}

struct Said<'s> {
    item: &'s Item,
    sheet: &'s Sheet,
}

impl Said<'_> {
    /// What is claimed: in the coder's words where there are some, else in the article's. None for nothing but blanks.
    fn words(&self, claim: &Claim) -> Option<String> {
        let own = Some(claim.normalized.as_str()).filter(|words| !words.trim().is_empty());
        let words = own.map_or_else(|| claim.content.as_ref().map(|content| self.item.text.quote(content)), |words| Some(words.to_owned()))?;
        let words: Vec<&str> = words.split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// An end of a link; none for what has no words. Relations are not told apart.
    fn end(&self, node: Node) -> Option<u64> {
        match node {
            Node::Claim(id) => self.sheet.claims.get(&id).and_then(|claim| self.words(claim)).map(|words| number(&words)),
            Node::Relation(_) => Some(1),
            Node::Span(_) | Node::Entity(_) => None,
        }
    }
}

/// The relations that join claims with words, or lead to such relations.
fn joined(said: &Said<'_>) -> BTreeSet<RelationId> {
    let mut joined = BTreeSet::new();
    loop {
        let before = joined.len();
        for (id, relation) in &said.sheet.relations {
            let is_there = |node: Node| match node {
                Node::Relation(id) => joined.contains(&id),
                node => said.end(node).is_some(),
            };
            if is_there(relation.from) && is_there(relation.to) {
                joined.insert(*id);
            }
        }
        if joined.len() == before {
            return joined;
        }
    }
}
