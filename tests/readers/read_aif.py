"""Follows every edge of AIF files, as programs for argument maps do.

Prints files, propositions, inferences and the like, locutions and edges.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

SCHEMES = {"RA", "CA", "MA"}
KINDS = SCHEMES | {"I", "L", "YA"}

files = propositions = schemes = locutions = edges = 0
for path in sorted(Path(sys.argv[1]).glob("**/*.json")):
    graph = json.loads(path.read_text(encoding="utf-8"))
    files += 1
    nodes = {node["nodeID"]: node for node in graph["nodes"]}
    assert len(nodes) == len(graph["nodes"]), path
    into, out = {}, {}
    for edge in graph["edges"]:
        assert edge["fromID"] in nodes and edge["toID"] in nodes, (path, edge)
        kinds = nodes[edge["fromID"]]["type"], nodes[edge["toID"]]["type"]
        # Propositions and locutions are joined by schemes only.
        assert kinds[0] in SCHEMES | {"YA"} or kinds[1] in SCHEMES | {"YA"}, (path, kinds)
        into.setdefault(edge["toID"], []).append(edge["fromID"])
        out.setdefault(edge["fromID"], []).append(edge["toID"])
    for key, node in nodes.items():
        assert node["type"] in KINDS and node["text"].strip(), (path, node)
        datetime.strptime(node["timestamp"], "%Y-%m-%d %H:%M:%S")
        if node["type"] in SCHEMES:
            assert node["scheme"] and into.get(key) and out.get(key), (path, node)
    for locution in graph["locutions"]:
        assert nodes[locution["nodeID"]]["type"] == "L" and locution["personID"], (path, locution)
    propositions += sum(node["type"] == "I" for node in nodes.values())
    schemes += sum(node["type"] in SCHEMES for node in nodes.values())
    locutions += len(graph["locutions"])
    edges += len(graph["edges"])
print(files, propositions, schemes, locutions, edges)
