"""Activations as pair kernels: against quadrature, sampling and quotients; bits of the ReLU."""

import math

import mpmath
import numpy as np
import pytest
from scipy.special import erf

from helpers_objective import network_at_angle, random_network, vector_at_angle
from relu_landscape.minima import (
    inner_hessian,
    mean_curvature,
    smallest_eigenpair,
    split_curvature,
    split_every_neuron,
    split_neuron,
    split_outputs,
)
from relu_landscape.objective import (
    leaky_relu,
    population_gradient,
    population_hessian,
    population_hessian_vector,
    population_loss,
    population_output_gradient,
)
from relu_landscape.objective.geometry import pair_geometry
from relu_landscape.objective.pair import (
    gradient_terms,
    hessian_first_form,
    hessian_mixed_form,
    loss_terms,
)
from relu_landscape.objective.pair_kernels import checked_kernel


def leaky(s):
    return lambda z: np.maximum(z, 0) + s * np.minimum(z, 0)


ACTIVATIONS = {
    "relu": leaky(0.0),
    "leaky": leaky(0.3),
    "absolute_value": np.abs,
    "relu_squared": lambda z: np.maximum(z, 0) ** 2,
    "erf": lambda z: erf(z / np.sqrt(2)),
}
PIECEWISE = ["relu", "leaky", "absolute_value"]
ANGLES = [0.0, 1e-9, 1e-4, 0.7, math.pi / 2, 3.0, math.pi - 1e-9, math.pi]
SLOPES = {"relu": 0.0, "leaky": 0.3, "absolute_value": -1.0}


def kernel_of(name):
    return leaky_relu(0.3) if name == "leaky" else name


def problem(name, n=3, k=2, d=4, seed=0):
    """Students, teachers, and outputs of either sign, of several sizes where they may have one."""
    W, V = random_network(n, k, d, seed=seed)
    outputs = np.where(np.arange(n) % 2, -1.0, 1.0)
    return W, V, outputs * (1.0 + 0.5 * np.arange(n)) if name == "erf" else outputs


def terms(name, t, lengths=(1.25, 0.8)):
    """The kernel, its gradient and its two Hessians at two vectors at angle t, and these."""
    kernel = checked_kernel(kernel_of(name), "kernel")
    w, v = lengths[0] * np.eye(3)[0], lengths[1] * vector_at_angle(t, 3)
    pair = pair_geometry(w, v)
    found = (
        kernel.loss_terms(pair),
        kernel.gradient_terms(pair),
        kernel.hessian_first_form(pair).matrix(),
        kernel.hessian_mixed_form(pair).matrix(),
    )
    return found, w, v


def integrated(name, w, v):
    """E[s(w.x) s(v.x)] by quadrature, of float64 vectors in the plane of the first two inputs."""
    t = mpmath.atan2(v[1], v[0])
    first, second = mpmath.mpf(w[0]), mpmath.hypot(v[0], v[1])
    if name == "erf":
        # Given u = w.x/|w|, erf(v.x/sqrt 2) has the mean erf(m u/sqrt 2).
        m = second * mpmath.cos(t) / mpmath.sqrt(1 + (second * mpmath.sin(t)) ** 2)

        def weighted(u):
            root = u / mpmath.sqrt(2)
            return mpmath.erf(first * root) * mpmath.erf(m * root) * mpmath.npdf(u)

        return 2 * mpmath.quad(weighted, [0, 1, 3, 6, 12])
    s = mpmath.mpf(SLOPES.get(name, 0.0))
    power, moment = (2, 8) if name == "relu_squared" else (1, 2)

    def of_angle(theta):
        values = (mpmath.cos(theta), mpmath.cos(theta - t))
        sides = [(z if z > 0 else s * z) ** power for z in values]
        return sides[0] * sides[1]

    half = mpmath.pi / 2
    kinks = sorted({-half, half, t - half, t + half, half + mpmath.pi})
    whole = mpmath.quad(of_angle, [x for x in kinks if -half <= x <= half + mpmath.pi])
    return (first * second) ** power * moment * whole / (2 * mpmath.pi)


def closed_form(name):
    """K(p, q, r) as the textbook has it, for mpmath."""

    def kernel(p, q, r):
        if name == "erf":
            return 2 / mpmath.pi * mpmath.asin(r / mpmath.sqrt((1 + p) * (1 + q)))
        t = mpmath.acos(r / mpmath.sqrt(p * q))
        if name == "relu_squared":
            sine, cosine = mpmath.sin(t), mpmath.cos(t)
            shape = 3 * sine * cosine + (mpmath.pi - t) * (1 + 2 * cosine**2)
            return p * q * shape / (2 * mpmath.pi)
        s = mpmath.mpf(SLOPES[name])
        shape = (mpmath.sin(t) + (mpmath.pi - t) * mpmath.cos(t)) / (2 * mpmath.pi)
        return (1 - s) ** 2 * mpmath.sqrt(p * q) * shape + s * r

    return kernel


