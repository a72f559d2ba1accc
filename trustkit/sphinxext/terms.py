"""The table of the course's terms, `book/glossary.csv`: one row a term, in both languages."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

from trustkit.course import course_root

COLUMNS = ("id", "en", "zh", "definition_en", "definition_zh")
ALSO = ("also_en", "also_zh")
"""Columns that may be missing or empty: other names of a term, with `;` between them."""
LINKED = "linked"
"""A column that may be missing or empty: the language (or `no`) in which lessons link the term by themselves.

A name that is also an everyday word ("care") would often be linked where something else is meant.
"""
LANGUAGES = ("en", "zh")


class GlossaryError(Exception):
    """The table of terms cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Term:
    """One term of the course.

    Attributes:
        id: what its anchor is called.
        name: its name, by language.
        definition: what it means, by language.
        line: its line in the table.
        also: its other names, by language.
        linked: the languages in which a lesson links its first use.
    """

    id: str
    name: dict[str, str]
    definition: dict[str, str]
    line: int
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    linked: tuple[str, ...] = LANGUAGES

    def names(self, *languages: str) -> list[str]:
        """Return every name in these languages (in all, if none is given), the chief one first."""
        return [
            name
            for language in languages or LANGUAGES
            for name in (self.name[language], *self.also.get(language, ()))
        ]  # fmt: skip


def glossary_path(root: Path | None = None) -> Path:
    """Return the table of terms of a course."""
    return (root or course_root()) / "book" / "glossary.csv"


def read_glossary(path: Path) -> list[Term]:
    """Read the table of terms.

    Raises:
        GlossaryError: the file is missing or not UTF-8, a column is missing, a cell is empty, an id or name
            stands twice, or the column `linked` holds something else than en, zh or no.
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
        also = {
            language: tuple(name.strip() for name in (row.get(column) or "").split(";") if name.strip())
            for language, column in zip(LANGUAGES, ALSO, strict=True)
        }
        for column, name in [
            ("id", row["id"]),
            *((language, name) for language in LANGUAGES for name in (row[language], *also[language])),
        ]:
            mark = (column, name.strip().lower())
            if mark in seen:
                raise GlossaryError(
                    f"{path}:{line}: `{name}` stands in line {seen[mark]} already. Remove one of the two."
                )
            seen[mark] = line
        linked = (row.get(LINKED) or "").strip()
        if linked not in ("", "no", *LANGUAGES):
            raise GlossaryError(
                f"{path}:{line}: the cell `{LINKED}` says `{linked}`. Leave it empty, or say en, zh or no."
            )
        terms.append(
            Term(
                row["id"],
                {language: row[language].strip() for language in LANGUAGES},
                {language: row[f"definition_{language}"].strip() for language in LANGUAGES},
                line,
                also,
                {"": LANGUAGES, "no": ()}.get(linked, (linked,)),
            )
        )
    return terms
