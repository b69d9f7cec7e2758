"""Names and marks that the figures of Jacobian ranks share."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from relu_landscape.figures.style import BLUE, GREEN, ORANGE, VERMILION, Mark

DATA: Mapping[str, str] = MappingProxyType({"uniform": "U[0, 1]", "normal": "N(0, 1)"})
"""Law of the points, as figures print it."""

INITIALISATION: Mapping[str, str] = MappingProxyType(
    {
        "linear_layer": "U(±1/√d₀), bias",
        "linear_layer_no_bias": "U(±1/√d₀), no bias",
        "normal": "N(0, 1), bias",
    }
)
"""Law of the weights, as figures print it."""

STARTS: Mapping[str, Mark] = MappingProxyType(
    {
        "linear_layer": Mark(BLUE, "o", "-"),
        "linear_layer_no_bias": Mark(ORANGE, "s", "--"),
        "normal": Mark(GREEN, "^", ":"),
    }
)
"""The mark of each law of the weights."""

PANELS: tuple[Mark, ...] = (
    Mark(BLUE, "o", "-"),
    Mark(ORANGE, "s", "--"),
    Mark(GREEN, "^", "-."),
    Mark(VERMILION, "D", ":"),
)
"""Marks of the panels of Figure 1 or 2 where they share one plot."""


def with_panel(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with a column `panel`: d0 in Figure 1 and the ratio d0/n in Figure 2."""
    return frame.assign(panel=frame["ratio"].fillna(frame["d0"].astype(float)))


def panel_title(figure: str, panel: float) -> str:
    """What singles out a panel: its inputs."""
    if figure == "figure_1":
        return f"d₀ = {panel:g}"
    return "d₀ = n" if panel == 1 else f"d₀ = ⌈{panel:g} n⌉"


def weights_of(frame: pd.DataFrame) -> pd.Series:
    """Weights of a neuron, d0' = d0 + 1 with a bias and d0 without."""
    weights: pd.Series = frame["d0"] + (frame["initialisation"] != "linear_layer_no_bias")
    return weights
