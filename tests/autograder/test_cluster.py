"""A class graded on a cluster is the class graded here, whatever happens to the machines of the cluster."""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dask
import psutil
import pytest
from distributed import Client

from autograder.classroom import Classroom, ClassroomError
from autograder.demo import played_record
from autograder.gradebook import hand_ins
from autograder.running import cluster as clusters
from autograder.running import packed
from autograder.running.cells import Assignment
from autograder.running.client import CannotRun, CellRun
from autograder.running.confined import ALLOW_VARIABLE, open_protections
from autograder.running.hand_in import Allowance, HandIn
from autograder.worker import Task, run_tasks
from trustkit.cases.compile import compiled
from trustkit.cases.solve import solution_of
from trustkit.cli import main

from .conftest import COURSE, HAND_INS, MIDDLE, RIGHT, TOTAL, new_class, submit
from .gradebook_rows import rows_of

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="workers of a cluster run hand-ins by forking"),
]

QUIET = {"say": lambda line: None}
TESTS = Path(__file__).parents[1]
SEED = """
```{code-cell} ipython3
---
nbgrader:
  grade: true
  grade_id: seed
  points: 1
---
from autograder.data_checks import grading_seed

print(grading_seed())
```
"""


def with_a_file(path: Path) -> None:
    """Put a file beside a notebook, and a link that leads out of the folder."""
    (path.parent / "own").mkdir()
    (path.parent / "own" / "数.txt").write_text("41", encoding="utf-8")
    (path.parent / "out.txt").symlink_to("/etc/hostname")


DESK = {
    **{name: HAND_INS[name] for name in ("right", "nothing", "trap", "lost-cells", "renamed", "exits", "מרים-العربية")},
    "kills": {"answers": {"middle": f"import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n{MIDDLE}"}},
    "file": {"answers": {**RIGHT, "middle": f"print(open('own/数.txt').read())\n{MIDDLE}"}, "edit": with_a_file},
}
SLOW = {"answers": {"middle": f"import time\ntime.sleep(4)\n{MIDDLE}", "total": TOTAL}}
ENDLESS = {"answers": {"middle": f"import time\ntime.sleep(50)\n{MIDDLE}", "total": TOTAL}}

WITHOUT_WALLS = """
import os, struct, sys
from autograder.sandbox import seccomp, system_calls as system
clone = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
# 444 makes a landlock ruleset; a clone with one of these bits makes namespaces
rows = [(0x20, 0, 0, 0), (0x15, 3, 0, 444), (0x15, 0, 3, clone), (0x20, 0, 0, 16), (0x45, 0, 1, 0x7E020000),
        (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7FFF0000)]
system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
seccomp.install(b"".join(struct.pack("HBBI", *row) for row in rows))
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
"""Starts Python in a process that has neither namespaces nor landlock."""


class Machines:
    """A scheduler and its workers: real processes on this machine.

    Args:
        home: a folder for their files.
        tls: dask's settings for encryption; none where there are none.
    """

    def __init__(self, home: Path, tls: dict[str, str]):
        self.home, self._tls = home, in_environment(tls)
        self._started: list[subprocess.Popen] = []
        told = home / "scheduler.json"
        scheme = ["--protocol", "tls"] if tls else []
        self._start(["scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", told, *scheme])
        while not told.exists() or not told.read_text():
            assert self._started[0].poll() is None, self.log()
            time.sleep(0.05)
        self.address = json.loads(told.read_text())["address"]

    def _start(self, words: list, *before: str, **settings: str | None) -> None:
        values = {
            **os.environ, **self._tls, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
            "DASK_TEMPORARY_DIRECTORY": str(self.home), clusters.VARIABLE: "", **settings,
        }  # fmt: skip
        with open(self.home / "log", "a") as log:
            self._started.append(
                subprocess.Popen(
                    [sys.executable, *before, "-m", "dask", *words, "--no-dashboard"], stdout=log, stderr=log,
                    env={name: value for name, value in values.items() if value is not None}, start_new_session=True,
                )
            )  # fmt: skip

    def add_workers(self, count: int, *before: str, **settings: str | None) -> None:
        """Start worker processes, one alone without a nanny that starts it again; further words go before `-m dask`."""
        words = ["worker", self.address, "--nworkers", str(count), "--nthreads", "1", "--host", "127.0.0.1"]
        words += ["--no-nanny"] if count == 1 else []
        self._start(words, *before, **settings)

    def log(self) -> str:
        return (self.home / "log").read_text()

    def stop(self, number: int | None = None) -> None:
        """Kill the scheduler (0), what was started after it, or all."""
        for one in self._started[slice(number, None if number is None else number + 1)]:
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()


def certificate(folder: Path) -> dict[str, str]:
    """Return dask's settings for a certificate made in a folder."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=grading",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert], check=True, capture_output=True,
    )  # fmt: skip
    names = {"ca-file": cert}
    for role in ("scheduler", "worker", "client"):
        names |= {f"{role}.cert": cert, f"{role}.key": key}
    return {f"distributed.comm.tls.{name}": str(path) for name, path in names.items()}


