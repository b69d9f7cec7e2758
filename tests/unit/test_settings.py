import copy
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from hypothesis import given, settings, strategies as st
from pydantic import Field, ValidationError, create_model

from relu_landscape.evidence.manifest import config_values
from relu_landscape.search import Protocol
from relu_landscape.search.settings import Protocol as ProtocolSettings
from relu_landscape.settings import whole
from relu_landscape.settings.faults import check_document
from relu_landscape.settings.kinds import FROM_LIST, Distinct, Entries, Share
from relu_landscape.settings.model import Misfit, Settings
from relu_landscape.settings.names import NameIn, unknown_names
from relu_landscape.settings.pages import config_page, config_schema
from relu_landscape.settings.phrases import requirement
from relu_landscape.settings.whole import config_faults, whole_model

ROOT = Path(__file__).parents[2]
PROFILES = sorted((ROOT / "config").glob("*.yaml"))


class Size(Settings):
    """One size."""

    k: int = Field(ge=1, le=100, description="Teachers.")


class Sample(Settings):
    """What is computed.

    In two lines.
    """

    name: str = Field(pattern="^[a-z]+$", description="Name of it.")
    step: float = Field(gt=0, description="Step | size.")
    law: Literal["gaussian", "large_norm"] = Field(description="Starting law.")
    verbose: bool = Field(description="More words.")
    note: str = Field(min_length=1, description="Free text.")
    shares: Distinct[Share] = Field(description="Shares.")
    sizes: Annotated[tuple[Size, ...], Field(min_length=2), FROM_LIST] = Field(description="Sizes.")

    def misfits(self) -> Iterator[Misfit]:
        """Sizes that do not ascend."""
        for number, size in enumerate(self.sizes[1:], 1):
            if size.k < self.sizes[number - 1].k:
                yield ("sizes", number, "k"), f"{size.k} is less than before"


GOOD = {
    "name": "smoke",
    "step": 0.1,
    "law": "gaussian",
    "verbose": True,
    "note": "some",
    "shares": [0.5],
    "sizes": [{"k": 6}, {"k": 7}],
}


def check(config):
    return check_document(config, Sample)


def test_a_good_configuration_has_no_faults():
    assert check(GOOD) == []


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_profile_of_the_study_is_good(path):
    assert config_faults(yaml.safe_load(path.read_text(encoding="utf-8")), "x") == []


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
            "0 and below 1, none twice; entry [1] stands there before",
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
    (line,) = check(GOOD | changes)
    assert line.startswith(expected)
    assert "\n" not in line


def test_a_misspelt_key_is_met_with_the_right_one():
    (line,) = check(GOOD | {"shaers": [0.5]})
    assert line.endswith("; did you mean shares?")


def test_a_missing_key_is_named():
    (line,) = check({key: value for key, value in GOOD.items() if key != "step"})
    assert line == "step: is missing; must be a number above 0 (Step | size.)"


def test_all_faults_are_listed_in_the_order_of_the_keys_and_entries():
    sizes = [{"k": 0} for _ in range(11)]
    lines = check(GOOD | {"sizes": sizes, "step": -1, "law": 3})
    keys = [line.partition(":")[0] for line in lines]
    assert keys == ["law", *(f"sizes[{i}].k" for i in range(11)), "step"]


def test_surprises_of_yaml_are_explained():
    first, second = check(GOOD | yaml.safe_load("{step: 1e-3, on: true}"))
    assert first.startswith("the key true is not text (YAML reads on, off, yes and no")
    assert second.startswith("step: is '1e-3'")
    (line,) = check(GOOD | yaml.safe_load("step: 2018-01-01"))
    assert line == "step: is '2018-01-01', but must be a number above 0"


@pytest.mark.parametrize("document", [None, [], 3, "text"])
def test_what_is_no_mapping_is_refused(document):
    (line,) = config_faults(document, "some.yaml")
    assert line.startswith("some.yaml: the configuration is ")
    assert line.endswith("must be a mapping of keys to values")


def test_faults_of_entries_are_told_and_not_that_their_list_seems_too_short():
    assert check(GOOD | {"sizes": [{"k": 0}, {"k": 0}]}) == [
        f"sizes[{i}].k: is 0, but must be a whole number from 1 to 100" for i in range(2)
    ]


def test_what_does_not_fit_is_told_where_all_else_is_right():
    falling = {"sizes": [{"k": 7}, {"k": 6}, {"k": 5}]}
    assert check(GOOD | falling) == [
        "sizes[1].k: 6 is less than before",
        "sizes[2].k: 5 is less than before",
    ]
    (line,) = check(GOOD | falling | {"step": 0})
    assert line.startswith("step: is 0")


def test_settings_that_do_not_fit_cannot_be_made():
    with pytest.raises(ValidationError, match=r"sizes\[1\]\.k: 6 is less than before"):
        Sample.model_validate(GOOD | {"sizes": [{"k": 7}, {"k": 6}]})


def test_checks_of_a_base_are_made_as_well():
    class More(Sample):
        def misfits(self) -> Iterator[Misfit]:
            yield ("step",), "never fits"

    lines = check_document(GOOD | {"sizes": [{"k": 7}, {"k": 6}]}, More)
    assert lines == ["sizes[1].k: 6 is less than before", "step: never fits"]


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        Sample.model_validate(GOOD).step = 0.2


