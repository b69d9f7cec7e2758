"""The laws of the forms of random perturbations, and Table 1 of S21 in them.

A second method for what `random_perturbations` samples: near the global minimum the forms are
polynomials in normal variables, whose law is known or cheap to tabulate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import fft, optimize, stats

from relu_landscape.global_minima.random_perturbations import Perturbation
from relu_landscape.seeding import indexed_generator

POOL = 200_000  # draws for the law of one teacher's share of the cancelling form
POOL_CHUNK = 2_000  # of them at a time in memory
GRID = 2**17  # points on which the law of a sum over teachers is tabulated
NORMAL_NODES = np.linspace(-9.0, 9.0, 2001)


class Law(NamedTuple):
    """A law on the real line by its distribution function, and an interval that carries it."""

    distribution: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    low: float
    high: float


def gaussian_gap_law(k: int, m: int) -> Law:
    """Return the law of (form - bound)/sigma^2 for Gaussian perturbations, to leading order.

    With M_ia = <g_i, e_a>, at W* the form is sum_i |g_i|^2/2 + sum_{i != a} g_i^T h2(e_i, e_a)
    g_a, and h2(e_i, e_a) = I/4 + (e_i e_a^T + e_a e_i^T)/(2 pi), the blocks h1 cancelling.
    Subtracting the bound,

        form - bound = 1/(2 pi) [sum_{i<a} (M_ia + M_ai)^2 + (tr M)^2] + O(|G|^3).

    The entries of M are independent with variance m sigma^2, so in units of sigma^2 this is
    m/(2 pi) [2 chi2_{k(k-1)/2} + k chi2_1], with independent chi-squares.

    Raises:
        ValueError: no such law at k and m.

    Source: derived here, from S21, Lemma 20.
    """
    _require_cell(k, m, 1)
    freedom = k * (k - 1) // 2
    scale = m / (2.0 * np.pi)
    weights = stats.norm.pdf(NORMAL_NODES) * (NORMAL_NODES[1] - NORMAL_NODES[0])

    def distribution(values: NDArray[np.float64]) -> NDArray[np.float64]:
        # Over the normal variable behind chi2_1; the trapezoidal rule is exact to rounding from
        # k = 5 on, where the other law is smooth enough. At k = 3 its error is below 1e-3.
        rest = np.asarray(values)[..., None] / scale - k * NORMAL_NODES**2
        probabilities: NDArray[np.float64] = stats.chi2.cdf(rest / 2.0, freedom) @ weights
        return probabilities

    mean = scale * (2.0 * freedom + k)
    spread = scale * np.sqrt(8.0 * freedom + 2.0 * k**2)
    return Law(distribution, 0.0, float(mean + 60.0 * spread))


def cancelling_form_law(k: int, m: int, *, standard_deviation: float, seed: int) -> Law:
    """Return the law of form/sigma^2 for cancelling perturbations, with its first correction.

    Since every g_i vanishes, all terms between teachers cancel up to order |G|^3, and with p_j the
    part of g_ij orthogonal to e_i each teacher contributes independently

        L_i = m/pi sum_{j<j'} |p_j - p_j'|^3 - m^2/pi sum_j |p_j|^3,

    from h1 ~ t/(2 pi) (P + n n^T) and h2 ~ I/2 - t/(2 pi) (P + n n^T) with angles t = m |p_j -
    p_j'|, P the projection orthogonal to e_i. The law of L_i is sampled; that of the sum over k
    teachers is its k-fold convolution on a grid.

    Between teachers the next order is 3 D_w^2 D_v^2 f[g, g, g', g'] for each pair of neurons, k^2
    m^2 terms against the k m^2 of the first. Only its mean is kept. The Laplacians of f are
    Delta_w f = k |v_orth|/(2 pi |w|), with |v_orth| = |v| sin t, and Delta_v |v_orth| =
    (k - 2)/|v_orth|, so that Delta_w Delta_v f = k (k - 2) m^2/(2 pi) at orthogonal neurons of
    length 1/m; the variances of the rows of one teacher add up to 2 (m - 1) sigma^2. Together

        form/sigma^2 ~ sigma sum_i L_i + sigma^2 3 k^2 (k - 1)(k - 2) m^2 (m - 1)^2/pi.

    Raises:
        ValueError: no such law at k and m, or a standard deviation that is not positive and finite.

    Source: derived here.
    """
    _require_cell(k, m, 2)
    if not 0.0 < standard_deviation < np.inf:
        raise ValueError(
            f"standard_deviation is {standard_deviation}; it must be positive and finite"
        )
    shares = standard_deviation * _cancelling_shares(k, m, indexed_generator(seed, k, m))
    low, high = float(shares.min()), float(shares.max())
    width = k * (high - low) / (GRID - k)
    counts = np.bincount(((shares - low) / width).astype(np.int64), minlength=GRID)
    transform = fft.rfft(counts / POOL)
    cumulative = np.cumsum(np.maximum(fft.irfft(transform**k, n=GRID), 0.0))
    # A share in a bin is on average half a bin above its lower edge, a sum of k of them k/2 bins;
    # the cumulative probability belongs to the upper end of a bin of sums.
    between_teachers = 3.0 * k**2 * (k - 1) * (k - 2) * (m * (m - 1)) ** 2 / np.pi
    shift = standard_deviation**2 * between_teachers
    edges = shift + k * low + width * (np.arange(GRID) + 0.5 * (k + 1))

    def distribution(values: NDArray[np.float64]) -> NDArray[np.float64]:
        probabilities: NDArray[np.float64] = np.interp(
            values, edges, cumulative / cumulative[-1], left=0.0, right=1.0
        )
        return probabilities

    return Law(distribution, float(edges[0]), float(edges[-1]))


def minimum_below(law: Law, samples: int, value: float) -> float:
    """Return the probability that the least of `samples` independent draws is at most `value`.

    Raises:
        ValueError: samples < 1, or the value is NaN.
    """
    if samples < 1 or np.isnan(value):
        raise ValueError(f"samples is {samples} and value {value}; give samples >= 1 and a number")
    probability = float(law.distribution(np.array([value]))[0])
    return float(-np.expm1(samples * np.log1p(-min(probability, 1.0 - 1e-16))))


def minimum_quantile(law: Law, samples: int, level: float) -> float:
    """Return the value that the least of the draws is below with probability `level`.

    Raises:
        ValueError: samples < 1 or a level outside (0, 1).
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level}; give a number strictly between 0 and 1")
    return float(
        optimize.brentq(
            lambda value: minimum_below(law, samples, value) - level, law.low, law.high, xtol=1e-300
        )
    )