def differentiated(name, w, v):
    """dK/dw, d2K/dw2 and d2K/dw dv by the chain rule from mpmath's derivatives in p, q and r."""
    w, v = (np.array([mpmath.mpf(x) for x in vector], dtype=object) for vector in (w, v))
    kernel, at = closed_form(name), (w @ w, v @ v, w @ v)

    def slope(*orders):
        return mpmath.diff(kernel, at, orders)

    identity = np.array([[mpmath.mpf(i == j) for j in range(3)] for i in range(3)])
    pr, qr, rr = slope(1, 0, 1), slope(0, 1, 1), slope(0, 0, 2)
    ww, vv, wv = np.outer(w, w), np.outer(v, v), np.outer(w, v)
    gradient = w * (2 * slope(1, 0, 0)) + v * slope(0, 0, 1)
    first = identity * (2 * slope(1, 0, 0)) + ww * (4 * slope(2, 0, 0))
    first = first + (wv + wv.T) * (2 * pr) + vv * rr
    mixed = identity * slope(0, 0, 1) + wv * (4 * slope(1, 1, 0)) + wv.T * rr
    mixed = mixed + ww * (2 * pr) + vv * (2 * qr)
    return tuple(value.astype(np.float64) for value in (gradient, first, mixed))


class TestKernelIsTheExpectation:
    @pytest.mark.parametrize("t", ANGLES)
    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_quadrature(self, name, t):
        (found, *_), w, v = terms(name, t)
        with mpmath.workdps(25):
            expected = float(integrated(name, w, v))
        assert found == pytest.approx(expected, rel=1e-14, abs=2e-16)

    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_sampling_in_five_dimensions(self, name):
        W, V, outputs = problem(name, n=4, k=3, d=5, seed=8)
        inputs = np.random.default_rng(9).normal(size=(5, 100_000))
        s = ACTIVATIONS[name]
        halves = 0.5 * (outputs @ s(W @ inputs) - s(V @ inputs).sum(axis=0)) ** 2
        standard_error = halves.std() / np.sqrt(halves.size)
        loss = population_loss(W, V, outputs=outputs, kernel=kernel_of(name))
        assert standard_error < 0.02 * loss
        assert abs(halves.mean() - loss) < 4 * standard_error


class TestDerivatives:
    # Nearer to parallel than 1e-6 the arccosine of the textbook wants still more digits.
    @pytest.mark.parametrize("t", [1e-6, 0.7, 2.0, math.pi - 1e-6])
    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_of_a_pair_in_extended_precision(self, name, t):
        (_, *found), w, v = terms(name, t)
        with mpmath.workdps(60):
            expected = differentiated(name, w, v)
        for here, there in zip(found, expected, strict=True):
            np.testing.assert_allclose(here, there, rtol=0, atol=3e-15)

    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_gradient_is_the_difference_quotient_of_the_loss(self, name):
        W, V, outputs = problem(name)
        further = {"outputs": outputs, "kernel": kernel_of(name)}
        quotients = [
            population_loss(W + step, V, **further) - population_loss(W - step, V, **further)
            for step in 1e-5 * np.eye(W.size).reshape(-1, *W.shape)
        ]
        gradient = population_gradient(W, V, **further)
        np.testing.assert_allclose(gradient.ravel(), np.array(quotients) / 2e-5, rtol=0, atol=2e-9)

    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_hessian_is_the_difference_quotient_of_the_gradient(self, name):
        W, V, outputs = problem(name)
        further = {"outputs": outputs, "kernel": kernel_of(name)}
        quotients = [
            (
                population_gradient(W + step, V, **further)
                - population_gradient(W - step, V, **further)
            ).ravel()
            for step in 1e-5 * np.eye(W.size).reshape(-1, *W.shape)
        ]
        hessian = population_hessian(W, V, **further)
        assert (hessian == hessian.T).all()
        np.testing.assert_allclose(hessian, np.array(quotients) / 2e-5, rtol=0, atol=2e-8)
        U = np.random.default_rng(3).normal(size=W.shape)
        product = population_hessian_vector(W, V, U, **further).ravel()
        np.testing.assert_allclose(product, hessian @ U.ravel(), rtol=0, atol=1e-13)


