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


def pieces(ranges):
    return tuple(sorted((place["start"], place["end"]) for place in ranges))


def places(document, coder=None):
    """Every place of a coder's sheet, or of the text itself, as (label, kind, pieces)."""
    if coder is None:
        return [(row["kind"], "region", pieces([row])) for row in document.get("regions", [])]
    sheet = coders(document)[coder]
    found = [(row["label"], "span", pieces(row["ranges"])) for row in sheet["spans"]]
    found += [(row["label"], "claim", pieces(row["ranges"])) for row in sheet["claims"] if row["ranges"]]
    found += [(row["label"], "occurrence", pieces(place)) for row in sheet["claims"] for place in row.get("occurrences", [])]
    return found


def as_xml(text):
    """As exports write what XML cannot hold: the same length with question marks."""
    return "".join("?" if c < " " and c not in "\t\n\r" else c for c in text)
