"""A second rater's marks of written replies: a sheet beside the gradebook, since nbgrader keeps one mark."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.gradebook import HandIn
from autograder.parts import CRITERIA, CRITERION, CRITERION_POINTS
from trustkit.content import ContentError

FOLDER = "second-rater"
"""Folder of the class with one sheet for each assignment."""

COLUMNS = ("student", *(f"reply_{number}" for number in range(1, CRITERIA + 1)))
_LEVELS = range(CRITERION_POINTS + 1)


@dataclass(frozen=True)
class Rating:
    """A second rater's points for each criterion of one reply, in the order of the rubric."""

    student: str
    assignment: str
    scores: tuple[int, ...]


@dataclass(frozen=True)
class Agreement:
    """How far two raters agree on one criterion, or on all of them together (`criterion` 0).

    Attributes:
        kappa: quadratic weighted kappa; None with fewer than two replies, or where a rater gave one level only.
        same: share of equal marks, 0-1.
        pairs: number of pairs of marks.
    """

    criterion: int
    kappa: float | None
    same: float
    pairs: int


def sheet(hand_ins: Iterable[HandIn]) -> str:
    """Return an empty sheet for the replies of an assignment, as CSV: a second rater fills in 0 to 4."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in hand_ins:
        if one.marks_of(CRITERION):
            writer.writerow([one.student, *[""] * CRITERIA])
    return text.getvalue()


def read_sheet(path: Path, assignment: str, students: Iterable[str]) -> list[Rating]:
    """Return the ratings of a filled sheet; rows that are quite empty are left out.

    Args:
        students: who handed in a reply.

    Raises:
        trustkit.content.ContentError: the sheet cannot be read, or a row is not such a rating; names the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise ContentError(path, 0, "this file cannot be read.") from None
    except UnicodeDecodeError:
        raise ContentError(path, 0, "this file is not in UTF-8. Save it again as CSV UTF-8.") from None
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or tuple(cell.strip() for cell in rows[0]) != COLUMNS:
        raise ContentError(path, 1, f"the first line must be: {','.join(COLUMNS)}")
    known, ratings, seen = set(students), [], set()
    for line, row in enumerate(rows[1:], start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells[1:]):
            continue
        if len(cells) != len(COLUMNS):
            raise ContentError(path, line, f"this line has {len(cells)} values; there are {len(COLUMNS)} columns.")
        student, given = cells[0], cells[1:]
        if student not in known:
            raise ContentError(path, line, f"{student or 'nobody'} has no written reply in {assignment}.")
        if student in seen:
            raise ContentError(path, line, f"{student} stands in this sheet twice.")
        for number, value in enumerate(given, start=1):
            if value not in map(str, _LEVELS):
                said = f"`{value}`" if value else "nothing"
                raise ContentError(path, line, f"reply_{number} of {student} is {said}; give 0, 1, 2, 3 or 4.")
        seen.add(student)
        ratings.append(Rating(student, assignment, tuple(map(int, given))))
    return ratings


def keep_sheet(root: Path, path: Path, assignment: str, students: Iterable[str]) -> int:
    """Check a filled sheet and keep it beside the gradebook, in place of an earlier one; return its replies.

    Raises:
        trustkit.content.ContentError: the sheet is wrong; the earlier one stays.
    """
    ratings = read_sheet(path, assignment, students)
    target = root / FOLDER / f"{assignment}.csv"
    target.parent.mkdir(exist_ok=True)
    temporary = target.with_suffix(".part")
    temporary.write_bytes(path.read_bytes())
    os.replace(temporary, target)
    return len(ratings)


def read_ratings(root: Path) -> list[Rating]:
    """Return all second ratings of a class."""
    ratings = []
    for path in sorted((root / FOLDER).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            students = [row[0].strip() for row in csv.reader(file) if row][1:]
        ratings += read_sheet(path, path.stem, students)
    return ratings


def agreement(ratings: Iterable[Rating], hand_ins: Iterable[HandIn]) -> list[Agreement]:
    """Return how far the second rater and the gradebook agree: over all criteria, then for each.

    Quadratic weighted kappa (Cohen 1968), by scikit-learn. Replies that the first rater has not marked are left out.
    """
    first = {(one.student, one.assignment): [mark.score for mark in one.marks_of(CRITERION)] for one in hand_ins}
    pairs: list[list[tuple[int, int]]] = [[] for _ in range(CRITERIA)]
    for rating in ratings:
        marks = first.get((rating.student, rating.assignment), [])
        if len(marks) != len(rating.scores) or None in marks:
            continue
        for number, (one, other) in enumerate(zip(marks, rating.scores)):
            pairs[number].append((round(one), other))
    together = [pair for of_one in pairs for pair in of_one]
    if not together:
        return []
    return [_agreement(0, together), *(_agreement(number, of_one) for number, of_one in enumerate(pairs, start=1))]


def _agreement(criterion: int, pairs: list[tuple[int, int]]) -> Agreement:
    from sklearn.metrics import cohen_kappa_score

    one, other = [list(marks) for marks in zip(*pairs)]
    varied = len(pairs) > 1 and len(set(one)) > 1 and len(set(other)) > 1
    kappa = float(cohen_kappa_score(one, other, labels=list(_LEVELS), weights="quadratic")) if varied else None
    return Agreement(criterion, kappa, sum(a == b for a, b in pairs) / len(pairs), len(pairs))
