"""A hand-in's cell: every promise is tried by a job that does its worst, in several kinds of cell and as two users."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import mmap
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("the sandbox is for Linux only", allow_module_level=True)

import resource

from autograder.sandbox import (
    COULD_NOT_START,
    LAYER_MISSING,
    LAYERS,
    Limits,
    Policy,
    confine,
    missing_protections,
    probe,
    probing,
)
from autograder.sandbox import cgroup as control_groups

MB = 1 << 20
LIMITS = Limits(
    memory=4096 * MB, cpu_seconds=20, processes=40, file_bytes=8 * MB, open_files=128, scratch_bytes=24 * MB
)
NOBODY = 65534
PYTHON = tuple({sys.prefix, sys.base_prefix, os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix)})
SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime")
SECRET = "the key of all tests"


@dataclass
class Outcome:
    """How a job ended: exit code of its supervisor, what the job answered, and what the supervisor was told."""

    code: int | None
    answer: Any
    report: dict[str, str]
    exceeded: str
    said: str


@dataclass
class Cell:
    """A way to run jobs: which layers are left out, and whose processes they are."""

    without: tuple[str, ...]
    user: int
    folder: Path
    started: list[int] = field(default_factory=list)

    @property
    def scratch(self) -> Path:
        """The folder that the job may write."""
        return self.folder / "scratch"

    def has(self, layer: str) -> bool:
        """Tell whether jobs run inside a layer."""
        return layer not in self.without and self.available[layer] == ""

    @property
    def available(self) -> dict[str, str]:
        """What `probe` says for this user."""
        return probed_by(self.user)

    def needs(self, *layers: str) -> None:
        """Skip the test when no such layer protects this cell."""
        if not any(self.has(layer) for layer in layers):
            pytest.skip(f"needs one of {', '.join(layers)}: {self.available}")

    def begin(self, action: Callable[[], object]) -> int:
        """Start an action in a process of the cell's user and return its id."""
        sys.stdout.flush()
        child = os.fork()
        if child:
            self.started.append(child)
            return child
        try:
            become(self.user)
            action()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(99)

    def start(
        self,
        work: Callable[[], Any],
        *,
        limits: Limits = LIMITS,
        read: tuple[str, ...] = SYSTEM + PYTHON,
        require: tuple[str, ...] = (),
        without: tuple[str, ...] = (),
        hold: int = -1,
        scratch: Path | None = None,
        keep: tuple[int, ...] = (),
        close: tuple[int, ...] = (),
    ) -> tuple[int, int, int, int]:
        """Begin a job. Return the supervisor, and pipes to read its answer, its supervisor's words and its stderr."""
        policy = Policy(read, str(scratch or self.scratch), limits, require)
        reading, writing = os.pipe()
        hears, tells = os.pipe()
        errors, said = os.pipe()

        def job() -> None:
            os.write(writing, json.dumps(work()).encode())

        def supervise() -> None:
            os.dup2(said, 2)
            # pytest has put something of its own there
            sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
            for descriptor in (said, reading, hears, errors, *close):
                os.close(descriptor)
            confine(
                policy,
                job,
                report=lambda layers: os.write(tells, json.dumps({"report": layers}).encode() + b"\n") and None,
                exceeded=lambda limit: os.write(tells, json.dumps({"exceeded": limit}).encode() + b"\n") and None,
                keep=(writing, *keep),
                hold=hold,
                without=tuple({*self.without, *without}),
            )

        supervisor = self.begin(supervise)
        for descriptor in (writing, tells, said):
            os.close(descriptor)
        return supervisor, reading, hears, errors

    def run(self, work: Callable[[], Any], **options: Any) -> Outcome:
        """Run a job to its end."""
        supervisor, reading, hears, errors = self.start(work, **options)
        answer, told, said = read_all(reading, hears, errors)
        lines = [json.loads(line) for line in told.splitlines()]
        words = {key: value for line in lines for key, value in line.items()}
        return Outcome(
            ended(supervisor), json.loads(answer) if answer else None,
            words.get("report", {}), words.get("exceeded", ""), said.decode(errors="replace"),
        )  # fmt: skip


def become(user: int) -> None:
    if user != os.getuid():
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def read_all(*pipes: int, patience: float = 60) -> list[bytes]:
    """Return what comes through each pipe until all who could write to it are gone."""
    parts = dict.fromkeys(pipes, b"")
    left, deadline = set(pipes), time.monotonic() + patience
    while left:
        ready, _, _ = select.select(left, [], [], max(0, deadline - time.monotonic()))
        assert ready, "somebody still holds the job's pipe"
        for pipe in ready:
            part = os.read(pipe, 1 << 16)
            parts[pipe] += part
            if not part:
                left.remove(pipe)
                os.close(pipe)
    return list(parts.values())


def ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


_probed: dict[int, dict[str, str]] = {}


def probed_by(user: int) -> dict[str, str]:
    if user not in _probed:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                become(user)
                # what this process found out for its own user does not hold for another
                probing._probe.cache_clear()
                os.write(writing, json.dumps(probe()).encode())
            finally:
                os._exit(0)
        os.close(writing)
        _probed[user] = json.loads(read_all(reading)[0])
        ended(child)
    return _probed[user]


WAYS = {
    "all": ((), os.getuid()),
    "no cgroup": (("cgroup",), os.getuid()),
    "no namespaces": (("namespaces",), os.getuid()),
    "no namespaces, no cgroup": (("namespaces", "cgroup"), os.getuid()),
}
if os.getuid() == 0:
    WAYS |= {"nobody": ((), NOBODY), "nobody, no namespaces": (("namespaces",), NOBODY)}


def made(without: tuple[str, ...], user: int) -> Iterator[Cell]:
    # not below pytest's own folder, which only its owner may enter
    folder = Path(tempfile.mkdtemp(prefix="trustkit-sandbox-"))
    cell = Cell(without, user, folder)
    cell.scratch.mkdir()
    (folder / "secret").write_text(SECRET)
    (folder / "given").mkdir()
    (folder / "given" / "data.csv").write_text("a,b\n1,2\n")
    if user != os.getuid():
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, user)
    try:
        yield cell
    finally:
        for process in cell.started:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
        shutil.rmtree(folder)


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def cell(request: pytest.FixtureRequest) -> Iterator[Cell]:
    """A cell of each kind."""
    yield from made(*request.param)


