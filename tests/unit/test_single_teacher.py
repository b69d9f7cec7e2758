"""Descent on one teacher: its records, laws and limits; claims about it, and figures of it."""

import numpy as np
import pytest

from helpers_claims import find, ledger, verdicts_of
from helpers_figures import assert_readable, words
from helpers_single_teacher import (
    no_single_teacher_tables,
    single_teacher_tables,
    smoke_settings,
)
from helpers_verdicts import change
from relu_landscape.figures.style import NO_RUNS
from relu_landscape.global_minima.valley_law import valley_coordinates
from relu_landscape.judging.findings import Verdict
from relu_landscape.objective import population_gradient, population_loss, reference_loss
from relu_landscape.single_teacher.descents import (
    Case,
    cases_of,
    follow_runs,
    measure_point,
    starting_weights,
    valley_radius,
)
from relu_landscape.single_teacher.laws import delayed_power, exponential, fit_laws, reach_limits
from relu_landscape.studies.declarations import draw_figure

DESCENTS = smoke_settings().descents
CLAIMS = [
    name
    for name, entry in ledger("xu_du2023").items()
    if entry.test.name in verdicts_of("single_teacher")
]
NOT_ON_SMOKE = {"single_teacher_limit[k=3]", "single_teacher_limit[k=5]"}
FIGURES = ["single_teacher_loss", "single_teacher_limits_reached", "single_teacher_norms"]

ONE_OF_FOUR = {"start": "small", "k": 1, "n": 4, "run": 1}
PAIR = {"start": "small", "k": 1, "n": 2, "run": 0}
ALONE = {"start": "small", "k": 1, "n": 1, "run": 0}
LAST = {"iteration": DESCENTS.steps}
LOSS, DISTANCE = {"quantity": "loss"}, {"quantity": "direction_distance"}
# claim, table, rows, what they become
CORRUPTED = [
    ("xu_du2023_upper_rate", "laws", ONE_OF_FOUR | LOSS, {"rate": -2.69}),
    ("xu_du2023_upper_rate", "laws", ONE_OF_FOUR | LOSS, {"law": "exponential", "rate": 0.0}),
    ("xu_du2023_lower_rate", "laws", ONE_OF_FOUR | LOSS, {"rate": -3.31}),
    ("xu_du2023_lower_rate", "laws", ONE_OF_FOUR | LOSS, {"law": "exponential"}),
    ("xu_du2023_one_student", "laws", ALONE, {"law": "power"}),
    ("xu_du2023_one_student", "laws", ALONE, {"high": 0.0}),
    ("xu_du2023_phases", "descents", ONE_OF_FOUR, {"largest_angle": 0.8}),
    ("xu_du2023_balance", "descents", ONE_OF_FOUR | LAST, {"least_norm": 0.12}),
    ("xu_du2023_balance", "descents", ONE_OF_FOUR | LAST, {"largest_norm": 0.51}),
    ("single_teacher_distances", "laws", ONE_OF_FOUR | DISTANCE, {"rate": -1.3}),
    ("zhou2021_rate_any_students", "laws", {"n": 4} | LOSS, {"rate": -2.7}),
    ("zhou2021_lojasiewicz", "descents", ONE_OF_FOUR | LAST, {"gradient_norm": 1e-10}),
    ("single_teacher_exponent", "laws", ONE_OF_FOUR | LOSS, {"rate": -2.69}),
    ("single_teacher_exponent", "laws", ONE_OF_FOUR | LOSS, {"rate": -3.31}),
    ("single_teacher_limit[k=1]", "limits", ONE_OF_FOUR, {"continued": 0.3}),
    ("single_teacher_limit[k=2]", "limits", {"k": 2, "run": 0}, {"continued": 5.0}),
    ("single_teacher_two_students", "limits", PAIR, {"continued": 1.6}),
    ("single_teacher_one_student_rate", "laws", ALONE, {"rate": -1.024}),
    ("single_teacher_norm_spread", "descents", {"start": "small"} | LAST, {"norm_spread": 0.3}),
    ("single_teacher_norm_spread", "descents", {"start": "standard"} | LAST, {"norm_spread": 0.1}),
    ("single_teacher_lojasiewicz", "limits", ONE_OF_FOUR, {"quotient": 1.8}),
    ("single_teacher_lojasiewicz_pair", "limits", PAIR, {"quotient": 1.61}),
]
OF_VALLEYS = [
    ("single_teacher_local_law", "valley_expansions", {"k": 1, "distance": 1e-3}, {"error": 1e-4}),
    ("single_teacher_least_direction", "least_valleys", {"n": 4, "dimension": 3}, {"found": 0.26}),
    ("single_teacher_least_direction", "least_valleys", {"n": 4, "dimension": 3}, {"corners": 3}),
    ("single_teacher_least_direction", "simplex_valleys", {"n": 4, "corners": 3}, {"evaluated": 1}),
]
CORRUPTED = [
    (claim, f"single_teacher_{table}", *rest) for claim, table, *rest in CORRUPTED
] + OF_VALLEYS


