"""Minima that persist as the teachers change: what the checker says, and what it refuses."""

import json
from decimal import Decimal
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
from flint import arb, arb_mat

from helpers_check_persistence import (
    MOVED,
    TEACHER_WEIGHT,
    TURNED,
    WEIGHTS,
    changing_hessian,
    moved,
    second_type,
    tube,
)
from helpers_checker import exact, precise
from relu_landscape.certificates import check, check_persistence
from relu_landscape.certificates.acceptance import accepts_persistence
from relu_landscape.certificates.check_persistence import (
    Far,
    Refused,
)
from relu_landscape.families import symmetric_critical_point
from relu_landscape.families.random_teachers import gram_root
from relu_landscape.general_teachers.persistence import (
    FAILURES,
    ProposedTube,
    persistence_certificate,
    persistence_line,
)
from relu_landscape.general_teachers.persisting import persisting_radius, random_directions
from relu_landscape.general_teachers.teacher_response import symmetrised, teacher_response
from relu_landscape.general_teachers.third_derivatives import ThirdDerivatives
from relu_landscape.objective import (
    population_gradient,
    population_hessian,
    population_loss,
)

RNG = np.random.default_rng(25)


@cache
def center():
    return symmetrised(symmetric_critical_point("A", 6).weights())


@cache
def certificate():
    return persistence_certificate(center()[0])


@cache
def line():
    return persistence_line(certificate())


def refused(reason, **changes):
    with pytest.raises(Refused, match=reason):
        check_persistence.check_line(json.dumps(json.loads(line()) | changes))


def scaled(name, factor):
    """A field of the line times a factor."""
    return {name: str(Decimal(json.loads(line())[name]) * Decimal(factor))}


def test_a_certificate_is_accepted_and_says_for_which_teachers():
    said = check_persistence.check_line(line())
    assert f"|V V^T - I| <= {check_persistence.below(str(certificate().gram_radius))}," in said
    assert all(f"d>={d}" in said for d in certificate().inputs)
    assert accepts_persistence(line())
    assert not accepts_persistence(json.dumps(json.loads(line()) | scaled("gram_radius", "1.01")))


def test_what_is_said_is_no_more_than_what_is_proved():
    fields = {
        "gram_radius": "0.00123456789",
        "loss_lower": "1.99999999e-2",
        "hessian_lower": "0.000777777777",
        "inputs": [{"d": 10**8, "failure": "0.1234561"}],
    }
    said = check_persistence.check_line(json.dumps(json.loads(line()) | fields))
    for words in ("<= 0.00123456,", "F>=0.0199999 ", "eigenvalues>=0.000777777;", "of 0.123457 "):
        assert words in said


def test_a_singular_hessian_is_refused_not_a_crash():
    with pytest.raises(Refused, match="may be singular"):
        check_persistence.inverted(arb_mat(2, 2, [1, 1, 1, 1]))


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "name", "factor"),
    [
        ("singular", "gram_radius", "2"),
        ("leave the ball|singular", "gram_radius", "1.001"),
        ("leave the ball", "correction", ".99"),
        ("singular", "slope", "4"),
        ("leave the ball", "bend", "1.01"),
        ("hessian_lower is too large", "hessian_lower", "1.01"),
        ("distance is too small", "distance", ".99999"),
        ("loss_lower is too large", "loss_lower", "1.00001"),
        ("loss_lower is too large", "distance", "1.1"),
        ("the Hessian at the centre", "center_hessian_lower", "1.00001"),
        ("displacement", "displacement", ".99999"),
        ("bend", "bend", ".99999"),
        ("^slope", "slope", ".99999"),
        ("own_slope", "own_slope", ".99999"),
        ("gram_radius must be positive", "gram_radius", "-1"),
        ("below 1", "gram_radius", "1000"),
        ("vanish|parallel", "correction", "1000"),
    ],
)
def test_a_bound_that_is_none_is_refused(reason, name, factor):
    refused(reason, **scaled(name, factor))