@pytest.fixture
def full_cell() -> Iterator[Cell]:
    """A cell with every layer that there is."""
    yield from made((), os.getuid())


def only(*layers: str) -> tuple[str, ...]:
    return tuple(layer for layer in LAYERS if layer not in layers)


def refused(action: Callable[[], Any]) -> str:
    """Return the name of the error that an action meets, or "" when it succeeds."""
    try:
        action()
    except OSError as error:
        return errno.errorcode.get(error.errno, "?") if error.errno else str(error)
    return ""


def system_call(name: str, *arguments: int) -> int:
    """Make a call of the C library by name; raises `OSError`."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*[ctypes.c_long(value) for value in arguments]) < 0:
        raise OSError(ctypes.get_errno(), name)
    return 0


# ---- how a job begins and ends


def test_the_exit_code_tells_how_the_work_ended(cell):
    def raises():
        raise ValueError("the work went wrong")

    assert cell.run(lambda: "done").code == 0
    raised = cell.run(raises)
    assert raised.code == 1
    assert "the work went wrong" in raised.said
    assert cell.run(lambda: sys.exit(0)).code == 1
    assert cell.run(lambda: os._exit(5)).code == 1
    assert cell.run(lambda: os.kill(os.getpid(), signal.SIGSEGV)).code == 128 + signal.SIGSEGV
    assert cell.run(lambda: os.kill(os.getpid(), signal.SIGKILL)).code == 128 + signal.SIGKILL


def test_a_job_cannot_pretend_that_it_never_began(cell):
    assert cell.run(lambda: os._exit(LAYER_MISSING)).code == 1
    assert cell.run(lambda: os._exit(COULD_NOT_START)).code == 1


def test_the_report_comes_before_the_work_and_names_each_layer(cell):
    outcome = cell.run(lambda: "worked")
    assert set(outcome.report) == set(LAYERS)
    for layer in LAYERS:
        assert (outcome.report[layer] == "") == cell.has(layer), outcome.report


@pytest.mark.parametrize("layer", LAYERS)
def test_without_a_required_layer_the_work_is_not_run(cell, layer):
    outcome = cell.run(lambda: "worked", require=(layer,), without=(layer,))
    assert (outcome.code, outcome.answer) == (LAYER_MISSING, None)
    assert outcome.report[layer] == "switched off"


def test_required_layers_that_are_there_do_not_stop_the_work(cell):
    there = tuple(layer for layer in LAYERS if cell.has(layer))
    assert cell.run(lambda: "worked", require=there).answer == "worked"


@pytest.mark.parametrize("dies", [False, True], ids=["ends well", "dies"])
def test_what_was_printed_before_is_printed_once(cell, dies):
    def work():
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        print("inside")

    def supervise():
        with open(cell.folder / "out", "w") as file:
            os.dup2(file.fileno(), 1)
        # only a stream that is not a terminal's keeps back what was written to it
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
        print("before")
        confine(Policy(SYSTEM + PYTHON, str(cell.scratch), LIMITS), work, without=cell.without)

    ended(cell.begin(supervise))
    assert (cell.folder / "out").read_text() == ("before\n" if dies else "before\ninside\n")


def test_sigint_reaches_the_job_and_sigterm_ends_it(cell):
    def interrupted():
        try:
            for _ in range(600):
                time.sleep(0.1)
        except KeyboardInterrupt:
            return "interrupted"

    def with_handler():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return interrupted()

    for number, code, answer in ((signal.SIGINT, 0, b'"interrupted"'), (signal.SIGTERM, 128 + signal.SIGTERM, b"")):
        supervisor, reading, hears, errors = cell.start(with_handler)
        os.read(hears, 1 << 16)  # the report: the job begins now
        time.sleep(0.3)
        os.kill(supervisor, number)
        assert read_all(reading, hears, errors)[0] == answer
        assert ended(supervisor) == code


def test_paused_children_outlive_the_main_process_for_as_long_as_they_are_held(cell):
    held, let_go = os.pipe()
    inner, outer = os.pipe()

    def work():
        if os.fork() == 0:
            # waits to be asked, though the main process dies at once
            question = os.read(inner, 1)
            os.write(inner_answer, b"child:" + question)
            time.sleep(60)
        os.kill(os.getpid(), signal.SIGKILL)

    answered, inner_answer = os.pipe()
    supervisor, reading, hears, errors = cell.start(work, hold=held, keep=(inner, inner_answer), close=(let_go,))
    os.close(held)
    os.close(inner)
    os.close(inner_answer)
    time.sleep(0.5)
    assert os.waitpid(supervisor, os.WNOHANG) == (0, 0)
    os.write(outer, b"?")
    assert os.read(answered, 100) == b"child:?"
    os.close(let_go)
    read_all(reading, hears, errors)
    assert ended(supervisor) == 128 + signal.SIGKILL
    os.close(outer)
    os.close(answered)


# ---- the network


def loopback(kind: socket.SocketKind) -> socket.socket:
    listening = socket.socket(socket.AF_INET, kind)
    listening.bind(("127.0.0.1", 0))
    if kind == socket.SOCK_STREAM:
        listening.listen()
    return listening


def test_no_connection_leaves_the_cell(cell):
    cell.needs("seccomp", "namespaces")
    with loopback(socket.SOCK_STREAM) as tcp, loopback(socket.SOCK_DGRAM) as udp:
        to_tcp, to_udp = tcp.getsockname(), udp.getsockname()

        def work():
            return [
                refused(lambda: socket.create_connection(to_tcp, timeout=2)),
                refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", to_udp)),
                refused(lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM)),
                refused(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
            ]

        assert all(cell.run(work).answer)
        udp.setblocking(False)
        assert refused(lambda: udp.recv(1)) == "EAGAIN"


@pytest.mark.parametrize("layer", ["seccomp", "landlock", "namespaces"])
def test_each_of_three_layers_alone_stops_tcp(full_cell, layer):
    full_cell.needs(layer)
    with loopback(socket.SOCK_STREAM) as tcp:
        address = tcp.getsockname()
        work = lambda: refused(lambda: socket.create_connection(address, timeout=2))  # noqa: E731
        assert full_cell.run(work, without=only()).answer == ""
        assert full_cell.run(work, without=only(layer)).answer


def test_sockets_of_other_programs_cannot_be_reached(cell):
    cell.needs("seccomp", "namespaces")
    with (
        socket.socket(socket.AF_UNIX) as abstract,
        socket.socket(socket.AF_UNIX) as named,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log,
    ):
        name, path, log_path = f"\0trustkit{os.getpid()}", str(cell.folder / "socket"), str(cell.folder / "log")
        for listening, address in ((abstract, name), (named, path), (log, log_path)):
            listening.bind(address)
        for where in (path, log_path):
            os.chmod(where, 0o777)
        abstract.listen()
        named.listen()

        def pair_led_elsewhere():
            one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
            one.sendto(b"x", log_path)

        def work():
            return [
                refused(lambda: socket.socket(socket.AF_UNIX).connect(name)),
                refused(lambda: socket.socket(socket.AF_UNIX).connect(path)),
                refused(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", log_path)),
                refused(pair_led_elsewhere),
            ]

        assert all(cell.run(work).answer)

        def own_pair():
            one, two = socket.socketpair()
            one.send(b"x")
            return two.recv(1).decode()

        assert cell.run(own_pair).answer == "x"


# ---- files


def test_what_is_given_can_be_read_and_nothing_else(cell):
    cell.needs("landlock", "namespaces")
    given, secret = cell.folder / "given", cell.folder / "secret"

    def work():
        return {
            "given": (given / "data.csv").read_text(),
            "secret": refused(secret.read_text),
            "up": refused((given / ".." / "secret").read_text),
            "magic": refused(Path(f"/proc/self/root{secret}").read_text),
            "root": refused(lambda: os.open(f"/proc/{os.getppid()}/root{secret}", os.O_RDONLY)),
        }

    answer = cell.run(work, read=(*SYSTEM, *PYTHON, str(given))).answer
    assert answer.pop("given") == "a,b\n1,2\n"
    assert all(answer.values()), answer


def test_a_single_file_can_be_given(cell):
    cell.needs("landlock", "namespaces")
    given = cell.folder / "given" / "data.csv"
    other = cell.folder / "given" / "other.csv"
    other.write_text(SECRET)
    os.chmod(other, 0o666)
    outcome = cell.run(lambda: [given.read_text(), refused(other.read_text)], read=(*SYSTEM, *PYTHON, str(given)))
    assert outcome.answer[0] == "a,b\n1,2\n"
    assert outcome.answer[1]


def test_the_list_of_the_root_shows_nothing_of_the_machine(cell):
    cell.needs("landlock", "namespaces")

    def work():
        try:
            return os.listdir("/")
        except PermissionError:
            return []

    shown = cell.run(work, read=("/usr",)).answer
    assert set(shown) <= {"usr", "proc", "dev", "tmp"}


def test_the_root_in_namespaces_cannot_be_written(cell):
    cell.needs("namespaces")

    def work():
        return [
            refused(lambda: os.mkdir("/new")),
            refused(lambda: os.open("/proc/self/comm", os.O_WRONLY)),
            refused(lambda: os.rename("/usr", "/new")),
        ]

    # Landlock would refuse it too
    assert all(cell.run(work, without=("landlock",)).answer)


def test_links_on_the_way_to_what_is_given_work(cell):
    cell.needs("landlock", "namespaces")
    (cell.folder / "link").symlink_to("given")
    (cell.folder / "far").symlink_to(cell.folder / "link")
    data = cell.folder / "far" / "data.csv"
    assert cell.run(data.read_text, read=(*SYSTEM, *PYTHON, str(cell.folder / "far"))).answer == "a,b\n1,2\n"


def test_nothing_outside_scratch_can_be_changed(cell):
    cell.needs("landlock", "namespaces")
    given, secret = cell.folder / "given", cell.folder / "secret"
    data = given / "data.csv"
    before = {path: os.stat(path) for path in (given, data, secret)}

    def work():
        with suppress(OSError):
            os.chmod(secret, 0o777)
        with suppress(OSError):
            os.chmod(data, 0)
        with suppress(OSError):
            os.fchmod(os.open(data, os.O_RDONLY), 0)
        with suppress(OSError):
            os.utime(data, (1, 1))
        with suppress(OSError):
            os.setxattr(data, "user.x", b"1")
        return {
            "write": refused(lambda: data.write_text("x")),
            "append": refused(lambda: os.open(data, os.O_WRONLY | os.O_APPEND)),
            "empty": refused(lambda: os.open(data, os.O_RDONLY | os.O_TRUNC)),
            "truncate": refused(lambda: os.truncate(data, 0)),
            "new": refused(lambda: (given / "new").write_text("x")),
            "folder": refused(lambda: (given / "new").mkdir()),
            "remove": refused(data.unlink),
            "move out": refused(lambda: os.rename(data, "moved")),
            "move in": refused(lambda: (Path("a").write_text("x"), os.rename("a", data))),
            "link": refused(lambda: os.link(data, "linked")),
            "other": refused(lambda: secret.write_text("x")),
            # it is not written even if it could be: that would be the machine's
            "sysctl": refused(lambda: os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY)),
        }

    answer = cell.run(work, read=(*SYSTEM, *PYTHON, str(given))).answer
    # in namespaces the name is free, for a file that is gone with the job
    assert answer.pop("other") or cell.has("namespaces")
    assert all(answer.values()), answer
    assert data.read_text() == "a,b\n1,2\n"
    assert secret.read_text() == SECRET
    assert os.listdir(given) == ["data.csv"]
    for path, was in before.items():
        now = os.stat(path)
        assert (now.st_mode, now.st_mtime_ns, now.st_size) == (was.st_mode, was.st_mtime_ns, was.st_size), path
    assert not os.listxattr(data)


def test_the_scratch_folder_can_be_written_and_is_where_work_begins(cell):
    (cell.scratch / "deep" / "deeper").mkdir(parents=True)
    (cell.scratch / "deep" / "deeper" / "handed in.txt").write_text("mine")
    os.chmod(cell.scratch / "deep" / "deeper" / "handed in.txt", 0o666)

    def work():
        Path("new").mkdir()
        Path("new/file").write_text("x")
        os.rename("new/file", "moved")
        shutil.copy2("moved", "copied")
        return [os.getcwd(), Path("deep/deeper/handed in.txt").read_text(), Path("copied").read_text()]

    assert cell.run(work).answer == [str(cell.scratch), "mine", "x"]


def test_in_namespaces_nothing_written_comes_back(cell):
    cell.needs("namespaces")
    (cell.scratch / "mine").write_text("as it was")
    os.chmod(cell.scratch / "mine", 0o666)
    assert cell.run(lambda: [Path("mine").write_text("changed"), Path("new").write_text("x")]).code == 0
    assert [path.name for path in cell.scratch.iterdir()] == ["mine"]
    assert (cell.scratch / "mine").read_text() == "as it was"


def test_links_and_pipes_in_scratch_are_not_followed(cell):
    cell.needs("landlock", "namespaces")
    (cell.scratch / "file").symlink_to(cell.folder / "secret")
    (cell.scratch / "folder").symlink_to(cell.folder)
    os.mkfifo(cell.scratch / "pipe")

    def work():
        return [refused(Path("file").read_text), refused(Path("folder/secret").read_text), sorted(os.listdir())]

    outcome = cell.run(work)
    assert outcome.code == 0, outcome.said
    assert outcome.answer[0] and outcome.answer[1]
    if cell.has("namespaces"):
        assert outcome.answer[2] == []
    assert (cell.folder / "secret").read_text() == SECRET


def test_no_file_of_a_job_lends_its_user(cell):
    cell.needs("seccomp")

    def work():
        modes = []
        for create in (
            lambda: os.chmod("plain", 0o4755),
            lambda: os.close(os.open("opened", os.O_CREAT | os.O_WRONLY, 0o4755)),
            lambda: os.mknod("made", 0o4755),
        ):
            Path("plain").write_text("x")
            refused(create)
        for path in Path.cwd().iterdir():
            modes.append(path.stat().st_mode & 0o6000)
        return modes

    # in namespaces such a file stays inside, where no program may gain anything
    assert cell.has("namespaces") or not any(cell.run(work).answer)


def test_descriptors_are_closed_but_those_that_are_kept(cell):
    with open(cell.folder / "secret") as secret:
        kept, dropped = os.dup(secret.fileno()), os.dup(secret.fileno())
        # the numbers depend on what else these tests have open
        highest = max(map(int, os.listdir("/proc/self/fd"))) + 100

        def work():
            still = []
            for descriptor in range(highest + 1):
                with suppress(OSError):
                    os.fstat(descriptor)
                    still.append(descriptor)
            return [os.read(kept, 100).decode(), refused(lambda: os.read(dropped, 1)), len(still)]

        # the kept one, the answer's, and 0, 1, 2
        assert cell.run(work, keep=(kept,)).answer == [SECRET, "EBADF", 5]
        os.close(kept)
        os.close(dropped)


# ---- limits


def test_one_file_cannot_grow_past_its_limit(cell):
    def work():
        with open("large", "wb") as file:
            try:
                while True:
                    file.write(b"x" * MB)
            except OSError as error:
                return [errno.errorcode[error.errno], os.path.getsize("large")]

    name, size = cell.run(work).answer
    assert name == "EFBIG"
    assert size <= LIMITS.file_bytes


def fill(write: Callable[[int], None]) -> str:
    try:
        for number in range(100_000):
            write(number)
    except OSError as error:
        return errno.errorcode[error.errno]
    time.sleep(20)
    return "nothing stopped it"


def test_many_files_cannot_fill_the_disk(cell):
    def write(number):
        if number < 40:
            Path(str(number)).write_bytes(b"x" * 4 * MB)

    outcome = cell.run(lambda: fill(write))
    assert outcome.answer == "ENOSPC" or (outcome.code, outcome.exceeded) == (128 + signal.SIGKILL, "scratch_bytes")
    assert cell.has("namespaces") == (outcome.answer == "ENOSPC")


def test_files_that_are_deleted_and_still_open_count(cell):
    held = []

    def write(number):
        if number < 40:
            held.append(open(str(number), "wb", buffering=0))  # noqa: SIM115
            os.unlink(str(number))
            held[-1].write(b"x" * 4 * MB)

    cell.needs("namespaces", "landlock")
    outcome = cell.run(lambda: fill(write))
    assert outcome.answer == "ENOSPC" or outcome.exceeded == "scratch_bytes"


def test_a_deleted_file_that_was_given_open_does_not_count(cell):
    with tempfile.TemporaryFile(dir=cell.folder) as given:
        given.write(b"x" * (LIMITS.scratch_bytes + MB))
        given.flush()
        outcome = cell.run(lambda: time.sleep(0.5), keep=(given.fileno(),))
    assert (outcome.code, outcome.exceeded) == (0, "")


def test_neither_tmp_nor_shared_memory_is_a_way_round(cell):
    cell.needs("landlock", "namespaces")
    before = set(os.listdir("/tmp")) | set(os.listdir("/dev/shm"))

    def write(number):
        folder = ("/tmp", "/dev/shm", os.getcwd())[number % 3]
        if number < 60:
            Path(f"{folder}/filled-{number}").write_bytes(b"x" * 4 * MB)

    outcome = cell.run(lambda: fill(write))
    assert outcome.answer in ("ENOSPC", "EACCES")
    assert not [name for name in {*os.listdir("/tmp"), *os.listdir("/dev/shm")} - before if "filled" in name]


def test_empty_files_have_a_limit_too(cell):
    def work():
        for number in range(150_000):
            os.close(os.open(str(number), os.O_CREAT | os.O_WRONLY))

    outcome = cell.run(work)
    assert "No space left" in outcome.said or outcome.exceeded == "scratch_bytes"


def test_a_folder_closed_against_counting_ends_the_job(cell):
    if cell.has("namespaces") or cell.user == 0:
        pytest.skip("nothing is counted here, or nothing is closed to root")

    def work():
        os.mkdir("closed", 0)
        time.sleep(20)

    assert cell.run(work).exceeded == "scratch_bytes"


def test_memory_that_is_not_in_a_file_is_not_to_be_had(cell):
    cell.needs("seccomp")
    library = ctypes.CDLL(None, use_errno=True)

    def work():
        return [
            refused(lambda: os.memfd_create("x")),
            library.shmget(0, ctypes.c_size_t(MB), 0o1600),
            library.semget(0, 1, 0o1600),
            library.msgget(0, 0o1600),
        ]

    assert cell.run(work).answer == ["EPERM", -1, -1, -1]


def test_a_fork_bomb_stays_small(cell):
    def work():
        begun = 0
        try:
            while begun < 400:
                if os.fork() == 0:
                    time.sleep(60)
                begun += 1
        except OSError as error:
            return [errno.errorcode[error.errno], begun]
        time.sleep(20)
        return ["nothing stopped it", begun]

    outcome = cell.run(work)
    if outcome.answer:
        assert outcome.answer[0] == "EAGAIN"
        # where the kernel counts per user, others of this user may end in between
        assert outcome.answer[1] <= LIMITS.processes + (0 if cell.has("cgroup") else 30)
    else:
        assert (outcome.code, outcome.exceeded) == (128 + signal.SIGKILL, "processes")


@pytest.mark.parametrize("leave", [lambda: None, lambda: os.setpgid(0, 0), os.setsid], ids=["stay", "group", "session"])
def test_processes_that_only_beget_others_are_ended(cell, leave):
    """Each of them has gone before it can be found; the one after it lives on, in the same process group or another."""

    def work():
        if os.fork() == 0:
            os.setsid()
            while True:
                try:
                    if os.fork():
                        os._exit(0)
                    leave()
                except OSError:
                    time.sleep(0.001)
        return "began"

    outcome = cell.run(work)
    # read_all has waited until nobody held the pipe
    assert (outcome.code, outcome.answer) == (0, "began")


def test_too_many_threads_are_refused_or_end_the_job(cell):
    def work():
        try:
            for _ in range(400):
                threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        except RuntimeError:
            return "refused"
        time.sleep(20)

    outcome = cell.run(work)
    assert outcome.answer == "refused" or outcome.exceeded == "processes"


def test_memory_has_a_limit(cell):
    def work():
        try:
            mmap.mmap(-1, LIMITS.memory)
        except OSError as error:
            return errno.errorcode[error.errno]

    def fills_a_list():
        try:
            return len(bytearray(LIMITS.memory))
        except MemoryError:
            return "MemoryError"

    assert cell.run(work).answer == "ENOMEM"
    assert cell.run(fills_a_list).answer == "MemoryError"


def test_the_memory_of_all_processes_together_has_a_limit(cell):
    cell.needs("cgroup")
    # A new program, since the limit is one of address space too and this process may have any amount of it already.
    program = (
        "import mmap, os, sys, time\n"
        "for _ in range(6):\n"
        "    if os.fork() == 0:\n"
        "        taken = mmap.mmap(-1, 150 << 20)\n"
        "        for place in range(0, len(taken), 4096):\n"
        "            taken[place] = 1\n"
        "        time.sleep(60)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(-1, 0)[1]) != -9)\n"
    )
    python = python_for(cell)
    outcome = cell.run(lambda: os.execv(python, [python, "-c", program]), limits=replace(LIMITS, memory=512 * MB))
    assert outcome.exceeded == "memory", outcome
    assert outcome.code in (0, 128 + signal.SIGKILL)


def test_processor_time_has_a_limit(cell):
    def work():
        while True:
            pass

    outcome = cell.run(work, limits=replace(LIMITS, cpu_seconds=1))
    assert (outcome.code, outcome.exceeded) == (128 + signal.SIGXCPU, "cpu_seconds")


def test_processor_time_has_a_limit_that_cannot_be_ignored(full_cell):
    def work():
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True:
            pass

    assert full_cell.run(work, limits=replace(LIMITS, cpu_seconds=1)).code == 128 + signal.SIGKILL


def test_open_files_have_a_limit(cell):
    def work():
        held = []
        try:
            for _ in range(5000):
                held.append(os.dup(0))
        except OSError as error:
            return [errno.errorcode[error.errno], len(held) < LIMITS.open_files]

    assert cell.run(work).answer == ["EMFILE", True]


def test_a_job_cannot_lift_its_limits(cell):
    def work():
        results = []
        for which in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE):
            try:
                resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                results.append("lifted")
            except (ValueError, OSError):
                results.append("kept")
        return [results, resource.getrlimit(resource.RLIMIT_CORE)]

    assert cell.run(work).answer == [["kept"] * 4, [0, 0]]


def test_without_its_scratch_folder_the_job_does_not_begin(cell):
    outcome = cell.run(lambda: "worked", scratch=cell.folder / "nowhere")
    assert (outcome.code, outcome.answer) == (COULD_NOT_START, None)
    assert "there is no folder" in outcome.said


def test_a_scratch_folder_that_is_too_large_stops_the_job_before_it_begins(cell):
    for number in range(4):
        (cell.scratch / str(number)).write_bytes(b"x" * 8 * MB)
        os.chmod(cell.scratch / str(number), 0o644)
    outcome = cell.run(lambda: time.sleep(20))
    if cell.has("namespaces"):
        # it must not be run in a weaker cell only because of what was handed in
        assert (outcome.code, outcome.answer, outcome.report) == (COULD_NOT_START, None, {})
        assert "cannot be copied" in outcome.said
    else:
        assert outcome.exceeded == "scratch_bytes"


def test_scratch_may_lie_in_a_folder_that_is_given(cell):
    (cell.scratch / "mine").write_text("mine")
    os.chmod(cell.scratch / "mine", 0o644)

    def work():
        Path("new").write_text("x")
        return [Path("mine").read_text(), refused(lambda: (cell.folder / "beside").write_text("x"))]

    answer = cell.run(work, read=(*SYSTEM, *PYTHON, str(cell.folder))).answer
    assert answer[0] == "mine"
    assert answer[1] or not (cell.has("landlock") or cell.has("namespaces"))


def test_scratch_may_be_named_by_a_link(cell):
    (cell.folder / "way").symlink_to("scratch")
    assert cell.run(lambda: [os.getcwd(), Path("new").write_text("x")], scratch=cell.folder / "way").answer == [
        str(cell.scratch), 1
    ]  # fmt: skip


# ---- other processes


@contextmanager
def bystander(cell: Cell) -> Iterator[int]:
    """A process of the same user that has nothing to do with the job."""
    process = cell.begin(lambda: time.sleep(60))
    yield process
    assert os.waitpid(process, os.WNOHANG) == (0, 0), "the bystander was ended"


def test_other_processes_cannot_be_signalled(cell):
    cell.needs("namespaces", "landlock", "seccomp")
    try_signals(cell)


def test_the_filter_alone_keeps_signals_inside(full_cell):
    full_cell.needs("seccomp")
    full_cell.without = only("seccomp")
    try_signals(full_cell)


def try_signals(cell: Cell) -> None:
    """Send a deadly signal to a bystander, and to all others one that they ignore should it ever arrive."""
    me = os.getpid()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGURG})
    try:
        with bystander(cell) as other:

            def send_by_descriptor(target, number):
                one, two = socket.socketpair()
                fcntl.fcntl(one, 10, number)
                fcntl.fcntl(one, 8, target)
                fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC)
                two.send(b"x")
                time.sleep(0.1)

            def work():
                results = [refused(lambda: os.kill(other, signal.SIGKILL)), refused(lambda: os.kill(me, signal.SIGURG))]
                for attempt in (
                    lambda: os.kill(os.getppid(), signal.SIGURG),
                    lambda: os.kill(-1, signal.SIGURG),
                    lambda: signal.pidfd_send_signal(os.pidfd_open(other), signal.SIGKILL),
                    lambda: send_by_descriptor(other, signal.SIGKILL),
                    lambda: send_by_descriptor(me, signal.SIGURG),
                    lambda: resource.prlimit(other, resource.RLIMIT_CPU, (1, 1)),
                ):
                    refused(attempt)
                return results

            outcome = cell.run(work)
            assert outcome.code == 0, outcome
            assert all(outcome.answer), outcome.answer
            assert Path(f"/proc/{other}/limits").read_text() == Path("/proc/self/limits").read_text()
        assert signal.SIGURG not in signal.sigpending()
    finally:
        signal.sigtimedwait({signal.SIGURG}, 0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGURG})


def test_a_job_can_end_its_own_children_and_itself(cell):
    cell.needs("namespaces", "landlock")
    if not (cell.has("namespaces") or landlock_version() >= 6):
        pytest.skip("without namespaces the kernel must be able to keep signals inside")

    def work():
        child = os.fork()
        if child == 0:
            time.sleep(60)
        os.kill(child, signal.SIGTERM)
        return os.waitpid(child, 0)[1]

    assert cell.run(work).answer == signal.SIGTERM


def landlock_version() -> int:
    from autograder.sandbox import landlock

    return landlock.landlock_version()


def test_other_processes_cannot_be_looked_into(cell):
    cell.needs("namespaces", "landlock", "seccomp")
    with bystander(cell) as other:
        me = os.getpid()

        def work():
            seen = {}
            for target in (other, me):
                seen[f"attach {target}"] = refused(lambda target=target: system_call("ptrace", 16, target, 0, 0))
                seen[f"read {target}"] = refused(
                    lambda target=target: system_call("process_vm_readv", target, 0, 0, 0, 0, 0)
                )
                for name in ("environ", "mem", "maps", "cmdline"):
                    path = f"/proc/{target}/{name}"
                    seen[path] = refused(lambda path=path: os.close(os.open(path, os.O_RDONLY)))
            parent = f"/proc/{os.getppid()}/environ"
            seen["init"] = refused(lambda: os.close(os.open(parent, os.O_RDONLY)))
            try:
                seen["list"] = str(len([name for name in os.listdir("/proc") if name.isdigit()]) < 5)
            except PermissionError:
                seen["list"] = "True"
            return seen

        answer = cell.run(work).answer
        assert answer.pop("list") == "True"
        assert all(answer.values()), answer


def test_a_variable_that_was_deleted_before_is_not_in_the_memory_of_the_job(full_cell):
    program = (
        "import os, sys, ctypes\n"
        "from autograder.sandbox import Limits, Policy, confine\n"
        "del os.environ['PASSWORD']\n"
        "def work():\n"
        "    library = ctypes.CDLL(None); library.getenv.restype = ctypes.c_char_p\n"
        "    kept = [os.environ['KEPT'], library.getenv(b'KEPT').decode()]\n"
        "    print(kept, b'hidden' in open('/proc/self/environ', 'rb').read(), flush=True)\n"
        "    os.execv('/usr/bin/env', ['env'])\n"
        f"confine(Policy({SYSTEM + PYTHON!r}, sys.argv[1], Limits(0, 0, 0, 0, 0, 0)), work,"
        " without=('landlock', 'namespaces'))\n"
    )
    environment = {"PATH": os.environ["PATH"], "PASSWORD": "hidden", "KEPT": "kept", "LC_ALL": "C.UTF-8"}
    ran = subprocess.run(
        [sys.executable, "-c", program, str(full_cell.scratch)],
        capture_output=True, text=True, env=environment, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    first, *rest = ran.stdout.splitlines()
    assert first == "['kept', 'kept'] False", ran.stderr
    assert "KEPT=kept" in rest
    assert "hidden" not in ran.stdout


@pytest.mark.parametrize("layer", ["seccomp", "landlock", "namespaces"])
def test_each_of_three_layers_alone_stops_tracing(layer):
    # one without capabilities could trace another such
    user = NOBODY if os.getuid() == 0 else os.getuid()
    with contextmanager(made)((), user) as cell:
        cell.needs(layer)
        # a process that changed its user is closed to others until it says otherwise
        other = cell.begin(lambda: [system_call("prctl", 4, 1, 0, 0, 0), time.sleep(60)])
        time.sleep(0.2)
        work = lambda: refused(lambda: system_call("ptrace", 0x4206, other, 0, 0))  # noqa: E731
        free = cell.run(work, without=LAYERS)
        if free.answer:
            pytest.skip("this machine lets nobody trace anything")
        assert cell.run(work, without=only(layer)).answer


def test_a_job_has_no_capabilities_and_gains_none(cell):
    def states():
        mine = Path("/proc/self/status").read_text()
        theirs = subprocess.run(["/bin/cat", "/proc/self/status"], capture_output=True, text=True).stdout
        return [dict(line.split(":\t") for line in text.splitlines()) for text in (mine, theirs)]

    # Landlock would hide /proc without namespaces
    for state in cell.run(states, without=("landlock",)).answer:
        assert {int(state[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {0}
        assert state["NoNewPrivs"] == "1"
        assert cell.user != 0 or int(state["CapBnd"], 16) == 0
        assert state["Seccomp"] == ("2" if cell.has("seccomp") else "0")


def test_no_new_namespaces_are_to_be_had(cell):
    cell.needs("seccomp")
    assert cell.run(lambda: refused(lambda: system_call("unshare", 0x10000000))).answer == "EPERM"


# ---- nothing is left


def daemon(*, ignoring: bool = True) -> None:
    """Do what a program does that wants to live on."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            if ignoring:
                for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
            time.sleep(120)
        os._exit(0)


