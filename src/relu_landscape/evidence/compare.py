"""Do the results of this checkout agree with the published ones?

python -m relu_landscape compare results/quick figures/quick

Compares value by value the configs, number by number the data of every published figure, and claim
by claim the verdicts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from relu_landscape.evidence.documents import read_json
from relu_landscape.evidence.manifest import config_values

# Files hold twelve digits. Sums differ in their last bits where a library sums in another order,
# and polished points with them; anything that matters to a figure or a verdict is far above this.
RELATIVE: Final = 1e-6
ABSOLUTE: Final = 1e-9
UNCOMPARED: Final = {"proof_times": "times of a machine"}
VERDICTS: Final = "verdicts"
CONFIG: Final = "config"
_NAMED = 3  # differences that a line names at most


class Agreement(StrEnum):
    """How a published file and the one found compare."""

    SAME = "same"
    DIFFERS = "DIFFERS"
    MISSING = "MISSING"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True)
class Comparison:
    """One published file beside the one found.

    name: of the figure, or "config" or "verdicts"; rows: published rows; largest: largest
    difference of two numbers, relative to the larger one, None where none were compared; detail:
    what differs, where.
    """

    name: str
    rows: int
    agreement: Agreement
    largest: float | None
    detail: str


def compare_results(results: Path, published: Path) -> list[Comparison]:
    """Compare the figures' data and the verdicts of a run with the published ones.

    Args:
        results: folder of a finished run.
        published: folder that `publish` wrote.

    Returns:
        One comparison of the configs, one a published figure, by name, and one of the verdicts.

    Raises:
        ValueError: the run is not finished, nothing is published, or the two were made by different
            profiles.
    """
    configs = compare_configs(*_configs_of_one_profile(results, published))
    sources = sorted(published.glob("*.csv"))
    figures = [compare_figure(results / "figures" / path.name, path) for path in sources]
    verdicts = compare_verdicts(results / "claims.json", published / "claims.json")
    return [configs, *figures, verdicts]


def compare_configs(found: Mapping[str, Any], published: Mapping[str, Any]) -> Comparison:
    """Compare two configs: other sizes or seeds explain any other difference."""
    ours, theirs = dict(config_values(found)), dict(config_values(published))
    differing = [key for key in theirs | ours if ours.get(key) != theirs.get(key)]
    return _judged(CONFIG, len(theirs), None, differing)


def compare_figure(found: Path, published: Path) -> Comparison:
    """Compare the data of one figure, row by row in the order of the file."""
    expected = pd.read_csv(published, keep_default_na=False, na_values=[""])
    name, rows = published.stem, len(expected)
    if name in UNCOMPARED:
        return Comparison(name, rows, Agreement.NOT_COMPARED, None, UNCOMPARED[name])
    if not found.exists():
        return Comparison(name, rows, Agreement.MISSING, None, f"{found} is not there")
    table = pd.read_csv(found, keep_default_na=False, na_values=[""])
    return compare_tables(table, expected, name)


def compare_tables(found: pd.DataFrame, expected: pd.DataFrame, name: str) -> Comparison:
    """Compare two tables, row by row in their order."""
    rows = len(expected)
    if list(found.columns) != list(expected.columns):
        detail = f"columns {', '.join(found.columns)}, published {', '.join(expected.columns)}"
        return Comparison(name, rows, Agreement.DIFFERS, None, detail)
    if len(found) != rows:
        detail = f"{len(found)} rows, published {rows}"
        return Comparison(name, rows, Agreement.DIFFERS, None, detail)
    largest, differing = 0.0, []
    for column in expected.columns:
        apart, far = _compare_column(found[column], expected[column])
        largest = max(largest, apart)
        differing += [f"{column} in row {row + 1}" for row in far]
    return _judged(name, rows, largest, differing)


def _compare_column(found: pd.Series, expected: pd.Series) -> tuple[float, list[int]]:
    """The largest relative difference, and the rows that are too far apart."""
    if not (_is_number(found) and _is_number(expected)):
        same = (found == expected) | (found.isna() & expected.isna())
        return 0.0, np.flatnonzero(~same).tolist()
    if pd.api.types.is_integer_dtype(found) and pd.api.types.is_integer_dtype(expected):
        return 0.0, np.flatnonzero(found != expected).tolist()
    x, y = found.to_numpy(np.float64), expected.to_numpy(np.float64)
    far = ~np.isclose(x, y, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    apart, scale = np.abs(x - y), np.maximum(np.abs(x), np.abs(y))
    relative = apart[apart > ABSOLUTE] / scale[apart > ABSOLUTE]
    return float(np.max(relative, initial=0.0)), np.flatnonzero(far).tolist()


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def compare_verdicts(found: Path, published: Path) -> Comparison:
    """Compare the verdict on every published claim."""
    expected = _verdicts(published)
    if not found.exists():
        return Comparison(VERDICTS, len(expected), Agreement.MISSING, None, f"{found} is not there")
    verdicts = _verdicts(found)
    differing = [
        f"{claim}: {verdicts.get(claim, 'no such claim')}, published {verdict}"
        for claim, verdict in expected.items()
        if verdicts.get(claim) != verdict
    ]
    differing += [f"{claim}: not published" for claim in verdicts if claim not in expected]
    return _judged(VERDICTS, len(expected), None, differing)


def _verdicts(path: Path) -> dict[str, str]:
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {entry["id"]: entry["verdict"] for entry in entries}


def _judged(name: str, rows: int, largest: float | None, differing: Sequence[str]) -> Comparison:
    if not differing:
        return Comparison(name, rows, Agreement.SAME, largest, "")
    more = len(differing) - _NAMED
    detail = "; ".join(differing[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
    return Comparison(name, rows, Agreement.DIFFERS, largest, detail)


def _configs_of_one_profile(results: Path, published: Path) -> list[dict[str, Any]]:
    """The configs of both runs."""
    configs: list[dict[str, Any]] = []
    for folder, what in (
        (results, "finish the run, for example with `make study`"),
        (published, "there is nothing to compare with; `make publish` writes it"),
    ):
        manifest = folder / "manifest.json"
        if not manifest.exists():
            raise ValueError(f"{manifest} is missing: {what}")
        configs.append(read_json(manifest)["config"])
    found, expected = (config["profile"] for config in configs)
    if found != expected:
        raise ValueError(
            f"{results} is of profile {found}, {published} of {expected}: "
            f"compare results/{expected}"
        )
    return configs


def render_comparison(compared: Sequence[Comparison]) -> str:
    """One line a comparison, and a last line that says whether all agree."""
    width = max(len(row.name) for row in compared)
    lines = [f"{'data of figure':<{width}}   rows  largest difference"]
    lines += [
        f"{row.name:<{width}} {row.rows:>6}  {_number(row.largest):>8}  {row.agreement}"
        + (f": {row.detail}" if row.detail else "")
        for row in compared
    ]
    apart = [row.name for row in compared if not agrees(row)]
    lines += [
        f"Tolerance {RELATIVE:g} relative or {ABSOLUTE:g} absolute; text, whole numbers, counts of "
        "rows and verdicts must be the same.",
        f"{len(compared) - len(apart)} of {len(compared)} agree with what is published."
        if apart
        else f"All {len(compared)} agree with what is published.",
    ]
    return "\n".join(lines)


def _number(largest: float | None) -> str:
    return "-" if largest is None else f"{largest:.1e}"


def agrees(row: Comparison) -> bool:
    """Whether what was found is what was published, as far as the two are compared."""
    return row.agreement in (Agreement.SAME, Agreement.NOT_COMPARED)
