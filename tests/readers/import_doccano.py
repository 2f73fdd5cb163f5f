"""doccano itself imports a file into a database of its own, and every place is compared with what the file says.

usage: import_doccano.py FILE FORM   (FORM: spans, relations or classes; offsets in code points, as Python counts)
Prints how many examples, spans, relations and classes are in the database.

Runs doccano's import (backend/data_import) without its server: Django with a fresh SQLite file.
"""

import importlib.util
import json
import logging
import os
import pathlib
import sys
import tempfile


def start(folder):
    os.environ.update(
        DATABASE_URL=f"sqlite:///{folder}/doccano.sqlite3",
        DEBUG="False",
        DJANGO_SETTINGS_MODULE="config.settings.development",
        ENABLE_FILE_TYPE_CHECK="False",
        SECRET_KEY="only for this test, and long enough to be one",
    )
    sys.path.insert(0, list(importlib.util.find_spec("backend").submodule_search_locations)[0])
    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)


def load(path, form):
    from data_import.datasets import load_dataset
    from data_import.pipeline.catalog import create_file_format
    from data_import.pipeline.readers import FileName
    from django.contrib.auth import get_user_model
    from projects.models import ProjectType, SequenceLabelingProject, TextClassificationProject

    user = get_user_model().objects.create_user("tester", password="tester")
    with_relations = form == "relations"
    common = {"name": "test", "description": "test", "created_by": user}
    if form == "classes":
        project = TextClassificationProject.objects.create(project_type=ProjectType.DOCUMENT_CLASSIFICATION, **common)
    else:
        project = SequenceLabelingProject.objects.create(
            project_type=ProjectType.SEQUENCE_LABELING, allow_overlapping=True, use_relation=with_relations, **common
        )
    columns = {} if with_relations else {"column_data": "text", "column_label": "label"}
    task = "RelationExtraction" if with_relations else project.project_type
    file = FileName(full_path=str(path), generated_name=path.name, upload_name=path.name)
    dataset = load_dataset(task, create_file_format("JSONL"), [file], project, encoding="Auto", **columns)
    dataset.save(user, batch_size=1000)
    assert not dataset.errors, [error.dict() for error in dataset.errors]


def main():
    path, form = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        start(folder)
        load(path, form)
        from examples.models import Example

        records = [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
        examples = list(Example.objects.order_by("id"))
        assert len(examples) == len(records)
        spans = relations = classes = 0
        for example, record in zip(examples, records):
            assert example.text == record["text"]
            if form == "classes":
                found = sorted(category.label.text for category in example.categories.all())
                assert found == sorted(record["label"]), (found, record["label"])
                classes += len(found)
                continue
            rows = record.get("label") or [[e["start_offset"], e["end_offset"], e["label"]] for e in record.get("entities", [])]
            found = sorted([span.start_offset, span.end_offset, span.label.text] for span in example.spans.all())
            # The same place with the same label twice is one span there.
            assert found == sorted(rows) or {tuple(row) for row in found} == {tuple(row) for row in rows}, (found, rows)
            spans += len(found)
            relations += compare_relations(example, record)
    print(len(examples), spans, relations, classes)


def compare_relations(example, record):
    def place(span):
        return (span.start_offset, span.end_offset)

    found = sorted((place(row.from_id), place(row.to_id), row.type.text) for row in example.relations.all())
    places = {row["id"]: (row["start_offset"], row["end_offset"]) for row in record.get("entities", [])}
    rows = sorted((places[row["from_id"]], places[row["to_id"]], row["type"]) for row in record.get("relations", []))
    assert found == rows, (found, rows)
    return len(found)


main()
