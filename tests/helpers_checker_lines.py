"""Certificates at the edge of what is true: with the last number that holds, and one beyond it.

The edges are calculated in extended precision by the reference, not by the checker. As in
`helpers_checker`, each comparison takes the checker's module.
"""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np

from helpers_certificates import (
    family_minimum,
    minimum_in_the_plane,
    plateaus_of,
    signed_minimum,
)
from helpers_checker import (
    DIGITS,
    Lemma12,
    assert_refused,
    extended,
    padded_hessian,
    slope_of_growth,
)
from helpers_rounding import ceiling_of, floor_of
from relu_landscape.certificates import (
    Quantity,
    SymmetricPlateauCertificate,
    certify_family,
    certify_inequality,
    certify_minimum,
    certify_splits,
    certify_symmetric_minimum,
    certify_symmetric_plateaus,
    inequality_line,
    minimum_line,
    spread_pair,
    symmetric_minimum_line,
    tilted_pair,
    witness,
)
from relu_landscape.certificates.basin_lines import certify_basins
from relu_landscape.families import symmetric_critical_point
from relu_landscape.families.known_basins import basin_arrays, propose_basins
from relu_landscape.fewer_students import copy_average_point, perturbed_copy_point
from relu_landscape.leaky import leaky_critical_point
from relu_landscape.minima import inner_hessian
from relu_landscape.objective import (
    leaky_relu,
    pair_loss,
    population_hessian,
    population_joint_hessian,
    population_loss,
    reference_gradient,
    reference_hessian,
    reference_loss,
)
from relu_landscape.search import Basins
from relu_landscape.symmetry import FixedPointSpace

# Relative to the number, beyond all roundings of the checker and of the reference.
SLIGHTLY = mpmath.mpf(10) ** -25
# Arb keeps 30 bits of a radius.
OF_A_RADIUS = mpmath.mpf(10) ** -6
NOT_IN_THE_BOX = "no critical point in the box"
AS_STATED = "a minimum is stated as spurious where k outputs are 1, else as strict"


def number(value):
    """An exact number of a certificate."""
    return mpmath.nstr(mpmath.mpf(value), 70, strip_zeros=False) if value else "0"


class Lines:
    """Lines that are accepted, and lines that are refused for a reason."""

    def __init__(self, **fields):
        self.fields, self.accepted, self.refused = fields, [], []
        self.accept()
        self.refuse("fields differ from the format", more="1")

    def changed(self, place, **values):
        """The fields with other values, in a split if a place is given."""
        if place is None:
            return {**self.fields, **values}
        splits = [dict(split) for split in self.fields["splits"]]
        splits[place].update(values)
        return {**self.fields, "splits": splits}

    def accept(self, said="", place=None, **values):
        """Accepted with these values; `said` is in what is proved."""
        self.accepted.append((self.changed(place, **values), said))

    def refuse(self, reason, place=None, **values):
        """Refused with these values."""
        self.refused.append((self.changed(place, **values), reason))

    def upper(self, name, edge, reason, step=SLIGHTLY, place=None):
        """The number may be the edge or above."""
        self.accept(place=place, **{name: number(edge + abs(edge) * step)})
        self.refuse(reason, place=place, **{name: number(edge - abs(edge) * step)})

    def lower(self, name, edge, reason, step=SLIGHTLY, place=None):
        """The number may be the edge or below."""
        self.accept(place=place, **{name: number(edge - abs(edge) * step)})
        self.refuse(reason, place=place, **{name: number(edge + abs(edge) * step)})

    def try_with(self, check):
        """Each is accepted or refused as it should be."""
        for fields, said in self.accepted:
            assert said in check.check_line(json.dumps(fields))
        for fields, reason in self.refused:
            assert_refused(check, reason, check.check_line, json.dumps(fields))


def norm(values):
    """Frobenius norm of mpmath numbers."""
    flat = extended(values).ravel() if np.asarray(values).dtype != object else values.ravel()
    return mpmath.sqrt(mpmath.fdot(flat, flat))


def hexadecimal(rows):
    """Floats as a certificate writes them."""
    return [hexadecimal(x) for x in rows] if np.ndim(rows) else float(rows).hex()


def smallest(hessian):
    """Smallest eigenvalue in float64."""
    return float(np.linalg.eigvalsh(np.asarray(hessian, dtype=np.float64))[0])


def bounds_of_minimum(lines, W, mu, curvature):
    """Edges that statements about minima share; the centre is no critical point."""
    n, k = W.shape
    V = np.eye(k)
    g, loss = norm(reference_gradient(W, V, digits=DIGITS)), reference_loss(W, V, digits=DIGITS)
    norms = mpmath.fsum(norm(w) for w in W)
    away = mpmath.sqrt(n) * g / mu
    off = smallest(padded_hessian(W, V))
    small = "no critical point in the box"
    lines.upper("radius", 2 * g / mu, small)
    lines.upper("location_radius", g / mu, "location_radius is too small")
    lines.lower("loss_lower", loss - g**2 / (2 * mu), "the loss is not enclosed")
    lines.upper("loss_upper", loss, "the loss is not enclosed")
    for sign, field in ((-1, "norm_sum_lower"), (1, "norm_sum_upper")):
        wide, narrow = (norms + sign * away * (1 + x) for x in (OF_A_RADIUS, -OF_A_RADIUS))
        lines.accept(**{field: number(wide)})
        lines.refuse("the sum of norms is not enclosed", **{field: number(narrow)})
    lines.lower("hessian_lower", smallest(population_hessian(W, V)), curvature, 2e-2)
    lines.lower("orthogonal_hessian_lower", off, lines.off, 1e-4)
    for name in ("radius", "hessian_lower"):
        lines.refuse("radius and hessian_lower must be positive", **{name: "0"})
    for name in ("orthogonal_hessian_lower", "loss_lower"):
        lines.refuse(f"{name} must be positive", **{name: "0"})
    lines.refuse("splits must be a list", splits=None)
    for split in ({}, None):
        lines.refuse("a split must have fields", splits=[split])
    lines.accept("splits of 0 neurons", splits=[])


