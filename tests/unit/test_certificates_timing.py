"""Times of proofs."""

import pytest

from relu_landscape.certificates.records import ClassMethod
from relu_landscape.certificates.settings import Timing
from relu_landscape.certificates.timing import time_proof, time_proofs
from relu_landscape.tables.frames import make_table


def test_each_proof_is_a_row():
    table = make_table(
        list(time_proofs(Timing(full=(6,), symmetric=(6, 10**6), repeats=1))), "proof_times"
    )
    assert list(table["method"]) == ["all_weights", "symmetry", "symmetry"]
    assert list(table["k"]) == [6, 6, 10**6]
    assert (table[["prove_seconds", "check_seconds"]] > 0).all(axis=None)


@pytest.mark.parametrize("method", ClassMethod)
def test_what_is_not_a_minimum_is_not_timed(method):
    with pytest.raises(ValueError, match="II_1 is not proved at k = 5"):
        time_proof(method, 5, repeats=1)


def test_a_time_needs_a_repeat():
    with pytest.raises(ValueError, match="repeats = 0"):
        time_proof(ClassMethod.SYMMETRY, 6, repeats=0)
