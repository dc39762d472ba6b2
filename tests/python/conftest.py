"""What the tests share: an engine, an article, and a document whose record was written by hand."""

import json
from pathlib import Path

import depesche
import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

TEXT = "Minister Öz sagte in Bonn, Polen habe Ungarn getroffen."


def at(words, base=TEXT):
    start = base.index(words)
    return {"start": start, "end": start + len(words)}


RECORD = {
    "schema": "depesche/1", "id": "hand", "title": "Treffen", "date": "2025-04-08", "lang": "de", "source": None,
    "url": None, "cluster": None, "text": TEXT, "sentences": [at(TEXT)],
    "entities": [
        {"id": 0, "type": "person", "name": "Öz", "code": "TUR", "sector": "GOV", "mentions": [{**at("Öz"), "kind": "name"}]},
        {"id": 1, "type": "state", "name": "Polen", "code": "POL", "sector": "GOV", "lat": 52.0, "lon": 20.0,
         "mentions": [{**at("Polen"), "kind": "name"}]},
        {"id": 2, "type": "state", "name": "Ungarn", "code": "HUN", "sector": "GOV", "mentions": [{**at("Ungarn"), "kind": "name"}]},
        {"id": 3, "type": "place", "name": "Bonn", "code": "DEU", "sector": None, "mentions": [{**at("Bonn"), "kind": "name"}]},
    ],
    "roles": [{"person": 0, "role": "Minister", "of": None, "status": "current", **at("Minister")}],
    "times": [],
    "statements": [{
        "kind": "indirect", "medium": "speech", "stance": "neutral", "content": [at("Polen habe Ungarn getroffen")],
        "speaker": {**at("Minister Öz"), "entities": [0]}, "addressee": None, "cue": [at("sagte")],
        "frame": [at("Minister Öz sagte in Bonn")], "within": None, "date": None,
    }],
    "events": [{
        "type": "CONSULT", "mode": None, "status": "possible", "contexts": [], "actors": [1], "recipients": [2],
        "place": 3, "date": None, "trigger": [at("getroffen")], "sentence": 0, "statement": 0,
        "quad": "verbal cooperation", "score": 2.5, "cameo": "040", "same_as": None, "confidence": 0.5,
    }],
}  # fmt: skip


@pytest.fixture(scope="session")
def engine():
    return depesche.load("de")


@pytest.fixture
def document():
    return depesche.Document.from_json(json.dumps(RECORD))
