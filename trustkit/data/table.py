"""Reads a CSV file into a typed table and refuses what its columns do not allow, by row and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from trustkit.data.schema import Column, DatasetError

TIME_FORMAT = "%Y-%m-%dT%H:%MZ"
DATE_FORMAT = "%Y-%m-%d"
_TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z"
_DATE = r"\d{4}-\d{2}-\d{2}"
_PARSED = {
    "id": "category", "text": "category", "category": "category", "time": "category", "date": "category",
    "whole": "Int64", "flag": "Int64", "number": "float64",
}  # fmt: skip
_NUMBER = r"-?\d{1,15}(\.\d{1,9})?"


def read_table(path: Path, columns: Iterable[Column]) -> pd.DataFrame:
    """Return the table of a CSV file with exactly these columns, each in its type.

    Args:
        path: a CSV file in UTF-8 with one header line; a byte order mark and Windows line ends are welcome.
        columns: the columns, in the order of the file.

    Raises:
        DatasetError: the file is missing or is not such a table, or a value is not allowed in its column.
    """
    columns = tuple(columns)
    text = _text(path)
    frame = _read_at_once(text, columns)
    return _read_carefully(path, text, columns) if frame is None else frame


def _read_at_once(text: str, columns: tuple[Column, ...]) -> pd.DataFrame | None:
    """Return the table the fast way, or None when anything in it may not be allowed.

    pandas' own parser makes whole columns at once, but cannot say which value of which row is wrong.
    """
    names = [column.name for column in columns]
    rows = text.count("\n") - text.endswith("\n") * 1
    if '"' in text or not text.startswith(",".join(names) + "\n") or text.count(",") != (rows + 1) * (len(names) - 1):
        return None
    dtypes = {column.name: _PARSED[column.type] for column in columns}
    try:
        raw = pd.read_csv(
            io.StringIO(text), dtype=dtypes, keep_default_na=False, na_values=[""], skip_blank_lines=False
        )
        frame = pd.DataFrame({column.name: _checked(raw[column.name], column) for column in columns})
    except (ValueError, TypeError, OverflowError):
        return None
    return frame if len(frame) == rows > 0 else None


def _checked(values: pd.Series, column: Column) -> pd.Series:
    """Return a parsed column in its type.

    Raises:
        ValueError: a value in it may not be allowed.
    """
    if values.isna().any() and not column.missing:
        raise ValueError
    if column.type in ("id", "text", "category", "time", "date"):
        if not isinstance(values.cat.categories.dtype, pd.StringDtype) and len(values.cat.categories):
            # The parser took them for numbers; whether they were written so, such as 007, is no longer known.
            if column.type != "category":
                raise ValueError
            values = values.cat.rename_categories(str)
        # A value that stands in many rows is looked at once.
        known = values.cat.categories.tolist()
        form = {"id": column.pattern, "time": _TIME, "date": _DATE}.get(column.type)
        if form is not None and not all(map(re.compile(form).fullmatch, known)):
            raise ValueError
        if column.type == "category":
            if not set(known) <= set(column.values):
                raise ValueError
            return values.cat.set_categories(list(column.values))
        if column.type in ("time", "date"):
            return _moments(known, values, column.type)
        return values.astype("str")
    low, high = values.min(), values.max()
    bounds = (0, 1) if column.type == "flag" else (column.least, column.most)
    if not pd.isna(low) and (
        (bounds[0] is not None and low < bounds[0]) or (bounds[1] is not None and high > bounds[1])
    ):
        raise ValueError
    return values


def _moments(known: list[str], values: pd.Series, kind: str) -> pd.Series:
    """Return times in UTC, or days, from their texts (the categories of `values`)."""
    moments = np.array([text.rstrip("Z") for text in known] + ["NaT"], dtype="datetime64[us]")
    # The code of a missing value is -1: the last one.
    column = pd.Series(moments[values.cat.codes.to_numpy()], index=values.index)
    return column.dt.tz_localize("UTC") if kind == "time" else column


def _read_carefully(path: Path, text: str, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return the table value by value, or say which value of which row is not allowed."""
    names = [column.name for column in columns]
    reader = csv.reader(io.StringIO(text))
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


def to_csv(frame: pd.DataFrame, columns: Iterable[Column]) -> bytes:
    """Return a typed table as the bytes of its CSV file: UTF-8, LF, times like `2025-07-01T08:30Z`."""
    text = {}
    for column in columns:
        values = frame[column.name]
        if column.type in ("time", "date"):
            values = values.dt.strftime(TIME_FORMAT if column.type == "time" else DATE_FORMAT)
        elif column.type == "number":
            rounded = values.map(f"{{:.{column.decimals}f}}".format, na_action="ignore")
            # A small negative number must not become a zero with a sign.
            values = rounded.mask(rounded == f"-{0:.{column.decimals}f}", f"{0:.{column.decimals}f}")
        text[column.name] = values
    return pd.DataFrame(text).to_csv(index=False, lineterminator="\n").encode("utf-8")


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
        form = empty | text.str.fullmatch(column.pattern)
        _refuse(path, text, column, ~form, f"does not have the form {column.pattern}")
        return given
    if column.type == "text":
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
    if column.type == "date":
        form = empty | text.str.fullmatch(_DATE)
        days = pd.to_datetime(given.where(form), format=DATE_FORMAT, errors="coerce")
        _refuse(path, text, column, ~empty & days.isna(), "is not a date such as 2025-07-01")
        return days.dt.as_unit("us")
    if column.type == "flag":
        _refuse(path, text, column, ~(empty | text.isin(("0", "1"))), "is not 0 or 1")
        return given.astype("Int64")
    decimal = column.type == "number"
    form = empty | text.str.fullmatch(_NUMBER if decimal else r"-?\d{1,15}")
    _refuse(path, text, column, ~form, "is not a number" if decimal else "is not a whole number")
    numbers = given.astype("float64" if decimal else "Int64")
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
