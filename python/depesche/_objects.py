"""A document and what it reports, as typed objects over the record.

Attributes are named as in the record; where the record has a number that points to something, the object has the thing:
``event.actors`` are entities, ``event.statement`` is a statement. Positions count code points, so that
``doc.text[x.start:x.end]`` is what ``x.text`` says. The objects are immutable, comparable, hashable and can be pickled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from . import _depesche
from ._html import render

Json = dict[str, Any]


@dataclass(frozen=True, repr=False)
class _Part:
    """Something that belongs to a document and knows its record."""

    _doc: Document = field(compare=False)
    _record: Json = field(compare=False)

    def to_dict(self) -> Json:
        """Return this part of the record: plain numbers, strings, lists and dictionaries."""
        copy: Json = json.loads(json.dumps(self._record))
        return copy

    def to_json(self) -> str:
        """Return this part of the record as JSON in one line."""
        return json.dumps(self._record, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, repr=False)
class Span(_Part):
    """A piece of the text: code points `start` to `end`, half open."""

    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters of the piece."""
        return self._doc.text[self.start : self.end]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.start}:{self.end} {_short(self.text)}>"


@dataclass(frozen=True, repr=False)
class Token(Span):
    """A word with its morphology and its place in the tree (Universal Dependencies 2)."""

    lemma: str
    upos: str
    feats: str
    head: int
    deprel: str
    sentence: int
    predicate: str | None

    def __repr__(self) -> str:
        return f"<Token {self.text!r} {self.upos} {self.deprel}>"


@dataclass(frozen=True, repr=False)
class Mention(Span):
    """A place where the text names an entity.

    `kind` is name, adjective, demonym, compound, nominal or pronoun; `type` the kind of thing named here where it
    differs from the entity's.
    """

    kind: str
    type: str | None

    def __repr__(self) -> str:
        return f"<Mention {self.start}:{self.end} {self.kind} {_short(self.text)}>"


