"""How long proofs of the minimum II_1 take, and how long the checker takes to prove them again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from relu_landscape.certificates.check import check_line
from relu_landscape.certificates.lines import minimum_line, symmetric_minimum_line
from relu_landscape.certificates.minimum import certify_minimum
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.precision import DEFAULT_BITS
from relu_landscape.certificates.records import ClassMethod
from relu_landscape.certificates.saddle import SaddleCertificate, certify_splits
from relu_landscape.certificates.symmetric_minimum import SYMMETRIC_BITS, certify_family
from relu_landscape.families import symmetric_critical_point

if TYPE_CHECKING:
    from relu_landscape.certificates.settings import Timing

Result = TypeVar("Result")


def time_proof(method: ClassMethod, k: int, *, repeats: int) -> dict[str, Any]:
    """Return the least processor time of proving II_1 with all its splits at n = k, and of a check.

    Args:
        method: what the proof works on.
        k: teachers, 6 or more.
        repeats: how often each is done.

    Returns:
        A row of proof_times; seconds of one core.

    Raises:
        ValueError: II_1 is not proved a minimum at this k, or repeats < 1.
    """
    if repeats < 1:
        raise ValueError(f"repeats = {repeats}; a time needs 1 or more")
    write, bits = _WRITERS[method], _BITS[method]
    prove_seconds, line = _least_time(write(k), repeats)
    check_seconds, _ = _least_time(lambda: check_line(line), repeats)
    return {
        "method": method.value,
        "k": k,
        "bits": bits,
        "prove_seconds": prove_seconds,
        "check_seconds": check_seconds,
        "line_bytes": len(line),
    }


def _least_time(work: Callable[[], Result], repeats: int) -> tuple[float, Result]:
    """The least: other work on the machine can only add to processor time."""
    found = [_timed(work) for _ in range(repeats)]
    return min(found, key=lambda pair: pair[0])


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def _from_all_weights(k: int) -> Callable[[], str]:
    weights = symmetric_critical_point("II", k, m=1).weights()

    def write() -> str:
        found = certify_minimum(weights, np.eye(k))
        if isinstance(found, Failure):
            raise ValueError(f"II_1 is not proved at k = {k}: {found.reason.meaning}")
        splits = certify_splits(found)
        return minimum_line(found, [x for x in splits if isinstance(x, SaddleCertificate)])

    return write


def _from_symmetry(k: int) -> Callable[[], str]:
    def write() -> str:
        found = certify_family("II", k, m=1)
        if isinstance(found, Failure):
            raise ValueError(f"II_1 is not proved at k = {k}: {found.reason.meaning}")
        return symmetric_minimum_line(found)

    return write


_WRITERS = {
    ClassMethod.ALL_WEIGHTS: _from_all_weights,
    ClassMethod.SYMMETRY: _from_symmetry,
}
_BITS = {ClassMethod.ALL_WEIGHTS: DEFAULT_BITS, ClassMethod.SYMMETRY: SYMMETRIC_BITS}


def time_proofs(timing: Timing) -> Iterator[dict[str, Any]]:
    """Yield rows of proof_times: from all weights at some k, and through the symmetry at others."""
    for k in timing.full:
        yield time_proof(ClassMethod.ALL_WEIGHTS, k, repeats=timing.repeats)
    for k in timing.symmetric:
        yield time_proof(ClassMethod.SYMMETRY, k, repeats=timing.repeats)
