"""Whatever ends, fills up or gets in the way while a class is graded: nothing is lost, doubled or half-written."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from autograder.autograding import STAGING
from autograder.classroom import Classroom
from autograder.gradebook import hand_ins
from autograder.running.confined import ALLOW_VARIABLE, can_fork
from autograder.running.fork_server import INLINE

from .conftest import COURSE, MIDDLE, RIGHT, TOTAL, new_class
from .gradebook_rows import rows_of

if not can_fork():
    pytest.skip("what is ended here is forked, which only Linux does", allow_module_level=True)

pytestmark = pytest.mark.timeout(600)

ROOT = Path(__file__).parents[2]
QUIET = {"say": lambda line: None}
MOMENTS = 50
SLOW = "slow"
IN_CELL = "in-the-cell"
HANDED_IN = {
    "s-0": {"answers": RIGHT},
    "s-1": {"answers": {"middle": MIDDLE}},
    "s-2": {"answers": {**RIGHT, "reply": "Dear Ms Li, we missed the visit."}},
    "s-3": {},
    "s-4": {"answers": {"middle": "def middle(numbers):\n    return 7", "total": TOTAL}},
    "s-5": {"answers": RIGHT, "edit": lambda path: path.with_name("waits.csv").write_bytes(b"7\n" * 300_000)},
    SLOW: {"answers": {**RIGHT, "middle": f"import time\ntime.sleep(0.4)\n{MIDDLE}"}},
}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class folder with collected hand-ins that nobody has graded."""
    classroom = new_class(tmp_path_factory.mktemp("handed-in"), HANDED_IN)
    classroom.collect(**QUIET)
    return classroom.root


@pytest.fixture(scope="module")
def undisturbed(handed_in: Path) -> Classroom:
    """A copy of that class, graded with nothing in the way. Not to be changed."""
    shutil.copytree(handed_in, handed_in.with_name("undisturbed"))
    classroom = Classroom(handed_in.with_name("undisturbed"), COURSE)
    assert set(classroom.autograde("small-desk", **QUIET).values()) == {"graded"}
    return classroom


@pytest.fixture
def classroom(handed_in: Path, tmp_path: Path) -> Classroom:
    """A copy of that class to be graded."""
    shutil.copytree(handed_in, tmp_path / "class")
    return Classroom(tmp_path / "class", COURSE)


def rows(classroom: Classroom) -> dict[str, list[dict[str, str]]]:
    return rows_of(f"sqlite:///{classroom.root / 'gradebook.db'}")


def notebook(classroom: Classroom, student: str) -> Path:
    return classroom.root / "autograded" / student / "small-desk" / "small-desk.ipynb"


def assert_sound(classroom: Classroom, undisturbed: Classroom) -> None:
    """The gradebook is intact, and what lies in its final place is whole."""
    with closing(sqlite3.connect(classroom.root / "gradebook.db", timeout=60)) as gradebook:
        assert gradebook.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for student in HANDED_IN:
        if notebook(classroom, student).parent.exists():
            cells = [json.loads(notebook(one, student).read_text("utf-8"))["cells"] for one in (classroom, undisturbed)]
            assert cells[0] == cells[1], student


def assert_finished(classroom: Classroom, undisturbed: Classroom) -> None:
    """Every hand-in is graded once, as if nothing had been in the way."""
    assert set(classroom.autograde("small-desk", **QUIET).values()) == {"unchanged"}
    assert_sound(classroom, undisturbed)
    assert all(notebook(classroom, student).is_file() for student in HANDED_IN)
    assert [one.student for one in hand_ins(classroom.root)] == sorted(HANDED_IN)
    found, right = rows(classroom), rows(undisturbed)
    assert found.keys() == right.keys()
    for table in found:
        assert found[table] == right[table], table
    assert {path.name for path in classroom.root.glob("autograded/*/*")} == {"small-desk"}


# ---------------------------------------------------------------------- killed at any moment

GRADERS = """
import json, os, signal, socket, sys
from pathlib import Path
from autograder.running import client, fork_server
from autograder.classroom import Classroom

def grade(root, course, force):
    os.setsid()
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        mine.close()
        sys.argv[1:] = [str(theirs.fileno())]
        fork_server.main()
    theirs.close()
    client.use_server(mine)
    outcome = Classroom(Path(root), Path(course)).autograde("small-desk", force=force, say=lambda line: None)
    client.stop_server()
    print(json.dumps(outcome), flush=True)

fork_server.warm_up()
print("ready", flush=True)
for line in sys.stdin:
    grader = os.fork()
    if grader == 0:
        code = 1
        try:
            grade(*json.loads(line))
            code = 0
        finally:
            os._exit(code)
    print(grader, flush=True)
    os.waitpid(grader, 0)
    print("ended", flush=True)
"""
"""Starts one grader after another, each with a warm server of its own, without the seconds that imports take."""


