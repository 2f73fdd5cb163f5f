"""Reads lists of events with pandas: the words of each claim must stand at its place in UTF-16 units.

The first argument is a folder with lists and, beside each, our JSON Lines. Prints rows, and rows with a place.
"""

import json
import sys
from pathlib import Path

import pandas

rows = placed = 0
for path in sorted(Path(sys.argv[1]).glob("**/out.csv")):
    texts = {}
    with open(path.with_name("ours.jsonl"), encoding="utf-8", newline="\n") as lines:
        for line in list(lines)[1:]:
            record = json.loads(line)
            texts[record["id"]] = record["text"].encode("utf-16-le", "surrogatepass")
    table = pandas.read_csv(path, sep=";", dtype=str, keep_default_na=False, lineterminator="\n", encoding="utf-8")
    for row in table.to_dict("records"):
        rows += 1
        if row["start_position"]:
            start, stop = int(row["start_position"]), int(row["stop_position"])
            words = texts[row["document_id"]][2 * start : 2 * stop].decode("utf-16-le")
            assert words == row["text"], (path, words, row["text"])
            placed += 1
print(rows, placed)
