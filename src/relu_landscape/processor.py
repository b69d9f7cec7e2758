"""Which instructions run here: what libraries and compilers choose by the processor they find.

Sums and elementary functions differ in their last bits between these choices. Nothing published
may hang on them: `make test-processors` compares runs with other choices, and the manifest records
those of a run.
"""

from __future__ import annotations

import platform
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import numpy as np
import scipy.linalg  # noqa: F401 -- loads the BLAS of SciPy, which is another one than NumPy's
import threadpoolctl
from numba import njit
from numba.core.registry import cpu_target

from relu_landscape.search import lanes

__all__ = ["compiled_width", "cpu_model", "instructions_in_use"]

_WIDTHS: Final = {"zmm": 512, "ymm": 256, "xmm": 128}  # bits of the registers so named
_EXTENSIONS: Final = {
    "avx",
    "avx2",
    "avx512f",
    "fma",
    "sse4.2",
}  # of numba's features, those that matter
_LOADER: Final = Path("/lib64/ld-linux-x86-64.so.2")
# Leaves, registers and bits of CPUID, as `ld.so --list-diagnostics` prints what the C library uses.
_LIBC_FEATURES: Final = {
    "FMA": ("0x0", "0x2", 12),
    "AVX2": ("0x1", "0x1", 5),
    "AVX512F": ("0x1", "0x1", 16),
}


def instructions_in_use() -> dict[str, Any]:
    """Return what NumPy, BLAS, numba and the C library use, ready for JSON.

    numpy: its vector extensions found, beyond its baseline; blas: version and kernels of each BLAS
    that is loaded; numba: the processor it compiles for, with the extensions that matter; width:
    see `compiled_width`; libc: instructions that its elementary functions use, None where its
    loader does not say.
    """
    _, name, features = cpu_target.target_context.codegen().magic_tuple()
    build: dict[str, Any] = np.show_config(mode="dicts")  # type: ignore[assignment]
    enabled = {feature[1:] for feature in features.split(",") if feature.startswith("+")}
    libraries = (
        {key: found[key] for key in ("internal_api", "version", "architecture")}
        for found in threadpoolctl.threadpool_info()
        if found["user_api"] == "blas"
    )
    return {
        "numpy": build.get("SIMD Extensions", {}).get("found", []),
        "blas": sorted(libraries, key=lambda library: str(library["version"])),
        "numba": {"processor": name, "extensions": sorted(enabled & _EXTENSIONS)},
        "width": compiled_width(),
        "libc": _libc_instructions(),
    }


def compiled_width() -> int:
    """Return the bits of the registers that the kernels of descent are compiled for.

    Read off the machine code of one operation on vectors of `search.lanes`.
    """

    # Seen by mypy as Python functions, they take numba's context as well.
    load: Any = lanes.load
    store: Any = lanes.store
    fma: Any = lanes.fma

    @njit
    def multiply_and_add(x):  # type: ignore[no-untyped-def]
        store(x, 0, fma(load(x, 0), load(x, 1), load(x, 2)))

    multiply_and_add(lanes.aligned_vectors(3))
    code = "".join(multiply_and_add.inspect_asm().values())
    return next(
        (bits for name, bits in _WIDTHS.items() if re.search(rf"vfmadd\w+\s.*%{name}\d", code)), 0
    )


def cpu_model() -> str:
    """Return the name that the processor gives itself."""
    listing = Path("/proc/cpuinfo")
    if listing.is_file():
        for line in listing.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _libc_instructions() -> list[str] | None:
    """Of _LIBC_FEATURES, those that the C library uses in a process with this environment."""
    try:
        diagnostics = subprocess.run(
            [_LOADER, "--list-diagnostics"], capture_output=True, encoding="utf-8", check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    active = {
        (leaf, register): int(bits, 16)
        for leaf, register, bits in re.findall(
            r"features\[(0x\w+)\]\.active\[(0x\w+)\]=(0x\w+)", diagnostics
        )
    }
    if not active:
        return None
    return [
        name
        for name, (leaf, register, bit) in _LIBC_FEATURES.items()
        if active.get((leaf, register), 0) >> bit & 1
    ]
