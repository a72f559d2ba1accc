"""Reads a CSV file into a typed table and refuses what its columns do not allow, by row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from trustkit.data.schema import Column, DatasetError

TIME_FORMAT = "%Y-%m-%dT%H:%MZ"
_TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z"


def read_table(path: Path, columns: Iterable[Column]) -> pd.DataFrame:
    """Return the table of a CSV file with exactly these columns, each in its type.

    Args:
        path: a CSV file in UTF-8 with one header line; a byte order mark and Windows line ends are welcome.
        columns: the columns, in the order of the file.

    Raises:
        DatasetError: the file is missing or is not such a table, or a value is not allowed in its column.
    """
    columns = tuple(columns)
    names = [column.name for column in columns]
    reader = csv.reader(io.StringIO(_text(path)))
    _check_header(path, next(reader), names)
    rows = list(reader)
    if not rows:
        raise DatasetError(path, 0, "this file has a header but no rows.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(names):
            raise DatasetError(
                path, number + 1, f"row {number} has {len(row)} values; there are {len(names)} columns."
            )  # fmt: skip
    raw = pd.DataFrame(rows, columns=names, dtype="str")
    return pd.DataFrame({column.name: _typed(path, raw[column.name], column) for column in columns})


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise DatasetError(path, 0, "this file is missing. Make it with the generate.py beside it.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = "this file is not in UTF-8. Save it again as CSV UTF-8."
        raise DatasetError(path, line, message) from None
    if not text.strip():
        raise DatasetError(path, 0, "this file is empty.")
    return text.replace("\r\n", "\n")


def _check_header(path: Path, found: list[str], wanted: list[str]) -> None:
    missing = [name for name in wanted if name not in found]
    if missing:
        raise DatasetError(path, 1, f"the column `{missing[0]}` is missing. The header must be: {','.join(wanted)}")
    extra = [name for name in found if name not in wanted]
    if extra:
        raise DatasetError(path, 1, f"the column `{extra[0]}` is not in the schema. Remove it or describe it there.")
    if found != wanted:
        raise DatasetError(path, 1, f"the columns are in another order. The header must be: {','.join(wanted)}")


def _typed(path: Path, text: pd.Series, column: Column) -> pd.Series:
    """Return the values of one column in its type, or say which value is not allowed."""
    empty = text == ""
    if not column.missing:
        _refuse(path, text, column, empty, "must not be empty")
    given = text.mask(empty)
    if column.type == "id":
        form = given.str.fullmatch(column.pattern).fillna(True)
        _refuse(path, text, column, ~form.astype(bool), f"does not have the form {column.pattern}")
        return given
    if column.type == "category":
        known = empty | text.isin(column.values)
        _refuse(path, text, column, ~known, f"is not one of {', '.join(column.values)}")
        return pd.Series(pd.Categorical(given, categories=list(column.values)), index=text.index)
    if column.type == "time":
        form = empty | text.str.fullmatch(_TIME)
        times = pd.to_datetime(given.where(form), format=TIME_FORMAT, utc=True, errors="coerce")
        _refuse(path, text, column, ~empty & times.isna(), "is not a time such as 2025-07-01T08:30Z")
        return times.dt.as_unit("us")
    if column.type == "flag":
        _refuse(path, text, column, ~(empty | text.isin(("0", "1"))), "is not 0 or 1")
        return given.astype("Int64")
    form = empty | text.str.fullmatch(r"-?\d{1,15}")
    _refuse(path, text, column, ~form, "is not a whole number")
    numbers = given.astype("Int64")
    if column.least is not None:
        _refuse(path, text, column, (numbers < column.least).fillna(False), f"is below {column.least}")
    if column.most is not None:
        _refuse(path, text, column, (numbers > column.most).fillna(False), f"is above {column.most}")
    return numbers


def _refuse(path: Path, text: pd.Series, column: Column, wrong: pd.Series, why: str) -> None:
    found = wrong.to_numpy(dtype=bool)
    if not found.any():
        return
    at, more = int(found.argmax()), int(found.sum()) - 1
    value = text.iloc[at]
    shown = f"`{value[:40]}…`" if len(value) > 40 else f"`{value}`"
    message = f"row {at + 1}, column `{column.name}`: {shown if value else 'the value'} {why}."
    raise DatasetError(path, at + 2, message + (f" {more:,} more in this column." if more else ""))
