"""A class of attackers with three honest trainees among them, graded once by the machine that everybody uses."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder import gradebook
from autograder.classroom import Classroom
from autograder.demo import played_record, write_hand_in
from autograder.running.confined import open_protections
from trustkit.cases.compile import compiled
from trustkit.cases.solve import solution_of

from ..conftest import meta
from .submissions import ASSIGNMENT, CELLS, CLASS, fill_in

HERE, TESTS = Path(__file__).parent, Path(__file__).parents[2]
ROOT = TESTS.parent
SECRET = "monkey-wrench-4711"
"""A password in the instructor's environment."""
LIMITS = """
c.ExecuteHandIn.timeout = 4
c.ExecuteHandIn.timeout_all = 12
c.ExecuteHandIn.memory_mb = 1024
"""


def digest_of(*folders: Path) -> dict[str, str]:
    """Return by path a digest of every file, and where every link leads."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink():
                found[str(path)] = f"-> {os.readlink(path)}"
            elif path.is_file():
                about = path.stat()
                # a file of zeros as long as a disk is told by its size
                content = path.read_bytes() if about.st_size < 50_000_000 else str(about.st_size).encode()
                found[str(path)] = hashlib.sha256(content).hexdigest()
    return found


def processes() -> dict[int, tuple[int, str]]:
    """Return parent and name of every process of this machine, by its id."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text(errors="replace").rpartition(")")[2].split()
                if fields[0] not in "ZX":
                    found[int(entry)] = int(fields[1]), Path(f"/proc/{entry}/comm").read_text(errors="replace").strip()
            except OSError:
                continue
    return found


def below(ancestor: int, of: dict[int, tuple[int, str]]) -> set[int]:
    """Return the ids of all processes below another one."""
    found = {ancestor}
    while more := {process for process, (parent, _) in of.items() if parent in found} - found:
        found |= more
    return found - {ancestor}