class Graders:
    """Real graders that begin at once: forks of a process that has imported everything."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", GRADERS], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={**os.environ, "MPLBACKEND": INLINE}, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdout.readline() == "ready\n"
        self.grader = psutil.Process(self._process.pid)

    def begin(self, classroom: Classroom, *, force: bool = False) -> None:
        """Begin to grade a class."""
        self._process.stdin.write(json.dumps([str(classroom.root), str(COURSE), force]) + "\n")
        self._process.stdin.flush()
        self.grader = psutil.Process(int(self._process.stdout.readline()))

    def wait(self) -> dict[str, str]:
        """Wait until the grader and its workers have ended, in whatever way. Return the outcome if it came to one."""
        outcome = {}
        while (line := self._process.stdout.readline()) != "ended\n":
            outcome = json.loads(line)
        # a worker whose grader was killed finishes what it has begun
        while self._alive():
            time.sleep(0.02)
        return outcome

    def _alive(self) -> bool:
        for process in psutil.process_iter():
            with suppress(psutil.Error, ProcessLookupError):
                if os.getsid(process.pid) == self.grader.pid and process.status() != psutil.STATUS_ZOMBIE:
                    return True
        return False

    def end(self) -> None:
        """End what is still there."""
        with suppress(ProcessLookupError):
            os.killpg(self.grader.pid, signal.SIGKILL)
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def graders() -> Iterator[Graders]:
    """Starts graders."""
    found = Graders()
    yield found
    found.end()


def kill(what: str, grader: psutil.Process, chance: random.Random) -> str:
    """Kill a grader or a part of it; return what was really killed."""
    if what == "power":
        with suppress(ProcessLookupError):
            os.killpg(grader.pid, signal.SIGKILL)
        return what
    with suppress(psutil.NoSuchProcess):
        # a younger child tries out the protections
        server = min(grader.children(), key=psutil.Process.create_time, default=grader)
        parts = {"grader": [grader], "server": [server], "worker or room": server.children()}
        parts["hand-in or judge"] = [one for room in server.children() for one in room.children(recursive=True)]
        victim = chance.choice(parts[what] or [grader])
        victim.kill()
        return what if parts[what] else "grader"
    return "nobody"


def test_killed_at_fifty_random_moments_the_next_call_goes_on_and_the_class_comes_out_the_same(
    handed_in, undisturbed, classroom, graders
):
    seed = random.randrange(10**6)
    print(f"The moments are those of the seed {seed}.")
    chance = random.Random(seed)
    begun = time.monotonic()
    graders.begin(classroom)
    assert set(graders.wait().values()) == {"graded"}
    whole_run = time.monotonic() - begun
    assert_finished(classroom, undisturbed)

    ways = ["power"] * 25 + ["grader"] * 7 + ["server"] * 4 + ["worker or room"] * 7 + ["hand-in or judge"] * 7
    chance.shuffle(ways)
    whole_classes, kept = 0, {}
    for number in range(MOMENTS):
        if len(kept) == len(HANDED_IN) or number == 0:
            if number:
                assert_finished(classroom, undisturbed)
                whole_classes += 1
            shutil.rmtree(classroom.root)
            shutil.copytree(handed_in, classroom.root)
            kept = {}
        force = chance.random() < 0.2
        graders.begin(classroom, force=force)
        time.sleep(chance.uniform(0, whole_run))
        killed = kill(ways[number], graders.grader, chance)
        outcome = graders.wait()
        # where only a part was killed, the rest has been graded, and the hand-in that it hit is told
        assert killed in ("power", "grader") or len(outcome) == len(HANDED_IN), killed
        assert_sound(classroom, undisturbed)
        record = classroom.root / "graded.json"
        recorded = json.loads(record.read_text("utf-8")) if record.exists() else {}
        graded = [one for one in HANDED_IN if f"small-desk/{one}" in recorded and notebook(classroom, one).exists()]
        now = {student: notebook(classroom, student).stat().st_ino for student in graded}
        assert force or now.items() >= kept.items(), "what was graded before was graded again"
        kept = now
    graders.begin(classroom)
    assert set(graders.wait().values()) <= {"graded", "unchanged"}
    assert_finished(classroom, undisturbed)
    assert whole_classes > 3


COLLECT = """
import sys
from pathlib import Path
from autograder.classroom import Classroom
Classroom(Path(sys.argv[1]), Path(sys.argv[2])).collect(say=lambda line: None)
"""


def test_collecting_that_is_killed_in_the_middle_of_a_hand_in_leaves_no_half_of_it(classroom):
    collected = classroom.root / "submitted" / "s-5" / "small-desk"
    shutil.rmtree(collected)
    (inbound,) = classroom.root.glob("exchange/*/inbound/s-5+*")
    for number in range(60):
        (inbound / f"{number}.csv").write_bytes(bytes(1 << 20))
    collecting = subprocess.Popen(
        [sys.executable, "-c", COLLECT, str(classroom.root), str(COURSE)], cwd=ROOT, start_new_session=True
    )
    while not list(collected.parent.iterdir()):
        assert collecting.poll() is None
        time.sleep(0.001)
    os.killpg(collecting.pid, signal.SIGKILL)
    collecting.wait()
    assert not collected.exists()
    classroom.collect(**QUIET)
    assert {path.name for path in inbound.iterdir()} == {path.name for path in collected.iterdir()}


# ---------------------------------------------------------------------- a part that ends


def at_the_slow_hand_in(classroom: Classroom, process: str) -> set[psutil.Process]:
    """Return the processes that are at the slow hand-in: "worker", or "kernel" once its cell has begun."""
    staging = classroom.root / STAGING / SLOW
    if not (staging.exists() if process == "worker" else list(classroom.root.rglob(IN_CELL))):
        return set()
    found = set()
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            kernel = "ipykernel_launcher" in " ".join(one.cmdline())
            if kernel if process == "kernel" else not kernel and one.cwd() == str(classroom.root):
                found.add(one)
    return found


def grade_and_kill(classroom: Classroom, process: str, times: int) -> dict[str, str]:
    """Grade a class and kill what is at the slow hand-in so many times; return the outcome."""
    outcome: dict[str, str] = {}
    grading = threading.Thread(target=lambda: outcome.update(classroom.autograde("small-desk", workers=1, **QUIET)))
    grading.start()
    killed: set[psutil.Process] = set()
    for _ in range(times):
        while not (victims := at_the_slow_hand_in(classroom, process) - killed) and grading.is_alive():
            time.sleep(0.01)
        time.sleep(0.2)
        for one in victims:
            # the kernel of the hand-in before may be on its way out
            with suppress(psutil.NoSuchProcess):
                one.kill()
        killed |= victims
    grading.join(300)
    return outcome


def test_a_worker_that_is_killed_once_costs_nothing(classroom, undisturbed):
    assert set(grade_and_kill(classroom, "worker", 1).values()) == {"graded"}
    assert_finished(classroom, undisturbed)


def test_a_hand_in_that_ends_its_worker_again_is_told_and_stops_no_other(classroom, undisturbed):
    outcome = grade_and_kill(classroom, "worker", 2)
    assert "ended before it finished" in outcome.pop(SLOW)
    assert set(outcome.values()) == {"graded"}
    assert_sound(classroom, undisturbed)
    again = classroom.autograde("small-desk", **QUIET)
    assert again.pop(SLOW) == "graded" and set(again.values()) == {"unchanged"}
    assert_finished(classroom, undisturbed)


def test_a_kernel_that_is_killed_in_the_middle_of_a_cell_costs_one_hand_in_a_second_run(
    classroom, undisturbed, monkeypatch
):
    monkeypatch.setenv(ALLOW_VARIABLE, "1")
    configuration = classroom.root / "nbgrader_config.py"
    fork_road = configuration.read_text(encoding="utf-8")
    configuration.write_text(
        f"{fork_road}\nimport autograder.execute\nautograder.execute.can_fork = lambda: False\n", encoding="utf-8"
    )
    submitted = classroom.root / "submitted" / SLOW / "small-desk" / "small-desk.ipynb"
    handed_in = submitted.read_text(encoding="utf-8")
    long = f"open('{IN_CELL}', 'w').close(); time.sleep(20)"
    assert "time.sleep(0.4)" in handed_in
    submitted.write_text(handed_in.replace("time.sleep(0.4)", long), encoding="utf-8")
    outcome = grade_and_kill(classroom, "kernel", 1)
    submitted.write_text(handed_in, encoding="utf-8")
    assert "ended the Python process" in outcome.pop(SLOW)
    assert set(outcome.values()) == {"graded"}
    assert not notebook(classroom, SLOW).exists()
    again = classroom.autograde("small-desk", **QUIET)
    assert again.pop(SLOW) == "graded" and set(again.values()) == {"unchanged"}
    assert rows(classroom) == rows(undisturbed)


# ---------------------------------------------------------------------- a disk that is full

FULL = """
import json, os, shutil, subprocess, sys
from pathlib import Path
handed_in, place, left = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
shutil.copytree(handed_in, place / "class")
grade = [sys.executable, "-m", "trustkit", "grade", "autograde", "small-desk", "--class", str(place / "class")]
with open(place / "filling", "wb", buffering=0) as filling:
    try:
        while True:
            filling.write(bytes(4096))
    except OSError:
        filling.truncate(filling.tell() - left)