def former_loss(W, V):
    def losses(first, second):
        return loss_terms(pair_geometry(first[:, None], second[None])).ravel()

    parts = (0.5 * losses(W, W), -losses(W, V), 0.5 * losses(V, V))
    return math.fsum(np.concatenate(parts))


def former_gradient(W, V):
    def summed(second):
        return gradient_terms(pair_geometry(W[:, None], second[None])).sum(axis=1)

    return summed(W) - summed(V)


def former_hessian(W, V):
    n, d = W.shape
    blocks = np.empty((n, d, n, d))
    for i in range(n):
        for j in range(i + 1, n):
            mixed = hessian_mixed_form(pair_geometry(W[i], W[j])).matrix()
            blocks[i, :, j, :] = blocks[j, :, i, :] = mixed
        students, teachers = (
            hessian_first_form(pair_geometry(W[i], others)).total().matrix() for others in (W, V)
        )
        blocks[i, :, i, :] = 0.5 * np.eye(d) + students - teachers
    return blocks.reshape(n * d, n * d)


class TestBitsOfTheRelu:
    """What was computed with before there were outputs and other activations."""

    @pytest.mark.parametrize(
        "network",
        [
            *(random_network(n, k, d, seed=n) for n, k, d in [(1, 1, 1), (5, 8, 5), (9, 3, 16)]),
            *(network_at_angle(t, 5, sign) for t in (0.0, 1e-12, 1e-3) for sign in (1, -1)),
            (np.eye(4), np.eye(4)),
        ],
        ids=lambda network: str(network[0].shape),
    )
    def test_the_former_formulas_give_the_same(self, network):
        W, V = network
        for outputs in (None, np.ones(len(W))):
            assert population_loss(W, V, outputs=outputs) == former_loss(W, V)
            gradient = population_gradient(W, V, outputs=outputs)
            assert gradient.tobytes() == former_gradient(W, V).tobytes()
            hessian = population_hessian(W, V, outputs=outputs)
            assert hessian.tobytes() == former_hessian(W, V).tobytes()

    def test_recorded_bits(self):
        """At right angles no processor's arctangent differs."""
        W = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 0.5]])
        assert population_loss(W, np.eye(3)).hex() == RECORDED_LOSS
        gradient = population_gradient(W, np.eye(3))
        assert [x.hex() for x in gradient.ravel().tolist()] == RECORDED_GRADIENT


RECORDED_LOSS = "0x1.2000000000000p-1"
RECORDED_GRADIENT = [
    "0x1.45f306dc9c880p-4",
    "0x1.0000000000000p-2",
    "-0x1.0000000000000p-3",
    "-0x1.0000000000000p-2",
    "0x1.28be60db9390ep-1",
    "-0x1.0000000000000p-3",
    "-0x1.28be60db93910p-1",
    "0x1.0000000000000p-2",
    "-0x1.0000000000000p-3",
    "-0x1.0000000000000p-2",
    "0x1.0000000000000p-2",
    "0x1.17cc1b7272210p-4",
]


class TestIdentities:
    @pytest.mark.parametrize("s", [-1.0, -0.4, 0.0, 0.3, 1.0])
    def test_leaky_loss_is_that_of_the_relu_and_a_quadratic(self, s):
        W, V, outputs = problem("leaky")
        share, total = (1 - s) ** 2, outputs @ W - V.sum(axis=0)
        further = {"outputs": outputs, "kernel": leaky_relu(s)}
        relu = population_loss(W, V, outputs=outputs)
        expected = share * relu + s / 2 * total @ total
        assert population_loss(W, V, **further) == pytest.approx(expected, abs=1e-15)
        gained = np.kron(np.outer(outputs, outputs), s * np.eye(W.shape[1]))
        np.testing.assert_allclose(
            population_hessian(W, V, **further),
            share * population_hessian(W, V, outputs=outputs) + gained,
            rtol=0,
            atol=1e-14,
        )

    def test_slopes_zero_and_minus_one_have_names(self):
        W, V, outputs = problem("leaky")
        for name, s in (("relu", 0.0), ("absolute_value", -1.0)):
            np.testing.assert_array_equal(
                population_hessian(W, V, outputs=outputs, kernel=name),
                population_hessian(W, V, outputs=outputs, kernel=leaky_relu(s)),
            )

    def test_absolute_value_does_not_see_the_sign_of_a_neuron(self):
        W, V, _ = problem("absolute_value")
        turned = W * np.array([[1.0], [-1.0], [1.0]])
        losses = [population_loss(X, V, kernel="absolute_value") for X in (W, turned)]
        assert losses[0] == pytest.approx(losses[1], abs=1e-15)

    @pytest.mark.parametrize(("m", "twice"), [(2, 0.023221681), (8, 0.118526792)])
    def test_average_of_m_teachers(self, m, twice):
        """erf: incoming weights sum v_j/sqrt(m (2m - 1)), outgoing m."""
        W, outputs = np.full((1, m), 1 / np.sqrt(m * (2 * m - 1))), np.array([float(m)])
        further = {"outputs": outputs, "kernel": "erf"}
        formula = 2 / np.pi * (m * np.arcsin(0.5) - m**2 * np.arcsin(0.5 / m))
        assert 2 * population_loss(W, np.eye(m), **further) == pytest.approx(formula, abs=1e-14)
        assert formula == pytest.approx(twice, abs=1e-9)
        assert np.abs(population_gradient(W, np.eye(m), **further)).max() < 1e-14
        assert np.abs(population_output_gradient(W, np.eye(m), **further)).max() < 1e-14


