"""depesche on Ray Data: a dataset of articles in, the tables of a dataset out.

>>> tables = depesche.ray.extract(articles, tables=["events", "dyads"])                             # doctest: +SKIP
>>> tables["dyads"].write_parquet("dyads")                                                          # doctest: +SKIP

Every actor of a pool loads one engine and keeps it. Articles and tables travel, in Arrow.
Needs Ray Data and pyarrow: ``pip install "depesche[ray]"``, on all nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from ray.data import ActorPoolStrategy, Dataset
from ray.data.expressions import monotonically_increasing_id

from ._engine import Engine
from ._errors import ArgumentError
from ._nested import ERROR, KEY, TABLES, Job, Reader, schemas

__all__ = ["Tables", "extract"]

#: Articles that an actor is handed at a time.
BATCH = 256


class Tables(Mapping[str, Dataset]):
    """The tables that were asked for, as datasets by name, and ``errors``.

    Tables have the columns of the batch engine's dataset, then those that are carried. They join by `document`.

    Attributes:
        records: a row for each document, with an array of rows for each table; the tables are unfolded from it. Each
            use of a table reads the articles again unless it is materialised.

    """

    def __init__(self, records: Dataset, names: Sequence[str], carry: Sequence[str]) -> None:
        self.records = records
        self._names = tuple(names)
        self._carry = tuple(carry)

    def __getitem__(self, name: str) -> Dataset:
        if name != "errors" and name not in self._names:
            raise KeyError(name)
        unfold = _errors if name == "errors" else _unfold
        arguments = {"name": name, "carry": self._carry}
        # Without a batch size, blocks are unfolded as they are.
        return self.records.map_batches(unfold, batch_format="pyarrow", batch_size=None, fn_kwargs=arguments)

    def __iter__(self) -> Iterator[str]:
        return iter((*self._names, "errors"))

    def __len__(self) -> int:
        return len(self._names) + 1

    def materialize(self) -> Tables:
        """Read the articles now, once for all tables; what was read lies in Ray's object store."""
        return Tables(self.records.materialize(), self._names, self._carry)

    def write(self, path: str, **options: Any) -> None:
        """Write every table and the errors as Parquet into folders of a folder, reading the articles once.

        `options` go to ``Dataset.write_parquet``.
        """
        for name, table in self.materialize().items():
            table.write_parquet(f"{path.rstrip('/')}/{name}", **options)


def extract(
    dataset: Dataset,
    text: str = "text",
    date: str | None = "date",
    id: str | None = "id",
    *,
    title: str | None = "title",
    source: str | None = "source",
    url: str | None = "url",
    document: str | None = None,
    tables: Iterable[str] = TABLES,
    carry: Iterable[str] = (),
    layers: str | Sequence[str] | None = None,
    engine: Engine | None = None,
    actors: int | tuple[int, int] = (1, 10_000),
) -> Tables:
    """Read the articles of a dataset.

    Args:
        dataset: one article a row.
        text, date, id, title, source, url: names of its columns; those that are not there are left out.
        document: a column of whole numbers that are the documents' keys; otherwise ``monotonically_increasing_id()``.
        tables: which of the nine tables of a dataset are made.
        carry: columns that stand at the end of every table's rows; none can be called like one of the table's.
        layers: as for `depesche.Engine.read`.
        engine: one with frames, tables or limits of your own, as `depesche.load` and `depesche.Engine` set
            it up; your files travel with the job.
        actors: how many processes read, or least and most; one core each.

    Returns:
        The tables. A row that cannot be read is a row of ``errors``, never the end of the job.

    Raises:
        ArgumentError: if a table or column is not there.

    """
    there = dataset.columns() or []
    names = {"text": text, "date": date, "id": id, "title": title, "source": source, "url": url}
    job = Job.of(there, names, tables, carry, layers, engine)
    if document is not None and document not in there:
        raise ArgumentError(f"there is no column {document!r} for the document; there are {', '.join(there)}")
    if document is None:
        rows = dataset.with_column(KEY, monotonically_increasing_id())
    else:
        rows = dataset if document == KEY else dataset.rename_columns({document: KEY})
    least, most = (actors, actors) if isinstance(actors, int) else actors
    records = rows.select_columns([KEY, *job.needed]).map_batches(
        _Actor,
        fn_constructor_args=(job,),
        batch_format="pyarrow",
        batch_size=BATCH,
        # One block may wait at an actor, so that it has none to wait for; more would be held up by a long document.
        compute=ActorPoolStrategy(min_size=least, max_size=most, max_tasks_in_flight_per_actor=2),
        num_cpus=1,
    )
    return Tables(records, job.tables, job.carry)


class _Actor:
    """A process of the pool with its engine."""

    def __init__(self, job: Job) -> None:
        self._reader = Reader(job)

    def __call__(self, rows: pa.Table) -> Iterator[pa.Table]:
        for batch in rows.combine_chunks().to_batches():
            for chunk in self._reader.chunks(batch):
                yield pa.Table.from_batches([chunk.nested()])


def _unfold(records: pa.Table, name: str, carry: Sequence[str]) -> pa.Table:
    """A table out of records."""
    lists = records.column(name).combine_chunks()
    parents = pc.list_parent_indices(lists)
    items = pc.list_flatten(lists)
    columns = {KEY: records.column(KEY).take(parents)}
    columns.update(zip((field.name for field in items.type), items.flatten()))
    columns = {field: columns[field] for field in schemas()[name].names}
    columns.update((column, records.column(column).take(parents)) for column in carry)
    return pa.table(columns)


def _errors(records: pa.Table, name: str, carry: Sequence[str]) -> pa.Table:
    failed = records.filter(pc.is_valid(records.column(ERROR)))
    error = failed.column(ERROR)
    columns = {KEY: failed.column(KEY)}
    columns.update((field, pc.struct_field(error, field)) for field in ("kind", "message"))
    columns.update((column, failed.column(column)) for column in carry)
    return pa.table(columns)
