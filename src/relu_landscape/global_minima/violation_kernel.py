"""Descent on the ratio of form to bound of Conjecture 12, compiled.

A row x of the perturbation, in units of the radius, is 2 y/(1 + |y|^2) for some y: all of R^d is
folded onto the unit ball, its sphere onto itself, so that nothing constrains y and a minimum on the
sphere is smooth in it. Where neurons are parallel the ratio has kinks, at which minima lie: BFGS
whose line search asks for weak Wolfe conditions alone converges there too (Lewis and Overton,
Math. Program. 141 (2013)).

The code is not kept between processes: kept code would not notice a change of what it calls from
another module.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from relu_landscape.global_minima.perturbations import SPREAD_WEIGHT
from relu_landscape.objective.curvature_slopes import gradient_derivatives

FIRST_STEP: Final = 0.1  # length of the first step, and after each fresh start
SUFFICIENT: Final = 1e-4  # share of the promised fall that a step has to bring
LEVELLED: Final = 0.5  # share of its steepness that the value may keep after a step
TRIALS: Final = 60  # of a step's length
IDLE: Final = 12  # steps in a row that hardly help, after which a descent ends


@njit(error_model="numpy")
def ratio_quotient(Y, m, radius, slope):  # type: ignore[no-untyped-def]
    """(form/bound - 1)/radius at the unfolded rows Y (m k, k); writes its derivative in Y."""
    n, d = Y.shape
    k = n // m
    G, W, V = np.empty((n, d)), np.zeros((n, d)), np.zeros((k, d))
    sums, total = np.zeros((k, d)), np.zeros(d)
    for i in range(n):
        squared = 0.0
        for c in range(d):
            squared += Y[i, c] ** 2
        W[i, i // m], V[i // m, i // m] = 1.0 / m, 1.0
        for c in range(d):
            G[i, c] = 2.0 * radius * Y[i, c] / (1.0 + squared)
            W[i, c] += G[i, c]
            sums[i // m, c] += G[i, c]
            total[c] += G[i, c]
    first, second = gradient_derivatives(W, V, G)
    form, bound = 0.0, 0.0
    for i in range(n):
        for c in range(d):
            form += G[i, c] * first[i, c]
    for c in range(d):
        bound += 0.25 * total[c] ** 2
        for i in range(k):
            bound += 0.25 * SPREAD_WEIGHT * sums[i, c] ** 2
    ratio = form / bound
    for i in range(n):
        squared, along = 0.0, 0.0
        for c in range(d):
            bound_slope = 0.5 * (total[c] + SPREAD_WEIGHT * sums[i // m, c])
            slope[i, c] = (second[i, c] + 2.0 * first[i, c] - ratio * bound_slope) / bound
            squared += Y[i, c] ** 2
            along += slope[i, c] * Y[i, c]
        fold = 2.0 / (1.0 + squared)
        for c in range(d):
            slope[i, c] = fold * (slope[i, c] - fold * along * Y[i, c])
    return (ratio - 1.0) / radius


@njit(error_model="numpy")
def _set_identity(H, size):  # type: ignore[no-untyped-def]
    """The inverse Hessian that a descent begins with, size times the identity."""
    for a in range(len(H)):
        for b in range(len(H)):
            H[a, b] = 0.0
        H[a, a] = size


@njit(error_model="numpy")
def _update_inverse(H, moved, turned):  # type: ignore[no-untyped-def]
    """BFGS update of the inverse Hessian by a step and the change of slope along it, (N,) each."""
    along, carried = 0.0, np.zeros(len(H))
    for a in range(len(H)):
        along += moved[a] * turned[a]
        for b in range(len(H)):
            carried[a] += H[a, b] * turned[b]
    if not along > 0.0:
        return
    stretch = 0.0
    for a in range(len(H)):
        stretch += carried[a] * turned[a]
    for a in range(len(H)):
        for b in range(len(H)):
            H[a, b] += (1.0 + stretch / along) * moved[a] * moved[b] / along
            H[a, b] -= (moved[a] * carried[b] + carried[a] * moved[b]) / along


@njit(error_model="numpy")
def descend_ratio(Y, m, radius, iterations, tolerance):  # type: ignore[no-untyped-def]
    """Least (form/bound - 1)/radius on the way down from Y (m k, k), and where, as Y.

    Ends after so many iterations, after IDLE in a row that lower the value by less than the
    tolerance, a share of it, or where no step lowers it.
    """
    here, there, way = Y.copy(), np.empty_like(Y), np.empty_like(Y)
    slope, ahead = np.empty_like(Y), np.empty_like(Y)
    count = Y.size
    x, x_new, p = here.reshape(count), there.reshape(count), way.reshape(count)
    g, g_new = slope.reshape(count), ahead.reshape(count)
    H = np.empty((count, count))
    value = ratio_quotient(here, m, radius, slope)
    fresh, idle = True, 0
    for _ in range(iterations):
        if fresh:
            squared = 0.0
            for a in range(count):
                squared += g[a] ** 2
            _set_identity(H, FIRST_STEP / np.sqrt(squared))
        steepness = 0.0
        for a in range(count):
            p[a] = 0.0
            for b in range(count):
                p[a] -= H[a, b] * g[b]
            steepness += p[a] * g[a]
        low, high, step, value_new, found = 0.0, np.inf, 1.0, value, False
        for _ in range(TRIALS if steepness < 0.0 else 0):
            for a in range(count):
                x_new[a] = x[a] + step * p[a]
            value_new = ratio_quotient(there, m, radius, ahead)
            left = 0.0
            for a in range(count):
                left += g_new[a] * p[a]
            if not value_new <= value + SUFFICIENT * step * steepness:
                high = step
            elif left < LEVELLED * steepness:
                low = step
            else:
                found = True
                break
            step = 0.5 * (low + high) if high < np.inf else 2.0 * low
        if not found and not value_new < value:
            # Rounding has spoiled the inverse Hessian, or nothing helps.
            if fresh:
                break
            fresh = True
            continue
        for a in range(count):
            p[a], x[a] = x_new[a] - x[a], x_new[a]
            g[a], g_new[a] = g_new[a], g_new[a] - g[a]
        if fresh:
            along, squared = 0.0, 0.0
            for a in range(count):
                along += p[a] * g_new[a]
                squared += g_new[a] ** 2
            if along > 0.0:
                _set_identity(H, along / squared)
        _update_inverse(H, p, g_new)
        idle = idle + 1 if value - value_new < tolerance * abs(value_new) else 0
        value, fresh = value_new, False
        if idle >= IDLE:
            break
    return value, here
