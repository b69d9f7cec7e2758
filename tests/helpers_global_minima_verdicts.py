"""A tiny study around the global minima in which every claim holds, and what is said of it.

Closed forms where there are some; the rest is made up, with the orders and signs of the real thing.
What the paper prints and does not hold deviates here too, and Conjecture 12 is refuted.
"""

import numpy as np
import pandas as pd

from helpers_rows import Rows, tables_of
from helpers_tables import ROOT
from relu_landscape.global_minima.constructions import (
    printed_tilted_form,
    tilted_form,
    valley_constants,
)
from relu_landscape.global_minima.spectrum import global_minimum_spectrum
from relu_landscape.judging.findings import Verdict

Tables = dict[str, pd.DataFrame]

CONSTANT = 0.25 - 0.5 / np.pi

SOUND = {
    "safran2021_theorem_2_members": Verdict.CONSISTENT,
    "safran2021_theorem_3_spectrum": Verdict.CONSISTENT,
    "safran2021_theorem_3_neighbourhood": Verdict.REPRODUCED,
    "safran2021_theorem_4": Verdict.CONSISTENT,
    "safran2021_theorem_4_form": Verdict.CONSISTENT,
    "safran2021_theorem_4_printed_form": Verdict.DEVIATES,
    "safran2021_theorem_4_smallest_eigenvalue[k=3,n=4,d=3,share=0.5,epsilon=0.1]": (
        Verdict.REPRODUCED
    ),
    "safran2021_theorem_7": Verdict.CONSISTENT,
    "safran2021_theorem_9": Verdict.CONSISTENT,
    "safran2021_theorem_9_loss_order": Verdict.DEVIATES,
    "safran2021_theorem_9_gradient_order": Verdict.CONSISTENT,
    "safran2021_theorem_7_constants[k=3,n=4,d=3,share=0.5]": Verdict.REPRODUCED,
    "safran2021_theorem_7_constants[k=3,n=4,d=3,share=0.3]": Verdict.REPRODUCED,
    "safran2021_theorem_10": Verdict.CONSISTENT,
    "safran2021_lemma_1": Verdict.CONSISTENT,
    "safran2021_lemma_18": Verdict.CONSISTENT,
    "safran2021_theorem_10_orthogonal[displacement=equal_shares]": Verdict.CONSISTENT,
    "safran2021_theorem_10_examples[displacement=equal,m=1]": Verdict.CONSISTENT,
    "safran2021_theorem_10_examples[displacement=cancelling,m=2]": Verdict.CONSISTENT,
    "safran2021_appendix_d1_positive": Verdict.CONSISTENT,
    "safran2021_table_1[k=10,m=5,perturbation=gaussian]": Verdict.REPRODUCED,
    "safran2021_table_1_law": Verdict.CONSISTENT,
    "safran2021_most_directions": Verdict.CONSISTENT,
    "safran2021_conjecture_12": Verdict.REFUTED,
    "safran2021_conjecture_12_order": Verdict.REPRODUCED,
    "safran2021_conjecture_12_constant": Verdict.REPRODUCED,
    "safran2021_theorem_13": Verdict.UNDECIDED,
    "safran2021_descent_sublinear": Verdict.CONSISTENT,
    "safran2021_descent_linear": Verdict.CONSISTENT,
    "safran2021_bad_runs_hold": Verdict.CONSISTENT,
}


def sound_surroundings() -> Tables:
    """The tables, checked against their schemas; each call makes new frames."""
    return tables_of(
        global_minimum_members=_members(),
        global_minimum_spectra=_spectra(),
        convexity_radii=_radii(),
        negative_curvature=_tilted_pairs(),
        valley_points=_valley(),
        perturbation_forms=_forms(),
        smoothness_probes=_probes(),
        pair_hessian_limits=_pair_limits(),
        orthogonal_forms=_orthogonal(),
        table_1=_table_1(),
        direction_quotients=_directions(),
        conjecture12_search=_searches(),
        conjecture12_witnesses=_witnesses(),
        witness_weights=_weights(),
        theorem_13=_asked(),
        perturbed_descent=_perturbed_descent(),
        convergence_rates=_rates(),
        bad_run_ends=_ends(),
    )


def _probes() -> Rows:
    for arrangement in ("generic", "parallel"):
        for step in (1e-2, 1e-3, 1e-4):
            yield {
                "arrangement": arrangement,
                "k": 3,
                "draw": 0,
                "step": step,
                "gradient_error": 0.1 * step * (1 + step),
                "hessian_change": 0.6 * step,
            }


def _pair_limits() -> Rows:
    for towards in ("parallel", "antiparallel"):
        for angle in (1e-2, 1e-4):
            yield {
                "towards": towards,
                "d": 3,
                "draw": 0,
                "step": angle,
                "angle": angle,
                "ratio": 2.0,
                "first_norm": 2.0 * np.sin(angle) / np.pi,
                "mixed_distance": (angle + np.sin(angle)) / (2 * np.pi),
            }


