"""What is known of one case, as text, from the collected tables of a profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from relu_landscape.studies.proofs import join_proofs
from relu_landscape.tables.files import read_table
from relu_landscape.tables.registry import table_names

__all__ = ["UnknownCase", "describe_case", "read_collected_tables"]

# How many sizes are named to a reader who asked for one that is not there.
SHOWN = 12
_CASE = re.compile(r"k(\d+)-n(\d+)")
_TABLES_WITH_CASES = ("bad_run_rates", "restarts", "classes")


class UnknownCase(ValueError):
    """A case was asked for that the tables do not hold, or there are no tables."""


def read_collected_tables(results: Path | str) -> dict[str, pd.DataFrame]:
    """All result tables in `results`/tables and /statistics by name; absent ones are left out.

    Raises UnknownCase if there is none, and what `read_table` raises.
    """
    paths = {
        name: Path(results) / folder / f"{name}.parquet"
        for name in table_names()
        for folder in ("tables", "statistics")
        if (Path(results) / folder / f"{name}.parquet").is_file()
    }
    tables = join_proofs({name: read_table(path, name) for name, path in paths.items()})
    if not tables:
        raise UnknownCase(
            f"there are no result tables in {Path(results) / 'tables'}: run the study first "
            "(`make study`), or name the folder of another profile with --results"
        )
    return tables


def describe_case(case: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """What the tables hold of `case`, written k8-n9 for k = 8 teachers and n = 9 students.

    Raises UnknownCase naming the nearest cases that there are.
    """
    match = _CASE.fullmatch(case)
    known = _known_cases(tables)
    if match is None:
        raise UnknownCase(f"'{case}' is no case; write k8-n9 for k = 8 teachers, n = 9 students")
    k, n = int(match[1]), int(match[2])
    if (k, n) not in known:
        nearest = sorted(known, key=lambda size: (abs(size[0] - k) + abs(size[1] - n), size))
        listed = ", ".join(f"k{size[0]}-n{size[1]}" for size in nearest[:SHOWN])
        raise UnknownCase(
            f"no restart, class or saddle of k{k}-n{n} is in these results; the nearest of "
            f"{len(known)} sizes are {listed}"
        )
    rows = {
        name: frame[(frame["k"] == k) & (frame["n"] == n)].reset_index(drop=True)
        for name, frame in tables.items()
        if {"k", "n"} <= set(frame.columns)  # tables of one case, not of families or of shares
    }
    lines = [f"k = {k} teachers, n = {n} students"]
    for title, table, describe, explain in _SECTIONS:
        lines += ["", title]
        if table not in rows:
            lines.append("  not computed in this profile")
        elif rows[table].empty:
            lines.append(f"  none{explain(rows)}")
        else:
            lines += [f"  {line}" for line in describe(rows).splitlines()]
    return "\n".join(lines)


def _known_cases(tables: Mapping[str, pd.DataFrame]) -> list[tuple[int, int]]:
    found = {
        (int(k), int(n))
        for name in _TABLES_WITH_CASES
        if name in tables
        for k, n in zip(tables[name]["k"], tables[name]["n"], strict=True)
    }
    return sorted(found)


def _describe_rates(rows: Mapping[str, pd.DataFrame]) -> str:
    rates = rows["bad_run_rates"]
    shown = rates[["search", "runs", "bad", "unfinished"]].copy()
    shown["% bad"] = rates["percent_bad"].map("{:.1f}".format)
    shown["95 % interval"] = [
        f"{low:.1f} to {high:.1f}"
        for low, high in zip(rates["percent_low"], rates["percent_high"], strict=True)
    ]
    counts = rows.get("global_minimum_counts")
    if counts is not None:
        at_global = counts.set_index("search")["at_global"].reindex(rates["search"])
        shown["at a global minimum"] = ["" if pd.isna(x) else str(int(x)) for x in at_global]
    return shown.to_string(index=False)


def _describe_stop_reasons(rows: Mapping[str, pd.DataFrame]) -> str:
    restarts = rows["restarts"]
    counts = restarts.groupby(["search", "stop_reason"]).size().rename("runs").reset_index()
    return counts.to_string(index=False)


def _describe_classes(rows: Mapping[str, pd.DataFrame]) -> str:
    classes = rows["classes"]
    shown = classes[["class_id", "runs"]].copy()
    shown["loss"] = classes["loss"].map("{:.10f}".format)
    shown["neurons"] = classes["neuron_orbits"]
    shown["coordinates"] = classes["coordinate_orbits"]
    if "curvature" in rows:
        measured = rows["curvature"].set_index("class_id").reindex(classes["class_id"])
        shown["kind"] = [_text(value, "{}") for value in measured["kind"]]
        shown["certificate"] = [_text(value, "{}") for value in measured["proved"]]
        eigenvalues = measured["smallest_eigenvalue"]
        shown["smallest eigenvalue"] = [_text(value, "{:.10f}") for value in eigenvalues]
        shown["k - sum of norms"] = [_text(value, "{:.3e}") for value in measured["norm_gap"]]
    return shown.to_string(index=False)


def _describe_splits(rows: Mapping[str, pd.DataFrame]) -> str:
    splits = rows["splits"]
    groups = splits.assign(saddle=splits["verdict"] == "strict_saddle").groupby(
        ["class_id", "kind", "alpha"]
    )
    shown = groups.agg(
        neurons=("neuron", "size"),
        strict_saddles=("saddle", "sum"),
        largest_smallest_eigenvalue=("smallest_eigenvalue", "max"),
    )
    return shown.reset_index().to_string(index=False)


def _describe_fates(rows: Mapping[str, pd.DataFrame]) -> str:
    fates = rows["fates"]
    groups = fates.assign(drop=fates["loss_before"] - fates["loss_after"]).groupby(
        ["class_id", "landing", "landing_class"]
    )
    shown = groups.agg(descents=("sign", "size"), smallest_loss_drop=("drop", "min"))
    return shown.reset_index().to_string(index=False)


def _describe_confirmations(rows: Mapping[str, pd.DataFrame]) -> str:
    groups = rows["confirmations"].groupby("search")
    shown = groups.agg(
        continued=("confirmed", "size"),
        confirmed=("confirmed", "sum"),
        median_exponent=("decay_exponent", "median"),
        largest_distance=("distance", "max"),
    )
    return shown.reset_index().to_string(index=False)


def _no_reason(_: Mapping[str, pd.DataFrame]) -> str:
    return ""


def _why_no_class(rows: Mapping[str, pd.DataFrame]) -> str:
    if _empty(rows, "restarts"):
        return ""
    at_critical_point = rows["restarts"]["stop_reason"].isin(["converged", "known_minimum"])
    if at_critical_point.any():
        return ": this size is not among those that the config has classified (safran.classes)"
    return ": classified are runs that end at a critical point, and none of these did"


def _why_no_split(rows: Mapping[str, pd.DataFrame]) -> str:
    if _empty(rows, "classes"):
        return ": there is no class to split"
    if rows["classes"]["is_global"].all():
        return ": classes of global minima are not split, and there is no other"
    return ": this size is not among those that the config has split (safran.splitting)"


def _why_no_fate(rows: Mapping[str, pd.DataFrame]) -> str:
    if _empty(rows, "splits"):
        return ": nothing was split"
    return ": descent leaves strict saddles only, and no split made one"


def _why_no_confirmation(rows: Mapping[str, pd.DataFrame]) -> str:
    if _empty(rows, "restarts"):
        return ""
    if (rows["restarts"]["n"] <= rows["restarts"]["k"]).all():
        return ": only runs with more students than teachers are continued"
    if rows["restarts"]["bad"].all():
        return ": there is no good run"
    return ": the config has no run continued (safran.confirmation)"


def _empty(rows: Mapping[str, pd.DataFrame], table: str) -> bool:
    return table not in rows or rows[table].empty


def _text(value: object, form: str) -> str:
    return "" if pd.isna(value) else form.format(value)  # type: ignore[call-overload]


_Words = Callable[[Mapping[str, pd.DataFrame]], str]
# Title, table, its rows in words, and why there is none.
_SECTIONS: tuple[tuple[str, str, _Words, _Words], ...] = (
    ("Bad runs, by search", "bad_run_rates", _describe_rates, _no_reason),
    ("Why the runs ended", "restarts", _describe_stop_reasons, _no_reason),
    ("Classes of end points", "classes", _describe_classes, _why_no_class),
    ("One more neuron: the split points", "splits", _describe_splits, _why_no_split),
    ("One more neuron: where descent lands", "fates", _describe_fates, _why_no_fate),
    (
        "Good runs continued towards a global minimum",
        "confirmations",
        _describe_confirmations,
        _why_no_confirmation,
    ),
)
