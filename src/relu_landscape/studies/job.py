"""One job of the workflow: reads what a step is given, calls it, and writes what it made."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from relu_landscape.evidence.arrays import write_arrays
from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.evidence.stored import read_stored
from relu_landscape.settings.model import Settings
from relu_landscape.storage import write_text
from relu_landscape.studies.declarations import Declaration
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_frame, make_table

__all__ = ["run_step"]


def run_step(
    step: Declaration,
    files: Mapping[str, str | Iterable[str]],
    values: Mapping[str, Any],
    outputs: Mapping[str, str],
    log: JobLog,
) -> None:
    """Run a step of a study.

    Args:
        step: what the study declares.
        files: the path of each input, or the paths; the step gets its content, or a mapping from
            each path to its content.
        values: wildcards and parameters of the job.
        outputs: where each thing that the step makes is written: a table .parquet, arrays .npz, a
            document .json, else a text.
        log: of the job.

    Raises:
        KeyError: the rule does not have what the step asks for.
        ValueError: the step makes other things than the rule says.
    """
    given = {**values, **{key: _content(paths) for key, paths in files.items()}, "log": log}
    function = step.load()
    types = inspect.get_annotations(function)
    made = function(**{key: _as_settings(given[key], types.get(key)) for key in step.inputs})
    if made.keys() != outputs.keys():
        raise ValueError(
            f"{step.module} makes {', '.join(made)}, but its rule has {', '.join(outputs)}"
        )
    for key, content in made.items():
        _write(key, content, Path(outputs[key]))


def _as_settings(value: Any, type_: Any) -> Any:
    """A mapping of the config as what a step asks for; other values as they are."""
    if not isinstance(type_, type):
        return value
    if issubclass(type_, Settings):
        return type_.model_validate(value)
    return type_(**value) if is_dataclass(type_) and isinstance(value, Mapping) else value


def _content(paths: str | Iterable[str]) -> Any:
    if isinstance(paths, str):
        return read_stored(paths)
    return {str(path): read_stored(path) for path in paths}


def _write(name: str, content: Any, path: Path) -> None:
    if path.suffix == ".parquet":
        write_table(_table(name, content), path, name)
    elif path.suffix == ".npz":
        write_arrays(path, **content)
    elif path.suffix == ".json":
        write_json(path, content)
    else:
        write_text(path, content)


def _table(name: str, content: Any) -> pd.DataFrame:
    """A table of typed rows, of records or as it is."""
    if isinstance(content, pd.DataFrame):
        return content
    rows = list(content)
    typed = bool(rows) and is_dataclass(rows[0])
    return make_frame(rows, type(rows[0])) if typed else make_table(rows, name)
