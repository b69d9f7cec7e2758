import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from helpers_tables import measured
from relu_landscape.__main__ import main
from relu_landscape.studies.proofs import join_proofs
from relu_landscape.studies.show import UnknownCase, describe_case, read_collected_tables
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table
from relu_landscape.tables.registry import load_schema, table_names

ROOT = Path(__file__).parents[2]
ZERO = {"int64": 0, "float64": 0.0, "string": "x", "bool": False}


def rows(name, *given):
    """A table whose columns hold what is given and else a plain allowed value."""
    defaults = {
        column.name: column.allowed[0]
        if column.allowed
        else max(ZERO[column.type], column.minimum or 0)
        if column.type in ("int64", "float64")
        else ZERO[column.type]
        for column in load_schema(name).columns
    }
    made = make_table([defaults | row for row in given], name)
    return join_proofs({name: made})[name]


CASE = {"k": 8, "n": 9}
TABLES = {
    "bad_run_rates": rows(
        "bad_run_rates",
        CASE
        | {"search": "safran2018", "runs": 1000, "bad": 12, "percent_bad": 1.2}
        | {"percent_low": 0.6, "percent_high": 2.1, "unfinished": 3},
        {"k": 6, "n": 6, "search": "safran2018"},
    ),
    "global_minimum_counts": rows(
        "global_minimum_counts", CASE | {"search": "safran2018", "at_global": 7}
    ),
    "restarts": rows(
        "restarts",
        *(CASE | {"restart": i, "stop_reason": "below_threshold"} for i in range(3)),
        CASE | {"restart": 3, "stop_reason": "converged"},
    ),
    "classes": rows(
        "classes",
        CASE | {"class_id": 0, "runs": 11, "loss": 0.0205612345678, "neuron_orbits": "1+1+7"},
        CASE | {"class_id": 1, "runs": 1, "loss": 0.0321, "neuron_orbits": "2+7"},
    ),
    "curvature": rows(
        "curvature",
        CASE
        | {"class_id": 0, "kind": "spurious_minimum", "smallest_eigenvalue": 0.0059401}
        | {"norm_gap": 4.03e-3},
    ),
    "splits": rows(
        "splits",
        *(
            CASE | {"class_id": 0, "neuron": i, "alpha": 0.5, "smallest_eigenvalue": -0.1 - i}
            for i in range(4)
        ),
        CASE | {"class_id": 0, "neuron": 4, "alpha": 0.5, "verdict": "not_strict_saddle"},
    ),
    "fates": rows(
        "fates",
        *(
            CASE | {"neuron": i, "landing": "global", "loss_before": 0.02, "loss_after": 0.001 * i}
            for i in range(4)
        ),
    ),
    "confirmations": rows(
        "confirmations",
        CASE | {"search": "safran2018", "restart": 1, "decay_exponent": -0.99, "confirmed": True},
        CASE | {"search": "safran2018", "restart": 2, "decay_exponent": -1.01},
    ),
}


@pytest.fixture
def results(tmp_path):
    for name, frame in TABLES.items():
        write_table(measured(frame, name), tmp_path / "tables" / f"{name}.parquet", name)
    return tmp_path