def bounds_of_split(lines, place, form, slope, which):
    """Edges of a split."""
    both = "curvature_upper and slope_upper must be negative"
    lines.upper("curvature_upper", form, f"curvature of {which} not shown", 1e-2, place)
    lines.upper("slope_upper", slope, f"slope of {which} not shown", 1e-2, place)
    for name in ("curvature_upper", "slope_upper"):
        lines.refuse(both, place, **{name: "0"})


def lipschitz_of_lemma4(W, R):
    """L of Lemma 4 for V = I."""
    n, k = W.shape
    norms = [norm(w) for w in W]
    a = [x - R for x in norms]
    pairs = max(
        3 * mpmath.sqrt(3) / (4 * mpmath.pi * x**2)
        * (mpmath.fsum(norms) - y + mpmath.sqrt(n - 1) * R + k)
        for x, y in zip(a, norms, strict=True)
    )  # fmt: skip
    return pairs + 3 * mpmath.sqrt(n - 1) / (mpmath.pi * min(a))


def convexity_edge(W, mu):
    """The R at which L R is mu."""
    return mpmath.findroot(
        lambda R: lipschitz_of_lemma4(W, R) * R - mu, (1e-5, 1e-2), solver="ridder"
    )


@cache
def minimum_lines():
    """II_1 with one neuron more, not quite at the critical point."""
    k = 7
    point = symmetric_critical_point("II", k, m=1, extra=1)
    W = point.weights() + 1e-14 * np.random.default_rng(7).normal(size=(k + 1, k))
    n, V, mu = len(W), np.eye(k), mpmath.mpf(point.smallest.value) / 2
    rng = np.random.default_rng(8)
    splits, edges = [], []
    for i in (0, n - 1):
        inner = inner_hessian(W, V, i)
        u = 0.3 * np.linalg.eigh(inner)[1][:, 0] + 0.01 * rng.normal(size=k)
        z = W[i] + u
        form = u @ inner @ u / (u @ u)
        slope = slope_of_growth(W, V, z) / norm(z)
        if slope > 0:
            z = W[i] - u
            slope = slope_of_growth(W, V, z) / norm(z)
        edges.append((form, slope))
        splits.append(
            {
                "neuron": i,
                "direction": hexadecimal(u),
                "curvature_upper": number(form * 0.9),
                "growth": hexadecimal(z),
                "slope_upper": number(slope * 0.9),
            }
        )
    loss = reference_loss(W, V, digits=DIGITS)
    lines = Lines(
        statement="spurious_minimum", bits=192, n=n, k=k, d=k, V="identity", W=hexadecimal(W),
        radius=number(4e-9), hessian_lower=number(mu), orthogonal_hessian_lower="0.01",
        location_radius="1e-8", convexity_radius="1e-5", loss_lower=number(loss * 0.9),
        loss_upper=number(loss * 1.1), norm_sum_lower="1", norm_sum_upper="10", splits=splits,
    )  # fmt: skip
    lines.off = "Hessian off the span"
    bounds_of_minimum(lines, W, mu, "Hessian over the box")
    lines.lower("convexity_radius", convexity_edge(W, mu), "convexity_radius is too large")
    shortest = min(norm(w) for w in W)
    for outside in (0, shortest, 10):
        lines.refuse("convexity_radius must be in", convexity_radius=number(outside))
    lines.accept(
        f"spurious minimum n={n} k={k} d>={k} F>={floor_of(loss * 0.9)} "
        f"eigenvalues>={floor_of(mu)}, splits of 2 neurons are strict saddles"
    )
    at_center = smallest(population_hessian(W, V))
    lines.refuse("Hessian over the box", radius="1e-4", hessian_lower=number(0.9 * at_center))
    lines.refuse("d must be an integer >= 1", d=0)
    for place, (form, slope) in enumerate(edges):
        bounds_of_split(lines, place, form, slope, f"neuron {splits[place]['neuron']}")
    for bad in (n, -1):
        lines.refuse("no neuron" if bad > 0 else "neuron must be an integer >= 0", 0, neuron=bad)
    lines.refuse("curvature of neuron 0 not shown", 0, direction=["0"] * k)
    lines.refuse(AS_STATED, k=n + 1)
    for teachers in (k, n):
        lines.refuse(AS_STATED, k=teachers, statement="strict_minimum")
    for name in ("k", "n"):
        lines.refuse(f"{name} must be an integer >= 1", **{name: 0})
    return lines


