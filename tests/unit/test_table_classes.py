"""Classes as tables: what their fields say, which of them are refused, and where they are found."""

import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import pytest

from relu_landscape.search.tables import BadRunEnds, GlobalMinimumCounts
from relu_landscape.tables import registry
from relu_landscape.tables.dictionary import render_dictionary
from relu_landscape.tables.frames import TableError, make_frame, make_table
from relu_landscape.tables.registry import load_schema, table_homes, table_names
from relu_landscape.tables.schema import (
    Column,
    Unit,
    at_least,
    between,
    schema_of,
    table,
    table_name,
)

SOURCE = Path(__file__).parents[2] / "src"
Weight = Annotated[float, Unit("weight"), at_least(0)]
Norm = Annotated[Weight, "Norm of a neuron."]


@table(key=("place", "law"), version=2)
class NormsOfNeurons:
    """One row a neuron,
    and what it is like.
    """

    place: Annotated[int, Unit("neurons"), between(1, 9), "Place of the neuron."]
    law: Annotated[Literal["uniform", "normal"], "Law of its weights."]
    norm: Norm
    limit: Annotated[Norm | None, at_least(-1), "Its limit."]
    name: Annotated[str | None, "Its name."]
    alive: Annotated[bool, "Whether it is active anywhere."]


def test_a_class_says_all_of_its_table():
    schema = schema_of(NormsOfNeurons)
    assert schema.name == "norms_of_neurons"
    assert schema.description == "One row a neuron, and what it is like."
    assert (schema.version, schema.key) == (2, ("place", "law"))
    assert schema.columns == (
        Column("place", "int64", "neurons", "Place of the neuron.", minimum=1, maximum=9),
        Column("law", "string", "-", "Law of its weights.", allowed=("uniform", "normal")),
        Column("norm", "float64", "weight", "Norm of a neuron.", minimum=0),
        Column("limit", "float64", "weight", "Its limit.", nullable=True, minimum=-1),
        Column("name", "string", "-", "Its name.", nullable=True),
        Column("alive", "bool", "-", "Whether it is active anywhere."),
    )


@pytest.mark.parametrize(
    ("cls", "name"),
    [
        ("Fates", "fates"),
        ("FamilyPoints", "family_points"),
        ("Conjecture12Search", "conjecture12_search"),
        ("Table_1", "table_1"),
    ],
)
def test_a_table_has_the_name_of_its_class_in_snake_case(cls, name):
    assert table_name(cls) == name


COLUMN = Annotated[int, "x"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"k": int}, "table 'some', column 'k': lacks a text that says what it means"),
        ({"k": Annotated[complex, "x"]}, "one of int, float, str, bool or a Literal of them, not"),
        ({"k": Annotated[int | str, "x"]}, "one of int, float, str, bool or a Literal of them"),
        ({"k": Annotated[Literal[1, "a"], "x"]}, "one of int, float, str, bool or a Literal"),
        ({"k": Annotated[int | None, "x"]}, "only columns of float and str can be None"),
        ({"k": Annotated[bool | None, "x"]}, "only columns of float and str can be None"),
        ({"k": Annotated[Literal[1, 2] | None, "x"]}, "only columns of float and str can be None"),
        ({"k": Annotated[str | None, "x"]}, "key column 'k' must not be nullable"),
        ({"k": Annotated[int, 5, "x"]}, "5 is neither a unit nor a range nor a text"),
        ({"k": Annotated[str, at_least(1), "x"]}, "only columns of int and float can have a range"),
        ({"k": Annotated[Literal[1, 2], at_least(1), "x"]}, "can have a range"),
        ({"n": COLUMN}, "table 'some': key names 'k', which is not one of its columns"),
    ],
)
def test_a_class_that_can_be_no_table_is_refused(columns, message):
    cls = table(key=("k",), version=1)(type("Some", (), {"__annotations__": columns}))
    with pytest.raises(TypeError, match=message):
        schema_of(cls)


@pytest.mark.parametrize("version", [0, True, 1.5, "1"])
def test_a_version_is_a_whole_number_from_1_up(version):
    cls = table(key=("k",), version=version)(type("Some", (), {"__annotations__": {"k": COLUMN}}))
    with pytest.raises(TypeError, match=f"a whole number from 1 up, not {version!r}"):
        schema_of(cls)


def test_a_class_that_is_no_table_is_refused():
    with pytest.raises(TypeError, match="is no table; decorate it"):
        schema_of(dict)


def ends(**changes):
    row = {"search": "a", "k": 6, "n": 6, "end": "saddle", "runs": 3}
    return BadRunEnds(**row | changes)


def test_rows_become_the_frame_of_their_records():
    rows = [ends(), ends(n=7, end="undecided")]
    records = [
        {name: getattr(row, name) for name in ("runs", "end", "n", "k", "search")} for row in rows
    ]
    expected = make_table(records, "bad_run_ends")
    pd.testing.assert_frame_equal(make_frame(rows, BadRunEnds), expected)
    pd.testing.assert_frame_equal(make_frame(iter(rows), BadRunEnds), expected)
    pd.testing.assert_frame_equal(make_frame([], BadRunEnds), make_table([], "bad_run_ends"))


def test_rows_are_checked_and_do_not_change():
    with pytest.raises(TableError, match="'runs' has 1 value below the minimum 0"):
        make_frame([ends(runs=-1)], BadRunEnds)
    with pytest.raises(FrozenInstanceError):
        ends().runs = 4
    with pytest.raises(TypeError, match="unexpected keyword argument 'bad'"):
        ends(bad=1)
    with pytest.raises(
        TypeError, match=r"BadRunEnds\(.* is no row of table 'global_minimum_counts'"
    ):
        make_frame([ends()], GlobalMinimumCounts)


@pytest.mark.parametrize("name", table_names())
def test_every_table_is_documented(name):
    schema = load_schema(name)
    assert schema.name == name
    page = render_dictionary([schema], lambda _: {})
    assert f"## {name}\n\n{schema.description} Version {schema.version}.\n" in page
    assert schema.description.endswith(".")
    for column in schema.columns:
        assert f"| `{column.name}`" in page
        assert column.description.endswith(".")


def test_classes_of_tables_import_nothing_heavy():
    code = (
        "import sys\n"
        "from relu_landscape.tables.registry import load_schema, table_names\n"
        "assert len([load_schema(name) for name in table_names()]) > 50\n"
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'scipy', 'numba'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={"PYTHONPATH": str(SOURCE)},
    )
    assert found.stdout.strip() == "[]"


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A library of one's own; `library(path, class)` adds a module with a table."""

    def add(path, cls):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"@table(key=(), version=1)\nclass {cls}:\n    k: int\n", encoding="utf-8")

    monkeypatch.setattr(registry, "_LIBRARY", tmp_path)
    table_homes.cache_clear()
    yield add
    table_homes.cache_clear()


def test_tables_are_found_in_every_room(library, tmp_path):
    library("first/tables.py", "Norms")
    library("second/tables/losses.py", "LossLevels")
    library("third/others.py", "Nothing")
    assert table_homes() == {
        "norms": (f"{tmp_path.name}.first.tables", "Norms"),
        "loss_levels": (f"{tmp_path.name}.second.tables.losses", "LossLevels"),
    }


def test_two_tables_of_one_name_are_refused(library):
    library("first/tables.py", "Norms")
    library("second/tables.py", "Norms")
    with pytest.raises(ValueError, match=r"first\.tables and \S+second\.tables both have a table"):
        table_names()
