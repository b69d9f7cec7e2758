"""Minima with a symmetry, proved at a cost that does not depend on k."""

import json
from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from helpers_certificates import family_minimum, signed_minimum
from relu_landscape.certificates import (
    Failure,
    FailureReason,
    Refused,
    SaddleCertificate,
    SymmetricMinimumCertificate,
    certify_family,
    certify_minimum,
    certify_splits,
    certify_symmetric_minimum,
    check_line,
    minimum_line,
    symmetric_minimum_line,
)
from relu_landscape.certificates.components import components, refine, refine_around, unrefined
from relu_landscape.certificates.precision import exact, precision
from relu_landscape.certificates.structured import Structured, StructuredNetwork
from relu_landscape.certificates.symmetric_minimum import (
    _assemble,
    _Kind,
    _ordered,
    is_positive_definite,
)
from relu_landscape.families import symmetric_critical_point
from relu_landscape.fewer_students import copy_average_point, perturbed_copy_point
from relu_landscape.leaky import leaky_critical_point
from relu_landscape.minima import inner_hessian
from relu_landscape.objective import (
    leaky_relu,
    population_gradient,
    population_hessian,
    population_loss,
)
from relu_landscape.symmetry import FixedPointSpace

NO_CRITICAL_POINT = "no critical point in the box"
NOT_A_MINIMUM = "an eigenvalue of the Hessian over the box is not shown"
NOT_POSITIVE = "radius and hessian_lower must be positive"
NORMS = "the sum of norms is not enclosed"
SPACES = [((4,), 0), ((5, 1), 0), ((4, 2), 1), ((3, 2, 1), 0), ((4, 3), 2), ((2,), 0), ((3,), 1)]


def random_structured(blocks, extra, seed):
    rng = np.random.default_rng(seed)
    r = len(blocks)
    own, rest = rng.normal(size=r), 0.3 * rng.normal(size=(r + extra, r))
    ball = Structured([exact(float(x)) for x in own], [[exact(float(x)) for x in y] for y in rest])
    return ball, embed(own, rest, blocks, extra)


def embed(own, rest, blocks, extra):
    """The weight matrix of values by blocks."""
    column = np.repeat(np.arange(len(blocks)), blocks)
    row = np.concatenate([column, len(blocks) + np.arange(extra)]).astype(int)
    W = np.asarray(rest)[np.ix_(row, column)].astype(float)
    W[np.arange(len(column)), np.arange(len(column))] = np.asarray(own)[column]
    return W


def embedded(X, sizes, extra):
    floats = [[float(x) for x in row] for row in X.rest]
    return embed([float(x) for x in X.own], floats, sizes, extra)


@pytest.mark.parametrize(("blocks", "extra"), SPACES)
def test_agrees_with_the_full_matrix(blocks, extra):
    refined = refine(blocks, extra)
    W, full = random_structured(blocks, extra, 5)
    k = sum(blocks)
    network = StructuredNetwork(refined.sizes, extra, refined.lift(W), 96)
    assert embedded(network.W, refined.sizes, extra) == pytest.approx(full)
    assert float(network.loss()) == pytest.approx(population_loss(full, np.eye(k)), abs=1e-12)
    gradient, hessian = (f(full, np.eye(k)) for f in (population_gradient, population_hessian))
    found = list(components(refined))
    assert sum(x.dimension * len(x.vectors) for x in found) == full.size
    for component in found:
        matrices = [embedded(v, refined.sizes, extra) for v in component.vectors]
        forms = [[float(x) for x in row] for row in network.hessian_forms(component.vectors)]
        flat = np.array([m.ravel() for m in matrices])
        np.testing.assert_allclose(forms, flat @ hessian @ flat.T, rtol=0, atol=1e-13)
        gram = [[float(network.inner(x, y)) for y in component.vectors] for x in component.vectors]
        np.testing.assert_allclose(gram, flat @ flat.T, rtol=0, atol=1e-13)
        np.testing.assert_allclose(gram, np.diag(np.diag(gram)), rtol=0, atol=1e-13)
        slopes = [float(network.slope(v)) for v in component.vectors]
        np.testing.assert_allclose(slopes, flat @ gradient.ravel(), rtol=0, atol=1e-13)


