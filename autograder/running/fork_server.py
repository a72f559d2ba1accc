"""A warm process that grading processes are forked from, so that nobody waits for imports or does work twice.

It loads nbgrader, IPython, pandas and matplotlib once and then does nothing but fork, told by the process that started
it and by the workers it forked. Three kinds of processes come out of it:

- a *worker* runs nbgrader's steps for a class;
- a *stage* is a process for one assignment in which its opening cells have been run; each hand-in is a fork of it;
- a *judge's room* is a process for one assignment in which its given cells have been run and its hidden data are
  kept; the judge of each hand-in is a fork of it.

The server itself and the stages never learn a secret: no configuration, no gradebook, no seed, no test.
"""

from __future__ import annotations

import array
import ast
import contextlib
import ctypes
import gc
import importlib
import json
import os
import select
import selectors
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from autograder import lean_imports  # noqa: F401  (must come before nbformat)

_MOST_MESSAGE = 150_000
_MOST_DESCRIPTORS = 250
_MOST_ROOMS = 8
_LARGE_PAGE = 2 << 20
_MADV_COLLAPSE = 25
INLINE = "module://matplotlib_inline.backend_inline"


def main() -> None:
    """Serve on the socket whose descriptor is the first argument, until the other side closes it."""
    own = socket.socket(fileno=int(sys.argv[1]))
    # matplotlib reads it when it is imported
    os.environ["MPLBACKEND"] = INLINE
    warm_up()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Server(own).serve()


def warm_up() -> None:
    """Import what every grading process needs, and make the calls that load the rest."""
    gc.disable()
    for name in (
        "nbgrader.apps.api", "IPython.core.interactiveshell", "IPython.core.completer", "numpy", "pandas",
        "matplotlib.pyplot", "matplotlib_inline.backend_inline", "autograder.data_checks", "autograder.role_play",
        "autograder.execute", "autograder.running.submission", "autograder.running.judge", "trustkit.data",
    ):  # fmt: skip
        importlib.import_module(name)
    _calm_down()
    _use_large_pages()


class _Server:
    """The server's loop: one socket to the process that started it, one to each worker, one to each room."""

    def __init__(self, own: socket.socket):
        self._own = own
        self._rooms: dict[str, tuple[socket.socket, int]] = {}
        self._selector = selectors.DefaultSelector()
        self._clients = {own}
        self._selector.register(own, selectors.EVENT_READ)

    def serve(self) -> None:
        while True:
            for key, _ in self._selector.select():
                self._forget_ended_rooms()
                self._hear(key.fileobj)

    def _forget_ended_rooms(self) -> None:
        ended = set()
        with contextlib.suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                ended.add(pid)
        for name in [name for name, (_, pid) in self._rooms.items() if pid in ended]:
            self._rooms.pop(name)[0].close()

    def _hear(self, client: socket.socket) -> None:
        try:
            message, descriptors = receive_descriptors(client)
        except (EOFError, OSError):
            self._drop(client)
            return
        try:
            if message["do"] == "worker":
                self._fork_worker(message["root"], descriptors)
            elif message["do"] == "open":
                self._open(message["room"], message["kind"], descriptors)
            elif message["do"] == "job" and message["room"] in self._rooms:
                with contextlib.suppress(OSError):
                    send_descriptors(self._rooms[message["room"]][0], message, descriptors)
        finally:
            for one in descriptors:
                os.close(one)

    def _drop(self, client: socket.socket) -> None:
        if client is self._own:
            # Rooms and workers see their own sockets close and end when they have finished.
            os._exit(0)
        self._selector.unregister(client)
        self._clients.discard(client)
        client.close()

    def _fork_worker(self, root: str, descriptors: list[int]) -> None:
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork():
            theirs.close()
            self._clients.add(mine)
            self._selector.register(mine, selectors.EVENT_READ)
            return
        _in_child([*self._sockets(), mine], lambda: _worker(Path(root), descriptors, theirs))

    def _open(self, name: str, kind: str, descriptors: list[int]) -> None:
        if name in self._rooms:
            return
        if len(self._rooms) >= _MOST_ROOMS:
            oldest = next(iter(self._rooms))
            self._rooms.pop(oldest)[0].close()
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid:
            theirs.close()
            self._rooms[name] = (mine, pid)
            return
        rooms = {"stage": _stage, "judge": _judges}
        _in_child([*self._sockets(), mine], lambda: rooms[kind](theirs, descriptors))

    def _sockets(self) -> list[socket.socket]:
        return [*self._clients, *(one for one, _ in self._rooms.values())]


