"""Study of stationary points on finite data: verdicts, figures, and a step at small size."""

from dataclasses import replace

import pandas as pd
import pytest
import yaml

from helpers_claims import find, verdicts_of
from helpers_figures import assert_readable
from helpers_tables import ROOT
from relu_landscape.certificates import check_finite_points
from relu_landscape.certificates.check_finite_points import certificates_in, check_line
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.evidence.line_checks import prove_lines_again
from relu_landscape.figures.style import NO_RUNS
from relu_landscape.finite_stationary import records
from relu_landscape.finite_stationary.settings import StationaryPoints
from relu_landscape.finite_stationary.stationarity import decide
from relu_landscape.judging.findings import Verdict
from relu_landscape.storage import DamagedFile
from relu_landscape.studies.declarations import draw_figure
from relu_landscape.studies.stationary_points.steps.find_stationary_points import (
    find_stationary_points,
)
from relu_landscape.tables.files import read_published
from relu_landscape.tables.frames import make_table

PLATEAU = "finite_plateaus[data_set=plane_one_output,plateau=0.030185]"
FINAL = "wu2025_final_loss[data_set=plane_one_output]"
ZERO = "wu2025_zero_loss[data_set=space_one_output]"
MINIMUM = "finite_minimum[data_set=plane_one_output]"
MORE = "finite_one_more_neuron[data_set=plane_one_output]"
FIGURES = ["finite_functions", "finite_plateaus"]


def published():
    return {
        name: read_published(ROOT / f"published/{name}.csv")
        for name in ("wu2025_data_sets", "wu2025_descents")
    }


def sound():
    """Tables of two data sets, a run each."""
    points = [
        ("plane_one_output", 0, 0.03812, "953/25000", 0, 1, "no", 0.03812, 1),
        ("plane_one_output", 1, 0.0301853, "50749/1681250", 1, 1, "no", 0.03019, 2),
        ("plane_one_output", 2, 0.027885961, "16139/578750", 2, 1, "no", 0.0278859612, 3),
        ("space_one_output", 0, 0.2071429, "29/140", 0, 1, "no", 0.2071429, 5),
        ("space_one_output", 1, 0.0, "0", 4, 0, "yes", 0.002, 6),
    ]
    ends = [
        ("plane_one_output", 0.0278859612, 0.0278859611, "16139/578750", 1e-4, 1e-7, 34, 16, 4),
        ("space_one_output", 2e-5, 0.0, "0", 0.03, 1e-4, 50, 0, 7),
    ]
    names = ["data_set", "run_loss", "loss", "exact_loss", "largest_move", "radius", "live"]
    changes = [
        ("walk", 1.8e-8, 9e-5),
        ("independent", 1.6e-9, 8.5e-8),
    ]
    return {
        "finite_points": pd.DataFrame(
            points,
            columns=[
                "data_set",
                "place",
                "loss",
                "exact_loss",
                "neurons",
                "escape_neurons",
                "local_minimum",
                "run_loss",
                "line",
            ],
        ).assign(runs=1, stay=1000),
        "finite_ends": pd.DataFrame(ends, columns=[*names, "dead", "line"]).assign(
            run=0,
            stationary=True,
            escape_neurons=0,
            local_minimum="yes",
            imbalance=0.01,
            least_ratio=0.995,
            largest_ratio=1.01,
        ),
        "finite_perturbations": pd.DataFrame(
            changes, columns=["way", "smallest_change", "farthest"]
        ).assign(
            data_set="plane_one_output",
            run=0,
            draws=5000,
            amplitude=8.5e-8,
            largest_change=1e-5,
            lower=0,
        ),
        "finite_certificate_checks": pd.DataFrame(
            [(line, True, "proved") for line in range(1, 8)], columns=["line", "accepted", "says"]
        ),
        **published(),
    }


