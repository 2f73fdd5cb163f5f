"""Checks ClaimReview with the models of schema.org that pydantic-schemaorg has: every thing is one of its class, with no other names.

usage: read_schemaorg.py FOLDER
Prints the reviews, and the things in them.
"""

import importlib
import json
import pathlib
import sys


def check(thing):
    kind = thing["@type"]
    model = getattr(importlib.import_module(f"pydantic_schemaorg.{kind}"), kind)
    names = {field.alias for field in model.__fields__.values()}
    own = {name: value for name, value in thing.items() if name != "@context"}
    assert set(own) <= names, (kind, set(own) - names)
    model.parse_obj(own)
    inside = [part for value in own.values() for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict)]
    return 1 + sum(check(part) for part in inside)


def main():
    reviews = things = 0
    for path in sorted(pathlib.Path(sys.argv[1]).glob("**/*.jsonld")):
        for review in json.loads(path.read_text(encoding="utf-8")):
            assert review["@type"] == "ClaimReview"
            reviews += 1
            things += check(review)
    print(reviews, things)


main()
