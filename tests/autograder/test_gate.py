"""The gate: what every assignment of the course must hold, graded by real nbgrader in both languages."""

from __future__ import annotations

import base64
import html
import json
import os
import pickle
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.classroom import Classroom
from autograder.demo import played_record
from autograder.gradebook import CELLS_OF, HandIn, hand_ins
from autograder.parts import CRITERION, LAB, RED_LINE, REPLY, ROLE_PLAY
from autograder.source import Exercise, assignment_ids, read_exercise
from trustkit.cases.compile import compiled
from trustkit.cases.solve import solve
from trustkit.content import read_document
from trustkit.course import case_ids, course_root

from .conftest import submit

SEEDS = {"en": 20_260_422, "zh": 7_071}
QUIET = {"say": lambda line: None}
REGION = re.compile(r"BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)")


@pytest.fixture(scope="module", params=assignment_ids(course_root()))
def gate(request, tmp_path_factory) -> SimpleNamespace:
    """One assignment with the marks of all its hand-ins, in an English class and a Chinese one with another seed."""
    exercise = read_exercise(request.param)
    told = read_document(exercise.path.parent / "gate.yaml").data
    work = tmp_path_factory.mktemp(exercise.id)
    copied = copied_answers(exercise, work / "seed", SEEDS["en"])
    classrooms, marks = {}, {}
    for lang, seed in SEEDS.items():
        classroom = Classroom(work / lang)
        classroom.create(lang, **QUIET)
        (classroom.root / "grading-seed").write_text(str(seed))
        classroom.release(exercise.id, **QUIET)
        solved = {"answers": solved_answers(exercise, lang), "records": best_attempts(exercise)}
        given: dict[str, dict] = {
            "solved": solved,
            "copied": {"answers": {**solved["answers"], **copied}},
        }
        if lang == "en":
            given |= {"released": {}, "warned": {**solved, "answers": warned_answers(exercise, solved["answers"])}}
            for name, one in told["hand_ins"].items():
                answers = one.get("answers", {})
                given[name] = {
                    "answers": solved["answers"] if answers == "solved" else answers,
                    "records": best_attempts(exercise) if one.get("attempts") == "best" else [],
                    "delete": one.get("delete", []),
                }
        submit(classroom, exercise.id, work / f"desks-{lang}", given)
        classroom.collect(**QUIET)
        outcome = classroom.autograde(exercise.id, **QUIET)
        assert set(outcome.values()) == {"graded"}, outcome
        classrooms[lang] = classroom
        marks[lang] = {one.student: one for one in hand_ins(classroom.root)}
    return SimpleNamespace(exercise=exercise, told=told, classrooms=classrooms, marks=marks)


