"""The grading side of the fork server: starts it, opens rooms, and runs a hand-in with its tests."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import math
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.running.channel import BadMessage, Channel, ChannelClosed, ChannelTimeout, pair

if TYPE_CHECKING:
    from autograder.running.cells import Assignment

_GRACE = 2.0
"""Seconds that a cell has to end after it was interrupted."""
_LAST_WORD = 0.5
"""Seconds in which a supervisor says which limit ended a hand-in."""
_START = 120.0
"""Seconds that a room has to get ready, and a process to start."""
_MOST_OUTPUTS = 400
"""Most outputs of one cell that are kept."""
MOST_OUTPUT = 1_000_000
"""Most characters of one cell's outputs that are kept."""
_MOST_FRAMES, _LONGEST_FRAME = 12, 4_000
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_FRAME_HEAD = re.compile(r"Cell In\s?\[\d{1,5}\], line \d{1,5}(?:, in [\w<>.]{1,60}\([\w, =*]{0,120}\))?")
_GUTTER = re.compile(r"\s*(?:-+> ?)?\d+ ?")
_DEEPEST = 40
"""How deeply the data of an output may be nested."""
SEED_VARIABLE = "TRUSTKIT_GRADING_SEED_FILE"
"""The environment variable that names the file with the class's grading seed."""
RAISED_IN_HAND_IN = "In the code that was handed in:\n"
"""In the traceback of an error of a test: the trainee's code raised it, and its message may be anything."""
PRINTED_BY_HAND_IN = "trustkit_printed_by_hand_in"
"""In the metadata of an output of a test: what the trainee's function put out, not the test."""

SLOW = "This cell took longer than {seconds:g} seconds and was stopped."
SLOW_ALL = "The notebook took longer than {seconds:g} seconds in all and was stopped here."
DIED = "The notebook's process ended here: its code ended Python."
ENDED = "its code ended Python."
_OVER = {
    "memory": "The notebook was stopped here: it used more memory than a hand-in may.",
    "cpu_seconds": "The notebook was stopped here: it used more processor time than a hand-in may.",
    "processes": "The notebook was stopped here: it started more processes than a hand-in may.",
    "scratch_bytes": "The notebook was stopped here: it wrote more to disk than a hand-in may.",
    "file_bytes": "The notebook was stopped here: it wrote a larger file than a hand-in may.",
}
NOT_RUN = "Not run, because the notebook's process had ended before."

_server: socket.socket | None = None
_server_pid = 0
_process: subprocess.Popen | None = None
_lock = threading.RLock()
_opened: set[str] = set()
_passed_on: dict[str, str] = {}


class CannotRun(Exception):
    """A hand-in could not be run, through no fault of the trainee; the message is for the instructor."""


@dataclass(frozen=True)
class Context:
    """Where and how a hand-in is run.

    Attributes:
        scratch: the folder in which the trainee's code works; its own copy of what was handed in.
        folder: what was handed in beside the notebook, for the tests.
        policy: what the processes may do, see `autograder.running.confined`.
        environment: environment variables of the hand-in's process; it has no others.
        secrets: environment variables of the judge.
        timeout: seconds that a cell, or a call of a function by a test, may take.
        timeout_all: seconds that all of the trainee's cells may take together, and all answers to the tests.
        judge_mb: most memory of the judge, in megabytes.
    """

    scratch: str
    folder: str
    policy: dict[str, Any]
    environment: dict[str, str]
    secrets: dict[str, str]
    timeout: float = 60.0
    timeout_all: float = 300.0
    judge_mb: int = 4096


