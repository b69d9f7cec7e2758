"""The log of one job: messages and progress in a file and on the terminal.

Each job imports this before it imports what it needs.
"""

from __future__ import annotations

import gc
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

# What a job imports stays, objects by the hundred thousand: looking for garbage among them as often
# as usual takes an eighth of a short job.
gc.set_threshold(50_000, 20, 20)

SECONDS_BETWEEN_LINES = 10.0
ERASE = "\r\x1b[K"  # what stands on the line of a terminal


class JobLog:
    """Writes lines to the log file of a job, and progress to the terminal as well."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def say(self, line: str) -> None:
        """Write one line to the log file."""
        print(line, file=self._stream, flush=True)

    def progress(self, label: str, unit: str) -> Callable[[int, int], None]:
        """A callback (done, total) that reports what is done, the rate and the time left.

        It speaks every ten seconds and at the end; on the terminal only of work that lasts longer.
        """
        start = time.monotonic()
        last = start

        def report(done: int, total: int) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last < SECONDS_BETWEEN_LINES and done < total:
                return
            last = now
            rate = done / max(now - start, 1e-9)
            left = f"{(total - done) / rate:.0f} s left" if done else "no estimate yet"
            line = f"{label}: {done} of {total} {unit}, {rate:.3g}/s, {left}"
            self.say(line)
            if now - start >= SECONDS_BETWEEN_LINES:
                # On a terminal, in place of the one line of the run, which is renewed below.
                room = ERASE if sys.stderr.isatty() else ""
                print(f"{room}{line}", file=sys.stderr, flush=True)

        return report


@contextmanager
def job_log(path: str | Path) -> Iterator[JobLog]:
    """Open the log of a job; an error that ends the job is written to it and raised again."""
    with Path(path).open("w", encoding="utf-8") as stream:
        try:
            yield JobLog(stream)
        except BaseException:
            traceback.print_exc(file=stream)
            raise