def test_names_of_nothing_are_told_wherever_they_stand():
    class Named(Settings):
        name: str

    class User(Settings):
        law: Annotated[str, NameIn("laws", "law")]

    class Both(Settings):
        laws: Entries[Named]
        users: Entries[User]

    users = [{"law": "a"}, {"law": "c"}]
    both = Both.model_validate({"laws": [{"name": "a"}, {"name": "b"}], "users": users})
    assert list(unknown_names(both)) == [(("users", 1, "law"), "no law 'c'; allowed: a, b")]


def test_a_list_can_be_checked_as_well():
    kind = Entries[Annotated[int, Field(ge=1)]]
    assert check_document([1, 2], kind) == []
    assert check_document([1, 0], kind) == ["[1]: is 0, but must be a whole number from 1 up"]


def test_the_configuration_is_not_changed():
    config = copy.deepcopy(GOOD) | {True: 1}
    before = copy.deepcopy(config)
    check(config)
    assert config == before


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*GOOD, "k", "x"]) | st.booleans() | st.integers(0, 3),
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
    lines = check(value)
    assert lines  # nothing drawn has two sizes with a valid k, a name and a step
    assert all(line and "\n" not in line for line in lines)


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_a_profile_without_any_one_of_its_keys_is_refused(path):
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key in config:
        lines = config_faults({k: v for k, v in config.items() if k != key}, "x")
        assert [line.split(";")[0] for line in lines] == [f"x: {key}: is missing"]


def every_model():
    """The models of all mappings in a config."""
    waiting, found = [whole_model()], []
    while waiting:
        model = waiting.pop()
        found.append(model)
        waiting += [kind for field in model.model_fields.values() for kind in named(field)]
    return found


def named(field):
    """The models of the entries of a key."""
    kinds = [field.annotation, *getattr(field.annotation, "__args__", ())]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Settings)]


def test_no_key_of_a_config_has_a_default():
    models = every_model()
    assert len(models) > 50
    for model in models:
        assert all(field.is_required() for field in model.model_fields.values()), model


def test_every_room_with_settings_has_its_part_in_the_whole():
    parts = {f"{room}.settings" for room in ("search", "minima", "global_minima", "families")}
    known = {base.__module__.removeprefix("relu_landscape.") for base in whole_model().__mro__}
    assert parts | {"certificates.settings", "activation_regions.settings"} <= known


def test_a_new_room_adds_its_keys_without_being_listed(tmp_path, monkeypatch):
    (tmp_path / "some_room").mkdir()
    (tmp_path / "some_room/settings.py").write_text("", encoding="utf-8")

    class Part:
        Part = create_model("Part", __base__=Settings, some_study=(Size, ...))

    monkeypatch.setattr(whole, "_ROOMS", tmp_path)
    monkeypatch.setattr(whole, "import_module", {"relu_landscape.some_room.settings": Part}.get)
    assert list(whole_model.__wrapped__().model_fields)[-1] == "some_study"


def test_protocols_of_a_config_are_those_of_the_library():
    """A protocol of a config goes to the library as it is."""
    assert list(ProtocolSettings.model_fields) == list(Protocol.__dataclass_fields__)


@pytest.mark.parametrize(
    "pair",
    list(itertools.combinations(PROFILES, 2)),
    ids=lambda pair: "-".join(path.stem for path in pair),
)
def test_no_two_profiles_share_a_seed(pair):
    """What one profile finds would be among what the other draws, and replicate nothing of it."""
    seeds = [
        {
            value: place
            for place, value in config_values(yaml.safe_load(path.read_text(encoding="utf-8")))
            if place.endswith(".seed")
        }
        for path in pair
    ]
    assert all(seeds)
    shared = {value: [of[value] for of in seeds] for value in seeds[0].keys() & seeds[1].keys()}
    assert not shared, f"give one of {[path.name for path in pair]} seeds of its own: {shared}"


def test_planning_a_run_does_not_wait_for_arrays_and_plots():
    code = (
        "import sys; from relu_landscape.settings.whole import whole_model; whole_model(); "
        "print(sys.modules.keys() & {'numpy', 'scipy', 'pandas', 'matplotlib', 'numba'})"
    )
    command = [sys.executable, "-c", code]
    options = {"cwd": ROOT / "src", "capture_output": True, "encoding": "utf-8", "check": True}
    ran = subprocess.run(command, **options)
    assert ran.stdout == "set()\n"


def test_every_key_is_documented():
    page = config_page(Sample)
    assert page.startswith("# Sample\n\nWhat is computed. In two lines.\n")
    assert "## law\n" in page
    assert "| `step` | number | above 0 | Step \\| size. |" in page
    assert "| `sizes[].k` | whole number | from 1 to 100 | Teachers. |" in page
    assert "| `law` | choice | one of gaussian, large_norm | Starting law. |" in page


def test_the_schema_for_editors_says_what_is_allowed():
    schema = json.loads(config_schema(Sample))
    assert schema["required"] == list(GOOD)
    assert schema["additionalProperties"] is False
    assert schema["properties"]["shares"] == {
        "description": "Shares.",
        "items": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "minItems": 1,
        "type": "array",
        "uniqueItems": True,
    }


def test_every_key_of_the_study_has_a_meaning():
    rows = [line for line in config_page(whole_model()).splitlines() if line.startswith("| `")]
    assert len(rows) > 200
    assert all(not row.endswith("|  |") for row in rows)


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