def test_daemons_are_gone_when_the_job_has_ended(cell):
    def work():
        for _ in range(5):
            daemon()
        return "began"

    began = time.monotonic()
    # every daemon holds the pipe of the answer: its end says that the last one is dead
    assert cell.run(work).answer == "began"
    assert time.monotonic() - began < 30


def test_a_job_that_stops_itself_and_its_children_can_be_ended(cell):
    def work():
        daemon()
        if os.fork() == 0:
            os.kill(os.getpid(), signal.SIGSTOP) if cell.has("namespaces") else signal.pause()
        os.kill(os.getpid(), signal.SIGSTOP)

    supervisor, *pipes = cell.start(work)
    time.sleep(0.5)
    os.kill(supervisor, signal.SIGTERM)
    read_all(*pipes)
    assert ended(supervisor) == 128 + signal.SIGTERM


def start_with_daemons(cell) -> tuple[int, ...]:
    """Start a job that has begun three daemons; return its supervisor and the pipes that all of them hold."""

    def work():
        for _ in range(3):
            daemon()
        os.write(ready, b"!")
        time.sleep(120)

    begun, ready = os.pipe()
    supervisor, *pipes = cell.start(work, keep=(ready,))
    os.close(ready)
    assert os.read(begun, 1) == b"!"
    return supervisor, *pipes, begun


