"""Grading a class of 100: nbgrader as it comes, our road, and the limit that no road can pass, in one run.

The hand-ins are one lab's solution and its authored wrong answers, in turn. The limit is a process that has imported
everything, forked once for each hand-in, that runs the same cells and draws the same figures, and does nothing else:
no gradebook, no notebook files, no protection.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figure import Figure

from autograder.classroom import Classroom
from autograder.demo import write_hand_in
from autograder.gradebook import hand_ins
from autograder.rehearse import solved_answers, wrong_answers
from autograder.source import read_exercise

LAB = "complaints"
HAND_INS = int(os.environ.get("TRUSTKIT_BENCH_HAND_INS", "100"))
WORKERS = 2
SEED = 7_071
STOCK = """
import os
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "customer-trust"
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = "sqlite:///" + {root!r} + "/gradebook.db"
c.Execute.timeout = 60
"""
LIMIT = """
import io, json, os, sys, time
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy, pandas, scipy.stats, statsmodels.api, sklearn.linear_model, pingouin
import autograder.data_checks
from trustkit import load_dataset

hand_ins = json.loads(open(sys.argv[1]).read())

def run(cells):
    names = {"__name__": "__main__"}
    for source in cells:
        rows = ["pass" if row.lstrip().startswith(("%", "!")) else row for row in source.split("\\n")]
        try:
            exec(compile("\\n".join(rows), "<cell>", "exec"), names)
        except Exception:
            pass
        for number in plt.get_fignums():
            plt.figure(number).savefig(io.BytesIO(), format="png", bbox_inches="tight")
        plt.close("all")

def fork(cells):
    pid = os.fork()
    if pid == 0:
        sys.stdout = sys.stderr = io.StringIO()
        run(cells)
        os._exit(0)
    return pid

os.waitpid(fork(hand_ins[0]), 0)
begun = time.perf_counter()
running = 0
for cells in hand_ins:
    if running == int(sys.argv[2]):
        os.wait()
        running -= 1
    fork(cells)
    running += 1
while running:
    os.wait()
    running -= 1
print(time.perf_counter() - begun)
"""


def figures() -> list[Figure]:
    """Return seconds for each hand-in by each road, their ratios, memory, and the price of the protections."""
    folder = Path(tempfile.mkdtemp(prefix="bench-grading-"))
    try:
        classroom = _class_of(folder / "ours")
        shutil.copytree(classroom.root, folder / "stock")
        (folder / "stock" / "nbgrader_config.py").write_text(STOCK.format(root=str(folder / "stock")), "utf-8")
        environment = {
            **os.environ, "TRUSTKIT_GRADING_SEED_FILE": str(folder / "stock" / "grading-seed"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        limit = _limit(classroom, folder / "hand-ins.json")
        ours, _ = _timed([sys.executable, "-m", "trustkit", "grade", LAB, "--class", str(classroom.root)], environment)
        scores = _scores(classroom.root)
        _, again_cpu = _timed(
            [sys.executable, "-m", "trustkit", "grade", LAB, "--class", str(classroom.root)], environment
        )
        nbgrader = str(Path(sys.executable).parent / "nbgrader")
        command, _ = _timed([nbgrader, "autograde", LAB, "--force"], environment, classroom.root)
        assert _scores(classroom.root) == scores
        stock, _ = _timed([nbgrader, "autograde", LAB], environment, folder / "stock")
        assert _scores(folder / "stock") == scores
        each = 1000 / HAND_INS
        return [
            Figure(f"grading {HAND_INS} x {LAB}: nbgrader as it comes", stock * each, "ms each", "> 0"),
            Figure("grading: ours, `trustkit grade`", ours * each, "ms each", "> 0"),
            Figure("grading: ours, `nbgrader autograde`", command * each, "ms each", "> 0"),
            Figure(f"grading: the limit ({WORKERS} processes)", limit * each, "ms each", "> 0"),
            Figure("grading: `trustkit grade` against stock", stock / ours, "times faster", "> 12"),
            Figure("grading: `nbgrader autograde` against stock", stock / command, "times faster", "> 12"),
            Figure("grading: ours against the limit", ours / limit, "times", "< 1.5"),
            Figure("grading: nothing new to grade", again_cpu, "s CPU", "< 2"),
            *_one_hand_in(classroom),
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _class_of(root: Path) -> Classroom:
    exercise = read_exercise(LAB)
    classroom = Classroom(root)
    classroom.create("en", say=_quiet)
    (root / "grading-seed").write_text(str(SEED), encoding="ascii")
    classroom.release(LAB, say=_quiet)
    solved, wrongs = solved_answers(exercise), wrong_answers(exercise)
    for number in range(HAND_INS):
        wrong = wrongs[number // 2 % len(wrongs)] if number % 2 else None
        answers = {**solved, **({wrong.cell: wrong.answer} if wrong else {})}
        folder = root / "submitted" / f"s-{number:03}" / LAB
        write_hand_in(root / "release" / LAB, folder, answers)
        (folder / "timestamp.txt").write_text("2026-11-02 10:00:00.000000 UTC", encoding="ascii")
    return classroom


def _limit(classroom: Classroom, file: Path) -> float:
    source = json.loads((classroom.root / "source" / LAB / f"{LAB}.ipynb").read_text(encoding="utf-8"))
    tests = {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) for cell in source["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }  # fmt: skip
    hand_in_cells = []
    for path in sorted(classroom.root.glob(f"submitted/*/{LAB}/{LAB}.ipynb")):
        cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
        hand_in_cells.append(
            [tests.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), "".join(cell["source"])) for cell in cells]
        )
    file.write_text(json.dumps(hand_in_cells), encoding="utf-8")
    environment = {
        **os.environ, "OMP_NUM_THREADS": "1", "TRUSTKIT_GRADING_SEED_FILE": str(classroom.root / "grading-seed")
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", LIMIT, str(file), str(WORKERS)], env=environment, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    return float(done.stdout)


def _one_hand_in(classroom: Classroom) -> list[Figure]:
    """Return what starting the grader costs, and what confining one process costs beside forking it."""
    from autograder.running.confined import policy_for
    from autograder.sandbox import Limits, Policy, confine

    student = "s-000"
    _, start = _timed(
        [sys.executable, "-m", "trustkit", "grade", LAB, "--student", student, "--force", "--class",
         str(classroom.root)], {**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    scratch = tempfile.mkdtemp()
    told = policy_for(scratch, 4096, 300)
    policy = Policy(tuple(told["read"]), scratch, Limits(**told["limits"]), tuple(told["require"]))
    confined = _median_ms(lambda: confine(policy, _nothing))
    plain = _median_ms(lambda: os._exit(0))
    shutil.rmtree(scratch)
    return [
        Figure("grading: one hand-in, start-up included", start, "s CPU", "> 0"),
        Figure("grading: confining a process, beside forking it", confined - plain, "ms", "< 60"),
    ]


def _median_ms(work, rounds: int = 40) -> float:
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        pid = os.fork()
        if pid == 0:
            work()
        os.waitpid(pid, 0)
        found.append(time.perf_counter() - begun)
    return 1000 * sorted(found)[rounds // 2]


def _timed(command: list[str], environment: dict[str, str], folder: Path | None = None) -> tuple[float, float]:
    """Run a command; return its seconds on the clock, and its processor seconds with those of what it waited for."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        command, check=True, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _scores(root: Path) -> dict[str, list[float | None]]:
    return {one.student: [mark.score for mark in one.marks] for one in hand_ins(root, LAB)}


def _nothing() -> None:
    pass


def _quiet(line: str) -> None:
    pass
