"""What the certificates prove: minima, convexity around the global ones, families, inequalities."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory
from numpy.typing import NDArray

from relu_landscape.figures.style import (
    BLUE,
    INK,
    ORANGE,
    PAGE_WIDTH,
    SERIES,
    SMALLEST_TEXT,
    Arrays,
    Mark,
    Plot,
    Tables,
    empty_plot,
    in_house_style,
    legend_above,
    legend_line,
    students,
    take,
    teacher_axis,
    where,
)
from relu_landscape.figures.symmetry_style import (
    FAMILY,
    GUIDE,
    family_name,
    mark_families,
    wide_teacher_axis,
)

GLOBAL_EIGENVALUE = 0.25 - 0.5 / np.pi  # S21 Theorem 3
CLASS = ["k", "n", "class_id"]
MINIMA_COLUMNS = [
    *CLASS,
    *("loss_lower", "loss_upper", "hessian_lower"),
    *("box_radius", "location_radius", "splits", "splits_proved", "bits"),
]
PROVED_RADIUS = "proved"
MEASURED_RADIUS = "smallest distance measured"
RADIUS_COLUMNS = ["mark", "k", "radius"]
FAMILY_COLUMNS = [
    *("family", "m", "extra", "k", "proved", "hessian_lower"),
    *("loss_lower", "loss_upper", "box_radius", "location_radius", "bits"),
]
INEQUALITY_COLUMNS = [
    *("quantity", "point", "n", "k", "epsilon", "upper", "size", "distance_upper", "bits"),
]
QUANTITIES: Mapping[str, tuple[str, Mark]] = MappingProxyType(
    {
        "hessian_form": ("\N{MINUS SIGN} curvature along a direction", SERIES[0]),
        "one_point_gradient": ("one-point quotient of the gradient", SERIES[1]),
        "one_point_hessian": ("one-point quotient of the Hessian", SERIES[2]),
        "pl_ratio": ("PL quotient", SERIES[3]),
        "conjecture12_gap": ("\N{MINUS SIGN} gap of Conjecture 12", SERIES[4]),
    }
)
"""Legend and mark of each quantity that is bounded."""

RING: dict[str, Any] = {"fillstyle": "none", "markersize": 8.5, "markeredgewidth": 0.8}
CROSS: dict[str, Any] = {
    "marker": "x",
    "linestyle": "none",
    "markersize": 4.5,
    "markeredgewidth": 0.9,
}
PAIR_CROSS: dict[str, Any] = CROSS | {"color": INK, "markersize": 8.5}
RADII: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        MEASURED_RADIUS: {"color": ORANGE, "marker": "s", "linestyle": "--"},
        PROVED_RADIUS: {"color": BLUE, "marker": "o", "linestyle": "-"},
    }
)
OPEN: dict[str, Any] = {"facecolor": "0.9", "edgecolor": "none"}
HOLLOW_EXTRAS: Sequence[dict[str, Any]] = (
    {"linestyle": "-", "fillstyle": "full", "markersize": 3.6},
    {"linestyle": "--", "fillstyle": "none", "markersize": 5.0, "markeredgewidth": 0.8},
    {"linestyle": ":", "fillstyle": "none", "markersize": 7.0, "markeredgewidth": 0.8},
)
"""Looks of the lines of a family at n = k, n = k + 1 and beyond."""
OTHER_MARKERS = ("P", "*", "h", "p", "<", ">")
"""Markers, in grey, of the families that have no mark in the other figures."""

STRIP = 0.16  # part of a panel's height kept below its marks for what was not proved
CROSS_HEIGHT = 0.045
LARGER_CROSS = 6.0  # points, of families with n > k
APART = 4.0  # points between marks of neighbouring n - k at one k
FEW_DECADES = 2.0  # up to which 2 and 5 are named on a logarithmic axis
SMALLEST_IN_DECIMALS = 1e-3
WIDTH_OF_ONE = 7.0  # points of the area between two radii at a single k


def _mark_of(extra: int) -> Mark:
    """Mark of n = k + extra: that of style.OVERPARAMETERISATION for extra <= 2."""
    return SERIES[min(extra, len(SERIES) - 1)]


def _short(value: float, _: int) -> str:
    """A tick of one digit: in decimals, or as a power of ten if it is small."""
    if value >= SMALLEST_IN_DECIMALS:
        return f"{value:g}"
    digit, exponent = f"{value:.0e}".split("e")
    factor = "" if digit == "1" else rf"{digit} \times "
    return f"${factor}10^{{{int(exponent)}}}$"


def _tick_in_decades(axis: Axis, values: pd.Series) -> None:
    """Ticks of a logarithmic axis: 1, 2, 5 if the positive values span few decades."""
    axis.set_minor_locator(NullLocator())
    if np.log10(values.max() / values.min()) <= FEW_DECADES:
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(FuncFormatter(_short))


def _shifted(axes: Axes, transform: Transform, points: float) -> Transform:
    """The transform, and then that many points to the right."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return transform + ScaledTranslation(points / 72.0, 0.0, figure.dpi_scale_trans)


