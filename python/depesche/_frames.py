"""Tables of many documents, for pandas, polars, pyarrow and DuckDB, none of which is needed to make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _depesche

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


class Frame:
    """A table of one kind of thing in a corpus, such as ``corpus.events``.

    It speaks the Arrow PyCapsule interface, so that ``polars.DataFrame(frame)``, ``pyarrow.table(frame)`` and DuckDB
    take it as it is. Columns are named as in the record; `document` is the document's place in the corpus, from 0, and
    the other keys (`entity`, `statement`, `event`) are its numbers within the document.
    """

    def __init__(self, name: str, table: _depesche.Table) -> None:
        self._name = name
        self._table = table

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self._table.columns

    def to_arrow(self) -> pyarrow.Table:
        """Return a pyarrow table; needs pyarrow."""
        import pyarrow

        return pyarrow.table(self)

    def to_polars(self) -> polars.DataFrame:
        """Return a polars frame; needs polars."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas frame; needs pandas and pyarrow.

        Whole numbers keep their type, with ``pandas.NA`` where there is none.
        """
        import pandas
        import pyarrow

        whole = {pyarrow.uint32(): pandas.UInt32Dtype(), pyarrow.uint64(): pandas.UInt64Dtype()}
        return self.to_arrow().to_pandas(types_mapper=whole.get)

    def __len__(self) -> int:
        return len(self._table)

    def __repr__(self) -> str:
        return f"<depesche.Frame {self._name}: {len(self)} rows of {', '.join(self.columns)}>"

    def __arrow_c_stream__(self, requested_schema: Any = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._table.__arrow_c_schema__()
