"""Names by which one part of a config refers to another: of protocols, for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from relu_landscape.settings.model import Misfit, Settings, models_in

__all__ = ["NameIn", "unknown_names"]


@dataclass(frozen=True)
class NameIn:
    """Says of a text that it is the name of an entry of a list at the top of the config."""

    key: str
    kind: str


def unknown_names(config: Settings) -> Iterator[Misfit]:
    """A misfit for each text that should be a name in a list of the config and is not."""
    for path, settings in models_in(config):
        for key, field in type(settings).model_fields.items():
            for mark in field.metadata:
                if isinstance(mark, NameIn):
                    known = [entry.name for entry in getattr(config, mark.key)]
                    name = getattr(settings, key)
                    if name not in known:
                        text = f"no {mark.kind} {name!r}; allowed: {', '.join(known)}"
                        yield (*path, key), text