@cache
def strict_lines():
    """A copy-average, fewer students than teachers, not quite at the critical point."""
    k, n = 4, 2
    point = copy_average_point(k, n)
    W = point.weights() + 1e-14 * np.random.default_rng(9).normal(size=(n, k))
    mu, loss = mpmath.mpf(point.smallest.value) / 2, reference_loss(W, np.eye(k), digits=DIGITS)
    lines = Lines(
        statement="strict_minimum", bits=192, n=n, k=k, d=k, V="identity", W=hexadecimal(W),
        radius=number(4e-9), hessian_lower=number(mu), orthogonal_hessian_lower="0.01",
        location_radius="1e-8", convexity_radius="1e-5", loss_lower=number(loss * 0.9),
        loss_upper=number(loss * 1.1), norm_sum_lower="1", norm_sum_upper="10", splits=[],
    )  # fmt: skip
    lines.off = "Hessian off the span"
    bounds_of_minimum(lines, W, mu, "Hessian over the box")
    lines.accept(f"strict minimum n={n} k={k} d>={k} F>={floor_of(loss * 0.9)} ")
    lines.refuse(AS_STATED, statement="spurious_minimum")
    return lines


@cache
def signed_lines():
    """A minimum whose last student has the output -1, with splits of one of either sign."""
    minimum = signed_minimum()
    splits = [split for split in certify_splits(minimum) if split.neuron in (0, 7)]
    lines = Lines(**json.loads(minimum_line(minimum, splits)))
    lines.accept("spurious minimum n=8 k=7 d>=7")
    W, V, outputs = minimum.W, minimum.V, np.array(minimum.outputs, dtype=float)
    for place, split in enumerate(splits):
        i, u, z = split.neuron, split.direction, split.growth
        form = u @ inner_hessian(W, V, i, outputs=outputs) @ u / (u @ u)
        slope = outputs[i] * (outputs @ pair_loss(W, z) - pair_loss(V, z).sum())
        bounds_of_split(lines, place, form, slope / np.linalg.norm(z), f"neuron {i}")
    lines.refuse("Hessian over the box", outputs=[1] * 8)
    lines.refuse(AS_STATED, outputs=[1] * 6 + [-1] * 2)
    lines.refuse(AS_STATED, statement="strict_minimum")
    return lines


def curvature_across(minimum, plateau):
    """The smallest eigenvalue of sign H'_ii on the complement of w_i, with one input more."""
    return _across(minimum.W, minimum.V, plateau.neuron, plateau.sign, outputs=minimum.outputs)


def symmetric_curvature_across(minimum, plateau):
    """The same for a class of neurons."""
    W, rows, network = whole_of(minimum)
    return _across(W, np.eye(W.shape[1]), rows.index(plateau.row), plateau.sign, **network)


def whole_of(minimum):
    """All weights of a minimum with a symmetry, the class of each neuron, outputs and kernel."""
    of = np.repeat(np.arange(len(minimum.blocks)), minimum.blocks)
    present = len(minimum.blocks) - minimum.absent
    rows = [*of[of < present].tolist(), *range(present, present + minimum.extra)]
    W = np.array([[float(minimum.W.rest[a][b]) for b in of] for a in rows])
    for i, a in enumerate(rows):
        if a < present:
            W[i, i] = float(minimum.W.own[a])
    outputs = np.array([minimum.outputs[a] for a in rows], dtype=float)
    return W, rows, {"outputs": outputs, "kernel": leaky_relu(minimum.slope)}


def _across(weights, teachers, i, sign, **network):
    W, V = (np.pad(rows, [(0, 0), (0, 1)]) for rows in (weights, teachers))
    complement = np.linalg.svd(W[[i]])[2][1:]
    inner = complement @ inner_hessian(W, V, i, **network) @ complement.T
    return float(np.linalg.eigvalsh(sign * inner)[0])


@cache
def plateau_lines():
    """Minima with plateaus of either kind."""
    lines = []
    for minimum, said in (
        (family_minimum(7), ", signed splits of 7 neurons are minima"),
        (signed_minimum(), ", signed splits of 7 neurons are minima"),
        (minimum_in_the_plane(), ", signed splits of 2 neurons are minima, splits of 1 neurons"),
    ):
        plateaus = plateaus_of(minimum)
        edges = [curvature_across(minimum, x) for x in plateaus]
        line, sizes = minimum_line(minimum, plateaus=plateaus), [1] * len(minimum.W)
        lines.append(lines_of_plateaus(line, said, edges, "neuron", sizes))
    # Splits of the last neuron of the second minimum are saddles, of either kind.
    for sign in (1, -1):
        plateau = {"neuron": 7, "sign": sign, "curvature_lower": "1e-9"}
        lines[1].refuse("plateau of neuron 7", plateaus=[plateau])
    refuse_malformed_plateaus(lines[2], "neuron", 3)
    # The last of more neurons than teachers has a plateau, too: the further one comes first.
    k = 7
    point = symmetric_critical_point("II", k, m=1, extra=1)
    minimum = certify_minimum(point.weights()[::-1], np.eye(k))
    plateaus = plateaus_of(minimum)
    assert plateaus[-1].neuron == k
    last = Lines(**json.loads(minimum_line(minimum, plateaus=plateaus)))
    last.accept(", signed splits of 7 neurons are minima")
    return [*lines, last]


@cache
def symmetric_plateau_lines():
    """Minima with a symmetry, with plateaus."""
    lines = []
    for (name, k, m, extra), sizes, said in (
        (("II", 8, 1, 1), [7, 1], ", signed splits of 8 neurons are minima"),
        (("II", 9, 2, 0), [7, 2], ", signed splits of 9 neurons are minima"),
        (("A", 7, None, 0), [7], ", signed splits of 7 neurons are minima"),
    ):
        minimum = certify_family(name, k, m=m, extra=extra)
        found = certify_symmetric_plateaus(minimum)
        plateaus = [x for x in found if isinstance(x, SymmetricPlateauCertificate)]
        edges = [symmetric_curvature_across(minimum, x) for x in plateaus]
        line = symmetric_minimum_line(minimum, plateaus)
        lines.append(lines_of_plateaus(line, said, edges, "row", [*sizes, *[1] * extra]))
    # Splits of the further neuron of the first are saddles, of either kind.
    for sign in (1, -1):
        plateau = {"row": 2, "sign": sign, "curvature_lower": "1e-9"}
        lines[0].refuse("plateau of class 2", plateaus=[plateau])
    lines[0].refuse("no row 3", plateaus=[plateau | {"row": 3}])
    return lines


