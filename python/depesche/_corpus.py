"""Many documents together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

from . import _depesche
from ._errors import ReadError
from ._frames import Frame
from ._objects import Document


class Corpus(Sequence[Document]):
    """Documents in the order in which they were read, and what could not be read.

    Attributes:
        errors: a :class:`ReadError` for each row that could not be read.

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
