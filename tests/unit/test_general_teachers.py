"""Teachers that are not orthonormal: the teachers, bad ends of restarts, what is proved of them."""

from dataclasses import replace

import numpy as np
import pytest

from relu_landscape.certificates.check import check_line
from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs
from relu_landscape.general_teachers.bad_ends import (
    TOLERANCE,
    BadLevel,
    _sorted,
    join_parallel,
    search_bad_ends,
)
from relu_landscape.general_teachers.proved_levels import prove_level, smallest_off_neuron
from relu_landscape.general_teachers.records import minima_of, prove_survival, survival_targets
from relu_landscape.general_teachers.settings import Searches, Survival
from relu_landscape.general_teachers.tables import GeneralNeurons
from relu_landscape.general_teachers.targets import (
    GeneralTarget,
    equiangular_teachers,
    targets_of,
    teachers_of_draw,
)
from relu_landscape.minima import inner_hessian
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.search import PROTOCOLS
from relu_landscape.search.choices import GradientMeasure, StepScaling
from relu_landscape.tables.frames import make_frame, make_table

PROTOCOL = replace(
    PROTOCOLS["safran2018"],
    step=2.0,
    step_scaling=StepScaling.INVERSE_K,
    gradient_measure=GradientMeasure.FROBENIUS,
    bad_loss=1e-6,
    iteration_budget=20_000,
)
EXCEPTION = teachers_of_draw(3, 2, 0)  # three teachers in the plane


@pytest.fixture(scope="module")
def ends():
    return search_bad_ends(EXCEPTION, 3, 20, 0, PROTOCOL)


