"""The checker of certificates for every k: its formulas, its statements, what it refuses."""

import ast
import json
import random
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from flint import arb, ctx

from helpers_check_every_k import FORMULA_COMPARISONS
from helpers_check_every_k_edges import EDGE_COMPARISONS, changed, proves, small_file
from helpers_check_every_k_identities import IDENTITIES
from helpers_check_every_k_lines import text
from relu_landscape.certificates import certify_family, check_every_k

SLOW = {"losses", "exact_forms"}


@pytest.mark.parametrize(
    "comparison",
    [
        pytest.param(x, id=x.__name__, marks=[pytest.mark.slow] if x.__name__ in SLOW else [])
        for x in (*IDENTITIES, *FORMULA_COMPARISONS)
    ],
)
def test_formulas_are_those_of_dense_networks(comparison, monkeypatch):
    monkeypatch.setattr(ctx, "prec", 128)
    comparison(check_every_k)


@pytest.mark.slow
@pytest.mark.parametrize("comparison", EDGE_COMPARISONS, ids=lambda x: x.__name__)
def test_statements_hold_up_to_their_edges(comparison, monkeypatch):
    monkeypatch.setattr(ctx, "prec", 128)
    comparison(check_every_k)


# --- Doctored lines -----------------------------------------------------------------------------

NO_NUMBERS = ["nan", "inf", "-inf", "NaN", "", "1" * 1001, "1e9999", "0x1p9999", "0x", "1/0", "--1",
              "0x1.8p", None, True, 1.5, 7, [], {}, ["1"], float("nan"), float("inf")]  # fmt: skip


