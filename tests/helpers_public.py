"""Every public name of the library, and for each function and input class a right call of it."""

import inspect
from collections.abc import Callable, Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from doctored_saddles import sound_file
from helpers_check_every_k_edges import small_file
from helpers_check_every_m import small_file as small_tree
from helpers_symmetry import known_point
from relu_landscape.activation_regions import enumerate_regions, read_steps
from relu_landscape.certificates import (
    Quantity,
    box,
    certify_erf_minimum,
    certify_family,
    certify_global_minimum,
    certify_inequality,
    certify_minimum,
    certify_plateau,
    certify_saddle,
    file_text,
    minimum_line,
    witness,
)
from relu_landscape.every_k import (
    certify_families_for_all_m,
    certify_family_for_all_k,
    certify_further_minimum_for_all_k,
    certify_saddle_for_all_k,
    further_minimum_for_every_k_lines,
)
from relu_landscape.families import descend_in_fixed_space
from relu_landscape.fewer_students import copy_average_point
from relu_landscape.minima import Push
from relu_landscape.objective import population_hessian, reference_gradient
from relu_landscape.search import PROTOCOLS, InitialLaw
from relu_landscape.search.basins import no_basins
from relu_landscape.symmetry import FLOAT64, FixedPointSpace, ReducedLoss, isotypic_spectrum

ROOMS = (
    "relu_landscape",
    "relu_landscape.objective",
    "relu_landscape.search",
    "relu_landscape.minima",
    "relu_landscape.global_minima",
    "relu_landscape.symmetry",
    "relu_landscape.families",
    "relu_landscape.certificates",
    "relu_landscape.every_k",
    "relu_landscape.leaky",
    "relu_landscape.fewer_students",
    "relu_landscape.finite_stationary",
    "relu_landscape.catalogue",
    "relu_landscape.activation_regions",
    "relu_landscape.judging.statistics",
    "relu_landscape.seeding",
)

Arguments = Mapping[str, Any]


def public_callables() -> dict[str, Callable[..., Any]]:
    """Every public function and class by module and name, found by looking."""
    found = {}
    for room in ROOMS:
        module = import_module(room)
        own = [x for x, value in vars(module).items() if _is_defined_in(value, room)]
        for name in getattr(module, "__all__", own):
            value = getattr(module, name)
            if callable(value) and not name.startswith("_"):
                home = value.__module__.removeprefix("relu_landscape.")
                found[f"{home}.{value.__qualname__}"] = value
    return found


def takes_arguments(value: Callable[..., Any]) -> bool:
    """Whether a caller is meant to call it: enumerations and exceptions are not for that."""
    return not (inspect.isclass(value) and issubclass(value, Enum | BaseException))


def call(function: Callable[..., Any], arguments: Arguments) -> Any:
    """Call with arguments by name; an iterator is read to its end."""
    positional: list[Any] = []
    named = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional.extend(arguments[name])
        elif parameter.kind is parameter.KEYWORD_ONLY:
            named[name] = arguments[name]
        else:
            positional.append(arguments[name])
    result = function(*positional, **named)
    return list(result) if inspect.isgenerator(result) else result


def _is_defined_in(value: Any, room: str) -> bool:
    return callable(value) and getattr(value, "__module__", None) == room


