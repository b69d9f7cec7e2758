"""The study of erf students: ends, rows, verdicts, figures."""

import math
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers_claims import find, verdict
from helpers_figures import assert_readable, words
from helpers_rows import table_of
from helpers_tables import ROOT
from helpers_verdicts import change
from relu_landscape.fewer_students.average_stability import most_copies
from relu_landscape.fewer_students.copy_averages import average_loss
from relu_landscape.fewer_students.copy_records import copy_points_at
from relu_landscape.fewer_students.erf_crossing import (
    erf_loss_crossing,
    perturbed_copy_threshold,
)
from relu_landscape.fewer_students.erf_ends import name_erf_end
from relu_landscape.fewer_students.erf_points import copy_average_erf, perturbed_copy_erf
from relu_landscape.fewer_students.settings import ErfBranches, ErfFlow, ErfStudents
from relu_landscape.judging.findings import Verdict
from relu_landscape.studies.declarations import draw_figure
from relu_landscape.studies.fewer_students.steps.check_partitions import check_partitions
from relu_landscape.studies.fewer_students.steps.follow_erf_flow import follow_erf_flow
from relu_landscape.studies.fewer_students.steps.solve_erf_copies import solve_erf_copies

SILENT = SimpleNamespace(say=lambda *_: None)
BRANCHES = {
    "teachers": [3, 8],
    "proved": [{"teachers": [8], "students": [5, 6, 7]}],
    "crossings": [8],
}
FLOW = {
    "seed": 1,
    "time": 1e7,
    "accuracy": 1e-4,
    "tolerance": 1e-12,
    "sizes": [{"teachers": [3], "students": [2], "runs": 1, "again": 1}],
}
FIGURES = ("erf_losses", "erf_stability", "erf_matrices", "erf_phases")
AVERAGE, PERTURBED = "copy_average", "perturbed_copy"


def a_flow(n, restart, end):
    """A flow at k = 8 that ended at one of the points, followed twice."""
    m = 8 - n + 1
    sizes = {"largest_output": m, "norm": (2 * m - 1) ** -0.5} if end == AVERAGE else {}
    return {"k": 8, "n": n, "restart": restart, "end": end, "end_again": end, "loss": 0.02, **sizes}


@cache
def made():
    """What the steps make, and flows as descent finds them at k = 8."""
    solved = solve_erf_copies(ErfBranches.model_validate(BRANCHES), SILENT)
    flows = [a_flow(n, restart, AVERAGE) for n in (4, 5) for restart in range(3)]
    flows += [a_flow(6, 0, AVERAGE), a_flow(6, 1, PERTURBED), a_flow(7, 0, PERTURBED)]
    return {
        "erf_partitions": table_of("erf_partitions", check_partitions(5, SILENT)["erf_partitions"]),
        "erf_points": table_of("erf_points", solved["erf_points"]),
        "erf_crossings": table_of("erf_crossings", solved["erf_crossings"]),
        "certified_erf": table_of("certified_erf", solved["certified_erf"]),
        "erf_ends": table_of("erf_ends", flows),
    }


def sound():
    """The same, to be changed."""
    return {name: table.copy() for name, table in made().items()}


def test_every_claim_is_judged_of_what_the_steps_make():
    expected = {
        "simsek2023_erf_critical": Verdict.CONSISTENT,
        "simsek2023_erf_best_average": Verdict.CONSISTENT,
        "simsek2023_erf_loss": Verdict.CONSISTENT,
        "simsek2023_erf_average": Verdict.CONSISTENT,
        "simsek2023_erf_ends": Verdict.CONSISTENT,
        "simsek2023_erf_share": Verdict.CONSISTENT,
        "simsek2023_erf_both[k=50,n=25]": Verdict.NOT_RUN,
        "simsek2023_erf_perturbed[k=50,n=25]": Verdict.NOT_RUN,
        "erf_copies_enclosed": Verdict.CONSISTENT,
        "erf_flow_accuracy": Verdict.CONSISTENT,
        "erf_crossing_order": Verdict.CONSISTENT,
        "erf_optimum_is_no_optimum": Verdict.CONSISTENT,
        "erf_lower[k=8,n=6]": Verdict.CONSISTENT,
        "erf_lower[k=8,n=7]": Verdict.CONSISTENT,
        "erf_minima[k=8,n=5]": Verdict.PROVED,
        "erf_minima[k=8,n=6]": Verdict.PROVED,
        "erf_average_stability": Verdict.CONSISTENT,
        "erf_index": Verdict.CONSISTENT,
        "erf_both_ends[k=8]": Verdict.REPRODUCED,
    }
    assert {claim: verdict(claim, made()) for claim in expected} == expected


