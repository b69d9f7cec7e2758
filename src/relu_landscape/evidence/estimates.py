"""What a run will cost, from what the same jobs cost in a published run, and what it did cost.

A job costs what it did in the published run, times how fast this machine is beside that one: a
range, because the ratio is one for the start of a job, another for descent, another for linear
algebra, and none of them is the same twice.

A job that the published run does not have counts by its rule: as from the middle to the dearest of
the published ones. Where the published jobs of that rule are more, and are not planned, the new
ones may have their work, if sizes were put together, or none of it, if another study is run: then
they count as up to their share of it. A job of a rule that no published run has cannot be
estimated, and is counted as such.

On c cores, jobs whose seconds sum to S and whose longest chain takes C end, in whatever order the
engine starts them, between max(S/c, C) and S/c + (1 - 1/c) C (R. L. Graham, 1966). At the least
the engine costs each job what its process used for one in the published run, and the first job what
planning took here; at the most as much as there in the whole, or all that cores did not spend in
jobs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from relu_landscape.evidence.costs import job_costs, rule_costs
from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.durations import duration, span
from relu_landscape.evidence.plans import PlannedJob, longest_chain, planned_jobs
from relu_landscape.evidence.run_records import (
    ESTIMATE,
    Engine,
    engine_of_run,
    read_sittings,
    render_sittings,
    speeds_of_run,
)
from relu_landscape.evidence.speeds import Speeds, ratios, seconds_here
from relu_landscape.fixed_work import START
from relu_landscape.judging.words import counted

_SHOWN = 12  # rules with a line of their own


@dataclass(frozen=True)
class Estimate:
    """What is foretold of a plan.

    jobs: one row a planned job, as of `estimate_jobs`; needs: for each, the numbers of those that
    it waits for; engine: what the run costs beside; planning: seconds before its first job; wall:
    the least and the most seconds that it takes on this many cores.
    """

    jobs: pd.DataFrame
    needs: list[tuple[int, ...]]
    cores: int
    engine: Engine
    planning: float
    wall: tuple[float, float]

    def record(self, speeds: Speeds) -> dict[str, Any]:
        """What the one line of the run needs, ready for JSON; what is not known counts as nothing.

        speeds: of this machine.
        """
        jobs = self.jobs[["job", "least", "most"]].fillna({"least": 0.0, "most": 0.0})
        return {
            "cores": self.cores,
            "engine": [self.engine.least, self.engine.most],
            "wall": self.wall,
            "jobs": jobs.to_dict("records"),
            "needs": self.needs,
            "speeds": speeds.record(),
        }


def published_costs(paths: Sequence[Path], here: Speeds) -> pd.DataFrame:
    """As `read_costs`, and what each job takes here: least, most, and whether that is known.

    It is not (known is False) where the speed of the machine of that run was not published. Then it
    counts as this one: at the least with all cores in use, as it will be, at the most with one. A
    job that is not in the first of the files, which is the one of this profile, may have less to do
    here: at the least it only starts (nearest is False).
    """
    costs = read_costs(paths)
    busy, idle = here, Speeds(here.cpu, here.cores, here.alone, here.alone)
    slower = ratios(busy, idle)
    costs["known"] = False
    costs["least"] = costs["seconds"]
    costs["most"] = [seconds_here(x, idle, slower)[1] for x in costs["seconds"]]
    for source, rows in costs.groupby("source").groups.items():
        folder = Path(str(source)).parent
        there = speeds_of_run(read_sittings(folder), len(rows))
        if there is not None:
            ratio = ratios(here, there)
            ends = [seconds_here(x, there, ratio) for x in costs.loc[rows, "seconds"]]
            costs.loc[rows, ["least", "most"]] = ends
            costs.loc[rows, "known"] = True
    costs["nearest"] = costs["source"] == str(paths[0])
    start = min(here.alone[START])
    costs["least"] = costs["least"].where(costs["nearest"], costs["least"].clip(upper=start))
    return costs


def estimate_jobs(planned: Sequence[PlannedJob], known: pd.DataFrame) -> pd.DataFrame:
    """One row a planned job: job, rule, source, least and most seconds, memory (MiB).

    known: jobs with their costs, as of `published_costs`. source: "measured" where the job is known
    of this profile, "other" where of another alone, "shared" or "rule" where only others of its
    rule are, "none" (and NaN) otherwise.
    """
    ends = ["least", "most", "memory"]
    jobs = pd.DataFrame({"job": [x.name for x in planned], "rule": [x.rule for x in planned]})
    same = known.set_index("job").reindex(jobs["job"]).reset_index(drop=True)
    found = [same["nearest"].eq(True), same["least"].notna()]
    jobs["source"] = np.select(found, ["measured", "other"], "none")
    jobs = jobs.join(same[ends])
    unplanned = known[~known["job"].isin(jobs["job"])]
    for rule, new in jobs[jobs["source"] == "none"].groupby("rule"):
        published, gone = (some[some["rule"] == rule] for some in (known, unplanned))
        if published.empty:
            continue
        if len(gone) > len(new):
            source, most = "shared", gone["most"].sum() / len(new)
        else:
            source, most = "rule", published["most"].max()
        row = [source, published["least"].median(), most, published["memory"].max()]
        jobs.loc[new.index, ["source", *ends]] = row
    return jobs


def estimate_run(
    planned: Sequence[PlannedJob],
    known: pd.DataFrame,
    cores: int,
    engine: Engine,
    planning: float = 0.0,
) -> Estimate:
    """Bounds of the time of a run from bounds of its jobs.

    engine: what a run costs beside them, here; planning: seconds before the first job starts.
    """
    jobs = estimate_jobs(planned, known)
    needs = [job.needs for job in planned]
    least, most = (jobs[end].fillna(0.0).tolist() for end in ("least", "most"))
    shortest = wall_bounds(least, needs, cores, engine.least)[0]
    # What the engine's process used for a job holds its share of the planning already.
    after_planning = planning + wall_bounds(least, needs, cores, 0.0)[0]
    longest = wall_bounds(most, needs, cores, 0.0)[1] + max(engine.whole, planning)
    # What jobs cost beside their own holds waiting already: it is not added to that of the bound.
    with_waiting = (sum(most) + engine.most * len(most)) / cores
    wall = (max(shortest, after_planning), max(longest, with_waiting))
    return Estimate(jobs, needs, cores, engine, planning, wall)


def wall_bounds(
    seconds: Sequence[float], needs: Sequence[Sequence[int]], cores: int, beside: float
) -> tuple[float, float]:
    """Bounds of the time to the end of jobs of known seconds, in whatever order they start.

    needs: for each, the numbers of those that it waits for; beside: seconds more, for each job.
    """
    whole = [x + beside for x in seconds]
    share, chain = sum(whole) / cores, longest_chain(whole, needs)
    return max(share, chain), share + (1 - 1 / cores) * chain


def render_estimate(estimate: Estimate) -> str:
    """A table of the jobs for the terminal, the dearest rules first, and the time of the run."""
    jobs = estimate.jobs
    known = jobs[jobs["source"] != "none"]
    lines = []
    if len(known):
        lines += _table(_rule_bounds(known))
        lines.append(
            f"{span(*estimate.wall)} on {counted(estimate.cores, 'core')}, for "
            f"{counted(len(jobs), 'job')}, {duration(estimate.planning)} of it to plan them."
        )
    for source, words in (
        ("other", "Jobs known of another profile alone, which may have less to do here"),
        ("shared", "Jobs not in a published run, that may share the work of more that it had"),
        ("rule", "Jobs not in a published run, counted as others of their rule"),
        ("none", "Jobs of unknown cost, of rules that no published run has, counted as nothing"),
    ):
        count = int((jobs["source"] == source).sum())
        if count:
            lines.append(f"{words}: {count}.")
    return "\n".join(lines)


def _rule_bounds(jobs: pd.DataFrame) -> pd.DataFrame:
    """One row a rule, dearest first: jobs, least and most seconds (sums), peak memory (MiB)."""
    bounds = jobs.groupby("rule").agg(
        jobs=("most", "size"),
        least=("least", "sum"),
        most=("most", "sum"),
        memory=("memory", "max"),
    )
    return bounds.sort_values("most", ascending=False, kind="stable").reset_index()


def render_speeds(here: Speeds, known: pd.DataFrame) -> str:
    """What was measured of this machine, and what is known of it beside those of published runs.

    known: the costs that were used, as of `published_costs`.
    """
    alone = ", ".join(f"{kind} {median(x):.2g} s" for kind, x in here.alone.items())
    slower = [median(here.at_once[kind]) / median(here.alone[kind]) for kind in here.alone]
    lines = [f"This machine, as busy as it is now: {alone}."]
    if here.cores > 1:
        lines.append(
            f"On {here.cores} cores at once each takes {_times(min(slower), max(slower))} as long."
        )
    for source, jobs in known[known["nearest"] & known["known"]].groupby("source"):
        least, most = jobs[["least", "most"]].sum() / jobs["seconds"].sum()
        lines.append(f"The jobs of {source} take {_times(least, most)} as long as there.")
    unknown = known.loc[~known["known"], "source"].unique()
    if len(unknown):
        lines.append(
            f"How fast the machine was is not published with {' and '.join(unknown)}: it counts as "
            "this one, with one core in use or all."
        )
    return "\n".join(lines)


def _times(least: float, most: float) -> str:
    return f"{' to '.join(dict.fromkeys(f'{ratio:.2f}' for ratio in (least, most)))} times"


def render_comparison(jobs: pd.DataFrame, known: pd.DataFrame) -> str:
    """What the jobs of a run did cost, beside what the same jobs cost in the published run."""
    before = jobs[["job", "rule"]].merge(known[["job", "seconds"]], on="job")
    published = pd.DataFrame({"published": before.groupby("rule")["seconds"].sum()})
    costs = rule_costs(jobs).merge(published, left_on="rule", right_index=True, how="left")
    lines = _table(costs[["rule", "jobs", "seconds", "memory", "published"]])
    cost, known_cost = (duration(some["seconds"].sum()) for some in (jobs, before))
    lines.append(
        f"{counted(len(jobs), 'job')} cost {cost} of a core; {len(before)} of them are published, "
        f"with {known_cost}."
    )
    return "\n".join(lines)


def read_costs(paths: Sequence[Path]) -> pd.DataFrame:
    """The jobs of published runs, each with its costs in the first of the files that has it.

    A column source names the file. One that is not there counts as empty: nothing may be published
    of a profile.
    """
    columns = {"job": str, "rule": str, "seconds": float, "memory": float, "source": str}
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    tables = [
        pd.read_csv(path, sep="\t").assign(source=str(path)) for path in paths if path.exists()
    ]
    return pd.concat(tables or [empty], ignore_index=True).drop_duplicates("job")


def describe_plan(
    dry_run: str,
    published: Sequence[Path],
    measure: Callable[[], Speeds],
    *,
    planning: float = 0.0,
    keep: Path | None = None,
) -> str:
    """The estimate for what a dry run prints, from the published costs nearest to it.

    measure: of this machine, with as many cores as the run will use; not called where nothing is
    planned; planning: seconds that the dry run took, as the run will before its first job; keep: a
    folder of results, in which the estimate is kept for the one line of the run.
    """
    planned = planned_jobs(dry_run)
    if not planned:
        return "Nothing is left to be computed."
    speeds = measure()
    known = published_costs(published, speeds)
    found = estimate_run(planned, known, speeds.cores, _engine(published, speeds), planning)
    if keep is not None:
        write_json(keep / ESTIMATE, found.record(speeds))
    by_rule = found.jobs.loc[found.jobs["source"].isin(["rule", "shared"]), "rule"]
    used = known[known["job"].isin(found.jobs["job"]) | known["rule"].isin(by_rule)]
    lines = [render_estimate(found)]
    outdated = Counter(job.rule for job in planned if job.outdated)
    if outdated:
        lines.append(
            "Jobs done before by other code or with another config, and done again: "
            f"{', '.join(f'{count} of {rule}' for rule, count in outdated.items())}."
        )
    if len(used):
        lines.append(f"From {', then '.join(used['source'].unique())}.")
    lines.append(render_speeds(speeds, used))
    return "\n".join(lines)


def _engine(published: Sequence[Path], speeds: Speeds) -> Engine:
    """What the first published run that tells cost beside its jobs, times the ratio here.

    Where none tells, from nothing to as long as each job takes to start.
    """
    for path in published:
        sittings = read_sittings(path.parent)
        told = engine_of_run(sittings)
        if told is not None:
            least, most = ratios(speeds, Speeds(**sittings[-1].speeds))[START]
            return Engine(told.least * least, told.most * most, told.whole * most)
    return Engine(0.0, median(speeds.at_once[START]), 0.0)


def describe_run(results: Path, published: Sequence[Path]) -> str:
    """What the run in a folder of results did cost, beside the published costs nearest to it."""
    jobs = job_costs(results / "benchmarks")
    texts = [render_comparison(jobs, read_costs(published))]
    texts.append(render_sittings(read_sittings(results), len(jobs)))
    return "\n".join(filter(None, texts))


def _table(costs: pd.DataFrame) -> list[str]:
    """A head, one line for each of the dearest rules, and one for the others together."""
    head = {
        "seconds": "time of a core",
        "least": "time of a core",
        "most": "to",
        "memory": "memory (MiB)",
        "published": "published",
    }
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
            f"{row.memory:.0f}" if name == "memory" else duration(getattr(row, name))
            for name in costs.columns[2:]
        ]
        lines.append(f"{row.rule:<26}{row.jobs:>6}" + "".join(f"{cell:>16}" for cell in cells))
    return lines
