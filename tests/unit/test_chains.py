"""Chains of searches stop where they agree and no round helps, and say where they do not."""

import numpy as np
import pytest

from relu_landscape.global_minima.chains import AGREEMENT, extend_until_agreement


class Scripted:
    """A chain whose least values after each round are given; the last ones stay."""

    def __init__(self, *rounds):
        self.values = [np.atleast_1d(np.array(values, dtype=float)) for values in rounds]
        self.done = 0

    @property
    def least(self):
        return self.values[min(max(self.done, 1), len(self.values)) - 1]

    def extend(self):
        self.done += 1


def test_agreement_takes_a_round_that_lowers_nothing():
    chains = Scripted(-2.0), Scripted(-2.0)
    found = extend_until_agreement(chains, rounds=9)
    assert [chain.done for chain in chains] == [2, 2]
    assert found.agreed.tolist() == [True]


def test_chains_that_fall_together_go_on():
    chains = Scripted(-1.0, -2.0, -3.0), Scripted(-1.0, -2.0, -3.0)
    extend_until_agreement(chains, rounds=9)
    assert chains[0].done == 4


def test_chains_that_disagree_use_their_rounds_and_have_a_spread():
    chains = Scripted([1.0, -3.0]), Scripted([1.0, -5.0]), Scripted([1.0, -4.0])
    seen = []
    found = extend_until_agreement(chains, rounds=4, progress=lambda *done: seen.append(done))
    assert seen == [(done, 4) for done in range(1, 5)]
    assert found.agreed.tolist() == [True, False]
    assert found.holder.tolist() == [0, 1]
    assert found.spread.tolist() == [0.0, 2.0]


@pytest.mark.parametrize("least", [-400.0, 0.2])
@pytest.mark.parametrize(("share", "agreed"), [(0.9, True), (1.1, False)])
def test_agreement_is_a_share_of_the_value(least, share, agreed):
    higher = least + share * AGREEMENT * abs(least)
    found = extend_until_agreement((Scripted(higher), Scripted(least)), rounds=2)
    assert found.agreed.tolist() == [agreed]
    assert found.holder.tolist() == [1]


@pytest.mark.parametrize(("chains", "rounds"), [(1, 5), (2, 1)])
def test_agreement_takes_two_chains_and_two_rounds(chains, rounds):
    with pytest.raises(ValueError, match="takes 2 or more of each"):
        extend_until_agreement([Scripted(1.0)] * chains, rounds=rounds)