def in_environment(settings: dict[str, str]) -> dict[str, str]:
    """Return dask's settings as environment variables."""
    return {f"DASK_{key.upper().replace('.', '__').replace('-', '_')}": value for key, value in settings.items()}


@pytest.fixture(scope="module")
def tls(tmp_path_factory) -> Iterator[dict[str, str]]:
    """Encryption by dask's own settings, where there is a program to make a certificate with."""
    settings = certificate(tmp_path_factory.mktemp("certificate")) if shutil.which("openssl") else {}
    with dask.config.set(settings):
        yield settings


@pytest.fixture(scope="module")
def cluster(tls, tmp_path_factory) -> Iterator[Machines]:
    """A scheduler with two workers."""
    machines = Machines(tmp_path_factory.mktemp("cluster"), tls)
    machines.add_workers(2)
    yield machines
    machines.stop()


@pytest.fixture
def lonely(tmp_path) -> Iterator[Machines]:
    """A scheduler without workers."""
    machines = Machines(tmp_path, {})
    yield machines
    machines.stop()


def use(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Let hand-ins be run on a cluster; an empty address stands for this machine."""
    monkeypatch.setenv(clusters.VARIABLE, address)


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory) -> Path:
    """A class folder with collected hand-ins of two assignments that nobody has graded."""
    work = tmp_path_factory.mktemp("handed-in")
    course = Path(shutil.copytree(COURSE, work / "course"))
    talk = course / "exercises" / "source" / "small-talk" / "small-talk.md"
    talk.write_text(talk.read_text(encoding="utf-8") + SEED, encoding="utf-8")
    late_parcel = TESTS / "cases" / "small" / "late-parcel"
    shutil.copytree(late_parcel, course / "cases" / "late-parcel")
    classroom = Classroom(work / "class", course)
    classroom.create("en", **QUIET)
    structure = compiled(late_parcel)
    played = played_record(structure, solution_of(structure).best_path().choices, learner="right", host="jupyter")
    for assignment, class_of in (("small-desk", DESK), ("small-talk", {"right": {"records": [played]}})):
        classroom.release(assignment, **QUIET)
        submit(classroom, assignment, work / "desks", class_of)
    classroom.collect(**QUIET)
    return classroom.root


@pytest.fixture
def classroom(handed_in, tmp_path) -> Classroom:
    """A copy of that class."""
    shutil.copytree(handed_in, tmp_path / "class", symlinks=True)
    return Classroom(tmp_path / "class", COURSE)


def a_class(tmp_path: Path, class_of: dict[str, dict]) -> Classroom:
    classroom = new_class(tmp_path, class_of)
    classroom.collect(**QUIET)
    return classroom


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def scores_of(classroom: Classroom) -> dict[str, float]:
    return {one.student: sum(mark.score or 0 for mark in one.marks) for one in hand_ins(classroom.root, "small-desk")}


def busy(machines: Machines) -> list[psutil.Process]:
    """Return the worker processes that have a hand-in."""
    with Client(machines.address, set_as_default=False) as client:
        at_work = [address for address, tasks in client.processing().items() if tasks]
        return [psutil.Process(pid) for pid in client.run(os.getpid, workers=at_work).values()]


def what_runs_below(worker: psutil.Process) -> list[psutil.Process]:
    """Return the processes of a worker once it runs a hand-in."""
    # the warm server, a stage, the runner, and the hand-in with its supervisor
    until(lambda: len(worker.children(recursive=True)) >= 5)
    return worker.children(recursive=True)


def runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until(true: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


class Grading(threading.Thread):
    """Grades small-desk beside the test."""

    def __init__(self, classroom: Classroom):
        super().__init__(daemon=True)
        self._classroom, self.done = classroom, 0
        self.outcome: dict[str, str] | str = ""

    def run(self) -> None:
        try:
            self.outcome = self._classroom.autograde("small-desk", watch=self._watch, **QUIET)
        except ClassroomError as error:
            self.outcome = str(error)

    def _watch(self, done: int, of: int) -> None:
        self.done = done


# ---------------------------------------------------------------------- the same results


def test_a_class_graded_on_a_cluster_is_the_class_graded_here(classroom, cluster, monkeypatch, tmp_path):
    there = Classroom(shutil.copytree(classroom.root, tmp_path / "there", symlinks=True), COURSE)
    ran = []
    run = clusters.Cluster.run
    monkeypatch.setattr(clusters.Cluster, "run", lambda self, job: ran.append(job) or run(self, job))
    use(monkeypatch, cluster.address)
    assert set(there.autograde("small-desk", **QUIET).values()) == {"graded"}
    assert there.autograde("small-talk", **QUIET) == {"right": "graded"}
    # one that ended its process is tried twice
    tried = len(ran)
    assert tried > len(DESK)
    use(monkeypatch, "")
    assert set(classroom.autograde("small-desk", **QUIET).values()) == {"graded"}
    assert classroom.autograde("small-talk", **QUIET) == {"right": "graded"}
    assert len(ran) == tried
    ours, theirs = (rows_of(f"sqlite:///{one.root / 'gradebook.db'}") for one in (classroom, there))
    assert ours == theirs
    files = [files_of(one.root / "autograded") for one in (classroom, there)]
    assert files[0] == files[1]
    assert there.status()["assignments"] == classroom.status()["assignments"]
    # what lay beside the notebook, and what the tests need of the class: its seed, and content that is no longer there
    assert '"41\\n"' in files[1]["file/small-desk/small-desk.ipynb"].decode()
    assert (classroom.root / "grading-seed").read_text() in files[1]["right/small-talk/small-talk.ipynb"].decode()
    assert [one.score() for one in hand_ins(there.root, "small-talk")] == [11]
    assert list(cluster.home.glob("**/hand-in-*")) == []


def test_nbgraders_own_command_takes_the_cluster_from_the_environment(classroom, cluster, tls):
    nbgrader = Path(sys.executable).with_name("nbgrader")
    for words, address in ((["--student", "right"], cluster.address), ([], "tcp://127.0.0.1:1")):
        done = subprocess.run(
            [nbgrader, "autograde", "small-desk", *words], cwd=classroom.root, capture_output=True, text=True,
            env={**os.environ, **in_environment(tls), clusters.VARIABLE: address},
        )  # fmt: skip
        assert (done.returncode == 0) == bool(words), done.stderr
    assert scores_of(classroom) == {"right": 5}
    assert "There is no scheduler of a cluster at tcp://127.0.0.1:1" in done.stderr and "Traceback" not in done.stderr


# ---------------------------------------------------------------------- machines that are lost


def test_a_worker_killed_midway_is_survived(cluster, monkeypatch, tmp_path):
    classroom = a_class(tmp_path, {"slow": SLOW, "slow-too": SLOW, "right": {"answers": RIGHT}})
    use(monkeypatch, cluster.address)
    grading = Grading(classroom)
    grading.start()
    until(lambda: len(busy(cluster)) == 2)
    busy(cluster)[0].kill()
    grading.join()
    assert grading.outcome == dict.fromkeys(("right", "slow", "slow-too"), "graded")
    assert scores_of(classroom) == {"right": 5, "slow": 5, "slow-too": 5}


def test_a_hand_in_that_ends_its_workers_leaves_the_others_graded(cluster, monkeypatch, tmp_path):
    honest = {f"right-{number}": {"answers": RIGHT} for number in range(3)}
    classroom = a_class(tmp_path, {"ends-workers": ENDLESS, **honest})
    use(monkeypatch, cluster.address)
    grading = Grading(classroom)
    grading.start()
    until(lambda: grading.done == len(honest))
    for _ in range(2):
        until(lambda: busy(cluster))
        (worker,) = busy(cluster)
        begun = what_runs_below(worker)
        worker.kill()
        until(lambda begun=begun: not any(map(runs, begun)))
    grading.join()
    assert "2 workers of the cluster ended while they had this hand-in" in grading.outcome.pop("ends-workers")
    assert set(grading.outcome.values()) == {"graded"}
    assert scores_of(classroom) == {"ends-workers": 0, **dict.fromkeys(honest, 5)}


def test_a_scheduler_that_ends_loses_nothing(lonely, monkeypatch, tmp_path):
    lonely.add_workers(1)
    classroom = a_class(tmp_path, {"right": {"answers": RIGHT}, "slow": SLOW, "slow-too": SLOW})
    use(monkeypatch, lonely.address)
    monkeypatch.setattr(clusters, "_CONNECT", 3.0)
    grading = Grading(classroom)
    grading.start()
    until(lambda: grading.done)
    lonely.stop(0)
    grading.join()
    assert f"{lonely.address} could not be used any further" in grading.outcome
    use(monkeypatch, "")
    assert set(classroom.autograde("small-desk", **QUIET).values()) == {"unchanged", "graded"}
    assert scores_of(classroom) == {"right": 5, "slow": 5, "slow-too": 5}


def test_a_cluster_without_workers_is_told_after_a_while(classroom, lonely, monkeypatch):
    monkeypatch.setattr(clusters, "_PATIENCE", 1.0)
    use(monkeypatch, lonely.address)
    begun = time.monotonic()
    with pytest.raises(ClassroomError, match=r"has had no worker for 1 seconds\. Start some \(dask worker tcp://"):
        classroom.autograde("small-desk", **QUIET)
    assert time.monotonic() - begun < 20


def test_workers_that_all_go_are_told_after_a_while(lonely, monkeypatch, tmp_path):
    lonely.add_workers(1)
    classroom = a_class(tmp_path, {"endless": ENDLESS})
    use(monkeypatch, lonely.address)
    grading = Grading(classroom)
    grading.start()
    until(lambda: busy(lonely))
    (worker,) = busy(lonely)
    begun = what_runs_below(worker)
    monkeypatch.setattr(clusters, "_PATIENCE", 1.0)
    worker.kill()
    grading.join()
    assert "has had no worker for 1 seconds" in grading.outcome
    assert files_of(classroom.root / "autograded") == {}
    until(lambda: not any(map(runs, begun)))


# ---------------------------------------------------------------------- machines that do not fit


def test_no_scheduler_is_one_sentence(classroom, monkeypatch, capsys):
    for address, why in (("tcp://127.0.0.1:1", "Connection refused"), ("head", "missing port")):
        monkeypatch.setenv(clusters.VARIABLE, "")
        assert main(["grade", "small-desk", "--class", str(classroom.root), "--cluster", address]) != 0
        told = capsys.readouterr().err
        assert f"There is no scheduler of a cluster at {address}" in told and why in told
        assert "Traceback" not in told


def test_a_scheduler_that_wants_encryption_lets_nobody_else_in(classroom, cluster, tls):
    if not tls:
        pytest.skip("there is no program to make a certificate with")
    plain = cluster.address.replace("tls:", "tcp:")
    words = [sys.executable, "-m", "trustkit", "grade", "small-desk", "--class", classroom.root, "--cluster", plain]
    for settings in ({}, in_environment({**tls, "distributed.comm.require-encryption": "true"})):
        environment = {**os.environ, **settings}
        done = subprocess.run(words, capture_output=True, text=True, env=environment, timeout=15)
        assert done.returncode != 0
        assert done.stderr.startswith(f"There is no scheduler of a cluster at {plain} (")
        assert done.stderr.count("\n") == 1


def test_a_worker_with_another_course_is_refused(classroom, lonely, monkeypatch, tmp_path):
    other = tmp_path / "other"
    for name in ("cases", "book", "datasets"):
        (other / name).mkdir(parents=True)
    lonely.add_workers(1, TRUSTKIT_HOME=str(other))
    use(monkeypatch, lonely.address)
    with pytest.raises(ClassroomError, match="differs from this machine: its datasets, cases, drills and slips"):
        classroom.autograde("small-desk", **QUIET)
    assert files_of(classroom.root / "autograded") == {}


def test_a_worker_without_walls_runs_nothing_unless_it_is_allowed(classroom, lonely, monkeypatch):
    if "namespaces" in "".join(open_protections()) or platform.machine() not in ("x86_64", "aarch64"):
        pytest.skip("this machine has no walls to take away")
    monkeypatch.delenv(ALLOW_VARIABLE, raising=False)
    lonely.add_workers(1, "-c", WITHOUT_WALLS)
    use(monkeypatch, lonely.address)
    with pytest.raises(ClassroomError, match=r"The worker on \S+ cannot be used\. This machine cannot protect you"):
        classroom.autograde("small-desk", "right", **QUIET)
    assert files_of(classroom.root / "autograded") == {}
    monkeypatch.setenv(ALLOW_VARIABLE, "1")
    assert classroom.autograde("small-desk", "right", **QUIET) == {"right": "graded"}


# ---------------------------------------------------------------------- what crosses


ASSIGNMENT = Assignment(("a = 1",), ("a = 1",), {"check": "assert a == 1"}, ("json",))
HAND_IN = HandIn(ASSIGNMENT, [(0, "a = 1"), (2, None)], {"check": (2, "assert a == 1")})


def test_a_packed_hand_in_is_the_same_when_it_is_unpacked(tmp_path):
    folder = tmp_path / "handed-in"
    (folder / "own" / "empty").mkdir(parents=True)
    (folder / "own" / "数.bin").write_bytes(bytes(range(256)))
    (folder / "link").symlink_to("/etc/hostname")
    (folder / "linked").symlink_to("/etc")
    os.mkfifo(folder / "pipe")
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "one.json").write_text("{}")
    (tmp_path / "seed").write_text("42")
    named = {"SEED": tmp_path / "seed", "ARCHIVE": tmp_path / "content", "NONE": tmp_path / "none"}
    secrets = {**{name: str(path) for name, path in named.items()}, "PLAIN": "autograde"}
    allowance = Allowance(1.5, 20, 300)
    job = packed.unpack(packed.pack(HAND_IN, folder, secrets, allowance, unprotected=True), tmp_path / "there")
    assert (job.hand_in, job.allowance, job.unprotected) == (HAND_IN, allowance, True)
    found = {str(path.relative_to(job.folder)) for path in job.folder.rglob("*")}
    assert found == {"own", "own/empty", "own/数.bin"}
    assert (job.folder / "own" / "数.bin").read_bytes() == bytes(range(256))
    assert Path(job.secrets["SEED"]).read_text() == "42"
    assert Path(job.secrets["ARCHIVE"], "one.json").read_text() == "{}"
    assert not Path(job.secrets["NONE"]).exists()
    assert job.secrets["PLAIN"] == "autograde"
    assert not any(str(tmp_path / "handed-in") in str(path) for path in (job.folder, *job.secrets.values()))


def test_too_much_is_not_sent(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "MOST_BYTES_TOGETHER", 2000)
    (tmp_path / "table.csv").write_bytes(bytes(2001))
    with pytest.raises(CannotRun, match="cannot be sent to another machine"):
        packed.pack(HAND_IN, tmp_path, {}, Allowance(), unprotected=False)


def test_only_the_outputs_of_this_hand_in_come_back():
    runs = {
        0: CellRun([{"output_type": "stream", "name": "stdout", "text": "x"}], 1, []),
        2: CellRun([], None, ["It took too long."]),
    }
    assert packed.unpack_runs(packed.pack_runs(runs), HAND_IN) == runs
    good = json.loads(packed.pack_runs(runs))
    for wrong in (
        b"\x80\x04N.", b"[]", json.dumps(good[:1]).encode(), json.dumps([*good, [7, good[1][1]]]).encode(),
        json.dumps([good[0], [2, {**good[1][1], "outputs": ["x"]}]]).encode(),
        json.dumps([good[0], [2, {**good[1][1], "count": "x"}]]).encode(),
        json.dumps([good[0], [2, {**good[1][1], "more": 1}]]).encode(),
    ):  # fmt: skip
        with pytest.raises(CannotRun, match="something else than the outputs"):
            packed.unpack_runs(wrong, HAND_IN)


def test_who_grades_without_a_cluster_does_not_load_dask():
    code = (
        "import autograder.execute, autograder.classroom, trustkit.cli, sys;"
        "sys.exit(any(name.split('.')[0] in ('dask', 'distributed') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_what_is_no_autograding_needs_no_cluster(classroom, monkeypatch):
    use(monkeypatch, "tcp://127.0.0.1:1")
    assert [done.ok for done in run_tasks(classroom.root, [Task("generate", "small-desk")])] == [True]
