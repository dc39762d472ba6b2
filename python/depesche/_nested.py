"""What Spark and Ray share: rows in, the tables of a dataset out.

Rows are read in chunks. A chunk gives its tables flat, as the batch engine writes them, or packed, as bytes, or nested:
for each row a record with the document's key, the columns that are carried through, what went wrong if it could not be
read, and for each table an array of its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ._corpus import Corpus
from ._engine import Engine, _layers, _row, load
from ._errors import ArgumentError

if TYPE_CHECKING:
    import pyarrow

TABLES = ("documents", "entities", "mentions", "roles", "times", "statements", "events", "participants", "dyads")
FIELDS = ("id", "text", "title", "date", "source", "url")
KEY = "document"
ERROR = "error"
ERRORS = "errors"
#: Documents that are read at once, and bytes of their columns unless one alone has more: what bounds a worker's memory.
CHUNK = 256
CHUNK_BYTES = 4 << 20


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
    def names(self) -> tuple[str, ...]:
        """The tables that are made, errors among them."""
        return (*self.tables, ERRORS)

    @property
    def needed(self) -> list[str]:
        """The columns of the input that workers need."""
        return [*dict.fromkeys([*self.columns.values(), *self.carry])]


@cache
def schemas() -> dict[str, pyarrow.Schema]:
    """Return the columns of every table of a dataset and of the errors; needs no engine."""
    import pyarrow as pa

    empty = Corpus()
    frames = {name: empty.dyads() if name == "dyads" else getattr(empty, name) for name in TABLES}
    errors = pa.schema([pa.field(KEY, pa.int64()), *error_type()])
    return {**{name: frame.to_arrow().schema for name, frame in frames.items()}, ERRORS: errors}


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

    def chunks(self, batch: pyarrow.RecordBatch) -> Iterator[Chunk]:
        """Read rows that have a column `document`, a few at a time."""
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, CHUNK)
            while part.num_rows > 1 and part.nbytes > CHUNK_BYTES:
                part = part.slice(0, part.num_rows // 2)
            start += part.num_rows
            yield self._chunk(part)

    def tables(
        self, rows: Iterable[Mapping[str, Any]]
    ) -> tuple[list[tuple[str, str] | None], dict[str, pyarrow.RecordBatch]]:
        """Read rows: for each kind and message of what went wrong, and the tables, whose `document` counts the rows."""
        import pyarrow as pa

        native = [_row(number, fields) for number, fields in enumerate(rows)]
        faults, tables = self._engine._native.tables(native, _layers(self.job.layers, explain=False))
        batches = {name: pa.RecordBatchReader.from_stream(table) for name, table in tables if name in self.job.tables}
        return faults, {name: reader.read_next_batch() for name, reader in batches.items()}

    def _chunk(self, batch: pyarrow.RecordBatch) -> Chunk:
        columns = {field: batch.column(name).to_pylist() for field, name in self.job.columns.items()}
        keys = batch.column(KEY)
        columns.setdefault("id", keys.to_pylist())
        faults, tables = self.tables(dict(zip(columns, values)) for values in zip(*columns.values()))
        return Chunk(keys, {name: batch.column(name) for name in self.job.carry}, faults, tables)


@dataclass(frozen=True)
class Chunk:
    """Rows that were read."""

    keys: pyarrow.Array
    carried: Mapping[str, pyarrow.Array]
    faults: Sequence[tuple[str, str] | None]
    tables: Mapping[str, pyarrow.RecordBatch]
    """Their `document` is the place of the row in the chunk."""

    def flat(self, name: str) -> pyarrow.RecordBatch:
        """Return a table, or the errors, with the documents' keys and the columns that are carried."""
        import pyarrow as pa

        if name == ERRORS:
            failed = [(at, *fault) for at, fault in enumerate(self.faults) if fault is not None]
            cells = list(zip(*failed)) or [(), (), ()]
            table = pa.record_batch([pa.array(c, f.type) for c, f in zip(cells, schemas()[name])], schemas()[name])
        else:
            table = self.tables[name]
        columns = dict(zip(table.schema.names, table.columns))
        rows = columns[KEY]
        columns[KEY] = self.keys.take(rows)
        columns.update((column, values.take(rows)) for column, values in self.carried.items())
        return pa.RecordBatch.from_pydict(columns)

    def packed(self) -> dict[str, bytes]:
        """Return every table and the errors as a compressed Arrow stream."""
        return {name: pack(self.flat(name)) for name in (*self.tables, ERRORS)}

    def nested(self) -> pyarrow.RecordBatch:
        """Return a record for each row."""
        import pyarrow as pa

        faults = [fault and {"kind": fault[0], "message": fault[1]} for fault in self.faults]
        columns = {KEY: self.keys, **self.carried, ERROR: pa.array(faults, error_type())}
        columns.update((name, nest(table, name, len(self.keys))) for name, table in self.tables.items())
        return pa.RecordBatch.from_pydict(columns)


def nest(table: pyarrow.RecordBatch, name: str, rows: int) -> pyarrow.Array:
    """Return for each of the rows that a table's `document` counts an array of what the table has of it."""
    import pyarrow as pa

    lengths = [0] * rows
    for count in table.column(KEY).value_counts().to_pylist():
        lengths[count["values"]] = count["counts"]
    kind = row_type(name)
    items = pa.StructArray.from_arrays([table.column(field.name) for field in kind], fields=list(kind))
    return pa.ListArray.from_arrays(pa.array([0, *accumulate(lengths)], pa.int32()), items, type=pa.list_(kind))


def pack(batch: pyarrow.RecordBatch) -> bytes:
    """Return rows as an Arrow stream, compressed."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_batch(batch)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def unpack(cells: pyarrow.Array) -> Iterator[pyarrow.RecordBatch]:
    """Return the rows of packed tables."""
    import pyarrow as pa

    for cell in cells:
        yield from pa.ipc.open_stream(cell.as_buffer())
