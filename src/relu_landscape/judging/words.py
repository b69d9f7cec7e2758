"""Numbers with what they count, as notes and captions say them; free for every room."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """The number and the noun, which is in the singular for 1 alone ("0 cases", "1 case").

    Args:
        number: how many.
        noun: in the singular.
        plural: where it is not the noun with an s.
    """
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
