"""The pair kernel of erf for jets, see `certificates.erf_slopes`."""

from __future__ import annotations

from relu_landscape.certificates.erf_slopes import Numbers, erf_slopes
from relu_landscape.fewer_students.jets import Jet, composed


def erf_pair(p: Jet, q: Jet, r: Jet, numbers: Numbers) -> Jet:
    """Return K(w, v) = E[erf(w . x/sqrt 2) erf(v . x/sqrt 2)].

    Args:
        p, q: |w|^2 and |v|^2.
        r: w . v.
        numbers: the kind of their values.
    """
    a, b, c = p.value + 1, q.value + 1, r.value
    K = erf_slopes(a, b, c, a * b - c * c, numbers)
    curvatures = ((K.pp, K.pq, K.pr), (K.pq, K.qq, K.qr), (K.pr, K.qr, K.rr))
    return composed(K.value, (K.p, K.q, K.r), curvatures, (p, q, r))
