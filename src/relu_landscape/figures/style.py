"""One look for every figure: sizes, colours, markers, and what a figure function returns.

Each kind of mark differs from its neighbours by shape, line style or hatch as well as by colour,
so that nothing is lost in grey print or to a colour-blind reader.
"""

import logging
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
from fontTools import subset  # with which matplotlib embeds fonts
from matplotlib import get_data_path, rc_context, rc_params_from_file, rcParamsDefault
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator
from matplotlib.transforms import Bbox
from matplotlib.typing import LineStyleType
from numpy.typing import NDArray

from relu_landscape.figures.svg import describe_svg

Arrays = Mapping[str, NDArray[np.float64]]
Pair = tuple[Artist, Artist]
Item = TypeVar("Item")

PAGE_WIDTH = 6.75  # inches: the text width of the two papers' proceedings
NO_RUNS = "no runs in this profile"
NONE_FOUND = "none found in this profile"
WIDE_RANGE = 5  # largest k over smallest k above which an axis of k is logarithmic
MOST_TICKS = 15
PROVED = "proved"  # in the column of this name; anything else there is not
NARROWEST_AXIS = 6.0  # of k, so that marks side by side stay close if few k were run
PANELS_A_ROW = 3
SMALLEST_TEXT = 6.5  # points
LARGEST_READABLE = 20  # k
POINTS_AN_INCH = 72
TITLE_SIZE = 9  # points
TITLE_LEADING = 1.2  # line to line, in sizes
TITLE_CHARACTERS = 12.5  # of bold text of that size, an inch
TITLE_MARGIN = 0.06  # inches
_LAYOUT_DIGITS = 6  # decimals of the place of axes, as a share of the figure

# seaborn's theme as matplotlib carries it: importing seaborn, and with it scipy.stats, takes longer
# than drawing most figures. Read from its file: a user may have another theme by this name.
_TICKS = Path(get_data_path()) / "stylelib" / "seaborn-v0_8-ticks.mplstyle"
_NOT_LOOKS = {"backend", "interactive"}
_SHAPING = {"GDEF", "GPOS", "GSUB"}  # tables of OpenType

STYLE: Mapping[Any, Any] = MappingProxyType(
    # All of matplotlib's defaults, so that nothing of a user's matplotlibrc is left.
    {key: value for key, value in rcParamsDefault.items() if key not in _NOT_LOOKS}
    | rc_params_from_file(_TICKS, use_default_template=False)
    | {
        # The font that matplotlib itself carries, so that no machine draws another one.
        "font.family": "DejaVu Sans",
        "font.size": 8,
        "axes.labelsize": 8,
        "axes.titlesize": 8,
        "axes.titlelocation": "left",
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "legend.fontsize": 7.5,
        "legend.title_fontsize": 7.5,
        "legend.frameon": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.7,
        "axes.formatter.useoffset": False,
        "xtick.major.width": 0.7,
        "ytick.major.width": 0.7,
        "xtick.major.size": 3,
        "ytick.major.size": 3,
        "lines.linewidth": 1.1,
        "lines.markersize": 4.5,
        "patch.force_edgecolor": False,
        "hatch.linewidth": 0.5,
        "svg.hashsalt": "relu_landscape",
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
    }
)

figure = rc_context(dict(STYLE))
"""Decorator of a figure of a study: it draws with STYLE and leaves matplotlib as it found it.

The parameters of the function name the tables, arrays and published numbers that it is drawn from;
its docstring has the caption. `relu_landscape.studies` finds it by this decorator.
"""

leading_figure = figure
"""Decorator of a figure whose finding stands on the front page of a run."""

# seaborn's palette "colorblind"
BLUE, ORANGE, GREEN, VERMILION = "#0173b2", "#de8f05", "#029e73", "#d55e00"
PURPLE, SKY = "#cc78bc", "#56b4e9"
INK = "0.15"


class Mark(NamedTuple):
    """Colour, marker and line style that stand for one series everywhere."""

    colour: str
    marker: str
    line: LineStyleType


OVERPARAMETERISATION: Mapping[int, Mark] = MappingProxyType(
    {0: Mark(BLUE, "o", "-"), 1: Mark(ORANGE, "s", "--"), 2: Mark(GREEN, "^", ":")}
)
"""The mark of n - k = 0, 1, 2."""

SERIES: Sequence[Mark] = (
    Mark(BLUE, "o", "-"),
    Mark(ORANGE, "s", "--"),
    Mark(GREEN, "^", "-."),
    Mark(VERMILION, "D", ":"),
    Mark(PURPLE, "v", (0, (5, 1, 1, 1, 1, 1))),
    Mark(SKY, "X", (0, (3, 2))),
)
"""Marks of series that have none of their own, in the order in which they are given out."""