@dataclass
class CellRun:
    """What came of one code cell.

    Attributes:
        outputs: as notebooks store them.
        count: its number in the order of running.
        stopped: what was stopped, or ended its own process, in sentences for the instructor; nothing that the
            trainee's code says comes in here.
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    count: int | None = None
    stopped: list[str] = field(default_factory=list)

    def stop(self, name: str, why: str) -> None:
        """Note why the cell, or something in it, was stopped, and end its outputs with an error that says so."""
        self.stopped.append(why)
        self.outputs.append(error_output(name, why, [why]))


def use_server(own: socket.socket) -> None:
    """Use a server that is there already, through this socket."""
    global _server, _server_pid
    _server, _server_pid = own, os.getpid()


def start_server() -> socket.socket:
    """Return the socket to the server, starting it when this process has none."""
    global _process, _passed_on
    with _lock:
        passed_on = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
        if _server is not None and _server_pid == os.getpid():
            if _process is None or (_process.poll() is None and passed_on == _passed_on):
                return _server
            # it has ended, or it belongs to another course
            stop_server()
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # The server and everything forked from it without more is as good as public: it gets no secret to begin with.
        _passed_on = passed_on
        environment = passed_on | ONE_THREAD
        _process = subprocess.Popen(
            [sys.executable, "-P", "-m", "autograder.running.fork_server", str(theirs.fileno())],
            pass_fds=(theirs.fileno(),), env={**environment, "PYTHONUTF8": "1", **_FORKED_OFTEN}, cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("TRUSTKIT_TRACE") else subprocess.DEVNULL,
        )  # fmt: skip
        theirs.close()
        _opened.clear()
        use_server(mine)
        atexit.register(stop_server)
        return mine


def stop_server() -> None:
    """Let the server and its rooms end; workers end when they have finished."""
    global _server, _process
    with _lock:
        if _server is not None and _server_pid == os.getpid():
            _server.close()
            if _process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    _process.wait(timeout=5)
        _server = _process = None
        _opened.clear()


ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Several hand-ins are graded at once: threads of the linear algebra in each would only fight for processors."""
_FORKED_OFTEN = {
    "MALLOC_MMAP_THRESHOLD_": str(64 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(512 << 20),
    "MALLOC_TOP_PAD_": str(16 << 20),
}
"""Memory that is used again, not given back and fetched anew: each new page costs a forked process a fault."""
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "TRUSTKIT_HOME", "TRUSTKIT_TRACE")


def ask_server(message: dict[str, Any], sockets: Sequence[socket.socket]) -> None:
    """Send the server a message with the other ends of our sockets, which are closed here.

    Raises:
        CannotRun: the server has ended.
    """
    from autograder.running.fork_server import send_descriptors

    global _server
    server = start_server()
    try:
        send_descriptors(server, message, [one.fileno() for one in sockets])
    except OSError as error:
        # it has ended: the next call starts another
        _server = None
        raise CannotRun(f"The grading process could not be reached ({error.strerror}). Grade again.") from None
    finally:
        for one in sockets:
            one.close()


def open_room(kind: str, spec: dict[str, Any]) -> str:
    """Return the name of the room with this content, opening it when there is none.

    Args:
        kind: "stage" or "judge".
        spec: what the room is made from.
    """
    name = kind + hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()
    if name not in _opened:
        mine, theirs = pair()
        ask_server({"do": "open", "room": name, "kind": kind}, [theirs])
        # Another worker may have opened it: then nobody listens, and the room is there all the same.
        with contextlib.suppress(ChannelClosed):
            mine.send(spec, deadline=time.monotonic() + _START)
        mine.close()
        _opened.add(name)
    return name


def forget_rooms() -> None:
    """Open every room anew when it is next needed: the server closes those that have not been used for long."""
    _opened.clear()


