"""Looks that the figures of what is proved share."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory

CROSS: dict[str, Any] = {
    "marker": "x",
    "linestyle": "none",
    "markersize": 4.5,
    "markeredgewidth": 0.9,
}
STRIP = 0.16  # part of a panel's height kept below its marks for what was not proved
CROSS_HEIGHT = 0.045
FEW_DECADES = 2.0  # up to which 2 and 5 are named on a logarithmic axis
SMALLEST_IN_DECIMALS = 1e-3


def _short(value: float, _: int) -> str:
    """A tick of one digit: in decimals, or as a power of ten if it is small."""
    if value >= SMALLEST_IN_DECIMALS:
        return f"{value:g}"
    digit, exponent = f"{value:.0e}".split("e")
    factor = "" if digit == "1" else rf"{digit} \times "
    return f"${factor}10^{{{int(exponent)}}}$"


def tick_in_decades(axis: Axis, values: pd.Series) -> None:
    """Ticks of a logarithmic axis: 1, 2, 5 if the positive values span few decades."""
    axis.set_minor_locator(NullLocator())
    if np.log10(values.max() / values.min()) <= FEW_DECADES:
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(FuncFormatter(_short))


def shifted(axes: Axes, transform: Transform, points: float) -> Transform:
    """The transform, and then that many points to the right."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return transform + ScaledTranslation(points / 72.0, 0.0, figure.dpi_scale_trans)


def at_bottom(axes: Axes) -> Transform:
    """x in data, y as a part of the panel's height."""
    return blended_transform_factory(axes.transData, axes.transAxes)


def leave_strip(axes: Axes) -> None:
    """Make room for crosses below the marks of the panel, on its present scale of y."""
    scale = axes.yaxis.get_transform()
    low, high = scale.transform(np.array(axes.get_ylim()))
    below = low - STRIP / (1.0 - STRIP) * (high - low)
    axes.set_ylim(bottom=float(scale.inverted().transform(np.array([below]))[0]))
