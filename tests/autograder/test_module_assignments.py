"""The assignments of the agents' track: one a module, with the cases, drills and writing that its lessons name."""

from __future__ import annotations

import re

import pytest

from autograder.parts import CRITERIA, CRITERION, RED_LINE, REPLY, ROLE_PLAY
from autograder.rehearse import gate_of
from autograder.source import Exercise, assignment_ids, read_exercise
from trustkit.cases.listing import case_entry
from trustkit.checkers.reply import places
from trustkit.course import case_ids, course_root
from trustkit.lessons.page import Lesson, read_lessons

MODULES = {f"module-{number:02d}": number for number in range(1, 13)}
WITH_A_REPLY = {5, 6, 7, 9, 10, 11, 12}
MOST_CASES = 4
CASE_POINTS, DRILL_POINTS = 10, 5
WORDS_OF_A_REPLY = {11: (60, 120)}
"""How many words the task asks for, where it is not `USUAL_WORDS`."""
USUAL_WORDS = (180, 300)
STILL_IN_ENGLISH = re.compile("还没有中文版|只有英文版")
"""What the Chinese text says while one of the activities has no Chinese."""

PLAY = re.compile(r'^(RolePlay|Drill)\("([a-z0-9-]+)"\)$', re.M)
MARKS = re.compile(r'^marks_for_(role_play|drill)\("([a-z0-9-]+)", points=(\d+)\)$', re.M)
ANCHOR = re.compile(r"^- \*\*([0-4])(?: 分)?\*\*", re.M)
SCHEME = re.compile(r"### BEGIN MARK SCHEME\n(.*?)### END MARK SCHEME", re.S)
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.S)

exists = pytest.mark.parametrize("name", [name for name in MODULES if name in assignment_ids()])


def lessons_of(module: int) -> list[Lesson]:
    """Return the lessons of a module that agents read."""
    lessons, findings = read_lessons(course_root())
    assert not findings
    return [lesson for lesson in lessons if lesson.module == module and lesson.track in ("agent", "both")]


def embedded(module: int, kind: str) -> list[str]:
    """Return the ids of the activities of a kind that a module's lessons show, in their order."""
    found = [one.id for lesson in lessons_of(module) for one, _ in lesson.shown if one.kind == kind]
    return list(dict.fromkeys(found))


def assessing(module: int) -> set[str]:
    """Return the cases of the case room that assess an objective of a module; the exam case is not among them."""
    goals = [goal for lesson in lessons_of(module) for goal in lesson.objectives]
    return {one.id for goal in goals for one in goal.assess if one.kind == "case"} & room()


def named(module: int) -> set[str]:
    """Return the cases of the case room that a module's lessons show or their objectives name."""
    goals = [goal for lesson in lessons_of(module) for goal in lesson.objectives]
    told = {one.id for goal in goals for one in (*goal.practise, *goal.assess) if one.kind == "case"}
    return (told | set(embedded(module, "case"))) & room()


def room() -> set[str]:
    """Return the ids of all cases but the exam's."""
    return {case for case in case_ids() if not case_entry(course_root() / "cases" / case)["exam"]}


def criteria(exercise: Exercise, lang: str) -> dict[str, str]:
    """Return the mark schemes of the reply's criteria in a language, by cell."""
    cells = [cell for cell in exercise.cells if cell.part == CRITERION]
    return {cell.id: SCHEME.search(exercise.chinese[cell.id] if lang == "zh" else cell.text)[1] for cell in cells}


def anchors(exercise: Exercise, lang: str) -> set[str]:
    """Return the anchors of all criteria: the lines that say what 0, 2 and 4 points are."""
    rows = (row for scheme in criteria(exercise, lang).values() for row in scheme.split("\n"))
    return {row for row in rows if ANCHOR.match(row)}


def test_every_module_has_its_assignment():
    assert not set(MODULES) - set(assignment_ids())


