"""Running a notebook as this environment would, whatever Jupyter of the user looks like."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import papermill

from relu_landscape.evidence.notebook_pages import render_notebook
from relu_landscape.storage import write_text

__all__ = ["run_notebook"]

_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")

# A kernel that starts beside other work may take minutes; one that never answers must still end.
KERNEL_SECONDS = 600

# Each start would warn that a kernel of this machine, for this process, is spoken to in plain text,
# and some ends that they were asked for. What goes wrong in a cell ends the notebook by itself.
_KERNEL = {"IPKernelApp": {"log_level": "CRITICAL"}}


def run_notebook(
    notebook: Path | str, executed: Path | str, html: Path | str, parameters: Mapping[str, Any]
) -> None:
    """Execute a notebook with the interpreter of this process, and write it and a page of it.

    Args:
        notebook: the notebook, with a cell tagged parameters.
        executed: where it is written with its outputs.
        html: where the page is written.
        parameters: what replaces the values in that cell.
    """
    with _without_settings_of_the_user():
        papermill.execute_notebook(
            notebook,
            executed,
            parameters=parameters,
            log_output=False,
            progress_bar=False,
            start_timeout=KERNEL_SECONDS,
        )
        with_outputs = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]
        page = render_notebook(with_outputs)
    write_text(html, page)


@contextmanager
def _without_settings_of_the_user() -> Iterator[None]:
    """Hide kernels, configs, templates and start-up files of the user.

    A kernel of the user that is called python3, as all are, would run in another environment.
    """
    before = dict(os.environ)
    of_user = [name for name in before if name.startswith(("JUPYTER", "IPYTHON"))]
    with TemporaryDirectory() as folder:
        for name in (*of_user, "PYTHONSTARTUP"):
            os.environ.pop(name, None)
        os.environ.update(dict.fromkeys(_FOLDERS, folder))
        profile = Path(folder, "profile_default")
        profile.mkdir()
        write_text(profile / "ipython_kernel_config.json", json.dumps(_KERNEL))
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
