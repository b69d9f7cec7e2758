"""Two neurons: the expectation that couples them, and its derivatives.

    f(w, v) = E[relu(w . x) relu(v . x)],  x ~ N(0, I)

and, t being the angle between w and v, its gradient g = df/dw, h1 = d2f/dw2 and h2 = d2f/dw dv.
Every function takes vectors (..., d) whose leading axes broadcast. The `*_terms` and `*_form`
functions state the formulas once, on a `PairGeometry`; the population loss sums them.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .geometry import PairGeometry, pair_geometry
from .symmetric_form import SymmetricForm
from .weights import checked_vectors

TWO_PI: Final = 2.0 * np.pi


def angle(w: ArrayLike, v: ArrayLike) -> NDArray[np.float64]:
    """Return the angle t = 2 atan2(|a - b|, |a + b|) between w and v, a = w/|w|, b = v/|v|.

    The error is a few units of rounding at every angle.

    Args:
        w: (..., d).
        v: (..., d).

    Returns:
        t in [0, pi] radians, shape (...).

    Raises:
        ValueError: a vector is zero or not finite, or the last axes differ.
    """
    return _checked_geometry(w, v).angle


def pair_loss(w: ArrayLike, v: ArrayLike) -> NDArray[np.float64]:
    """Return f(w, v) = E[relu(w . x) relu(v . x)] = |w| |v| (sin t + (pi - t) cos t)/(2 pi).

    Args:
        w: (..., d).
        v: (..., d).

    Returns:
        f, shape (...).

    Raises:
        ValueError: a vector is zero or not finite, or the last axes differ.

    Source: S21, eq. (64).
    """
    return loss_terms(_checked_geometry(w, v))


def pair_gradient(w: ArrayLike, v: ArrayLike) -> NDArray[np.float64]:
    """Return g(w, v) = df/dw = (|v| sin t w/|w| + (pi - t) v)/(2 pi).

    g(w, w) = w/2 is the derivative in one of the two places that w takes in f(w, w).

    Args:
        w: (..., d).
        v: (..., d).

    Returns:
        g, shape (..., d).

    Raises:
        ValueError: a vector is zero or not finite, or the last axes differ.

    Source: S21, eqs. (10), (11).
    """
    return gradient_terms(_checked_geometry(w, v))


def pair_hessian_first(w: ArrayLike, v: ArrayLike) -> NDArray[np.float64]:
    """Return h1(w, v) = d2f/dw2 = sin t |v|/(2 pi |w|) (I - e1 e1^T + e2 e2^T).

    e1 = w/|w| and e2 is the unit part of v orthogonal to w; h1 = 0 if w and v are parallel or
    antiparallel (S21, Lemma 18).

    Args:
        w: (..., d).
        v: (..., d).

    Returns:
        h1, symmetric, shape (..., d, d).

    Raises:
        ValueError: a vector is zero or not finite, or the last axes differ.

    Source: S21, eq. (5) and Theorem 17.
    """
    return hessian_first_form(_checked_geometry(w, v)).matrix()


def pair_hessian_mixed(w: ArrayLike, v: ArrayLike) -> NDArray[np.float64]:
    """Return h2(w, v) = d2f/dw dv = ((pi - t) I + sin t (p p^T - q q^T))/(2 pi).

    p and q are the unit vectors along w/|w| + v/|v| and w/|w| - v/|v|; h2 = I/2 if w and v are
    parallel, 0 if antiparallel (S21, Lemma 18).

    Args:
        w: (..., d).
        v: (..., d).

    Returns:
        h2, symmetric, shape (..., d, d).

    Raises:
        ValueError: a vector is zero or not finite, or the last axes differ.

    Source: S21, eq. (5) and Theorem 17, in the basis p, q instead of w, v.
    """
    return hessian_mixed_form(_checked_geometry(w, v)).matrix()


def loss_terms(pair: PairGeometry) -> NDArray[np.float64]:
    """Return f, shape (...)."""
    shape = (pair.sine + pair.supplement * pair.cosine) / TWO_PI
    return pair.first_norm * pair.second_norm * shape


def gradient_terms(pair: PairGeometry) -> NDArray[np.float64]:
    """Return g, shape (..., d)."""
    along_first = (pair.second_norm * pair.sine / TWO_PI)[..., None] * pair.first_unit
    along_second = (pair.second_norm * pair.supplement / TWO_PI)[..., None] * pair.second_unit
    return along_first + along_second


def hessian_first_form(pair: PairGeometry) -> SymmetricForm:
    """Return h1 as a form of rank 2, shape (...)."""
    weight = pair.sine * pair.second_norm / (TWO_PI * pair.first_norm)
    normal = pair.normal
    return SymmetricForm(
        identity=weight,
        coefficients=np.stack([-weight, weight], axis=-1),
        directions=np.stack([np.broadcast_to(pair.first_unit, normal.shape), normal], axis=-2),
    )


def hessian_mixed_form(pair: PairGeometry) -> SymmetricForm:
    """Return h2 as a form of rank 2, shape (...)."""
    # The textbook terms n_wv v^T + n_vw w^T are the reflection p p^T - q q^T scaled by sin t, but
    # there the factor sin t comes out of a cancellation, with error eps/t. Here it stands
    # explicitly, so the uncertain direction of q at small t does no harm.
    weight = pair.sine / TWO_PI
    return SymmetricForm(
        identity=pair.supplement / TWO_PI,
        coefficients=np.stack([weight, -weight], axis=-1),
        directions=np.stack([pair.bisector, pair.separation], axis=-2),
    )


def _checked_geometry(w: ArrayLike, v: ArrayLike) -> PairGeometry:
    first, second = checked_vectors(w, "w"), checked_vectors(v, "v")
    if first.shape[-1] != second.shape[-1]:
        raise ValueError(
            f"w has {first.shape[-1]} entries and v has {second.shape[-1]}; both must be vectors "
            "of the same input space"
        )
    return pair_geometry(first, second)