POINT = {"k": 8, "n": 7, "branch": PERTURBED}


@pytest.mark.parametrize(
    ("claim", "table", "where", "values", "expected"),
    [
        ("simsek2023_erf_critical", "erf_partitions", {"k": 5, "n": 2}, {"identities": False},
         Verdict.REFUTED),
        ("simsek2023_erf_critical", "erf_partitions", {"k": 5, "n": 2}, {"gradient_bound": 1e-9},
         Verdict.UNDECIDED),
        ("simsek2023_erf_best_average", "erf_partitions", {"k": 5, "n": 2},
         {"extreme_is_best": False}, Verdict.UNDECIDED),
        ("simsek2023_erf_best_average", "erf_partitions", {"k": 5, "n": 2}, {"best_loss": 1.0},
         Verdict.REFUTED),
        ("simsek2023_erf_loss", "erf_points", {"k": 8, "n": 3, "branch": AVERAGE}, {"loss": 0.05},
         Verdict.REFUTED),
        ("simsek2023_erf_average", "erf_ends", {"n": 4, "restart": 1}, {"norm": 0.5},
         Verdict.REFUTED),
        ("simsek2023_erf_average", "erf_ends", {"n": 4, "restart": 1}, {"largest_output": 4.0},
         Verdict.REFUTED),
        ("simsek2023_erf_ends", "erf_ends", {"n": 4, "restart": 1}, {"end": "other"},
         Verdict.REFUTED),
        ("simsek2023_erf_ends", "erf_ends", {"n": 4, "restart": 1}, {"end": "unfinished"},
         Verdict.CONSISTENT),
        ("simsek2023_erf_share", "erf_ends", {"n": 4}, {"end": PERTURBED}, Verdict.NOT_RUN),
        ("erf_flow_accuracy", "erf_ends", {"n": 7, "restart": 0}, {"end_again": AVERAGE},
         Verdict.DEVIATES),
        ("erf_both_ends[k=8]", "erf_ends", {"n": 6, "restart": 0}, {"end": PERTURBED},
         Verdict.UNDECIDED),
        ("erf_crossing_order", "erf_crossings", {"k": 8}, {"n": 7.5}, Verdict.REFUTED),
        ("erf_optimum_is_no_optimum", "erf_points", POINT, {"loss": 0.02}, Verdict.REFUTED),
        ("erf_lower[k=8,n=7]", "erf_points", POINT, {"loss_lower": 0.02, "loss_upper": 0.02},
         Verdict.REFUTED),
        ("erf_lower[k=8,n=7]", "erf_points", POINT, {"loss_lower": 0.01, "loss_upper": 0.02},
         Verdict.UNDECIDED),
        ("erf_lower[k=8,n=7]", "erf_points", POINT, {"loss_lower": None}, Verdict.NOT_RUN),
        ("erf_minima[k=8,n=6]", "erf_points", POINT | {"n": 6}, {"proved_index": 1.0},
         Verdict.REFUTED),
        ("erf_minima[k=8,n=6]", "erf_points", POINT | {"n": 6}, {"proved_index": None},
         Verdict.UNDECIDED),
        ("erf_index", "erf_points", POINT, {"index": 1}, Verdict.REFUTED),
        ("erf_average_stability", "erf_points", POINT | {"branch": AVERAGE}, {"index": 0},
         Verdict.REFUTED),
        ("erf_index", "erf_points", POINT, {"proved_index": 6.0}, Verdict.REFUTED),
        ("erf_copies_enclosed", "erf_points", POINT, {"loss": 0.0104}, Verdict.REFUTED),
    ],
)  # fmt: skip
def test_one_number_decides(claim, table, where, values, expected):
    tables = sound()
    change(tables[table], where, **values)
    assert verdict(claim, tables) == expected


