"""Displacements at right angles to the neurons of a global minimum: forms against bounds."""

import numpy as np
import pytest

from relu_landscape.global_minima.orthogonal_displacements import (
    Displacement,
    Sums,
    draw_displacement,
    draw_shares,
    orthogonal_records,
)
from relu_landscape.global_minima.perturbations import teacher_sums
from relu_landscape.global_minima.settings import OrthogonalDisplacements
from relu_landscape.objective import population_hessian, population_loss
from relu_landscape.seeding import indexed_generator

SETTINGS = OrthogonalDisplacements(
    teachers=[3], students_per_teacher=[2], draws=2, scaled_radii=[1e-2, 1e-3], seed=1
)


@pytest.mark.parametrize("displacement", list(Displacement))
def test_shares_make_a_global_minimum(displacement):
    shares = draw_shares(3, 4, displacement, np.random.default_rng(1))
    assert population_loss(shares[:, None] * np.repeat(np.eye(3), 4, axis=0), np.eye(3)) < 1e-15
    assert (
        np.ptp(shares) > 0 if displacement is Displacement.UNEQUAL_SHARES else np.ptp(shares) == 0
    )
    assert shares.min() > 1 / 8


@pytest.mark.parametrize("sums", list(Sums))
@pytest.mark.parametrize("displacement", list(Displacement))
def test_displacements_are_at_right_angles_and_add_up_as_asked(displacement, sums):
    G = draw_displacement(4, 3, displacement, sums, np.random.default_rng(2))
    assert not G[np.arange(12), np.repeat(np.arange(4), 3)].any()
    found = teacher_sums(G, 3)
    if sums is Sums.GAUSSIAN:
        assert np.abs(found + found.T).max() > 0.1
    else:
        np.testing.assert_allclose(found, -found.T, rtol=0, atol=1e-14)
    if sums is Sums.BALANCED:
        np.testing.assert_allclose(found.sum(axis=0), 0.0, rtol=0, atol=1e-14)
    if sums is not Sums.ZERO:
        assert np.abs(found).max() > 0.1
    if displacement is Displacement.EQUAL:
        np.testing.assert_array_equal(G[0], G[2])


def test_forms_are_those_of_the_hessian_and_near_their_bounds():
    for record in orthogonal_records(3, 2, SETTINGS):
        epsilon = record["largest_displacement"]
        gap = record["form"] - record["bound"]
        if record["sums"] != "gaussian":
            assert abs(gap) < 20 * epsilon**3
        if record["displacement"] == "equal" and record["sums"] == "balanced":
            assert record["bound"] == pytest.approx(
                2 * (0.25 - 0.5 / np.pi) * record["squared_norm"], rel=1e-12
            )


def test_a_form_is_that_of_the_whole_hessian():
    (record, *_) = orthogonal_records(3, 2, SETTINGS)
    generator = indexed_generator(SETTINGS.seed, 3, 2, 0)
    draw_shares(3, 2, Displacement.EQUAL, generator)
    G = draw_displacement(3, 2, Displacement.EQUAL, Sums.GAUSSIAN, generator)
    G *= 1e-2 * 0.5 / np.linalg.norm(G, axis=1).max()
    hessian = population_hessian(np.repeat(np.eye(3), 2, axis=0) / 2 + G, np.eye(3))
    assert record["form"] == pytest.approx(G.ravel() @ hessian @ G.ravel(), rel=1e-12)