def words(text):
    """The text with every run of spaces as one, so that column widths do not matter."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_everything_known_of_a_case_is_told():
    lines = words(describe_case("k8-n9", TABLES))
    assert lines[0] == "k = 8 teachers, n = 9 students"
    for expected in (
        "safran2018 1000 12 3 1.2 0.6 to 2.1 7",
        "x below_threshold 3",
        "x converged 1",
        "0 11 0.0205612346 1+1+7 x spurious_minimum not_tried 0.0059401000 4.030e-03",
        "1 1 0.0321000000 2+7 x",
        "0 spurious_minimum 0.5 5 4 0.0",
        "safran2018 2 1 -1.0 0.0",
    ):
        assert expected in lines
    (fate,) = [line for line in lines if "global" in line and line.startswith("0 ")]
    assert fate.split()[3] == "4"
    assert float(fate.split()[4]) == pytest.approx(0.017)


def test_other_cases_are_left_out():
    assert "not computed" not in describe_case("k6-n6", TABLES)
    lines = words(describe_case("k6-n6", TABLES))
    assert lines.count("none") == 3  # of runs nothing is known, so no reason for what follows
    assert "none: there is no class to split" in lines
    assert "none: nothing was split" in lines
    assert not any("1000" in line for line in lines)


def test_tables_that_are_not_there_are_said_to_be_missing():
    lines = words(describe_case("k8-n9", {"classes": TABLES["classes"]}))
    assert lines.count("not computed in this profile") == 5
    assert "0 11 0.0205612346 1+1+7 x" in lines


def case_tables(k=8, n=9, *, stop_reason="converged", bad=True, is_global=False, splits=()):
    """Tables of one case with one run, and one class if that converged."""
    case = {"k": k, "n": n}
    classes = [case | {"is_global": is_global}] if stop_reason == "converged" else []
    return {
        "bad_run_rates": rows("bad_run_rates", case),
        "restarts": rows("restarts", case | {"stop_reason": stop_reason, "bad": bad}),
        "classes": rows("classes", *classes, {"k": 1, "n": 1}),
        "splits": rows("splits", *(case | {"verdict": verdict} for verdict in splits), {"n": 1}),
        "fates": rows("fates", {"n": 1}),
        "confirmations": rows("confirmations", {"n": 1}),
    }


NO_CLASS = "none: classified are runs that end at a critical point, and none of these did"
NOT_CLASSIFIED = "none: this size is not among those that the config has classified"
NOT_SPLIT = "none: this size is not among those that the config has split"
ONLY_GLOBAL = "none: classes of global minima are not split, and there is no other"
NO_SADDLE = "none: descent leaves strict saddles only, and no split made one"
MORE_STUDENTS = "none: only runs with more students than teachers are continued"


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        (case_tables(stop_reason="below_threshold"), NO_CLASS),
        (case_tables(stop_reason="iteration_budget"), NO_CLASS),
        ({**case_tables(), "classes": rows("classes", {"n": 1})}, NOT_CLASSIFIED),
        (case_tables(), NOT_SPLIT),
        (case_tables(is_global=True), ONLY_GLOBAL),
        (case_tables(splits=["not_strict_saddle"]), NO_SADDLE),
        (case_tables(n=8), MORE_STUDENTS),
        (case_tables(), "none: there is no good run"),
        (case_tables(bad=False), "none: the config has no run continued"),
    ],
)
def test_what_there_is_not_has_a_reason(tables, reason):
    k, n = tables["restarts"].loc[0, ["k", "n"]]
    lines = words(describe_case(f"k{k}-n{n}", tables))
    assert sum(line.startswith(reason) for line in lines) == 1
    assert "none" not in lines


@pytest.mark.parametrize("case", ["", "8-9", "k8n9", "K8-N9", "k8-n9 ", "k-n"])
def test_what_is_no_case_is_refused_with_an_example(case):
    with pytest.raises(UnknownCase, match="is no case; write k8-n9"):
        describe_case(case, TABLES)


def test_an_unknown_case_is_refused_with_the_known_ones():
    with pytest.raises(UnknownCase, match=r"of k9-n9 is in .* nearest of 2 sizes are k8-n9, k6-n6"):
        describe_case("k9-n9", TABLES)


def test_the_collected_tables_are_read(results):
    tables = read_collected_tables(results)
    assert set(tables) == set(TABLES) < set(table_names())
    pd.testing.assert_frame_equal(tables["classes"], TABLES["classes"])


def test_the_command_prints_a_case(results, capsys):
    assert main(["show", "k8-n9", "--results", str(results)]) == 0
    shown = capsys.readouterr()
    assert shown.out == describe_case("k8-n9", TABLES) + "\n"
    assert shown.err == ""


def test_the_command_says_what_is_wrong_and_fails(results, capsys):
    assert main(["show", "k9-n9", "--results", str(results)]) == 1
    assert "nearest of 2 sizes are k8-n9, k6-n6" in capsys.readouterr().err
    path = results / "tables" / "classes.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    assert main(["show", "k8-n9", "--results", str(results)]) == 1
    assert "classes.parquet is damaged" in capsys.readouterr().err
    shutil.rmtree(results / "tables")
    assert main(["show", "k8-n9", "--results", str(results)]) == 1
    shown = capsys.readouterr()
    assert "run the study first (`make study`)" in shown.err
    assert shown.out == ""


def test_help_names_the_commands(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for command in ("show", "dictionary", "configuration"):
        assert command in shown


def test_a_command_is_needed(capsys):
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "usage: python -m relu_landscape" in capsys.readouterr().err


def test_the_data_dictionary_covers_every_table(capsys):
    assert main(["dictionary"]) == 0
    page = capsys.readouterr().out
    assert [f"## {name}" for name in table_names()] == [
        line for line in page.splitlines() if line.startswith("## ")
    ]


def test_page_and_schema_of_the_configuration_have_its_keys(capsys):
    assert main(["configuration"]) == 0
    page = capsys.readouterr().out
    assert main(["config-schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    keys = set(yaml.safe_load((ROOT / "config/smoke.yaml").read_text(encoding="utf-8")))
    assert set(schema["properties"]) == keys
    assert all(f"## {key}" in page for key in keys)


def test_tables_without_cases_are_left_alone():
    """Tables of the other studies have rows for families or shares, not for n students."""
    more = {"family_points": rows("family_points", {"k": 8}), **TABLES}
    assert describe_case("k8-n9", more) == describe_case("k8-n9", TABLES)


def test_statistics_are_read_as_well(tmp_path):
    (tmp_path / "statistics").mkdir()
    write_table(
        TABLES["bad_run_rates"], tmp_path / "statistics/bad_run_rates.parquet", "bad_run_rates"
    )
    assert set(read_collected_tables(tmp_path)) == {"bad_run_rates"}
