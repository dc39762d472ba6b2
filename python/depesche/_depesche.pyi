from collections.abc import Callable, Iterable, Iterator, Sequence

__version__: str

class Fault(Exception):
    args: tuple[str, str, str]

class Record:
    @staticmethod
    def from_json(json: str) -> Record: ...
    def to_json(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def source(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...

Row = tuple[str, str | None, str | None, str | None, str | None, str | None]

class Stream(Iterator[Record | Fault]):
    def __next__(self) -> Record | Fault: ...
    def close(self) -> None: ...

class Engine:
    def __new__(
        cls,
        max_bytes: int | None = None,
        frames: Sequence[tuple[str, str]] = (),
        knowledge: Sequence[tuple[str, str]] = (),
        min_confidence: float = 0.0,
    ) -> Engine: ...
    def read(
        self,
        text: str,
        id: str,
        title: str | None,
        date: str | None,
        source: str | None,
        url: str | None,
        layers: str | None,
    ) -> Record: ...
    def tables(
        self, rows: Sequence[Row], layers: str | None
    ) -> tuple[list[tuple[str, str] | None], list[tuple[str, Table]]]: ...
    def stream(self, rows: Iterable[Row], threads: int, layers: str | None) -> Stream: ...

Article = tuple[str, int, str, list[str | None] | None, tuple[str, str] | None]

class Articles(Iterator[Article]):
    def __new__(cls, path: str, columns: list[str], any_language: bool) -> Articles: ...
    def __next__(self) -> Article: ...

class Table:
    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...
    def __len__(self) -> int: ...
    @property
    def columns(self) -> list[str]: ...

def tables(records: list[Record]) -> list[tuple[str, Table]]: ...
def batch(
    engine: Engine,
    inputs: list[str],
    out: str,
    format: str,
    threads: int,
    memory: int,
    date: str | None,
    layers: str | None,
    columns: list[str],
    any_language: bool,
    duplicates: str,
    no_text: bool,
    resume: bool,
    watch: Callable[[int, int, int, int], object] | None,
) -> str: ...
def main(arguments: list[str]) -> int: ...