def _at_bottom(axes: Axes) -> Transform:
    """x in data, y as a part of the panel's height."""
    return blended_transform_factory(axes.transData, axes.transAxes)


def _leave_strip(axes: Axes) -> None:
    """Make room for crosses below the marks of the panel, on its present scale of y."""
    scale = axes.yaxis.get_transform()
    low, high = scale.transform(np.array(axes.get_ylim()))
    below = low - STRIP / (1.0 - STRIP) * (high - low)
    axes.set_ylim(bottom=float(scale.inverted().transform(np.array([below]))[0]))


def _draw_minima(
    axes: Axes, classes: pd.DataFrame, pairs: pd.DataFrame, quantity: str, extras: Sequence[int]
) -> None:
    """Proved classes as filled marks, the pairs as larger hollow ones, side by side by n - k."""
    for place, extra in enumerate(extras):
        mark = _mark_of(extra)
        shift = APART * (place - 0.5 * (len(extras) - 1))
        for rows, look in ((classes, {"markersize": 3.8}), (pairs, RING)):
            shown = rows[rows["n"] - rows["k"] == extra]
            (line,) = axes.plot(
                shown["k"],
                shown[quantity],
                color=mark.colour,
                marker=mark.marker,
                linestyle="none",
                **look,
            )
            # Only now: the limits of the panel follow from the unshifted marks.
            line.set_transform(_shifted(axes, axes.transData, shift))


def _draw_unproved(axes: Axes, classes: pd.DataFrame, pairs: pd.DataFrame) -> None:
    """Crosses at the bottom: how many classes of each k were not proved, and which pairs."""
    _leave_strip(axes)
    bottom = _at_bottom(axes)
    counts = classes.groupby("k").size()
    heights = np.full(len(counts), CROSS_HEIGHT)
    axes.plot(counts.index, heights, transform=bottom, color=INK, **CROSS)
    for k, count in counts.items():
        axes.annotate(
            str(count),
            xy=(float(str(k)), CROSS_HEIGHT),
            xycoords=bottom,
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=SMALLEST_TEXT,
        )
    axes.plot(pairs["k"], np.full(len(pairs), CROSS_HEIGHT), transform=bottom, **PAIR_CROSS)


def _minima_handles(
    extras: Sequence[int], pairs: pd.DataFrame, no_class: pd.DataFrame, no_pair: pd.DataFrame
) -> list[Artist]:
    """Legend of the marks that occur."""
    handles: list[Artist] = [
        legend_line(
            f"proved, {students(extra)}",
            color=_mark_of(extra).colour,
            marker=_mark_of(extra).marker,
            linestyle="none",
        )
        for extra in extras
    ]
    if not pairs.empty:
        label = "pair (k, n) of the 2018 theorem"
        handles.append(legend_line(label, color="0.4", marker="o", linestyle="none", **RING))
    if not no_class.empty:
        handles.append(legend_line("classes not proved, number", color=INK, **CROSS))
    if not no_pair.empty:
        handles.append(legend_line("pair not proved", **PAIR_CROSS))
    return handles


