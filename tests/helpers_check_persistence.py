"""The checker of minima that persist against other ways to the same numbers, and at its edges.

As in `helpers_checker`, each comparison takes the checker's module, so that a copy with a mistake
in it can be tried, too.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from itertools import permutations, product

import mpmath
import numpy as np
from flint import arb, arb_mat

from helpers_checker import assert_encloses, assert_refused, exact
from relu_landscape.families import symmetric_critical_point
from relu_landscape.general_teachers.persistence import persistence_certificate, persistence_line
from relu_landscape.general_teachers.teacher_response import symmetrised, teacher_response
from relu_landscape.objective import (
    population_gradient,
    population_hessian,
    population_loss,
    reference_hessian,
)

RNG = np.random.default_rng(25)
EDGE = 1e-9


def moved(rows, directions, s):
    """Rows moved by s along others, in extended precision."""
    return [[mpmath.mpf(float(a)) + s * mpmath.mpf(float(b)) for a, b in zip(x, y, strict=True)]
            for x, y in zip(rows, directions, strict=True)]  # fmt: skip


@cache
def changing_hessian():
    """A network, directions, and how the second derivatives change along them."""
    W, V, X, Y = (RNG.normal(size=(rows, 4)) for rows in (2, 3, 2, 3))
    step = mpmath.mpf(10) ** -25

    def hessians(sign):
        w, v = moved(W, X, sign * step), moved(V, Y, sign * step)
        own = np.array(reference_hessian(w, v, digits=80))
        # As students, too, teachers have with the others the mixed block of opposite sign.
        both = np.array(reference_hessian([*w, *v], v, digits=80))
        return np.hstack([own, -both[:8, 8:]])

    return W, V, X, Y, (hessians(1) - hessians(-1)) / (2 * step)


def third_derivatives(check):
    """How the second derivatives change, and that parallel neurons are refused."""
    W, V, X, Y, expected = changing_hessian()
    found = check.Bends(check.Network(exact(W), exact(V))).along(exact(X), exact(Y))
    assert_encloses(found + arb_mat(*expected.shape, [arb(0, 1e-40)] * expected.size), expected)
    parallel = check.Pair(*(check.Neuron(exact(x)) for x in ([1.0, 0.0], [2.0, 0.0])))
    assert_refused(check, "two neurons are parallel", check.Bend, parallel)


def averages(check):
    """Averages over the group, one permutation after the other, and orbits."""
    pairs = list(product(range(4), range(4)))
    M = RNG.normal(size=(16, 16))
    symmetry, M = check.Symmetry([3, 1]), M + M.T
    mean = np.zeros_like(M)
    for order in permutations(range(3)):
        places = [pairs.index(((*order, 3)[i], (*order, 3)[j])) for i, j in pairs]
        mean += M[np.ix_(places, places)] / 6
    assert_close(symmetry.average(arb_mat(exact(M)), pairs), mean)
    copies = dict(symmetry.orbits(pairs))
    assert sorted(copies.values()) == [1, 3, 3, 3, 6]
    assert {symmetry.pattern(*pairs[place]) for place in copies} == {
        symmetry.pattern(*pair) for pair in pairs
    }


def assert_close(balls, values):
    """Entries of a matrix of balls, to rounding."""
    found = [[float(x) for x in row] for row in balls.tolist()]
    np.testing.assert_allclose(found, values, rtol=1e-12, atol=1e-12)


# --- Fourth derivatives ---------------------------------------------------------------------------

MOVED, TURNED, TEACHER_WEIGHT = 0.02, 0.01, 1.5
WEIGHTS = [1, 1, 1, 1, 1, 1.2]


@cache
def second_type():
    """II_1 at k = 6."""
    return symmetrised(symmetric_critical_point("II", 6, m=1).weights())[0]


def tube(check, moved_by=MOVED, turned=TURNED, teacher_weight=TEACHER_WEIGHT):
    """The checker's tube around it."""
    W = second_type()
    rest = [[W[0, 1], W[0, 5]], [W[5, 0], 0.0]]
    network = check.whole_network([5, 1], exact([W[0, 0], W[5, 5]]), exact(rest))
    return check.Tube(network, exact(WEIGHTS), arb(moved_by), arb(teacher_weight), arb(turned))