def solved_answers(exercise: Exercise, lang: str) -> dict[str, str]:
    """Return the author's solution of every cell that a trainee answers."""
    cells = exercise.notebook(lang).cells
    return {
        cell.id: "\n".join(row for row in cell.source.split("\n") if "SOLUTION" not in row)
        for cell in cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def best_attempts(exercise: Exercise) -> list[dict]:
    """Return the best attempt of each case of the assignment."""
    records = []
    for case in exercise.activities:
        if case in case_ids():
            structure = compiled(case)
            records.append(
                played_record(structure, solve(structure).best_path().choices, learner="s-01", host="jupyter")
            )
    return records


def functions_of(exercise: Exercise) -> dict[str, list[str]]:
    """Return the names of the functions in each code cell that a trainee answers."""
    cells = [cell for cell in exercise.cells if cell.kind == "code" and cell.nbgrader.get("solution")]
    return {cell.id: re.findall(r"^def (\w+)\(", cell.text, re.M) for cell in cells}


def copied_answers(exercise: Exercise, folder: Path, seed: int) -> dict[str, str]:
    """Return answers that give, call by call, exactly what the author's functions give for one seed."""
    import autograder.data_checks as checks

    folder.mkdir()
    (folder / "grading-seed").write_text(str(seed))
    heard: dict[str, list[Any]] = {}
    original = checks.answer_of

    def listen(function, *frames):
        answer = original(function, *frames)
        heard.setdefault(function.__name__, []).append(answer)
        return answer

    space: dict[str, Any] = {"__name__": "solved"}
    os.environ[checks.SEED_FILE] = str(folder / "grading-seed")
    checks.answer_of = listen
    try:
        for cell in exercise.cells:
            if cell.kind == "code" and cell.part != ROLE_PLAY and "RolePlay" not in cell.text:
                exec(compile(cell.text, cell.id, "exec"), space)
    finally:
        checks.answer_of = original
        del os.environ[checks.SEED_FILE]
    answers = {}
    for cell, names in functions_of(exercise).items():
        rows = ["import base64", "import pickle", ""]
        for name in names:
            stored = base64.b64encode(pickle.dumps(heard.get(name, []))).decode("ascii")
            rows += [f"heard_{name} = iter(pickle.loads(base64.b64decode('{stored}')))", ""]
            rows += [f"def {name}(*frames):", f"    return next(heard_{name})", ""]
        answers[cell] = "\n".join(rows)
    return answers


def warned_answers(exercise: Exercise, answers: dict[str, str]) -> dict[str, str]:
    """Return the answers with functions that warn and write to stderr each time they are called."""
    warned = dict(answers)
    for cell, names in functions_of(exercise).items():
        for name in names:
            warned[cell] += f"""

import sys
import warnings

def {name}(*frames, quiet_{name}={name}):
    warnings.warn("this will change", FutureWarning, stacklevel=2)
    print("a library is chatty", file=sys.stderr)
    return quiet_{name}(*frames)
"""
    return warned


def scores(hand_in: HandIn, *parts: str) -> dict[str, float | None]:
    """Return the scores by cell, of some parts."""
    return {mark.cell: mark.score for mark in hand_in.marks if mark.part in parts}


def full(exercise: Exercise, *parts: str) -> dict[str, float]:
    """Return the full points by cell, of some parts."""
    return {cell.id: cell.nbgrader["points"] for cell in exercise.cells if cell.part in parts}


def secrets(exercise: Exercise, kinds: tuple[str, ...]) -> set[str]:
    """Return the telling lines of solution, hidden-test or mark-scheme regions in both languages."""
    found, visible = set(), set()
    for lang in ("en", "zh"):
        for cell in exercise.notebook(lang).cells:
            kind = None
            for row in cell.source.split("\n"):
                if begin := REGION.search(row):
                    kind = begin[1]
                elif f"END {kind}" in row:
                    kind = None
                elif kind in kinds:
                    found.add(row.strip())
                elif kind is None:
                    visible.add(row.strip())
    return {row for row in found - visible if len(row) >= 8}


def words(text: str) -> str:
    """Return text without Markdown marks and with single spaces, as a page shows it."""
    return re.sub(r"\s+", " ", re.sub(r"[*`#>_]", "", text))


def test_a_the_solved_source_scores_full_marks_in_both_languages(gate):
    for lang in SEEDS:
        solved = gate.marks[lang]["solved"]
        assert scores(solved, ROLE_PLAY, LAB) == full(gate.exercise, ROLE_PLAY, LAB)
        criteria = full(gate.exercise, CRITERION)
        if criteria:
            assert solved.waiting
            gate.classrooms[lang].mark_reply("solved", gate.exercise.id, criteria)
        again = next(one for one in hand_ins(gate.classrooms[lang].root) if one.student == "solved")
        assert again.score() == sum(gate.exercise.points.values()) == again.points()
        assert again.passed is True
        assert not again.waiting


def test_b_the_release_scores_zero_on_every_test_and_needs_no_marker(gate):
    released = gate.marks["en"]["released"]
    assert released.score() == 0
    assert {mark.score for mark in released.marks} == {0}
    assert not released.waiting


def test_c_no_solution_hidden_test_or_mark_scheme_is_in_the_release(gate):
    for classroom in gate.classrooms.values():
        path = classroom.root / "release" / gate.exercise.id / f"{gate.exercise.id}.ipynb"
        text = "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"])
        lines = {row.strip() for row in text.split("\n")}
        assert not lines & secrets(gate.exercise, ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME"))
        assert not REGION.search(text)
        outbound = classroom.root / "exchange" / "customer-trust" / "outbound" / gate.exercise.id / path.name
        assert outbound.read_bytes() == path.read_bytes()


def test_c_no_solution_hidden_test_or_mark_scheme_is_in_the_feedback(gate):
    for lang, classroom in gate.classrooms.items():
        for student, one in gate.marks[lang].items():
            if one.waiting:
                classroom.mark_reply(student, gate.exercise.id, dict.fromkeys(scores(one, CRITERION), 1))
        outcome = classroom.feedback(gate.exercise.id, **QUIET)
        assert set(outcome.values()) == {"released"}
        always = secrets(gate.exercise, ("HIDDEN TESTS", "MARK SCHEME"))
        solutions = secrets(gate.exercise, ("SOLUTION",))
        for student in gate.marks[lang]:
            page = classroom.root / "feedback" / student / gate.exercise.id / f"{gate.exercise.id}.html"
            raw = page.read_text(encoding="utf-8")
            shown = words(html.unescape(re.sub(r"<[^>]+>", "", raw[raw.index("<body") :])))
            own = gate.told["hand_ins"].get(student, {}).get("answers", {})
            mine = "" if own == "solved" else words("\n".join(own.values()))
            forbidden = set(always)
            if student not in ("solved", "warned", "copied") and own != "solved":
                forbidden |= solutions
            leaks = [row for row in forbidden if words(row) in shown and words(row) not in mine]
            assert leaks == [], (lang, student)


def test_c_the_check_for_leaks_finds_what_the_marker_sees(gate):
    always = secrets(gate.exercise, ("HIDDEN TESTS", "MARK SCHEME"))
    path = gate.classrooms["en"].root / "autograded" / "solved" / gate.exercise.id / f"{gate.exercise.id}.ipynb"
    text = "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"])
    english = {row for row in always if not re.search(r"[\u4e00-\u9fff]", row)}
    assert english and all(row in text for row in english)


