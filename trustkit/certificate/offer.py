"""Reads what a course offers for a certificate: the activities of the core lessons, the cases of its room."""

from __future__ import annotations

from pathlib import Path

from trustkit.cases.listing import case_entry
from trustkit.certificate.mastery import TRACKS, Offer
from trustkit.content import ContentError, read_document
from trustkit.course import assignment_ids, case_folder, case_ids, drill_ids
from trustkit.lessons.page import Lesson, read_lessons
from trustkit.lessons.paths import LearningPath, learning_path

WORK = ("assignment", "lab")
"""What a lesson calls the work that is handed in and marked through the gradebook."""


def paths_of(root: Path, lessons: list[Lesson]) -> dict[str, LearningPath]:
    """Return the learning paths of a course, by name; none where it has no `book/paths.yaml`.

    Raises:
        ContentError: the file cannot be read, or names a lesson that does not exist.
    """
    file = root / "book" / "paths.yaml"
    named = read_document(file).data if file.is_file() else {}
    return {name: learning_path(name, lessons, root) for name in TRACKS if name in named}


def offer_of(root: Path) -> Offer:
    """Return what a course offers.

    Raises:
        ContentError: the paths cannot be read.
    """
    drills: dict[str, list[str]] = {}
    assignments: dict[str, list[str]] = {}
    for name, path in paths_of(root, read_lessons(root)[0]).items():
        core = [lesson for lesson in path.lessons if lesson.number in path.core]
        drills[name] = [one.id for lesson in core for one, _ in lesson.shown if one.kind == "drill"]
        named = (
            one
            for lesson in core
            for goal in lesson.objectives
            for one in (*goal.practise, *goal.assess)
            if one.kind in WORK
        )
        assignments[name] = list(dict.fromkeys(one.id for one in named))
    kinds = (("drill", drill_ids(root)), ("case", case_ids(root)), ("assignment", assignment_ids(root)))
    built = frozenset((kind, id_) for kind, ids in kinds for id_ in ids)
    return Offer(drills, assignments, _room(root), built)


def _room(root: Path) -> list[str]:
    """Return the cases of the room; one that cannot be read is in no room."""
    cases = []
    for id_ in case_ids(root):
        try:
            if not case_entry(case_folder(id_, root))["exam"]:
                cases.append(id_)
        except ContentError:
            continue
    return cases
