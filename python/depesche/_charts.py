"""Pictures of a corpus: what they show, as plain rows. `_altair` and `_matplotlib` draw them.

Cooperation is blue and conflict red, which also those can tell apart who do not see green. Pictures have a white ground
of their own, so that they can be read in light and dark notebooks.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Optional

from ._acts import QUADS, Act, Edge, Period, acts, check, edges, period
from ._errors import ArgumentError, MissingError

if TYPE_CHECKING:
    from ._corpus import Corpus

Backend = Optional[Literal["altair", "matplotlib"]]

COLOURS = {
    "verbal cooperation": "#92c5de",
    "material cooperation": "#2166ac",
    "verbal conflict": "#f4a582",
    "material conflict": "#b2182b",
}
COOPERATION, CONFLICT, GREY = "#2166ac", "#b2182b", "#777777"


@dataclass
class Bars:
    """Stacked or grouped bars: rows of category (`x`, in the order of `axis`), `group` and `value`."""

    title: str
    x: str
    y: str
    axis: list[str]
    rows: list[dict[str, Any]]
    groups: list[str]
    colours: dict[str, str]
    stacked: bool
    empty: str


@dataclass
class Node:
    """An actor on the circle."""

    name: str
    events: int
    x: float
    y: float


@dataclass
class Arc:
    """An arrow between two actors, as points on a curve."""

    edge: Edge
    points: list[tuple[float, float]]


@dataclass
class Graph:
    """Actors on a circle and arrows between them."""

    title: str
    nodes: list[Node]
    arcs: list[Arc]
    empty: str


@dataclass
class Dots:
    """Places with the number and mean score of what happened there, and the part of the world that is shown."""

    title: str
    rows: list[dict[str, Any]]
    lon: tuple[float, float]
    lat: tuple[float, float]
    land: list[list[tuple[float, float]]]
    empty: str


def timeline(
    corpus: Corpus, every: Period, by: str, since: str | None, until: str | None, any_status: bool, backend: Backend
) -> Any:
    """Draw events over time; see `depesche.Corpus.timeline`."""
    check("every", every, ("day", "month", "year"))
    check("by", by, KEYS)
    counts: Counter[tuple[str, str]] = Counter()
    undated = 0
    for act in acts(corpus, any_status=any_status):
        when = period(act.date, every)
        if when is None:
            undated += 1
        elif (since is None or when >= since) and (until is None or when <= until):
            counts.update((when, group) for group in KEYS[by](act))
    groups = _order(by, Counter(group for _, group in counts.elements()))
    rows: list[dict[str, Any]] = [
        {"x": when, "group": group, "value": count} for (when, group), count in sorted(counts.items())
    ]
    title = f"Events by {every}" + (f" ({undated} without a date that fine)" if undated else "")
    axis = _between(rows[0]["x"], rows[-1]["x"], every) if rows else []
    return _draw(Bars(title, every, "events", axis, rows, groups, _colours(groups), True, "No dated events."), backend)


def network(corpus: Corpus, top: int, min_events: int, any_status: bool, backend: Backend) -> Any:
    """Draw who acts on whom; see `depesche.Corpus.network`."""
    if top < 2 or min_events < 1:
        raise ArgumentError("top must be 2 or more and min_events 1 or more")
    found = [edge for edge in edges(acts(corpus, any_status=any_status)) if edge.events >= min_events]
    weight: Counter[str] = Counter()
    for edge in found:
        weight[edge.actor] += edge.events
        weight[edge.recipient] += edge.events
    kept = {name for name, _ in sorted(weight.items(), key=lambda item: (-item[1], item[0]))[:top]}
    found = [edge for edge in found if edge.actor in kept and edge.recipient in kept]
    nodes = _circle(found, {name: weight[name] for name in kept})
    title = "Who acts on whom" + (f" (the {top} most frequent of {len(weight)})" if len(weight) > top else "")
    return _draw(Graph(title, nodes, _arcs(nodes, found), "No events with an actor and a recipient."), backend)


def world(corpus: Corpus, any_status: bool, backend: Backend) -> Any:
    """Draw where things happened; see `depesche.Corpus.map`."""
    places: dict[tuple[str, float, float], list[Act]] = {}
    elsewhere = 0
    for act in acts(corpus, any_status=any_status):
        if act.place is None:
            elsewhere += 1
        else:
            places.setdefault((act.place.name, act.place.lat, act.place.lon), []).append(act)
    rows: list[dict[str, Any]] = [
        {
            "place": name, "lat": lat, "lon": lon, "events": len(here),
            "score": round(sum(act.score for act in here) / len(here), 2),
            "types": _listed(Counter(act.type for act in here)),
        }
        for (name, lat, lon), here in places.items()
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row["events"], row["place"]))
    title = "Where it happened" + (f" ({elsewhere} events without a known place)" if elsewhere else "")
    lon = _extent([row["lon"] for row in rows], -180, 180)
    lat = _extent([row["lat"] for row in rows], -60, 85)
    return _draw(Dots(title, rows, lon, lat, _land(), "No events at places with coordinates."), backend)


def _extent(values: Sequence[float], least: float, most: float) -> tuple[float, float]:
    """What is shown of an axis: all values, and ten degrees beyond."""
    return max(least, min(values, default=least) - 10), min(most, max(values, default=most) + 10)


def compare(groups: Mapping[str, Corpus], by: str, any_status: bool, backend: Backend) -> Any:
    """Draw shares side by side; see `depesche.Corpus.compare`."""
    check("by", by, KEYS)
    rows: list[dict[str, Any]] = []
    totals: Counter[str] = Counter()
    names: list[str] = []
    for name, corpus in groups.items():
        counts = Counter(key for act in acts(corpus, any_status=any_status) for key in KEYS[by](act))
        number = sum(counts.values())
        totals.update(counts)
        names.append(name)
        rows += [
            {"x": key, "group": name, "value": 100 * count / number, "events": count} for key, count in counts.items()
        ]
    order = _order(by, totals)[:MOST]
    rows = sorted((row for row in rows if row["x"] in order), key=lambda row: order.index(row["x"]))
    palette = dict(zip(names, _PALETTE * (1 + len(names) // len(_PALETTE))))
    return _draw(
        Bars(f"Share of events by {by}", by, "per cent of events", order, rows, names, palette, False, "No events."),
        backend,
    )


MOST = 20  # categories that are shown
KEYS: dict[str, Callable[[Act], Sequence[str]]] = {
    "quad": lambda act: (act.quad,),
    "type": lambda act: (act.type,),
    "status": lambda act: (act.status,),
    "actor": lambda act: act.actors,
    "recipient": lambda act: act.recipients,
    "source": lambda act: (act.source or "unknown",),
}
_PALETTE = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb"]


def _between(first: str, last: str, every: Period) -> list[str]:
    """The periods from one to another, also those without events, so that gaps in time can be seen."""
    if every == "year":
        return [f"{year:04}" for year in range(int(first), int(last) + 1)]
    if every == "month":
        number = [int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last)]
        return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(number[0], number[1] + 1)]
    days = [date.fromisoformat(day).toordinal() for day in (first, last)]
    return [date.fromordinal(day).isoformat() for day in range(days[0], days[1] + 1)]


def _order(by: str, counts: Mapping[str, int]) -> list[str]:
    """The quad classes as in the codebook, other groups by frequency."""
    if by == "quad":
        return [quad for quad in QUADS if quad in counts]
    return sorted(counts, key=lambda key: (-counts[key], key))


def _colours(groups: Sequence[str]) -> dict[str, str]:
    return {group: COLOURS.get(group) or _PALETTE[i % len(_PALETTE)] for i, group in enumerate(groups)}


def _listed(types: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in types.most_common(4))


def tone(score: float) -> str:
    """Return the colour of a mean score."""
    return COOPERATION if score > 0 else CONFLICT if score < 0 else GREY


def summary(edge: Edge) -> dict[str, Any]:
    """Return what is shown of an edge on hovering."""
    return {
        "who": edge.actor, "whom": edge.recipient, "events": edge.events, "score": round(edge.mean, 2),
        "types": _listed(edge.types),
    }  # fmt: skip


def _circle(found: Iterable[Edge], weight: Mapping[str, int]) -> list[Node]:
    """Actors on a circle, those who have much to do with one another side by side."""
    ties: Counter[tuple[str, str]] = Counter()
    for edge in found:
        ties[edge.actor, edge.recipient] += edge.events
        ties[edge.recipient, edge.actor] += edge.events
    left = {name for pair in ties for name in pair}
    order: list[str] = []
    while left:
        near = order[-3:]
        following = min(left, key=lambda name: (-sum(ties[name, other] for other in near), -weight[name], name))
        order.append(following)
        left.remove(following)
    angle = [2 * math.pi * i / max(1, len(order)) for i in range(len(order))]
    return [Node(name, weight[name], math.sin(a), math.cos(a)) for name, a in zip(order, angle)]


def _arcs(nodes: Sequence[Node], found: Iterable[Edge]) -> list[Arc]:
    """Curves that bend towards the centre, and to their right, so that both directions can be seen."""
    at = {node.name: (node.x, node.y) for node in nodes}
    arcs = []
    for edge in found:
        (x0, y0), (x1, y1) = at[edge.actor], at[edge.recipient]
        bend = 0.12
        cx, cy = (x0 + x1) * 0.3 + (y1 - y0) * bend, (y0 + y1) * 0.3 - (x1 - x0) * bend
        points = []
        for step in range(13):
            t = 0.04 + 0.92 * step / 12
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            points.append((round(a * x0 + b * cx + c * x1, 4), round(a * y0 + b * cy + c * y1, 4)))
        arcs.append(Arc(edge, points))
    return arcs


@cache
def _land() -> list[list[tuple[float, float]]]:
    """Coastlines (Natural Earth 1:110m) as longitudes and latitudes."""
    rings = json.loads(Path(__file__).with_name("land.json").read_text(encoding="utf-8"))
    return [list(zip(ring[::2], ring[1::2])) for ring in rings]


def _draw(picture: Bars | Graph | Dots, backend: Backend) -> Any:
    if backend is None:
        backend = "altair" if find_spec("altair") else "matplotlib"
    check("backend", backend, ("altair", "matplotlib"))
    if find_spec(backend) is None:
        raise MissingError(f"pictures need {backend}: pip install 'depesche[plots]'")
    return import_module(f"._{backend}", __package__).draw(picture)
