"""Probes of the second derivatives: they see a kink, and their limits are those of the formulas."""

import numpy as np
import pytest

from relu_landscape.global_minima import smoothness
from relu_landscape.global_minima.settings import Smoothness
from relu_landscape.global_minima.smoothness import (
    Arrangement,
    arranged,
    pair_limit_records,
    smoothness_records,
)
from relu_landscape.objective import angle

SETTINGS = Smoothness(teachers=[3], draws=2, steps=[1e-2, 1e-3, 1e-4], seed=1)


def test_students_are_arranged_exactly():
    W = np.random.default_rng(1).normal(size=(4, 3))
    angles = {
        Arrangement.PARALLEL: (0.0, W[1]),
        Arrangement.ANTIPARALLEL: (np.pi, W[1]),
        Arrangement.ALONG_TEACHER: (0.0, np.eye(3)[0]),
        Arrangement.AGAINST_TEACHER: (np.pi, np.eye(3)[0]),
    }
    for arrangement, (expected, other) in angles.items():
        found = arranged(W, arrangement)
        assert float(angle(found[0], other)) == expected
        np.testing.assert_array_equal(found[1:], W[1:])
    np.testing.assert_array_equal(arranged(W, Arrangement.GENERIC), W)


def test_changes_fall_with_the_step_in_every_arrangement():
    records = smoothness_records(3, SETTINGS)
    assert len(records) == 2 * len(Arrangement) * 3
    for name in ("gradient_error", "hessian_change"):
        by_step = {step: [r[name] for r in records if r["step"] == step] for step in SETTINGS.steps}
        for wide, narrow in zip(by_step[1e-2], by_step[1e-4], strict=True):
            assert 50 < wide / narrow < 200


def test_a_wrong_limit_of_the_hessian_is_seen(monkeypatch):
    """Without I/2 between parallel students both changes stay."""
    right = smoothness.population_hessian

    def wrong(W, V):
        hessian = right(W, V).copy()
        if np.linalg.matrix_rank(W[:2]) == 1:
            hessian[:3, 3:6] = 0.0
        return hessian

    monkeypatch.setattr(smoothness, "population_hessian", wrong)
    found = [r for r in smoothness_records(3, SETTINGS) if r["arrangement"] == "parallel"]
    assert min(r["hessian_change"] for r in found) > 0.1
    assert min(r["gradient_error"] for r in found) > 0.01


def test_pairs_are_as_far_from_their_limits_as_their_spectra_say():
    for record in pair_limit_records(4, SETTINGS):
        s = record["angle"]
        assert s == pytest.approx(record["step"], rel=1e-9)
        assert record["first_norm"] == pytest.approx(record["ratio"] * np.sin(s) / np.pi, rel=1e-9)
        assert record["mixed_distance"] == pytest.approx((s + np.sin(s)) / (2 * np.pi), rel=1e-9)
