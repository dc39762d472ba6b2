"""What the tests on clusters share: many invented articles and what the batch engine makes of them."""

import gzip
import json
import os
from pathlib import Path

import depesche
import pyarrow.parquet as parquet
import pytest

STATES = ["Frankreich", "Polen", "Japan", "Kanada", "Brasilien", "Indien", "Kenia"]
NAMES = ["Petra Lindner", "Jan Kowal", "Akira Mori", "Lucie Brel", "Omar Haddad"]
SENTENCES = [
    "Die Regierung von {a} hat am {day}. April den Angriff auf {b} verurteilt.",
    "Außenministerin {n} sagte nach dem Treffen in {b}, man werde die Gespräche im Mai fortsetzen.",
    "{a} liefert {b} weitere {k} Fahrzeuge, teilte das Verteidigungsministerium am Montag mit.",
    "Vor der Botschaft von {a} demonstrierten rund {k} Menschen gegen die Sanktionen.",
    "„Wir lehnen den Vorschlag ab“, erklärte {n}, die seit {k} Tagen im Amt ist.",
    "{a} und {b} unterzeichneten ein Abkommen über den Austausch von {k} Gefangenen.",
    "Der Präsident von {b} forderte {a} auf, die Truppen bis zum {day}. Mai abzuziehen.",
]
TABLES = ("documents", "entities", "mentions", "roles", "times", "statements", "events", "participants", "dyads")


def article(i, sentences=4):
    """An article unlike all others."""
    fill = {
        "a": STATES[i % 7], "b": STATES[(i // 7 + i + 1) % 7], "n": NAMES[i % 5], "k": 10 + i, "day": 1 + i % 28,
    }  # fmt: skip
    return " ".join(SENTENCES[(i * 3 + s) % 7].format(**fill) for s in range(sentences))


def rows(n, sentences=4):
    """Rows of articles, with a column that the engine does not know."""
    one = lambda i: {
        "id": f"a{i}",
        "text": article(i, sentences),
        "date": f"2025-{1 + i % 12:02}-08",
        "section": f"s{i % 3}",
    }
    return [one(i) for i in range(n)]


def batch_tables(articles, folder):
    """The tables that the batch engine makes of articles, as rows with the document's id in place of its number."""
    source = Path(folder) / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in articles), encoding="utf-8")
    out = Path(folder) / "dataset"
    depesche.load("de").batch(source, out, format="parquet", any_language=True)
    ids = {row["document"]: row["id"] for row in parquet.read_table(out / "documents").to_pylist()}
    return {name: keyed(parquet.read_table(out / name).to_pylist(), ids) for name in TABLES}


def keyed(table, ids):
    """Rows of a table in the order of their documents' ids."""
    table = [{**row, "document": ids[row["document"]]} for row in table]
    return sorted(table, key=lambda row: row["document"])  # stable: within a document the order stays


def warc(path, pages):
    """A web archive with pages, as crawlers write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        for url, text in pages:
            html = f"<html><head><title>T</title></head><body><nav>Start</nav><article><p>{text}</p><p>{text}</p></article></body></html>"
            http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}".encode()
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-04-08T01:02:03Z\r\n"
                f"Content-Length: {len(http)}\r\n\r\n"
            )
            out.write(gzip.compress(head.encode() + http + b"\r\n\r\n"))


def children(pid):
    """Process ids of the processes that a process has started, and of those that they have."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found += [int(entry.name), *children(int(entry.name))]
    return found


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@pytest.fixture(scope="session")
def thousands(tmp_path_factory):
    """5,000 articles and their tables."""
    articles = rows(5000)
    return articles, batch_tables(articles, tmp_path_factory.mktemp("thousands"))


# Workers start as the tests do: with this interpreter, on this machine alone.
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
# Ray would take the address of a network card; what it is told for systems where it asks no firewall holds here too.
os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
# Its workers would give way to whatever else the machine does, and the tests wait for them.
os.environ.setdefault("RAY_worker_niceness", "0")  # noqa: SIM112 (so it is called)
