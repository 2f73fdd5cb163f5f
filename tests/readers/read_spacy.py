"""spaCy reads our DocBins and JSONL; texts, entities and spans must be those of our own JSONL.

usage: read_spacy.py FOLDER   (with folders of *.spacy, out.jsonl of the spaCy form, and ours.jsonl)
Prints how many documents, entities and spans the DocBins have, and how many spans the JSONL has.
"""

import json
import pathlib
import sys

import spacy
from spacy.tokens import Doc, DocBin

from ours import coders, documents, marks


def check_docbin(path, nlp, kinds, originals):
    docs = entities = spans = 0
    coder = path.stem.split(".")[1] if "." in path.stem else None
    for doc in DocBin(store_user_data=True).from_disk(path).get_docs(nlp.vocab):
        original = originals[doc.user_data["id"]]
        assert doc.text == original["text"], (path, doc.text, original["text"])
        sheets = coders(original)
        sheet = sheets.get(coder) if coder else next(iter(sheets.values()), None)
        expected = marks(sheet) if sheet else []
        found = sorted((span.start_char, span.end_char, span.label_) for span in doc.spans["sc"])
        assert found == expected, (path, found, expected)
        ents = [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
        mentions = []
        for row in sheet["spans"] if sheet else []:
            start, end = min(place["start"] for place in row["ranges"]), max(place["end"] for place in row["ranges"])
            if kinds.get(row["label"], "entity") == "entity" and doc.text[start:end].strip():
                mentions.append((start, end, row["label"]))
        assert set(ents) <= set(mentions), (path, ents, mentions)
        for start, end, _ in mentions:
            over = [ent for ent in ents if ent[0] < end and start < ent[1]]
            assert over and max(ent[1] - ent[0] for ent in over) >= end - start, (path, start, end, ents)
        docs, entities, spans = docs + 1, entities + len(ents), spans + len(found)
    return docs, entities, spans


def check_jsonl(path, nlp, originals):
    spans = 0
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        record = json.loads(line)
        words = [token["text"] for token in record["tokens"]]
        doc = Doc(nlp.vocab, words=words, spaces=[token["ws"] for token in record["tokens"]])
        assert doc.text == record["text"] == originals[record["id"]]["text"], path
        for token, row in zip(doc, record["tokens"]):
            assert (token.idx, token.idx + len(token)) == (row["start"], row["end"]), (path, row)
        for row in record["spans"]:
            span = doc.char_span(row["start"], row["end"], label=row["label"])
            assert span is not None and span.text == row["text"], (path, row)
            assert (span.start, span.end - 1) == (row["token_start"], row["token_end"]), (path, row)
        for row in record["relations"]:
            for end in ("head", "child"):
                assert row[f"{end}_span"]["token_end"] == row[end] < len(doc), (path, row)
        sheet = coders(originals[record["id"]]).get(record.get("_annotator_id"))
        found = sorted((row["start"], row["end"], row["label"]) for row in record["spans"])
        assert found == (marks(sheet) if sheet else []), path
        spans += len(found)
    return spans


def main():
    nlp = spacy.blank("xx")
    totals = [0, 0, 0, 0]
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        kinds, originals = documents(folder / "ours.jsonl")
        for path in sorted(folder.glob("*.spacy")):
            for index, count in enumerate(check_docbin(path, nlp, kinds, originals)):
                totals[index] += count
        totals[3] += check_jsonl(folder / "out.jsonl", nlp, originals)
    print(*totals)


main()