# What users get from the library and do not make themselves.
RESULTS = frozenset(
    {
        "activation_regions.rank.FullRank",
        "catalogue.critical_points.CatalogueTheorem",
        "catalogue.critical_points.CriticalPoint",
        "catalogue.critical_points.DistinctEigenvalue",
        "catalogue.critical_points.PointCertificate",
        "catalogue.critical_points.RunsOfSearch",
        "catalogue.critical_points.SplitLanding",
        "catalogue.critical_points.WeightsByBlock",
        "certificates.inequalities.InequalityCertificate",
        "certificates.erf_minimum.ErfMinimumCertificate",
        "certificates.global_minimum.GlobalMinimumCertificate",
        "certificates.minimum.MinimumCertificate",
        "certificates.outcome.Failure",
        "certificates.plateau.PlateauCertificate",
        "certificates.saddle.SaddleCertificate",
        "certificates.symmetric_minimum.SymmetricMinimumCertificate",
        "certificates.symmetric_split.SymmetricSplit",
        "certificates.symmetric_plateau.SymmetricPlateauCertificate",
        "every_k.certificate.CertifiedPiece",
        "every_k.certificate.EveryKCertificate",
        "every_k.enclosed_series.EnclosedSeries",
        "every_k.enclosure.Enclosure",
        "every_k.further_certificate.SaddleForEveryK",
        "every_k.further_certificate.SaddlePiece",
        "every_k.further_minimum.FurtherMinimumForEveryK",
        "every_k.further_minimum.FurtherMinimumPiece",
        "every_k.every_m_certificate.CertifiedRectangle",
        "every_k.every_m_certificate.EveryMCertificate",
        "every_k.real_thresholds.LeastRealK",
        "every_k.signed_splits.SignedSplitsForEveryK",
        "every_k.split_rates.EnclosedSplit",
        "fewer_students.copy_points.CopyPoint",
        "global_minima.projection.Projection",
        "global_minima.spectrum.RepeatedEigenvalue",
        "symmetry.canonical.CanonicalForm",
        "minima.classes.Classification",
        "minima.curvature.MeasuredCurvature",
        "minima.curvature.SmallestEigenpair",
        "minima.splitting.Split",
        "minima.splitting.SplitCurvature",
        "minima.student_classes.StudentClasses",
        "search.descent.DescentRecord",
        "search.trained_outputs.TrainedOutputs",
        "objective.pair_kernels.PairKernel",
        "judging.statistics.Interval",
        "judging.statistics.LineFit",
        "judging.statistics.PowerLaw",
        "symmetry.arithmetic.Arithmetic",
        "families.closed_forms.ClosedForm",
        "families.closed_forms.InnerLimit",
        "families.critical_point.SymmetricCriticalPoint",
        "families.fixed_space_search.FixedSpaceEnd",
        "families.fixed_space_search.FixedSpaceSearch",
        "families.fixed_space_search.FoundPoint",
        "families.identification.Identification",
        "symmetry.isotypic.Eigenvalue",
        "symmetry.isotypic.IsotypicBlock",
        "families.perturbation.PerturbedPoint",
        "symmetry.recognition.RecognisedIsotropy",
        "families.series.PuiseuxSeries",
        "families.series.Series",
        "symmetry.inner_hessian.NeuronSplit",
        "families.thresholds.Threshold",
        "leaky.folds.Fold",
        "leaky.leaky_points.LeakyCriticalPoint",
        "leaky.leaky_proofs.EnclosedPoint",
        "finite_stationary.stationarity.DirectionalStationarity",
    }
)


@cache
def _minimum_weights() -> Any:
    return known_point("II", 7, m=1).weights()


@cache
def _minimum() -> Any:
    return certify_minimum(_minimum_weights(), np.eye(7))


@cache
def _saddle() -> Any:
    return certify_saddle(_minimum_weights(), np.eye(7), 6)


@cache
def _plateau() -> Any:
    return certify_plateau(_minimum_weights(), np.eye(7), 6)


@cache
def _family() -> Any:
    return certify_family("A", 8)


@cache
def _for_all_k() -> Any:
    return certify_family_for_all_k("A", 0, least_k=1000)


@cache
def _second_for_all_k() -> Any:
    return certify_family_for_all_k("II", 1, least_k=10**6)


@cache
def _saddle_file(folder: Path) -> Path:
    path = folder / "saddle.jsonl"
    path.write_text("\n".join(sound_file("saddle")), encoding="utf-8")
    return path


@cache
def _certificate_file(folder: Path) -> Path:
    path = folder / "certificate.jsonl"
    path.write_text(file_text([minimum_line(_minimum())]), encoding="utf-8")
    return path


@cache
def _further_minimum_file(folder: Path) -> Path:
    path = folder / "further_minimum.jsonl"
    lines = further_minimum_for_every_k_lines(certify_further_minimum_for_all_k(10**6))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _family_file(folder: Path) -> Path:
    path = folder / "family.jsonl"
    path.write_text("\n".join(small_file()), encoding="utf-8")
    return path


def _families_file(folder: Path) -> Path:
    path = folder / "families.jsonl"
    path.write_text("\n".join(small_tree(least_m=30)), encoding="utf-8")
    return path


