"""What a weight matrix must be: real, finite, two-dimensional, no zero rows."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Between these the products of two norms, and their quotients, neither overflow nor underflow.
SMALLEST: Final = 1e-150
LARGEST: Final = 1e150


def checked_weights(weights: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return the weights of a layer as a float64 array, or say what is wrong with them.

    Args:
        weights: (neurons, d), one neuron a row.
        name: how an error message calls the array: "W" for students, "V" for teachers.

    Returns:
        The same numbers, shape (neurons, d).

    Raises:
        ValueError: not real numbers, not two-dimensional, empty, not finite, or a zero row, at
            which the loss is not differentiable (S21, Lemma 1).
    """
    array = np.asarray(weights)
    if array.ndim != 2:
        raise ValueError(
            f"{name} has shape {array.shape}; it must have shape (neurons, inputs), one neuron a "
            "row, also when there is only one neuron or one input"
        )
    return checked_vectors(array, name)


def checked_network(
    students: ArrayLike, teachers: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return W (n, d) and V (k, d) as float64 arrays over the same inputs.

    Raises:
        ValueError: as for `checked_weights`, or W and V have different numbers of columns.
    """
    W, V = checked_weights(students, "W"), checked_weights(teachers, "V")
    if W.shape[1] != V.shape[1]:
        raise ValueError(
            f"W has {W.shape[1]} columns and V has {V.shape[1]}; students and teachers must "
            "have the same inputs: pad the narrower one with zero columns"
        )
    return W, V


def checked_vectors(vectors: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return an array of non-zero vectors (..., d) as float64.

    Raises:
        ValueError: not real numbers, no last axis, empty, not finite, or a zero vector.
    """
    array = checked_reals(vectors, name)
    if array.ndim == 0 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; it must hold at least one vector")
    largest = np.abs(array).max(axis=-1)
    _refuse_rows(
        largest < SMALLEST,
        name,
        f"is zero (no entry reaches {SMALLEST:g}), where the loss is not differentiable: remove "
        "the neuron or move it",
    )
    _refuse_rows(
        largest > LARGEST, name, f"has an entry beyond {LARGEST:g}, whose square overflows: rescale"
    )
    return array


def checked_reals(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return an array of finite real numbers as float64.

    Raises:
        ValueError: not real numbers, or not finite.
    """
    array = np.asarray(values)
    if not np.can_cast(array.dtype, np.float64):
        raise ValueError(f"{name} has dtype {array.dtype}; it must hold real numbers (float64)")
    _refuse_rows(~np.isfinite(array).all(axis=-1), name, "has an entry that is not finite")
    return array.astype(np.float64, copy=False)


def _refuse_rows(refused: NDArray[np.bool_], name: str, reason: str) -> None:
    if not refused.any():
        return
    row = ", ".join(str(index) for index in np.argwhere(refused)[0])
    where = f"row {row} of {name}" if row else name
    others = np.count_nonzero(refused) - 1
    raise ValueError(f"{where} {reason}" + (f" ({others} more such rows)" if others else ""))