@pytest.mark.parametrize(("blocks", "extra"), SPACES)
def test_components_hold_the_whole_spectrum(blocks, extra):
    refined = refine(blocks, extra)
    W, full = random_structured(blocks, extra, 6)
    network = StructuredNetwork(refined.sizes, extra, refined.lift(W), 96)
    values = []
    for component in components(refined):
        lengths = np.sqrt([float(network.inner(v, v)) for v in component.vectors])
        forms = np.array(
            [[float(x) for x in row] for row in network.hessian_forms(component.vectors)]
        )
        for value in np.linalg.eigvalsh(forms / np.outer(lengths, lengths)):
            values += [value] * component.dimension
    spectrum = np.linalg.eigvalsh(population_hessian(full, np.eye(sum(blocks))))
    np.testing.assert_allclose(sorted(values), spectrum, rtol=0, atol=1e-13)


@pytest.mark.parametrize(("blocks", "extra"), SPACES)
def test_neurons_agree_with_the_full_matrix(blocks, extra):
    W, full = random_structured(blocks, extra, 7)
    k = sum(blocks)
    starts = [*np.cumsum([0, *blocks])[:-1], *range(k, k + extra)]
    for row, start in enumerate(starts):
        refined, neuron = refine_around(blocks, extra, row)
        network = StructuredNetwork(refined.sizes, extra, refined.lift(W), 96)
        u = np.random.default_rng(row).normal(size=len(refined.sizes))
        ball_u = [exact(float(x)) for x in u]
        wide = np.repeat(u, refined.sizes)
        inner = inner_hessian(full, np.eye(k), int(start))
        form = network.inner_hessian_forms(neuron, [ball_u])[0][0]
        assert float(form) == pytest.approx(wide @ inner @ wide, abs=1e-12)
        grown = population_loss(np.vstack([full, wide]), np.eye(k))
        change = grown - population_loss(full, np.eye(k)) - wide @ wide / 4
        assert float(network.added_neuron_slope(ball_u)) == pytest.approx(change, abs=1e-12)


@pytest.mark.parametrize(("blocks", "extra"), SPACES)
def test_hessian_off_the_span_agrees_with_the_full_matrix(blocks, extra):
    W, full = random_structured(blocks, extra, 8)
    n, k = full.shape
    network = StructuredNetwork(blocks, extra, unrefined(blocks, extra).lift(W), 96)
    mixed, own = network.orthogonal_entries()
    wide = population_hessian(np.pad(full, [(0, 0), (0, 1)]), np.eye(k, k + 1))
    M = wide.reshape(n, k + 1, n, k + 1)[:, k, :, k]
    classes = np.repeat(np.arange(len(blocks) + extra), network.row_sizes)
    for i in range(n):
        for j in range(n):
            expected = own[classes[i]] if i == j else mixed[classes[i]][classes[j]]
            assert float(expected) == pytest.approx(M[i, j], abs=1e-13)


OTHERS = [
    ((3, 4), 0, 1, (-1,), 0.0),
    ((2, 1, 3, 1), 1, 2, (1, -1, -1), 0.0),
    ((1, 4), 2, 2, (1, -1), 0.5),
    ((4, 2), 1, 0, (1, -1, -1), -0.5),
    ((3, 2), 0, 0, (1, 1), -1.0),
]


