"""The exceptions of the package, all under `Error`."""

from __future__ import annotations

from . import _depesche


class Error(Exception):
    """Whatever this package raises by itself."""


class ArgumentError(Error, ValueError):
    """An argument makes no sense: an unknown language or layer, lists of different length."""


class DataError(Error, ValueError):
    """A frame file or table of the user's has a malformed row.

    Attributes:
        file: its name.
        line: the line, from 1; 0 if the file as a whole is meant.
        message: what is wrong and what was expected.

    """

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(file, line, message)
        self.file = file
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class MissingError(Error, ImportError):
    """A package that is only needed for this is not installed; the message says which."""


class ModelError(Error, RuntimeError):
    """The engine could not be set up."""


class ReadError(Error):
    """A document could not be read.

    Attributes:
        id: the document's identifier.
        kind: a short name for machines, as error records carry it (``date``, ``too-large``, ``type``, ``field``,
            ``encoding``, ``internal``).
        message: one line for people.

    """

    def __init__(self, id: str, kind: str, message: str) -> None:
        super().__init__(id, kind, message)
        self.id = id
        self.kind = kind
        self.message = message

    def __str__(self) -> str:
        return f"document {self.id!r}: {self.message}"

    def to_dict(self) -> dict[str, object]:
        """Return the error record that stands in the document's place in files."""
        return {"schema": "depesche/1", "id": self.id, "error": {"kind": self.kind, "message": self.message}}


class DateError(ReadError, ValueError):
    """The document's date is no ISO 8601 date."""


class TooLargeError(ReadError, ValueError):
    """The text is larger than the engine's limit."""


_KINDS: dict[str, type[ReadError]] = {"date": DateError, "too-large": TooLargeError}


def from_fault(fault: _depesche.Fault) -> ReadError:
    """Return the exception for what the native half reports."""
    id, kind, message = fault.args
    return _KINDS.get(kind, ReadError)(id, kind, message)