def examples(folder: Path) -> dict[str, Callable[[], Arguments]]:
    """A right call of each function and input class, made anew each time it is asked for."""
    W = np.array([[1.0, 0.25, 0.0], [-0.5, 1.0, 0.125], [0.0, 0.5, 1.5]])
    V, pair = np.eye(3), {"w": [1.0, 0.5], "v": [0.0, 1.0]}
    # Those of the kernel that most tests compile; another target costs seconds of compilation.
    taught = {"teachers": V, "outputs": np.ones(3), "kernel": "relu"}
    signs = np.array([1.0, -1.0, 1.0])
    activated = {"outputs": np.array([1.5, -0.5, 1.0]), "kernel": "erf"}
    space, parameters = FixedPointSpace((4, 1)), np.array([1.0, 0.1, 0.2, -0.9, 0.3])
    point = {"space": space, "parameters": parameters}
    start = {"reduced": ReducedLoss(FixedPointSpace((7,))), "start": np.array([-0.7, 0.3])}
    search = {"k": 4, "q": 1, "extra": 1}
    rates = {"successes_a": 3, "trials_a": 10, "successes_b": 5, "trials_b": 12}
    failing = {"n": 3, "k": 2, "d": 2, "share": Fraction(1, 4), "epsilon": Fraction(1, 8)}
    data = {"X": [[3, 1], [1, 2], [-1, 1]], "W": [[1, -2], [2, 1]], "b": [1, 0]}
    line = {"x": [0.0, 1.0, 3.0], "signs": [[1, 1, 0], [0, -1, -1]], "tolerance": 1e-20}
    steps = {"steps": read_steps([[1, 0, 0], [0, 1, 1]])}
    sample = [1.0, 2.0, 4.0, 4.5]
    valley = {"shares": [0.5, 0.25, 0.25], "displacements": [[1, 0], [0.5, 1], [-1.5, -1]]}
    family = {"family": "II", "m": 1}
    few = {"k": 8.5, "n": 4.0, "kernel": "relu"}
    few_erf = copy_average_point(4, 2, kernel="erf")
    scaled_family = {"family": "A", "special_rows": 0}

    def generator() -> np.random.Generator:
        return np.random.default_rng(5)

    protocol = PROTOCOLS["safran2018"]
    return {
        "activation_regions.full_rank.full_rank_probability": lambda: {
            "n": 5,
            "d0": 2,
            "d1": 4,
            "trials": 6,
            "seed": 3,
            "data": "normal",
            "initialisation": "linear_layer",
        },
        "activation_regions.one_dimensional.jacobian_probability": lambda: {"n": 4, "d1": 5},
        "activation_regions.one_dimensional.pattern_probability": lambda: {"n": 4, "d1": 5},
        "activation_regions.one_dimensional.width_at": lambda: {
            "n": 4,
            "level": 0.5,
            "matrix": "pattern",
        },
        "activation_regions.output_cones.sign_matrix": lambda: {
            "patterns": [[1, 1, 0], [0, 1, 1]],
            "v": [0.5, -1.0],
        },
        "activation_regions.patterns.activation_pattern": lambda: data,
        "activation_regions.rank.has_full_rank": lambda: data,
        "activation_regions.rank.jacobian_rank": lambda: data,
        "activation_regions.rank.jacobian_rank_svd": lambda: data,
        "activation_regions.regions.count_regions": lambda: {"n": 10, "d0": 5, "d1": 20},
        "activation_regions.regions.draw_networks": lambda: {
            "regions": enumerate_regions(data["X"]),
            "d1": 2,
            "draws": 3,
            "generator": generator(),
        },
        "activation_regions.regions.enumerate_regions": lambda: {"X": data["X"]},
        "activation_regions.step_patterns.jacobian_is_full": lambda: steps,
        "activation_regions.step_patterns.pattern_is_full": lambda: steps,
        "activation_regions.step_patterns.read_steps": lambda: {"patterns": [[1, 0, 0], [0, 1, 1]]},
        "activation_regions.zero_loss.fits_every_target": lambda: line,
        "activation_regions.zero_loss.zero_loss_region": lambda: {**line, "y": [1.0, 0.5, -1.0]},
        "catalogue.packaged.find": lambda: {"k": 13, "n": 14, "family": "II_1", "slope": 0.0},
        "catalogue.packaged.find_by_id": lambda: {"name": "II_1-every-k"},
        "catalogue.packaged.theorems": dict,
        "certificates.check.check_certificate": lambda: {"path": _certificate_file(folder)},
        "certificates.check_saddles.check_saddles_for_every_k": lambda: {
            "path": _saddle_file(folder)
        },
        "certificates.check_every_k.check_family_for_every_k": lambda: {
            "path": _family_file(folder)
        },
        "certificates.check_one_more.check_further_minimum_for_every_k": lambda: {
            "path": _further_minimum_file(folder)
        },
        "certificates.check_every_m.check_families_for_every_m": lambda: {
            "path": _families_file(folder)
        },
        "certificates.check.check_line": lambda: {"text": minimum_line(_minimum())},
        "certificates.lines.file_text": lambda: {"lines": [minimum_line(_minimum())]},
        "certificates.inequalities.FailingPoint": lambda: {
            "k": 2,
            "weights": np.eye(2) * 1.5,
            "minimum": np.eye(2),
            "direction": np.eye(2),
        },
        "certificates.inequalities.certify_failures": lambda: failing,
        "certificates.inequalities.certify_inequality": lambda: {
            "quantity": Quantity.CONJECTURE12_GAP,
            "bits": 96,
            "point": witness("one_neuron", Fraction(1, 8)),
        },
        "certificates.inequalities.spread_pair": lambda: failing,
        "certificates.inequalities.tilted_pair": lambda: failing,
        "certificates.inequalities.witness": lambda: {
            "name": "one_neuron",
            "scale": Fraction(1, 8),
        },
        "certificates.convexity_for_all_k.convexity_constant_for_all_k": lambda: {"least_k": 2},
        "certificates.convexity_for_all_k.convexity_radius_for_all_k": lambda: {"k": 3},
        "certificates.convexity_for_all_k.convexity_radius_upper_bound": lambda: {"k": 3},
        "certificates.global_minimum.certify_global_minimum": lambda: {"k": 2, "bits": 96},
        "certificates.erf_minimum.certify_erf_minimum": lambda: {
            "W": few_erf.weights(),
            "outputs": few_erf.outputs(),
            "k": 4,
            "radius": 2.0**-30,
            "bits": 128,
        },
        "certificates.lines.erf_minimum_line": lambda: {
            "found": certify_erf_minimum(few_erf.weights(), few_erf.outputs(), 4)
        },
        "certificates.lines.global_minimum_line": lambda: {"found": certify_global_minimum(3)},
        "certificates.lines.inequality_line": lambda: {
            "found": certify_inequality(
                Quantity.CONJECTURE12_GAP, witness("one_neuron", Fraction(1, 8))
            )
        },
        "certificates.lines.minimum_line": lambda: {
            "minimum": _saddle().minimum,
            "splits": (_saddle(),),
            "plateaus": (),
        },
        "certificates.lines.plateau_line": lambda: {"plateau": _plateau()},
        "certificates.lines.saddle_line": lambda: {"saddle": _saddle()},
        "certificates.lines.symmetric_minimum_line": lambda: {"found": _family(), "plateaus": ()},
        "certificates.minimum.certify_minimum": lambda: {
            "W": _minimum_weights(),
            "V": np.eye(7),
            "radius": 2.0**-33,
            "bits": 96,
            "outputs": np.ones(7),
            "kernel": "relu",
        },
        "certificates.network.BallNetwork": lambda: {
            "W": box(W),
            "V": box(V),
            "bits": 96,
            "outputs": (1, -1, 1),
        },
        "certificates.plateau.certify_plateau": lambda: {
            "W": _minimum_weights(),
            "V": np.eye(7),
            "i": 6,
            "radius": 2.0**-33,
            "bits": 96,
            "outputs": np.ones(7),
            "kernel": "relu",
        },
        "certificates.plateau.certify_plateaus": lambda: {"minimum": _minimum()},
        "certificates.precision.box": lambda: {"weights": W, "radius": 0.0, "bits": 96},
        "certificates.saddle.certify_saddle": lambda: {
            "W": _minimum_weights(),
            "V": np.eye(7),
            "i": 6,
            "radius": 2.0**-33,
            "bits": 96,
            "outputs": np.ones(7),
            "kernel": "relu",
        },
        "certificates.saddle.certify_splits": lambda: {"minimum": _minimum()},
        "certificates.symmetric_plateau.certify_symmetric_plateaus": lambda: {"minimum": _family()},
        "certificates.symmetric_minimum.certify_family": lambda: {
            **family,
            "k": 8,
            "extra": 0,
            "radius": 2.0**-64,
            "bits": 192,
        },
        "certificates.symmetric_minimum.certify_symmetric_minimum": lambda: {
            "space": FixedPointSpace((7, 1)),
            "radius": 2.0**-64,
            "bits": 192,
            "parameters": known_point("II", 8, m=1).parameters,
            "outputs": np.ones(2),
            "kernel": "relu",
        },
        "every_k.certificate.certify_family_for_all_k": lambda: {
            **scaled_family,
            "least_k": Fraction(2001, 2),
            "bits": 128,
        },
        "every_k.every_m_certificate.certify_families_for_all_m": lambda: {
            "family": "I",
            "least_ratio": Fraction(20001, 2),
            "least_special_rows": 10,
            "bits": 96,
        },
        "every_k.tree_lines.every_m_lines": lambda: {
            "certificate": certify_families_for_all_m("I", 10**4)
        },
        "every_k.enclosed_series.enclose_series": lambda: {**scaled_family, "terms": 4},
        "every_k.enclosure.enclose": lambda: {**scaled_family, "k": Fraction(2001, 2)},
        "every_k.exact_series.exact_loss_series": lambda: {**scaled_family, "terms": 3},
        "every_k.exact_series.exact_split_series": lambda: {"terms": 2},
        "every_k.further_certificate.certify_saddle_for_all_k": lambda: {
            "least_k": Fraction(1000),
            "bits": 128,
        },
        "every_k.further_minimum_lines.further_minimum_for_every_k_lines": lambda: {
            "certificate": certify_further_minimum_for_all_k(10**6)
        },
        "every_k.real_thresholds.least_real_k": lambda: scaled_family,
        "every_k.real_thresholds.least_real_k_of_saddle": dict,
        "every_k.saddle_lines.saddle_for_every_k_lines": lambda: {
            "certificate": certify_saddle_for_all_k(10**4)
        },
        "every_k.further_minimum.certify_further_minimum_for_all_k": lambda: {
            "least_k": Fraction(10**6),
            "bits": 128,
        },
        "every_k.signed_splits.decide_signed_splits": lambda: {"certificate": _second_for_all_k()},
        "every_k.signed_splits.signed_splits_of": lambda: {"certificate": _second_for_all_k()},
        "every_k.split_rates.enclose_split_series": lambda: {"terms": 2},
        "every_k.split_rates.enclose_splits": lambda: {"certificate": _second_for_all_k()},
        "every_k.theorem_lines.every_k_lines": lambda: {"certificate": _for_all_k()},
        "global_minima.members.global_minimum": lambda: {
            "n": 4,
            "k": 3,
            "weights": [0.25, 1, 1, 0.75],
            "d": 4,
        },
        "global_minima.members.sample_global_minimum": lambda: {
            "n": 4,
            "k": 3,
            "generator": generator(),
            "d": 4,
        },
        "global_minima.perturbations.conjecture12_gap": lambda: {"W": W, "V": V, "m": 1},
        "global_minima.projection.distance_to_global_minima": lambda: {"W": W, "V": V},
        "global_minima.projection.project_onto_global_minima": lambda: {"W": W, "V": V},
        "global_minima.quotients.one_point_quotient_gradient": lambda: {
            "W": W,
            "W_star": V,
            "V": V,
        },
        "global_minima.quotients.one_point_quotient_hessian": lambda: {"W": W, "W_star": V, "V": V},
        "global_minima.quotients.pl_ratio": lambda: {"W": W, "V": V},
        "global_minima.spectrum.global_minimum_spectrum": lambda: {"k": 3, "d": 4},
        "global_minima.valley_law.simplex_valley_constant": lambda: {"n_students": 5, "corners": 3},
        "global_minima.valley_law.valley_gradient": lambda: valley,
        "global_minima.valley_law.valley_loss": lambda: valley,
        "symmetry.canonical.canonical_form": lambda: {"W": W, "tolerance": 1e-5},
        "symmetry.canonical.orbit_label": lambda: {"sizes": (1, 6)},
        "minima.classes.align": lambda: {"W": W, "target": W[::-1], "tolerance": 1e-5},
        "minima.classes.classify_minima": lambda: {
            "weights": np.stack([W, W[::-1], V]),
            "tolerance": 1e-5,
        },
        "minima.curvature.inner_hessian": lambda: {"W": W, "V": V, "i": 1, **activated},
        "minima.curvature.mean_curvature": lambda: {"W": W, "V": V, "i": 1, **activated},
        "minima.curvature.measure_curvature": lambda: {
            "W": W,
            "V": V,
            "gradient_tolerance": 1e-9,
            **activated,
        },
        "minima.curvature.smallest_eigenpair": lambda: {
            "hessian": population_hessian(W, V),
            "W": W,
            "V": V,
            **activated,
        },
        "minima.signed_splitting.signed_split": lambda: {
            "W": W,
            "i": 1,
            "gamma": 1.5,
            "outputs": signs,
        },
        "minima.splitting.Push": lambda: {"displacement": 0.5, "asymmetry": 0.25, "seed": 1},
        "minima.splitting.descent_starts": lambda: {
            "W": W,
            "V": V,
            "push": Push(0.5, 0.25, 1),
            **activated,
        },
        "minima.splitting.split_curvature": lambda: {
            "W": W,
            "V": V,
            "i": 1,
            "alpha": 0.25,
            **activated,
        },
        "minima.splitting.split_every_neuron": lambda: {
            "W": W,
            "V": V,
            "alphas": (0.25, 0.5),
            **activated,
        },
        "minima.splitting.split_neuron": lambda: {"W": W, "i": 1, "alpha": 0.25, "kernel": "erf"},
        "minima.splitting.split_outputs": lambda: {"i": 1, "alpha": 0.25, **activated},
        "minima.student_classes.classify_up_to_students": lambda: {
            "weights": np.stack([W, W[::-1]]),
            "outputs": np.array([1.0, -1.0, 1.0]),
            "tolerance": 1e-5,
        },
        "objective.gated_unit.best_linear_part": lambda: {
            "W": W,
            "V": V,
            "gate": W[0],
            "outputs": signs,
        },
        "objective.gated_unit.fall_from_gated_unit": lambda: {"gate": W[0], "linear": W[1]},
        "objective.gated_unit.gated_unit_loss": lambda: {
            "W": W,
            "V": V,
            "gate": W[0],
            "linear": W[1],
            "outputs": signs,
        },
        "objective.gated_unit.pair_near_gated_unit": lambda: {
            "gate": W[0],
            "linear": W[1],
            "gamma": 1.5,
        },
        "objective.directional.population_curvature_along": lambda: {"W": W, "V": V, "U": W + V},
        "objective.pair.angle": lambda: pair,
        "objective.pair.pair_gradient": lambda: pair,
        "objective.pair.pair_hessian_first": lambda: pair,
        "objective.pair.pair_hessian_mixed": lambda: pair,
        "objective.pair.pair_loss": lambda: pair,
        "objective.population.loss_rounding_error": lambda: {"W": W, "V": V},
        "objective.population.population_gradient": lambda: {"W": W, "V": V, **activated},
        "objective.population.population_hessian": lambda: {"W": W, "V": V, **activated},
        "objective.pair_kernels.leaky_relu": lambda: {"slope": 0.5},
        "objective.output_weights.population_joint_gradient": lambda: {
            "W": W,
            "V": V,
            **activated,
        },
        "objective.output_weights.population_joint_hessian": lambda: {"W": W, "V": V, **activated},
        "objective.output_weights.population_output_gradient": lambda: {
            "W": W,
            "V": V,
            **activated,
        },
        "objective.population.population_hessian_vector": lambda: {
            "W": W,
            "V": V,
            "U": W + V,
            **activated,
        },
        "objective.population.population_loss": lambda: {"W": W, "V": V, **activated},
        "objective.population.population_loss_relative": lambda: {"W": W, "V": V},
        "objective.reference.reference_curvature_along": lambda: {
            "W": W,
            "V": V,
            "U": W + V,
            "digits": 20,
        },
        "objective.reference.reference_gradient": lambda: {"W": W, "V": V, "digits": 20},
        "objective.reference.reference_hessian": lambda: {"W": W, "V": V, "digits": 20},
        "objective.reference.reference_loss": lambda: {"W": W, "V": V, "digits": 20},
        "objective.reference.reference_to_float64": lambda: {
            "values": reference_gradient(W, V, digits=20)
        },
        "search.basins.Basins": lambda: no_basins(3, 3)._asdict(),
        "search.descent.descend": lambda: {
            "starts": np.stack([W, V + 0.125]),
            "protocol": protocol,
            "stop_below": 1e-9,
            "basins": no_basins(3, 3),
            "iteration_budget": 20,
            "progress": lambda *_: None,
            **taught,
        },
        "search.find.find_minima": lambda: {
            "n_students": 3,
            "n_teachers": 3,
            "n_runs": 2,
            "seed": 1,
            "protocol": "safran2018",
            "first_restart": 4,
            "basins": no_basins(3, 3),
            "iteration_budget": 20,
            "progress": lambda *_: None,
            **taught,
        },
        "search.initial.initial_weights": lambda: {
            "n_inputs": 3,
            "law": InitialLaw.GAUSSIAN,
            "n_students": 3,
            "n_teachers": 2,
            "seed": 1,
            "restarts": (4, 5),
        },
        "search.polish.newton_polish": lambda: {
            "W": V + 1e-4 * W,
            "V": V,
            "largest_displacement": 0.01,
            "step_budget": 20,
            "outputs": np.array([1.0, 1.0, 1.0]),
            "kernel": "relu",
        },
        "search.gradient_flow.follow_gradient_flow": lambda: {
            "W": W,
            "V": V,
            "outputs": activated["outputs"],
            "time": 1e-2,
            "accuracy": 1e-3,
            "tolerance": 1e-3,
        },
        "search.gradient_flow.glorot_start": lambda: {
            "n_students": 2,
            "n_teachers": 3,
            "restart": 4,
            "seed": 1,
            "n_inputs": 4,
        },
        "search.polish.same_minimum_ball": lambda: {"W": V, "V": V, "outputs": np.ones(3)},
        "search.trained_outputs.train_with_outputs": lambda: {
            "W": W,
            "V": V,
            **activated,
            "tolerance": 1e-3,
            "iteration_budget": 5,
        },
        "search.protocol.Protocol": lambda: vars(protocol),
        "seeding.indexed_generator": lambda: {"seed": 1, "first": 2, "further": (3, 4)},
        "seeding.restart_generator": lambda: {
            "seed": 1,
            "n_teachers": 2,
            "n_students": 3,
            "restart": 4,
        },
        "judging.statistics.clopper_pearson": lambda: {
            "successes": 3,
            "trials": 10,
            "confidence": 0.5,
        },
        "judging.statistics.fisher_exact_p": lambda: {**rates, "alternative": "less"},
        "judging.statistics.fit_line": lambda: {
            "x": sample,
            "y": [1.0, 1.5, 3.0, 2.5],
            "confidence": 0.5,
        },
        "judging.statistics.fit_power_law": lambda: {
            "x": sample,
            "y": [1.0, 1.5, 3.0, 2.5],
            "confidence": 0.5,
        },
        "judging.statistics.holm": lambda: {"p_values": [0.25, 0.5, 0.125]},
        "judging.statistics.homogeneity_p": lambda: {
            "counts_a": [3, 4, 5],
            "counts_b": [5, 1, 9],
            "seed": 1,
            "resamples": 99,
        },
        "judging.statistics.mean_comparison_p": lambda: {
            "sample": sample,
            "reference_mean": 2.5,
            "reference_size": 9,
            "rounding": 0.125,
        },
        "judging.statistics.mean_interval": lambda: {"sample": sample, "confidence": 0.5},
        "judging.statistics.power_of_homogeneity_test": lambda: {
            "size_a": 90,
            "size_b": 80,
            "bins": 4,
            "distance": 0.25,
            "level": 0.125,
        },
        "judging.statistics.power_of_mean_comparison": lambda: {
            "spread": 1.5,
            "size": 9,
            "reference_size": 8,
            "difference": 0.5,
            "level": 0.125,
        },
        "judging.statistics.power_of_rate_comparison": lambda: {
            "rate_a": 0.25,
            "rate_b": 0.5,
            "trials_a": 20,
            "trials_b": 30,
            "level": 0.125,
        },
        "judging.statistics.rate_difference_interval": lambda: {**rates, "confidence": 0.5},
        "symmetry.arithmetic.digits_for": lambda: {"k": 8.5},
        "symmetry.arithmetic.extended": lambda: {"digits": 30},
        "families.closed_forms.closed_form_inner_limits": lambda: family,
        "families.closed_forms.closed_form_series": lambda: family,
        "families.closed_forms.global_minimum_isotypic_spectrum": lambda: {"k": 8.5},
        "families.critical_point.symmetric_critical_point": lambda: {
            **family,
            "k": 8.5,
            "extra": 0,
        },
        "symmetry.fixed_points.FixedPointSpace": lambda: {
            "blocks": (4, 1.5),
            "extra": 1,
            "absent": 1,
        },
        "fewer_students.copy_points.copy_average_point": lambda: few,
        "fewer_students.copy_points.perturbed_copy_point": lambda: few,
        "fewer_students.one_student.one_student_coordinate": lambda: {"k": 8.5},
        "fewer_students.one_student.one_student_loss": lambda: {"k": 8.5},
        "families.fixed_space_search.collect_ends": lambda: {
            "space": FixedPointSpace((3, 1), 1),
            "ends": (descend_in_fixed_space(**search, seed=1, start=0),),
        },
        "families.fixed_space_search.descend_in_fixed_space": lambda: {
            **search,
            "seed": 1,
            "start": 0,
        },
        "families.fixed_space_search.search_fixed_space": lambda: {
            **search,
            "seed": 1,
            "starts": (0,),
        },
        "families.fixed_space_search.single_column_space": lambda: search,
        "families.identification.identify_family": lambda: {
            "W": _minimum_weights(),
            "tolerance": 1e-5,
        },
        "symmetry.isotypic.isotypic_blocks": lambda: {**point, "arithmetic": FLOAT64},
        "symmetry.isotypic.isotypic_spectrum": lambda: {**point, "arithmetic": FLOAT64},
        "symmetry.isotypic.morse_index": lambda: {
            "spectrum": tuple(isotypic_spectrum(space, parameters))
        },
        "symmetry.continuation.continue_in_k": lambda: {
            "space_at": lambda k: FixedPointSpace((k,)),
            "known_k": 8.0,
            "k": 8.5,
            "known": known_point("A", 8).parameters,
        },
        "symmetry.continuation.solve_critical_point": lambda: start,
        "families.perturbation.follow_to_teacher": lambda: {
            "W": _minimum_weights(),
            "V": np.eye(7) + 0.001,
        },
        "families.perturbation.perturbed_teacher": lambda: {
            "k": 3,
            "epsilon": 0.25,
            "seed": 1,
            "sample": 2,
        },
        "symmetry.recognition.recognise_isotropy": lambda: {
            "W": _minimum_weights(),
            "tolerance": 1e-5,
        },
        "symmetry.reduced.ReducedLoss": lambda: {"space": space, "arithmetic": FLOAT64},
        "symmetry.reduced_reference.reference_reduced_loss": lambda: {**point, "digits": 20},
        "symmetry.reduced_reference.reference_slope_and_curvature": lambda: {
            **point,
            "direction": np.ones(5),
            "digits": 20,
        },
        "families.series.puiseux_series": lambda: {**family, "terms": 1},
        "symmetry.inner_hessian.split_neuron_class": lambda: {
            **point,
            "row": 1,
            "arithmetic": FLOAT64,
        },
        "finite_stationary.stationarity.directional_stationarity": lambda: {
            "W": np.eye(2),
            "H": np.ones((2, 1)),
            "x": np.eye(2),
            "y": np.ones((2, 1)),
        },
        "leaky.folds.first_fold": lambda: {**family, "k": 20.5},
        "leaky.leaky_points.leaky_critical_point": lambda: {**family, "k": 8.5, "slope": -0.125},
        "leaky.leaky_proofs.enclose_leaky_point": lambda: {**family, "k": 8, "slope": -0.125},
        "families.thresholds.stability_threshold": lambda: {
            **family,
            "extra": 0,
            "irrep": "s_p",
        },
    }
