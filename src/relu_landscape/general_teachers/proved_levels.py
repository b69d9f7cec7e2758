"""What is proved of bad ends: that they are minima, and what the splits of their neurons are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.acceptance import accepts
from relu_landscape.certificates.lines import minimum_line
from relu_landscape.certificates.minimum import MinimumCertificate, certify_minimum
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.plateau import PlateauCertificate, certify_plateaus
from relu_landscape.certificates.records import Proofs
from relu_landscape.certificates.saddle import SaddleCertificate, certify_splits
from relu_landscape.general_teachers.tables import GeneralNeurons, SplitKind
from relu_landscape.minima import inner_hessian

_BOUNDS = ("loss_lower", "loss_upper", "hessian_lower", "norm_sum_lower", "norm_sum_upper")


def prove_level(
    proofs: Proofs, labels: Mapping[str, Any], W: NDArray[np.float64], V: NDArray[np.float64]
) -> list[GeneralNeurons]:
    """Append the row of general_minima of a bad end, and its line if it is proved a minimum.

    Args:
        proofs: rows and lines so far.
        labels: what the row says of the point beside proofs.
        W: students, (n, d), at a critical point.
        V: teachers, (k, d).

    Returns:
        The rows of its neurons.
    """
    splits: dict[int, SplitKind] = dict.fromkeys(range(len(W)), "open")
    inner = [smallest_off_neuron(W, V, i) for i in range(len(W))]
    minimum = certify_minimum(W, V)
    if isinstance(minimum, Failure):
        columns: dict[str, Any] = dict.fromkeys(_BOUNDS)
        columns |= {"proved": False, "reason": minimum.reason.value, "checked": False}
        line = None
    else:
        saddles = [one for one in certify_splits(minimum) if isinstance(one, SaddleCertificate)]
        plateaus = _plateaus(minimum) if max(inner) > 0 else []
        splits.update((saddle.neuron, "saddle") for saddle in saddles)
        splits.update((plateau.neuron, "minimum") for plateau in plateaus)
        line = minimum_line(minimum, saddles, plateaus)
        columns = {name: float(getattr(minimum, name)) for name in _BOUNDS}
        columns |= {"proved": True, "reason": None, "checked": accepts(line)}
    kinds = list(splits.values())
    columns |= {
        "largest_inner_eigenvalue": max(inner),
        "saddles": kinds.count("saddle"),
        "plateaus": kinds.count("minimum"),
    }
    proofs.add(labels, columns, line)
    names = {name: labels[name] for name in ("target", "k", "d", "n", "class_id")}
    norms = np.linalg.norm(W, axis=1)
    cosines = (W / norms[:, None]) @ (V / np.linalg.norm(V, axis=1, keepdims=True)).T
    return [
        GeneralNeurons(
            **names,
            neuron=i,
            norm=float(norms[i]),
            largest_cosine=float(np.clip(cosines[i].max(), -1.0, 1.0)),
            inner_smallest=inner[i],
            split=splits[i],
        )
        for i in range(len(W))
    ]


def smallest_off_neuron(W: NDArray[np.float64], V: NDArray[np.float64], i: int) -> float:
    """Return the smallest eigenvalue of the inner Hessian of neuron i on the complement of w_i.

    Args:
        W: students, (n, d), at a critical point.
        V: teachers, (k, d).
        i: neuron.
    """
    inner, unit = inner_hessian(W, V, i), W[i] / np.linalg.norm(W[i])
    # w_i is in the kernel: raised above all others, its eigenvalue is not the smallest one.
    above = np.linalg.norm(inner) + 1.0
    return float(np.linalg.eigvalsh(inner + above * np.outer(unit, unit))[0])


def _plateaus(minimum: MinimumCertificate) -> list[PlateauCertificate]:
    """The neurons of which every split with a share in (0, 1) is proved a minimum."""
    plateaus = [one for one in certify_plateaus(minimum) if isinstance(one, PlateauCertificate)]
    return [plateau for plateau in plateaus if plateau.sign == 1]  # others: signed splits
