"""Many texts: order, sources, bad rows, interruption."""

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
