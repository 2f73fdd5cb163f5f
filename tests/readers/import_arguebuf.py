"""Reads AIF files with arguebuf, in a virtual environment of its own.

Prints files, propositions and schemes.
"""

import sys
from pathlib import Path

import arguebuf

files = atoms = schemes = 0
for path in sorted(Path(sys.argv[1]).glob("**/*.json")):
    graph = arguebuf.load.file(str(path))
    files += 1
    atoms += len(graph.atom_nodes)
    schemes += len(graph.scheme_nodes)
print(files, atoms, schemes)
