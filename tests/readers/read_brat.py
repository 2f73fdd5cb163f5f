"""Reads brat exports with the bioc package and compares every fragment with the text.

usage: read_brat.py FOLDER
Prints how many text-bound annotations, events and relations were read.
"""

import pathlib
import re
import sys

from bioc import brat


def main():
    folder = pathlib.Path(sys.argv[1])
    counts = {"texts": 0, "events": 0, "relations": 0}
    for path in sorted(folder.rglob("*.ann")):
        content = path.read_bytes().decode("utf-8")
        # No character may be left that Python takes for the end of a line.
        assert content.splitlines() == content.split("\n")[:-1] or content == "", path
        with open(path.with_suffix(".txt"), encoding="utf-8", newline="") as text, open(path, encoding="utf-8", newline="") as ann:
            document = brat.load(text, ann, path.stem)
        ids = {annotation.id for annotation in document.annotations}
        kinds = {annotation.id: annotation.type for annotation in document.annotations}
        for annotation in document.annotations:
            assert re.fullmatch("[A-Za-z0-9_-]+", annotation.type), annotation.type
            if isinstance(annotation, brat.BratEntity):
                counts["texts"] += 1
                places = sorted(annotation.locations)
                found = " ".join(document.text[place.begin : place.end] for place in places)
                # bioc takes blanks off the end of each line.
                assert found.rstrip() == annotation.text, (path, annotation, found)
            elif isinstance(annotation, brat.BratEvent):
                counts["events"] += 1
                assert kinds[annotation.trigger_id] == annotation.type, annotation.id
                assert all(target in ids for target in annotation.arguments.values()), annotation.id
            elif isinstance(annotation, brat.BratRelation):
                counts["relations"] += 1
                assert sorted(annotation.arguments) == ["Arg1", "Arg2"] and set(annotation.arguments.values()) <= ids
    print(counts["texts"], counts["events"], counts["relations"])


main()