def test_nothing_survives_the_supervisor(cell):
    supervisor, *pipes = start_with_daemons(cell)
    os.kill(supervisor, signal.SIGKILL)
    assert ended(supervisor) == -signal.SIGKILL
    read_all(*pipes, patience=20)


def test_nothing_survives_the_process_that_began_the_supervisor(cell):
    begun, ready = os.pipe()
    reading, writing = os.pipe()

    def work():
        daemon()
        os.write(ready, b"!")
        time.sleep(120)

    def zygote():
        if os.fork() == 0:
            policy = Policy(SYSTEM + PYTHON, str(cell.scratch), LIMITS)
            confine(policy, work, keep=(ready, writing), without=cell.without)
        time.sleep(120)

    process = cell.begin(zygote)
    os.close(ready)
    os.close(writing)
    assert os.read(begun, 1) == b"!"
    os.kill(process, signal.SIGKILL)
    ended(process)
    read_all(begun, reading, patience=20)


def groups_of(supervisor: int) -> list[str]:
    return [path for parent in control_groups._parents().values() for path in os.listdir(parent)
            if path == f"{control_groups._PREFIX}{supervisor}"]  # fmt: skip


def test_the_control_group_is_removed(cell):
    cell.needs("cgroup")

    def work():
        daemon()
        return Path("/proc/self/cgroup").read_text()

    supervisor, reading, hears, errors = cell.start(work, without=("landlock",))
    answer = json.loads(read_all(reading, hears, errors)[0])
    ended(supervisor)
    assert f"{control_groups._PREFIX}{supervisor}" in answer
    assert groups_of(supervisor) == []


