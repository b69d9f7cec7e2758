"""Tables of the study of symmetric minima, for tests of its figures.

Points, spectra, splits and thresholds are computed; searches, descents, draws and rates are made up
along the rules that the study looks for. Nothing made up here is a result.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from helpers_rows import tables_of
from helpers_symmetry import known_point
from helpers_tables import Tables
from relu_landscape.families import stability_threshold
from relu_landscape.judging.statistics import clopper_pearson

Family = tuple[str, int, int]  # name, m (0 for A), extra
Records = list[dict[str, Any]]

MANY: list[Family] = [
    ("A", 0, 0),
    *((name, m, 0) for name in ("I", "II") for m in (1, 2, 3)),
    *(("A", 0, 1), ("I", 1, 1), ("II", 1, 1)),
]
FEW: list[Family] = [("A", 0, 0), ("I", 1, 0), ("II", 1, 0)]
KEYS = ("family", "m", "extra")


@cache
def many_cases() -> Tables:
    """Tables as a profile writes them that follows all families to large k."""
    random = np.random.default_rng(4)
    teachers = (6, 8, 12, 100, 10**6)
    fates = [(name, m) for name, m, extra in MANY if extra == 0 and m <= 3]
    return tables_of(
        **_family_records(MANY, teachers),
        stability_thresholds=_thresholds([case for case in MANY if case != ("A", 0, 1)]),
        **_searches((12, 16, 20), range(4), range(1, 4)),
        family_fates=_fates(fates, (8, 12, 16)),
        perturbed_targets=_perturbed(
            [("A", 0), ("I", 1), ("I", 2), ("II", 1), ("II", 2)],
            (8, 12, 16),
            (0.01, 0.02, 0.05, 0.1),
            40,
            random,
        ),
        family_rates=_rates((10, 15, 20), 400, random),
    )


@cache
def one_case() -> Tables:
    """Tables as the smallest profile writes them."""
    random = np.random.default_rng(2)
    cases = [(name, m) for name, m, _ in FEW]
    return tables_of(
        **_family_records(FEW, (8, 16, 100, 10**6)),
        stability_thresholds=_thresholds(FEW),
        **_searches((12,), (1,), (1,)),
        family_fates=_fates(cases, (8,)),
        perturbed_targets=_perturbed(cases, (8,), (0.05,), 3, random),
        family_rates=_rates((8,), 20, random, extras=(0,)),
    )


def no_cases() -> Tables:
    """The same tables with their columns and no rows."""
    return {name: table.iloc[:0] for name, table in one_case().items()}


known_threshold = cache(stability_threshold)


def _family_records(families: Sequence[Family], teachers: Sequence[int]) -> dict[str, Records]:
    """Computed: points, parameters, spectra and splits of the families at k >= m + 4."""
    found: dict[str, Records] = {
        name: []
        for name in ("family_points", "family_parameters", "family_spectra", "family_splits")
    }
    for name, m, extra in families:
        for k in teachers:
            if k < m + 4:
                continue
            point = known_point(name, k, m=m or None, extra=extra)
            case = {"family": name, "m": m, "extra": extra, "k": k}
            found["family_points"].append(
                {
                    **case,
                    "isotropy": point.isotropy,
                    "loss": point.loss,
                    "smallest_eigenvalue": point.smallest.value,
                    "irrep": point.smallest.irrep,
                    "largest_eigenvalue": point.spectrum[-1].value,
                    "index": point.index,
                    "distinct_eigenvalues": len(point.spectrum),
                    "bounded_difference": None if extra else 0.3 * k**-0.5,
                    "proved": _proved(m, k, point.index),
                }
            )
            found["family_parameters"] += [
                {**case, "parameter": parameter, "value": value}
                for parameter, value in zip(
                    point.space.parameter_names, point.parameters, strict=True
                )
            ]
            found["family_spectra"] += [
                {
                    **case,
                    "rank": rank,
                    "eigenvalue": row.value,
                    "multiplicity": row.multiplicity,
                    "irrep": row.irrep,
                }
                for rank, row in enumerate(point.spectrum)
            ]
            found["family_splits"] += [
                {
                    **case,
                    "neuron_class": neuron_class,
                    "neurons": int(neurons),
                    "inner_smallest_eigenvalue": split.smallest.value,
                    "irrep": split.smallest.irrep,
                    "inner_largest_eigenvalue": split.inner_spectrum[-1].value,
                    "proved": _proved(m, k, point.index),
                }
                for neuron_class, neurons in enumerate(point.space.row_sizes)
                for split in (point.split(neuron_class),)
            ]
    return found


def _proved(m: int, k: int, index: float) -> str:
    """Minima of small m and k are proved; the others were not tried."""
    if m > 2 or k > 100:
        return "not_tried"
    return "not_proved" if index else "proved"


def _thresholds(families: Sequence[Family]) -> Records:
    """Computed: where the families become local minima."""
    return [
        {
            **dict(zip(KEYS, case, strict=True)),
            "k": found.k,
            "irrep": found.irrep,
            "index_below": found.index_below,
            "index_above": found.index_above,
            "smallest_integer": found.smallest_integer_above,
            "lost_k": found.lost_k,
        }
        for case in families
        for found in (known_threshold(case[0], m=case[1] or None, extra=case[2]),)
    ]


def _searches(
    teachers: Sequence[int], columns: Sequence[int], extras: Sequence[int]
) -> dict[str, Records]:
    """Chain I has a minimum while q >= e, a saddle at q = e - 1; chain II a minimum at e = 1."""
    points: Records = []
    searches: Records = []
    for k in teachers:
        for q in columns:
            for extra in extras:
                found = []
                if q >= extra - 1:
                    found.append(("I", 0 if q >= extra else k - q - 1))
                if q > extra:
                    found.append(("I", k - q - 1))
                if extra == 1 and q >= 1:
                    found.append(("II", 0))
                if extra == 2 and q == 1:
                    found.append(("II", 1))
                searches.append(
                    {
                        "k": k,
                        "columns": q,
                        "extra": extra,
                        "starts": 40,
                        "global_starts": 40 - 2 * len(found),
                        "unfinished_starts": 0,
                        "points": len(found),
                    }
                )
                points += [
                    {
                        "k": k,
                        "columns": q,
                        "extra": extra,
                        "rank": rank,
                        "loss": 0.02 + 0.01 * rank,
                        "smallest_eigenvalue": -0.01 if index else 0.005,
                        "irrep": "s_p" if index else "t",
                        "index": index,
                        "chain": chain,
                        "coordinate_orbits": f"1+{k - 1}",
                        "reached": 2,
                    }
                    for rank, (chain, index) in enumerate(found)
                ]
    return {"fixed_space_points": points, "fixed_space_searches": searches}


def _fates(families: Sequence[tuple[str, int]], teachers: Sequence[int]) -> Records:
    """Class 1 of II leads to spurious minima from k = 12 on, as do A and I; then all global."""
    rows: Records = []
    for name, m in families:
        for k in teachers:
            for neuron_class in (0,) if name == "A" else (0, 1):
                spurious = k > 8 and not (name == "II" and neuron_class == 0)
                for sign in (-1, 1):
                    case = {
                        "family": name,
                        "m": m,
                        "k": k,
                        "neuron_class": neuron_class,
                        "sign": sign,
                    }
                    rows.append(_fate(case, -1, 0, "spurious" if spurious else "global"))
                    for orbit in range(4) if spurious else ():
                        for second_sign in (-1, 1):
                            landing = "unfinished" if (k, orbit) == (16, 3) else "global"
                            stays = (name, k, orbit, second_sign) == ("I", 16, 0, 1)
                            landing = "spurious" if stays else landing
                            rows.append(_fate(case, 3 * orbit, second_sign, landing))
    return rows


def _fate(case: dict[str, Any], neuron: int, sign: int, landing: str) -> dict[str, Any]:
    spurious = landing == "spurious"
    return {
        **case,
        "second_neuron": neuron,
        "second_sign": sign,
        "n": case["k"] + (1 if neuron < 0 else 2),
        "loss_before": 0.03 if neuron < 0 else 0.02,
        "loss_after": {"global": 1e-14, "spurious": 0.02, "unfinished": 0.001}[landing],
        "landing": landing,
        "smallest_eigenvalue": 0.005 if spurious else None,
        "coordinate_orbits": f"1+{case['k'] - 1}" if spurious else None,
    }


def _perturbed(
    families: Sequence[tuple[str, int]],
    teachers: Sequence[int],
    sizes: Sequence[float],
    draws: int,
    random: np.random.Generator,
) -> Records:
    """Minima survive the less often the larger epsilon and the nearer k to the threshold."""
    rows: Records = []
    for name, m in families:
        for k in teachers:
            for epsilon in sizes:
                fragile = 6.0 * epsilon * (1 + m) / (k - 5) * (2.0 if name != "II" else 1.0)
                for sample in range(draws):
                    lost = random.random() < fragile
                    outcome = "strict_minimum"
                    if lost:
                        outcome = "saddle" if random.random() < 0.6 else "fold"
                    rows.append(
                        {
                            "family": name,
                            "m": m,
                            "k": k,
                            "epsilon": epsilon,
                            "sample": sample,
                            "outcome": outcome,
                            "reached": 0.7 if outcome == "fold" else 1.0,
                            "smallest_eigenvalue": -0.004 if outcome == "saddle" else 0.01,
                            "largest_inner_eigenvalue": -0.03,
                        }
                    )
    return rows


def _rates(
    teachers: Sequence[int],
    runs: int,
    random: np.random.Generator,
    extras: Sequence[int] = (0, 1),
) -> Records:
    """II_m often, I_m with m >= 3 now and then from k = 15 on, A and I_1, I_2 never."""
    rows: Records = []
    for search in ("safran2018", "safran2018_second_seed"):
        for k in teachers:
            for extra in extras:
                for name, m in (
                    ("A", 0),
                    *((chain, m) for chain in ("I", "II") for m in (1, 2, 3, 4, 5)),
                    ("none", 0),
                ):
                    often = {"II": 0.25 * 0.5**m, "none": 0.02 * (k > 12)}.get(name, 0.0)
                    often = 0.006 if name == "I" and m >= 3 and k >= 15 else often
                    if extra and name != "none":
                        often = 0.0
                    reached = int(random.binomial(runs, often))
                    interval = clopper_pearson(reached, runs)
                    rows.append(
                        {
                            "search": search,
                            "k": k,
                            "n": k + extra,
                            "family": name,
                            "m": m,
                            "runs": runs,
                            "reached": reached,
                            "percent": 100.0 * reached / runs,
                            "percent_low": 100.0 * interval.low,
                            "percent_high": 100.0 * interval.high,
                        }
                    )
    return rows