SOUND = {
    PLATEAU: Verdict.REPRODUCED,
    FINAL: Verdict.REPRODUCED,
    ZERO: Verdict.CONSISTENT,
    MINIMUM: Verdict.CONSISTENT,
    MORE: Verdict.REPRODUCED,
    "wu2025_no_escape_neuron": Verdict.CONSISTENT,
    "wu2025_escape_neuron": Verdict.CONSISTENT,
    "wu2025_saddles_left": Verdict.CONSISTENT,
    "wu2025_norms_grow": Verdict.CONSISTENT,
    "wu2025_perturbations": Verdict.CONSISTENT,
    "finite_independent_perturbations": Verdict.CONSISTENT,
    "finite_random_walk": Verdict.CONSISTENT,
}
# claim, table, row, column, value, verdict
TURNED = [
    (PLATEAU, "finite_points", 1, "exact_loss", "50749/1681251", Verdict.DEVIATES),
    (PLATEAU, "finite_points", 1, "run_loss", 0.0330, Verdict.NOT_RUN),
    (FINAL, "finite_ends", 0, "loss", 0.0278861, Verdict.DEVIATES),
    (ZERO, "finite_ends", 1, "exact_loss", "1/1000", Verdict.DEVIATES),
    (ZERO, "finite_ends", 1, "largest_move", 0.2, Verdict.DEVIATES),
    (MINIMUM, "finite_ends", 0, "exact_loss", "17/200", Verdict.UNDECIDED),
    (MINIMUM, "finite_certificate_checks", 3, "accepted", False, Verdict.UNDECIDED),
    (MORE, "finite_points", 2, "local_minimum", "yes", Verdict.NOT_RUN),
    ("wu2025_no_escape_neuron", "finite_ends", 0, "local_minimum", "no", Verdict.REFUTED),
    ("wu2025_no_escape_neuron", "finite_perturbations", 1, "lower", 1, Verdict.REFUTED),
    ("wu2025_escape_neuron", "finite_points", 1, "local_minimum", "yes", Verdict.REFUTED),
    (MORE, "finite_points", 2, "local_minimum", "undecided", Verdict.NOT_RUN),
    (MINIMUM, "finite_ends", 0, "local_minimum", "undecided", Verdict.UNDECIDED),
    ("wu2025_no_escape_neuron", "finite_ends", 0, "local_minimum", "undecided", Verdict.UNDECIDED),
    ("wu2025_escape_neuron", "finite_points", 1, "local_minimum", "undecided", Verdict.UNDECIDED),
    ("wu2025_saddles_left", "finite_points", 1, "escape_neurons", 0, Verdict.REFUTED),
    ("wu2025_norms_grow", "finite_ends", 0, "largest_ratio", 1.2, Verdict.REFUTED),
    ("wu2025_norms_grow", "finite_ends", 0, "least_ratio", 0.8, Verdict.REFUTED),
    ("wu2025_perturbations", "finite_perturbations", 0, "lower", 1, Verdict.REFUTED),
    ("finite_independent_perturbations", "finite_perturbations", 1, "lower", 1, Verdict.REFUTED),
    ("finite_random_walk", "finite_perturbations", 0, "smallest_change", 1e-9, Verdict.DEVIATES),
]


@pytest.mark.parametrize(("claim", "verdict"), SOUND.items())
def test_verdicts_on_sound_tables(claim, verdict):
    assert find(claim, sound()).verdict is verdict


@pytest.mark.parametrize(("claim", "table", "row", "column", "value", "verdict"), TURNED)
def test_one_wrong_value_turns_a_verdict(claim, table, row, column, value, verdict):
    tables = sound()
    tables[table].loc[row, column] = value
    assert find(claim, tables).verdict is verdict


def test_proved_are_those_whose_certificates_are_accepted():
    assert find(MINIMUM, sound()).proved == 1
    assert find("wu2025_escape_neuron", sound()).proved == 4
    assert find("wu2025_no_escape_neuron", sound()).proved == 2
    tables = sound()
    tables["finite_certificate_checks"].loc[1, "accepted"] = False
    assert find(PLATEAU, tables).proved == 0
    assert find("wu2025_escape_neuron", tables).proved == 3
    tables["finite_certificate_checks"].loc[3, "accepted"] = False
    assert find("wu2025_no_escape_neuron", tables).proved == 1


@pytest.mark.parametrize("claim", SOUND)
def test_a_profile_without_rows_runs_no_claim(claim):
    tables = {
        name: frame if name.startswith("wu2025") else frame.iloc[:0]
        for name, frame in sound().items()
    }
    assert find(claim, tables).verdict is Verdict.NOT_RUN


def test_every_test_of_a_claim_is_asked():
    claims = yaml.safe_load((ROOT / "claims/wu2025.yaml").read_text(encoding="utf-8"))
    asked = {claim["test"] for kind in ("papers", "own_results") for claim in claims[kind]}
    assert asked == set(verdicts_of("stationary_points"))


