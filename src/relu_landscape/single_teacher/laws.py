"""How fast runs of descent fall, and what F t^3 tends to.

In the valley |u|' = -3 c |u|^2, so that F = A (t + t_0)^-3, A = 1/(27 c^2): how long a run took to
get there is in t_0, which is why it is fitted. F^(-1/3) is a line in t of slope A^(-1/3).
"""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd
import scipy.stats
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from relu_landscape.judging.statistics import Interval, fit_line

RUN: Final = ("start", "k", "n", "run")
QUANTITIES: Final = ("loss", "direction_distance")
CONFIDENCE: Final = 0.95
# Below it the weights are at the global minimum to rounding, and nothing falls any more.
SMALLEST_LOSS: Final = 1e-24
# Above it a run with n = k is not yet where the loss is quadratic.
LARGEST_QUADRATIC_LOSS: Final = 1e-5
DECADE: Final = 10.0


class FittedLaw(NamedTuple):
    """A law of a decay: p and its interval, t_0 of a power, and the residual of the logarithm."""

    law: Literal["power", "exponential"]
    rate: float
    interval: Interval
    delay: float | None
    residual: float


def delayed_power(t: NDArray[np.float64], y: NDArray[np.float64]) -> FittedLaw:
    """Fit log y = log A + p log(t + t_0) by least squares, -t_1 < t_0 <= t_m.

    Without the upper bound an exponential would be a power of an endless delay. The interval of p
    is Student's by the linearised model, with m - 3 degrees of freedom.

    Args:
        t: times, (m,), positive and increasing, m >= 4.
        y: values, (m,), positive.
    """
    logarithms = np.log(y)
    slope = (logarithms[-1] - logarithms[0]) / np.log(t[-1] / t[0])

    def model(t: NDArray[np.float64], level: float, rate: float, delay: float) -> Any:
        return level + rate * np.log((t + delay) / t[-1])

    fitted, _ = curve_fit(
        model,
        t,
        logarithms,
        p0=[logarithms[-1], slope, 0.0],
        bounds=([-np.inf, -np.inf, -0.999 * t[0]], [np.inf, np.inf, t[-1]]),
        x_scale=[1.0, 1.0, t[0]],
        max_nfev=10_000,
    )
    level, rate, delay = (float(value) for value in fitted)
    freedom = len(t) - 3
    errors = logarithms - model(t, level, rate, delay)
    residual = float(np.sqrt(errors @ errors / freedom))
    slopes = np.stack(
        [np.ones_like(t), np.log((t + delay) / t[-1]), rate * t[-1] / (t + delay)], axis=1
    )
    deviation = residual * float(np.sqrt(np.linalg.inv(slopes.T @ slopes)[1, 1]))
    half_width = float(scipy.stats.t.ppf(0.5 + CONFIDENCE / 2, freedom)) * deviation
    interval = Interval(rate - half_width, rate + half_width)
    return FittedLaw("power", rate, interval, delay, residual)


def exponential(t: NDArray[np.float64], y: NDArray[np.float64]) -> FittedLaw:
    """Fit log y = log A + p t by least squares.

    Args:
        t: times, (m,), m >= 3, not all equal.
        y: values, (m,), positive.
    """
    fit = fit_line(t, np.log(y), CONFIDENCE)
    return FittedLaw("exponential", fit.slope, fit.slope_interval, None, fit.residual)


def fit_laws(descents: pd.DataFrame, *, window: float) -> list[dict[str, Any]]:
    """Return the law of each run, as in the table `single_teacher_laws`.

    With n > k both quantities are fitted over the last checks, from 1/window of the last step on;
    with n = k the loss between LARGEST_QUADRATIC_LOSS and SMALLEST_LOSS. Runs with fewer than four
    such checks are left out.

    Args:
        descents: table `single_teacher_descents`.
        window: last step over first step of the fit.
    """
    records = []
    for names, rows in descents.groupby(list(RUN)):
        case = dict(zip(RUN, names, strict=True))
        alone = case["k"] == case["n"]
        fitted = quadratic_part(rows) if alone else last_part(rows, window)
        if len(fitted) < 4:
            continue
        for quantity in QUANTITIES[: 1 if alone else None]:
            t, y = fitted["time"].to_numpy(), fitted[quantity].to_numpy()
            law = min((exponential(t, y), delayed_power(t, y)), key=lambda fit: fit.residual)
            records.append(
                case
                | {
                    "quantity": quantity,
                    "law": law.law,
                    "rate": law.rate,
                    "low": law.interval.low,
                    "high": law.interval.high,
                    "delay": law.delay,
                    "first_iteration": int(fitted["iteration"].min()),
                    "last_iteration": int(fitted["iteration"].max()),
                    "checks": len(fitted),
                }
            )
    return records


def reach_limits(descents: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what F t^3 is and tends to in each run with n > k, as in `single_teacher_limits`.

    Runs that are not in the valley at the end are left out: a student has no positive share, or
    F^(-1/3) does not grow beyond doubt.

    Args:
        descents: table `single_teacher_descents`.
    """
    records = []
    for names, rows in descents[descents["n"] > descents["k"]].groupby(list(RUN)):
        case = dict(zip(RUN, names, strict=True))
        late = last_part(rows, DECADE)
        end = late.iloc[-1]
        line = fit_line(late["time"], late["loss"] ** (-1 / 3), CONFIDENCE)
        if pd.isna(end["valley_loss"]) or line.slope_interval.low <= 0:
            continue
        constant = end["valley_loss"] / end["radius"] ** 3
        two = case["k"] == 1 and case["n"] == 2
        inverse_shares = 1 / end["least_norm"] + 1 / end["largest_norm"]
        records.append(
            case
            | {
                "time": end["time"],
                "scaled_loss": end["loss"] * end["time"] ** 3,
                "continued": line.slope**-3,
                "low": line.slope_interval.high**-3,
                "high": line.slope_interval.low**-3,
                "limit": 1 / (27 * constant**2),
                "shares_limit": 8 * np.pi**2 / (3 * inverse_shares**2) if two else None,
                "quotient": end["gradient_norm"] / end["loss"] ** (2 / 3),
                "quotient_limit": 3 * constant ** (1 / 3),
            }
        )
    return records


def last_part(rows: pd.DataFrame, window: float) -> pd.DataFrame:
    """The checks of one run from 1/window of the last step on, in their order."""
    rows = rows.sort_values("iteration")
    late: pd.DataFrame = rows[rows["iteration"] * window >= 0.999 * rows["iteration"].max()]
    return late


def quadratic_part(rows: pd.DataFrame) -> pd.DataFrame:
    """The checks of one run at which its loss is quadratic and not yet rounding."""
    rows = rows.sort_values("iteration")
    quadratic: pd.DataFrame = rows[rows["loss"].between(SMALLEST_LOSS, LARGEST_QUADRATIC_LOSS)]
    return quadratic
