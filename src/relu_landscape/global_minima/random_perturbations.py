"""The random perturbations of Appendix D.1 of S21, and their forms against the bound."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.perturbations import equal_shares, form_and_bound
from relu_landscape.seeding import indexed_generator


class Perturbation(StrEnum):
    """How the entries of G are drawn."""

    GAUSSIAN = "gaussian"  # independent, normal
    CANCELLING = "cancelling"  # the same, then g_i1 = -sum_{j >= 2} g_ij, so that every g_i = 0


def draw_perturbation(
    k: int, m: int, perturbation: Perturbation, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return G with entries of variance one, (m k, k), rows i m .. i m + m - 1 for teacher i.

    A cancelling one has rows g_i1 = -sum_{j >= 2} g_ij, of variance m - 1.

    Source: S21, Appendix D.1.
    """
    G = generator.normal(size=(k, m, k))
    if perturbation is Perturbation.CANCELLING:
        G[:, 0] = -G[:, 1:].sum(axis=1)
    return G.reshape(m * k, k)


def sample_forms(
    k: int,
    m: int,
    perturbation: Perturbation,
    samples: int,
    *,
    standard_deviation: float,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[dict[str, Any]]:
    """Return form, bound and gap over the variance for random perturbations of v_i/m.

    Sample s depends on (seed, k, m, s) alone; the two kinds of perturbation share their draws.

    Args:
        k: teachers and inputs.
        m: students of each teacher.
        perturbation: how G is drawn.
        samples: number of draws.
        standard_deviation: of the entries of G, positive.
        seed: seed of the experiment.
        progress: called with (samples done, samples).

    Raises:
        ValueError: k or m < 1, or a standard deviation that is not positive and finite.

    Source: S21, Appendix D.1. The paper says "variance 1e-5" and names one column; its printed
    values fit a standard deviation of 1e-5, values over the variance, and the gap (Gaussian) or the
    form (cancelling, where the bound is 0).
    """
    require_deviation(standard_deviation)
    minimum, teachers = equal_shares(k, m), np.eye(k)
    variance = standard_deviation**2
    records = []
    for sample in range(samples):
        G = seeded_perturbation(
            k, m, perturbation, sample, standard_deviation=standard_deviation, seed=seed
        )
        form, bound = (side / variance for side in form_and_bound(minimum + G, teachers, m))
        records.append(
            {
                "k": k,
                "m": m,
                "perturbation": perturbation.value,
                "sample": sample,
                "standard_deviation": standard_deviation,
                "form": form,
                "bound": bound,
                "gap": form - bound,
            }
        )
        if progress is not None:
            progress(sample + 1, samples)
    return records


def seeded_perturbation(
    k: int,
    m: int,
    perturbation: Perturbation,
    sample: int,
    *,
    standard_deviation: float,
    seed: int,
) -> NDArray[np.float64]:
    """Return draw number `sample` of an experiment, (m k, k).

    Raises:
        ValueError: a standard deviation that is not positive and finite.
    """
    require_deviation(standard_deviation)
    generator = indexed_generator(seed, k, m, sample)
    return standard_deviation * draw_perturbation(k, m, perturbation, generator)


def require_deviation(standard_deviation: float) -> None:
    """Raise ValueError unless a standard deviation is positive and finite."""
    if not 0.0 < standard_deviation < np.inf:
        raise ValueError(
            f"standard_deviation is {standard_deviation}; it must be positive and finite"
        )
