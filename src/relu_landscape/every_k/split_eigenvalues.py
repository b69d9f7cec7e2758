r"""All eigenvalues of the inner Hessians of II_1: what the split of a neuron adds to the Hessian.

H'_ii = H_ii - I/2 has the eigenvalue 0 along w_i; on vectors u orthogonal to it, with T the angles,

    2 pi |w_i| u.H'_ii u = |w_i| (R - pi) |u|^2 + sum |w_j| (u.w_j^)^2/sin T - sum (u.v)^2/sin T.

`inner_eigenvalues` has those on vectors of sum zero. Here are those on t, the vectors that all
symmetries of the neuron leave alone; m = 1, so t = e, w = 1 and o = e. All are divided by h.

Special row s: t holds s and the unit vector u = (-d/M) 1_0/sqrt(p) + h S_s f_1. With the inner
products u.w_j = -h X/sqrt(q_0), X = (d/M) y1 - e Z, Z = q_0 F chi/M, the eigenvalue is 1/(2 pi M)
times

    e (kappa + x_s) - 2 h S_s + X^2/(N sin_4) - (d/M)^2/sin_5:

the force and the own teacher take h S_s each. y1 = 1 + e Y, so the difference is O(e), and the
limit is -2 F/(2 pi) = -4/pi^2.

Row w_i: t holds w_i and two more vectors. With 1' the sum of the other e_j of the first block, and
B' = sqrt(q_1) B/a, C' = C/a, they are

    u_1 = 1'/sqrt(p - 1) - h e B' e_i,    u_1.w_j = h X_1/sqrt(q_1),   u_1.s = h sqrt(q_1) F x,
    u_2 = f_1 - e C' e_i,                 u_2.w_j = e C x,             u_2.s = X_2,

    x = 1 - e beta/a,   X_1 = 1 + e Z_1,   X_2 = -1 + e Z_2,
    Z_1 = Y - beta - q_1 beta^2/a,         Z_2 = D - e C F/a.

At u = y_1 u_1 + y_2 u_2 the form is 1/(2 pi N) times

    e (rho_w - S_w) |u|^2 - e (h B' y_1 + C' y_2)^2/S_w
        + (X_1 y_1 + h sqrt(q_1) C x y_2)^2/(N sin_1) - y_1^2/sin_2
        + (X_2 y_2 + h sqrt(q_1) F x y_1)^2/(M sin_4) - y_2^2/sin_3.

On the diagonal the constants cancel, which leaves O(e); beside it is h (C - F) + O(h^2). So the
limits are +-(2 - 4/pi)/(2 pi) = +-(1/pi - 2/pi^2).
"""

from __future__ import annotations

from dataclasses import dataclass

from relu_landscape.every_k.generic_numbers import Number, root
from relu_landscape.every_k.inner_eigenvalues import inner_eigenvalues
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.families.family import Family


@dataclass(frozen=True)
class SplitEigenvalue:
    """An eigenvalue of the inner Hessian of a neuron, divided by a power of h.

    neuron_class: w or s; irrep: as in `symmetry.inner_hessian`; place: among those of its irrep,
    from 0, the smallest; power: of h; coefficient: eigenvalue/h^power.
    """

    neuron_class: str
    irrep: str
    place: int
    power: int
    coefficient: Number


def require_all_known(family: SymmetricFamily) -> None:
    """Refuse a family whose inner Hessians are not all written down here.

    Raises:
        ValueError: it is not II_1.
    """
    if family != SymmetricFamily(Family.II, 1):
        raise ValueError(
            f"family {family.family} with special_rows = {family.special_rows}; all eigenvalues of "
            "inner Hessians are known for II with 1"
        )


def split_eigenvalues(x: ScaledNetwork) -> list[SplitEigenvalue]:
    """Return all eigenvalues of the inner Hessians of II_1 but the 0 along the neuron itself.

    Args:
        x: II_1 at a scale and at values of its unknowns, critical or not.

    Raises:
        ValueError: another family.
    """
    require_all_known(x.family)
    lower, upper = _of_row(x)
    found = [
        SplitEigenvalue("w", "t", 0, 1, lower),
        SplitEigenvalue("w", "t", 1, 1, upper),
        SplitEigenvalue("s", "t", 0, 1, _of_special_row(x)),
    ]
    irreps = {"w": "s_{p-1}", "s": "s_p"}
    found += [
        SplitEigenvalue(y.neuron_class, irreps[y.neuron_class], 0, y.power, y.coefficient)
        for y in inner_eigenvalues(x)
    ]
    return found


def _of_special_row(x: ScaledNetwork) -> Number:
    """The eigenvalue on t of the special row, over h."""
    scale, N, M = x.scale, x.N, x.M
    h, e = scale.h, scale.e
    along, aside = x.d / M, scale.share(0) * x.F * x.chi / M
    longer = along * along * x.w_sum_shift * (1 + x.w_sum) - 2 * along * x.w_sum * aside
    sines = x.ws.bend - x.se.bend - x.nu * x.ws.sine
    pairs = (longer + e * aside * aside) * x.se.sine + e * along * along * sines
    pairs = pairs / (N * x.ws.sine * x.se.sine)
    force = h * (x.kappa + x.x_s) - 2 * x.special_sine
    return (force + h * pairs) / (2 * scale.pi * M)


def _of_row(x: ScaledNetwork) -> tuple[Number, Number]:
    """The eigenvalues on t of a row w, over h: of the form relative to |u|^2."""
    scale, N, M, a = x.scale, x.N, x.M, x.a
    h, e, wide = scale.h, scale.e, root(x.scale.share(1))
    b, c = wide * x.B / a, x.C / a
    gram = (1 + e * e * e * b * b, h * e * e * b * c, 1 + e * e * c * c)

    force, own = x.rho_w - x.own_sine, 1 / x.own_sine
    rows, special = 1 / (N * x.ww.sine), 1 / (M * x.ws.sine)
    near = 1 - e * x.beta / a
    shift = x.w_sum_shift - x.beta - wide * wide * x.beta * x.beta / a
    first = shift * (2 + e * shift) * x.we.sine
    first = first + e * (e * e * x.ww.bend - x.we.bend) - e * x.nu * x.ww.sine
    special_shift = x.D - e * x.C * x.F / a
    second = special_shift * (e * special_shift - 2) * x.wf.sine
    second = second + e * (x.ws.bend - x.wf.bend) - x.mu * x.ws.sine

    rest = wide * x.F * near
    other = wide * x.C * near
    # the diagonal over e, and what is beside it over h
    top = force * gram[0] + first * rows / x.we.sine + special * rest * rest - own * e * b * b
    side = (1 + e * shift) * other * rows + (e * special_shift - 1) * rest * special
    side = side + e * (e * e * force - own) * b * c
    bottom = force * gram[2] + other * other * rows + second * special / x.wf.sine - own * c * c

    # roots of det(K - y Gram) = 0, K over h; the discriminant is a square and a small product more
    trace = h * (top * gram[2] + bottom * gram[0]) - 2 * side * gram[1]
    gap = h * (top * gram[2] - bottom * gram[0])
    beside = (side * gram[0] - h * top * gram[1]) * (side * gram[2] - h * bottom * gram[1])
    apart = root(gap * gap + 4 * beside)
    full = 4 * scale.pi * N * (gram[0] * gram[2] - gram[1] * gram[1])
    return (trace - apart) / full, (trace + apart) / full
