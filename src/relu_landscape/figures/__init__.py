"""The look of all figures, and what each returns."""

from relu_landscape.figures.style import Plot, save_plot

__all__ = ["Plot", "save_plot"]
