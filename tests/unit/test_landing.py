"""Where descent leads from split points."""

import numpy as np
import pytest

from relu_landscape.minima.classes import classify_minima
from relu_landscape.minima.landing import Landing, follow_descent
from relu_landscape.minima.settings import DescentEnd
from relu_landscape.minima.splitting import Push, descent_starts, split_every_neuron
from relu_landscape.objective import population_loss
from relu_landscape.search import PROTOCOLS, find_minima

S18 = PROTOCOLS["safran2018"]
PUSH = Push(displacement=1e-2, asymmetry=1e-3, seed=1)
ENDING = DescentEnd(global_loss=1e-6, global_distance=0.05, iteration_budget=200_000)


def follow(starts, known=None, ending=ENDING):
    known = np.empty((0, 9, 8)) if known is None else known
    return follow_descent(starts, S18, known, ending, tolerance=1e-5)


@pytest.fixture(scope="module")
def spurious():
    record = find_minima(8, 8, 60, seed=3)
    return record.weights[record.losses >= S18.bad_loss][0]


@pytest.fixture(scope="module")
def starts(spurious):
    splits = split_every_neuron(spurious, np.eye(8), [0.5])
    assert len(splits) == 8
    assert all(split.curvature.is_strict_saddle for split in splits)
    return np.concatenate([descent_starts(split.weights, np.eye(8), PUSH) for split in splits])


def test_regular_neurons_lead_to_global_minima_and_the_special_one_does_not(spurious, starts):
    # Arjevani & Field's II_1: splitting its small neuron leads to a spurious minimum of n = k + 1.
    special = int(np.linalg.norm(spurious, axis=1).argmin())
    fates = follow(starts)
    for run, landing in enumerate(fates.landings):
        assert landing == (Landing.NEW if run // 2 == special else Landing.GLOBAL)
    assert fates.descent.losses[2 * special] == pytest.approx(0.020561, abs=5e-7)
    assert (fates.classes == -1).all()


def test_a_landing_is_recognised_among_known_classes(spurious, starts):
    special = int(np.linalg.norm(spurious, axis=1).argmin())
    new = follow(starts[2 * special :][:1])
    known = classify_minima(new.descent.weights).representatives
    again = follow(starts[2 * special :][1:2], known[:, ::-1])
    assert again.landings == [Landing.CLASS]
    assert isinstance(again.landings[0], Landing)
    assert again.classes.tolist() == [0]


def test_a_descent_that_is_cut_short_is_unfinished(starts):
    ending = DescentEnd(global_loss=1e-6, global_distance=0.05, iteration_budget=5)
    fates = follow(starts[:2], ending=ending)
    assert fates.landings == [Landing.UNFINISHED] * 2


def test_loss_falls(spurious, starts):
    fates = follow(starts)
    assert (fates.descent.losses < population_loss(spurious, np.eye(8))).all()


def test_no_starts():
    fates = follow(np.empty((0, 9, 8)))
    assert fates.landings == []
