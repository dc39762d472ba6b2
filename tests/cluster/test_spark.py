"""depesche on Spark: a cluster on this machine, two executors in processes of their own."""

import datetime
import os
import pickle
import signal
import sys
import threading
import time

import depesche
import pytest
from conftest import TABLES, article, children, command, keyed, rows, warc

pytest.importorskip("pyspark")

import depesche.spark  # noqa: E402
from depesche._nested import Job  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402


@pytest.fixture(scope="session")
def spark():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.executor.memory", "512m")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "256")
        .getOrCreate()
    )
    yield session
    session.stop()


def frame(spark, articles, partitions):
    return spark.createDataFrame(articles).repartition(partitions)


def ids_of(tables):
    return {row["document"]: row["id"] for row in tables["documents"].select("document", "id").collect()}


def collected(tables, ids):
    """Tables as the batch engine's rows."""
    plain = lambda name: [row.asDict(recursive=True) for row in tables[name].collect()]
    return {name: keyed(plain(name), ids) for name in TABLES}


def executors(spark):
    driver = spark.sparkContext._gateway.proc.pid
    return [pid for pid in children(driver) if "CoarseGrainedExecutorBackend" in command(pid)]


def test_the_tables_are_those_of_the_batch_engine(spark, thousands):
    articles, expected = thousands
    tables = depesche.spark.extract(frame(spark, articles, 8)).persist()
    found = collected(tables, ids_of(tables))
    assert {name: len(table) for name, table in found.items()} == {name: len(table) for name, table in expected.items()}
    for name in TABLES:
        assert found[name] == expected[name], name
    assert tables["errors"].count() == 0
    tables.unpersist()


def test_the_schema_is_that_of_the_dataset(spark, tmp_path):
    (tmp_path / "a.txt").write_text(article(1), encoding="utf-8")
    depesche.load("de").batch(tmp_path / "a.txt", tmp_path / "dataset", format="parquet")
    tables = depesche.spark.extract(frame(spark, rows(1), 1))
    for name in TABLES:
        dataset = spark.read.parquet(f"{tmp_path}/dataset/{name}")
        assert [(f.name, f.dataType) for f in tables[name].schema] == [(f.name, f.dataType) for f in dataset.schema], (
            name
        )


def test_an_executor_that_is_killed_changes_nothing(spark, thousands, tmp_path):
    articles, expected = thousands
    tables = depesche.spark.extract(frame(spark, articles, 24), tables=["documents", "dyads"])
    pids = executors(spark)
    assert len(pids) == 2
    status = spark.sparkContext.statusTracker()
    job = threading.Thread(target=lambda: tables.write(str(tmp_path / "out")))
    job.start()
    while not any(
        (stage := status.getStageInfo(s)) and stage.numCompletedTasks >= 3 for s in status.getActiveStageIds()
    ):
        time.sleep(0.05)
    os.kill(pids[0], signal.SIGKILL)
    assert job.is_alive()
    job.join()
    written = {name: spark.read.parquet(f"{tmp_path}/out/{name}") for name in tables}
    assert written["documents"].count() == 5000
    assert written["errors"].count() == 0
    found = [row.asDict(recursive=True) for row in written["dyads"].collect()]
    order = lambda rows: sorted(rows, key=repr)
    assert order(keyed(found, ids_of(written))) == order(expected["dyads"])


def test_tables_are_written_with_what_is_carried(spark, tmp_path):
    articles = [*rows(40), {"id": "bad", "text": None, "date": None, "section": "bad"}]
    articles = [{**row, "number": number} for number, row in enumerate(articles)]
    df = frame(spark, articles, 20)
    tables = depesche.spark.extract(df, tables=["events", "dyads"], carry=["section"], document="number")
    out = tmp_path / "out"
    tables.write(str(out), partition_by={"dyads": ["type"]})
    assert any(path.name == "type=ACCUSE" for path in (out / "dyads").iterdir())
    key = lambda row: (row["document"], row["event"], row["section"])
    for name in ("events", "dyads"):
        written = spark.read.parquet(str(out / name))
        assert set(written.columns) == set(tables[name].columns)
        assert sorted(map(key, written.collect())) == sorted(map(key, tables[name].collect()))
    assert len(list((out / "events").glob("*.parquet"))) == 2, "twenty partitions are few files"
    assert [row["section"] for row in spark.read.parquet(str(out / "errors")).collect()] == ["bad"]
    with pytest.raises(depesche.ArgumentError, match="there already"):
        tables.write(str(out))


