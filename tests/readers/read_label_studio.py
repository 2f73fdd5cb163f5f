"""Label Studio's own SDK checks our tasks against our configuration; every region is compared with our JSONL.

usage: read_label_studio.py FOLDER   (with folders of tasks.json, label_config.xml and ours.jsonl)
Prints how many annotations were accepted, and how many regions and relations they have.
"""

import json
import pathlib
import sys

from label_studio_sdk.label_interface import LabelInterface

from ours import coders, documents, marks


def main():
    annotations = regions = relations = 0
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        interface = LabelInterface((folder / "label_config.xml").read_text(encoding="utf-8"))
        tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
        _, originals = documents(folder / "ours.jsonl")
        assert len(tasks) == len(originals), folder
        for task in tasks:
            # With annotations inside, this version of the SDK fails on its own code.
            assert interface.validate_task({"data": task["data"]}), folder
            text = task["data"]["text"]
            original = originals[task["data"]["id"]]
            assert text == original["text"]
            sheets = coders(original)
            assert len(sheets) == len(task["annotations"])
            for annotation in task["annotations"]:
                errors = interface._validate_object(annotation, return_errors=True)
                assert interface.validate_annotation(annotation) and errors == [], (folder, errors)
                found = []
                for row in annotation["result"]:
                    if row["type"] == "relation":
                        relations += 1
                    elif "start" in row["value"]:
                        value = row["value"]
                        if row["type"] == "labels":
                            assert text[value["start"] : value["end"]] == value["text"], row
                            found.append((value["start"], value["end"], value["labels"][0]))
                assert sorted(found) == marks(sheets[annotation["manicule_coder"]]), folder
                annotations += 1
                regions += len(found)
    print(annotations, regions, relations)


main()
