"""Pictures of a corpus: what they show with each backend, and what they say when there is nothing to show."""

import json

import depesche
import pytest
from conftest import RECORD

BACKENDS = ["altair", "matplotlib"]


@pytest.fixture(params=BACKENDS)
def backend(request):
    pytest.importorskip(request.param)
    return request.param


@pytest.fixture
def corpus():
    def document(number, **event):
        events = [{**RECORD["events"][0], "status": "actual", **event}]
        record = {**RECORD, "id": str(number), "source": "A" if number % 2 else "B", "events": events}
        record["entities"] = [*RECORD["entities"][:3], {**RECORD["entities"][3], "lat": 50.7, "lon": 7.1}]
        return depesche.Document.from_json(json.dumps(record))

    conflict = {"type": "ASSAULT", "quad": "material conflict", "score": -9.0, "date": "2025-03"}
    return depesche.Corpus(
        [document(1), document(2, **conflict), document(3, **conflict), document(4, status="negated")]
    )


def rows(chart):
    """What an Altair chart holds."""
    layers = chart.to_dict().get("layer", [chart.to_dict()])
    return [row for layer in layers for row in layer["data"]["values"]]


def texts(figure):
    """What a Matplotlib figure says."""
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]


def test_the_timeline_counts_events_by_period(corpus):
    pytest.importorskip("altair")
    found = {(row["x"], row["group"]): row["value"] for row in rows(corpus.timeline(backend="altair"))}
    assert found == {("2025-03", "material conflict"): 2, ("2025-04", "verbal cooperation"): 1}
    assert rows(corpus.timeline(since="2025-04", backend="altair")) == [
        {"x": "2025-04", "group": "verbal cooperation", "value": 1}
    ]
    assert sum(row["value"] for row in rows(corpus.timeline(any_status=True, backend="altair"))) == 4
    assert "2 without a date that fine" in json.dumps(corpus.timeline(every="day", backend="altair").to_dict())


def test_the_network_shows_who_acts_on_whom(corpus):
    pytest.importorskip("altair")
    found = rows(corpus.network(backend="altair"))
    edges = {(row["who"], row["whom"], row["events"], row["score"]) for row in found if "who" in row}
    assert edges == {("POL", "HUN", 3, -5.17)}
    assert {row["name"] for row in found if "name" in row} == {"POL", "HUN"}


def test_the_map_shows_places_with_coordinates(corpus):
    pytest.importorskip("altair")
    found = [row for row in rows(corpus.map(backend="altair")) if "place" in row]
    assert {(row["place"], row["events"]) for row in found} == {("Bonn", 3)}


def test_sources_or_corpora_are_compared(corpus):
    pytest.importorskip("altair")
    found = {(row["group"], row["x"]): row["value"] for row in rows(corpus.compare(backend="altair"))}
    assert found == {("A", "CONSULT"): 50, ("A", "ASSAULT"): 50, ("B", "ASSAULT"): 100}
    both = corpus[:1].compare(corpus[1:], labels=["one", "others"], by="quad", backend="altair")
    assert {row["group"] for row in rows(both)} == {"one", "others"}
    with pytest.raises(depesche.ArgumentError, match="labels"):
        corpus.compare(corpus, labels=["one"])


@pytest.mark.parametrize("picture", ["timeline", "network", "map", "compare"])
def test_matplotlib_draws_every_picture(corpus, picture, tmp_path):
    pytest.importorskip("matplotlib")
    figure = getattr(corpus, picture)(backend="matplotlib")
    figure.savefig(tmp_path / "picture.png")
    assert len(texts(figure)) > 4


@pytest.mark.parametrize("picture", ["timeline", "network", "map", "compare"])
def test_empty_pictures_say_so(backend, picture, engine):
    for corpus in (depesche.Corpus(), engine.read_many(["Das Wetter bleibt schön."])):
        drawn = getattr(corpus, picture)(backend=backend)
        said = json.dumps(drawn.to_dict()) if backend == "altair" else " ".join(texts(drawn))
        assert "No " in said


def test_nonsense_is_refused(corpus):
    for call in (
        lambda: corpus.timeline(every="week"),
        lambda: corpus.timeline(by="colour"),
        lambda: corpus.network(top=1),
        lambda: corpus.map(backend="gnuplot"),
    ):
        with pytest.raises(depesche.ArgumentError):
            call()


def test_without_a_backend_the_error_says_what_to_install(corpus, monkeypatch):
    monkeypatch.setattr("depesche._charts.find_spec", lambda name: None)
    with pytest.raises(depesche.MissingError, match=r"depesche\[plots\]"):
        corpus.timeline()


def test_periods_without_events_stay_on_the_axis():
    from depesche._charts import _between

    assert _between("2024-11", "2025-02", "month") == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert _between("2024", "2026", "year") == ["2024", "2025", "2026"]
    assert _between("2024-02-28", "2024-03-01", "day") == ["2024-02-28", "2024-02-29", "2024-03-01"]
