"""Compiled functions, kept on disk between processes where there is a place for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from numba import config, njit
from numba.misc.appdirs import AppDirs


def compiled_and_kept(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: compile a function when it is first called, and keep its code for later processes.

    Where no folder for the code can be written, as in an installation for many users and without a
    home, each process compiles for itself: numba alone would refuse to load the function. The
    variable NUMBA_CACHE_DIR names another folder.

    Args:
        options: of numba.njit, except cache.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        keep = _may_look_for_a_folder(Path(function.__code__.co_filename))
        try:
            return njit(cache=keep, **options)(function)
        except RuntimeError:  # it found no folder
            return njit(**options)(function)

    return decorate


def _may_look_for_a_folder(source: Path) -> bool:
    """False where numba would end with a folder named "~" in the working directory.

    It takes NUMBA_CACHE_DIR, the one beside the source or the one of the user, whichever can be
    written first; where no home is known, the last is that.
    """
    of_user = Path(AppDirs(appname="numba", appauthor=False).user_cache_dir)  # type: ignore[no-untyped-call]
    named = config.CACHE_DIR  # type: ignore[attr-defined]
    others = [source.parent / "__pycache__", *([Path(named)] if named else [])]
    return of_user.is_absolute() or any(map(_is_writable, others))


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
