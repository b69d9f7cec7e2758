"""What a public function takes: the one decision for whole numbers, real numbers and arrays.

A whole number is anything with `operator.index` but a bool, and becomes an int: NumPy integers
overflow. A real number becomes a float. An array holds real, finite numbers, none of them masked;
where exactness is promised its numbers never pass through float64. Each check takes a value and the
name of the argument, and returns the plain value or says what is allowed.
"""

from __future__ import annotations

import functools
import inspect
import numbers
import operator
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import chain, repeat
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Check: TypeAlias = Callable[[Any, str], Any]
P = ParamSpec("P")
R = TypeVar("R")

_LARGEST_SHOWN: Final = 60
_NOT_FINITE: Final = "has an entry that is not finite; all must be"
# Up to this size every whole number is a double.
_EXACT_INTEGERS: Final = 2**53


def checked_arguments(**checks: Check) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function receive its arguments as these checks return them; defaults are not checked.

    Raises:
        TypeError: there is no such argument.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(function).parameters.values()
        unknown = checks.keys() - {parameter.name for parameter in parameters}
        if unknown:
            raise TypeError(f"{function.__name__} has no argument {', '.join(sorted(unknown))}")
        variable = [x.name for x in parameters if x.kind is x.VAR_POSITIONAL]
        positional = [x.name for x in parameters if x.kind is x.POSITIONAL_OR_KEYWORD]
        # Too many arguments are left to the function itself to refuse.
        further = repeat(variable[0] if variable else "")

        def plain(name: str, value: Any) -> Any:
            return checks[name](value, name) if name in checks else value

        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            names = chain(positional, further)
            given = [plain(name, value) for name, value in zip(names, args, strict=False)]
            named = {name: plain(name, value) for name, value in kwargs.items()}
            return function(*given, **named)

        return checked

    return decorate


def whole_number(value: Any, name: str) -> int:
    """A whole number as an int.

    Raises:
        ValueError: a bool, a float (whole or not), masked, or no number.
    """
    number = _scalar(value)
    if hasattr(number, "__index__") and not isinstance(number, bool | np.bool_ | np.ndarray):
        return operator.index(number)
    raise _refusal(value, name, "a whole number (int or a NumPy integer)")


def real_number(value: Any, name: str) -> float:
    """A finite real number as a float.

    Raises:
        ValueError: not finite, a bool, masked, complex, or no number.
    """
    number = _scalar(value)
    if not isinstance(number, bool) and isinstance(number, numbers.Real):
        try:
            found = float(number)
        except OverflowError:
            found = np.inf
        if np.isfinite(found):
            return found
    raise _refusal(value, name, "a finite real number")


def real_bound(value: Any, name: str) -> float:
    """A real number, or infinity, as a float.

    Raises:
        ValueError: as for `real_number`, but for infinity.
    """
    number = _scalar(value)
    if isinstance(number, float | np.floating) and np.isinf(number):
        return float(number)
    return real_number(value, name)


def exact_number(value: Any, name: str) -> int | float | Fraction:
    """A finite real number, exactly: an int, a float, or a Fraction of what is neither.

    Raises:
        ValueError: as for `real_number`.
    """
    number = _scalar(value)
    if isinstance(number, bool) or not isinstance(number, numbers.Real) or not _is_finite(number):
        raise _refusal(value, name, "a finite real number")
    exact = _exactly(number)
    if isinstance(number, numbers.Rational):
        return int(exact) if exact.denominator == 1 else exact
    return float(exact) if _is_double(exact) else exact


def exact_fraction(value: Any, name: str) -> Fraction:
    """A finite real number as the fraction that it is.

    Raises:
        ValueError: as for `real_number`.
    """
    return Fraction(exact_number(value, name))


def extended_number(value: Any, name: str) -> Any:
    """An int, a float or, as it is, a finite mpmath number.

    Raises:
        ValueError: as for `real_number`.
    """
    if hasattr(value, "_mpf_") and _is_finite(value):
        return value
    number = exact_number(value, name)
    return number if isinstance(number, int) else float(number)


