"""The checker of II_1 with one neuron more: its formulas, what it proves, what it refuses."""

import json
import subprocess
import sys
from functools import cache

import mpmath
import numpy as np
import pytest
from flint import arb, arb_series, ctx

from helpers_every_k import BITS, DIGITS, generalised_eigenvalues
from relu_landscape.certificates.check_every_k import Place, Refused
from relu_landscape.certificates.check_one_more import (
    check_further_minimum_for_every_k,
    checked,
    network_with_short_row,
    off_span_forms,
    residual_with_short_row,
    span_forms_with_short_row,
)
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k import (
    certify_further_minimum_for_all_k,
    further_minimum_for_every_k_lines,
)
from relu_landscape.every_k.branch import solve_at
from relu_landscape.every_k.split_special_forms import forms_with_split_special_row
from relu_landscape.every_k.split_special_row import (
    II_WITH_SPLIT_SPECIAL_ROW,
    LIMIT,
    residual_with_split_special_row,
    with_split_special_row_at,
)


@cache
def lines():
    return further_minimum_for_every_k_lines(certify_further_minimum_for_all_k(10**6))


@pytest.fixture
def four_terms():
    before, ctx.cap = ctx.cap, 4
    with precision(BITS), mpmath.workdps(DIGITS):
        yield
    ctx.cap = before


def both_networks(k):
    """The same students, near the branch and no critical point, for the package and the checker."""
    h, point = 0.0, list(LIMIT)
    while h < k**-0.5:
        h = min(h + 0.005, k**-0.5)
        point, _ = solve_at(II_WITH_SPLIT_SPECIAL_ROW, h, point)
    moves = np.random.default_rng(k).normal(scale=0.03, size=7)
    unknowns = [arb(x + float(move)) for x, move in zip(point, moves, strict=True)]
    place = Place(arb(k).rsqrt(), arb(k).rsqrt(), 1, True)
    series = {
        name: arb_series([value], 1)
        for name, value in zip(II_WITH_SPLIT_SPECIAL_ROW.unknowns, unknowns, strict=True)
    }
    package = with_split_special_row_at(arb(k).rsqrt(), unknowns)
    return package, network_with_short_row(place, series)


@pytest.mark.usefixtures("four_terms")
@pytest.mark.parametrize("k", [7, 1000])
def test_equations_are_those_of_the_package(k):
    package, mine = both_networks(k)
    pairs = zip(
        residual_with_split_special_row(package), residual_with_short_row(mine), strict=True
    )
    for known, found in pairs:
        assert abs(found[0] - known) < arb("1e-35")
        assert abs(known) > 1e-3


@pytest.mark.usefixtures("four_terms")
@pytest.mark.parametrize("k", [7, 1000])
def test_forms_have_the_eigenvalues_of_the_package(k):
    package, mine = both_networks(k)
    known = sorted(
        (form.name, value)
        for form in forms_with_split_special_row(package)
        for value in generalised_eigenvalues(form.form.matrix, form.gram.matrix)
    )
    found = sorted(
        (name, value)
        for forms in (span_forms_with_short_row(mine), off_span_forms(mine))
        for name, _, *matrices in forms
        for value in generalised_eigenvalues(
            *([[x[0] for x in row] for row in matrix] for matrix in matrices)
        )
    )
    for (name, value), (same, other) in zip(found, known, strict=True):
        assert name == same
        assert abs(value - other) < mpmath.mpf("1e-30") * abs(other)


def test_it_proves_what_the_package_proves(tmp_path):
    path = tmp_path / "further_minimum.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8")
    said = check_further_minimum_for_every_k(path)
    assert said.startswith(
        "for every k >= 1000000 and d >= k: II_1 with one neuron more is a spurious"
    )


def changed(number, change):
    found = [json.loads(line) for line in lines()]
    change(found[number])
    return [json.dumps(x) for x in found]


def raised(name):
    def change(line):
        line["eigenvalue_lower"][name] = str(float(line["eigenvalue_lower"][name]) * 1.2)

    return change


def moved(line):
    first, *rest = line["predictor"]["G"]
    line["predictor"]["G"] = [(float.fromhex(first) + 1e-3).hex(), *rest]


@pytest.mark.parametrize(
    ("number", "change", "reason"),
    [
        *((1, raised(name), f"eigenvalue_lower of {name}") for name in ("t", "s_p", "off_span")),
        (1, moved, "critical point"),
        (1, lambda line: line["radius"].update(F="0x1p-90"), "within radius"),
        (1, lambda line: line["eigenvalue_lower"].pop("y_p"), "fields of eigenvalue_lower"),
        (0, lambda line: line.update(least_k="900000"), "do not reach least_k"),
        (0, lambda line: line.update(least_k="4"), "least_k must be from 5"),
        (0, lambda line: line.update(statement="saddle_for_every_k"), "unknown statement"),
        (0, lambda line: line.update(family="I"), "unknown family"),
    ],
)
def test_false_lines_are_refused(monkeypatch, number, change, reason):
    # No part of a false line is true: one attempt is enough.
    monkeypatch.setattr("relu_landscape.certificates.check_every_k.MOST_HALVINGS", 1)
    with pytest.raises(Refused, match=reason):
        list(checked(changed(number, change)))


def test_a_file_that_lost_its_end_is_refused():
    with pytest.raises(Refused, match="do not reach least_k"):
        list(checked(lines()[:1]))


def test_it_runs_as_a_program(tmp_path):
    path = tmp_path / "further_minimum.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    command = [sys.executable, "-m", "relu_landscape.certificates.check_one_more", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "further_minimum.jsonl:1: REFUSED" in done.stdout
