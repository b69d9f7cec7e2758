"""The vector registers of the processor that numba compiles for."""

from __future__ import annotations

from typing import NamedTuple

from numba.core.registry import cpu_target

__all__ = ["REGISTERS", "Registers", "registers_of"]


class Registers(NamedTuple):
    """Doubles in a vector register, and number of vector registers."""

    doubles: int
    number: int


def registers_of(triple: str, features: str) -> Registers:
    """Return the registers of a target of LLVM, its features as "+avx,-avx512f,...".

    Anything but x86 has the two doubles that every 64-bit processor with vectors has.
    """
    if not triple.startswith("x86_64"):
        return Registers(doubles=2, number=32)
    enabled = {feature[1:] for feature in features.split(",") if feature.startswith("+")}
    if "avx512f" in enabled:
        return Registers(doubles=8, number=32)
    if enabled & {"avx", "avx2", "fma"}:  # the last two imply the first
        return Registers(doubles=4, number=16)
    return Registers(doubles=2, number=16)


def _registers_in_use() -> Registers:
    triple, _, features = cpu_target.target_context.codegen().magic_tuple()
    return registers_of(triple, features)


# numba compiles for one processor in a process. Code kept on disk depends on them: `source_digest`.
REGISTERS = _registers_in_use()
