"""Reads roster.csv: which student stands behind a learner id or a name of the LMS, and what they are called."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

COLUMNS = ("student", "name", "learner")
LMS_COLUMNS = ("lms_id", "lms_name")
"""May be there as well: the number and the name that a person has in Moodle or Canvas."""
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
        lms_ids: student id by the number that the LMS gives a person.
        lms_names: names by student id, as the LMS writes them, where they are not the display name.
        columns: the columns of the file, in their order.
        delimiter: what stands between them.
    """

    names: dict[str, str] = field(default_factory=dict)
    students: dict[str, str] = field(default_factory=dict)
    lms_ids: dict[str, str] = field(default_factory=dict)
    lms_names: dict[str, list[str]] = field(default_factory=dict)
    columns: tuple[str, ...] = COLUMNS
    delimiter: str = ","

    def student_of(self, learner: str) -> str | None:
        """Return the student behind a learner id, or None; a student id stands for itself."""
        key = _plain(learner)
        return self.students.get(key) or (key if key in self.names else None)

    def students_named(self, name: str, *, in_one_word: bool = False) -> list[str]:
        """Return every student who may be meant by a full name.

        Capitals, accents, apostrophes, hyphens and the order of first and last name do not count.

        Args:
            in_one_word: the name has lost its spaces, as in Canvas' file names.
        """
        wanted = _words(name)
        found = []
        for student, shown in self.names.items():
            names = [_words(one) for one in (shown, *self.lms_names.get(student, ()))]
            if wanted and any(_same_name(wanted, one, in_one_word) for one in names if one):
                found.append(student)
        return sorted(found)

    def row(self, **cells: str) -> str:
        """Return a row for this roster, ready to be pasted; columns that it lacks stand at the end."""
        columns = [*self.columns, *(name for name in cells if name not in self.columns)]
        text = io.StringIO()
        # a name that comes from outside must not run as a formula when the roster is opened in a spreadsheet
        safe = {name: f"'{value}" if value[:1] in ("=", "+", "-", "@") else value for name, value in cells.items()}
        csv.writer(text, delimiter=self.delimiter, lineterminator="").writerow(safe.get(name, "") for name in columns)
        return text.getvalue()

    def header_for(self, *columns: str) -> str:
        """Return the first line that the roster needs for these columns, or an empty text where it has them."""
        missing = [name for name in columns if name not in self.columns]
        return self.delimiter.join([*self.columns, *missing]) if missing else ""

    def add(self, other: Roster) -> None:
        """Take over what another roster says; where both say something, the other one counts."""
        self.names |= {student: name or self.names.get(student, "") for student, name in other.names.items()}
        self.students |= other.students
        self.lms_ids |= other.lms_ids
        for student, names in other.lms_names.items():
            self.lms_names.setdefault(student, []).extend(names)


def is_student_id(text: str) -> bool:
    """Return whether a text can be a student id: it becomes a folder name and part of other names."""
    return bool(text) and not _NOT_IN_AN_ID.search(text) and len(text.encode("utf-8")) <= 100


def read_roster(path: Path) -> Roster:
    """Read a roster: a CSV file with the columns `student`, `name` and `learner`, one row for each learner id.

    `name` and `learner` may be empty or missing. A student with two devices has two rows. Two more columns,
    `lms_id` and `lms_name`, tell who somebody is in Moodle or Canvas; a student with several numbers there has
    several rows. A byte order mark, Windows line ends, semicolons and the encodings UTF-8 and GB 18030 (what
    spreadsheets save) are read.

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
    delimiter = ";" if ";" in first and "," not in first else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = [_plain(cell).casefold() for cell in rows[0]] if rows else []
    if "student" not in header:
        raise RosterError(path, 1, f"the first line must name the columns: {','.join(COLUMNS)}.")
    roster = Roster(columns=tuple(header), delimiter=delimiter)
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
        for column, known, what in (
            ("learner", roster.students, "learner id"), ("lms_id", roster.lms_ids, "LMS id"),
        ):  # fmt: skip
            value = cells.get(column, "")
            other = known.get(value)
            if other not in (None, student):
                raise RosterError(path, line, f"the {what} `{value}` belongs to `{other}` in an earlier row.")
            if value:
                known[value] = student
        if cells.get("lms_name"):
            roster.lms_names.setdefault(student, []).append(cells["lms_name"])
    return roster


def _plain(text: str) -> str:
    # invisible marks that steer the direction of writing come along with copied right-to-left names
    kept = "".join(sign for sign in text if unicodedata.bidirectional(sign) not in _STEERING and sign != "\ufeff")
    return unicodedata.normalize("NFC", kept).strip()


_STEERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@lru_cache(maxsize=10_000)
def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name in the form in which names are compared."""
    split = unicodedata.normalize("NFKD", _plain(name))
    # only the accents of Latin, Greek and Cyrillic: elsewhere a mark above or below a letter is part of the name
    bare = unicodedata.normalize("NFC", "".join(sign for sign in split if not "\u0300" <= sign <= "\u036f"))
    bare = "".join(sign for sign in bare.casefold() if sign not in _APOSTROPHES)
    return tuple("".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in bare).split())


def _same_name(one: tuple[str, ...], other: tuple[str, ...], in_one_word: bool) -> bool:
    if sorted(one) == sorted(other):
        return True
    # Chinese, Japanese and Korean names are written with and without a space
    if not in_one_word and not all(sign >= "\u2e80" for word in (*one, *other) for sign in word):
        return False
    return bool(_in_one_word(one) & _in_one_word(other))


def _in_one_word(words: tuple[str, ...]) -> set[str]:
    # last name first or first name first, wherever the one ends and the other begins
    return {"".join(words[at:] + words[:at]) for at in range(len(words))}


_APOSTROPHES = "'`\u00b4\u2018\u2019\u02bc\u02bb\uff07"