class Ears:
    """Sockets of this machine's other programs; they note whoever calls."""

    def __init__(self, folder: Path):
        self.heard: list[str] = []
        self.abstract = f"tk-ears-{os.getpid()}"
        self.path = str(folder / "ears.sock")
        self._lines = []
        self.ports = {}
        for name, family, kind, address in (
            ("TCP", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            ("UDP", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            ("SOCKET", socket.AF_UNIX, socket.SOCK_STREAM, self.path),
            ("ABSTRACT", socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.abstract}"),
        ):
            line = socket.socket(family, kind)
            line.bind(address)
            self.ports[name] = line.getsockname()[1] if family == socket.AF_INET else address
            self._lines.append(line)
            threading.Thread(target=self._listen, args=(name, line, kind), daemon=True).start()

    def _listen(self, name: str, line: socket.socket, kind: int) -> None:
        try:
            if kind == socket.SOCK_STREAM:
                line.listen()
            while True:
                self.heard.append(f"{name} {line.accept()[1] if kind == socket.SOCK_STREAM else line.recvfrom(100)}")
        except OSError:
            return

    def close(self) -> None:
        for line in self._lines:
            line.close()


def _course(home: Path) -> Path:
    course = Path(shutil.copytree(HERE / "course", home / "course"))
    (course / "book").mkdir()
    shutil.copytree(TESTS / "cases" / "small" / "late-parcel", course / "cases" / "late-parcel")
    return course


def _hand_in(classroom: Classroom, work: Path, places: dict[str, str], record: dict) -> None:
    release = classroom.root / "release" / ASSIGNMENT
    for student, one in CLASS.items():
        folder = work / student / ASSIGNMENT
        answers = {name: fill_in(text, places) for name, text in one.answers.items()}
        path = write_hand_in(release, folder, answers, [{**record, "learner": student}] if one.plays else [])
        if one.edit:
            one.edit(path)
        for name, content in one.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        (folder / "timestamp.txt").write_text("2026-11-20 09:00:00.000000 UTC")
        (folder / "submission_secret.txt").write_text(secrets.token_hex(64))
        # not moved before: what it links to is in the class
        final = classroom.root / "submitted" / student / ASSIGNMENT
        final.parent.mkdir(parents=True)
        folder.rename(final)
        if one.also:
            one.also(final)


@pytest.fixture(scope="session")
def attacked(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """The class after grading, and what it and its surroundings looked like before."""
    if found := open_protections():
        pytest.skip(f"this machine cannot confine a hand-in: {' '.join(found)}")
    home = tmp_path_factory.mktemp("attacked")
    patch = pytest.MonkeyPatch()
    course = _course(home)
    patch.setenv("TRUSTKIT_HOME", str(course))
    patch.setenv("INSTRUCTORS_PASSWORD", SECRET)
    classroom, said = Classroom(home / "class", course), []
    classroom.create("en", say=said.append)
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write(LIMITS)
    classroom.release(ASSIGNMENT, say=said.append)
    (home / "instructor").mkdir()
    (home / "instructor" / "letter.txt").write_text(f"my password is {SECRET}")
    (classroom.root / "letter-to-the-class.txt").write_text("Dear all")
    ears = Ears(home)
    structure = compiled(course / "cases" / "late-parcel")
    record = played_record(structure, solution_of(structure).best_path().choices, learner="x", host="jupyter")
    places = {
        "CLASS": str(classroom.root), "COURSE": str(course), "HOME": str(home / "instructor"), "ROOT": str(ROOT),
        "PREFIX": sys.prefix, "TCP": str(ears.ports["TCP"]), "UDP": str(ears.ports["UDP"]), "SOCKET": ears.path,
        "ABSTRACT": ears.abstract, "ATTEMPT": json.dumps({**record, "learner": "x"}),
    }  # fmt: skip
    _hand_in(classroom, home / "desks", places, record)
    gradebook.add_students(classroom.root, {student: student for student in CLASS})
    outside = (course, home / "instructor", classroom.root / "source", classroom.root / "release")
    files = [classroom.root / name for name in ("letter-to-the-class.txt", "grading-seed", "nbgrader_config.py")]
    before = SimpleNamespace(
        submitted=digest_of(classroom.root / "submitted"),
        outside=digest_of(*outside) | {str(path): path.read_text() for path in files},
        temporary=set(os.listdir("/tmp")) | set(os.listdir("/dev/shm")),
        processes=processes(),
    )
    begun = time.monotonic()
    outcome = classroom.autograde(ASSIGNMENT, workers=2, say=said.append)
    took = time.monotonic() - begun
    after = SimpleNamespace(outside=digest_of(*outside) | {str(path): path.read_text() for path in files})
    rows = {
        one.student: {mark.cell: mark.score for mark in one.marks}
        for one in gradebook.hand_ins(classroom.root, ASSIGNMENT)
    }
    status = classroom.status()["assignments"]
    # what comes after these tests in this process is about another course
    patch.undo()
    yield SimpleNamespace(
        course=course, classroom=classroom, before=before, after=after, outcome=outcome, said=said, rows=rows,
        took=took, ears=ears,
        status={one["student"]: one for found in status if found["id"] == ASSIGNMENT for one in found["hand_ins"]},
        scores={student: tuple(row[cell] for cell in CELLS) for student, row in rows.items() if CELLS[0] in row},
        notes=json.loads((classroom.root / "notes.json").read_text(encoding="utf-8")),
    )  # fmt: skip
    ears.close()


@pytest.fixture(scope="module", autouse=True)
def in_the_course_of_the_attacks(attacked) -> Iterator[None]:
    """The tests here are about the attacked course; no test elsewhere is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUSTKIT_HOME", str(attacked.course))
        yield


def outputs_of(classroom: Classroom, student: str, *, tests: bool = True) -> str:
    """Return all that the cells of an autograded notebook put out, as text.

    Args:
        tests: with what the test cells put out.
    """
    path = classroom.root / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    if not path.is_file():
        return ""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return json.dumps([
        output for cell in cells
        if tests or meta(cell).get("solution") or not meta(cell).get("grade")
        for output in cell.get("outputs", ())
    ])  # fmt: skip
