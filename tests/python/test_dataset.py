"""A dataset of the batch engine, opened with what analysts use."""

import pytest
from conftest import EXAMPLES

pytest.importorskip("pyarrow")

JOIN = """
    select d.id, e.type, p.name
    from documents d join events e using (document) join participants p using (document, event)
    where p.part = 'actor' order by d.document, e.event, p.entity
"""
TABLES = ("documents", "events", "participants")


@pytest.fixture(scope="module")
def dataset(engine, tmp_path_factory):
    out = tmp_path_factory.mktemp("dataset") / "out"
    engine.batch(EXAMPLES, out, format="parquet", date="2025-04-08")
    return out


def test_duckdb_pandas_and_polars_join_the_tables_alike(dataset):
    duckdb = pytest.importorskip("duckdb")
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    views = ", ".join(f"{name} as (from read_parquet('{dataset}/{name}/*.parquet'))" for name in TABLES)
    rows = duckdb.sql(f"with {views} {JOIN}").fetchall()
    assert rows

    keys = ["document", "event", "entity"]
    d, e, p = (pandas.read_parquet(dataset / name) for name in TABLES)
    joined = d[["document", "id"]].merge(e[["document", "event", "type"]], on="document")
    joined = joined.merge(p[p.part == "actor"], on=["document", "event"], suffixes=("", "_who")).sort_values(keys)
    assert list(joined[["id", "type", "name"]].itertuples(index=False, name=None)) == rows

    d, e, p = (polars.read_parquet(dataset / name / "*.parquet") for name in TABLES)
    joined = d.select("document", "id").join(e.select("document", "event", "type"), on="document")
    joined = joined.join(p.filter(polars.col("part") == "actor"), on=["document", "event"], suffix="_who").sort(keys)
    assert joined.select("id", "type", "name").rows() == rows


def test_arrow_files_hold_the_same_tables(engine, dataset, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as parquet

    engine.batch(EXAMPLES, tmp_path / "out", format="arrow", date="2025-04-08")
    for folder in sorted(path for path in (tmp_path / "out").iterdir() if path.is_dir() and path.name != "state"):
        (part,) = folder.glob("*.arrow")
        with pa.ipc.open_file(part) as file:
            assert file.read_all().equals(parquet.read_table(dataset / folder.name)), folder.name
