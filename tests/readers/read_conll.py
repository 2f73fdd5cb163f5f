"""Reads CoNLL exports with seqeval, or with `spacy convert`.

usage: read_conll.py seqeval SCHEME COLUMN FILE...   (SCHEME: IOB1, IOB2, IOBES; COLUMN: of the tags, counted from 0)
       read_conll.py spacy FOLDER
Prints a JSON list: for each file its spans as [label, text without blanks], in the order of the text.
"""

import json
import pathlib
import subprocess
import sys
import tempfile


def sentences(path, column):
    """The sentences of a file, read the strict way."""
    content = path.read_text(encoding="utf-8")
    assert content.splitlines() == content.split("\n")[:-1] or content == "", "a line end inside a token"
    words, tags = [], []
    for line in content.split("\n"):
        if line and not line.startswith("-DOCSTART-"):
            columns = line.split()
            assert len(columns) == column + 1 and columns == line.replace("\t", " ").split(" "), line
            words.append(columns[0])
            tags.append(columns[column])
        elif words:
            yield words, tags
            words, tags = [], []


def with_seqeval(scheme, column, paths):
    from seqeval import scheme as schemes

    for path in paths:
        found = []
        for words, tags in sentences(path, column):
            read = schemes.Entities([tags], scheme=getattr(schemes, scheme))
            found += [[span.tag, "".join(words[span.start : span.end])] for span in read.entities[0]]
        yield found


def with_spacy(folder):
    import spacy
    from spacy.tokens import DocBin

    blank = spacy.blank("xx")
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "spacy", "convert", str(folder), out, "-c", "ner"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for path in sorted(pathlib.Path(out).glob("*.spacy")):
            documents = DocBin().from_disk(path).get_docs(blank.vocab)
            yield [[span.label_, "".join(token.text for token in span)] for document in documents for span in document.ents]


def main():
    if sys.argv[1] == "seqeval":
        found = with_seqeval(sys.argv[2], int(sys.argv[3]), [pathlib.Path(path) for path in sys.argv[4:]])
    else:
        found = with_spacy(pathlib.Path(sys.argv[2]))
    print(json.dumps(list(found)))


main()
