"""The random perturbations of Appendix D.1 of S21, and their forms against the bound."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.perturbations import equal_shares, form_and_bound
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Perturbations


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
    settings: Perturbations,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[dict[str, Any]]:
    """Return form, bound and gap over the variance for random perturbations of v_i/m.

    Sample s depends on (seed, k, m, s) alone; the two kinds of perturbation share their draws.

    Args:
        k: teachers and inputs.
        m: students of each teacher.
        perturbation: how G is drawn.
        settings: number of draws, the standard deviation of the entries of G, and the seed.
        progress: called with (samples done, samples).

    Raises:
        ValueError: k or m < 1.

    Source: S21, Appendix D.1. The paper says "variance 1e-5" and names one column; its printed
    values fit a standard deviation of 1e-5, values over the variance, and the gap (Gaussian) or the
    form (cancelling, where the bound is 0).
    """
    minimum, teachers = equal_shares(k, m), np.eye(k)
    variance = settings.standard_deviation**2
    records = []
    for sample in range(settings.samples):
        G = seeded_perturbation(k, m, perturbation, sample, settings)
        form, bound = (side / variance for side in form_and_bound(minimum + G, teachers, m))
        records.append(
            {
                "k": k,
                "m": m,
                "perturbation": perturbation.value,
                "sample": sample,
                "standard_deviation": settings.standard_deviation,
                "form": form,
                "bound": bound,
                "gap": form - bound,
            }
        )
        if progress is not None:
            progress(sample + 1, settings.samples)
    return records


def seeded_perturbation(
    k: int, m: int, perturbation: Perturbation, sample: int, settings: Perturbations
) -> NDArray[np.float64]:
    """Return draw number `sample` of an experiment, (m k, k)."""
    generator = indexed_generator(settings.seed, k, m, sample)
    return settings.standard_deviation * draw_perturbation(k, m, perturbation, generator)
