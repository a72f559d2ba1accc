"""Runs nbgrader's steps for a class in processes of their own, told what to do by lines of JSON.

nbgrader changes the working folder and takes a second or more to load, so its steps never run in the
process of a page, a command or a test: they run here, one after the other, in as many processes as are useful.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.running import client
from autograder.running.channel import BadMessage, Channel, ChannelClosed, pair
from autograder.running.cluster import Cluster, ClusterError, cluster_address, relayed, serve_cluster, use_relay

MOST_WORKERS = 4
MOST_IN_FLIGHT = 16
"""Most hand-ins that are with a cluster at once, unless more are asked for: each has a process here that waits."""
NOTE = "For the instructor: "
"""How a grading step's log tells what an instructor should know of a hand-in."""


@dataclass(frozen=True)
class Task:
    """One step for one assignment, and for one student where the step is about a student.

    Attributes:
        step: "generate", "release", "collect", "submit", "autograde" or "feedback".
        folder: for "submit": the folder that holds the trainee's assignment folder.
        force: for "autograde": grade also what has not changed since it was graded.
    """

    step: str
    assignment: str
    student: str = ""
    folder: str = ""
    force: bool = True


@dataclass(frozen=True)
class Done:
    """What came of a task: whether it worked, and nbgrader's own log for the person who has to look."""

    task: Task
    ok: bool
    log: str = field(default="", repr=False)

    @property
    def notes(self) -> list[str]:
        """What an instructor should know of a hand-in that was graded."""
        begin = f"[WARNING] {NOTE}"
        return [line.removeprefix(begin).strip() for line in self.log.splitlines() if line.startswith(begin)]


def run_tasks(root: Path, tasks: Iterable[Task], workers: int | None = None) -> Iterator[Done]:
    """Run tasks in separate processes and yield each result as it comes.

    Args:
        root: the class instance's folder.
        tasks: the steps; with one worker they run in the given order.
        workers: number of processes; by default one for each processor, at most four, and never more than tasks. Where
            hand-ins are autograded on a cluster, by default as many as keep it busy, at most sixteen.

    Raises:
        autograder.running.cluster.ClusterError: the cluster that is to run the hand-ins cannot be used.
    """
    tasks = list(tasks)
    if not tasks:
        return
    address = cluster_address() if any(task.step == "autograde" for task in tasks) else ""
    with Cluster(address) if address else nullcontext() as cluster:
        yield from _run(root, tasks, workers, cluster)


def _run(root: Path, tasks: list[Task], workers: int | None, cluster: Cluster | None) -> Iterator[Done]:
    # On a cluster processes here have little to do: while some wait, one a processor gets the next hand-ins ready.
    useful = (os.cpu_count() or 1) + (cluster.threads() if cluster else 0)
    workers = max(1, min(workers or (MOST_IN_FLIGHT if cluster else MOST_WORKERS), useful, len(tasks)))
    waiting: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)
    finished: queue.SimpleQueue[Done | ClusterError] = queue.SimpleQueue()
    start = _Forked if sys.platform == "linux" else _Started
    processes = [start(root, cluster) for _ in range(workers)]
    threads = []
    for process in processes:
        waiting.put(None)
        threads.append(threading.Thread(target=_feed, args=(process, waiting, finished), daemon=True))
    try:
        for thread in threads:
            thread.start()
        for _ in tasks:
            done = finished.get()
            if isinstance(done, ClusterError):
                raise done
            yield done
    finally:
        for process in processes:
            process.close()