@exists
def test_it_holds_every_drill_and_the_cases_of_its_lessons_cases_first(name):
    exercise, module = read_exercise(name), MODULES[name]
    cases = [activity for activity in exercise.activities if activity in case_ids()]
    drills = list(exercise.activities[len(cases) :])
    assert exercise.activities == (*cases, *drills)
    assert drills == embedded(module, "drill")
    wanted = named(module)
    assert assessing(module) <= set(cases) <= wanted
    assert len(set(cases)) == len(cases) == min(MOST_CASES, len(wanted))


@exists
def test_each_activity_is_played_and_marked_once_in_the_order_of_the_front_matter(name):
    exercise = read_exercise(name)
    code = [cell for cell in exercise.cells if cell.kind == "code"]
    played = [found for cell in code for found in PLAY.findall(cell.text)]
    marking = [cell for cell in code if cell.part == ROLE_PLAY]
    marked = [found for cell in marking for found in MARKS.findall(cell.text)]
    kinds = {"role_play": ("RolePlay", CASE_POINTS), "drill": ("Drill", DRILL_POINTS)}
    assert [activity for _, activity in played] == [activity for _, activity, _ in marked] == list(exercise.activities)
    assert [kind for kind, _ in played] == [kinds[kind][0] for kind, _, _ in marked]
    expected = [kinds[kind][1] for kind, _, _ in marked]
    assert [int(points) for _, _, points in marked] == [cell.nbgrader["points"] for cell in marking] == expected


@exists
def test_a_module_that_teaches_writing_asks_for_a_reply(name):
    exercise, module = read_exercise(name), MODULES[name]
    parts = [cell.part for cell in exercise.cells]
    expected = (1, CRITERIA, 1) if module in WITH_A_REPLY else (0, 0, 0)
    assert tuple(parts.count(part) for part in (REPLY, CRITERION, RED_LINE)) == expected


@exists
def test_the_authored_reply_has_the_length_that_is_asked_for(name):
    exercise = read_exercise(name)
    least, most = WORDS_OF_A_REPLY.get(MODULES[name], USUAL_WORDS)
    for cell in exercise.cells:
        if cell.part == REPLY:
            words = SOLUTION.search(cell.text)[1].split()
            assert least <= len(words) <= most
            task = "\n".join(other.text for other in exercise.cells if other.kind == "markdown")
            assert f"{least}–{most} words" in task


@exists
def test_the_authored_reply_crosses_no_red_line_that_the_checker_knows(name):
    exercise = read_exercise(name)
    for cell in exercise.cells:
        if cell.part == REPLY:
            for text in (cell.text, exercise.chinese[cell.id]):
                reply = SOLUTION.search(text)[1]
                assert not [kind for kind in ("red-line", "private", "blame") if places(reply, kind)]


@exists
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_criteria_of_a_reply_have_anchors_of_their_own(name, lang):
    exercise = read_exercise(name)
    for scheme in criteria(exercise, lang).values():
        assert {"0", "2", "4"} <= set(ANCHOR.findall(scheme))
    others = [other for other in ("first-complaint", *MODULES) if other != name and other in assignment_ids()]
    for other in others:
        assert not anchors(exercise, lang) & anchors(read_exercise(other), lang), other


@exists
def test_its_hand_ins_try_cases_without_drills_and_lost_cells(name):
    hand_ins = gate_of(read_exercise(name)).data["hand_ins"]
    assert any(one.get("attempts") == "cases" for one in hand_ins.values())
    assert any(one.get("delete") and one.get("attempts") == "best" for one in hand_ins.values())


@exists
def test_the_chinese_text_says_that_something_is_still_in_english_only_while_it_is(name):
    exercise, root = read_exercise(name), course_root()
    folders = [root / ("cases" if one in case_ids() else "exercises/drills") / one for one in exercise.activities]
    missing = not all((folder / "zh.yaml").is_file() for folder in folders)
    assert bool(STILL_IN_ENGLISH.search("\n".join(exercise.chinese.values()))) is missing
