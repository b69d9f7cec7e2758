"""Runs as other processors than this one must give the same numbers: make test-processors.

What libraries and compilers choose by the processor they find is chosen for them, in the
environment of a whole run: NumPy's vector extensions, the kernels of OpenBLAS, the target and the
width of the compiled kernels, the functions of the C library. Each run first says what is really
in use, and counts as failed if that is not what was asked for. Compared with a run as this
processor itself: restarts bit by bit, whole numbers, text and verdicts exactly, all other numbers
of every table within the tolerance of `make check`.

Run are smoke, and of quick the steps whose results have ever differed between processors.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from tests.engine import copy_checkout, printed, start_python, start_snakemake

from relu_landscape.evidence.arrays import read_arrays
from relu_landscape.evidence.compare import (
    ABSOLUTE,
    RELATIVE,
    Agreement,
    Comparison,
    compare_tables,
    compare_verdicts,
)
from relu_landscape.processor import instructions_in_use
from relu_landscape.tables.files import read_table

NUMPY_EXTENSIONS = ("X86_V3", "X86_V4", "AVX512_ICL", "AVX512_SPR")  # beyond its baseline, in order
SMOKE, QUICK = Path("results/smoke"), Path("results/quick")
UNCOMPARED = {"proof_times"}  # seconds
# Of quick: descents after splits, of minima found and of symmetric ones; searches; training.
STEPS = (
    *(f"fates/{span}.parquet" for span in ("k10-14", "k15-19")),
    "tables/family_fates.parquet",
    *(f"conjecture12_search/k{k}.parquet" for k in (2, 3)),
    *(f"convexity_radii/k{k}.parquet" for k in (5, 8)),
    "training_runs/normal-linear_layer.parquet",
)


@dataclass(frozen=True)
class Processor:
    """A processor as libraries see it.

    numpy: its extensions that NumPy may use, from the first on; openblas: whose kernels; target,
    features: of the compiler of numba; width: in bits, of the registers that it then uses; libc:
    instructions that the functions of the C library may use.
    """

    numpy: tuple[str, ...]
    openblas: str
    target: str
    features: tuple[str, ...]
    width: int
    libc: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """The variables that make libraries see this processor."""
        hidden = [name for name in NUMPY_EXTENSIONS if name not in self.numpy]
        libc = [f"-{name}" for name in LIBC_FEATURES if not self.uses(name)]
        return {
            "NPY_DISABLE_CPU_FEATURES": " ".join(hidden),
            "OPENBLAS_CORETYPE": self.openblas,
            "NUMBA_CPU_NAME": self.target,
            "NUMBA_CPU_FEATURES": ",".join(self.features),
            "GLIBC_TUNABLES": f"glibc.cpu.hwcaps={','.join(libc)}",
        }

    def uses(self, feature: str) -> bool:
        """Whether functions of the C library may use a feature; those of AVX-512 go together."""
        return ("AVX512F" if feature.startswith("AVX512") else feature) in self.libc

    def faults(self, found: Mapping[str, Any]) -> list[str]:
        """What is in use, see `instructions_in_use`, but was not asked for."""
        kernels = {library["architecture"] for library in found["blas"]}
        checks = {
            "NumPy": (found["numpy"], list(self.numpy)),
            "OpenBLAS": (sorted(kernels), [self.openblas]),
            "numba": (found["numba"]["processor"], self.target),
            "width": (found["width"], self.width),
            "libc": (found["libc"], list(self.libc)),
        }
        return [
            f"{name} uses {used}, not {asked}"
            for name, (used, asked) in checks.items()
            if used != asked
        ]


LIBC_FEATURES = ("FMA", "AVX2", "AVX512F", "AVX512VL", "AVX512BW", "AVX512DQ", "AVX512CD")
# Without a fused multiply-add in hardware each one is a call of the C library, and a run takes
# hours: compiled kernels keep it, and AVX, whatever the processor.
PROCESSORS = {
    "Ice Lake": Processor(
        numpy=("X86_V3", "X86_V4", "AVX512_ICL"),
        openblas="SkylakeX",
        target="icelake-server",
        features=("+avx512f", "+avx512vl", "+avx512dq", "+avx512bw", "+fma"),
        width=512,
        libc=("FMA", "AVX2", "AVX512F"),
    ),
    "Skylake-X": Processor(
        numpy=("X86_V3", "X86_V4"),
        openblas="SkylakeX",
        target="skylake-avx512",
        features=("+avx512f", "+avx512vl", "+avx512dq", "+avx512bw", "+fma"),
        width=512,
        libc=("FMA", "AVX2", "AVX512F"),
    ),
    "Zen 2": Processor(
        numpy=("X86_V3",),
        openblas="Haswell",  # as the wheels of NumPy and SciPy have it on a Zen
        target="znver2",
        features=("+avx2", "+fma"),
        width=256,
        libc=("FMA", "AVX2"),
    ),
    "Haswell": Processor(
        numpy=("X86_V3",),
        openblas="Haswell",
        target="haswell",
        features=("+avx2", "+fma"),
        width=256,
        libc=("FMA", "AVX2"),
    ),
    "Sandy Bridge": Processor(
        numpy=(),
        openblas="Sandybridge",
        target="sandybridge",
        features=("+avx", "+fma"),
        width=256,
        libc=("FMA",),
    ),
    "Nehalem": Processor(
        numpy=(),
        openblas="Nehalem",
        target="nehalem",
        features=("+avx", "+fma"),
        width=256,
        libc=(),
    ),
}
LEAST_LIKE_OTHERS = "Nehalem"


class Unlike(Exception):
    """A run that is not what was asked for, or did not end."""


def imitable(names: Sequence[str]) -> list[str]:
    """Those of the processors that this one can imitate; prints why it cannot the others."""
    host, possible = instructions_in_use(), []
    for name in names:
        missing = set(PROCESSORS[name].numpy) - set(host["numpy"])
        if "OPENBLAS_CORETYPE" in os.environ:
            print(f"{name}: not imitated, OPENBLAS_CORETYPE is set on this machine")
        elif missing:
            print(f"{name}: not imitated, this processor has no {', '.join(sorted(missing))}")
        else:
            possible.append(name)
    return possible


def instructions(checkout: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """What is in use in a process with these variables."""
    module = "relu_landscape.processor"
    program = f"import json, {module} as p; print(json.dumps(p.instructions_in_use()))"
    if start_python(checkout, "-c", program, variables=environment).wait() != 0:
        raise Unlike(printed(checkout)[-3000:])
    found: dict[str, Any] = json.loads(printed(checkout).splitlines()[-1])
    return found


def run(checkout: Path, environment: Mapping[str, str], *arguments: str) -> None:
    """Run snakemake with these variables."""
    if start_snakemake(checkout, *arguments, variables=environment).wait() != 0:
        raise Unlike(printed(checkout)[-5000:])


def imitate(checkout: Path, processor: Processor, *arguments: str) -> dict[str, Any]:
    """Run snakemake as another processor; returns what was in use."""
    environment = processor.environment()
    found = instructions(checkout, environment)
    faults = processor.faults(found)
    if faults:
        raise Unlike("; ".join(faults))
    run(checkout, environment, *arguments)
    return found


def restarts_apart(found: Path, expected: Path) -> list[Comparison]:
    """Restarts, their tables and weights, that are not the same bits as expected."""
    compared = []
    for path in sorted(expected.glob("restarts/**/*.parquet")):
        name = path.relative_to(expected)
        tables = [read_table(folder / name, "restarts") for folder in (found, expected)]
        weights = [read_arrays((folder / name).with_suffix(".npz")) for folder in (found, expected)]
        same = tables[0].equals(tables[1]) and all(
            array.tobytes() == weights[1][key].tobytes() for key, array in weights[0].items()
        )
        agreement = Agreement.SAME if same else Agreement.DIFFERS
        detail = "" if same else "not the same bits"
        compared.append(
            Comparison(str(name.with_suffix("")), len(tables[1]), agreement, None, detail)
        )
    return compared


def tables_apart(found: Path, expected: Path, paths: Sequence[Path]) -> Iterator[Comparison]:
    """Each of these tables, relative to the results, beside the one expected."""
    for path in paths:
        name = str(path.with_suffix(""))
        if path.stem in UNCOMPARED:
            continue
        if not (found / path).exists():
            yield Comparison(name, 0, Agreement.MISSING, None, "is not there")
            continue
        tables: list[pd.DataFrame] = [read_table(folder / path) for folder in (found, expected)]
        yield compare_tables(tables[0], tables[1], name)


def compare_smoke(found: Path, expected: Path) -> list[Comparison]:
    """A whole smoke run beside another: restarts, tables and verdicts."""
    tables = [
        path.relative_to(expected)
        for kind in ("tables", "statistics")
        for path in sorted(expected.glob(f"{kind}/*.parquet"))
    ]
    return [
        *restarts_apart(found, expected),
        *tables_apart(found, expected, tables),
        compare_verdicts(found / "claims.json", expected / "claims.json"),
    ]


def compare_steps(found: Path, expected: Path) -> list[Comparison]:
    """The steps of quick beside those of another run, and the restarts that they follow."""
    steps = [Path(step) for step in STEPS]
    return [*restarts_apart(found, expected), *tables_apart(found, expected, steps)]


# A ledger needs all tables of a run, and is none of its figures, notebooks and reports.
RUNS = (
    (SMOKE, ("--configfile", "config/smoke.yaml", "--", f"{SMOKE}/claims.json"), compare_smoke),
    (
        QUICK,
        ("--configfile", "config/quick.yaml", "--", *(f"{QUICK}/{step}" for step in STEPS)),
        compare_steps,
    ),
)


def differing(compared: Sequence[Comparison]) -> list[str]:
    """What differs, a line each."""
    return [
        f"{row.name}: {row.agreement}, {row.detail}"
        for row in compared
        if row.agreement is not Agreement.SAME
    ]


def main() -> int:
    """Run as each processor and compare; exit code 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("processors", nargs="*", help=f"default: all of {', '.join(PROCESSORS)}")
    parser.add_argument("--smoke", action="store_true", help="smoke alone, no steps of quick")
    options = parser.parse_args()
    unknown = set(options.processors) - set(PROCESSORS)
    if unknown:
        parser.error(f"no processor {', '.join(unknown)}; known: {', '.join(PROCESSORS)}")
    runs = RUNS[:1] if options.smoke else RUNS
    largest: dict[str, dict[str, float | None]] = {}
    failures = []
    with tempfile.TemporaryDirectory(prefix="processors-") as folder:
        host = copy_checkout(Path(folder) / "host")
        print(f"this processor: {json.dumps(instructions(host, {}))}", flush=True)
        for _, arguments, _ in runs:
            run(host, {}, *arguments)
        for name in imitable(options.processors or list(PROCESSORS)):
            checkout = copy_checkout(Path(folder) / "imitated")
            try:
                for results, arguments, compare in runs:
                    found = imitate(checkout, PROCESSORS[name], *arguments)
                    compared = compare(checkout / results, host / results)
                    largest.setdefault(name, {}).update(
                        (f"{results.name} {row.name}", row.largest) for row in compared
                    )
                    failures += [f"{name}: {line}" for line in differing(compared)]
                print(f"{name}: {json.dumps(found)}", flush=True)
            except Unlike as error:
                failures.append(f"{name}: {error}")
            shutil.rmtree(checkout)
    print(render(largest))
    print("\n".join(failures) or f"All of {', '.join(largest)} give what this processor gives.")
    return 1 if failures or not largest else 0


def render(largest: Mapping[str, Mapping[str, float | None]]) -> str:
    """Table by processor: the largest relative difference of two numbers, "same" where exact."""
    table = pd.DataFrame(largest).astype(object)
    cells = table.map(lambda value: "same" if pd.isna(value) or value == 0.0 else f"{value:.1e}")
    heading = f"Largest relative difference (of numbers that differ by more than {ABSOLUTE:g}; "
    return f"{heading}at most {RELATIVE:g} is allowed)\n{cells.to_string()}"


if __name__ == "__main__":
    sys.exit(main())
