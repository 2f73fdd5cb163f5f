"""Reads files of other programs and what an export made of them with dkpro-cassis: everything that was there is there again.

usage: compare_uima.py FOLDER   (with FOLDER/before/* and FOLDER/after/*, files of one name each, XMI with its TypeSystem.xml)
Prints how many files and structures were compared.
"""

import pathlib
import sys

import cassis


def load(path, lenient=False):
    """A file; a lenient reader leaves out what the other program's type system does not describe."""
    if path.suffix == ".json":
        with open(path, "rb") as file:
            return cassis.load_cas_from_json(file)
    with open(path.parent / "TypeSystem.xml", "rb") as file:
        system = cassis.load_typesystem(file)
    with open(path, "rb") as file:
        return cassis.load_cas_from_xmi(file, typesystem=system, lenient=lenient)


def show(cas, row, depth=0):
    """A structure with what it refers to, two steps far."""
    said = [row.type.name]
    for feature in sorted(row.type.all_features, key=lambda feature: feature.name):
        name = feature.name
        if name == "sofa" or name.startswith("manicule_"):
            continue
        value = row[name]
        elements = getattr(value, "elements", None)
        if elements is not None:
            value = [show(cas, part, depth + 1) if hasattr(part, "type") and depth < 2 else str(part) for part in elements]
        elif hasattr(value, "type"):
            value = show(cas, value, depth + 1) if depth < 2 else value.type.name
        if value is not None:
            said.append(f"{name}={value}")
    return " ".join(said)


def structures(cas):
    rows = [show(cas, row) for row in cas.select_all()]
    return sorted(row for row in rows if not row.startswith("webanno.custom.Manicule"))


def main():
    folder = pathlib.Path(sys.argv[1])
    files = count = 0
    for before in sorted((folder / "before").iterdir()):
        if before.name == "TypeSystem.xml":
            continue
        one, other = load(before, lenient=True), load(folder / "after" / before.name)
        assert one.sofa_string == other.sofa_string, before.name
        wanted, found = structures(one), structures(other)
        for row in wanted:
            assert row in found, (before.name, row, found)
            found.remove(row)
        files += 1
        count += len(wanted)
    print(files, count)


main()
