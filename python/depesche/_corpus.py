"""Many documents together."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NoReturn, overload

from . import _depesche
from ._errors import ArgumentError, ReadError
from ._frames import Frame
from ._objects import Document

if TYPE_CHECKING:
    from ._acts import Period
    from ._charts import Backend


def _error(line: str) -> ReadError | None:
    """The error of an error record, if it is one."""
    try:
        record = json.loads(line)
        return ReadError(str(record["id"]), record["error"]["kind"], record["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return None


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)


class Corpus(Sequence[Document]):
    """Documents in the order in which they were read, and what could not be read.

    Attributes:
        errors: a `ReadError` for each row that could not be read.

    """

    def __init__(self, documents: Sequence[Document] = (), errors: Sequence[ReadError] = ()) -> None:
        self._documents = tuple(documents)
        self.errors: tuple[ReadError, ...] = tuple(errors)

    def __len__(self) -> int:
        return len(self._documents)

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> Corpus: ...
    def __getitem__(self, index: int | slice) -> Document | Corpus:
        if isinstance(index, slice):
            return Corpus(self._documents[index])
        return self._documents[index]

    def __iter__(self) -> Iterator[Document]:
        return iter(self._documents)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Corpus) and self._documents == other._documents

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<depesche.Corpus of {len(self)} documents, {len(self.errors)} errors>"

    def to_jsonl(self) -> str:
        """Return the records as JSON Lines, as ``depesche extract`` writes them."""
        return "".join(doc.to_json() + "\n" for doc in self)

    @classmethod
    def from_jsonl(cls, path: str | os.PathLike[str]) -> Corpus:
        """Read records back, of a file or of the folder of a batch run's dataset, in JSON Lines, perhaps with gzip.

        Error records become `errors`.

        Raises:
            ValueError: if a line is neither a record nor an error record; the message says where.
            OSError: if a file cannot be read.

        """
        import gzip

        path = pathlib.Path(path)
        files = sorted((path / "records").glob("*.jsonl*")) if path.is_dir() else [path]
        if not files or any(file.suffix == ".zst" for file in files):
            raise ArgumentError(f"{path}: expected records in JSON Lines, as they are or with gzip")
        documents: list[Document] = []
        errors: list[ReadError] = []
        for file in files:
            opened = gzip.open if file.suffix == ".gz" else open
            with opened(file, "rt", encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    try:
                        documents.append(Document.from_json(line))
                    except ValueError as error:
                        errors.append(_error(line) or _refuse(f"{file}:{number}: {error}"))
        return cls(documents, errors)

    @cached_property
    def _frames(self) -> dict[str, Frame]:
        tables = _depesche.tables([doc._native for doc in self])
        return {name: Frame(name, table) for name, table in tables}

    @property
    def documents(self) -> Frame:
        """One row a document, with its text."""
        return self._frames["documents"]

    @property
    def entities(self) -> Frame:
        """One row for each actor or place of a document."""
        return self._frames["entities"]

    @property
    def mentions(self) -> Frame:
        """One row for each place where a text names an entity."""
        return self._frames["mentions"]

    @property
    def roles(self) -> Frame:
        """One row for each office of a person."""
        return self._frames["roles"]

    @property
    def times(self) -> Frame:
        """One row for each time expression."""
        return self._frames["times"]

    @property
    def statements(self) -> Frame:
        """One row for each statement."""
        return self._frames["statements"]

    @property
    def events(self) -> Frame:
        """One row for each event."""
        return self._frames["events"]

    @property
    def participants(self) -> Frame:
        """One row for each actor and recipient of an event."""
        return self._frames["participants"]

    def dyads(self) -> Frame:
        """Return one row for each event, actor and recipient: who did what to whom, ready to count."""
        return self._frames["dyads"]

    def timeline(
        self,
        *,
        every: Period = "month",
        by: Literal["quad", "type", "status", "actor", "recipient", "source"] = "quad",
        since: str | None = None,
        until: str | None = None,
        any_status: bool = False,
        backend: Backend = None,
    ) -> Any:
        """Draw the number of events over time, as stacked bars.

        An event without a date of its own has that of its document. As in the other pictures, events that have not
        happened (planned, possible, negated) and second reports of one fact within a document are left out.

        Args:
            every: length of a period: ``day``, ``month`` or ``year``.
            by: what the colours tell apart.
            since, until: first and last period that is shown, such as ``"2025-01"``; news also mentions events of
                long ago.
            any_status: show all events, whatever their status.
            backend: ``"altair"`` or ``"matplotlib"``; the one that is installed unless given, Altair if both are.

        Returns:
            An Altair chart or a Matplotlib figure; Jupyter shows both. Without events it says so.

        Raises:
            MissingError: if neither is installed (``pip install 'depesche[plots]'``).
            ArgumentError: if an argument makes no sense.

        """
        from . import _charts

        return _charts.timeline(self, every, by, since, until, any_status, backend)

    def network(self, *, top: int = 20, min_events: int = 1, any_status: bool = False, backend: Backend = None) -> Any:
        """Draw who acts on whom: blue arrows for cooperation, red ones for conflict, by the mean score.

        Countries and organisations are shown by their code, others by name. Those who act together without a
        recipient, such as two who meet, act on one another; the arrow between them is drawn once.

        Args:
            top: how many actors are shown, the most frequent first.
            min_events: leave out pairs with fewer events.
            any_status, backend: as for `timeline`, also what is returned and raised.

        """
        from . import _charts

        return _charts.network(self, top, min_events, any_status, backend)

    def map(self, *, any_status: bool = False, backend: Backend = None) -> Any:
        """Draw where things happened: events whose place has coordinates, on a map of the world.

        Colours show the mean score, -10 (conflict) to +10 (cooperation). Arguments, result and errors are those of
        `timeline`.
        """
        from . import _charts

        return _charts.world(self, any_status, backend)

    def compare(
        self,
        *others: Corpus,
        labels: Sequence[str] | None = None,
        by: Literal["type", "quad", "status", "actor", "recipient"] = "type",
        any_status: bool = False,
        backend: Backend = None,
    ) -> Any:
        """Draw the shares of kinds of events side by side, of this corpus and others, or of this one's sources.

        Args:
            others: corpora to compare with; without any, the documents of each `source` are one group.
            labels: names of this corpus and the others, in this order.
            by: what the bars tell apart.
            any_status, backend: as for `timeline`, also what is returned and raised.

        """
        from . import _charts

        return _charts.compare(self._groups(others, labels), by, any_status, backend)

    def _groups(self, others: Sequence[Corpus], labels: Sequence[str] | None) -> dict[str, Corpus]:
        if others:
            names = labels or [f"corpus {number + 1}" for number in range(1 + len(others))]
            if len(set(names)) != 1 + len(others):
                raise ArgumentError(f"{1 + len(others)} different labels are needed, one for each corpus")
            return dict(zip(names, (self, *others)))
        if labels is not None:
            raise ArgumentError("labels are for several corpora; the groups of one are named by their sources")
        sources: dict[str, list[Document]] = {}
        for doc in self:
            sources.setdefault(doc._native.source or "unknown source", []).append(doc)
        return {name: Corpus(documents) for name, documents in sources.items()}
