"""Runs nbgrader's steps for a class in processes of their own, told what to do by lines of JSON.

nbgrader changes the working folder and takes a second or more to load, so its steps never run in the
process of a page, a command or a test: they run here, one after the other, in as many processes as are useful.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MOST_WORKERS = 4


@dataclass(frozen=True)
class Task:
    """One step for one assignment, and for one student where the step is about a student.

    Attributes:
        step: "generate", "release", "collect", "submit", "autograde" or "feedback".
        folder: for "submit": the folder that holds the trainee's assignment folder.
    """

    step: str
    assignment: str
    student: str = ""
    folder: str = ""


@dataclass(frozen=True)
class Done:
    """What came of a task: whether it worked, and nbgrader's own log for the person who has to look."""

    task: Task
    ok: bool
    log: str = field(default="", repr=False)


def run_tasks(root: Path, tasks: Iterable[Task], workers: int | None = None) -> Iterator[Done]:
    """Run tasks in separate processes and yield each result as it comes.

    Args:
        root: the class instance's folder.
        tasks: the steps; with one worker they run in the given order.
        workers: number of processes; by default one for each processor, at most four, and never more than tasks.
    """
    waiting: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    count = 0
    for task in tasks:
        waiting.put(task)
        count += 1
    if not count:
        return
    workers = max(1, min(workers or MOST_WORKERS, os.cpu_count() or 1, count))
    finished: queue.SimpleQueue[Done] = queue.SimpleQueue()
    processes: list[subprocess.Popen] = []
    for _ in range(workers):
        waiting.put(None)
        processes.append(
            subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.worker", str(root)], cwd=root, text=True, encoding="utf-8",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(),
            )
        )  # fmt: skip
    threads = [threading.Thread(target=_feed, args=(process, waiting, finished), daemon=True) for process in processes]
    try:
        for thread in threads:
            thread.start()
        for _ in range(count):
            yield finished.get()
    finally:
        for process in processes:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment() -> dict[str, str]:
    # nbgrader's commands and the kernel must be those of this environment, whatever the shell's PATH is
    here = str(Path(sys.executable).parent)
    path = here + os.pathsep + os.environ.get("PATH", "")
    # Several hand-ins are graded at once: threads of the linear algebra inside each would only fight for processors.
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**alone, **os.environ, "PATH": path, "PYTHONUTF8": "1"}


def _feed(process: subprocess.Popen, waiting: queue.SimpleQueue, finished: queue.SimpleQueue) -> None:
    while (task := waiting.get()) is not None:
        try:
            process.stdin.write(json.dumps(task.__dict__) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except (BrokenPipeError, ValueError):
            line = ""
        if line:
            answer = json.loads(line)
            finished.put(Done(task, answer["ok"], answer["log"]))
        else:
            finished.put(Done(task, False, f"The grading process ended before it finished (exit {process.poll()})."))


def serve(root: Path, lines: Iterable[str], answer: Callable[[dict[str, Any]], None]) -> None:
    """Do the tasks that arrive as lines of JSON, and answer each with `{"ok": …, "log": …}`."""
    from autograder import lean_imports  # noqa: F401  (must come before nbformat)
    from nbgrader.apps.api import NbGraderAPI  # isort: skip
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", str(root)).load_config()
    api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    for line in lines:
        result = _do(api, Task(**json.loads(line)))
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
        return api.autograde(task.assignment, task.student)
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

    serve(Path(sys.argv[1]).resolve(), sys.stdin, answer)


if __name__ == "__main__":
    main()