class _Forked:
    """A worker forked from the warm server: it is there at once and has nothing to load."""

    def __init__(self, root: Path, cluster: Cluster | None):
        self._root, self._cluster = root, cluster
        self._channel: Channel | None = None
        self.closed = False

    def _begin(self) -> Channel:
        channel, theirs = pair()
        client.ask_server({"do": "worker", "root": str(self._root)}, [theirs])
        # What the environment holds, a password of the database for one, goes to the worker alone.
        channel.send({"environment": environment(), "serves": "class"})
        self._channel = channel
        return channel

    def ask(self, task: Task) -> dict[str, Any] | None:
        """Return the answer to a task, or None when the process ended before; the next task gets another process."""
        try:
            # whoever stops everything takes it away meanwhile
            channel = self._channel or self._begin()
            channel.send(task.__dict__)
            while True:
                told, packed = channel.receive()
                if "run" not in told:
                    return told
                channel.send(*relayed(self._cluster, packed))
        except (ChannelClosed, BadMessage, OSError, client.CannotRun):
            self._hang_up()
            return None

    def _hang_up(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def close(self) -> None:
        self.closed = True
        self._hang_up()


class _Started:
    """A worker where processes cannot be forked: a new one that loads everything itself."""

    def __init__(self, root: Path, cluster: Cluster | None):
        # it speaks with the cluster itself
        self._root = root
        self._process: subprocess.Popen | None = None
        self.closed = False

    def _begin(self) -> subprocess.Popen:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "autograder.worker", str(self._root)], cwd=self._root, text=True,
            encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment(),
        )  # fmt: skip
        return self._process

    def ask(self, task: Task) -> dict[str, Any] | None:
        """Return the answer to a task, or None when the process ended before; the next task gets another process."""
        try:
            process = self._process or self._begin()
            process.stdin.write(json.dumps(task.__dict__) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except (BrokenPipeError, ValueError):
            line = ""
        if not line:
            self._hang_up()
            return None
        return json.loads(line)

    def _hang_up(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        self.closed = True
        self._hang_up()


def environment() -> dict[str, str]:
    """Return the environment variables of a process that grades."""
    # nbgrader's commands and the kernel must be those of this environment, whatever the shell's PATH is
    here = str(Path(sys.executable).parent)
    path = here + os.pathsep + os.environ.get("PATH", "")
    return {**client.ONE_THREAD, **os.environ, "PATH": path, "PYTHONUTF8": "1"}


def _feed(process: _Forked | _Started, waiting: queue.SimpleQueue, finished: queue.SimpleQueue) -> None:
    while (task := waiting.get()) is not None:
        try:
            answer = process.ask(task)
            if answer is None and not process.closed:
                # It may have been ended for no fault of this hand-in. One that ends its grading process does so again.
                answer = process.ask(task)
        except ClusterError as error:
            finished.put(error)
            return
        if answer is None:
            finished.put(Done(task, False, "The grading process ended before it finished. Grade again."))
        else:
            finished.put(Done(task, answer["ok"], answer["log"]))


def serve_socket(root: Path, own: socket.socket) -> None:
    """Do the tasks that arrive on a socket, or run what a cluster brings: the first message tells which.

    It also brings the environment. For a process forked from the warm server.
    """
    channel = Channel(own)
    told, _ = channel.receive()
    os.environ.clear()
    os.environ.update(told["environment"])
    os.chdir(root)
    if told["serves"] == "cluster":
        serve_cluster(channel)
        return
    use_relay(channel)

    def tasks() -> Iterator[dict[str, Any]]:
        while True:
            try:
                yield channel.receive()[0]
            except ChannelClosed:
                return

    serve(root, tasks(), channel.send)


def serve(root: Path, tasks: Iterable[dict[str, Any]], answer: Callable[[dict[str, Any]], None]) -> None:
    """Do the tasks as they arrive, and answer each with `{"ok": …, "log": …}`."""
    from autograder import lean_imports  # noqa: F401  (must come before nbformat)
    from nbgrader.apps.api import NbGraderAPI  # isort: skip
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    api, problem = None, ""
    try:
        config = PyFileConfigLoader("nbgrader_config.py", str(root)).load_config()
        api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    except Exception as error:
        problem = f"The class's nbgrader_config.py cannot be used: {error}"
    for task in tasks:
        if api is None:
            answer({"ok": False, "log": problem})
            continue
        result = _do(api, Task(**task))
        answer({"ok": result["success"], "log": result.get("log", "") + result.get("error", "")})


def _do(api: Any, task: Task) -> dict[str, Any]:
    from nbgrader.utils import capture_log, temp_attrs

    if task.step == "generate":
        return api.generate_assignment(task.assignment)
    if task.step == "release":
        return api.release_assignment(task.assignment)
    if task.step == "collect":
        # one student at a time, so that a folder that cannot be copied stops nobody else
        with temp_attrs(api.coursedir, student_id=task.student or "*"):
            return api.collect(task.assignment)
    if task.step == "submit":
        with temp_attrs(api.coursedir, assignment_id=task.assignment, student_id=task.student):
            app = api.exchange.Submit(coursedir=api.coursedir, authenticator=api.authenticator, parent=api)
            app.assignment_dir = task.folder
            return capture_log(app)
    if task.step == "autograde":
        return api.autograde(task.assignment, task.student, force=task.force)
    if task.step == "feedback":
        written = api.generate_feedback(task.assignment, task.student)
        return api.release_feedback(task.assignment, task.student) if written["success"] else written
    return {"success": False, "log": f"There is no step called {task.step}."}


def main() -> None:
    """Serve the class whose folder is the first argument, until standard input ends."""
    # whatever nbgrader or a plugin prints must not be taken for an answer
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(result: dict[str, Any]) -> None:
        answers.write(json.dumps(result) + "\n")
        answers.flush()

    serve(Path(sys.argv[1]).resolve(), map(json.loads, sys.stdin), answer)


if __name__ == "__main__":
    main()