def lines_of_plateaus(line, said, edges, name, sizes):
    """The edges of the plateaus of a line, of classes of so many neurons."""
    lines = Lines(**json.loads(line))
    where = "plateau of neuron" if name == "neuron" else "plateau of class"
    lines.accept(said)
    lines.accept("neurons are strict saddles", plateaus=[])
    for fields, edge in zip(lines.fields["plateaus"], edges, strict=True):
        place, sign = fields[name], fields["sign"]
        kind = "signed splits" if sign < 0 else "splits"
        below, above = (fields | {"curvature_lower": number(edge * x)} for x in (0.999, 1.001))
        lines.accept(f"saddles, {kind} of {sizes[place]} neurons are", plateaus=[below, fields])
        lines.refuse(f"{where} {place}", plateaus=[above])
        lines.refuse(f"{where} {place}", plateaus=[fields | {"sign": -sign}])
    return lines


def refuse_malformed_plateaus(lines, name, classes):
    """Plateaus that are none."""
    for wrong in (None, {}, "none"):
        lines.refuse("plateaus must be a list", plateaus=wrong)
    fields = lines.fields["plateaus"][0]
    for wrong in (0, 2, -2, True, "1", 1.0, None):
        lines.refuse("sign must be 1 or -1", plateaus=[fields | {"sign": wrong}])
    for wrong in ("0", "-1"):
        lines.refuse("must be positive", plateaus=[fields | {"curvature_lower": wrong}])
    lines.refuse(f"no {name}", plateaus=[fields | {name: classes}])
    lines.refuse(f"{name} must be an integer >= 0", plateaus=[fields | {name: -1}])
    for wrong in ({}, None, fields | {"direction": ["1"]}):
        lines.refuse("a plateau must have fields", plateaus=[wrong])


def edges_of_other_networks(lines, W, rows, network, curvature):
    """Edges that depend on outputs and slope, near a critical point; rows: class of each neuron."""
    n, V = len(W), np.eye(W.shape[1])
    lines.fields["location_radius"] = "1e-10"  # it grows as the bound of the Hessian falls
    hessian = smallest(population_hessian(W, V, **network))
    lines.lower("hessian_lower", hessian, curvature, 2e-2)
    wide = [np.pad(x, [(0, 0), (0, 1)]) for x in (W, V)]
    whole = population_hessian(*wide, **network).reshape(n, len(V) + 1, n, len(V) + 1)
    lines.lower("orthogonal_hessian_lower", smallest(whole[:, -1, :, -1]), lines.off, 1e-4)
    loss, norms = population_loss(W, V, **network), np.linalg.norm(W, axis=1).sum()
    for values, value, reason in (
        (("loss_lower", "loss_upper"), loss, "the loss is not enclosed"),
        (("norm_sum_lower", "norm_sum_upper"), norms, "the sum of norms is not enclosed"),
    ):
        lines.lower(values[0], value, reason, 1e-7)
        lines.upper(values[1], value, reason, 1e-7)
    name, classes = ("row", "class") if "blocks" in lines.fields else ("neuron", "neuron")
    for place, split in enumerate(lines.fields["splits"]):
        i = rows.index(split[name])
        u, z = (spread(lines.fields, split[x], i, split[name]) for x in ("direction", "growth"))
        form = u @ inner_hessian(W, V, i, **network) @ u / (u @ u)
        grown = {**network, "outputs": np.append(network["outputs"], network["outputs"][i])}
        square = (1 + network["kernel"].slope ** 2) / 4 * z @ z
        slope = population_loss(np.vstack([W, z]), V, **grown) - loss - square
        which = f"{classes} {split[name]}"
        bounds_of_split(lines, place, form, slope / np.linalg.norm(z), which)


def spread(fields, values, i, row):
    """A vector that is constant on parts, on all coordinates: neuron i, of this class, is alone."""
    exact = [float.fromhex(x) for x in values]
    if "blocks" not in fields:
        return np.array(exact)
    parts = []
    for block, size in enumerate(fields["blocks"]):
        own = block == row and row < len(fields["own"]) and size > 1
        parts += [1, size - 1] if own else [size]
    first = int(np.sum(fields["blocks"][:row])) if row < len(fields["own"]) else i
    assert first == i
    return np.repeat(exact, parts)


