"""The format of certificates: what is written fits the schema, and the schema fits the checker."""

import json
from fractions import Fraction
from functools import cache
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import doctored_saddles
import helpers_check_every_m
import helpers_check_one_more
import helpers_conjecture12
from helpers_certificates import (
    family_line,
    family_minimum,
    minimum_in_the_plane,
    plateaus_of,
    signed_minimum,
)
from helpers_check_every_k_edges import small_file
from relu_landscape.certificates import (
    Quantity,
    certify_erf_minimum,
    certify_family,
    certify_global_minimum,
    certify_inequality,
    certify_minimum,
    certify_plateau,
    certify_saddle,
    certify_splits,
    certify_symmetric_minimum,
    certify_symmetric_plateaus,
    check,
    check_conjecture12,
    check_line,
    check_persistence,
    check_saddles,
    erf_minimum_line,
    global_minimum_line,
    inequality_line,
    minimum_line,
    plateau_line,
    saddle_line,
    symmetric_minimum_line,
    tilted_pair,
    witness,
)
from relu_landscape.fewer_students import copy_average_point, perturbed_copy_point
from relu_landscape.leaky import leaky_critical_point
from relu_landscape.objective import leaky_relu
from relu_landscape.symmetry import FixedPointSpace

SCHEMA = json.loads(
    Path(check.__file__).with_name("certificate.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@cache
def small_family():
    """A, whose neurons all have plateaus."""
    return certify_family("A", 8)


def leaky_line():
    W = leaky_critical_point("II", 7, 0.5, m=1).weights()
    return minimum_line(certify_minimum(W, np.eye(7), kernel=leaky_relu(0.5)))


def symmetric_leaky_line():
    point = leaky_critical_point("II", 7, -0.5, m=1)
    kernel = leaky_relu(-0.5)
    return symmetric_minimum_line(
        certify_symmetric_minimum(point.space, point.parameters, kernel=kernel)
    )


def symmetric_signed_line():
    space = FixedPointSpace((5, 1, 1), extra=1)
    point = space.project(signed_minimum().W)
    return symmetric_minimum_line(certify_symmetric_minimum(space, point, outputs=[1, 1, 1, -1]))


def erf_line():
    point = copy_average_point(4, 2, kernel="erf")
    return erf_minimum_line(certify_erf_minimum(point.weights(), point.outputs(), 4))


def few_students_line():
    point = perturbed_copy_point(8, 5)
    found = certify_symmetric_minimum(point.space, point.parameters)
    return symmetric_minimum_line(found, certify_symmetric_plateaus(found))


LINES = {
    "minimum": lambda: family_line(7),
    "minimum with one neuron more": lambda: family_line(8, 1),
    "minimum without splits": lambda: minimum_line(family_minimum(7)),
    "minimum with an output of -1": lambda: minimum_line(
        signed_minimum(), certify_splits(signed_minimum())
    ),
    "minimum with plateaus of both kinds": lambda: minimum_line(
        minimum_in_the_plane(), plateaus=plateaus_of(minimum_in_the_plane())
    ),
    "minimum of a leaky network": lambda: leaky_line(),
    "symmetric minimum of a leaky network": lambda: symmetric_leaky_line(),
    "symmetric minimum with an output of -1": lambda: symmetric_signed_line(),
    "symmetric minimum with fewer students": lambda: few_students_line(),
    "minimum of erf": lambda: erf_line(),
    "plateau": lambda: plateau_line(certify_plateau(family_minimum(7).W, np.eye(7), 6)),
    "saddle": lambda: saddle_line(certify_saddle(family_minimum(7).W, family_minimum(7).V, 3)),
    "symmetric minimum with plateaus": lambda: symmetric_minimum_line(
        small_family(), certify_symmetric_plateaus(small_family())
    ),
    "symmetric minimum": lambda: symmetric_minimum_line(certify_family("II", 100, m=2)),
    "global minimum": lambda: global_minimum_line(certify_global_minimum(7)),
    "witness": lambda: inequality_line(
        certify_inequality(Quantity.CONJECTURE12_GAP, witness("two_equal", Fraction(1, 100)))
    ),
    "tilted pair": lambda: inequality_line(
        certify_inequality(
            Quantity.HESSIAN_FORM, tilted_pair(4, 3, 3, Fraction(1, 3), Fraction(1, 1000))
        )
    ),
}


# Those of the other checkers have tests of their own.
EVERY_K = {
    f"{family}_{m}, line {number + 1}": lambda family=family, m=m, number=number: small_file(
        family, m
    )[number]
    for family, m in (("A", 0), ("II", 1), ("I", 2))
    for number in range(2)
}
CONJECTURE_12 = {
    fields()["statement"]: lambda fields=fields: json.dumps(fields())
    for fields in (
        helpers_conjecture12.ray_fields,
        helpers_conjecture12.constant_fields,
        helpers_conjecture12.direction_fields,
        helpers_conjecture12.point_fields,
        helpers_conjecture12.corrected_fields,
        helpers_conjecture12.every_k_fields,
    )
}
SADDLES = {
    f"{statement}, line {number + 1}": lambda statement=statement, number=number: (
        doctored_saddles.sound_file(statement)[number]
    )
    for statement in doctored_saddles.STATEMENTS
    for number in range(2)
}
ONE_MORE = {
    f"further minimum, line {number + 1}": lambda number=number: (
        helpers_check_one_more.sound_file()[number]
    )
    for number in range(2)
}


def line_for_every_m(statement):
    """The first line with a statement."""
    lines = helpers_check_every_m.small_file()
    return next(line for line in lines if json.loads(line)["statement"] == statement)


EVERY_M = {
    statement: lambda statement=statement: line_for_every_m(statement)
    for statement in ("families_for_every_m", "halving", "rectangle")
} | {"no_line": lambda: json.dumps(helpers_check_every_m.NO_LINE)}
FORMATS = LINES | EVERY_K | SADDLES | ONE_MORE | EVERY_M | CONJECTURE_12


@pytest.mark.parametrize("name", LINES)
def test_lines_fit_the_schema_and_pass_the_checker(name):
    line = LINES[name]()
    assert "\n" not in line
    VALIDATOR.validate(json.loads(line))
    check_line(line)


@pytest.mark.parametrize("name", FORMATS)
def test_lines_of_each_checker_fit_the_schema(name):
    VALIDATOR.validate(json.loads(FORMATS[name]()))


def test_numbers_of_pieces_fit_the_schema_in_their_places_alone():
    piece = json.loads(small_file("II", 1)[1])
    for field in ("predictor", "radius", "uniqueness", "eigenvalue_lower", "inner_upper"):
        assert not VALIDATOR.is_valid(piece | {field: piece[field] | {"E": "1"}})
        for name in ("A", "t", "w"):
            fewer = {x: y for x, y in piece[field].items() if x != name}
            assert fewer == piece[field] or not VALIDATOR.is_valid(piece | {field: fewer})
    for wrong in ({"h": ["0"]}, {"inner_upper": {"w": ["2", "-1"]}}, {"loss": ["0", 1]}):
        assert not VALIDATOR.is_valid(piece | wrong)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("saddle, line 2", {"negative_upper": -1}),
        ("splits, line 2", {"splits": {"w t 0": ["-1", "0"]}}),
        ("further minimum, line 1", {"unknowns": ["A", "B", "C", "D", "F"]}),
        ("further minimum, line 2", {"eigenvalue_lower": {"t": "1"}}),
        ("halving", {"along": "m"}),
        ("no_line", {"r": ["0"]}),
        ("rectangle", {"special_rows": "3"}),
        ("rectangle", {"predictor": {x: ["0", "1"] for x in "ABCDFG"}}),
    ],
)
def test_numbers_of_other_lines_fit_the_schema_in_their_places_alone(name, wrong):
    assert not VALIDATOR.is_valid(json.loads(FORMATS[name]()) | wrong)


