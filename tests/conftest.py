"""What all tests share."""

import os
from pathlib import Path

import pytest

# An assertion in a helper names its values only if pytest rewrites the helper before its import.
pytest.register_assert_rewrite(*(path.stem for path in Path(__file__).parent.glob("helpers_*.py")))
# Jobs of the workflow do not see it either: matplotlib refuses a name that it does not know.
os.environ.pop("MPLBACKEND", None)