@cache
def bound_of_lemma_3(turned, teacher_weight):
    """The bound, written once more: neuron by neuron, in one formula each."""
    W, k = second_type(), 6
    neurons = [*W, *np.eye(k)]
    weight = [*WEIGHTS, *[teacher_weight] * k]
    move = [*(MOVED / c for c in WEIGHTS), *[turned] * k]
    norm = [np.sqrt(x @ x) for x in neurons]
    turn = [np.arcsin(m / x) for m, x in zip(move, norm, strict=True)]
    A = [1 / (c * (x - m)) for c, x, m in zip(weight, norm, move, strict=True)]
    l = [x + m for x, m in zip(norm, move, strict=True)]  # noqa: E741

    def angle(i, j):
        return np.arccos(np.clip(neurons[i] @ neurons[j] / norm[i] / norm[j], -1, 1))

    def S(i, j):
        return np.sin(angle(i, j)) - turn[i] - turn[j]

    def C(i, j):
        return abs(np.cos(angle(i, j))) + turn[i] + turn[j]

    def node(i):
        student = i < k
        mine = i if student else i - k
        far = [j for j in range(2 * k if student else k) if j % k != mine]
        w, v = mine, mine + k
        near_form = [[C(w, v) * A[w] ** 2, A[w] * A[v]], [A[w] * A[v], C(w, v) * A[v] ** 2]]
        N = np.linalg.eigvalsh(near_form)[-1]
        K = l[w] * l[v] * (155 / 16 * max(A[w], A[v]) ** 4
                           + 3 / S(w, v) * (N**2 + A[w] ** 2 * A[v] ** 2 / 2))  # fmt: skip
        G = np.linalg.norm([
            l[i] * l[j] * A[i] * A[j] * max(A[i], A[j]) ** 2
            * (6 * np.sqrt(3) + 12 * C(i, j) / S(i, j))
            for j in far
        ])  # fmt: skip
        E = max(18 * l[i] * l[j] * A[i] ** 2 * A[j] ** 2 / S(i, j) for j in far)
        if student:
            sides = [j for j in far if j < k], [j for j in far if j >= k]
            sums = [sum(norm[j] * np.sin(angle(i, j)) for j in side) for side in sides]
            T = abs(sums[0] - sums[1])
            T += sum(move[j] + norm[j] * (turn[i] + turn[j]) for j in far)
            rows = (
                max(1 + sum(C(a, b) for b in range(k) if b != a) for a in range(k)),
                1 + 2 * (k - 1) * turn[k],
            )
            P, Q = (max(l[j] / S(i, j) for j in side) * row
                    for side, row in zip(sides, rows, strict=True))  # fmt: skip
            H = sum(l[j] * C(i, j) ** 2 / S(i, j) for j in far)
            root = np.sqrt(H * (P + Q))
            O = l[i] * A[i] ** 4 * (3 * T + 6 * max(P, Q) + 9 * np.sqrt(3) / 2 * root + 3 * H)  # noqa: E741
        else:
            O = sum(l[i] * l[j] * A[i] ** 4 * (8 + 3 * C(i, j) ** 2 / S(i, j)) for j in far)  # noqa: E741
        shares = np.linspace(0, 1, 20_001)
        return K + np.max(O * shares + G * np.sqrt(shares * (1 - shares)) + E * (1 - shares) / 2)

    return max(map(node, range(2 * k))) / (2 * np.pi)


def fourth_derivatives(check):
    """The bound of Lemma 3, and tubes that are too wide."""
    found = tube(check).fourth()
    assert float(found.rad()) < 1e-20
    expected = bound_of_lemma_3(TURNED, TEACHER_WEIGHT)
    np.testing.assert_allclose(float(found), expected, rtol=1e-8)
    assert_refused(check, "two neurons may be parallel", tube(check, 0.3, 0.1).fourth)
    assert_refused(check, "a neuron may vanish", tube, check, 1.3)
    # That of a teacher is the largest where it weighs little.
    light = tube(check, turned=0.03, teacher_weight=0.3).fourth()
    np.testing.assert_allclose(float(light), bound_of_lemma_3(0.03, 0.3), rtol=1e-8)
    # There the frame of the teachers is the wider one.
    turned = tube(check, turned=0.15, teacher_weight=2.0).fourth()
    np.testing.assert_allclose(float(turned), bound_of_lemma_3(0.15, 2.0), rtol=1e-8)


