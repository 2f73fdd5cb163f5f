"""Checks PubAnnotation's JSON as its server does before it takes a document, and compares every place with ours.

usage: read_pubannotation.py FOLDER   (with FOLDER/*/ours.jsonl beside the files of each project)
The checks are those of `AnnotationUtils.normalize!` of <https://github.com/pubannotation/pubannotation>: whole numbers, places that are not
empty and end in the text, ids that stand once, and subjects and objects that exist.
Prints how many places and how many relations were compared.
"""

import collections
import json
import pathlib
import sys

from ours import coders, documents, pieces, places


def spans(denotation):
    span = denotation["span"]
    return span if isinstance(span, list) else [span]


def check(track, text):
    ids = [row["id"] for row in track["denotations"]]
    assert len(ids) == len(set(ids))
    for row in track["denotations"]:
        assert isinstance(row["obj"], str) and row["obj"]
        for span in spans(row):
            assert type(span["begin"]) is int and type(span["end"]) is int and 0 <= span["begin"] < span["end"] <= len(text), row
    relation_ids = [row["id"] for row in track["relations"]]
    assert len(relation_ids) == len(set(relation_ids))
    for row in track["relations"]:
        assert row["pred"] and row["subj"] in ids and row["obj"] in ids, row
    for row in track["attributes"]:
        assert row["pred"] and row["subj"] in ids and row["obj"] is not None and not isinstance(row["obj"], (list, dict)), row


def read(path, document):
    record = json.loads(path.read_text(encoding="utf-8"))
    text = record["text"]
    assert text == document["text"], path
    tracks = record.get("tracks", [record])
    expected = [(None, row) for row in places(document)]
    expected += [(coder, row) for coder in coders(document) for row in places(document, coder)]
    found, relations = [], 0
    for track in tracks:
        check(track, text)
        kinds = {row["subj"]: row["obj"] for row in track["attributes"] if row["pred"] == "manicule:kind"}
        for row in track["denotations"]:
            kind = kinds.get(row["id"], "span")
            parts = pieces({"start": span["begin"], "end": span["end"]} for span in spans(row))
            found.append((None if kind == "region" else track["project"], (row["obj"], kind, parts)))
        relations += sum(row["manicule:kind"] == "relation" for row in track["relations"])
    assert collections.Counter(found) == collections.Counter(expected), path
    return len(found), relations


def main():
    count = relations = 0
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        _, ours = documents(folder / "ours.jsonl")
        for name, document in ours.items():
            found = read(folder / f"{name}.json", document)
            count, relations = count + found[0], relations + found[1]
    print(count, relations)


main()