@pytest.mark.parametrize(
    ("n", "expected"),
    [(7660.823213, Verdict.REPRODUCED), (7650.0, Verdict.DEVIATES), (None, Verdict.NOT_RUN)],
)
def test_the_limiting_share_is_extrapolated(n, expected):
    crossings = [{"k": 1000, "n": 764.792862951, "share": 0.764792862951}]
    crossings += [] if n is None else [{"k": 10_000, "n": n, "share": n / 10_000}]
    tables = {"erf_crossings": table_of("erf_crossings", crossings)}
    assert verdict("erf_crossing_limit", tables) == expected


@pytest.mark.parametrize(
    ("norm", "expected"), [(0.7194, Verdict.REPRODUCED), (0.7294, Verdict.DEVIATES)]
)
def test_published_weights_are_compared_to_their_digits(norm, expected):
    row = {"branch": PERTURBED, "k": 50, "n": 25, "norm": norm, "output": 1.8092}
    tables = {"erf_points": table_of("erf_points", [row])}
    assert verdict("simsek2023_erf_perturbed[k=50,n=25]", tables) == expected


def test_more_averages_with_more_students_refute_the_dependence():
    flows = [a_flow(4, 0, PERTURBED), a_flow(6, 0, AVERAGE)]
    tables = {"erf_ends": table_of("erf_ends", flows)}
    assert verdict("simsek2023_erf_share", tables) == Verdict.REFUTED


def test_ends_are_named_up_to_order_and_signs():
    rng = np.random.default_rng(1)
    for point in (points := list(copy_points_at(8, 5, "erf"))):
        W = np.hstack([point.weights()[:, rng.permutation(8)], np.zeros((5, 1))])
        order, signs = rng.permutation(5), rng.choice([-1.0, 1.0], 5)
        W, outputs = signs[:, None] * W[order], signs * point.outputs()[order]
        end = name_erf_end(W, outputs, points)
        assert end.branch == point.branch
        assert end.distance < 1e-12
        W[2, 8] = 1e-3
        moved = name_erf_end(W, outputs, points)
        assert moved.branch is None
        assert moved.distance == pytest.approx(1e-3)
        # An output alone, or two students at one teacher, make another network.
        assert name_erf_end(W, 1.01 * outputs, points).branch is None
    assert np.isinf(name_erf_end(np.ones((5, 9)), np.ones(5), points).distance)


def test_flows_are_named_and_followed_again():
    (row,) = follow_erf_flow(ErfFlow.model_validate(FLOW), SILENT)["erf_ends"]
    assert row["end"] == row["end_again"] == AVERAGE
    assert row["distance"] < 1e-10
    assert row["largest_output"] == pytest.approx(2)
    unfinished = FLOW | {"tolerance": 1e-30, "time": 1.0}
    (row,) = follow_erf_flow(ErfFlow.model_validate(unfinished), SILENT)["erf_ends"]
    assert row["end"] == "unfinished"


def test_averages_are_stable_as_the_formula_says():
    for k, n in ((8, 6), (8, 7), (20, 17), (20, 18), (50, 44), (50, 45), (300, 285), (300, 286)):
        m = k - n + 1
        assert copy_average_erf(k, n).index == (0 if n - 1 < most_copies(m) else m - 1)
    assert most_copies(1e8) == pytest.approx((2 / math.sqrt(3) - 1) * 8e16, rel=1e-12)
    with pytest.raises(ValueError, match="2 teachers or more"):
        most_copies(1.5)


def test_perturbed_copies_become_minima_at_their_threshold():
    n = made()["erf_crossings"]["perturbed_from"].iloc[0]
    assert 4 < n < 5
    assert perturbed_copy_erf(8, n - 1e-6).index > 0
    assert perturbed_copy_erf(8, n + 1e-6).index == 0
    with pytest.raises(ValueError, match="from k = 8"):
        perturbed_copy_threshold(7)


def test_loss_of_the_perturbed_copy_begins_as_derived():
    for k, n in ((1000, 500), (4000, 3000)):
        left_out = k - n
        expected = left_out * (1 / 3 - 1 / math.pi) / 2
        expected += left_out / n * (3**-0.5 - 0.5) / math.pi
        assert perturbed_copy_erf(k, n).loss == pytest.approx(expected, rel=0, abs=2 / k)


