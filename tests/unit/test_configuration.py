import copy
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_landscape.evidence.configuration import (
    check_configuration,
    check_document,
    render_schema_markdown,
)
from relu_landscape.evidence.schema_phrases import requirement, resolve

ROOT = Path(__file__).parents[2]
STUDY_SCHEMA = json.loads(
    (ROOT / "workflow/schemas/config.schema.json").read_text(encoding="utf-8")
)
PROFILES = sorted((ROOT / "config").glob("*.yaml"))

SCHEMA = {
    "title": "Configuration",
    "description": "What is computed.",
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "step", "sizes"],
    "properties": {
        "name": {"description": "Name of it.", "type": "string", "pattern": "^[a-z]+$"},
        "step": {"description": "Step | size.", "type": "number", "exclusiveMinimum": 0},
        "law": {"description": "Starting law.", "enum": ["gaussian", "large_norm"]},
        "verbose": {"description": "More words.", "type": "boolean"},
        "note": {"description": "Free text.", "type": "string", "minLength": 1},
        "shares": {
            "description": "Shares.",
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        },
        "sizes": {
            "description": "Sizes.",
            "type": "array",
            "minItems": 2,
            "items": {"$ref": "#/$defs/size"},
        },
    },
    "$defs": {
        "size": {
            "description": "One size.",
            "type": "object",
            "additionalProperties": False,
            "required": ["k"],
            "properties": {
                "k": {
                    "description": "Teachers.",
                    "type": "integer",
                    "minimum": 1,
                    "maximum": 100,
                }
            },
        }
    },
}
GOOD = {"name": "smoke", "step": 0.1, "sizes": [{"k": 6}, {"k": 7}]}


def faults_of(text):
    return check_configuration(yaml.safe_load(text), SCHEMA)


def test_a_good_configuration_has_no_faults():
    assert check_configuration(GOOD, SCHEMA) == []


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_profile_of_the_study_is_good(path):
    assert check_configuration(yaml.safe_load(path.read_text(encoding="utf-8")), STUDY_SCHEMA) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"step": 0},
            "step: is 0, but must be a number above 0",
        ),
        (
            {"step": "1e-3"},
            "step: is '1e-3', but must be a number above 0; YAML takes this for text: a number "
            "with an exponent needs a decimal point and a signed exponent, such as 1.0e-3",
        ),
        (
            {"step": "0.1"},
            "step: is '0.1', but must be a number above 0; this is text: remove the quotes",
        ),
        ({"step": float("nan")}, "step: is nan, but must be a number above 0"),
        ({"step": float("inf")}, "step: is inf, but must be a number above 0"),
        ({"step": None}, "step: is empty, but must be a number above 0"),
        ({"step": True}, "step: is true, but must be a number above 0"),
        ({"step": {"a": 1}}, "step: is a mapping, but must be a number above 0"),
        (
            {"name": False},
            "name: is false, but must be text of the form ^[a-z]+$; YAML reads on, off, yes and "
            "no as true and false: put the word in quotes",
        ),
        (
            {"law": "gaus"},
            "law: is 'gaus', but must be one of gaussian, large_norm",
        ),
        ({"verbose": "yes"}, "verbose: is 'yes', but must be true or false"),
        ({"note": ""}, "note: is '', but must be text that is not empty"),
        (
            {"shares": []},
            "shares: is an empty list, but must be a list of at least 1 entry, each a number "
            "above 0 and below 1, none twice",
        ),
        (
            {"shares": [0.5, 0.5]},
            "shares: is a list of 2, but must be a list of at least 1 entry, each a number above "
            "0 and below 1, none twice",
        ),
        ({"shares": [0.5, 1]}, "shares[1]: is 1, but must be a number above 0 and below 1"),
        (
            {"sizes": [{"k": 6}]},
            "sizes: is a list of 1, but must be a list of at least 2 entries",
        ),
        (
            {"sizes": [{"k": 6}, {"k": 0}]},
            "sizes[1].k: is 0, but must be a whole number from 1 to 100",
        ),
        (
            {"sizes": [{"k": 6}, {"k": 7.0}]},
            "sizes[1].k: is 7.0, but must be a whole number from 1 to 100; write it without a "
            "decimal point: 7",
        ),
        (
            {"sizes": [{"k": 6}, {}]},
            "sizes[1].k: is missing; must be a whole number from 1 to 100 (Teachers.)",
        ),
        ({"colour": 1}, "colour: unknown key; allowed are name, step, law, verbose, note, shares"),
        ({"stepp": 1}, "stepp: unknown key; allowed are"),
    ],
)
def test_a_fault_is_told_in_one_line_that_names_key_value_and_what_is_allowed(changes, expected):
    (line,) = check_configuration(GOOD | changes, SCHEMA)
    assert line.startswith(expected)
    assert "\n" not in line