@cache
def other_lines():
    """Minima of leaky networks from all weights, with splits and plateaus."""
    found = []
    for family, k, m, slope in (("II", 7, 1, 0.5), ("A", 7, None, -0.25)):
        W = leaky_critical_point(family, k, slope, m=m).weights()
        minimum = certify_minimum(W, np.eye(k), kernel=leaky_relu(slope))
        splits = [split for split in certify_splits(minimum) if split.neuron in (0, k - 1)]
        lines = Lines(**json.loads(minimum_line(minimum, splits, plateaus_of(minimum))))
        lines.off = "Hessian off the span"
        lines.accept(f"spurious minimum n={k} k={k} d>={k} slope={slope} F>=")
        network = {"outputs": np.ones(k), "kernel": leaky_relu(slope)}
        edges_of_other_networks(lines, minimum.W, list(range(k)), network, "Hessian over the box")
        for wrong in (None, 1, "s"):
            lines.refuse("is not a number", slope=wrong)
        lines.refuse(NOT_IN_THE_BOX, slope=number(slope + 1e-6))
        for plateau in plateaus_of(minimum)[:1]:
            edge = _across(minimum.W, np.eye(k), plateau.neuron, plateau.sign, **network)
            fields = {"neuron": plateau.neuron, "sign": plateau.sign}
            below, above = (fields | {"curvature_lower": number(edge * x)} for x in (0.999, 1.001))
            lines.accept("are minima", plateaus=[below])
            lines.refuse(f"plateau of neuron {plateau.neuron}", plateaus=[above])
        # L of Lemma 4 counts (1 - s)^2 times.
        mu = mpmath.mpf(lines.fields["hessian_lower"]) / (1 - mpmath.mpf(slope)) ** 2
        edge = convexity_edge(minimum.W, mu)
        lines.lower("convexity_radius", edge, "convexity_radius is too large")
        found.append(lines)
    return found


@cache
def other_symmetric_lines():
    """Minima with a symmetry: fewer students than teachers, an output -1, slopes, plateaus."""
    average, perturbed = copy_average_point(6, 3), perturbed_copy_point(8, 5)
    leaky = leaky_critical_point("II", 8, 0.5, m=1)
    signed = FixedPointSpace((5, 1, 1), extra=1)
    found = []
    for space, parameters, options, said in (
        (average.space, average.parameters, {}, "strict minimum n=3 k=6 blocks=[2, 4] F>="),
        (perturbed.space, perturbed.parameters, {}, "strict minimum n=5 k=8 blocks=[5, 3] F>="),
        (leaky.space, leaky.parameters, {"kernel": leaky_relu(0.5)},
         "spurious minimum n=8 k=8 blocks=[7, 1] slope=0.5 F>="),
        (signed, signed.project(signed_minimum().W), {"outputs": [1, 1, 1, -1]},
         "spurious minimum n=8 k=7 blocks=[5, 1, 1] F>="),
    ):  # fmt: skip
        minimum = certify_symmetric_minimum(space, parameters, **options)
        plateaus = [x for x in certify_symmetric_plateaus(minimum)
                    if isinstance(x, SymmetricPlateauCertificate)]  # fmt: skip
        lines = Lines(**json.loads(symmetric_minimum_line(minimum, plateaus)))
        lines.off = "an eigenvalue of M"
        lines.accept(said)
        W, rows, network = whole_of(minimum)
        curvature = "an eigenvalue of the Hessian over the box"
        edges_of_other_networks(lines, W, rows, network, curvature)
        for plateau in plateaus:
            edge = symmetric_curvature_across(minimum, plateau)
            fields = {"row": plateau.row, "sign": plateau.sign}
            below, above = (fields | {"curvature_lower": number(edge * x)} for x in (0.999, 1.001))
            kind = "signed splits" if plateau.sign < 0 else "splits"
            size = rows.count(plateau.row)
            lines.accept(f", {kind} of {size} neurons are minima", plateaus=[below])
            lines.refuse(f"plateau of class {plateau.row}", plateaus=[above])
        other = "symmetric_minimum" if "strict" in said else "symmetric_strict_minimum"
        lines.refuse(AS_STATED, statement=other)
        for step in ("1e-6", "-1e-6"):
            lines.refuse(NOT_IN_THE_BOX, slope=str(Fraction(minimum.slope) + Fraction(step)))
        present = len(minimum.blocks) - minimum.absent
        for absent in {0, 1, 2} - {minimum.absent}:
            if len(minimum.blocks) + minimum.extra > absent:
                lines.refuse(f"own must have {len(minimum.blocks) - absent} entries", absent=absent)
        lines.refuse("no neurons are left", absent=len(minimum.blocks) + 1, extra=2)
        lines.refuse("no neurons are left", absent=len(minimum.blocks), extra=0)
        lines.refuse("absent must be an integer >= 0", absent=-1)
        classes = present + minimum.extra
        lines.refuse(f"outputs must have {classes} entries", outputs=[1] * (classes + 1))
        found.append(lines)
    lines = found[-1]
    lines.refuse(AS_STATED, outputs=[1, 1, -1, -1])
    lines.refuse("an eigenvalue of the Hessian over the box", outputs=[1, 1, 1, 1])
    return found


