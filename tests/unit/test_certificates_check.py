"""The checker: accepts what is true, in any harmless form, and nothing that is false."""

import ast
import json
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from helpers_certificates import family_line, family_minimum, signed_minimum
from relu_landscape.certificates import (
    Quantity,
    Refused,
    certify_global_minimum,
    certify_inequality,
    check,
    check_certificate,
    check_line,
    file_text,
    global_minimum_line,
    inequality_line,
    minimum_line,
    spread_pair,
    tilted_pair,
    witness,
)
from relu_landscape.certificates.check import certificates_in
from relu_landscape.minima import inner_hessian
from relu_landscape.objective import population_gradient, population_hessian, population_loss

SOURCE = Path(check.__file__)
SMALL = [(6, 0), (7, 1)]
FEWER = "a minimum is stated as spurious where k outputs are 1, else as strict"
NO_CRITICAL_POINT = "no critical point in the box: the gradient is too large"
NOT_POSITIVE = "radius and hessian_lower must be positive"
NOT_A_MINIMUM = "Hessian over the box: an eigenvalue is not above"
LOSS, NORMS = "the loss is not enclosed", "the sum of norms is not enclosed"
MAY_BE_ZERO = "a neuron may be zero"
NOT_NEGATIVE = "curvature_upper and slope_upper must be negative"
NO_JSON, NO_NUMBER = "not JSON", "is not a number"


def changed(line, **fields):
    """The line with other values in some fields."""
    return json.dumps({**json.loads(line), **fields})


def with_entry(line, i, a, value):
    """The line with another weight of a neuron."""
    W = json.loads(line)["W"]
    W[i][a] = value
    return changed(line, W=W)


def with_split(line, place, **fields):
    """The line with other values in a split."""
    splits = json.loads(line)["splits"]
    splits[place] = {**splits[place], **fields}
    return changed(line, splits=splits)


def assert_refused(lines, reason):
    """Refused for this reason: what is refused on the way there tests nothing beyond it."""
    for line in lines:
        with pytest.raises(Refused, match=re.escape(reason)):
            check_line(line)


def assert_each_refused(lines):
    """The same, for reasons and the lines of each."""
    for reason, refused in lines.items():
        assert_refused(refused, reason)


@cache
def other_lines():
    """Lines of the other statements."""
    half, hundredth = Fraction(1, 2), Fraction(1, 100)
    tilted, spread = (make(4, 3, 3, half, hundredth) for make in (tilted_pair, spread_pair))
    inequalities = [
        certify_inequality(Quantity.HESSIAN_FORM, tilted),
        certify_inequality(Quantity.ONE_POINT_GRADIENT, spread),
        certify_inequality(Quantity.ONE_POINT_HESSIAN, spread),
        certify_inequality(Quantity.PL_RATIO, spread),
        certify_inequality(Quantity.CONJECTURE12_GAP, witness("one_neuron", hundredth)),
        certify_inequality(Quantity.CONJECTURE12_GAP, witness("two_unequal", hundredth)),
    ]
    return [
        *map(inequality_line, inequalities),
        *(global_minimum_line(certify_global_minimum(k)) for k in (2, 3, 8, 20, 1000)),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("k", "extra"),
    [
        *SMALL,
        *((7, 0), (8, 0), (9, 0), (12, 0), (8, 1), (12, 1)),
        *(pytest.param(*size, marks=pytest.mark.slow) for size in ((16, 0), (20, 0), (19, 1))),
    ],
)
def test_minima_are_accepted(k, extra):
    said = check_line(family_line(k, extra))
    assert f"spurious minimum n={k + extra} k={k}" in said
    assert f"splits of {k + extra} neurons" in said


def test_other_statements_are_accepted():
    said = [check_line(line) for line in other_lines()]
    assert len(said) == 11
    assert "global minimum n=k=1000" in said[-1]


