"""Time and memory of a run, from the benchmarks that the workflow engine writes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def job_costs(benchmarks: Path | str) -> pd.DataFrame:
    """One row a job: job, rule, seconds, memory (MiB), in the order of the names.

    benchmarks: the folder of a run, with one folder a rule or one file for a rule with one job. A
    job is named by its file there, without the ending.
    """
    folder = Path(benchmarks)
    records = []
    for path in sorted(folder.rglob("*.tsv")):
        measured = pd.read_csv(path, sep="\t", na_values="-").iloc[0]
        job = path.relative_to(folder).with_suffix("").as_posix()
        records.append((job, rule_of(job), measured.s, measured.max_rss))
    return pd.DataFrame(records, columns=["job", "rule", "seconds", "memory"])


def read_job_seconds(path: Path | str) -> dict[str, float]:
    """The seconds that each job of a published run took, by its name.

    path: its costs.tsv.
    """
    costs = pd.read_csv(path, sep="\t")
    return dict(zip(costs["job"], costs["seconds"], strict=True))


def rule_of(job: str) -> str:
    """The rule of a job."""
    return job.partition("/")[0]


def rule_costs(jobs: pd.DataFrame) -> pd.DataFrame:
    """One row a rule, dearest first: jobs, seconds (sum), longest job (s), peak memory (MiB)."""
    costs = jobs.groupby("rule").agg(
        jobs=("seconds", "size"),
        seconds=("seconds", "sum"),
        longest=("seconds", "max"),
        memory=("memory", "max"),
    )
    return costs.sort_values("seconds", ascending=False, kind="stable").reset_index()


def render_costs(costs: pd.DataFrame, title: str) -> str:
    """The table of `rule_costs` as Markdown, with a last line for the sum."""
    lines = [
        f"# {title}",
        "",
        "Seconds from start to end of the jobs, each on one core (more than its work where others "
        "shared the machine), and peak memory of one; measured by the workflow engine.",
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