@cache
def erf_lines():
    """Both points of erf, not quite at the critical point."""
    found = []
    for point in (copy_average_point(4, 2, kernel="erf"), perturbed_copy_point(6, 5, kernel="erf")):
        k, n = int(point.k), int(point.n)
        V, rng = np.eye(k), np.random.default_rng(6)
        W = point.weights() + 2e-15 * rng.normal(size=(n, k))
        c = point.outputs() + 2e-15 * rng.normal(size=n)
        options = {"outputs": c, "kernel": "erf"}
        wide = [np.pad(x, [(0, 0), (0, 1)]) for x in (W, V)]
        along = population_hessian(*wide, **options).reshape(n, k + 1, n, k + 1)[:, k, :, k]
        whole = smallest(population_joint_hessian(W, V, **options))
        g = erf_gradient_norm(W, c)
        assert abs(erf_loss(W, c) - population_loss(W, V, **options)) < 1e-14
        mu, loss = mpmath.mpf(whole) / 2, erf_loss(W, c)
        lines = Lines(
            statement="erf_minimum", bits=192, n=n, k=k, d=k, W=hexadecimal(W),
            outputs=hexadecimal(c), radius="2e-9", hessian_lower=number(mu),
            orthogonal_hessian_lower="0.001", location_radius="1e-8",
            loss_lower=number(loss * 0.9), loss_upper=number(loss * 1.1),
        )  # fmt: skip
        lines.lower("hessian_lower", whole, "Hessian over the box", 1e-3)
        lower_edge = smallest(along)
        lines.lower("orthogonal_hessian_lower", lower_edge, "Hessian off the span", 1e-3)
        lines.upper("radius", 2 * g / mu, NOT_IN_THE_BOX, 1e-9)
        lines.upper("location_radius", g / mu, "location_radius is too small", 1e-9)
        lines.lower("loss_lower", loss - g**2 / (2 * mu), "the loss is not enclosed")
        lines.upper("loss_upper", loss, "the loss is not enclosed")
        lines.refuse("Hessian over the box", radius="1e-2")
        lines.accept(f"strict minimum of erf n={n} k={k} d>={k} F>={floor_of(loss * 0.9)}")
        for name in ("radius", "hessian_lower"):
            lines.refuse("radius and hessian_lower must be positive", **{name: "0"})
        lines.refuse("orthogonal_hessian_lower must be positive", orthogonal_hessian_lower="0")
        lines.refuse("teachers do not fit", k=k + 1)
        for name in ("n", "k", "d"):
            lines.refuse(f"{name} must be an integer >= 1", **{name: 0})
        lines.refuse(f"outputs must have {n} entries", outputs=["1"] * (n + 1))
        shifted = [x.hex() for x in c + 1e-6]
        lines.refuse(NOT_IN_THE_BOX, outputs=shifted)
        found.append(lines)
    return found


def erf_loss(W, c):
    """F of erf in extended precision, by arcsines."""
    k = W.shape[1]
    terms = [*zip(extended(c), extended(W), strict=True),
             *((mpmath.mpf(-1), v) for v in extended(np.eye(k)))]  # fmt: skip
    return mpmath.fsum(
        a * b * mpmath.asin(w @ v / mpmath.sqrt((1 + w @ w) * (1 + v @ v))) / mpmath.pi
        for a, w in terms
        for b, v in terms
    )


def erf_gradient_norm(W, c):
    """|grad F| in weights and outputs, in extended precision."""
    rows, outputs = extended(W), extended(c)
    k = W.shape[1]
    terms = [*zip(outputs, rows, strict=True), *((mpmath.mpf(-1), v) for v in extended(np.eye(k)))]
    square = mpmath.mpf(0)
    for c_i, w in zip(outputs, rows, strict=True):
        slope, force, p = mpmath.mpf(0), np.array([mpmath.mpf(0)] * k), w @ w
        for share, v in terms:
            q, r = v @ v, w @ v
            S = (1 + p) * (1 + q) - r * r
            slope += share * 2 / mpmath.pi * mpmath.asin(r / mpmath.sqrt((1 + p) * (1 + q)))
            force = force + share * 2 / mpmath.pi / mpmath.sqrt(S) * (v - r / (1 + p) * w)
        square += slope**2 + (c_i * force) @ (c_i * force)
    return mpmath.sqrt(square)


def erf_minima(check):
    """erf, in weights and outputs."""
    for lines in erf_lines():
        lines.try_with(check)


def other_minima(check):
    """Leaky networks."""
    for lines in other_lines():
        lines.try_with(check)


def other_symmetric_minima(check):
    """Outputs, slopes and blocks without neurons, through the symmetry."""
    for lines in other_symmetric_lines():
        lines.try_with(check)


def plateaus(check):
    """What signed splits are, and splits of one sign."""
    for lines in plateau_lines():
        lines.try_with(check)


def symmetric_plateaus(check):
    """The same through the symmetry."""
    for lines in symmetric_plateau_lines():
        lines.try_with(check)


def minima(check):
    """Minima from all their weights."""
    minimum_lines().try_with(check)
    strict_lines().try_with(check)
    signed_lines().try_with(check)


