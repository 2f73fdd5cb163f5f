"""Label Studio's own converter turns our tasks into CoNLL; its tags must be those of our spans.

usage: convert_label_studio.py FOLDER   (with tasks.json and label_config.xml)
Prints how many tokens have a tag other than O, and writes what the SDK makes of it into FOLDER/made.json: a task with
annotations whose regions the SDK has made, for our importer.
"""

import json
import pathlib
import sys

from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface
from label_studio_sdk.label_interface.objects import PredictionValue


def main():
    folder = pathlib.Path(sys.argv[1])
    config = (folder / "label_config.xml").read_text(encoding="utf-8")
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    Converter(config, str(folder), download_resources=False).convert(
        str(folder / "tasks.json"), str(folder / "converted"), "CONLL2003", is_dir=False
    )
    lines = (folder / "converted" / "result.conll").read_text(encoding="utf-8").splitlines()
    tagged = [(line.split()[0], line.split()[-1]) for line in lines if len(line.split()) == 4 and not line.startswith("-DOCSTART-")]
    expected = []
    for task in tasks:
        text = task["data"]["text"]
        spans = [row["value"] for row in task["annotations"][0]["result"] if row["type"] == "labels"]
        for span in sorted(spans, key=lambda span: span["start"]):
            words = text[span["start"] : span["end"]].split()
            expected += [(word, ("I-" if index else "B-") + span["labels"][0]) for index, word in enumerate(words)]
    found = [(word, tag) for word, tag in tagged if tag != "O"]
    assert found == expected, (found, expected)

    interface = LabelInterface(config)
    text = tasks[0]["data"]["text"]
    start = text.index("Smith")
    label = interface.get_control("label").labels[0]
    regions = interface.create_regions({"label": [{"start": start, "end": start + 5, "label": [label]}]})
    prediction = PredictionValue(model_version="sdk", score=0.5, result=regions).model_dump()
    assert interface.validate_prediction(prediction)
    made = {"data": {"text": text}, "predictions": [prediction]}
    (folder / "made.json").write_text(json.dumps([made], default=str), encoding="utf-8")
    print(len(found))


main()
