"""Validates codebooks of REFI-QDA against Codebook.xsd.

Takes the schema and a folder. Prints codebooks, codes and sets.
"""

import sys
from pathlib import Path

from lxml import etree

SPACE = {"q": "urn:QDA-XML:codebook:1.0"}
schema = etree.XMLSchema(etree.parse(sys.argv[1]))
books = codes = sets = 0
for path in sorted(Path(sys.argv[2]).glob("**/*.qdc")):
    book = etree.parse(str(path))
    assert schema.validate(book), (path, schema.error_log)
    guids = {code.get("guid") for code in book.iterfind(".//q:Code", SPACE)}
    assert all(member.get("guid") in guids for member in book.iterfind(".//q:MemberCode", SPACE)), path
    books += 1
    codes += len(guids)
    sets += len(book.findall(".//q:Set", SPACE))
print(books, codes, sets)
