"""Reads GraphML with networkx and igraph, and GEXF with networkx; both forms must say the same.

Prints the nodes and edges of the networks of claims, of actors and concepts, of congruence and of conflict.
"""

import sys
from pathlib import Path

import igraph
import networkx


def edges(graph):
    """Ends by their labels, and weights, in order. A label may be empty."""
    names = {node: data.get("label") or "" for node, data in graph.nodes(data=True)}
    found = [(names[a], names[b], data["weight"]) for a, b, data in graph.edges(data=True)]
    return sorted(found if graph.is_directed() else [(*sorted(pair[:2]), pair[2]) for pair in found])


counts = []
for name in ("claims", "actors-concepts", "congruence", "conflict"):
    nodes = lines = 0
    for path in sorted(Path(sys.argv[1]).glob(f"**/{name}.graphml")):
        graphml = networkx.read_graphml(path, force_multigraph=True)
        gexf = networkx.read_gexf(path.with_suffix(".gexf"))
        assert edges(graphml) == edges(gexf), path
        for *_, data in graphml.edges(data=True):
            is_a_side = name != "actors-concepts" or data["stance"] in ("for", "against")
            assert (data["weight"] != 0) == is_a_side, (path, data)
        assert name != "actors-concepts" or networkx.is_bipartite(graphml.to_undirected()), path
        other = igraph.Graph.Read_GraphML(str(path))
        assert (other.vcount(), other.ecount()) == (len(graphml), graphml.number_of_edges()), path
        if len(graphml):
            labels = sorted(data.get("label") or "" for _, data in graphml.nodes(data=True))
            assert sorted(label or "" for label in other.vs["label"]) == labels, path
        assert graphml.is_directed() == (name in ("claims", "actors-concepts")) == other.is_directed(), path
        nodes += len(graphml)
        lines += graphml.number_of_edges()
    counts += [nodes, lines]
print(*counts)