def test_losses_cross_where_they_are_equal():
    n = made()["erf_crossings"]["n"].iloc[0]
    assert n == pytest.approx(6.1980248, abs=1e-6)
    assert perturbed_copy_erf(8, n).loss == pytest.approx(average_loss(9 - n), abs=1e-12)
    with pytest.raises(ValueError, match="from k = 3"):
        erf_loss_crossing(2.5)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_can_be_read(name):
    plot = draw_figure(name, made())
    plot.figure.draw_without_rendering()
    assert_readable(plot)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_of_nothing_say_so(name):
    empty = {table: table_of(table, []) for table in ("erf_points", "erf_ends", "erf_crossings")}
    plot = draw_figure(name, empty)
    assert plot.data.empty
    assert "no runs in this profile" in words(plot.figure)


def test_findings_say_what_was_found():
    losses, stability, matrices, phases = (draw_figure(name, made()) for name in FIGURES)
    assert "from n = 7 of 8 teachers on; 9 gradient flows ended, 7 of them" in losses.finding
    assert "minima for n = 5 to 6 of 8 teachers" in stability.finding
    assert "balls enclose the Hessian at 6 of 13 points" in stability.finding
    assert "each perturbed copy has norm 0.5971 and output 2.2724" in matrices.finding
    shares = losses.data[losses.data["quantity"] == "share at the copy-average"]
    assert shares["value"].tolist() == [1, 1, 0.5, 0]
    assert "at 0.7748 k students; the share tends to 0.7662" in phases.finding
    averages = matrices.data[matrices.data["branch"] == AVERAGE]
    assert (averages.groupby("neuron")["weight"].sum() > 0).all()


def settings(**changes):
    config = yaml.safe_load((ROOT / "config/smoke.yaml").read_text(encoding="utf-8"))
    return config["fewer_students"]["erf"] | changes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"branches": BRANCHES | {"teachers": [4]}}, "proved"),
        ({"flow": FLOW}, "flow.sizes"),
        ({"flow": FLOW | {"sizes": FLOW["sizes"] * 2}}, "twice"),
        ({"branches": BRANCHES | {"proved": [{"teachers": [8], "students": [8]}]}}, "too many"),
    ],
)
def test_settings_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        ErfStudents.model_validate(settings(**changes))


def test_tables_have_a_row_a_point():
    points = made()["erf_points"]
    assert len(points) == sum(2 * (k - 1) - 1 for k in (3, 8))
    assert points["loss_lower"].notna().sum() == points["proved_index"].notna().sum() == 6
    one = points[(points["k"] == 8) & (points["n"] == 1)]
    assert one["branch"].tolist() == [AVERAGE]
    assert pd.isna(one["copied"].iloc[0])


def test_losses_of_the_table_are_those_of_whole_networks(monkeypatch):
    where = "relu_landscape.fewer_students.erf_points.average_loss"
    monkeypatch.setattr(where, lambda _: 1.0)
    point = copy_average_erf(8, 3)
    assert point.loss == 1.0
    proved = [{"teachers": [3], "students": [2]}]
    few = ErfBranches.model_validate({"teachers": [3], "proved": proved, "crossings": [3]})
    rows = solve_erf_copies(few, SILENT)["erf_points"]
    assert {row["branch"] for row in rows} == {AVERAGE, PERTURBED}
    for row in rows:
        if row["branch"] == AVERAGE:
            assert row["loss"] == pytest.approx(average_loss(4 - row["n"]), abs=1e-14)


def test_minima_of_erf_have_certificates_and_saddles_have_none():
    rows = made()["certified_erf"].set_index(["branch", "k", "n"])
    points = made()["erf_points"].set_index(["branch", "k", "n"])
    assert len(rows) == 6
    for place, row in rows.iterrows():
        assert row["proved"] == row["checked"] == (points.loc[place, "index"] == 0)
        if row["proved"]:
            assert row["loss_lower"] <= points.loc[place, "loss"] + 1e-13
            assert row["loss_upper"] >= points.loc[place, "loss"] - 1e-13
    assert rows["line"].max() == rows["proved"].sum() == 5


def test_without_certificates_minima_of_erf_rest_on_balls():
    claim, tables = "erf_minima[k=8,n=6]", sound()
    found = find(claim, tables)
    assert (found.verdict, found.proved) == (Verdict.CONSISTENT, 2)
    assert "accepted by the checker" in found.note
    tables["certified_erf"].loc[:, "checked"] = False
    found = find(claim, tables)
    assert (found.verdict, found.proved) == (Verdict.CONSISTENT, 0)
    assert "no certificate of it is checked" in found.note
