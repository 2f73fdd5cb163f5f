"""Reads doccano exports as doccano's own importer does, and compares every place with our JSONL.

usage: read_doccano.py FOLDER   (with folders of *.jsonl by doccano's form, and ours.jsonl in code points)
The file name says the unit and the form: spans.utf16.jsonl, relations.code-points.alice.jsonl …
Prints how many spans and relations were read.

doccano (backend/data_import/pipeline) takes one JSON object a line: `label` as a list of [start, end, label], or `entities`
with id, start_offset, end_offset and label, and `relations` with from_id, to_id and type. Ends before starts and spans of
nothing are dropped there, so there must be none.
"""

import json
import pathlib
import sys

from ours import coders, documents, marks


def cut(text, unit):
    if unit == "code-points":
        return lambda start, end: text[start:end]
    data = text.encode("utf-16-le")
    return lambda start, end: data[2 * start : 2 * end].decode("utf-16-le")


def main():
    spans = relations = 0
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        _, originals = documents(folder / "ours.jsonl")
        for path in sorted(folder.glob("*.*.jsonl")):
            form, unit, *coder = path.stem.split(".")
            content = path.read_bytes()
            # The importer guesses encodings, so there must be nothing to guess.
            assert content.isascii(), path
            for line in content.decode("ascii").splitlines():
                record = json.loads(line)
                original = originals[record["id"]]
                assert record["text"] == original["text"], path
                sheets = coders(original)
                sheet = sheets.get(coder[0]) if coder else next(iter(sheets.values()), None)
                expected = [(original["text"][start:end], label) for start, end, label in marks(sheet)] if sheet else []
                text = cut(record["text"], unit)
                if form == "spans":
                    rows = record["label"]
                else:
                    entities = record["entities"]
                    rows = [[row["start_offset"], row["end_offset"], row["label"]] for row in entities]
                    ids = {row["id"] for row in entities}
                    assert len(ids) == len(entities)
                    for row in record["relations"]:
                        assert row["from_id"] in ids and row["to_id"] in ids and row["type"], row
                        relations += 1
                assert all(0 <= start < end for start, end, _ in rows), path
                found = [(text(start, end), label) for start, end, label in rows]
                assert sorted(found) == sorted(expected), (path, found, expected)
                spans += len(rows)
    print(spans, relations)


main()