@in_house_style
def proved_minima(
    tables: Tables,
    arrays: Arrays,  # noqa: ARG001 -- one signature for all figures
    published: Tables,  # noqa: ARG001
) -> Plot:
    """Proved eigenvalue bound and loss of every class of minima that has a certificate, against k.

    Args:
        tables: `certified_classes` (one row a class), `certified_pairs` (one row a pair of the
            2018 theorem) and `curvature` (kind of each class).
        arrays: nothing is used.
        published: nothing is used.

    Returns:
        The figure, and one row a proved class: k, n, class_id, bounds of the loss, lower bound of
        the Hessian, radii of the box and of the location, splits, splits_proved, bits. The pairs
        and what was not proved stand in their tables alone.

    Raises:
        ValueError: if one of the tables was not given.

    Source: S18 Theorem 1 for the pairs.
    """
    classes, pairs = take(tables, "certified_classes"), take(tables, "certified_pairs")
    proved, proved_pairs = where(classes, proved=True), where(pairs, proved=True)
    if proved.empty and proved_pairs.empty:
        return empty_plot(pairs if classes.empty else classes, MINIMA_COLUMNS)
    # Where float arithmetic sees a saddle there is no minimum to be proved.
    kinds = take(tables, "curvature")[[*CLASS, "kind"]]
    no_class = where(classes, proved=False).merge(kinds, on=CLASS, how="left")
    no_class = no_class[no_class["kind"] != "saddle"]
    no_pair = where(pairs, proved=False)
    columns = ["k", "n", "loss_lower", "hessian_lower"]
    marks = pd.concat([proved[columns], proved_pairs[columns]])
    extras = sorted({int(extra) for extra in marks["n"] - marks["k"]})
    figure = Figure(figsize=(PAGE_WIDTH, 4.8), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(1.25, 1.0))
    upper.set_yscale("log")
    for axes, quantity in ((upper, "hessian_lower"), (lower, "loss_lower")):
        _draw_minima(axes, proved, proved_pairs, quantity, extras)
        axes.margins(y=0.08)
    _tick_in_decades(upper.yaxis, marks["hessian_lower"])
    if not (no_class.empty and no_pair.empty):
        _draw_unproved(upper, no_class, no_pair)
    drawn = pd.concat([marks["k"], no_class["k"], no_pair["k"]])
    teacher_axis(lower, sorted({int(k) for k in drawn}))
    upper.tick_params(labelbottom=False)
    upper.set_ylabel("proved lower bound of the\nsmallest Hessian eigenvalue")
    lower.set_ylabel("proved lower bound\nof the loss F")
    figure.align_ylabels([upper, lower])
    legend_above(figure, _minima_handles(extras, proved_pairs, no_class, no_pair), columns=3)
    return Plot(figure, proved.sort_values(CLASS)[MINIMA_COLUMNS])


