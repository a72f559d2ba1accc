"""Reads and writes the rows of nbgrader's gradebook that the course cares about, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import lean_imports  # noqa: F401  (must come before nbgrader)
from autograder.nbgrader_config import COURSE_ID
from autograder.parts import CRITERION, LAB, PASS_SHARE, RED_LINE, REPLY, ROLE_PLAY, part_of, red_line_in

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


CELLS_OF = {ROLE_PLAY: (ROLE_PLAY,), REPLY: (REPLY, CRITERION, RED_LINE), LAB: (LAB,)}
"""The kinds of cells that make up a part."""


@dataclass
class Mark:
    """One row of marks: a graded cell of one hand-in. `score` is None while a person has still to give it."""

    cell: str
    part: str
    score: float | None
    points: float
    waiting: bool
    comment: str = ""


@dataclass
class HandIn:
    """What one student handed in for one assignment, as the gradebook has it."""

    student: str
    name: str
    assignment: str
    submitted: datetime | None = None
    marks: list[Mark] = field(default_factory=list)

    def marks_of(self, part: str) -> list[Mark]:
        """Return the marks of one part, in the order of the notebook."""
        return [mark for mark in self.marks if mark.part == part]

    def score(self, *parts: str) -> float:
        """Return the points given so far in some parts (default: all)."""
        return sum(mark.score or 0.0 for mark in self.marks if not parts or mark.part in parts)

    def points(self, *parts: str) -> float:
        """Return the most points that some parts (default: all) can give."""
        return sum(mark.points for mark in self.marks if not parts or mark.part in parts)

    @property
    def waiting(self) -> bool:
        """Whether a person has still to mark something."""
        return any(mark.waiting for mark in self.marks)

    @property
    def red_line(self) -> str:
        """The marker's comment on a red line, or an empty text."""
        return " · ".join(mark.comment for mark in self.marks_of(RED_LINE) if red_line_in(mark.comment)[0])

    @property
    def unclear(self) -> str:
        """A comment in the red-line item that neither reports a red line nor is empty."""
        return " · ".join(mark.comment for mark in self.marks_of(RED_LINE) if not red_line_in(mark.comment)[1])

    def passed_part(self, part: str) -> bool | None:
        """Return whether a part (role-play, reply or lab) passes; None while it is open or where there is none.

        A part passes with its share of the points (`PASS_SHARE`). A red line fails the reply, whatever its points.
        """
        cells = CELLS_OF[part]
        marks = [mark for mark in self.marks if mark.part in cells]
        if part == REPLY and self.red_line:
            return False
        if not self.points(*cells) or any(mark.waiting for mark in marks) or (part == REPLY and self.unclear):
            return None
        return self.score(*cells) >= PASS_SHARE[part] * self.points(*cells)

    @property
    def passed(self) -> bool | None:
        """Whether the parts for everybody pass; None while one of them is open.

        Beside a role-play the data lab is a result of its own, for analysts: it neither makes up for another part nor
        fails one. An assignment without a role-play is for analysts, and its lab must pass like its reply.
        """
        parts = [part for part in (ROLE_PLAY, REPLY, LAB) if self.points(*CELLS_OF[part])]
        if ROLE_PLAY in parts and LAB in parts:
            parts.remove(LAB)
        results = [self.passed_part(part) for part in parts]
        if False in results:
            return False
        return None if None in results else True


@contextmanager
def open_gradebook(root: Path) -> Iterator[Gradebook]:
    """Open the gradebook of a class instance, making it when there is none.

    Args:
        root: the class instance's folder.

    Raises:
        autograder.database.DatabaseError: the gradebook's database cannot be used.
    """
    import nbgrader.api

    from autograder import lean_nbgrader
    from autograder.database import choose_database, database_url

    lean_nbgrader.install()
    choose_database(root)
    with nbgrader.api.Gradebook(database_url(root), COURSE_ID) as gradebook:
        yield gradebook


def add_students(root: Path, names: dict[str, str]) -> None:
    """Enter students, or their names, into the gradebook.

    Args:
        names: display name by student id; an empty name leaves the one that is there.
    """
    with open_gradebook(root) as gradebook:
        for student, name in names.items():
            # formgrader shows "last, first" and only when it has both
            known = {"last_name": name, "first_name": student} if name else {}
            gradebook.update_or_create_student(student, **known)


