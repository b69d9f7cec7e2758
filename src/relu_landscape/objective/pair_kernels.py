"""An activation s as what the population loss knows of it: its pair kernel.

    K(w, v) = E[s(w . x) s(v . x)],  x ~ N(0, I),

is a function of p = |w|^2, q = |v|^2 and r = w . v alone, so that

    dK/dw = 2 K_p w + K_r v,
    d2K/dw2 = 2 K_p I + 4 K_pp w w^T + 2 K_pr (w v^T + v w^T) + K_rr v v^T,
    d2K/dw dv = K_r I + 2 K_pr w w^T + 2 K_qr v v^T + K_rr (w v^T + v w^T).

The last one is symmetric for every activation, because 4 K_pq = K_rr = E[s''(w . x) s''(v . x)]
(Price 1958). The ReLU and what is made of it have their own formulas, those of `pair`: their K_rr
has a pole where w and v are parallel, of which nothing is left in the sums above.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, real_number

from .geometry import PairGeometry
from .pair import TWO_PI, gradient_terms, hessian_first_form, hessian_mixed_form, loss_terms
from .symmetric_form import SymmetricForm

# Beyond it the square of 1 - s, times a weight that is allowed, overflows.
LARGEST_SLOPE: Final = 1e75


class PairKernel(ABC):
    """An activation: `leaky_relu(s)`, or one of those with a name, see `NAMED_KERNELS`.

    degree: m where s(c z) = c^m s(z) for c > 0, whose output weights are signs; None where output
    weights are numbers of their own. largest_entry: weights beyond it, or all below its reciprocal,
    overflow or underflow.
    """

    degree: ClassVar[int | None]
    largest_entry: ClassVar[float]

    @abstractmethod
    def loss_terms(self, pair: PairGeometry) -> NDArray[np.float64]:
        """Return K, shape (...)."""

    @abstractmethod
    def gradient_terms(self, pair: PairGeometry) -> NDArray[np.float64]:
        """Return dK/dw, shape (..., d)."""

    @abstractmethod
    def hessian_first_form(self, pair: PairGeometry) -> SymmetricForm:
        """Return d2K/dw2, shape (...)."""

    @abstractmethod
    def hessian_mixed_form(self, pair: PairGeometry) -> SymmetricForm:
        """Return d2K/dw dv, shape (...)."""

    def largest_curvature(self, longest: float) -> float:  # noqa: ARG002
        """Return the order of d2K/dw2 and d2K/dw dv at vectors up to that length, 1 or more."""
        return 1.0

    @property
    def split_exponent(self) -> float:
        """The e of a split: a neuron w with output c is the two of a^(1-e) w, outputs a^q c.

        For shares a that add up to one: e = 1 - 1/m and q = 0 of an activation of degree m; e = 1
        and q = 1 where outputs are numbers of their own. The parts then move apart along a^-e u.
        """
        return 1.0 if self.degree is None else 1.0 - 1.0 / self.degree


@dataclass(frozen=True)
class LeakyReluKernel(PairKernel):
    """max(z, s z): K = (1 - s)^2 f + s r, f being the kernel of the ReLU."""

    slope: float
    degree: ClassVar[int | None] = 1
    largest_entry: ClassVar[float] = 1e150

    def loss_terms(self, pair: PairGeometry) -> NDArray[np.float64]:
        """Return (1 - s)^2 f + s r, shape (...)."""
        terms: NDArray[np.float64] = self._share * loss_terms(pair) + self.slope * pair.inner
        return terms

    def gradient_terms(self, pair: PairGeometry) -> NDArray[np.float64]:
        """Return (1 - s)^2 df/dw + s v, shape (..., d)."""
        second = pair.second_norm[..., None] * pair.second_unit
        terms: NDArray[np.float64] = self._share * gradient_terms(pair) + self.slope * second
        return terms

    def hessian_first_form(self, pair: PairGeometry) -> SymmetricForm:
        """Return (1 - s)^2 d2f/dw2, shape (...)."""
        return hessian_first_form(pair).scaled(np.asarray(self._share))

    def hessian_mixed_form(self, pair: PairGeometry) -> SymmetricForm:
        """Return (1 - s)^2 d2f/dw dv + s I, shape (...)."""
        form = hessian_mixed_form(pair).scaled(np.asarray(self._share))
        return SymmetricForm(form.identity + self.slope, form.coefficients, form.directions)

    def largest_curvature(self, longest: float) -> float:  # noqa: ARG002
        """Return max(1, (1 - s)^2 + |s|)."""
        return max(1.0, self._share + abs(self.slope))

    @property
    def _share(self) -> float:
        return (1.0 - self.slope) ** 2


class ReluKernel(PairKernel):
    """max(z, 0): K = f = |w| |v| (sin t + (pi - t) cos t)/(2 pi), t being the angle of w and v."""

    degree: ClassVar[int | None] = 1
    largest_entry: ClassVar[float] = 1e150

    def loss_terms(self, pair: PairGeometry) -> NDArray[np.float64]:
        """Return f, shape (...)."""
        return loss_terms(pair)

    def gradient_terms(self, pair: PairGeometry) -> NDArray[np.float64]:
        """Return df/dw, shape (..., d)."""
        return gradient_terms(pair)

    def hessian_first_form(self, pair: PairGeometry) -> SymmetricForm:
        """Return d2f/dw2, shape (...)."""
        return hessian_first_form(pair)

    def hessian_mixed_form(self, pair: PairGeometry) -> SymmetricForm:
        """Return d2f/dw dv, shape (...)."""
        return hessian_mixed_form(pair)


class KernelDerivatives(NamedTuple):
    """First and second derivatives of K in p = |w|^2, q = |v|^2 and r = w . v, shape (...) each."""

    p: NDArray[np.float64]
    r: NDArray[np.float64]
    pp: NDArray[np.float64]
    pr: NDArray[np.float64]
    qr: NDArray[np.float64]
    rr: NDArray[np.float64]


class SmoothKernel(PairKernel):
    """A kernel whose second derivatives in p, q and r are finite, also at parallel vectors."""

    @abstractmethod
    def derivatives(self, pair: PairGeometry) -> KernelDerivatives:
        """Return the derivatives of K in p, q and r, shape (...) each."""

    def gradient_terms(self, pair: PairGeometry) -> NDArray[np.float64]:
        """Return 2 K_p w + K_r v, shape (..., d)."""
        slopes = self.derivatives(pair)
        along_first = (2.0 * slopes.p * pair.first_norm)[..., None] * pair.first_unit
        along_second = (slopes.r * pair.second_norm)[..., None] * pair.second_unit
        terms: NDArray[np.float64] = along_first + along_second
        return terms

    def hessian_first_form(self, pair: PairGeometry) -> SymmetricForm:
        """Return 2 K_p I + 4 K_pp w w^T + 2 K_pr (w v^T + v w^T) + K_rr v v^T, shape (...)."""
        slopes = self.derivatives(pair)
        return _form(
            pair,
            identity=2.0 * slopes.p,
            first=4.0 * slopes.pp,
            second=slopes.rr,
            both=2.0 * slopes.pr,
        )

    def hessian_mixed_form(self, pair: PairGeometry) -> SymmetricForm:
        """Return K_r I + 2 K_pr w w^T + 2 K_qr v v^T + K_rr (w v^T + v w^T), shape (...)."""
        slopes = self.derivatives(pair)
        return _form(
            pair,
            identity=slopes.r,
            first=2.0 * slopes.pr,
            second=2.0 * slopes.qr,
            both=slopes.rr,
        )


class ReluSquaredKernel(SmoothKernel):
    """max(z, 0)^2: K = (3 D r + (pi - t)(p q + 2 r^2))/(2 pi) with D = |w| |v| sin t."""

    degree: ClassVar[int | None] = 2
    largest_entry: ClassVar[float] = 1e75

    def loss_terms(self, pair: PairGeometry) -> NDArray[np.float64]:
        """Return p q (3 sin t cos t + (pi - t)(1 + 2 cos^2 t))/(2 pi), shape (...)."""
        sine, cosine = pair.sine, pair.cosine
        shape = 3.0 * sine * cosine + pair.supplement * (1.0 + 2.0 * cosine**2)
        terms: NDArray[np.float64] = (pair.first_norm * pair.second_norm) ** 2 * shape / TWO_PI
        return terms

    def derivatives(self, pair: PairGeometry) -> KernelDerivatives:
        """Return the derivatives of K in p, q and r, shape (...) each."""
        supplement, area, inner = pair.supplement, pair.area, pair.inner
        p, q = pair.first_norm**2, pair.second_norm**2
        return KernelDerivatives(
            p=(supplement * q + inner * area / p) / TWO_PI,
            r=4.0 * (area + supplement * inner) / TWO_PI,
            pp=-inner * area / p**2 / TWO_PI,
            pr=2.0 * area / p / TWO_PI,
            qr=2.0 * area / q / TWO_PI,
            rr=4.0 * supplement / TWO_PI,
        )

    def largest_curvature(self, longest: float) -> float:
        """Return 8 max(1, longest)^2: seven such terms at most."""
        return 8.0 * max(1.0, longest) ** 2


class ErfKernel(SmoothKernel):
    """erf(z/sqrt 2): K = (2/pi) asin(r/sqrt((1+p)(1+q))) = (2/pi) atan2(r, sqrt S).

    S = (1+p)(1+q) - r^2 = 1 + p + q + |w|^2 |v|^2 sin^2 t, in which nothing cancels.
    """

    degree: ClassVar[int | None] = None
    largest_entry: ClassVar[float] = 1e75

    def largest_curvature(self, longest: float) -> float:
        """Return 4 max(1, longest): at parallel vectors K_rr |v|^2 grows with their length."""
        return 4.0 * max(1.0, longest)

    def loss_terms(self, pair: PairGeometry) -> NDArray[np.float64]:
        """Return (2/pi) atan2(r, sqrt S), shape (...)."""
        terms: NDArray[np.float64] = np.arctan2(pair.inner, np.sqrt(_determinant(pair)))
        return terms * (2.0 / np.pi)

    def derivatives(self, pair: PairGeometry) -> KernelDerivatives:
        """Return the derivatives of K in p, q and r, shape (...) each."""
        more_p, more_q = 1.0 + pair.first_norm**2, 1.0 + pair.second_norm**2
        determinant = _determinant(pair)
        inverse_root = 2.0 / np.pi / np.sqrt(determinant)
        relative = pair.inner / more_p
        return KernelDerivatives(
            p=-0.5 * relative * inverse_root,
            r=inverse_root,
            pp=relative * inverse_root * (0.5 / more_p + 0.25 * more_q / determinant),
            pr=-0.5 * more_q / determinant * inverse_root,
            qr=-0.5 * more_p / determinant * inverse_root,
            rr=pair.inner / determinant * inverse_root,
        )


@checked_arguments(slope=real_number)
def leaky_relu(slope: float) -> PairKernel:
    """Return the activation max(z, s z), whose kernel is K = (1 - s)^2 f + s w . v.

    f is the kernel of the ReLU: with F_s for the loss and outputs c_i

        F_s = (1 - s)^2 F + (s/2) |sum_i c_i w_i - sum_j v_j|^2.

    s = 0 is the ReLU, s = -1 the absolute value, s = 1 the identity.

    Args:
        slope: s, that of negative inputs; a real number, |s| <= 1e75: (1 - s)^2 is finite.

    Raises:
        ValueError: the slope is not such a number.
    """
    if abs(slope) > LARGEST_SLOPE:
        raise ValueError(f"slope is {slope:g}; allowed is |slope| <= {LARGEST_SLOPE:g}")
    return LeakyReluKernel(slope)


NAMED_KERNELS: Final = MappingProxyType(
    {
        "relu": ReluKernel(),
        "absolute_value": LeakyReluKernel(-1.0),
        "relu_squared": ReluSquaredKernel(),
        "erf": ErfKernel(),
    }
)


def checked_kernel(value: Any, name: str) -> PairKernel:
    """Return a kernel, given it or its name.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, PairKernel):
        return value
    if isinstance(value, str) and value in NAMED_KERNELS:
        return NAMED_KERNELS[value]
    names = ", ".join(map(repr, NAMED_KERNELS))
    raise ValueError(f"{name} is {value!r:.60}; it must be one of {names}, or leaky_relu(slope)")


def _determinant(pair: PairGeometry) -> NDArray[np.float64]:
    """(1 + p)(1 + q) - r^2, shape (...)."""
    squares: NDArray[np.float64] = pair.first_norm**2 + pair.second_norm**2
    return 1.0 + squares + pair.area**2


def _form(
    pair: PairGeometry,
    *,
    identity: NDArray[np.float64],
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    both: NDArray[np.float64],
) -> SymmetricForm:
    """identity I + first w w^T + second v v^T + both (w v^T + v w^T), shape (...).

    With the units a, b: 2 (a b^T + b a^T) = (a + b)(a + b)^T - (a - b)(a - b)^T.
    """
    half = 0.5 * both * pair.first_norm * pair.second_norm
    coefficients = [first * pair.first_norm**2, second * pair.second_norm**2, half, -half]
    vectors = [pair.first_unit, pair.second_unit, pair.sum_vector, pair.difference_vector]
    shape = pair.sum_vector.shape
    return SymmetricForm(
        identity=identity,
        coefficients=np.stack(coefficients, axis=-1),
        directions=np.stack([np.broadcast_to(vector, shape) for vector in vectors], axis=-2),
    )