class Job:
    """One hand-in being run and tested.

    Use it with `with`: leaving it ends every process of the hand-in, whatever they do.

    Args:
        assignment: what its source says.
        context: where and how to run it.
        last: whether a process of the tests that ends is the tests' own doing, because it has ended before.
    """

    def __init__(self, assignment: Assignment, context: Context, *, last: bool = False):
        self._assignment, self._context, self._last = assignment, context, last
        self._cells: Sequence[tuple[int, str | None]] = ()
        self._life: socket.socket | None = None
        self._judge: Channel | None = None
        self._snapshots: dict[int, Channel] = {}
        self._paused: set[int] = set()
        self._kept: set[int] = set()
        self._unheard: set[int] = set()
        self._careful = False
        # the hand-in's process, before its time and not at a limit: by itself, or by something else
        self._ended = False
        self._left = context.timeout_all
        self._lines: frozenset[str] = frozenset()

    def __enter__(self) -> Job:
        return self

    def __exit__(self, *_: object) -> None:
        self._end_hand_in()
        if self._judge is not None:
            self._judge.close()

    def _end_hand_in(self) -> None:
        for one in (self._life, *self._snapshots.values()):
            if one is not None:
                one.close()
        self._life = None
        self._snapshots.clear()
        self._paused.clear()
        self._kept.clear()

    # ------------------------------------------------------------------ the trainee's cells

    def run(self, cells: Sequence[tuple[int, str | None]]) -> dict[int, CellRun]:
        """Run the trainee's cells and get ready to answer each test as at its place.

        Args:
            cells: number and source of each code cell, in order; a test has no source.

        Returns:
            What came of each cell by its number; a test has no outputs so far.

        Raises:
            CannotRun: the process could not be started.
        """
        self._cells = cells
        self._lines = frozenset(line.strip() for _, source in cells for line in (source or "").split("\n"))
        runs = self._run()
        if self._ended:
            # By the hand-in itself, or by something else, a machine short of memory for one: the second time it is the
            # hand-in.
            self._cells = cells
            runs = self._run_again()
        return runs

    def _run(self) -> dict[int, CellRun]:
        context, cells = self._context, self._cells
        own = [source for _, source in cells if source is not None]
        opening = list(self._assignment.opening)
        done = len(opening) if own[: len(opening)] == opening else 0
        stage = open_room("stage", {"modules": self._assignment.modules, "opening": opening if done else []})
        # It gets ready while the cells run.
        self._judges_room()
        control, control_theirs = pair()
        self._life, life_theirs = socket.socketpair()
        theirs = [life_theirs, control_theirs]
        for number, source in cells:
            if source is None:
                self._snapshots[number], other = pair()
                theirs.append(other)
        message = {"do": "job", "room": stage, "policy": context.policy, "environment": context.environment}
        ask_server(message, theirs)
        runs = {number: CellRun() for number, _ in cells}
        job = {
            "cells": list(cells), "done": done, "path": context.scratch, "timeout": context.timeout,
            "careful": self._careful,
        }  # fmt: skip
        begun = time.monotonic()
        try:
            with contextlib.suppress(ChannelClosed):
                control.send(job, deadline=begun + _START)
            self._listen(control, runs, [number for number, source in cells if source is not None])
        finally:
            control.close()
        # Where no process was left nobody answers; what else holds the socket must not be waited for.
        missing = sorted(self._snapshots.keys() - self._paused - self._kept - self._unheard)
        for number in missing:
            self._snapshots[number].close()
        if missing and not any(run.stopped for run in runs.values()):
            runs[missing[0]].stopped.append(DIED)
            self._ended = True
        return runs

    def _run_again(self) -> dict[int, CellRun]:
        """Run the cells once more, with a process of its own for each test: the one for all is of no use any more."""
        self._end_hand_in()
        self._unheard.clear()
        self._careful, self._ended = True, False
        return self._run()

    def _break_off(
        self, runs: dict[int, CellRun], current: int | None, waiting: list[int], name: str, why: str
    ) -> None:  # fmt: skip
        """Note in the cell that was running why it ended, and in the cells after it that they did not run."""
        if current is not None:
            runs[current].stop(name, why)
            self._ended = why is DIED
        for number in waiting:
            runs[number].outputs = [error_output("NotRunError", NOT_RUN, [NOT_RUN])]
        self._lose_kept()
        # Tests before that cell can be answered once more, and it must not hold up the cells again.
        places = [number for number, _ in self._cells]
        if (end := current if current is not None else next(iter(waiting), None)) is not None:
            self._cells = self._cells[: places.index(end)]

    def _lose_kept(self) -> None:
        """Note that the process that was to answer several tests is of no use any more."""
        self._unheard |= self._kept
        self._kept.clear()

    def _listen(self, control: Channel, runs: dict[int, CellRun], waiting: list[int]) -> None:
        """Take in what the cells put out, in the order in which they run, and stop what does not end.

        What comes may be anything: only outputs of the trainee's own cells are taken, and of each cell once.
        """
        context = self._context
        current: int | None = None
        deadline, last = time.monotonic() + _START, 0.0
        interrupted, size = False, 0
        while True:
            try:
                message, _ = control.receive(min(deadline, last) if last else deadline)
            except ChannelTimeout:
                if not last:
                    raise CannotRun("The process for the hand-in did not start in time. Grade again.") from None
                if current is not None and not interrupted and time.monotonic() < last:
                    self._interrupt()
                    interrupted, deadline = True, time.monotonic() + _GRACE
                    continue
                # What goes on nevertheless is heard no more; it ends with the last test.
                why = SLOW if time.monotonic() < last else SLOW_ALL
                seconds = context.timeout if why is SLOW else context.timeout_all
                return self._break_off(runs, current, waiting, "CellTimeoutError", why.format(seconds=seconds))
            except (ChannelClosed, BadMessage):
                word = self._last_word()
                if not last:
                    raise CannotRun(f"The hand-in was not run: {word or 'its process ended at once'}.") from None
                return self._break_off(runs, current, waiting, "DeadProcessError", _OVER.get(word, DIED))
            if not last:
                last = time.monotonic() + context.timeout_all
                deadline = last
            paused, kept = _number(message.get("paused")), _number(message.get("kept"))
            if "begin" in message and waiting and message["begin"] == waiting[0]:
                current, size, interrupted = waiting.pop(0), 0, False
                deadline = time.monotonic() + context.timeout
            elif "output" in message and current is not None:
                size += take_output(runs[current], message["output"], size)
            elif "clear" in message and current is not None:
                runs[current].outputs.clear()
            elif "end" in message and message["end"] == current and current is not None:
                if interrupted:
                    runs[current].stop("CellTimeoutError", SLOW.format(seconds=context.timeout))
                runs[current].count = _number(message.get("count"))
                current, deadline = None, last
            elif paused in self._snapshots:
                self._paused.add(paused)
                runs[paused].count = _number(message.get("count"))
            elif kept in self._snapshots and not self._careful:
                self._kept.add(kept)
                runs[kept].count = _number(message.get("count"))
            elif "done" in message:
                if waiting:
                    return self._break_off(runs, current, waiting, "DeadProcessError", DIED)
                return None

    def _interrupt(self) -> None:
        with contextlib.suppress(OSError):
            self._life.send(b"i", socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)

    def _last_word(self) -> str:
        """Return what the supervisor says about a process that has ended: the limit that ended it, if one did."""
        self._life.settimeout(_LAST_WORD)
        try:
            return self._life.recv(4000).decode("utf-8", "replace")
        except OSError:
            return ""

    # ------------------------------------------------------------------ the tests

    def test(self, number: int, name: str, source: str) -> CellRun:
        """Run a test and return what came of it.

        Args:
            number: the number of its cell, as given to `run`.
            name: its name (grade id).
            source: its source, hidden parts included.

        Raises:
            CannotRun: the judge could not be started, or it ended and may do better in another try.
        """
        if number in self._unheard:
            self._run_again()
        run = self._test(number, name, source)
        if number in self._unheard or (self._ended and not self._careful):
            # The process may serve other tests too: whether it ended through this one shows when this one has its own.
            self._run_again()
            run = self._test(number, name, source)
        return run

    def _test(self, number: int, name: str, source: str) -> CellRun:
        context, run = self._context, CellRun()
        begun = self._judge is not None
        if not begun:
            self._start_judge()
        size, heard = 0, False
        deadline = time.monotonic() + context.timeout + (0 if begun else _START)
        try:
            request = {
                "test": name, "source": source, "seconds": deadline - time.monotonic(),
                "seconds_after": context.timeout, "memory_mb": context.judge_mb,
            }  # fmt: skip
            self._judge.send(request, deadline=deadline)
            while True:
                message, body = self._judge.receive(deadline)
                heard = True
                if "problem" in message:
                    raise CannotRun(
                        f"The given cells of the assignment fail: {message['problem']}. Correct its source and "
                        "release it again."
                    )
                if "tested" in message:
                    return run
                if "verdict" in message:
                    # kept in any case: without its error a test would count as passed
                    run.outputs.append(_clean(message["verdict"]))
                elif "output" in message:
                    size += take_output(run, message["output"], size)
                elif "ask" in message:
                    reply, value = self._relay(number, message, body, run)
                    printed = reply.pop("printed", ())
                    for output in printed if isinstance(printed, list) else ():
                        if isinstance(output, dict) and output.get("output_type") in ("stream", "display_data"):
                            size += take_output(run, _as_printed(output), size)
                    deadline = time.monotonic() + context.timeout
                    self._judge.send(reply, value, deadline)
        except (ChannelTimeout, ChannelClosed) as error:
            self._judge.close()
            self._judge = None
            slow = isinstance(error, ChannelTimeout)
            if not slow and not (self._last and (begun or heard)):
                raise CannotRun("The process for the tests could not be started. Grade again.") from None
            why = f"took longer than {context.timeout:g} seconds" if slow else "ended its own process"
            run.stop("CellTimeoutError" if slow else "DeadProcessError", f"The check {name} {why}.")
            return run

    def _seed(self) -> str | None:
        """Return the seed of the hidden data: what is worked out from it holds for the class."""
        try:
            return Path(self._context.secrets[SEED_VARIABLE]).read_text(encoding="utf-8")
        except (KeyError, OSError, ValueError):
            # tests that need it say what is wrong
            return None

    def _judges_room(self) -> str:
        assignment = self._assignment
        spec = {
            "modules": assignment.modules, "given": assignment.given, "of_tests": assignment.of_tests,
            "tests": dict(assignment.tests), "seed": self._seed(),
        }  # fmt: skip
        return open_room("judge", spec)

    def _start_judge(self) -> None:
        room = self._judges_room()
        self._judge, theirs = pair()
        message = {"do": "job", "room": room, "folder": self._context.folder, "environment": self._context.secrets}
        ask_server(message, [theirs])

    def _relay(self, number: int, ask: dict[str, Any], body: bytes, run: CellRun) -> tuple[dict[str, Any], bytes]:
        """Hand a question to the hand-in's process, and its answer back unread."""
        begun, name, timeout = time.monotonic(), ask["name"], self._context.timeout
        snapshot = self._snapshots.get(number)
        deadline = begun + min(timeout, self._left)
        try:
            if snapshot is None or snapshot.fileno() < 0:
                return _refusal("RuntimeError", f"{name} could not be called: {NOT_RUN}"), b""
            snapshot.send(ask, body, deadline)
            reply, value = snapshot.receive(deadline)
            if isinstance(reply.get("error"), dict):
                reply["error"]["traceback"] = self._own_frames(reply["error"].get("traceback"))
            return reply, value
        except ChannelTimeout:
            why = f"{name} took longer than {timeout:g} seconds and was stopped."
            if time.monotonic() < begun + timeout:
                in_all = self._context.timeout_all
                why = f"{name} was stopped: what the checks called took longer than {in_all:g} seconds in all."
            refusal = _refusal("TimeoutError", why)
        except (ChannelClosed, OSError):
            refusal = _refusal("RuntimeError", f"{name} could not be called: {ENDED}")
            self._ended = True
        except BadMessage as error:
            refusal = _refusal("ValueError", f"{name} gave no usable answer: {error}.")
        finally:
            self._left = max(0.0, self._left - (time.monotonic() - begun))
        # what it says later must not be taken for the answer to something else
        snapshot.close()
        if number in self._kept:
            if refusal["error"]["name"] == "TimeoutError":
                # asked once more it would take as long again
                self._kept.discard(number)
            self._lose_kept()
        run.stopped.append(refusal["error"]["message"])
        return refusal, b""

    def _own_frames(self, frames: Any) -> list[str]:
        """Return the frames of an error that show the trainee's own cells, and nothing else that was written there.

        What a hidden test handed over could otherwise leave with them, page after page.
        """
        kept = []
        for frame in frames[-_MOST_FRAMES:] if isinstance(frames, list) else ():
            rows = [_ANSI.sub("", row) for row in str(frame)[:_LONGEST_FRAME].split("\n")]
            if _FRAME_HEAD.fullmatch(rows[0].strip()):
                kept.append("\n".join([rows[0], *(row for row in rows[1:] if self._is_own(row)), ""]))
        return kept

    def _is_own(self, row: str) -> bool:
        return row.strip() in self._lines or _GUTTER.sub("", row, count=1).strip() in self._lines


