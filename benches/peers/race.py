"""Races depesche against spaCy on the same texts, one core each, in one run.

Speed is measured over the bare texts of `quotes/dev`, reading and start-up excluded on both sides; accuracy by
`eval/score.py` on the development data. Prints a table in Markdown; only the ratios are worth quoting.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import spacy

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SHARED", ROOT.parent / "shared"))


def scorer():
    """The scorer as a module."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "eval" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def spacy_record(doc, key):
    """A spaCy document in the shape of our record, as far as the scorer reads it."""
    tokens = [
        {
            "start": t.idx,
            "end": t.idx + len(t),
            "lemma": t.lemma_,
            "upos": t.tag_,
            "head": -1 if t.head.i == t.i else t.head.i,
            "deprel": t.dep_.lower(),
        }
        for t in doc
    ]
    kinds = {"PER": "person", "LOC": "place", "ORG": "org"}
    entities = [
        {"type": kinds[e.label_], "mentions": [{"start": e.start_char, "end": e.end_char, "kind": "name"}]}
        for e in doc.ents
        if e.label_ in kinds
    ]
    return {"id": key, "tokens": tokens, "entities": entities}


def depesche_records(program, inputs, layers):
    """Our records of the inputs, by id."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as f:
        f.writelines(json.dumps(d, ensure_ascii=False) + "\n" for d in inputs)
        f.flush()
        out = subprocess.run(
            [program, "extract", f.name, "--layers", layers, "--format", "jsonl"], capture_output=True, check=True
        ).stdout
    return {str(d["id"]): d for d in map(json.loads, out.decode().splitlines())}


def depesche_speed(program, texts, layers):
    """Tokens a second of the engine alone: time of the texts ten times over, less that of one pass."""

    def run(times):
        inputs = [{"id": f"{k}-{i}", "text": t} for k in range(times) for i, t in enumerate(texts)]
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as f:
            f.writelines(json.dumps(d, ensure_ascii=False) + "\n" for d in inputs)
            f.flush()
            began = time.perf_counter()
            subprocess.run(
                [program, "extract", f.name, "--layers", layers, "--format", "jsonl", "--threads", "1"],
                stdout=subprocess.DEVNULL,
                check=True,
            )
            return time.perf_counter() - began

    return lambda tokens: 9 * tokens / (run(10) - run(1))


def spacy_speed(nlp, texts):
    """Number of tokens, and tokens a second, of a pipeline that is warm."""
    list(nlp.pipe(texts[:5]))
    began = time.perf_counter()
    tokens = sum(len(d) for d in nlp.pipe(texts))
    return tokens, tokens / (time.perf_counter() - began)


def race(name, layer, golds, our_layers, program, texts, score):
    """Prints one layer's speed and accuracy on both sides."""
    nlp = spacy.load(SHARED / "peers" / name)
    articles = spacy.load(SHARED / "peers" / name)
    if layer == "syntax":
        articles.add_pipe("sentencizer", first=True)
    tokens, theirs = spacy_speed(articles, texts)
    ours = depesche_speed(program, texts, our_layers)(tokens)
    print(f"\n### {layer}: depesche reads {ours / theirs:.1f} times as many tokens a second as spaCy\n")
    for gold_path in golds:
        gold = score.read_gold(layer, SHARED / "corpora" / gold_path)
        inputs = [{"id": g["id"], "text": g["text"]} for g in gold]
        spacy_out = {g["id"]: spacy_record(nlp(g["text"]), g["id"]) for g in gold}
        depesche_out = depesche_records(program, inputs, our_layers)
        a, b = score.SCORERS[layer](gold, spacy_out), score.SCORERS[layer](gold, depesche_out)
        print(f"| {gold_path} | spaCy | depesche |\n| --- | --- | --- |")
        for key, value in a.items():
            x, y = (v["f1"] if isinstance(v, dict) else v for v in (value, b[key]))
            print(f"| {key} | {100 * x:.1f} | {100 * y:.1f} |")
        print()


def main():
    """Reads the options and runs the races."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "depesche"))
    parser.add_argument("--layer", choices=["syntax", "entities"], action="append")
    args = parser.parse_args()
    score = scorer()
    with open(SHARED / "corpora" / "quotes" / "dev.jsonl", encoding="utf-8") as f:
        texts = [json.loads(line)["text"] for line in f]
    layers = args.layer or ["syntax", "entities"]
    if "syntax" in layers:
        golds = ["syntax/de_gsd-ud-test.conllu", "syntax/wikinews-trees-dev.conllu"]
        race("spacy-syntax", "syntax", golds, "tokens", args.program, texts, score)
    if "entities" in layers:
        golds = ["entities/germeval-dev.jsonl", "entities/wikinews-dev.jsonl"]
        race("spacy-ner", "entities", golds, "entities", args.program, texts, score)
    return 0


if __name__ == "__main__":
    sys.exit(main())
