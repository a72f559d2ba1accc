"""The table of the course's terms, `book/glossary.csv`: one row a term, in both languages."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from trustkit.course import course_root

COLUMNS = ("id", "en", "zh", "definition_en", "definition_zh")


class GlossaryError(Exception):
    """The table of terms cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Term:
    """One term: its id, and name and definition by language; `line` is its line in the table."""

    id: str
    name: dict[str, str]
    definition: dict[str, str]
    line: int


def glossary_path(root: Path | None = None) -> Path:
    """Return the table of terms of a course."""
    return (root or course_root()) / "book" / "glossary.csv"


def read_glossary(path: Path) -> list[Term]:
    """Read the table of terms.

    Raises:
        GlossaryError: the file is missing or not UTF-8, a column is missing, a cell is empty, or an id or
            name stands twice.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise GlossaryError(f"{path}: this file does not exist. It holds the terms of the glossary.") from None
    except UnicodeDecodeError:
        raise GlossaryError(f"{path}: this file is not in UTF-8. Save it again with the encoding UTF-8.") from None
    rows = csv.DictReader(text.splitlines())
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise GlossaryError(f"{path}:1: the column {', '.join(missing)} is missing. Needed: {', '.join(COLUMNS)}.")
    terms: list[Term] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        line = rows.line_num
        for column in COLUMNS:
            if not (row[column] or "").strip():
                raise GlossaryError(f"{path}:{line}: the cell `{column}` is empty. Every term needs all of them.")
        if not re.fullmatch(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", row["id"]):
            raise GlossaryError(f"{path}:{line}: `{row['id']}` is no id: letters, digits and hyphens only.")
        for column in ("id", "en", "zh"):
            mark = (column, row[column].strip().lower())
            if mark in seen:
                raise GlossaryError(
                    f"{path}:{line}: `{row[column]}` stands in line {seen[mark]} already. Remove one of the two."
                )
            seen[mark] = line
        terms.append(
            Term(
                row["id"],
                {language: row[language].strip() for language in ("en", "zh")},
                {language: row[f"definition_{language}"].strip() for language in ("en", "zh")},
                line,
            )
        )
    return terms
