"""Steps, verdicts and figures of the study of fewer students than teachers."""

import io
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from helpers_figures import assert_readable, words
from helpers_rows import tables_of
from relu_landscape.certificates.check import check_line
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.fewer_students import copy_average_point, one_student_loss
from relu_landscape.fewer_students.settings import (
    Certified,
    Crossings,
    Partings,
    Points,
    Restarts,
    RestartSizes,
)
from relu_landscape.figures.style import NO_RUNS
from relu_landscape.judging.findings import Claim
from relu_landscape.search import PROTOCOLS
from relu_landscape.studies.declarations import draw_figure
from relu_landscape.studies.fewer_students.steps.certify_copies import certify_copies
from relu_landscape.studies.fewer_students.steps.descend_few_students import descend_few_students
from relu_landscape.studies.fewer_students.steps.solve_copies import solve_copies
from relu_landscape.studies.fewer_students.verdicts import copies, ends, partings, proofs

FIGURES = ["copy_losses", "end_shares", "copy_phases", "copy_matrices", "copy_eigenvalues"]
NAMES = [
    *("copy_points", "copy_parameters", "copy_spectra"),
    *("loss_crossings", "crossing_limits", "few_student_ends", "certified_copies"),
    *("copy_partings", "unequal_copies"),
]
K = 5


@cache
def results():
    """Tables of the steps at k = 5, with two crossings."""
    log, protocol = JobLog(io.StringIO()), replace(PROTOCOLS["safran2021"], tolerance=1e-9)
    made = {
        **solve_copies(
            Points(teachers=(K,), kernels=("relu",)),
            Crossings(teachers=(8, 9), extrapolated_from=8),
            Partings(students=(3, 4), teachers=(128, 64)),
            log,
        ),
        **certify_copies(Certified(teachers=(K,), unequal=(100,)), log),
        **descend_few_students(
            Restarts(
                protocol="p",
                seed=3,
                sizes=(RestartSizes(teachers=(K,), students=(1, 2, 4), runs=3),),
            ),
            protocol,
            log,
        ),
    }
    lines = made.pop("certificates").splitlines()
    return tables_of(**made), lines


def tables():
    return results()[0]


def changed(name, rows, **values):
    """A copy of a table whose rows of a mask have other values."""
    table = tables()[name].copy()
    for column, value in values.items():
        table.loc[rows(table), column] = value
    return table


def everywhere(table):
    return pd.Series(data=True, index=table.index)


def judged(test, *given, **claim):
    return test(Claim(id="claim", **claim), *given).verdict.value


def test_steps_make_the_points_the_proofs_and_the_ends():
    made, lines = results()
    points = made["copy_points"]
    assert len(points) == 2 * (K - 1) - 1
    row = points[(points["branch"] == "copy_average") & (points["n"] == 3)].iloc[0]
    point = copy_average_point(K, 3)
    assert (row["loss"], row["index"]) == (point.loss, point.index)
    assert len(made["copy_parameters"]) > len(points)
    spectra = made["copy_spectra"]
    sizes = spectra.groupby(["branch", "n"])["multiplicity"].sum().reset_index()
    assert (sizes["multiplicity"] == K * sizes["n"]).all()
    proved = made["certified_copies"]
    unequal = made["unequal_copies"]
    assert proved["proved"].sum() + len(unequal) == len(lines) - 1
    numbers = [*proved.loc[proved["proved"], "line"], *unequal["line"]]
    for line, number in zip(lines[:-1], numbers, strict=True):
        assert check_line(line).startswith("strict minimum")
        assert lines[number - 1] == line
    assert set(made["few_student_ends"]["end"]) <= {"copy_average", "perturbed_copy"}


@pytest.mark.parametrize("name", FIGURES)
def test_figures_can_be_read(name):
    plot = draw_figure(name, tables())
    plot.figure.draw_without_rendering()
    assert_readable(plot)


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_profile_is_said_to_have_no_runs(name):
    plot = draw_figure(name, tables_of(**{table: [] for table in NAMES}))
    assert words(plot.figure) == [NO_RUNS]
    assert list(plot.data.columns) == list(draw_figure(name, tables()).data.columns)


