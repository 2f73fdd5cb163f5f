"""Reads BioC, PubTator and PubAnnotation with the library bconv, and compares all places with ours.

usage: read_bconv.py FOLDER FORMAT UNIT   (xml, json, pubtator or pubannotation; with FOLDER/*/ours.jsonl beside the files)
The library takes discontinuous annotations of BioC only where their text is that of their pieces; the library bioc wants everything from
the first to the last. They are left out of what it gets, and so are documents without a text and, of PubTator, annotations that go over
the end of the title, which it cannot read.
Prints how many places were compared.
"""

import collections
import json
import pathlib
import sys
import tempfile

import bconv
from lxml import etree

from ours import as_xml, coders, documents, marks, places

BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\u2028\u2029\xa0 "


def load(content, name, form, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / name
        path.write_bytes(content)
        found = bconv.load(str(path), fmt=form, **options)
        return list(found) if isinstance(found, bconv.doc.document.Collection) else [found]


def without_pieces_xml(content):
    root = etree.fromstring(content)
    for document in list(root.iter("document")):
        for passage in document.iter("passage"):
            gone = {row.get("id") for row in passage.findall("annotation") if len(row.findall("location")) > 1}
            for row in passage.findall("annotation"):
                if row.get("id") in gone:
                    passage.remove(row)
            for row in passage.findall("relation"):
                passage.remove(row)
            if not (passage.findtext("text") or "").strip(BLANKS):
                root.remove(document)
    return etree.tostring(root, encoding="utf-8")


def without_pieces_json(content):
    collection = json.loads(content)
    full = [d for d in collection["documents"] if d["passages"][0]["text"].strip(BLANKS)]
    for document in full:
        passage = document["passages"][0]
        passage["annotations"] = [row for row in passage["annotations"] if len(row["locations"]) == 1]
        passage["relations"] = []
    return json.dumps({**collection, "documents": full}).encode()


def read_bioc(folder, ours, form, unit):
    full = [own for own in ours.values() if own["text"].strip(BLANKS)]
    if not full:
        return 0
    path = folder / f"out.{form}"
    content = {"xml": without_pieces_xml, "json": without_pieces_json}[form](path.read_bytes())
    found = load(content, path.name, f"bioc_{form}", byte_offsets=unit == "bytes")
    count = 0
    for document in found:
        own = ours[document.id]
        text = as_xml(own["text"]) if form == "xml" else own["text"]
        expected = [place for coder in [None, *coders(own)] for place in places(own, coder) if len(place[2]) == 1]
        rows = [(row.metadata["type"], row.metadata["manicule:kind"], tuple(row.spans)) for row in document.iter_entities()]
        assert collections.Counter(rows) == collections.Counter(expected), document.id
        assert all(row.text == text[row.start : row.end] for row in document.iter_entities()), document.id
        count += len(rows)
    assert len(found) == len(full)
    return count


def read_pubannotation(folder, ours):
    count = 0
    for name, own in ours.items():
        record = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        if not own["text"].strip(BLANKS):
            continue
        tracks = record.get("tracks", [record])
        found = []
        for track in tracks:
            one = {"text": record["text"], **{key: track[key] for key in ("denotations", "relations", "attributes")}}
            (document,) = load(json.dumps(one).encode(), "track.json", "pubanno_json")
            found += [(row.metadata["type"], tuple(sorted(row.spans))) for row in document.iter_entities()]
        expected = [(label, pieces) for coder in [None, *coders(own)] for label, _, pieces in places(own, coder)]
        assert collections.Counter(found) == collections.Counter(expected), name
        count += len(found)
    return count


def within_title_or_text(content):
    """Without the rows that go over the end of a title; and where titles end."""
    titles, lines = {}, []
    for line in content.decode("utf-8").split("\n"):
        name, kind, title = (line.split("|", 2) + ["", ""])[:3]
        if kind == "t" and "\t" not in name:
            titles[name] = len(title)
        cells = line.split("\t")
        if len(cells) < 5 or not crosses(int(cells[1]), int(cells[2]), titles[cells[0]]):
            lines.append(line)
    return "\n".join(lines).encode(), titles


def crosses(start, end, title):
    return start <= title < end


def read_pubtator(folder, ours):
    names = sorted({coder for document in ours.values() for coder in coders(document)})
    count = 0
    for coder in names:
        path = folder / ("out.pubtator" if len(names) == 1 else f"out.{coder}.pubtator")
        if not path.exists():
            continue
        content, titles = within_title_or_text(path.read_bytes())
        for document in load(content, path.name, "pubtator"):
            sheet = coders(ours[document.id]).get(coder)
            rows = sorted((row.start, row.end, row.metadata["type"]) for row in document.iter_entities())
            expected = [row for row in (marks(sheet) if sheet else []) if not crosses(row[0], row[1], titles[document.id])]
            assert rows == expected, (document.id, coder)
            count += len(rows)
    return count


def main():
    folder, form, unit = sys.argv[1:]
    count = 0
    for folder in sorted(pathlib.Path(folder).iterdir()):
        _, ours = documents(folder / "ours.jsonl")
        if form == "pubannotation":
            count += read_pubannotation(folder, ours)
        elif form == "pubtator":
            count += read_pubtator(folder, ours)
        else:
            count += read_bioc(folder, ours, form, unit)
    print(count)


main()
