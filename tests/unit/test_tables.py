import io
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings, strategies as st

from relu_landscape.storage import DamagedFile
from relu_landscape.tables import files
from relu_landscape.tables.files import (
    collect_tables,
    decode_table,
    encode_table,
    read_published,
    read_table,
    write_table,
)
from relu_landscape.tables.frames import TableError, make_table
from relu_landscape.tables.registry import load_schema, table_names
from relu_landscape.tables.schema import schema_of, table

ROOT = Path(__file__).parents[2]


def rates(cases=((6, 6), (7, 7))):
    return make_table(
        (
            {
                "search": "safran2018",
                "protocol": "safran2018",
                "k": k,
                "n": n,
                "runs": 1000,
                "bad": 10 * k,
                "percent_bad": 1.0 * k,
                "percent_low": 0.5 * k,
                "percent_high": 2.0 * k,
                "unfinished": k,
            }
            for k, n in cases
        ),
        "bad_run_rates",
    )


def fate(**changes):
    row = {
        "k": 6,
        "n": 7,
        "class_id": 0,
        "neuron": 2,
        "alpha": 0.5,
        "sign": 1,
        "iterations": 10,
        "stop_reason": "converged",
        "loss_before": 0.02,
        "loss_after": 1e-9,
        "landing": "global",
        "landing_class": -1,
        "gradient_norm": 1e-10,
    }
    return row | changes


def test_what_is_written_is_read_back(tmp_path):
    frame = make_table(
        [fate(), fate(neuron=1, loss_after=None, landing="unfinished")],
        "fates",
    )
    write_table(frame, tmp_path / "new" / "folder.parquet", "fates")
    found = read_table(tmp_path / "new" / "folder.parquet", "fates")
    pd.testing.assert_frame_equal(found, frame)
    assert np.isnan(found["loss_after"][1])


@pytest.mark.slow
@pytest.mark.parametrize("name", table_names())
def test_a_table_without_rows_keeps_its_types(name, tmp_path):
    frame = make_table([], name)
    write_table(frame, tmp_path / "a.parquet", name)
    found = read_table(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(found, frame)
    assert list(found.columns) == [column.name for column in load_schema(name).columns]
    untyped = pd.DataFrame(columns=list(frame.columns))
    write_table(untyped, tmp_path / "b.parquet", name)
    pd.testing.assert_frame_equal(read_table(tmp_path / "b.parquet"), frame)


def test_the_same_table_gives_the_same_bytes_whatever_its_index_and_column_order():
    schema = load_schema("bad_run_rates")
    frame = rates()
    assert encode_table(frame, schema) == encode_table(rates(), schema)


def test_columns_are_stored_in_the_order_of_the_schema(tmp_path):
    frame = rates()
    shuffled = frame[frame.columns[::-1]].set_index(pd.Index([5, 3]))
    write_table(shuffled, tmp_path / "a.parquet", "bad_run_rates")
    pd.testing.assert_frame_equal(read_table(tmp_path / "a.parquet"), frame)


def test_members_of_an_enumeration_are_stored_as_their_words(tmp_path):
    class Search(StrEnum):
        FIRST = "first"

    words = pd.Series([Search.FIRST, Search.FIRST], dtype=object)
    frame = rates().assign(search=words)
    write_table(frame, tmp_path / "a.parquet", "bad_run_rates")
    assert list(read_table(tmp_path / "a.parquet")["search"]) == ["first", "first"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="bad"), "column 'bad' is missing"),
        (lambda f: f.assign(extra=1), "column 'extra' is unexpected"),
        (lambda f: f.assign(bad=f["bad"].astype(float)), "'bad' has type float64.*have int64"),
        (lambda f: f.assign(k=f["k"].astype("int32")), "'k' has type int32"),
        (lambda f: f.assign(search=[1, 2]), "'search' has type int64.*have string"),
        (lambda f: f.assign(search=["a", None]), "'search' is not nullable, but 1 value missing"),
        (lambda f: f.assign(percent_low=[np.nan, 1.0]), "not nullable, but 1 value not finite"),
        (lambda f: f.assign(percent_low=[np.inf, 1.0]), "not nullable, but 1 value not finite"),
        (lambda f: f.assign(bad=[-1, -2]), "'bad' has 2 values below the minimum 0.*row 0"),
        (lambda f: f.assign(percent_bad=[1.0, 100.5]), "above the maximum 100.*100.5.*row 1"),
        (lambda f: f.assign(k=6, n=6), "1 rows repeat the key.*search=safran2018, k=6, n=6"),
        (lambda f: pd.concat([f, f["bad"]], axis=1), "column 'bad' occurs twice"),
    ],
)
def test_a_frame_that_breaks_its_schema_is_refused_and_not_written(change, message, tmp_path):
    path = tmp_path / "a.parquet"
    with pytest.raises(TableError, match=message):
        write_table(change(rates()), path, "bad_run_rates")
    assert list(tmp_path.iterdir()) == []


