"""Tables of a corpus in pandas, polars, pyarrow and DuckDB; batch datasets opened with them."""

import json

import depesche
import pytest
from conftest import EXAMPLES, RECORD, TEXT

pa = pytest.importorskip("pyarrow")


@pytest.fixture
def corpus(document):
    return depesche.Corpus([document, document])


def test_frames_are_arrow_tables(corpus):
    table = corpus.events.to_arrow()
    assert table.num_rows == len(corpus.events) == 2
    assert table.column_names == corpus.events.columns
    row = table.to_pylist()[1]
    assert (row["document"], row["event"], row["type"], row["place_name"], row["trigger"]) == (
        1,
        0,
        "CONSULT",
        "Bonn",
        "getroffen",
    )


def test_every_value_of_the_record_is_in_a_frame(corpus):
    rows = lambda frame: [r for r in frame.to_arrow().to_pylist() if r["document"] == 0]
    assert rows(corpus.documents)[0]["text"] == TEXT
    assert [(e["name"], e["code"], e["sector"], e["lat"]) for e in rows(corpus.entities)] == [
        (e["name"], e["code"], e["sector"], e.get("lat")) for e in RECORD["entities"]
    ]
    assert [(m["text"], m["kind"]) for m in rows(corpus.mentions)][0] == ("Öz", "name")
    (statement,) = rows(corpus.statements)
    assert (statement["speakers"], statement["speaker"], statement["text"]) == (
        [0],
        "Minister Öz",
        "Polen habe Ungarn getroffen",
    )
    (dyad,) = rows(corpus.dyads())
    assert (dyad["actor_code"], dyad["recipient_code"], dyad["date"]) == ("POL", "HUN", "2025-04-08")
    assert [p["name"] for p in rows(corpus.participants)] == ["Polen", "Ungarn"]
    assert rows(corpus.roles)[0]["person_name"] == "Öz"
    assert rows(corpus.times) == []


def test_frames_of_an_empty_corpus_have_their_columns():
    empty = depesche.Corpus()
    assert empty.events.to_arrow().num_rows == 0
    assert "type" in empty.events.columns


FRAMES = ["documents", "entities", "mentions", "roles", "times", "statements", "events", "participants", "dyads"]


@pytest.mark.parametrize("name", FRAMES)
def test_round_trips_keep_every_value_and_type(engine, name, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    parquet = pytest.importorskip("pyarrow.parquet")
    texts = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.txt"))]
    corpus = engine.read_many([*texts, ""], dates=["2025-04-08"] * len(texts) + [None])
    frame = corpus.dyads() if name == "dyads" else getattr(corpus, name)
    arrow = frame.to_arrow()
    assert arrow.num_rows > 0
    there = {
        "pandas": pa.Table.from_pandas(frame.to_pandas(), schema=arrow.schema, preserve_index=False),
        "polars": polars.DataFrame(frame).to_arrow().cast(arrow.schema),
        "duckdb": duckdb.sql("select * from frame").to_arrow_table().cast(arrow.schema),
    }
    parquet.write_table(arrow, tmp_path / "frame.parquet")
    there["parquet"] = parquet.read_table(tmp_path / "frame.parquet")
    for tool, table in there.items():
        assert table.to_pylist() == arrow.to_pylist(), tool
        assert table.schema.equals(arrow.schema), tool


def test_duckdb_takes_a_frame_as_it_is(corpus):
    duckdb = pytest.importorskip("duckdb")
    dyads = corpus.dyads()
    assert duckdb.sql("select actor_code, count(*) from dyads group by 1").fetchall() == [("POL", 2)]
    assert dyads.columns


def test_pandas_gets_a_frame(corpus):
    pytest.importorskip("pandas")
    assert list(corpus.entities.to_pandas()["name"])[:2] == ["Öz", "Polen"]


def test_a_batch_dataset_opens_with_the_joins_of_the_readme(engine, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    account = engine.batch(EXAMPLES, tmp_path / "out", format="parquet", date="2025-04-08")
    assert account["documents"] == account["records"] == len(list(EXAMPLES.glob("*.txt")))
    read = lambda name: f"read_parquet('{tmp_path}/out/{name}/*.parquet')"
    joined = duckdb.sql(
        f"select d.id, e.type, p.name from {read('documents')} d join {read('events')} e using (document) "
        f"join {read('participants')} p using (document, event) where p.part = 'actor'"
    )
    assert joined.columns == ["id", "type", "name"]
    assert duckdb.sql(f"select count(*) from {read('documents')}").fetchall() == [(account["records"],)]
    with pytest.raises(depesche.ArgumentError, match="resume"):
        engine.batch(EXAMPLES, tmp_path / "out", format="parquet", date="2025-04-08")


def test_batch_writes_the_records_that_read_gives(engine, tmp_path):
    engine.batch([EXAMPLES / "tokio.txt"], tmp_path / "out", date="2025-04-08")
    line = (tmp_path / "out" / "records" / "part-00000.jsonl").read_text(encoding="utf-8")
    text = (EXAMPLES / "tokio.txt").read_text(encoding="utf-8")
    assert json.loads(line) == engine.read(text, id="tokio", date="2025-04-08").to_dict()


@pytest.mark.parametrize("format", ["jsonl", "jsonl-gz"])
def test_a_dataset_of_records_is_a_corpus_again(engine, tmp_path, format):
    engine.batch(EXAMPLES, tmp_path / "out", format=format, date="2025-04-08")
    corpus = depesche.Corpus.from_jsonl(tmp_path / "out")
    assert [doc.id for doc in corpus] == sorted(path.stem for path in EXAMPLES.glob("*.txt"))
    assert len(corpus.dyads()) > 10


def test_records_and_errors_are_read_back(engine, tmp_path):
    file = tmp_path / "records.jsonl"
    corpus = engine.read_many(["Polen half Estland.", None])
    file.write_text(corpus.to_jsonl() + json.dumps(corpus.errors[0].to_dict()) + "\n", encoding="utf-8")
    again = depesche.Corpus.from_jsonl(file)
    assert again == corpus
    assert again.errors[0].to_dict() == corpus.errors[0].to_dict()
    file.write_text("Bonn\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"records\.jsonl:1: not a record"):
        depesche.Corpus.from_jsonl(file)
    with pytest.raises(depesche.ArgumentError):
        depesche.Corpus.from_jsonl(tmp_path)
