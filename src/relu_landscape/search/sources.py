"""A digest of what compiled code is built from, for code that is kept on disk."""

from __future__ import annotations

import hashlib
import inspect
from types import ModuleType

from relu_landscape.search.registers import REGISTERS


def source_digest(*modules: ModuleType) -> str:
    """Return the SHA-256 (hex) of the sources of the modules and the registers they are built for.

    numba judges a compiled copy on disk by its target, the time stamp of the file that defines the
    function and the values that it closes over. A function that closes over this digest is compiled
    again when one of the other files it is built from changes, or the width of vectors.
    """
    text = "".join(inspect.getsource(module) for module in modules)
    return hashlib.sha256(f"{text}{REGISTERS}".encode()).hexdigest()