@pytest.mark.parametrize("correlation", [-0.1, 0.0, 0.5])
def test_equiangular_teachers_have_this_inner_product(correlation):
    V = equiangular_teachers(8, correlation)
    expected = (1 - correlation) * np.eye(8) + correlation
    np.testing.assert_allclose(V @ V.T, expected, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(V, V.T)


def test_a_draw_can_be_made_again_in_a_line():
    rows = np.random.default_rng(104).normal(size=(8, 8))
    expected = rows / np.linalg.norm(rows, axis=1)[:, None]
    np.testing.assert_array_equal(teachers_of_draw(8, 8, 104), expected)


def test_in_more_inputs_than_teachers_the_root_keeps_the_inner_products():
    rows = np.random.default_rng(7).normal(size=(5, 40))
    units = rows / np.linalg.norm(rows, axis=1)[:, None]
    V = teachers_of_draw(5, 40, 7)
    assert V.shape == (5, 5)
    np.testing.assert_allclose(V @ V.T, units @ units.T, rtol=0, atol=1e-11)
    # No last bit of an eigenvector is left: all entries lie on a grid.
    np.testing.assert_array_equal(V * 2.0**40, np.rint(V * 2.0**40))


def searches():
    return Searches.model_validate(
        {
            "protocol": "safran2018",
            "equiangular": {
                "teachers": 4,
                "extra_students": [0, 1],
                "correlations": [-0.2, 0.5],
                "runs": 3,
            },
            "norms": [{"name": "short", "norms": [0.25, 1.0, 1.0], "runs": 5}],
            "random": [
                {
                    "teachers": 3,
                    "inputs": 9,
                    "extra_students": [0],
                    "first_draw": 6,
                    "draws": 2,
                    "runs": 4,
                }
            ],
            "rebuilt": {"teachers": 3, "draw": 6, "runs": 7},
            "seed": 1,
        }
    )


def test_every_set_of_teachers_of_a_config_is_searched():
    found = [
        (one.kind, one.name, one.V.shape, one.d, one.extra_students, one.runs)
        for one in targets_of(searches())
    ]
    assert found == [
        ("equiangular", "correlation -0.2", (4, 4), 4, (0, 1), 3),
        ("equiangular", "correlation 0.5", (4, 4), 4, (0, 1), 3),
        ("norms", "norms short", (3, 3), 3, (0,), 5),
        ("random", "draw 6", (3, 3), 9, (0,), 4),
        ("random", "draw 7", (3, 3), 9, (0,), 4),
        ("rebuilt", "rebuilt draw 6", (3, 3), 3, (0,), 7),
    ]


def test_the_correlation_is_the_mean_cosine_whatever_the_norms():
    V = equiangular_teachers(4, 0.5) * np.array([[1.0], [2.0], [3.0], [4.0]])
    target = GeneralTarget("norms", "any", V, 4, (0,), 1)
    assert target.correlation == pytest.approx(0.5, rel=1e-14, abs=0)


def test_bad_ends_are_critical_points_of_positive_loss(ends):
    assert ends.unfinished == 0
    assert 0 < ends.bad == sum(level.runs for level in ends.levels)
    assert abs(ends.largest_good_loss) < 1e-12
    assert ends.largest_diameter < 1e-6 * TOLERANCE
    for level in ends.levels:
        assert np.linalg.norm(population_gradient(level.weights, EXCEPTION)) < 1e-14
        assert level.loss == population_loss(level.weights, EXCEPTION) > 1e-4


def test_a_run_that_did_not_converge_is_not_bad():
    found = search_bad_ends(EXCEPTION, 3, 4, 0, replace(PROTOCOL, iteration_budget=5))
    assert (found.bad, found.unfinished, list(found.levels)) == (0, 4, [])
    assert found.largest_diameter is found.least_separation is found.largest_good_loss is None


def test_ends_are_told_apart_by_norms_and_copies_by_permutations_of_students():
    W = np.array([[1.0, 0.2, 0.1], [0.1, 1.5, 0.3], [0.0, 0.4, 2.0]])
    turned = W[:, [1, 2, 0]]  # another point with the same norms
    moved = W[[2, 0, 1]] + 1e-9  # the first one again
    other = W.copy()
    other[0, 0] = 1.1
    levels, diameter, separation = _sorted([other, W, turned, moved, W], np.eye(3))
    assert [level.loss for level in levels] == sorted(level.loss for level in levels)
    counts = {(level.runs, level.copies) for level in levels}
    assert counts == {(1, 1), (4, 2)}
    assert diameter == pytest.approx(3e-9, rel=1e-4, abs=0)
    norms = np.linalg.norm(W[0]), np.linalg.norm(other[0])
    assert separation == pytest.approx(norms[1] - norms[0], rel=1e-6, abs=0)
    many = next(level for level in levels if level.runs == 4)
    np.testing.assert_array_equal(many.weights, W)  # that of the first run


def test_parallel_students_are_joined_and_others_are_not():
    W = np.array([[0.3, 0.4], [1.0, 0.0], [0.6, 0.8], [-0.3, -0.4], [1.0, 1e-5]])
    joined, parts = join_parallel(W)
    np.testing.assert_allclose(joined, W[[0, 1, 3, 4]] + [[0.6, 0.8], *np.zeros((3, 2))])
    np.testing.assert_array_equal(parts, [2, 1, 1, 1])


def test_splits_of_one_neuron_are_one_level_and_of_another_one_another():
    W = np.array([[1.0, 0.2], [0.1, 1.5], [-1.0, 0.4]])
    ends = [
        np.array([share * W[0], W[1], (1 - share) * W[0], W[2]]) for share in (0.2, 0.5, 0.9)
    ] + [np.array([W[0], W[1], 0.3 * W[2], 0.7 * W[2]])]
    levels, diameter, separation = _sorted([*ends, np.vstack([W, W[0]])], np.eye(2))
    found = {(len(level.weights), level.runs, level.copies) for level in levels}
    assert found == {(3, 3, 1), (3, 1, 1)}
    assert len(levels) == 3  # the last end has the first neuron twice over: another point
    assert diameter < 1e-14
    assert separation > 0.05
    for level in levels:
        assert sorted(level.parts) == [1, 1, 2]


@pytest.fixture(scope="module")
def low_ends():
    """Four teachers in the plane whose minima are as low as 8e-7, and some of them plateaus."""
    return search_bad_ends(teachers_of_draw(4, 2, 78), 4, 40, 25105, PROTOCOL)


def test_a_low_minimum_is_no_global_one(low_ends):
    assert low_ends.largest_good_loss is None or low_ends.largest_good_loss < 1e-13
    low = low_ends.levels[0]
    assert 5e-7 < low.loss < 1e-6
    assert np.linalg.eigvalsh(population_hessian(low.weights, teachers_of_draw(4, 2, 78)))[0] > 5e-3


def test_an_end_on_a_plateau_is_proved_a_minimum(low_ends):
    V, proofs = teachers_of_draw(4, 2, 78), Proofs()
    target = GeneralTarget("random", "draw 78", V, 2, (0,), 40)
    neurons = make_frame(minima_of(proofs, target, 4, low_ends), GeneralNeurons)
    minima = make_table(proofs.records, "general_minima")
    assert minima["proved"].all()
    assert minima["checked"].all()
    assert (minima["neurons"] == 3).any()
    assert (neurons.loc[neurons["parts"] > 1, "split"] == "minimum").all()
    # By the dense Hessian at three parts of one neuron, whose form is a sum over the parts.
    level = next(one for one in low_ends.levels if 2 in one.parts)
    i = int(level.parts.argmax())
    thirds = np.insert(level.weights, [i, i], level.weights[i], axis=0)
    thirds[i : i + 3] = level.weights[i] * np.array([[0.2], [0.5], [0.3]])
    spectrum = np.linalg.eigvalsh(population_hessian(thirds, V))
    np.testing.assert_allclose(spectrum[:2], 0, rtol=0, atol=1e-14)
    assert spectrum[2] > 1e-3
    assert population_loss(thirds, V) == pytest.approx(level.loss, rel=1e-9, abs=0)


def test_parts_of_a_neuron_whose_splits_are_saddles_are_not_proved(ends):
    target = GeneralTarget("random", "draw 0", EXCEPTION, 2, (0,), 20)
    proofs = Proofs()
    neurons = make_frame(minima_of(proofs, target, 3, ends), GeneralNeurons)
    first = neurons[neurons["class_id"] == 0]
    saddle = int(first.index[first["split"] == "saddle"][0])
    level = replace(ends.levels[0], parts=np.where(np.arange(3) == saddle, 2, 1))
    minima_of(proofs, target, 3, replace(ends, levels=[level]))
    assert (proofs.records[-1]["proved"], proofs.records[-1]["reason"]) == (
        False,
        "inner_hessian_not_definite",
    )


def test_a_short_student_takes_a_narrower_box():
    V, proofs = teachers_of_draw(3, 2, 84), Proofs()
    ends = search_bad_ends(V, 3, 40, 25105, PROTOCOL)
    minima_of(proofs, GeneralTarget("random", "draw 84", V, 2, (0,), 40), 3, ends)
    assert [(row["proved"], row["checked"]) for row in proofs.records] == [(True, True)]
    assert np.linalg.norm(ends.levels[0].weights, axis=1).min() < 1e-3


def test_a_run_that_newton_takes_to_a_saddle_is_unfinished():
    """Nearly parallel teachers: the gradient is below the tolerance next to saddles, too."""
    V = teachers_of_draw(3, 2, 178)
    ends = search_bad_ends(V, 3, 40, 25105, PROTOCOL)
    assert ends.unfinished > 30
    for level in ends.levels:
        assert np.linalg.eigvalsh(population_hessian(level.weights, V))[0] > 1e-3


def test_the_inner_hessian_is_looked_at_off_the_neuron(ends):
    W = ends.levels[0].weights
    for i in range(len(W)):
        across = np.array([-W[i, 1], W[i, 0]]) / np.linalg.norm(W[i])
        expected = across @ inner_hessian(W, EXCEPTION, i) @ across
        assert smallest_off_neuron(W, EXCEPTION, i) == pytest.approx(expected, rel=1e-9, abs=1e-14)


def test_an_exception_is_proved_and_its_splits_are_minima(ends):
    target = GeneralTarget("random", "draw 0", EXCEPTION, 2, (0,), 20)
    proofs = Proofs()
    neurons = make_frame(minima_of(proofs, target, 3, ends), GeneralNeurons)
    minima = make_table(proofs.records, "general_minima")
    assert minima["proved"].all()
    assert minima["checked"].all()
    assert (minima["plateaus"] == 1).any()
    assert (minima["saddles"] + minima["plateaus"] <= 3).all()
    assert ((neurons["split"] == "minimum") == (neurons["inner_smallest"] > 0)).all()
    for line in file_text(proofs.lines).splitlines()[:-1]:
        check_line(line)
    # By the dense Hessian, too: half and half is a minimum with one flat direction.
    W, i = ends.levels[0].weights, int(np.flatnonzero(neurons["split"] == "minimum")[0])
    split = np.insert(W, i, W[i] / 2, axis=0)
    split[i + 1] = W[i] / 2
    spectrum = np.linalg.eigvalsh(population_hessian(split, EXCEPTION))
    assert abs(spectrum[0]) < 1e-14
    assert spectrum[1] > 1e-3


def test_nothing_is_proved_of_a_point_that_is_no_minimum():
    V, proofs = np.eye(3), Proofs()
    W = np.array([[1.0, 0.3, 0.0], [0.2, 1.0, 0.1], [0.5, 0.5, 0.5]])
    labels = {"target": "any", "k": 3, "d": 3, "n": 3, "class_id": 0}
    level = BadLevel(W, np.ones(3, dtype=np.int64), population_loss(W, V), runs=1, copies=1)
    neurons = prove_level(proofs, labels, level, V)
    assert {neuron.split for neuron in neurons} == {"open"}
    (row,) = proofs.records
    assert (row["proved"], row["checked"], row["line"]) == (False, False, 0)
    assert row["reason"]
    assert row["loss_lower"] is None


def test_second_type_survives_high_dimension_and_correlation_from_seven_teachers_on():
    survival = Survival.model_validate(
        {
            "teachers": [6, 7],
            "inputs": [6, 4096],
            "draws": 1,
            "correlations": [0.2],
            "protocol": "safran2018",
            "seed": 3,
        }
    )
    targets = list(survival_targets(survival))
    assert [(one.name, len(one.V), one.d) for one in targets] == [
        ("correlation 0.2", 6, 6),
        ("sample 0", 6, 6),
        ("sample 0", 6, 4096),
        ("correlation 0.2", 7, 7),
        ("sample 0", 7, 4096),  # in fewer inputs than teachers nothing is drawn
    ]
    proofs = Proofs()
    for place in (0, 3, 4):
        prove_survival(proofs, targets[place], PROTOCOL)
    rows = make_table(proofs.records, "general_survivals")
    assert list(rows["end"]) == ["bad", "bad", "bad"]
    # With six teachers descent keeps the symmetry and ends at a saddle.
    assert list(rows["proved"]) == list(rows["checked"]) == [False, True, True]
    assert rows["reason"][0] == "not_positive_definite"
    assert list(rows["line"]) == [0, 1, 2]
