"""depesche on Spark: a column of articles in, the tables of a dataset out.

>>> tables = depesche.spark.extract(articles, tables=["events", "dyads"])                           # doctest: +SKIP
>>> tables["dyads"].groupBy("actor_code", "recipient_code", "type").count()                         # doctest: +SKIP

Every Python worker of the cluster loads one engine and keeps it. Articles and tables travel, in Arrow.
Needs PySpark 4.1 or later and pyarrow: ``pip install "depesche[spark]"``, on the executors too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark import StorageLevel, inheritable_thread_target
from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from ._archives import articles
from ._archives import schema as archive_schema
from ._engine import Engine
from ._errors import ArgumentError
from ._nested import ERROR, KEY, TABLES, Job, Reader, error_type, nest, row_type, schemas, unpack

if TYPE_CHECKING:
    from pyspark.sql._typing import ColumnOrName

__all__ = ["Tables", "events", "extract", "read_archives", "register"]

#: Tables that are written at a time: while Spark plans and commits one, executors work on others.
JOBS = 4
#: What a task writes of a table: this many packed bytes, but of no more than so many partitions, since with an executor
#: they may have to be read again.
TASK_BYTES = 8 << 20
TASK_PARTITIONS = 16
PARTITION = "partition"


class Tables(Mapping[str, DataFrame]):
    """The tables that were asked for, as data frames by name, and ``errors``.

    Tables have the columns of the batch engine's dataset, then those that are carried. They join by `document`. Each
    action on a table reads the articles again unless they are persisted first.
    """

    def __init__(self, rows: DataFrame, job: Job) -> None:
        self._rows = rows
        self._job = job
        self._kept: DataFrame | None = None

    def __getitem__(self, name: str) -> DataFrame:
        if name not in self._job.names:
            raise KeyError(name)
        if self._kept is None:
            return self._rows.mapInArrow(_reader(self._job, name), self._schema(name))
        return self._unpacked(self._kept, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._job.names)

    def __len__(self) -> int:
        return len(self._job.names)

    @property
    def records(self) -> DataFrame:
        """A row for each document: `document`, what is carried, `error`, and an array of rows for each table."""
        fields = [T.StructField(KEY, T.LongType()), *self._carried()]
        fields.append(T.StructField(ERROR, _spark_type(error_type())))
        fields += [T.StructField(name, T.ArrayType(_spark_type(row_type(name)))) for name in self._job.tables]
        return self._rows.mapInArrow(_reader(self._job, None), T.StructType(fields))

    def persist(self, level: StorageLevel = StorageLevel.MEMORY_AND_DISK) -> Tables:
        """Keep what is read, so that the articles are read once for all tables that are taken from now on.

        Returns itself. What is kept is compressed.
        """
        if self._kept is None:
            schema = T.StructType([T.StructField(name, T.BinaryType()) for name in self._job.names])
            self._kept = self._rows.mapInArrow(_packer(self._job), schema).persist(level)
        return self

    def unpersist(self) -> None:
        """Let go what was kept."""
        if self._kept is not None:
            self._kept.unpersist()
            self._kept = None

    def write(
        self, path: str, *, mode: str = "errorifexists", partition_by: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Write every table and the errors as Parquet into folders of a folder, reading the articles once.

        Several tables are written at a time, and small partitions become one file.

        Args:
            path: the folder, on whatever file system Spark writes to.
            mode: what Spark does about what is there already.
            partition_by: for tables, the columns that their folders are parted by, such as ``{"dyads": ["type"]}``.

        Raises:
            ArgumentError: if something is there already and the mode forbids it; nothing has been read then.

        """
        folder = path.rstrip("/")
        if mode in ("error", "errorifexists") and _exists(self._rows.sparkSession, f"{folder}/{self._job.names[0]}"):
            # Spark would say so when it writes: after all has been read.
            raise ArgumentError(f"{folder} is there already; another mode appends or overwrites")
        kept = self._kept is not None
        packed = self.persist()._kept
        assert packed is not None

        def save(name: str) -> None:
            columns = (partition_by or {}).get(name, ())
            table = self._unpacked(packed.coalesce(tasks[name]), name)
            table.write.mode(mode).partitionBy(*columns).parquet(f"{folder}/{name}")

        try:
            tasks = _tasks(packed)
            with ThreadPoolExecutor(JOBS) as pool:
                list(pool.map(inheritable_thread_target(packed.sparkSession)(save), self._job.names))
        finally:
            if not kept:
                self.unpersist()

    def _unpacked(self, packed: DataFrame, name: str) -> DataFrame:
        return packed.select(name).mapInArrow(_unpack, self._schema(name))

    def _schema(self, name: str) -> T.StructType:
        return T.StructType([_spark_field(field) for field in schemas()[name]] + self._carried())

    def _carried(self) -> list[T.StructField]:
        return [self._rows.schema[column] for column in self._job.carry]


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
    return Tables(df.select(_key(df, document, job).alias(KEY), *job.needed), job)


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
    schema = T.StructType([_spark_field(field) for field in archive_schema()])
    # From one partition rows go round: each file is a task of its own.
    frame = spark.createDataFrame(files, "path string").coalesce(1).repartition(max(1, len(files)))

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for path in batch.column("path").to_pylist():
                yield from articles(path, any_language)

    return frame.mapInArrow(read, schema)


