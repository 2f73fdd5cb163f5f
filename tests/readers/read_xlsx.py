"""Reads workbooks with openpyxl and with pandas and compares them cell by cell with the CSV export of the same project.

usage: read_xlsx.py FOLDER   (NAME.xlsx beside NAME.csv, with the same columns)
Prints how many rows and how many cells that are not empty were compared.
"""

import csv
import pathlib
import re
import sys

import openpyxl
import pandas

MOST = 32_767


def fit(cell):
    """What a cell of a workbook can hold of a value."""
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    cell = re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", cell)
    units = cell.encode("utf-16-le")[: 2 * MOST]
    return units.decode("utf-16-le", errors="ignore")


def unescaped(cell):
    """Excel takes `_x0041_` for `A`, and its underscore is escaped for that; openpyxl leaves it so in inline strings."""
    return re.sub("_x005F(_x[0-9A-Fa-f]{4}_)", r"\1", cell)


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [[fit(cell) for cell in row] for row in csv.reader(file)]


def main():
    csv.field_size_limit(1 << 30)
    rows = cells = 0
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.xlsx")):
        expected = rows_of(path.with_suffix(".csv"))
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == ["spans and claims", "documents", "codebook"], book.sheetnames
        for sheet in book:
            assert all(cell.data_type in "sn" and not isinstance(cell.value, (int, float)) for row in sheet.iter_rows() for cell in row), path
        found = [[unescaped(cell.value or "") for cell in row] for row in book["spans and claims"].iter_rows()]
        assert len(found) == len(expected), (path, len(found), len(expected))
        for left, right in zip(found, expected):
            assert left == right, (path, [pair for pair in zip(left, right) if pair[0] != pair[1]])
        tables = pandas.read_excel(path, sheet_name=None, dtype=str, keep_default_na=False)
        table = tables["spans and claims"]
        assert list(table.columns) == expected[0], path
        assert [[unescaped(cell) for cell in row] for row in table.values.tolist()] == expected[1:], path
        documents = set(tables["documents"]["document"])
        assert {row[0] for row in expected[1:]} <= documents, path
        assert len(tables["codebook"]) > 0, path
        rows += len(expected) - 1
        cells += sum(cell != "" for row in expected for cell in row)
    print(rows, cells)


main()
