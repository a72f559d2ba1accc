"""A lesson page as data: objectives with their practice and assessment, sections, activities, pictures, prose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from markdown_it.token import Token

from trustkit.content import ContentError, stamp
from trustkit.lessons.markdown import DIRECTIVE, NOT_PARSED, options, parser
from trustkit.policies import UnknownPolicy, defaults, fill, place_of_error, unknown_in

ACTIVITIES = ("case", "drill", "simulator", "checker")
"""The directives that embed an activity."""

WAYS = ("practise", "assess")
"""What the lines under an objective say: where it is practised, and what assesses it."""

LESSON_FILE = re.compile(r"^(\d{1,2})-(\d{1,2})-[a-z0-9-]+\.md$")
_NAMED = re.compile(r"(case|drill|simulator|checker|assignment|lab)\s+([a-z][a-z0-9-]*)|(task)")
_SHOWN = re.compile(r"^(.*?)\s*<[^<>]*>$", re.DOTALL)


@dataclass(frozen=True)
class Named:
    """An activity by its kind ("case", "drill", "simulator", "checker", "assignment", "lab", "task") and id.

    A task stands on the page itself and has no id.
    """

    kind: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.id}".strip()


@dataclass(frozen=True)
class Objective:
    """What a trainee can do after the lesson; where that is practised, and what assesses it."""

    text: str
    line: int
    practise: tuple[Named, ...] = ()
    assess: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it until the next one: its level, line, words and tables."""

    title: str
    level: int
    line: int
    prose: str = ""
    tables: int = 0
    items: int = 0


@dataclass(frozen=True)
class Picture:
    """A picture of a page: its file as written, its alternative text, its line."""

    file: str
    alt: str
    line: int


@dataclass(frozen=True)
class Lesson:
    """A lesson page.

    Attributes:
        path: its file.
        number: as in "5.2".
        minutes: honest time for reading and doing.
        track: "agent", "analyst" or "both".
        shown: the activities that the page embeds, with their lines.
    """

    path: Path
    number: str
    title: str
    minutes: int
    track: str
    objectives: tuple[Objective, ...]
    sections: tuple[Section, ...]
    shown: tuple[tuple[Named, int], ...]
    pictures: tuple[Picture, ...]

    @property
    def module(self) -> int:
        """The number of its module."""
        return int(self.number.split(".")[0])

    @property
    def prose(self) -> str:
        """Everything the page says, section by section, without objectives and activities."""
        return "\n".join(section.prose for section in self.sections)

    def error(self, line: int, message: str, rule: str) -> ContentError:
        """Return the error that says `message` about a line of the page."""
        return ContentError(self.path, line, message, rule)


