"""What the course set out to teach, item by item, and the words on a page that teach it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trustkit.content import ContentError, Document, read_document, read_rows
from trustkit.lessons.page import Lesson


@dataclass(frozen=True)
class Taught:
    """An item of the plan in a lesson: its topic, the words that teach it, and the heading they stand under."""

    item: str
    lesson: str
    topic: str
    words: str
    section: str


@dataclass(frozen=True)
class Coverage:
    """What is taught where.

    Attributes:
        taught: every item found in its lesson, in the order of the plan.
        later: items by lessons that are not in the book yet.
        findings: what is not taught where the plan says, with file, line and cure.
        items: number of items in the plan.
    """

    taught: tuple[Taught, ...]
    later: dict[str, list[str]]
    findings: tuple[ContentError, ...]
    items: int


def coverage_folder(root: Path) -> Path:
    """Return the folder with the plan (`plan.csv`) and one file a module that says where its items are taught."""
    return root / "book" / "coverage"


def read_plan(root: Path) -> dict[str, list[str]]:
    """Return the lessons that are to teach each item, by the item's id.

    Raises:
        ContentError: the plan is missing, or a row has no lesson.
    """
    path = coverage_folder(root) / "plan.csv"
    plan: dict[str, list[str]] = {}
    for line, row in read_rows(path, ("id", "lessons"), holds="the items of the plan and their lessons", each="item"):
        lessons = row["lessons"].split()
        if not all(re.fullmatch(r"\d+\.\d+", one) for one in lessons):
            raise ContentError(
                path, line, "a row is an id and the lessons that teach it, as in `S0.2,1.1 1.2`.", "coverage"
            )
        plan[row["id"]] = lessons
    return plan


def coverage(root: Path, lessons: Sequence[Lesson]) -> Coverage:
    """Return what the lessons teach of the plan.

    Raises:
        ContentError: the plan cannot be read.
    """
    plan = read_plan(root)
    by_number = {lesson.number: lesson for lesson in lessons}
    declared, findings = _declared(root)
    broken = {finding.path for finding in findings if finding.rule != "coverage"}
    taught: list[Taught] = []
    later: dict[str, list[str]] = {}
    for item, numbers in plan.items():
        for number in numbers:
            if number not in by_number:
                later.setdefault(number, []).append(item)
                continue
            if _file(by_number[number], root) in broken:
                # What a file that cannot be read may say of its items nobody knows; its own fault is reported.
                continue
            found = _taught(item, by_number[number], declared, root)
            (taught if isinstance(found, Taught) else findings).append(found)
    for (number, item), (document, _) in declared.items():
        if number in by_number and number not in plan.get(item, ()):
            findings.append(
                document.error((number, item), f"the plan does not give {item} to lesson {number}.", "coverage")
            )
    return Coverage(tuple(taught), later, tuple(findings), len(plan))


def _declared(root: Path) -> tuple[dict[tuple[str, str], tuple[Document, dict]], list[ContentError]]:
    found: dict[tuple[str, str], tuple[Document, dict]] = {}
    findings: list[ContentError] = []
    for path in sorted(coverage_folder(root).glob("*.yaml")):
        try:
            document = read_document(path)
        except ContentError as error:
            findings.append(error)
            continue
        for number, items in (document.data or {}).items():
            for item, entry in (items or {}).items():
                if not isinstance(entry, dict) or not entry.get("topic") or not entry.get("words"):
                    message = f"{item} needs its `topic` and the `words` of the page."
                    findings.append(document.error((number, item), message, "coverage"))
                    continue
                found[str(number), str(item)] = (document, entry)
    return found, findings


def _file(lesson: Lesson, root: Path) -> Path:
    return coverage_folder(root) / f"{lesson.module:02}.yaml"


def _taught(
    item: str, lesson: Lesson, declared: dict[tuple[str, str], tuple[Document, dict]], root: Path
) -> Taught | ContentError:
    if (lesson.number, item) not in declared:
        return ContentError(
            _file(lesson, root),
            0,
            f"the plan gives {item} to lesson {lesson.number}, and nothing here says where.",
            "coverage",
        )
    document, entry = declared[lesson.number, item]
    words = " ".join(str(entry["words"]).split())
    section = next((one for one in lesson.sections if words in " ".join(one.prose.split())), None)
    if section is None:
        return document.error(
            (lesson.number, item, "words"),
            f"lesson {lesson.number} does not say “{words}”. Copy the words from the page as a reader sees them.",
            "coverage",
        )
    return Taught(item, lesson.number, str(entry["topic"]), words, section.title)