def test_inputs_that_are_too_few_are_refused():
    for claim, d in zip(json.loads(line())["inputs"], certificate().inputs, strict=True):
        refused("failure is too small", inputs=[claim | {"d": d - 1}])
    refused("too small to say", inputs=[{"d": 40, "failure": "1/2"}])
    refused("d must be an integer", inputs=[{"d": 5, "failure": "1/2"}])
    refused("must have fields", inputs=[{"d": 5}])
    refused("must be a list", inputs={})


def test_other_points_and_other_fields_are_refused():
    fields = json.loads(line())
    refused("leave the ball|Hessian", own=[(float.fromhex(fields["own"][0]) + 1e-3).hex()])
    refused("weights must be positive", weights=["0"])
    refused("fields differ", note="1")
    refused("unknown statement", statement="basin")
    refused("bits", bits=32)
    with pytest.raises(Refused, match="not JSON"):
        check_persistence.check_line("{")
    with pytest.raises(TypeError, match="string"):
        check_persistence.check_line(b"{}")


def main(paths):
    return check.main("check_persistence", check_persistence.check_line, paths)


def test_the_command_says_what_it_proved_and_stops_at_what_it_refuses(tmp_path, capsys):
    path = tmp_path / "minima.jsonl"
    end = '{"certificates": 1}\n'
    path.write_text(f"{line()}\n{end}", encoding="utf-8")
    assert main([str(path)]) == 0
    path.write_text(json.dumps(json.loads(line()) | {"bits": 1}) + f"\n{end}", encoding="utf-8")
    assert main([str(path)]) == 1
    path.write_text('{"certificates": 0}\n', encoding="utf-8")
    assert main([str(path)]) == 0
    assert main([]) == 2
    said = capsys.readouterr()
    for words in (":1: ok: spurious minimum", ":1: REFUSED: bits", "ok: claims nothing"):
        assert words in said.out
    assert "usage" in said.err


# --- Third derivatives ----------------------------------------------------------------------------


def test_the_change_of_the_hessian_is_that_of_the_reference_in_floats_too():
    with precise():
        W, V, X, Y, expected = changing_hessian()
    found = ThirdDerivatives(W, V).along(np.vstack([X, Y]))
    np.testing.assert_allclose(found, expected.astype(float), rtol=1e-11, atol=1e-12)


# --- Fourth derivatives ---------------------------------------------------------------------------


def coupling(w, v):
    """f, from the angle."""
    product, p, q = (mpmath.fdot(x, y) for x, y in ((w, v), (w, w), (v, v)))
    size = mpmath.sqrt(p * q)
    t = mpmath.acos(product / size)
    return size * (mpmath.sin(t) + (mpmath.pi - t) * mpmath.cos(t)) / (2 * mpmath.pi)


def fourth_derivative(function):
    """Of a function of one number, at 0."""
    step = mpmath.mpf(10) ** -8
    values = [function(i * step) for i in (-2, -1, 0, 1, 2)]
    return mpmath.fdot(values, (1, -4, 6, -4, 1)) / step**4


def far(w, v):
    """The checker's pair where nothing moves, measured as it stands."""
    reach = [check_persistence.Reach(check_persistence.Neuron(exact(x)), arb(1), arb(0))
             for x in (w, v)]  # fmt: skip
    pair = check_persistence.Pair(*(check_persistence.Neuron(exact(x)) for x in (w, v)))
    return Far(pair, *reach)


def test_the_bound_of_a_pair_holds_and_is_attained_within_a_factor():
    largest = 0
    with precise():
        for angle in (0.1, 0.7, np.pi / 2, 2.8):
            w, v = [1.2, 0, 0], [0.8 * np.cos(angle), 0.8 * np.sin(angle), 0]
            bound = float(far(w, v).near()) / (2 * np.pi)
            special = np.vstack([np.eye(6), [[0, 0, 1, 0, 0, -1], [0, 0, 1, 0, 0, 1]]])
            for u in np.vstack([special, RNG.normal(size=(12, 6))]):
                u = u / np.linalg.norm(u)
                value = fourth_derivative(
                    lambda s, u=u, w=w, v=v: coupling(*moved([w, v], [u[:3], u[3:]], s))
                )
                assert abs(value) <= bound
                largest = max(largest, float(abs(value)) / bound)
    assert largest > 0.5


