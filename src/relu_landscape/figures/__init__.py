"""The look of all figures, and what each returns."""

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.figures.style import Plot as Plot, save_plot as save_plot

__getattr__, __dir__, __all__ = load_on_first_use(__name__, __file__)
