"""Reads UIMA exports with dkpro-cassis, compares every covered text, and writes the same documents with it.

usage: read_uima.py FOLDER   (with FOLDER/expected.json: {file: {"text", "annotations": [[type, text], ...], "relations": [...]}})
Writes FOLDER/again/*.json and *.xmi, and FOLDER/fresh/*: files with types of others.
Prints how many annotations and relations were compared.
"""

import json
import pathlib
import sys

import cassis

PACKAGE = "webanno.custom.Manicule"
TYPES = ["Span", "Claim", "Fragment", "Occurrence", "Region"]


def compare(cas, expected, name):
    assert cas.sofa_string == expected["text"], name
    found = [[kind, row.get_covered_text()] for kind in TYPES for row in cas.select(PACKAGE + kind)]
    assert sorted(found) == sorted(expected["annotations"]), (name, sorted(found), sorted(expected["annotations"]))
    relations = [[row.label, row.Governor.get_covered_text(), row.Dependent.get_covered_text()] for row in cas.select(PACKAGE + "Relation")]
    assert sorted(relations) == sorted(expected["relations"]), name
    for claim in cas.select(PACKAGE + "Claim"):
        for link in claim.roles.elements if claim.roles else []:
            assert link.role and link.target.get_covered_text()
    return len(found), len(relations)


def fresh(folder):
    """A file of somebody else: names after an emoji, counted by cassis itself."""
    folder.mkdir()
    types = cassis.TypeSystem()
    entity = types.create_type("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity", "uima.tcas.Annotation")
    types.create_feature(entity, "value", "uima.cas.String")
    relation = types.create_type("webanno.custom.Knows", "uima.tcas.Annotation")
    types.create_feature(relation, "Governor", "uima.tcas.Annotation")
    types.create_feature(relation, "Dependent", "uima.tcas.Annotation")
    types.create_feature(relation, "since", "uima.cas.Integer")
    text = "Zoë 🎉 Smith said\ttaxes\r\nfell; 👩‍👩‍👧 Bob <&\"> denied it."
    cas = cassis.Cas(types)
    cas.sofa_string, cas.sofa_mime = text, "text"
    rows = []
    for word, label in [("Smith", "PER"), ("taxes\r\nfell", "IDEA"), ("Bob", "PER")]:
        begin = text.index(word)
        rows.append(entity(begin=begin, end=begin + len(word), value=label))
    rows.append(relation(begin=rows[2].begin, end=rows[2].end, Governor=rows[0], Dependent=rows[2], since=1999))
    cas.add_all(rows)
    cas.to_json(folder / "fresh.json")
    cas.to_xmi(folder / "fresh.xmi")
    types.to_xml(folder / "TypeSystem.xml")


def main():
    folder = pathlib.Path(sys.argv[1])
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    again = folder / "again"
    again.mkdir()
    annotations = relations = 0
    for number, (name, row) in enumerate(expected.items()):
        path = folder / name
        if path.suffix == ".json":
            with open(path, "rb") as file:
                cas = cassis.load_cas_from_json(file)
        else:
            types = next(parent / "TypeSystem.xml" for parent in path.parents if (parent / "TypeSystem.xml").exists())
            with open(types, "rb") as file:
                system = cassis.load_typesystem(file)
            with open(path, "rb") as file:
                cas = cassis.load_cas_from_xmi(file, typesystem=system)
        found = compare(cas, row, name)
        annotations += found[0]
        relations += found[1]
        target = again / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".json":
            cas.to_json(target)
        else:
            cas.to_xmi(target)
            cas.typesystem.to_xml(target.parent / "TypeSystem.xml")
    fresh(folder / "fresh")
    print(annotations, relations)


main()