@pytest.mark.parametrize(("blocks", "extra", "absent", "outputs", "slope"), OTHERS)
def test_other_networks_agree_with_the_full_matrix(blocks, extra, absent, outputs, slope):
    rng, space = np.random.default_rng(9), FixedPointSpace(blocks, extra, absent)
    whole, fine = (f(blocks, extra, absent) for f in (unrefined, refine))
    given = 0.4 * rng.normal(size=space.dimension)
    full, V = space.embed(given), np.eye(sum(blocks))
    classes = np.repeat(np.arange(len(outputs)), [round(x) for x in space.row_sizes])
    assert list(np.bincount(classes)) == list(whole.row_sizes)
    further = {"outputs": np.array(outputs)[classes], "kernel": leaky_relu(slope)}
    W = _assemble(whole, _ordered(whole, space, given))
    kind = _Kind(96, outputs, slope)
    network, hessian = kind.network(fine, W), population_hessian(full, V, **further)
    assert float(network.loss()) == pytest.approx(population_loss(full, V, **further), abs=1e-12)
    gradient, spectrum = population_gradient(full, V, **further).ravel(), []
    for component in components(fine):
        matrices = [in_full(v, fine) for v in component.vectors]
        flat = np.array([m.ravel() for m in matrices])
        forms = np.array(network.hessian_forms(component.vectors)).astype(float)
        np.testing.assert_allclose(forms, flat @ hessian @ flat.T, rtol=0, atol=1e-12)
        slopes = [float(network.slope(v)) for v in component.vectors]
        np.testing.assert_allclose(slopes, flat @ gradient, rtol=0, atol=1e-12)
        lengths = np.linalg.norm(flat, axis=1)
        values = np.linalg.eigvalsh(forms / np.outer(lengths, lengths))
        spectrum += np.repeat(values, component.dimension).tolist()
    expected = np.linalg.eigvalsh(hessian)
    np.testing.assert_allclose(np.sort(spectrum), expected, rtol=0, atol=1e-12)
    wide = population_hessian(np.pad(full, [(0, 0), (0, 1)]), np.eye(len(V), len(V) + 1), **further)
    M = wide.reshape(len(full), len(V) + 1, len(full), len(V) + 1)[:, -1, :, -1]
    mixed, own = kind.network(whole, W).orthogonal_entries()
    for i, a in enumerate(classes):
        for j, b in enumerate(classes):
            assert float(own[a] if i == j else mixed[a][b]) == pytest.approx(M[i, j], abs=1e-12)
    for row, i in enumerate(np.unique(classes, return_index=True)[1]):
        parts, neuron = refine_around(blocks, extra, row, absent)
        single, u = kind.network(parts, W), rng.normal(size=len(parts.sizes))
        z, ball_u = np.repeat(u, parts.sizes), [exact(float(x)) for x in u]
        form = float(single.inner_hessian_forms(neuron, [ball_u])[0][0])
        assert form == pytest.approx(z @ inner_hessian(full, V, int(i), **further) @ z, abs=1e-12)
        for sign in (1, -1):
            grown = {**further, "outputs": np.append(further["outputs"], sign)}
            change = population_loss(np.vstack([full, z]), V, **grown) - z @ z * (1 + slope**2) / 4
            change -= population_loss(full, V, **further)
            slope_of_z = single.added_neuron_slope(ball_u, sign)
            assert float(slope_of_z) == pytest.approx(change, abs=1e-12)


def in_full(X, fine):
    """The whole matrix of one that is structured by parts."""
    of = np.repeat(np.arange(len(fine.sizes)), fine.sizes)
    rows = [*of[of < len(X.own)], *range(len(X.own), len(X.rest))]
    full = np.array([[float(X.rest[a][b]) for b in of] for a in rows])
    for i, a in enumerate(rows):
        if a < len(X.own):
            full[i, i] = float(X.own[a])
    return full


@pytest.mark.parametrize(("k", "n"), [(8, 5), (20, 9), (10**6, 10)])
def test_fewer_students_than_teachers(k, n):
    for solve in (copy_average_point, perturbed_copy_point):
        point = solve(k, n)
        found = certify_symmetric_minimum(point.space, point.parameters)
        assert isinstance(found, SymmetricMinimumCertificate)
        assert not found.spurious
        assert 0.999 * point.smallest.value < found.hessian_lower < point.smallest.value
        assert float(found.loss_lower) == pytest.approx(point.loss, rel=1e-12)
        assert f"strict minimum n={n} k={k}" in check_line(symmetric_minimum_line(found))
        if k < 10:
            full = certify_minimum(point.weights(), np.eye(k))
            assert found.loss_lower > full.loss_lower
            assert found.loss_upper < full.loss_upper
            assert float(found.orthogonal_hessian_lower) == pytest.approx(
                float(full.orthogonal_hessian_lower), rel=3.25 * 2**-13
            )


