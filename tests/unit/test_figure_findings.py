"""What figures say they found, sentence by sentence, from rows few enough to count by hand.

Findings that are read off whole synthetic studies are tested beside the figures.
"""

from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from relu_landscape.figures.style import students
from relu_landscape.studies.safran.figures import matrices as safran_matrices
from relu_landscape.studies.symmetry.figures import matrices as symmetry_matrices


def rows(columns, *values):
    """A table from the names of its columns and its rows."""
    return pd.DataFrame(values, columns=columns.split())


def classes_of(*weights):
    """Panels of minima_heat_maps."""
    return [
        safran_matrices._Panel(len(W[0]), len(W), 1, 5, 0.1, "", False, np.array(W, dtype=float))
        for W in weights
    ]


def points_of(*points):
    """Panels of family_matrices at k = 2."""
    return [
        symmetry_matrices._Panel(family, m, extra, 2, loss, negative, np.array(W, dtype=float))
        for family, m, extra, loss, negative, W in points
    ]


REGION = "n d0 d1 jacobian_share"
DEEP = "weights_over_points columns share trials"
FULL, LAST = "all hidden layers", "the last hidden layer alone"
HALF = "n matrix width predicted_width recalled_width"
MEASURES = "data n d0 d1 data_set measure share"
ZERO = "n targets draws within_published_tolerance zero_loss"
TRANSITION = "figure width necessary_width"
SHELLED = "search k n extra_students percent_bad"
SPECTRUM = "role k n eigenvalue"
SPACES = "chain k columns extra verdict"
SPLIT_FATES = "after landing descents"
PANEL_COLUMNS = "figure panel n half_width necessary_width data initialisation quantity value draws"


def width(panel, n, half, least, value=0.0, quantity="share of full rank"):
    return ("figure_1", panel, n, half, least, "normal", "linear_layer", quantity, value, 10)


