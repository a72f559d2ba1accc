"""The matrix of objectives: where each is practised, what assesses it, and where that is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trustkit import checkers, simulators
from trustkit.content import ContentError
from trustkit.course import assignment_ids, case_ids, drill_ids
from trustkit.lessons.page import WAYS, Lesson, Named, Objective

EMBEDDED = ("drill", "simulator", "checker")
"""Activities that a trainee meets on a page of the book; a case has its own page in the case room."""


@dataclass(frozen=True)
class Row:
    """An objective of a lesson; `open` names the activities that are not built yet."""

    lesson: Lesson
    objective: Objective
    open: tuple[Named, ...]


def known_activities() -> dict[str, list[str]]:
    """Return the ids of everything that the lessons of this course can name, by kind."""
    return {
        "case": case_ids(),
        "drill": drill_ids(),
        "simulator": sorted(simulators.MODULES),
        "checker": sorted(checkers.MODULES),
        "assignment": assignment_ids(),
    }


def matrix(lessons: Sequence[Lesson], known: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return a row for each objective.

    Args:
        lessons: all lessons of the book.
        known: the ids there are, by kind ("case", "drill", "simulator", "checker", "assignment").
    """
    return [
        Row(lesson, objective, tuple(dict.fromkeys(_labs_to_come(objective, known))))
        for lesson in lessons
        for objective in lesson.objectives
    ]


def matrix_findings(lessons: Sequence[Lesson], known: Mapping[str, Sequence[str]]) -> list[ContentError]:
    """Return every objective whose practice or assessment names something that a trainee cannot find."""
    shown = {named for lesson in lessons for named, _ in lesson.shown}
    findings = []
    for lesson in lessons:
        for objective in lesson.objectives:
            for named in dict.fromkeys(_all(objective)):
                if named.kind in ("task", "lab"):
                    continue
                if named.id not in known.get(named.kind, ()):
                    message = f"there is no {named}. Build it, or name what practises and assesses this objective."
                elif named.kind in EMBEDDED and named not in shown:
                    message = f"{named} stands on no lesson page. Embed it with {{{named.kind}}} {named.id}."
                else:
                    continue
                findings.append(lesson.error(objective.line, message, "lesson-objectives"))
    return findings


def _labs_to_come(objective: Objective, known: Mapping[str, Sequence[str]]) -> Iterator[Named]:
    for named in _all(objective):
        if named.kind == "lab" and named.id not in known.get("assignment", ()):
            yield named


def _all(objective: Objective) -> Iterator[Named]:
    for way in WAYS:
        yield from getattr(objective, way)