@pytest.mark.parametrize(
    ("family", "k", "m", "slope"), [("II", 8, 1, 0.5), ("A", 9, None, 0.25), ("II", 100, 2, -0.5)]
)
def test_leaky_families(family, k, m, slope):
    point = leaky_critical_point(family, k, slope, m=m)
    kernel = leaky_relu(slope)
    found = certify_symmetric_minimum(point.space, point.parameters, kernel=kernel)
    assert isinstance(found, SymmetricMinimumCertificate)
    assert found.spurious
    assert 0.999 * point.smallest.value < found.hessian_lower < point.smallest.value
    assert float(found.loss_lower) == pytest.approx(point.loss, rel=1e-12)
    assert f"slope={slope} F>=" in check_line(symmetric_minimum_line(found))
    if k < 10:
        W, V = point.weights(), np.eye(k)
        full = certify_minimum(W, V, kernel=kernel)
        assert full.slope == slope
        assert found.loss_lower > full.loss_lower
        assert found.loss_upper < full.loss_upper
        splits = [x for x in certify_splits(full) if isinstance(x, SaddleCertificate)]
        for split in splits:
            smallest = np.linalg.eigvalsh(inner_hessian(full.W, V, split.neuron, kernel=kernel))[0]
            assert smallest < split.curvature_upper < 0.99 * smallest
        assert f"slope={slope}" in check_line(minimum_line(full, splits))


def test_an_output_of_minus_one():
    full, space = signed_minimum(), FixedPointSpace((5, 1, 1), extra=1)
    found = certify_symmetric_minimum(space, space.project(full.W), outputs=[1, 1, 1, -1])
    assert isinstance(found, SymmetricMinimumCertificate)
    assert (found.spurious, found.outputs) == (True, (1, 1, 1, -1))
    assert found.loss_lower > full.loss_lower
    assert found.loss_upper < full.loss_upper
    # Of the last neuron H'_ii is negative along differences of two of the five coordinates alone.
    assert [split.row for split in found.splits] == [0, 1, 2]
    check_line(symmetric_minimum_line(found))
    without = certify_symmetric_minimum(space, space.project(full.W), outputs=[1, 1, 1, 1])
    assert isinstance(without, Failure)


def test_what_the_checker_does_not_know_is_refused():
    point = symmetric_critical_point("II", 8, m=1)
    with pytest.raises(ValueError, match=r"outputs is \[1\.\]; it must have 2 entries"):
        certify_symmetric_minimum(point.space, point.parameters, outputs=[1])
    for kernel in ("erf", "relu_squared"):
        with pytest.raises(ValueError, match="it must be 'relu', 'absolute_value' or leaky_relu"):
            certify_symmetric_minimum(point.space, point.parameters, kernel=kernel)
        with pytest.raises(ValueError, match="which the checker of certificates knows"):
            certify_minimum(point.weights(), np.eye(8), kernel=kernel)


@pytest.mark.parametrize("k", [6, 7, 20, 100, 1000, 10**6, 10**10])
def test_type_II_is_a_spurious_strict_minimum(k):
    found = certify_family("II", k, m=1)
    assert isinstance(found, SymmetricMinimumCertificate)
    point = symmetric_critical_point("II", k, m=1)
    assert 0.999 * point.smallest.value < found.hessian_lower < point.smallest.value
    assert float(found.loss_lower) == pytest.approx(point.loss, rel=1e-12)
    assert found.loss_upper - found.loss_lower < 1e-12 * point.loss
    assert found.norm_sum_upper < k
    assert found.location_radius < 1e-36
    assert [split.row for split in found.splits] == [0, 1]
    for split in found.splits:
        smallest = point.split(split.row).smallest.value
        assert smallest < split.curvature_upper < 0.99 * smallest
    assert f"k={k}" in check_line(symmetric_minimum_line(found))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "k", "m", "extra"),
    [
        ("A", 6, None, 0),
        ("A", 10**6, None, 0),
        ("I", 7, 1, 0),
        ("I", 12, 3, 0),
        ("II", 8, 2, 0),
        ("II", 10**4, 3, 0),
        ("II", 7, 1, 1),
        ("II", 19, 1, 1),
        ("II", 10**6, 1, 1),
        ("I", 12, 1, 1),
        ("I", 16, 3, 3),
        ("II", 11, 2, 2),
        ("II", 100, 2, 2),
        ("II", 11, 3, 3),
    ],
)
def test_other_families(family, k, m, extra):
    found = certify_family(family, k, m=m, extra=extra)
    assert isinstance(found, SymmetricMinimumCertificate)
    point = symmetric_critical_point(family, k, m=m, extra=extra)
    assert 0.999 * point.smallest.value < found.hessian_lower < point.smallest.value
    assert float(found.loss_lower) == pytest.approx(point.loss, rel=1e-12)
    assert len(found.splits) == len(found.W.rest)
    check_line(symmetric_minimum_line(found))


