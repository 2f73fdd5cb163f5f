"""Reads WebAnno TSV exports with nothing but the description of the format, and compares words and spans with the texts.

usage: read_webanno_tsv.py FOLDER   (with FOLDER/expected.json: {file: [[type, text without blanks], ...]})
Prints how many words and spans were compared.
"""

import json
import pathlib
import re
import sys
import unicodedata

ESCAPED = {"t": "\t", "n": "\n", "r": "\r"}


def plain(text):
    return re.sub(r"\\(.)", lambda match: ESCAPED.get(match[1], match[1]), text, flags=re.DOTALL)


def solid(text):
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cc" and c != "…")


def cut(text, begin, end):
    return text.encode("utf-16-le")[2 * begin : 2 * end].decode("utf-16-le")


def parts(cell):
    """What stands between bars without a backslash before them."""
    return re.findall(r"(?:\\.|[^|\\])+", cell)


def read(content):
    """The sentences with their rows, and the layers with their columns."""
    lines = content.split("\n")
    assert lines[0] == "#FORMAT=WebAnno TSV 3.3"
    layers, sentences, at = [], [], 1
    while lines[at].startswith("#T_"):
        kind, rest = lines[at][3:].split("=", 1)
        name, *columns = rest.split("|")
        layers.append((kind, name, columns))
        at += 1
    assert lines[at] == "" and (lines[at + 1 :] in ([], [""]) or lines[at + 1] == ""), "two blank lines behind the header"
    width = sum(len(columns) for _, _, columns in layers)
    for line in lines[at:]:
        if line.startswith("#Text="):
            if not sentences or sentences[-1][1]:
                sentences.append(([], []))
            sentences[-1][0].append(plain(line[6:]))
        elif line:
            fields = line.split("\t")
            assert fields.pop() == "" and len(fields) == 3 + width, (fields, width)
            sentences[-1][1].append(fields)
    return layers, sentences


def check(content, expected):
    layers, sentences = read(content)
    words, found = 0, {}
    text = ""
    for lines, rows in sentences:
        start = int(rows[0][1].split("-")[0])
        text += " " * (start - len(text.encode("utf-16-le")) // 2) + "\n".join(lines)
        for row in rows:
            begin, end = map(int, row[1].split("-"))
            assert cut(text, begin, end) == plain(row[2]), row
            words += 1
            cells = row[3:]
            for kind, name, columns in layers:
                own, cells = cells[: len(columns)], cells[len(columns) :]
                if kind == "SP" and own[0] != "_":
                    for number, part in enumerate(parts(own[0])):
                        match = re.search(r"(?<!\\)\[(\d+)\]$", part)
                        key = (name, match[1]) if match else (name, row[0], number)
                        first = found.get(key, (begin, end))
                        found[key] = (min(first[0], begin), max(first[1], end))
    spans = sorted([key[0].removeprefix("webanno.custom.Manicule"), solid(cut(text, *place))] for key, place in found.items())
    assert spans == sorted(expected), (spans, sorted(expected))
    return words, len(spans)


def main():
    folder = pathlib.Path(sys.argv[1])
    counts = [0, 0]
    for name, expected in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items():
        with open(folder / name, encoding="utf-8", newline="") as file:
            words, spans = check(file.read(), expected)
        counts[0] += words
        counts[1] += spans
    print(*counts)


main()
