"""Figures look as they do whatever matplotlib of the user is set to."""

import io
import os
import re
import subprocess
import sys
import zlib

import numpy as np
import pandas as pd
import pytest
from fontTools import subset, ttLib
from matplotlib.figure import Figure

from relu_landscape.figures.style import Plot, add_title, save_plot

DRAW = """
import sys
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from relu_landscape.figures.style import Plot, figure, save_plot

@figure
def draw():
    figure = Figure(figsize=(3, 2), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], label="one")
    axes.plot([0, 1], [1, 0], label="two")
    axes.set(title="title", xlabel="x")
    axes.legend()
    return Plot(figure, pd.DataFrame({"x": [0, 1]}), "Two.")

save_plot(draw(), 'What to see.', *sys.argv[1:])
"""
SETTINGS = """
text.usetex: True
text.color: red
savefig.bbox: tight
savefig.transparent: True
axes.grid: True
axes.prop_cycle: cycler(color=["k"])
figure.facecolor: yellow
lines.linestyle: --
legend.loc: center
xtick.top: True
svg.fonttype: none
path.simplify: False
"""


def drawn(folder, **variables):
    folder.mkdir()
    paths = [folder / f"figure.{kind}" for kind in ("svg", "pdf", "csv")]
    environment = os.environ | {"MPLCONFIGDIR": str(folder)} | variables
    subprocess.run([sys.executable, "-c", DRAW, *paths], env=environment, check=True)
    return [path.read_bytes() for path in paths]


@pytest.mark.slow
def test_settings_and_styles_of_the_user_do_not_reach_a_figure(tmp_path):
    user = tmp_path / "user"
    (user / "stylelib").mkdir(parents=True)
    (user / "matplotlibrc").write_text(SETTINGS, encoding="utf-8")
    (user / "stylelib/seaborn-v0_8-ticks.mplstyle").write_text(SETTINGS, encoding="utf-8")
    plain = drawn(tmp_path / "plain")
    assert drawn(tmp_path / "set", MPLCONFIGDIR=str(user)) == plain
    assert drawn(tmp_path / "named", MATPLOTLIBRC=str(user / "matplotlibrc")) == plain


def test_a_sign_that_only_a_font_without_a_date_has_is_no_warning(tmp_path, caplog):
    figure = Figure(figsize=(1, 1))
    figure.text(0, 0.5, "$H'$")
    plot = Plot(figure, pd.DataFrame({"x": [0]}), "One.")
    save_plot(
        plot, "What to see.", *(tmp_path / f"figure.{kind}" for kind in ("svg", "pdf", "csv"))
    )
    assert b"+Cmsy10" in (tmp_path / "figure.pdf").read_bytes()
    assert not caplog.messages


def fonts_in(pdf):
    """The TrueType fonts in a PDF."""
    streams = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    files = [zlib.decompressobj().decompress(stream) for stream in streams]
    return [ttLib.TTFont(io.BytesIO(file)) for file in files if file.startswith(b"\0\1\0\0")]


def test_fonts_in_a_pdf_have_shapes_and_widths_and_no_tables_that_nothing_reads(tmp_path):
    load = subset.load_font
    figure = Figure(figsize=(1, 1))
    figure.text(0, 0.5, "fi AV")
    plot = Plot(figure, pd.DataFrame({"x": [0]}), "One.")
    paths = [tmp_path / f"figure.{kind}" for kind in ("svg", "pdf", "csv")]
    save_plot(plot, "What to see.", *paths)
    fonts = fonts_in(paths[1].read_bytes())
    assert len(fonts) >= 2  # of the text and of the title
    for font in fonts:
        assert {"glyf", "hmtx"} <= set(font.keys())
        assert set(font.keys()).isdisjoint({"GDEF", "GPOS", "GSUB"})
    assert subset.load_font is load


def test_axes_stand_where_no_last_bit_of_the_layout_moves_them():
    figure = Figure(figsize=(4, 2), layout="constrained")
    wide, square = figure.subplots(1, 2)
    wide.plot([0, 1], [0, 1])
    figure.colorbar(square.imshow([[0.0, 1.0], [2.0, 3.0]]), ax=square)
    add_title(Plot(figure, pd.DataFrame({"x": [0]}), "Two panels."))
    places = np.array([axes.get_position(original=True).bounds for axes in figure.axes])
    np.testing.assert_allclose(places, np.round(places, 6), rtol=0, atol=1e-15)
    assert len({place.tobytes() for place in places}) == 3
