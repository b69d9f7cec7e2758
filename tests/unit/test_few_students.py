"""Fewer students than teachers: every n is searched, and every neuron of every class split."""

from types import SimpleNamespace

import numpy as np
import pytest

from relu_landscape.minima.settings import FewStudents
from relu_landscape.search.protocol import PROTOCOLS
from relu_landscape.studies.safran.steps.split_few_students import split_few_students
from relu_landscape.tables.frames import make_table

SPLITTING = SimpleNamespace(alphas=(0.5, 0.1), displacement=0.01)


class Silent:
    def say(self, text):
        assert text


def test_minima_of_few_students_and_their_splits():
    few = FewStudents(largest_k=4, runs=5, seed=3, protocol="safran2018")
    made = split_few_students(few, SPLITTING, 1e-5, PROTOCOLS["safran2018"], Silent())
    table = make_table(made["few_student_splits"], "few_student_splits")
    sizes = table.groupby(["k", "n"])["neuron"].max()
    assert set(sizes.index) == {(2, 1), (3, 1), (3, 2), (4, 1), (4, 2), (4, 3)}
    assert (sizes == [n - 1 for _, n in sizes.index]).all()
    assert (table["saddles"] == 2).all()
    # One student has the direction of the sum of the teachers, and |w| from its own gradient.
    one = table[(table["k"] == 4) & (table["n"] == 1)].iloc[0]
    t = np.arccos(0.5)
    norm = 4 * (np.sin(t) + (np.pi - t) * np.cos(t)) / np.pi
    assert 4 - one["norm_gap"] == pytest.approx(norm, abs=1e-12)
    # At a share of 1/2 the smallest eigenvalue is twice that of H'_ii, and lower at others.
    assert one["largest_eigenvalue"] == pytest.approx(2 * one["inner_smallest_eigenvalue"])
