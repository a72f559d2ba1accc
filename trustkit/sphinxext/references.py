"""The course's references, `book/references.bib`: one entry a key, with how far it was read in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.input.bibtex import Parser
from pybtex.exceptions import PybtexError
from pybtex.scanner import PybtexSyntaxError

from trustkit.course import course_root

GROUPS = ("lessons", "model", "unread")
"""The lists on the evidence page: behind the lessons, behind the scoring model, and known by name only."""

LANGUAGES = ("en", "zh")

_ENTRY = re.compile(r"^\s*@(\w+)\s*\{\s*([^,\s}]+)", re.MULTILINE)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_MARKDOWN = re.compile(r"([\\`*_\[\]{}<>#|$])")


class ReferencesError(Exception):
    """The file of references cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Reference:
    """A published source, as the evidence page prints it.

    Attributes:
        key: what {cited} names.
        group: the list it stands in, one of `GROUPS`.
        short: what it is called, by language.
        checked: how far it was read, by language.
        text: the reference itself as MyST Markdown, by language.
        line: its line in the file.
    """

    key: str
    group: str
    short: dict[str, str]
    checked: dict[str, str]
    text: dict[str, str]
    line: int


def references_path(root: Path | None = None) -> Path:
    """Return the file of references of a course."""
    return (root or course_root()) / "book" / "references.bib"


def read_references(path: Path) -> list[Reference]:
    """Read the references, in the order of the file.

    Raises:
        ReferencesError: the file is missing, not UTF-8 or no BibTeX; a key stands twice; an entry does not
            say its group, its name or how far it was read; or an unread work has no sentence about it.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ReferencesError(f"{path}: this file does not exist. It holds the references of the book.") from None
    except UnicodeDecodeError:
        raise ReferencesError(f"{path}: this file is not in UTF-8. Save it again with the encoding UTF-8.") from None
    lines = _lines_of(path, text)
    try:
        data: BibliographyData = Parser(encoding="utf-8").parse_string(text)
    except PybtexSyntaxError as problem:
        raise ReferencesError(f"{path}:{problem.lineno}: this is no BibTeX: {problem.args[0]}.") from None
    except PybtexError as problem:
        raise ReferencesError(f"{path}: this is no BibTeX: {problem}.") from None
    # A comma after the last field is missing, or a brace: what follows was swallowed by the entry before.
    for key in lines:
        if key not in data.entries:
            raise ReferencesError(f"{path}:{lines[key]}: the entry {key} is not closed, or the one before it is not.")
    part_of: dict[str, str] = {}
    for key, entry in data.entries.items():
        for part in _parts(entry):
            if part not in data.entries:
                raise ReferencesError(f"{path}:{lines[key]}: {key} names the entry {part}, which does not exist.")
            part_of[part] = key
    return [_reference(path, data, key, entry, lines[key]) for key, entry in data.entries.items() if key not in part_of]


def _lines_of(path: Path, text: str) -> dict[str, int]:
    """Return the line of each entry, by its key."""
    lines: dict[str, int] = {}
    for match in _ENTRY.finditer(text):
        kind, key = match[1].lower(), match[2]
        if kind in ("comment", "string", "preamble"):
            continue
        line = text.count("\n", 0, match.start(2)) + 1
        if not _KEY.fullmatch(key):
            raise ReferencesError(
                f"{path}:{line}: the key `{key}` may hold letters, digits, dots and hyphens only, as in R13."
            )
        if key in lines:
            raise ReferencesError(f"{path}:{line}: the key {key} stands in line {lines[key]} already. Keys are unique.")
        lines[key] = line
    return lines


def _reference(path: Path, data: BibliographyData, key: str, entry: Entry, line: int) -> Reference:
    fields = entry.fields
    for name in ("group", "short", "checked", "checked_zh"):
        if not fields.get(name, "").strip():
            raise ReferencesError(f"{path}:{line}: {key} has no `{name}`. Every reference says it.")
    if fields["group"] not in GROUPS:
        raise ReferencesError(f"{path}:{line}: {key} is in the group `{fields['group']}`; use {', '.join(GROUPS)}.")
    if fields.get("note") and not fields.get("note_zh"):
        raise ReferencesError(f"{path}:{line}: {key} has a `note` and no `note_zh`. Say it in both languages.")
    if fields["group"] == "unread" and not fields.get("note"):
        raise ReferencesError(f"{path}:{line}: {key} was not read. Say in a `note` why it is named.")
    works = [data.entries[part] for part in _parts(entry)] or [entry]
    text = {
        language: " ".join(filter(None, [*(_work(work, language) for work in works), _note_of_set(entry, language)]))
        for language in LANGUAGES
    }
    if not text["en"]:
        raise ReferencesError(f"{path}:{line}: {key} has no text. Give it an author and title, or a `note`.")
    return Reference(
        key,
        fields["group"],
        {language: _said(fields, "short", language) for language in LANGUAGES},
        {language: _said(fields, "checked", language) for language in LANGUAGES},
        text,
        line,
    )


def _parts(entry: Entry) -> list[str]:
    return [part.strip() for part in entry.fields.get("entryset", "").split(",") if part.strip()]


def _said(fields: dict[str, str], name: str, language: str) -> str:
    chinese = fields.get(f"{name}_zh", "") if language == "zh" else ""
    return " ".join((chinese or fields.get(name, "")).split())


def _note_of_set(entry: Entry, language: str) -> str:
    return _said(entry.fields, "note", language) if _parts(entry) else ""


def _work(entry: Entry, language: str) -> str:
    """Return one work as MyST Markdown: authors, year, title, where it appeared, note."""
    fields = entry.fields
    authors = [_name(person) for person in entry.persons.get("author", [])]
    who = authors[0] if len(authors) == 1 else f"{', '.join(authors[:-1])}, and {authors[-1]}" if authors else ""
    if who and fields.get("year"):
        who += f" ({fields['year']})"
    title = _plain(_said(fields, "title", language))
    where = _plain(_said(fields, "journal", language) or _said(fields, "booktitle", language))
    if where:
        where = f"*{where}*"
        volume = fields.get("volume", "")
        number = f"({fields['number']})" if fields.get("number") else ""
        where += f" {volume}{number}".rstrip()
        if fields.get("pages"):
            where += f", {fields['pages'].replace('--', '–')}"
    else:
        title = f"*{title}*" if title else ""
        where = ", ".join(_plain(fields[name]) for name in ("publisher", "howpublished") if fields.get(name))
    if fields.get("doi"):
        where += f", doi {_plain(fields['doi'])}" if where else f"doi {_plain(fields['doi'])}"
    sentences = [_ended(part) for part in (who, title, where) if part]
    note = _said(fields, "note", language)
    return " ".join([*sentences, note] if note else sentences)


def _name(person: Person) -> str:
    family = " ".join([*person.prelast_names, *person.last_names]).strip("{}")
    given = " ".join([*person.first_names, *person.middle_names])
    return _plain(f"{family}, {given}" if given else family)


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.replace("{", "").replace("}", "").split()))


def _ended(sentence: str) -> str:
    return sentence if sentence.rstrip("*").endswith((".", "?", "!")) else f"{sentence}."
