"""Reads BioC and PubTator with the library bioc, lets it check every annotation's text, and compares all places with ours.

usage: read_bioc.py FOLDER FORMAT UNIT   (xml, json or pubtator; code-points or bytes; with FOLDER/*/ours.jsonl beside the files)
Prints how many places and how many relations were compared.
"""

import collections
import pathlib
import sys

from bioc import biocjson, biocxml, pubtator, validator

from ours import as_xml, coders, documents, marks, places

BREAKS = str.maketrans({c: " " for c in "\t\n\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029"})


def in_code_points(text, offset, length, unit):
    if unit == "code-points":
        return offset, offset + length
    data = text.encode("utf-8")
    return len(data[:offset].decode("utf-8")), len(data[: offset + length].decode("utf-8"))


def read(collection, ours, form, unit):
    assert {document.id for document in collection.documents} == set(ours)
    if unit == "code-points":
        validator.validate(collection)
    count = relations = 0
    for found in collection.documents:
        document = ours[found.id]
        text = as_xml(document["text"]) if form == "xml" else document["text"]
        passage = found.passages[0]
        assert (passage.text or "") == text, found.id
        assert found.infons["manicule:offset-unit"] == unit
        rows = collections.defaultdict(collections.Counter)
        for row in passage.annotations:
            parts = tuple(sorted(in_code_points(text, at.offset, at.length, unit) for at in row.locations))
            assert row.text == text[parts[0][0] : max(end for _, end in parts)], (found.id, row)
            rows[row.infons.get("annotator")][row.infons["type"], row.infons["manicule:kind"], parts] += 1
        for coder in [None, *coders(document)]:
            expected = collections.Counter(places(document, coder))
            assert rows[coder] == expected, (found.id, coder, rows[coder] - expected, expected - rows[coder])
            count += sum(expected.values())
        names = {row.id for row in passage.annotations} | {row.id for row in passage.relations}
        assert all(node.refid in names for row in passage.relations for node in row.nodes), found.id
        relations += sum(row.infons["manicule:kind"] == "relation" for row in passage.relations)
    return count, relations


def read_pubtator(path, ours, coder):
    count = 0
    with open(path, encoding="utf-8", newline="") as file:
        found = {document.pmid: document for document in pubtator.load(file)}
    for name, document in ours.items():
        sheet = coders(document).get(coder)
        # The library knows no document without a text.
        if sheet is None or not document["text"].translate(BREAKS).strip():
            continue
        text = document["text"].translate(BREAKS)
        rows = found[name].annotations
        expected = [(start, end, label) for start, end, label in marks(sheet)]
        assert sorted((int(row.start), int(row.end), row.type) for row in rows) == expected, name
        for row in rows:
            there = found[name].text.translate(BREAKS)[int(row.start) : int(row.end)]
            assert there.rstrip() == row.text.rstrip() == text[int(row.start) : int(row.end)].rstrip(), (name, row.text, there)
        count += len(rows)
    return count


def main():
    folder, form, unit = sys.argv[1:]
    count = relations = 0
    for folder in sorted(pathlib.Path(folder).iterdir()):
        _, ours = documents(folder / "ours.jsonl")
        if form == "pubtator":
            names = sorted({coder for document in ours.values() for coder in coders(document)})
            for coder in names:
                path = folder / ("out.pubtator" if len(names) == 1 else f"out.{coder}.pubtator")
                count += read_pubtator(path, ours, coder)
            continue
        if form == "xml":
            with open(folder / "out.xml", "rb") as file:
                collection = biocxml.load(file)
        else:
            with open(folder / "out.json", encoding="utf-8") as file:
                collection = biocjson.load(file)
        found = read(collection, ours, form, unit)
        count, relations = count + found[0], relations + found[1]
    print(count, relations)


main()
