"""A tiny study of symmetric minima in which every claim holds, and what is said of it.

Levels, spectra at single sizes, thresholds and closed forms are the derived ones; the rest is made
up, with the orders and signs of the real thing. Where a claim is known not to hold it does not hold
here either.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
import pandas as pd

from helpers_claims import ledger
from helpers_rows import Rows, tables_of
from helpers_symmetry import EIGENVALUES, POINTS, THRESHOLDS, WITH_ONE_MORE
from relu_landscape.families import closed_form_inner_limits, closed_form_series
from relu_landscape.judging.findings import Verdict
from relu_landscape.judging.statistics import clopper_pearson

Tables = dict[str, pd.DataFrame]

FAMILIES = [("A", 0), ("I", 1), ("I", 2), ("II", 1), ("II", 2)]
TEACHERS = (8, 16, 100, 1000, 10_000, 1_000_000)
BULK = 0.25 - 0.5 / np.pi
LIMIT_OF_I = 0.5 - 1 / np.pi
SLOPE_OF_II = 0.5 - 2 / np.pi**2
STARTS = 24

LEVEL = "arjevani2022_family_level[family=II,m=2,extra=0,k=16]"
LEVEL_WITH_ONE_MORE = "arjevani2022_one_more_neuron_level[family=I,m=1,extra=1,k=1000000]"
COEFFICIENT = "arjevani2020_puiseux_coefficient[family=II,m=1,quantity=loss,power=3]"
LOSS_CONSTANT = "arjevani2020_loss_constant[family=II,m=1,quantity=loss,power=2]"
THRESHOLD = "arjevani2021_threshold[family=II,m=2,extra=0]"
FATE = "arjevani2022_fate_second_class[family=II,m=1,k=12,neuron_class=1]"

SOUND = {
    LEVEL: Verdict.REPRODUCED,
    LEVEL_WITH_ONE_MORE: Verdict.REPRODUCED,
    "arjevani2020_loss_limit": Verdict.CONSISTENT,
    "arjevani2020_loss_limit_constants": Verdict.CONSISTENT,
    "arjevani2020_puiseux_series": Verdict.CONSISTENT,
    "arjevani2020_puiseux_closed_forms": Verdict.CONSISTENT,
    "arjevani2020_puiseux_missing_powers": Verdict.CONSISTENT,
    LOSS_CONSTANT: Verdict.REPRODUCED,
    COEFFICIENT: Verdict.REPRODUCED,
    "arjevani2021_distinct_eigenvalues": Verdict.CONSISTENT,
    "arjevani2020_spectra_agree": Verdict.CONSISTENT,
    "arjevani2020_bulk_concentrates": Verdict.CONSISTENT,
    THRESHOLD: Verdict.REPRODUCED,
    "arjevani2020_two_columns_minima": Verdict.CONSISTENT,
    "arjevani2022_neurons_make_saddles": Verdict.CONSISTENT,
    "arjevani2022_every_split_makes_saddle": Verdict.CONSISTENT,
    "arjevani2022_split_decay": Verdict.CONSISTENT,
    "arjevani2022_one_more_neuron_saddle[family=A,m=0,extra=1]": Verdict.CONSISTENT,
    "arjevani2022_one_more_neuron_minimum[family=I,m=1,extra=1]": Verdict.CONSISTENT,
    "arjevani2022_one_more_neuron_minimum[family=II,m=1,extra=1]": Verdict.CONSISTENT,
    "arjevani2022_lesser_symmetry": Verdict.REPRODUCED,
    "arjevani2022_lesser_symmetry_rule": Verdict.CONSISTENT,
    "arjevani2022_lesser_symmetry_rule_type_two": Verdict.CONSISTENT,
    "arjevani2022_lesser_symmetry_index": Verdict.CONSISTENT,
    "arjevani2022_type_two_two_more": Verdict.REPRODUCED,
    "arjevani2022_fate_first_class": Verdict.CONSISTENT,
    FATE: Verdict.REPRODUCED,
    "arjevani2022_fate_second_split": Verdict.CONSISTENT,
    "arjevani2022_perturbed_targets": Verdict.CONSISTENT,
    "arjevani2022_families_identified": Verdict.CONSISTENT,
    "arjevani2022_minima_between_families": Verdict.CONSISTENT,
    "arjevani2023_hidden_minima": Verdict.REFUTED,
}


def sound_families() -> Tables:
    """The tables, checked against their schemas; each call makes new frames."""
    return {name: frame.copy() for name, frame in _made_once().items()}


@cache
def _made_once() -> Mapping[str, pd.DataFrame]:
    return tables_of(
        family_points=_points(),
        family_spectra=_spectra(),
        family_splits=_splits(),
        stability_thresholds=_thresholds(),
        puiseux_coefficients=_coefficients(),
        family_fates=_fates(),
        fixed_space_points=_reached(),
        fixed_space_searches=_searches(),
        perturbed_targets=_perturbed(),
        identified_classes=_identified(),
        family_rates=_rates(),
    )


def smoke_families() -> Tables:
    """What is left of them in a profile as small as smoke."""
    tables = sound_families()
    few = {("A", 0), ("I", 1), ("II", 1)}
    for name in ("family_points", "family_spectra", "family_splits", "perturbed_targets"):
        frame = tables[name]
        kept = np.array([pair in few for pair in zip(frame["family"], frame["m"], strict=True)])
        tables[name] = frame[kept & frame["k"].isin([8, 16, 100, 1_000_000])]
    perturbed = tables["perturbed_targets"]
    tables["perturbed_targets"] = perturbed[
        perturbed["epsilon"].isin([0.001, 0.01]) & (perturbed["sample"] < 3)
    ]
    fates = tables["family_fates"]
    tables["family_fates"] = fates[fates["k"] == 8]
    for name in ("fixed_space_points", "fixed_space_searches"):
        frame = tables[name]
        one = (frame["k"] == 12) & (frame["columns"] == 1) & (frame["extra"] == 1)
        tables[name] = frame[one]
    tables["puiseux_coefficients"] = tables["puiseux_coefficients"].iloc[:0]
    classes, rates = tables["identified_classes"], tables["family_rates"]
    tables["identified_classes"] = classes[classes["k"] == 10]
    tables["family_rates"] = rates[rates["k"] == 10]
    return tables


def _all_points() -> Iterable[tuple[str, int, int, int]]:
    yield from ((family, m, 0, k) for family, m in FAMILIES for k in TEACHERS)
    yield "II", 2, 0, 6
    for family, k in WITH_ONE_MORE:
        yield family, int(family != "A"), 1, k


def _points() -> Rows:
    for family, m, extra, k in _all_points():
        key = (family, m or None, k)
        if extra:
            loss, smallest, irrep, index = WITH_ONE_MORE[family, k]
        elif key in POINTS and key in EIGENVALUES:
            loss, ((smallest, irrep), *_) = POINTS[key][0], EIGENVALUES[key]
            index = 0 if smallest > 0 else 4
        else:
            loss, smallest, irrep, index = _loss_far_away(family, m, k), 0.09, "y_p", 0
        yield {
            "family": family,
            "m": m,
            "extra": extra,
            "k": k,
            "isotropy": f"Delta(S_{k - m} x S_{m})" if m else f"Delta(S_{k})",
            "loss": loss,
            "smallest_eigenvalue": smallest,
            "irrep": irrep,
            "largest_eigenvalue": k / 4 + 0.5,
            "index": index,
            "distinct_eigenvalues": sum(copies for _, copies, _ in _components(m, extra, k)),
            "bounded_difference": None if extra else _difference(family, k),
            "proved": "not_proved" if index else "proved",
        }


def _loss_far_away(family: str, m: int, k: int) -> float:
    if family == "II":
        return float(m * (SLOPE_OF_II / k - 0.11 * k**-1.5))
    return float(LIMIT_OF_I - 4 / (3 * np.pi) * k**-0.5 + (0.25 - 0.07 * m) / k)


def _difference(family: str, k: int) -> float:
    constant = 4 / np.pi**2 if family == "II" else 2 / np.pi
    return float(constant * k**-0.5 * (1 - 2 * k**-0.5))


def _components(m: int, extra: int, k: int) -> list[tuple[str, int, float]]:
    """Name, copies and dimension of the representations, for m = 0, 1 and 2."""
    p = k - m
    standard = (3 if m == 0 else 5) + extra
    components = [
        ("t", {0: 2, 1: 5, 2: 6}[m] + extra * (1 + min(m, 1)), 1.0),
        ("s_p", standard, p - 1.0),
        ("y_p", 1, (p - 1.0) * (p - 2) / 2),
        ("x_p", 1, p * (p - 3.0) / 2),
    ]
    if m == 2:
        components += [("s_m", 4, 1.0), ("s_p*s_m", 2, p - 1.0)]
    return components


def _spectra() -> Rows:
    values = {"y_p": [BULK], "x_p": [0.5 - BULK], "s_p*s_m": [BULK, 0.5 - BULK]}
    for family, m, extra, k in _all_points():
        rows = []
        for irrep, copies, dimension in _components(m, extra, k):
            growing = {"t": 2 + min(m, 1), "s_p": 1, "s_m": 1}.get(irrep, 0)
            several = [BULK, 0.25, BULK, 0.5 - BULK, 0.25, BULK][: copies - growing]
            bounded = values.get(irrep, several)
            grown = [k / (2 * np.pi), k / 4, k / 4 + 0.8][3 - growing :]
            rows += [(value, irrep, dimension) for value in [*bounded, *grown]]
        for rank, (value, irrep, dimension) in enumerate(sorted(rows)):
            yield {
                "family": family,
                "m": m,
                "extra": extra,
                "k": k,
                "rank": rank,
                "eigenvalue": value,
                "multiplicity": dimension,
                "irrep": irrep,
            }


def _splits() -> Rows:
    for family, m, extra, k in _all_points():
        limits = {
            (limit.neuron_class, limit.irrep): limit.value
            for limit in closed_form_inner_limits(family, m=m or None)
        }
        for neuron_class in range(1 + min(m, 1) + extra):
            limit = limits.get((neuron_class, "t"), -0.3)
            yield {
                "family": family,
                "m": m,
                "extra": extra,
                "k": k,
                "neuron_class": neuron_class,
                "neurons": k - m if neuron_class == 0 else max(m, 1),
                "inner_smallest_eigenvalue": limit * k**-0.5 * (1 + 4 * k**-0.5),
                "irrep": "t",
                "inner_largest_eigenvalue": 0.0,
                "proved": "proved" if k < 10_000 else "not_tried",
            }


def _thresholds() -> Rows:
    for (family, m), (k, irrep, first, below) in THRESHOLDS.items():
        yield {
            "family": family,
            "m": m or 0,
            "extra": 0,
            "k": k,
            "irrep": irrep,
            "index_below": below - 0.05,
            "index_above": 0.0,
            "smallest_integer": first,
        }


def _coefficients() -> Rows:
    stated = {
        tuple(entry.case.values()): entry.expected
        for entry in ledger("arjevani2022").values()
        if entry.claim == "arjevani2020_puiseux_coefficient"
    }
    for family, m in FAMILIES:
        forms = {
            (form.quantity, form.power): float(form.value)
            for form in closed_form_series(family, m=m or None)
        }
        quantities = ["loss", "r0.diag", "r0.c0"]
        quantities += ["r0.c1", "r1.diag", "r1.c0"] if m else []
        quantities += ["r1.c1"] if m > 1 else []
        for quantity in quantities:
            for power in range(7):
                missing = power == 1 or (power == 3 and quantity.startswith("r0."))
                made_up = 0.0 if missing and quantity != "loss" else 1.5
                closed = forms.get((quantity, power))
                value = stated.get((family, m, quantity, power), made_up)
                value = value if closed is None else closed
                yield {
                    "family": family,
                    "m": m,
                    "quantity": quantity,
                    "power": power,
                    "coefficient": value,
                    "error": 1e-22,
                    "digits": f"{value:.16g}",
                    "closed_form": closed,
                    "difference": None if closed is None else 1e-24,
                }


def _fates() -> Rows:
    levels = {8: 0.0205607918, 12: 0.0158005164, 16: 0.0127848267}
    for family, m, k in [("A", 0, 12), ("I", 1, 12), *(("II", 1, k) for k in levels)]:
        for neuron_class in range(1 + min(m, 1)):
            spurious = family != "II" or neuron_class == 1
            level = levels[k] if family == "II" else 0.0616104
            for sign in (-1, 1):
                first = {
                    "family": family,
                    "m": m,
                    "k": k,
                    "neuron_class": neuron_class,
                    "sign": sign,
                    "second_neuron": -1,
                    "second_sign": 0,
                    "n": k + 1,
                    "loss_before": 0.07,
                    "loss_after": level if spurious else 1e-9,
                    "landing": "spurious" if spurious else "global",
                    "smallest_eigenvalue": 0.005 if spurious else None,
                    "coordinate_orbits": f"1+{k - 1}" if spurious else None,
                }
                yield first
                for second in (0, k) if spurious else ():
                    reached = family == "II" or second == 0
                    yield first | {
                        "second_neuron": second,
                        "second_sign": 1,
                        "n": k + 2,
                        "loss_before": level,
                        "loss_after": 1e-9 if reached else 0.01,
                        "landing": "global" if reached else "spurious",
                        "smallest_eigenvalue": None if reached else 0.004,
                        "coordinate_orbits": None if reached else "1+11",
                    }


# k, columns, extra, loss, smallest eigenvalue, chain, orbits, index, starts
_REACHED = [
    (12, 0, 1, 0.0787247056, -0.0131362918, "I", "12", 11, 10),
    (12, 1, 1, 0.0158005164, 0.0054945631, "II", "1+11", 0, 4),
    (12, 1, 1, 0.0726545639, 0.0005004707, "I", "1+11", 0, 6),
    (12, 1, 1, 0.0786114098, -0.0113523109, "I", "1+11", 10, 6),
    (12, 2, 3, 0.0642743600, -0.0612300000, "I", "2+10", 18, 12),
    (20, 0, 1, 0.0974051352, -0.0116690896, "I", "20", 19, 12),
    (20, 1, 1, 0.0926468847, 0.0082064021, "I", "1+19", 0, 11),
    (20, 1, 2, 0.0106700000, -0.0474800000, "II", "1+19", 18, 1),
    (20, 1, 2, 0.0915777961, -0.0339022846, "I", "1+19", 18, 8),
    (20, 2, 2, 0.0106759484, 0.0022462013, "II", "1+1+18", 0, 1),
    (20, 2, 2, 0.0864002182, 0.0047614160, "I", "2+18", 0, 13),
]


def _reached() -> Rows:
    ranks: dict[tuple[int, int, int], int] = {}
    for k, columns, extra, loss, smallest, chain, orbits, index, reached in _REACHED:
        rank = ranks.setdefault((k, columns, extra), 0)
        ranks[k, columns, extra] += 1
        yield {
            "k": k,
            "columns": columns,
            "extra": extra,
            "rank": rank,
            "loss": loss,
            "smallest_eigenvalue": smallest,
            "irrep": "s_p",
            "index": index,
            "chain": chain,
            "coordinate_orbits": orbits,
            "reached": reached,
        }


def _searches() -> Rows:
    for k, columns, extra in sorted({(row[0], row[1], row[2]) for row in _REACHED}):
        points = [row for row in _REACHED if row[:3] == (k, columns, extra)]
        yield {
            "k": k,
            "columns": columns,
            "extra": extra,
            "starts": STARTS,
            "global_starts": STARTS - sum(row[-1] for row in points),
            "unfinished_starts": 0,
            "points": len(points),
        }


def _perturbed() -> Rows:
    smallest = {_case(row): row["smallest_eigenvalue"] for row in _points()}
    inner: defaultdict[tuple[object, ...], list[float]] = defaultdict(list)
    for row in _splits():
        inner[_case(row)].append(row["inner_smallest_eigenvalue"])
    for family, m in FAMILIES:
        for k in (8, 16):
            for epsilon in (0.0, 0.001, 0.01, 0.02, 0.1):
                for sample in range(30):
                    near = (family, m, k) == ("II", 2, 8) and epsilon > 0.015
                    folds = near or (family != "II" and epsilon > 0.05)
                    key, change = (family, m, 0, k), 0.05 * epsilon * (1 + sample / 30)
                    yield {
                        "family": family,
                        "m": m,
                        "k": k,
                        "epsilon": epsilon,
                        "sample": sample,
                        "outcome": "fold" if folds else "strict_minimum",
                        "reached": 0.5 if folds else 1.0,
                        "smallest_eigenvalue": 1e-4 if folds else smallest[key] - change,
                        "largest_inner_eigenvalue": max(inner[key]) + change,
                    }


def _case(row: Mapping[str, object]) -> tuple[object, ...]:
    return row["family"], row["m"], row["extra"], row["k"]


# k, n, kind, loss, family, m, isotropy
_CLASSES = [
    (10, 10, "global_minimum", 0.0, None, 0, "Delta(S_10)"),
    (10, 10, "spurious_minimum", 0.0187022, "II", 1, "Delta(S_9 x S_1)"),
    (10, 10, "spurious_minimum", 0.0353269, "II", 2, "Delta(S_8 x S_2)"),
    (12, 12, "spurious_minimum", 0.0713847, "I", 3, "Delta(S_9 x S_3)"),
    (12, 12, "saddle", 0.0500000, None, 0, "Delta(S_8 x S_4)"),
    (15, 15, "spurious_minimum", 0.0604500, None, 0, "Delta(S_12 x S_2 x S_1)"),
    (15, 16, "spurious_minimum", 0.0341800, None, 0, "Delta(S_13 x S_1 x S_1)"),
]


def _identified() -> Rows:
    for class_id, (k, n, kind, loss, family, m, isotropy) in enumerate(_CLASSES):
        yield {
            "k": k,
            "n": n,
            "class_id": class_id,
            "kind": kind,
            "loss": loss,
            "family": family,
            "m": m,
            "between": 2 if isotropy == "Delta(S_12 x S_2 x S_1)" else 0,
            "isotropy": isotropy,
            "loss_as_I": 0.1803 if family == "I" else None,
            "loss_as_II": 3e-6 * m if family == "II" else None,
            "proved": "proved" if kind == "spurious_minimum" else "not_tried",
        }


def _rates() -> Rows:
    runs = {10: 500, 12: 512}
    for k, total in runs.items():
        for family, m, reached in [
            ("A", 0, 0),
            ("I", 1, 0),
            ("I", 2, 0),
            ("I", 3, 2 if k == 12 else 0),
            ("II", 1, 130),
            ("none", 0, 3),
        ]:
            low, high = clopper_pearson(reached, total)
            yield {
                "search": "safran2021",
                "k": k,
                "n": k,
                "family": family,
                "m": m,
                "runs": total,
                "reached": reached,
                "percent": 100 * reached / total,
                "percent_low": 100 * low,
                "percent_high": 100 * high,
            }
