"""The engine: one text or many, read into documents."""

from __future__ import annotations

import datetime
import functools
import json
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Optional, Union

from . import _depesche
from ._corpus import Corpus
from ._errors import ArgumentError, DataError, ModelError, ReadError, from_fault
from ._objects import Document

Layers = Union[str, Sequence[str]]
Date = Union[str, datetime.date]
Path = Union[str, "os.PathLike[str]"]
Tables = Union[Path, Sequence[Path], Mapping[str, str]]
Contents = tuple[tuple[str, str], ...]
Row = tuple[str, Optional[str], Optional[str], Optional[str], Optional[str], Optional[str]]

LAYERS = ("tokens", "entities", "times", "statements", "events")
FIELDS = ("id", "text", "title", "date", "source", "url")


def load(
    language: str = "de",
    *,
    frames: Tables | None = None,
    knowledge: Tables | None = None,
    min_confidence: float = 0.0,
) -> Engine:
    """Return the engine for a language; the same object for every call with the same arguments.

    Args:
        language: only ``"de"``, German.
        frames: your own frames: which words report which events. A path or several, or a mapping of names to contents.
            They win over the built-in ones, and for the words that they name they decide instead of the learned judge.
        knowledge: your own tables of states, seats, organisations, persons, places, offices or agents: paths of files
            or folders, or a mapping of names (``"persons.tsv"``) to contents. Their rows win over the built-in ones.
        min_confidence: leave out events of which the engine is less sure, 0 to 1.

    Raises:
        ArgumentError: for another language or a confidence that is no probability.
        DataError: if a row of `frames` or `knowledge` is malformed.
        OSError: if a file cannot be read.
        ModelError: if the model in the package is damaged.

    """
    return _loaded(language, None, _contents(frames), _contents(knowledge), min_confidence)


@functools.lru_cache(maxsize=8)
def _loaded(
    language: str, max_bytes: int | None, frames: Contents, knowledge: Contents, min_confidence: float
) -> Engine:
    return Engine(
        language, max_bytes=max_bytes, frames=dict(frames), knowledge=dict(knowledge), min_confidence=min_confidence
    )


