"""Runs an assignment's authored answers in this process, in seconds: what an author looks at while writing a lab.

Real grading, by nbgrader, is what counts and what the tests use; a rehearsal tells the same marks and messages
without a kernel, on as many seeds as one likes.
"""

from __future__ import annotations

import base64
import io
import os
import pickle
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import data_checks
from autograder.parts import LAB, ROLE_PLAY
from autograder.slips import slip
from autograder.source import Exercise, SourceCell
from trustkit.content import Document, read_document

SEEDS = (20_260_422, 7_071, *range(1, 19))
"""The seeds that an assignment is tried on; a class draws its own."""

_ANYTHING = """
class Anything:
    def __eq__(self, other):
        return True

    def __bool__(self):
        return True

    __hash__ = None


"""


@dataclass(frozen=True)
class Marks:
    """What one hand-in earns in the lab: points and the message by test cell, and how long it ran, in seconds."""

    points: dict[str, float]
    messages: dict[str, str]
    seconds: float


@dataclass(frozen=True)
class Wrong:
    """An authored wrong answer: one misconception.

    Attributes:
        slip: its name in `exercises/slips/`, or "" where the check has only its general words.
        cell: the cell that is answered wrongly; every other cell has the author's solution.
        answer: the wrong code.
        fails: the test cells that must not pass.
        check: the test cell whose feedback must name the slip.
    """

    slip: str
    cell: str
    answer: str
    fails: tuple[str, ...]

    @property
    def check(self) -> str:
        """The test cell whose feedback must explain the slip."""
        return self.fails[0]


def rehearse(exercise: Exercise, answers: Mapping[str, str], seed: int, *, delete: tuple[str, ...] = ()) -> Marks:
    """Run an assignment's code cells, the given answers in place of the trainee's, and mark the lab's test cells.

    Args:
        answers: code by id of a cell that is answered; what is not given stays as it was released.
        seed: the grading seed.
        delete: cells that the trainee lost; those that are not the trainee's come back when a hand-in is graded.
    """
    points, messages = {}, {}
    space: dict[str, Any] = {"__name__": "__main__"}
    begun = time.perf_counter()
    with _graded_with(seed):
        for cell in exercise.cells:
            if cell.kind != "code" or cell.part == ROLE_PLAY or _plays(cell):
                continue
            if cell.id in delete and cell.nbgrader.get("solution"):
                continue
            code = answers.get(cell.id, cell.released) if cell.nbgrader.get("solution") else cell.text
            message = _run(code, cell.id, space)
            if cell.part == LAB:
                points[cell.id] = 0.0 if message else float(cell.nbgrader["points"])
                messages[cell.id] = message
    return Marks(points, messages, time.perf_counter() - begun)


def solved_answers(exercise: Exercise) -> dict[str, str]:
    """Return the author's solution of every code cell that a trainee answers."""
    return {cell.id: _without_marks(cell.text) for cell in _answered_cells(exercise)}


def copied_answers(exercise: Exercise, seed: int) -> dict[str, str]:
    """Return answers that give, call by call, exactly what the author's functions give for one seed."""
    heard: dict[str, list[Any]] = {}
    original = data_checks.answer_of

    def listen(function: Callable[..., Any], *given: Any) -> Any:
        answer = original(function, *given)
        heard.setdefault(function.__name__, []).append(answer)
        return answer

    data_checks.answer_of = listen
    try:
        rehearse(exercise, solved_answers(exercise), seed)
    finally:
        data_checks.answer_of = original
    answers = {}
    for cell, names in functions_of(exercise).items():
        rows = ["import base64", "import pickle", ""]
        for name in names:
            stored = base64.b64encode(pickle.dumps(heard.get(name, []))).decode("ascii")
            rows += [f"heard_{name} = iter(pickle.loads(base64.b64decode('{stored}')))", ""]
            rows += [f"def {name}(*given):", f"    return next(heard_{name})", ""]
        answers[cell] = "\n".join(rows)
    return answers


def anything_answers(exercise: Exercise) -> dict[str, str]:
    """Return answers that hand over an object which claims to be equal to everything."""
    return {
        cell: _ANYTHING + "\n\n".join(f"def {name}(*given):\n    return Anything()\n" for name in names)
        for cell, names in functions_of(exercise).items()
    }


def warned_answers(exercise: Exercise) -> dict[str, str]:
    """Return the author's solution with functions that warn and write to stderr each time they are called."""
    warned = solved_answers(exercise)
    for cell, names in functions_of(exercise).items():
        for name in names:
            warned[cell] += f"""

import sys
import warnings

def {name}(*given, quiet_{name}={name}):
    warnings.warn("this will change", FutureWarning, stacklevel=2)
    print("a library is chatty", file=sys.stderr)
    return quiet_{name}(*given)
"""
    return warned


def functions_of(exercise: Exercise) -> dict[str, list[str]]:
    """Return the names of the functions in each code cell that a trainee answers."""
    return {cell.id: re.findall(r"^def (\w+)\(", cell.text, re.M) for cell in _answered_cells(exercise)}