def harmless_rewrites(line):
    fields = json.loads(line)
    exact = [[str(Fraction(float.fromhex(x))) for x in row] for row in fields["W"]]
    decimal = [[str(Decimal(float.fromhex(x))) for x in row] for row in fields["W"]]
    W = [[float.fromhex(x) for x in row] for row in fields["W"]]
    yield json.dumps(fields, indent=None, separators=(" , ", " : ")) + "  "
    yield json.dumps(dict(reversed(fields.items())))
    yield changed(line, W=exact)
    yield changed(line, W=decimal)
    # What follows from the centre and from mu follows with a little less.
    farther = changed(line, location_radius="1e-12")
    yield farther
    yield with_entry(farther, 0, 0, np.nextafter(W[0][0], 2).hex())
    yield changed(
        farther,
        hessian_lower=str(0.9 * float(fields["hessian_lower"])),
        convexity_radius=str(0.8 * float(fields["convexity_radius"])),
    )
    yield changed(line, loss_lower="1e-3", loss_upper="1/2")
    yield changed(line, norm_sum_lower="1", norm_sum_upper="100")
    yield changed(line, location_radius="1e-8", convexity_radius="1e-7")
    yield changed(line, bits=200)
    yield changed(line, radius=str(Fraction(float.fromhex(fields["radius"])) / 2))
    yield changed(line, splits=[])
    yield changed(line, splits=fields["splits"][::-1])
    yield with_split(line, 0, curvature_upper="-1e-9", slope_upper="-1/1000000000")
    identity = [[str(int(a == j)) for a in range(fields["d"])] for j in range(fields["k"])]
    yield changed(line, V=identity)
    for permutation in (np.roll(np.arange(fields["n"]), 1), np.arange(fields["n"])[::-1]):
        yield changed(line, W=[fields["W"][i] for i in permutation], splits=[])


@pytest.mark.parametrize(("k", "extra"), SMALL)
def test_harmless_rewrites_are_accepted(k, extra):
    for line in harmless_rewrites(family_line(k, extra)):
        check_line(line)


@pytest.mark.slow
@pytest.mark.parametrize(("k", "extra"), SMALL)
def test_a_wrong_digit_of_the_centre_is_refused(k, extra):
    # F is strictly convex within convexity_radius of the centre: a box moved by less than that
    # and by more than its size holds no critical point.
    minimum = family_minimum(k, extra)
    shift = 1e-6
    assert minimum.radius < shift / 2 < float(minimum.convexity_radius) / 4
    line = family_line(k, extra)
    moved = [
        with_entry(line, i, a, float(minimum.W[i, a] + shift).hex())
        for i, a in np.ndindex(minimum.W.shape)
    ]
    assert_refused(moved, NO_CRITICAL_POINT)


@pytest.mark.parametrize(("k", "extra"), SMALL)
def test_a_swapped_sign_of_the_centre_is_refused(k, extra):
    minimum, line = family_minimum(k, extra), family_line(k, extra)
    for i, a in list(np.ndindex(minimum.W.shape))[:: k - 1]:
        W = minimum.W.copy()
        W[i, a] *= -1
        # The gradient is Lipschitz with a constant below n k: no critical point is that close.
        assert np.linalg.norm(population_gradient(W, minimum.V)) > 1e-3
        # The Hessian is looked at first, and it is far from the one that was certified.
        assert_refused([with_entry(line, i, a, float(W[i, a]).hex())], NOT_A_MINIMUM)


@pytest.mark.parametrize(("k", "extra"), SMALL)
def test_false_bounds_are_refused(k, extra):
    minimum, line = family_minimum(k, extra), family_line(k, extra)
    W, V = minimum.W, minimum.V
    smallest = np.linalg.eigvalsh(population_hessian(W, V))[0]
    wide = population_hessian(*(np.pad(rows, [(0, 0), (0, 1)]) for rows in (W, V)))
    n, d = W.shape
    off = np.linalg.eigvalsh(wide.reshape(n, d + 1, n, d + 1)[:, d, :, d])[0]
    loss, norms = population_loss(W, V), np.linalg.norm(W, axis=1)
    off_span = "Hessian off the span: an eigenvalue is not above"
    outside = "convexity_radius must be in (0, min |w_i|)"
    numbers = [
        ({"hessian_lower": smallest + 1e-9}, NOT_A_MINIMUM),
        ({"hessian_lower": 1.01 * smallest}, NOT_A_MINIMUM),
        ({"hessian_lower": 2}, NOT_A_MINIMUM),
        ({"hessian_lower": 0}, NOT_POSITIVE),
        ({"hessian_lower": -smallest}, NOT_POSITIVE),
        ({"orthogonal_hessian_lower": off + 1e-9}, off_span),
        ({"orthogonal_hessian_lower": -off}, "orthogonal_hessian_lower must be positive"),
        ({"loss_lower": loss + 1e-10}, LOSS),
        ({"loss_upper": loss - 1e-10}, LOSS),
        ({"loss_lower": 0}, "loss_lower must be positive"),
        ({"loss_lower": -loss}, "loss_lower must be positive"),
        ({"loss_lower": 2 * loss, "loss_upper": 3 * loss}, LOSS),
        ({"norm_sum_lower": norms.sum() + 1e-6}, NORMS),
        ({"norm_sum_upper": norms.sum() - 1e-6}, NORMS),
        ({"location_radius": 1e-40}, "location_radius is too small"),
        ({"location_radius": -1e-14}, "location_radius is too small"),
        ({"convexity_radius": 1.2 * float(minimum.convexity_radius)}, "is too large"),
        ({"convexity_radius": 2 * float(minimum.convexity_radius)}, "is too large"),
        ({"convexity_radius": norms.min() + 1e-6}, outside),
        ({"convexity_radius": 10}, outside),
        ({"convexity_radius": 0}, outside),
        ({"convexity_radius": -1e-4}, outside),
        ({"radius": norms.min() + 1e-6}, MAY_BE_ZERO),
        ({"radius": 5}, MAY_BE_ZERO),
        ({"radius": 0}, NOT_POSITIVE),
        ({"radius": -minimum.radius}, NOT_POSITIVE),
        ({"radius": 1e-30}, NO_CRITICAL_POINT),
    ]
    for false, reason in numbers:
        texts = {name: repr(float(x)) for name, x in false.items()}
        assert_refused([changed(line, **texts)], reason)


