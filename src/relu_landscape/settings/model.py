"""The base of all settings: strict, frozen, without defaults, with cross-checks beside the keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationInfo, model_validator

__all__ = [
    "TYPES_ALONE",
    "Misfit",
    "Misfits",
    "Path",
    "Settings",
    "dotted",
    "misfits_in",
    "models_in",
]

Path: TypeAlias = tuple[str | int, ...]
Misfit: TypeAlias = tuple[Path, str]
"""The key that does not fit, below the model that says so, and what is wrong and allowed."""


TYPES_ALONE: Final[dict[str, bool]] = {}
"""Context of a validation that leaves out what does not fit together, to be told all at once."""


class Misfits(ValueError):
    """Keys that are fine alone and do not fit each other."""

    def __init__(self, found: list[Misfit]) -> None:
        super().__init__("; ".join(f"{dotted(path)}: {text}" for path, text in found))


class Settings(BaseModel):
    """One mapping of a config; nothing is converted, and no other key is taken.

    Raises:
        ValueError: a key lacks, is not known, is not of its type or range, or does not fit.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    def misfits(self) -> Iterator[Misfit]:
        """What does not fit together here, of keys that are fine alone; adds to that of bases."""
        yield from ()

    @model_validator(mode="after")
    def _fits_together(self, info: ValidationInfo) -> Self:
        if info.context is not TYPES_ALONE and (found := list(_own_misfits(self))):
            raise Misfits(found)
        return self


def models_in(value: Any, path: Path = ()) -> Iterator[tuple[Path, Settings]]:
    """Every mapping in settings, itself among them, with its path."""
    if isinstance(value, tuple):
        for number, entry in enumerate(value):
            yield from models_in(entry, (*path, number))
    elif isinstance(value, Settings):
        yield path, value
        for name, entry in value:
            yield from models_in(entry, (*path, name))


def misfits_in(value: Any) -> Iterator[Misfit]:
    """Everything in settings that does not fit together."""
    for path, settings in models_in(value):
        for key, text in _own_misfits(settings):
            yield (*path, *key), text


def _own_misfits(settings: Settings) -> Iterator[Misfit]:
    for base in type(settings).__mro__:
        if "misfits" in vars(base):
            yield from vars(base)["misfits"](settings)


def dotted(path: Path) -> str:
    """A path of keys as messages write it: safran.searches[0].seed."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            word = part if part.isprintable() and part else repr(part)
            text += f".{word}" if text else word
    return text
