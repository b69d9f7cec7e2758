"""The checker of saddles for every k: its statements, and what it refuses."""

import ast
import json
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from doctored_saddles import LEAST_K, STATEMENTS, is_accepted, sound_file, try_doctored
from relu_landscape.certificates import check_every_k, check_saddles


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_the_package_proves_is_proved_again(statement):
    said = list(check_saddles.checked(sound_file(statement)))
    assert len(said) == len(sound_file(statement)) + 1
    assert said[-1].startswith(f"for every k >= {LEAST_K} and d >= k: ")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_doctored_lines_are_refused(statement):
    kinds, accepted = try_doctored(statement, 12)
    assert accepted == []
    assert len(kinds) > 2


@pytest.mark.parametrize("statement", STATEMENTS)
def test_other_headers_are_other_statements(statement):
    lines = list(sound_file(statement))
    header = json.loads(lines[0])
    rows = "further_rows" if statement == "saddle" else "special_rows"
    for field, values in {
        "statement": ["family_for_every_k", "piece", None, ["saddle_for_every_k"]],
        "family": ["I", "B", None],
        rows: [0, 2, True, "1"],
        "least_k": ["4.999", 100, None, "1e99"],
        "bits": [52, 5000, None],
        "unknowns": [[], ["A", "B"], "ABF", None],
    }.items():
        for value in values:
            assert not is_accepted([json.dumps(header | {field: value}), *lines[1:]])
    for wrong in ([], ["{}"], ["[]"], lines[:1], lines[:-1]):
        assert not is_accepted(wrong)


def test_statements_that_say_less_are_shown():
    header, *pieces = map(json.loads, sound_file("saddle"))
    for piece in pieces:
        lower = {name: str(Fraction(x) / 2) for name, x in piece["eigenvalue_lower"].items()}
        piece |= {"eigenvalue_lower": lower, "negative_upper": "-0.001"}
    assert is_accepted(list(map(json.dumps, (header, *pieces))))


def ended(paths):
    return check_every_k.main("check_saddles", check_saddles.checked, paths)


def test_command_says_what_holds_and_what_does_not(tmp_path, capsys):
    lines = sound_file("saddle")
    good, short = tmp_path / "good.jsonl", tmp_path / "short.jsonl"
    good.write_text("\n".join(lines), encoding="utf-8")
    short.write_text("\n".join(lines[:-1]), encoding="utf-8")
    assert "saddle of index k - 1" in check_saddles.check_saddles_for_every_k(good)
    assert ended([str(good)]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith(f"{good}:2: ok: h from 0 to ")
    assert ended([str(short)]) == 1
    assert "pieces do not reach least_k" in capsys.readouterr().out.splitlines()[-1]
    assert ended([]) == 2
    assert "certificates.check_saddles FILE" in capsys.readouterr().err
    with pytest.raises(TypeError, match="must be a string or a Path"):
        check_saddles.check_saddles_for_every_k(3)


def test_checker_shares_code_with_the_other_checker_alone():
    tree = ast.parse(Path(check_saddles.__file__).read_text(encoding="utf-8"))
    names = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    outside = names - set(sys.stdlib_module_names) - {"collections.abc"}
    assert outside == {"flint", "relu_landscape.certificates.check_every_k"}
