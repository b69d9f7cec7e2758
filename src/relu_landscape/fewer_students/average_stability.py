"""When the best copy-average of erf is stable against splitting what it averages.

Let N = n - 1 students copy and one average m = k - n + 1 >= 2 teachers, and let v = e_1 - e_2 be in
the span of those. Move the copies by delta v and the average by epsilon v. With s = sqrt((2 m - 1)/
(2 m + 1)) the second-order terms of pi F are

    2/sqrt 3 N delta^2                       each copy with itself and with its teacher,
    N (N - 1) delta^2                        copies with one another,
    2 sqrt(m (2 m - 1)) N delta epsilon      copies with the average,
    m (2 m - 1) s epsilon^2                  the average with itself,
    m s (1 - 2 m/(4 m^2 - 1)) epsilon^2      the average with the teachers,

and no others: odd terms cancel between e_1 and e_2. The form is positive definite if and only if

    (N - 1 + 2/sqrt 3) rho(m) > N,   rho(m) = 2 m (4 m^2 - 2)/(4 m^2 - 1)^(3/2) < 1,

that is for fewer copies than (2/sqrt 3 - 1) rho/(1 - rho), which is (2/sqrt 3 - 1) 8 m^2 + O(1).
With more it is indefinite, and as v spans a representation of dimension m - 1 = k - n, the point is
a saddle of that index or more. So for large k the best copy-average is a saddle once fewer than
about .9 sqrt k teachers are left to the average.

Source: derived.
"""

from __future__ import annotations

import math

from relu_landscape.arguments import checked_arguments, real_number


@checked_arguments(m=real_number)
def most_copies(m: float) -> float:
    """Return the number of copies below which one average of m teachers is stable in this sense.

    Args:
        m: teachers that are averaged, a real number, 2 or more.

    Returns:
        (2/sqrt 3 - 1) rho(m)/(1 - rho(m)).

    Raises:
        ValueError: m is less than 2.
    """
    if m < 2:
        raise ValueError(f"m = {m}; an average needs 2 teachers or more")
    square = 4 * m * m
    # rho = a/b, and (b - a)(b + a) is a polynomial: nothing cancels.
    a, b = 2 * m * (square - 2), (square - 1) * math.sqrt(square - 1)
    return (2 / math.sqrt(3) - 1) * a * (a + b) / (square * (square - 1) - 1)
