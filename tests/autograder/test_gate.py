"""The gate: what every assignment of the course must hold, graded by real nbgrader in both languages."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from types import SimpleNamespace

import pytest

from autograder.classroom import Classroom
from autograder.demo import played_record
from autograder.gradebook import CELLS_OF, HandIn, hand_ins
from autograder.parts import CRITERION, LAB, RED_LINE, REPLY, ROLE_PLAY
from autograder.rehearse import (
    SEEDS,
    Wrong,
    anything_answers,
    copied_answers,
    first_line,
    functions_of,
    gate_of,
    rehearse,
    warned_answers,
    wrong_answers,
)
from autograder.source import Exercise, assignment_ids, read_exercise
from trustkit.attempts.record import new_record, now
from trustkit.attempts.replay import replay
from trustkit.cases.compile import compiled
from trustkit.cases.solve import solve
from trustkit.course import case_ids, course_root, drill_ids
from trustkit.drills.reader import read_drill

from .conftest import submit
from .feedback_leaks import traces

# Some twenty hand-ins are graded before the first test of an assignment can look at them.
pytestmark = pytest.mark.timeout(1800)

SEED = dict(zip(("en", "zh"), SEEDS))
QUIET = {"say": lambda line: None}
REGION = re.compile(r"BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)")


@pytest.fixture(scope="module", params=assignment_ids(course_root()))
def gate(request, tmp_path_factory) -> SimpleNamespace:
    """One assignment with the marks of all its hand-ins, in an English class and a Chinese one with another seed."""
    exercise = read_exercise(request.param)
    told = gate_of(exercise).data
    work = tmp_path_factory.mktemp(exercise.id)
    lab = LAB in exercise.points
    wrongs = in_hand_ins(wrong_answers(exercise), functions_of(exercise))
    copied = copied_answers(exercise, SEED["en"]) if lab else {}
    classrooms, marks, written = {}, {}, {}
    for lang, seed in SEED.items():
        classroom = Classroom(work / lang)
        classroom.create(lang, **QUIET)
        (classroom.root / "grading-seed").write_text(str(seed))
        classroom.release(exercise.id, **QUIET)
        solved = {"answers": solved_answers(exercise, lang), "records": best_attempts(exercise)}
        given: dict[str, dict] = {"solved": solved, "released": {}}
        # In the Chinese class only enough of them for its feedback pages.
        for number, group in enumerate(wrongs if lang == "en" else wrongs[:1]):
            given[f"wrong-{number}"] = {
                "answers": {**solved["answers"], **{wrong.cell: wrong.answer for wrong in group}}
            }
        if lab and lang == "zh":
            given["copied"] = {"answers": {**solved["answers"], **copied}}
            given["warned"] = {**solved, "answers": {**solved["answers"], **warned_answers(exercise)}}
        if lang == "en":
            if lab:
                given["anything"] = {"answers": anything_answers(exercise)}
            for name, one in told["hand_ins"].items():
                answers = one.get("answers", {})
                given[name] = {
                    "answers": solved["answers"] if answers == "solved" else answers,
                    "records": best_attempts(exercise, one["attempts"]) if "attempts" in one else [],
                    "delete": one.get("delete", []),
                }
        written[lang] = {student: words("\n".join(one.get("answers", {}).values())) for student, one in given.items()}
        submit(classroom, exercise.id, work / f"desks-{lang}", given)
        classroom.collect(**QUIET)
        outcome = classroom.autograde(exercise.id, **QUIET)
        assert set(outcome.values()) == {"graded"}, outcome
        classrooms[lang] = classroom
        marks[lang] = {one.student: one for one in hand_ins(classroom.root)}
    return SimpleNamespace(
        exercise=exercise, told=told, wrongs=wrongs, classrooms=classrooms, marks=marks, written=written,
        copied=copied,
    )  # fmt: skip


def in_hand_ins(wrongs: list[Wrong], functions: dict[str, list[str]]) -> list[list[Wrong]]:
    """Return the wrong answers in as few hand-ins as possible: none in one hand-in has to do with another.

    Args:
        functions: the functions of each cell; an answer that calls one leans on that cell.
    """

    def leans_on(wrong: Wrong, cell: str) -> bool:
        return any(re.search(rf"\b{name}\b", wrong.answer) for name in functions[cell])

    def apart(one: Wrong, other: Wrong) -> bool:
        lean = leans_on(one, other.cell) or leans_on(other, one.cell)
        return one.cell != other.cell and not {*one.fails} & {*other.fails} and not lean

    groups: list[list[Wrong]] = []
    for wrong in wrongs:
        group = next((group for group in groups if all(apart(wrong, other) for other in group)), None)
        if group is None:
            groups.append([wrong])
        else:
            group.append(wrong)
    return groups


def solved_answers(exercise: Exercise, lang: str) -> dict[str, str]:
    """Return the author's solution of every cell that a trainee answers, text cells included."""
    cells = exercise.notebook(lang).cells
    return {
        cell.id: "\n".join(row for row in cell.source.split("\n") if "SOLUTION" not in row)
        for cell in cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def best_attempts(exercise: Exercise, kinds: str = "best") -> list[dict]:
    """Return the best attempt of each case of the assignment and a flawless one of each drill.

    Args:
        kinds: what a hand-in's `attempts` says: "best" for both, else "cases" or "drills" for one of them.
    """
    records = []
    for activity in exercise.activities:
        if activity in case_ids() and kinds in ("best", "cases"):
            records.append(best_attempt(activity))
        elif activity in drill_ids() and kinds in ("best", "drills"):
            records.append(answered_record(activity))
    return records


@cache
def best_attempt(case: str) -> dict:
    """Return a finished attempt of a case along its best path."""
    structure = compiled(case)
    return played_record(structure, solve(structure).best_path().choices, learner="s-01", host="jupyter")


def answered_record(drill: str) -> dict:
    """Return a finished attempt of a drill with every answer right."""
    source = read_drill(drill)
    record = new_record("drill", source.id, source.hash, lang="en", learner="s-01", host="jupyter")
    items = source.document.data["items"].items()
    record["steps"] = [{"at": 9 * at, "item": id_, "answer": item["key"]} for at, (id_, item) in enumerate(items)]
    record["finished_at"] = now()
    return record | {"result": replay(record).scores}


def scores(hand_in: HandIn, *parts: str) -> dict[str, float | None]:
    """Return the scores by cell, of some parts."""
    return {mark.cell: mark.score for mark in hand_in.marks if mark.part in parts}


def full(exercise: Exercise, *parts: str) -> dict[str, float]:
    """Return the full points by cell, of some parts."""
    return {cell.id: cell.nbgrader["points"] for cell in exercise.cells if cell.part in parts}


def autograded(classroom: Classroom, student: str, assignment: str) -> dict[str, str]:
    """Return what each marked cell of a graded hand-in printed or complained about."""
    path = classroom.root / "autograded" / student / assignment / f"{assignment}.ipynb"
    shown = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if name := cell["metadata"].get("nbgrader", {}).get("grade_id"):
            outputs = [
                "".join(one.get("text", "")) + one.get("evalue", "") + "\n".join(one.get("traceback", []))
                for one in cell.get("outputs", ())
            ]
            shown[name] = "\n".join(outputs)
    return shown


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
    # A fragment such as `tolerance={`, an import, or a part of a line that everybody sees tells nothing.
    telling = (row for row in found - visible if not row.startswith(("import ", "from ")))
    told = (row for row in telling if sum(sign.isalnum() for sign in row) >= 12)
    return {row for row in told if not any(row in open_ for open_ in visible)}


def words(text: str) -> str:
    """Return text without Markdown marks and with single spaces, as a page shows it."""
    return re.sub(r"\s+", " ", re.sub(r"[*`#>_]", "", text))


def test_a_the_solved_source_scores_full_marks_in_both_languages(gate):
    for lang in SEED:
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
        forbidden = secrets(gate.exercise, ("HIDDEN TESTS", "MARK SCHEME", "SOLUTION"))
        for student in gate.marks[lang]:
            page = classroom.root / "feedback" / student / gate.exercise.id / f"{gate.exercise.id}.html"
            raw = page.read_text(encoding="utf-8")
            shown = words(html.unescape(re.sub(r"<[^>]+>", "", raw[raw.index("<body") :])))
            mine = gate.written[lang][student]
            leaks = [row for row in forbidden if words(row) in shown and words(row) not in mine]
            assert leaks == [], (lang, student)
            assert traces(raw, classroom.root, SEED[lang]) == [], (lang, student)


def test_c_the_check_for_leaks_finds_what_the_marker_sees(gate):
    always = secrets(gate.exercise, ("HIDDEN TESTS", "MARK SCHEME"))
    if not {CRITERION, LAB} & set(gate.exercise.points):
        assert not always
        return
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
    parts = {part: sum(points.get(kind, 0) for kind in kinds) for part, kinds in CELLS_OF.items()}
    assert {part: sum_ for part, sum_ in parts.items() if sum_} == gate.told["points"]
    if points.get(CRITERION):
        assert set(full(gate.exercise, CRITERION).values()) == {4}
        assert len(full(gate.exercise, CRITERION)) == 8
        assert points[REPLY] == 0 and list(full(gate.exercise, RED_LINE).values()) == [0]


def test_d_an_object_equal_to_everything_earns_nothing(gate):
    if LAB in gate.exercise.points:
        assert gate.marks["en"]["anything"].score(LAB) == 0


def test_d_every_check_has_an_authored_wrong_answer_that_fails_exactly_what_it_must(gate):
    points = full(gate.exercise, LAB)
    for number, group in enumerate(gate.wrongs):
        failing = {cell for wrong in group for cell in wrong.fails}
        expected = {cell: 0 if cell in failing else points[cell] for cell in points}
        assert scores(gate.marks["en"][f"wrong-{number}"], LAB) == expected, [wrong.slip for wrong in group]
    assert {wrong.check for group in gate.wrongs for wrong in group} == set(points)


def test_d_feedback_explains_the_misconception_behind_a_wrong_answer(gate):
    for number, group in enumerate(gate.wrongs):
        shown = autograded(gate.classrooms["en"], f"wrong-{number}", gate.exercise.id)
        for wrong in group:
            if wrong.slip:
                assert first_line(wrong.slip) in shown[wrong.check], wrong


def test_f_warnings_on_stderr_cost_no_marks(gate):
    if LAB not in gate.exercise.points:
        return
    assert scores(gate.marks["zh"]["warned"], ROLE_PLAY, LAB) == full(gate.exercise, ROLE_PLAY, LAB)


def test_g_answers_copied_from_one_seed_are_right_there_and_fail_on_another(gate):
    free = set(gate.told.get("same_for_every_seed", ()))
    points = full(gate.exercise, LAB)
    if not points:
        return
    assert rehearse(gate.exercise, gate.copied, SEED["en"]).points == points
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
