"""Follows one sitting of a run: shows its one line, and records it beside the results.

On a terminal the line is renewed in place; elsewhere it is printed now and then, some hundred times
in a long run.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, process_time
from typing import TextIO

from relu_landscape.evidence.documents import read_json
from relu_landscape.evidence.job_log import ERASE
from relu_landscape.evidence.progress import Progress
from relu_landscape.evidence.run_records import ESTIMATE, Sitting, read_sittings, write_sittings

SECONDS_BETWEEN_LINES = 30.0  # at least, where the line is not renewed in place
_LINES = 100  # at most about so many, if the run takes as long as foretold


class RunWatch:
    """What the engine tells of its jobs, as one line and as a record."""

    def __init__(
        self,
        results: Path,
        stream: TextIO,
        clock: Callable[[], float] = monotonic,
        processor_clock: Callable[[], float] = process_time,
    ) -> None:
        """Begin a sitting.

        Args:
            results: the folder of a run, with the estimate for this sitting where one was kept.
            stream: where the line goes.
            clock: seconds, from anywhere.
            processor_clock: seconds of processor time of the engine's main process, from its start.
        """
        self._results = results
        self._stream = stream
        self._clock = clock
        self._processor_clock = processor_clock
        self._in_place = stream.isatty()
        self._shown = False
        # Until now the engine did nothing but load.
        self._begun = clock() - processor_clock()
        self._said = clock()
        kept = results / ESTIMATE
        self._estimate = read_json(kept) if kept.exists() else None
        self._progress = Progress(self._estimate, self._begun) if self._estimate else None
        self._before = read_sittings(results)
        self._any = False  # whether a job was started
        self._over = False  # whether the last was done

    def start(self, job: str) -> None:
        """A job starts."""
        if self._progress:
            self._any = True
            self._progress.start(job, self._clock())

    def end(self, job: str) -> None:
        """A job ended well, and its benchmark is there."""
        if self._progress:
            now = self._clock()
            self._progress.end(job, self._seconds(job, self._progress.running_for(job, now)))
            if self._progress.is_over:
                self.renew()

    def fail(self, job: str) -> None:
        """A job failed."""
        if self._progress:
            self._progress.fail(job)

    def renew(self) -> None:
        """Show the line as it is now, where it is due, and record what was done until now."""
        if not (self._progress and self._any) or self._over:
            return
        now = self._clock()
        due = now - self._said >= self._period(self._progress)
        # What the engine prints at its end, also to another stream, begins a line of its own.
        self._over = self._progress.is_over
        if self._in_place:
            width = shutil.get_terminal_size().columns - 1
            end = "\n" if self._over else ""
            self._write(f"{ERASE}{self._progress.line(now)[:width]}{end}")
            self._shown = not self._over
        elif due or self._over:
            self._write(f"{self._progress.line(now)}\n")
        if due:
            self._said = now
            self._record(ended=False)

    def erase(self) -> None:
        """Make room for other text; `renew` shows the line again."""
        if self._shown:
            self._write(ERASE)
            self._shown = False

    def close(self) -> None:
        """The engine ends."""
        self.erase()
        if self._any:
            self._record(ended=True)

    def _period(self, progress: Progress) -> float:
        return max(SECONDS_BETWEEN_LINES, progress.foretold_wall / _LINES)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    def _seconds(self, job: str, seen: float) -> float:
        """What the benchmark of a job says that it took; where it cannot be read, what was seen."""
        try:
            with (self._results / "benchmarks" / f"{job}.tsv").open(encoding="utf-8") as lines:
                head, row = (lines.readline().rstrip("\n").split("\t") for _ in range(2))
            return float(row[head.index("s")])
        except (OSError, ValueError):
            return seen

    def _record(self, *, ended: bool) -> None:
        progress, estimate = self._progress, self._estimate
        if progress is None or estimate is None:
            return
        sitting = Sitting(
            planned=progress.planned,
            done=progress.done,
            failed=progress.failed,
            cores=estimate["cores"],
            job_seconds=progress.job_seconds,
            wall_seconds=self._clock() - self._begun,
            engine_seconds=self._processor_clock(),
            estimate=tuple(estimate["wall"]),
            speeds=estimate["speeds"],
            ended=ended,
        )
        with suppress(OSError):  # on a full disk the jobs say so, and the run ends as it must
            write_sittings(self._results, [*self._before, sitting])
