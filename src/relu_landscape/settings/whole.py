"""The whole config: what its parts say, put together, and what only the whole can see."""

from __future__ import annotations

import pathlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from pydantic import ConfigDict, Field, create_model

from relu_landscape.settings.faults import check_document, shown
from relu_landscape.settings.kinds import Distinct, Name, Seed
from relu_landscape.settings.model import Misfit, Settings
from relu_landscape.settings.names import unknown_names

__all__ = ["Audit", "config_faults", "misnamed_profile", "unknown_studies", "whole_model"]

_ROOMS = pathlib.Path(__file__).parents[1]


class Audit(Settings):
    """A sample of results recomputed in extended precision by a second implementation.

    It shares no code with the first. Of ranks, cells with n^2 d0 d1 to 250000 are drawn; next to
    global minima, up to 60 students.
    """

    classes: int = Field(ge=1, le=10_000, description="Number of classes recomputed.")
    largest_k: int = Field(
        ge=1, le=10_000, description="Largest k among them; the cost of one grows like k^4."
    )
    digits: int = Field(ge=30, le=1000, description="Decimal digits of the recomputation.")
    seed: Seed = Field(description="Seed of the sample.")


class Whole(Settings):
    """What is computed: sizes, runs, protocols, tolerances.

    How it is run (cores, cluster) stands in profiles/.
    """

    model_config = ConfigDict(title="Configuration of a profile")

    profile: Name = Field(description="Name of the profile; results go to results/<profile>/.")
    studies: Distinct[Name] = Field(
        description="Studies that a run covers; `make study STUDY=safran` sets it to one."
    )
    audit: Audit

    def misfits(self) -> Iterator[Misfit]:
        """Names of what stands nowhere."""
        yield from unknown_names(self)


@cache
def whole_model() -> type[Whole]:
    """The model of a config: `Whole` and the class `Part` of every room that has settings."""
    rooms = sorted(path.parent.name for path in _ROOMS.glob("*/settings.py"))
    parts = [import_module(f"relu_landscape.{room}.settings").Part for room in rooms]
    # The last base comes first in pages.
    return create_model("Config", __base__=(*reversed(parts), Whole), __doc__=Whole.__doc__)


def config_faults(config: Any, source: str) -> list[str]:
    """What is wrong with a config, one line a fault, each naming `source` and the key.

    Keys are compared with each other only where each is fine alone.
    """
    if not isinstance(config, Mapping):
        return [
            f"{source}: the configuration is {shown(config)}, but must be a mapping of keys to "
            "values"
        ]
    return [f"{source}: {fault}" for fault in check_document(config, whole_model())]


def misnamed_profile(config: Mapping[str, Any], files: Sequence[str]) -> list[str]:
    """A line if the profile of a config bears the name of none of the files it was read from.

    A copy of a config that still has the profile of the original would write into its results.
    """
    names = [pathlib.Path(file).stem for file in files]
    if config["profile"] in names:
        return []
    return [
        f"{' with '.join(files)}: profile: is {config['profile']!r}, whose results would be mixed "
        f"with those of this config; allowed: the name of its file, {' or '.join(map(repr, names))}"
    ]


def unknown_studies(config: Mapping[str, Any], known: Collection[str], source: str) -> list[str]:
    """A line for each study of the config that is not among the known ones."""
    return [
        f"{source}: studies[{number}]: no study {name!r}; allowed: {', '.join(known)}"
        for number, name in enumerate(config["studies"])
        if name not in known
    ]
