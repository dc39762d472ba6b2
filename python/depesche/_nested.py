"""What Spark and Ray share: rows in, for each row one record of nested tables out.

A record has the document's key, the columns that are carried through, what went wrong if it could not be read, and for
each table of a dataset an array of rows. But for the key of their document, rows are what the batch engine writes, so
that unfolding an array gives the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ._corpus import Corpus
from ._engine import Engine, load
from ._errors import ArgumentError, ReadError

if TYPE_CHECKING:
    import pyarrow

TABLES = ("documents", "entities", "mentions", "roles", "times", "statements", "events", "participants", "dyads")
FIELDS = ("id", "text", "title", "date", "source", "url")
KEY = "document"
ERROR = "error"
#: Documents whose records are held at once; what bounds the memory of a worker.
CHUNK = 64


@dataclass(frozen=True)
class Job:
    """What workers are told."""

    columns: Mapping[str, str]
    """What the fields of a document are called in the input; those that are not there are left out."""
    tables: tuple[str, ...]
    carry: tuple[str, ...]
    layers: str | Sequence[str] | None
    engine: Engine | None
    """One set up by the user; none is the ordinary one. It travels as what it was set up with, the user's own frames
    and tables, never with the model. A process that gets it twice has one."""

    @staticmethod
    def of(
        there: Iterable[str],
        names: Mapping[str, str | None],
        tables: Iterable[str],
        carry: Iterable[str],
        layers: str | Sequence[str] | None,
        engine: Engine | None,
    ) -> Job:
        """Check what a user asked for against the columns that are `there`."""
        there = list(there)
        tables, carry = tuple(tables), tuple(carry)
        for table in tables:
            if table not in TABLES:
                raise ArgumentError(f"there is no table {table!r}; expected {', '.join(TABLES)}")
        for column in carry:
            if column not in there:
                raise ArgumentError(f"there is no column {column!r} to carry; there are {', '.join(there)}")
            for table in tables:
                if column in (*schemas()[table].names, ERROR):
                    raise ArgumentError(
                        f"{table} have a column {column!r} of their own; rename the one that is carried"
                    )
        columns = {}
        for field, name in names.items():
            if name is None:
                continue
            if name in there:
                columns[field] = name
            elif field == "text" or name != field:
                raise ArgumentError(f"there is no column {name!r} for the {field}; there are {', '.join(there)}")
        return Job(columns, tables, carry, layers, engine)

    @property
    def needed(self) -> list[str]:
        """The columns of the input that workers need."""
        return [*dict.fromkeys([*self.columns.values(), *self.carry])]


@cache
def schemas() -> dict[str, pyarrow.Schema]:
    """Return the columns of every table of a dataset; needs no engine."""
    empty = Corpus()
    frames = {name: empty.dyads() if name == "dyads" else getattr(empty, name) for name in TABLES}
    return {name: frame.to_arrow().schema for name, frame in frames.items()}


def error_type() -> pyarrow.DataType:
    """Return the type of the column that says why a document could not be read."""
    import pyarrow as pa

    return pa.struct([("kind", pa.string()), ("message", pa.string())])


def row_type(table: str) -> pyarrow.DataType:
    """Return the type of a row of a table inside a record: the table's columns but for the document's key."""
    import pyarrow as pa

    return pa.struct([field for field in schemas()[table] if field.name != KEY])


class Reader:
    """Reads batches of rows; one for each worker process."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._engine = job.engine or load("de")

    def read(self, batch: pyarrow.RecordBatch | pyarrow.Table) -> Iterator[pyarrow.RecordBatch]:
        """Read rows that have a column `document`; records come in small batches, so that few are held at once."""
        for start in range(0, batch.num_rows, CHUNK):
            yield self._chunk(batch.slice(start, CHUNK))

    def tables(self, rows: Iterable[Mapping[str, Any]]) -> tuple[list[ReadError | None], dict[str, pyarrow.Array]]:
        """Read rows: for each what went wrong, and for each table an array of its rows."""
        answers = list(self._engine.pipe(rows, layers=self.job.layers, threads=1, errors="collect"))
        good = [at for at, answer in enumerate(answers) if not isinstance(answer, ReadError)]
        corpus = Corpus([answers[at] for at in good])  # type: ignore[misc]
        arrays = {name: _nest(corpus, name, good, len(answers)) for name in self.job.tables}
        return [answer if isinstance(answer, ReadError) else None for answer in answers], arrays

    def _chunk(self, batch: pyarrow.RecordBatch | pyarrow.Table) -> pyarrow.RecordBatch:
        import pyarrow as pa

        names = {field: batch.column(name).to_pylist() for field, name in self.job.columns.items()}
        keys = batch.column(KEY).to_pylist()
        names.setdefault("id", keys)
        rows = [dict(zip(names, values)) for values in zip(*names.values())]
        errors, arrays = self.tables(rows)
        columns = {KEY: pa.array(keys, pa.int64())}
        for name in self.job.carry:
            column = batch.column(name)
            columns[name] = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        faults = [error and {"kind": error.kind, "message": error.message} for error in errors]
        columns[ERROR] = pa.array(faults, error_type())
        columns.update(arrays)
        return pa.RecordBatch.from_pydict(columns)


def _nest(corpus: Corpus, name: str, good: Sequence[int], rows: int) -> pyarrow.Array:
    """Return an array for each row with what the corpus has of it; rows that could not be read have an empty one."""
    import pyarrow as pa

    frame = corpus.dyads() if name == "dyads" else getattr(corpus, name)
    flat = frame.to_arrow().combine_chunks()
    counts = Counter(flat.column(KEY).to_pylist())
    lengths = [0] * rows
    for number, at in enumerate(good):
        lengths[at] = counts[number]
    kind = row_type(name)
    cells = [flat.column(field.name).combine_chunks() for field in kind]
    cells = [cell.chunk(0) if isinstance(cell, pa.ChunkedArray) else cell for cell in cells]
    items = pa.StructArray.from_arrays(cells, fields=list(kind))
    return pa.ListArray.from_arrays(pa.array([0, *accumulate(lengths)], pa.int32()), items, type=pa.list_(kind))