def _in_child(others: list[socket.socket], work: Callable[[], None]) -> NoReturn:
    """Do the work of a freshly forked process and end it."""
    for one in others:
        one.close()
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        # standard error is where the server's own goes: a log for whoever looks for a fault
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


# ---------------------------------------------------------------------- workers


def _worker(root: Path, descriptors: list[int], server: socket.socket) -> None:
    from autograder import worker
    from autograder.running import client

    gc.enable()
    client.use_server(server)
    worker.serve_socket(root, socket.socket(fileno=descriptors[0]))


# ---------------------------------------------------------------------- rooms


def _stage(door: socket.socket, descriptors: list[int]) -> None:
    """Prepare a stage as its first message says, then fork a hand-in for each job."""
    from autograder.running import shell as shells
    from autograder.running.channel import Channel

    spec = Channel(socket.socket(fileno=descriptors[0]))
    told, _ = spec.receive()
    spec.close()
    _import(told["modules"])
    shell = shells.make_shell()
    outputs = [_run_opening(shell, source) for source in told["opening"]]
    _calm_down()
    _serve_jobs(door, lambda message, own: _hand_in(message, own, shell, outputs), life_lines=True)


def _run_opening(shell: Any, source: str) -> list[dict[str, Any]]:
    from autograder.running import shell as shells

    heard: list[dict[str, Any]] = []
    before = sys.stdout, sys.stderr
    shells.listen(heard.append)
    try:
        shells.run_cell(shell, source)
    finally:
        sys.stdout, sys.stderr = before
    return [one["output"] for one in heard if "output" in one]


def _hand_in(message: dict[str, Any], descriptors: list[int], shell: Any, opened: list) -> None:
    """Become the supervisor of one hand-in: sockets are the life line, the outputs, then one for each test."""
    from autograder.running.confined import run_confined
    from autograder.running.submission import run_submission

    life = socket.socket(fileno=descriptors[0])
    sockets = [socket.socket(fileno=one) for one in descriptors[1:]]
    environment = {**message["environment"], "MPLBACKEND": INLINE}
    run_confined(
        message["policy"], life, descriptors[1:],
        lambda: run_submission(sockets[0], sockets[1:], shell, opened), environment,
    )  # fmt: skip


def _judges(door: socket.socket, descriptors: list[int]) -> None:
    """Prepare a judge's room as its first message says, then fork a judge for each job."""
    from autograder.data_checks import hidden_frames_kept, keep_hidden_frames
    from autograder.running.channel import Channel
    from autograder.running.judge import GivenCells, run_judge, working_folder
    from autograder.running.prepared import prepare

    spec = Channel(socket.socket(fileno=descriptors[0]))
    told, _ = spec.receive()
    spec.close()
    _import(told["modules"])
    problem, given = "", None
    import matplotlib

    matplotlib.use("agg")
    try:
        given = GivenCells(told["given"], told["of_tests"])
        with _seed_in_file(told["seed"]):
            given.prepared = prepare(told["tests"], given)
        given.tables.keep(one for test in given.prepared.values() for one in test.names.values())
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    _calm_down()

    learn, teach = os.pipe()

    def judge(message: dict[str, Any], own: list[int]) -> None:
        channel = Channel(socket.socket(fileno=own[0]))
        if given is None:
            channel.send({"problem": problem})
            return
        working_folder(message["folder"], message["environment"])
        before = set(hidden_frames_kept())
        run_judge(channel, given)
        if new := [one for one in hidden_frames_kept() if one not in before]:
            os.write(teach, repr(new).encode()[: select.PIPE_BUF])

    def learned() -> None:
        # The first judge had to make the hidden data; every later one finds them here.
        with contextlib.suppress(ValueError, SyntaxError):
            frames = keep_hidden_frames(ast.literal_eval(os.read(learn, select.PIPE_BUF).decode()))
            given.tables.keep(frames)
            _calm_down()

    _serve_jobs(door, judge, beside=(learn, learned))