def test_both_random_starts_are_one_draw_on_two_scales():
    standard = starting_weights(Case("standard", 1, 4), DESCENTS)
    small = starting_weights(Case("small", 1, 4), DESCENTS)
    assert standard.shape == (DESCENTS.runs, 4, DESCENTS.inputs)
    scale = DESCENTS.small_standard_deviation * DESCENTS.inputs**0.5
    np.testing.assert_allclose(small, scale * standard, rtol=1e-14)
    more = DESCENTS.model_copy(update={"runs": DESCENTS.runs + 2})
    further = starting_weights(Case("standard", 1, 4), more)
    np.testing.assert_array_equal(further[: DESCENTS.runs], standard)


def test_runs_with_several_teachers_start_at_their_distance():
    starts = starting_weights(Case("near_minimum", 2, 3), DESCENTS)
    minimum = np.zeros((3, DESCENTS.inputs))
    minimum[[0, 1, 2], [0, 1, 0]] = [0.5, 1.0, 0.5]
    distances = np.linalg.norm(starts - minimum, axis=(1, 2))
    np.testing.assert_allclose(distances, DESCENTS.start_distance, rtol=1e-13)


@pytest.mark.parametrize("case", [Case("standard", 1, 3), Case("near_minimum", 2, 3)])
def test_records_are_plain_gradient_descent(case):
    settings = DESCENTS.model_copy(update={"steps": 1000, "runs": 1})
    V = np.eye(case.k, DESCENTS.inputs)
    W, done = starting_weights(case, settings)[0], 0
    for row in follow_runs(case, settings):
        for _ in range(row["iteration"] - done):
            W = W - settings.step * population_gradient(W, V)
        done = row["iteration"]
        assert row["time"] == settings.step * done
        # Gradients right to 1e-14 a step, the loss to 1e-15 by double.
        assert row["loss"] == pytest.approx(population_loss(W, V), abs=1e-13)
        slopes = np.linalg.norm(population_gradient(W, V))
        assert row["gradient_norm"] == pytest.approx(slopes, rel=1e-9)
        assert row["radius"] == pytest.approx(valley_radius(valley_coordinates(W, V)), rel=1e-9)
    assert done == 1000


def test_a_point_is_measured():
    V = np.eye(1, 3)
    W = np.array([[0.6, 1e-5, 0.0], [0.4, -1e-5, 0.0]])
    measured = measure_point(W, V)
    assert measured["loss"] == pytest.approx(float(reference_loss(W, V)), rel=1e-15)
    assert measured["loss"] == pytest.approx(measured["valley_loss"], rel=1e-8)
    assert measured["loss"] < 1e-14  # where double is noise
    assert measured["radius"] == pytest.approx(2**0.5 * 1e-5)
    assert measured["projection"] == pytest.approx(1.0)
    assert measured["largest_angle"] == pytest.approx(2.5e-5)
    assert measured["direction_distance"] == pytest.approx(1e-5 / 0.6 + 1e-5 / 0.4)
    assert (measured["least_norm"], measured["largest_norm"]) == pytest.approx((0.4, 0.6))
    assert measured["norm_spread"] == pytest.approx(0.2)
    assert measure_point(-W, V)["valley_loss"] is None


def test_a_delayed_power_is_recovered():
    t = np.geomspace(10, 1000, 13)
    law = delayed_power(t, 3.0 * (t + 90.0) ** -3)
    assert law.rate == pytest.approx(-3, abs=1e-6)
    assert law.delay == pytest.approx(90, rel=1e-5)
    noise = 1 + 1e-3 * np.random.default_rng(1).normal(size=len(t))
    noisy = delayed_power(t, 3.0 * (t + 90.0) ** -3 * noise)
    assert noisy.interval.low < -3 < noisy.interval.high
    assert 0 < noisy.interval.high - noisy.interval.low < 0.1


