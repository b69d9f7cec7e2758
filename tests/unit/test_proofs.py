"""What certificates prove, written beside the rows that it is about."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from relu_landscape.certificates.records import prove_global_minima, prove_inequalities
from relu_landscape.global_minima.failures import tilted_pair_records, valley_records
from relu_landscape.global_minima.spectrum import compare_spectrum
from relu_landscape.settings.sizes import PairSize
from relu_landscape.studies.proofs import count_proved, join_proofs, tables_behind
from relu_landscape.tables.frames import make_table

ANSWERS = ("proved", "norm_sum_proved", "splits_proved")
SIZE = PairSize(k=3, n=4, d=3)
PAIRS = [
    ("negative_curvature", tilted_pair_records, "hessian_form"),
    ("valley_points", valley_records, "pl_ratio"),
]


@pytest.fixture(scope="module")
def inequalities():
    tenth = Fraction(1, 10)
    shares = [Fraction(1, 2), Fraction(3, 10)]
    proofs = prove_inequalities([SIZE], shares, [tenth, tenth**3], [tenth**2])
    return make_table(proofs.records, "certified_inequalities")


@pytest.fixture(scope="module")
def global_minima():
    return make_table(prove_global_minima([2, 3]).records, "certified_global_minima")


def certified(**changes):
    row = {"k": 8, "n": 8, "class_id": 1, "proved": True, "norm_sum_below_k": "proved"}
    return row | {"splits": 8, "splits_proved": 8} | changes


def joined(name, records, proofs):
    """Rows of a table, with what these certificates say of them."""
    (behind,) = tables_behind([name])
    return join_proofs({name: pd.DataFrame(records), behind: pd.DataFrame(proofs)})[name]


def answers(**changes):
    """The three answers about one class."""
    (row,) = joined("curvature", [{"k": 8, "n": 8, "class_id": 1}], [certified(**changes)]).to_dict(
        "records"
    )
    return [row[name] for name in ANSWERS]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["proved", "proved", "proved"]),
        ({"norm_sum_below_k": "disproved"}, ["proved", "not_proved", "proved"]),
        ({"norm_sum_below_k": "undecided"}, ["proved", "not_proved", "proved"]),
        ({"splits_proved": 7}, ["proved", "proved", "not_proved"]),
        ({"splits": 0, "splits_proved": 0}, ["proved", "proved", "not_proved"]),
        ({"proved": False, "norm_sum_below_k": None, "splits_proved": 0}, ["not_proved"] * 3),
        ({"class_id": 2}, ["not_tried"] * 3),
        ({"n": 9}, ["not_tried"] * 3),
    ],
)
def test_a_class_has_what_its_certificate_says(changes, expected):
    assert answers(**changes) == expected


def test_rows_keep_what_they_had_and_their_order():
    records = [{"k": 8, "n": 8, "class_id": number, "loss": number / 10} for number in range(5)]
    marked = joined("curvature", records, [certified(class_id=3), certified()])
    assert marked["loss"].tolist() == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert marked["proved"].eq("proved").tolist() == [False, True, False, True, False]
    assert count_proved(marked) == count_proved(marked, "splits_proved") == 2


@pytest.mark.parametrize("name", ["curvature", "neurons", "splits", "identified_classes"])
def test_without_certificates_nothing_was_tried(name):
    table = pd.DataFrame([{"k": 8, "n": 8, "class_id": 1}])
    nothing = pd.DataFrame([certified()]).iloc[:0]
    for tables in ({name: table}, {name: table, "certified_classes": nothing}):
        assert set(join_proofs(tables)[name]["proved"]) == {"not_tried"}


def test_a_table_without_rows_has_the_columns():
    table = pd.DataFrame({"k": [], "n": [], "class_id": []}, dtype="int64")
    proofs = pd.DataFrame([certified()])
    for tables in ({"curvature": table}, {"curvature": table, "certified_classes": proofs}):
        assert [*join_proofs(tables)["curvature"].columns[3:]] == [*ANSWERS]


def test_what_no_certificate_is_about_stays_as_it_is():
    table = pd.DataFrame({"k": [8]})
    assert join_proofs({"classes": table})["classes"] is table
    assert tables_behind(["classes", "curvature", "splits"]) == ["certified_classes"]


def test_two_certificates_of_one_class_are_refused():
    with pytest.raises(ValueError, match="certified_classes: two rows"):
        joined(
            "curvature",
            [{"k": 8, "n": 8, "class_id": 1}],
            [certified(), certified(proved=False)],
        )


@pytest.mark.parametrize(("name", "measure", "quantity"), PAIRS)
def test_points_next_to_a_global_minimum_are_those_of_the_certificates(
    inequalities, name, measure, quantity
):
    records = measure([SIZE], [0.5, 0.3, 0.2], {"double": [0.1, 0.01], "extended": [0.001]})
    found = joined(name, records, inequalities)
    tried = (found["share"] != 0.2) & (found["epsilon"] != 0.01)
    assert found["proved"].eq("proved").tolist() == tried.tolist()
    assert set(found["proved"]) == {"proved", "not_tried"}
    failed = inequalities.assign(proved=inequalities["quantity"] != quantity)
    found = joined(name, records, failed)
    assert set(found["proved"]) == {"not_proved", "not_tried"}


def test_witnesses_are_those_of_the_certificates(inequalities):
    records = [{"witness": "two_equal", "scale": scale} for scale in (0.1, 0.01)]
    found = joined("conjecture12_witnesses", records, inequalities)
    assert found["proved"].tolist() == ["not_tried", "proved"]


def test_the_smallest_eigenvalue_at_a_global_minimum_is_enclosed(global_minima):
    records = [row for k, d in ((2, 2), (3, 5), (4, 4)) for row in compare_spectrum(k, d)]
    found = joined("global_minimum_spectra", records, global_minima)
    assert found["proved"].eq("proved").tolist() == [
        row["rank"] == 0 and row["k"] < 4 for row in records
    ]
    beside = global_minima.assign(eigenvalue_lower=0.0909, eigenvalue_upper=0.0910)
    found = joined("global_minimum_spectra", records, beside)
    assert set(found["proved"]) == {"not_proved", "not_tried"}


def test_the_radius_is_that_of_the_same_number_of_teachers(global_minima):
    found = joined("convexity_radii", [{"k": 3}, {"k": 4}, {"k": 3}], global_minima)
    radius = global_minima["radius"].iloc[1]
    assert found["proved_radius"].tolist() == pytest.approx([radius, np.nan, radius], nan_ok=True)
    alone = join_proofs({"convexity_radii": pd.DataFrame({"k": [3]})})["convexity_radii"]
    assert alone["proved_radius"].isna().all()


def test_a_point_of_a_family_can_be_proved_without_its_splits():
    point = {"family": "II", "m": 1, "extra": 0, "k": 8}
    row = point | {"proved": True, "splits": 2, "splits_proved": 1}
    certified = pd.DataFrame([row, row | {"k": 9, "splits_proved": 2}])
    records = [point | {"k": k} for k in (8, 9, 10)]
    points = joined("family_points", records, certified)
    splits = joined("family_splits", records, certified)
    assert points["proved"].tolist() == ["proved", "proved", "not_tried"]
    assert splits["proved"].tolist() == ["not_proved", "proved", "not_tried"]
