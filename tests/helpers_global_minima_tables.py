"""Synthetic tables of the study around the global minima, for tests alone.

Leading orders and magnitudes are those of S21; no number here is a result.
"""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers_rows import table_of
from helpers_tables import Arrays, Tables
from relu_landscape.objective import population_hessian, population_loss

GLOBAL_EIGENVALUE = 0.25 - 0.5 / np.pi
NOTHING_STORED: Arrays = {"landscape_slices": {}}
QUANTITIES = ("loss", "gradient_norm", "distance")
# S21, Appendix D.1: (k, m) -> printed Gaussian and cancelling minimum.
PRINTED = {
    (5, 2): (0.84, 2.27e-4),
    (5, 5): (2.43, 0.00754),
    (5, 10): (5.43, 0.0693),
    (10, 2): (12.7, 0.0037),
    (10, 5): (43.1, 0.088),
    (10, 10): (62.3, 0.733),
    (20, 2): (88.6, 0.0318),
    (20, 5): (231.0, 0.67),
    (20, 10): (412.0, 5.15),
}
OUTSIDE = (10, 5)  # the Gaussian cell whose printed minimum lies outside the law of the minimum


@cache
def many_cases() -> tuple[Tables, Arrays]:
    """Tables as a profile writes that runs several sizes of everything."""
    random = np.random.default_rng(12)
    sizes = [(2, 3, 2), (3, 4, 3), (3, 6, 5), (8, 9, 8)]
    tables = {
        "negative_curvature": _negative_curvature(sizes, (0.5, 0.3, 0.1), np.logspace(-12, -1, 12)),
        "valley_points": _valley_points(sizes, (0.5, 0.3), np.logspace(-8, -1, 15)),
        "table_1": _table_1(list(PRINTED), random),
        "direction_quotients": _directions((2, 5, 10), (0, 1, 2, 5, 10, 20), 2000, random),
        "conjecture12_search": _conjecture12_search(
            [(2, 1), (2, 2), (3, 1), (3, 2), (5, 1), (5, 2), (10, 1)]
        ),
        "conjecture12_witnesses": _witnesses(np.logspace(-6, -1, 6)),
        "convexity_radii": _convexity_radii((2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 30), 12, random),
        "certified_global_minima": _proved_radii(range(2, 36)),
        "convexity_bounds": _bounds_for_every_k((3, 4, 20, 30, 100, 10**6)),
        "convergence": _convergence([(5, 5), (10, 10), (5, 6), (5, 10), (10, 11)], 2),
        "perturbed_descent": _perturbed_descent(
            [(5, 6), (5, 7), (5, 10)], (0.1, 1.0, 5.0), (0.0, 1.0, 10.0, 100.0), 5, random
        ),
    }
    tables["convergence_rates"] = _convergence_rates(tables["convergence"])
    tables["theorem_13"] = _theorem_13(tables["perturbed_descent"])
    return tables, {"landscape_slices": _landscape_slices(21)}


@cache
def one_case() -> tuple[Tables, Arrays]:
    """Tables as the smallest profile writes them: one size of everything."""
    random = np.random.default_rng(3)
    tables = {
        "negative_curvature": _negative_curvature([(3, 4, 3)], (0.5,), np.logspace(-3, -1, 3)),
        "valley_points": _valley_points([(3, 4, 3)], (0.5,), np.logspace(-3, -1, 3)),
        "table_1": _table_1([(5, 2)], random),
        "direction_quotients": _directions((5,), (1,), 50, random),
        "conjecture12_search": _conjecture12_search([(2, 1)]),
        "conjecture12_witnesses": _witnesses(np.array([1e-3, 1e-2])),
        "convexity_radii": _convexity_radii((4,), 2, random),
        "certified_global_minima": _proved_radii((4,)),
        "convexity_bounds": _bounds_for_every_k((4,)),
        "convergence": _convergence([(5, 6)], 1),
        "perturbed_descent": _perturbed_descent([(5, 6)], (1.0,), (0.0, 1.0), 2, random),
    }
    tables["convergence_rates"] = _convergence_rates(tables["convergence"])
    tables["theorem_13"] = _theorem_13(tables["perturbed_descent"])
    return tables, {"landscape_slices": _landscape_slices(9)}


def no_cases() -> tuple[Tables, Arrays]:
    """The same tables with their columns and no rows."""
    tables, _ = one_case()
    return {name: table.iloc[:0] for name, table in tables.items()}, NOTHING_STORED