def leaves(data, path=()):
    """Paths of all that is no object or list."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))
    else:
        yield path


def at(data, path):
    for key in path:
        data = data[key]
    return data


def worse(path, value, rng, number, last, least_h=0.1):
    """A number for which the statement is false, or cannot be shown."""
    x = float(Fraction(value)) if "0x" not in value else float.fromhex(value)
    match path:
        case ("eigenvalue_lower", _):
            return rng.choice([1.4 * x, 10 * x, -x, 0.0])
        case ("inner_upper", _, 1):
            return rng.choice([1.4 * x, 10 * x, -x, 0.0])
        case ("loss" | "norm_gap", 0):
            return rng.choice([1.4 * x, -x, 0.0])
        case ("loss" | "norm_gap", 1):
            return rng.choice([0.7 * x, -x, 0.0])
        case ("radius", _):
            return rng.choice([x * 1e-9, 0.0, -x, 11 * x])  # more than uniqueness
        case ("uniqueness", _):
            return rng.choice([x * 1e7, x * 1e-2, -x])
        case ("predictor", _, 0):
            return x + rng.choice([-1, 1]) * rng.choice([3e-3, 1.0, 1e6])
        case ("predictor", _, 1):
            return x + rng.choice([-1, 1]) * rng.choice([2.0, 1e3])
        case ("predictor", _, 2):
            return x + rng.choice([-1, 1]) * rng.choice([500.0, 1e7])
        case ("h", 1) if number == last:  # beyond least_k nothing is claimed
            return rng.choice([0.99 * least_h, 1.01, -x])
        case ("h", _):
            return x + rng.choice([-1, 1]) * rng.choice([1e-9, 1e-3, 1.0])
        case ("least_k",):
            return x - rng.choice([18, 50, 97, 1000])
    raise AssertionError(path)


def doctored(lines, rng):
    """Lines of which one is doctored, and what was done."""
    number = rng.randrange(len(lines))
    data = json.loads(lines[number])
    kind = rng.choice(["number", "number", "number", "no number", "field", "order"])
    path = rng.choice(list(leaves(data)))
    key, parent = path[-1], at(data, path[:-1])
    what = (number, kind, path)
    if kind == "order":
        new = list(lines)
        other = rng.choice([x for x in range(len(lines)) if x != number])
        match rng.randrange(4):
            case 0:
                new[number], new[other] = new[other], new[number]
            case 1:
                del new[number]
            case 2:
                new.insert(other, lines[number])
            case 3:
                new[number] = lines[number][: rng.randrange(len(lines[number]))]
        return new, what
    if kind == "number" and isinstance(parent[key], str) and parent[key][-1:].isdigit():
        parent[key] = text(worse(path, parent[key], rng, number, len(lines) - 1))
    elif kind == "no number":
        parent[key] = rng.choice(
            [x for x in NO_NUMBERS if x is not parent[key] and x != parent[key]]
        )
        if type(at(json.loads(lines[number]), path)) is int and parent[key] == 7:
            parent[key] = "7"
    elif kind == "field" and isinstance(parent, dict) and rng.random() < 0.5:
        parent["further"] = "1"
    else:
        del parent[key]
    new = list(lines)
    new[number] = json.dumps(data)
    return new, what


FILES = [("A", 0, 200), ("II", 1, 80), ("I", 2, 80)]


@pytest.mark.slow
@pytest.mark.parametrize(("family", "m", "count"), FILES, ids=str)
def test_doctored_lines_are_refused(family, m, count):
    rng, lines = random.Random(f"{family}{m}"), list(small_file(family, m))
    assert "for every k >= 100" in list(check_every_k.checked(lines))[-1]
    kinds, accepted = Counter(), []
    for _ in range(count):
        wrong, what = doctored(lines, rng)
        kinds[what[1]] += 1
        if proves(check_every_k, wrong):
            accepted.append(what)
    assert accepted == []
    assert min(kinds.values()) > 5


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


@pytest.mark.slow
def test_command_says_what_holds_and_what_does_not(tmp_path, capsys):
    lines, good, bad = small_file(), tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text("\n".join(lines) + "\n", encoding="utf-8")
    bad.write_text("\n".join(changed(lines, 2, ("loss", 0), "9")), encoding="utf-8")
    short = tmp_path / "short.jsonl"
    short.write_text("\n".join(lines[:-1]), encoding="utf-8")
    assert "for every k >= 100" in check_every_k.check_family_for_every_k(good)
    assert check_every_k.main([str(good)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(lines) + 1
    assert said[1].startswith(f"{good}:2: ok: h from 0 to ")
    assert said[-1].startswith(f"{good}: ok: family A: for every k >= 100 ")
    assert check_every_k.main([str(bad), str(good)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"{bad}:3: REFUSED: loss is not enclosed"
    assert check_every_k.main([str(short)]) == 1
    assert "pieces do not reach least_k" in capsys.readouterr().out.splitlines()[-1]
    assert check_every_k.main([str(tmp_path / "none")]) == 1
    assert "REFUSED" in capsys.readouterr().out
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xff")
    assert check_every_k.main([str(tmp_path / "bytes")]) == 1
    (tmp_path / "empty").write_bytes(b"")
    assert check_every_k.main([str(tmp_path / "empty")]) == 1
    assert check_every_k.main([]) == 2
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


def scaled_unknowns(family, m, k, own, rest):
    """The unknowns of the format at a network."""
    e, u, side = 1 / arb(k), max(m, 1), 1 if family == "II" else -1
    a, b = own[0], rest[0][0]
    A, B = (a - side, b) if family == "II" else (a + 1 - 2 * e, b - 2 * e)
    found = {"A": A / (u * e * e), "B": B / (u * e * e)}
    if m:
        c = rest[0][1] / (1 if family == "II" else u * e)
        found |= {"C": c / e, "D": (own[1] + side) / e, "F": rest[1][0] / e}
    return found | ({"G": rest[1][1] / e} if m > 1 else {})


@pytest.mark.slow
@pytest.mark.parametrize("k", [100, 777, 10_000])
@pytest.mark.parametrize(("family", "m"), [("A", 0), ("II", 1), ("I", 2)])
def test_minima_proved_at_one_k_lie_on_the_branch(family, m, k):
    found = certify_family(family, k, m=m or None)
    header, *lines = map(json.loads, small_file(family, m))
    pieces = [check_every_k.Piece(x, check_every_k.Header(header)) for x in lines]
    [piece] = [x for x in pieces if x.low**2 * k < 1 <= x.high**2 * k]
    h = arb(k).rsqrt() - check_every_k.ball((piece.low + piece.high) / 2)
    x = scaled_unknowns(family, m, k, found.W.own, found.W.rest)
    for name, (a, b, c), radius in zip(
        piece.header.names, piece.predictor, piece.radius, strict=True
    ):
        predicted = sum((check_every_k.ball(y) * h**j for j, y in enumerate((a, b, c))), arb(0))
        assert abs(predicted - x[name]) < check_every_k.ball(radius)
    low, high = piece.ranges["loss"]
    scale = Fraction(k, m) if family == "II" else 1
    assert low <= Fraction(found.loss_lower) * scale
    assert Fraction(found.loss_upper) * scale <= high
    if (family, m) == ("II", 1):
        low, high = piece.ranges["norm_gap"]
        assert low <= (k - Fraction(found.norm_sum_upper)) * k * k
        assert (k - Fraction(found.norm_sum_lower)) * k * k <= high