@pytest.mark.slow
@pytest.mark.parametrize(("k", "extra"), SMALL)
def test_false_splits_are_refused(k, extra):
    minimum, line = family_minimum(k, extra), family_line(k, extra)
    for i in (0, k - 1):
        inner = np.linalg.eigvalsh(inner_hessian(minimum.W, minimum.V, i))
        along = [float(x).hex() for x in minimum.W[i]]
        splits = [
            ({"curvature_upper": repr(float(inner[0] - 1e-9))}, f"curvature of neuron {i} not"),
            ({"curvature_upper": "0"}, NOT_NEGATIVE),
            ({"curvature_upper": "0.1"}, NOT_NEGATIVE),
            ({"direction": along}, f"curvature of neuron {i} not shown"),  # H'_ii w_i = 0
            ({"direction": ["0"] * k}, f"curvature of neuron {i} not shown"),
            ({"direction": along[1:]}, f"direction must have {k} entries"),
            ({"slope_upper": "-1"}, f"slope of neuron {i} not shown"),
            ({"slope_upper": "1"}, NOT_NEGATIVE),
            ({"growth": along}, f"slope of neuron {i} not shown"),  # the slope at w_i is 0
            ({"growth": ["0"] * k}, MAY_BE_ZERO),
            ({"neuron": k + extra}, f"no neuron {k + extra}"),
            ({"neuron": -1}, "neuron must be an integer"),
            ({"neuron": True}, "neuron must be an integer"),
        ]
        for false, reason in splits:
            assert_refused([with_split(line, i, **false)], reason)


@pytest.mark.parametrize(("k", "extra"), SMALL)
def test_another_problem_is_refused(k, extra):
    line = family_line(k, extra)
    n = k + extra
    W = json.loads(line)["W"]
    taught = [[str(2 * int(a == j)) for a in range(k)] for j in range(k)]
    others = [
        (changed(line, n=n - 1), f"W must have {n - 1} rows" if extra else FEWER),
        (changed(line, n=n + 1), f"W must have {n + 1} rows"),
        (changed(line, k=k - 1), NO_CRITICAL_POINT),
        (changed(line, k=k + 1), "teachers do not fit" if extra else FEWER),
        (changed(line, d=k - 1), f"a row of W must have {k - 1} entries"),
        (changed(line, d=k + 1), f"a row of W must have {k + 1} entries"),
        (changed(line, k=k + 1, n=n + 1, d=k + 1), f"W must have {n + 1} rows"),
        (changed(line, W=W[1:]), f"W must have {n} rows"),
        (changed(line, W=[*W, W[0]], n=n + 1), NOT_A_MINIMUM),
        (changed(line, V=taught), NOT_A_MINIMUM),
        (changed(line, V="unit"), f"V must have {k} rows"),
        (changed(line, statement="global_minimum"), "fields differ from the format"),
        (changed(line, statement="nonsense"), "unknown statement"),
        (changed(line, statement=["spurious_minimum"]), "unknown statement"),
    ]
    for other, reason in others:
        assert_refused([other], reason)


