"""Reads our web annotations as JSON-LD and RDF, holds each against what the W3C says it must be, and finds its words in the text.

usage: read_w3c.py FOLDER CONTEXT [TESTS]   (with FOLDER/*/ours.jsonl beside the annotations and texts of each project)
CONTEXT is the W3C's own anno.jsonld, or the one beside this script: the terms that we use, written after the table of the vocabulary
in https://www.w3.org/TR/annotation-vocab/ (appendix "JSON-LD Context"). The schema below says the MUSTs of
https://www.w3.org/TR/annotation-model/ for what we write; TESTS is a copy of https://github.com/w3c/web-annotation-tests, whose
assertions are held against each annotation, too.
Prints how many spans, claims, further occurrences and parts of texts, how many relations and roles, and how many assertions of the
W3C were compared.
"""

import collections
import json
import pathlib
import sys

import jsonschema
import rdflib
import referencing
import referencing.jsonschema
from pyld import jsonld

from ours import coders, documents, places

CONTEXT = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))["@context"]
MANICULE = "urn:manicule:"
IRI = {"type": "string", "minLength": 1, "pattern": r"^\S+$"}
SOURCE = {"oneOf": [IRI, {"type": "object", "required": ["id"], "properties": {"id": IRI}}]}
POSITION = {
    "type": "object",
    "required": ["type", "start", "end"],
    "properties": {"type": {"const": "TextPositionSelector"}, "start": {"type": "integer", "minimum": 0}, "end": {"type": "integer", "minimum": 0}},
}
QUOTE = {
    "type": "object",
    "required": ["type", "exact"],
    "properties": {"type": {"const": "TextQuoteSelector"}, "exact": {"type": "string"}, "prefix": {"type": "string"}, "suffix": {"type": "string"}},
}
RESOURCE = {
    "type": "object",
    "required": ["source"],
    "properties": {"source": SOURCE, "selector": {"type": "array", "minItems": 2, "items": {"oneOf": [POSITION, QUOTE]}}, "purpose": {"type": "string"}},
}
TEXT = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {"type": {"const": "TextualBody"}, "value": {"type": "string"}, "purpose": {"type": "string"}},
}
TARGET = {"oneOf": [IRI, RESOURCE]}
MUST = {
    "type": "object",
    "required": ["@context", "id", "type", "target"],
    "not": {"required": ["body", "bodyValue"]},
    "properties": {
        "@context": {"type": "array", "contains": {"const": "http://www.w3.org/ns/anno.jsonld"}},
        "id": IRI,
        "type": {"const": "Annotation"},
        "motivation": {"enum": ["classifying", "describing", "linking"]},
        "body": {"type": "array", "items": {"oneOf": [TEXT, RESOURCE]}},
        "target": {"oneOf": [TARGET, {"type": "array", "minItems": 1, "items": TARGET}]},
        "creator": {"type": "object", "required": ["id"], "properties": {"id": IRI, "type": {"const": "Person"}, "name": {"type": "string"}}},
    },
}
PLACES = """
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?a ?t ?s ?e ?x ?p ?q WHERE {
  ?a oa:hasTarget ?t . ?t oa:hasSource ?source ; oa:hasSelector ?one, ?two .
  ?one a oa:TextPositionSelector ; oa:start ?s ; oa:end ?e .
  ?two a oa:TextQuoteSelector ; oa:exact ?x ; oa:prefix ?p ; oa:suffix ?q }
"""
LABELS = """
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX m: <urn:manicule:>
SELECT ?a ?kind ?label WHERE { ?a a oa:Annotation ; m:kind ?kind ; oa:hasBody ?b . ?b oa:hasPurpose oa:classifying ; rdf:value ?label }
"""
LINKS = """
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?a ?from ?to WHERE { ?a oa:motivatedBy oa:linking ; oa:hasTarget ?from ; oa:hasBody ?b . ?b oa:hasPurpose oa:linking ; oa:hasSource ?to }
"""


def assertions(tests):
    """The assertions that the W3C says an annotation MUST fulfil: a name, a validator and what it is to say of an annotation."""
    registry = referencing.Registry()
    for path in sorted((tests / "definitions").glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        resource = referencing.Resource(contents=schema, specification=referencing.jsonschema.DRAFT4)
        registry = registry.with_resources([(path.name, resource), (schema.get("id", path.name), resource)])
    for name in json.loads((tests / "annotations" / "annotationMusts.test").read_text(encoding="utf-8"))["assertions"]:
        schema = json.loads((tests / name).read_text(encoding="utf-8"))
        schema.pop("id", None)
        yield name, jsonschema.Draft4Validator(schema, registry=registry), schema.get("expectedResult", "valid") == "valid"


def load_context(url, options=None):
    assert url == "http://www.w3.org/ns/anno.jsonld", url
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": CONTEXT}, "contentType": "application/ld+json"}


def triples(dataset):
    """What PyLD makes of a document, each once."""
    return {json.dumps(quad, sort_keys=True) for quad in dataset["@default"]}


def expected(document):
    found = places(document)
    for coder in coders(document):
        found += places(document, coder)
    return collections.Counter(found)


def read(path, document, musts):
    text = path.with_suffix(".txt").read_bytes().decode("utf-8")
    assert text == document["text"], path
    page = json.loads(path.read_text(encoding="utf-8"))
    items = page["first"]["items"]
    assert page["total"] == len(items)
    for item in items:
        annotation = {"@context": page["@context"], **item}
        jsonschema.validate(annotation, MUST)
        for name, validator, expected_result in musts:
            assert validator.is_valid(annotation) == expected_result, (path, name, annotation)
    base = path.resolve().as_uri()
    made = triples(jsonld.to_rdf(page, {"base": base}))
    graph = rdflib.Graph()
    graph.parse(data=json.dumps({**page, "@context": [CONTEXT, page["@context"][1]]}), format="json-ld", base=base)
    assert len(made) == len(graph), (path, len(made), len(graph))
    pieces = collections.defaultdict(list)
    for row in graph.query(PLACES):
        start, end = int(row.s), int(row.e)
        assert text[start:end] == str(row.x), (path, row)
        assert text[max(0, start - 32) : start] == str(row.p) and text[end : end + 32] == str(row.q), (path, row)
        pieces[row.a].append((start, end))
    kinds = {row.a: (str(row.label), str(row.kind)) for row in graph.query(LABELS)}
    found = collections.Counter((*kinds[name], tuple(sorted(parts))) for name, parts in pieces.items())
    assert found == expected(document), (path, found - expected(document), expected(document) - found)
    links = list(graph.query(LINKS))
    assert all(str(row["from"]) in map(str, kinds) and str(row.to) in map(str, kinds) for row in links), path
    return sum(found.values()), len(links)


def main():
    jsonld.set_document_loader(load_context)
    count = links = 0
    musts = list(assertions(pathlib.Path(sys.argv[3]))) if len(sys.argv) > 3 else []
    for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        _, ours = documents(folder / "ours.jsonl")
        for name, document in ours.items():
            found = read(folder / f"{name}.jsonld", document, musts)
            count, links = count + found[0], links + found[1]
    print(count, links, len(musts))


main()
