"""Families, splits, searches and names as rows of tables, against the library and full Hessians."""

import numpy as np
import pandas as pd
import pytest

from relu_landscape.certificates.records import prove_families
from relu_landscape.families import global_minimum_isotypic_spectrum, symmetric_critical_point
from relu_landscape.families.split_fates import follow_splits
from relu_landscape.minima import inner_hessian
from relu_landscape.minima.settings import SplitDescent
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.search import PROTOCOLS
from relu_landscape.studies.proofs import join_proofs
from relu_landscape.studies.symmetry.class_names import count_families, name_classes
from relu_landscape.studies.symmetry.family_records import (
    series_records,
    solve_family_records,
    threshold_record,
)
from relu_landscape.studies.symmetry.search_records import (
    fixed_space_records,
    perturbed_target_records,
)
from relu_landscape.tables.frames import make_table

SPLITS = SplitDescent(
    displacement=0.05,
    asymmetry=1e-3,
    seed=3,
    protocol="safran2018",
    global_loss=1e-6,
    global_distance=0.05,
    iteration_budget=300_000,
)


@pytest.fixture(scope="module")
def second():
    """II_2 at a size whose full Hessian can be formed, and at one where it cannot."""
    records = solve_family_records("II", 2, 0, [9, 10_000])
    records["certified_families"] = prove_families({("II", 2, 0): [9]}).records
    return join_proofs({name: make_table(rows, name) for name, rows in records.items()})


def test_points_and_splits_say_whether_they_are_proved(second):
    for name in ("family_points", "family_splits"):
        proved = second[name].groupby("k")["proved"].unique()
        assert proved[9].tolist() == ["proved"]
        assert proved[10_000].tolist() == ["not_tried"]


def test_a_point_has_the_loss_and_the_spectrum_of_its_weights(second):
    row = second["family_points"].query("k == 9").iloc[0]
    W = symmetric_critical_point("II", 9, m=2).weights()
    eigenvalues = np.linalg.eigvalsh(population_hessian(W, np.eye(9)))
    assert row["loss"] == pytest.approx(population_loss(W, np.eye(9)), abs=1e-14)
    assert row["smallest_eigenvalue"] == pytest.approx(eigenvalues[0], abs=1e-12)
    assert row["largest_eigenvalue"] == pytest.approx(eigenvalues[-1], abs=1e-12)
    assert row["index"] == (eigenvalues < 0).sum()
    spectra = second["family_spectra"].query("k == 9")
    assert spectra["multiplicity"].sum() == pytest.approx(81)
    assert len(spectra) == row["distinct_eigenvalues"]


def test_the_bounded_difference_is_that_of_the_sorted_spectra_at_most(second):
    """Representation by representation is a finer comparison than the sorted lists."""
    row = second["family_points"].query("k == 9").iloc[0]
    W = symmetric_critical_point("II", 9, m=2).weights()
    here = np.linalg.eigvalsh(population_hessian(W, np.eye(9)))
    there = np.sort(
        np.concatenate(
            [[e.value] * round(e.multiplicity) for e in global_minimum_isotypic_spectrum(9)]
        )
    )
    bounded = np.maximum(here, there) < 0.75
    assert np.abs(here - there)[bounded].max() <= row["bounded_difference"] + 1e-12
    far = second["family_points"].query("k == 10000").iloc[0]
    assert far["bounded_difference"] < row["bounded_difference"] / 10


def test_splits_are_those_of_the_inner_hessians(second):
    W = symmetric_critical_point("II", 9, m=2).weights()
    for row in second["family_splits"].query("k == 9").itertuples():
        first = 0 if row.neuron_class == 0 else 7
        inner = np.linalg.eigvalsh(inner_hessian(W, np.eye(9), first))
        assert row.inner_smallest_eigenvalue == pytest.approx(inner[0], abs=1e-12)
        assert row.inner_largest_eigenvalue == pytest.approx(inner[-1], abs=1e-12)
        assert row.neurons == (7, 2)[row.neuron_class]


