"""What all tests share: one real Chromium, one course that was really started, and which tests run together."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from autograder.running.confined import ALLOW_VARIABLE, open_protections
from trustkit.attempts.record import new_record, now
from trustkit.attempts.replay import replay
from trustkit.cases.compile import compiled
from trustkit.cases.play import Play
from trustkit.cases.solve import solution_of
from trustkit.publish.build import build_book

# The tests' classes keep their gradebooks in files, whatever this shell uses.
os.environ.pop("TRUSTKIT_DATABASE_URL", None)
# The course is tested as it is, whatever a company has put over it here.
os.environ["TRUSTKIT_COMPANY"] = ""
if open_protections():
    # A machine without walls refuses to grade. All else about grading can be tested there; the attacks are skipped.
    os.environ[ALLOW_VARIABLE] = "1"

TESTS = Path(__file__).parent
ROOT = TESTS.parent

# What is made once for many tests is made once only if they run in one process; the slow ones begin first.
TOGETHER = {"server": "browser", "sphinxext": "book", "publish": "book", "lms": "book"}
# These make classes and servers of their own and take a minute or more each.
ALONE = re.compile(
    r"tests/autograder/(attacks|test_(?:autograding|cluster|hand_in_by_file|lean_nbgrader)\b|"
    r"test_(?:nothing_lost|postgres|sandbox)\b)"
)
GATED = re.compile(r"tests/autograder/test_gate\.py::[^\[]+\[([^\]]+)\]")
SLOW_FIRST = ("autograder", "browser", "book")


def group_of(test: str) -> str:
    """Return the group of a test by its id, such as `tests/cases/test_play.py::test_name`."""
    if gated := GATED.match(test):
        # Every assignment is released, handed in and graded once, whatever the others do.
        return gated[1]
    if alone := ALONE.match(test):
        return alone[1]
    folder = test.split("/")[1]
    return TOGETHER.get(folder, folder)


class InGroups(LoadScopeScheduling):
    """Hands out the tests group by group; each group stays in one process."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> InGroups:
    """Keep the tests of a group in one process when several processes run."""
    config.option.loadscopereorder = False
    return InGroups(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the groups that take longest."""
    order = {group: place for place, group in enumerate(SLOW_FIRST)}
    items.sort(key=lambda item: order.get(group_of(item.nodeid), len(order)))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A launched Chromium, the same for the whole run; open a new context in each test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium",
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


@pytest.fixture
def best_attempt() -> dict:
    """A finished attempt at the fridge case along its best path, as a page would post it."""
    structure = compiled("fridge-failed-twice")
    play, choices = Play(structure), solution_of(structure).best_path().choices
    record = new_record("case", structure["case"], structure["hash"], lang="en", learner="p-1234", host="page")
    for position, choice in zip(play.walk(list(choices)), choices):
        scene = structure["scenes"][position.scene]["id"]
        record["steps"].append({"at": 20 * len(record["steps"]), "scene": scene, "choice": choice})
    record["finished_at"] = now()
    return {**record, "result": replay(record).scores}


@dataclass
class Course:
    """A course that was started the way a person starts it.

    Attributes:
        address: what it printed; opens the start page and signs in.
        home: the folder with its class and its trainee.
        said: everything it has printed so far.
    """

    address: str
    base: str
    token: str
    port: int
    home: Path
    process: subprocess.Popen
    said: str

    @property
    def trainee(self) -> Path:
        return self.home / "trainee"

    def stop(self) -> int:
        """Press Ctrl-C and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.said += self.process.stdout.read()
        return self.process.wait()


def free_port() -> int:
    """Return a port of the loopback interface that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_course(home: Path, port: int) -> Course:
    """Start the course with its class and trainee in `home`, and wait until it has printed its address."""
    # A book that is out of date would be renewed while the tests read it.
    subprocess.run([sys.executable, "-m", "trustkit", "build"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(
        [sys.executable, "-m", "trustkit", "start", "--port", str(port), "--no-browser", "--home", str(home)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        env={key: value for key, value in os.environ.items() if key not in ("PORT", "OPEN", "TRUSTKIT_LANG")},
    )  # fmt: skip
    said, address = "", None
    while address is None:
        line = process.stdout.readline()
        said += line
        assert line, f"the course did not start:\n{said}"
        address = re.search(r"(http://\S+)/course/\?token=(\w+)", line)
    return Course(address.group(), address.group(1), address.group(2), port, home, process, said)


@pytest.fixture
def empty_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with nothing in it yet, which is the course of this test."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "book").mkdir()
    monkeypatch.setenv("TRUSTKIT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """The course with its demo class, started once for all tests that need a server."""
    started = start_course(tmp_path_factory.mktemp("course"), free_port())
    yield started
    started.stop()


@pytest.fixture
def start_again(course: Course) -> Iterator[Callable[[], Course]]:
    """Starts the same course a second time, on another port."""
    begun = []

    def start() -> Course:
        begun.append(start_course(course.home, free_port()))
        return begun[-1]

    yield start
    for one in begun:
        if one.process.poll() is None:
            one.stop()


@pytest.fixture
def unused_port() -> int:
    """A port of the loopback interface that nothing uses."""
    return free_port()


@pytest.fixture(scope="session")
def site() -> Path:
    """The published book, both editions, as people get it; built only where something changed."""
    return build_book(root=ROOT)


def make_small_book(root: Path) -> Path:
    """Lay out a course of a few pages with the course's own look, one small case and one drill; return its root."""
    shutil.copytree(TESTS / "book" / "small-book", root)
    for part in ("book/_static", "book/_templates", "exercises/drills/trust-or-not"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copytree(TESTS / "cases" / "small" / "late-parcel", root / "cases" / "late-parcel")
    shutil.copy(ROOT / "_config.yml", root)
    return root


@pytest.fixture(scope="session")
def small_book() -> Callable[[Path], Path]:
    """Lays out a small course in a folder that does not exist yet."""
    return make_small_book


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course, built once in the folder `course` beside it; its site is `_build/site`. Not to be changed."""
    root = make_small_book(tmp_path_factory.mktemp("small") / "course")
    build_book(root=root)
    return Path(shutil.copytree(root, root.with_name("built")))