SAYS = {
    "region_shares": (
        "activation_regions.figures.counts._finding",
        [
            (
                [rows(REGION, (5, 2, 3, 0.5), (5, 2, 3, 0.6), (6, 2, 4, 0.1), (6, 2, 4, 0.8))],
                "With 6 points, 2 inputs and 4 neurons, 10 % to 80 % of the regions have full "
                "rank, by the signs of the data.",
            ),
            (
                [rows(REGION, (5, 2, 3, 0.25))],
                "With 5 points, 2 inputs and 3 neurons, 25 % of the regions have full rank, "
                "whatever the signs of the data.",
            ),
        ],
    ),
    "deep_ranks": (
        "activation_regions.figures.deep._finding",
        [
            (
                [
                    rows(
                        DEEP,
                        *((1.0, FULL, 0.9, 10), (2.0, FULL, 1.0, 30), (1.5, LAST, 0.5, 10)),
                        *((0.9, FULL, 0.2, 10), (0.9, LAST, 0.0, 10)),
                    )
                ],
                "Full rank in all hidden layers and in the last one alone: 97.5 % and 50 % where "
                "d₁ d₂ ≥ n, 20 % and 0 % elsewhere.",
            ),
            (
                [rows(DEEP, (0.5, FULL, 0.1, 10), (0.5, LAST, 0.3, 10))],
                "Full rank in all hidden layers and in the last one alone: 10 % and 30 % "
                "elsewhere.",
            ),
        ],
    ),
    "one_neuron": (
        "activation_regions.figures.illustrations._finding",
        [
            (
                [rows("n", (3,), (3,), (3,)), rows("n rank", (4, 4), (4, 3), (4, 4))],
                "One neuron on 3 points has 3 of 8 activation patterns; on 4 points its Jacobian "
                "has full rank in 2 of 3 regions.",
            )
        ],
    ),
    "one_dimensional_widths": (
        "activation_regions.figures.one_dimensional._finding",
        [
            (
                [
                    rows(
                        HALF,
                        *((10, "jacobian", 3, 3.0, 60.0), (20, "jacobian", 40, 38.7, 147.6)),
                        (20, "pattern", 70, 71.2, 147.6),
                    )
                ],
                "At n = 20 half of the regions have rank J = n from width 40 (estimate 39) and "
                "rank A = n from width 70 (estimate 71) on; 2 n ln(2 n) is 148.",
            ),
            (
                [rows(HALF)],
                "At no n was the width at which half of the regions have full rank computed.",
            ),
        ],
    ),
    "transition_widths": (
        "activation_regions.figures.transition._finding",
        [
            (
                [
                    rows(
                        TRANSITION,
                        *(("figure_1", 30.0, 10.0), ("figure_1", 12.0, 10.0)),
                        *(("figure_2", 50.0, 10.0), ("figure_2", None, 10.0)),
                    )
                ],
                "Half of the Jacobians have full rank at 1.2 to 3 times the least width with fixed "
                "d₀, at 5 times the least width with d₀ = ⌈r n⌉.",
            ),
            (
                [rows(TRANSITION, ("figure_1", np.nan, 10.0))],
                "Half of the Jacobians have full rank at none of the widths tried.",
            ),
        ],
    ),
    "volume_shares": (
        "activation_regions.figures.volume._finding",
        [
            (
                [
                    rows(
                        MEASURES,
                        *(("a", 5, 1, 3, 0, "count", 0.5), ("a", 5, 1, 3, 0, "volume", 0.4)),
                        *(("a", 5, 1, 3, 1, "count", 0.5), ("a", 5, 1, 3, 1, "volume", 0.54)),
                    )
                ],
                "By volume the share of full rank is on average 3 points below that by number of "
                "regions; the differences go from −10 to 4 points.",
            )
        ],
    ),
    "zero_loss_shares": (
        "activation_regions.figures.zero_loss._finding",
        [
            (
                [rows(ZERO, (10, "random", 200, 195, 190), (20, "teacher", 200, 150, 30))],
                "An error of at most 1e-8 is no fit: 75 % of the regions reach it, 15 % reach zero "
                "(teacher of the same width, n = 20).",
            ),
            (
                [rows(ZERO, (10, "random", 200, 40, 40))],
                "No region has an error of at most 1e-8 and no weights of zero loss.",
            ),
        ],
    ),
    "karhadkar2024_figure_1": (
        "activation_regions.figures.full_rank._finding",
        [
            (
                [
                    rows(
                        PANEL_COLUMNS,
                        width(2, 50, 70, 20),
                        width(2, 80, 90, 30),
                        width(3, 80, 60, 25),
                    )
                ],
                "With d₀ = 2 half of the networks on 80 points have full rank from width 90 on; "
                "width 30 has as many columns as points.",
            ),
            (
                [rows(PANEL_COLUMNS, width(2, 50, np.nan, 20))],
                "Half of the networks have full rank at none of the widths tried.",
            ),
        ],
    ),
    "safran2021_global_minimum_counts": (
        "safran.figures.global_minimum_shares._finding",
        [
            (
                [rows("k at_global runs", (6, 90, 100), (20, 3, 50))],
                "90 of 100 runs end at a global minimum at k = 6, 3 of 50 at k = 20.",
            )
        ],
    ),
    "good_runs_by_overparameterisation": (
        "safran.figures.good_runs._finding",
        [
            (
                [
                    rows(
                        "k n extra_students percent",
                        *((9, 11, 2, 100.0), (9, 10, 1, 98.0), (9, 9, 0, 50.0)),
                        *((9, 12, 3, 99.0), (8, 8, 0, 60.0), (8, 9, 1, 99.0), (20, 20, 0, 5.0)),
                    )
                ],
                "Good runs at k = 9: 50 % with n = k, 98 % with n = k + 1, 100 % with n = k + 2.",
            ),
            (
                [rows("k n extra_students percent", (6, 6, 0, 90.0), (8, 8, 0, 60.0))],
                "Good runs at k = 8: 60 % with n = k.",
            ),
        ],
    ),
    "safran2018_bad_run_rates": (
        "safran.figures.rates._finding",
        [
            (
                [
                    rows(
                        SHELLED,
                        *(("safran2018", 9, 10, 1, 2.0), ("safran2018", 9, 9, 0, 50.0)),
                        *(
                            ("safran2018", 6, 6, 0, 10.0),
                            ("safran2018_second_seed", 30, 30, 0, 99.0),
                        ),
                    )
                ],
                "Bad runs go from 10 % at k = 6 to 50 % at k = 9 with n = k; there, 2 % with "
                "n = k + 1.",
            ),
            (
                [rows(SHELLED, ("safran2018", 6, 7, 1, 0.5))],
                "Bad runs go from 0.5 % at k = 6 to 0.5 % at k = 6 with n = k + 1.",
            ),
        ],
    ),
    "safran2021_figure_1": (
        "safran.figures.norm_sums._finding",
        [
            (
                [rows("k norm_sum", (6, 5.75), (6, 6.5), (8, 7.0))],
                "In 2 of 3 runs that miss the global minimum the sum of norms is below k; k minus "
                "the sum is at least −0.5.",
            )
        ],
    ),
    "minima_heat_maps": (
        "safran.figures.matrices._finding",
        [
            (
                [classes_of(np.eye(2), [[1, 0.1, 0], [0.4, 0.4, 0.4], [0, 0, 0.9]])],
                "At k = 3, n = 3, 2 of 3 neurons of the commonest spurious minimum lie within 0.5 "
                "of a teacher, and 1 of none.",
            )
        ],
    ),
    "hessian_spectra": (
        "safran.figures.spectra._finding",
        [
            (
                [
                    rows(
                        SPECTRUM,
                        *(("global minimum", 8, 8, 0.25), ("global minimum", 8, 8, 0.0908)),
                        *(("most frequent spurious minimum", 8, 8, 0.04),),
                        *(("most frequent spurious minimum", 8, 8, 0.3),),
                        *(("most frequent spurious minimum", 9, 10, 0.01),),
                        *(("most frequent spurious minimum", 6, 6, 0.02),),
                        *(("other spurious minima", 8, 8, 0.001),),
                    )
                ],
                "At k = n = 8 the smallest eigenvalue of the most frequent spurious minimum is "
                "0.04, that of the global one 0.0908.",
            ),
            (
                [rows(SPECTRUM, ("global minimum", 8, 8, 0.25))],
                "No spurious minimum of n = k was met at these k.",
            ),
        ],
    ),
    "curvature_after_splitting": (
        "safran.figures.splitting._curvature_finding",
        [
            (
                [
                    rows(
                        "verdict proved",
                        *(("strict_saddle", "proved"), ("strict_saddle", "not_tried")),
                        *(("strict_saddle", "proved"), ("strict_saddle", "proved")),
                        ("not_strict_saddle", "proved"),
                    )
                ],
                "4 of 5 splits of a neuron of a spurious minimum are strict saddles; 3 of them are "
                "proved.",
            )
        ],
    ),
    "landing_after_splitting": (
        "safran.figures.splitting._landing_finding",
        [
            (
                [
                    rows(
                        "loss_before loss_after landing",
                        *((0.2, 0.0, "global"), (0.2, 0.1, "class"), (0.2, 0.2, "class")),
                        *((0.3, 0.0, "global"), (0.3, 0.1, "global")),
                    )
                ],
                "4 of 5 descents from a split point end lower; 3 reach a global minimum.",
            )
        ],
    ),
    "annihilation_grid": (
        "symmetry.figures.annihilation._finding",
        [
            (
                [
                    rows(
                        SPACES,
                        *(("I", 9, 2, 1, "minimum"), ("I", 9, 1, 1, "saddle")),
                        *(("I", 9, 1, 3, "minimum"), ("II", 9, 2, 1, "minimum")),
                        ("I", 8, 2, 1, "minimum"),
                        ("I", 9, 3, 3, "minimum"),
                    )
                ],
                "At k = 9 starts reached a spurious minimum of chain I in 2 of 3 spaces with q ≥ e "
                "and in 1 of 1 spaces with q < e.",
            )
        ],
    ),
    "family_losses": (
        "symmetry.figures.losses._finding",
        [
            (
                [
                    rows(
                        "family m extra k loss loss_k_over_m",
                        *(("A", 0, 0, 2000, 0.15, 0.0), ("I", 1, 0, 2000, 0.16, 0.0)),
                        *(("II", 1, 0, 2000, 0.0, 0.305), ("II", 1, 0, 10, 0.0, 0.4)),
                        ("A", 0, 1, 5000, 0.1, 0.0),
                    )
                ],
                "At k = 2,000 A has F = 0.15 (limit 1/2 − 1/π = 0.1817) and II₁ has F k/m = 0.305 "
                "(limit 1/2 − 2/π² = 0.2974).",
            )
        ],
    ),
    "family_matrices": (
        "symmetry.figures.matrices._finding",
        [
            (
                [
                    points_of(
                        ("II", 1, 0, 0.02, 0, [[1, 0.5], [0.5, 1]]),
                        ("A", 0, 1, 0.3, 2, [[1, 2], [3, 4], [4, 4]]),
                    )
                ],
                "At k = 2 at most 4 numbers make up a matrix, with losses from 0.02 of II₁ to 0.3 "
                "of A + 1; 1 of 2 are local minima.",
            ),
            (
                [points_of(("A", 0, 0, 0.3, 0, np.eye(2)))],
                "At k = 2 at most 2 numbers make up a matrix, with a loss of 0.3 of A; 1 of 1 are "
                "local minima.",
            ),
        ],
    ),
    "family_spectra": (
        "symmetry.figures.spectra._spectra_finding",
        [
            (
                [
                    rows(
                        "family m k eigenvalue",
                        *(("A", 0, 6, 0.1), ("A", 0, 6, 0.2), ("A", 0, 6, 0.3), ("A", 0, 8, 0.2)),
                        *(("II", 1, 6, -0.1), ("II", 1, 6, 0.4), ("II", 1, 8, 0.1)),
                        *(("I", 1, 8, -0.1), ("I", 1, 6, -0.2), ("II", 1, 5, -0.3)),
                    )
                ],
                "A Hessian has k² eigenvalues and at most 3 distinct ones; all are positive from "
                "k = 6 on for A, no k on for I₁, k = 8 on for II₁.",
            )
        ],
    ),
    "stability_thresholds": (
        "symmetry.figures.spectra._threshold_finding",
        [
            (
                [
                    rows(
                        "family m extra k",
                        ("II", 1, 0, 5.58551),
                        ("I", 2, 0, 7.1),
                        ("A", 0, 1, 9.25),
                    )
                ],
                "3 families turn from saddles into local minima between k = 5.586 (II₁) and "
                "k = 9.25 (A + 1).",
            ),
            (
                [rows("family m extra k", ("A", 0, 0, 5.0577))],
                "One family turns from a saddle into a local minimum, at k = 5.058 (A).",
            ),
        ],
    ),
    "split_eigenvalues": (
        "symmetry.figures.splitting._eigenvalue_finding",
        [
            (
                [
                    rows(
                        "k negative_curvature scaled_curvature",
                        *((9, 0.1, 9.0), (400, 0.03, 0.6), (400, 0.02, 0.4), (400, -0.1, 0.5)),
                    )
                ],
                "3 of 4 splits in halves make strict saddles; at k = 400 minus the smallest "
                "eigenvalue times √k is 0.4 to 0.6.",
            )
        ],
    ),
}
CASES = [
    pytest.param(function, data, sentence, id=name if not number else f"{name}-{number}")
    for name, (function, cases) in SAYS.items()
    for number, (data, sentence) in enumerate(cases)
]


def found(function, data):
    module, _, name = function.rpartition(".")
    return getattr(import_module(f"relu_landscape.studies.{module}"), name)(*data)


@pytest.mark.parametrize(("function", "data", "sentence"), CASES)
def test_a_finding_is_what_the_rows_say(function, data, sentence):
    said = found(function, data).replace("\N{NO-BREAK SPACE}", " ")
    assert said == sentence


def test_fates_are_counted_after_one_split_and_after_two():
    from relu_landscape.studies.symmetry.figures.splitting import AFTER

    one, two = AFTER
    data = rows(
        SPLIT_FATES,
        *((one, "global", 3), (one, "spurious", 4), (one, "global", 2), (two, "spurious", 6)),
    )
    first, second = (AFTER[after].partition(",")[0] for after in (one, two))
    assert found("symmetry.figures.splitting._fate_finding", [data]) == (
        f"Descents that reach a global minimum: 5 of 9 {first}, 0 of 6 {second}."
    )


@pytest.mark.parametrize(("extra", "said"), [(0, "n = k"), (2, "n = k + 2"), (-4, "n = k − 4")])
def test_students_are_counted_from_the_teachers(extra, said):
    assert students(extra) == said
