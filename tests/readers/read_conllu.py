"""Reads CoNLL-U exports: udvalidate takes them on level 1, conllu gives the texts back, udapi the mentions.

usage: read_conllu.py plain|plus FILE...
Prints a JSON list: for each file its documents as [text, spans]. A span is [label, entity, words]; in a plus file, where spans
are tags in columns, [label, words].
"""

import json
import re
import subprocess
import sys
from urllib.parse import unquote

import conllu

SIGNS = {"s": " ", "t": "\t", "n": "\n", "r": "\r", "p": "|", "\\": "\\"}


def blanks(signs):
    return re.sub(r"\\(.)", lambda sign: SIGNS[sign.group(1)], signs)


def verbatim(token):
    items = [item for item in token["misc"].split("|") if item.startswith("Verbatim=")]
    return unquote(items[0].split("=", 1)[1]) if items else token["form"]


def documents(path):
    """Lists of sentences."""
    with open(path, encoding="utf-8", newline="") as file:
        content = file.read()
    assert content.splitlines() == content.split("\n")[:-1] or content == "", "a line end inside a cell"
    found = []
    for sentence in conllu.parse(content, field_parsers={"misc": lambda line, column: line[column]}):
        if "newdoc id" in sentence.metadata:
            found.append([])
        # A file without a document has a head all the same.
        if len(sentence):
            found[-1].append(sentence)
    return found


def text_of(document):
    text, gap = "", None
    for sentence in document:
        read = ""
        for token in sentence:
            items = token["misc"].split("|")
            misc = dict(item.split("=", 1) for item in items if item != "_")
            before = unquote(misc["VerbatimBefore"]) if "VerbatimBefore" in misc else blanks(misc.get("SpacesBefore", ""))
            text += before if gap is None else gap
            gap = "" if misc.get("SpaceAfter") == "No" else " "
            read += token["form"] + gap
            text += verbatim(token)
            gap = blanks(misc["SpacesAfter"]) if "SpacesAfter" in misc else gap
            gap = unquote(misc["VerbatimAfter"]) if "VerbatimAfter" in misc else gap
        assert read.split() == sentence.metadata["text"].split(), sentence.metadata["text"]
    return text + (gap if gap and gap != " " or "SpacesAfter" in misc else "")


def mentions(path):
    """What udapi makes of `Entity=`, document by document."""
    from udapi.core.document import Document

    document = Document()
    document.load_conllu(str(path))
    found = {}
    for entity in document.coref_entities:
        for mention in entity.mentions:
            name = mention.words[0].root.sent_id.rsplit("-", 1)[0]
            words = "".join(unquote(word.misc["Verbatim"]) or word.form for word in mention.words)
            found.setdefault(name, []).append([entity.etype or "", entity.eid, words])
    return found


def tags(document):
    from seqeval.scheme import IOB2, Entities

    found = []
    for sentence in document:
        for column in (key for key in sentence[0] if key.startswith("manicule:spans")):
            read = Entities([[token[column] for token in sentence]], scheme=IOB2).entities[0]
            found += [[span.tag, "".join(map(verbatim, sentence[span.start : span.end]))] for span in read]
    return found


def main():
    kind, paths = sys.argv[1], sys.argv[2:]
    found = []
    for path in paths:
        read = documents(path)
        if kind == "plus":
            found.append([[text_of(document), tags(document)] for document in read])
            continue
        by_name = mentions(path) if read else {}
        names = [document[0].metadata["newdoc id"] for document in read]
        found.append([[text_of(document), by_name.get(name, [])] for name, document in zip(names, read)])
    if kind == "plain":
        filled = [path for path, read in zip(paths, found) if read]
        for start in range(0, len(filled), 20):
            command = [sys.executable, "-m", "udtools.cli", "--lang", "ud", "--level", "1", *filled[start : start + 20]]
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
    print(json.dumps(found))


main()
