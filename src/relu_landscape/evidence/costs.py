"""Time and memory of a run, from the benchmarks that the workflow engine writes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

# The engine looks at a job at its start and every half second, after 30 such looks twice a minute.
_BETWEEN_LOOKS, _LATE_LOOKS, _LATER = 0.5, 15.0, 30.0


def job_costs(benchmarks: Path | str) -> pd.DataFrame:
    """One row a job: job, rule, seconds of a core, memory (MiB), in the order of the names.

    benchmarks: the folder of a run, with one folder a rule or one file for a rule with one job. A
    job is named by its file there, without the ending.
    """
    folder = Path(benchmarks)
    records = []
    for path in sorted(folder.rglob("*.tsv")):
        measured = pd.read_csv(path, sep="\t", na_values="-").iloc[0]
        job = path.relative_to(folder).with_suffix("").as_posix()
        records.append((job, rule_of(job), _core_seconds(measured), measured.max_rss))
    return pd.DataFrame(records, columns=["job", "rule", "seconds", "memory"])


def _core_seconds(measured: pd.Series) -> float:
    """At most what a job used of a core: what the engine saw, and all of the time since it looked.

    Never more than from start to end, which is the answer for a job that was not seen at work; a
    job that shared its core with other programs took longer than it worked.
    """
    if pd.isna(measured.cpu_time):
        return float(measured.s)
    since = _BETWEEN_LOOKS if measured.s < _LATE_LOOKS else _LATER
    return float(min(measured.s, measured.cpu_time + since))


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
        "Seconds of a core that the jobs used, and peak memory of one, as the workflow engine saw "
        "them: of a long job, where other programs shared its core, up to half a minute too much.",
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
