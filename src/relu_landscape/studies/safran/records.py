"""Rows of result tables from what was measured at a class of points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relu_landscape.minima.curvature import MeasuredCurvature
    from relu_landscape.minima.landing import FollowedDescents
    from relu_landscape.minima.splitting import Split


def curvature_record(row: Mapping[str, Any], found: MeasuredCurvature) -> dict[str, Any]:
    """What is measured in a row of table `curvature`; `row` is the class in table `classes`."""
    return {
        "k": row["k"],
        "n": row["n"],
        "class_id": row["class_id"],
        "runs": row["runs"],
        "loss": row["loss"],
        "kind": found.kind.value,
        "smallest_eigenvalue": float(found.spectrum[0]),
        "largest_eigenvalue": float(found.spectrum[-1]),
        "eigenvalue_error": found.eigenvalue_error,
        "negative_eigenvalues": int((found.spectrum < -found.eigenvalue_error).sum()),
        "norm_sum": found.norm_sum,
        "norm_gap": row["k"] - found.norm_sum,
        "largest_inner_eigenvalue": float(found.inner_smallest_eigenvalues.max()),
        "largest_mean_curvature": float(found.mean_curvatures.max()),
    }


def neuron_records(row: Mapping[str, Any], found: MeasuredCurvature) -> Iterator[dict[str, Any]]:
    """What is measured in the rows of table `neurons`; `row` is the class in table `classes`."""
    for neuron in range(len(found.norms)):
        yield {
            "k": row["k"],
            "n": row["n"],
            "class_id": row["class_id"],
            "neuron": neuron,
            "orbit": int(found.neuron_orbit_ids[neuron]),
            "norm": float(found.norms[neuron]),
            "inner_smallest_eigenvalue": float(found.inner_smallest_eigenvalues[neuron]),
            "mean_curvature": float(found.mean_curvatures[neuron]),
        }


def split_record(row: Mapping[str, Any], split: Split) -> dict[str, Any]:
    """The row of table `splits` for a split neuron; `row` is its class in table `curvature`."""
    found = split.curvature
    return {
        **{name: row[name] for name in ("k", "n", "class_id", "kind")},
        "neuron": split.neuron,
        "alpha": split.alpha,
        "gradient_norm": found.gradient_norm,
        "smallest_eigenvalue": found.smallest_eigenvalue,
        "eigenvalue_error": found.eigenvalue_error,
        "inner_smallest_eigenvalue": found.inner_smallest_eigenvalue,
        "bound": found.bound,
        "verdict": "strict_saddle" if found.is_strict_saddle else "not_strict_saddle",
    }


def fate_records(
    origins: Sequence[tuple[Mapping[str, Any], Split]], fates: FollowedDescents
) -> Iterator[dict[str, Any]]:
    """The rows of table `fates`: two for each origin, signs +1 and -1 in this order.

    `origins` are the followed splits, each with the row of its class in table `curvature`.
    """
    descent = fates.descent
    for run, landing in enumerate(fates.landings):
        row, split = origins[run // 2]
        yield {
            **{name: row[name] for name in ("k", "n", "class_id")},
            "neuron": split.neuron,
            "alpha": split.alpha,
            "sign": -1 if run % 2 else 1,
            "iterations": int(descent.iterations[run]),
            "stop_reason": str(descent.stop_reasons[run]),
            "loss_before": row["loss"],
            "loss_after": float(descent.losses[run]),
            "landing": landing.value,
            "landing_class": int(fates.classes[run]),
            "gradient_norm": float(descent.gradient_norms[run]),
        }