@dataclass(frozen=True, repr=False)
class Entity(_Part):
    """An actor or place of the document, one for each real one.

    `type` is person, state, igo, org, group, place or other; `code` whom it stands for (ISO 3166-1 alpha-3 or an
    organisation's code); `sector` one of PLOVER's sectors; `lat` and `lon` are degrees, for places and states.
    """

    id: int
    type: str
    name: str
    code: str | None
    sector: str | None
    lat: float | None
    lon: float | None
    mentions: tuple[Mention, ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        """The offices that the text gives to this person."""
        return tuple(role for role in self._doc.roles if role.person == self)

    def __repr__(self) -> str:
        label = " ".join(x for x in (self.type, self.code, self.sector) if x)
        return f"<Entity {self.name!r} {label}, {len(self.mentions)} mentions>"


@dataclass(frozen=True, repr=False)
class Role(Span):
    """An office of a person in a state or organisation (`of`); `status` is current, former or designated."""

    person: Entity
    role: str
    of: Entity | None
    status: str

    def __repr__(self) -> str:
        of = f" of {self.of.name!r}" if self.of else ""
        return f"<Role {self.person.name!r} {self.status} {self.role!r}{of}>"


@dataclass(frozen=True, repr=False)
class Time(Span):
    """A time expression with its TIMEX3 `type` (DATE, TIME, DURATION, SET), `value` and `mod`."""

    type: str
    value: str
    mod: str | None

    def __repr__(self) -> str:
        return f"<Time {self.type} {self.value} {_short(self.text)}>"


@dataclass(frozen=True, repr=False)
class Party(Span):
    """The speaker or addressee of a statement: the words that name it and the entities meant."""

    entities: tuple[Entity, ...]

    @property
    def entity(self) -> Entity | None:
        """The entity meant, the first if there are several; none if the words name nobody known."""
        return self.entities[0] if self.entities else None

    @property
    def name(self) -> str:
        """The entities' names, or the words of the text."""
        return ", ".join(entity.name for entity in self.entities) or self.text

    def __repr__(self) -> str:
        return f"<Party {self.name!r}>"


@dataclass(frozen=True, repr=False)
class Statement(_Part):
    """Something said, written or thought by somebody.

    `kind` is direct, indirect, reported, free-indirect or indirect-free-indirect; `medium` speech, thought, writing or
    a mixture; `stance` supportive, critical, demanding, warning or neutral; `within` the statement it is nested in.
    """

    kind: str
    medium: str | None
    stance: str
    content: tuple[Span, ...]
    speaker: Party | None
    addressee: Party | None
    cue: tuple[Span, ...]
    frame: tuple[Span, ...]
    date: str | None
    within: Statement | None

    @property
    def text(self) -> str:
        """What is said; pieces are joined by an ellipsis."""
        return _joined(self.content)

    def __repr__(self) -> str:
        return f"<Statement {self.kind} {self.speaker.name if self.speaker else None!r}: {_short(self.text)}>"


@dataclass(frozen=True)
class Found:
    """How a participant of an event was found.

    `part` is actor or recipient; `way` a slot of the frame (``subj``, ``acc``, ``gegen``), ``inside`` a compound,
    ``sentence``, or ``context`` with its source.
    """

    part: str
    name: str
    way: str


@dataclass(frozen=True)
class Why:
    """Why an event was coded; printed, it is a few lines for people.

    `predicate` is the word in base form; `decided_by` the learned ``judge`` or a user's ``frame``; `frame` the frame as
    it is listed and `origin` its file and line; `cues` what in the grammar gave the status; `weights` the judge's
    features with their weights, heaviest first, above 0 for the event and below 0 against it.
    """

    predicate: str
    decided_by: str
    frame: str | None
    origin: str | None
    cues: tuple[str, ...]
    weights: tuple[tuple[str, float], ...]
    participants: tuple[Found, ...]

    def __str__(self) -> str:
        frame = f"frame {self.frame!r} ({self.origin})" if self.frame else "no frame"
        lines = [f"{self.predicate}: {frame}, decided by the {self.decided_by}"]
        if self.cues:
            lines.append(f"  status: {', '.join(self.cues)}")
        lines += [f"  {found.part} {found.name}: {found.way}" for found in self.participants]
        lines += [f"  {weight:+.2f} {feature}" for feature, weight in self.weights]
        return "\n".join(lines)


@dataclass(frozen=True, repr=False)
class Event(_Part):
    """Who did what to whom, as one sentence reports it.

    `type` and `mode` are PLOVER's; `status` is actual, planned, possible or negated; `contexts` PLOVER's contexts;
    `date` an ISO date or period; `sentence` where it is reported; `statement` the statement that reports it, if it is
    only reported; `quad`, `score` (-10 conflict to +10 cooperation) and `cameo` are derived; `same_as` is an earlier
    event that reports the same fact; `confidence` lies between 0 and 1; `label` is what the user's frame file calls
    such events; `why` says why it was coded, if that was asked for.
    """

    type: str
    mode: str | None
    status: str
    contexts: tuple[str, ...]
    actors: tuple[Entity, ...]
    recipients: tuple[Entity, ...]
    place: Entity | None
    date: str | None
    trigger: tuple[Span, ...]
    sentence: Span | None
    statement: Statement | None
    quad: str
    score: float
    cameo: str | None
    confidence: float
    same_as: Event | None
    label: str | None = None
    why: Why | None = None

    @property
    def text(self) -> str:
        """The words that carry the type; pieces are joined by an ellipsis."""
        return _joined(self.trigger)

    def __repr__(self) -> str:
        what = f"{self.type} {self.mode}" if self.mode else self.type
        status = "" if self.status == "actual" else f" ({self.status})"
        whom = f" -> {_names(self.recipients)}" if self.recipients else ""
        return f"<Event {what}{status}: {_names(self.actors)}{whom}>"


class Document:
    """A text that has been read, and what it reports. Shows itself in Jupyter."""

    def __init__(self, record: _depesche.Record) -> None:
        self._native = record

    @classmethod
    def from_json(cls, json: str) -> Document:
        """Return the document of a record, one line of ``depesche extract``.

        Raises:
            ValueError: if it is no record.

        """
        return cls(_depesche.Record.from_json(json))

    @cached_property
    def _record(self) -> Json:
        record: Json = json.loads(self._native.to_json())
        return record

    def to_dict(self) -> Json:
        """Return the record: plain numbers, strings, lists and dictionaries."""
        record: Json = json.loads(self._native.to_json())
        return record

    def to_json(self) -> str:
        """Return the record as JSON in one line."""
        return self._native.to_json()

    @property
    def id(self) -> str:
        """The identifier that was given."""
        return self._native.id

    @cached_property
    def text(self) -> str:
        """The text that was read; empty if the record was stored without."""
        return self._native.text or ""

    @property
    def title(self) -> str | None:
        """The title that was given."""
        return _maybe(self._record["title"])

    @property
    def date(self) -> str | None:
        """The document's own date."""
        return _maybe(self._record["date"])

    @property
    def lang(self) -> str:
        """The language."""
        return str(self._record["lang"])

    @property
    def source(self) -> str | None:
        """The source that was given."""
        return _maybe(self._record["source"])

    @property
    def url(self) -> str | None:
        """The address that was given."""
        return _maybe(self._record["url"])

    @property
    def cluster(self) -> str | None:
        """The cluster of near-duplicates that a batch run put it in."""
        return _maybe(self._record["cluster"])

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences in the order of the text."""
        return self._spans(self._record["sentences"])

    @cached_property
    def tokens(self) -> tuple[Token, ...] | None:
        """The words; none unless the layer ``tokens`` was asked for."""
        tokens = self._record.get("tokens")
        if tokens is None:
            return None
        return tuple(Token(self, t, **{"predicate": None, **t}) for t in tokens)

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Actors and places."""
        return tuple(self._entity(e) for e in self._record["entities"])

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Offices of persons."""
        who = self.entities
        return tuple(
            Role(self, r, r["start"], r["end"], who[r["person"]], r["role"], self._one(r["of"]), r["status"])
            for r in self._record["roles"]
        )

    @cached_property
    def times(self) -> tuple[Time, ...]:
        """Time expressions."""
        return tuple(Time(self, t, **t) for t in self._record["times"])

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Who said what."""
        records = self._record["statements"]
        done: dict[int, Statement] = {}

        def make(index: int) -> Statement:
            if index not in done:
                s = records[index]
                outer = s["within"]
                done[index] = Statement(
                    self, s, s["kind"], s["medium"], s["stance"], self._spans(s["content"]), self._party(s["speaker"]),
                    self._party(s["addressee"]), self._spans(s["cue"]), self._spans(s["frame"]), s["date"],
                    None if outer is None or outer == index else make(outer),
                )  # fmt: skip
            return done[index]

        return tuple(make(index) for index in range(len(records)))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Who did what to whom."""
        events: list[Event] = []
        for e in self._record["events"]:
            statement, earlier = e["statement"], e["same_as"]
            events.append(
                Event(
                    self,
                    e,
                    e["type"],
                    e["mode"],
                    e["status"],
                    tuple(e["contexts"]),
                    self._many(e["actors"]),
                    self._many(e["recipients"]),
                    self._one(e["place"]),
                    e["date"],
                    self._spans(e["trigger"]),
                    self.sentences[e["sentence"]] if e["sentence"] < len(self.sentences) else None,
                    # Missing where the layer of statements was not asked for.
                    self.statements[statement] if statement is not None and self.statements else None,
                    e["quad"],
                    e["score"],
                    e["cameo"],
                    e["confidence"],
                    None if earlier is None else events[earlier],
                    e.get("label"),
                    _why(e.get("why")),
                )  # fmt: skip
            )
        return tuple(events)

    @property
    def facts(self) -> tuple[Event, ...]:
        """The events without those that report again what an earlier one has reported."""
        return tuple(event for event in self.events if event.same_as is None)

    def show(self) -> Any:
        """Display the document in a notebook; elsewhere return its HTML."""
        try:
            from IPython.display import HTML, display
        except ImportError:
            return self._repr_html_()
        return display(HTML(self._repr_html_()))

    def _repr_html_(self) -> str:
        return render(self)

    def __repr__(self) -> str:
        name = f" {self.id!r}" if self.id else ""
        counts = ", ".join(
            f"{len(self._record[name])} {name}" for name in ("entities", "roles", "times", "statements", "events")
        )
        return f"<depesche.Document{name}: {counts}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and self._native == other._native

    def __hash__(self) -> int:
        return hash((self.id, self.text))

    def __reduce__(self) -> tuple[Any, ...]:
        return Document.from_json, (self.to_json(),)

    def _entity(self, e: Json) -> Entity:
        mentions = tuple(Mention(self, m, m["start"], m["end"], m["kind"], m.get("type")) for m in e["mentions"])
        place = e.get("lat"), e.get("lon")
        return Entity(self, e, e["id"], e["type"], e["name"], e["code"], e["sector"], *place, mentions)

    def _one(self, id: int | None) -> Entity | None:
        return None if id is None else self.entities[id]

    def _many(self, ids: list[int]) -> tuple[Entity, ...]:
        return tuple(self.entities[id] for id in ids)

    def _spans(self, ranges: list[Json]) -> tuple[Span, ...]:
        return tuple(Span(self, r, r["start"], r["end"]) for r in ranges)

    def _party(self, p: Json | None) -> Party | None:
        return Party(self, p, p["start"], p["end"], self._many(p["entities"])) if p else None


def _maybe(value: Any) -> str | None:
    return None if value is None else str(value)


def _why(why: Json | None) -> Why | None:
    if why is None:
        return None
    weights = tuple((weight["feature"], weight["weight"]) for weight in why["weights"])
    found = tuple(Found(**participant) for participant in why["participants"])
    return Why(why["predicate"], why["decided_by"], why["frame"], why["origin"], tuple(why["cues"]), weights, found)


def _joined(spans: tuple[Span, ...]) -> str:
    return " … ".join(span.text for span in spans)


def _names(entities: tuple[Entity, ...]) -> str:
    return ", ".join(entity.name for entity in entities) or "?"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
