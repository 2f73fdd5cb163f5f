"""Checks JSONL exports against the published schema, and the schema against broken records.

usage: check_jsonl_schema.py SCHEMA FILE...
Prints how many records fit, and how many broken ones were refused.
"""

import copy
import json
import sys

from jsonschema import Draft202012Validator


def broken(record):
    """Records that a reader would stumble over."""
    for change in [
        lambda r: r.pop("id", None) or r.pop("format", None),
        lambda r: r.update(unheard_of=1),
        lambda r: r["sheets"][0]["spans"][0]["ranges"].clear(),
        lambda r: r["sheets"][0]["spans"][0]["ranges"][0].update(start=-1),
        lambda r: r["sheets"][0]["claims"][0].update(roles={"claimer": [{"span": "x"}]}),
        lambda r: r["sheets"][0].update(status="perhaps"),
        lambda r: r.update(offset_unit="graphemes"),
        lambda r: r["entities"][0].update(id=7),
    ]:
        changed = copy.deepcopy(record)
        try:
            change(changed)
        except (KeyError, IndexError):
            continue
        yield changed


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validators = [Draft202012Validator({**schema, "oneOf": [{"$ref": f"#/$defs/{name}"}]}) for name in ("header", "document")]
    whole = Draft202012Validator(schema)
    fitting = refused = 0
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            records = [json.loads(line) for line in file.read().split("\n")[:-1]]
        for number, record in enumerate(records):
            validators[min(number, 1)].validate(record)
            fitting += 1
            for changed in broken(record):
                assert not whole.is_valid(changed), changed
                refused += 1
    print(fitting, refused)


main()