@dataclass(frozen=True)
class Plot:
    """A figure and the numbers that it shows.

    Attributes:
        figure: the drawing.
        data: what is plotted, long format, one row a mark; units in the column names or in a
            column `quantity`.
        finding: what the figure found, in one sentence whose numbers come from the data; its title.
    """

    figure: Figure
    data: pd.DataFrame
    finding: str


def students(extra: int) -> str:
    """Label of the series n = k + extra."""
    sign = "+" if extra > 0 else "\N{MINUS SIGN}"
    return "n = k" if extra == 0 else f"n = k {sign} {abs(extra)}"


def proved_handles(proved: pd.Series, **look: Any) -> list[Artist]:
    """Legend of filled (proved) and hollow (not proved) marks, those that occur.

    Args:
        proved: column `proved` of the rows that are drawn.
        look: Line2D properties that both share.
    """
    looks = {"proved": (proved == PROVED, "full"), "not proved": (proved != PROVED, "none")}
    return [
        legend_line(label, color="0.5", linestyle="none", fillstyle=fill, **look)
        for label, (there, fill) in looks.items()
        if there.any()
    ]


def rows_with(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    """The rows of the table whose named columns have these values."""
    return table[np.logical_and.reduce([table[name] == value for name, value in values.items()])]


def explain_empty(axes: Axes, message: str) -> None:
    """Write on an empty panel why it is empty."""
    axes.text(0.5, 0.5, message, transform=axes.transAxes, ha="center", va="center", color="0.4")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def empty_plot(table: pd.DataFrame, columns: Sequence[str]) -> Plot:
    """Figure that says why there is nothing to draw, with a table of no rows.

    Args:
        table: where the marks should have come from: without rows nothing was run, else no row is
            of the kind that the figure shows.
        columns: columns of the plotted numbers.
    """
    figure = Figure(figsize=(PAGE_WIDTH, 2.0), layout="constrained")
    message = NO_RUNS if table.empty else NONE_FOUND
    explain_empty(figure.subplots(), message)
    return Plot(figure, pd.DataFrame(columns=list(columns)), f"Nothing to see: {message}.")


def evenly_spread(values: Sequence[Item], most: int) -> list[Item]:
    """At most `most` of the sorted values, evenly spread, with the first and the last."""
    if len(values) <= most:
        return list(values)
    steps = np.linspace(0, len(values) - 1, most).round().astype(int)
    return [values[step] for step in steps]


def readable_teachers(teachers: Sequence[int]) -> list[int]:
    """At most PANELS_A_ROW of the sorted k, evenly spread, out of those that can be read.

    Matrices and spectra of k above LARGEST_READABLE show nothing in a panel; if only such k were
    run, the smallest stands for them.
    """
    readable = [k for k in teachers if k <= LARGEST_READABLE] or list(teachers[:1])
    return evenly_spread(readable, PANELS_A_ROW)


def teacher_axis(axes: Axes, teachers: Sequence[int]) -> None:
    """Make x the axis of k: logarithmic for a wide range, ticks at values of k that do not crowd.

    Args:
        axes: the panel.
        teachers: the k that were run, in increasing order.
    """
    wide = teachers[-1] > WIDE_RANGE * teachers[0]
    axes.set_xscale("log" if wide else "linear")
    if wide:
        axes.set_xlim(0.92 * teachers[0], 1.08 * teachers[-1])
    else:
        margin = max(0.7, 0.5 * (NARROWEST_AXIS - teachers[-1] + teachers[0]))
        axes.set_xlim(teachers[0] - margin, teachers[-1] + margin)
    place = np.log(teachers) if wide else np.asarray(teachers, dtype=np.float64)
    shown: list[int] = []
    for index, position in enumerate(place):
        if not shown or position - place[shown[-1]] > (place[-1] - place[0]) / MOST_TICKS:
            shown.append(index)
    axes.set_xticks([teachers[index] for index in shown], [str(teachers[index]) for index in shown])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("teacher neurons k")


def legend_line(label: str, **look: Any) -> Line2D:
    """Legend entry of a line or marker with the given Line2D properties."""
    return Line2D([], [], label=label, **look)


def legend_above(figure: Figure, handles: Sequence[Artist | Pair], *, columns: int) -> None:
    """Put the legend of the whole figure above its panels.

    Args:
        figure: the figure, laid out by matplotlib's constrained layout.
        handles: the entries; of a pair, both are shown side by side with the label of the first.
        columns: entries side by side in a figure of PAGE_WIDTH; narrower ones take fewer.
    """
    firsts = [handle[0] if isinstance(handle, tuple) else handle for handle in handles]
    figure.legend(
        handles=list(handles),
        labels=[str(first.get_label()) for first in firsts],
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.3)},
        loc="outside upper left",
        ncols=max(1, int(columns * figure.get_figwidth() / PAGE_WIDTH)),
        borderaxespad=0.2,
    )


