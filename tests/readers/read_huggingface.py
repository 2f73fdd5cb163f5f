"""Loads exported folders with `datasets`, without a network, and compares them with the JSONL export of the same project.

usage: read_huggingface.py FOLDER   (NAME/ beside NAME.jsonl)
Prints how many documents, ranges and claims were compared, and how many folders were split.
"""

import json
import os
import pathlib
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HOME=tempfile.mkdtemp(), HF_HUB_DISABLE_TELEMETRY="1")

import datasets
import pyarrow.parquet
import yaml

datasets.disable_progress_bars()


def declared(folder, config):
    """The columns that the card declares."""
    card = (folder / "README.md").read_text(encoding="utf-8")
    metadata = yaml.safe_load(card.split("---\n")[1])
    assert all(isinstance(language, str) for language in metadata.get("language", []))
    info = next(info for info in metadata["dataset_info"] if info["config_name"] == config)
    return datasets.Features._from_yaml_list(info["features"])


def load(folder, config="default"):
    parts = datasets.load_dataset(str(folder), config)
    for part in parts.values():
        assert part.features == declared(folder, config), part.features
    return parts


def check_parquet(folder, parts):
    for name, part in parts.items():
        path = folder / "data" / f"{name}.parquet"
        if path.exists():
            assert pyarrow.parquet.read_table(path).to_pylist() == part.to_list(), path


def values(attributes, schema):
    """Attributes of our JSONL as rows of key and value."""
    for key, value in sorted(attributes.items()):
        if isinstance(value, dict):  # not of the kind that the codebook says
            ((_, value),) = value.items()
        for single in value if isinstance(value, list) else [value]:
            yield key, single


def same_attributes(rows, attributes, schema):
    expected = list(values(attributes, schema))
    assert len(rows) == len(expected), (rows, expected)
    for row, (key, value) in zip(rows, expected):
        assert row["key"] == key, (row, key)
        if row["type"] == "yes_no":
            assert row["value"] == ("yes" if value else "no")
        elif row["type"] in ("integer", "number"):
            assert float(row["value"]) == float(value), (row, value)
        else:
            assert row["value"] == value, (row, value)


def ranges_of(rows, text):
    """Proved to be what they quote."""
    for row in rows:
        assert text[row["start"] : row["end"]] == row["text"] != "", row
    return [(row["start"], row["end"], row["text"]) for row in rows]


def expected_ranges(rows):
    return [(row["start"], row["end"], row["quote"]) for row in rows]


def same_mark(mark, row, text):
    ranges = ranges_of(mark["ranges"], text)
    assert ranges == expected_ranges(row["ranges"]), (mark, row)
    assert mark["label"] == row["label"] and mark["note"] == row.get("note", ""), (mark, row)
    if ranges:
        assert (mark["start"], mark["end"]) == (ranges[0][0], ranges[-1][1])
        assert mark["text"] == " … ".join(quote for _, _, quote in ranges)
        if len(ranges) == 1:
            assert text[mark["start"] : mark["end"]] == mark["text"]
    else:
        assert (mark["start"], mark["end"], mark["text"]) == (None, None, None)
    same_attributes(mark["attributes"], row.get("attributes", {}), None)
    return len(ranges)


def same_claim(claim, row, text, entities):
    count = same_mark(claim, row, text)
    occurrences = [ranges_of(place["ranges"], text) for place in claim["occurrences"]]
    assert occurrences == [expected_ranges(place) for place in row.get("occurrences", [])]
    assert claim["normalized"] == row.get("normalized", "")
    roles = {role["name"]: role["fillers"] for role in claim["roles"]}
    assert list(roles) == sorted(row.get("roles", {})), (claim, row)
    for name, fillers in row.get("roles", {}).items():
        assert len(fillers) == len(roles[name])
        for found, filler in zip(roles[name], fillers):
            ((kind, value),) = filler.items()
            assert found["kind"] == kind, (found, filler)
            if kind == "value":
                assert (found["id"], found["text"]) == (None, value)
            else:
                assert found["id"] == value, (found, filler)
            if kind == "entity" and value in entities:
                assert found["text"] == entities[value]["name"]
    return count + sum(map(len, occurrences))


def same_document(row, document, entities, mentions):
    text = document["text"]
    for field in ("id", "title", "text"):
        assert row[field] == document[field], (field, row[field], document[field])
    for field in ("source", "author", "url", "language", "file_name"):
        assert row[field] == document.get(field, ""), field
    assert row["date"] == document.get("date")
    regions = [(region["kind"], region["start"], region["end"], region["quote"]) for region in document.get("regions", [])]
    assert [(region["kind"], region["start"], region["end"], region["text"]) for region in row["regions"]] == regions
    ranges = len(regions)
    spans = {(span["coder"], span["id"]): span for span in row["entities"] + row["spans"]}
    claims = {(claim["coder"], claim["id"]): claim for claim in row["claims"]}
    relations = {(relation["coder"], relation["id"]): relation for relation in row["relations"]}
    assert all(span["label"] in mentions for span in row["entities"]) and not any(span["label"] in mentions for span in row["spans"])
    assert [sheet["coder"] for sheet in row["sheets"]] == [sheet["coder"] for sheet in document["sheets"]]
    for said, sheet in zip(row["sheets"], document["sheets"]):
        coder = sheet["coder"]
        assert said["note"] == sheet.get("note", "")
        assert said["status"].replace("_", "") == sheet.get("status", "New").replace("_", "").lower()
        same_attributes(said["attributes"], sheet.get("attributes", {}), None)
        for span in sheet["spans"]:
            found = spans.pop((coder, span["id"]))
            ranges += same_mark(found, span, text)
            assert found["entity"] == span.get("entity"), (found, span)
            if found["entity"] in entities:
                assert found["entity_name"] == entities[found["entity"]]["name"]
        for claim in sheet["claims"]:
            ranges += same_claim(claims.pop((coder, claim["id"])), claim, text, entities)
        for relation in sheet["relations"]:
            found = relations.pop((coder, relation["id"]))
            ends = [*relation["from"].items(), *relation["to"].items()]
            assert [(found["from_kind"], found["from_id"]), (found["to_kind"], found["to_id"])] == ends, (found, relation)
            assert found["label"] == relation["label"] and found["note"] == relation.get("note", "")
            same_attributes(found["attributes"], relation.get("attributes", {}), None)
    assert not spans and not claims and not relations
    return ranges


def main():
    documents = ranges = claims = split = 0
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.jsonl")):
        header, *records = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
        records = {record["id"]: record for record in records}
        entities = {entity["id"]: entity for entity in header["entities"]}
        mentions = {key for key, label in header["schema"]["labels"].items() if label["kind"].lower() == "entity"}
        folder = path.with_suffix("")
        parts = load(folder)
        check_parquet(folder, parts)
        for part in parts.values():
            for row in part:
                ranges += same_document(row, records.pop(row["id"]), entities, mentions)
                documents += 1
                claims += len(row["claims"])
        assert not records, records
        split += len(parts) > 1
        if entities:
            (table,) = load(folder, "entities").values()
            living = [entity for entity in entities.values() if not entity.get("merged_into") and not entity.get("deleted")]
            assert [(row["id"], row["name"], row["aliases"]) for row in table] == [
                (entity["id"], entity["name"], entity.get("aliases", [])) for entity in living
            ]
    print(documents, ranges, claims, split)


main()
