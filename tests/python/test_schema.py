"""What the engine says about the examples fits the committed JSON Schema."""

import json

import jsonschema
import pytest
from conftest import EXAMPLES, RECORD, ROOT


@pytest.fixture(scope="module")
def validator():
    schema = json.loads((ROOT / "schema" / "record.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_records_of_the_examples_fit_the_schema(engine, validator, path):
    doc = engine.read(path.read_text(encoding="utf-8"), date="2025-04-08", id=path.stem, layers="all")
    validator.validate(doc.to_dict())


def test_the_schema_tells_good_from_bad(validator):
    assert validator.is_valid(RECORD)
    assert not validator.is_valid({**RECORD, "events": [{**RECORD["events"][0], "type": "MEET"}]})
    assert not validator.is_valid({key: value for key, value in RECORD.items() if key != "events"})