class Engine:
    """Reads German news. Immutable; one engine serves any number of threads.

    Use `depesche.load` unless you need another limit.
    """

    def __init__(
        self,
        language: str = "de",
        *,
        max_bytes: int | None = None,
        frames: Tables | None = None,
        knowledge: Tables | None = None,
        min_confidence: float = 0.0,
    ) -> None:
        """Set up an engine that reads texts of up to `max_bytes` bytes of UTF-8 (default 64 MiB).

        The other arguments are those of `depesche.load`.
        """
        if language != "de":
            raise ArgumentError(f"there is no language {language!r}; expected 'de'")
        if not 0 <= min_confidence <= 1:
            raise ArgumentError(f"min_confidence must lie between 0 and 1, not {min_confidence!r}")
        own = _contents(frames), _contents(knowledge)
        # Contents, not paths: an engine that is sent to another process or machine is the same there.
        self._arguments = (language, max_bytes, *own, float(min_confidence))
        try:
            self._native = _depesche.Engine(max_bytes, *own, min_confidence)
        except ValueError as error:
            raise DataError(*error.args) from None
        except RuntimeError as error:
            raise ModelError(str(error)) from None

    def __repr__(self) -> str:
        return f"<depesche.Engine {self._arguments[0]!r}, version {_depesche.__version__}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _loaded, self._arguments

    def read(
        self,
        text: str,
        *,
        date: Date | None = None,
        title: str | None = None,
        id: str = "",
        source: str | None = None,
        url: str | None = None,
        layers: Layers | None = None,
        explain: bool = False,
    ) -> Document:
        """Read one article.

        Args:
            text: the running text.
            date: the article's own date, what "gestern" is counted from.
            title: its title; it helps to resolve names, but no fact is read from it.
            id: an identifier, carried through, as are `source` and `url`.
            layers: names out of ``tokens``, ``entities``, ``times``, ``statements``, ``events``, or ``"all"``;
                all but tokens unless given.
            explain: say in ``event.why`` why each event was coded.

        Raises:
            DateError: if `date` is no ISO 8601 date.
            TooLargeError: if the text is over the engine's limit.
            ReadError: if the text is no Unicode, having half of a surrogate pair.
            ArgumentError: for an unknown layer.
            TypeError: if an argument is of the wrong type.

        """
        if not isinstance(text, str):
            raise TypeError(f"text must be str, not {type(text).__name__}")
        try:
            record = self._native.read(text, id, title, _date(date), source, url, _layers(layers, explain))
        except _depesche.Fault as fault:
            raise from_fault(fault) from None
        except UnicodeEncodeError as error:
            raise ReadError(id, "encoding", _no_unicode(error)) from None
        return Document(record)

    def pipe(
        self,
        texts: Iterable[Any],
        *,
        dates: Iterable[Date | None] | None = None,
        titles: Iterable[str | None] | None = None,
        ids: Iterable[Any] | None = None,
        layers: Layers | None = None,
        explain: bool = False,
        threads: int = 0,
        errors: Literal["raise", "collect"] = "raise",
    ) -> Iterator[Document | ReadError]:
        """Read many articles one after another, as an iterator in the order of the input.

        Nothing is held back: memory is bounded whatever the number of articles. Arguments as for `read_many`.
        With ``errors="collect"`` a row that cannot be read gives its `ReadError` in its place.
        """
        if errors not in ("raise", "collect"):
            raise ArgumentError(f"errors must be 'raise' or 'collect', not {errors!r}")
        if threads < 0:
            raise ArgumentError("threads must be 0 (one for each core) or more")
        stream = self._native.stream(_rows(texts, dates, titles, ids), threads, _layers(layers, explain))
        return _answers(stream, errors)

    def read_many(
        self,
        texts: Any,
        *,
        dates: Iterable[Date | None] | None = None,
        titles: Iterable[str | None] | None = None,
        ids: Iterable[Any] | None = None,
        layers: Layers | None = None,
        explain: bool = False,
        threads: int = 0,
        errors: Literal["raise", "collect"] = "collect",
        progress: bool = False,
    ) -> Corpus:
        """Read many articles into a `Corpus`, on several threads, in the order of the input.

        Args:
            texts: an iterable of texts or of mappings with the keys ``text``, ``id``, ``title``, ``date``, ``source``,
                ``url``; or a data frame (pandas, polars) or Arrow table with such columns.
            dates, titles, ids: one for each text; ids default to the row's number from 0.
            layers, explain: as for `read`.
            threads: 0 means one for each core.
            errors: ``"collect"`` puts rows that cannot be read into ``corpus.errors`` and goes on, ``"raise"`` raises
                the first one.
            progress: show a progress bar, if tqdm is installed.

        Raises:
            ReadError: with ``errors="raise"``.
            ArgumentError: if the lists differ in length or an argument makes no sense.

        """
        answers = self.pipe(
            texts, dates=dates, titles=titles, ids=ids, layers=layers, explain=explain, threads=threads, errors=errors
        )
        if progress:
            answers = _with_bar(answers, texts)
        documents, failed = [], []
        for answer in answers:
            if isinstance(answer, ReadError):
                failed.append(answer)
            else:
                documents.append(answer)
        return Corpus(documents, failed)

    def batch(
        self,
        inputs: Path | Sequence[Path],
        out: Path,
        *,
        format: Literal["jsonl", "jsonl-gz", "jsonl-zst", "parquet", "arrow"] = "jsonl",
        threads: int = 0,
        memory: int = 400 << 20,
        date: Date | None = None,
        layers: Layers | None = None,
        explain: bool = False,
        columns: Mapping[str, str] | None = None,
        any_language: bool = False,
        duplicates: Literal["ignore", "mark", "first"] = "ignore",
        no_text: bool = False,
        resume: bool = False,
        progress: bool = False,
    ) -> dict[str, Any]:
        """Read whole archives into a dataset on the disk, as ``depesche batch`` does.

        Args:
            inputs: files, folders and patterns of text, HTML, JSON Lines, CSV, Parquet and WARC, also compressed.
            out: the folder of the dataset.
            format: records (``jsonl`` and compressed) or tables (``parquet``, ``arrow``).
            columns: what the fields are called in the input, such as ``{"text": "body"}``.
            duplicates: ``"mark"`` gives near-duplicates a cluster, ``"first"`` keeps the first of each.
            resume: go on with a run that was broken off.
            progress: show a progress bar, if tqdm is installed.

        Returns:
            The account of the run: documents, records, errors, skipped, events, dyads, speakers.

        Raises:
            ArgumentError: if the run makes no sense as it stands.
            OSError: if the output cannot be written; the run can be resumed.

        """
        paths = [inputs] if isinstance(inputs, (str, os.PathLike)) else list(inputs)
        names = [(columns or {}).get(name, name) for name in ("text", "id", "title", "date", "source", "url")]
        watch, bar = _watcher(progress)
        try:
            account = _depesche.batch(
                self._native, [os.fspath(path) for path in paths], os.fspath(out), format, threads, memory, _date(date),
                _layers(layers, explain), names, any_language, duplicates, no_text, resume, watch,
            )  # fmt: skip
        except ValueError as error:
            raise ArgumentError(str(error)) from None
        finally:
            if bar is not None:
                bar.close()
        result: dict[str, Any] = json.loads(account)
        return result


def _watcher(progress: bool) -> tuple[Callable[[int, int, int, int], None] | None, Any]:
    """What is told how far a batch is, and the bar that shows it."""
    if not progress:
        return None, None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None, None
    bar = tqdm(unit="B", unit_scale=True)

    def watch(documents: int, errors: int, done: int, total: int) -> None:
        bar.total = total
        bar.set_postfix(documents=documents, errors=errors, refresh=False)
        bar.update(done - bar.n)

    return watch, bar


