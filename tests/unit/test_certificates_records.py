"""Certificates as rows of tables and lines of files."""

import json
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from relu_landscape.certificates import check_line
from relu_landscape.certificates.records import (
    ClassMethod,
    Proofs,
    class_method,
    prove_classes,
    prove_families,
    prove_global_minima,
    prove_inequalities,
    prove_pairs,
)
from relu_landscape.families import symmetric_critical_point
from relu_landscape.objective import population_loss
from relu_landscape.settings.sizes import PairSize
from relu_landscape.tables.frames import make_table


def refers_to(proofs, table):
    """Each line is named by exactly one row, which says that it was proved."""
    numbers = sorted(table.loc[table["line"] > 0, "line"])
    assert numbers == list(range(1, len(proofs.lines) + 1))
    if "proved" in table:
        assert (table["proved"] == (table["line"] > 0)).all()
    for line in proofs.lines:
        check_line(line)
        assert "\n" not in line


@pytest.fixture(scope="module")
def classes():
    minimum = symmetric_critical_point("II", 7, m=1).weights()
    saddle = symmetric_critical_point("I", 6, m=1)
    assert saddle.index > 0
    points = np.array([np.eye(7), minimum, np.roll(minimum, 1, axis=0), minimum + 0.2])
    found = pd.DataFrame(
        {"k": 7, "n": 7, "class_id": range(4), "is_global": [True, False, False, False]}
    )
    return {
        method: prove_classes(found, points, method, file="k5-9.jsonl") for method in ClassMethod
    }


def test_proofs_that_share_a_file_keep_their_lines(classes):
    proofs, parts = Proofs(), list(classes.values())
    for part in parts:
        proofs.append(part)
    assert proofs.lines == parts[0].lines + parts[1].lines
    rows = parts[0].records + parts[1].records
    assert [{**row, "line": 0} for row in proofs.records] == [{**row, "line": 0} for row in rows]
    assert [row["line"] for row in proofs.records] == [1, 2, 0, 3, 4, 0]


@pytest.mark.parametrize(
    ("method", "reason", "splits"),
    [
        (ClassMethod.ALL_WEIGHTS, "newton_left", 7),
        (ClassMethod.SYMMETRY, "newton_left", 2),
    ],
)
def test_classes_that_are_not_global_are_tried(classes, method, reason, splits):
    table = make_table(classes[method].records, "certified_classes")
    refers_to(classes[method], table)
    assert list(table["class_id"]) == [1, 2, 3]
    assert list(table["proved"]) == [True, True, False]
    assert table["reason"].iloc[2] == reason
    proved = table[table["proved"]]
    assert list(proved["splits_proved"]) == [splits, splits]
    assert set(proved["norm_sum_below_k"]) == {"proved"}


def test_both_methods_prove_the_same_minimum(classes):
    full, reduced = (
        make_table(classes[method].records, "certified_classes").iloc[0] for method in ClassMethod
    )
    assert full["loss_lower"] <= reduced["loss_upper"]
    assert reduced["loss_lower"] <= full["loss_upper"]
    assert reduced["hessian_lower"] == pytest.approx(full["hessian_lower"], rel=1e-3)


def test_all_weights_are_used_up_to_a_size():
    assert class_method(20, largest_full_k=20) is ClassMethod.ALL_WEIGHTS
    assert class_method(21, largest_full_k=20) is ClassMethod.SYMMETRY


def test_the_bounds_enclose_what_float_arithmetic_says(classes):
    row = make_table(classes[ClassMethod.ALL_WEIGHTS].records, "certified_classes").iloc[0]
    point = symmetric_critical_point("II", 7, m=1)
    assert row["loss_lower"] <= population_loss(point.weights(), np.eye(7)) + 1e-14
    assert row["loss_upper"] >= point.loss - 1e-14
    assert 0.999 * point.smallest.value < row["hessian_lower"] <= point.smallest.value
    norms = np.linalg.norm(point.weights(), axis=1).sum()
    assert norms <= row["norm_sum_upper"] <= norms + 1e-8


def test_rows_name_their_lines(classes):
    fields = [json.loads(line) for line in classes[ClassMethod.ALL_WEIGHTS].lines]
    assert [entry["n"] for entry in fields] == [7, 7]
    assert fields[0]["W"] != fields[1]["W"]


def test_pairs_say_where_their_points_came_from():
    proofs = prove_pairs([(6, 6), (8, 9)])
    table = make_table(proofs.records, "certified_pairs")
    refers_to(proofs, table)
    assert list(table["proved"]) == [True, True]
    assert list(table["splits_proved"]) == [6, 9]
    assert table["start"].tolist() == [
        "II_1, solved in its fixed-point space",
        "II_1 + 1, solved in its fixed-point space",
    ]


def test_families_below_their_threshold_are_not_proved():
    proofs = prove_families({("II", 1, 0): [5, 6, 10**6], ("I", 3, 0): [6, 9]})
    table = make_table(proofs.records, "certified_families")
    refers_to(proofs, table)
    found = {(row.family, row.k): row for row in table.itertuples()}
    assert ("I", 6) not in found  # k < m + 4
    assert not found["II", 5].proved
    assert found["II", 5].reason == "not_positive_definite"
    assert found["II", 6].proved
    assert found["II", 10**6].proved
    assert found["II", 10**6].splits == found["II", 10**6].splits_proved == 2


def test_global_minima_enclose_the_constant_and_a_radius():
    proofs = prove_global_minima(range(2, 5))
    table = make_table(proofs.records, "certified_global_minima")
    refers_to(proofs, table)
    constant = 0.25 - 0.5 / np.pi
    assert (table["eigenvalue_lower"] <= constant).all()
    assert (table["eigenvalue_upper"] >= constant).all()
    # Smallest measured radii, of searches for a singular Hessian.
    assert (table["radius"].to_numpy() < [0.2866, 0.2213, 0.2046]).all()
    assert (table["radius"] > 0.03).all()


def test_inequalities_are_proved_at_their_points():
    proofs = prove_inequalities(
        [PairSize(k=3, n=4, d=3)], [Fraction(1, 2)], [Fraction(1, 100)], [Fraction(1, 100)]
    )
    table = make_table(proofs.records, "certified_inequalities")
    refers_to(proofs, table)
    assert table["proved"].all()
    upper = table.set_index(["quantity", "point"])["upper"]
    # Half of the form: the bound is over the squared length of the direction.
    assert upper["hessian_form"].iloc[0] == pytest.approx(-0.01273112 / 2, abs=5e-9)
    assert upper["pl_ratio"].iloc[0] == pytest.approx(0.01551479, abs=1e-8)
    gap = upper["conjecture12_gap", "witness one_neuron: s=1/100"]
    assert gap == pytest.approx(-0.6237619816665042e-6, rel=1e-11)


@pytest.mark.slow
def test_the_checker_has_room_where_a_short_neuron_makes_enclosures_wide():
    proofs = prove_families({("II", 1, 1): [10**8]})
    table = make_table(proofs.records, "certified_families")
    refers_to(proofs, table)
    assert table["splits_proved"].iloc[0] == 3
