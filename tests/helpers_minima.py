"""Critical points of known symmetry, to about 1e-15, and permutations of them; rows are neurons.

The values began as the rounded ones of S18 (Example 1 and result files) and of a table of
symmetric families at n = k+1, and were refined by Newton's method; the tests ask each gradient to
vanish to rounding.
"""

from dataclasses import dataclass

import numpy as np

from relu_landscape.minima import CriticalPointKind


@dataclass(frozen=True)
class KnownPoint:
    W: np.ndarray
    V: np.ndarray
    loss: float
    smallest_eigenvalue: float
    kind: CriticalPointKind
    neuron_orbits: tuple[int, ...]
    coordinate_orbits: tuple[int, ...]
    distinct_values: int


def families(k, diagonal, off, last_column, extra_rows):
    """Neurons alike up to a coordinate of their own, then rows (value elsewhere, on the last)."""
    own = k if last_column is None else k - 1
    W = np.full((own, k), off)
    np.fill_diagonal(W, diagonal)
    if last_column is not None:
        W[:, -1] = last_column
    extra = [np.append(np.full(k - 1, elsewhere), last) for elsewhere, last in extra_rows]
    return np.vstack([W, *extra])


def shuffled(W, rng):
    """W with its neurons and its coordinates permuted."""
    return W[rng.permutation(W.shape[0])][:, rng.permutation(W.shape[1])]


def displaced(W, size, seed):
    """W moved by this Frobenius distance in a random direction."""
    direction = np.random.default_rng(seed).normal(size=W.shape)
    return W + size * direction / np.linalg.norm(direction)


def two_blocks(p, q, seed):
    """Any point of symmetry S_p x S_q: nearly diagonal, six values."""
    values = 0.1 * np.random.default_rng(seed).normal(size=6)
    W = np.empty((p + q, p + q))
    W[:p, :p], W[:p, p:], W[p:, :p], W[p:, p:] = values[:4].reshape(4, 1, 1)
    W[np.diag_indices(p + q)] = np.repeat([1.0 + values[4], -0.7 + values[5]], [p, q])
    return W


KNOWN_POINTS = {
    "k6-n6": KnownPoint(
        W=families(
            6,
            0.9867038188885775,
            -0.050413403216808615,
            0.3080109914790686,
            [(0.22451580759947692, -0.6015119235610926)],
        ),
        V=np.eye(6),
        loss=0.025081,
        smallest_eigenvalue=0.004700,
        kind=CriticalPointKind.SPURIOUS_MINIMUM,
        neuron_orbits=(1, 5),
        coordinate_orbits=(1, 5),
        distinct_values=5,
    ),
    "k7-n7": KnownPoint(
        W=families(
            7,
            0.9969227988032863,
            -0.0350801559270464,
            0.26169107580655404,
            [(0.18599104629624974, -0.6327039049152522)],
        ),
        V=np.eye(7),
        loss=0.023203,
        smallest_eigenvalue=0.014059,
        kind=CriticalPointKind.SPURIOUS_MINIMUM,
        neuron_orbits=(1, 6),
        coordinate_orbits=(1, 6),
        distinct_values=5,
    ),
    "k12-n13": KnownPoint(
        W=families(
            12,
            0.9952230936919743,
            -0.01241319619283658,
            0.15467599473724272,
            [
                (0.07872647292725185, -0.18886533490169735),
                (0.04945475961501671, -0.5667708972000264),
            ],
        ),
        V=np.eye(12),
        loss=0.015801,
        smallest_eigenvalue=0.005495,
        kind=CriticalPointKind.SPURIOUS_MINIMUM,
        neuron_orbits=(1, 1, 11),
        coordinate_orbits=(1, 11),
        distinct_values=7,
    ),
    "k12-n13-soft": KnownPoint(
        W=families(
            12,
            -0.8060823148268695,
            0.1518479507643732,
            0.03283965106570421,
            [
                (0.0661658562522027, 0.934091634188315),
                (0.19521359276697137, -0.3037059044275513),
            ],
        ),
        V=np.eye(12),
        loss=0.072655,
        smallest_eigenvalue=0.000500,
        kind=CriticalPointKind.SPURIOUS_MINIMUM,
        neuron_orbits=(1, 1, 11),
        coordinate_orbits=(1, 11),
        distinct_values=7,
    ),
    "k12-n13-saddle": KnownPoint(
        W=families(
            12,
            -0.8189172321753057,
            0.1490389108675685,
            None,
            [(0.15143519362755026, 0.15143519362755026)],
        ),
        V=np.eye(12),
        loss=0.078725,
        smallest_eigenvalue=-0.013136,
        kind=CriticalPointKind.SADDLE,
        neuron_orbits=(1, 12),
        coordinate_orbits=(12,),
        distinct_values=3,
    ),
    "k5-n5-global": KnownPoint(
        W=np.eye(5),
        V=np.eye(5),
        loss=0.0,
        smallest_eigenvalue=0.090845,
        kind=CriticalPointKind.GLOBAL_MINIMUM,
        neuron_orbits=(5,),
        coordinate_orbits=(5,),
        distinct_values=2,
    ),
}
