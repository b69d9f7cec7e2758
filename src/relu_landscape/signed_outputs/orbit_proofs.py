"""What splits of the neurons of minima make, as rows of tables and lines of certificates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.lines import minimum_line, symmetric_minimum_line
from relu_landscape.certificates.minimum import network_over_box
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.plateau import PlateauCertificate, certify_plateaus
from relu_landscape.certificates.recognised import certify_recognised_minimum
from relu_landscape.certificates.records import NO_LINE, ClassMethod, Proofs, certify_stored_minimum
from relu_landscape.certificates.saddle import SaddleCertificate, certify_splits
from relu_landscape.certificates.symmetric_minimum import (
    SymmetricOutcome,
    certify_family,
    structured_box,
)
from relu_landscape.certificates.symmetric_plateau import (
    SymmetricPlateauCertificate,
    certify_symmetric_plateaus,
)
from relu_landscape.minima.curvature import neuron_orbit_ids
from relu_landscape.signed_outputs.inner_spectra import (
    InnerSpectrum,
    class_forms,
    class_spectrum,
    inner_spectrum,
    rises_somewhere,
)
from relu_landscape.symmetry.continuation import SolveError
from relu_landscape.symmetry.recognition import recognise_isotropy

SADDLE, MINIMUM, UNDECIDED = "strict_saddle", "minimum", "undecided"


def prove_class_orbits(
    proofs: Proofs, labels: dict[str, Any], W: NDArray[np.float64], method: ClassMethod
) -> None:
    """Append a row of class_orbits for each orbit of neurons of a class, and the line they share.

    Args:
        proofs: rows and lines so far.
        labels: k, n and class_id.
        W: the representative, (n, k), all outputs 1, teachers V = I.
        method: how the class is proved, see `class_method`.
    """
    if method is ClassMethod.ALL_WEIGHTS:
        ids = neuron_orbit_ids(W)
        firsts, counts = np.unique(ids, return_index=True, return_counts=True)[1:]
        neurons = firsts.tolist()
        verdicts, line = _whole_verdicts(W, ids)
    else:
        found = recognise_isotropy(W)
        counts = np.array(
            [*(round(float(size)) for size in found.space.blocks), *[1] * found.space.extra]
        )
        neurons = found.neuron_order[np.cumsum(counts) - counts].tolist()
        verdicts, line = _symmetric_verdicts(certify_recognised_minimum(W), len(neurons))
    spectra = [inner_spectrum(W, np.eye(W.shape[1]), i) for i in neurons]
    rows = [{"neuron": i, "neurons": int(count)} for i, count in zip(neurons, counts, strict=True)]
    _append(proofs, labels, rows, spectra, verdicts, line)


def prove_family_orbits(proofs: Proofs, family: str, m: int, k: int) -> None:
    """Append a row of family_orbits for each block of neurons of a member that is a minimum.

    Args:
        proofs: rows and lines so far.
        family: "A", "I" or "II".
        m: neurons in the second block, 0 for A.
        k: number of teachers.
    """
    try:
        minimum = certify_family(family, k, m=m or None)
    except SolveError:
        return
    if isinstance(minimum, Failure):
        return
    verdicts, line = _symmetric_verdicts(minimum, len(minimum.blocks))
    spectra = [class_spectrum(form) for form in class_forms(minimum, minimum.W)]
    labels = {"family": family, "m": m, "k": k}
    rows = [{"row": row, "neurons": size} for row, size in enumerate(minimum.blocks)]
    _append(proofs, labels, rows, spectra, verdicts, line)


def _append(
    proofs: Proofs,
    labels: dict[str, Any],
    rows: Sequence[dict[str, Any]],
    spectra: Sequence[InnerSpectrum],
    verdicts: Sequence[dict[str, Any]],
    line: str | None,
) -> None:
    """Rows that share one line."""
    if line is not None:
        proofs.lines.append(line)
    number = NO_LINE if line is None else len(proofs.lines)
    for row, spectrum, verdict in zip(rows, spectra, verdicts, strict=True):
        proofs.records.append({**labels, **row, **vars(spectrum), **verdict, "line": number})


def _whole_verdicts(
    W: NDArray[np.float64], ids: NDArray[np.int64]
) -> tuple[list[dict[str, Any]], str | None]:
    """What is proved of each orbit of neurons from all weights, and the line.

    Of an orbit only what is proved of each of its neurons: that a symmetry exchanges them is seen
    in floats.
    """
    minimum = certify_stored_minimum(W)
    orbits = [np.flatnonzero(ids == orbit).tolist() for orbit in range(int(ids.max()) + 1)]
    if isinstance(minimum, Failure):
        return [_nothing() for _ in orbits], None
    plateaus, network = list(certify_plateaus(minimum)), network_over_box(minimum)
    verdicts, flat, steep = [], [], []
    for neurons in orbits:
        lines = [x for i in neurons if isinstance(x := plateaus[i], PlateauCertificate)]
        if len(lines) == len(neurons) and len({x.sign for x in lines}) == 1:
            flat += lines
            lower = min(float(x.curvature_lower) for x in lines)
            verdicts.append(_of_plateau(lines[0].sign, lower))
            continue
        outcomes = list(certify_splits(minimum))
        splits = [y for i in neurons if isinstance(y := outcomes[i], SaddleCertificate)]
        steep += splits
        rises = all(rises_somewhere(network.inner_hessian(i), minimum.bits) for i in neurons)
        verdicts.append(_of_saddles(len(splits) == len(neurons), rises))
    return verdicts, minimum_line(minimum, steep, flat)


def _symmetric_verdicts(
    minimum: SymmetricOutcome, classes: int
) -> tuple[list[dict[str, Any]], str | None]:
    """What is proved of the classes of neurons through the symmetry, and the line."""
    if isinstance(minimum, Failure):
        return [_nothing() for _ in range(classes)], None
    fallen = {split.row for split in minimum.splits}
    verdicts, flat = [], []
    for row, plateau in enumerate(certify_symmetric_plateaus(minimum)):
        if isinstance(plateau, SymmetricPlateauCertificate):
            flat.append(plateau)
            verdicts.append(_of_plateau(plateau.sign, float(plateau.curvature_lower)))
        else:
            over_box = class_forms(minimum, structured_box(minimum))[row]
            rises = rises_somewhere(over_box.matrix, minimum.bits)
            verdicts.append(_of_saddles(row in fallen, rises))
    return verdicts, symmetric_minimum_line(minimum, flat)


def _of_plateau(sign: int, lower: float) -> dict[str, Any]:
    """One definite matrix decides both kinds of splits."""
    same, opposite = (SADDLE, MINIMUM) if sign == -1 else (MINIMUM, SADDLE)
    return {
        "same_sign": same,
        "opposite_sign": opposite,
        "checked_same": True,
        "checked_opposite": True,
        "curvature_lower": lower,
    }


def _of_saddles(falls: bool, rises: bool) -> dict[str, Any]:
    """A direction for each kind; of that of signed splits balls know, and no certificate."""
    return {
        "same_sign": SADDLE if falls else UNDECIDED,
        "opposite_sign": SADDLE if rises else UNDECIDED,
        "checked_same": falls,
        "checked_opposite": False,
        "curvature_lower": None,
    }


def _nothing() -> dict[str, Any]:
    return _of_saddles(falls=False, rises=False)