def test_d_authored_hand_ins_get_exactly_the_expected_marks(gate):
    for name, one in gate.told["hand_ins"].items():
        expected = dict.fromkeys(full(gate.exercise, ROLE_PLAY, LAB), 0) | one["expect"]
        assert scores(gate.marks["en"][name], ROLE_PLAY, LAB) == expected, name


def test_d_hand_ins_of_every_kind_are_authored(gate):
    kinds = gate.told["hand_ins"].values()
    assert any(one.get("delete") for one in kinds)
    assert any(0 < sum(one["expect"].values()) < sum(gate.exercise.points.values()) for one in kinds)
    assert any(one.get("answers") and not sum(one["expect"].values()) for one in kinds)


def test_e_points_add_up_to_the_rubric(gate):
    points = gate.exercise.points
    assert {part: sum(points.get(kind, 0) for kind in kinds) for part, kinds in CELLS_OF.items()} == gate.told["points"]
    if points.get(CRITERION):
        assert set(full(gate.exercise, CRITERION).values()) == {4}
        assert len(full(gate.exercise, CRITERION)) == 8
        assert points[REPLY] == 0 and list(full(gate.exercise, RED_LINE).values()) == [0]


def test_f_warnings_on_stderr_cost_no_marks(gate):
    assert scores(gate.marks["en"]["warned"], ROLE_PLAY, LAB) == full(gate.exercise, ROLE_PLAY, LAB)


def test_g_answers_copied_from_one_seed_are_right_there_and_fail_on_another(gate):
    free = set(gate.told.get("same_for_every_seed", ()))
    points = full(gate.exercise, LAB)
    assert scores(gate.marks["en"]["copied"], LAB) == points
    assert scores(gate.marks["zh"]["copied"], LAB) == {cell: points[cell] if cell in free else 0 for cell in points}


def test_both_languages_have_the_same_cells_marks_and_code(gate):
    english, chinese = (gate.exercise.notebook(lang).cells for lang in ("en", "zh"))
    assert [(cell.id, cell.cell_type, cell.metadata) for cell in english] == [
        (cell.id, cell.cell_type, cell.metadata) for cell in chinese
    ]
    for one, other in zip(english, chinese, strict=True):
        assert (one.source == other.source) == (one.cell_type == "code"), one.id
    releases = [
        (classroom.root / "release" / gate.exercise.id / f"{gate.exercise.id}.ipynb").read_text(encoding="utf-8")
        for classroom in gate.classrooms.values()
    ]
    ids = [re.findall(r'"grade_id": "([^"]+)"', text) for text in releases]
    assert ids[0] == ids[1]
