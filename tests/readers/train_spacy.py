"""spaCy checks a DocBin as data to train on, trains a few steps with it, and writes JSONL for our importer.

usage: train_spacy.py FOLDER   (with train.spacy)
Prints how many entities the DocBin has. Writes made.jsonl: the documents as records made from spaCy's own objects.
"""

import json
import pathlib
import sys

import spacy
from spacy.cli._util import show_validation_error
from spacy.cli.debug_data import debug_data
from spacy.cli.init_config import init_config
from spacy.cli.train import train
from spacy.tokens import DocBin


def main():
    folder = pathlib.Path(sys.argv[1])
    data = folder / "train.spacy"
    config = init_config(lang="en", pipeline=["ner"], optimize="efficiency", gpu=False)
    config["training"]["max_steps"] = 3
    config["training"]["eval_frequency"] = 3
    path = folder / "config.cfg"
    config.to_disk(path)
    overrides = {"paths.train": str(data), "paths.dev": str(data)}
    stdout, sys.stdout = sys.stdout, sys.stderr
    with show_validation_error(path):
        debug_data(path, config_overrides=overrides, ignore_warnings=True, silent=False)
    train(path, folder / "model", overrides=overrides)
    sys.stdout = stdout
    assert (folder / "model" / "model-last" / "ner").is_dir()
    docs = list(DocBin().from_disk(data).get_docs(spacy.blank("en").vocab))
    with open(folder / "made.jsonl", "w", encoding="utf-8") as file:
        for doc in docs:
            spans = [
                {"start": span.start_char, "end": span.end_char, "token_start": span.start, "token_end": span.end - 1, "label": span.label_}
                for span in doc.spans["sc"]
            ]
            tokens = [
                {"text": token.text, "start": token.idx, "end": token.idx + len(token), "id": token.i, "ws": bool(token.whitespace_)}
                for token in doc
            ]
            file.write(json.dumps({"text": doc.text, "tokens": tokens, "spans": spans, "answer": "accept"}, ensure_ascii=False) + "\n")
    print(sum(len(doc.ents) for doc in docs))


main()
