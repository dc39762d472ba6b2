"""depesche on Ray: a cluster on this machine, a head that does no work and two nodes that do."""

import os
import signal
import threading
import time

import depesche
import pyarrow as pa
import pytest
from conftest import TABLES, article, batch_tables, children, command, keyed, rows

ray = pytest.importorskip("ray")

import depesche.ray  # noqa: E402
from ray.cluster_utils import Cluster  # noqa: E402

# On this machine alone.
NODE = {"node_ip_address": "127.0.0.1", "object_store_memory": 200 << 20}


@pytest.fixture(scope="session")
def cluster():
    os.environ.setdefault("RAY_DEDUP_LOGS", "1")
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **NODE})
    for _ in range(2):
        cluster.add_node(num_cpus=1, **NODE)
    ray.init(address=cluster.address, log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield cluster
    ray.shutdown()
    cluster.shutdown()


def dataset(articles, blocks):
    return ray.data.from_arrow(pa.Table.from_pylist(articles)).repartition(blocks).materialize()


def collected(tables):
    tables = tables.materialize()
    ids = {row["document"]: row["id"] for row in tables["documents"].take_all()}
    return {name: keyed(tables[name].take_all(), ids) for name in tables if name != "errors"}


def test_the_tables_are_those_of_the_batch_engine(cluster, thousands):
    articles, expected = thousands
    found = collected(depesche.ray.extract(dataset(articles, 8), actors=2))
    for name in TABLES:
        assert found[name] == expected[name], name


def test_a_worker_that_is_killed_changes_nothing(cluster, thousands):
    articles, expected = thousands
    tables = depesche.ray.extract(dataset(articles, 24), tables=["documents", "dyads"], actors=2)
    found = []
    job = threading.Thread(target=lambda: found.append(collected(tables)))
    job.start()
    # A process of the pool says in its title which class it is.
    alive = lambda: [pid for pid in children(os.getpid()) if "_Actor" in command(pid)]
    while len(alive()) < 2:
        time.sleep(0.1)
    time.sleep(1)
    os.kill(alive()[0], signal.SIGKILL)
    assert job.is_alive()
    job.join()
    assert found[0]["dyads"] == expected["dyads"]


def test_a_node_that_is_lost_changes_nothing(cluster, tmp_path):
    articles = rows(1500)
    expected = batch_tables(articles, tmp_path)
    node = cluster.add_node(num_cpus=1, **NODE)
    tables = depesche.ray.extract(dataset(articles, 24), tables=["documents", "dyads"], actors=(1, 3))
    found = []
    job = threading.Thread(target=lambda: found.append(collected(tables)))
    job.start()
    time.sleep(3)
    cluster.remove_node(node, allow_graceful=False)
    job.join()
    assert found[0]["dyads"] == expected["dyads"]


def test_what_cannot_be_read_is_a_row_of_errors(cluster):
    articles = [
        {"id": "good", "text": article(1), "date": "2025-04-08", "section": "a"},
        {"id": "null", "text": None, "date": "2025-04-08", "section": "b"},
        {"id": "date", "text": article(2), "date": "gestern", "section": "c"},
        {"id": "large", "text": article(3) * 20, "date": "2025-04-08", "section": "d"},
    ]
    tables = depesche.ray.extract(
        dataset(articles, 2), carry=["section"], engine=depesche.Engine(max_bytes=2000), actors=1
    ).materialize()
    assert [row["id"] for row in tables["documents"].take_all()] == ["good"]
    errors = {row["section"]: row["kind"] for row in tables["errors"].take_all()}
    assert errors == {"b": "type", "c": "date", "d": "too-large"}
    assert {row["section"] for row in tables["mentions"].take_all()} == {"a"}


def test_a_long_document_holds_up_its_own_block_alone(cluster):
    long = {"id": "long", "text": " ".join(article(i) for i in range(5_000_000 // 450)), "date": "2025-04-08"}
    short = [{k: v for k, v in row.items() if k != "section"} for row in rows(400)]
    done = {}
    tables = depesche.ray.extract(dataset([*short[:200], long, *short[200:]], 8), tables=["documents"], actors=2)
    for batch in tables["documents"].iter_batches(batch_size=None, batch_format="pyarrow"):
        for id in batch.column("id").to_pylist():
            done[id] = time.monotonic()
    assert len(done) == 401
    others = sorted(moment for id, moment in done.items() if id != "long")
    assert sum(moment < done["long"] for moment in others) >= 300


def test_files_become_partitioned_tables(cluster, tmp_path):
    ray.data.from_arrow(pa.Table.from_pylist(rows(30))).write_json(str(tmp_path / "in"))
    tables = depesche.ray.extract(ray.data.read_json(str(tmp_path / "in")), tables=["events", "dyads"], actors=1)
    tables.write(str(tmp_path / "out"))
    dyads = ray.data.read_parquet(str(tmp_path / "out" / "dyads"))
    assert dyads.count() == tables["dyads"].count() > 0
    counts = dyads.groupby(["actor_code", "recipient_code"]).count().take_all()
    assert sum(row["count()"] for row in counts) == dyads.count()


def test_arguments_that_make_no_sense_are_refused_before_any_work(cluster):
    with pytest.raises(depesche.ArgumentError, match="no column 'body'"):
        depesche.ray.extract(dataset(rows(1), 1), "body")
