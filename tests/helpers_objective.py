"""Networks to test on: at given angles, random, published, and as hypothesis strategies."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

# Both at and near parallel; their negatives give antiparallel, to the same accuracy.
SWEPT_ANGLES = np.concatenate([[0.0], np.logspace(-16, 0, 33), [np.pi / 2]])


def rotation(d, seed):
    """A random orthogonal matrix (d, d)."""
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))[0]


def vector_at_angle(t, d):
    """The unit vector (d,) at angle t from the first axis."""
    return np.array([np.cos(t), np.sin(t), *np.zeros(d - 2)])


def network_at_angle(t, d, sign):
    """Two students at angle t (sign 1) or pi - t (sign -1) to each other and to two teachers.

    A third student and two more teachers lie anywhere.
    """
    rng = np.random.default_rng(20)
    first, turned = np.eye(d)[0], sign * vector_at_angle(t, d)
    W = np.stack([1.25 * first, 0.7 * turned, rng.normal(size=d)])
    V = np.stack([0.9 * turned, 1.5 * first, *rng.normal(size=(2, d))])
    return W, V


def random_network(n, k, d, seed):
    """Gaussian students and teachers; the teachers are not orthogonal."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) / np.sqrt(d), rng.normal(size=(k, d)) / np.sqrt(d)


def thin_wedge(first_share, eps):
    """Two students share teacher 1 and are tilted by eps towards v_2 (S21, Theorem 4)."""
    V = np.eye(3)
    tilted = V[0] + eps * V[1]
    return np.stack([first_share * tilted, (1 - first_share) * tilted, V[1], V[2]]), V


def opposite_wedge(first_share, eps):
    """Two students share teacher 1 and are tilted by eps to opposite sides (S21, Theorem 7).

    F ~ eps^3 and |grad F|^2 ~ eps^4 there: in float64 F is lost below eps ~ 1e-5.
    """
    V = np.eye(3)
    second_share = 1 - first_share
    # By Sterbenz' lemma the shares add up to 1 exactly; a rounding left over would swamp eps^3.
    first = (1 - second_share) * V[0] + eps * V[1]
    return np.stack([first, second_share * V[0] - eps * V[1], V[1], V[2]]), V


@st.composite
def networks(draw, max_neurons=4, max_inputs=4):
    """W (n, d), V (k, d) with norms in [1/2, 2], many pairs (nearly) parallel or antiparallel."""
    d = draw(st.integers(1, max_inputs))
    n, k = draw(st.integers(1, max_neurons)), draw(st.integers(1, max_neurons))
    rows = [_unit(draw, d)]
    while len(rows) < n + k:
        rows.append(_unit(draw, d) if draw(st.booleans()) else _neighbour(draw, rows))
    lengths = draw(st.lists(st.floats(0.5, 2.0), min_size=n + k, max_size=n + k))
    vectors = np.array(rows) * np.array(lengths)[:, None]
    order = draw(st.permutations(range(n + k)))
    return vectors[order[:n]], vectors[order[n:]]


def displacements(shape):
    """Arrays with entries in [-1, 1], none so small that their products are subnormal."""
    entries = st.floats(-1, 1).map(lambda entry: entry if abs(entry) > 1e-30 else 0.0)
    return arrays(np.float64, shape, elements=entries)


def _unit(draw, d):
    vector = draw(displacements(d).filter(lambda v: np.abs(v).max() > 0.1))
    return vector / np.linalg.norm(vector)


def _neighbour(draw, rows):
    sign = draw(st.sampled_from([-1.0, 1.0]))
    distance = 10.0 ** draw(st.floats(-17, -1))
    origin = rows[draw(st.integers(0, len(rows) - 1))]
    neighbour = sign * (origin + distance * draw(displacements(origin.shape)))
    return neighbour / np.linalg.norm(neighbour)
