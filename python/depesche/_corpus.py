"""Many documents together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from ._errors import ReadError
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
