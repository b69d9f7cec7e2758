"""The checker of points on finite data: alone, and what it takes and refuses."""

import ast
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from helpers_finite_points import PLATEAUS, sound_lines
from relu_landscape.certificates import check_finite_points as check, file_text

SOURCE = Path(check.__file__)


def test_the_checker_stands_alone():
    imported = set()
    for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
    assert imported <= set(sys.stdlib_module_names)


def test_the_program_says_what_is_proved_and_stops_at_a_refusal(tmp_path):
    lines = sound_lines()
    path = tmp_path / "points.jsonl"
    path.write_text(file_text(lines), encoding="utf-8")
    command = [sys.executable, "-m", "relu_landscape.certificates.check_finite_points", str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.count(": ok: ") == len(lines) == len(PLATEAUS) + 2
    assert "2 neurons, loss 0.027885961: no smaller loss within" in done.stdout
    wrong = json.dumps(json.loads(lines[0]) | {"radius": "1"})
    path.write_text(file_text([lines[1], wrong, lines[2]]), encoding="utf-8")
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith(f"{path}:2: REFUSED: neuron 0 may change")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[", "not JSON"),
        ("[]", "a JSON object"),
        ('{"a": 1, "a": 2}', "a field occurs twice"),
        ('{"statement": "finite_maximum"}', "unknown statement 'finite_maximum'"),
        ('{"statement": "finite_saddle", "loss": "0"}', "fields differ from the format"),
    ],
)
def test_what_is_no_certificate_is_refused(text, reason):
    with pytest.raises(check.Refused, match=reason):
        check.check_line(text)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"weights": []}, "weights are no rows"),
        ({"weights": [[]]}, "weights has an empty row"),
        ({"weights": [["1"], ["1", "2"]]}, "the rows of weights differ in length"),
        ({"outputs": [["1"]]}, "weights and outputs differ in number"),
        ({"targets": [["1"]]}, "inputs and targets differ in number"),
        ({"outputs": [["1", "1"]] * 2}, "targets and outputs differ in length"),
        ({"loss": "0.5"}, "'0.5' is not a rational number"),
        ({"loss": "1/0"}, "'1/0' is not a number"),
        ({"loss": "9" * 4500}, "'9+' is not a number"),
        ({"loss": 1}, "a number is no string or too long"),
        ({"loss": ["1", "2"]}, "two parts of a number, and no radicand"),
        ({"radicand": 4}, "the radicand is a square, or"),
    ],
)
def test_what_is_not_written_as_it_should_be_is_refused(change, reason):
    line = json.loads(sound_lines()[0]) | change
    with pytest.raises(check.Refused, match=reason):
        check.check_line(json.dumps(line))


@pytest.mark.parametrize("radius", ["8398/1000000000", "9/1000000000000000"])
def test_the_radius_that_is_said_is_proved(radius):
    said = check.check_line(json.dumps(json.loads(sound_lines()[0]) | {"radius": radius}))
    within = Fraction(said.partition("within ")[2].split()[0])
    assert 0.99 * Fraction(radius) < within <= Fraction(radius)


def test_numbers_beyond_floats_are_said():
    large = "1" + "0" * 400
    line = {
        "statement": "finite_minimum",
        "inputs": [["0", "0"]],
        "weights": [["1", "1"]],
        "targets": [["0"]],
        "outputs": [["1"]],
        "loss": "0",
        "radicand": int(large) + 1,
    }
    said = check.check_line(json.dumps(line | {"radius": large}))
    assert said == "1 neurons, loss 0: no smaller loss within 1.00E+400 of every weight"
    # A float sees no difference of these.
    small = check.Irrational(Fraction(318281039, 225058681), Fraction(-1), 2)
    assert str(check.shown(small, 8)) == "-6.9801293E-18"
