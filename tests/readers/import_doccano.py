"""doccano itself imports a file into a database of its own, and every place is compared with what the file says.

usage: import_doccano.py FILE FORM   (FORM: spans or relations; offsets in code points, as Python counts)
Prints how many examples, spans and relations are in the database.

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
    from projects.models import ProjectType, SequenceLabelingProject

    user = get_user_model().objects.create_user("tester", password="tester")
    with_relations = form == "relations"
    project = SequenceLabelingProject.objects.create(
        name="test",
        description="test",
        created_by=user,
        project_type=ProjectType.SEQUENCE_LABELING,
        allow_overlapping=True,
        use_relation=with_relations,
    )
    columns = {} if with_relations else {"column_data": "text", "column_label": "label"}
    task = "RelationExtraction" if with_relations else ProjectType.SEQUENCE_LABELING
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
        spans = relations = 0
        for example, record in zip(examples, records):
            assert example.text == record["text"]
            rows = record.get("label") or [[e["start_offset"], e["end_offset"], e["label"]] for e in record.get("entities", [])]
            found = sorted([span.start_offset, span.end_offset, span.label.text] for span in example.spans.all())
            # The same place with the same label twice is one span there.
            assert found == sorted(rows) or {tuple(row) for row in found} == {tuple(row) for row in rows}, (found, rows)
            spans += len(found)
            relations += example.relations.count()
    print(len(examples), spans, relations)


main()
