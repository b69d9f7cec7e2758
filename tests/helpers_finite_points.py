"""Sound certificates of points on finite data, and what holds of their checker's arithmetic."""

import json
import random
from fractions import Fraction
from functools import cache
from itertools import product
from math import sqrt
from operator import mul

import numpy as np

from helpers_tables import ROOT
from relu_landscape.finite_stationary.finite_data import FiniteData, network
from relu_landscape.finite_stationary.finite_lines import point_line
from relu_landscape.finite_stationary.neuron_groups import Group
from relu_landscape.finite_stationary.pattern_points import point_of_groups
from relu_landscape.finite_stationary.records import published_data
from relu_landscape.finite_stationary.stationarity import decide
from relu_landscape.tables.files import read_published

SIGNS = {"+": 1, "-": -1, "0": 0}
# Of each plateau the patterns and a sum of h w^T in their cell, as a descent found them.
PLATEAUS = {
    "953/25000": ("plane_one_output", {}),
    "50749/1681250": ("plane_one_output", {"++++0": [[-0.085, 0.06]]}),
    "16139/578750": (
        "plane_one_output",
        {"++++0": [[-0.107, 0.075]], "+++++": [[-0.043, -0.052]]},
    ),
    "29/140": ("space_one_output", {}),
    "105271/881300": ("space_one_output", {"+-+00-+": [[0.55, 0.22, 0.44]]}),
    "4809641/104304750": (
        "space_one_output",
        {"+-+0+-+": [[0.69, 0.13, 0.75]], "+-+-+0+": [[0.49, -0.01, -0.68]]},
    ),
    "4110997523/127852525500": (
        "space_one_output",
        {
            "++--0+-": [[-0.05, 0.24, -0.08]],
            "+-+0+-+": [[0.63, 0.06, 0.76]],
            "+-+-+0+": [[0.46, -0.04, -0.75]],
        },
    ),
    "153/400": ("plane_two_outputs", {}),
    "213/800 - 1/50 sqrt(29)": (
        "plane_two_outputs",
        {"++--": [[-0.1, 0.7], [0.2, -1.1]]},
    ),
    "161/800 - 1/50 sqrt(29)": (
        "plane_two_outputs",
        {"++--": [[-0.1, 0.7], [0.2, -1.1]], "--+0": [[0.2, 0.2], [-0.4, -0.4]]},
    ),
}


@cache
def data_of(name):
    """A published data set."""
    return published_data(read_published(ROOT / "published/wu2025_data_sets.csv"), name)


def groups_of(patterns):
    """Groups with these patterns and sums."""
    return [
        Group(tuple(SIGNS[sign] for sign in pattern), (0,), np.array(matrix))
        for pattern, matrix in patterns.items()
    ]


@cache
def plateau(loss):
    """The stationary point of this loss and its data."""
    name, patterns = PLATEAUS[loss]
    return point_of_groups(groups_of(patterns), data_of(name)), data_of(name)


@cache
def minima():
    """Minima of positive loss: without the zero neuron, and one of two outputs, with their data."""
    point, data = plateau("16139/578750")
    one = network(point.weights[:-1], point.outputs[:-1])
    # The fourth sample of these is met by no neuron, the first two by two, the third by one.
    both = data_of("plane_two_outputs")
    weights = [[Fraction(-1, 5), Fraction(1)], [Fraction(-1, 2), Fraction(9, 10)]]
    (a, b), (c, d) = (
        [sum(w * x for w, x in zip(row, at, strict=True)) for row in weights]
        for at in both.inputs[:2]
    )
    determinant = a * d - b * c
    y, z = both.targets[:2]
    outputs = [
        [(d * p - b * q) / determinant for p, q in zip(y, z, strict=True)],
        [(a * q - c * p) / determinant for p, q in zip(y, z, strict=True)],
    ]
    third = [entry / Fraction(8, 5) for entry in both.targets[2]]
    two = network([*weights, [Fraction(-1), Fraction(-1)]], [*outputs, third])
    return (one, data), (two, both)


@cache
def sound_lines():
    """A certificate of every kind: minima with one and two outputs, saddles, one with roots."""
    points = [*minima(), *(plateau(loss) for loss in list(PLATEAUS))]
    return tuple(point_line(*point, decide(*point)) for point in points)


