"""Grading a class of 100: nbgrader as it comes, our road, and what forking alone would take, in one run.

The hand-ins are an assignment's solution and its authored wrong answers, in turn. The limit is a process that has
imported everything, forked once for each hand-in, that runs the same cells and draws the same figures, and does nothing
else: no gradebook, no notebook files, no protection. Below it comes only who does less for each hand-in.
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
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
from figure import Figure

from autograder.classroom import Classroom
from autograder.demo import write_hand_in
from autograder.gradebook import hand_ins
from autograder.rehearse import solved_answers, wrong_answers
from autograder.source import read_exercise

ASSIGNMENTS = ("module-01", "first-complaint", "complaints")
"""One of the agents' track, the course's first, and a data lab whose tests are among the longest."""
HAND_INS = int(os.environ.get("TRUSTKIT_BENCH_HAND_INS", "100"))
WORKERS = 2
SEED = 7_071
Processes = Callable[[psutil.Process], list[psutil.Process]]
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
    return [figure for lab in ASSIGNMENTS for figure in _figures(lab)]


def _figures(lab: str) -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="bench-grading-"))
    try:
        classroom = _class_of(folder / "ours", lab)
        shutil.copytree(classroom.root, folder / "stock")
        (folder / "stock" / "nbgrader_config.py").write_text(STOCK.format(root=str(folder / "stock")), "utf-8")
        environment = {
            **os.environ, "TRUSTKIT_GRADING_SEED_FILE": str(folder / "stock" / "grading-seed"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        nbgrader = str(Path(sys.executable).parent / "nbgrader")
        grade = [sys.executable, "-m", "trustkit", "grade", lab, "--class", str(classroom.root)]
        # Ours and the limit are taken before and after stock: a machine is not as fast at all times.
        limits = [_limit(classroom, lab, folder / "hand-ins.json")]
        ours = [_timed(grade, environment)[0]]
        scores = _scores(classroom.root, lab)
        _, again_cpu = _timed(grade, environment)
        stock, _ = _timed([nbgrader, "autograde", lab], environment, folder / "stock")
        assert _scores(folder / "stock", lab) == scores
        ours.append(_timed([*grade, "--force"], environment)[0])
        limits.append(_limit(classroom, lab, folder / "hand-ins.json"))
        command, _ = _timed([nbgrader, "autograde", lab, "--force"], environment, classroom.root)
        assert _scores(classroom.root, lab) == scores
        each, own, limit = 1000 / HAND_INS, sum(ours) / 2, sum(limits) / 2
        return [
            Figure(f"grading {HAND_INS} x {lab}: nbgrader as it comes", stock * each, "ms each", "> 0"),
            Figure(f"{lab}: ours, `trustkit grade`", own * each, "ms each", "> 0"),
            Figure(f"{lab}: ours, `nbgrader autograde`", command * each, "ms each", "> 0"),
            Figure(f"{lab}: the limit ({WORKERS} processes)", limit * each, "ms each", "> 0"),
            Figure(f"{lab}: `trustkit grade` against stock", stock / own, "times faster", "> 12"),
            Figure(f"{lab}: `nbgrader autograde` against stock", stock / command, "times faster", "> 12"),
            Figure(f"{lab}: ours against the limit", own / limit, "times", "< 1.5"),
            Figure(f"{lab}: nothing new to grade", again_cpu, "s CPU", "< 2"),
            *_one_hand_in(classroom, lab),
            *_memory_figures(classroom, lab, [nbgrader, "autograde", lab], environment, folder / "stock"),
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _class_of(root: Path, lab: str) -> Classroom:
    exercise = read_exercise(lab)
    classroom = Classroom(root)
    classroom.create("en", say=_quiet)
    (root / "grading-seed").write_text(str(SEED), encoding="ascii")
    classroom.release(lab, say=_quiet)
    solved, wrongs = solved_answers(exercise), wrong_answers(exercise)
    for number in range(HAND_INS):
        wrong = wrongs[number // 2 % len(wrongs)] if wrongs and number % 2 else None
        answers = {**solved, **({wrong.cell: wrong.answer} if wrong else {})}
        folder = root / "submitted" / f"s-{number:03}" / lab
        write_hand_in(root / "release" / lab, folder, answers)
        (folder / "timestamp.txt").write_text("2026-11-02 10:00:00.000000 UTC", encoding="ascii")
    return classroom


def _limit(classroom: Classroom, lab: str, file: Path) -> float:
    source = json.loads((classroom.root / "source" / lab / f"{lab}.ipynb").read_text(encoding="utf-8"))
    tests = {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) for cell in source["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }  # fmt: skip
    hand_in_cells = []
    for path in sorted(classroom.root.glob(f"submitted/*/{lab}/{lab}.ipynb")):
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


def _one_hand_in(classroom: Classroom, lab: str) -> list[Figure]:
    """Return what starting the grader costs, and what confining one process costs beside forking it."""
    from autograder.running.confined import policy_for
    from autograder.sandbox import Limits, Policy, confine

    student = "s-000"
    _, start = _timed(
        [sys.executable, "-m", "trustkit", "grade", lab, "--student", student, "--force", "--class",
         str(classroom.root)], {**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    scratch = tempfile.mkdtemp()
    told = policy_for(scratch, 4096, 300)
    policy = Policy(tuple(told["read"]), scratch, Limits(**told["limits"]), tuple(told["require"]))
    confined = _median_ms(lambda: confine(policy, _nothing))
    plain = _median_ms(lambda: os._exit(0))
    shutil.rmtree(scratch)
    return [
        Figure(f"{lab}: one hand-in, start-up included", start, "s CPU", "> 0"),
        Figure("confining a process, beside forking it", confined - plain, "ms", "< 60"),
    ]


def _memory_figures(
    classroom: Classroom, lab: str, stock: list[str], environment: dict[str, str], stock_folder: Path
) -> list[Figure]:  # fmt: skip
    """Return how much memory of its own a hand-in takes by each road, while it is run and tested."""
    one = ["--student", "s-000", "--force"]
    ours = [sys.executable, "-m", "trustkit", "grade", lab, *one, "--class", str(classroom.root)]
    by_road = {
        "as it comes": _peak_mb([*stock, *one], environment, stock_folder, _kernels),
        "ours": _peak_mb(ours, environment, None, _forked_for_a_hand_in),
    }
    return [Figure(f"{lab}: memory of a hand-in, {road}", most, "MB", "> 0") for road, most in by_road.items()]


def _peak_mb(command: list[str], environment: dict[str, str], folder: Path | None, of: Processes) -> float:
    """Return the most memory that some processes of a command have to themselves at one time, in megabytes."""
    running = psutil.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )  # fmt: skip
    most = 0
    while running.poll() is None:
        own = 0
        for process in of(running):
            with suppress(psutil.Error):
                own += process.memory_full_info().uss
        most = max(most, own)
        time.sleep(0.005)
    assert running.returncode == 0 and most
    return most / 2**20


def _kernels(command: psutil.Process) -> list[psutil.Process]:
    found = []
    for process in command.children(recursive=True):
        with suppress(psutil.Error):
            if "ipykernel_launcher" in " ".join(process.cmdline()):
                found.append(process)
    return found


def _forked_for_a_hand_in(command: psutil.Process) -> list[psutil.Process]:
    """Return what rooms and workers have forked: the judge, and the hand-in with all that keeps it in."""
    found = []
    with suppress(psutil.Error):
        for server in command.children():
            for room in server.children():
                found += room.children(recursive=True)
    return found


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


def _scores(root: Path, lab: str) -> dict[str, list[float]]:
    # the rubric's marks of a reply that was not written wait for a marker with stock, and are 0 with us
    return {one.student: [mark.score or 0.0 for mark in one.marks] for one in hand_ins(root, lab)}


def _nothing() -> None:
    pass


def _quiet(line: str) -> None:
    pass
