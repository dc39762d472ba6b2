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


FRAMES = "== ACCUSE disapprove\n-- verb A:subj R:acc label:Spitzelei prior:0.8\nbespitzeln\n"


def test_users_frames_win_and_are_explained(tmp_path):
    (tmp_path / "mine.frames").write_text(FRAMES, encoding="utf-8")
    for frames in (tmp_path / "mine.frames", [str(tmp_path / "mine.frames")], {"mine.frames": FRAMES}):
        (event,) = depesche.load(frames=frames).read("Polen bespitzelte Ungarn.", explain=True).events
        assert (event.type, event.mode, event.label, event.confidence) == ("ACCUSE", "disapprove", "Spitzelei", 0.8)
        assert event.why.decided_by == "frame"
        assert event.why.origin.endswith("mine.frames:3")
        assert [(p.part, p.name, p.way) for p in event.why.participants] == [
            ("actor", "Polen", "subj"),
            ("recipient", "Ungarn", "acc"),
        ]
        assert "frame 'bespitzeln'" in str(event.why)


def test_events_are_explained_only_when_asked(engine):
    text = "Estland verurteilte den Angriff auf Polen."
    assert engine.read(text).events[0].why is None
    why = engine.read(text, explain=True, layers="events").events[0].why
    assert (why.predicate, why.decided_by, why.frame) == ("verurteilen", "judge", "verurteilen")
    assert why.weights
    (doc,) = engine.read_many([text], explain=True)
    assert doc.events[0].why == why


def test_users_tables_win():
    table = "Anja Testfrau\tAUT\tAußenministerin\tGOV\n"
    doc = depesche.load(knowledge={"persons.tsv": table}).read("Anja Testfrau besuchte Polen.")
    assert (doc.entities[0].name, doc.entities[0].code) == ("Anja Testfrau", "AUT")


def test_unsure_events_are_left_out_on_request(engine):
    text = "Estland verurteilte den Angriff auf Polen."
    sure = depesche.load(min_confidence=0.99)
    assert engine.read(text).events
    assert not sure.read(text).events
    assert sure is depesche.load(min_confidence=0.99)
    with pytest.raises(depesche.ArgumentError, match="between 0 and 1"):
        depesche.load(min_confidence=2)


def test_mistakes_in_users_tables_name_file_and_line(tmp_path):
    with pytest.raises(depesche.DataError, match=r"^mine\.frames:2: .*no slot") as caught:
        depesche.load(frames={"mine.frames": "== ACCUSE\n-- verb A:WER\n"})
    assert (caught.value.file, caught.value.line) == ("mine.frames", 2)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(depesche.DataError, match=r"persons\.tsv:1"):
        depesche.load(knowledge={"persons.tsv": "Anja Testfrau\n"})
    with pytest.raises(FileNotFoundError):
        depesche.load(frames=tmp_path / "missing.frames")


def test_an_engine_with_own_tables_crosses_processes():
    engine = depesche.load(frames={"mine.frames": FRAMES})
    assert pickle.loads(pickle.dumps(engine)).read("Polen bespitzelte Ungarn.").events[0].label == "Spitzelei"