def test_parameters_make_the_weights(second):
    values = second["family_parameters"].query("k == 9").set_index("parameter")["value"]
    W = symmetric_critical_point("II", 9, m=2).weights()
    assert values["r0.diag"] == W[0, 0]
    assert values["r1.c0"] == W[7, 0]
    assert set(np.round(values, 12)) == set(np.round(W.ravel(), 12))


def test_a_threshold_is_where_the_index_changes():
    row = threshold_record("A", None, 0)
    make_table([row], "stability_thresholds")
    below, above = (symmetric_critical_point("A", row["k"] + side) for side in (-1e-6, 1e-6))
    assert below.smallest.value < 0 < above.smallest.value
    assert row["smallest_integer"] == 6


def test_series_predict_the_family_at_large_k():
    rows = make_table(series_records("A", None, 5), "puiseux_coefficients")
    loss = rows[rows["quantity"] == "loss"].sort_values("power")
    k = 1e6
    predicted = np.sum(loss["coefficient"] * k ** (-loss["power"] / 2))
    assert predicted == pytest.approx(symmetric_critical_point("A", k).loss, rel=1e-12)
    known = rows.dropna(subset="closed_form")
    assert len(known) >= 5
    assert known["difference"].max() < 1e-18
    assert [float(text) for text in rows["digits"]] == pytest.approx(list(rows["coefficient"]))


@pytest.fixture(scope="module")
def fates():
    records = follow_splits("II", 1, 8, PROTOCOLS["safran2018"], SPLITS)
    return make_table(records, "family_fates")


@pytest.mark.slow
def test_splits_of_the_second_family_lead_where_the_sheet_says(fates):
    """Source of the loss: derived for the design sheet, by another optimiser."""
    first = fates[fates["second_neuron"] == -1]
    assert set(first.query("neuron_class == 0")["landing"]) == {"global"}
    special = first.query("neuron_class == 1")
    assert set(special["landing"]) == {"spurious"}
    assert special["loss_after"].to_numpy() == pytest.approx(0.0205608, abs=5e-8)
    assert (special["smallest_eigenvalue"] > 0).all()
    assert set(special["coordinate_orbits"]) == {"1+7"}


@pytest.mark.slow
def test_second_splits_start_where_first_ones_ended(fates):
    second = fates[fates["second_neuron"] >= 0]
    assert set(second["n"]) == {10}
    assert set(second["landing"]) == {"global"}
    first = fates[fates["landing"] == "spurious"]
    assert second["loss_before"].to_numpy() == pytest.approx(first["loss_after"].iloc[0], abs=1e-9)
    assert set(second["second_sign"]) == {-1, 1}
    # Eight neurons in three orbits: those like a teacher, and two of their own.
    assert second.groupby("sign")["second_neuron"].nunique().tolist() == [3, 3]


def test_nothing_is_split_at_a_saddle():
    assert follow_splits("A", None, 5, PROTOCOLS["safran2018"], SPLITS) == []


def test_searches_list_critical_points_with_what_reached_them():
    search, points = fixed_space_records(8, 1, 1, starts=12, seed=2)
    make_table([search], "fixed_space_searches")
    table = make_table(points, "fixed_space_points")
    total = table["reached"].sum() + search["global_starts"] + search["unfinished_starts"]
    assert total == search["starts"] == 12
    assert search["points"] == len(table) > 0
    for row in table.itertuples():
        assert row.loss > 1e-3
        assert sum(map(int, row.coordinate_orbits.split("+"))) == 8
    again, _ = fixed_space_records(8, 1, 1, starts=12, seed=2)
    assert again == search


