"""A log handler of the workflow engine: one line with what is done and the time left.

`make study` and `make claim` ask for it. It is a package of its own because the engine finds its
plugins by their names. Errors, with the logs of failed jobs, warnings, and what the engine says at
its start and end are shown as ever; what it says of single jobs stands in its own log, which it
names at the end.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field
from logging import WARNING, LogRecord
from pathlib import Path
from typing import TYPE_CHECKING

from snakemake.logging import ColorizingTextHandler, DefaultFormatter
from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase

if TYPE_CHECKING:
    from relu_landscape.evidence.run_watch import RunWatch

# Nothing of the library is imported with this module: the engine loads all plugins that it finds,
# also where it then runs a checkout that has another library.
_SECONDS = 1.0  # between two looks
_SELECTING = "Select jobs to execute..."
_SHOWN = {None, LogEvent.ERROR, LogEvent.JOB_ERROR, LogEvent.GROUP_ERROR}


@dataclass
class LogHandlerSettings(LogHandlerSettingsBase):
    """What the command line of the engine says to this handler."""

    results: Path | None = field(
        default=None,
        metadata={"help": "Folder of the results of this run", "required": True, "type": Path},
    )


class LogHandler(LogHandlerBase):
    """Tells a `RunWatch` of jobs, and shows the rest as the engine does."""

    settings: LogHandlerSettings

    def __post_init__(self) -> None:
        """Begin to watch."""
        from relu_landscape.evidence.run_watch import RunWatch

        assert self.settings.results is not None
        self._watch: RunWatch = RunWatch(self.settings.results, sys.stderr)
        self._jobs: dict[int, str] = {}
        self._text = ColorizingTextHandler(
            nocolor=self.common_settings.nocolor,
            stream=sys.stderr,
            formatter=DefaultFormatter(
                self.common_settings.quiet, self.common_settings.show_failed_logs
            ),
        )
        self._told = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._renew, daemon=True).start()

    def emit(self, record: LogRecord) -> None:
        """Take in one message of the engine."""
        try:
            with self._told:
                self._take_in(record)
                if is_shown(record):
                    self._watch.erase()
                    self._text.emit(record)
        except Exception:  # as in all handlers: what goes wrong here is told, and ends no run
            self.handleError(record)

    def close(self) -> None:
        """The engine ends."""
        if not self._ended.is_set():
            self._ended.set()
            with self._told:
                self._watch.close()
        super().close()

    def _take_in(self, record: LogRecord) -> None:
        from relu_landscape.evidence.plans import job_of_benchmark

        event = getattr(record, "event", None)
        if event == LogEvent.JOB_INFO:
            job = job_of_benchmark(record.__dict__["benchmark"] or "")
            if job is not None:
                self._jobs[record.__dict__["jobid"]] = job
                self._watch.start(job)
        elif event == LogEvent.JOB_FINISHED and record.__dict__["job_id"] in self._jobs:
            self._watch.end(self._jobs.pop(record.__dict__["job_id"]))
        elif event == LogEvent.JOB_ERROR and record.__dict__["jobid"] in self._jobs:
            self._watch.fail(self._jobs.pop(record.__dict__["jobid"]))

    def _renew(self) -> None:
        while not self._ended.wait(_SECONDS):
            with self._told:
                self._watch.renew()

    @property
    def writes_to_stream(self) -> bool:
        """It does, in place of the engine's own handler."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """It does not: the log of the engine goes on beside it."""
        return False

    @property
    def has_filter(self) -> bool:
        """It chooses by itself."""
        return True

    @property
    def has_formatter(self) -> bool:
        """It has that of the engine."""
        return True

    @property
    def needs_rulegraph(self) -> bool:
        """It does not."""
        return False


def is_shown(record: LogRecord) -> bool:
    """Whether a message of the engine is for the terminal: not what it says of single jobs."""
    if record.levelno >= WARNING:
        return True
    event = getattr(record, "event", None)
    return event in _SHOWN and record.getMessage() != _SELECTING and record.levelno > 10