def _negative_curvature(
    sizes: Sequence[tuple[int, int, int]], shares: Sequence[float], epsilons: NDArray[np.float64]
) -> pd.DataFrame:
    """In the plane of the tilt the Hessian is [[1/2 - c_1, 1/2], [1/2, 1/2 - c_2]]."""
    rows = []
    for k, n, d in sizes:
        for share in shares:
            for epsilon in epsilons:
                length = np.hypot(1.0, epsilon)
                first, second = (
                    epsilon / (np.pi * part * length**2) for part in (share, 1.0 - share)
                )
                middle = 0.5 * (1.0 - first - second)
                upper = middle + np.hypot(0.5, 0.5 * (first - second))
                smallest = (first * second - 0.5 * (first + second)) / upper
                exact = -(first + second)
                printed = -(1.0 + epsilon) * epsilon / length / np.pi / (share * (1.0 - share))
                # Extended rows only where double is about to fail, and beyond.
                for arithmetic in ("double", "extended"):
                    if not (epsilon > 1e-10 if arithmetic == "double" else epsilon < 1e-6):
                        continue
                    rounding = 1e-17 if arithmetic == "double" else 0.0
                    rows.append(
                        {
                            "k": k,
                            "n": n,
                            "d": d,
                            "share": share,
                            "epsilon": epsilon,
                            "arithmetic": arithmetic,
                            "form": exact + rounding,
                            "form_exact": exact,
                            "form_printed": printed,
                            "smallest_eigenvalue": smallest + rounding,
                            "proved": "proved" if epsilon > 1e-9 else "not_tried",
                        }
                    )
    return pd.DataFrame(rows)


def _valley_points(
    sizes: Sequence[tuple[int, int, int]], shares: Sequence[float], epsilons: NDArray[np.float64]
) -> pd.DataFrame:
    rows = []
    for k, n, d in sizes:
        for share in shares:
            total = 1.0 / share + 1.0 / (1.0 - share)
            squared = total**2 * (2.0 + n - k + (k - 2) / 4.0) / (4.0 * np.pi**2)
            for epsilon in epsilons:
                for arithmetic in ("double", "extended"):
                    next_order = 1.0 - 0.8 * epsilon**2
                    loss = total / (3.0 * np.pi) * epsilon**3 * next_order
                    loss += 3e-17 if arithmetic == "double" else 0.0
                    gradient = squared * epsilon**4 * next_order
                    known = arithmetic == "extended" or loss > 1e-15
                    rows.append(
                        {
                            "k": k,
                            "n": n,
                            "d": d,
                            "share": share,
                            "epsilon": epsilon,
                            "arithmetic": arithmetic,
                            "loss": loss,
                            "squared_gradient_norm": gradient,
                            "one_point_gradient": total / (2.0 * np.pi) * epsilon * next_order,
                            "one_point_hessian": total / np.pi * epsilon * next_order,
                            "pl_ratio": gradient / (2.0 * loss) if known else np.nan,
                            "smallest_eigenvalue": 1.7 * epsilon**3,
                            "proved": "proved" if share == 0.5 else "not_tried",
                        }
                    )
    return pd.DataFrame(rows)


def _table_1(cells: Sequence[tuple[int, int]], random: np.random.Generator) -> pd.DataFrame:
    rows = []
    for k, m in cells:
        for perturbation, printed in zip(("gaussian", "cancelling"), PRINTED[k, m], strict=True):
            median = printed * (0.72 if (k, m, perturbation) == (*OUTSIDE, "gaussian") else 1.06)
            spread = 1.0 + 1.6 / k
            rows.append(
                {
                    "k": k,
                    "m": m,
                    "perturbation": perturbation,
                    "samples": 1000,
                    "minimum": median * spread ** random.uniform(-0.7, 0.4),
                    "printed": printed,
                    "low": median / spread**1.6,
                    "median": median,
                    "high": median * spread,
                    "printed_below": 0.4,
                    "law_p": 0.5,
                }
            )
    return pd.DataFrame(rows)