@contextlib.contextmanager
def _seed_in_file(seed: str | None) -> Iterator[None]:
    """Let tests find the seed where they look for it: in a file that an environment variable names."""
    from autograder.running.client import SEED_VARIABLE

    if seed is None:
        yield
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(seed)
        file.flush()
        os.environ[SEED_VARIABLE] = file.name
        yield
    del os.environ[SEED_VARIABLE]


def _serve_jobs(
    door: socket.socket, work: Callable[[dict[str, Any], list[int]], None], *, life_lines: bool = False,
    beside: tuple[int, Callable[[], None]] | None = None,
) -> None:  # fmt: skip
    """Fork for each job that comes through the door, until it is closed.

    Args:
        door: where jobs come from.
        work: what the forked process does.
        life_lines: whether the first descriptor of a job is its life line: a byte there interrupts the job's process,
            and its end ends it.
        beside: a descriptor, and what to do when there is something to read from it.
    """
    selector = selectors.DefaultSelector()
    selector.register(door, selectors.EVENT_READ)
    if beside:
        selector.register(beside[0], selectors.EVENT_READ)
    jobs: dict[socket.socket, int] = {}
    ending: list[int] = []
    if not life_lines:
        # nobody asks how a judge ended
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        for key, _ in selector.select():
            ending = [pid for pid in ending if os.waitpid(pid, os.WNOHANG) == (0, 0)]
            line = key.fileobj
            if beside and line == beside[0]:
                beside[1]()
                continue
            if line is not door:
                word = _heard(line)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(jobs[line], signal.SIGINT if word else signal.SIGTERM)
                if not word:
                    selector.unregister(line)
                    ending.append(jobs.pop(line))
                    line.close()
                continue
            try:
                message, descriptors = receive_descriptors(door)
            except (EOFError, OSError):
                return
            pid = os.fork()
            if pid == 0:
                gc.enable()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                _in_child([door, *jobs], lambda message=message, own=descriptors: work(message, own))
            if life_lines:
                line = socket.socket(fileno=os.dup(descriptors[0]))
                jobs[line] = pid
                selector.register(line, selectors.EVENT_READ)
            for one in descriptors:
                os.close(one)


def _heard(line: socket.socket) -> bytes:
    try:
        return line.recv(1)
    except OSError:
        return b""


def _import(modules: list[str]) -> None:
    for name in modules:
        # `from a import b` may name a thing as well as a module
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def _calm_down() -> None:
    """Make the process ready to be forked often: nothing for the collector to touch, so that memory stays shared."""
    gc.collect()
    gc.freeze()


def _use_large_pages() -> None:
    """Lay this process's memory out in pages of 2 MB where the system lets it: a fork copies a page table's rows.

    Without it (before Linux 6.1, or no such room in memory) forks take longer, and nothing else changes.
    """
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
        rows = [row.split() for row in maps]
    for row in rows:
        if row[1] == "rw-p" and row[5:] in ([], ["[heap]"]):
            begin, end = (int(one, 16) for one in row[0].split("-"))
            for place in range(-(-begin // _LARGE_PAGE) * _LARGE_PAGE, end - _LARGE_PAGE + 1, _LARGE_PAGE):
                madvise(place, _LARGE_PAGE, _MADV_COLLAPSE)


# ---------------------------------------------------------------------- small messages with descriptors


def send_descriptors(sock: socket.socket, message: dict[str, Any], descriptors: list[int]) -> None:
    """Send one small message with open descriptors over a packet socket."""
    packed = array.array("i", descriptors)
    sock.sendmsg([json.dumps(message).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, packed)])


def receive_descriptors(sock: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Return the next small message and the descriptors that came with it.

    Raises:
        EOFError: the other side has closed.
    """
    space = socket.CMSG_SPACE(_MOST_DESCRIPTORS * array.array("i").itemsize)
    data, ancillary, _, _ = sock.recvmsg(_MOST_MESSAGE, space)
    descriptors = array.array("i")
    for level, kind, packed in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(packed[: len(packed) - len(packed) % descriptors.itemsize])
    if not data:
        raise EOFError
    return json.loads(data), list(descriptors)


if __name__ == "__main__":
    main()