def _orthogonal() -> Rows:
    """Equality to leading order, and a cubic violation."""
    kinds = [
        ("equal_shares", "antisymmetric", 2),
        ("equal", "balanced", 1),
        ("cancelling", "zero", 2),
    ]
    for displacement, sums, m in kinds:
        for radius in (1e-2, 1e-3, 1e-4):
            squared = 6 * radius**2
            bound = 0.0 if sums == "zero" else m * CONSTANT * squared
            yield {
                "k": 3,
                "m": m,
                "displacement": displacement,
                "sums": sums,
                "draw": 0,
                "scaled_radius": radius,
                "largest_displacement": radius / m,
                "squared_norm": squared,
                "form": bound - 2 * radius**3,
                "bound": bound,
            }


def _members() -> Rows:
    for sample in range(4):
        yield {
            "k": 3,
            "n": 5,
            "d": 4,
            "sample": sample,
            "loss": 1e-17,
            "loss_error": 1e-15,
            "gradient_norm": 1e-16,
            "distance": 1e-16,
            "displacement": 0.1,
            "moved_distance": 0.08,
            "moved_lower_bound": 0.08 if sample else 0.07,
            "moved_exact": sample > 0,
        }


def _spectra() -> Rows:
    for k, d in ((3, 3), (3, 5), (6, 6)):
        for rank, (value, multiplicity) in enumerate(global_minimum_spectrum(k, d)):
            yield {
                "k": k,
                "d": d,
                "rank": rank,
                "eigenvalue": value,
                "multiplicity": multiplicity,
                "largest_difference": 1e-15,
                "proved": "not_tried" if rank else "proved",
            }


def _radii() -> Rows:
    for k, worst in ((5, 0.12), (10, 0.09)):
        found = [("random", start, None, None) for start in range(3)]
        for search, start, radius, spread in [*found, ("worst", 0, worst, 0.0)]:
            yield {
                "k": k,
                "search": search,
                "start": start,
                "radius": radius,
                "spread": spread,
                "agreed": k == 5 or search == "random",
                "largest_radius": 1.0,
                "proved_radius": 0.04,
                "smallest_eigenvalue": 0.02 if radius is None else 0.0,
                "place": 0,
            }


def _tilted_pairs() -> Rows:
    in_double = [("double", epsilon) for epsilon in (0.1, 0.01, 0.001, 1e-8, 1e-14)]
    for share in (0.5, 0.3):
        for arithmetic, epsilon in [*in_double, ("extended", 0.001), ("extended", 1e-20)]:
            form = tilted_form(share, epsilon)
            noise = 1e-15 if arithmetic == "double" else 0.0
            yield {
                "k": 3,
                "n": 4,
                "d": 3,
                "share": share,
                "epsilon": epsilon,
                "arithmetic": arithmetic,
                "form": form + noise,
                "form_exact": form,
                "form_printed": printed_tilted_form(share, epsilon),
                "smallest_eigenvalue": form / 2 + (1e-14 if epsilon == 1e-14 else 0.0),
                "proved": "proved" if epsilon >= 1e-8 else "not_tried",
            }


def _valley() -> Rows:
    for share in (0.5, 0.3):
        limit = valley_constants(4, 3, share)
        for epsilon in 10.0 ** -np.arange(1, 9):
            for arithmetic in ("double", "extended"):
                lost = arithmetic == "double" and epsilon < 1e-5
                later = 1.0 - epsilon**2
                yield {
                    "k": 3,
                    "n": 4,
                    "d": 3,
                    "share": share,
                    "epsilon": epsilon,
                    "arithmetic": arithmetic,
                    "loss": 0.0 if lost else limit.loss * epsilon**3 * later,
                    "squared_gradient_norm": limit.squared_gradient_norm * epsilon**4 * later,
                    "one_point_gradient": limit.one_point_gradient * epsilon * later,
                    "one_point_hessian": limit.one_point_hessian * epsilon * later,
                    "pl_ratio": None if lost else limit.pl_ratio * epsilon,
                    "smallest_eigenvalue": 1.7 * epsilon**3,
                    "proved": "proved",
                }


def _forms() -> Rows:
    for perturbation, bound, gap in (("gaussian", 4.0, 1.2), ("cancelling", 0.0, 2e-4)):
        for sample in range(5):
            yield {
                "k": 5,
                "m": 2,
                "perturbation": perturbation,
                "sample": sample,
                "standard_deviation": 1e-5,
                "form": bound + gap * (1 + sample),
                "bound": bound,
                "gap": gap * (1 + sample),
            }


