import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from relu_landscape.tables.files import encode_table
from relu_landscape.tables.frames import TableError, make_table
from relu_landscape.tables.registry import load_schema
from relu_landscape.tables.typed_arrays import arrow_array, numpy_array

SOURCE = Path(__file__).parents[2] / "src"


def rate_columns(**changes):
    return {
        "search": "safran2018",
        "protocol": np.array(["safran2018", "safran2018"]),
        "k": range(6, 8),
        "n": [6, 7],
        "runs": 1000,
        "bad": np.array([60, 70]),
        "percent_bad": [6.0, 7],
        "percent_low": np.array([[3.0, 0.0], [3.5, 0.0]])[:, 0],
        "percent_high": pd.Series([12.0, 14.0]),
        "unfinished": [0, 3],
    } | changes


def test_a_mapping_is_written_as_the_frame_of_its_columns():
    schema = load_schema("bad_run_rates")
    frame = pd.DataFrame(rate_columns())
    assert list(frame["search"]) == ["safran2018", "safran2018"]
    assert encode_table(rate_columns(), schema) == encode_table(frame, schema)
    backwards = dict(reversed(rate_columns().items()))
    assert encode_table(backwards, schema) == encode_table(frame, schema)


def test_scalars_fill_no_rows_if_there_are_none():
    schema = load_schema("bad_run_rates")
    columns = {name: 1 if name == "k" else [] for name in rate_columns()}
    assert encode_table(columns, schema) == encode_table(make_table([], schema.name), schema)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"extra": 1}, "column 'extra' is unexpected"),
        ({"n": [6, 7, 8]}, "columns have different lengths: 'search' 3, 'protocol' 2, 'k' 2"),
        ({"n": np.ones((2, 2), dtype=int)}, r"'n' has shape \(2, 2\), but must have one dimension"),
        ({"n": [6.0, 7.0]}, "'n' has type float64, but must have int64"),
        ({"n": [True, 7]}, "'n' has type object, but must have int64"),
        ({"n": [[6], [7, 8]]}, "'n' has type object, but must have int64"),
        ({"n": [2**70, 7]}, "'n' has type object, but must have int64"),
        ({"n": pd.Series([6, 7], dtype="Int64")}, "'n' has type Int64, but must have int64"),
        ({"runs": 1000.0}, "'runs' has type float64, but must have int64"),
        ({"percent_bad": [1, 2]}, "'percent_bad' has type int64, but must have float64"),
        ({"percent_bad": [None, 2.0]}, "'percent_bad' has type object, but must have float64"),
        ({"search": ["a", 1]}, "'search' has type object, but must have string"),
        ({"search": [b"a", b"b"]}, "'search' has type object, but must have string"),
        ({"search": ["a", None]}, "'search' is not nullable, but 1 value missing.*in row 1"),
        ({"search": None}, "'search' is not nullable, but 2 values missing"),
        ({"percent_low": np.nan}, "'percent_low' is not nullable, but 2 values not finite"),
        ({"k": 6, "n": 6}, "1 rows repeat the key of an earlier row"),
    ],
)
def test_a_mapping_that_breaks_its_schema_is_refused(changes, message):
    with pytest.raises(TableError, match=message):
        encode_table(rate_columns(**changes), load_schema("bad_run_rates"))


def test_a_mapping_of_scalars_says_no_number_of_rows():
    columns = dict.fromkeys(rate_columns(), 1)
    with pytest.raises(TableError, match="every column is a scalar; at least one must be an array"):
        encode_table(columns, load_schema("bad_run_rates"))


@settings(deadline=None, max_examples=100)
@given(
    st.one_of(
        st.lists(st.none() | st.text()).map(lambda cells: (cells, np.object_, pa.string())),
        st.lists(st.none() | st.floats(allow_nan=False)).map(
            lambda cells: (cells, np.float64, pa.float64())
        ),
        st.lists(st.integers(-(2**63), 2**63 - 1)).map(lambda cells: (cells, np.int64, pa.int64())),
        st.lists(st.booleans()).map(lambda cells: (cells, np.bool_, pa.bool_())),
    ),
    st.integers(0, 10),
)
def test_arrow_arrays_are_those_of_pyarrow_and_come_back_in_any_chunks(column, cut):
    cells, dtype, kind = column
    values = np.array(cells, dtype=dtype)
    array = arrow_array(values)
    array.validate(full=True)
    assert array.equals(pa.array(cells, type=kind))
    chunks = pa.chunked_array([array[:cut], array[cut:]], type=kind)
    np.testing.assert_array_equal(numpy_array(chunks), values)
    np.testing.assert_array_equal(numpy_array(pa.chunked_array([array[cut:]])), values[cut:])


WRITE_AND_COLLECT = """
from relu_landscape.tables.files import collect_tables, write_table
columns = {"search": "a", "k": 6, "n": [6, 7], "runs": 10, "at_global": range(2)}
write_table(columns, "part.parquet", "global_minimum_counts")
collect_tables(["part.parquet"], "all.parquet", "global_minimum_counts")
"""


@pytest.mark.parametrize("code", ["import relu_landscape.evidence", WRITE_AND_COLLECT])
def test_nothing_but_data_frames_costs_the_import_of_pandas(code, tmp_path):
    found = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('pandas' in sys.modules)"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(SOURCE)},
    )
    assert found.stdout.strip() == "False"
