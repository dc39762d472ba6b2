from collections.abc import Iterable, Iterator

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
    def text(self) -> str | None: ...

Row = tuple[str, str | None, str | None, str | None, str | None, str | None]

class Stream(Iterator[Record | Fault]):
    def __next__(self) -> Record | Fault: ...
    def close(self) -> None: ...

class Engine:
    def __new__(cls, max_bytes: int | None = None) -> Engine: ...
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
    def stream(self, rows: Iterable[Row], threads: int, layers: str | None) -> Stream: ...

def main(arguments: list[str]) -> int: ...