def accepted(check, fields):
    """Whether the checker accepts a certificate of these fields."""
    try:
        check.check_line(json.dumps(fields))
    except check.Refused:
        return False
    return True


def same_numbers(check):
    """Sums, products and signs of a + b sqrt(D) are those of the numbers."""
    rational = [Fraction(n, 3) for n in (-7, 0, 1, 4)]
    for a, b, c, d in product(rational, repeat=4):
        x, y = check.Irrational(a, b, 29), check.Irrational(c, d, 29)
        root = sqrt(29)
        for found, expected in (
            (x + y, a + c + (b + d) * root),
            (x + c, a + c + b * root),
            (c + x, a + c + b * root),
            (x * y, (a + b * root) * (c + d * root)),
            (c * x, (a + b * root) * c),
        ):
            value = float(check.real(found)) + float(check.root_part(found)) * root
            assert abs(value - float(expected)) < 1e-9
        for number, value in ((x, a + b * root), (a, a)):
            assert check.sign(number) == (value > 1e-12) - (value < -1e-12)
            assert check.sign(check.size(number)) == abs(check.sign(number))
            positive = check.relu(number)
            assert check.sign(positive) == max(check.sign(number), 0)
            if check.sign(number) > 0:
                assert positive is number
    # Convergents of the root of 2 lie on both sides, nearer than a float sees.
    for p, q, side in (
        (1, 1, -1),
        (3, 2, 1),
        (768398401, 543339720, 1),
        (318281039, 225058681, -1),
    ):
        assert check.sign(check.Irrational(Fraction(p, q), Fraction(-1), 2)) == side
        assert check.sign(check.Irrational(Fraction(-p, q), Fraction(1), 2)) == -side


def same_directions(check):
    """A function that is linear between hyperplanes is as negative as on the directions."""
    assert check.crossed([1, 2, 3], [4, 5, 7]) == [-1, 5, -3]
    generator = random.Random(25)
    seen = set()
    for d, count in product((2, 3), range(5)):
        for kind, _ in product(("all", "one line", "one plane"), range(3)):
            on = [[generator.randint(-2, 2) for _ in range(d)] for _ in range(count)]
            if kind == "one line":
                on = [[x * row[0] for x in (2, -1, 3)[:d]] for row in on]
            if kind == "one plane":
                on = [[*row[:-1], 0] for row in on]
            on = [x for x in on if any(x)]
            factors = [generator.randint(-1, 3) for _ in on]
            linear = [-sum(f * x[j] for f, x in zip(factors, on, strict=True)) for j in range(d)]
            if generator.random() < 0.2:
                linear[0] += 1

            def value(u, on=on, factors=factors, linear=linear):
                along = [sum(map(mul, x, u)) for x in on]
                bends = sum(f * max(z, 0) for f, z in zip(factors, along, strict=True))
                return 2 * bends + sum(map(mul, linear, u))

            least = min(value(u) for u in check.directions(on, d))
            tried = min(value(u) for u in product(range(-3, 4), repeat=d))
            assert (least >= 0) == (tried >= 0), (on, factors, linear)
            seen.add((d, len(on), least >= 0))
    assert len(seen) > 15


def statements_end_where_they_should(check):
    """Sound certificates are taken, and those beyond an edge are not."""
    lines = [json.loads(line) for line in sound_lines()]
    for line in lines:
        assert accepted(check, line)
        if line["radicand"] is None:
            assert accepted(check, line | {"radicand": 2})
        longer = [[*row, "1", "1"] for row in line["inputs"]]
        for change in (
            {"loss": "1/7"},
            {"radicand": 16},
            {"radicand": -7},
            {"inputs": line["inputs"][1:]},
            {"outputs": line["outputs"][1:]},
            {"targets": [[*row, "1"] for row in line["targets"]]},
            {"inputs": longer},
            {"further": "1"},
        ):
            assert not accepted(check, line | change)
    for (point, data), line in zip(minima(), lines, strict=False):
        radius = decide(point, data).radius
        assert accepted(check, line | {"radius": str(radius)})
        assert not accepted(check, line | {"radius": str(radius * Fraction(10**9 + 1, 10**9))})
        assert not accepted(check, line | {"radius": "0"})
        for name in ("weights", "outputs"):
            for i, j in product(range(len(line[name])), range(2)):
                moved = [list(row) for row in line[name]]
                if j < len(moved[i]):
                    moved[i][j] = str(Fraction(moved[i][j]) + Fraction(1, 10**6))
                    assert not accepted(check, line | {name: moved})
    for line in lines[2:]:
        zero = line["neuron"]
        assert not accepted(check, line | {"neuron": len(line["weights"])})
        assert not accepted(check, line | {"neuron": -1})
        assert not accepted(check, line | {"direction": ["0"] * len(line["direction"])})
        assert not accepted(check, line | {"direction": line["direction"][1:]})
        if zero:
            assert not accepted(check, line | {"neuron": 0})
        # As a minimum it has an escape neuron.
        minimum = {k: v for k, v in line.items() if k not in ("neuron", "direction")}
        minimum |= {"statement": "finite_minimum", "radius": "1/1000000000"}
        assert not accepted(check, minimum)


