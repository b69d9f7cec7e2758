"""What a run will cost, from what the same jobs cost in a published run, and what it did cost.

A job that the published run does not have counts with the largest cost of a job of its rule there:
what is new in a config is as a rule what is larger. A job of a rule that it does not have at all
cannot be estimated, and is counted as such.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from relu_landscape.evidence.costs import job_costs, rule_costs, rule_of

_BENCHMARK = re.compile(r"^\s+benchmark: \S+?/benchmarks/(\S+)\.tsv$", re.MULTILINE)
_NOTHING = "Nothing to be done"
_SHOWN = 12  # rules with a line of their own


def planned_jobs(dry_run: str) -> list[str]:
    """The jobs, named as by `job_costs`, of what `snakemake --dry-run` prints.

    Raises:
        ValueError: it neither plans a job nor says that there is none.
    """
    jobs = _BENCHMARK.findall(dry_run)
    if not jobs and _NOTHING not in dry_run:
        raise ValueError(
            f"the plan has no job and does not say {_NOTHING!r}; it must be what "
            "`snakemake --dry-run` prints: run that alone to see what it says"
        )
    return jobs


def estimate(planned: Sequence[str], known: pd.DataFrame) -> pd.DataFrame:
    """One row a planned job: job, rule, source, seconds, memory (MiB).

    known: jobs with their costs, as of `job_costs`. source: "measured" where the job is known,
    "rule" where only others of its rule are, "none" (and NaN) otherwise.
    """
    costs = known.set_index("job")
    largest = known.groupby("rule")[["seconds", "memory"]].max()
    jobs = pd.DataFrame({"job": list(planned), "rule": [rule_of(job) for job in planned]})
    measured = costs[["seconds", "memory"]].reindex(jobs["job"]).reset_index(drop=True)
    of_rule = largest.reindex(jobs["rule"]).reset_index(drop=True)
    jobs["source"] = np.select(
        [measured["seconds"].notna(), of_rule["seconds"].notna()], ["measured", "rule"], "none"
    )
    return jobs.join(measured.fillna(of_rule))


def render_estimate(jobs: pd.DataFrame, cores: int) -> str:
    """A table of `estimate` for the terminal, the dearest rules first.

    cores: on how many; the run takes at least the sum over the cores, and the longest job.
    """
    if jobs.empty:
        return "Nothing is left to be computed."
    counted = jobs[jobs["source"] != "none"]
    lines = []
    if len(counted):
        wall = max(counted["seconds"].sum() / cores, counted["seconds"].max())
        lines += _table(rule_costs(counted)[["rule", "jobs", "seconds", "memory"]])
        lines.append(f"About {_duration(wall)} on {cores} cores, for {len(jobs)} jobs.")
    for source, words in (
        ("rule", "Jobs not in a published run, counted as the dearest of their rule"),
        ("none", "Jobs of unknown cost, of rules that no published run has"),
    ):
        count = int((jobs["source"] == source).sum())
        if count:
            lines.append(f"{words}: {count}.")
    return "\n".join(lines)


def render_comparison(jobs: pd.DataFrame, known: pd.DataFrame) -> str:
    """What the jobs of a run did cost, beside what the same jobs cost in the published run."""
    before = jobs[["job", "rule"]].merge(known[["job", "seconds"]], on="job")
    published = pd.DataFrame({"published": before.groupby("rule")["seconds"].sum()})
    costs = rule_costs(jobs).merge(published, left_on="rule", right_index=True, how="left")
    lines = _table(costs[["rule", "jobs", "seconds", "memory", "published"]])
    cost, known_cost = (_duration(some["seconds"].sum()) for some in (jobs, before))
    lines.append(
        f"{len(jobs)} jobs cost {cost} of a core; {len(before)} of them are published, "
        f"with {known_cost}."
    )
    return "\n".join(lines)


def read_costs(paths: Sequence[Path]) -> pd.DataFrame:
    """The jobs of published runs, each with its costs in the first of the files that has it.

    A file that is not there counts as empty: nothing may be published of a profile.
    """
    columns = {"job": str, "rule": str, "seconds": float, "memory": float}
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    tables = [pd.read_csv(path, sep="\t") for path in paths if path.exists()]
    return pd.concat(tables or [empty], ignore_index=True).drop_duplicates("job")


def describe_plan(dry_run: str, published: Sequence[Path], cores: int) -> str:
    """The estimate for what a dry run prints, from the published costs nearest to it."""
    text = render_estimate(estimate(planned_jobs(dry_run), read_costs(published)), cores)
    sources = [str(path) for path in dict.fromkeys(published) if path.exists()]
    return "\n".join([text, f"From {', then '.join(sources)}."] if sources else [text])


def describe_run(results: Path, published: Sequence[Path]) -> str:
    """What the run in a folder of results did cost, beside the published costs nearest to it."""
    return render_comparison(job_costs(results / "benchmarks"), read_costs(published))


def _table(costs: pd.DataFrame) -> list[str]:
    """A head, one line for each of the dearest rules, and one for the others together."""
    head = {"seconds": "time of a core", "memory": "memory (MiB)", "published": "published"}
    lines = [
        f"{'rule':<26}{'jobs':>6}" + "".join(f"{head[name]:>16}" for name in costs.columns[2:])
    ]
    rest = costs[_SHOWN:]
    rows = list(costs[:_SHOWN].itertuples(index=False))
    if len(rest):
        together = {"rule": f"{len(rest)} other rules", "jobs": rest["jobs"].sum()}
        together |= dict(rest[costs.columns[2:]].sum()) | {"memory": rest["memory"].max()}
        rows += pd.DataFrame([together]).itertuples(index=False)
    for row in rows:
        cells = [
            f"{row.memory:.0f}" if name == "memory" else _duration(getattr(row, name))
            for name in costs.columns[2:]
        ]
        lines.append(f"{row.rule:<26}{row.jobs:>6}" + "".join(f"{cell:>16}" for cell in cells))
    return lines


def _duration(seconds: float) -> str:
    """Hours, minutes or seconds, whichever says it in two units."""
    if np.isnan(seconds):
        return "not there"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
