"""A digest of source files, for compiled code that is kept on disk."""

from __future__ import annotations

import hashlib
import inspect
from types import ModuleType


def source_digest(*modules: ModuleType) -> str:
    """Return the SHA-256 (hex) of the sources of the modules.

    numba judges a compiled copy on disk by the time stamp of the file that defines the function and
    by the values that it closes over. A function that closes over this digest is compiled again
    when one of the other files it is built from changes.
    """
    text = "".join(inspect.getsource(module) for module in modules)
    return hashlib.sha256(text.encode()).hexdigest()
