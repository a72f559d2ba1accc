"""Settles after autograding which items of a written reply wait for a person, and which do not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task

from autograder.parts import CRITERION, RED_LINE, part_of


class SettleReply(NbGraderPreprocessor):
    """Decides which of the hand-marked items wait for a person.

    - The reply cell itself carries no points: nothing to do there.
    - No reply was written: its criteria are 0 and nobody has to open it.
    - The red-line item is settled unless a person writes in its comment.
    - The reply changed after it was marked: its marks stand, and each asks to be looked at again.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook unchanged; the gradebook's rows are what changes."""
        names = resources["nbgrader"]
        notebook, assignment, student = names["notebook"], names["assignment"], names["student"]
        replies = [cell for cell in nb.cells if is_grade(cell) and is_solution(cell) and cell.cell_type == "markdown"]
        written = any(not _untouched(cell) for cell in replies)
        record = Path.cwd() / "replies" / assignment / f"{student}.sha256"
        digest = hashlib.sha256("\n\0\n".join(cell.source for cell in replies).encode("utf-8")).hexdigest()
        changed = record.is_file() and record.read_text(encoding="ascii") != digest
        with Gradebook(names["db_url"]) as gradebook:
            for cell in nb.cells:
                if not (is_grade(cell) or is_task(cell)):
                    continue
                meta = cell.metadata.nbgrader
                points = float(meta.get("points", 0))
                part = part_of(cell.source, solution=is_solution(cell), task=is_task(cell), points=points)
                if part not in (CRITERION, RED_LINE) and not (is_solution(cell) and points == 0):
                    continue
                grade = gradebook.find_grade(meta["grade_id"], notebook, assignment, student)
                if part == CRITERION and written:
                    grade.auto_score = None
                    if grade.manual_score is None or changed:
                        grade.needs_manual_grade = True
                else:
                    grade.auto_score = 0.0
                    grade.needs_manual_grade = part == CRITERION and grade.manual_score is not None and changed
            gradebook.db.commit()
        # Last: a grader that is stopped before finds the reply changed once more.
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(digest, encoding="ascii")
        return nb, resources


def _untouched(cell: NotebookNode) -> bool:
    return not cell.source.strip() or cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
