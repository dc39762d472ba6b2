#!/usr/bin/env python3
"""Measures entities on an annotated file of events: how many gold entities the engine found, and how they are coded.

A gold entity is found when one of the engine's entities shares a name or alias with it (names normalised as the scorer
does: case, article, punctuation). Of several, the one with the right code counts. Usage:

    scripts/entity_measure.py GOLD RECORDS [--errors N]

GOLD is a file of corpora/events, RECORDS the engine's records in JSON Lines. --errors prints the first N gold entities
that were not found, or found with another code or sector.
"""
import argparse
import collections
import json
import re
import unicodedata

ARTICLE = re.compile(r"^(der|die|das|dem|den|des|ein|eine|einem|einen|einer|eines)\s+")


def norm(name):
    name = unicodedata.normalize("NFC", name).casefold()
    return re.sub(r"[\s\-–„“\"'()]+", " ", ARTICLE.sub("", name)).strip()


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def names_of(entity, text):
    mentions = [text[m["start"]:m["end"]] for m in entity["mentions"] if m["kind"] != "pronoun"]
    return {norm(n) for n in [entity["name"], *mentions]} - {""}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold")
    parser.add_argument("records")
    parser.add_argument("--errors", type=int, default=0)
    args = parser.parse_args()
    records = {str(r["id"]): r for r in read(args.records)}
    total, found, code, sector = (collections.Counter() for _ in range(4))
    errors = []
    for gold in read(args.gold):
        record = records.get(str(gold["id"]), {"entities": []})
        ours = [(names_of(e, gold["text"]), e) for e in record["entities"]]
        for entity in gold["entities"]:
            kind = entity["type"]
            names = {norm(n) for n in [entity["name"], *entity.get("aliases", [])]} - {""}
            same = [e for n, e in ours if n & names]
            total[kind] += 1
            if not same:
                errors.append((gold["id"], kind, entity["name"], "not found", ""))
                continue
            best = max(same, key=lambda e: (e["code"] == entity["code"], e["sector"] == entity["sector"]))
            found[kind] += 1
            for field, count in (("code", code), ("sector", sector)):
                count[kind] += best[field] == entity[field]
                if best[field] != entity[field]:
                    errors.append((gold["id"], kind, entity["name"], field, f"{best[field]} for {entity[field]}"))
    for kind in [*sorted(total), "all"]:
        if kind == "all":
            t, f, c, s = (sum(x.values()) for x in (total, found, code, sector))
        else:
            t, f, c, s = total[kind], found[kind], code[kind], sector[kind]
        share = lambda a, b: a / b if b else 0.0
        print(f"{kind:8} found {share(f, t):.4f}  code {share(c, f):.4f}  sector {share(s, f):.4f}  (gold {t})")
    for error in errors[:args.errors]:
        print("\t".join(error))


if __name__ == "__main__":
    main()
