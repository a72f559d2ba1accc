"""Loads the table that `trustkit lab-on` made of a company's export, typed like the course's own complaints."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd

from trustkit.data.company.mapping import columns
from trustkit.data.schema import Column, DatasetError
from trustkit.data.table import TIME_FORMAT, read_table

_DTYPES = {"category": "category", "whole": "Int64", "flag": "Int64"}


def load_company_table(path: str | Path) -> pd.DataFrame:
    """Return a company's complaints as a typed table, with the columns and types of `load_dataset("complaints")`.

    Categories are the company's own values, and every column may be missing. The extra columns `disputed`,
    `disputed_censored`, `satisfied` and `text` stand behind the others where the export had them.

    Args:
        path: the `complaints.csv` that `trustkit lab-on` wrote.

    Raises:
        DatasetError: the file is missing or was changed into something else; the message names row and column.
    """
    path = Path(path)
    header = _header(path)
    known = columns()
    for name in header:
        if name not in known:
            raise DatasetError(path, 1, f"the column `{name}` is none of the table. `trustkit lab-on` writes the file.")
    wanted = [_loose(known[name]) for name in header]
    try:
        dtypes = {name: _DTYPES.get(known[name].type, "str") for name in header}
        frame = pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""], encoding="utf-8-sig")
        for name in header:
            if known[name].type == "time":
                frame[name] = pd.to_datetime(frame[name], format=TIME_FORMAT, utc=True).dt.as_unit("us")
    except (ValueError, TypeError, OverflowError):
        # pandas cannot say which value of which row is wrong; this can.
        frame = read_table(path, wanted)
        for column in wanted:
            if known[column.name].type == "category":
                frame[column.name] = frame[column.name].astype("category")
    for column in wanted:
        if column.name in ("complaint_id", "opened_at") and frame[column.name].isna().any():
            row = int(frame[column.name].isna().to_numpy().argmax())
            raise DatasetError(path, row + 2, f"row {row + 1}, column `{column.name}`: the value must not be empty.")
    frame.attrs = {"name": path.parent.resolve().name, "citation": f"Company data: {path.parent.resolve().name}"}
    return frame


def _loose(column: Column) -> Column:
    kind = "text" if column.type in ("category", "id") else column.type
    return replace(column, type=kind, missing=column.name not in ("complaint_id", "opened_at"), pattern="", values=())


def _header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except FileNotFoundError:
        raise DatasetError(
            path, 0, "this file is missing. Open the notebook where `trustkit lab-on` wrote it, beside complaints.csv."
        ) from None
    except UnicodeDecodeError:
        raise DatasetError(path, 1, "this file is not in UTF-8. Save it again as CSV UTF-8.") from None
    missing = [name for name in ("complaint_id", "opened_at") if name not in header]
    if missing:
        raise DatasetError(path, 1, f"the column `{missing[0]}` is missing. `trustkit lab-on` writes the file.")
    return header