@dataclass
class _Reading:
    sections: list[dict] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    facts: dict[str, object] | None = None
    shown: list[tuple[Named, int]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


def lesson_files(root: Path, language: str = "en") -> list[Path]:
    """Return the lesson pages of one language in the order of their numbers."""
    found = [path for path in (root / "book" / language).glob("[0-9][0-9]-*/*.md") if LESSON_FILE.match(path.name)]
    return sorted(found, key=lambda path: tuple(int(part) for part in LESSON_FILE.match(path.name).groups()))


def read_lessons(root: Path) -> tuple[list[Lesson], list[ContentError]]:
    """Return the lessons of a course that can be read, in order, and what is wrong with the others."""
    lessons, findings = [], []
    for path in lesson_files(root):
        try:
            lessons.append(read_lesson(path))
        except ContentError as error:
            findings.append(error)
    return lessons, findings


def read_lesson(path: Path) -> Lesson:
    """Read a lesson page; kept until its file changes.

    Raises:
        ContentError: the page is not UTF-8, has no objectives, or names an activity in a way nobody can read.
    """
    return _lesson(path, stamp(path))


@lru_cache(maxsize=256)
def _lesson(path: Path, _: tuple[int, int] | None) -> Lesson:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ContentError(path, 0, "this file is not in UTF-8. Save it again with the encoding UTF-8.") from None
    try:
        # The course's own values: what a lesson teaches is judged by them, whatever a company puts in their place.
        text = fill(text, "en", defaults())
    except UnknownPolicy as problem:
        line = next((at for at, one in enumerate(text.split("\n"), 1) if unknown_in(one)), 1)
        raise place_of_error(path, line, problem) from None
    reading = _Reading()
    _read(text, 1, reading, path)
    if reading.facts is None:
        raise ContentError(path, 1, "a lesson begins with its {objectives}; this page has none.", "lesson-objectives")
    sections = tuple(Section(**section) for section in reading.sections)
    return Lesson(
        path=path,
        number=str(reading.facts.get("lesson", "")).strip("\"'"),
        title=sections[0].title if sections else "",
        minutes=int(reading.facts.get("time", 0) or 0),
        track=str(reading.facts.get("track", "")),
        objectives=tuple(reading.objectives),
        sections=sections,
        shown=tuple(reading.shown),
        pictures=tuple(reading.pictures),
    )


def objectives_in(text: str, first_line: int, path: Path) -> list[Objective]:
    """Return the objectives of a directive's body: a bullet each, with lines for practice and assessment under it.

    Raises:
        ContentError: a line under an objective is neither `practise:` nor `assess:`, or names no activity.
    """
    found: list[Objective] = []
    for number, raw in enumerate(text.split("\n"), first_line):
        line = raw.strip()
        if raw.startswith("- "):
            found.append(Objective(line[2:], number))
        elif line.startswith("- ") and found:
            way, _, names = line[2:].partition(":")
            if way not in WAYS or not names.strip():
                raise ContentError(
                    path, number,
                    f"under an objective stands `practise:` or `assess:` with activities, not “{line[2:]}”.",
                    "lesson-objectives",
                )  # fmt: skip
            named = tuple(_named(name, path, number) for name in names.split(","))
            last = found[-1]
            found[-1] = Objective(last.text, last.line, **{**_ways(last), way: named})
        elif line and found:
            last = found[-1]
            found[-1] = Objective(f"{last.text} {line}", last.line, **_ways(last))
    return found


def _ways(objective: Objective) -> dict[str, tuple[Named, ...]]:
    return {"practise": objective.practise, "assess": objective.assess}


def _named(name: str, path: Path, line: int) -> Named:
    match = _NAMED.fullmatch(name.strip())
    if not match:
        raise ContentError(
            path, line,
            f"“{name.strip()}” names no activity. Write its kind and id, as in `drill trust-or-not`, or `task`.",
            "lesson-objectives",
        )  # fmt: skip
    return Named(match[1] or match[3], match[2] or "")


def _read(text: str, first_line: int, reading: _Reading, path: Path) -> None:
    tokens = parser().parse(text)
    for at, token in enumerate(tokens):
        line = first_line + (token.map[0] if token.map else 0)
        if token.type == "heading_open":
            title = _words(tokens[at + 1])
            reading.sections.append({"title": title, "level": int(token.tag[1:]), "line": line})
        elif token.type == "inline" and (at == 0 or tokens[at - 1].type != "heading_open"):
            _add(reading, _words(token))
            for child in token.children or []:
                if child.type == "image":
                    reading.pictures.append(Picture(str(child.attrs.get("src", "")), child.content, line))
        elif token.type == "table_open":
            _count(reading, "tables")
        elif token.type == "list_item_open" and token.level == 1:
            _count(reading, "items")
        elif token.type in ("fence", "colon_fence"):
            _read_fence(token, line, reading, path)


def _read_fence(token: Token, line: int, reading: _Reading, path: Path) -> None:
    match = DIRECTIVE.match(token.info.strip())
    if not match:
        return
    name, argument = match[1], match[2].strip()
    given, skipped = options(token.content)
    body = "\n".join(token.content.split("\n")[skipped:])
    if name == "objectives":
        if not given:
            raise ContentError(
                path, line + 1, "the options of {objectives} cannot be read. Check their quotes and colons.",
                "lesson-objectives",
            )  # fmt: skip
        reading.facts = given
        reading.objectives += objectives_in(body, line + 1 + skipped, path)
    elif name in ACTIVITIES:
        reading.shown.append((Named(name, argument), line))
    elif name in ("figure", "image"):
        reading.pictures.append(Picture(argument, str(given.get("alt", "")), line))
        _add(reading, body)
    elif name == "list-table":
        _count(reading, "tables")
        _read(body, line + 1 + skipped, reading, path)
    elif name not in NOT_PARSED:
        _read(body, line + 1 + skipped, reading, path)


def _add(reading: _Reading, words: str) -> None:
    if reading.sections:
        section = reading.sections[-1]
        section["prose"] = f"{section.get('prose', '')}{words}\n"


def _count(reading: _Reading, what: str) -> None:
    if reading.sections:
        reading.sections[-1][what] = reading.sections[-1].get(what, 0) + 1


def _words(token: Token) -> str:
    """Return what a reader sees of an inline token: roles by their text, links by their words."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "myst_role":
            shown = child.content.rpartition("|")[0] if "|" in child.content else child.content
            titled = _SHOWN.match(shown)
            parts.append(titled[1] if titled else shown)
    return "".join(parts)