def real_array(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Finite real numbers as a float64 array.

    Raises:
        ValueError: not real numbers, masked, or not finite.
    """
    array = _unmasked(values, name)
    if not np.can_cast(array.dtype, np.float64):
        raise ValueError(f"{name} has dtype {array.dtype}; it must hold real numbers (float64)")
    refuse_rows(
        ~np.isfinite(array).all(axis=-1), name, "has an entry that is not finite; all must be"
    )
    return array.astype(np.float64, copy=False)


def exact_array(values: ArrayLike, name: str) -> NDArray[Any]:
    """Finite real numbers, exactly: float64 if all are doubles, else Fractions (dtype object).

    Raises:
        ValueError: not real numbers, masked, or not finite.
    """
    array = _unmasked(values, name)
    if array.dtype.kind not in "biufO":
        raise ValueError(f"{name} has dtype {array.dtype}; it must hold real numbers, exactly")
    if array.dtype.kind == "f":
        refuse_rows(
            ~np.isfinite(array).all(axis=-1), name, "has an entry that is not finite; all must be"
        )
        if not hasattr(values, "dtype"):
            # A list of an integer beyond 2^53 and a float became an array of rounded numbers.
            array = np.array(values, dtype=object)
    if _holds_doubles_only(array):
        return array.astype(np.float64, copy=False)
    exact = np.empty(array.shape, dtype=object)
    for place, entry in np.ndenumerate(array):
        if not isinstance(entry, numbers.Real | np.bool_):
            raise ValueError(f"{name} holds {_shown(entry)}; it must hold real numbers, exactly")
        if not _is_finite(entry):
            raise ValueError(f"{name} {_NOT_FINITE}")
        exact[place] = _exactly(entry)
    if all(_is_double(entry) for entry in exact.flat):
        return exact.astype(np.float64)
    return exact


def extended_array(values: ArrayLike, name: str) -> NDArray[Any]:
    """As `exact_array`; an array that holds a finite mpmath number stays as it is.

    Raises:
        ValueError: not real numbers, masked, or not finite.
    """
    array = _unmasked(values, name)
    if array.dtype != object or not any(hasattr(entry, "_mpf_") for entry in array.flat):
        return exact_array(values, name)
    for entry in array.flat:
        extended_number(entry, f"an entry of {name}")
    return array


def as_fractions(array: NDArray[Any]) -> NDArray[np.object_]:
    """What `exact_array` returned as Fractions, whatever its dtype."""
    exact = np.empty(array.shape, dtype=object)
    for place, entry in np.ndenumerate(array):
        exact[place] = _exactly(entry)
    return exact


def refuse_rows(refused: NDArray[np.bool_], name: str, reason: str) -> None:
    """Refuse an array some of whose rows are marked, naming the first.

    Raises:
        ValueError: a row is marked.
    """
    if not refused.any():
        return
    row = ", ".join(str(index) for index in np.argwhere(refused)[0])
    where = f"row {row} of {name}" if row else name
    others = np.count_nonzero(refused) - 1
    raise ValueError(f"{where} {reason}" + (f" ({others} more such rows)" if others else ""))


def text(value: Any, name: str) -> str:
    """A string.

    Raises:
        ValueError: something else.
    """
    if not isinstance(value, str):
        raise _refusal(value, name, "a string")
    return str(value)


def function(value: Any, name: str) -> Any:
    """Something that can be called.

    Raises:
        ValueError: something else.
    """
    if not callable(value):
        raise _refusal(value, name, "a function")
    return value


def one_of(*allowed: str) -> Check:
    """Check for one of a few strings; members of a StrEnum may be given by their values."""
    members = {str(member): member for member in allowed}

    def check(value: Any, name: str) -> str:
        if not isinstance(value, str) or value not in members:
            raise _refusal(value, name, f"one of {', '.join(map(repr, members))}")
        return members[value]

    return check


def instance_of(*types: type) -> Check:
    """Check for an object of one of these types, which is returned as it is."""
    article = " or ".join(f"a {kind.__name__}" for kind in types)

    def check(value: Any, name: str) -> Any:
        if not isinstance(value, types):
            raise _refusal(value, name, article)
        return value

    return check


def optional(check: Check) -> Check:
    """Check for what another check takes, or None."""

    def check_unless_none(value: Any, name: str) -> Any:
        return None if value is None else check(value, name)

    return check_unless_none


def several(check: Check) -> Check:
    """Check for an iterable of what another check takes; becomes a tuple."""

    def check_each(values: Any, name: str) -> tuple[Any, ...]:
        if not isinstance(values, Iterable) or isinstance(values, str) or _holds_masked(values):
            raise _refusal(values, name, "a sequence")
        return tuple(check(value, f"an entry of {name}") for value in values)

    return check_each


def _unmasked(values: ArrayLike, name: str) -> NDArray[Any]:
    if _holds_masked(values):
        raise ValueError(f"{name} has masked entries; it must have none: fill them or drop them")
    try:
        return np.asarray(values)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} is {_shown(values)}; it must be an array of real numbers, its rows of equal "
            "length"
        ) from None


def _holds_masked(values: Any) -> bool:
    if isinstance(values, list | tuple):
        return any(_holds_masked(value) for value in values)
    return isinstance(values, np.ma.MaskedArray) and bool(np.ma.is_masked(values))


def _holds_doubles_only(array: NDArray[Any]) -> bool:
    """Whether a look at the type, and at the largest integer, says that all entries are doubles."""
    if array.dtype.kind == "f":
        return array.dtype.itemsize <= np.dtype(np.float64).itemsize
    if array.dtype.kind in "iu" and array.size:
        return bool(array.min() >= -_EXACT_INTEGERS and array.max() <= _EXACT_INTEGERS)
    return array.dtype.kind in "biu"


def _scalar(value: Any) -> Any:
    """A number out of an array without axes; None for a masked one."""
    if not isinstance(value, np.ndarray) or value.ndim:
        return value
    return None if _holds_masked(value) else value[()]


def _is_finite(number: Any) -> bool:
    if hasattr(number, "_mpf_"):
        _, mantissa, exponent, _ = number._mpf_
        return bool(mantissa != 0 or exponent == 0)
    return isinstance(number, numbers.Rational | np.bool_) or bool(np.isfinite(number))


def _exactly(number: Any) -> Fraction:
    """A finite real number of Python or NumPy as a fraction of Python integers."""
    if isinstance(number, Fraction):
        return number
    if isinstance(number, np.bool_):
        return Fraction(bool(number))
    if hasattr(number, "__index__"):
        return Fraction(operator.index(number))
    return Fraction(*number.as_integer_ratio())


def _is_double(number: Fraction) -> bool:
    try:
        return float(number) == number
    except OverflowError:
        return False


def _refusal(value: Any, name: str, allowed: str) -> ValueError:
    return ValueError(f"{name} is {_shown(value)}; it must be {allowed}")


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    shown = " ".join(repr(value).split())
    return shown if len(shown) <= _LARGEST_SHOWN else f"{shown[:_LARGEST_SHOWN]}..."
