"""Durations as a person reads them."""

import pytest

from relu_landscape.evidence.durations import duration, span


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(5.4, "5 s"), (59.6, "1 min 00 s"), (130, "2 min 10 s"), (4000, "1 h 06 min")],
)
def test_two_units_say_it(seconds, text):
    assert duration(seconds) == text


def test_a_duration_that_is_not_known_is_not_there():
    assert duration(float("nan")) == "not there"


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [
        (3.2, 8.1, "3 to 9 s"),
        (50, 131, "50 s to 2 min 20 s"),
        (62, 119, "1 min 00 s to 2 min 00 s"),
        (545, 1201, "9 to 21 min"),
        (3000, 4001, "50 min to 1 h 07 min"),
        (4000, 9000, "1 h 06 min to 2 h 30 min"),
        (60, 60, "1 min 00 s"),
        (0, 0, "0 s"),
    ],
)
def test_a_range_contains_its_ends_and_has_no_idle_digits(least, most, text):
    assert span(least, most) == text