def take_output(run: CellRun, output: Any, size: int) -> int:
    """Add an output to a cell, unless it is none or the cell has put out too much; return its size.

    Args:
        output: what a process that nobody trusts says it put out.
        size: characters that the cell has put out before.
    """
    if not isinstance(output, dict):
        return 0
    clean = _clean(output)
    more = len(json.dumps(clean)) if clean else 0
    last = run.outputs[-1] if run.outputs else {}
    if not clean or size > MOST_OUTPUT or len(run.outputs) >= _MOST_OUTPUTS:
        if clean and clean["output_type"] == "error" and last.get("output_type") != "error":
            # how it ended is worth more than all that came before
            name, value = clean["ename"], clean["evalue"][:_LONGEST_FRAME]
            run.outputs.append(error_output(name, value, [f"{name}: {value}"]))
        return more
    if clean["output_type"] == "stream":
        clean["text"] = clean["text"][: max(0, MOST_OUTPUT - size)]
        if last.get("output_type") == "stream" and last["name"] == clean["name"]:
            last["text"] += clean["text"]
            clean = {}
    elif more > MOST_OUTPUT:
        clean = {}
    if clean:
        run.outputs.append(clean)
    if size + more > MOST_OUTPUT or len(run.outputs) >= _MOST_OUTPUTS:
        cut = {"output_type": "stream", "name": "stdout", "text": "\n(The rest of this output was cut off.)\n"}
        run.outputs.append(cut)
        return MOST_OUTPUT + 1
    return more


