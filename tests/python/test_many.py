"""Many texts: order, sources, bad rows, interruption, processes."""

import multiprocessing
import pickle
import signal
import subprocess
import sys
import time

import depesche
import pytest


def test_order_is_that_of_the_input(engine):
    texts = [f"Bonn {i}. " * (1 + i * 7 % 11) for i in range(100)]
    one = engine.read_many(texts, threads=1)
    two = engine.read_many(texts, threads=4)
    assert [doc.text for doc in two] == texts
    assert one == two
    assert [doc.id for doc in two[:2]] == ["0", "1"]


def test_columns_go_with_the_texts(engine):
    corpus = engine.read_many(["A.", "B."], ids=["x", 7], dates=["2025-04-08", None], titles=[None, "T"])
    assert [(d.id, d.date, d.title) for d in corpus] == [("x", "2025-04-08", None), ("7", None, "T")]


def test_mappings_bring_their_own_fields(engine):
    (doc,) = engine.read_many([{"id": 3, "text": "Bonn.", "date": "2025-04-08", "section": "Politik"}])
    assert (doc.id, doc.text, doc.date) == ("3", "Bonn.", "2025-04-08")


def test_frames_are_read_by_their_columns(engine):
    class Frame:
        def __init__(self, **columns):
            self.data = columns
            self.columns = list(columns)

        def __getitem__(self, name):
            return self.data[name]

    corpus = engine.read_many(Frame(text=["A.", "B."], id=["a", "b"], date=["2025-04-08", float("nan")], other=[1, 2]))
    assert [(d.id, d.text, d.date) for d in corpus] == [("a", "A.", "2025-04-08"), ("b", "B.", None)]
    with pytest.raises(depesche.ArgumentError, match="no column 'text'"):
        engine.read_many(Frame(body=["A."]))


def test_bad_rows_are_collected_in_order(engine):
    corpus = engine.read_many(["A.", None, b"B.", 5, "C."], dates=[None, None, None, None, "morgen"])
    assert [d.text for d in corpus] == ["A."]
    assert [(e.id, e.kind) for e in corpus.errors] == [("1", "type"), ("2", "type"), ("3", "type"), ("4", "date")]
    assert corpus.errors[0].to_dict()["error"] == {"kind": "type", "message": "the text must be str, not missing"}


def test_bad_rows_raise_when_asked(engine):
    with pytest.raises(depesche.ReadError, match="document '1'"):
        engine.read_many(["A.", None, "B."], errors="raise")


def test_empty_input_gives_an_empty_corpus(engine):
    corpus = engine.read_many([])
    assert (len(corpus), corpus.errors) == (0, ())


def test_an_iterator_that_raises_passes_its_error_on(engine):
    def texts():
        yield "A."
        yield "B."
        raise OSError("disk")

    seen = []
    with pytest.raises(OSError, match="disk"):
        for doc in engine.pipe(texts()):
            seen.append(doc.text)
    assert seen == ["A.", "B."]


def test_interruption_reaches_the_caller(engine):
    def texts():
        yield "A."
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.read_many(texts())


def test_lists_of_different_length_are_refused(engine):
    with pytest.raises(depesche.ArgumentError, match="dates ended"):
        engine.read_many(["A.", "B."], dates=["2025-04-08"])
    with pytest.raises(depesche.ArgumentError, match="more ids"):
        engine.read_many(["A."], ids=["a", "b"])


@pytest.mark.parametrize("texts", ["A.", b"A.", {"text": "A."}])
def test_one_text_is_not_many(engine, texts):
    with pytest.raises(depesche.ArgumentError, match="use read"):
        engine.read_many(texts)


def test_pipe_runs_only_a_little_ahead(engine):
    pulled = []

    def texts():
        for i in range(10_000):
            pulled.append(i)
            yield "Bonn."

    stream = engine.pipe(texts(), threads=1)
    next(stream)
    assert len(pulled) < 100
    stream.close()


INTERRUPTED = """
import signal, sys, threading, depesche
# Where the tests run in the background, the interrupt is ignored from birth.
signal.signal(signal.SIGINT, signal.default_int_handler)
engine = depesche.load()
def texts():
    while True:
        print("going", flush=True)
        yield "Polen und Estland haben sich auf ein Abkommen geeinigt. " * 50
try:
    engine.read_many(texts())
except KeyboardInterrupt:
    print("stopped", threading.active_count(), flush=True)
    print(len(engine.read("Polen half Estland.").entities), flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
def test_ctrl_c_stops_cleanly_and_the_engine_goes_on():
    child = subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, encoding="utf-8")
    try:
        assert child.stdout.readline() == "going\n"
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        said, _ = child.communicate(timeout=60)
    finally:
        child.kill()
    assert said.splitlines()[-2:] == ["stopped 1", "2"]
    assert child.returncode == 0


def test_a_real_interrupt_stops_a_batch_that_can_be_resumed(tmp_path):
    lines = tmp_path / "many.jsonl"
    lines.write_text('{"text": "Polen und Estland haben sich auf ein Abkommen geeinigt."}\n' * 20_000, encoding="utf-8")
    code = (
        "import sys, depesche\nengine = depesche.load()\nprint('going', flush=True)\n"
        "try:\n    engine.batch(sys.argv[1], sys.argv[2])\nexcept KeyboardInterrupt:\n    print('stopped')"
    )
    command = [sys.executable, "-c", code, str(lines), str(tmp_path / "out")]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        assert child.stdout.readline() == "going\n"
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        said, _ = child.communicate(timeout=120)
    finally:
        child.kill()
    # A quick machine may be done before.
    assert (said, child.returncode) in {("stopped\n", 0), ("", 0)}
    account = depesche.load().batch(lines, tmp_path / "out", resume=True)
    assert account["documents"] == account["records"] == 20_000


def test_rows_of_every_wrong_kind_have_the_defined_outcome(engine):
    wrong = [None, b"Bonn", 5, 5.5, ["Bonn"], float("nan"), {"text": None}, {"body": "Bonn"}, {"text": b"Bonn"}]
    corpus = engine.read_many([*wrong, "Bonn.", ""])
    assert [doc.text for doc in corpus] == ["Bonn.", ""]
    assert [(error.id, error.kind) for error in corpus.errors] == [(str(i), "type") for i in range(len(wrong))]
    for row in wrong:
        with pytest.raises(depesche.ReadError):
            engine.read_many([row], errors="raise")


def test_lone_surrogates_are_a_bad_row_not_a_crash(engine):
    corpus = engine.read_many(["Bonn.", "B\ud800n", "Kiel."])
    assert [doc.text for doc in corpus] == ["Bonn.", "Kiel."]
    assert [error.id for error in corpus.errors] == ["1"]
    with pytest.raises(depesche.ReadError, match="surrogate"):
        engine.read("B\ud800n")


def test_a_corpus_survives_pickling(engine):
    corpus = engine.read_many(["Polen half Estland.", None])
    again = pickle.loads(pickle.dumps(corpus))
    assert again == corpus
    assert [str(error) for error in again.errors] == [str(error) for error in corpus.errors]
    assert again.events.columns == corpus.events.columns


def _count(texts):
    return [len(doc.entities) for doc in depesche.load().read_many(texts, threads=2)]


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_processes_read_side_by_side(engine, method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"there is no {method} here")
    texts = ["Polen half Estland.", "Bonn."]
    # The parent has an engine and has used its threads: a forked child must not hang on them.
    expected = [len(doc.entities) for doc in engine.read_many(texts, threads=2)]
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map_async(_count, [texts] * 4).get(timeout=120) == [expected] * 4