def _table_1() -> Rows:
    published = pd.read_csv(ROOT / "published/safran2021_table1.csv")
    for row in published.to_dict("records"):
        for perturbation in ("gaussian", "cancelling"):
            printed = float(row[f"minimal_curvature_{perturbation}"])
            yield {
                "k": int(row["k"]),
                "m": int(row["m"]),
                "perturbation": perturbation,
                "samples": 1000,
                "minimum": 1.05 * printed,
                "printed": printed,
                "low": 0.7 * printed,
                "median": printed,
                "high": 1.3 * printed,
                "printed_below": 0.5,
                "law_p": 0.3,
            }


def _directions() -> Rows:
    for n in (3, 6):
        for direction in range(200):
            yield {
                "k": 3,
                "n": n,
                "direction": direction,
                "radius": 0.01,
                "one_point_hessian": -0.01 if direction % 20 == 0 else 0.05 + 0.001 * direction,
                "one_point_gradient": 0.1,
            }


def _searches() -> Rows:
    for m in (1, 2):
        for scaled_radius in (1e-4, 1e-3, 1e-2, 0.1, 0.3):
            radius = scaled_radius / m
            bound = radius**2 / 3
            gap = -m * bound * scaled_radius * 2.1
            yield {
                "k": 2,
                "m": m,
                "scaled_radius": scaled_radius,
                "largest_displacement": radius,
                "form": bound + gap,
                "bound": bound,
                "gap": gap,
                "ratio": (bound + gap) / bound,
                "spread": 0.0,
                "agreed": scaled_radius < 0.3,
                "place": 0,
            }


def _witnesses() -> Rows:
    for scale in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5):
        bound = (1 - 2 / np.pi) * scale**2 / 2 + scale**2 / 2
        over_cube = -2 / np.pi + scale
        yield {
            "witness": "one_neuron",
            "k": 2,
            "m": 1,
            "scale": scale,
            "form": bound + over_cube * scale**3,
            "bound": bound,
            "gap": over_cube * scale**3,
            "gap_over_cube": over_cube,
            "gap_digits": str(over_cube * scale**3),
            "proved": "proved",
        }


def _weights() -> Rows:
    one = ((1, 1), (-1, 100)), ((1, 100), (1, 1))
    two = (
        ((1, 2), (-1, 200)),
        ((1, 2), (-1, 200)),
        ((1, 200), (1, 2)),
        ((1, 200), (1, 2)),
    )
    for witness, m, rows in (("one_neuron", 1, one), ("two_neurons", 2, two)):
        for neuron, row in enumerate(rows):
            for coordinate, (numerator, denominator) in enumerate(row):
                yield {
                    "witness": witness,
                    "m": m,
                    "neuron": neuron,
                    "coordinate": coordinate,
                    "numerator": numerator,
                    "denominator": denominator,
                }


def _asked() -> Rows:
    for k, n in ((3, 4), (5, 6)):
        yield {
            "k": k,
            "n": n,
            "delta": 0.1,
            "convexity": 0.09,
            "lipschitz": 2.0,
            "largest_step": 3.5e-6,
            "iterations": 2e9 * k,
        }


def _perturbed_descent() -> Rows:
    for k, n in ((3, 4), (5, 6)):
        for noise_factor in (0.0, 1.0, 100.0):
            for run in range(2):
                for iteration in (0, 50_000, 100_000):
                    near = 0.1 if noise_factor < 100 else 0.4
                    yield {
                        "k": k,
                        "n": n,
                        "step_factor": 1.0,
                        "noise_factor": noise_factor,
                        "run": run,
                        "iteration": iteration,
                        "delta": 0.1,
                        "distance": near if iteration else 0.5,
                        "distance_to_start": near + 0.05 if iteration else 0.5,
                        "loss": 1e-4,
                    }


def _rates() -> Rows:
    exponents = {"loss": -3.0, "gradient_norm": -2.0, "distance": -1.0}
    for n in (3, 4):
        for run in range(2):
            for quantity, exponent in exponents.items():
                rate = 1.01 * exponent if n == 4 else 0.1 * exponent
                yield {
                    "k": 3,
                    "n": n,
                    "run": run,
                    "quantity": quantity,
                    "law": "power" if n == 4 else "exponential",
                    "rate": rate,
                    "low": rate - 0.01,
                    "high": rate + 0.01,
                    "first_iteration": 1000 if n == 4 else 10,
                    "last_iteration": 100_000 if n == 4 else 200,
                    "checks": 20,
                }


def _ends() -> Rows:
    counts = {"spurious_minimum": 54, "saddle": 1, "unclassified": 3, "global_minimum": 0}
    for end, runs in counts.items():
        yield {"search": "safran2018", "k": 7, "n": 7, "end": end, "runs": runs}
