"""Reads Croissant datasets with mlcroissant, record by record.

Prints the datasets, documents, spans with the right words, and entities.
"""

import json
import logging
import sys
from pathlib import Path

import mlcroissant

logging.disable(logging.WARNING)
datasets = documents = spans = entities = 0
for path in sorted(Path(sys.argv[1]).glob("**/croissant.json")):
    declared = json.loads(path.read_text(encoding="utf-8"))
    if not any(path.parent.joinpath(file["contentUrl"]).stat().st_size for file in declared["distribution"]):
        continue
    dataset = mlcroissant.Dataset(str(path))
    assert not dataset.metadata.ctx.issues.errors, dataset.metadata.ctx.issues.errors
    datasets += 1
    for table in declared["recordSet"]:
        name = table["@id"]
        for record in dataset.records(name):
            if name == "entities":
                entities += 1
                continue
            documents += 1
            text = record[f"{name}/text"].decode("utf-8")
            for column in ("entities", "spans"):
                for span in record[f"{name}/{column}"]:
                    start, end = span[f"{name}/{column}/start"], span[f"{name}/{column}/end"]
                    # Of discontinuous spans the text is that of the pieces.
                    words = span[f"{name}/{column}/text"]
                    words = words.decode("utf-8") if isinstance(words, bytes) else words
                    assert " … " in words or text[start:end] == words, (path, words)
                    spans += 1
print(datasets, documents, spans, entities)
