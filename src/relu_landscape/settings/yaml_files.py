"""Reading YAML written by hand so that nothing in it is silently something else.

Plain YAML lets the second of two equal keys win, reads 010 as eight and 1:30 as ninety, and grows a
page of anchors to any size; each is refused here with its file and line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

__all__ = ["UnreadableFile", "read_yaml"]

_LARGEST_DOCUMENT = 100_000
_DEEPEST_FAST = 5_000  # libyaml is called once a level and asks nobody whether the stack is full
_INTEGER, _FLOAT, _MERGE = (f"tag:yaml.org,2002:{name}" for name in ("int", "float", "merge"))
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9_]*)")


class UnreadableFile(ValueError):
    """A file is not the YAML it has to be; one line says which file, where in it, and why."""


def read_yaml(path: Path | str) -> Any:
    """The content of a YAML file; a file of JSON is read as JSON, as the workflow engine does.

    Raises UnreadableFile where there is no such file, where it is not UTF-8 text or not YAML, and
    for what YAML allows and nobody means: keys that stand twice, numbers that are not decimal, tags
    of Python objects, anchors that contain themselves or stand for more than a hundred thousand
    values, and lists nested too deeply.
    """
    text = _text(Path(path))
    try:
        return json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError:
        return _read_as_yaml(text, path)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path}: {_reason(error)}") from error


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        beside = ", ".join(sorted(other.name for other in path.parent.glob("*.yaml")))
        hint = f"; in {path.parent} there are {beside}" if beside else ""
        raise UnreadableFile(f"{path}: there is no such file{hint}") from error
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path}: is not UTF-8 text (byte {error.start} is 0x{error.object[error.start]:02x}); "
            "save it as UTF-8"
        ) from error


def _without_repeats(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise ValueError(f"the key {key!r} stands there twice; keep one of the two")
        content[key] = value
    return content


class _Telling:
    """A loader that tells what it cannot make with its line."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """The value of a node."""
        try:
            return super().construct_object(node, deep)  # type: ignore[misc]
        except ValueError as error:
            raise _fault(node, f"{node.value[:40]!r} cannot be read: {error}") from error


class _PlainLoader(_Telling, yaml.SafeLoader):
    """YAML's safe loader in Python, which says what is wrong with a text."""


class _FastLoader(_Telling, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same values, ten times sooner: all claims are read at each start of the engine."""


def _read_as_yaml(text: str, path: Path | str) -> Any:
    try:
        if _most_levels(text) <= _DEEPEST_FAST:
            with suppress(yaml.YAMLError, RecursionError):
                return _content(_FastLoader(text))
        return _content(_PlainLoader(text))
    except (yaml.YAMLError, RecursionError) as error:
        raise UnreadableFile(f"{path}{_place(error)}: {_reason(error)}") from error


def _most_levels(text: str) -> int:
    """A bound of how deep a text is nested: a level takes a bracket, or a column of a line."""
    return text.count("[") + text.count("{") + max(map(len, text.splitlines()), default=0)


def _content(loader: Any) -> Any:
    node = loader.get_single_node()
    if node is None:
        return None
    _size(node, {})
    return loader.construct_document(node)


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return "" if mark is None else f", line {mark.line + 1}"


def _reason(error: Exception) -> str:
    """What is wrong, on one line."""
    if isinstance(error, RecursionError):
        return "lists or mappings are nested too deeply"
    if not isinstance(error, yaml.YAMLError):
        return str(error)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None)
    line = " ".join(str(reason or error).split())
    hint = "; indent with spaces, not with tabs" if "'\\t'" in line else ""
    return line + hint


def _fault(node: yaml.Node, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


def _size(node: yaml.Node, sizes: dict[int, int | None]) -> int:
    """How many values a node stands for, every alias counted; raises for what nobody means."""
    known = sizes.get(id(node), 0)
    if known is None:
        raise _fault(node, "an anchor contains itself")
    if known:
        return known
    sizes[id(node)] = None  # open until all that stands below it is counted
    size = 1 + sum(_size(child, sizes) for child in _children(node))
    if size > _LARGEST_DOCUMENT:
        raise _fault(node, f"anchors stand for more than {_LARGEST_DOCUMENT} values")
    sizes[id(node)] = size
    return size


def _children(node: yaml.Node) -> list[yaml.Node]:
    """The nodes directly below a node, which is checked by itself."""
    if isinstance(node, yaml.MappingNode):
        _check_keys(node)
        return [part for pair in node.value for part in pair]
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if isinstance(node, yaml.ScalarNode):
        _check_number(node)
    return []


def _check_keys(node: yaml.MappingNode) -> None:
    seen: set[tuple[str, str]] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _fault(key, "a key is a list or a mapping; keys are words")
        if (key.tag, key.value) in seen and key.tag != _MERGE:
            raise _fault(key, f"the key {key.value!r} stands there twice; keep one of the two")
        seen.add((key.tag, key.value))


def _check_number(node: yaml.ScalarNode) -> None:
    whole = node.tag == _INTEGER and not _DECIMAL.fullmatch(node.value)
    if whole or (node.tag == _FLOAT and ":" in node.value):
        raise _fault(
            node,
            f"{node.value[:40]!r} is a number to YAML, but not a decimal one (a leading zero means "
            "octal, a colon base 60); write it as a decimal number, or in quotes if it is text",
        )