def error_output(name: str, value: str, traceback: list[str]) -> dict[str, Any]:
    """Return an error as notebooks store it."""
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": traceback}


def _clean(output: dict[str, Any]) -> dict[str, Any] | None:
    """Return an output in the form that notebooks know, or None."""
    kind = output.get("output_type")
    if kind == "stream":
        name = output.get("name") if output.get("name") in ("stdout", "stderr") else "stdout"
        return {"output_type": kind, "name": name, "text": _text(output.get("text", ""))}
    if kind == "error":
        frames = output.get("traceback")
        frames = [_text(one) for one in frames] if isinstance(frames, list) else []
        return error_output(_text(output.get("ename", ""))[:200], _text(output.get("evalue", "")), frames)
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return None
    metadata = output.get("metadata") if isinstance(output.get("metadata"), dict) else {}
    data = {
        _text(mime): _data(value) if mime == "application/json" or mime.endswith("+json") else _text(value)
        for mime, value in data.items()
    }
    clean = {"output_type": kind, "data": data, "metadata": _data(metadata)}
    return clean | ({"execution_count": _number(output.get("execution_count"))} if kind == "execute_result" else {})


def _text(value: Any) -> str:
    """Return a text that can be written to a file: half of a surrogate pair cannot."""
    text = value if isinstance(value, str) else str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _data(value: Any, depth: int = 0) -> Any:
    """Return JSON that every reader of notebooks takes: no NaN, no half characters, nothing nested without end."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if not isinstance(value, list | dict):
        return value
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return [_data(one, depth + 1) for one in value]
    return {_text(key): _data(one, depth + 1) for key, one in value.items()}


def _as_printed(output: dict[str, Any]) -> dict[str, Any]:
    """Return what a trainee's function put out during a test so that it can be told from what the test put out."""
    data = {"text/plain": output.get("text", "")} if output["output_type"] == "stream" else output.get("data")
    return {"output_type": "display_data", "data": data, "metadata": {PRINTED_BY_HAND_IN: True}}


def _refusal(name: str, message: str) -> dict[str, Any]:
    return {"is": "error", "error": {"name": name, "kinds": [name], "message": message, "traceback": []}}


def _number(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 2**31 else None
