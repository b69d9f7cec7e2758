"""Claims about symmetric minima and their annihilation, by the functions that decide them.

Every function takes a claim and the result tables and returns a finding; each is named by its
dotted path in the claims files, as relu_landscape.symmetry.verdicts.<function>.

    levels              losses of the families, and their limits
    series              loss and weights as power series in k^{-1/2}
    spectra             Hessian spectra, and the k at which saddles become minima
    splitting           one neuron split in two, and where descent leads
    further_neurons     critical points with more neurons that are no split points
    persistence         targets that are not symmetric
    occurrence          which families descent from random starts meets
"""

from relu_landscape.symmetry.verdicts.further_neurons import (
    lesser_symmetry_survives,
    no_minimum_reached,
    one_more_neuron_minimum,
    one_more_neuron_saddle,
    saddles_unstable_in_one_copy,
    single_columns_outnumber_neurons,
)
from relu_landscape.symmetry.verdicts.levels import (
    family_level,
    loss_approaches_limit,
    loss_vanishes_or_stays,
)
from relu_landscape.symmetry.verdicts.occurrence import (
    families_identified,
    minima_between_families,
    never_reached,
)
from relu_landscape.symmetry.verdicts.persistence import minima_persist, minima_persist_up_to
from relu_landscape.symmetry.verdicts.series import (
    series_coefficient,
    series_in_closed_form,
    series_powers_missing,
    series_recovered,
)
from relu_landscape.symmetry.verdicts.spectra import (
    bulk_concentrates,
    eigenvalues_counted,
    minima_beyond_size,
    spectra_agree,
    stability_threshold_at,
)
from relu_landscape.symmetry.verdicts.splitting import (
    every_split_makes_saddle,
    one_split_makes_saddle,
    second_splits_reach_global,
    some_second_split_reaches_global,
    split_class_reaches_global,
    split_eigenvalue_decays,
    split_leads_to_level,
)

__all__ = [
    "bulk_concentrates",
    "eigenvalues_counted",
    "every_split_makes_saddle",
    "families_identified",
    "family_level",
    "lesser_symmetry_survives",
    "loss_approaches_limit",
    "loss_vanishes_or_stays",
    "minima_between_families",
    "minima_beyond_size",
    "minima_persist",
    "minima_persist_up_to",
    "never_reached",
    "no_minimum_reached",
    "one_more_neuron_minimum",
    "one_more_neuron_saddle",
    "one_split_makes_saddle",
    "saddles_unstable_in_one_copy",
    "second_splits_reach_global",
    "series_coefficient",
    "series_in_closed_form",
    "series_powers_missing",
    "series_recovered",
    "single_columns_outnumber_neurons",
    "some_second_split_reaches_global",
    "spectra_agree",
    "split_class_reaches_global",
    "split_eigenvalue_decays",
    "split_leads_to_level",
    "stability_threshold_at",
]