def hand_ins(root: Path, assignment: str | None = None) -> list[HandIn]:
    """Return every hand-in of the gradebook, ordered by assignment and student.

    Args:
        assignment: only this assignment.
    """
    import nbgrader.api as tables

    Assignment, BaseCell, Comment, Grade = tables.Assignment, tables.BaseCell, tables.Comment, tables.Grade
    Notebook, SourceCell, Student = tables.Notebook, tables.SourceCell, tables.Student
    Handed, HandedNotebook = tables.SubmittedAssignment, tables.SubmittedNotebook
    with open_gradebook(root) as gradebook:
        db = gradebook.db
        found: dict[tuple[str, str], HandIn] = {}
        rows = db.query(Assignment.name, Student.id, Student.last_name, Handed.timestamp)
        rows = rows.select_from(Handed).join(Assignment).join(Student)
        for name, student, last_name, timestamp in rows:
            if assignment in (None, name):
                when = timestamp.replace(tzinfo=UTC) if timestamp else None
                found[name, student] = HandIn(student, last_name or "", name, when)
        sources: dict[tuple[str, str], str] = {}
        order: dict[tuple[str, str], int] = {}
        for name, notebook in db.query(Assignment.name, Notebook).select_from(Notebook).join(Assignment):
            for cell in db.query(SourceCell).filter(SourceCell.notebook_id == notebook.id):
                sources[name, cell.name] = cell.source or ""
            for position, cell in enumerate(_released_order(root, name, notebook.name)):
                order[name, cell] = position
        parts: dict[str, tuple[str, str, float]] = {}
        for cell in db.query(BaseCell):
            if isinstance(cell, tables.GradeCell | tables.TaskCell):
                task = isinstance(cell, tables.TaskCell)
                solution = not task and cell.cell_type == "markdown"
                source = sources.get((cell.notebook.assignment.name, cell.name), "")
                part = part_of(source, solution=solution, task=task, points=cell.max_score)
                parts[cell.id] = (cell.name, part, cell.max_score)
        comments = {
            (cell_id, notebook_id): comment
            for cell_id, notebook_id, comment in db.query(Comment.cell_id, Comment.notebook_id, Comment.comment)
            if comment
        }
        notebooks = db.query(HandedNotebook.id, Assignment.name, Student.id).select_from(HandedNotebook)
        notebooks = notebooks.join(Handed, HandedNotebook.assignment_id == Handed.id)
        notebooks = notebooks.join(Assignment, Handed.assignment_id == Assignment.id)
        whose = {
            id_: (name, student) for id_, name, student in notebooks.join(Student, Handed.student_id == Student.id)
        }
        # Columns, not rows of nbgrader's classes: a class of a thousand has half a million grades.
        grades = db.query(
            Grade.cell_id,
            Grade.notebook_id,
            Grade.score,
            Grade.auto_score,
            Grade.manual_score,
            Grade.needs_manual_grade,
        )
        for cell_id, notebook_id, score, auto, manual, waiting in grades:
            hand_in = found.get(whose.get(notebook_id, ("", "")))
            if hand_in is None:
                continue
            name, part, points = parts[cell_id]
            given = auto is not None or manual is not None
            comment = comments.get((cell_id, notebook_id), "")
            hand_in.marks.append(Mark(name, part, score if given else None, points, waiting, comment))
        for (name, _), hand_in in found.items():
            hand_in.marks.sort(key=lambda mark, name=name: (order.get((name, mark.cell), 0), mark.cell))
        # not left to the database: each has an order of letters of its own
        return [found[key] for key in sorted(found)]


def give_marks(root: Path, student: str, assignment: str, scores: dict[str, float], comments: dict[str, str]) -> None:
    """Write a marker's scores and comments, the same rows that formgrader writes.

    Args:
        scores: score by cell id.
        comments: comment by cell id.

    Raises:
        ValueError: a score outside the cell's points.
        nbgrader.api.MissingEntry: an unknown student, assignment or cell.
    """
    with open_gradebook(root) as gradebook:
        submission = gradebook.find_submission(assignment, student)
        for notebook in submission.notebooks:
            for cell, score in scores.items():
                grade = gradebook.find_grade(cell, notebook.name, assignment, student)
                if not 0 <= score <= grade.max_score:
                    raise ValueError(f"`{cell}` can have 0 to {grade.max_score:g} points, not {score:g}.")
                grade.manual_score, grade.needs_manual_grade = float(score), False
            for cell, text in comments.items():
                gradebook.find_comment(cell, notebook.name, assignment, student).manual_comment = text
        gradebook.db.commit()


def now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def _released_order(root: Path, assignment: str, notebook: str) -> list[str]:
    from autograder.restore import released_notebook

    released = released_notebook(root, assignment, notebook)
    cells = released.cells if released is not None else []
    return [cell.metadata.nbgrader.grade_id for cell in cells if "nbgrader" in cell.metadata]