def test_matrices_are_those_of_the_library():
    data = draw_figure("copy_matrices", tables()).data
    rows = data[(data["branch"] == "copy_average") & (data["n"] == 3)]
    drawn = rows.pivot(index="neuron", columns="coordinate", values="weight")
    np.testing.assert_array_equal(drawn, copy_average_point(K, 3).weights())


def test_the_title_of_losses_names_the_sizes_that_are_drawn():
    points = tables()["copy_points"]
    several = pd.concat([points.assign(k=K + more) for more in range(5)], ignore_index=True)
    plot = draw_figure("copy_losses", tables() | {"copy_points": several})
    drawn = {word for word in words(plot.figure) if word.startswith("k = ")}
    assert set(re.findall(r"k = \d+", plot.finding)) == drawn


def test_the_title_of_phases_names_both_points():
    finding = draw_figure("copy_phases", tables()).finding
    assert finding.startswith("The copy-average and the perturbed copy have equal losses at n = ")


def test_shares_add_up_to_one():
    data = draw_figure("end_shares", tables()).data
    np.testing.assert_allclose(data.groupby(["k", "n"])["share"].sum(), 1.0, rtol=1e-15, atol=0)


def test_an_optimum_that_copies_alone_speaks_against_the_paper():
    points = tables()["copy_points"]
    assert judged(copies.optimum_copies_and_averages, points) == "deviates"
    raised = changed("copy_points", lambda rows: rows["branch"] == "perturbed_copy", loss=9.0)
    assert judged(copies.optimum_copies_and_averages, raised) == "consistent"
    assert judged(copies.optimum_copies_and_averages, points.head(0)) == "not run"


def test_the_index_of_saddles_is_that_of_the_statement():
    points = tables()["copy_points"]
    assert judged(copies.saddles_have_index, points) == "consistent"
    other = changed("copy_points", lambda rows: rows["index"] > 0, index=7.0)
    assert judged(copies.saddles_have_index, other) == "refuted"


def test_copies_of_the_average_may_part():
    """As those of three students of 94 or more teachers do."""
    for k, index in ((93, 0), (94, 1)):
        point = copy_average_point(k, 3)
        assert (point.index, point.smallest.irrep) == (index, "s_p")
    row = {"branch": "copy_average", "k": 94, "n": 3, "irrep": "s_p", "index": 1.0}
    points = tables()["copy_points"].head(1).assign(**row)
    finding = copies.saddles_have_index(Claim(id="claim"), points)
    assert finding.verdict.value == "consistent"
    assert finding.note.endswith("part at k = 94, n = 3.")
    assert judged(copies.saddles_have_index, points.assign(index=91.0)) == "refuted"


def test_a_size_at_which_neither_is_a_minimum_is_drawn():
    points = changed("copy_points", lambda rows: rows["n"] == 3, index=1.0)
    plot = draw_figure("copy_phases", tables() | {"copy_points": points})
    assert plot.data.loc[plot.data["phase"] == "neither", "n"].tolist() == [3]
    assert "neither" in words(plot.figure)


def test_losses_are_drawn_from_the_first_size_with_restarts_on():
    points = tables()["copy_points"]
    several = pd.concat([points.assign(k=K - 1), points], ignore_index=True)
    assert f"k = {K - 1}" not in words(
        draw_figure("copy_losses", tables() | {"copy_points": several}).figure
    )


def test_many_sizes_have_fewer_numbers():
    ends = tables()["few_student_ends"].head(1)
    several = [ends.assign(k=k, n=n) for k in (8, 12, 16, 20) for n in range(1, k)]
    plot = draw_figure("end_shares", {"few_student_ends": pd.concat(several)})
    plot.figure.draw_without_rendering()
    assert_readable(plot)


