"""What all tests share."""

import gc
import os
import sys
from pathlib import Path

import pytest

# One thread, as in the jobs of the workflow: the matrices of the tests are small, and a product of
# small matrices in two threads waits for the slower one, long where another process has a core.
assert "numpy" not in sys.modules  # it reads them when it is loaded
os.environ.update(
    OMP_NUM_THREADS="1",
    OPENBLAS_NUM_THREADS="1",
    MKL_NUM_THREADS="1",
    NUMBA_NUM_THREADS="1",
)
# Modules and tests stay: looking for garbage among them takes a quarter of collecting the tests.
gc.set_threshold(200_000, 20, 20)
# An assertion in a helper names its values only if pytest rewrites the helper before its import.
pytest.register_assert_rewrite(*(path.stem for path in Path(__file__).parent.glob("helpers_*.py")))
# Jobs of the workflow do not see it either: matplotlib refuses a name that it does not know.
os.environ.pop("MPLBACKEND", None)