def test_a_word_outside_its_list_is_refused():
    with pytest.raises(TableError, match="1 value other than the allowed global, class, new"):
        make_table([fate(landing="nowhere")], "fates")


def test_all_faults_are_listed_at_once():
    frame = rates().assign(bad=[-1, 2], percent_low=[np.nan, 1.0])
    with pytest.raises(TableError) as caught:
        write_table(frame, "nowhere.parquet", "bad_run_rates")
    message = str(caught.value)
    assert "nowhere.parquet" in message
    assert "'bad'" in message
    assert "'percent_low'" in message


def test_a_nullable_number_may_be_infinite_or_missing(tmp_path):
    frame = make_table(
        [fate(loss_after=np.inf), fate(neuron=1, loss_after=np.nan)],
        "fates",
    )
    write_table(frame, tmp_path / "a.parquet", "fates")
    pd.testing.assert_frame_equal(read_table(tmp_path / "a.parquet"), frame)


def test_an_unknown_table_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"no table is called 'rates'.*bad_run_rates"):
        write_table(rates(), "a.parquet", "rates")


def test_another_table_than_asked_for_is_refused(tmp_path):
    write_table(rates(), tmp_path / "a.parquet", "bad_run_rates")
    with pytest.raises(TableError, match="holds the table 'bad_run_rates', not 'classes'"):
        read_table(tmp_path / "a.parquet", "classes")


@table(key=("k",), version=3)
class BadRunRates:
    """The table bad_run_rates as it might be one day."""

    k: Annotated[int, "Number of teachers."]


def change_schema(monkeypatch, schema):
    monkeypatch.setattr(files, "load_schema", lambda _: schema)


def test_a_table_of_an_older_version_is_refused(tmp_path, monkeypatch):
    write_table(rates(), tmp_path / "a.parquet", "bad_run_rates")
    change_schema(monkeypatch, schema_of(BadRunRates))
    with pytest.raises(TableError, match=r"version 2 of the schema.*has version 3.*delete.*rule"):
        read_table(tmp_path / "a.parquet")


def test_other_columns_under_the_same_version_are_refused(tmp_path, monkeypatch):
    write_table(rates(), tmp_path / "a.parquet", "bad_run_rates")
    change_schema(monkeypatch, replace(schema_of(BadRunRates), version=2))
    with pytest.raises(TableError, match="raise the version"):
        read_table(tmp_path / "a.parquet")


