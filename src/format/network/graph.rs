//! A network, and its two forms in XML.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::format::xml_out::{push_attribute, push_escaped};

/// Names and values.
pub(super) type Data = BTreeMap<String, String>;

/// The values that are not empty.
pub(super) fn data(values: &[(&str, &str)]) -> Data {
    values.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Nodes by their keys, and edges between them.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Graph {
    pub(super) is_directed: bool,
    pub(super) nodes: BTreeMap<String, Node>,
    pub(super) edges: Vec<Edge>,
}

/// A node.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Node {
    pub(super) label: String,
    pub(super) data: Data,
}

/// An edge.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) label: String,
    pub(super) weight: f64,
    pub(super) data: Data,
}

impl Graph {
    /// Numbers of nodes by key: names may hold what no id may.
    fn numbers(&self) -> BTreeMap<&str, usize> {
        self.nodes.keys().map(String::as_str).zip(0..).collect()
    }

    fn node_names(&self) -> BTreeSet<&str> {
        self.nodes.values().flat_map(|node| node.data.keys()).map(String::as_str).collect()
    }

    fn edge_names(&self) -> BTreeSet<&str> {
        self.edges.iter().flat_map(|edge| edge.data.keys()).map(String::as_str).collect()
    }

    /// Edges whose ends are there, with their numbers.
    fn placed_edges(&self) -> impl Iterator<Item = (usize, usize, &Edge)> {
        let numbers = self.numbers();
        self.edges.iter().filter_map(move |edge| Some((*numbers.get(edge.from.as_str())?, *numbers.get(edge.to.as_str())?, edge)))
    }

    fn direction(&self) -> &'static str {
        if self.is_directed { "directed" } else { "undirected" }
    }
}

fn element(out: &mut String, name: &str, attributes: &[(&str, &str)], end: &str) {
    out.push('<');
    out.push_str(name);
    attributes.iter().for_each(|(name, value)| push_attribute(out, name, value));
    out.push_str(end);
}

/// GraphML: attributes are declared by number.
pub(super) fn to_graphml(graph: &Graph) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    let mut keys: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let node_names = graph.node_names().into_iter().chain(["label"]).map(|name| ("node", name, "string"));
    let edge_names = graph.edge_names().into_iter().chain(["label"]).map(|name| ("edge", name, "string")).chain([("edge", "weight", "double")]);
    for ((of, name, kind), number) in node_names.chain(edge_names).zip(0..) {
        let id = format!("d{number}");
        element(&mut out, "key", &[("id", &id), ("for", of), ("attr.name", name), ("attr.type", kind)], "/>\n");
        keys.insert((of, name), id);
    }
    element(&mut out, "graph", &[("id", "G"), ("edgedefault", graph.direction())], ">\n");
    let data = |out: &mut String, of: &'static str, name: &str, value: &str| {
        let key = keys.get(&(of, name)).map_or("", String::as_str);
        element(out, "data", &[("key", key)], ">");
        push_escaped(out, value);
        out.push_str("</data>\n");
    };
    for (node, number) in graph.nodes.values().zip(0..) {
        element(&mut out, "node", &[("id", &format!("n{number}"))], ">\n");
        data(&mut out, "node", "label", &node.label);
        node.data.iter().for_each(|(name, value)| data(&mut out, "node", name, value));
        out.push_str("</node>\n");
    }
    for ((from, to, edge), number) in graph.placed_edges().zip(0..) {
        let number: usize = number;
        let ends = [("id", format!("e{number}")), ("source", format!("n{from}")), ("target", format!("n{to}"))];
        element(&mut out, "edge", &ends.each_ref().map(|(name, value)| (*name, value.as_str())), ">\n");
        data(&mut out, "edge", "label", &edge.label);
        data(&mut out, "edge", "weight", &edge.weight.to_string());
        edge.data.iter().for_each(|(name, value)| data(&mut out, "edge", name, value));
        out.push_str("</edge>\n");
    }
    out.push_str("</graph>\n</graphml>\n");
    out
}

/// GEXF 1.3, in the order of its schema.
pub(super) fn to_gexf(graph: &Graph) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n");
    element(&mut out, "graph", &[("mode", "static"), ("defaultedgetype", graph.direction())], ">\n");
    let mut keys: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for (of, names) in [("node", graph.node_names()), ("edge", graph.edge_names())] {
        if names.is_empty() {
            continue;
        }
        element(&mut out, "attributes", &[("class", of)], ">\n");
        for (name, number) in names.into_iter().zip(0..) {
            let id = format!("{number}");
            element(&mut out, "attribute", &[("id", &id), ("title", name), ("type", "string")], "/>\n");
            keys.insert((of, name), id);
        }
        out.push_str("</attributes>\n");
    }
    let values = |out: &mut String, of: &'static str, data: &Data| {
        if data.is_empty() {
            return;
        }
        out.push_str("<attvalues>\n");
        for (name, value) in data {
            let key = keys.get(&(of, name.as_str())).map_or("", String::as_str);
            element(out, "attvalue", &[("for", key), ("value", value)], "/>\n");
        }
        out.push_str("</attvalues>\n");
    };
    out.push_str("<nodes>\n");
    for (node, number) in graph.nodes.values().zip(0..) {
        element(&mut out, "node", &[("id", &format!("n{number}")), ("label", &node.label)], ">\n");
        values(&mut out, "node", &node.data);
        out.push_str("</node>\n");
    }
    out.push_str("</nodes>\n<edges>\n");
    for ((from, to, edge), number) in graph.placed_edges().zip(0..) {
        let number: usize = number;
        let mut start = String::new();
        let _ = write!(start, "<edge id=\"e{number}\" source=\"n{from}\" target=\"n{to}\" weight=\"{}\"", edge.weight);
        push_attribute(&mut start, "label", &edge.label);
        out.push_str(&start);
        out.push_str(">\n");
        values(&mut out, "edge", &edge.data);
        out.push_str("</edge>\n");
    }
    out.push_str("</edges>\n</graph>\n</gexf>\n");
    out
}
