"""Families of symmetric critical points as rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np

from relu_landscape.families.closed_forms import closed_form_series
from relu_landscape.families.critical_point import SymmetricCriticalPoint, symmetric_critical_point
from relu_landscape.families.series import puiseux_series
from relu_landscape.families.thresholds import stability_threshold
from relu_landscape.symmetry.arithmetic import digits_for, extended
from relu_landscape.symmetry.isotypic import Eigenvalue, isotypic_spectrum

PRINTED_DIGITS = 20
SERIES_DIGITS = 50
# An eigenvalue that grows with k is beyond this; the bounded ones stay below 1/2.
GROWING = 0.75

Records = list[dict[str, Any]]


def solve_family_records(
    family: str, m: int | None, extra: int, teachers: Sequence[int]
) -> dict[str, Records]:
    """Return the rows of one family at several k, by table.

    Args:
        family: "A", "I" or "II".
        m: neurons in the second block; None for A.
        extra: neurons beyond n = k.
        teachers: values of k.

    Returns:
        family_points, family_parameters, family_spectra, family_splits.
    """
    tables: dict[str, Records] = {
        name: []
        for name in ("family_points", "family_parameters", "family_spectra", "family_splits")
    }
    for k in teachers:
        point = symmetric_critical_point(family, k, m=m, extra=extra)
        labels = {"family": family, "m": point.m, "extra": extra, "k": k}
        tables["family_points"].append({**labels, **_point_columns(point)})
        tables["family_parameters"] += [
            {**labels, "parameter": name, "value": float(value)}
            for name, value in zip(point.space.parameter_names, point.parameters, strict=True)
        ]
        tables["family_spectra"] += [
            {
                **labels,
                "rank": rank,
                "eigenvalue": row.value,
                "multiplicity": row.multiplicity,
                "irrep": row.irrep,
            }
            for rank, row in enumerate(point.spectrum)
        ]
        tables["family_splits"] += [
            {**labels, **_split_columns(point, neuron_class)}
            for neuron_class in range(len(point.space.row_sizes))
        ]
    return tables


def threshold_record(family: str, m: int | None, extra: int) -> dict[str, Any]:
    """Return the row of stability_thresholds of one family. Arguments as above."""
    found = stability_threshold(family, m=m, extra=extra)
    return {
        "family": family,
        "m": found.m,
        "extra": extra,
        "k": found.k,
        "irrep": found.irrep,
        "index_below": found.index_below,
        "index_above": found.index_above,
        "smallest_integer": found.smallest_integer_above,
        "lost_k": found.lost_k,
    }


def series_records(family: str, m: int | None, terms: int) -> Records:
    """Return the rows of puiseux_coefficients of one family.

    Args:
        family, m: as above.
        terms: number of coefficients of each quantity.
    """
    series = puiseux_series(family, m=m, terms=terms)
    known = {(form.quantity, form.power): form.value for form in closed_form_series(family, m=m)}
    records = []
    for quantity, found in {"loss": series.loss, **series.entries}.items():
        for power, (value, error) in enumerate(zip(found.coefficients, found.errors, strict=True)):
            closed = known.get((quantity, power))
            records.append(
                {
                    "family": family,
                    "m": series.m,
                    "quantity": quantity,
                    "power": power,
                    "coefficient": float(value),
                    "error": error,
                    "digits": mpmath.nstr(value, PRINTED_DIGITS),
                    "closed_form": None if closed is None else float(closed),
                    "difference": None if closed is None else _difference(value, closed),
                }
            )
    return records


def _point_columns(point: SymmetricCriticalPoint) -> dict[str, Any]:
    return {
        "isotropy": point.isotropy,
        "loss": point.loss,
        "smallest_eigenvalue": point.smallest.value,
        "irrep": point.smallest.irrep,
        "largest_eigenvalue": point.spectrum[-1].value,
        "index": point.index,
        "distinct_eigenvalues": len(point.spectrum),
        "bounded_difference": None if point.extra else _difference_to_global_minimum(point),
    }


def _split_columns(point: SymmetricCriticalPoint, neuron_class: int) -> dict[str, Any]:
    split = point.split(neuron_class)
    return {
        "neuron_class": neuron_class,
        "neurons": round(point.space.row_sizes[neuron_class]),
        "inner_smallest_eigenvalue": split.smallest.value,
        "irrep": split.smallest.irrep,
        "inner_largest_eigenvalue": split.inner_spectrum[-1].value,
    }


def _difference_to_global_minimum(point: SymmetricCriticalPoint) -> float:
    """Largest difference to the spectrum at W = V, over the eigenvalues that stay bounded.

    W = V lies in the same fixed-point space, so both spectra fall into the same representations,
    and in each the eigenvalues are compared in increasing order.
    """
    names = point.space.parameter_names
    identity = np.array([1.0 if name.endswith(".diag") else 0.0 for name in names])
    here = _by_irrep(point.spectrum)
    # The largest eigenvalues grow like k: in float64 the bounded ones would lose their last digits.
    arithmetic = extended(digits_for(point.k))
    there = _by_irrep(isotypic_spectrum(point.space, identity, arithmetic))
    return max(
        abs(mine - other)
        for irrep, values in here.items()
        for mine, other in zip(values, there[irrep], strict=True)
        if max(mine, other) < GROWING
    )


def _by_irrep(spectrum: Sequence[Eigenvalue]) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for row in spectrum:
        values.setdefault(row.irrep, []).append(row.value)
    return values


def _difference(value: mpmath.mpf, closed: mpmath.mpf) -> float:
    with mpmath.workdps(SERIES_DIGITS):
        return float(abs(value - closed))