WRITTEN = encode_table(rates(), load_schema("bad_run_rates"))


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(st.integers(0, 8 * len(WRITTEN) - 1))
def test_a_flipped_bit_never_changes_what_is_read(bit):
    damaged = bytearray(WRITTEN)
    damaged[bit // 8] ^= 1 << (bit % 8)
    try:
        found = decode_table(bytes(damaged), "some.parquet", "bad_run_rates")
    except DamagedFile:
        return
    # The bit lies in what no reader uses, such as statistics.
    pd.testing.assert_frame_equal(found, rates())


@pytest.mark.parametrize("length", [0, 1, 4, 8, len(WRITTEN) // 2, len(WRITTEN) - 1])
def test_a_truncated_table_is_refused(length):
    with pytest.raises(DamagedFile, match=r"some\.parquet is damaged.*Delete it and run again"):
        decode_table(WRITTEN[:length], "some.parquet")


def test_values_changed_behind_the_checksum_are_refused():
    table = pq.read_table(io.BytesIO(WRITTEN))
    column = table.column_names.index("bad")
    changed = table.set_column(column, table.schema.field(column), [[60, 71]])
    assert changed.schema.metadata == table.schema.metadata
    buffer = io.BytesIO()
    pq.write_table(changed, buffer)
    with pytest.raises(DamagedFile, match="does not match its checksum"):
        decode_table(buffer.getvalue(), "some.parquet")


def test_a_foreign_parquet_file_is_refused(tmp_path):
    rates().to_parquet(tmp_path / "a.parquet")
    with pytest.raises(DamagedFile, match="checksum"):
        read_table(tmp_path / "a.parquet")


def test_pages_carry_checksums():
    column = pq.ParquetFile(io.BytesIO(WRITTEN)).metadata.row_group(0).column(5)
    first = column.dictionary_page_offset or column.data_page_offset
    damaged = bytearray(WRITTEN)
    damaged[first + column.total_compressed_size - 1] ^= 1
    with pytest.raises(OSError, match="CRC checksum"):
        pq.read_table(io.BytesIO(bytes(damaged)), page_checksum_verification=True)


def write_parts(folder, *frames):
    paths = [folder / f"part{number}.parquet" for number in range(len(frames))]
    for frame, path in zip(frames, paths, strict=True):
        write_table(frame, path, "bad_run_rates")
    return paths


def test_files_are_collected_in_the_order_of_the_key(tmp_path):
    empty = make_table([], "bad_run_rates")
    parts = write_parts(tmp_path, rates([(7, 7)]), empty, rates([(6, 7), (6, 6)]))
    collect_tables(parts, tmp_path / "a.parquet", "bad_run_rates")
    collect_tables(parts[::-1], tmp_path / "b.parquet", "bad_run_rates")
    write_table(rates([(6, 6), (6, 7), (7, 7)]), tmp_path / "whole.parquet", "bad_run_rates")
    whole = (tmp_path / "whole.parquet").read_bytes()
    assert (tmp_path / "a.parquet").read_bytes() == whole
    assert (tmp_path / "b.parquet").read_bytes() == whole


def test_missing_values_are_collected_as_missing(tmp_path):
    first, second = fate(neuron=1, loss_after=None), fate(neuron=2)
    for row in (first, second):
        write_table(make_table([row], "fates"), tmp_path / f"{row['neuron']}.parquet", "fates")
    paths = sorted(tmp_path.iterdir())
    collect_tables(paths, tmp_path / "all.parquet", "fates")
    expected = make_table([first, second], "fates")
    pd.testing.assert_frame_equal(read_table(tmp_path / "all.parquet"), expected)


def test_collecting_nothing_gives_an_empty_table(tmp_path):
    collect_tables([], tmp_path / "a.parquet", "classes")
    pd.testing.assert_frame_equal(
        read_table(tmp_path / "a.parquet", "classes"), make_table([], "classes")
    )


def test_the_same_row_in_two_files_is_refused_and_nothing_written(tmp_path):
    parts = write_parts(tmp_path, rates([(6, 6)]), rates([(7, 7), (6, 6)]))
    message = "all.parquet.*of 2 files(.|\\n)*1 rows repeat the key.*search=safran2018, k=6, n=6"
    with pytest.raises(TableError, match=message):
        collect_tables(parts, tmp_path / "all.parquet", "bad_run_rates")
    assert not (tmp_path / "all.parquet").exists()


def test_collecting_names_the_file_that_is_damaged_or_holds_another_table(tmp_path):
    parts = write_parts(tmp_path, rates([(6, 6)]), rates([(7, 7)]))
    with pytest.raises(TableError, match=r"part0\.parquet holds the table 'bad_run_rates'"):
        collect_tables(parts, tmp_path / "all.parquet", "classes")
    parts[1].write_bytes(parts[1].read_bytes()[:-1])
    with pytest.raises(DamagedFile, match=r"part1\.parquet is damaged"):
        collect_tables(parts, tmp_path / "all.parquet", "bad_run_rates")


def test_collected_values_are_checked_against_the_schema_of_today(tmp_path, monkeypatch):
    parts = write_parts(tmp_path, rates([(6, 6)]), rates([(7, 7)]))
    schema = load_schema("bad_run_rates")
    columns = tuple(replace(c, maximum=6) if c.name == "k" else c for c in schema.columns)
    change_schema(monkeypatch, replace(schema, columns=columns))
    with pytest.raises(TableError, match="'k' has 1 value above the maximum 6"):
        collect_tables(parts, tmp_path / "all.parquet", "bad_run_rates")


@pytest.mark.parametrize("path", sorted((ROOT / "published").glob("*.csv")), ids=lambda p: p.stem)
def test_the_published_numbers_name_their_sources(path):
    assert len(read_published(path)) > 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("k,n\n6,6\n", "needs a column 'source'"),
        ("k,source\n", "holds no rows"),
        ("k,source\n6,here\n7,\n", "line 3 has an empty 'source'"),
        ("k,source\n6,' '\n7,'  '\n".replace("'", '"'), "line 2 has an empty 'source'"),
    ],
)
def test_published_numbers_without_a_source_are_refused(text, message, tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_published(path)
