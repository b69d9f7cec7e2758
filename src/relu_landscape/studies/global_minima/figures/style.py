"""What the figures next to the global minima of n > k share."""

CASE = ["k", "n", "d", "share"]
"""Columns that single out a minimum at which two neurons share a teacher, and their shares."""

EQUAL_SHARES = 0.5


def size_name(k: int, n: int, d: int) -> str:
    """Teachers, students and inputs, for titles and legends."""
    return f"k = {k}, n = {n}, d = {d}"
