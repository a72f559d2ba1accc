"""Reads roster.csv: which student stands behind which learner id, and what they are called."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = ("student", "name", "learner")
_NOT_IN_AN_ID = re.compile(r"[\s/\\:*?\"<>|+\[\]{},;]|^[.~-]")


class RosterError(Exception):
    """A roster that cannot be used; names the file and line."""

    def __init__(self, path: Path, line: int, message: str):
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")


@dataclass
class Roster:
    """Students of a class.

    Attributes:
        names: display name by student id.
        students: student id by learner id (what a browser put into an attempt file).
    """

    names: dict[str, str] = field(default_factory=dict)
    students: dict[str, str] = field(default_factory=dict)

    def student_of(self, learner: str) -> str | None:
        """Return the student behind a learner id, or None; a student id stands for itself."""
        key = _plain(learner)
        return self.students.get(key) or (key if key in self.names else None)


def is_student_id(text: str) -> bool:
    """Return whether a text can be a student id: it becomes a folder name and part of other names."""
    return bool(text) and not _NOT_IN_AN_ID.search(text) and len(text.encode("utf-8")) <= 100


def read_roster(path: Path) -> Roster:
    """Read a roster: a CSV file with the columns `student`, `name` and `learner`, one row for each learner id.

    `name` and `learner` may be empty or missing. A student with two devices has two rows. A byte order mark,
    Windows line ends, semicolons and the encodings UTF-8 and GB 18030 (what spreadsheets save) are read.

    Raises:
        RosterError: the file is missing or not such a table.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise RosterError(path, 0, "this roster does not exist.") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise RosterError(path, 0, "this file is neither in UTF-8 nor in GB 18030. Save it again as CSV in UTF-8.")
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first and "," not in first else ",")
    rows = list(reader)
    header = [_plain(cell).casefold() for cell in rows[0]] if rows else []
    if "student" not in header:
        raise RosterError(path, 1, f"the first line must name the columns: {','.join(COLUMNS)}.")
    roster = Roster()
    for line, row in enumerate(rows[1:], start=2):
        cells = {key: _plain(value) for key, value in zip(header, row, strict=False)}
        student = cells.get("student", "")
        if not student:
            if any(cells.values()):
                raise RosterError(path, line, "this row has no student id.")
            continue
        if not is_student_id(student):
            raise RosterError(
                path, line,
                f"`{student}` cannot be a student id: it becomes a folder name, so it has no spaces and none of "
                '/ \\ : * ? " < > | + [ ] { } , ; and does not begin with a dot.',
            )  # fmt: skip
        if cells.get("name") or student not in roster.names:
            roster.names[student] = cells.get("name", "")
        learner = cells.get("learner", "")
        if learner:
            other = roster.students.get(learner)
            if other not in (None, student):
                raise RosterError(path, line, f"the learner id `{learner}` belongs to `{other}` in an earlier row.")
            roster.students[learner] = student
    return roster


def _plain(text: str) -> str:
    # invisible marks that steer the direction of writing come along with copied right-to-left names
    kept = "".join(sign for sign in text if unicodedata.bidirectional(sign) not in _STEERING and sign != "\ufeff")
    return unicodedata.normalize("NFC", kept).strip()


_STEERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
