"""Reads tables with pandas and compares them cell by cell with Python's csv module; tables for spreadsheets also with the exact ones.

usage: read_csv.py FOLDER   (NAME.csv, and the same for spreadsheets as NAME.safe.csv)
Prints how many rows and how many cells were compared, and how many of them are made safe.
"""

import csv
import pathlib
import sys

import pandas


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def check(path, rows):
    table = pandas.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    assert list(table.columns) == rows[0], path
    assert table.values.tolist() == rows[1:], path


def is_number(cell):
    try:
        float(cell)
        return True
    except ValueError:
        return False


def main():
    csv.field_size_limit(1 << 30)
    rows = cells = made_safe = 0
    for safe_path in sorted(pathlib.Path(sys.argv[1]).glob("*.safe.csv")):
        path = safe_path.with_name(safe_path.name.replace(".safe.csv", ".csv"))
        exact, safe = rows_of(path), rows_of(safe_path)
        check(path, exact)
        check(safe_path, safe)
        assert len(exact) == len(safe), path
        for left, right in zip(exact, safe):
            for cell, shown in zip(left, right, strict=True):
                is_formula = cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\0") and cell != "" and not is_number(cell)
                assert shown == ("'" + cell if is_formula else cell), (path, cell, shown)
                made_safe += is_formula
                cells += 1
        rows += len(exact) - 1
    print(rows, cells, made_safe)


main()
