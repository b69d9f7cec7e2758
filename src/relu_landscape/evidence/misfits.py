"""What a schema cannot see in a config: parts that are fine alone and do not fit each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from relu_landscape.evidence.cells import combinations, pairs
from relu_landscape.evidence.configuration import check_configuration

__all__ = ["config_faults", "misnamed_profile", "unknown_studies"]

Settings: TypeAlias = Mapping[str, Any]

MOST_BATCHES = 1000  # three digits in the names of their files
MOST_CELLS = 10_000

_FEWEST_EXTRA_STUDENTS = {"members": 0, "failures": 1, "perturbed_descent": 0, "convergence": 0}
_LISTS_OF_CELLS = (
    ("region_shares", "sizes"),
    ("region_shares", "cells"),
    ("zero_loss", "cells"),
    ("zero_loss", "counts"),
    ("zero_loss", "bounds"),
    ("volume", "cells"),
)
_NOT_PART_OF_A_CELL = ("data_sets", "draws")


def config_faults(config: Any, schema: Mapping[str, Any], source: str) -> list[str]:
    """What is wrong with a config, one line a fault, each naming `source` and the key.

    Parts are compared with each other only where each is what the schema asks for.
    """
    faults = check_configuration(config, schema) or list(_misfits(config))
    return [f"{source}: {fault}" for fault in faults]


def misnamed_profile(config: Settings, files: Sequence[str]) -> list[str]:
    """A line if the profile of a config bears the name of none of the files it was read from.

    A copy of a config that still has the profile of the original would write into its results.
    The whole config of a run, results/<profile>/config.json, is called as its folder.
    """
    paths = [Path(file) for file in files]
    names = [path.parent.name if path.name == "config.json" else path.stem for path in paths]
    if config["profile"] in names:
        return []
    return [
        f"{' with '.join(files)}: profile: is {config['profile']!r}, whose results would be mixed "
        f"with those of this config; allowed: the name of its file, {' or '.join(map(repr, names))}"
    ]


def unknown_studies(config: Settings, known: Collection[str], source: str) -> list[str]:
    """A line for each study of the config that is not among the known ones."""
    return [
        f"{source}: studies[{number}]: no study {name!r}; allowed: {', '.join(known)}"
        for number, name in enumerate(config["studies"])
        if name not in known
    ]


def _misfits(config: Settings) -> Iterator[str]:
    protocols = [protocol["name"] for protocol in config["protocols"]]
    yield from _repeated_names("protocols", protocols)
    yield from _unknown_protocols(config, protocols)
    yield from _search_misfits(config["safran"]["searches"])
    yield from _unknown_searches(config["safran"])
    yield from _global_minima_misfits(config["global_minima"])
    yield from _block_misfits(config["symmetry"]["perturbed_targets"])
    yield from _inequality_misfits(config["certificates"]["inequalities"])
    yield from _regions_misfits(config["activation_regions"])
    yield from _illustration_misfits(config["activation_regions"]["illustrations"])


def _unknown_searches(settings: Settings) -> Iterator[str]:
    searches = [search["name"] for search in settings["searches"]]
    for number, name in enumerate(settings["basins"]["searches"]):
        if name not in searches:
            yield (
                f"safran.basins.searches[{number}]: no search {name!r}; "
                f"allowed: {', '.join(searches)}"
            )


def _repeated_names(key: str, names: Sequence[str]) -> Iterator[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{key}: {name!r} stands there twice; names must differ"


def _unknown_protocols(config: Settings, protocols: Sequence[str]) -> Iterator[str]:
    wanted = {
        f"safran.searches[{number}].protocol": search["protocol"]
        for number, search in enumerate(config["safran"]["searches"])
    }
    wanted["safran.splitting.protocol"] = config["safran"]["splitting"]["protocol"]
    wanted["symmetry.fates.protocol"] = config["symmetry"]["fates"]["protocol"]
    for key, name in wanted.items():
        if name not in protocols:
            yield f"{key}: no protocol {name!r}; allowed: {', '.join(protocols)}"


def _search_misfits(searches: Sequence[Settings]) -> Iterator[str]:
    yield from _repeated_names("safran.searches", [search["name"] for search in searches])
    for number, search in enumerate(searches):
        key = f"safran.searches[{number}].sizes"
        for place, size in enumerate(search["sizes"]):
            yield from _size_misfits(f"{key}[{place}]", size)
        asked = Counter(pair for size in search["sizes"] for pair in pairs(size))
        for (k, n), times in sorted(asked.items()):
            if times > 1:
                yield f"{key}: k = {k}, n = {n} is asked for twice; allowed: once"


def _size_misfits(key: str, size: Settings) -> Iterator[str]:
    if size["last_k"] < size["first_k"]:
        yield (
            f"{key}.last_k: {size['last_k']} makes an empty range; "
            f"allowed: {size['first_k']} (first_k) or more"
        )
    least = -(-size["runs"] // MOST_BATCHES)
    if size["batch"] < least:
        yield (
            f"{key}.batch: {size['batch']} makes more than {MOST_BATCHES} batches of "
            f"{size['runs']} runs; allowed: {least} or more"
        )


def _global_minima_misfits(settings: Settings) -> Iterator[str]:
    """Sizes with too few students or inputs."""
    for name, extra in _FEWEST_EXTRA_STUDENTS.items():
        for number, size in enumerate(settings[name]["sizes"]):
            yield from _too_few(f"global_minima.{name}.sizes[{number}]", size, extra)
    yield from _too_few("global_minima.landscape", settings["landscape"], 1)


def _too_few(key: str, size: Settings, extra: int) -> Iterator[str]:
    for name, least in (("n", size["k"] + extra), ("d", size["k"])):
        if size.get(name, least) < least:
            yield (
                f"{key}.{name}: {size[name]} is too small for k = {size['k']}; "
                f"allowed: {least} or more"
            )


def _block_misfits(settings: Settings) -> Iterator[str]:
    """Families with more single columns than the smallest k has room for."""
    largest = min(settings["teachers"]) - 2
    for number, m in enumerate(settings["blocks"]):
        if m > largest:
            yield (
                f"symmetry.perturbed_targets.blocks[{number}]: {m} is too large for "
                f"k = {largest + 2}; allowed: {largest} or fewer"
            )


def _inequality_misfits(settings: Settings) -> Iterator[str]:
    """Sizes without a pair of neurons, shares that leave nothing to the other one."""
    for number, size in enumerate(settings["sizes"]):
        yield from _too_few(f"certificates.inequalities.sizes[{number}]", size, 1)
    for number, share in enumerate(settings["shares"]):
        if Fraction(share) >= 1:
            yield (
                f"certificates.inequalities.shares[{number}]: {share} is not below 1; "
                "allowed: a fraction between 0 and 1"
            )


def _regions_misfits(settings: Settings) -> Iterator[str]:
    """Cells asked for twice, more comparisons than draws, checks that do not increase from 0."""
    for part, name in _LISTS_OF_CELLS:
        key = f"activation_regions.{part}.{name}"
        yield from _repeated_cells(key, settings[part][name])
        yield from _lines_in_space(key, settings[part][name])
    full_rank = settings["full_rank"]
    if full_rank["compared_trials"] > full_rank["trials"]:
        yield (
            f"activation_regions.full_rank.compared_trials: {full_rank['compared_trials']} is more "
            f"than there are trials; allowed: {full_rank['trials']} or fewer"
        )
    checks = settings["training"]["descent"]["checks"]
    if checks != sorted({0, *checks}):
        yield (
            f"activation_regions.training.descent.checks: {checks} does not increase from 0; "
            f"allowed: {sorted({0, *checks})}"
        )


def _repeated_cells(key: str, entries: Sequence[Settings]) -> Iterator[str]:
    seen = set()
    for number, entry in enumerate(entries):
        sizes = {name: entry[name] for name in entry if name not in _NOT_PART_OF_A_CELL}
        count = math.prod(len(value) for value in sizes.values() if isinstance(value, list))
        if count > MOST_CELLS:
            yield f"{key}[{number}]: its lists have {count} combinations; allowed: {MOST_CELLS}"
            return
        for cell in combinations(sizes):
            if tuple(cell.items()) in seen:
                asked = ", ".join(f"{name} = {value}" for name, value in cell.items())
                yield f"{key}[{number}]: {asked} is asked for twice; allowed: once"
            seen.add(tuple(cell.items()))


def _lines_in_space(key: str, entries: Sequence[Settings]) -> Iterator[str]:
    for number, entry in enumerate(entries):
        if "line" in entry.get("data", ()) and entry["d0"] != [2]:
            yield (
                f"{key}[{number}].d0: {entry['d0']} with data on a line; "
                "allowed: [2], the number and the bias"
            )


def _illustration_misfits(settings: Settings) -> Iterator[str]:
    """Points at the origin, data sets of one size, which is their name, numbers out of order."""
    key = "activation_regions.illustrations"
    sizes = [len(points) for points in settings["points"]]
    for number, points in enumerate(settings["points"]):
        if [0, 0] in points:
            yield f"{key}.points[{number}]: holds [0, 0]; allowed: points other than the origin"
        if sizes.index(sizes[number]) < number:
            yield (
                f"{key}.points[{number}]: a second set of {sizes[number]} points; "
                "allowed: sets of different sizes"
            )
    for number, line in enumerate(settings["lines"]):
        if line != sorted(line):
            yield f"{key}.lines[{number}]: {line} is not in order; allowed: {sorted(line)}"
