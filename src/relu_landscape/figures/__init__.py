"""Figures: tables in, `Plot` (figure and plotted numbers) out; one look, one module a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.figures.certificate_times import proof_times
    from relu_landscape.figures.certificates_families import proved_families
    from relu_landscape.figures.certificates_inequalities import proved_inequalities
    from relu_landscape.figures.certificates_minima import proved_minima
    from relu_landscape.figures.certificates_radius import proved_radius
    from relu_landscape.figures.conjecture12 import conjecture_12_constant
    from relu_landscape.figures.convergence import convergence_near_global_minima
    from relu_landscape.figures.convexity import convexity_radius
    from relu_landscape.figures.directions import quotients_by_direction
    from relu_landscape.figures.global_minimum_shares import safran2021_global_minimum_counts
    from relu_landscape.figures.good_runs import good_runs_by_overparameterisation
    from relu_landscape.figures.landscape import landscape_slice
    from relu_landscape.figures.levels import class_levels
    from relu_landscape.figures.matrices import minima_heat_maps
    from relu_landscape.figures.negative_curvature import negative_curvature_near_global_minima
    from relu_landscape.figures.norm_sums import safran2021_figure_1
    from relu_landscape.figures.perturbed import perturbed_descent
    from relu_landscape.figures.rates import safran2018_bad_run_rates
    from relu_landscape.figures.regions_counts import region_shares
    from relu_landscape.figures.regions_deep import deep_ranks
    from relu_landscape.figures.regions_full_rank import (
        karhadkar2024_figure_1,
        karhadkar2024_figure_2,
    )
    from relu_landscape.figures.regions_illustrations import one_neuron
    from relu_landscape.figures.regions_one_dimensional import one_dimensional_widths
    from relu_landscape.figures.regions_training import training_from_regions
    from relu_landscape.figures.regions_transition import transition_widths
    from relu_landscape.figures.regions_volume import volume_shares
    from relu_landscape.figures.regions_zero_loss import zero_loss_shares
    from relu_landscape.figures.spectra import hessian_spectra
    from relu_landscape.figures.splitting import (
        curvature_after_splitting,
        landing_after_splitting,
    )
    from relu_landscape.figures.style import (
        Plot,
        save_plot,
    )
    from relu_landscape.figures.symmetry_annihilation import annihilation_grid
    from relu_landscape.figures.symmetry_losses import family_losses
    from relu_landscape.figures.symmetry_matrices import family_matrices
    from relu_landscape.figures.symmetry_persistence import perturbed_targets
    from relu_landscape.figures.symmetry_rates import families_reached
    from relu_landscape.figures.symmetry_spectra import (
        family_spectra,
        stability_thresholds,
    )
    from relu_landscape.figures.symmetry_splitting import (
        family_fates,
        split_eigenvalues,
    )
    from relu_landscape.figures.table_1 import safran2021_table_1
    from relu_landscape.figures.valley import valley_quotients

__all__ = [
    "Plot",
    "annihilation_grid",
    "class_levels",
    "conjecture_12_constant",
    "convergence_near_global_minima",
    "convexity_radius",
    "curvature_after_splitting",
    "deep_ranks",
    "families_reached",
    "family_fates",
    "family_losses",
    "family_matrices",
    "family_spectra",
    "good_runs_by_overparameterisation",
    "hessian_spectra",
    "karhadkar2024_figure_1",
    "karhadkar2024_figure_2",
    "landing_after_splitting",
    "landscape_slice",
    "minima_heat_maps",
    "negative_curvature_near_global_minima",
    "one_dimensional_widths",
    "one_neuron",
    "perturbed_descent",
    "perturbed_targets",
    "proof_times",
    "proved_families",
    "proved_inequalities",
    "proved_minima",
    "proved_radius",
    "quotients_by_direction",
    "region_shares",
    "safran2018_bad_run_rates",
    "safran2021_figure_1",
    "safran2021_global_minimum_counts",
    "safran2021_table_1",
    "save_plot",
    "split_eigenvalues",
    "stability_thresholds",
    "training_from_regions",
    "transition_widths",
    "valley_quotients",
    "volume_shares",
    "zero_loss_shares",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "Plot": "style",
        "annihilation_grid": "symmetry_annihilation",
        "class_levels": "levels",
        "conjecture_12_constant": "conjecture12",
        "convergence_near_global_minima": "convergence",
        "convexity_radius": "convexity",
        "curvature_after_splitting": "splitting",
        "deep_ranks": "regions_deep",
        "families_reached": "symmetry_rates",
        "family_fates": "symmetry_splitting",
        "family_losses": "symmetry_losses",
        "family_matrices": "symmetry_matrices",
        "family_spectra": "symmetry_spectra",
        "good_runs_by_overparameterisation": "good_runs",
        "hessian_spectra": "spectra",
        "karhadkar2024_figure_1": "regions_full_rank",
        "karhadkar2024_figure_2": "regions_full_rank",
        "landing_after_splitting": "splitting",
        "landscape_slice": "landscape",
        "minima_heat_maps": "matrices",
        "negative_curvature_near_global_minima": "negative_curvature",
        "one_dimensional_widths": "regions_one_dimensional",
        "one_neuron": "regions_illustrations",
        "perturbed_descent": "perturbed",
        "perturbed_targets": "symmetry_persistence",
        "proof_times": "certificate_times",
        "proved_families": "certificates_families",
        "proved_inequalities": "certificates_inequalities",
        "proved_minima": "certificates_minima",
        "proved_radius": "certificates_radius",
        "quotients_by_direction": "directions",
        "region_shares": "regions_counts",
        "safran2018_bad_run_rates": "rates",
        "safran2021_figure_1": "norm_sums",
        "safran2021_global_minimum_counts": "global_minimum_shares",
        "safran2021_table_1": "table_1",
        "save_plot": "style",
        "split_eigenvalues": "symmetry_splitting",
        "stability_thresholds": "symmetry_spectra",
        "training_from_regions": "regions_training",
        "transition_widths": "regions_transition",
        "valley_quotients": "valley",
        "volume_shares": "regions_volume",
        "zero_loss_shares": "regions_zero_loss",
    },
)