class TestInnerHessian:
    @pytest.mark.parametrize("name", PIECEWISE)
    @pytest.mark.parametrize("i", [0, 1])
    def test_is_the_curvature_between_the_parts_of_a_split_neuron(self, name, i):
        W, V, outputs = problem(name)
        alpha, kernel = 0.3, kernel_of(name)
        split, signs = split_neuron(W, i, alpha), np.insert(outputs, i, outputs[i])
        u = np.random.default_rng(1).normal(size=W.shape[1])
        U = np.zeros_like(split)
        U[i], U[i + 1] = u, -u
        product = population_hessian_vector(split, V, U, outputs=signs, kernel=kernel)
        inner = inner_hessian(W, V, i, outputs=outputs, kernel=kernel)
        expected = u @ inner @ u * (1 / alpha + 1 / (1 - alpha))
        assert (U * product).sum() == pytest.approx(expected, abs=1e-13)

    @pytest.mark.parametrize("i", [0, 1])
    def test_is_the_curvature_between_two_copies_that_share_an_output(self, i):
        W, V, outputs = problem("erf")
        alpha = 0.3
        copies, shared = np.insert(W, i, W[i], axis=0), np.insert(outputs, i, alpha * outputs[i])
        shared[i + 1] *= 1 - alpha
        u = np.random.default_rng(1).normal(size=W.shape[1])
        U = np.zeros_like(copies)
        U[i], U[i + 1] = (1 - alpha) * u, -alpha * u
        product = population_hessian_vector(copies, V, U, outputs=shared, kernel="erf")
        inner = inner_hessian(W, V, i, outputs=outputs, kernel="erf")
        expected = alpha * (1 - alpha) * u @ inner @ u
        assert (U * product).sum() == pytest.approx(expected, abs=1e-14)


class TestBadArguments:
    @pytest.mark.parametrize(
        ("further", "message"),
        [
            ({"outputs": [1.0]}, r"outputs has shape \(1,\); it must have shape \(2,\)"),
            ({"outputs": [1.0, 2.0]}, r"outputs\[1\] is 2; .* must be 1 or -1: .* row of W"),
            ({"outputs": [1.0, np.nan], "kernel": "erf"}, "outputs has an entry that is not fin"),
            ({"kernel": "tanh"}, "kernel is 'tanh'; it must be one of 'relu', .* leaky_relu"),
            ({"kernel": np.tanh}, "kernel is <ufunc 'tanh'>; it must be one of"),
        ],
    )
    def test_a_bad_output_or_kernel_is_refused(self, further, message):
        for function in (population_loss, population_gradient, population_hessian):
            with pytest.raises(ValueError, match=message):
                function(np.eye(2), np.eye(2), **further)

    @pytest.mark.parametrize("kernel", ["relu_squared", "erf"])
    def test_weights_whose_fourth_powers_leave_the_range_are_refused(self, kernel):
        for entry in (1e-80, 1e80):
            with pytest.raises(ValueError, match="row 1 of W"):
                population_loss([[1.0, 1.0], [entry, entry]], np.eye(2), kernel=kernel)

    @pytest.mark.parametrize("name", ACTIVATIONS)
    @pytest.mark.parametrize("large", [True, False])
    def test_weights_at_the_ends_of_the_range_give_numbers(self, name, large):
        entry = checked_kernel(kernel_of(name), "kernel").largest_entry ** (1 if large else -1)
        W, V = entry * np.array([[1.0, 0.3], [0.2, 1.0]]), entry * np.eye(2)
        for function in (population_loss, population_gradient, population_hessian):
            assert np.isfinite(function(W, V, kernel=kernel_of(name))).all()

    @pytest.mark.parametrize("slope", ["0.5", None, np.inf, True])
    def test_a_slope_is_a_number(self, slope):
        with pytest.raises(ValueError, match=r"slope is .* must be a finite real number"):
            leaky_relu(slope)

    def test_a_slope_whose_square_overflows_is_refused(self):
        with pytest.raises(ValueError, match=r"slope is -1e\+160; allowed is \|slope\| <= 1e\+75"):
            leaky_relu(-1e160)
        assert np.isfinite(population_loss(2 * np.eye(2), np.eye(2), kernel=leaky_relu(1e75)))


