"""Reads a CoNLL-2003 export the strict way: four columns, IOB2, documents, sentences.

usage: read_conll.py FILE
Prints how many documents and mentions were read.
"""

import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        content = file.read()
    assert content.splitlines() == content.split("\n")[:-1], "a line end inside a token"
    documents = mentions = 0
    previous = "O"
    for line in content.split("\n"):
        if line == "-DOCSTART- -X- O O":
            documents += 1
        elif not line:
            previous = "O"
        else:
            columns = line.split()
            assert len(columns) == 4 and columns[1:3] == ["-X-", "O"] and columns == line.split(" "), line
            tag = columns[3]
            assert tag == "O" or tag[:2] in ("B-", "I-"), line
            if tag.startswith("I-"):
                assert previous[2:] == tag[2:] and previous != "O", line
            mentions += tag.startswith("B-")
            previous = tag
    print(documents, mentions)


main()
