"""What the other scripts know of our own JSONL, which is written beside each export to compare it with."""

import json


def documents(path, unit="code-points"):
    """The documents of a file by id, each with its sheets by coder."""
    with open(path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file.read().splitlines()]
    header, rows = records[0], records[1:]
    assert header["offset_unit"] == unit, header
    kinds = {key: label["kind"] for key, label in header["schema"]["labels"].items()}
    return kinds, {row["id"]: row for row in rows}


def marks(sheet):
    """Spans and claims with a place as (start, end, label), from the first to the last character."""
    found = []
    for row in sheet["spans"] + sheet["claims"]:
        if row["ranges"]:
            start = min(place["start"] for place in row["ranges"])
            end = max(place["end"] for place in row["ranges"])
            found.append((start, end, row["label"]))
    return sorted(found)


def coders(document):
    return {sheet["coder"]: sheet for sheet in document["sheets"]}
