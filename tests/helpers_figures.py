"""What a reader sees of a figure: its texts, where they stand, and whether they can be read."""

from collections.abc import Iterable

import numpy as np
import pytest
from matplotlib.text import Text

from relu_landscape.figures import save_plot
from relu_landscape.figures.style import NO_RUNS, PAGE_WIDTH, SMALLEST_TEXT, add_title

MOST_LINES = 4  # of a title, in the narrowest figures


def layouts(names: Iterable[str], large: str, small: str):
    """(figure, study) for each figure and either study: the large one is slow to lay out."""
    slow = {large: pytest.mark.slow, small: ()}
    return [pytest.param(name, study, marks=slow[study]) for name in names for study in slow]


def shown_ticks(axis):
    scale = axis.get_transform().transform
    low, high = sorted(scale(axis.get_view_interval()))
    slack = 1e-9 * (high - low)
    ticks = [t for t in axis.get_major_ticks() if low - slack <= scale(t.get_loc()) <= high + slack]
    return [t.label1 for t in ticks if t.label1.get_visible() and t.label1.get_text()]


def shown_texts(figure):
    """Every text of the figure; of the two axes of a plane and the three of a surface."""
    legends = [*figure.legends]
    texts = []
    for axes in figure.axes:
        if axes.get_visible():
            legends += [axes.get_legend()] if axes.get_legend() else []
            texts += [*axes.texts, axes._left_title]
            for name in axes._axis_names:
                axis = getattr(axes, f"{name}axis")
                texts += [axis.label, *shown_ticks(axis)]
    texts += [text for legend in legends for text in legend.get_texts()]
    return [text for text in texts if text.get_text()]


def extents(texts):
    """Boxes (texts, 4) of the letters alone: left, bottom, right, top in pixels."""
    return np.array([Text.get_window_extent(text).extents for text in texts])


def words(figure):
    return [text.get_text() for text in shown_texts(figure)]


def texts_cut_off(figure):
    texts = shown_texts(figure)
    boxes = extents(texts)
    inside = (boxes[:, :2] >= -1).all(axis=1) & (boxes[:, 2:] <= figure.bbox.max + 1).all(axis=1)
    return [text for text, fits in zip(texts, inside, strict=True) if not fits]


def texts_on_texts(figure):
    texts = shown_texts(figure)
    boxes = extents(texts)
    start, end = boxes[:, None, :2], boxes[None, :, 2:]
    overlap = (start + 0.5 < end).all(axis=2)
    pairs = np.argwhere(np.triu(overlap & overlap.T, k=1))
    return [(texts[one], texts[other]) for one, other in pairs]


def assert_says_there_are_no_runs(plot, drawn):
    """The figure of an empty profile says so, with the columns of a drawn one."""
    assert words(plot.figure) == [NO_RUNS]
    assert plot.data.empty
    assert list(plot.data.columns) == list(drawn.data.columns)


def assert_readable(plot):
    """A laid-out figure fits the page, and its texts are whole, apart and large enough.

    Its finding is a sentence of few lines that fits the figure.
    """
    figure = plot.figure
    assert texts_cut_off(figure) == []
    assert texts_on_texts(figure) == []
    assert figure.get_figwidth() <= PAGE_WIDTH * 1.001
    assert min(text.get_fontsize() for text in shown_texts(figure)) >= SMALLEST_TEXT
    assert plot.finding.endswith(".")
    assert "nan" not in plot.finding
    add_title(plot)
    title = figure.texts[-1]
    assert title.get_text().count("\n") < MOST_LINES
    assert Text.get_window_extent(title).xmax <= figure.bbox.xmax


def save(plot, folder):
    """The bytes of the three files of a figure."""
    folder.mkdir()
    paths = [folder / f"figure.{kind}" for kind in ("svg", "pdf", "csv")]
    save_plot(plot, "What to see.", *paths)
    return [path.read_bytes() for path in paths]