def test_records_hold_all_of_a_document(spark):
    tables = depesche.spark.extract(frame(spark, rows(6), 2), tables=["events"], carry=["section"])
    records = tables.records.collect()
    assert len(records) == 6
    assert records[0].asDict().keys() == {"document", "section", "error", "events"}
    assert sum(len(row["events"]) for row in records) == tables["events"].count()


def test_a_long_document_holds_up_its_own_partition_alone(spark):
    long = {
        "id": "long",
        "text": " ".join(article(i) for i in range(5_000_000 // 450)),
        "date": "2025-04-08",
        "section": "s",
    }
    assert len(long["text"].encode()) > 4_000_000
    short = rows(400)
    df = spark.createDataFrame(spark.sparkContext.parallelize([*short[:200], long, *short[200:]], 8))
    tables = depesche.spark.extract(df, tables=["events"])
    status = spark.sparkContext.statusTracker()
    found, alone = [], False
    job = threading.Thread(target=lambda: found.append(tables["events"].count()))
    job.start()
    while job.is_alive():
        for stage in filter(None, map(status.getStageInfo, status.getActiveStageIds())):
            alone |= stage.numTasks == 8 and stage.numCompletedTasks == 7
        time.sleep(0.02)
    assert alone, "seven partitions are done before the eighth"
    assert found[0] > 1000


def test_what_cannot_be_read_is_a_row_of_errors(spark):
    articles = [
        {"id": "good", "text": article(1), "date": "2025-04-08", "section": "a"},
        {"id": "null", "text": None, "date": "2025-04-08", "section": "b"},
        {"id": "date", "text": article(2), "date": "gestern", "section": "c"},
        {"id": "large", "text": article(3) * 20, "date": "2025-04-08", "section": "d"},
    ]
    tables = depesche.spark.extract(
        frame(spark, articles, 2), carry=["section"], engine=depesche.Engine(max_bytes=2000)
    )
    assert [row["id"] for row in tables["documents"].collect()] == ["good"]
    errors = {row["section"]: row["kind"] for row in tables["errors"].collect()}
    assert errors == {"b": "type", "c": "date", "d": "too-large"}
    assert {row["section"] for row in tables["mentions"].collect()} == {"a"}


def test_columns_have_the_names_and_types_that_a_user_gives(spark):
    rows = [(7, datetime.date(2025, 4, 8), article(1)), (9, None, article(2))]
    df = spark.createDataFrame(rows, "number bigint, day date, body string")
    tables = depesche.spark.extract(df, "body", "day", "number", document="number", tables=["documents"])
    found = [(row["document"], row["id"], row["date"]) for row in tables["documents"].orderBy("document").collect()]
    assert found == [(7, "7", "2025-04-08"), (9, "9", None)]


def test_a_users_frames_travel_to_the_workers(spark):
    frames = "== ACCUSE disapprove\n-- verb A:subj R:acc label:Spitzelei prior:0.8\nbespitzeln\n"
    df = frame(spark, [{"id": "a", "text": "Polen bespitzelte Ungarn."}] * 4, 2)
    tables = depesche.spark.extract(df, tables=["events"], engine=depesche.load(frames={"mine.frames": frames}))
    assert [(row["type"], row["label"]) for row in tables["events"].collect()] == [("ACCUSE", "Spitzelei")] * 4


def test_arguments_that_make_no_sense_are_refused_before_any_work(spark):
    df = frame(spark, rows(1), 1)
    for arguments, message in [
        ({"text": "body"}, "no column 'body'"),
        ({"tables": ["sätze"]}, "no table 'sätze'"),
        ({"carry": ["date"]}, "of their own"),
        ({"document": "number"}, "no column 'number'"),
    ]:
        with pytest.raises(depesche.ArgumentError, match=message):
            depesche.spark.extract(df, **arguments)


def test_events_are_a_function_in_frames_and_in_sql(spark):
    df = frame(spark, [*rows(20), {"id": "n", "text": None, "date": None, "section": "x"}], 2)
    tables = depesche.spark.extract(df, tables=["events"])
    expected = sorted((row["type"], row["trigger"], row["start"]) for row in tables["events"].collect())
    found = df.select(F.inline(depesche.spark.events("text", "date")))
    assert sorted((row["type"], row["trigger"], row["start"]) for row in found.collect()) == expected
    depesche.spark.register(spark)
    df.createOrReplaceTempView("articles")
    counted = spark.sql(
        "select event.type, get(event.actors, 0) as actor, count(*) as n from articles "
        "lateral view explode(depesche_events(text, date)) as event group by 1, 2"
    )
    assert sum(row["n"] for row in counted.collect()) == len(expected)
    assert {"FRA", "POL"} <= {row["actor"] for row in counted.collect()}


def test_recipe_web_archives_to_a_table_of_events_by_month(spark, tmp_path):
    """docs/clusters.md, "From CC-NEWS to a table of events"."""
    english = "The minister travelled to Bonn on Monday to talk with his counterpart about the situation there. " * 3
    folder = tmp_path / "crawl-data" / "CC-NEWS"
    warc(folder / "2025" / "04" / "CC-NEWS-20250408-1.warc.gz", [("http://a/1", article(1)), ("http://a/2", english)])
    warc(folder / "2025" / "05" / "CC-NEWS-20250501-1.warc.gz", [("http://b/1", article(2))])
    (folder / "2025" / "05" / "CC-NEWS-20250502-1.warc.gz").write_bytes(b"\x1f\x8bbroken")

    paths = [path.as_uri() for path in sorted(folder.glob("**/*.warc.gz"))] + [f"file://{tmp_path}/missing.warc.gz"]
    articles = depesche.spark.read_archives(spark, paths).persist()
    tables = depesche.spark.extract(articles.where("fault is null"), tables=["events", "dyads"])
    dyads = tables["dyads"].withColumn("month", F.substring("date", 1, 7))
    dyads.write.partitionBy("month").parquet(f"{tmp_path}/dyads")

    assert sorted(row["url"] for row in articles.where("fault is null").collect()) == ["http://a/1", "http://b/1"]
    assert {row["fault"]["kind"] for row in articles.where("fault is not null").collect()} == {"io"}
    assert any(path.name.startswith("month=2025-0") for path in (tmp_path / "dyads").iterdir())

    spark.read.parquet(f"{tmp_path}/dyads").createOrReplaceTempView("dyads")
    counts = spark.sql(
        "select month, actor_code, recipient_code, count(distinct document, event) as events, avg(score) as score "
        "from dyads where status = 'actual' group by all order by month, events desc"
    )
    assert counts.count() > 0


def test_recipe_a_stream_of_new_articles(spark, tmp_path):
    """docs/clusters.md, "New articles every minute"."""
    incoming, out = tmp_path / "incoming", tmp_path / "events"
    incoming.mkdir()

    def drop(name, numbers):
        spark.createDataFrame([rows(n + 1)[n] for n in numbers]).coalesce(1).write.json(str(tmp_path / name))
        (part,) = (tmp_path / name).glob("part-*.json")
        part.rename(incoming / f"{name}.json")

    drop("one", range(5))
    stream = spark.readStream.schema("id string, text string, date string").json(str(incoming))
    tables = depesche.spark.extract(stream, tables=["events"])
    query = (
        tables["events"].writeStream.format("parquet").option("path", str(out))
        .option("checkpointLocation", str(tmp_path / "state")).trigger(processingTime="1 second").start()
    )  # fmt: skip
    query.processAllAvailable()
    first = spark.read.parquet(str(out)).count()
    drop("two", range(5, 10))
    query.processAllAvailable()
    query.stop()
    expected = depesche.spark.extract(frame(spark, rows(10), 2), tables=["events"])["events"].count()
    assert 0 < first < spark.read.parquet(str(out)).count() == expected


def test_what_travels_to_workers_is_small():
    job = Job({"text": "text"}, ("events",), (), None, depesche.load("de"))
    assert len(pickle.dumps(job)) < 500, "the model does not travel"
    assert pickle.loads(pickle.dumps(job)).engine is depesche.load("de"), "a process has one engine"
