"""Releases assignments without a class: the same notebooks that a class gives out, for the lab in the browser."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.classroom import Classroom, ClassroomError
from autograder.source import exercises_folder, read_exercise, write_source
from autograder.worker import Task, run_tasks


def write_releases(language: str, assignments: Sequence[str], folder: Path, course: Path) -> None:
    """Write the released form of assignments as `<folder>/<assignment>/…`: no solution, no hidden test is in it.

    It is made by nbgrader, as for a class, in a class that is there for this moment only.

    Args:
        language: "en" or "zh".
        assignments: their ids.
        folder: where the releases go; made when missing.
        course: the course folder.

    Raises:
        autograder.source.ExerciseError: an exercise source is wrong.
        ClassroomError: nbgrader could not release one.
    """
    with tempfile.TemporaryDirectory() as made:
        classroom = Classroom(Path(made, "class"), course)
        classroom.create(language, say=lambda line: None)
        for name in assignments:
            write_source(read_exercise(exercises_folder(course) / name), language, classroom.root / "source")
        for done in run_tasks(classroom.root, [Task("generate", name) for name in assignments]):
            if not done.ok:
                raise ClassroomError(f"{done.task.assignment} could not be released.\n{done.log[-2000:].strip()}")
        for name in assignments:
            shutil.copytree(classroom.root / "release" / name, folder / name, dirs_exist_ok=True)
