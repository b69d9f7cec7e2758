"""One job of a step: what it is given, what it writes, and what is said where they do not fit."""

import json
import sys
from dataclasses import asdict
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from relu_landscape.evidence.arrays import read_arrays, write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.search import PROTOCOLS, Protocol
from relu_landscape.settings.sizes import PairSize
from relu_landscape.storage import DamagedFile
from relu_landscape.studies.declarations import Declaration
from relu_landscape.studies.job import run_step
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

MODULE = "relu_landscape.studies.sample.steps.double"
CHECKS = [{"file": "a.jsonl", "certificates": 2, "accepted": 2}]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs `function` as a step with these inputs, on files in a folder of the test."""

    def run_function(function, inputs, files, values, outputs):
        module = ModuleType(MODULE)
        module.double = function
        monkeypatch.setitem(sys.modules, MODULE, module)
        step = Declaration("sample", MODULE, "double", inputs, "")
        paths = {name: str(tmp_path / file) for name, file in outputs.items()}
        with job_log(tmp_path / "log") as log:
            run_step(step, files, values, paths, log)
        return {name: tmp_path / file for name, file in outputs.items()}

    return run_function


def test_a_step_gets_what_it_names_and_its_makings_are_written(run, tmp_path):
    write_arrays(tmp_path / "points.npz", k3=np.ones((1, 3)))

    def double(points, teachers, log):
        log.say("doubled")
        return {
            "doubles": {name: 2 * array for name, array in points.items()},
            "audit": {"teachers": teachers},
            "certificates": "a line\n",
        }

    made = run(
        double,
        ("points", "teachers", "log"),
        {"points": str(tmp_path / "points.npz")},
        {"teachers": "k3", "science": "not asked for"},
        {"doubles": "d.npz", "audit": "a.json", "certificates": "c.jsonl"},
    )
    np.testing.assert_array_equal(read_arrays(made["doubles"])["k3"], 2 * np.ones((1, 3)))
    assert json.loads(made["audit"].read_text(encoding="utf-8"))
    assert made["certificates"].read_text(encoding="utf-8") == "a line\n"
    assert "doubled" in (tmp_path / "log").read_text(encoding="utf-8")


@pytest.mark.parametrize("as_frame", [True, False])
def test_a_table_is_made_of_records_or_of_a_frame(run, as_frame):
    def double():
        return {"certificate_checks": pd.DataFrame(CHECKS) if as_frame else CHECKS}

    made = run(double, (), {}, {}, {"certificate_checks": "t.parquet"})
    pd.testing.assert_frame_equal(
        read_table(made["certificate_checks"]), make_table(CHECKS, "certificate_checks")
    )


def test_several_files_of_one_input_are_given_by_path(run, tmp_path):
    paths = [str(tmp_path / f"{name}.npz") for name in "ba"]
    for number, path in enumerate(paths):
        write_arrays(path, k3=np.full((1, 3), float(number)))
    seen = []

    def double(points):
        seen.append(points)
        return {}

    run(double, ("points",), {"points": paths}, {}, {})
    assert [*seen[0]] == paths
    assert [arrays["k3"][0, 0] for arrays in seen[0].values()] == [0.0, 1.0]


def test_mappings_of_the_config_are_given_as_what_the_step_asks_for(run):
    seen = []

    def double(size: PairSize, protocol: Protocol, restarts: dict):
        seen.append((size, protocol, restarts))
        return {}

    protocol, asked = PROTOCOLS["safran2018"], ("size", "protocol", "restarts")
    values = {"size": {"k": 3, "n": 4, "d": 3}, "protocol": asdict(protocol), "restarts": {"k3": 5}}
    run(double, asked, {}, values, {})
    assert seen == [(PairSize(k=3, n=4, d=3), protocol, {"k3": 5})]
    for wrong in ({"size": {"k": 3, "n": 3, "d": 3}}, {"protocol": asdict(protocol) | {"step": 0}}):
        with pytest.raises(ValueError, match=r"too small|must be positive"):
            run(double, asked, {}, values | wrong, {})


def test_what_the_rule_does_not_say_is_an_error(run, tmp_path):
    with pytest.raises(ValueError, match=r"steps\.double makes other, but its rule has audit"):
        run(lambda: {"other": {}}, (), {}, {}, {"audit": "a.json"})
    assert not (tmp_path / "a.json").exists()
    with pytest.raises(KeyError, match="points"):
        run(lambda **_: {}, ("points",), {}, {}, {})


def test_a_damaged_table_is_named(run, tmp_path):
    path = tmp_path / "checks.parquet"
    write_table(make_table(CHECKS, "certificate_checks"), path, "certificate_checks")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DamagedFile, match=r"checks\.parquet"):
        run(lambda **_: {}, ("rows",), {"rows": str(path)}, {}, {})
