"""Plateaus of minima with a symmetry: as those from all weights, and where those are too many."""

import json

import pytest

from helpers_checker_lines import symmetric_curvature_across
from relu_landscape.certificates import (
    FailureReason,
    Refused,
    SymmetricPlateauCertificate,
    certify_family,
    certify_symmetric_plateaus,
    check_line,
    symmetric_minimum_line,
)


def plateaus(minimum):
    found = list(certify_symmetric_plateaus(minimum))
    assert len(found) == len(minimum.blocks) + minimum.extra
    proved = [x for x in found if isinstance(x, SymmetricPlateauCertificate)]
    for x in found:
        assert x in proved or x.reason is FailureReason.INNER_HESSIAN_NOT_DEFINITE
    return proved


@pytest.mark.parametrize(
    ("family", "k", "m", "extra"),
    [("A", 7, None, 0), ("II", 8, 1, 1), ("II", 9, 2, 0), ("I", 12, 5, 0)],
)
def test_bounds_are_those_of_all_weights(family, k, m, extra):
    minimum = certify_family(family, k, m=m, extra=extra)
    found = plateaus(minimum)
    assert [x.row for x in found] == list(range(len(minimum.blocks)))
    for plateau in found:
        smallest = symmetric_curvature_across(minimum, plateau)
        assert plateau.sign == -1
        assert 0.999 * smallest < plateau.curvature_lower < smallest
    said = check_line(symmetric_minimum_line(minimum, found))
    assert said.endswith(f", signed splits of {k} neurons are minima")


@pytest.mark.parametrize(
    ("family", "k", "m", "rows"),
    [
        # The changes are those of `every_k.signed_splits`.
        ("II", 44, 1, [0, 1]),
        ("II", 45, 1, [1]),
        ("I", 64, 5, [0, 1]),
        ("I", 65, 5, [0]),
        ("II", 10**6, 1, [1]),
        ("A", 10**6, None, [0]),
    ],
)
def test_classes_that_have_plateaus(family, k, m, rows):
    minimum = certify_family(family, k, m=m)
    found = plateaus(minimum)
    assert [x.row for x in found] == rows
    check_line(symmetric_minimum_line(minimum, found))


def test_false_plateaus_are_refused():
    minimum = certify_family("II", 45, m=1)
    fields = json.loads(symmetric_minimum_line(minimum, plateaus(minimum)))
    assert "plateaus" not in json.loads(symmetric_minimum_line(minimum))
    for wrong, reason in (
        ({"row": 0, "curvature_lower": "1e-9"}, "plateau of class 0"),
        ({"sign": 1}, "plateau of class 1"),
        ({"row": 2}, "no row 2"),
    ):
        doctored = fields | {"plateaus": [fields["plateaus"][0] | wrong]}
        with pytest.raises(Refused, match=reason):
            check_line(json.dumps(doctored))


def test_a_plateau_goes_with_its_own_minimum():
    found = plateaus(certify_family("A", 8))
    with pytest.raises(ValueError, match="another minimum"):
        symmetric_minimum_line(certify_family("A", 9), found)