# --- Constants ------------------------------------------------------------------------------------

BLOCKS, POINT_WEIGHTS = [2, 1], [1, 1, 1.5]
NAMES = ("slope", "own_slope", "bend", "displacement")


@cache
def convex_point():
    """A point that is none of interest, where the Hessian is positive, and its constants."""
    own, rest = [1.1, 0.9], [[0.2, -0.1], [0.3, 0.0]]
    W = np.array([[1.1, 0.2, -0.1], [0.2, 1.1, -0.1], [0.3, 0.3, 0.9]])
    found = teacher_response(W, BLOCKS)
    measure = np.repeat(POINT_WEIGHTS, 4)
    lower = np.linalg.eigvalsh(found.hessian / np.outer(measure, measure))[0]
    displacement = np.linalg.norm(measure[:, None] * found.displaced, 2)
    return own, rest, [lower, found.slope, found.own_slope, found.bend, displacement]


def constants(check):
    """Each is accepted where it is a bound, and refused a little beyond."""
    own, rest, values = convex_point()
    network = check.whole_network(BLOCKS, exact(own), exact(rest))
    sides = np.array([-1, 1, 1, 1, 1])

    def given(changed):
        known = check.Constants(*(arb(x) for x in values * (1 + EDGE * sides * changed)))
        check.require_constants(network, BLOCKS, exact(POINT_WEIGHTS), known)

    given(np.ones(5))
    reasons = ("the Hessian at the centre", "slope", "own_slope", "bend", "displacement")
    for place, reason in enumerate(reasons):
        changed = np.ones(5)
        changed[place] = -1
        assert_refused(check, f"{reason}:", given, changed)


# --- Lines ----------------------------------------------------------------------------------------


@cache
def a_line():
    """II_1 at k = 7."""
    W = symmetric_critical_point("II", 7, m=1).weights()
    return persistence_line(persistence_certificate(W))


@contextmanager
def without_constants(check):
    """The checker takes them for bounds."""
    before, check.require_constants = check.require_constants, lambda *_: None
    try:
        yield
    finally:
        check.require_constants = before


def edges_of(fields, L):
    """mu lambda, the distance and the loss that follow from a line with fourth derivatives L."""
    r, t, c, lower, s, own, bend, z = (float(fields[x]) for x in (
        "gram_radius", "correction", "teacher_weight", "center_hessian_lower", "slope",
        "own_slope", "bend", "displacement"))  # fmt: skip
    e = 1 - np.sqrt(1 - r)  # the same as r/(1 + sqrt(1 - r))
    reach = e * np.hypot(z, c)
    whole = reach + t * lower**-0.5
    mu = 1 - s * e - own * t - L * whole**2 / lower / 2
    own_values = [float.fromhex(x) for x in fields["own"]]
    rest = [[float.fromhex(x) for x in row] for row in fields["rest"]]
    of = np.repeat(np.arange(len(own_values)), fields["blocks"])
    W, V = np.array(rest)[np.ix_(of, of)], np.eye(len(of))
    np.fill_diagonal(W, np.array(own_values)[of])
    gradient = population_gradient(W, V).ravel()
    first = np.sqrt(gradient @ np.linalg.solve(population_hessian(W, V), gradient))
    gamma = first + bend * e**2 / 2 + L * reach**3 * lower**-0.5 / 6
    narrow = min(map(float, fields["weights"]))
    distance = (z * e + t * lower**-0.5) / narrow
    root = np.sqrt(2 * population_loss(W, V))
    return mu * lower * narrow**2, distance, root, e, gamma - t * (mu + own * t / 2)