def wrong_answers(exercise: Exercise) -> list[Wrong]:
    """Return the authored wrong answers of an assignment, from `wrong` in its `gate.yaml`."""
    return [
        Wrong(one.get("slip", ""), one["cell"], one["answer"], tuple(one["fails"]))
        for one in gate_of(exercise).data.get("wrong", ())
    ]


def gate_of(exercise: Exercise) -> Document:
    """Return what an assignment's `gate.yaml` says."""
    return read_document(exercise.path.parent / "gate.yaml")


def lab_points(exercise: Exercise) -> dict[str, float]:
    """Return the points of each test cell of the lab."""
    return {cell.id: float(cell.nbgrader["points"]) for cell in exercise.cells if cell.part == LAB}


def rehearsal(exercise: Exercise, seeds: tuple[int, ...] = SEEDS[:3]) -> Iterator[tuple[bool, str]]:
    """Yield what came of each trial of an assignment: whether it went as it must, and a line that says so."""
    full, free = lab_points(exercise), set(gate_of(exercise).data.get("same_for_every_seed", ()))
    nothing, solved = dict.fromkeys(full, 0.0), solved_answers(exercise)
    for seed in seeds:
        marks = rehearse(exercise, solved, seed)
        yield _compared(f"solved, seed {seed} ({marks.seconds:.1f} s)", marks, full)
    copied = copied_answers(exercise, seeds[0])
    for seed in seeds[1:]:
        kept = {cell: points if cell in free else 0.0 for cell, points in full.items()}
        yield _compared(f"copied from seed {seeds[0]}, on {seed}", rehearse(exercise, copied, seed), kept)
    yield _compared("released", rehearse(exercise, {}, seeds[0]), nothing)
    yield _compared("equal to everything", rehearse(exercise, anything_answers(exercise), seeds[0]), nothing)
    for name, one in gate_of(exercise).data.get("hand_ins", {}).items():
        given = one.get("answers", {})
        answers = solved if given == "solved" else given
        marks = rehearse(exercise, answers, seeds[0], delete=tuple(one.get("delete", ())))
        expected = nothing | {cell: float(points) for cell, points in one["expect"].items() if cell in full}
        yield _compared(name, marks, expected)
    tested = set()
    for wrong in wrong_answers(exercise):
        for seed in seeds[:2]:
            marks = rehearse(exercise, {**solved, wrong.cell: wrong.answer}, seed)
            expected = {cell: 0.0 if cell in wrong.fails else points for cell, points in full.items()}
            label = f"wrong: {wrong.slip or wrong.check}, seed {seed}"
            right, line = _compared(label, marks, expected)
            if right and wrong.slip and first_line(wrong.slip) not in marks.messages[wrong.check]:
                right, line = False, f"{label}: the slip is not explained; it says: {marks.messages[wrong.check]}"
            yield right, line
        tested.add(wrong.check)
    for cell in full:
        if cell not in tested:
            yield False, f"{cell}: no authored wrong answer fails it"


def first_line(name: str) -> str:
    """Return the first sentence of what a slip tells the trainee, as it stands in feedback."""
    return str(data_checks.AnswerNotYet(*slip(name))).split("\n")[0]


def _compared(label: str, marks: Marks, expected: Mapping[str, float]) -> tuple[bool, str]:
    if marks.points == dict(expected):
        return True, f"{label}: {sum(marks.points.values()):g} points"
    rows = [f"{label}: not the marks it must get"]
    for cell, points in marks.points.items():
        if points != expected[cell]:
            rows.append(f"    {cell}: {points:g} instead of {expected[cell]:g}. {marks.messages[cell]}".rstrip())
    return False, "\n".join(rows)


def _answered_cells(exercise: Exercise) -> list[SourceCell]:
    return [cell for cell in exercise.cells if cell.kind == "code" and cell.nbgrader.get("solution")]


def _plays(cell: SourceCell) -> bool:
    return any(name in cell.text for name in ("RolePlay(", "Drill(", "Simulator(", "Checker(", "CaseRoom("))


def _without_marks(text: str) -> str:
    return "\n".join(row for row in text.split("\n") if "BEGIN SOLUTION" not in row and "END SOLUTION" not in row)


def _run(code: str, name: str, space: dict[str, Any]) -> str:
    """Run a cell; return what it complains about, or nothing."""
    rows = ["pass" if row.lstrip().startswith(("%", "!")) else row for row in code.split("\n")]
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            exec(compile("\n".join(rows), name, "exec"), space)
    except data_checks.AnswerNotYet as refused:
        return str(refused)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


@contextmanager
def _graded_with(seed: int) -> Iterator[None]:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    before = os.environ.get(data_checks.SEED_VARIABLE)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "grading-seed"
        file.write_text(str(seed), encoding="ascii")
        os.environ[data_checks.SEED_VARIABLE] = str(file)
        try:
            yield
        finally:
            plt.close("all")
            if before is None:
                del os.environ[data_checks.SEED_VARIABLE]
            else:
                os.environ[data_checks.SEED_VARIABLE] = before
