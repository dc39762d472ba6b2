"""depesche on Spark: a column of articles in, the tables of a dataset out.

>>> tables = depesche.spark.extract(articles, tables=["events", "dyads"])                           # doctest: +SKIP
>>> tables["dyads"].groupBy("actor_code", "recipient_code", "type").count()                         # doctest: +SKIP

Every Python worker of the cluster loads one engine and keeps it. Articles and tables travel, in Arrow.
Needs PySpark 4.1 or later and pyarrow: ``pip install "depesche[spark]"``, on the executors too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from ._archives import articles
from ._archives import schema as archive_schema
from ._engine import Engine
from ._errors import ArgumentError
from ._nested import ERROR, KEY, TABLES, Job, Reader, error_type, row_type

if TYPE_CHECKING:
    from pyspark.sql._typing import ColumnOrName

__all__ = ["Tables", "events", "extract", "read_archives", "register"]


class Tables(Mapping[str, DataFrame]):
    """The tables that were asked for, as data frames by name, and ``errors``.

    Tables have the columns of the batch engine's dataset, then those that are carried. They join by `document`.

    Attributes:
        records: a row for each document, with an array of rows for each table; the tables are unfolded from it. Each
            action on a table reads the articles again unless it is persisted.

    """

    def __init__(self, records: DataFrame, names: Sequence[str], carry: Sequence[str]) -> None:
        self.records = records
        self._names = tuple(names)
        self._carry = tuple(carry)

    def __getitem__(self, name: str) -> DataFrame:
        if name == "errors":
            failed = self.records.where(F.col(ERROR).isNotNull())
            return failed.select(KEY, f"{ERROR}.kind", f"{ERROR}.message", *self._carry)
        if name not in self._names:
            raise KeyError(name)
        return self.records.select(KEY, F.inline(name), *self._carry)

    def __iter__(self) -> Iterator[str]:
        return iter((*self._names, "errors"))

    def __len__(self) -> int:
        return len(self._names) + 1

    def persist(self, level: StorageLevel = StorageLevel.MEMORY_AND_DISK) -> Tables:
        """Keep the records, so that the articles are read once for all tables; returns itself."""
        self.records.persist(level)
        return self

    def unpersist(self) -> None:
        """Let the records go."""
        self.records.unpersist()

    def write(
        self, path: str, *, mode: str = "errorifexists", partition_by: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Write every table and the errors as Parquet into folders of a folder, reading the articles once.

        Args:
            path: the folder, on whatever file system Spark writes to.
            mode: what Spark does about what is there already.
            partition_by: for tables, the columns that their folders are parted by, such as ``{"dyads": ["type"]}``.

        """
        self.persist()
        try:
            for name, table in self.items():
                columns = (partition_by or {}).get(name, ())
                table.write.mode(mode).partitionBy(*columns).parquet(f"{path.rstrip('/')}/{name}")
        finally:
            self.unpersist()


def extract(
    df: DataFrame,
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
) -> Tables:
    """Read the articles of a data frame, streaming or not.

    Args:
        df: one article a row.
        text, date, id, title, source, url: names of its columns; those that are not there are left out.
        document: a column of whole numbers that are the documents' keys; otherwise
            ``monotonically_increasing_id()``, for streams a hash of id and text.
        tables: which of the nine tables of a dataset are made.
        carry: columns that stand at the end of every table's rows; none can be called like one of the table's.
        layers: as for `depesche.Engine.read`.
        engine: one with frames, tables or limits of your own, as `depesche.load` and `depesche.Engine` set
            it up; your files travel with the job.

    Returns:
        The tables. A row that cannot be read is a row of ``errors``, never the end of the job.

    Raises:
        ArgumentError: if a table or column is not there.

    """
    names = {"text": text, "date": date, "id": id, "title": title, "source": source, "url": url}
    job = Job.of(df.columns, names, tables, carry, layers, engine)
    rows = df.select(_key(df, document, job).alias(KEY), *job.needed)
    nested = [T.StructField(KEY, T.LongType()), *(rows.schema[column] for column in job.carry)]
    nested.append(T.StructField(ERROR, _spark_type(error_type())))
    nested += [T.StructField(name, T.ArrayType(_spark_type(row_type(name)))) for name in job.tables]
    return Tables(rows.mapInArrow(_reader(job), T.StructType(nested)), job.tables, job.carry)