def test_the_group_of_a_killed_supervisor_is_removed_by_the_next(full_cell):
    full_cell.needs("cgroup")
    supervisor, _, hears, _ = pipes = full_cell.start(lambda: time.sleep(60))
    os.read(hears, 1 << 16)
    assert groups_of(supervisor)
    os.kill(supervisor, signal.SIGKILL)
    ended(supervisor)
    read_all(*pipes[1:])
    time.sleep(0.2)
    full_cell.run(lambda: "next")
    assert groups_of(supervisor) == []


def children_of(process: int) -> list[int]:
    return [int(name) for name in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_what_survives_supervisor_and_init_is_ended_by_the_next(cell):
    if cell.has("namespaces") or not cell.has("cgroup"):
        pytest.skip("in namespaces nothing survives the init; without a control group nobody knows what is left")

    supervisor, *pipes = start_with_daemons(cell)
    (init,) = children_of(supervisor)
    both = (supervisor, init)
    for process in both:
        # neither may have a moment to end anything
        os.kill(process, signal.SIGSTOP)
    for process in both:
        os.kill(process, signal.SIGKILL)
    assert ended(supervisor) == -signal.SIGKILL
    cell.run(lambda: "next")
    read_all(*pipes, patience=20)
    assert groups_of(supervisor) == []


# ---- what an exercise needs works


def python_for(cell: Cell) -> str:
    return sys.executable if cell.user == os.getuid() else "/usr/bin/python3"


def test_other_programs_threads_and_temporary_files_work(cell):
    python = python_for(cell)

    def work():
        found = []
        thread = threading.Thread(target=lambda: found.append("thread"))
        thread.start()
        thread.join()
        with tempfile.NamedTemporaryFile() as file, tempfile.TemporaryDirectory() as folder:
            file.write(b"x")
            found.append(Path(folder).is_dir())
            found.append(Path(os.environ["TMPDIR"], "own").write_text("x"))
        ran = subprocess.run([python, "-c", "print(6 * 7)"], capture_output=True, text=True, timeout=60)
        return [*found, ran.stdout, ran.stderr]

    assert cell.run(work).answer == ["thread", True, 1, "42\n", ""]


def test_numpy_pandas_and_matplotlib_work(cell):
    if cell.user != os.getuid():
        pytest.skip("this user cannot read the folder of this Python")
    if "cgroup" in cell.without:
        pytest.skip("as with a control group")
    import matplotlib

    cache = matplotlib.get_cachedir()
    program = (
        "import io, numpy, pandas, matplotlib; matplotlib.use('agg'); import matplotlib.pyplot as plt\n"
        "frame = pandas.DataFrame({'a': numpy.arange(5.0)}); frame.to_csv('out.csv')\n"
        "frame.plot(); plt.title('Vertrauen'); plt.savefig('out.png')\n"
        "print(pandas.read_csv('out.csv')['a'].sum())\n"
    )

    def work():
        os.environ |= {"MPLCONFIGDIR": cache, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        return [ran.returncode, ran.stdout, ran.stderr, Path("out.png").stat().st_size > 1000]

    result = cell.run(work, read=(*SYSTEM, *PYTHON, cache)).answer
    assert result[:2] == [0, "10.0\n"], result[2]
    assert result[3]


def run_python(cell: Cell, program: str) -> Outcome:
    python = python_for(cell)
    return cell.run(lambda: subprocess.run([python, "-c", program], capture_output=True, text=True).stdout)


def test_processes_of_multiprocessing_work(cell):
    program = (
        "import multiprocessing; forked = multiprocessing.get_context('fork')\n"
        "one, two = forked.Pipe(); child = forked.Process(target=two.send, args=('sent',))\n"
        "child.start(); child.join(); print(one.recv())"
    )
    assert run_python(cell, program).answer == "sent\n"


def test_locks_and_shared_memory_between_processes_work_in_namespaces(cell):
    cell.needs("namespaces")
    program = (
        "import multiprocessing; forked = multiprocessing.get_context('fork')\n"
        "with forked.Pool(2) as workers: print(workers.map(abs, [-1, -2]))\n"
        "from multiprocessing.shared_memory import SharedMemory\n"
        "memory = SharedMemory(create=True, size=10); memory.buf[0] = 7; print(memory.buf[0]); memory.unlink()"
    )
    assert run_python(cell, program).answer == "[1, 2]\n7\n"


# ---- what is said about it


def test_probe_says_what_jobs_get(cell):
    report = cell.run(lambda: "worked").report
    assert {layer: why for layer, why in report.items() if why != "switched off"} == {
        layer: why for layer, why in cell.available.items() if layer not in cell.without
    }


def test_probe_says_why_namespaces_are_missing(full_cell):
    """As in a container that allows none."""
    most = Path("/proc/sys/user/max_user_namespaces")
    if os.getuid() != 0 or not full_cell.has("namespaces"):
        pytest.skip("only root can set up a place where there are none")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            # a limit inside a namespace of its own, so that the machine keeps its own
            system_call("unshare", 0x10000000)
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text("0 0 1")
            Path("/proc/self/gid_map").write_text("0 0 1")
            most.write_text("0")
            system_call("prctl", 24, 21, 0, 0, 0)
            system_call("prctl", 47, 4, 0, 0, 0)
            drop_administration()
            from autograder.sandbox import probing

            probing._probe.cache_clear()
            os.write(writing, json.dumps(probe()).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    found = json.loads(read_all(reading)[0])
    ended(child)
    assert found["namespaces"]
    assert found["landlock"] == full_cell.available["landlock"]
    assert any(found["namespaces"] in sentence for sentence in missing_protections(found))


def drop_administration() -> None:
    """Give up the capability that making namespaces needs."""
    from autograder.sandbox import system_calls

    system_calls.drop_capabilities()


def test_every_missing_layer_has_its_sentence():
    assert missing_protections(dict.fromkeys(LAYERS, "")) == []
    nothing = missing_protections(dict.fromkeys(LAYERS, "too old"))
    assert len(nothing) == len(LAYERS)
    assert all("too old" in sentence for sentence in nothing)
    assert "gradebook" in " ".join(nothing)
    walled = missing_protections({**dict.fromkeys(LAYERS, ""), "landlock": "too old"})
    assert len(walled) == 1
    assert "gradebook" not in walled[0]


def test_a_policy_that_cannot_be_meant_is_refused():
    with pytest.raises(ValueError, match="absolute"):
        Policy(("usr",), "/tmp/x", LIMITS)
    with pytest.raises(ValueError, match="name the folders"):
        Policy(("/",), "/tmp/x", LIMITS)
    with pytest.raises(ValueError, match="no layer magic"):
        Policy((), "/tmp/x", LIMITS, ("magic",))


def test_it_can_be_imported_where_there_is_no_linux():
    program = (
        "import sys; sys.platform = 'win32'\n"
        "sys.modules.update(dict.fromkeys(('resource', 'fcntl', 'pwd', 'grp', 'termios')))\n"
        "import signal; [delattr(signal, name) for name in ('sigtimedwait', 'SIGCHLD', 'SIGXCPU', 'pthread_sigmask')]\n"
        "import os; [delattr(os, name) for name in ('fork', 'O_PATH', 'sendfile', 'getuid') if hasattr(os, name)]\n"
        "from autograder import sandbox; print(set(sandbox.probe().values()))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stdout == "{'this is not Linux'}\n", ran.stderr
