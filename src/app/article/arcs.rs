//! Where relations run: in the gaps between rows and in the margin, never over text.
//!
//! A relation starts in the gap above its first end and runs there in a lane; to another row it goes by way of the
//! margin. Room for the lanes is reserved for each block before it is laid out, whatever is selected, so that selecting
//! moves nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::Blocks;
use crate::edit::Edit;
use crate::model::{MarkId, Node, Relation, RelationId, Schema, Sheet};

/// Height of a lane, in points: a small name fits.
pub(super) const LANE_HEIGHT: f32 = 12.0;
/// More relations at one block share lanes.
const MAX_LANES: usize = 5;
/// A relation of two marks that are no further apart, in bytes, is taken to run in one row.
const NEAR: usize = 60;

/// The relations of a sheet that have a place in the text.
#[derive(Debug, Default)]
pub(super) struct Arcs {
    /// In the order of their ids.
    pub(super) all: Vec<Arc>,
    // How many lanes each block has.
    lanes: BTreeMap<usize, usize>,
    // Everything at an end of a relation.
    ends: BTreeSet<Node>,
}

/// A relation to draw.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Arc {
    pub(super) relation: RelationId,
    pub(super) from: End,
    pub(super) to: End,
}

/// Where a relation starts or ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct End {
    /// The mark there; of a relation the one at which it starts.
    pub(super) mark: MarkId,
    /// The relation that it leads to, if it does not lead to a mark.
    pub(super) on: Option<RelationId>,
    /// First and last byte of the mark's first range.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) block: usize,
    /// The lane above the row, counted from below.
    pub(super) lane: usize,
}

impl Arcs {
    pub(super) fn new(sheet: &Sheet, blocks: &Blocks) -> Self {
        let ends = sheet.relations.values().flat_map(|relation| [relation.from, relation.to]).collect();
        let arc = |(id, relation): (&RelationId, &Relation)| {
            let end = |node| end_of(sheet, blocks, node);
            Some(Arc { relation: *id, from: end(relation.from)?, to: end(relation.to)? })
        };
        let mut arcs = Self { all: sheet.relations.iter().filter_map(arc).collect(), lanes: BTreeMap::new(), ends };
        arcs.assign_lanes(blocks);
        arcs
    }

    /// True when what an edit changes may change how relations run.
    pub(super) fn concerns(&self, edit: &Edit) -> bool {
        match edit {
            Edit::Relation(..) => true,
            Edit::Span(_, change) => self.ends.contains(&Node::Span(change.key)),
            Edit::Claim(_, change) => self.ends.contains(&Node::Claim(change.key)),
            _ => false,
        }
    }

    /// Height to reserve above each row of a block, in points.
    #[expect(clippy::cast_precision_loss, reason = "few lanes")]
    pub(super) fn room(&self, block: usize) -> f32 {
        self.lanes.get(&block).map_or(0.0, |lanes| *lanes as f32 * LANE_HEIGHT)
    }

    pub(super) fn has_same_room(&self, other: &Self) -> bool {
        self.lanes == other.lanes
    }

    /// The lowest lane that is free, short relations first.
    fn assign_lanes(&mut self, blocks: &Blocks) {
        let mut taken: BTreeMap<usize, Vec<Vec<(usize, usize)>>> = BTreeMap::new();
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_key(|at| self.all.get(*at).map(|arc| (arc.from.start.abs_diff(arc.to.start), arc.relation)));
        for at in order {
            let Some(arc) = self.all.get_mut(at) else { continue };
            let (low, high) = (arc.from.start.min(arc.to.start), arc.from.end.max(arc.to.end));
            let is_near = arc.from.block == arc.to.block && high - low <= NEAR;
            if is_near {
                let lane = take(taken.entry(arc.from.block).or_default(), (low, high));
                (arc.from.lane, arc.to.lane) = (lane, lane);
            } else {
                for end in [&mut arc.from, &mut arc.to] {
                    // To the margin, from wherever its row begins.
                    end.lane = take(taken.entry(end.block).or_default(), (blocks.range(end.block).start, end.end));
                }
                if arc.from.block == arc.to.block {
                    arc.to.lane = arc.from.lane;
                }
            }
        }
        self.lanes = taken.into_iter().map(|(block, lanes)| (block, lanes.len().min(MAX_LANES))).collect();
    }
}