def test_the_exchange_of_stability_is_compared():
    points = tables()["copy_points"]
    minima = points[points["index"] == 0].groupby("branch")["n"]
    expected = {
        "first_n": int(minima.min()["perturbed_copy"]),
        "last_n": int(minima.max()["copy_average"]),
    }
    about = {"case": {"k": K}, "expected": expected}
    assert judged(copies.stability_is_exchanged, points, **about) == "reproduced"
    other = about | {"expected": expected | {"first_n": 9}}
    assert judged(copies.stability_is_exchanged, points, **other) == "deviates"
    assert judged(copies.stability_is_exchanged, points, case={"k": 6}) == "not run"


@pytest.mark.parametrize(
    ("expected", "verdict"), [(4.7796, "reproduced"), (4.7797, "deviates"), (None, "not run")]
)
def test_crossings_are_compared_to_their_digits(expected, verdict):
    case = {"k": 8 if expected else 50}
    claim = {"case": case, "expected": expected, "parameters": {"decimals": 4}}
    assert judged(copies.losses_cross, tables()["loss_crossings"], **claim) == verdict


@pytest.mark.parametrize(
    ("extrapolated", "verdict"),
    [
        ((31.988, 31.989), "reproduced"),
        ((31.8, 31.9), "undecided"),
        ((31.95, 31.9501), "deviates"),
    ],
)
def test_the_limit_is_compared_with_its_extrapolation(extrapolated, verdict):
    rows = [
        {"nodes": 2 + place, "extrapolated": value, "lower": 31.98907454, "upper": 31.98907455}
        for place, value in enumerate(extrapolated)
    ]
    limits = tables_of(crossing_limits=rows)["crossing_limits"]
    claim = {"parameters": {"tolerance": 0.01}}
    assert judged(copies.crossings_tend_to_limit, limits, **claim) == verdict


def test_copies_of_three_students_part_and_those_of_four_do_not():
    made = tables()["copy_partings"].set_index("n")
    looked = made[["looked_at", "negative", "largest_k", "proved"]].T.to_dict("list")
    assert looked == {3: [2, 1, 128, True], 4: [2, 0, 128, False]}
    assert made.loc[4, ["parts_at", "lower", "upper"]].isna().all()
    assert made.loc[3, "eigenvalue"] < 0 < made.loc[4, "eigenvalue"]
    assert made.loc[3, "lower"] < made.loc[3, "parts_at"] < made.loc[3, "upper"]
    star = draw_figure("copy_phases", tables()).data.query("phase == 'copies part'")
    assert star[["k", "n"]].to_numpy().tolist() == [[made.loc[3, "parts_at"], 3]]


@pytest.mark.parametrize(
    ("n", "values", "verdict"),
    [
        (3, {}, "reproduced"),
        (3, {"proved": False}, "undecided"),
        (3, {"parts_at": 93.02}, "deviates"),
        (3, {"upper": 93.0}, "deviates"),
        (4, {}, "not run"),
    ],
)
def test_the_real_k_of_a_parting_is_judged(n, values, verdict):
    rows = changed("copy_partings", lambda rows: rows["n"] == 3, **values)
    claim = {"case": {"n": n}, "parameters": {"decimals": 7}, "expected": 93.0186159}
    assert judged(partings.copies_part, rows, **claim) == verdict


@pytest.mark.parametrize(
    ("least_n", "values", "verdict"),
    [
        (4, {}, "consistent"),
        (3, {}, "refuted"),
        (4, {"negative": 1}, "refuted"),
        (4, {"eigenvalue": -1.0}, "refuted"),
        (5, {}, "not run"),
    ],
)
def test_copies_that_part_with_more_students_speak_against_it(least_n, values, verdict):
    rows = changed("copy_partings", lambda rows: rows["n"] == 4, **values)
    claim = {"parameters": {"least_n": least_n}}
    assert judged(partings.copies_stay_together, rows, **claim) == verdict


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({}, "consistent"),
        ({"checked": False}, "undecided"),
        ({"average_loss_lower": 163.0}, "refuted"),
        ({"own_smaller": 26.0}, "refuted"),
    ],
)
def test_a_minimum_with_unequal_copies_is_proved_and_lower(values, verdict):
    rows = changed("unequal_copies", everywhere, **values)
    assert judged(partings.unequal_copies_are_lower, rows) == verdict
    assert judged(partings.unequal_copies_are_lower, rows.head(0)) == "not run"


