"""Events of a corpus as plain rows to count and draw: who, whom, when, where, how friendly.

Actors are shown as in ``depesche count``: countries and organisations by their code, others by name.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ._errors import ArgumentError

if TYPE_CHECKING:
    from ._objects import Document

Period = Literal["day", "month", "year"]
LENGTH = {"day": 10, "month": 7, "year": 4}

QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")


@dataclass(frozen=True)
class Spot:
    """A place with coordinates in degrees."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Act:
    """An event, and the document that reports it."""

    date: str | None
    type: str
    mode: str
    status: str
    quad: str
    score: float
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    place: Spot | None
    source: str


def acts(documents: Iterable[Document], *, any_status: bool = False) -> Iterator[Act]:
    """Yield the events; those that have not happened, and second reports of one fact, only on request."""
    for doc in documents:
        # Not the document's own objects: they would stay in memory for a corpus of any size.
        record: dict[str, Any] = json.loads(doc._native.to_json())
        entities = record["entities"]
        for event in record["events"]:
            if not any_status and (event["status"] != "actual" or event["same_as"] is not None):
                continue
            yield Act(
                event["date"] or record["date"],
                event["type"],
                event["mode"] or "",
                event["status"],
                event["quad"],
                event["score"],
                tuple(dict.fromkeys(_label(entities[id]) for id in event["actors"])),
                tuple(dict.fromkeys(_label(entities[id]) for id in event["recipients"])),
                _spot(None if event["place"] is None else entities[event["place"]]),
                record["source"] or "",
            )


def period(date: str | None, every: Period) -> str | None:
    """Return the day, month or year of a date; none if the date is coarser than that."""
    return date[: LENGTH[every]] if date is not None and len(date) >= LENGTH[every] else None


def check(name: str, value: str, among: Iterable[str]) -> None:
    """Refuse a value that makes no sense."""
    among = tuple(among)
    if value not in among:
        raise ArgumentError(f"{name} must be one of {', '.join(among)}, not {value!r}")


@dataclass
class Edge:
    """How one actor acts on another."""

    actor: str
    recipient: str
    events: int
    score: float
    types: Counter[str]

    @property
    def mean(self) -> float:
        """Mean score, -10 (conflict) to +10 (cooperation)."""
        return self.score / self.events


def edges(found: Iterable[Act]) -> list[Edge]:
    """Return who acts on whom, the most frequent first; acts of several together count for each pair."""
    table: dict[tuple[str, str], Edge] = {}
    for act in found:
        for actor in act.actors:
            # Those who meet or agree without a host are all actors: they act on one another.
            mutual = [other for other in act.actors if other > actor] if not act.recipients else []
            for recipient in (*act.recipients, *mutual):
                if actor == recipient:
                    continue
                edge = table.setdefault((actor, recipient), Edge(actor, recipient, 0, 0.0, Counter()))
                edge.events += 1
                edge.score += act.score
                edge.types[act.type] += 1
    return sorted(table.values(), key=lambda edge: (-edge.events, edge.actor, edge.recipient))


def _label(entity: dict[str, Any]) -> str:
    return str(entity["code"] or entity["name"])


def _spot(entity: dict[str, Any] | None) -> Spot | None:
    if entity is None or entity.get("lat") is None or entity.get("lon") is None:
        return None
    return Spot(entity["name"], entity["lat"], entity["lon"])
