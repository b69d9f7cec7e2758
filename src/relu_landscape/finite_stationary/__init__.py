"""Stationary points on finite data, decided in fractions: derivatives, escape neurons, minima."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.finite_stationary.stationarity import (
        DirectionalStationarity as DirectionalStationarity,
        directional_stationarity as directional_stationarity,
    )


__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
