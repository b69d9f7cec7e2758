"""The checker's arithmetic against the reference in extended precision, which shares no code.

Each comparison takes the checker's module, so that a copy with a mistake in it can be tried, too:
see `mutations`. Points are no critical points and have no symmetry but the one that is asked for;
nothing cancels by accident.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache
from types import ModuleType

import mpmath
import numpy as np
import pytest
from flint import arb, arb_mat, ctx

from helpers_certificates import entries, lies_in
from relu_landscape.minima import inner_hessian
from relu_landscape.objective import (
    leaky_relu,
    population_gradient,
    population_hessian,
    population_joint_gradient,
    population_joint_hessian,
    population_loss,
    reference_gradient,
    reference_hessian,
    reference_loss,
)

BITS, DIGITS, NARROW = 128, 60, 1e-27
RNG = np.random.default_rng(19)


@contextmanager
def precise():
    """Balls of some bits, and mpmath numbers that are finer."""
    before, ctx.prec = ctx.prec, BITS
    try:
        with mpmath.workdps(2 * DIGITS):
            yield
    finally:
        ctx.prec = before


def exact(values):
    """Floats as balls."""
    return [exact(x) for x in values] if np.ndim(values) else arb(float(values))


def assert_encloses(balls, values, width=NARROW):
    """The balls hold the values and are narrow."""
    found = entries(balls) if not isinstance(balls, arb) else [balls]
    expected = np.asarray(values, dtype=object).ravel()
    assert len(found) == len(expected)
    for ball, value in zip(found, expected, strict=True):
        assert float(ball.rad()) <= width
        assert lies_in(mpmath.mpf(value), ball)


def tilted(w, size, seed):
    """A vector at a small angle."""
    other = np.random.default_rng(seed).normal(size=len(w))
    return w + size * np.linalg.norm(w) * (other - w * (other @ w) / (w @ w))


FIRST = RNG.normal(size=4)
OTHER = RNG.normal(size=4)
PAIRS = {
    "acute": (FIRST, OTHER * np.sign(FIRST @ OTHER)),
    "obtuse": (0.3 * FIRST, -OTHER * np.sign(FIRST @ OTHER)),
    "nearly parallel": (FIRST, 1.7 * tilted(FIRST, 1e-7, 1)),
    "nearly antiparallel": (FIRST, -0.6 * tilted(FIRST, 1e-7, 2)),
}
# Norms are whole numbers: nothing is rounded, and the angle is known to be 0.
PARALLEL = (np.array([1.0, 2.0, 2.0]), np.array([2.0, 4.0, 4.0]))
ANTIPARALLEL = (np.array([1.0, 2.0, 2.0]), np.array([-2.0, -4.0, -4.0]))
NETWORKS = {
    "general": (RNG.normal(size=(3, 4)), RNG.normal(size=(2, 4))),
    "nearly parallel": (
        np.array([FIRST, 1.2 * tilted(FIRST, 1e-6, 3), OTHER]),
        np.array([0.8 * tilted(FIRST, 1e-7, 4), -1.1 * tilted(OTHER, 1e-7, 5), RNG.normal(size=4)]),
    ),
    "one student": (RNG.normal(size=(1, 3)), RNG.normal(size=(2, 3))),
}
DISPLACEMENTS = {name: RNG.normal(size=W.shape) for name, (W, _) in NETWORKS.items()}
GROWTHS = {name: RNG.normal(size=W.shape[1]) for name, (W, _) in NETWORKS.items()}


def extended(values):
    """Floats as mpmath numbers."""
    return np.vectorize(mpmath.mpf, otypes=[object])(np.asarray(values))


@cache
def reference_pair(name):
    """sin t, cos t, pi - t, f, p, q, m and h1, h2 of a pair, from textbook formulas."""
    given = PAIRS[name]
    w, v = (extended(x) for x in given)
    norms = [mpmath.sqrt(mpmath.fdot(x, x)) for x in (w, v)]
    a, b = w / norms[0], v / norms[1]
    t = mpmath.acos(mpmath.fdot(a, b))
    p, q = ((x / mpmath.sqrt(mpmath.fdot(x, x))) for x in (a + b, a - b))
    m = b - a * mpmath.fdot(a, b)
    f = (norms[0] ** 2 + norms[1] ** 2) / 4 - reference_loss([given[0]], [given[1]], digits=DIGITS)
    both = reference_hessian(np.array(given), [given[1]], digits=DIGITS)
    return {
        "sine": mpmath.sin(t),
        "cosine": mpmath.cos(t),
        "rest": mpmath.pi - t,
        "f": f,
        "directions": [p, q],
        "normal": m / mpmath.sqrt(mpmath.fdot(m, m)),
        "h2": both[:4, 4:],
    }


def pairs(check):
    """Two neurons, each formula alone."""
    for name, (w, v) in PAIRS.items():
        known = reference_pair(name)
        pair = check.Pair(check.Neuron(exact(w)), check.Neuron(exact(v)))
        for quantity in ("sine", "cosine", "rest"):
            assert_encloses(getattr(pair, quantity), known[quantity])
        assert_encloses(pair.f(), known["f"])
        assert_encloses(pair.directions(), known["directions"], 1e-20)
        assert_encloses([pair.normal()], known["normal"], 1e-20)
        assert_encloses(pair.h2(), known["h2"], 1e-20)


def parallel_pairs(check):
    """Where p, q and m are not known, they do not matter; in a box they are anything."""
    for (w, v), rest in ((PARALLEL, mpmath.pi), (ANTIPARALLEL, mpmath.mpf(0))):
        pair = check.Pair(check.Neuron(exact(w)), check.Neuron(exact(v)))
        assert pair.directions() is None
        assert pair.normal() is None
        assert_encloses(pair.rest, rest)
        assert_encloses(pair.h2(), np.eye(3) * (rest / (2 * mpmath.pi)))
    size, v = 1e-4, ANTIPARALLEL[1]
    for w in (PARALLEL[0], -PARALLEL[0]):
        box = check.Neuron([x + arb(0, size) for x in exact(w)])
        h2 = check.Pair(box, check.Neuron(exact(v))).h2()
        for seed in range(6):
            point = w + size * np.sign(np.random.default_rng(seed).normal(size=3))
            both = reference_hessian([point, v], [v], digits=20)
            assert_encloses(h2, both[:3, 3:], 8 * size)


def turned(size):
    """A box of w = (1, y), |y| <= size, and its end: next to v = (1, 0) no bound has any slack."""
    return [arb(1), arb(0, size)], np.array([1.0, size])


def tight_boxes(check):
    """Where m, p and q are not known, sin t counts whole."""
    size = 2.0**-10
    box, end = turned(size)
    v = np.array([1.0, 0.0])
    both = reference_hessian([end, v], [v], digits=DIGITS)
    alone = reference_hessian([end], [v], digits=DIGITS)
    first = -(alone - np.eye(2) / 2)
    pair = check.Pair(check.Neuron(box), check.Neuron(exact(v)))
    assert_encloses(pair.h2(), both[:2, 2:], size)
    assert_encloses(check.Network([box], [exact(v)]).inner(0), -first, size)
    # The own coordinate of w, that of the teacher where it is another one, the rest of both parts.
    W = exact([1.0, 1.0]), [[arb(0), arb(0, size)], exact([0.0, 0.0])]
    short = np.zeros((4, 4), dtype=object)
    short[np.ix_([0, 3], [0, 3])] = first
    # Off the plane h1 is a multiple of the identity.
    across = mpmath.sin(mpmath.atan(mpmath.mpf(size))) / (2 * mpmath.pi * norm_of(end))
    short[1, 1] = short[2, 2] = across
    assert_encloses(check.Orbit([1, 1], W, 0, None, None).h1(), short, size)


def norm_of(values):
    """Euclidean length."""
    return mpmath.sqrt(mpmath.fdot(extended(values), extended(values)))


def roots(check):
    """Roots of balls that reach below zero; a neuron that may be zero is refused."""
    for middle, radius in ((0.25, 0.5), (-0.125, 0.25), (0.0, 0.0), (2.0, 0.25)):
        found = check.root(arb(middle, radius))
        for square in (max(middle - radius, 0.0), middle + radius):
            assert lies_in(mpmath.sqrt(mpmath.mpf(square)), found)
        assert float(found.rad()) <= np.sqrt(middle + radius)
    assert_encloses(check.root(arb(2)), mpmath.sqrt(2))
    for weights in (exact([0.0, 0.0]), [arb(0, 0.5), arb(0.25, 0.5)]):
        assert_refused(check, "a neuron may be zero", check.Neuron, weights)


def padded_hessian(W, V):
    """M: the Hessian along a further input."""
    wide = [np.pad(rows, [(0, 0), (0, 1)]) for rows in (W, V)]
    n, d = W.shape
    hessian = reference_hessian(*wide, digits=DIGITS).reshape(n, d + 1, n, d + 1)
    return hessian[:, d, :, d]


def slope_of_growth(W, V, z):
    """From F alone: F with the neuron z is F + |z|^2/4 + its slope."""
    grown, before = (reference_loss(rows, V, digits=DIGITS) for rows in (np.vstack([W, z]), W))
    return grown - before - mpmath.fdot(extended(z), extended(z)) / 4


@cache
def reference_network(name):
    """F and its derivatives."""
    (W, V), U = NETWORKS[name], DISPLACEMENTS[name]
    n, d = W.shape
    hessian = reference_hessian(W, V, digits=DIGITS)
    own = [hessian.reshape(n, d, n, d)[i, :, i] - np.eye(d) / 2 for i in range(n)]
    return {
        "loss": reference_loss(W, V, digits=DIGITS),
        "gradient": reference_gradient(W, V, digits=DIGITS),
        "hessian": hessian,
        "form": extended(U).ravel() @ hessian @ extended(U).ravel(),
        "inner": own,
        "orthogonal": padded_hessian(W, V),
        "slope": slope_of_growth(W, V, GROWTHS[name]),
    }


def networks(check):
    """F, gradient, Hessian and what is taken from it."""
    for name, (W, V) in NETWORKS.items():
        known, network = reference_network(name), check.Network(exact(W), exact(V))
        assert_encloses(network.loss(), known["loss"])
        assert_encloses(network.gradient(), known["gradient"])
        assert_encloses(network.hessian(), known["hessian"], 1e-20)
        assert_encloses(network.hessian_form(exact(DISPLACEMENTS[name])), known["form"], 1e-20)
        assert_encloses(network.orthogonal_hessian(), known["orthogonal"])
        assert_encloses(network.growth_slope(exact(GROWTHS[name])), known["slope"])
        for i, own in enumerate(known["inner"]):
            assert_encloses(network.inner(i), own, 1e-20)
        assert (network.n, network.d) == W.shape


SIGNS = (1, -1, 1)


@cache
def reference_signed(name):
    """F of students with SIGNS: those of output -1 are teachers of the others, and the reverse."""
    W, V = NETWORKS[name]
    n, d = W.shape
    sides = {sign: [i for i in range(n) if SIGNS[i] == sign] for sign in (1, -1)}
    hessian = np.empty((n, d, n, d), dtype=object)
    gradient, orthogonal = np.empty((n, d), dtype=object), np.empty((n, n), dtype=object)
    for sign, own in sides.items():
        students = W[own] if sign == 1 else np.vstack([W[own], V])
        others = np.vstack([V, W[sides[-1]]]) if sign == 1 else W[sides[1]]
        count, m = len(students), len(own)
        gradient[own] = reference_gradient(students, others, digits=DIGITS)[:m]
        whole = reference_hessian(students, others, digits=DIGITS).reshape(count, d, count, d)
        hessian[np.ix_(own, range(d), own, range(d))] = whole[:m, :, :m]
        orthogonal[np.ix_(own, own)] = padded_hessian(students, others)[:m, :m]
    for i in sides[1]:
        for j in sides[-1]:
            both = reference_hessian(W[[i, j]], V, digits=DIGITS)
            hessian[i, :, j], hessian[j, :, i] = -both[:d, d:], -both[d:, :d]
            orthogonal[i, j] = orthogonal[j, i] = -padded_hessian(W[[i, j]], V)[0, 1]
    positive, others = W[sides[1]], np.vstack([V, W[sides[-1]]])
    return {
        "loss": reference_loss(positive, others, digits=DIGITS),
        "gradient": gradient,
        "hessian": hessian.reshape(n * d, n * d),
        "orthogonal": orthogonal,
        "slope": slope_of_growth(positive, others, GROWTHS[name]),
    }


def signed_networks(check):
    """As `networks`, with outputs of either sign."""
    for name in ("general", "nearly parallel"):
        (W, V), known = NETWORKS[name], reference_signed(name)
        network = check.Network(exact(W), exact(V), SIGNS)
        assert_encloses(network.loss(), known["loss"])
        assert_encloses(network.gradient(), known["gradient"])
        assert_encloses(network.hessian(), known["hessian"], 1e-20)
        assert_encloses(network.orthogonal_hessian(), known["orthogonal"])
        for sign in (1, -1):
            slope = network.growth_slope(exact(GROWTHS[name]), sign)
            assert_encloses(slope, sign * known["slope"])
    given = {"outputs": list(SIGNS)}
    assert check.outputs(given, 3) == list(SIGNS)
    assert check.outputs({}, 2) == [1, 1]
    for wrong, count in ((given, 2), ({"outputs": "111"}, 3)):
        assert_refused(check, f"outputs must have {count} entries", check.outputs, wrong, count)
    for wrong in ([1, 2], [1, 0], [1, True], [1, "1"], [1, 1.0]):
        assert_refused(check, "outputs must be 1 or -1", check.outputs, {"outputs": wrong}, 2)


BOX = 1e-4
# In the box the first student is parallel to the second and antiparallel to the first teacher.
IN_BOX = (np.array([PARALLEL[0], PARALLEL[1]]), np.array([ANTIPARALLEL[1], [1.0, -1.0, 0.5]]))


@cache
def corners():
    """Points of the box with their Hessians."""
    W, V = IN_BOX
    points = [
        W + BOX * np.sign(np.random.default_rng(s).normal(size=W.shape)) * [[1, 1, 1], [0, 0, 0]]
        for s in range(6)
    ]
    return [reference_hessian(point, V, digits=20) for point in points]


def boxes(check):
    """Enclosures across parallel pairs hold the values at all points, and little more."""
    W, V = IN_BOX
    box = exact(W)
    box[0] = [x + arb(0, BOX) for x in box[0]]
    network = check.Network(box, exact(V))
    for hessian in corners():
        assert_encloses(network.hessian(), hessian, 20 * BOX)
        assert_encloses(network.inner(0), hessian[:3, :3] - np.eye(3) / 2, 20 * BOX)


# Blocks of every kind: sizes 1, 2, 3 and more, with and without further neurons; the last number
# says how many of the last blocks have no neurons.
STRUCTURED = {
    "four, two, one and one more": ([4, 2, 1], 1, 0),
    "three and one": ([3, 1], 0, 0),
    "five": ([5], 0, 0),
    "three and three": ([3, 3], 0, 0),
    "two and two more": ([2], 2, 0),
    "three, four left out": ([3, 4], 0, 1),
    "two, one, three and one left out, two more": ([2, 1, 3, 1], 2, 2),
    "averages alone": ([1, 4], 2, 2),
}


@cache
def structured(name):
    """Values own and rest, and of three displacements; around the identity, as the W there are."""
    sizes, extra, absent = STRUCTURED[name]
    rng = np.random.default_rng(len(name))
    r, owners = len(sizes), len(sizes) - absent

    def one(scale):
        return scale * rng.normal(size=owners), scale * rng.normal(size=(owners + extra, r))

    own, rest = one(0.3)
    return (1.0 + own, rest), [one(1.0) for _ in range(3)]


def embedded(name, X):
    """The matrix of a structured one, (n, k)."""
    columns = np.repeat(np.arange(len(STRUCTURED[name][0])), STRUCTURED[name][0])
    (own, rest), rows = X, classes_of(name)
    full = rest[np.ix_(rows, columns)].copy()
    owners = np.arange(np.sum(rows < len(own)))
    full[owners, owners] = own[columns[owners]]
    return full


def classes_of(name):
    """The class of each neuron, (n,)."""
    sizes, extra, absent = STRUCTURED[name]
    own = len(sizes) - absent
    return np.repeat(np.arange(own + extra), [*sizes[:own], *[1] * extra])


def as_structured(X):
    """Own and rest as balls."""
    return exact(X[0]), exact(X[1])


@cache
def reference_structured(name):
    """What the whole matrix says."""
    W, displacements = structured(name)
    sizes, _, _ = STRUCTURED[name]
    full, directions = embedded(name, W), [embedded(name, U) for U in displacements]
    n, k = full.shape
    V = np.eye(k)
    hessian = reference_hessian(full, V, digits=DIGITS)
    gradient = reference_gradient(full, V, digits=DIGITS).ravel()
    flat = [extended(U).ravel() for U in directions]
    z = displacements[0][1][0]
    growth = np.repeat(z, sizes)
    firsts = np.unique(classes_of(name), return_index=True)[1].tolist()
    return {
        "loss": reference_loss(full, V, digits=DIGITS),
        "norms": [mpmath.sqrt(mpmath.fdot(x, x)) for x in (extended(full[i]) for i in firsts)],
        "inner": [[x @ y for y in flat] for x in flat],
        "slopes": [gradient @ x for x in flat],
        "gradient": gradient,
        "forms": [[x @ hessian @ y for y in flat] for x in flat],
        "own": hessian.reshape(n, k, n, k),
        "growth": slope_of_growth(full, V, growth),
        "firsts": firsts,
        "M": padded_hessian(full, V),
    }


def symmetric(check):
    """The same on short vectors."""
    for name, (sizes, _, _) in STRUCTURED.items():
        W, displacements = structured(name)
        known, balls = reference_structured(name), [as_structured(U) for U in displacements]
        network = check.Symmetric(sizes, as_structured(W))
        rows, firsts = np.bincount(classes_of(name)).tolist(), known["firsts"]
        assert_encloses(network.loss(), known["loss"])
        assert_encloses([[network.norm(P) for P in range(len(rows))]], known["norms"])
        assert_encloses([[network.inner(x, y) for y in balls] for x in balls], known["inner"])
        assert_encloses([[network.slope(x) for x in balls]], known["slopes"])
        assert_encloses(network.forms(balls), known["forms"])
        z = displacements[0][1][0]
        assert_encloses(network.growth_slope(exact(z)), known["growth"])
        for row, size in enumerate(rows):
            if size == 1:
                i, both = firsts[row], [z, displacements[1][1][0]]
                U = np.array([extended(np.repeat(x, sizes)) for x in both])
                forms = U @ known["own"][i, :, i, :] @ U.T - U @ U.T / 2
                assert_encloses(network.inner_forms(row, [exact(x) for x in both]), forms)
        orthogonal_blocks(network, rows, known)


def orthogonal_blocks(network, rows, known):
    """M along the sums of each class, and along differences of two of a class."""
    n = len(known["M"])
    classes = np.repeat(np.arange(len(rows)), rows)
    units = [extended(classes == P) / mpmath.sqrt(size) for P, size in enumerate(rows)]
    expected = [[[x @ known["M"] @ y for y in units] for x in units]]
    for P, size in enumerate(rows):
        if size > 1:
            i = int(np.argmax(classes == P))
            expected.append([[known["M"][i, i] - known["M"][i, i + 1]]])
    found = list(network.orthogonal_blocks())
    assert len(found) == len(expected)
    for blocks, values in zip(found, expected, strict=True):
        assert_encloses(blocks, values)
    assert sum(size - 1 for size in rows if size > 1) + len(rows) == n


# Outputs of the classes, cut to as many as there are, and slopes.
OTHER_NETWORKS = (((1, -1, 1, -1), 0.0), ((1, 1, 1, 1), 0.5), ((-1, 1, -1, 1), -0.75))


def other_symmetric(check):
    """With outputs of either sign and slopes: as the network of all weights."""
    for name, (sizes, _, _) in STRUCTURED.items():
        W, displacements = structured(name)
        classes, balls = classes_of(name), [as_structured(U) for U in displacements]
        firsts = np.unique(classes, return_index=True)[1].tolist()
        flat = np.array([embedded(name, U).ravel() for U in displacements])
        z = displacements[0][1][0]
        for signs, slope in OTHER_NETWORKS:
            c = list(signs[: len(firsts)])
            network = check.Symmetric(sizes, as_structured(W), c, slope)
            full = embedded(name, W)
            whole = check.Network(
                exact(full), exact(np.eye(full.shape[1])), [c[P] for P in classes], slope
            )
            assert_near(network.loss(), whole.loss())
            gradient = floats(arb_mat(whole.gradient())).ravel()
            hessian = floats(whole.hessian())
            assert_near([network.slope(x) for x in balls], flat @ gradient)
            assert_near(network.forms(balls), flat @ hessian @ flat.T)
            assert_near(check.gradient_norm(network), np.linalg.norm(gradient))
            for row, i in enumerate(firsts):
                assert_near(network.turning(row), whole.turning(i))
                growth = whole.growth_slope(exact(np.repeat(z, sizes)), c[row])
                assert_near(network.growth_slope(exact(z), c[row]), growth)
                if network.rows[row] == 1:
                    wide = np.repeat(z, sizes)
                    form = wide @ floats(whole.inner(i)) @ wide
                    assert_near(network.inner_forms(row, [exact(z)])[0, 0], form)
            orthogonal = [
                np.linalg.eigvalsh(floats(arb_mat(x))) for x in network.orthogonal_blocks()
            ]
            spectrum = np.linalg.eigvalsh(floats(whole.orthogonal_hessian()))
            found = [x for block in orthogonal[:1] for x in block]
            sizes_above_one = [size for size in network.rows if size > 1]
            for block, size in zip(orthogonal[1:], sizes_above_one, strict=True):
                found += [block[0]] * (size - 1)
            np.testing.assert_allclose(np.sort(found), spectrum, rtol=0, atol=1e-12)


def assert_near(balls, values):
    """Equal up to the rounding of float64."""
    if hasattr(balls, "tolist"):
        balls = floats(balls)
    np.testing.assert_allclose(
        np.array(balls, dtype=float), np.array(values, dtype=float), rtol=0, atol=1e-12
    )


def leaky_networks(check):
    """Slopes and outputs of either sign: as the engine has them, pair by pair."""
    for name in ("general", "nearly parallel"):
        W, V = NETWORKS[name]
        n, d = W.shape
        z = np.array(GROWTHS[name])
        for signs, slope in OTHER_NETWORKS:
            options = {"outputs": np.array(signs[:n]), "kernel": leaky_relu(slope)}
            network = check.Network(exact(W), exact(V), list(signs[:n]), slope)
            assert_near(network.loss(), population_loss(W, V, **options))
            gradient = population_gradient(W, V, **options)
            assert_near(floats(arb_mat(network.gradient())), gradient)
            assert_near(network.hessian(), population_hessian(W, V, **options))
            wide = [np.pad(rows, [(0, 0), (0, 1)]) for rows in (W, V)]
            hessian = population_hessian(*wide, **options).reshape(n, d + 1, n, d + 1)
            assert_near(network.orthogonal_hessian(), hessian[:, d, :, d])
            for i in range(n):
                assert_near(network.inner(i), inner_hessian(W, V, i, **options))
                half = 0.5 * (1 + slope**2)
                assert_near(network.turning(i), hessian[i, d, i, d] - half)
            for sign in (1, -1):
                grown = {**options, "outputs": np.append(options["outputs"], sign)}
                slope_of_z = (
                    population_loss(np.vstack([W, z]), V, **grown)
                    - population_loss(W, V, **options)
                    - z @ z * (1 + slope**2) / 4
                )
                assert_near(network.growth_slope(exact(z), sign), slope_of_z)
    assert float(check.slope_of({"slope": "-3/4"})) == -0.75
    assert check.slope_of({}) == 0


ERF_OUTPUTS = (1.5, -0.75, 2.0)


def erf_networks(check):
    """erf in weights and outputs: as the engine has it, and M as a further input has it."""
    rng = np.random.default_rng(11)
    for n, k, d in ((3, 2, 3), (2, 4, 4), (1, 3, 3)):
        W, c = rng.normal(size=(n, d)), np.array(ERF_OUTPUTS[:n])
        V, wide = np.eye(k, d), np.pad(W, [(0, 0), (0, 1)])
        options = {"outputs": c, "kernel": "erf"}
        network = check.ErfNetwork(exact(W), exact(c), k)
        assert_near(network.loss(), population_loss(W, V, **options))
        assert_near(network.gradient(), population_joint_gradient(W, V, **options))
        assert_near(network.hessian(), population_joint_hessian(W, V, **options))
        hessian = population_hessian(wide, np.eye(k, d + 1), **options)
        along = hessian.reshape(n, d + 1, n, d + 1)[:, d, :, d]
        assert_near(network.orthogonal_hessian(), along)


@cache
def whole_spectrum(name):
    """All eigenvalues of the whole Hessian."""
    full = embedded(name, structured(name)[0])
    return np.linalg.eigvalsh(population_hessian(full, np.eye(full.shape[1])))


def floats(matrix):
    """Midpoints of a matrix of balls."""
    return np.array([[float(x) for x in row] for row in matrix.tolist()])


def refuses_other_representations(check, network, *shape):
    """A copy that is left out, or a vector that vanishes, would hide eigenvalues."""
    right = check.representatives
    *first, (dimension, (vector, *others)) = right(*shape)
    zero = [x * 0 for x in vector[0]], [[x * 0 for x in row] for row in vector[1]]
    for reason, wrong in (
        ("the representations do not fill the space", first),
        ("the representations do not fill the space", [*first, (dimension + 1, [vector, *others])]),
        ("a representative vanishes", [*first, (dimension, [vector, *others, zero])]),
    ):
        check.representatives = lambda *_, wrong=wrong: iter(wrong)
        try:
            assert_refused(check, reason, list, check.isotypic_forms(network))
        finally:
            check.representatives = right


def representations(check):
    """Small matrices have the spectrum of the whole Hessian, with multiplicities; |grad F|."""
    for name, (sizes, extra, absent) in STRUCTURED.items():
        W, known = as_structured(structured(name)[0]), reference_structured(name)
        network = check.Symmetric(sizes, W)
        dimensions = [dimension for dimension, _ in check.representatives(sizes, extra, absent)]
        found = []
        small = list(check.isotypic_forms(network))
        for dimension, (hessian, gram) in zip(dimensions, small, strict=True):
            # Vectors of length one, which need not be orthogonal.
            np.testing.assert_allclose(np.diag(floats(gram)), 1.0, rtol=1e-14)
            inverse = np.linalg.inv(np.linalg.cholesky(floats(gram)))
            values = np.linalg.eigvalsh(inverse @ floats(hessian) @ inverse.T)
            found += np.repeat(values, dimension).tolist()
        np.testing.assert_allclose(np.sort(found), whole_spectrum(name), rtol=0, atol=1e-12)
        ends = whole_spectrum(name)[[0, -1]]
        for forms, end in ((small, ends[0]), ([(-h, gram) for h, gram in small], -ends[1])):
            check.require_spectrum_above(forms, arb(end - 1e-10), "it")
            assert_refused(
                check, "it is not", check.require_spectrum_above, forms, arb(end + 1e-10), "it"
            )
        gradient = known["gradient"]
        refuses_other_representations(check, network, sizes, extra, absent)
        assert_encloses(check.gradient_norm(network), mpmath.sqrt(gradient @ gradient))


def assert_refused(check, reason, act, *arguments):
    """The checker refuses, for this reason."""
    with pytest.raises(check.Refused, match=re.escape(reason)):
        act(*arguments)


def eigenvalues(check):
    """Bounds of eigenvalues are accepted up to the eigenvalue, and not beyond."""
    A = np.random.default_rng(5).normal(size=(5, 5))
    A = A @ A.T + 0.5 * np.eye(5)
    factor = np.array(check.cholesky(A.tolist(), 0.25))
    np.testing.assert_allclose(factor @ factor.T, A - 0.25 * np.eye(5), rtol=1e-12, atol=1e-12)
    assert (factor == np.tril(factor)).all()
    smallest, balls = float(np.linalg.eigvalsh(A)[0]), arb_mat(exact(A))
    assert check.cholesky(A.tolist(), smallest + 1e-9) == []
    wide = balls + arb_mat(5, 5, [arb(0, 1e-3)] * 25)
    above, definite = check.require_eigenvalues_above, check.require_positive_definite
    above(balls, arb(smallest - 1e-10), "it")
    definite(balls - check.identity(5) * arb(smallest - 1e-10), "it")
    above(wide, arb(smallest - 0.016), "it")
    for matrix, bound in ((balls, smallest + 1e-10), (wide, smallest - 1e-3)):
        assert_refused(check, "it", above, matrix, arb(bound), "it")
        assert_refused(
            check, "it is not shown", definite, matrix - check.identity(5) * arb(bound), "it"
        )
    # What the decomposition does not see, such as an entry above the diagonal, the residual does.
    for entry, holds in ((1e-13, True), (1e-12, False)):
        lopsided = arb_mat(exact([[1.0, entry], [0.0, 1.0]]))
        if holds:
            above(lopsided, arb(0.5), "it")
        else:
            assert_refused(check, "it: eigenvalues above 0.5 not", above, lopsided, arb(0.5), "it")


@cache
def conjecture():
    """A point next to w*_ij = v_i/m with the left side of Conjecture 12 minus the right one."""
    k, m, d = 2, 2, 3
    rng = np.random.default_rng(6)
    G = rng.normal(size=(k * m, d))
    minimum = np.repeat(np.eye(k, d) / m, m, axis=0)
    W, V = minimum + 0.125 * G, np.eye(k, d)
    G = W - minimum
    hessian = reference_hessian(W, V, digits=DIGITS)
    g = extended(G).reshape(k, m, d).sum(axis=1)
    total = g.sum(axis=0)
    right = total @ total + (1 - 2 / mpmath.pi) * mpmath.fsum(x @ x for x in g)
    flat = extended(G).ravel()
    return W, V, G, k, flat @ hessian @ flat - right / 4, flat @ flat


def conjecture12(check):
    """The gap of Conjecture 12, and a Frobenius norm."""
    W, V, G, k, gap, squared = conjecture()
    found = check.conjecture12_gap(check.Network(exact(W), exact(V)), exact(G), k)
    assert_encloses(found, gap, 1e-20)
    assert_encloses(check.square(exact(G)), squared)


# Nearly orthogonal students, as Lemma 12 wants them; the last are orthogonal, and turned together.
NEAR_IDENTITY = {
    name: (STRUCTURED[name][0], *structured(name)[0]) for name in ("three and one", "five")
}
NEAR_IDENTITY = {
    name: (sizes, own, 0.15 * rest) for name, (sizes, own, rest) in NEAR_IDENTITY.items()
}
NEAR_IDENTITY["turned"] = ([1, 1], np.array([0.6, 0.6]), np.array([[0.0, 0.8], [-0.8, 0.0]]))


class Lemma12:
    """What Lemma 12 needs of a whole matrix, in float64."""

    def __init__(self, C):
        self.k = k = len(C)
        norms = np.linalg.norm(C, axis=1)
        B, off = C / norms[:, None], ~np.eye(k, dtype=bool)
        cosines, taught = np.where(off, B @ B.T, 0.0), np.where(off, B, 0.0)
        self.shortest, self.longest = norms.min(), norms.max()
        self.o = np.sqrt(1 + np.abs(cosines).sum(axis=1).max())
        self.g, self.m = np.linalg.norm(cosines, axis=1).max(), np.abs(cosines).max()
        self.other_g, self.other_m = np.linalg.norm(taught, axis=1).max(), np.abs(taught).max()
        inner = population_hessian(C, np.eye(k)).reshape(k, k, k, k)
        # With one teacher alone H is I/2 - h1.
        own = [np.eye(k) - population_hessian(C[i : i + 1], np.eye(k)[i : i + 1]) for i in range(k)]
        self.K = max(
            np.abs(inner[i, :, i] + own[i] - np.eye(k)).sum(axis=1).max() for i in range(k)
        )

    def largest_radius(self):
        """Below it no other pair is parallel."""
        x = min((1 - self.m) / np.sqrt(2), 1 - self.other_m)
        return self.shortest * x / (1 + x)

    def constant(self, R):
        """L(R)."""
        a, longest, across, b = self.shortest - R, self.longest + R, np.sqrt(self.k - 1), 2 / 3**1.5
        x = R / a
        s = np.sqrt(1 - (self.m + np.sqrt(2) * x) ** 2)
        e, g = (self.o + x) / s, self.g + x * np.sqrt(self.o**2 + 1)
        taught = (self.other_g + x) / np.sqrt(1 - (self.other_m + x) ** 2)
        Q = 3 * (longest * e * g + taught) / (2 * np.pi * a**2)
        K = self.K + R * (Q + (across + 2 * e) / (2 * np.pi * a))
        K = K / (1 - 3 * b * x)
        mixed = 3 * ((b * across + g) / s + 2 * e) / (2 * np.pi * a)
        return mixed + 3**1.5 / (4 * np.pi * a**2) + Q + 3 * b * K / a


@cache
def lemma12(name):
    """The same by name."""
    sizes, own, rest = NEAR_IDENTITY[name]
    of = np.repeat(np.arange(len(sizes)), sizes)
    C = rest[np.ix_(of, of)]
    C[np.arange(len(of)), np.arange(len(of))] = own[of]
    return Lemma12(C)


def lipschitz(check):
    """Lemma 12 against whole matrices; what it says is tested in test_certificates_basins."""
    for name, (sizes, own, rest) in NEAR_IDENTITY.items():
        W, known = (exact(own), exact(rest)), lemma12(name)
        largest = known.largest_radius()
        for radius in (0.0, 1e-2, 0.9 * largest):
            found = float(check.hessian_lipschitz(sizes, W, arb(radius)))
            assert abs(found - known.constant(radius)) < 1e-12 * found
        check.hessian_lipschitz(sizes, W, arb(largest * (1 - 1e-9)))
        for radius, reason in (
            (largest * (1 + 1e-9), "another parallel pair"),
            (known.shortest * (1 - 1e-9), "another parallel pair"),
            (known.shortest * (1 + 1e-9), "a zero neuron"),
        ):
            assert_refused(check, reason, check.hessian_lipschitz, sizes, W, arb(radius))


def block_lists(check):
    """As many blocks as the checker takes."""
    assert check.block_sizes({"blocks": [1] * 19}) == [1] * 19
    assert_refused(check, "blocks must be a list", check.block_sizes, {"blocks": [1] * 20})


def upper_ends(check):
    """The largest of numbers is no smaller than any; what is not a number is refused."""
    wide = [arb(1.0, 0.5), arb(0.25, 2.0), arb(2.0)]
    assert float(check.largest(wide)) >= 2.25
    for unknown in ([*wide, arb("nan")], [arb("nan"), *wide], [arb("inf")]):
        assert_refused(check, "is not bounded", check.largest, unknown)


def box_sizes(check):
    """A parameter that fills c entries has the half-width radius/sqrt(c)."""
    for name, (sizes, _, absent) in STRUCTURED.items():
        W, owners = structured(name)[0], len(sizes) - absent
        own, rest = check.box_around(sizes, as_structured(W), arb(0.5))
        rows = np.bincount(classes_of(name))
        counts = np.array(
            [[p * (q - (a == b < owners)) for b, q in enumerate(sizes)] for a, p in enumerate(rows)]
        )
        for balls, middles, entries_of in ((own, W[0], rows[:owners]), (rest, W[1], counts)):
            found = np.array([[float(x.rad()) for x in row] for row in np.atleast_2d(balls)])
            with np.errstate(divide="ignore"):
                expected = np.where(entries_of > 0, 0.5 / np.sqrt(entries_of), 0.0)
            np.testing.assert_allclose(found, np.atleast_2d(expected), rtol=1e-7)
            assert [float(x.mid()) for x in np.ravel(balls)] == np.ravel(middles).tolist()


COMPARISONS: list[Callable[[ModuleType], None]] = [
    pairs,
    parallel_pairs,
    tight_boxes,
    roots,
    networks,
    signed_networks,
    leaky_networks,
    boxes,
    symmetric,
    other_symmetric,
    erf_networks,
    upper_ends,
    block_lists,
    box_sizes,
    representations,
    eigenvalues,
    conjecture12,
    lipschitz,
]