def _reader(job: Job, name: str | None) -> Any:
    """What reads a table, or records, on a worker. Only the job travels; the engine is that of the worker's process."""

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        reader = Reader(job)
        for batch in batches:
            for chunk in reader.chunks(batch):
                yield chunk.nested() if name is None else chunk.flat(name)

    return read


def _packer(job: Job) -> Any:
    """What reads all tables into a row of bytes for each chunk: the JVM keeps them without a look inside."""

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        reader = Reader(job)
        for batch in batches:
            for chunk in reader.chunks(batch):
                yield pa.RecordBatch.from_pylist([chunk.packed()])

    return read


def _tasks(packed: DataFrame) -> dict[str, int]:
    """Read the articles, and return how many tasks write each table."""
    sizes = packed.select(
        F.spark_partition_id().alias(PARTITION), *(F.octet_length(n).alias(n) for n in packed.columns)
    )
    row = sizes.agg(F.max(PARTITION).alias(PARTITION), *(F.sum(name).alias(name) for name in packed.columns)).first()
    found = row.asDict() if row is not None else {}
    fewest = 1 + (found.get(PARTITION) or 0) // TASK_PARTITIONS
    return {name: max(fewest, -(-(found.get(name) or 1) // TASK_BYTES)) for name in packed.columns}


def _exists(spark: SparkSession, folder: str) -> bool:
    try:
        spark.read.format("binaryFile").load(folder)
    except AnalysisException:
        return False
    return True


def _unpack(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield from unpack(batch.column(0))


def _events() -> Any:
    kind = pa.struct([*row_type("events"), pa.field("actors", _NAMES), pa.field("recipients", _NAMES)])
    job = Job({}, ("events", "participants"), (), "events", None)

    def read(columns: Iterator[tuple[pa.Array, pa.Array]]) -> Iterator[pa.Array]:
        reader = Reader(job)
        for texts, dates in columns:
            rows = ({"text": t, "date": d} for t, d in zip(texts.to_pylist(), dates.to_pylist()))
            _, tables = reader.tables(rows)
            lists = [nest(tables[name], name, len(texts)).to_pylist() for name in job.tables]
            yield pa.array(map(_with_parties, *lists), pa.list_(kind))

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


def _spark_field(field: pa.Field) -> T.StructField:
    return T.StructField(field.name, _spark_type(field.type))


def _spark_type(kind: pa.DataType) -> T.DataType:
    """What Spark calls a type of a dataset's table."""
    if pa.types.is_struct(kind):
        return T.StructType([_spark_field(field) for field in kind])
    if pa.types.is_list(kind):
        return T.ArrayType(_spark_type(kind.value_type))
    simple = {"string": T.StringType(), "int32": T.IntegerType(), "int64": T.LongType(), "double": T.DoubleType()}
    return simple[str(kind)]