def compare_with_table_1(
    forms: pd.DataFrame, published: pd.DataFrame, *, seed: int
) -> list[dict[str, Any]]:
    """Return one record a sampled cell of Table 1: its printed minimum in the law of the minimum.

    Args:
        forms: rows of `sample_forms`.
        published: the printed table; columns k, m, minimal_curvature_gaussian and
            minimal_curvature_cancelling.
        seed: of the sampled law.

    Source: S21, Table 1. Its Gaussian column is the minimum of form - bound, its cancelling column
    that of the form, for which the bound is 0.
    """
    printed = {(row["k"], row["m"]): row for row in published.to_dict("records")}
    records = []
    for label, rows in forms.groupby(["k", "m", "perturbation"]):
        k, m, kind = cast("tuple[int, int, str]", label)
        if (k, m) not in printed:
            continue
        deviation = float(rows["standard_deviation"].iloc[0])
        if kind == Perturbation.GAUSSIAN:
            law, values = gaussian_gap_law(k, m), rows["gap"].to_numpy()
        else:
            law = cancelling_form_law(k, m, standard_deviation=deviation, seed=seed)
            values = rows["form"].to_numpy()
        value = float(printed[k, m][f"minimal_curvature_{kind}"])
        samples = len(values)
        low, median, high = (minimum_quantile(law, samples, q) for q in (0.005, 0.5, 0.995))
        records.append(
            {
                "k": k,
                "m": m,
                "perturbation": kind,
                "samples": samples,
                "minimum": float(values.min()),
                "printed": value,
                "low": low,
                "median": median,
                "high": high,
                "printed_below": minimum_below(law, samples, value),
                "law_p": float(stats.kstest(law.distribution(values), "uniform").pvalue),
            }
        )
    return records


def _require_cell(k: int, m: int, least_m: int) -> None:
    if k < 2 or m < least_m:
        raise ValueError(f"got k = {k} and m = {m}; this law needs k >= 2 and m >= {least_m}")


def _cancelling_shares(k: int, m: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """POOL draws of L_i in units of sigma^3, (POOL,)."""
    first, second = np.triu_indices(m, k=1)
    shares = []
    for _ in range(POOL // POOL_CHUNK):
        p = generator.normal(size=(POOL_CHUNK, m, k - 1))
        p[:, 0] = -p[:, 1:].sum(axis=1)
        apart = np.linalg.norm(p[:, first] - p[:, second], axis=2) ** 3
        alone = np.linalg.norm(p, axis=2) ** 3
        shares.append((m * apart.sum(axis=1) - m**2 * alone.sum(axis=1)) / np.pi)
    return np.concatenate(shares)