fn take(lanes: &mut Vec<Vec<(usize, usize)>>, bytes: (usize, usize)) -> usize {
    let is_free = |lane: &Vec<(usize, usize)>| lane.iter().all(|(start, end)| bytes.1 < *start || *end < bytes.0);
    let at = lanes.iter().position(is_free).unwrap_or(lanes.len());
    match lanes.get_mut(at) {
        Some(lane) => lane.push(bytes),
        None => lanes.push(vec![bytes]),
    }
    at.min(MAX_LANES - 1)
}

/// None for what has no place in the text: entities, claims without a content.
fn end_of(sheet: &Sheet, blocks: &Blocks, node: Node) -> Option<End> {
    let mut node = node;
    let mut on = None;
    // A relation that leads to a relation ends where that one starts; a circle has no start.
    for _ in 0..sheet.relations.len().min(16) + 1 {
        let Node::Relation(id) = node else { break };
        on = on.or(Some(id));
        node = sheet.relations.get(&id)?.from;
    }
    let mark = node.mark()?;
    let first = sheet.ranges_of(mark)?.as_slice().first()?;
    Some(End { mark, on, start: first.start(), end: first.end(), block: blocks.block_of(first.start()), lane: 0 })
}

/// The colour of a relation, its name as the text shows it, and whether it has no direction.
pub(super) fn style_of(schema: &Schema, relation: &Relation) -> (eframe::egui::Color32, String, bool) {
    match schema.relation_types.get(&relation.label) {
        Some(def) => {
            let color = eframe::egui::Color32::from_rgb(def.color.red, def.color.green, def.color.blue);
            (color, crate::text::with_symbols(def.tag()).into_owned(), def.symmetric)
        }
        None => (eframe::egui::Color32::GRAY, relation.label.to_string(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::Case;

    fn arcs(source: &str) -> (Arcs, Case) {
        let case = Case::new(source);
        let blocks = Blocks::new(case.text().as_str());
        (Arcs::new(case.state.sheet(&case.key), &blocks), case)
    }

    #[test]
    fn relations_side_by_side_share_a_lane_and_others_do_not() {
        let (side_by_side, _) = arcs("[A#a x] [A#b y] [A#c z] [A#d w]\n.. a -works_for-> b\n.. c -works_for-> d");
        assert_eq!((side_by_side.all.iter().map(|arc| arc.from.lane).max(), side_by_side.room(0)), (Some(0), LANE_HEIGHT));
        let (nested, _) = arcs("[A#a x] [A#b y] [A#c z] [A#d w]\n.. a -works_for-> d\n.. b -works_for-> c");
        assert_eq!(nested.room(0), 2.0 * LANE_HEIGHT);
        let lane_of = |distance: bool| nested.all.iter().find(|arc| (arc.to.start - arc.from.start > 3) == distance).unwrap().from.lane;
        assert!(lane_of(false) < lane_of(true), "the inner one runs below the outer one");
    }

    #[test]
    fn many_relations_share_the_last_lane() {
        let relations: String = (0..40).map(|i| format!("\n.. a -r{i}-> b")).collect();
        let (many, _) = arcs(&format!("[A#a x] [A#b y]{relations}"));
        assert_eq!((many.all.len(), many.room(0)), (40, 5.0 * LANE_HEIGHT));
        assert!(many.all.iter().all(|arc| arc.from.lane < 5));
    }

    #[test]
    fn a_relation_to_a_relation_ends_where_that_one_starts_and_an_entity_has_no_place() {
        let (with_relation, case) = arcs("[CLAIM#a one] [CLAIM#b two] [CLAIM#c three]\n.. r: a -attacks-> b\n.. c -attacks-> r");
        let arc = with_relation.all.iter().find(|arc| arc.to.on.is_some()).unwrap();
        assert_eq!((arc.to.mark, arc.to.on), (case.mark("a"), Some(case.relation("r"))));
        let (without_place, _) = arcs("[CLAIM#a one]\n.. a -attacks-> entity%00000000000v");
        assert_eq!(without_place.all, []);
    }
}
