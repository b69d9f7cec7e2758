"""Figures: tables in, `Plot` (figure and plotted numbers) out; one look, one module a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.figures.levels import class_levels
    from relu_landscape.figures.matrices import minima_heat_maps
    from relu_landscape.figures.norm_sums import safran2021_figure_1
    from relu_landscape.figures.rates import (
        good_runs_by_overparameterisation,
        safran2018_bad_run_rates,
    )
    from relu_landscape.figures.spectra import hessian_spectra
    from relu_landscape.figures.splitting import curvature_after_splitting, landing_after_splitting
    from relu_landscape.figures.style import Plot, save_plot

__all__ = [
    "Plot",
    "class_levels",
    "curvature_after_splitting",
    "good_runs_by_overparameterisation",
    "hessian_spectra",
    "landing_after_splitting",
    "minima_heat_maps",
    "safran2018_bad_run_rates",
    "safran2021_figure_1",
    "save_plot",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "Plot": "style",
        "class_levels": "levels",
        "curvature_after_splitting": "splitting",
        "good_runs_by_overparameterisation": "rates",
        "hessian_spectra": "spectra",
        "landing_after_splitting": "splitting",
        "minima_heat_maps": "matrices",
        "safran2018_bad_run_rates": "rates",
        "safran2021_figure_1": "norm_sums",
        "save_plot": "style",
    },
)
