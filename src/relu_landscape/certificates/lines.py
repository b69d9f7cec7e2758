"""Certificates as lines of JSON, with exact numbers; the format is `certificate.schema.json`.

Weights and directions are hexadecimal floats, bounds are decimal numbers, points of counterexamples
are fractions: all in strings, all exact. Nothing here writes a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, instance_of, several, text
from relu_landscape.certificates.erf_minimum import ErfMinimumCertificate
from relu_landscape.certificates.global_minimum import GlobalMinimumCertificate
from relu_landscape.certificates.inequalities import Fractions, InequalityCertificate
from relu_landscape.certificates.minimum import MinimumCertificate
from relu_landscape.certificates.plateau import PlateauCertificate
from relu_landscape.certificates.precision import Ball
from relu_landscape.certificates.saddle import SaddleCertificate
from relu_landscape.certificates.symmetric_minimum import SymmetricMinimumCertificate
from relu_landscape.certificates.symmetric_plateau import SymmetricPlateauCertificate


@checked_arguments(
    minimum=instance_of(MinimumCertificate),
    splits=several(instance_of(SaddleCertificate)),
    plateaus=several(instance_of(PlateauCertificate)),
)
def minimum_line(
    minimum: MinimumCertificate,
    splits: Iterable[SaddleCertificate] = (),
    plateaus: Iterable[PlateauCertificate] = (),
) -> str:
    """Return the line that states a minimum, and what splits of its neurons do.

    Args:
        minimum: the minimum.
        splits: saddles proved from this very minimum.
        plateaus: minima proved from it.

    Raises:
        ValueError: a split of another minimum.
    """
    saddles, minima = list(splits), list(plateaus)
    if any(x.minimum is not minimum for x in saddles) or any(
        x.minimum is not minimum for x in minima
    ):
        raise ValueError("a split belongs to another minimum: write it with its own")
    n, d = minimum.W.shape
    attained = minimum.outputs.count(1) >= len(minimum.V)  # F = 0, elsewhere
    return to_line(
        {
            "statement": "spurious_minimum" if attained else "strict_minimum",
            "bits": minimum.bits,
            "n": n,
            "k": len(minimum.V),
            "d": d,
            "V": _teachers(minimum.V),
            "W": _hexadecimal(minimum.W),
            **_other_network(minimum),
            "radius": minimum.radius.hex(),
            "hessian_lower": str(minimum.hessian_lower),
            "orthogonal_hessian_lower": str(minimum.orthogonal_hessian_lower),
            "location_radius": str(minimum.location_radius),
            "convexity_radius": str(minimum.convexity_radius),
            "loss_lower": str(minimum.loss_lower),
            "loss_upper": str(minimum.loss_upper),
            "norm_sum_lower": str(minimum.norm_sum_lower),
            "norm_sum_upper": str(minimum.norm_sum_upper),
            "splits": [
                {
                    "neuron": saddle.neuron,
                    "direction": _hexadecimal(saddle.direction),
                    "curvature_upper": str(saddle.curvature_upper),
                    "growth": _hexadecimal(saddle.growth),
                    "slope_upper": str(saddle.slope_upper),
                }
                for saddle in saddles
            ],
            **_plateaus({"neuron": x.neuron, **_plateau_bound(x)} for x in minima),
        }
    )


@checked_arguments(plateau=instance_of(PlateauCertificate))
def plateau_line(plateau: PlateauCertificate) -> str:
    """Return the line that states a minimum and the plateau of one of its neurons."""
    return minimum_line(plateau.minimum, plateaus=[plateau])


@checked_arguments(saddle=instance_of(SaddleCertificate))
def saddle_line(saddle: SaddleCertificate) -> str:
    """Return the line that states a minimum and the split of one of its neurons."""
    return minimum_line(saddle.minimum, [saddle])


@checked_arguments(
    found=instance_of(SymmetricMinimumCertificate),
    plateaus=several(instance_of(SymmetricPlateauCertificate)),
)
def symmetric_minimum_line(
    found: SymmetricMinimumCertificate, plateaus: Iterable[SymmetricPlateauCertificate] = ()
) -> str:
    """Return the line that states a minimum with a symmetry, and what splits of its neurons do.

    Args:
        found: the minimum.
        plateaus: minima proved from this very minimum.

    Raises:
        ValueError: a plateau of another minimum.
    """
    minima = list(plateaus)
    if any(x.minimum is not found for x in minima):
        raise ValueError("a plateau belongs to another minimum: write it with its own")
    return to_line(
        {
            "statement": "symmetric_minimum" if found.spurious else "symmetric_strict_minimum",
            "bits": found.bits,
            "blocks": list(found.blocks),
            "extra": found.extra,
            **({"absent": found.absent} if found.absent else {}),
            **_other_network(found),
            "own": [_dyadic(x) for x in found.W.own],
            "rest": [[_dyadic(x) for x in row] for row in found.W.rest],
            "radius": found.radius.hex(),
            "hessian_lower": str(found.hessian_lower),
            "orthogonal_hessian_lower": str(found.orthogonal_hessian_lower),
            "location_radius": str(found.location_radius),
            "loss_lower": str(found.loss_lower),
            "loss_upper": str(found.loss_upper),
            "norm_sum_lower": str(found.norm_sum_lower),
            "norm_sum_upper": str(found.norm_sum_upper),
            "splits": [
                {
                    "row": split.row,
                    "direction": _hexadecimal(split.direction),
                    "curvature_upper": str(split.curvature_upper),
                    "growth": _hexadecimal(split.growth),
                    "slope_upper": str(split.slope_upper),
                }
                for split in found.splits
            ],
            **_plateaus({"row": x.row, **_plateau_bound(x)} for x in minima),
        }
    )


@checked_arguments(found=instance_of(ErfMinimumCertificate))
def erf_minimum_line(found: ErfMinimumCertificate) -> str:
    """Return the line that states a strict minimum of erf in weights and outputs."""
    n, d = found.W.shape
    return to_line(
        {
            "statement": "erf_minimum",
            "bits": found.bits,
            "n": n,
            "k": found.k,
            "d": d,
            "W": _hexadecimal(found.W),
            "outputs": _hexadecimal(found.outputs),
            "radius": found.radius.hex(),
            "hessian_lower": str(found.hessian_lower),
            "orthogonal_hessian_lower": str(found.orthogonal_hessian_lower),
            "location_radius": str(found.location_radius),
            "loss_lower": str(found.loss_lower),
            "loss_upper": str(found.loss_upper),
        }
    )


@checked_arguments(found=instance_of(GlobalMinimumCertificate))
def global_minimum_line(found: GlobalMinimumCertificate) -> str:
    """Return the line that states the curvature at and around the global minimum with n = k."""
    return to_line(
        {
            "statement": "global_minimum",
            "bits": found.bits,
            "k": found.k,
            "eigenvalue_lower": str(found.eigenvalue_lower),
            "eigenvalue_upper": str(found.eigenvalue_upper),
            "radius": str(found.radius),
            "hessian_lower": str(found.hessian_lower),
        }
    )


@checked_arguments(found=instance_of(InequalityCertificate))
def inequality_line(found: InequalityCertificate) -> str:
    """Return the line that states an inequality at a rational point."""
    n, d = found.point.weights.shape
    return to_line(
        {
            "statement": "inequality",
            "bits": found.bits,
            "quantity": str(found.quantity),
            "n": n,
            "k": found.point.k,
            "d": d,
            "W": _fractions(found.point.weights),
            "minimum": _fractions(found.point.minimum),
            "direction": _fractions(found.point.direction),
            "upper": str(found.upper),
            "distance_upper": str(found.distance_upper),
        }
    )


@checked_arguments(lines=several(text))
def file_text(lines: Sequence[str]) -> str:
    """Return the text of a file of certificates: their lines, and a last one that counts them.

    Args:
        lines: one a certificate, as `minimum_line` and its like return them; may be none.

    Raises:
        ValueError: something else than strings.
    """
    end = json.dumps({"certificates": len(lines)})
    return "".join(f"{line}\n" for line in (*lines, end))


def to_line(fields: dict[str, Any]) -> str:
    """Return the fields of a certificate as one line of JSON."""
    return json.dumps(fields, allow_nan=False, separators=(",", ":"))


def _other_network(minimum: MinimumCertificate | SymmetricMinimumCertificate) -> dict[str, Any]:
    """The fields that say which network it is, if it is not that of the ReLU with outputs 1."""
    signed = {"outputs": list(minimum.outputs)} if -1 in minimum.outputs else {}
    return signed | ({"slope": minimum.slope.hex()} if minimum.slope else {})


def _plateaus(plateaus: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The field that lists them, if there are any."""
    fields = list(plateaus)
    return {"plateaus": fields} if fields else {}


def _plateau_bound(plateau: PlateauCertificate | SymmetricPlateauCertificate) -> dict[str, Any]:
    return {"sign": plateau.sign, "curvature_lower": str(plateau.curvature_lower)}


def _teachers(V: NDArray[np.float64]) -> Any:
    return "identity" if np.array_equal(V, np.eye(*V.shape)) else _hexadecimal(V)


def _fractions(rows: Fractions) -> list[list[str]]:
    return [[str(Fraction(x)) for x in row] for row in rows]


def _dyadic(number: Ball) -> str:
    """An exact ball of any precision, in the notation of hexadecimal floats."""
    mantissa, exponent = number.man_exp()
    return f"{'-' if mantissa < 0 else ''}{hex(abs(int(mantissa)))}p{int(exponent)}"


def _hexadecimal(values: NDArray[np.float64]) -> Any:
    if values.ndim == 2:
        return [_hexadecimal(row) for row in values]
    return [float(x).hex() for x in values]
