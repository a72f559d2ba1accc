"""The learning paths: which lessons an agent, a team lead or an analyst takes, and how long that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trustkit.content import read_document
from trustkit.lessons.page import Lesson


@dataclass(frozen=True)
class LearningPath:
    """A path through the lessons: all of them in order, and the numbers of those that are its core."""

    lessons: tuple[Lesson, ...]
    core: frozenset[str]


def learning_path(name: str, lessons: Sequence[Lesson], root: Path) -> LearningPath:
    """Return a path of `book/paths.yaml` ("agent", "lead" or "analyst").

    Raises:
        ContentError: the file cannot be read, has no such path, or its core names a lesson that is not in the book.
    """
    document = read_document(root / "book" / "paths.yaml")
    if name not in document.data:
        raise document.error((), f"there is no path `{name}`. The paths are: {', '.join(document.data)}.")
    core = [str(number) for number in document.data[name]["core"]]
    there = {lesson.number for lesson in lessons}
    for at, number in enumerate(core):
        if number not in there:
            raise document.error((name, "core", at), f"the path `{name}` names lesson {number}, which does not exist.")
    tracks = document.data[name]["tracks"]
    taken = tuple(lesson for lesson in lessons if lesson.track in tracks or lesson.number in core)
    return LearningPath(taken, frozenset(core))
