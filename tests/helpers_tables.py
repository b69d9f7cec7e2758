"""Synthetic result tables with the columns and the magnitudes of a real study, for tests alone.

The levels follow simple fits to the published ones, so that figures look like the real thing; no
number here is a result.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.studies.proofs import proof_columns

ROOT = Path(__file__).parent.parent
GLOBAL_EIGENVALUE = 0.25 - 0.5 / np.pi
ALPHAS = (0.5, 0.1)

Tables = dict[str, pd.DataFrame]
Arrays = dict[str, dict[str, NDArray[np.float64]]]


def measured(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table as it is stored: without what certificates say of its rows."""
    return table.drop(columns=[*proof_columns(name)], errors="ignore")


def published_tables() -> Tables:
    """The published numbers that the figures overlay."""
    return {path.stem: pd.read_csv(path) for path in sorted(ROOT.glob("published/*.csv"))}


def study_tables(
    teachers: Sequence[int] = (6, 7, 8, 10, 12, 20), runs: int = 400, seed: int = 5
) -> tuple[Tables, Arrays]:
    """Tables and arrays of a study of n = k, ..., k + 5 for each k of `teachers`."""
    random = np.random.default_rng(seed)
    curvature = pd.concat(
        [_case_classes(k, k + extra, random) for k in teachers for extra in (0, 1)],
        ignore_index=True,
    )
    memberships = pd.concat(
        [_memberships(group, runs, random) for _, group in curvature.groupby(["k", "n"])],
        ignore_index=True,
    )
    counts = memberships.groupby(["k", "n", "class_id"]).size().rename("runs")
    curvature = curvature.drop(columns="runs").join(counts, on=["k", "n", "class_id"])
    splits = pd.concat([_splits(row) for _, row in curvature.iterrows()], ignore_index=True)
    tables = {
        "bad_run_rates": _rates(teachers, runs, random),
        "memberships": memberships,
        "classes": _classes(curvature),
        "curvature": curvature,
        "splits": splits,
        "fates": _fates(splits, curvature, random),
        "confirmations": _confirmations(teachers, random),
    }
    tables["bad_run_ends"] = _bad_run_ends(tables["bad_run_rates"])
    tables["global_minimum_counts"] = tables["bad_run_rates"].assign(
        at_global=lambda rates: rates["runs"] - rates["bad"]
    )[["search", "k", "n", "runs", "at_global"]]
    return tables, _arrays(curvature, random)


def empty_tables(teachers: Sequence[int] = (6,)) -> Tables:
    """The same tables with their columns and no rows, as a profile writes that ran nothing."""
    return {name: table.iloc[:0] for name, table in study_tables(teachers, runs=20)[0].items()}


def _bad_share(k: int, extra: int) -> float:
    steep, middle = {0: (0.55, 11.3), 1: (0.6, 20.0)}.get(extra, (1.0, 36.0 + 2.0 * extra))
    return float(1.0 / (1.0 + np.exp(-steep * (k - middle))))


def _rates(teachers: Sequence[int], runs: int, random: np.random.Generator) -> pd.DataFrame:
    rows = []
    asked = [("safran2018", k, k + extra) for k in teachers if k <= 20 for extra in range(6)]
    asked += [("safran2018_second_seed", k, k) for k in teachers[2:4]]
    asked += [("safran2021", k, k) for k in teachers]
    for search, k, n in asked:
        bad = int(random.binomial(runs, _bad_share(k, n - k)))
        percent = 100.0 * bad / runs
        half = 196.0 * np.sqrt((bad + 1) * (runs - bad + 1) / runs**3)
        rows.append(
            {
                "search": search,
                "protocol": search.removesuffix("_second_seed"),
                "k": k,
                "n": n,
                "runs": runs,
                "bad": bad,
                "percent_bad": percent,
                "percent_low": max(0.0, percent - half),
                "percent_high": min(100.0, percent + half),
                "unfinished": 0,
            }
        )
    return pd.DataFrame(rows)


def _confirmations(teachers: Sequence[int], random: np.random.Generator) -> pd.DataFrame:
    """Twenty continued good runs of each n > k; a few have not come close enough."""
    rows = []
    for k in teachers:
        for n in range(k + 1, k + 6):
            for restart in range(20):
                distance = float(random.lognormal(-6.5, 0.8))
                rows.append(
                    {
                        "search": "safran2018",
                        "k": k,
                        "n": n,
                        "restart": restart,
                        "iterations": 1_000_000,
                        "loss": 0.1 * distance**3,
                        "distance": distance,
                        "decay_exponent": -1.0,
                        "smallest_norm": 0.1,
                        "confirmed": distance < 1e-2,
                    }
                )
    return pd.DataFrame(rows)


