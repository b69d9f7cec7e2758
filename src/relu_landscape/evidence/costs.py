"""Time and memory of a run, rule by rule, from the benchmarks that the workflow engine writes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def rule_costs(benchmarks: Path | str) -> pd.DataFrame:
    """One row a rule: jobs, seconds (sum), longest job (s), peak memory (MiB), largest sum first.

    benchmarks: the folder of a run, with one folder a rule or one file for a rule with one job.
    """
    folder = Path(benchmarks)
    records = []
    for path in sorted(folder.rglob("*.tsv")):
        measured = pd.read_csv(path, sep="\t", na_values="-")
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        records += [
            {"rule": rule, "seconds": row.s, "memory": row.max_rss} for row in measured.itertuples()
        ]
    frame = pd.DataFrame(records, columns=["rule", "seconds", "memory"])
    costs = frame.groupby("rule").agg(
        jobs=("seconds", "size"),
        seconds=("seconds", "sum"),
        longest=("seconds", "max"),
        memory=("memory", "max"),
    )
    return costs.sort_values("seconds", ascending=False).reset_index()


def render_costs(costs: pd.DataFrame, title: str) -> str:
    """The table of `rule_costs` as Markdown, with a last line for the sum."""
    lines = [
        f"# {title}",
        "",
        "Seconds of work on one core and peak memory of one job, measured by the workflow engine.",
        "",
        "| rule | jobs | seconds | longest job (s) | peak memory (MiB) |",
        "|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row.rule} | {row.jobs} | {row.seconds:.0f} | {row.longest:.0f} | {row.memory:.0f} |"
        for row in costs.itertuples()
    ]
    lines.append(
        f"| all | {costs['jobs'].sum()} | {costs['seconds'].sum():.0f} "
        f"| {costs['longest'].max():.0f} | {costs['memory'].max():.0f} |"
    )
    return "\n".join(lines) + "\n"
