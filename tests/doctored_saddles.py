"""Doctored certificates of saddles: `python -m tests.doctored_saddles 250` tries 250 a statement.

A number is changed so that the statement is false, or cannot be shown; something that is no number,
a field more or less, a line moved, lost, doubled or cut. The checker must refuse every file.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    ROOT = Path(__file__).parents[1]
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from relu_landscape.certificates import check_saddles
from relu_landscape.every_k import (
    certify_family_for_all_k,
    certify_saddle_for_all_k,
    enclose_splits,
    saddle_for_every_k_lines,
)
from relu_landscape.every_k.saddle_lines import splits_for_every_k_lines

STATEMENTS = ("saddle", "splits")
NO_NUMBERS = ["nan", "inf", "", "1" * 1001, "1e9999", "0x", "1/0", "0x1.8p", None, True, 1.5, 7, [],
              {}, ["1"]]  # fmt: skip
LEAST_K = 600


@cache
def sound_file(statement: str) -> tuple[str, ...]:
    """Three pieces or so, k >= 600."""
    if statement == "saddle":
        saddle: Any = certify_saddle_for_all_k(LEAST_K)
        return tuple(saddle_for_every_k_lines(saddle))
    minima: Any = certify_family_for_all_k("II", 1, least_k=LEAST_K)
    return tuple(splits_for_every_k_lines(minima, enclose_splits(minima)))


def is_accepted(lines: Any) -> bool:
    """Whether the checker proves them."""
    try:
        return "for every k >=" in list(check_saddles.checked(lines))[-1]
    except check_saddles.Refused:
        return False


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all that is no object or list."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))
    else:
        yield path


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """What stands there."""
    for key in path:
        data = data[key]
    return data


def exact(text: str) -> Fraction:
    """A number of a line."""
    return Fraction(float.fromhex(text)) if "0x" in text else Fraction(text)


def worse(line: Any, path: tuple[Any, ...], rng: random.Random, is_last: bool) -> Fraction:
    """A number for which the statement is false, or cannot be shown."""
    x = exact(at(line, path))
    match path:
        case ("eigenvalue_lower", _):
            return x * rng.choice([Fraction(7, 5), Fraction(10), Fraction(-1), Fraction(0)])
        case ("negative_upper",):
            return x * rng.choice([Fraction(7, 5), Fraction(10), Fraction(-1), Fraction(0)])
        case ("splits", name, end):
            low, high = map(exact, line["splits"][name])
            inwards = (high - low) * (1 if end == 0 else -1)
            return x + inwards * rng.choice([Fraction(1, 2), Fraction(3, 4), Fraction(3)])
        case ("radius", _):
            return x * rng.choice([Fraction(1, 10**9), Fraction(0), Fraction(-1), Fraction(10**6)])
        case ("uniqueness", _):
            return x * rng.choice([Fraction(10**7), Fraction(1, 10**5), Fraction(-1)])
        case ("predictor", _, power):
            size = {0: Fraction(1, 2), 1: Fraction(40), 2: Fraction(10**4)}[power]
            return x + rng.choice([-1, 1]) * size * rng.choice([1, 10**4])
        case ("h", 1) if is_last:  # beyond least_k nothing is claimed
            return rng.choice([x * Fraction(99, 100), Fraction(101, 100), -x])
        case ("h", _):
            return x + rng.choice([-1, 1]) * rng.choice([Fraction(1, 10**9), Fraction(1, 10**3)])
        case ("least_k",):
            return x - rng.choice([18, 50, 597, 10**4])
    raise AssertionError(path)


def doctored(lines: tuple[str, ...], rng: random.Random) -> tuple[list[str], str, Any]:
    """Lines of which one is doctored, how, and where."""
    number = rng.randrange(len(lines))
    data = json.loads(lines[number])
    kind = rng.choice(["number", "number", "number", "no number", "field", "order"])
    path = rng.choice(list(leaves(data)))
    key, parent = path[-1], at(data, path[:-1])
    new = list(lines)
    if kind == "order":
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
        return new, kind, number
    if kind == "number" and isinstance(parent[key], str) and parent[key][-1:].isdigit():
        parent[key] = str(worse(data, path, rng, number == len(lines) - 1))
    elif kind == "no number":
        given = rng.choice([x for x in NO_NUMBERS if x != parent[key]])
        parent[key] = "7" if type(parent[key]) is int and given == 7 else given
    elif kind == "field" and isinstance(parent, dict) and rng.random() < 0.5:
        parent["further"] = "1"
    else:
        kind = "field"
        del parent[key]
    new[number] = json.dumps(data)
    return new, kind, (number, path)


def try_doctored(statement: str, count: int) -> tuple[Counter[str], list[Any]]:
    """How many of each kind were tried, and which were accepted."""
    rng, lines = random.Random(statement), sound_file(statement)
    kinds: Counter[str] = Counter()
    accepted = []
    for _ in range(count):
        wrong, kind, where = doctored(lines, rng)
        kinds[kind] += 1
        if is_accepted(wrong):
            accepted.append((kind, where, wrong))
    return kinds, accepted


def main(count: int) -> int:
    """Try so many of each statement."""
    whole = True
    for statement in STATEMENTS:
        kinds, accepted = try_doctored(statement, count)
        print(
            f"{statement}: {count} doctored files, {count - len(accepted)} refused; {dict(kinds)}"
        )
        for kind, where, _ in accepted:
            print(f"accepted: {kind} at {where}")
        whole = whole and not accepted
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