@cache
def symmetric_lines(k, extra):
    """II_1, not quite at the critical point of its fixed-point space."""
    point = symmetric_critical_point("II", k, m=1, extra=extra)
    W, blocks = point.weights(), [k - 1, 1]
    firsts, lasts = [0, k - 1], [k - 2, k - 1]
    rows = [0, *range(k - 1, k + extra)]
    rng = np.random.default_rng(k)
    own = np.array([W[i, i] for i in firsts]) + 1e-14 * rng.normal(size=2)
    rest = W[np.ix_(rows, lasts)] + 1e-14 * rng.normal(size=(2 + extra, 2))
    rest[1, 1] = 0.0
    of = np.repeat([0, 1], blocks)
    full = rest[np.ix_([*of, *range(2, 2 + extra)], of)]
    full[np.arange(k), np.arange(k)] = own[of]
    V, mu = np.eye(k), mpmath.mpf(point.smallest.value) / 2
    splits, edges = [], []
    for row, i in enumerate(rows):
        inner = inner_hessian(full, V, i)
        # The first block has its own coordinate apart if the neuron is one of it.
        parts = [[i], list(range(1, k - 1)), [k - 1]] if row == 0 else [list(range(k - 1)), [k - 1]]
        basis = np.array([[float(j in part) for j in range(k)] for part in parts])
        lengths = np.sqrt(basis.sum(axis=1))
        units = basis / lengths[:, None]
        short = np.linalg.eigh(units @ inner @ units.T)[1][:, 0] / lengths
        u = 3 * short + 0.02 * rng.normal(size=len(parts))
        whole = u @ basis
        form = whole @ inner @ whole / (whole @ whole)
        w = full[i] @ basis.T / basis.sum(axis=1)
        for sign in (1, -1):
            z = w + sign * 0.1 * np.linalg.norm(full[i]) * u / np.linalg.norm(whole)
            slope = slope_of_growth(full, V, z @ basis) / norm(z @ basis)
            if slope < 0:
                break
        edges.append((form, slope))
        splits.append(
            {
                "row": row,
                "direction": hexadecimal(u),
                "curvature_upper": number(form * 0.9),
                "growth": hexadecimal(z),
                "slope_upper": number(slope * 0.9),
            }
        )
    loss = reference_loss(full, V, digits=DIGITS)
    lines = Lines(
        statement="symmetric_minimum", bits=192, blocks=blocks, extra=extra, own=hexadecimal(own),
        rest=hexadecimal(rest), radius=number(4e-9), hessian_lower=number(mu),
        orthogonal_hessian_lower="0.001", location_radius="1e-8", loss_lower=number(loss * 0.9),
        loss_upper=number(loss * 1.1), norm_sum_lower="1", norm_sum_upper="100", splits=splits,
    )  # fmt: skip
    lines.off = "an eigenvalue of M"
    bounds_of_minimum(lines, full, mu, "an eigenvalue of the Hessian over the box")
    n = k + extra
    lines.accept(
        f"spurious minimum n={n} k={k} blocks={blocks} F>={floor_of(loss * 0.9)} "
        f"eigenvalues>={floor_of(mu)}, splits of {n} neurons are strict saddles"
    )
    for place, (form, slope) in enumerate(edges):
        bounds_of_split(lines, place, form, slope, f"class {place}")
        zeros = ["0"] * len(splits[place]["direction"])
        for name in ("direction", "growth"):
            lines.refuse("direction and growth must not be zero", place, **{name: zeros})
    lines.refuse("no class of neurons", 0, row=2 + extra)
    lines.refuse("row must be an integer >= 0", 0, row=-1)
    for bad in ([], None, "6", [1] * 20):
        lines.refuse("blocks must be a list", blocks=bad)
    for bad in ([0, k], [True, 1], [1.5, 1]):
        lines.refuse("blocks must be positive integers", blocks=bad)
    lines.refuse("extra must be an integer >= 0", extra=-1)
    return lines


def symmetric_minima(check):
    """The same through the symmetry."""
    symmetric_lines(8, 1).try_with(check)


@cache
def global_lines():
    """The global minimum; both estimates of A and of B are the smaller ones somewhere."""
    a = mpmath.mpf(1) / 4 - 1 / (2 * mpmath.pi)
    every = []
    for k, r in ((2, "0.02"), (2, "0.05"), (3, "0.03"), (5, "0.02"), (7, "0.02"), (50, "0.01")):
        x = mpmath.mpf(r)
        unit, q = x / (mpmath.pi * (1 - x)), (1 + x) / (1 - x)
        A = min(mpmath.sqrt(k), mpmath.sqrt(k + 3 + 6 * q**2) / 2)
        B = min(2 * mpmath.sqrt(k - 1), 1 + 2 * x + 3 * q + x / (2 * (1 - x)))
        edge = a - unit * (A + B)
        assert edge > 0
        lines = Lines(
            statement="global_minimum", bits=192, k=k, eigenvalue_lower="0.09",
            eigenvalue_upper="0.091", radius=r, hessian_lower=number(edge / 2),
        )  # fmt: skip
        lines.lower("eigenvalue_lower", a, "eigenvalue_lower is too large")
        lines.upper("eigenvalue_upper", a, "eigenvalue_upper is too small")
        lines.lower("hessian_lower", edge, "strong convexity within radius not shown")
        lines.refuse("hessian_lower must be positive", hessian_lower="0")
        lines.refuse("radius must be in (0, 1/4)", radius="0")
        lines.refuse("radius must be in (0, 1/4)", radius="1/4")
        lines.refuse("k must be an integer >= 2", k=1)
        lines.accept(
            f"global minimum n=k={k}, eigenvalues>={floor_of(edge / 2)} within {floor_of(x)}"
        )
        every.append(lines)
    return every


def global_minima(check):
    """The curvature around the global minimum."""
    for lines in global_lines():
        lines.try_with(check)


def quotient(quantity, W, minimum, U, k):
    """The quantity of an inequality, in extended precision."""
    n, d = W.shape
    V, G = np.eye(k, d), W - minimum
    hessian = reference_hessian(W, V, digits=DIGITS)
    gradient = reference_gradient(W, V, digits=DIGITS).ravel()
    along = (U if quantity == "hessian_form" else G).ravel()
    form, flat = along @ hessian @ along, G.ravel()
    if quantity == "conjecture12_gap":
        m = n // k
        g = G.reshape(k, m, d).sum(axis=1)
        total = g.sum(axis=0)
        right = total @ total + (1 - 2 / mpmath.pi) * (g * g).sum()
        return form - right / 4
    if quantity == "one_point_gradient":
        return gradient @ flat / (flat @ flat)
    if quantity == "pl_ratio":
        return gradient @ gradient / (2 * reference_loss(W, V, digits=DIGITS))
    return form / (along @ along)


