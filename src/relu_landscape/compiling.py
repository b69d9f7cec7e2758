"""Compiled functions, kept on disk between processes where there is a place for them."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final

from numba import config, njit
from numba.core.compiler_lock import global_compiler_lock
from numba.misc.appdirs import AppDirs

# A process that waits as long compiles for itself: the other one may have been stopped.
LONGEST_WAIT: Final = 60.0  # seconds
_BETWEEN_TRIALS: Final = 0.05  # seconds


def compiled_and_kept(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: compile a function when it is first called, and keep its code for later processes.

    Of processes that need it at the same time one compiles, and the others wait and load its code.
    Where no folder for the code can be written, as in an installation for many users and without a
    home, each process compiles for itself: numba alone would refuse to load the function. The
    variable NUMBA_CACHE_DIR names another folder.

    Args:
        options: of numba.njit, except cache.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        keep = _may_look_for_a_folder(Path(function.__code__.co_filename))
        try:
            compiled = njit(cache=keep, **options)(function)
        except RuntimeError:  # it found no folder
            return njit(**options)(function)
        if keep and not config.DISABLE_JIT:  # type: ignore[attr-defined]
            _compile_alone(compiled, function)
        return compiled

    return decorate


def _compile_alone(compiled: Any, function: Callable[..., Any]) -> None:
    """Let one process at a time look for the kept code of a function, and else compile it."""
    code = function.__code__
    name = f"{Path(code.co_filename).stem}.{code.co_name}-{code.co_firstlineno}.lock"
    file = Path(compiled.stats.cache_path, name)
    look_or_compile = compiled.compile

    def compile_alone(signature: Any) -> Any:
        # The lock of this process first, as numba takes it: two threads could wait for each other.
        with global_compiler_lock, _held(file):
            return look_or_compile(signature)

    compiled.compile = compile_alone


@contextmanager
def _held(file: Path) -> Iterator[None]:
    """Hold the lock of a file, which the system frees if this process is killed.

    Where the file cannot be written or locked, or another process has held it for LONGEST_WAIT
    seconds, go on without.
    """
    try:
        lock = file.open("ab")
    except OSError:
        yield
        return
    with lock:
        _wait_for(lock)
        yield


def _wait_for(lock: IO[bytes]) -> None:
    end = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < end:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_BETWEEN_TRIALS)
        except OSError:  # a file system without locks
            return
        else:
            return


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