def test_proofs_of_both_minima_and_of_the_lower_one():
    rows = [
        {"branch": "copy_average", "loss_lower": 1.0, "loss_upper": 1.1},
        {"branch": "perturbed_copy", "loss_lower": 1.2, "loss_upper": 1.3},
    ]
    known = {"k": 8, "n": 4, "proved": True, "checked": True, "hessian_lower": 0.1}
    both = tables_of(certified_copies=[known | row for row in rows])["certified_copies"]
    unchecked, meeting = (both.assign(checked=False), both.assign(loss_lower=1.0))
    case = {"case": {"k": 8, "n": 4}}
    assert judged(proofs.both_are_minima, both, **case) == "consistent"
    assert judged(proofs.both_are_minima, unchecked, **case) == "undecided"
    assert judged(proofs.both_are_minima, both.assign(index=1.0), **case) == "refuted"
    assert judged(proofs.both_are_minima, both, case={"k": 8, "n": 5}) == "not run"
    lower = case | {"expected": "copy_average"}
    assert judged(proofs.lower_one_is_proved, both, **lower) == "consistent"
    assert judged(proofs.lower_one_is_proved, unchecked, **lower) == "undecided"
    assert judged(proofs.lower_one_is_proved, meeting, **lower) == "undecided"
    other = case | {"expected": "perturbed_copy"}
    assert judged(proofs.lower_one_is_proved, both, **other) == "refuted"


def test_enclosures_hold_the_losses_that_are_solved_for():
    certified, points = tables()["certified_copies"], tables()["copy_points"]
    assert judged(proofs.losses_are_enclosed, certified, points) == "consistent"
    off = points.assign(loss=points["loss"] + 1e-9)
    assert judged(proofs.losses_are_enclosed, certified, off) == "deviates"
    refused = certified.assign(checked=False)
    assert judged(proofs.losses_are_enclosed, refused, points) == "deviates"


def test_one_student_is_judged_by_its_formula():
    certified, ended = tables()["certified_copies"], tables()["few_student_ends"]
    claim = {"parameters": {"tolerance": 1e-12}}
    judge = proofs.one_student_is_solved
    assert judged(judge, certified, ended, **claim) == "consistent"
    off = changed("few_student_ends", lambda rows: rows["n"] == 1, loss=one_student_loss(K) + 1e-6)
    assert judged(judge, certified, off, **claim) == "deviates"
    wrong = changed("certified_copies", lambda rows: rows["n"] == 1, loss_upper=0.5)
    assert judged(judge, wrong, ended, **claim) == "deviates"


def test_ends_elsewhere_and_lower_ones_are_counterexamples():
    ended, points = tables()["few_student_ends"], tables()["copy_points"]
    case = {"case": {"k": K}}
    assert judged(ends.ends_are_copies, ended, **case) == "consistent"
    other = changed("few_student_ends", lambda rows: rows["restart"] == 1, end="other")
    assert judged(ends.ends_are_copies, other, **case) == "refuted"
    late = changed("few_student_ends", everywhere, end="unfinished")
    assert judged(ends.ends_are_copies, late, **case) == "not run"
    claim = case | {"parameters": {"tolerance": 1e-10}}
    assert judged(ends.nothing_is_lower, ended, points, **claim) == "consistent"
    lower = changed("few_student_ends", lambda rows: rows["restart"] == 1, loss=0.0)
    assert judged(ends.nothing_is_lower, lower, points, **claim) == "refuted"
    assert judged(ends.further_ends_are_higher, ended, points, **case) == "undecided"
    assert judged(ends.further_ends_are_higher, lower, points, **case) == "undecided"
    higher = other.assign(loss=9.0)
    assert judged(ends.further_ends_are_higher, higher, points, **case) == "reproduced"
    sunk = other.assign(loss=0.0)
    assert judged(ends.further_ends_are_higher, sunk, points, **case) == "undecided"