def test_false_outputs_are_refused():
    """Lines without outputs say what they said before, and those with other outputs are false."""
    line = minimum_line(signed_minimum())
    assert "outputs" not in json.loads(family_line(7))
    assert check_line(changed(family_line(7), outputs=[1] * 7)) == check_line(family_line(7))
    without = {name: value for name, value in json.loads(line).items() if name != "outputs"}
    others = [json.dumps(without)]
    others += [changed(line, outputs=[-1 if j == i else 1 for j in range(8)]) for i in range(7)]
    assert_refused(others, NOT_A_MINIMUM)
    assert_refused([changed(line, outputs=[-1, -1, *[1] * 6])], FEWER)
    wrong = [[1] * 7 + [x] for x in (-2, 0, True, "-1", -1.0)]
    assert_refused([changed(line, outputs=x) for x in wrong], "outputs must be 1 or -1")
    assert_refused([changed(line, outputs=[-1])], "outputs must have 8 entries")
    inequality = other_lines()[0]
    assert_refused([changed(inequality, outputs=[1])], "fields differ from the format")


def test_spoilt_text_is_refused():
    line = family_line(7)
    fields = json.loads(line)
    truncated = [line[:end] for end in np.linspace(0, len(line) - 1, 40).astype(int)]
    without = [json.dumps({x: fields[x] for x in fields if x != name}) for name in fields]
    no_bits = "bits must be an integer"
    assert_each_refused(
        {
            NO_JSON: [*truncated, line + line, line + "}", "[" * 100_000],
            "must be a JSON object": ["[]", "null"],
            "statement or bits is missing": without[:2],
            "fields differ from the format": [*without[2:], changed(line, note="more")],
            "a field occurs twice": [line[:-1] + ',"bits":96}'],
            no_bits: [changed(line, bits=x) for x in (10, "96", 96.0, True)],
            "bits must be at most": [changed(line, bits=10**9)],
            "splits must be a list": [changed(line, splits=None)],
            "a split must have fields": [changed(line, splits=[None])],
            "n must be an integer": [changed(line, n=7.0)],
            NO_NUMBER: [
                *(with_entry(line, 0, 0, x) for x in (0.9969, None, "nan", "inf", "")),
                *(with_entry(line, 0, 0, x) for x in ("0x1.gp0", "1/0", "one")),
                *(changed(line, hessian_lower=x) for x in (0.01, float("nan"), "nan", "inf")),
                *(changed(line, hessian_lower=x) for x in ([], "")),
            ],
            "is too large or too small": [
                with_entry(line, 0, 0, "1e999999999"),
                with_entry(line, 0, 0, "0x1p-5001"),
                changed(line, hessian_lower="1e9999"),
            ],
        }
    )


def test_other_false_statements_are_refused():
    lines = other_lines()
    for line in lines[:6]:
        fields = json.loads(line)
        upper = Fraction(fields["upper"])
        n, d = fields["n"], fields["d"]
        negative = [["-1", *row[1:]] for row in fields["minimum"]]
        halved = [[str(Fraction(x) / 2) for x in row] for row in fields["minimum"]]
        assert_each_refused(
            {
                f"{fields['quantity']} is not shown to be <=": [
                    changed(line, upper=str(upper - abs(upper) / 10**9)),
                    changed(line, upper=str(-2 * abs(upper))),
                    changed(line, W=fields["minimum"]),
                ],
                "W is not that close to the minimum": [
                    changed(line, distance_upper="0"),
                    changed(line, distance_upper=str(Fraction(fields["distance_upper"]) / 2)),
                    changed(line, distance_upper="-1"),
                ],
                "unknown quantity": [changed(line, quantity="nonsense")],
                "a row is no multiple of a teacher": [
                    changed(line, minimum=fields["W"]),
                    changed(line, minimum=[["0"] * d] * n),
                ],
                "a row is not a positive multiple": [changed(line, minimum=negative)],
                "multiples of a teacher do not add up to one": [changed(line, minimum=halved)],
                f"W must have {n} rows": [changed(line, W=fields["W"][1:])],
                "teachers do not fit": [changed(line, k=d + 1)],
                "bits must be an integer": [changed(line, bits=40)],
            }
        )
    for line, reason in ((lines[0], "a Hessian form says"), (lines[4], "a gap says")):
        assert_refused([changed(line, upper="0"), changed(line, upper="1")], reason)
    gap = changed(lines[1], quantity="conjecture12_gap", upper="-1e-9")
    assert_refused([gap], "Conjecture 12 has w*_ij = v_i/m")
    not_convex = "strong convexity within radius not shown"
    for line in lines[6:]:
        lower, upper = json.loads(line)["eigenvalue_lower"], json.loads(line)["eigenvalue_upper"]
        assert_each_refused(
            {
                "eigenvalue_lower is too large": [changed(line, eigenvalue_lower=upper)],
                "eigenvalue_upper is too small": [changed(line, eigenvalue_upper=lower)],
                not_convex: [changed(line, hessian_lower=upper)],
                "hessian_lower must be positive": [
                    changed(line, hessian_lower=x) for x in ("0", "-0.1")
                ],
                "radius must be in (0, 1/4)": [
                    changed(line, radius=x) for x in ("0.3", "0.25", "1", "0", "-0.01")
                ],
                "k must be an integer": [changed(line, k=x) for x in (1, 0, "2")],
            }
        )
    # Measured: at k = 20 the Hessian is singular somewhere at distance .118 of V.
    too_far = [changed(lines[9], radius="0.12"), changed(lines[9], k=10**6)]
    assert_refused(too_far, not_convex)


