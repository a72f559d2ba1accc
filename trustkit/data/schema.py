"""What a dataset's table must look like, as its `schema.yaml` says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trustkit.content import ContentError, Document, read_document

TYPES = ("id", "text", "time", "date", "category", "whole", "number", "flag")
"""The column types: id, text and category are text, time is UTC to the minute, date is a day, whole and flag (0 or 1)
are integers, number has a fixed count of `decimals`."""


class DatasetError(ContentError):
    """A dataset that cannot be used; names the file and line, and in a table the row and column.

    In a notebook only the message is shown: a trainee has no use for our call stack.
    """

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class Column:
    """One column of a dataset.

    Attributes:
        name: the header.
        type: one of `TYPES`.
        missing: whether a value may be empty.
        values: the categories of a category column, in order.
        pattern: the form of an id, as a regular expression.
        least, most: bounds of a number; None where there is none.
        decimals: places after the point of a number; 0 for every other type.
        unit: unit of a number, such as "minutes"; empty for none.
        meaning: what the column holds, by language ("en", "zh").
    """

    name: str
    type: str
    missing: bool
    values: tuple[str, ...]
    pattern: str
    least: float | None
    most: float | None
    decimals: int
    unit: str
    meaning: dict[str, str]


@dataclass(frozen=True)
class Table:
    """One table of a dataset: its file, and its columns in order."""

    name: str
    file: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Schema:
    """What a dataset is called, where it comes from, and its tables (most have one, named like the dataset)."""

    path: Path
    title: dict[str, str]
    version: int
    seed: int
    licence: str
    citation: str
    tables: dict[str, Table]

    @property
    def only(self) -> Table:
        """The table of a dataset that has one."""
        (table,) = self.tables.values()
        return table


def read_schema(path: Path) -> Schema:
    """Read a dataset's `schema.yaml`.

    Raises:
        DatasetError: the file is missing or broken, or a column is not described as it must be.
    """
    try:
        document = read_document(path)
    except ContentError as error:
        raise DatasetError(error.path, error.line, error.message) from None
    data = document.data if isinstance(document.data, dict) else {}
    for key, kind in _WANTED.items():
        if not isinstance(data.get(key), kind):
            raise DatasetError(path, document.line((key,)), f"`{key}` is missing or is not {_KINDS[kind]}.")
    if isinstance(data.get("tables"), dict):
        places = {name: ("tables", name) for name in data["tables"]}
    else:
        places = {path.parent.name: ()}
    tables = {name: _table(document, name, place) for name, place in places.items()}
    return Schema(path, tables=tables, **{key: data[key] for key in _WANTED})


def _table(document: Document, name: str, place: tuple[str, ...]) -> Table:
    given = document.data
    for key in place:
        given = given[key]
    for key, kind in (("file", str), ("columns", dict)):
        if not isinstance(given, dict) or not isinstance(given.get(key), kind):
            line = document.line((*place, key))
            raise DatasetError(document.path, line, f"`{key}` is missing or is not {_KINDS[kind]}.")
    columns = tuple(_column(document, (*place, "columns", column), given["columns"]) for column in given["columns"])
    return Table(name, given["file"], columns)


def _column(document: Document, place: tuple[str, ...], columns: dict[str, Any]) -> Column:
    name = place[-1]
    given = columns[name]

    def wrong(message: str) -> DatasetError:
        return DatasetError(document.path, document.line(place), f"the column `{name}` {message}")

    if not isinstance(given, dict):
        raise wrong("must be described by a mapping with `type`, `en` and `zh`.")
    unknown = sorted(set(given) - _KNOWN)
    if unknown:
        raise wrong(f"has {', '.join(unknown)}, which nothing reads. Known: {', '.join(sorted(_KNOWN))}.")
    if given.get("type") not in TYPES:
        raise wrong(f"needs a `type`: one of {', '.join(TYPES)}.")
    if given["type"] == "category" and not given.get("values"):
        raise wrong("is a category and needs its `values`.")
    if given["type"] == "id" and not _is_pattern(given.get("pattern")):
        raise wrong("is an id and needs a `pattern` (a regular expression).")
    if given["type"] == "number" and not isinstance(given.get("decimals"), int):
        raise wrong("is a number and needs its `decimals` (places after the point).")
    if not given.get("en") or not given.get("zh"):
        raise wrong("needs its meaning in both languages: `en` and `zh`.")
    return Column(
        name,
        given["type"],
        bool(given.get("missing", False)),
        tuple(map(str, given.get("values", ()))),
        given.get("pattern", ""),
        given.get("least"),
        given.get("most"),
        given.get("decimals", 0),
        given.get("unit", ""),
        {"en": given["en"], "zh": given["zh"]},
    )


def _is_pattern(text: Any) -> bool:
    try:
        return isinstance(text, str) and re.compile(text) is not None
    except re.error:
        return False


_WANTED: dict[str, type] = {
    "title": dict, "version": int, "seed": int, "licence": str, "citation": str,
}  # fmt: skip
_KINDS = {str: "a text", dict: "a mapping", int: "a whole number"}
_KNOWN = {"type", "missing", "values", "pattern", "least", "most", "decimals", "unit", "en", "zh"}
