"""Where restarts end whose students have outputs of both signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.lines import minimum_line
from relu_landscape.certificates.minimum import certify_minimum
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.plateau import PlateauCertificate, certify_plateaus
from relu_landscape.certificates.records import Proofs
from relu_landscape.search import DescentRecord, Protocol, StopReason, descend, find_minima
from relu_landscape.signed_outputs.tables import SignedShares

PARALLEL: Final = 1e-2
"""Distance of unit vectors: at tolerance 1e-6 or less on a plateau, 1e-1 or more elsewhere."""

GROWTH: Final = 1.1
"""Along a channel norms grow like the third root of the steps: by 1.26 in the second half."""

_SAME_LOSS: Final = 1e-7


@dataclass(frozen=True)
class SignedSize:
    """k teachers, V = I, and students of output 1 and of output -1, in this order."""

    k: int
    positives: int
    negatives: int

    @property
    def outputs(self) -> NDArray[np.float64]:
        """c, (n,)."""
        return np.repeat([1.0, -1.0], [self.positives, self.negatives])


@dataclass(frozen=True)
class SignedRuns:
    """Restarts of one composition.

    size: the composition; bad: (runs,) whether the loss is that of a bad run;
    settled: (runs,) whether it is at tolerance; grown: (runs,) whether its largest norm grew by
    GROWTH in the second half of the steps; weights: (runs, n, k); losses: (runs,).
    """

    size: SignedSize
    bad: NDArray[np.bool_]
    settled: NDArray[np.bool_]
    grown: NDArray[np.bool_]
    weights: NDArray[np.float64]
    losses: NDArray[np.float64]


def restart_signed(
    size: SignedSize, runs: int, budget: int, seed: int, protocol: Protocol
) -> SignedRuns:
    """Descend from random starts, in two halves, at the end of which norms are compared.

    Args:
        size: the composition.
        runs: number of restarts.
        budget: steps of a run that does not converge.
        seed: of the starts.
        protocol: of the descent.
    """
    first = find_minima(
        len(size.outputs),
        size.k,
        runs,
        seed=seed,
        protocol=protocol,
        iteration_budget=budget // 2,
        outputs=size.outputs,
    )
    weights, losses = first.weights.copy(), first.losses.copy()
    settled = first.stop_reasons == StopReason.CONVERGED.value
    grown = np.zeros(runs, dtype=bool)
    open_runs = np.flatnonzero(first.stop_reasons == StopReason.ITERATION_BUDGET.value)
    if len(open_runs):
        second = descend(
            first.weights[open_runs],
            protocol,
            outputs=size.outputs,
            iteration_budget=budget - budget // 2,
        )
        weights[open_runs], losses[open_runs] = second.weights, second.losses
        settled[open_runs] = second.stop_reasons == StopReason.CONVERGED.value
        grown[open_runs] = _largest_norms(second) > GROWTH * _largest_norms(first)[open_runs]
    bad = losses >= protocol.bad_loss
    return SignedRuns(size, bad, settled, grown, weights, losses)


def share_row(runs: SignedRuns) -> SignedShares:
    """How the bad ones of these restarts end."""
    distances = _nearest_distances(runs)
    parallel = distances < PARALLEL
    plateau = parallel.any(axis=1)
    settled = runs.bad & runs.settled
    open_runs = runs.bad & ~runs.settled
    closest = distances[settled]
    near, far = closest[closest < PARALLEL], closest[closest >= PARALLEL]
    return SignedShares(
        **vars(runs.size),
        runs=len(runs.bad),
        bad=int(runs.bad.sum()),
        isolated=int((settled & ~plateau).sum()),
        plateau=int((settled & plateau).sum()),
        channel=int((open_runs & runs.grown).sum()),
        slow=int((open_runs & ~runs.grown).sum()),
        widest_parallel=float(near.max()) if near.size else None,
        nearest_other=float(far.min()) if far.size else None,
    )


def prove_ends(proofs: Proofs, runs: SignedRuns) -> None:
    """Append a row of signed_ends and a line for each minimum at which bad runs are at tolerance.

    Args:
        proofs: rows and lines so far.
        runs: restarts of one composition.
    """
    names, given = vars(runs.size), runs.size.outputs
    for level, members in enumerate(_levels(runs)):
        first = members[0]
        W, outputs = merged(runs.weights[first], given)
        columns: dict[str, Any] = {
            "level": level,
            "runs": len(members),
            "on_plateau": sum(
                len(merged(runs.weights[run], given)[1]) < len(given) for run in members
            ),
            "merged_positives": int((outputs == 1).sum()),
            "merged_negatives": int((outputs == -1).sum()),
            "loss": float(runs.losses[first]),
            "negative_norm": min(np.linalg.norm(W[outputs == -1], axis=1), default=None),
        }
        minimum = certify_minimum(W, np.eye(runs.size.k), outputs=outputs)
        if isinstance(minimum, Failure):
            bounds = dict.fromkeys(("loss_lower", "loss_upper", "hessian_lower"))
            proofs.add(names, {**columns, "proved": False, **bounds, "plateaus": 0}, None)
            continue
        plateaus = [
            plateau
            for plateau in certify_plateaus(minimum)
            if isinstance(plateau, PlateauCertificate)
            and plateau.sign == -1
            and outputs[plateau.neuron] == 1
        ]
        columns |= {
            "proved": True,
            "loss_lower": float(minimum.loss_lower),
            "loss_upper": float(minimum.loss_upper),
            "hessian_lower": float(minimum.hessian_lower),
            "plateaus": len(plateaus),
        }
        proofs.add(names, columns, minimum_line(minimum, plateaus=plateaus))


def merged(
    W: NDArray[np.float64], outputs: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the network in which parallel neurons of opposite outputs are one.

    Together they compute what one neuron does, of the output of the longer one.

    Args:
        W: students, (n, d).
        outputs: c, (n,), 1 or -1.
    """
    rows, signs = W.copy(), outputs.copy()
    units = W / np.linalg.norm(W, axis=1, keepdims=True)
    gone: list[int] = []
    for j in np.flatnonzero(outputs == -1).tolist():
        distances = np.linalg.norm(units - units[j], axis=1)
        distances[outputs == -1] = np.inf
        i = int(distances.argmin())
        if distances[i] < PARALLEL:
            rows[i] -= rows[j]
            gone.append(j)
    for i in np.flatnonzero(outputs == 1).tolist():
        if rows[i] @ W[i] < 0:
            rows[i], signs[i] = -rows[i], -signs[i]
    return np.delete(rows, gone, axis=0), np.delete(signs, gone)


def _levels(runs: SignedRuns) -> list[list[int]]:
    """Bad runs at tolerance by the minimum that they end at: those of one loss, by loss."""
    groups: list[list[int]] = []
    settled = np.flatnonzero(runs.bad & runs.settled)
    for run in settled[np.argsort(runs.losses[settled], kind="stable")].tolist():
        if groups and runs.losses[run] - runs.losses[groups[-1][-1]] < _SAME_LOSS:
            groups[-1].append(run)
        else:
            groups.append([run])
    return groups


def _nearest_distances(runs: SignedRuns) -> NDArray[np.float64]:
    """Of each student of output -1 the distance of unit vectors to the nearest of output 1."""
    units = runs.weights / np.linalg.norm(runs.weights, axis=2, keepdims=True)
    ones, others = np.split(units, [runs.size.positives], axis=1)
    gaps = np.linalg.norm(others[:, :, None] - ones[:, None], axis=3)
    nearest: NDArray[np.float64] = gaps.min(axis=2)
    return nearest


def _largest_norms(record: DescentRecord) -> NDArray[np.float64]:
    norms: NDArray[np.float64] = np.linalg.norm(record.weights, axis=2).max(axis=1)
    return norms
