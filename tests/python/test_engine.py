"""The engine: arguments, errors, layers, threads, processes."""

import datetime
import multiprocessing
import pickle
import threading

import depesche
import pytest
from conftest import EXAMPLES


def test_load_returns_one_engine(engine):
    assert depesche.load("de") is engine
    assert depesche.load() is engine
    with pytest.raises(depesche.ArgumentError):
        depesche.load("fr")


def test_fields_are_carried_through(engine):
    doc = engine.read("Bonn.", id="a", title="T", date="2025-04-08", source="S", url="U")
    assert (doc.id, doc.title, doc.date, doc.source, doc.url, doc.lang) == ("a", "T", "2025-04-08", "S", "U", "de")


def test_dates_may_be_objects(engine):
    assert engine.read("Bonn.", date=datetime.date(2025, 4, 8)).date == "2025-04-08"
    assert engine.read("Bonn.", date=datetime.datetime(2025, 4, 8, 12)).date == "2025-04-08"


def test_an_empty_text_gives_an_empty_document(engine):
    doc = engine.read("")
    assert (doc.text, doc.entities, doc.events, doc.tokens) == ("", (), (), None)


def test_tokens_come_only_when_asked_for(engine):
    assert engine.read("Bonn.").tokens is None
    assert engine.read("Bonn.", layers="tokens").tokens[0].text == "Bonn"
    assert engine.read("Bonn.", layers=["tokens", "times"]).tokens is not None
    with pytest.raises(depesche.ArgumentError, match="colours"):
        engine.read("Bonn.", layers="colours")


@pytest.mark.parametrize("text", [None, b"Bonn", 5])
def test_a_text_must_be_a_string(engine, text):
    with pytest.raises(TypeError):
        engine.read(text)


def test_errors_form_a_tree(engine):
    with pytest.raises(depesche.DateError) as caught:
        engine.read("Bonn.", date="gestern", id="x")
    assert isinstance(caught.value, depesche.ReadError)
    assert isinstance(caught.value, depesche.Error)
    assert (caught.value.id, caught.value.kind) == ("x", "date")
    assert pickle.loads(pickle.dumps(caught.value)).message == caught.value.message
    with pytest.raises(depesche.TooLargeError):
        depesche.Engine(max_bytes=10).read("x" * 11)


def test_positions_count_code_points(engine):
    doc = engine.read("🙂🙂 Ö. Bonn.", layers="tokens")
    token = next(token for token in doc.tokens if token.text.startswith("Bonn"))
    assert doc.text[token.start :] == "Bonn."


def test_one_engine_serves_many_threads(engine):
    text = (EXAMPLES / "tokio.txt").read_text(encoding="utf-8")
    expected = engine.read(text).to_json()
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(engine.read(text).to_json())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [expected] * 8


def _read(arguments):
    engine, text = arguments
    return engine.read(text)


def test_engine_and_documents_cross_processes(engine):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(_read, [(engine, "Bonn.")]) == [engine.read("Bonn.")]
