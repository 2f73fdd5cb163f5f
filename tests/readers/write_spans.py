"""Writes tables of spans with pandas, as people have them: numbers that became floats, a mark in front of the file, other
separators, offsets of a browser.

usage: write_spans.py FOLDER
Prints how many spans each table has.
"""

import pathlib
import re
import sys

import pandas

TEXTS = {
    "one": "Zoë 🎉 Smith said\r\n“taxes fell”; Bob, 東京, denied it.",
    "two": "مرحبا Ann 👩‍👩‍👧 met Bob.\n\nAnn left.",
    "three": "Nobody is here.",
}
NAMES = re.compile("Zoë|Smith|Bob|東京|Ann|مرحبا")


def utf16(text, offset):
    return len(text[:offset].encode("utf-16-le")) // 2


def rows():
    for name, text in TEXTS.items():
        for match in NAMES.finditer(text):
            yield {"doc": name, "begin": match.start(), "stop": match.end(), "type": "PER", "surface": match.group(), "user": "Ann Lee"}


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_bytes(text.encode("utf-8"))
    table = pandas.DataFrame(rows())
    # A row without a place makes floats of all offsets.
    floats = pandas.concat([table, pandas.DataFrame([{"doc": "three", "user": "Ann Lee"}])])
    floats.to_csv(folder / "floats.csv", index=False, encoding="utf-8-sig", sep=";", lineterminator="\r\n")
    floats.to_excel(folder / "floats.xlsx", index=False, sheet_name="spans")
    browser = table.copy()
    for column in ("begin", "stop"):
        browser[column] = [utf16(TEXTS[row.doc], getattr(row, column)) for row in table.itertuples()]
    browser["text"] = [TEXTS[name] for name in browser["doc"]]
    browser.to_csv(folder / "browser.tsv", index=False, sep="\t")
    print(len(table), len(browser))


main()