def _radii(proved: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Proved radius and least radius that a search found, one row a k and mark."""
    worst = measured[(measured["search"] == "worst") & measured["radius"].notna()]
    least = worst.groupby("k", as_index=False).agg(radius=("radius", "min"))
    rows = [
        proved[["k", "radius"]].sort_values("k").assign(mark=PROVED_RADIUS),
        least.assign(mark=MEASURED_RADIUS),
    ]
    return pd.concat(rows, ignore_index=True)[RADIUS_COLUMNS]


def _shade_open(axes: Axes, data: pd.DataFrame) -> None:
    """The area between the proved and the measured radii, at the k that have both."""
    both = data.pivot(index="k", columns="mark", values="radius").reindex(columns=list(RADII))
    both = both.dropna()
    if both.empty:
        return
    k = both.index.to_numpy(np.float64)
    low, high = both[PROVED_RADIUS].to_numpy(), both[MEASURED_RADIUS].to_numpy()
    if len(k) == 1:
        axes.vlines(k, low, high, color=OPEN["facecolor"], linewidth=WIDTH_OF_ONE, zorder=0)
    else:
        axes.fill_between(k, low, high, zorder=0, **OPEN)
    middle = len(k) // 2
    axes.annotate(
        "open",
        xy=(k[middle], float(np.sqrt(low[middle] * high[middle]))),
        xytext=(10 if len(k) == 1 else 0, 0),
        textcoords="offset points",
        ha="left" if len(k) == 1 else "center",
        va="center",
        color="0.3",
    )


@in_house_style
def proved_radius(
    tables: Tables,
    arrays: Arrays,  # noqa: ARG001 -- one signature for all figures
    published: Tables,  # noqa: ARG001
) -> Plot:
    """Radius of proved strong convexity around the global minimum of n = k, and the measured one.

    Args:
        tables: `certified_global_minima` (one row a k) and `convexity_radii` (one row a direction).
        arrays: nothing is used.
        published: nothing is used.

    Returns:
        The figure, and one row a mark: mark (proved or measured), k, radius (Frobenius distance).

    Raises:
        ValueError: if one of the tables was not given.

    Source: S21 Theorem 3, which leaves the size of the neighbourhood open.
    """
    proved = take(tables, "certified_global_minima")
    measured = take(tables, "convexity_radii")
    if proved.empty:
        return empty_plot(proved, RADIUS_COLUMNS)
    data = _radii(proved, measured)
    figure = Figure(figsize=(0.75 * PAGE_WIDTH, 3.4), layout="constrained")
    axes = figure.subplots()
    axes.set_yscale("log")
    for mark, look in RADII.items():
        rows = where(data, mark=mark)
        axes.plot(rows["k"], rows["radius"], **look)
    _shade_open(axes, data)
    axes.margins(y=0.1)
    _tick_in_decades(axes.yaxis, data["radius"])
    wide_teacher_axis(axes, sorted({int(k) for k in data["k"]}))
    axes.set_ylabel("distance from the global minimum\nup to which F is strongly convex")
    handles: list[Artist] = [
        legend_line(mark, **look) for mark, look in RADII.items() if mark in set(data["mark"])
    ]
    if len(handles) == len(RADII):
        handles.append(Patch(label="open", **OPEN))
    legend_above(figure, handles, columns=4)
    return Plot(figure, data)


def _family_marks(rows: pd.DataFrame) -> dict[tuple[str, int], Mark]:
    """Every family with the mark that it has in the other figures, or else a grey one."""
    marks = mark_families(rows)
    ordered = sorted({(str(family), int(m)) for family, m in rows[FAMILY].to_numpy()})
    others = [name for name in ordered if name not in marks]
    for index, name in enumerate(others):
        marks[name] = Mark("0.45", OTHER_MARKERS[index % len(OTHER_MARKERS)], "-")
    return {name: marks[name] for name in ordered}


def _draw_families(axes: Axes, rows: pd.DataFrame) -> list[Artist]:
    """One line a family, crosses in its colour where it was not proved; returns the legend."""
    handles: list[Artist] = []
    failing: list[tuple[pd.Series, dict[str, Any]]] = []
    for (family, m), mark in _family_marks(rows).items():
        members = where(rows, family=family, m=m)
        for extra in sorted({int(extra) for extra in members["extra"]}):
            line = members[members["extra"] == extra]
            shown = line[line["proved"]]
            look = HOLLOW_EXTRAS[min(extra, len(HOLLOW_EXTRAS) - 1)]
            look = look | {"color": mark.colour, "marker": mark.marker, "linewidth": 0.9}
            axes.plot(shown["k"], shown["hessian_lower"], **look)
            handles.append(legend_line(family_name(family, m, extra), **look))
            missing = line.loc[~line["proved"], "k"]
            if not missing.empty:
                cross = CROSS | {"color": mark.colour, "markersize": LARGER_CROSS if extra else 4.0}
                failing.append((missing, cross))
    if failing:
        _leave_strip(axes)
        handles.append(legend_line("not proved", color=INK, **CROSS))
    # Above one another, so that none hides another at the same k.
    heights: NDArray[np.float64] = CROSS_HEIGHT + np.linspace(
        0.0, STRIP - 2.0 * CROSS_HEIGHT, max(2, len(failing))
    )
    for height, (missing, cross) in zip(heights, failing, strict=False):
        level = np.full(len(missing), height)
        axes.plot(missing, level, transform=_at_bottom(axes), **cross)
    return handles


@in_house_style
def proved_families(
    tables: Tables,
    arrays: Arrays,  # noqa: ARG001 -- one signature for all figures
    published: Tables,  # noqa: ARG001
) -> Plot:
    """Proved eigenvalue bound of the symmetric families of spurious minima against k.

    Args:
        tables: `certified_families`, one row a point of a family.
        arrays: nothing is used.
        published: nothing is used.

    Returns:
        The figure, and one row a point: family, m, extra, k, proved, lower bound of the Hessian,
        bounds of the loss, radii of the box and of the location, bits; bounds and radii are empty
        where nothing was proved.

    Raises:
        ValueError: if the table was not given.

    Source: S21 Theorem 3 for the eigenvalue at the global minimum.
    """
    families = take(tables, "certified_families")
    if not families["proved"].any():
        return empty_plot(families, FAMILY_COLUMNS)
    data = families.sort_values([*FAMILY, "extra", "k"])[FAMILY_COLUMNS]
    figure = Figure(figsize=(PAGE_WIDTH, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.axhline(GLOBAL_EIGENVALUE, **GUIDE)
    axes.set_ylim(0.0, 1.15 * max(GLOBAL_EIGENVALUE, float(data["hessian_lower"].max())))
    handles = _draw_families(axes, data)
    # Below zero there are crosses, not values.
    ticks = MaxNLocator(nbins=6).tick_values(0.0, axes.get_ylim()[1])
    axes.set_yticks([tick for tick in ticks if 0.0 <= tick <= axes.get_ylim()[1]])
    axes.axhline(0.0, color=INK, linewidth=0.5)
    wide_teacher_axis(axes, sorted({int(k) for k in data["k"]}))
    axes.set_ylabel("proved lower bound of the\nsmallest Hessian eigenvalue")
    handles.append(legend_line("1/4 \N{MINUS SIGN} 1/(2π)", **GUIDE))
    legend_above(figure, handles, columns=6)
    return Plot(figure, data)


@in_house_style
def proved_inequalities(
    tables: Tables,
    arrays: Arrays,  # noqa: ARG001 -- one signature for all figures
    published: Tables,  # noqa: ARG001
) -> Plot:
    """Proved bounds of what fails next to a global minimum against the size of the displacement.

    Args:
        tables: `certified_inequalities`, one row a quantity and point.
        arrays: nothing is used.
        published: nothing is used.

    Returns:
        The figure, and one row a proved inequality: quantity, point, n, k, epsilon, upper (the
        bound), size (its absolute value, which is drawn), distance_upper, bits.

    Raises:
        ValueError: if the table was not given.

    Source: S21 Theorems 4, 7 and 9, and Conjecture 12.
    """
    inequalities = take(tables, "certified_inequalities")
    proved = where(inequalities, proved=True)
    if proved.empty:
        return empty_plot(inequalities, INEQUALITY_COLUMNS)
    data = proved.assign(size=proved["upper"].abs()).sort_values(["quantity", "epsilon", "point"])
    figure = Figure(figsize=(0.85 * PAGE_WIDTH, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.set_xscale("log")
    axes.set_yscale("log")
    handles: list[Artist] = []
    for quantity, (label, mark) in QUANTITIES.items():
        rows = where(data, quantity=quantity)
        if rows.empty:
            continue
        look: dict[str, Any] = {
            "color": mark.colour,
            "marker": mark.marker,
            "linestyle": "none",
            "fillstyle": "none",
            "markersize": 5.0,
            "markeredgewidth": 0.9,
        }
        axes.plot(rows["epsilon"], rows["size"], **look)
        handles.append(legend_line(label, **look))
    axes.margins(0.08)
    _tick_in_decades(axes.xaxis, data["epsilon"])
    _tick_in_decades(axes.yaxis, data["size"])
    axes.set_xlabel("size of the displacement ε")
    axes.set_ylabel("size of the proved upper bound")
    legend_above(figure, handles, columns=3)
    return Plot(figure, data[INEQUALITY_COLUMNS])
