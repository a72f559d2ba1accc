"""The table of the course's terms, `book/glossary.csv`: one row a term, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from trustkit.content import ContentError, read_rows
from trustkit.course import course_root

COLUMNS = ("id", "en", "zh", "definition_en", "definition_zh")
ALSO = ("also_en", "also_zh")
"""Columns that may be missing or empty: other names of a term, with `;` between them."""
LINKED = "linked"
"""A column that may be missing or empty: the language (or `no`) in which lessons link the term by themselves.

A name that is also an everyday word ("care") would often be linked where something else is meant.
"""
LANGUAGES = ("en", "zh")


class GlossaryError(ContentError):
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
    terms: list[Term] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in read_rows(path, COLUMNS, holds="the terms of the glossary", each="term", error=GlossaryError):
        if not re.fullmatch(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", row["id"]):
            raise GlossaryError(path, line, f"`{row['id']}` is no id: letters, digits and hyphens only.")
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
                raise GlossaryError(path, line, f"`{name}` stands in line {seen[mark]} already. Remove one of the two.")
            seen[mark] = line
        linked = (row.get(LINKED) or "").strip()
        if linked not in ("", "no", *LANGUAGES):
            raise GlossaryError(
                path, line, f"the cell `{LINKED}` says `{linked}`. Leave it empty, or say en, zh or no."
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
