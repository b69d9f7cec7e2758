"""The checker of certificates for every m: mistakes in its gradient, and what it refuses."""

import numpy as np
import pytest

from helpers_check_every_m import proves, residuals, small_file
from mutations import Checker, Trial, definitions, mutants
from relu_landscape.certificates import check_every_k, check_every_m

SAMPLE, SEED = 10, 7


def mutations_of(checker, names):
    """Mutations of some functions, each with its tree, which is good until the next."""
    for definition in definitions(checker):
        if definition.name in names:
            yield from mutants(definition, checker.source)


def test_mistakes_in_the_gradient_are_found():
    # All of them: python -m tests.mutations.
    checker, names = Checker(check_every_m, [residuals], {}), {"network", "residual", "own_part"}
    count = sum(1 for _ in mutations_of(checker, names))
    chosen = set(np.random.default_rng(SEED).choice(count, SAMPLE, replace=False).tolist())
    trial = Trial(checker)
    survived = [
        str(mutation)
        for i, (mutation, tree) in enumerate(mutations_of(checker, names))
        if i in chosen and not trial.finds(mutation, tree)
    ]
    assert survived == []


def ended(paths):
    return check_every_k.main("check_every_m", check_every_m.checked, paths)


def test_files_are_checked_line_by_line(tmp_path, capsys):
    lines = small_file(least_m=30)
    good, short, empty = (tmp_path / name for name in ("good", "short", "empty"))
    good.write_text("\n".join(lines), encoding="utf-8")
    short.write_text(lines[0], encoding="utf-8")
    empty.write_text("", encoding="utf-8")
    assert "every m >= 30, k >= 1000 m" in check_every_m.check_families_for_every_m(good)
    assert ended([str(good)]) == 0
    assert f"{good}:1: ok: families II_m" in capsys.readouterr().out
    assert ended([str(short), str(good)]) == 1
    assert "do not cover all m and k" in capsys.readouterr().out
    assert ended([str(empty)]) == 1
    assert ended([]) == 2
    with pytest.raises(TypeError, match="string or a Path"):
        check_every_m.check_families_for_every_m(3)


def test_what_is_not_shown_over_a_rectangle_is_shown_over_its_halves(monkeypatch):
    lines = small_file(least_m=30)
    cells, check = [], check_every_m.Cell.check

    def refuse_the_whole(cell):
        cells.append(cell.sides)
        if cell.sides == cell.rectangle.sides:
            raise check_every_m.Refused("too wide")
        check(cell)

    monkeypatch.setattr(check_every_m.Cell, "check", refuse_the_whole)
    assert proves(check_every_m, lines)
    whole, low, high = cells
    assert {low, high} in [set(check_every_m.halves(whole, along)) for along in (0, 1)]
