"""Everything that is checked about the lessons of a course, without building the book."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from contextlib import redirect_stdout
from pathlib import Path

import codespell_lib

from trustkit.content import ContentError
from trustkit.lessons.coverage import coverage, coverage_folder
from trustkit.lessons.form import form_findings
from trustkit.lessons.matrix import known_activities, matrix_findings
from trustkit.lessons.page import read_lessons

SPELLED = (
    "book/en",
    "notebooks/en",
    "cases/*/case.yaml",
    "exercises/drills/*/drill.yaml",
    "README.md",
    "CONTRIBUTING.md",
)
"""What is checked for spelling: the English that people read."""

RIGHT = ("ines", "thi")
"""Names of people that look like slips."""

_MISSPELT = re.compile(r"^(?P<path>.+?):(?P<line>\d+): (?P<word>\S+) ==> (?P<better>.+)$")


def lesson_gaps(root: Path) -> list[ContentError]:
    """Return what the lessons lack of what they must teach: activities that do not exist, items taught nowhere.

    A course without a plan (`book/coverage/plan.csv`) promises nothing and has no gaps.
    """
    if not (coverage_folder(root) / "plan.csv").is_file():
        return []
    lessons, findings = read_lessons(root)
    return [*findings, *matrix_findings(lessons, known_activities()), *coverage(root, lessons).findings]


def check_lessons(root: Path) -> list[ContentError]:
    """Return everything that is wrong with the lessons: their form, their gaps, their spelling."""
    lessons, findings = read_lessons(root)
    for lesson in lessons:
        findings += form_findings(lesson)
    gaps = [gap for gap in lesson_gaps(root) if str(gap) not in {str(one) for one in findings}]
    return [*findings, *gaps, *spelling_findings(root)]


def spelling_findings(root: Path, paths: Iterable[str] = SPELLED) -> list[ContentError]:
    """Return the misspelt words of the English texts that codespell knows, each with a better one."""
    files = [str(path) for pattern in paths for path in sorted(root.glob(pattern))]
    said = io.StringIO()
    with redirect_stdout(said):
        codespell_lib.main(
            "--builtin", "clear", "--ignore-words-list", ",".join(RIGHT), "--skip", "*.svg,*.csv", *files
        )
    found = (_MISSPELT.match(line) for line in said.getvalue().splitlines())
    return [
        ContentError(
            Path(match["path"]), int(match["line"]), f"“{match['word']}” should be “{match['better']}”.", "spelling"
        )
        for match in found
        if match
    ]
