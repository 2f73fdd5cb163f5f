"""Compares our offsets with Python's own strings, for every character of every text.

usage: check_offsets.py FILE   (a JSON list of {"text", "bytes", "code-points", "utf16"}: offsets of each character)
Prints how many offsets agree.
"""

import json
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    agreed = 0
    for case in cases:
        text = case["text"]
        heads = [text[:count] for count in range(len(text) + 1)]
        assert case["code-points"] == [len(head) for head in heads], case
        assert case["bytes"] == [len(head.encode("utf-8")) for head in heads], case
        assert case["utf16"] == [len(head.encode("utf-16-le")) // 2 for head in heads], case
        agreed += 3 * len(heads)
    print(agreed)


main()