def _contents(tables: Tables | None) -> Contents:
    """Names and contents of files that a user adds; folders give their tables."""
    if tables is None:
        return ()
    if isinstance(tables, Mapping):
        return tuple((str(name), content) for name, content in tables.items())
    paths = [tables] if isinstance(tables, (str, os.PathLike)) else list(tables)
    files: list[pathlib.Path] = []
    for path in map(pathlib.Path, paths):
        files += sorted(path.glob("*.tsv")) if path.is_dir() else [path]
    return tuple((str(file), file.read_text(encoding="utf-8")) for file in files)


def _answers(stream: _depesche.Stream, errors: str) -> Iterator[Document | ReadError]:
    try:
        for answer in stream:
            if isinstance(answer, _depesche.Record):
                yield Document(answer)
            elif errors == "raise":
                raise from_fault(answer)
            else:
                yield from_fault(answer)
    finally:
        stream.close()


def _with_bar(answers: Iterator[Document | ReadError], texts: Any) -> Iterator[Document | ReadError]:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return answers
    total = len(texts) if hasattr(texts, "__len__") else None
    return iter(tqdm(answers, total=total, unit=" documents"))


def _layers(layers: Layers | None, explain: bool) -> str | None:
    if layers is None:
        return ",".join([*LAYERS[1:], "why"]) if explain else None
    names = layers.split(",") if isinstance(layers, str) else list(layers)
    names = [name.strip() for name in names]
    for name in names:
        if name not in LAYERS and name != "all":
            raise ArgumentError(f"there is no layer {name!r}; expected {', '.join(LAYERS)} or all")
    return ",".join([*names, "why"] if explain else names)


def _date(date: Any) -> str | None:
    if date is None or isinstance(date, str):
        return date
    if isinstance(date, datetime.date):
        return None if date != date else date.isoformat()[:10]  # pandas' NaT is a date unlike itself
    raise TypeError(f"a date must be str or datetime.date, not {type(date).__name__}")


def _rows(texts: Any, dates: Any, titles: Any, ids: Any) -> Iterator[Row]:
    """Rows for the native half; one that makes no sense has no text and says why in place of the title."""
    extra = {"date": dates, "title": titles, "id": ids}
    given = {name: iter(column) for name, column in extra.items() if column is not None}
    end = object()
    for number, row in enumerate(_articles(texts)):
        fields: dict[str, Any] = dict(row) if isinstance(row, Mapping) else {"text": row}
        for name, column in given.items():
            value = next(column, end)
            if value is end:
                raise ArgumentError(f"{name}s ended before the texts did, after {number} rows")
            fields[name] = value
        yield _row(number, fields)
    for name, column in given.items():
        if next(column, end) is not end:
            raise ArgumentError(f"there are more {name}s than texts")


def _row(number: int, fields: Mapping[str, Any]) -> Row:
    id = str(number) if _missing(fields.get("id")) else str(fields["id"])
    text = fields.get("text")
    if not isinstance(text, str):
        what = "missing" if _missing(text) else type(text).__name__
        return id, None, f"the text must be str, not {what}", None, None, None
    try:
        date = _date(None if _missing(fields.get("date")) else fields["date"])
    except TypeError as error:
        return id, None, str(error), None, None, None
    title, source, url = (None if _missing(fields.get(k)) else str(fields[k]) for k in ("title", "source", "url"))
    try:
        for value in (id, text, title, date, source, url):
            if value is not None and not value.isascii():
                value.encode()
    except UnicodeEncodeError as error:
        return id.encode(errors="backslashreplace").decode(), None, _no_unicode(error), None, None, None
    return id, text, title, date, source, url


def _no_unicode(error: UnicodeEncodeError) -> str:
    return f"half of a surrogate pair at position {error.start}; was the text decoded with `surrogateescape`?"


def _missing(value: Any) -> bool:
    """None and the not-a-number by which data frames mark missing values."""
    return (
        value is None or (isinstance(value, float) and value != value) or type(value).__name__ in ("NaTType", "NAType")
    )


def _articles(texts: Any) -> Iterable[Any]:
    """The articles of whatever holds articles: frames give mappings, other iterables what they hold."""
    if isinstance(texts, (str, bytes, Mapping)):
        raise ArgumentError(f"texts must hold many articles; for one {type(texts).__name__} use read")
    columns = getattr(texts, "column_names", None) or getattr(texts, "columns", None)
    if columns is None:
        return texts if isinstance(texts, Iterable) else _not_iterable(texts)
    names = [name for name in FIELDS if name in list(columns)]
    if "text" not in names:
        raise ArgumentError(f"the frame has no column 'text'; it has {', '.join(map(str, columns))}")
    lists = [_values(texts[name]) for name in names]
    return (dict(zip(names, row)) for row in zip(*lists))


def _not_iterable(texts: Any) -> Iterable[Any]:
    raise TypeError(f"texts must be iterable, not {type(texts).__name__}")


def _values(column: Any) -> Iterable[Any]:
    """A frame's column as Python values."""
    if hasattr(column, "to_pylist"):
        return list(column.to_pylist())
    return column if isinstance(column, Iterable) else _not_iterable(column)