def main(paths):
    return check.main("check", check.check_line, paths)


def test_files_and_the_command_line(tmp_path, capsys):
    good, bad, none = (tmp_path / name for name in ("good.jsonl", "bad.jsonl", "none.jsonl"))
    good.write_text(file_text([family_line(6), *other_lines()]), encoding="utf-8")
    bad.write_text(
        file_text([family_line(6), changed(family_line(7), k=6), family_line(8)]), encoding="utf-8"
    )
    none.write_text(file_text([]), encoding="utf-8")
    assert len(check_certificate(good)) == 12
    with pytest.raises(Refused, match=NO_CRITICAL_POINT):
        check_certificate(bad)
    assert check_certificate(none) == []
    assert main([str(good), str(none)]) == 0
    assert capsys.readouterr().out.splitlines()[12:] == [f"{none}: ok: claims nothing"]
    assert main([str(good), str(bad), str(good)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 14
    assert "bad.jsonl:2: REFUSED" in said[-1]
    assert main([str(tmp_path / "missing.jsonl")]) == 1
    assert main([]) == 2


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_file_cut_anywhere_is_refused(number, tmp_path, capsys):
    """Also where nothing, or only whole lines, are left: never as one that claims less."""
    path = tmp_path / "cut.jsonl"
    whole = file_text([json.dumps({"some": "certificate"})] * number)
    for length in range(len(whole) - 1):  # without its very last byte, a line feed, it is whole
        path.write_text(whole[:length], encoding="utf-8")
        with pytest.raises(Refused, match="the end of the file is missing"):
            certificates_in(path)
        assert main([str(path)]) == 1
        assert "cut.jsonl: REFUSED: the end of the file is missing" in capsys.readouterr().out


@pytest.mark.parametrize("counted", [0, 1, 3, 20])
def test_a_file_that_counts_another_number_is_refused(counted, tmp_path):
    path = tmp_path / "flipped.jsonl"
    text = file_text([family_line(6), family_line(7)])
    path.write_text(
        text.replace('{"certificates": 2}', f'{{"certificates": {counted}}}'), encoding="utf-8"
    )
    with pytest.raises(Refused, match=f"counts {counted} certificates, not 2"):
        check_certificate(path)


def test_joined_files_are_refused(tmp_path):
    path = tmp_path / "joined.jsonl"
    path.write_text(file_text([family_line(6)]) + file_text([]), encoding="utf-8")
    with pytest.raises(Refused, match="counts 0 certificates, not 2"):
        check_certificate(path)
    path.write_text(
        file_text([]) + file_text([family_line(6)]).replace(": 1}", ": 2}"), encoding="utf-8"
    )
    with pytest.raises(Refused, match="statement or bits is missing"):
        check_certificate(path)


@pytest.mark.slow
def test_the_checker_stands_alone(tmp_path):
    imported = set()
    for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
    assert imported - set(sys.stdlib_module_names) == {"flint"}
    alone = shutil.copy(SOURCE, tmp_path / "alone.py")
    (tmp_path / "one.jsonl").write_text(file_text([family_line(6)]), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-I", str(alone), str(tmp_path / "one.jsonl")],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "one.jsonl:1: ok: spurious minimum" in ran.stdout
