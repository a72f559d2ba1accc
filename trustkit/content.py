"""Reads content files (YAML) and remembers the line of every value, so that an error can name it."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema
import yaml

Place = tuple[str | int, ...]
"""Where a value stands in a document: the keys and positions that lead to it."""


class ContentError(Exception):
    """A content file that cannot be used.

    Attributes:
        path: the file.
        line: the line, counted from 1; 0 where the file as a whole is meant.
        message: what is wrong and what to do, for the author.
        rule: the lint rule that it breaks (see `trustkit.cases.lint`).
    """

    def __init__(self, path: Path, line: int, message: str, rule: str = "broken-file"):
        self.path, self.line, self.message, self.rule = path, line, message, rule
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")

    def __reduce__(self) -> tuple:
        # So that it comes whole out of a process that worked for this one.
        return type(self), (self.path, self.line, self.message, self.rule)


def read_rows(
    path: Path, columns: Sequence[str], *, holds: str, each: str, error: type[ContentError] = ContentError
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV table of content, each with its line; every cell of `columns` holds something.

    Args:
        holds: what the table holds, such as "the terms of the glossary".
        each: what a row is, such as "term".
        error: what to raise.

    Raises:
        ContentError: the file is missing or not UTF-8, a column is missing, or a cell is empty.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise error(path, 0, f"this file does not exist. It holds {holds}.") from None
    except UnicodeDecodeError:
        raise error(path, 0, "this file is not in UTF-8. Save it again with the encoding UTF-8.") from None
    rows = csv.DictReader(text.splitlines())
    missing = [name for name in columns if name not in (rows.fieldnames or ())]
    if missing:
        raise error(path, 1, f"the column {', '.join(missing)} is missing. Needed: {', '.join(columns)}.")
    for row in rows:
        for column in columns:
            if not (row[column] or "").strip():
                raise error(path, rows.line_num, f"the cell `{column}` is empty. Every {each} needs all of them.")
        yield rows.line_num, row


def stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes when a file is saved, as a key for what was read from it; None where there is no file."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size


@dataclass(frozen=True)
class Document:
    """A content file as plain data, with the line of each value."""

    path: Path
    data: Any
    lines: dict[Place, int] = field(repr=False)

    def line(self, place: Place) -> int:
        """Return the line of the value at `place`, or of the nearest value around it that stands in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def error(self, place: Place, message: str, rule: str = "broken-file") -> ContentError:
        """Return the error that says `message` about the value at `place`."""
        return ContentError(self.path, self.line(place), message, rule)


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: `no`, `on` and dates stay text; only true, false, null and numbers are special."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in (
        "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"
    )]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}  # fmt: skip
for _first in "tf":
    _Loader.yaml_implicit_resolvers.setdefault(_first, []).append(
        ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"))
    )


def read_document(path: Path) -> Document:
    """Read a YAML file; a byte order mark and Windows line ends are welcome.

    Raises:
        ContentError: the file is missing, not UTF-8, not YAML, or names a key twice.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ContentError(path, 0, "this file does not exist.") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ContentError(path, line, "this file is not in UTF-8. Save it again with the encoding UTF-8.") from None
    text = text.replace("\r\n", "\n")
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise ContentError(path, 0, "this file is empty.")
        lines: dict[Place, int] = {}
        data = _plain(path, loader, node, (), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.problem, error.context) if part)
        raise ContentError(
            path, mark.line + 1 if mark else 0,
            f"this is not valid YAML: {what}. Check indentation, colons and quotation marks around this line.",
        ) from None  # fmt: skip
    except yaml.YAMLError as error:
        raise ContentError(path, 0, f"this is not valid YAML: {error}") from None
    except RecursionError:
        raise ContentError(path, 0, "this file refers to itself (`&` and `*`). Write the value out.") from None
    return Document(path, data, lines)


def validate(document: Document, schema: Path) -> None:
    """Check a document against a JSON Schema file.

    Raises:
        ContentError: the first rule that is broken, with its line.
    """
    found = fault(document.data, schema)
    if found:
        raise document.error(*found)


def fault(data: Any, schema: Path) -> tuple[Place, str] | None:
    """Return the place and the words of the first rule of a JSON Schema file that `data` breaks, or None."""
    try:
        _validator(schema)(data)
    except fastjsonschema.JsonSchemaValueException as error:
        return _as_place(data, error.path[1:]), _in_words(error)
    return None


def digest(value: Any, length: int = 16) -> str:
    """Return the first `length` hex digits of the SHA-256 of a value's canonical JSON (or of a text itself)."""
    text = value if isinstance(value, str) else json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )  # fmt: skip
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:length]


