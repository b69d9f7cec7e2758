"""Certificates for every k, written without care for the checker to accept or refuse."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from flint import arb, arb_mat, arb_series, ctx
from scipy.linalg import eigvalsh

from relu_landscape.certificates import check_every_k as every

STARTS = {
    "II": {"A": 2.5, "B": -1.3, "C": 2.0, "D": 5.4, "F": 1.3, "G": 1.9},
    "I": {"A": 1.3, "B": 0.8, "C": -1.9, "D": 1.5, "F": 0.6, "G": 0.1},
    "A": {"A": -1.1, "B": -0.6},
}  # at h = 1/20, nearly


def unknowns_at(family: str, m: int, h: Any, near: dict[str, Any]) -> dict[str, Any]:
    """The critical point at h: Newton's method on balls without width."""
    x, names = {name: arb(near[name]).mid() for name in every.unknowns(m)}, every.unknowns(m)
    for _ in range(60):
        columns = []
        for along in names:
            at = every.Place(arb(h), arb(h), 2, False)
            series = {name: arb_series([x[name], int(name == along)], 2) for name in names}
            G = every.residual(every.network(at, family, m, series), family)
            columns.append([g[1].mid() for g in G])
        size = max(abs(float(g[0])) for g in G)
        values = arb_mat(len(names), 1, [g[0].mid() for g in G])
        step = arb_mat(columns).transpose().solve(values)
        x = {name: (x[name] - step[i, 0]).mid() for i, name in enumerate(names)}
        if size < 1e-25:
            return x
    raise ValueError(f"no critical point of {family}_{m} near h = {h}")


def blocks_at(family: str, m: int, h: Any, x: dict[str, Any]) -> list[every.Block]:
    """The network there."""
    at = every.Place(arb(h), arb(h), 1, False)
    return every.network(at, family, m, {name: arb_series([y], 1) for name, y in x.items()})


def smallest_eigenvalues(blocks: list[every.Block]) -> dict[str, float]:
    """Of each component; at h > 0."""
    found: dict[str, float] = {}
    for name, _, K, G in (*every.span_forms(blocks), *every.further_forms(blocks)):
        A, B = ([[float(x[0].mid()) for x in row] for row in M] for M in (K, G))
        value = float(eigvalsh(np.array(A), np.array(B))[0]) / (2 * np.pi)
        found[name] = min(value, found.get(name, value))
    return found


def signed_splits_of(header: every.Header, networks: list[list[every.Block]]) -> dict[str, str]:
    """By class of neurons, what its signed splits are if they are the same at all of these."""
    found = {}
    for P, name in enumerate(header.inner_powers):
        matrices = [
            np.array([[float(x[0].mid()) for x in row] for row in every.trivial_pencil(x, P)[0]])
            for x in networks
        ]
        if all((np.linalg.eigvalsh(K) < -1e-9).all() for K in matrices):
            found[name] = "minima"
        elif all(np.linalg.eigvalsh(K)[-1] > 1e-9 for K in matrices):
            found[name] = "saddles"
        else:
            found[name] = "undecided"
    return found


def certificate(
    family: str,
    m: int,
    least_k: Fraction,
    cuts: list[Fraction],
    radius: float = 1e-3,
    uniqueness: float = 1e-2,
    bits: int = 128,
) -> list[str]:
    """The lines of a certificate with these ends of pieces; bounds with some room."""
    before, ctx.prec = ctx.prec, bits
    try:
        return list(_lines(family, m, least_k, cuts, radius, uniqueness, bits))
    finally:
        ctx.prec = before


def text(number: Any) -> str:
    """An exact number of 53 bits."""
    return float(number).hex()


def predictor_through(points: list[dict[str, Any]], half: Fraction) -> dict[str, list[str]]:
    """The parabolas through three points, at -half, 0, half."""
    s, found = every.ball(half), {}
    for name in points[0]:
        a, b, c = (x[name] for x in points)
        found[name] = [text(x) for x in (b, (c - a) / (2 * s), (a - 2 * b + c) / (2 * s * s))]
    return found


def header_of(family: str, m: int) -> dict[str, Any]:
    """The first line."""
    return {
        "statement": "family_for_every_k",
        "family": family,
        "special_rows": m,
        "least_k": "1000",
        "bits": 128,
        "unknowns": list(every.unknowns(m)),
        "loss_power": every.LOSS_POWERS[family],
    }


def _lines(family, m, least_k, cuts, radius, uniqueness, bits):  # type: ignore[no-untyped-def]
    header = header_of(family, m) | {"least_k": str(least_k), "bits": bits}
    yield json.dumps(header)
    read, near = every.Header(header), STARTS[family]
    for low, high in pairwise(cuts):
        center, half = (low + high) / 2, (high - low) / 2
        points = [low, center, high]
        found = []
        for h in points:
            near = unknowns_at(family, m, every.ball(h), near)
            found.append(near)
        predictor = predictor_through(found, half)
        blocks = [
            blocks_at(family, m, every.ball(h), x) for h, x in zip(points, found, strict=True)
        ]
        bounds = [smallest_eigenvalues(x) for x in blocks[1:]]
        line: dict[str, Any] = {
            "statement": "piece",
            "h": [text(low), text(high)],
            "predictor": predictor,
            "radius": dict.fromkeys(read.names, text(radius)),
            "uniqueness": dict.fromkeys(read.names, text(uniqueness)),
            "eigenvalue_lower": {
                name: text(0.8 * min(x[name] for x in bounds)) for name in bounds[0]
            },
            "inner_upper": {},
        }
        values = [
            {name: float(y[0].mid()) for name, y in every.series_of_quantities(read, x).items()}
            for x in blocks
        ]
        for name, power in read.inner_powers.items():
            line["inner_upper"][name] = [power, text(0.8 * max(x[name] for x in values))]
        for name in read.ranges:
            ends = [x[name] for x in values]
            line[name] = [text(0.9 * min(ends)), text(1.1 * max(ends))]
        line["signed_splits"] = signed_splits_of(read, blocks)
        yield json.dumps(line)
