import math

import pytest

from relu_landscape.judging.sample_sizes import least_size, more_needed, rounded_up, size_to_meet
from relu_landscape.judging.statistics import REQUIRED_POWER, power_of_rate_comparison


@pytest.mark.parametrize("needed", [2, 3, 17, 99, 100, 101, 1387, 250_000])
def test_the_least_size_is_found_to_two_digits(needed):
    found = least_size(lambda size: REQUIRED_POWER if size >= needed else 0.0)
    assert needed <= found <= 1.11 * needed + 1
    assert found == rounded_up(found)


def test_where_no_size_is_enough_none_is_named():
    tried = []
    assert least_size(lambda size: tried.append(size) or 0.79, most=1000) is None
    assert max(tried) == 1000


def test_the_size_named_has_the_power_and_a_smaller_one_has_not():
    """Published: 55 bad runs of 1000, at the level of one of 29 cases."""
    level = 0.05 / 14 / 29

    def power(ours, published=1000):
        return power_of_rate_comparison(0.019, 0.0555, ours, published, level)

    size = least_size(power)
    assert power(size) >= REQUIRED_POWER > power(round(0.9 * size))
    assert more_needed(power, 1000) == f"about {size} runs here would decide."


def test_where_the_published_sample_is_too_small_both_are_named():
    def power(ours, published):
        return power_of_rate_comparison(0.005, 0.0155, ours, published, 1e-4)

    assert power(1_000_000, 1000) < REQUIRED_POWER
    told = more_needed(power, 1000, "bad runs")
    assert told.startswith("no number of bad runs here would, but about ")
    both = int(told.removeprefix("no number of bad runs here would, but about ").split()[0])
    assert power(both, both) >= REQUIRED_POWER > power(both * 9 // 10, both * 9 // 10)
    assert more_needed(lambda _, __: 0.0, 10) == "no number of runs would decide."


def test_draws_that_meet_a_share():
    assert size_to_meet(0.002) == 804
    for share in (0.5, 0.01, 1e-4):
        size = size_to_meet(share)
        assert 1.0 - (1.0 - share) ** size >= REQUIRED_POWER
        assert 1.0 - (1.0 - share) ** (size - 1) < REQUIRED_POWER


def test_numbers_are_rounded_up_to_two_digits():
    assert [rounded_up(size) for size in (0.3, 7, 42, 100, 101, 1387, 1400)] == [
        *(1, 7, 42, 100, 110),
        *(1400, 1400),
    ]
    assert math.isclose(rounded_up(2.5e5), 250_000)
