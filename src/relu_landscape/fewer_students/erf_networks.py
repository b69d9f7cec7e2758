"""The network of a symmetric critical point of erf, rebuilt from its few numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.fewer_students.copy_branches import CopyBranch


def erf_network(point: Mapping[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weights and outputs, copies in the order of their teachers, those left out last.

    Args:
        point: branch, k, n, and of a student that is no exact copy own (its weight on its own
            teacher), copied (on each teacher that others copy), left_out (on each other), output.

    Returns:
        W (n, k) and the outputs (n,).
    """
    k, n = int(point["k"]), int(point["n"])
    W, outputs = np.eye(n, k), np.ones(n)
    if point["branch"] == CopyBranch.COPY_AVERAGE:
        W[-1], outputs[-1] = 0.0, point["output"]
        W[-1, n - 1 :] = point["left_out"]
        return W, outputs
    W[:] = point["left_out"]
    W[:, :n] = point["copied"]
    W[np.arange(n), np.arange(n)] = point["own"]
    return W, outputs * point["output"]