def lines(check):
    """What follows from the constants, at its edges."""
    fields = json.loads(a_line()) | {"weights": ["0.98", "1.03"], "inputs": []}
    fields["gram_radius"] = str(Decimal(fields["gram_radius"]) * Decimal("0.7"))
    # so that the gradient at the centre counts
    fields["own"] = [(float.fromhex(x) + 1e-5).hex() for x in fields["own"]]
    seen = []

    class Watched(check.Tube):
        def fourth(self):
            seen.append(super().fourth())
            return seen[-1]

    def said(**changes):
        return check.check_persistence(fields | changes)

    before, check.Tube = check.Tube, Watched
    try:
        with without_constants(check):
            said(hessian_lower="1e-9", loss_lower="1e-9", distance="0.03")
            curvature, distance, root, e, gap = edges_of(fields, float(seen[-1]))
            assert gap < 0
            beyond, within = (
                [str(Decimal(x * (1 + side * EDGE))) for x in (curvature, distance)]
                for side in (1, -1)
            )
            loss = (root - np.sqrt(7 / 2) * (distance * (1 + EDGE) + e)) ** 2 / 2
            right = {"hessian_lower": within[0], "distance": beyond[1]}
            loss_edges = [str(Decimal(loss * (1 + side * 1e-7))) for side in (-1, 1)]
            said(**right, loss_lower=loss_edges[0])
            for wrong, reason in (
                ({"hessian_lower": beyond[0]}, "hessian_lower"),
                ({"distance": within[1]}, "distance"),
                ({"loss_lower": loss_edges[1]}, "loss_lower"),
                ({"distance": "0.5"}, "loss_lower"),
                ({"weights": ["0", "1"]}, "weights must be positive"),
                ({"note": "1"}, "fields differ"),
                ({"blocks": [1, 1]}, "the minimum may leave the ball"),
                ({"gram_radius": "1"}, "gram_radius must be below 1"),
                ({"gram_radius": "0"}, "gram_radius must be positive"),
                ({"blocks": [1], "own": ["1"], "rest": [["0"]]}, "there must be two neurons"),
                ({"slope": "400"}, "the Hessian may be singular"),
                ({"inputs": [{"d": 10**6, "failure": "1/1000"}]}, "failure is too small"),
                ({"inputs": [{"d": 6, "failure": "1/2"}]}, "d must be an integer >= 7"),
            ):
                changes = right | {"loss_lower": loss_edges[0]} | wrong
                assert_refused(check, reason, lambda changes=changes: said(**changes))
            said(**right, loss_lower=loss_edges[0], inputs=[{"d": 2 * 10**6, "failure": "1/1000"}])
            critical_bend(check, fields | right | {"loss_lower": loss_edges[0]}, float(seen[0]))
    finally:
        check.Tube = before
    smaller = json.loads(a_line()) | {"slope": str(Decimal(fields["slope"]) * Decimal("0.9999"))}
    assert_refused(check, "slope:", check.check_persistence, smaller)


def critical_bend(check, fields, L):
    """The bend with which the minimum may just leave the ball."""
    _, _, _, e, gap = edges_of(fields, L)
    critical = float(fields["bend"]) - 2 * gap / e**2
    fitting, reason = {"hessian_lower": "1e-9"}, "the minimum may leave the ball"
    check.check_persistence(fields | fitting | {"bend": str(Decimal(critical * (1 - 1e-7)))})
    wrong = fields | fitting | {"bend": str(Decimal(critical * (1 + 1e-7)))}
    assert_refused(check, reason, check.check_persistence, wrong)


def random_teachers(check):
    """The edge of each d, by the law of sums of squares."""
    k, r = 7, 0.2
    pairs = k * (k - 1) / 2
    for d in (2 * 5000, 9000):
        x = d * r**2 / (2 * (1 + r) * pairs)
        failure = (x * np.exp(1 - x)) ** (pairs / 2)
        for side in (1, -1):
            claim = [{"d": d, "failure": str(Decimal(failure * (1 + side * 1e-7)))}]
            if side == 1:
                assert f"d>={d}" in check.require_inputs(claim, k, arb(r))
            else:
                assert_refused(check, "failure is too", check.require_inputs, claim, k, arb(r))
    least = int(np.ceil(2 * (1 + r) * pairs / r**2))
    check.require_inputs([{"d": least + 1, "failure": ".9999999"}], k, arb(r))
    few = [{"d": least - 1, "failure": ".9999999"}]
    assert_refused(check, f"d = {least - 1} is too small", check.require_inputs, few, k, arb(r))
    assert_refused(check, "inputs must be a list", check.require_inputs, {}, k, arb(r))
    for claim in ({"d": 9}, ["d", "failure"]):
        assert_refused(check, "must have fields", check.require_inputs, [claim], k, arb(r))
    small = [{"d": 6, "failure": "1/2"}]
    assert_refused(check, "d must be an integer", check.require_inputs, small, k, arb(r))


PERSISTENCE_COMPARISONS = [
    third_derivatives, averages, random_teachers, constants, fourth_derivatives, lines,
]  # fmt: skip