@pytest.mark.slow
def test_type_II_for_every_k_up_to_sixty():
    for k in range(6, 61):
        assert isinstance(certify_family("II", k, m=1), SymmetricMinimumCertificate), k


def test_agrees_with_the_proof_from_the_full_matrix():
    small, full = certify_family("II", 8, m=1), family_minimum(8)
    assert isinstance(small, SymmetricMinimumCertificate)
    # The bound from the full matrix stays up to 3.25 margins of 2^-13 below the eigenvalue, the
    # room for its checker among them.
    for name in ("hessian_lower", "orthogonal_hessian_lower", "loss_lower", "norm_sum_lower"):
        assert float(getattr(small, name)) == pytest.approx(
            float(getattr(full, name)), rel=3.25 * 2**-13
        )


def test_three_blocks():
    # II_2 with its pair of neurons named: the same point, in a larger space.
    point = symmetric_critical_point("II", 9, m=2)
    space = FixedPointSpace((7, 1, 1))
    found = certify_symmetric_minimum(space, space.project(point.weights()))
    assert isinstance(found, SymmetricMinimumCertificate)
    assert 0.999 * point.smallest.value < found.hessian_lower < point.smallest.value
    check_line(symmetric_minimum_line(found))


def refused(family, k, m, extra=0, **options):
    found = certify_family(family, k, m=m, extra=extra, **options)
    assert isinstance(found, Failure)
    assert found.detail
    return found.reason


def test_saddles_are_refused():
    assert refused("II", 5, 1) is FailureReason.NOT_POSITIVE_DEFINITE
    assert refused("I", 6, 1) is FailureReason.NOT_POSITIVE_DEFINITE
    assert refused("A", 20, None, extra=1) is FailureReason.NOT_POSITIVE_DEFINITE
    assert refused("II", 10, 2, extra=2) is FailureReason.NOT_POSITIVE_DEFINITE
    assert refused("II", 101, 2, extra=2) is FailureReason.NOT_POSITIVE_DEFINITE


def test_boxes_of_the_wrong_size_are_refused():
    assert refused("II", 20, 1, radius=0.02) is FailureReason.BOX_TOO_WIDE
    assert refused("II", 20, 1, radius=1e-60) is FailureReason.GRADIENT_TOO_LARGE
    assert refused("II", 20, 1, radius=10.0) is FailureReason.ZERO_NEURON


def test_points_that_are_no_minima_are_refused():
    space = FixedPointSpace((6, 1))
    found = certify_symmetric_minimum(space, space.project(np.eye(7)))
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.LOSS_NOT_POSITIVE
    away = symmetric_critical_point("II", 7, m=1).parameters + 0.2
    found = certify_symmetric_minimum(space, away)
    assert isinstance(found, Failure)
    assert found.reason is FailureReason.NEWTON_LEFT


def test_what_has_no_certificate_is_an_error():
    point = symmetric_critical_point("II", 7, m=1)
    with pytest.raises(ValueError, match=r"k is 20\.7; it must be a whole number"):
        certify_family("II", 20.7, m=1)
    with pytest.raises(ValueError, match="whole sizes"):
        certify_symmetric_minimum(FixedPointSpace((6.5, 1)), point.parameters)
    with pytest.raises(ValueError, match=r"this space has \(5,\)"):
        certify_symmetric_minimum(point.space, point.parameters[1:])
    with pytest.raises(ValueError, match="positive size"):
        certify_symmetric_minimum(point.space, point.parameters, radius=0.0)


@pytest.mark.parametrize("shift", [0.0, 0.5, 2.0])
def test_elimination_tells_definite_matrices(shift):
    rng = np.random.default_rng(4)
    A = rng.normal(size=(5, 5))
    A = A @ A.T + np.eye(5)
    with precision(96):
        found = is_positive_definite([[arb(float(x)) for x in row] for row in A], arb(shift))
    assert found == (np.linalg.eigvalsh(A)[0] > shift)