def test_an_exponential_is_no_delayed_power():
    t = np.linspace(20, 40, 6)
    y = np.exp(-1.02 * t)
    assert exponential(t, y).rate == pytest.approx(-1.02, rel=1e-12)
    power = delayed_power(t, y)
    assert exponential(t, y).residual < 1e-6 < power.residual
    # It would be delayed without end.
    assert power.delay == pytest.approx(t[-1], rel=1e-6)


def test_each_run_has_its_laws_and_limits():
    tables = single_teacher_tables()
    laws, limits = tables["single_teacher_laws"], tables["single_teacher_limits"]
    cases = cases_of(DESCENTS)
    beyond = [case for case in cases if case.n > case.k]
    assert len(limits) == DESCENTS.runs * len(beyond)
    assert len(laws) == DESCENTS.runs * (len(cases) + len(beyond))
    alone = laws[laws["n"] == laws["k"]]
    assert set(alone["law"]) == {"exponential"}
    assert set(laws["law"].drop(alone.index)) == {"power"}
    assert set(limits.loc[limits["shares_limit"].notna(), "n"]) == {2}
    # A pair of one teacher has one direction; sums relax to 1 and 0 up to |u|^2 = 1e-5 or so.
    pairs = limits[limits["n"] == 2]
    np.testing.assert_allclose(pairs["limit"], pairs["shares_limit"], rtol=3e-5)


def test_runs_outside_the_valley_or_too_short_are_left_out():
    descents = single_teacher_tables()["single_teacher_descents"]
    one = descents[descents["n"] == 2]
    assert len(reach_limits(one)) == 2 * DESCENTS.runs
    assert reach_limits(one.assign(valley_loss=np.nan)) == []
    assert reach_limits(one.assign(loss=0.01)) == []
    assert fit_laws(one[one["iteration"] <= 1], window=10) == []


@pytest.mark.parametrize("claim", CLAIMS)
def test_claims_hold_on_smoke(claim):
    verdict = find(claim, single_teacher_tables()).verdict
    if claim in NOT_ON_SMOKE:
        assert verdict is Verdict.NOT_RUN
    else:
        assert verdict in {Verdict.CONSISTENT, Verdict.REPRODUCED}


@pytest.mark.parametrize(("claim", "table", "rows", "becomes"), CORRUPTED)
def test_claims_turn(claim, table, rows, becomes):
    tables = single_teacher_tables()
    change(tables[table], rows, **becomes)
    assert find(claim, tables).verdict in {Verdict.DEVIATES, Verdict.REFUTED}


def test_every_claim_about_all_cases_is_turned():
    turned = {claim for claim, *_ in CORRUPTED}
    of_existence = {"single_teacher_norms_unbalanced"}
    assert turned | of_existence | NOT_ON_SMOKE == set(CLAIMS)


def test_balanced_norms_everywhere_leave_their_lack_undecided():
    tables = single_teacher_tables()
    change(tables["single_teacher_descents"], {"start": "standard"}, least_norm=0.3)
    assert find("single_teacher_norms_unbalanced", tables).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("claim", CLAIMS)
def test_nothing_is_said_of_nothing(claim):
    assert find(claim, no_single_teacher_tables()).verdict is Verdict.NOT_RUN


@pytest.mark.parametrize("name", FIGURES)
def test_figures_can_be_read(name):
    plot = draw_figure(name, single_teacher_tables())
    plot.figure.draw_without_rendering()
    assert_readable(plot)


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_profile_is_said_to_have_no_runs(name):
    plot = draw_figure(name, no_single_teacher_tables())
    assert words(plot.figure) == [NO_RUNS]
    assert plot.data.empty


def test_the_loss_ends_on_its_asymptote():
    data = draw_figure("single_teacher_loss", single_teacher_tables()).data
    late = data[(data["iteration"] == DESCENTS.steps) & (data["n"] > 1)]
    ratios = late["loss"] * late["time"] ** 3 / late["limit"]
    assert len(ratios) == 4
    assert ratios.between(0.7, 1.01).all()


def test_findings_tell_of_their_rows():
    tables = single_teacher_tables()
    limits = tables["single_teacher_limits"]
    change(limits, ONE_OF_FOUR, continued=1.5 * limits["limit"])
    assert "50 % at most" in draw_figure("single_teacher_limits_reached", tables).finding
    change(tables["single_teacher_descents"], ONE_OF_FOUR | LAST, least_norm=0.125)
    assert "at 0.5/n to" in draw_figure("single_teacher_norms", tables).finding
