"""A small class that was released, handed in to, collected and graded by real nbgrader, once for all tests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.classroom import Classroom
from autograder.demo import write_hand_in
from autograder.worker import Task, run_tasks

COURSE = Path(__file__).parent / "course"
TESTS = Path(__file__).parents[1]

MIDDLE = "def middle(numbers):\n    return sorted(numbers)[len(numbers) // 2]"
TOTAL = "def total(numbers):\n    return sum(numbers)"
RIGHT = {"middle": MIDDLE, "total": TOTAL}


def submit(classroom: Classroom, assignment: str, work: Path, hand_ins: dict[str, dict]) -> None:
    """Hand in for several students through nbgrader's exchange.

    Each hand-in may have `answers`, `records`, `delete` (see `write_hand_in`) and `edit`, which changes the
    written notebook file.
    """
    tasks = []
    for student, one in hand_ins.items():
        given = {key: value for key, value in one.items() if key != "edit"}
        folder = work / student / assignment
        notebook = write_hand_in(classroom.root / "release" / assignment, folder, **{"answers": {}, **given})
        if "edit" in one:
            one["edit"](notebook)
        tasks.append(Task("submit", assignment, student, str(work / student)))
    for done in run_tasks(classroom.root, tasks, workers=1):
        assert done.ok, done.log


def new_class(work: Path, hand_ins: dict[str, dict], *, say: Callable[[str], None] = lambda line: None) -> Classroom:
    """Return a class in `work/class` that has released the small desk, its hand-ins in the exchange, not collected.

    Args:
        hand_ins: by student, as `submit` takes them.
        say: told what the class says.
    """
    classroom = Classroom(work / "class", COURSE)
    classroom.create("en", say=say)
    classroom.release("small-desk", say=say)
    submit(classroom, "small-desk", work / "desks", hand_ins)
    return classroom


def release_with_roster(home: Path, assignments: Iterable[str], roster: str) -> Path:
    """Make a small course with a case in `home/course`, and in `home/class` a class with a roster; return `home`.

    Args:
        assignments: what the class releases.
        roster: the roster's lines.
    """
    course = Path(shutil.copytree(COURSE, home / "course"))
    (course / "book").mkdir()
    shutil.copytree(TESTS / "cases" / "small" / "late-parcel", course / "cases" / "late-parcel")
    classroom = Classroom(home / "class", course)
    classroom.create("en", say=lambda line: None)
    for assignment in assignments:
        classroom.release(assignment, say=lambda line: None)
    (classroom.root / "roster.csv").write_bytes(roster.encode("utf-8-sig"))
    return home


def change_cells(change: Callable[[list[dict]], Iterable[dict] | None]) -> Callable[[Path], None]:
    """Return an edit that changes the cells of a notebook file."""

    def edit(path: Path) -> None:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"] = list(change(notebook["cells"]) or notebook["cells"])
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return edit


def meta(cell: dict) -> dict:
    """Return a cell's nbgrader metadata."""
    return cell["metadata"].get("nbgrader", {})


def _twice(cells: list[dict]) -> list[dict]:
    return [copy for cell in cells for copy in ([cell, dict(cell, id=cell["id"] + "-2")] if meta(cell) else [cell])]


def _renamed(cells: list[dict]) -> None:
    for cell in cells:
        if meta(cell).get("grade_id") == "middle":
            meta(cell)["grade_id"] = "my-own-name"


def _changed_flags(cells: list[dict]) -> None:
    for cell in cells:
        cell["metadata"]["tags"] = ["skip-execution"]
        if meta(cell):
            meta(cell).update(grade=False, locked=False, points=0)


def _code_instead_of_text(cells: list[dict]) -> None:
    for cell in cells:
        if meta(cell).get("grade_id") == "reply":
            cell.update(cell_type="code", outputs=[], execution_count=None, source="Dear Ms Li")