def _bad_run_ends(rates: pd.DataFrame) -> pd.DataFrame:
    """Bad runs by kind: minima at n = k, saddles too at n = k + 1, unclassified beyond."""
    rows = []
    for case in rates.to_dict("records"):
        extra, bad = case["n"] - case["k"], case["bad"]
        minima = int(bad * {0: 0.9, 1: 0.5}.get(extra, 0.0))
        saddles = int(bad * {0: 0.0, 1: 0.3}.get(extra, 0.0))
        ends = {
            "spurious_minimum": minima,
            "saddle": saddles,
            "unclassified": bad - minima - saddles,
        }
        rows += [
            {"search": case["search"], "k": case["k"], "n": case["n"], "end": end, "runs": runs}
            for end, runs in ends.items()
        ]
    return pd.DataFrame(rows)


def _case_classes(k: int, n: int, random: np.random.Generator) -> pd.DataFrame:
    """Class 0 is the global minimum, the next ones have p = 1, 2, ... special neurons."""
    extra = n - k
    rows = [_class_row(k, n, 0, 1e-31, GLOBAL_EIGENVALUE if extra == 0 else 0.0, 0.0)]
    spurious = (min(k // 5, 3) + 8 * (k > 15)) if extra == 0 else int(k >= 8) + 2 * (k > 12)
    for p in range(1, spurious + 1):
        loss = 0.187 / k * p ** (0.92 if p < 4 else 0.7) * (1 - 0.06 * extra)
        eigenvalue = (0.0745 - 0.42 / k) / (1.0 + 0.7 * (p - 1)) / (1 + 5 * extra)
        gap = 0.0064 * (20.0 / k) ** 0.7 * random.uniform(0.4, 1.8)
        rows.append(_class_row(k, n, p, loss, eigenvalue, gap if extra == 0 else -0.4 * gap))
    if extra == 1 and k > 12:
        rows.append(_class_row(k, n, len(rows), 0.04, -0.0027, -0.001))
    return pd.DataFrame(rows)


def _class_row(
    k: int, n: int, class_id: int, loss: float, smallest: float, gap: float
) -> dict[str, object]:
    spurious = "spurious_minimum" if smallest > 0 else "saddle"
    inner = 0.0 if class_id == 0 else -0.13 + 0.6 / k
    return {
        "k": k,
        "n": n,
        "class_id": class_id,
        "runs": 0,
        "loss": loss,
        "kind": "global_minimum" if class_id == 0 else spurious,
        "smallest_eigenvalue": smallest,
        "largest_eigenvalue": k / 4 + 0.5,
        "eigenvalue_error": 1e-15 * k,
        "negative_eigenvalues": int(smallest < 0),
        "norm_sum": k - gap,
        "norm_gap": gap,
        "largest_inner_eigenvalue": inner,
        "largest_mean_curvature": inner / 3,
        "proved": _proved(k, spurious if class_id else "global_minimum"),
        "norm_sum_proved": "not_tried",
        "splits_proved": _proved(k, spurious if class_id else "global_minimum"),
    }


def _proved(k: int, kind: str) -> str:
    """Minima up to some k are proved, and beyond it they were not tried."""
    if kind == "global_minimum" or k > 12:
        return "not_tried"
    return "proved" if kind == "spurious_minimum" else "not_proved"


def _memberships(case: pd.DataFrame, runs: int, random: np.random.Generator) -> pd.DataFrame:
    k, n = int(case["k"].iloc[0]), int(case["n"].iloc[0])
    bad = _bad_share(k, n - k) if len(case) > 1 else 0.0
    weights = np.r_[1.0 - bad, bad * random.dirichlet(np.full(max(len(case) - 1, 1), 1.5))]
    weights = weights[: len(case)] / weights[: len(case)].sum()
    searches = ["safran2018"] + ["safran2021"] * (n == k)
    frames = []
    for search in searches:
        labels = random.choice(case["class_id"].to_numpy(), size=runs, p=weights)
        if n > k:  # descent stops early at over-parameterised good runs: they have no class
            labels = labels[labels > 0]
        labels = np.r_[labels, case["class_id"].to_numpy()]  # no class without a run
        frames.append(
            pd.DataFrame(
                {
                    "search": search,
                    "k": k,
                    "n": n,
                    "restart": np.arange(len(labels)),
                    "class_id": labels,
                    "finished_by_newton": False,
                    "distance_to_representative": 1e-11,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _classes(curvature: pd.DataFrame) -> pd.DataFrame:
    classes = curvature[["k", "n", "class_id", "runs", "loss"]].copy()
    special = classes["class_id"].astype(str)
    rest = (classes["n"] - classes["class_id"]).astype(str)
    orbits = (special + "+" + rest).where(classes["class_id"] > 0, classes["n"].astype(str))
    classes["d"] = classes["k"]
    classes["gradient_norm"] = 1e-15
    classes["polish_outcome"] = "polished"
    classes["polish_distance"] = 1e-9
    classes["diameter"] = 1e-9
    classes["convex_radius"] = 1e-3
    classes["neuron_orbits"] = orbits
    classes["coordinate_orbits"] = orbits
    classes["distinct_values"] = np.where(classes["class_id"] > 0, 5, 2)
    classes["distance_to_global_minima"] = np.where(classes["class_id"] > 0, 1.3, 0.0)
    classes["is_global"] = classes["class_id"] == 0
    return classes


def _splits(row: pd.Series) -> pd.DataFrame:
    if row["kind"] == "global_minimum":
        return pd.DataFrame()
    rows = []
    for neuron in range(int(row["n"])):
        inner = row["largest_inner_eigenvalue"] * (1.25 if neuron else 1.0)
        for alpha in ALPHAS:
            bound = 0.5 * inner * (1 / alpha + 1 / (1 - alpha))
            rows.append(
                {
                    "k": int(row["k"]),
                    "n": int(row["n"]),
                    "class_id": int(row["class_id"]),
                    "kind": row["kind"],
                    "neuron": neuron,
                    "alpha": alpha,
                    "gradient_norm": 1e-15,
                    "smallest_eigenvalue": bound * (1.0 if alpha == 0.5 else 1.35),
                    "eigenvalue_error": 1e-14,
                    "inner_smallest_eigenvalue": inner,
                    "bound": bound,
                    "verdict": "strict_saddle",
                    "proved": row["splits_proved"],
                }
            )
    return pd.DataFrame(rows)


def _fates(
    splits: pd.DataFrame, curvature: pd.DataFrame, random: np.random.Generator
) -> pd.DataFrame:
    loss = curvature.set_index(["k", "n", "class_id"])["loss"]
    rows = []
    for split in splits.to_dict("records"):
        for sign in (1, -1):
            special = split["neuron"] < split["class_id"] and split["k"] > 6
            landing = str(random.choice(["class", "new", "unfinished"])) if special else "global"
            before = float(loss[(split["k"], split["n"], split["class_id"])])
            rows.append(
                {key: split[key] for key in ("k", "n", "class_id", "neuron", "alpha")}
                | {
                    "sign": sign,
                    "iterations": int(random.integers(500, 90_000)),
                    "stop_reason": "converged",
                    "loss_before": before,
                    "loss_after": before * random.uniform(0.5, 0.97) if special else 1e-9,
                    "landing": landing,
                    "landing_class": split["class_id"] if landing == "class" else -1,
                    "gradient_norm": 1e-9,
                }
            )
    return pd.DataFrame(rows)


def _arrays(curvature: pd.DataFrame, random: np.random.Generator) -> Arrays:
    representatives, spectra = {}, {}
    for (k, n), group in curvature.groupby(["k", "n"]):
        key = f"k{k}-n{n}"
        representatives[key] = np.stack([_weights(k, n, p) for p in group["class_id"]])
        spectra[key] = np.stack(
            [_spectrum(k, n, low, random) for low in group["smallest_eigenvalue"]]
        )
    return {"representatives": representatives, "spectra": spectra}


def _weights(k: int, n: int, special: int) -> NDArray[np.float64]:
    """Weights (n, k): `special` neurons near minus their coordinate, the rest near the teacher."""
    weights = np.eye(n, k) if special == 0 else np.full((n, k), -0.035)
    if special:
        np.fill_diagonal(weights, 0.997)
        weights[:special, special:] = 0.19
        weights[special:, :special] = 0.26
        weights[range(special), range(special)] = -0.63
        weights[k:, :] = 0.2
    return weights


def _spectrum(k: int, n: int, smallest: float, random: np.random.Generator) -> NDArray[np.float64]:
    bulk = random.choice([GLOBAL_EIGENVALUE, 0.25 + 0.5 / np.pi], size=n * k - k)
    large = k / 4 + random.uniform(0.1, 0.4, size=k - 1)
    spread = 0.0 if smallest == GLOBAL_EIGENVALUE else 0.03
    moved = np.abs(bulk + random.normal(0.0, spread, size=bulk.size))
    return np.sort(np.r_[smallest, np.maximum(moved, smallest), large])
