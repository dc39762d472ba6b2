"""Documents and their parts: attributes, links, equality, pickling."""

import json
import pickle

import depesche
import pytest
from conftest import RECORD, TEXT


def test_positions_slice_the_text(document):
    mention = document.entities[0].mentions[0]
    assert document.text[mention.start : mention.end] == mention.text == "Öz"


def test_numbers_have_become_links(document):
    event = document.events[0]
    assert [a.name for a in event.actors] == ["Polen"]
    assert [r.code for r in event.recipients] == ["HUN"]
    assert event.place.name == "Bonn"
    assert event.statement is document.statements[0]
    assert event.statement.speaker.entity is document.entities[0]
    assert event.sentence.text == TEXT
    assert document.entities[0].roles == document.roles
    assert document.roles[0].person.name == "Öz"


def test_facts_are_events_without_second_reports():
    again = {**RECORD["events"][0], "same_as": 0}
    doc = depesche.Document.from_json(json.dumps({**RECORD, "events": [RECORD["events"][0], again]}))
    assert len(doc.events) == 2
    assert doc.facts == doc.events[:1]
    assert doc.events[1].same_as is doc.events[0]


def test_statements_that_were_not_asked_for_are_missing_not_fatal(engine):
    doc = engine.read("Tusk sagte, Polen habe den Angriff verurteilt.", layers="events")
    assert doc.statements == ()
    assert [event.statement for event in doc.events] == [None] * len(doc.events)


def test_reprs_say_what_matters(document):
    assert repr(document.events[0]) == "<Event CONSULT (possible): Polen -> Ungarn>"
    assert repr(document.roles[0]) == "<Role 'Öz' current 'Minister'>"
    assert repr(document) == "<depesche.Document 'hand': 4 entities, 1 roles, 0 times, 1 statements, 1 events>"


def test_to_dict_is_the_record(document):
    assert document.to_dict() == RECORD
    assert json.loads(document.to_json()) == RECORD
    assert document.events[0].to_dict() == RECORD["events"][0]


def test_changing_a_dict_does_not_change_the_document(document):
    document.to_dict()["entities"].clear()
    document.events[0].to_dict()["actors"].append(3)
    assert len(document.entities) == 4
    assert document.to_dict() == RECORD


def test_documents_and_parts_are_equal_by_content(document):
    other = depesche.Document.from_json(document.to_json())
    assert other == document
    assert hash(other) == hash(document)
    assert other.events == document.events
    assert other.entities[0] != document.entities[1]
    assert len({other.entities[0], document.entities[0]}) == 1


def test_parts_cannot_be_changed(document):
    with pytest.raises(AttributeError):
        document.events[0].type = "AID"


def test_documents_and_parts_survive_pickling(document):
    assert pickle.loads(pickle.dumps(document)) == document
    event = pickle.loads(pickle.dumps(document.events[0]))
    assert event == document.events[0]
    assert event.text == "getroffen"


def test_what_is_no_record_is_refused():
    with pytest.raises(ValueError, match="not a record"):
        depesche.Document.from_json("{}")


def test_html_shows_mentions_events_and_statements(document):
    html = document._repr_html_()
    assert '<mark class="state" title="Polen (state POL GOV)">Polen</mark>' in html
    assert "CONSULT" in html
    assert "indirect, neutral" in html


def test_html_escapes_whatever_comes_from_outside(engine):
    attack = "<script>alert('x')</script>"
    doc = engine.read(f"Außenminister {attack} besucht Polen.", title=attack, id=attack, date="2025-04-08")
    html = doc._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
