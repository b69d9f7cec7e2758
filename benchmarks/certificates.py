"""Cost of proving a minimum, beside plain ball arithmetic, which a user would write first.

At II_1 with n = k = d, in one process and on one core: what this project does (existence and
uniqueness by a gradient bound, definiteness over the box by one floating-point factorisation and a
residual); the same statement with the textbook formulas entry by entry in Arb and an LDL^T
decomposition in balls; and the proof through the symmetry. Writes certificates.csv and
certificates.md beside this file.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flint
import numpy as np
import pandas as pd
from flint import arb, ctx

from relu_landscape.certificates import Failure, certify_family, certify_minimum
from relu_landscape.families import symmetric_critical_point
from relu_landscape.objective import population_hessian

SIZES = (6, 10, 14, 20)
BITS = 96
RADIUS = 2.0**-33
REPEATS = 3
HERE = Path(__file__).parent

Matrix = list[list[Any]]


def seconds(work: Callable[[], object]) -> float:
    """Least time of `work`."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def dot(x: list[Any], y: list[Any]) -> Any:
    return sum((a * b for a, b in zip(x, y, strict=True)), start=arb(0))


def angle_terms(w: list[Any], v: list[Any]) -> tuple[Any, Any, list[Any], list[Any], Any]:
    """sin t, pi - t, the unit vectors of both and cos t, by arc cosine."""
    lengths = dot(w, w).sqrt(), dot(v, v).sqrt()
    units = [x / lengths[0] for x in w], [x / lengths[1] for x in v]
    cosine = dot(*units)
    return (1 - cosine**2).sqrt(), arb.pi() - cosine.acos(), *units, cosine


def plain_hessian(W: Matrix, V: Matrix) -> Matrix:
    """The Hessian entry by entry, as S21 eqs. (5), (10) print it."""
    n, d = len(W), len(W[0])
    H = [[arb(0)] * (n * d) for _ in range(n * d)]
    for i, w in enumerate(W):
        others = [(1, x) for j, x in enumerate(W) if j != i] + [(-1, v) for v in V]
        for sign, v in others:
            sine, _, a, b, cosine = angle_terms(w, v)
            m = [(y - cosine * x) / sine for x, y in zip(a, b, strict=True)]
            size = sign * (dot(v, v) / dot(w, w)).sqrt() * sine / (2 * arb.pi())
            for p in range(d):
                for q in range(d):
                    H[i * d + p][i * d + q] += size * (int(p == q) - a[p] * a[q] + m[p] * m[q])
        for p in range(d):
            H[i * d + p][i * d + p] += arb(1) / 2
        for j, v in enumerate(W):
            if j == i:
                continue
            sine, rest, a, b, cosine = angle_terms(w, v)
            for p in range(d):
                for q in range(d):
                    turned = (a[p] - cosine * b[p]) * b[q] + (b[p] - cosine * a[p]) * a[q]
                    H[i * d + p][j * d + q] = (rest * int(p == q) + turned / sine) / (2 * arb.pi())
    return H


def is_positive_definite(A: Matrix, shift: float) -> bool:
    """LDL^T in balls of A - shift I."""
    rows = [[x - shift if i == j else x for j, x in enumerate(row)] for i, row in enumerate(A)]
    while rows:
        pivot, *rest = rows[0]
        if not pivot > 0:
            return False
        scaled = [x / pivot for x in rest]
        rows = [[x - row[0] * y for x, y in zip(row[1:], scaled, strict=True)] for row in rows[1:]]
    return True


def prove_plainly(weights: np.ndarray, shift: float) -> bool:
    """Definiteness over the box alone: the dear part of the proof."""
    before, ctx.prec = ctx.prec, BITS
    try:
        W = [[arb(x, RADIUS) for x in row] for row in weights.tolist()]
        V = [[arb(x) for x in row] for row in np.eye(weights.shape[1]).tolist()]
        return is_positive_definite(plain_hessian(W, V), shift)
    finally:
        ctx.prec = before


def check_agreement() -> None:
    """The plain Hessian encloses that of the library: both prove the same thing."""
    weights = symmetric_critical_point("II", 6, m=1).weights()
    exact = [[arb(x) for x in row] for row in weights.tolist()]
    V = [[arb(x) for x in row] for row in np.eye(6).tolist()]
    found = np.array([[float(x.mid()) for x in row] for row in plain_hessian(exact, V)])
    np.testing.assert_allclose(found, population_hessian(weights, np.eye(6)), atol=1e-12)


def measure() -> pd.DataFrame:
    check_agreement()
    rows = []
    for k in SIZES:
        weights = symmetric_critical_point("II", k, m=1).weights()
        found = certify_minimum(weights, np.eye(k), radius=RADIUS, bits=BITS)
        if isinstance(found, Failure):
            raise RuntimeError(f"k = {k}: {found.reason.meaning}")
        shift = 0.5 * float(found.hessian_lower)
        plain = prove_plainly(weights, shift)
        rows.append(
            {
                "k": k,
                "full_s": seconds(lambda w=weights, k=k: certify_minimum(w, np.eye(k))),
                "symmetry_s": seconds(lambda k=k: certify_family("II", k, m=1)),
                "plain_s": seconds(lambda w=weights, s=shift: prove_plainly(w, s)),
                "full_proved_above": float(found.hessian_lower),
                "plain_proves_half_of_it": plain,
            }
        )
        print(f"k = {k} measured", flush=True)
    return pd.DataFrame(rows)


def render(frame: pd.DataFrame) -> str:
    lines = [
        "# Proving a spurious minimum, seconds",
        "",
        "Written by `make bench`; do not edit. II_1 with n = k = d over a box of half-width "
        f"{RADIUS:.1e}, {BITS} bits, one core, the least of {REPEATS} runs. Full: existence, "
        "uniqueness, definiteness over the box and off the span, loss, norms, from all weights. "
        "Symmetry: the same and every split, through the isotypic blocks. Plain: definiteness over "
        "the box alone, to half of the bound, with textbook formulas and LDL^T in balls.",
        "",
        "| k | full | symmetry | plain Arb | plain / full | plain LDL^T succeeds |",
        "|--:|--:|--:|--:|--:|:--|",
    ]
    lines += [
        f"| {row.k} | {row.full_s:.3g} | {row.symmetry_s:.3g} | {row.plain_s:.3g} "
        f"| {row.plain_s / row.full_s:.0f} | {'yes' if row.plain_proves_half_of_it else 'no'} |"
        for row in frame.itertuples()
    ]
    lines += [
        "",
        f"CPU: {platform.processor() or platform.machine()}, Python {platform.python_version()}, "
        f"python-flint {flint.__version__} (FLINT {flint.__FLINT_VERSION__}).",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    table = measure()
    table.to_csv(HERE / "certificates.csv", index=False, float_format="%.6g")
    (HERE / "certificates.md").write_text(render(table), encoding="utf-8")
    print(render(table))
