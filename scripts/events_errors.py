#!/usr/bin/env python3
"""Says where the event layer errs: scripts/events_errors.py GOLD RECORDS OUT.md OUT.svg [SCORER].

GOLD is an event corpus, RECORDS what `depesche extract GOLD-TEXTS --format jsonl` wrote for its texts. OUT.md gets causes,
precision and recall by confidence, and a hundred errors by id; OUT.svg the curve. No text of the corpus is written.
"""
import importlib.util
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

SAMPLE = 100
STEPS = [0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def scorer(path):
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pairs(score, gold, system):
    """For each article its gold and its own events as {(sentence, type): number} and [(sentence, type, confidence)]."""
    for g in gold:
        doc = system.get(g["id"], {})
        rows = score.locate_sentences(g, score.event_rows(doc, g["text"], False), doc)
        own = [(r["s"], r["type"], e.get("confidence", 0.0)) for r, e in zip(rows, doc.get("events", []))]
        yield g["id"], Counter((e["s"], e["type"]) for e in g["events"]), own


def errors(article, gold, own):
    """(article, sentence, type, cause) for each gold event that was not found and each event that is not gold."""
    found = Counter((s, kind) for s, kind, _ in own)
    missed, spurious = gold - found, found - gold
    by_sentence = defaultdict(lambda: ([], []))
    for (s, kind), n in missed.items():
        by_sentence[s][0].extend([kind] * n)
    for (s, kind), n in spurious.items():
        by_sentence[s][1].extend([kind] * n)
    for s, (lost, made) in sorted(by_sentence.items()):
        for kind, other in zip(lost, made):
            yield article, s, kind, f"coded as {other}"
        for kind in lost[len(made) :]:
            several = (s, kind) in found
            yield article, s, kind, "missed: one of several of its type" if several else "missed: no event seen"
        for kind in made[len(lost) :]:
            if (s, kind) in gold:
                cause = "spurious: a second report of one act"
            elif any(key[0] == s for key in gold):
                cause = "spurious: beside another event"
            else:
                cause = "spurious: sentence without an event"
            yield article, s, kind, cause


def figures(everything, least):
    """Precision, recall, F1 and number of the events of at least this confidence."""
    hit = n = total = 0
    for _, gold, own in everything:
        sure = Counter((s, kind) for s, kind, confidence in own if confidence >= least)
        hit += sum((sure & gold).values())
        n += sum(sure.values())
        total += sum(gold.values())
    precision, recall = hit / n if n else 1.0, hit / total if total else 0.0
    return precision, recall, 2 * hit / (n + total) if n + total else 0.0, n


def curve(points):
    """Precision over recall as an SVG of its own."""
    size, edge = 320, 40
    at = lambda p, r: f"{edge + r * size:.1f},{edge + (1 - p) * size:.1f}"
    line = " ".join(at(p, r) for p, r, _, n in points if n)
    grid = "".join(
        f'<path d="M{edge},{edge + x * size}H{edge + size}M{edge + x * size},{edge}V{edge + size}" stroke="#ccc"/>'
        f'<text x="{edge - 6}" y="{edge + (1 - x) * size + 4}" text-anchor="end">{x:g}</text>'
        f'<text x="{edge + x * size}" y="{edge + size + 16}" text-anchor="middle">{x:g}</text>'
        for x in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 2 * edge} {size + 2 * edge}" '
        'font-family="sans-serif" font-size="11" fill="#333">'
        '<title>Precision of event types over recall, by least confidence</title><rect width="100%" height="100%" fill="#fff"/>'
        f'{grid}<polyline points="{line}" fill="none" stroke="#1f77b4" stroke-width="2"/>'
        f'<text x="{edge + size / 2}" y="{size + 2 * edge - 6}" text-anchor="middle">recall</text>'
        f'<text transform="translate(12,{edge + size / 2}) rotate(-90)" text-anchor="middle">precision</text></svg>\n'
    )


def main(gold_path, records, out, picture, score_path="../shared/eval/score.py"):
    score = scorer(score_path)
    gold, system = score.read_jsonl(gold_path), {d["id"]: d for d in score.read_jsonl(records)}
    everything = list(pairs(score, gold, system))
    wrong = [e for article in everything for e in errors(*article)]
    causes = Counter("another type" if e[3].startswith("coded as") else e[3] for e in wrong)
    points = [(*figures(everything, least), least) for least in STEPS]
    rows = "\n".join(f"| {least} | {p:.3f} | {r:.3f} | {f:.3f} | {n} |" for p, r, f, n, least in points)
    sample = sorted(random.Random(7).sample(wrong, min(SAMPLE, len(wrong))))
    Path(out).write_text(
        f"# Events: errors on `events/{Path(gold_path).stem}`\n\n"
        f"Written by `scripts/events_errors.py`. All {len(wrong)} wrong pairs of sentence and type (type F1 {points[0][2]:.3f}), by"
        " cause; below a random hundred of them. Ids and causes only.\n\n| cause | errors |\n| --- | ---: |\n"
        + "\n".join(f"| {c} | {n} |" for c, n in causes.most_common())
        + "\n\n## Precision and recall of types by confidence\n\n"
        f"![Precision over recall]({Path(picture).name})\n\n"
        "| at least | precision | recall | F1 | events |\n| --- | ---: | ---: | ---: | ---: |\n"
        + rows
        + "\n\n## A hundred errors\n\n| article | sentence | type | cause |\n| --- | --- | --- | --- |\n"
        + "\n".join(f"| {a} | {s} | {kind} | {cause} |" for a, s, kind, cause in sample)
        + "\n",
        encoding="utf-8",
    )
    Path(picture).write_text(curve([p[:4] for p in points]), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main(*sys.argv[1:6])