@cache
def inequality_lines():
    """Each quantity at a rational point; its line comes from the prover, the edges do not."""
    hundredth = Fraction(1, 100)
    tilted, spread = (
        make(4, 3, 4, Fraction(1, 2), hundredth) for make in (tilted_pair, spread_pair)
    )
    certificates = [
        certify_inequality(Quantity.HESSIAN_FORM, tilted),
        certify_inequality(Quantity.ONE_POINT_GRADIENT, spread),
        certify_inequality(Quantity.ONE_POINT_HESSIAN, spread),
        certify_inequality(Quantity.PL_RATIO, spread),
        certify_inequality(Quantity.CONJECTURE12_GAP, witness("two_unequal", hundredth)),
    ]
    every = []
    for certificate in certificates:
        fields = json.loads(inequality_line(certificate)) | {"bits": 192}
        W, minimum, U = (
            np.array([[mpmath.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in row]
                      for row in fields[name]], dtype=object)
            for name in ("W", "minimum", "direction")
        )  # fmt: skip
        quantity, n, k, d = (fields[name] for name in ("quantity", "n", "k", "d"))
        value, distance = quotient(quantity, W, minimum, U, k), norm(W - minimum)
        lines = Lines(**fields)
        lines.upper("upper", value, f"{quantity} is not shown to be <=")
        lines.upper("distance_upper", distance, "W is not that close to the minimum")
        lines.refuse("W is not that close", distance_upper=number(-2 * distance))
        lines.accept(
            f"{quantity} <= {ceiling_of(Fraction(fields['upper']))} at distance <= "
            f"{ceiling_of(Fraction(fields['distance_upper']), 3)}, n={n} k={k} d={d}"
        )
        lines.refuse("do not fit", k=d + 1)
        for name in ("n", "k", "d"):
            lines.refuse(f"{name} must be an integer >= 1", **{name: 0})
        lines.refuse("unknown quantity", quantity="nonsense")
        if quantity in ("hessian_form", "conjecture12_gap"):
            lines.refuse("negative", upper="0")
        else:
            lines.accept(upper="100")
        rows = fields["minimum"]
        lines.refuse("a row is no multiple of a teacher", minimum=[["1"] * d, *rows[1:]])
        lines.refuse("a row is no multiple of a teacher", minimum=[["0"] * d, *rows[1:]])
        if d > k:
            beyond = [["0"] * (d - 1) + ["1"], *rows[1:]]
            lines.refuse("a row is no multiple of a teacher", minimum=beyond)
        lines.refuse("not a positive multiple", minimum=[["-1/2", *["0"] * (d - 1)], *rows[1:]])
        half = [[str(Fraction(x) / 2) for x in rows[0]], *rows[1:]]
        lines.refuse("do not add up to one", minimum=half)
        if quantity == "conjecture12_gap":
            lines.refuse("Conjecture 12 has", minimum=rows[::-1])
        every.append(lines)
    return every


def inequalities(check):
    """Inequalities at rational points."""
    for lines in inequality_lines():
        lines.try_with(check)


@cache
def basin_lines():
    """Basins of one block and of two; at the global minimum pairs are parallel."""
    return [lines_of_basin(basin) for basin in (*propose_basins(2, 0), *propose_basins(6, 1))]


def lines_of_basin(basin):
    """The edges of one, half as large, with a minimum that might lie farther from its centre."""
    given = Basins(**basin_arrays([basin]))
    fields = json.loads(certify_basins(given).lines[0])
    C, k = basin.center, len(basin.center)
    radius, location = mpmath.mpf(basin.radius) / 2, mpmath.mpf(basin.radius) / 64
    inner = radius * (1 + mpmath.mpf(2) ** -30)
    outer = float(inner + 2 * location)
    hessian = population_hessian(C, np.eye(k))
    values, change = np.linalg.eigvalsh(hessian), Lemma12(C).constant(outer) * outer
    lower, upper = (mpmath.mpf(float(x)) for x in (values[0] - change, values[-1] + change))
    lower, upper = lower * 0.99, upper * 1.01
    lines = Lines(
        **fields
        | {
            "radius": number(radius),
            "location_radius": number(location),
            "hessian_lower": number(lower),
            "hessian_upper": number(upper),
            "step_bound": number(1 / upper),
            "gradient_bound": number(2 * upper * basin.radius),
        }
    )
    inside = "an eigenvalue in the basin"
    lines.lower("hessian_lower", values[0] - change, inside, 1e-9)
    lines.upper("hessian_upper", values[-1] + change, inside, 1e-9)
    g = norm(reference_gradient(C, np.eye(k), digits=DIGITS))
    if g > mpmath.mpf(10) ** -30:  # the centre is not the minimum itself
        lines.upper("location_radius", g / lower, "location_radius is too small")
    lines.upper("gradient_bound", upper * (inner + location), "gradient_bound is too small")
    lines.lower("step_bound", 2 / upper, "step_bound is too large")
    lines.refuse("step_bound must be positive", step_bound="0")
    for name in ("radius", "hessian_lower"):
        lines.refuse("radius and hessian_lower must be positive", **{name: "0"})
    lines.refuse("a basin needs two neurons", blocks=[1], own=["1"], rest=[["0"]])
    lines.accept(
        f"basin n=k={k} blocks={fields['blocks']} radius={floor_of(radius)} "
        f"eigenvalues>={floor_of(lower)}, steps below {floor_of(1 / upper)} stay"
    )
    return lines


def basins(check):
    """Basins of gradient descent."""
    for lines in basin_lines():
        lines.try_with(check)


LINE_COMPARISONS = [
    minima,
    plateaus,
    symmetric_plateaus,
    symmetric_minima,
    other_minima,
    other_symmetric_minima,
    erf_minima,
    global_minima,
    inequalities,
    basins,
]