full = subprocess.run(grade, capture_output=True, text=True)
(place / "filling").unlink()
again = subprocess.run(grade, capture_output=True, text=True)
shutil.copytree(place / "class", sys.argv[4])
print(json.dumps([full.returncode, full.stdout + full.stderr, again.returncode, again.stdout + again.stderr]))
"""


@pytest.mark.parametrize("left", [0, 40 << 10, 400 << 10])
def test_a_full_disk_is_told_by_its_folder_and_with_room_again_the_class_is_finished(
    handed_in, undisturbed, tmp_path, left
):
    place = tmp_path / "small"
    place.mkdir()
    # a file system of its own, which is gone with the process
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    mounted = f'mount -t tmpfs -o size=12m none "{place}"'
    if not shutil.which("unshare") or subprocess.run([*alone, "sh", "-c", mounted], capture_output=True).returncode:
        pytest.skip("no file system can be mounted here, so no disk can be filled")
    done = subprocess.run(
        [*alone, "sh", "-c", f'{mounted} && exec "$@"', "sh", sys.executable, "-c", FULL, str(handed_in), str(place),
         str(left), str(tmp_path / "class")], cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    code, said, code_again, said_again = json.loads(done.stdout)
    assert code == 1 and "Traceback" not in said
    assert f"The folder {place / 'class'} is full" in said
    assert code_again == 0, said_again
    assert_finished(Classroom(tmp_path / "class", COURSE), undisturbed)


# ---------------------------------------------------------------------- a gradebook that is locked

LOCK = """
import sqlite3, sys
gradebook = sqlite3.connect(sys.argv[1], isolation_level=None)
gradebook.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def locker(classroom: Classroom) -> Iterator[subprocess.Popen]:
    """Another program that holds the gradebook until it hears a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOCK, str(classroom.root / "gradebook.db")], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout.readline() == "locked\n"
    yield process
    process.kill()
    process.communicate()


def test_grading_waits_for_a_gradebook_that_is_locked_for_a_while(classroom, undisturbed, locker):
    outcome: dict[str, str] = {}
    grading = threading.Thread(target=lambda: outcome.update(classroom.autograde("small-desk", **QUIET)))
    grading.start()
    grading.join(3)
    assert grading.is_alive() and not outcome
    locker.communicate("go on\n")
    grading.join(120)
    assert set(outcome.values()) == {"graded"}
    assert_finished(classroom, undisturbed)


def test_a_gradebook_that_stays_locked_is_told_and_the_next_call_finishes(classroom, undisturbed, locker):
    configuration = classroom.root / "nbgrader_config.py"
    patient = configuration.read_text(encoding="utf-8")
    configuration.write_text(
        f"{patient}\nc.CourseDirectory.db_url = c.CourseDirectory.db_url.replace('=60', '=1')\n", encoding="utf-8"
    )
    outcome = classroom.autograde("small-desk", **QUIET)
    assert len(outcome) == len(HANDED_IN)
    for words in outcome.values():
        assert f"The gradebook {classroom.root / 'gradebook.db'} has been in use by another program" in words
        assert "Traceback" not in words
    locker.communicate("go on\n")
    assert set(classroom.autograde("small-desk", **QUIET).values()) == {"graded"}
    assert_finished(classroom, undisturbed)


# ---------------------------------------------------------------------- everything at once

AT_ONCE = """
import json, sys
from pathlib import Path
from autograder.classroom import Classroom
classroom, step = Classroom(Path(sys.argv[1]), Path(sys.argv[2])), sys.argv[3]
for _ in range(2):
    if step == "collect":
        classroom.collect(say=lambda line: None)
    elif step == "feedback":
        classroom.feedback("small-desk", say=lambda line: None)
    else:
        classroom.autograde("small-desk", force=True, say=lambda line: None)
"""


def test_two_graders_nbgraders_own_command_feedback_and_collecting_at_once_do_no_harm(classroom, undisturbed):
    ours = [sys.executable, "-c", AT_ONCE, str(classroom.root), str(COURSE)]
    nbgraders = [str(Path(sys.executable).with_name("nbgrader")), "autograde", "small-desk", "--force"]
    commands = [[*ours, "autograde"], [*ours, "autograde"], nbgraders, [*ours, "feedback"], [*ours, "collect"]]
    running = [
        subprocess.Popen(one, cwd=classroom.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for one in commands
    ]
    for one in running:
        said, _ = one.communicate(timeout=500)
        assert one.returncode == 0, said
    assert set(classroom.autograde("small-desk", **QUIET).values()) <= {"graded", "unchanged"}
    assert_finished(classroom, undisturbed)
    outcome = classroom.feedback("small-desk", **QUIET)
    assert outcome.pop("s-2") == "waiting"
    assert set(outcome.values()) == {"released"}
