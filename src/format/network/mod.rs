//! Networks of who says what: GraphML and GEXF, for programs that draw and count networks (Gephi, visone, networkx, igraph).
//!
//! Described at <http://graphml.graphdrawing.org> and <https://gexf.net>. `gather` goes over all claims, `parts` says which roles name
//! actors and concepts, `stance` who is for or against something, `ties` makes the networks of actors, `graph` writes in either form.

mod gather;
mod graph;
mod parts;
mod stance;
mod ties;

use super::{Format, FormatError, Items, Layout, Ledger, Offsets, Proof, Sink, Tables, WriteOptions};

/// The row of the table for GraphML.
pub(super) const GRAPHML_FORMAT: Format = Format {
    name: "graphml",
    title: "GraphML (networks of actors, concepts and claims)",
    extensions: &["graphml"],
    reader: None,
    writer: Some(write_graphml),
    offsets: Offsets::None,
    layout: Layout::Folder,
    recognises: |_, _| false,
    carries: "four networks: `claims` with claims, what fills their roles and relations between them; `actors-concepts`, weighted by how often \
              and how much each actor is for (above zero) or against (below zero) each concept, with 0 where nobody has said or it is \
              neither; `congruence` and `conflict` of actors, weighted by the concepts on which they are on the same side or on two. Names, \
              kinds, coders, documents, dates, attributes, normalized texts and words of claims as attributes. Roles and attributes are \
              known by their names, by their choices or by what fills them; the report says what was not found",
    proof: Proof::NONE,
    proven_by: "networkx 3.6.1 and igraph 1.0.0",
    loses: "texts and places; spans that fill no role; relations with relations; notes; document fields but title, source and date",
};

/// The row of the table for GEXF.
pub(super) const GEXF_FORMAT: Format = Format {
    name: "gexf",
    title: "GEXF 1.3 (networks for Gephi)",
    extensions: &["gexf"],
    writer: Some(write_gexf),
    carries: "as GraphML",
    proof: Proof::NONE,
    proven_by: "networkx 3.6.1",
    ..GRAPHML_FORMAT
};

fn write_graphml(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    gather::write(tables, items, (options, sink, ledger), ("graphml", graph::to_graphml))
}

fn write_gexf(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    gather::write(tables, items, (options, sink, ledger), ("gexf", graph::to_gexf))
}
