"""A class is graded whole, whatever stops the grader; and a fork grades as a kernel does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from autograder.classroom import Classroom, ClassroomError
from autograder.gradebook import hand_ins
from autograder.locks import lock_of
from autograder.running import client
from autograder.running.confined import ALLOW_VARIABLE

from .conftest import COURSE, HAND_INS, MIDDLE, RIGHT, TOTAL, new_class, submit
from .gradebook_rows import rows_of

pytestmark = pytest.mark.timeout(600)

QUIET = {"say": lambda line: None}
GRADE = """
import sys
from pathlib import Path
from autograder.classroom import Classroom
classroom = Classroom(Path(sys.argv[1]), Path(sys.argv[2]))
classroom.autograde("small-desk", force="force" in sys.argv, say=lambda line: None)
"""
KERNEL = """
import autograder.execute
autograder.execute.can_fork = lambda: False
"""
SEVEN = "def middle(numbers):\n    return 7"
STUDENTS = {
    f"s-{number:02}": {"answers": answers}
    for number, answers in enumerate(
        [RIGHT, {"middle": MIDDLE}, {"total": TOTAL}, {}, {"middle": SEVEN, "total": TOTAL}] * 2
    )
}  # fmt: skip
RIGHT_SCORES = [(2, 3), (2, 0), (0, 3), (0, 0), (0, 3)] * 2


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory) -> Path:
    """A class folder with ten collected hand-ins that nobody has graded."""
    classroom = new_class(tmp_path_factory.mktemp("handed-in"), STUDENTS)
    classroom.collect(**QUIET)
    return classroom.root


@pytest.fixture
def classroom(handed_in, tmp_path) -> Classroom:
    """A copy of that class."""
    shutil.copytree(handed_in, tmp_path / "class")
    return Classroom(tmp_path / "class", COURSE)


def grader(classroom: Classroom, *words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", GRADE, str(classroom.root), str(COURSE), *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def assert_whole(classroom: Classroom) -> None:
    """Every hand-in is graded once, with its right score and its notebook in place."""
    found = {one.student: one for one in hand_ins(classroom.root, "small-desk")}
    scores = [
        tuple(mark.score for mark in found[student].marks if mark.cell in ("check-middle", "check-total"))
        for student in STUDENTS
    ]
    assert scores == RIGHT_SCORES
    for student in STUDENTS:
        notebook = classroom.root / "autograded" / student / "small-desk" / "small-desk.ipynb"
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code" and cell["source"])
    assert list(classroom.root.glob("autograded/*/*.before")) == []
    rows = rows_of(f"sqlite:///{classroom.root / 'gradebook.db'}")
    assert len(rows["submitted_assignment"]) == len(STUDENTS)


def test_what_was_graded_before_a_stop_is_not_graded_again(classroom):
    seen = []

    def stop_after_three(done: int, of: int) -> None:
        seen.append(done)
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        classroom.autograde("small-desk", watch=stop_after_three, **QUIET)
    assert list(classroom.autograde("small-desk", **QUIET).values()).count("unchanged") >= 3
    assert set(classroom.autograde("small-desk", **QUIET).values()) == {"unchanged"}
    assert_whole(classroom)


def test_two_graders_at_once_wait_for_one_another(classroom):
    graders = [grader(classroom, "force") for _ in range(2)]
    assert [one.wait() for one in graders] == [0, 0]
    assert_whole(classroom)


def test_who_comes_second_is_told_to_wait(classroom):
    said, lock = [], lock_of(classroom.root, "grading")
    with lock:
        second = subprocess.Popen(
            [sys.executable, "-c", GRADE.replace("lambda line: None", "lambda line: print(line, flush=True)"),
             str(classroom.root), str(COURSE)], stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not any("Another process" in line for line in said):
            said.append(second.stdout.readline())
    second.communicate()
    assert second.returncode == 0
    assert_whole(classroom)


def test_nbgraders_own_command_goes_the_same_way(classroom):
    nbgrader = Path(sys.executable).with_name("nbgrader")
    done = subprocess.run([nbgrader, "autograde", "small-desk"], cwd=classroom.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert_whole(classroom)
    again = subprocess.run([nbgrader, "autograde", "small-desk"], cwd=classroom.root, capture_output=True, text=True)
    assert again.stderr.count("Skipping existing assignment") == len(STUDENTS)


def test_a_fork_and_a_kernel_write_the_same_rows(classroom, tmp_path, monkeypatch):
    monkeypatch.setenv(ALLOW_VARIABLE, "1")
    odd = ("seven", "trap", "lost-cells", "twice", "more-points", "code-reply", "other-name")
    submit(classroom, "small-desk", tmp_path / "desks", {name: HAND_INS[name] for name in odd})
    classroom.collect(**QUIET)
    shutil.copytree(classroom.root, tmp_path / "kernel")
    kernel = Classroom(tmp_path / "kernel", COURSE)
    configuration = kernel.root / "nbgrader_config.py"
    configuration.write_text(configuration.read_text(encoding="utf-8") + KERNEL, encoding="utf-8")
    for one in (classroom, kernel):
        assert set(one.autograde("small-desk", **QUIET).values()) == {"graded"}
    scores = [
        {(one.student, mark.cell): mark.score for one in hand_ins(root, "small-desk") for mark in one.marks}
        for root in (classroom.root, kernel.root)
    ]
    assert scores[0] == scores[1]
    ours, theirs = (rows_of(f"sqlite:///{one.root / 'gradebook.db'}") for one in (classroom, kernel))
    assert ours == theirs


@pytest.mark.parametrize("which", ["rooms", "server"])
def test_warm_processes_that_died_are_replaced(classroom, which):
    classroom.autograde("small-desk", "s-00", **QUIET)
    server = psutil.Process(client._process.pid)
    victims = server.children() if which == "rooms" else [server]
    assert victims
    for one in victims:
        one.kill()
    psutil.wait_procs(victims, timeout=10)
    assert set(classroom.autograde("small-desk", force=True, **QUIET).values()) == {"graded"}
    assert_whole(classroom)


def test_without_protection_nothing_is_graded_unless_somebody_allows_it(classroom, monkeypatch):
    from autograder.running import confined

    report = dict.fromkeys(confined.probe(), "switched off for this test")
    monkeypatch.setattr(confined, "probe", lambda: report)
    monkeypatch.delenv(confined.ALLOW_VARIABLE, raising=False)
    with pytest.raises(ClassroomError, match="--allow-unsandboxed"):
        classroom.autograde("small-desk", **QUIET)
    assert hand_ins(classroom.root) == []
    monkeypatch.setenv(confined.ALLOW_VARIABLE, "1")
    assert set(classroom.autograde("small-desk", **QUIET).values()) == {"graded"}