def tables_of(iterations, checks, folder):
    """What the step makes of one data set with few neurons."""
    wanted = StationaryPoints.model_validate(
        {
            "descents": [
                {
                    "name": "plane_one_output",
                    "step": 0.04,
                    "iterations": iterations,
                    "checks": checks,
                }
            ],
            "width": 30,
            "runs": 2,
            "kink": 0.005,
            "share": 0.05,
            "stay": 0.008,
            "amplitude": 0.1,
            "draws": 1100,
            "seed": 1,
        }
    )
    with (folder / "log").open("w", encoding="utf-8") as stream:
        made = dict(find_stationary_points(wanted, **published(), log=JobLog(stream)))
    return {
        name: content if isinstance(content, str) else make_table(content, name)
        for name, content in made.items()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return tables_of(15000, 300, tmp_path_factory.mktemp("log"))


def test_what_is_not_known_to_be_a_minimum_is_not_said_to_be_none(tmp_path, monkeypatch):
    decided = {}

    def decide_nothing(point, data):
        found = decide(point, data)
        decided[found.loss] = found.local_minimum
        return replace(found, local_minimum=None)

    monkeypatch.setattr(records, "decide", decide_nothing)
    ends = tables_of(1000, 50, tmp_path)["finite_ends"]
    assert set(ends["local_minimum"]) == {"undecided"}
    assert set(ends["line"]) == {0}
    monkeypatch.undo()
    ends = tables_of(1000, 50, tmp_path)["finite_ends"]
    assert set(decided.values()) == {False}
    assert set(ends["local_minimum"]) == {"no"}


def test_the_step_makes_tables_and_their_certificates(made, tmp_path):
    path = tmp_path / "points.jsonl"
    path.write_text(made["certificate"], encoding="utf-8")
    lines = certificates_in(path)
    points, ends = made["finite_points"], made["finite_ends"]
    assert points["exact_loss"].tolist() == ["953/25000", "50749/1681250", "16139/578750"]
    assert sorted([*points["line"], *ends["line"]]) == list(range(1, len(lines) + 1))
    assert (ends["local_minimum"] == "yes").all()
    assert ((ends["live"] + ends["dead"]) == 30).all()
    assert ends["largest_ratio"].max() < 1.05
    for line in ends["line"]:
        assert check_line(lines[line - 1]).startswith("30 neurons, loss 0.027885961")
    losses = made["finite_losses"]
    assert len(losses) == 2 * 301
    assert losses["time"].max() == pytest.approx(600)
    walks = made["finite_perturbations"].set_index(["run", "way"])
    assert (walks["lower"] == 0).all()
    said = []
    records = prove_lines_again(path, check_finite_points, len(lines), said.append)
    assert [record["says"] for record in records] == said
    with pytest.raises(DamagedFile, match="its table 2"):
        prove_lines_again(path, check_finite_points, 2, said.append)
    path.write_text(made["certificate"].replace('"953/25000"', '"1/3"'), encoding="utf-8")
    with pytest.raises(DamagedFile, match="the checker refuses it"):
        prove_lines_again(path, check_finite_points, len(lines), said.append)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_can_be_read(name, made):
    plot = draw_figure(name, {**made, **published()})
    plot.figure.draw_without_rendering()
    assert_readable(plot)


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_profile_is_said_to_have_no_runs(name, made):
    empty = {table: frame.iloc[:0] for table, frame in made.items() if table != "certificate"}
    plot = draw_figure(name, {**empty, **published()})
    assert NO_RUNS in plot.finding


def test_findings_say_what_the_tables_hold(made):
    tables = {**made, **published()}
    assert draw_figure("finite_plateaus", tables).finding == (
        "Descent on 1 published data sets passes 3 stationary points that are no minima, 3 of them "
        "proved, with exact losses."
    )
    functions = draw_figure("finite_functions", tables)
    assert "16139/578750, has 2 neurons" in functions.finding
    last = functions.data[functions.data["place"] == 2]
    # The line of least squares on the samples, from -1 to 0.7.
    line = last[last["x"].between(-1, 0.7)]
    assert (line["y"].diff().diff().abs().dropna() < 1e-12).all()
