"""Minimum finding: restarts of gradient descent under a protocol."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import (
    checked_arguments,
    instance_of,
    optional,
    real_array,
    whole_number,
)
from relu_landscape.objective.pair_kernels import PairKernel
from relu_landscape.objective.weights import checked_weights
from relu_landscape.search.basins import Basins
from relu_landscape.search.descent import DescentRecord, descend
from relu_landscape.search.initial import initial_weights
from relu_landscape.search.protocol import PROTOCOLS, Protocol


def _named_protocol(protocol: str | Protocol) -> Protocol:
    if isinstance(protocol, Protocol):
        return protocol
    if protocol not in PROTOCOLS:
        raise ValueError(f"no protocol {protocol!r}; known: {', '.join(PROTOCOLS)}")
    return PROTOCOLS[protocol]


@checked_arguments(
    n_students=whole_number,
    n_teachers=whole_number,
    n_runs=whole_number,
    seed=whole_number,
    protocol=instance_of(str, Protocol),
    first_restart=whole_number,
    teachers=optional(real_array),
    outputs=optional(real_array),
)
def find_minima(
    n_students: int,
    n_teachers: int,
    n_runs: int,
    *,
    seed: int,
    protocol: str | Protocol = "safran2018",
    first_restart: int = 0,
    basins: Basins | None = None,
    iteration_budget: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    teachers: NDArray[np.float64] | None = None,
    outputs: NDArray[np.float64] | None = None,
    kernel: str | PairKernel = "relu",
) -> DescentRecord:
    """Run gradient descent from `n_runs` random starting weights; teacher V = I_k unless given.

    Restart r starts from weights that depend on (seed, k, n, d, r) and the law of the protocol
    alone, and its result is the same bits whatever the number of runs, the batches or the order.
    For n > k the gradient vanishes only like 1/t^2 near a global minimum (S21 Theorem 9: no PL
    condition), so a run whose loss fell, never rising, below that of a bad run stops there: it is
    not bad, and nothing says that it reached a global minimum. For n = k every run goes on to the
    tolerance, or until it provably goes to a known minimum, where `basins` has some.

    Args:
        n_students: n, at least 1.
        n_teachers: k, at least 1.
        n_runs: number of restarts, 0 or more.
        seed: seed of the search, 0 or more.
        protocol: "safran2018", "safran2021", "safran2021_large_norm" or a Protocol.
        first_restart: number of the first restart, so that batches continue one another.
        basins: known minima at which runs may end, see `descend`.
        iteration_budget: in steps a run, instead of the protocol's.
        progress: called with (runs ended, runs) while it works.
        teachers: V, (k, d), no two rows parallel; None: I_k.
        outputs: c, (n,), the output weights of the students, 1 or -1 each; None: all are 1.
        kernel: the activation: "relu", "absolute_value" or `leaky_relu(s)`.

    Returns:
        DescentRecord: weights (runs, n, d), losses, gradient_norms, iterations, stop_reasons, ...
        A run is bad if it converged and its loss is `protocol.bad_loss` times |V|_F^2/k, which is 1
        at V = I, or more. One that did not
        converge ended at no critical point, whatever its loss: with a step of 5/k and k = 2 or 3
        no run ever does.

    Raises:
        ValueError: a number out of range or an unknown protocol; teachers, outputs, a kernel or
            basins that do not fit, see `descend`.
        RuntimeError: NUMBA_DISABLE_JIT is set.

    Source: S18 (code and result files), S21 Section 4.2.
    """
    if min(n_students, n_teachers) < 1 or min(n_runs, first_restart) < 0:
        raise ValueError(
            "n_students and n_teachers must be at least 1, n_runs and first_restart at least 0, "
            f"not {n_students}, {n_teachers}, {n_runs}, {first_restart}"
        )
    chosen = _named_protocol(protocol)
    restarts = range(first_restart, first_restart + n_runs)
    V = np.eye(n_teachers) if teachers is None else checked_weights(teachers, "teachers")
    if len(V) != n_teachers:
        raise ValueError(
            f"teachers has {len(V)} rows and n_teachers is {n_teachers}; they must be equal"
        )
    starts = initial_weights(
        chosen.initial_law, n_students, n_teachers, restarts, seed=seed, n_inputs=V.shape[1]
    )
    bad_loss = chosen.bad_loss * (float(np.sum(V**2)) / n_teachers)
    return descend(
        starts,
        chosen,
        teachers=V,
        outputs=outputs,
        kernel=kernel,
        stop_below=bad_loss if n_students > n_teachers else None,
        basins=basins,
        iteration_budget=iteration_budget,
        progress=progress,
    )
