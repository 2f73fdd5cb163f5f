"""Reads GATE XML and bdocjs with gatenlp, and compares every annotation and the words that it covers with ours.

usage: read_gate.py FOLDER FORMAT   (gatexml or json; with FOLDER/*/ours.jsonl beside the files of each project)
Prints how many spans, claims, further occurrences and parts of texts, and how many relations were compared.
"""

import collections
import pathlib
import sys

from gatenlp import Document

from ours import as_xml, coders, documents, places


def hull(row):
    label, kind, parts = row
    return label, kind, parts[0][0], max(end for _, end in parts)


def read(path, form, document):
    text = as_xml(document["text"]) if form == "gatexml" else document["text"]
    gate = Document.load(str(path), fmt=form)
    assert gate.text == text, path
    count = relations = 0
    for coder in [None, *coders(document)]:
        expected = collections.Counter(hull(row) for row in places(document, coder))
        name = "Regions" if coder is None else coder
        rows = list(gate.annset(name)) if name in gate.annset_names() else []
        by_id = {str(row.id): row for row in rows}
        placed = [row for row in rows if row.features["manicule:kind"] != "relation" and row.start < row.end]
        found = collections.Counter((row.type, row.features["manicule:kind"], row.start, row.end) for row in placed)
        assert found == expected, (path, coder, found - expected, expected - found)
        assert all(gate[row] == text[row.start : row.end] for row in placed)
        links = [row for row in rows if row.features["manicule:kind"] == "relation"]
        for row in links:
            assert row.features["manicule:link-from"] in by_id and row.features["manicule:link-to"] in by_id, path
        count, relations = count + len(placed), relations + len(links)
    return count, relations


def main():
    count = relations = 0
    form = sys.argv[2]
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        _, ours = documents(folder / "ours.jsonl")
        for name, document in ours.items():
            found = read(folder / f"{name}.{'xml' if form == 'gatexml' else 'bdocjs'}", form, document)
            count, relations = count + found[0], relations + found[1]
    print(count, relations)


main()