def test_a_misspelt_key_is_met_with_the_right_one():
    (line,) = check_configuration(GOOD | {"shaers": [0.5]}, SCHEMA)
    assert line.endswith("; did you mean shares?")


def test_a_missing_key_is_named():
    (line,) = check_configuration({"name": "smoke", "sizes": GOOD["sizes"]}, SCHEMA)
    assert line == "step: is missing; must be a number above 0 (Step | size.)"


def test_all_faults_are_listed_in_the_order_of_the_keys_and_entries():
    sizes = [{"k": 0} for _ in range(11)]
    lines = check_configuration(GOOD | {"sizes": sizes, "step": -1, "law": 3}, SCHEMA)
    keys = [line.partition(":")[0] for line in lines]
    assert keys == ["law", *(f"sizes[{i}].k" for i in range(11)), "step"]


def test_surprises_of_yaml_are_explained():
    text = "name: smoke\nstep: 1e-3\non: true\nsizes: [{k: 6}, {k: 7}]"
    first, second = faults_of(text)
    assert first.startswith("the key true is not text (YAML reads on, off, yes and no")
    assert second.startswith("step: is '1e-3'")
    (line,) = faults_of("name: smoke\nstep: 2018-01-01\nsizes: [{k: 6}, {k: 7}]")
    assert line == "step: is '2018-01-01', but must be a number above 0"


@pytest.mark.parametrize("text", ["", "[]", "3", "text"])
def test_what_is_no_mapping_is_refused(text):
    (line,) = faults_of(text)
    assert line.startswith("the configuration is ")
    assert line.endswith("must be a mapping of keys to values")


def test_a_list_can_be_checked_as_well():
    schema = {"type": "array", "items": {"type": "integer", "minimum": 1}}
    assert check_document([1, 2], schema) == []
    assert check_document([1, 0], schema) == ["[1]: is 0, but must be a whole number from 1 up"]


def test_the_configuration_is_not_changed():
    config = copy.deepcopy(GOOD) | {True: 1}
    before = copy.deepcopy(config)
    check_configuration(config, SCHEMA)
    assert config == before


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*SCHEMA["properties"], "k", "x"]) | st.booleans() | st.integers(0, 3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(JSON_VALUES)
def test_whatever_stands_in_the_file_gives_lines_and_no_crash(value):
    lines = check_configuration(value, SCHEMA)
    assert lines  # nothing drawn has two sizes with a valid k, a name and a step
    assert all(line and "\n" not in line for line in lines)


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_a_profile_without_any_one_of_its_keys_is_refused(path):
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key in STUDY_SCHEMA["required"]:
        lines = check_configuration({k: v for k, v in config.items() if k != key}, STUDY_SCHEMA)
        assert [line.split(";")[0] for line in lines] == [f"{key}: is missing"]


def test_every_key_is_documented():
    page = render_schema_markdown(SCHEMA)
    assert "# Configuration" in page
    assert "## law (optional)" in page
    assert "| `step` | number | above 0 | Step \\| size. |" in page
    assert "| `sizes[].k` | whole number | from 1 to 100 | Teachers. |" in page
    assert "| `law` | choice | one of gaussian, large_norm | Starting law. |" in page


def test_every_key_of_the_study_has_a_meaning():
    rows = [
        line for line in render_schema_markdown(STUDY_SCHEMA).splitlines() if line.startswith("| `")
    ]
    assert len(rows) > 30
    assert all(not row.endswith("|  |") for row in rows)


@pytest.mark.parametrize("reference", ["#/$defs/none", "other.json", "#/$defs/size/none"])
def test_a_reference_to_nothing_is_refused(reference):
    with pytest.raises(ValueError, match="the schema refers to"):
        resolve({"$ref": reference}, SCHEMA)


@pytest.mark.parametrize(
    ("schema", "phrase"),
    [
        ({"const": 3}, "3"),
        ({"enum": [True, None, "a"]}, "one of true, empty, a"),
        ({"type": ["number", "string"]}, "a number or text"),
        ({"type": "array", "minItems": 1, "maxItems": 3}, "a list of 1 to 3 entries"),
        ({"type": "object", "properties": {"a": {}, "b": {}}}, "a mapping with the keys a, b"),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 2}, "a number above 0 and at most 2"),
        ({}, "anything"),
    ],
)
def test_requirements_in_words(schema, phrase):
    assert requirement(schema, schema) == phrase