def mutations(line, point):
    """Why, and lines that are false: their point is no minimum, or a number is wrong."""
    fields = json.loads(line)

    def changed(**values):
        return json.dumps({**fields, **values})

    def value(text):
        sign, _, rest = text.partition("0x")
        mantissa, _, power = rest.partition("p")
        return Fraction(int(sign + mantissa, 16)) * Fraction(2) ** int(power)

    # W* is the only critical point nearby: a box that is moved by more than its size holds none.
    for row, values in enumerate(fields["rest"]):
        for column, text in enumerate(values):
            if fields["blocks"][column] > 1 or row != column:
                rest = json.loads(line)["rest"]
                for shift in (Fraction(1, 10**12), -Fraction(1, 10**7)):
                    rest[row][column] = str(value(text) + shift)
                    yield NO_CRITICAL_POINT, changed(rest=rest)
    for place, text in enumerate(fields["own"]):
        # With a sign changed the gradient is large, and the Hessian another one.
        for new, reason in (
            (value(text) + Fraction(1, 10**12), NO_CRITICAL_POINT),
            (-value(text), f"{NO_CRITICAL_POINT}|{NOT_A_MINIMUM}"),
        ):
            own = list(fields["own"])
            own[place] = str(new)
            yield reason, changed(own=own)
    smallest = point.smallest.value
    for name, number, reason in (
        ("hessian_lower", smallest * (1 + 1e-9), NOT_A_MINIMUM),
        ("hessian_lower", 1.5 * smallest, NOT_A_MINIMUM),
        ("hessian_lower", 0, NOT_POSITIVE),
        ("hessian_lower", -1, NOT_POSITIVE),
        ("orthogonal_hessian_lower", 0.26, "an eigenvalue of M is not shown"),
        ("orthogonal_hessian_lower", 0, "orthogonal_hessian_lower must be positive"),
        ("loss_lower", point.loss * (1 + 1e-10), "the loss is not enclosed"),
        ("loss_upper", point.loss * (1 - 1e-10), "the loss is not enclosed"),
        ("loss_lower", 0, "loss_lower must be positive"),
        ("norm_sum_lower", float(fields["norm_sum_upper"]) * (1 + 1e-12), NORMS),
        ("norm_sum_upper", float(fields["norm_sum_lower"]) * (1 - 1e-12), NORMS),
        ("location_radius", 0, "location_radius is too small"),
        ("radius", 0, NOT_POSITIVE),
        ("radius", -1, NOT_POSITIVE),
        ("radius", 100, "a neuron may be zero"),
    ):
        yield reason, changed(**{name: repr(float(number))})
    blocks = fields["blocks"]
    for first in (blocks[0] + 1, blocks[0] - 1):
        yield f"{NO_CRITICAL_POINT}|{NOT_A_MINIMUM}", changed(blocks=[first, *blocks[1:]])
    yield NOT_A_MINIMUM, changed(blocks=blocks[::-1])
    yield "own must have 1 entries", changed(blocks=blocks[:1])
    for new in ([], None):
        yield "blocks must be a list", changed(blocks=new)
    for new in ([0], [1.5], [True], [-1, 1]):
        yield "blocks must be positive integers", changed(blocks=new)
    yield "rest must have", changed(extra=fields["extra"] + 1)
    yield "extra must be an integer", changed(extra=-1)
    for place, split in enumerate(fields["splits"]):
        size = len(split["direction"])
        for name, new, reason in (
            ("curvature_upper", "-1", f"curvature of class {place} not shown"),
            ("curvature_upper", "0", "curvature_upper and slope_upper must be negative"),
            ("slope_upper", "-1", f"slope of class {place} not shown"),
            ("slope_upper", "0", "curvature_upper and slope_upper must be negative"),
            ("direction", ["0"] * 9, f"direction must have {size} entries"),
            ("direction", ["0"] * size, "direction and growth must not be zero"),
            ("growth", ["0"] * size, "direction and growth must not be zero"),
            ("row", 9, "no class of neurons 9"),
            ("row", -1, "row must be an integer"),
        ):
            splits = json.loads(line)["splits"]
            splits[place][name] = new
            yield reason, changed(splits=splits)
    for end in np.linspace(0, len(line) - 1, 10).astype(int):
        yield "not JSON", line[:end]


@pytest.mark.slow
@pytest.mark.parametrize(("k", "extra"), [(6, 0), (20, 0), (1000, 0), (12, 1)])
def test_mutations_are_refused(k, extra):
    found = certify_family("II", k, m=1, extra=extra)
    line = symmetric_minimum_line(found)
    check_line(line)
    point = symmetric_critical_point("II", k, m=1, extra=extra)
    for reason, mutation in mutations(line, point):
        with pytest.raises(Refused, match=reason):
            check_line(mutation)
