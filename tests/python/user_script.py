"""What a user writes, for mypy --strict: every name has its type."""

from __future__ import annotations

import datetime
from collections import Counter

import depesche
from depesche import Corpus, Document, Engine, Entity, Event, Statement


def engine() -> Engine:
    own = depesche.load("de", frames={"mine.frames": "== AID\n-- verb A:subj\nhelfen\n"}, min_confidence=0.2)
    return own if own is not None else depesche.Engine(max_bytes=1 << 20)


def one(engine: Engine) -> Document:
    doc = engine.read("Polen half Estland.", date=datetime.date(2025, 4, 8), layers=["events"], explain=True)
    events: tuple[Event, ...] = doc.events
    for event in events:
        actors: tuple[Entity, ...] = event.actors
        names: list[str] = [actor.name for actor in actors]
        place: str | None = event.place.name if event.place else None
        score: float = event.score
        frame: str | None = event.why.frame if event.why else None
        print(names, place, score, frame, event.sentence and event.sentence.text)
    return doc


def many(engine: Engine) -> Corpus:
    corpus = engine.read_many(["Bonn."], dates=["2025-04-08"], threads=2, errors="collect", progress=False)
    first: Document = corpus[0]
    rest: Corpus = corpus[1:]
    errors: tuple[depesche.ReadError, ...] = corpus.errors
    kinds: Counter[str] = Counter(error.kind for error in errors)
    speakers: list[str] = [s.speaker.name for doc in corpus for s in doc.statements if s.speaker]
    said: tuple[Statement, ...] = first.statements
    columns: list[str] = corpus.events.columns
    rows: int = len(corpus.dyads())
    print(kinds, speakers, said, columns, rows, len(rest), corpus.timeline(every="year", by="type"))
    return corpus


def stream(engine: Engine) -> int:
    return sum(1 for answer in engine.pipe(["Bonn."]) if isinstance(answer, Document))


def fails(engine: Engine) -> str:
    try:
        engine.read("Bonn.", date="gestern")
    except depesche.DateError as error:
        return f"{error.id} {error.kind} {error.message}"
    account: dict[str, object] = engine.batch("in", "out", format="parquet", columns={"text": "body"})
    return str(account)