def _directions(
    teachers: Sequence[int], extras: Sequence[int], directions: int, random: np.random.Generator
) -> pd.DataFrame:
    """The quotient of Theorem 10's bound at directions drawn uniformly."""
    parts = []
    for k in teachers:
        for n in (k + extra for extra in extras):
            drawn = random.normal(size=(directions, n, k))
            drawn /= np.linalg.norm(drawn, axis=(1, 2), keepdims=True)
            teacher = np.arange(n) % k
            sums = np.stack([drawn[:, teacher == j].sum(axis=1) for j in range(k)], axis=1)
            parts_squared = (sums**2).sum(axis=(1, 2))
            quotient = 0.25 * (
                (sums.sum(axis=1) ** 2).sum(axis=1) + (1 - 2 / np.pi) * parts_squared
            )
            parts.append(
                pd.DataFrame(
                    {
                        "k": k,
                        "n": n,
                        "direction": np.arange(directions),
                        "radius": 1e-3,
                        "one_point_hessian": quotient,
                        "one_point_gradient": 0.99 * quotient,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _conjecture12_search(sizes: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Searches agree at every radius but those of 0.1."""
    rows = []
    for k, m in sizes:
        for place, radius in enumerate([1e-4, 1e-3, 1e-2, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9]):
            ratio = 1.0 - (0.62 + 0.11 * k * m) * radius
            bound = 0.4 * radius**2
            rows.append(
                {
                    "k": k,
                    "m": m,
                    "scaled_radius": radius,
                    "largest_displacement": radius / m,
                    "form": ratio * bound,
                    "bound": bound,
                    "gap": (ratio - 1.0) * bound,
                    "ratio": ratio,
                    "spread": 0.02 if radius == 0.1 else 1e-13,
                    "agreed": radius != 0.1,
                    "place": place,
                }
            )
    return pd.DataFrame(rows)


def _witnesses(scales: NDArray[np.float64]) -> pd.DataFrame:
    rows = []
    for witness, m, limit in (("one_neuron", 1, -2.0 / np.pi), ("two_neurons", 2, -0.6366)):
        for scale in scales:
            cube = limit * (1.0 - (1.2 if m == 1 else 2.0) * scale)
            bound = (0.681 if m == 1 else 0.34) * scale**2
            rows.append(
                {
                    "witness": witness,
                    "k": 2,
                    "m": m,
                    "scale": scale,
                    "form": bound + cube * scale**3,
                    "bound": bound,
                    "gap": cube * scale**3,
                    "gap_over_cube": cube,
                    "gap_digits": f"{cube * scale**3:.39e}",
                    "proved": "proved",
                }
            )
    return pd.DataFrame(rows)


def _convexity_radii(
    teachers: Sequence[int], starts: int, random: np.random.Generator
) -> pd.DataFrame:
    """Searches agree at every k but 13."""
    rows = []
    for k in teachers:
        worst = 0.62 / np.sqrt(k) * random.uniform(1.0, 1.4)
        drawn = 0.9 * random.lognormal(0.0, 0.35, size=starts)
        found = [("random", start, radius, np.nan) for start, radius in enumerate(drawn)]
        found.append(("worst", 0, worst, 0.01 if k == 13 else 1e-13))
        largest = 0.99
        for place, (search, start, radius, spread) in enumerate(found):
            crossed = radius < largest
            rows.append(
                {
                    "k": k,
                    "search": search,
                    "start": start,
                    "radius": radius if crossed else np.nan,
                    "spread": spread,
                    "agreed": search == "random" or k != 13,
                    "largest_radius": largest,
                    "smallest_eigenvalue": 0.0 if crossed else 0.02,
                    "place": place,
                }
            )
    return pd.DataFrame(rows)


def _proved_radii(teachers: Iterable[int]) -> pd.DataFrame:
    return table_of(
        "certified_global_minima", [{"k": k, "radius": 0.1 / np.sqrt(k)} for k in teachers]
    )


def _bounds_for_every_k(teachers: Iterable[int]) -> pd.DataFrame:
    return table_of(
        "convexity_bounds",
        [{"k": k, "lower": 0.3 / np.sqrt(k), "upper": 1.0 / np.sqrt(k)} for k in teachers],
    )


def _theorem_13(runs: pd.DataFrame) -> pd.DataFrame:
    """A largest step of 1e-4 / k at every size."""
    sizes = runs[["k", "n"]].drop_duplicates().to_dict("records")
    return table_of("theorem_13", [size | {"largest_step": 1e-4 / size["k"]} for size in sizes])


def _convergence(sizes: Sequence[tuple[int, int]], runs: int) -> pd.DataFrame:
    rows = []
    for k, n in sizes:
        times = np.arange(0, 301, 10) if n == k else np.r_[0, np.logspace(0, 5, 26)].astype(int)
        for run in range(runs):
            for t in times:
                decay = np.exp(-0.45 / k * t) if n == k else k / (k + (1 + 0.3 * run) * t)
                powers = (2, 1, 1) if n == k else (3, 2, 1)
                values = [
                    scale * decay**power
                    for scale, power in zip((0.01, 0.1, 0.3), powers, strict=True)
                ]
                rows.append(
                    {"k": k, "n": n, "run": run, "iteration": int(t)}
                    | dict(zip(QUANTITIES, values, strict=True))
                )
    return pd.DataFrame(rows).drop_duplicates(["k", "n", "run", "iteration"], ignore_index=True)


def _convergence_rates(convergence: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for (k, n, run), checks in convergence.groupby(["k", "n", "run"]):
        late = checks[checks["iteration"] > checks["iteration"].max() / 30]
        for quantity in QUANTITIES:
            time = late["iteration"] if n == k else np.log(late["iteration"])
            rate = float(np.polyfit(time, np.log(late[quantity]), 1)[0])
            rows.append(
                {
                    "k": k,
                    "n": n,
                    "run": run,
                    "quantity": quantity,
                    "law": "exponential" if n == k else "power",
                    "rate": rate,
                    "low": rate * 1.02,
                    "high": rate * 0.98,
                    "first_iteration": int(late["iteration"].min()),
                    "last_iteration": int(late["iteration"].max()),
                    "checks": len(late),
                }
            )
    return pd.DataFrame(rows)


def _perturbed_descent(
    sizes: Sequence[tuple[int, int]],
    steps: Sequence[float],
    noises: Sequence[float],
    runs: int,
    random: np.random.Generator,
) -> pd.DataFrame:
    """Distance falls like 1/t to a floor set by the noise."""
    times = np.unique(np.r_[0, np.logspace(0, 5, 16)].astype(int))
    delta = 0.01
    rows = []
    for k, n in sizes:
        for step in steps:
            for noise in noises:
                for run in range(runs):
                    start = 0.3 * random.uniform(0.8, 1.2)
                    floor = noise * delta / (4 * n) * np.sqrt(n) / np.sqrt(step)
                    distances = np.hypot(start * k / (k + step * times), floor)
                    distances *= random.lognormal(0.0, 0.1, size=len(times))
                    rows += [
                        {
                            "k": k,
                            "n": n,
                            "step_factor": step,
                            "noise_factor": noise,
                            "run": run,
                            "iteration": int(t),
                            "delta": delta,
                            "distance": distance,
                            "distance_to_start": 1.5 * distance,
                            "loss": 0.1 * distance**3,
                        }
                        for t, distance in zip(times, distances, strict=True)
                    ]
    return pd.DataFrame(rows)


def _landscape_slices(points: int) -> dict[str, NDArray[np.float64]]:
    """The true loss and curvature at k = 2, n = 3: cheap, and no formula looks like it."""
    share = np.linspace(-0.3, 0.3, points)
    spread = np.linspace(-0.3, 0.3, points)
    tilt = np.linspace(-0.6, 0.6, points)
    by_share = [[_split(0.5 + s, 0.0, t) for s in share] for t in spread]
    by_tilt = [[_split(0.5, s, t) for s in tilt] for t in spread]
    return {
        "size": np.array([2, 3]),
        "share": share,
        "spread": spread,
        "tilt": tilt,
        "loss_share_spread": _losses(by_share),
        "eigenvalue_share_spread": _eigenvalues(by_share),
        "loss_tilt_spread": _losses(by_tilt),
        "eigenvalue_tilt_spread": _eigenvalues(by_tilt),
    }


def _split(share: float, tilt: float, spread: float) -> NDArray[np.float64]:
    pair = [[share, share * tilt + spread], [1.0 - share, (1.0 - share) * tilt - spread]]
    return np.array([*pair, [0.0, 1.0]])


def _losses(grid: list[list[NDArray[np.float64]]]) -> NDArray[np.float64]:
    return np.array([[population_loss(point, np.eye(2)) for point in row] for row in grid])


def _eigenvalues(grid: list[list[NDArray[np.float64]]]) -> NDArray[np.float64]:
    hessians = [[population_hessian(point, np.eye(2)) for point in row] for row in grid]
    return np.array([[np.linalg.eigvalsh(hessian)[0] for hessian in row] for row in hessians])
