"""Checks ClaimReview as strictly as schema.org and Google describe it: no other names, and everything that must be there.

Prints the reviews, and those with a claimer.
"""

import json
import sys
from pathlib import Path

import jsonschema

TEXT = {"type": "string", "minLength": 1}
DATE = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}


def thing(kind, required, **properties):
    names = {"@type": {"const": kind}, **properties}
    return {"type": "object", "properties": names, "required": ["@type", *required], "additionalProperties": False}


PERSON = thing("Person", ["name"], name=TEXT)
ORGANIZATION = thing("Organization", ["name"], name=TEXT)
WORK = thing("NewsArticle", [], headline={"type": "string"}, url=TEXT, datePublished=DATE, inLanguage=TEXT, publisher=ORGANIZATION, author=PERSON)
CLAIM = thing("Claim", ["appearance"], author={"type": "array", "items": PERSON, "minItems": 1}, datePublished=DATE, appearance=WORK)
RATING = thing("Rating", ["alternateName"], alternateName=TEXT, ratingValue={"type": "number"})
REVIEW = thing(
    "ClaimReview",
    ["@context", "claimReviewed", "author", "itemReviewed", "reviewRating"],
    **{"@context": {"const": "https://schema.org"}},
    claimReviewed=TEXT,
    author=ORGANIZATION,
    itemReviewed=CLAIM,
    reviewRating=RATING,
    url=TEXT,
)

validator = jsonschema.Draft202012Validator(REVIEW)
reviews = claimers = 0
for path in sorted(Path(sys.argv[1]).glob("**/*.jsonld")):
    for review in json.loads(path.read_text(encoding="utf-8")):
        validator.validate(review)
        reviews += 1
        claimers += len(review["itemReviewed"].get("author", []))
print(reviews, claimers)
