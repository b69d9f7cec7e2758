"""What a weight matrix must be: real, finite, two-dimensional, no zero rows."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import real_array, refuse_rows

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
    array = real_array(weights, name)
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
    array = real_array(vectors, name)
    if array.ndim == 0 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; it must hold at least one vector")
    refuse_large_and_small(array, name, LARGEST)
    return array


def refuse_large_and_small(vectors: NDArray[np.float64], name: str, largest_entry: float) -> None:
    """Refuse vectors (..., d) with an entry beyond a bound, or all entries below its reciprocal.

    Raises:
        ValueError: such a vector, a zero one among them.
    """
    largest, smallest_entry = np.abs(vectors).max(axis=-1), 1.0 / largest_entry
    refuse_rows(
        largest < smallest_entry,
        name,
        f"is zero (no entry reaches {smallest_entry:g}), where the loss is not differentiable: "
        "remove the neuron or move it",
    )
    refuse_rows(
        largest > largest_entry,
        name,
        f"has an entry beyond {largest_entry:g}, whose square overflows: rescale",
    )


def checked_outputs(
    outputs: ArrayLike | None, n_students: int, *, signs_only: bool
) -> NDArray[np.float64]:
    """Return the output weights of the students, (n,), all 1 if none are given.

    Args:
        outputs: (n,), or None.
        n_students: n.
        signs_only: whether they must be 1 or -1.

    Raises:
        ValueError: not real numbers, not finite, of another shape, or another number than allowed.
    """
    if outputs is None:
        return np.ones(n_students)
    array = real_array(outputs, "outputs")
    if array.shape != (n_students,):
        raise ValueError(
            f"outputs has shape {array.shape}; it must have shape ({n_students},), one output "
            "weight a student"
        )
    if signs_only and not (np.abs(array) == 1.0).all():
        neuron = int(np.argmax(np.abs(array) != 1.0))
        raise ValueError(
            f"outputs[{neuron}] is {array[neuron]:.17g}; with this kernel it must be 1 or -1: the "
            "activation is homogeneous, so let the row of W bear the size"
        )
    return array
