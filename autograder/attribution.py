"""Tells whose a hand-in is and which assignment it is for; what is not certain is refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from autograder.archives import printable
from autograder.handed_in import cell_ids
from autograder.lms_names import Submitter
from autograder.roster import Roster

_SOMEBODY = "<student id>"
_HIDDEN = {"参与者", "參與者", "成员", "成員", "参加者", "참가자"}
"""What Moodle calls everybody when names are hidden; in other languages it is one word without a surname."""

_COPY = re.compile(r"([ _-]*\(\d+\)|[ _]*-[ _]*(copy|kopie|副本)[ _]*\d*|[-_]\d+)$", re.IGNORECASE)
"""What systems add to the name of a file that is there already: `x (1)`, `x-1`, `x-Copy1`, `x - 副本`."""
_EDITION = re.compile(r"^(?:en|zh)_")
"""What the browser lab puts before the name of a notebook that is downloaded: the folder of its language."""


class Unclear(Exception):
    """It cannot be told whose a hand-in is, or for which assignment.

    Attributes:
        code: unknown-student, unclear-student, unknown-assignment or unclear-assignment.
        message: the reason, and what to do.
        row: a row to be completed and pasted into roster.csv, where one would help.
    """

    def __init__(self, code: str, message: str, row: str = ""):
        self.code, self.message, self.row = code, message, row
        super().__init__(message)


def student_of(submitter: Submitter, roster: Roster) -> str:
    """Return the student whom an LMS means: by its number, else by the full name.

    Raises:
        Unclear: nobody or several people may be meant.
    """
    known = roster.lms_ids.get(submitter.id) if submitter.id else None
    if known:
        return known
    found = roster.students_named(submitter.name, in_one_word=submitter.system == "canvas")
    # Canvas has one number for a person, so another number is another person of that name
    settled = set(roster.lms_ids.values()) if submitter.system == "canvas" else set()
    if len(found) == 1 and found[0] not in settled:
        return found[0]
    if len(found) == 1:
        row, advice = _row_for(submitter, roster, found[0])
        raise Unclear(
            "unclear-student",
            f"roster.csv knows `{found[0]}` by this name, but with another LMS id. If it is the same person, give "
            f"them a second row. {advice}", row,
        )  # fmt: skip
    if found:
        both = " and ".join(f"`{student}` ({roster.names[student]})" for student in found)
        row, advice = _row_for(submitter, roster, found[0], "whoever it is")
        raise Unclear("unclear-student", f"this may be {both}. {advice}", row)
    row, advice = _row_for(submitter, roster)
    raise Unclear("unknown-student", f"roster.csv has nobody with this name or number. {advice}", row)


def namesakes(submitters: dict[Submitter, str], roster: Roster) -> dict[Submitter, Unclear]:
    """Return who in one archive must not be mapped by name, since somebody else there has the same.

    Args:
        submitters: the student behind each submitter, as `student_of` found them.
    """
    unclear = {}
    for submitter, student in submitters.items():
        others = [one.id for one, other in submitters.items() if other == student and one.id != submitter.id]
        if others and roster.lms_ids.get(submitter.id) != student:
            row, advice = _row_for(submitter, roster, student, "the right one")
            unclear[submitter] = Unclear(
                "unclear-student",
                f"the archive has several people with this name (also with number {', '.join(others)}), and "
                f"roster.csv has one, `{student}`. {advice}", row,
            )  # fmt: skip
    return unclear


class Assignments:
    """The released assignments of a class, to be recognised in notebooks.

    Args:
        root: the class instance's folder.
        names: the ids of the released assignments.
    """

    def __init__(self, root: Path, names: Iterable[str]):
        self._root, self._names = root, sorted(names)
        self._known: dict[str, frozenset[str]] = {}

    def of(self, content: bytes, name: str, wanted: str | None = None, *, only_one: bool = True) -> str:
        """Return the assignment that a notebook belongs to, by its marked cells and its name.

        Args:
            content: the notebook's file; it need not be readable.
            name: its file name, as it was handed in.
            wanted: the assignment that the trainer named, if any.
            only_one: whether it is the only notebook of the hand-in, so that `wanted` can mean no other.

        Raises:
            Unclear: none or several of the released assignments fit, or cells and name contradict each other.
        """
        ids = cell_ids(content)
        by_cells, by_name = self._by_cells(ids), self._by_name(name)
        if wanted:
            if (by_cells and wanted not in by_cells) or (ids and not ids & self._cells(wanted)):
                raise Unclear(
                    "unclear-assignment",
                    f"its cells are not those of {wanted}. Leave --assignment out, or name the right one.",
                )
            if only_one or wanted in by_cells | by_name:
                return wanted
        for candidates in (by_cells & by_name, by_cells or by_name):
            if len(candidates) == 1:
                (found,) = candidates
                self._check(found, ids, by_name)
                return found
        if by_cells or by_name:
            names = " or ".join(sorted(by_cells or by_name))
            raise Unclear("unclear-assignment", f"this may be {names}. Collect it alone with --assignment.")
        raise Unclear(
            "unknown-assignment",
            f"neither its cells nor its name belong to a released assignment (released: "
            f"{', '.join(self._names) or 'none'}). Release it first, or collect it alone with --student and "
            "--assignment.",
        )

    def _check(self, found: str, ids: frozenset[str], by_name: set[str]) -> None:
        if by_name and found not in by_name:
            raise Unclear(
                "unclear-assignment",
                f"it is called like {', '.join(sorted(by_name))}, but its cells are those of {found}. Collect it "
                f"alone with --student and --assignment {found}, if that is right.",
            )
        if 2 * len(ids & self._cells(found)) < len(ids):
            raise Unclear(
                "unclear-assignment",
                f"it is called like {found}, but its cells are not those of {found}. Ask which assignment this is; "
                "if it is this one, let the trainee hand it in from a fresh copy.",
            )

    def _by_cells(self, ids: frozenset[str]) -> set[str]:
        """Return the assignments that have most of these cells; assignments share some of theirs."""
        shared = {name: len(ids & self._cells(name)) for name in self._names} if ids else {}
        most = max(shared.values(), default=0)
        # trainees lose cells and seldom make new ones
        return {name for name, count in shared.items() if count == most and count >= 0.9 * len(ids)}

    def _by_name(self, name: str) -> set[str]:
        stem = _EDITION.sub("", Path(name).stem.casefold().strip())
        stems = {stem}
        while (stem := _COPY.sub("", stem)) not in stems:
            stems.add(stem)
        return {one for one in self._names if one.casefold() in stems}

    def _cells(self, assignment: str) -> frozenset[str]:
        if assignment not in self._known:
            path = self._root / "release" / assignment / f"{assignment}.ipynb"
            self._known[assignment] = cell_ids(path.read_bytes()) if path.is_file() else frozenset()
        return self._known[assignment]


def _row_for(submitter: Submitter, roster: Roster, student: str = _SOMEBODY, whose: str = "") -> tuple[str, str]:
    """Return a row for the roster, and the sentence that tells what to do with it."""
    cells = {"student": student}
    if submitter.system == "moodle" and student == _SOMEBODY and _is_full_name(submitter.name):
        # Moodle's number is another one in each assignment, so the name serves longer
        cells["lms_name" if "lms_name" in roster.columns else "name"] = printable(submitter.name)
    else:
        cells["lms_id"] = printable(submitter.id)
    row, header = roster.row(**cells), roster.header_for(*cells)
    what = f"add this row to roster.csv{f' for {whose}' if whose else ''}: `{row}`. Then collect the archive again."
    return row, f"Make its first line `{header}`, and {what}" if header else what[0].upper() + what[1:]


def _is_full_name(name: str) -> bool:
    return len(name.split()) > 1 or (not name.isascii() and name not in _HIDDEN and len(name) <= 6)
