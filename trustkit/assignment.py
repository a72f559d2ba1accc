"""What an assignment tells about itself in its source: its title in each language, its parts and their points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from trustkit.content import ContentError, read_document
from trustkit.course import assignment_ids, course_root

_TITLE = re.compile(r"^# +(.+?)\s*$", re.MULTILINE)
_POINTS = re.compile(r"^\s*points: *(\d+(?:\.\d+)?)\s*$|\"points\": *(\d+(?:\.\d+)?)", re.MULTILINE)
_CHINESE_TITLE = re.compile(r"^\s*# +(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class AssignmentFacts:
    """An assignment: its source, its title by language ("en", "zh"), and all its points."""

    id: str
    path: Path
    title: dict[str, str]
    points: float


def assignment_facts(assignment: str, root: Path | None = None) -> AssignmentFacts:
    """Return what a page says about an assignment.

    Raises:
        ContentError: there is no such assignment, or its source has no title.
    """
    root = root or course_root()
    path = root / "exercises" / "source" / assignment / f"{assignment}.md"
    if not path.is_file():
        known = ", ".join(assignment_ids(root)) or "none yet"
        raise ContentError(path, 0, f"there is no assignment `{assignment}`. The assignments are: {known}.")
    text = path.read_text(encoding="utf-8")
    title = _TITLE.search(text)
    if title is None:
        raise ContentError(path, 1, "this assignment has no title: a line that begins with `# `.")
    titles = {"en": title[1]}
    chinese = path.with_name("zh.yaml")
    if chinese.is_file():
        texts = read_document(chinese).data
        cells = texts.get("cells", texts) if isinstance(texts, dict) else {}
        found = (_CHINESE_TITLE.search(cell) for cell in cells.values() if isinstance(cell, str))
        titles["zh"] = next((match[1] for match in found if match), title[1])
    points = sum(float(one or other) for one, other in _POINTS.findall(text))
    return AssignmentFacts(assignment, path, titles, points)
