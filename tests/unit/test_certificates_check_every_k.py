"""The checker of certificates for every k: its statements, and what it refuses."""

import ast
import json
import random
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from flint import ctx

from doctored_every_k import NO_NUMBERS, holds, tried
from every_k_members import Theorem, worst
from helpers_check_every_k_edges import changed, small_file
from helpers_check_every_k_lines import text
from relu_landscape.certificates import check_every_k

# --- Doctored lines -----------------------------------------------------------------------------

SAMPLE = 50


@pytest.mark.slow
def test_doctored_lines_are_refused_or_true():
    # 500 of them, of the files of three families: python -m tests.doctored_every_k.
    lines = list(small_file())
    assert holds(lines)
    found = tried(lines, SAMPLE, random.Random(7))
    assert found.wrong == []
    assert 0 < len(found.true) < SAMPLE / 2
    assert min(found.kinds.values()) > 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "path", "value"),
    [
        (0, ("least_k",), "80"),
        (1, ("h", 0), "0x1p-20"),
        (2, ("h", 0), text(1 / 64 + 2.0**-20)),
        (2, ("predictor", "A", 0), text(-1.0)),
        (2, ("radius", "A"), "1e-9"),
        (2, ("uniqueness", "A"), "10000"),
        (2, ("eigenvalue_lower", "t"), "1e9"),
        (2, ("eigenvalue_lower", "off_span"), "0.3"),
        (2, ("inner_upper", "w", 1), "-9"),
        (2, ("loss", 0), "9"),
        (2, ("loss", 1), "0.01"),
    ],
)
def test_what_is_false_is_not_proved_again(number, path, value):
    assert not holds(changed(small_file(), number, path, value))


@pytest.mark.slow
def test_statements_that_say_less_are_shown():
    lines = list(small_file("II", 1))
    data = json.loads(lines[2])
    for name, value in data["eigenvalue_lower"].items():
        data["eigenvalue_lower"][name] = text(0.5 * float.fromhex(value))
    for name, (power, value) in data["inner_upper"].items():
        data["inner_upper"][name] = [power, text(0.5 * float.fromhex(value))]
    data["radius"]["A"] = text(2 * float.fromhex(data["radius"]["A"]))
    data["uniqueness"]["B"] = text(0.9 * float.fromhex(data["uniqueness"]["B"]))
    data["loss"] = [text(1e-9), "17"]
    lines[2] = json.dumps(data)
    assert "for every k >= 100" in list(check_every_k.checked(lines))[-1]


@pytest.mark.slow
def test_other_families_and_numbers_of_rows_are_other_statements():
    lines = list(small_file("II", 1))
    header = json.loads(lines[0])
    for field, values in {
        "family": ["I", "A", "B", None, ["II"], 3],
        "special_rows": [0, 2, 3, -1, "1", True, None, 10**6],
        "loss_power": [0, 2, "1", True],
        "bits": [52, 5000, "128", None, -1],
        "unknowns": [[], ["A"], ["A", "B", "C", "F", "D"], "ABCDF", None],
        "statement": ["family", None, "piece"],
        "least_k": ["0", "-9", "4.999", 100, None, "nan", "1e99"],
    }.items():
        for value in values:
            new = [json.dumps(header | {field: value}), *lines[1:]]
            with pytest.raises(check_every_k.Refused):
                list(check_every_k.checked(new))


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "null", "3", '"piece"', "[" * 10**5, '{"a": 1, "a": 2}', "{}", "NaN"]
)
def test_what_is_no_line_is_refused(line):
    lines = list(small_file())
    for number in range(2):
        with pytest.raises(check_every_k.Refused):
            list(check_every_k.checked([*lines[:number], line, *lines[number + 1 :]]))


@pytest.mark.parametrize(
    ("given", "number"),
    [("0x1.8p-3", Fraction(3, 16)), ("-0x10p+1", -32), ("0.0213", Fraction(213, 10**4)),
     ("8.7E-15", Fraction(87, 10**16)), ("272/1000", Fraction(34, 125)), ("6", 6)],
)  # fmt: skip
def test_numbers_are_exact(given, number):
    assert check_every_k.rational(given) == number


@pytest.mark.parametrize("given", NO_NUMBERS, ids=repr)
def test_what_is_no_number_is_refused(given):
    with pytest.raises(check_every_k.Refused):
        check_every_k.rational(given)


@pytest.mark.slow
def test_precision_is_put_back_and_does_not_matter(monkeypatch):
    monkeypatch.setattr(ctx, "prec", 64)
    monkeypatch.setattr(ctx, "cap", 1)
    lines = list(small_file())
    assert "for every k >= 100" in list(check_every_k.checked(lines))[-1]
    with pytest.raises(check_every_k.Refused):
        list(check_every_k.checked(changed(lines, 2, ("loss", 0), "9")))
    assert (ctx.prec, ctx.cap) == (64, 1)


# --- Files --------------------------------------------------------------------------------------


def ended(paths):
    return check_every_k.main("check_every_k", check_every_k.checked, paths)


@pytest.mark.slow
def test_command_says_what_holds_and_what_does_not(tmp_path, capsys):
    lines, good, bad = small_file(), tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text("\n".join(lines) + "\n", encoding="utf-8")
    bad.write_text("\n".join(changed(lines, 2, ("loss", 0), "9")), encoding="utf-8")
    short = tmp_path / "short.jsonl"
    short.write_text("\n".join(lines[:-1]), encoding="utf-8")
    assert "for every k >= 100" in check_every_k.check_family_for_every_k(good)
    assert ended([str(good)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(lines) + 1
    assert said[1].startswith(f"{good}:2: ok: h from 0 to ")
    assert said[-1].startswith(f"{good}: ok: family A: for every k >= 100 ")
    assert ended([str(bad), str(good)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"{bad}:3: REFUSED: loss is not enclosed"
    assert ended([str(short)]) == 1
    assert "pieces do not reach least_k" in capsys.readouterr().out.splitlines()[-1]
    assert ended([str(tmp_path / "none")]) == 1
    assert "REFUSED" in capsys.readouterr().out
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xff")
    assert ended([str(tmp_path / "bytes")]) == 1
    (tmp_path / "empty").write_bytes(b"")
    assert ended([str(tmp_path / "empty")]) == 1
    assert ended([]) == 2
    assert "usage" in capsys.readouterr().err
    with pytest.raises(TypeError, match="must be a string or a Path"):
        check_every_k.check_family_for_every_k(3)


def test_checker_stands_alone():
    tree = ast.parse(Path(check_every_k.__file__).read_text(encoding="utf-8"))
    names = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names - set(sys.stdlib_module_names) - {"collections.abc"} == {"flint"}


# --- One k at a time ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("family", "m"), [("A", 0), ("II", 1), ("I", 2)])
def test_minima_proved_at_one_k_lie_on_the_branch(family, m):
    # Every k up to 10,000: python -m tests.every_k_members.
    lines = list(small_file(family, m))
    shares = worst(Theorem(lines), [100, 777, 10_000])
    assert shares.keys() == {"location", "loss", "norms", "curvature"}
    assert max(share for share, _ in shares.values()) < 1
    highest = json.loads(lines[3])["loss"][1]
    for path, value, quantity in (
        (("predictor", "A", 0), text(-3.0), "location"),
        (("loss", 0), text(0.99 * float.fromhex(highest)), "loss"),
        (("eigenvalue_lower", "off_span"), "1", "curvature"),
    ):
        found = worst(Theorem(changed(lines, 3, path, value)), [100])
        assert [name for name, (share, _) in found.items() if share > 1] == [quantity]
