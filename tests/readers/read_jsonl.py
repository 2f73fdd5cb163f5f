"""Reads JSONL exports with nothing but Python's own json and proves every offset against its quote.

usage: read_jsonl.py FILE...
Prints how many ranges were proved.
"""

import json
import sys


def slicer(text, unit):
    """text[start:end] in the unit that the file states."""
    if unit == "code-points":
        return lambda start, end: text[start:end]
    encoding = {"bytes": "utf-8", "utf16": "utf-16-le"}[unit]
    width = {"bytes": 1, "utf16": 2}[unit]
    data = text.encode(encoding)
    return lambda start, end: data[start * width : end * width].decode(encoding)


def ranges(document):
    yield from document.get("regions", [])
    for sheet in document["sheets"]:
        for row in sheet["spans"] + sheet["claims"]:
            yield from row["ranges"]
            for place in row.get("occurrences", []):
                yield from place


def main():
    proved = 0
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            records = [json.loads(line) for line in file.read().splitlines()]
        header, documents = records[0], records[1:]
        assert header["format"] == "manicule-jsonl" and header["version"] == 1, header
        for document in documents:
            cut = slicer(document["text"], header["offset_unit"])
            for place in ranges(document):
                found = cut(place["start"], place["end"])
                assert found == place["quote"], (name, document["id"], place, found)
                assert found, (name, place)
                proved += 1
    print(proved)


main()