def events(text: ColumnOrName, date: ColumnOrName | None = None) -> Column:
    """Return the events of one column of articles, as an array of structs with the columns of the table ``events``.

    An article that cannot be read has no events. Who takes part stands in the table ``participants`` of
    `extract`, or in `actors` and `recipients` here: codes, or names of those without one.
    """
    return _events()(text, F.lit(None).cast("string") if date is None else date)


def register(spark: SparkSession, name: str = "depesche_events") -> None:
    """Make `events` a function in SQL: ``select inline(depesche_events(text, date)) from articles``."""
    spark.udf.register(name, _events())


def read_archives(spark: SparkSession, paths: Iterable[str], *, any_language: bool = False) -> DataFrame:
    """Read the articles of WARC archives and whatever else the batch engine reads, one task a file.

    Args:
        spark: the session.
        paths: files, as paths that all workers see or addresses that pyarrow reaches (``s3://``, ``gs://``,
            ``hdfs://``). A worker copies a remote file to its own disk while it reads it.
        any_language: keep articles that are not German.

    Returns:
        A row for each article: `file`, `position`, `id`, `text`, `title`, `date`, `source`, `url`, and `fault` (`kind`,
        `message`) for what could not be read, a whole file even.

    """
    files = [(path,) for path in paths]
    schema = T.StructType([T.StructField(field.name, _spark_type(field.type)) for field in archive_schema()])
    # From one partition rows go round: each file is a task of its own.
    frame = spark.createDataFrame(files, "path string").coalesce(1).repartition(max(1, len(files)))

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for path in batch.column("path").to_pylist():
                yield from articles(path, any_language)

    return frame.mapInArrow(read, schema)


def _reader(job: Job) -> Any:
    """What runs on the workers. Only the job travels; the engine is that of the worker's process."""

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        reader = Reader(job)
        for batch in batches:
            yield from reader.read(batch)

    return read


def _events() -> Any:
    kind = pa.struct([*row_type("events"), pa.field("actors", _NAMES), pa.field("recipients", _NAMES)])
    job = Job({}, ("events", "participants"), (), "events", None)

    def read(columns: Iterator[tuple[pa.Array, pa.Array]]) -> Iterator[pa.Array]:
        reader = Reader(job)
        for texts, dates in columns:
            rows = ({"text": t, "date": d} for t, d in zip(texts.to_pylist(), dates.to_pylist()))
            _, arrays = reader.tables(rows)
            yield pa.array(map(_with_parties, *(arrays[t].to_pylist() for t in job.tables)), pa.list_(kind))

    return F.arrow_udf(read, T.ArrayType(_spark_type(kind)))


_NAMES = pa.list_(pa.string())


def _with_parties(events: list[dict[str, Any]], participants: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for event in events:
        event["actors"], event["recipients"] = [], []
    for who in participants:
        events[who["event"]][who["part"] + "s"].append(who["code"] or who["name"])
    return events


def _key(df: DataFrame, document: str | None, job: Job) -> Column:
    if document is not None:
        if document not in df.columns:
            raise ArgumentError(f"there is no column {document!r} for the document; there are {', '.join(df.columns)}")
        return F.col(document).cast("bigint")
    if df.isStreaming:
        return F.xxhash64(*(F.col(job.columns[field]) for field in ("id", "text") if field in job.columns))
    return F.monotonically_increasing_id()


def _spark_type(kind: pa.DataType) -> T.DataType:
    """What Spark calls a type of a dataset's table."""
    if pa.types.is_struct(kind):
        return T.StructType([T.StructField(field.name, _spark_type(field.type)) for field in kind])
    if pa.types.is_list(kind):
        return T.ArrayType(_spark_type(kind.value_type))
    simple = {"string": T.StringType(), "int32": T.IntegerType(), "int64": T.LongType(), "double": T.DoubleType()}
    return simple[str(kind)]
