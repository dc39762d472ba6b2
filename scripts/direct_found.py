#!/usr/bin/env python3
"""Counts the direct speech of the quotation corpus that the engine finds.

    scripts/direct_found.py GOLD SYSTEM.jsonl [ids]

GOLD is a file of the quotation corpus, SYSTEM the engine's records of it (layer statements). A gold quotation of type
Direct is found if one statement of kind direct covers at least half of its tokens. Of the engine's direct statements
those are right whose tokens lie at least half in one gold quotation of that type. With "ids" the documents of the missed are listed,
with their number of tokens.
"""
import json
import sys


def tokens_in(tokens, spans):
    return {k for k, (start, end) in enumerate(tokens) for a, b in spans if start < b and a < end}


def main():
    gold = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    records = {str(d["id"]): d for d in map(json.loads, open(sys.argv[2], encoding="utf-8"))}
    found = total = right = system = 0
    missed = []
    for doc in gold:
        record = records.get(str(doc["id"]), {"statements": []})
        direct = [s for s in record["statements"] if s["kind"] == "direct"]
        ours = [tokens_in(doc["tokens"], [(c["start"], c["end"]) for c in s["content"]]) for s in direct]
        theirs = [tokens_in(doc["tokens"], q["quote"]) for q in doc["quotes"] if q["type"] == "Direct"]
        for quote in theirs:
            total += 1
            if any(2 * len(quote & s) >= len(quote) for s in ours):
                found += 1
            else:
                missed.append((doc["id"], len(quote)))
        for statement in ours:
            system += 1
            right += any(2 * len(quote & statement) >= len(statement) for quote in theirs)
    print(f"recall {100 * found / total:.1f} ({found} of {total}), precision {100 * right / system:.1f} ({right} of {system})")
    if sys.argv[3:] == ["ids"]:
        for doc, length in missed:
            print(doc, length)


main()
