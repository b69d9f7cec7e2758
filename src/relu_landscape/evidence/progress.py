"""How far a run is, and the time left, learnt from the jobs that have ended in it.

What was foretold of a job is the middle of its range. The jobs that ended took q times what was
foretold, summed; so will those to come, within what single jobs scatter about that. What cores
spent beside jobs is learnt in the same way, as seconds a job. At first there is little to learn
from: the forecast counts as a twentieth of the work, done as foretold.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

from relu_landscape.evidence.durations import duration, span
from relu_landscape.evidence.plans import longest_chain
from relu_landscape.judging.words import counted

_FORETOLD = 0.05  # of the work, at the weight of the forecast
_DEVIATIONS = 2.0


class Progress:
    """The state of a run, told by the events of its jobs; times are seconds on one clock."""

    def __init__(self, estimate: Mapping[str, Any], now: float) -> None:
        """Begin with what `estimates.Estimate.record` gives."""
        jobs = estimate["jobs"]
        self._begun = now
        self._cores: int = estimate["cores"]
        self._needs: list[list[int]] = estimate["needs"]
        self._numbers = {job["job"]: number for number, job in enumerate(jobs)}
        self._foretold: list[float] = [(job["least"] + job["most"]) / 2 for job in jobs]
        self._half_width = sum(job["most"] - job["least"] for job in jobs) / 2
        # Of a range that spans orders of magnitude the ends say little.
        self.foretold_wall = sqrt(estimate["wall"][0] * estimate["wall"][1])
        self._beside = sum(estimate["engine"]) / 2
        self._running: dict[str, float] = {}
        self._took: dict[str, float] = {}
        self._whole = sum(self._foretold)
        self.failed = 0
        self.planned = len(jobs)

    @property
    def done(self) -> int:
        """How many jobs ended well."""
        return len(self._took)

    @property
    def is_over(self) -> bool:
        """Whether all that was planned ended well."""
        return self.done >= self.planned

    @property
    def job_seconds(self) -> float:
        """What those took."""
        return sum(self._took.values(), 0.0)

    def start(self, job: str, now: float) -> None:
        """A job starts."""
        self._running[job] = now

    def end(self, job: str, seconds: float) -> None:
        """A job ended well and took so many seconds."""
        self._running.pop(job, None)
        self._took[job] = seconds

    def fail(self, job: str) -> None:
        """A job failed."""
        self._running.pop(job, None)
        self.failed += 1

    def running_for(self, job: str, now: float) -> float:
        """Seconds since a job started; 0 if it does not run."""
        return now - self._running.get(job, now)

    def share(self) -> float:
        """How much of the foretold work is done, from 0 to 1."""
        ended = (self._numbers[job] for job in self._took if job in self._numbers)
        done = sum(self._foretold[number] for number in ended)
        return done / self._whole if self._whole else self.done / max(self.planned, 1)

    def left(self, now: float) -> tuple[float, float]:
        """Bounds of the seconds left, as of `estimates.wall_bounds`, for what is not done."""
        to_come = [x for job, x in self._numbers.items() if job not in self._took]
        ratio, deviation = self._ratio(to_come)
        beside = self._beside_a_job(now)
        ends = []
        # The same factor down as up: nothing is left in no time.
        for factor in (ratio / (1 + deviation / ratio), ratio + deviation):
            seconds = [0.0] * self.planned
            for job, number in self._numbers.items():
                if job not in self._took:
                    whole = factor * self._foretold[number] + beside
                    seconds[number] = max(whole - self.running_for(job, now), 0.0)
            ends.append((sum(seconds) / self._cores, longest_chain(seconds, self._needs)))
        (share, chain), (large_share, large_chain) = ends
        return max(share, chain), large_share + (1 - 1 / self._cores) * large_chain

    def line(self, now: float) -> str:
        """What is done and the time left, on one line."""
        parts = [
            f"{self.done} of {counted(self.planned, 'job')}, {100 * self.share():.0f} % of the work"
        ]
        parts.append(f"{duration(now - self._begun)} so far")
        if not self.is_over:
            parts.append(f"{span(*self.left(now))} left")
        if self.failed:
            parts.append(f"{self.failed} failed")
        return "; ".join(parts)

    def _ratio(self, to_come: list[int]) -> tuple[float, float]:
        """What jobs take over what was foretold, and how far that of those to come may be off."""
        pairs = [
            (self._foretold[self._numbers[job]], took)
            for job, took in self._took.items()
            if job in self._numbers
        ]
        done, left = sum(x for x, _ in pairs), sum(self._foretold[x] for x in to_come)
        prior = _FORETOLD * self._whole
        if not left:
            return 1.0, 0.0
        ratio = (sum(took for _, took in pairs) + prior) / (done + prior)
        squares = sum(x * x for x, _ in pairs)
        # Of single jobs, relative to what was foretold; then of the sum, and of what was learnt.
        scatter = sum((took - ratio * x) ** 2 for x, took in pairs) / squares if squares else 0.0
        of_sum = scatter * sum(self._foretold[x] ** 2 for x in to_come) / left**2
        learnt = scatter * squares / (done + prior) ** 2
        unlearnt = self._half_width / self._whole * prior / (done + prior)
        return ratio, _DEVIATIONS * sqrt(of_sum + learnt) + unlearnt

    def _beside_a_job(self, now: float) -> float:
        """Seconds of a core that were not spent in jobs, for each of them."""
        inside = self.job_seconds + sum(self.running_for(job, now) for job in self._running)
        beside = max(self._cores * (now - self._begun) - inside, 0.0)
        prior = _FORETOLD * self.planned
        started = self.done + self.failed + len(self._running)
        return (beside + prior * self._beside) / (started + prior) if self.planned else 0.0