@cache
def _validator(schema: Path) -> Callable[[Any], Any]:
    return fastjsonschema.compile(json.loads(schema.read_text(encoding="utf-8")))


def _plain(path: Path, loader: _Loader, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node)
            line = key_node.start_mark.line + 1
            if isinstance(key, (dict, list)):
                raise ContentError(path, line, "a key must be a word, not a list or mapping.")
            key = str(key)
            if key in result:
                raise ContentError(
                    path, line, f"the key `{key}` stands twice here. Rename or remove one of them.", "duplicate-id"
                )
            result[key] = _plain(path, loader, value_node, (*place, key), lines)
            lines[(*place, key)] = line
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(path, loader, item, (*place, at), lines) for at, item in enumerate(node.value)]
    value = loader.construct_object(node)
    return value.strip() if isinstance(value, str) else value


def _as_place(data: Any, path: list[str]) -> Place:
    value, exact = data, []
    for step in path:
        if isinstance(value, list) and str(step).isdigit():
            step = int(step)
        exact.append(step)
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
    return tuple(exact)


def _in_words(error: fastjsonschema.JsonSchemaValueException) -> str:
    where = ".".join(str(step) for step in error.path[1:]) or "the file"
    rule, wanted = error.rule, error.rule_definition
    if rule == "required":
        missing = [key for key in wanted if key not in error.value]
        return f"`{where}` lacks {', '.join(f'`{key}`' for key in missing)}."
    if rule == "additionalProperties":
        known = sorted(error.definition.get("properties", {}))
        extra = [key for key in error.value if key not in known]
        return (
            f"`{where}` has {', '.join(f'`{key}`' for key in extra)}, which nothing reads. "
            f"Known here: {', '.join(known)}."
        )
    if rule == "type":
        kinds = " or ".join(_KIND.get(kind, kind) for kind in ([wanted] if isinstance(wanted, str) else wanted))
        return f"`{where}` must be {kinds}, not {_shown(error.value)}."
    if rule == "enum":
        return f"`{where}` must be one of {', '.join(map(str, wanted))}, not {_shown(error.value)}."
    if rule in ("minimum", "maximum", "exclusiveMinimum"):
        return f"`{where}` is {error.value}; the {rule} is {wanted}."
    if rule == "minLength":
        return f"`{where}` is empty."
    if rule == "maxLength":
        return f"`{where}` is {len(error.value):,} characters long; the most is {wanted:,}."
    if rule == "pattern":
        return f"`{where}` is {_shown(error.value)}, which does not have the form {wanted}."
    if rule == "propertyNames":
        return f"`{where}` has a key that is not an id: lower-case words joined by hyphens, such as `ask-again`."
    return f"`{where}`: {error.message.removeprefix('data.').removeprefix('data ')}."


_KIND = {
    "string": "a text", "integer": "a whole number", "number": "a number", "object": "a mapping (key: value)",
    "array": "a list", "boolean": "true or false", "null": "null",
}  # fmt: skip


def _shown(value: Any) -> str:
    text = str(value)
    return f"`{text[:40]}…`" if len(text) > 40 else f"`{text}`"
