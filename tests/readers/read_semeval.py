"""Reads tables of SemEval tasks as the organisers' scorers do: columns, then the words of the article between the offsets.

usage: read_semeval.py FOLDER TASK   (techniques or roles; with FOLDER/*/ours.jsonl beside the files of each project)
Prints how many rows were compared.
"""

import collections
import pathlib
import sys

from ours import coders, documents, marks


def read_text(path):
    # As it is: universal line ends would move offsets.
    return path.read_bytes().decode("utf-8")


def rows(path, task):
    for line in read_text(path).split("\n")[:-1]:
        cells = line.split("\t")
        if task == "techniques":
            article, label, begin, end = cells
            yield f"article{article}.txt", label, int(begin), int(end), None
        else:
            name, mention, begin, end, label = cells[:5]
            yield name, label, int(begin), int(end) + 1, mention


def flat(text):
    return "".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029" else c for c in text)


def main():
    task, count = sys.argv[2], 0
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        _, ours = documents(folder / "ours.jsonl")
        expected = collections.Counter()
        for document in ours.values():
            for sheet in coders(document).values():
                expected.update((document["text"], start, end) for start, end, _ in marks(sheet))
        found = collections.Counter()
        for path in sorted(folder.glob("labels*.tsv")):
            for name, label, begin, end, mention in rows(path, task):
                text = read_text(folder / name)
                assert label and 0 <= begin < end <= len(text), (path, name, begin, end)
                assert mention is None or mention == flat(text[begin:end]), (path, mention, text[begin:end])
                found[text, begin, end] += 1
        assert found == expected, (folder, found - expected, expected - found)
        count += sum(found.values())
    print(count)


main()