def without_teachers(W, V):
    """F less what the teachers have among themselves."""
    value = sum(mpmath.fdot(w, w) for w in W) / 4
    value += sum(coupling(W[i], W[j]) for i in range(len(W)) for j in range(i))
    return value - sum(coupling(w, v) for w in W for v in V)


def test_fourth_derivatives_in_the_tube_are_below_the_bound():
    W, weights = second_type(), np.array(WEIGHTS)
    measure = np.concatenate([weights, np.full(6, TEACHER_WEIGHT)])
    single = np.zeros((12, 12, 6))
    for i in range(12):  # one neuron alone
        single[i, i, (i + 1) % 6] = single[i, i, (i + 2) % 6] = 1
    with precise():
        bound, largest = float(tube(check_persistence).fourth()), 0
        for U in np.concatenate([single, RNG.normal(size=(4, 12, 6))]):
            U = U / np.linalg.norm(measure[:, None] * U)
            away = RNG.normal(size=(12, 6))
            away /= np.linalg.norm(away, axis=1, keepdims=True)
            base = np.vstack([W, np.eye(6)])
            base += away * np.concatenate([MOVED / weights, np.full(6, TURNED)])[:, None]

            def along(s, base=base, U=U):
                rows = moved(base, U, s)
                return without_teachers(rows[:6], rows[6:])

            value = abs(float(fourth_derivative(along)))
            assert value <= bound
            largest = max(largest, value / bound)
    assert largest > 0.1
    response = teacher_response(*symmetrised(W))
    proposed = ProposedTube(W, response, weights).fourth(MOVED, TURNED, TEACHER_WEIGHT)
    np.testing.assert_allclose(bound, proposed, rtol=1e-12)


# --- What is stated, in floats --------------------------------------------------------------------


def minimum_for(V):
    W = center()[0]
    for _ in range(20):
        hessian = population_hessian(W, V)
        W = W - np.linalg.solve(hessian, population_gradient(W, V).ravel()).reshape(W.shape)
    return W


def test_teachers_within_the_radius_have_the_minimum_as_stated():
    found = certificate()
    W0, blocks = center()
    response = teacher_response(W0, blocks)
    starts = random_directions(6, 2, 3)
    radius = float(found.gram_radius)
    for direction in [*starts, response.steepest(starts[0]), np.eye(6) / np.sqrt(6)]:
        V = gram_root(np.linalg.cholesky(np.eye(6) + radius * direction))
        W = minimum_for(V)
        assert np.linalg.norm(W - W0) <= float(found.distance)
        assert np.linalg.eigvalsh(population_hessian(W, V))[0] >= float(found.hessian_lower)
        assert population_loss(W, V) >= float(found.loss_lower)
        assert np.linalg.norm(population_gradient(W, V)) < 1e-12


def test_the_radius_is_within_what_is_seen():
    W0, blocks = center()
    steepest = teacher_response(W0, blocks).steepest(random_directions(6, 1, 3)[0])
    seen = persisting_radius(W0, steepest)
    assert float(certificate().gram_radius) < seen < 1
    assert seen < persisting_radius(W0, random_directions(6, 1, 3)[0])


def test_every_failure_has_its_inputs():
    assert certificate().inputs == tuple(sorted(certificate().inputs))
    assert [Fraction(x["failure"]) for x in json.loads(line())["inputs"]] == list(FAILURES)


def test_points_that_are_no_minimum_are_refused():
    with pytest.raises(ValueError, match="strict minimum"):
        persistence_certificate(symmetric_critical_point("A", 5).weights())
    with pytest.raises(ValueError, match="shape"):
        persistence_certificate(np.ones((2, 3)))