@pytest.mark.parametrize("name", FORMATS)
def test_a_field_too_many_or_too_few_does_not_fit(name):
    fields = json.loads(FORMATS[name]())
    fields.pop("norm_gap", None)  # of one family alone
    if fields["statement"] != "erf_minimum":
        fields.pop("outputs", None)  # of outputs of either sign alone
    for optional in ("slope", "absent"):  # of other networks alone
        fields.pop(optional, None)
    fields.pop("plateaus", None)  # of neurons that have one
    assert not VALIDATOR.is_valid({**fields, "note": "1"})
    for field in fields:
        assert not VALIDATOR.is_valid({key: fields[key] for key in fields if key != field})


def test_schema_and_checker_know_the_same_statements():
    VALIDATOR.check_schema(SCHEMA)
    said = [form["properties"]["statement"] for form in SCHEMA["oneOf"]]
    statements = {name for one in said for name in one.get("enum", [one.get("const")])}
    of_every_k = {"family_for_every_k", "piece", "further_minimum_for_every_k"}
    assert statements == (
        set(check.CHECKS)
        | of_every_k
        | set(check_saddles.STATEMENTS)
        | set(EVERY_M)
        | set(check_conjecture12.CHECKS)
        | set(check_persistence.CHECKS)
    )
    assert set(CONJECTURE_12) == set(check_conjecture12.CHECKS)
    quantities = SCHEMA["oneOf"][3]["properties"]["quantity"]["enum"]
    assert quantities == list(Quantity)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0x1.8p-1", Fraction(3, 4)),
        ("-0x0.0p+0", Fraction(0)),
        ("-0x3p4", Fraction(-48)),
        ("1.25E-2", Fraction(1, 80)),
        ("-7/3", Fraction(-7, 3)),
        ("0x1.00000000000000000001p0", 1 + Fraction(1, 16**20)),
    ],
)
def test_numbers_are_read_exactly(text, value):
    assert check.rational(text) == value


def test_a_split_goes_with_its_own_minimum():
    minimum = family_minimum(7)
    saddle = certify_saddle(minimum.W, minimum.V, 0)
    with pytest.raises(ValueError, match="another minimum"):
        minimum_line(minimum, [saddle])
    with pytest.raises(ValueError, match="another minimum"):
        minimum_line(minimum, plateaus=plateaus_of(minimum_in_the_plane()))