@pytest.mark.parametrize("i", [0, 1])
def test_mean_curvature_is_that_of_the_inner_hessian(i):
    W, V, outputs = problem("relu")
    trace = np.trace(inner_hessian(W, V, i, outputs=outputs))
    found = mean_curvature(W, V, i, outputs=outputs)
    assert found == pytest.approx(trace / W.shape[1], abs=1e-15)


class TestSplitting:
    @pytest.mark.parametrize("i", [0, 1])
    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_parts_are_the_same_network_and_bend_as_their_neuron_does(self, name, i):
        (W, V, outputs), alpha, kernel = problem(name), 0.3, kernel_of(name)
        split = split_neuron(W, i, alpha, kernel=kernel)
        further = {"outputs": split_outputs(outputs, i, alpha, kernel=kernel), "kernel": kernel}
        here = {"outputs": outputs, "kernel": kernel}
        loss = population_loss(W, V, **here)
        assert population_loss(split, V, **further) == pytest.approx(loss, rel=1e-14)
        found = split_curvature(W, V, i, alpha, **here)
        values, vectors = np.linalg.eigh(inner_hessian(W, V, i, **here))
        assert found.inner_smallest_eigenvalue == pytest.approx(values[0], abs=1e-14)
        # The direction in which the function moves in second order only.
        degree = {"erf": math.inf, "relu_squared": 2}.get(name, 1)
        U = np.zeros_like(split)
        U[i] = alpha ** (1 / degree - 1) * vectors[:, 0]
        U[i + 1] = -((1 - alpha) ** (1 / degree - 1)) * vectors[:, 0]
        U /= np.linalg.norm(U)
        form = (U * population_hessian_vector(split, V, U, **further)).sum()
        assert found.bound == pytest.approx(form, abs=1e-13)
        lowest = np.linalg.eigvalsh(population_hessian(split, V, **further))[0]
        assert found.smallest_eigenvalue == pytest.approx(lowest, abs=1e-13)
        assert found.smallest_eigenvalue <= found.bound + found.eigenvalue_error
        gradient = population_gradient(split, V, **further)
        assert found.gradient_norm == pytest.approx(np.linalg.norm(gradient), rel=1e-12)

    def test_every_neuron_is_split_with_these_outputs(self):
        W, V, outputs = problem("erf")
        splits = split_every_neuron(W, V, (0.25, 0.5), outputs=outputs, kernel="erf")
        for split, (i, alpha) in zip(splits, np.ndindex(3, 2), strict=True):
            share = (0.25, 0.5)[alpha]
            expected = split_curvature(W, V, i, share, outputs=outputs, kernel="erf")
            assert split.curvature == expected
            np.testing.assert_array_equal(split.weights, np.insert(W, i, W[i], axis=0))

    @pytest.mark.parametrize("length", [0.1, 1.0, 30.0])
    def test_the_error_of_an_eigenvalue_covers_that_of_the_hessian(self, length):
        """Against 40 digits: the Hessian of two neurons from derivatives of the closed form."""
        name, (W, V, _) = "erf", problem("erf", n=1, k=1, d=3, seed=3)
        W, outputs = length * W, np.array([1.5])
        here = {"outputs": outputs, "kernel": name}
        found = smallest_eigenpair(population_hessian(W, V, **here), W, V, **here)
        with mpmath.workdps(40):
            _, first_own, mixed_own = differentiated(name, W[0], W[0])
            _, first, _ = differentiated(name, W[0], V[0])
        c = outputs[0]
        exact = c * c * (mixed_own + first_own) - c * first
        assert abs(np.linalg.eigvalsh(exact)[0] - found.value) <= found.error < 1e-10

    def test_bad_splits_of_outputs_are_named(self):
        with pytest.raises(ValueError, match=r"outputs has shape \(2,\), i = 2, alpha = 0.5"):
            split_outputs(np.ones(2), 2, 0.5)