def test_perturbed_targets_are_the_same_draws_for_every_size_of_them():
    rows = perturbed_target_records("II", 1, 8, [0.0001, 0.001], samples=2, seed=5)
    table = make_table(rows, "perturbed_targets")
    assert set(table["outcome"]) == {"strict_minimum"}
    unperturbed = symmetric_critical_point("II", 8, m=1).smallest.value
    change = (table["smallest_eigenvalue"] - unperturbed).to_numpy().reshape(2, 2)
    assert change[1] == pytest.approx(10 * change[0], rel=0.05)


def classes_of(points, k, n):
    """Rows of curvature for given points, the first one global."""
    return pd.DataFrame(
        {
            "k": k,
            "n": n,
            "class_id": range(len(points)),
            "kind": ["global_minimum"] + ["spurious_minimum"] * (len(points) - 1),
            "loss": [max(population_loss(W, np.eye(k)), 0.0) for W in points],
        }
    )


@pytest.mark.slow
def test_classes_get_the_names_of_their_families():
    k = 9
    points = [
        np.eye(k),
        symmetric_critical_point("II", k, m=1).weights(),
        symmetric_critical_point("II", k, m=2).weights(),
        symmetric_critical_point("I", k, m=1).weights()[::-1],
    ]
    rows = name_classes(classes_of(points, k, k), np.array(points), tolerance=1e-5)
    table = make_table(rows, "identified_classes")
    assert list(zip(table["family"], table["m"], strict=True)) == [("II", 1), ("II", 2), ("I", 1)]
    assert list(table["class_id"]) == [1, 2, 3]
    assert table["loss_as_II"].iloc[0] < 1e-4 < table["loss_as_I"].iloc[2]


@pytest.mark.slow
def test_classes_with_a_neuron_more_are_named_by_their_loss():
    k = 9
    more = symmetric_critical_point("II", k, m=1, extra=1)
    assert np.linalg.norm(population_gradient(more.weights(), np.eye(k))) < 1e-10
    points = [np.vstack([np.eye(k), np.eye(1, k) / 2]), more.weights(), more.weights() * 1.01]
    classes = classes_of(points, k, k + 1)
    table = make_table(
        name_classes(classes, np.array(points), tolerance=1e-5), "identified_classes"
    )
    assert table["family"].iloc[0] == "II"
    assert table["family"].isna().tolist() == [False, True]


def test_families_are_counted_with_their_intervals():
    restarts = pd.DataFrame({"search": "s", "k": 9, "n": 9, "restart": range(50)})
    memberships = pd.DataFrame(
        {
            "search": "s",
            "k": 9,
            "n": 9,
            "restart": range(50),
            "class_id": [0] * 30 + [1] * 15 + [2] * 5,
        }
    )
    named = pd.DataFrame(
        {
            "k": 9,
            "n": 9,
            "class_id": [1, 2],
            "kind": "spurious_minimum",
            "family": ["II", None],
            "m": [1, 0],
        }
    )
    table = make_table(count_families(restarts, memberships, named), "family_rates")
    found = table.set_index(["family", "m"])
    assert found.loc[("II", 1), "reached"] == 15
    assert found.loc[("none", 0), "reached"] == 5
    assert found.loc[("A", 0), "reached"] == 0
    assert found.loc[("A", 0), "percent_high"] == pytest.approx(100 * (1 - 0.025 ** (1 / 50)))
    assert found.loc[("II", 1), "percent"] == 30


def test_bounded_differences_keep_their_digits_where_other_eigenvalues_are_large():
    """At k = 1e8 the largest eigenvalue is 2.5e7, of which float64 would leave 1e-8."""
    k = 10**8
    tables = solve_family_records("A", None, 0, [k])
    closed = [eigenvalue.value for eigenvalue in global_minimum_isotypic_spectrum(k)]
    bounded = [row["eigenvalue"] for row in tables["family_spectra"] if row["eigenvalue"] < 0.75]
    nearest = [min(abs(value - other) for other in closed) for value in bounded]
    assert tables["family_points"][0]["bounded_difference"] == pytest.approx(max(nearest), rel=1e-9)