AS_MINIMUM = {"statement": "finite_minimum", "radius": "1/1000000000"}
AS_SADDLE = {"statement": "finite_saddle", "neuron": 1}


def written(own, inputs, targets, weights, outputs):
    """A certificate that states this of a network, with the loss that it has."""
    rows = {"inputs": inputs, "targets": targets, "weights": weights, "outputs": outputs}
    exact = {name: [list(map(Fraction, row)) for row in of] for name, of in rows.items()}
    point = network(exact["weights"], exact["outputs"])
    loss = decide(point, FiniteData(exact["inputs"], exact["targets"])).loss
    texts = {name: [list(map(str, row)) for row in of] for name, of in exact.items()}
    return {**own, **texts, "loss": str(loss), "radicand": None}


def points_that_are_not_stationary(check):
    """One derivative, in one direction, is enough."""
    saddle = AS_SADDLE | {"direction": ["1", "0"]}
    # By w: the errors 1 and -1 at two samples with relu(w.x) = 1 add to zero.
    inputs, targets = [[1, 0], [0, 1]], [[0], [2]]
    assert not accepted(check, written(AS_MINIMUM, inputs, targets, [[1, 1]], [[1]]))
    weights, outputs = [[1, 1], [0, 0]], [[1], [0]]
    assert not accepted(check, written(saddle, inputs, targets, weights, outputs))
    # By h, of a neuron with h = 0; with two outputs by one of them.
    for target in ([1], [0, 1], [1, 0]):
        zero = [0 for _ in target]
        fields = written(saddle, [[1, 0]], [target], [[1, 0], [0, 0]], [zero, zero])
        assert not accepted(check, fields)
        assert accepted(check, written(saddle, [[1, 0]], [target], [[0, 0], [0, 0]], [zero, zero]))
    # Along a narrow cone about (1, 2, 0), in the plane of two hyperplanes of R^3.
    inputs = [[1, 2, 0], [2, -1, 0], [1, 5, 1]]
    inputs.append([c - Fraction(101, 100) * a - b for a, b, c in zip(*inputs, strict=True)])
    narrow = inputs, [[-1], [-2], [2], [0]], [[0, 0, 1]], [[1]]
    assert not accepted(check, written(AS_MINIMUM, *narrow))
    wider = inputs, [[Fraction(-103, 100)], *narrow[1][1:]], *narrow[2:]
    assert accepted(check, written(AS_MINIMUM, *wider))


def neurons_that_escape(check):
    """An escape neuron is one by any of its outputs, and leaves only if all of them are zero."""
    zero = [[1, 0]], [[0, 1]], [[0, 0], [0, 0]], [[0, 0], [0, 0]]
    assert not accepted(check, written(AS_MINIMUM, *zero))
    # h.D(u) = 0, D(u) = (-2 u_2, 0): two outputs, the first of which is zero.
    held = [[1, 1], [1, -1]], [[1, 1], [-1, 1]], [[0, 0], [1, 0]], [[0, 0], [0, 1]]
    assert not accepted(check, written(AS_SADDLE | {"direction": ["0", "1"]}, *held))
    assert not accepted(check, written(AS_MINIMUM, *held))
    # True is no number of a neuron.
    line = next(line for line in map(json.loads, sound_lines()) if line.get("neuron") == 1)
    assert not accepted(check, line | {"neuron": True})


COMPARISONS = [
    same_numbers,
    same_directions,
    statements_end_where_they_should,
    points_that_are_not_stationary,
    neurons_that_escape,
]