def _more_points(cells: list[dict]) -> None:
    for cell in cells:
        if "points" in meta(cell):
            meta(cell)["points"] = 100


HAND_INS: dict[str, dict] = {
    "right": {"answers": {**RIGHT, "reply": "Dear Ms Li, we missed the visit."}},
    "nothing": {},
    "seven": {"answers": {"middle": "def middle(numbers):\n    return 7", "total": TOTAL}},
    "spy": {
        "answers": {
            "middle": "import sys\n" + MIDDLE,
            "total": TOTAL + "\nprint(In[-2])\nprint(repr(In[-2]))\nIn[-2]",
        }
    },
    "trap": {"answers": {"middle": "def middle(numbers):\n    return {7: 7}[sorted(numbers)[1]]", "total": TOTAL}},
    "lost-cells": {
        "answers": RIGHT,
        "delete": ["numbers", "check-middle", "reply-problem", "reply", "reply-red-lines"],
    },
    "twice": {"answers": RIGHT, "edit": change_cells(_twice)},
    "renamed": {"answers": RIGHT, "edit": change_cells(_renamed)},
    "changed-flags": {"answers": {"total": TOTAL}, "edit": change_cells(_changed_flags)},
    "more-points": {"answers": {"total": TOTAL}, "edit": change_cells(_more_points)},
    "code-reply": {"answers": RIGHT, "edit": change_cells(_code_instead_of_text)},
    "long": {"answers": {**RIGHT, "reply": "Sorry. " * 150_000}},
    "מרים-العربية": {"answers": {**RIGHT, "reply": "אני מצטערת 😀 نأسف 👩🏽‍🔧"}},
    "script": {
        "answers": {
            "middle": MIDDLE,
            "total": TOTAL
            + "\nfrom IPython.display import HTML, Javascript, display"
            + "\ndisplay(HTML('<img src=x onerror=\"window.ran = 1\"><b>bold</b>'), Javascript('window.ran = 2'))",
            "reply": "**Dear** Ms Li <script>window.ran = 3</script><img src=x onerror='window.ran = 4'>\n\n> quoted",
        }
    },
    "half-saved": {"answers": RIGHT, "edit": lambda path: path.write_bytes(path.read_bytes()[:2500])},
    "not-utf-8": {
        "answers": {"reply": "李女士，您好"},
        "edit": lambda path: path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030")),
    },
    "utf-16": {
        "answers": {**RIGHT, "reply": "李女士，您好"},
        "edit": lambda path: path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16")),
    },
    "bom": {"answers": RIGHT, "edit": lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())},
    "no-notebook": {"edit": lambda path: path.unlink()},
    "no-bytes": {"edit": lambda path: path.write_bytes(b"")},
    "other-json": {"edit": lambda path: path.write_text('{"attempts": []}')},
    "other-name": {"answers": RIGHT, "edit": lambda path: path.rename(path.with_name("small-desk (1).ipynb"))},
    "exits": {"answers": {"middle": "import os\nos._exit(1)", "total": TOTAL}},
}


@pytest.fixture(scope="session")
def small_class(tmp_path_factory) -> SimpleNamespace:
    """The small class: `classroom`, the `outcome` of autograding by student, and what was `said`."""
    work = tmp_path_factory.mktemp("small-class")
    said: list[str] = []
    classroom = new_class(work, HAND_INS, say=said.append)
    collected, _ = classroom.collect(say=said.append)
    outcome = classroom.autograde("small-desk", say=said.append)
    return SimpleNamespace(classroom=classroom, collected=collected, outcome=outcome, said=said)


@pytest.fixture(scope="module")
def own_class(small_class, tmp_path_factory) -> Classroom:
    """A copy of the graded small class that the tests of one module may change."""
    home = tmp_path_factory.mktemp("own-class")
    shutil.copytree(small_class.classroom.root, home / "class")
    return Classroom(home / "class", COURSE)
