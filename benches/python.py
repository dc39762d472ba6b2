#!/usr/bin/env python3
"""How much faster `read_many` is with two threads, and what Python costs over the program, measured in one run.

    .venv/bin/python benches/python.py [ARTICLES.jsonl] [--articles 2000] [--rounds 3]

Without a file it reads the articles of `examples/` over and over. Each round takes every way of reading in turn, so
that a machine that is busy with other things is so for all of them; ratios are taken within a round, and their median
is shown. The program is `python -m depesche`, the same compiled code as the package's; what its start takes is
subtracted.
"""

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import depesche

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, "-m", "depesche"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", help="JSON Lines with `text`, read over and over")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    texts = list(itertools.islice(articles(options.file), options.articles))
    print(f"{len(texts)} articles of {sum(map(len, texts)) / len(texts):.0f} characters", file=sys.stderr)
    engine = depesche.load()
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")

        def python(threads: int) -> float:
            start = time.perf_counter()
            engine.read_many(texts, threads=threads)
            return time.perf_counter() - start

        def loop() -> float:
            start = time.perf_counter()
            for text in texts:
                engine.read(text)
            return time.perf_counter() - start

        def python_to_file() -> float:
            start = time.perf_counter()
            rows = (json.loads(line) for line in source.open(encoding="utf-8"))
            with out.open("w", encoding="utf-8") as file:
                for doc in engine.pipe(rows, threads=1):
                    file.write(doc.to_json() + "\n")
            return time.perf_counter() - start

        def program(path: Path) -> float:
            start = time.perf_counter()
            with out.open("wb") as file:
                subprocess.run([*PROGRAM, "extract", str(path), "--threads", "1"], stdout=file, check=True)
            return time.perf_counter() - start

        empty = Path(folder) / "empty.jsonl"
        empty.write_text("", encoding="utf-8")
        python(2)  # warms the caches
        speedups, over_loop, cores, overheads = [], [], [], []
        for number in range(options.rounds):
            one, plain = python(1), loop()
            busy = time.process_time()
            two = python(2)
            cores.append((time.process_time() - busy) / two)
            # Starting the program is not reading.
            native, piped = program(source) - program(empty), python_to_file()
            speedups.append(one / two)
            over_loop.append(plain / two)
            overheads.append(piped / native - 1)
            print(
                f"round {number + 1}: read_many 1 thread {one:.2f} s, 2 threads {two:.2f} s, "
                f"a loop of read {plain:.2f} s; file to file: program {native:.2f} s, Python {piped:.2f} s",
                file=sys.stderr,
            )
    print(f"read_many, two threads over one: {statistics.median(speedups):.2f} times as fast")
    print(f"read_many, two threads over a loop of read: {statistics.median(over_loop):.2f} times as fast")
    print(f"cores used with two threads: {statistics.median(cores):.2f}")
    print(f"Python over the program, JSON Lines to JSON Lines: {100 * statistics.median(overheads):+.1f} %")


def articles(path: str | None):
    """Texts without end, or those of a file."""
    if path is None:
        own = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "examples").glob("*.txt"))]
        yield from itertools.cycle(own)
    else:
        with open(path, encoding="utf-8") as lines:
            yield from itertools.cycle([json.loads(line)["text"] for line in lines])


if __name__ == "__main__":
    main()
