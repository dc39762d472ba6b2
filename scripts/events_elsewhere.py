#!/usr/bin/env python3
"""Counts events where there should be few: scripts/events_elsewhere.py [RAW.jsonl [PROGRAM]].

Reads the articles of each section of a raw corpus with the program and prints one event in how many sentences it finds.
"""
import json
import subprocess
import sys
from collections import Counter


def main(raw="../shared/corpora/raw/derstandard.jsonl", program="target/release/depesche"):
    with open(raw, encoding="utf-8") as file:
        sections = {d["id"]: d["category"] for d in map(json.loads, file)}
    run = subprocess.run([program, "extract", raw, "--format", "jsonl", "--layers", "all"], capture_output=True, check=True, text=True)
    sentences, events = Counter(), Counter()
    for record in map(json.loads, run.stdout.splitlines()):
        section = sections[record["id"]]
        sentences[section] += len(record["sentences"])
        events[section] += len(record["events"])
    for section, n in sentences.most_common():
        print(f"{section:14} one event in {n / max(events[section], 1):5.1f} of {n} sentences")


if __name__ == "__main__":
    main(*sys.argv[1:])