def add_title(plot: Plot) -> Bbox:
    """Lay the figure out and write its finding above it; returns the area to save, in inches.

    Above what was laid out, because a title and a legend outside would take the same margin.
    """
    # Once, not again for each format: with an engine, "none" among them, each would be drawn twice.
    plot.figure.draw_without_rendering()
    plot.figure.set_layout_engine(None)
    # The last bits of what the solver of the layout finds differ from one process to the next.
    for axes in plot.figure.axes:
        axes.set_position(np.round(axes.get_position(original=True).bounds, _LAYOUT_DIGITS))
    width, height = plot.figure.get_size_inches()
    for legend in plot.figure.legends:  # stays at the edge of what was laid out
        legend.set_bbox_to_anchor(Bbox([[0, 0], [width, height]]), plot.figure.dpi_scale_trans)
    whole = plot.finding.replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")
    lines = textwrap.wrap(whole.replace(" %", "\N{NO-BREAK SPACE}%"), int(width * TITLE_CHARACTERS))
    plot.figure.text(
        TITLE_MARGIN,
        height + TITLE_MARGIN,
        "\n".join(lines),
        transform=plot.figure.dpi_scale_trans,
        verticalalignment="bottom",
        fontsize=TITLE_SIZE,
        fontweight="bold",
    )
    head = 2 * TITLE_MARGIN + len(lines) * TITLE_SIZE * TITLE_LEADING / POINTS_AN_INCH
    return Bbox([[0.0, 0.0], [width, height + head]])


@contextmanager
def _fonts_without_a_date() -> Iterator[None]:
    """Keep to itself that a font has no date: the Computer Modern ones of matplotlib have none.

    fontTools warns of it whenever one is embedded for a sign that DejaVu lacks, such as a prime; no
    byte hangs on what is done about it.
    """
    logger = logging.getLogger("fontTools.ttLib.tables._h_e_a_d")

    def of_something_else(record: logging.LogRecord) -> bool:
        return "timestamp seems very low" not in record.getMessage()

    logger.addFilter(of_something_else)
    try:
        yield
    finally:
        logger.removeFilter(of_something_else)


@contextmanager
def _fonts_without_what_shapes_text() -> Iterator[None]:
    """Embed fonts without their tables of ligatures and kerning.

    A PDF says of every glyph where it stands and asks no font for it, and to read these tables of
    DejaVu takes longer than to draw most figures.
    """
    load = subset.load_font

    def load_without_them(*arguments: Any, **options: Any) -> Any:
        font = load(*arguments, **options)
        for name in _SHAPING.intersection(font.keys()):
            del font[name]
        return font

    subset.load_font = load_without_them
    try:
        yield
    finally:
        subset.load_font = load


def save_plot(
    plot: Plot,
    caption: str,
    svg: str | PathLike[str],
    pdf: str | PathLike[str],
    csv: str | PathLike[str],
) -> None:
    """Write the figure, under its finding, as SVG and PDF and its numbers as CSV.

    The bytes depend on the plot and on the version of matplotlib alone: identifiers in the SVG are
    hashed with a fixed salt and neither file carries a date. Text in the SVG is text.

    Args:
        plot: what a figure function returned.
        caption: what the reader should see; the description of both files.
        svg: path of the SVG file.
        pdf: path of the PDF file.
        csv: path of the CSV file.
    """
    area = save_drawing(plot, caption, svg, csv)
    with (
        rc_context(dict(STYLE)),
        _fonts_without_a_date(),
        _fonts_without_what_shapes_text(),
    ):
        plot.figure.savefig(
            pdf,
            format="pdf",
            bbox_inches=area,
            metadata={"Title": plot.finding, "Subject": caption, "CreationDate": None},
        )


def save_drawing(
    plot: Plot, caption: str, svg: str | PathLike[str], csv: str | PathLike[str]
) -> Bbox:
    """What `save_plot` does but for the PDF; returns the area of the figure and its title."""
    with rc_context(dict(STYLE)):
        area = add_title(plot)
        plot.figure.savefig(
            svg,
            format="svg",
            bbox_inches=area,
            metadata={"Title": plot.finding, "Date": None},
        )
    describe_svg(svg, caption)
    plot.data.to_csv(csv, index=False, float_format="%.12g", lineterminator="\n")
    return area
