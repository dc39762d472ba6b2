"""Archive files on a cluster: each is fetched by the worker that reads it, wherever it lies."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import _depesche

if TYPE_CHECKING:
    import pyarrow

FIELDS = ("text", "title", "date", "source", "url")
#: Articles that are handed on at once.
CHUNK = 256


def schema() -> pyarrow.Schema:
    """Return the columns of articles: where they were found, what they are called, their fields, what is wrong."""
    import pyarrow as pa

    error = pa.struct([("kind", pa.string()), ("message", pa.string())])
    columns = [("file", pa.string()), ("position", pa.int64()), ("id", pa.string())]
    return pa.schema([*columns, *((field, pa.string()) for field in FIELDS), ("fault", error)])


def articles(uri: str, any_language: bool) -> Iterator[pyarrow.RecordBatch]:
    """Read the articles of a file that pyarrow's file systems reach: a path, ``s3://``, ``gs://``, ``hdfs://``.

    Other languages leave nothing; what else cannot be read is a row with a fault. So is a file that cannot be fetched.
    """
    import pyarrow as pa

    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for row in _rows(uri, folder, any_language):
            rows.append(row)
            if len(rows) == CHUNK:
                yield pa.RecordBatch.from_pylist(rows, schema())
                rows = []
        if rows:
            yield pa.RecordBatch.from_pylist(rows, schema())


def _rows(uri: str, folder: str, any_language: bool) -> Iterator[dict[str, Any]]:
    try:
        path = _fetch(uri, folder)
    except (OSError, ValueError) as error:
        yield {"file": uri, "position": 0, "id": uri, "fault": {"kind": "io", "message": str(error)}}
        return
    for _, position, id, fields, fault in _depesche.Articles(path, ["text", "id", *FIELDS[1:]], any_language):
        if fault is not None and fault[0] == "language":
            continue
        row: dict[str, Any] = {"file": uri, "position": position, "id": id}
        row.update(zip(FIELDS, fields or ()))
        if fault is not None:
            row["fault"] = {"kind": fault[0], "message": fault[1]}
        yield row


def _fetch(uri: str, folder: str) -> str:
    """Return a local path with the file's content and ending."""
    from pyarrow import fs

    if "://" not in uri:
        return uri
    system, place = fs.FileSystem.from_uri(uri)
    if isinstance(system, fs.LocalFileSystem):
        return str(place)
    path = os.path.join(folder, os.path.basename(place))
    with system.open_input_stream(place, compression=None) as source, open(path, "wb") as target:
        while block := source.read(1 << 20):
            target.write(block)
    return path
