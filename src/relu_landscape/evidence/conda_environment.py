"""The conda environment: Python and the pins of the lock.

They stand in the file itself, since the workflow engine copies it away from the lock.
"""

from __future__ import annotations

import re

__all__ = ["conda_environment"]

_PIN = re.compile(r"^([A-Za-z0-9._-]+==[^\\\n]+?) *\\?$", re.MULTILINE)
_HEAD = """\
# Generated: Python and the pins of requirements.lock; conda takes no hashes.
name: relu-landscape
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.12
  - pip
  - pip:
"""


def conda_environment(lock: str) -> str:
    """The text of environment.yml.

    lock: the text of requirements.lock.
    """
    return _HEAD + "".join(f"      - {pin}\n" for pin in _PIN.findall(lock))
