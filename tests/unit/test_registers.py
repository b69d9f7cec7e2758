"""Vectors are as long as the processor's registers, and no bit of a result depends on it."""

import pytest
from tests.widths import WIDTHS, descents_with, differing

from relu_landscape.search.registers import REGISTERS, Registers, registers_of
from relu_landscape.search.sources import source_digest

X86 = "x86_64-unknown-linux-gnu"


@pytest.mark.parametrize(
    ("triple", "features", "expected"),
    [
        (X86, "+64bit,+avx,+avx2,+avx512f,+fma", Registers(8, 32)),
        (X86, "+avx,+avx2,-avx512f,+fma", Registers(4, 16)),
        (X86, "+avx2,+fma", Registers(4, 16)),
        (X86, "+fma", Registers(4, 16)),
        (X86, "-avx,+sse4.2", Registers(2, 16)),
        (X86, "", Registers(2, 16)),
        ("aarch64-unknown-linux-gnu", "+neon", Registers(2, 32)),
        ("arm64-apple-darwin22.4.0", "", Registers(2, 32)),
    ],
)
def test_registers_are_those_of_the_target(triple, features, expected):
    assert registers_of(triple, features) == expected


@pytest.mark.slow
def test_restarts_have_the_same_bits_at_the_widest_and_the_narrowest():
    # All of them: python -m tests.widths.
    widest, narrowest = descents_with(Registers(8, 32)), descents_with(Registers(2, 16))
    assert (widest["lanes"], narrowest["lanes"]) == ([8, 8], [2, 2])
    assert (widest["tile"], narrowest["tile"]) == (4, 3)
    assert len(widest) == len(narrowest) == 37
    assert differing([widest, narrowest]) == []


def test_kept_code_depends_on_the_width(monkeypatch):
    digests = set()
    for registers in {REGISTERS, *WIDTHS}:
        monkeypatch.setattr("relu_landscape.search.sources.REGISTERS", registers)
        digests.add(source_digest())
    assert len(digests) == len({REGISTERS, *WIDTHS})
