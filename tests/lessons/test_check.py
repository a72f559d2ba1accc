"""What the lessons lack of the plan is found without building the book."""

import pytest

from trustkit.cases.reader import read_case
from trustkit.content import ContentError
from trustkit.course import course_root
from trustkit.lessons.check import check_lessons, lesson_gaps, spelling_findings
from trustkit.lessons.coverage import coverage
from trustkit.lessons.matrix import matrix, matrix_findings
from trustkit.lessons.page import Named, lesson_files, read_lesson
from trustkit.lessons.paths import learning_path

KNOWN = {"drill": ["two-things"]}


def lessons(course):
    return [read_lesson(path) for path in lesson_files(course)]


def test_an_item_is_covered_by_words_that_stand_in_its_lesson_and_a_later_lesson_is_awaited(course):
    found = coverage(course, lessons(course))
    assert [(one.item, one.lesson, one.section) for one in found.taught] == [
        ("S0.1", "1.2", "A moment"),
        ("S0.2", "1.2", "The idea"),
    ]
    assert found.later == {"9.9": ["S0.2"]} and found.findings == () and found.items == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("waited for the call", "waited for a call", 2, "does not say “waited for a call”"),
        ("  S0.1: {topic: Waiting, words: waited for the call}\n", "", 0, "the plan gives S0.1 to lesson 1.2"),
        ("topic: Waiting, ", "", 2, "S0.1 needs its `topic`"),
        ("  S0.2:", "  S0.9:", 3, "the plan does not give S0.9"),
    ],
)
def test_an_item_that_is_not_taught_is_named_with_file_and_line(course, old, new, line, said):
    path = course / "book/coverage/01.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = coverage(course, lessons(course)).findings
    assert any(said in one.message and one.line == line and one.path == path for one in found), found


def test_a_broken_record_is_reported_once_and_not_again_for_each_of_its_items(course):
    (course / "book/coverage/01.yaml").write_text('"1.2": {S0.1: [\n', encoding="utf-8")
    (found,) = coverage(course, lessons(course)).findings
    assert found.path.name == "01.yaml" and found.line >= 1


def test_a_plan_that_nobody_can_read_is_refused(course):
    (course / "book/coverage/plan.csv").write_text("id,lessons\nS0.1,soon\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"plan\.csv:2"):
        coverage(course, lessons(course))


def test_an_objective_whose_activity_does_not_exist_or_stands_nowhere_is_a_gap(course, sound):
    assert matrix_findings(lessons(course), KNOWN) == []
    (unknown,) = matrix_findings(lessons(course), {})
    assert "there is no drill two-things" in unknown.message and unknown.line == 9
    (path,) = lesson_files(course)
    path.write_text(sound.replace("```{drill} two-things\n```\n", ""), encoding="utf-8")
    (nowhere,) = matrix_findings(lessons(course), KNOWN)
    assert "stands on no lesson page" in nowhere.message


def test_a_lab_may_be_still_to_come_and_says_so(course, sound):
    (path,) = lesson_files(course)
    path.write_text(sound.replace("assess: drill two-things, task", "assess: lab first-table"), encoding="utf-8")
    assert matrix_findings(lessons(course), KNOWN) == []
    (row,) = matrix(lessons(course), KNOWN)
    assert row.open == (Named("lab", "first-table"),)
    (built,) = matrix(lessons(course), {**KNOWN, "assignment": ["first-table"]})
    assert built.open == ()


def test_a_path_has_its_lessons_and_no_lesson_that_does_not_exist(course):
    path = learning_path("agent", lessons(course), course)
    assert ([one.number for one in path.lessons], path.core) == (["1.2"], {"1.2"})
    (course / "book/paths.yaml").write_text('agent: {tracks: [agent], core: ["1.2", "7.7"]}\n', encoding="utf-8")
    with pytest.raises(ContentError, match=r"names lesson 7\.7, which does not exist"):
        learning_path("agent", lessons(course), course)


def test_a_misspelt_word_is_found_and_a_name_is_not(tmp_path):
    (tmp_path / "page.md").write_text("Ines Thi\nWe recieve it.\n", encoding="utf-8")
    (found,) = spelling_findings(tmp_path, ["page.md"])
    assert (found.line, found.message) == (2, "“recieve” should be “receive”.")


def test_a_course_without_a_plan_has_no_gaps(course):
    (course / "book/coverage/plan.csv").unlink()
    assert lesson_gaps(course) == []


def test_the_lessons_of_the_course_have_nothing_to_mend():
    assert [str(one) for one in check_lessons(course_root())] == []


def test_a_case_lists_the_lessons_that_embed_it():
    for lesson in lessons(course_root()):
        for named, _ in lesson.shown:
            if named.kind == "case":
                assert lesson.number in read_case(named.id).document.data["lessons"], (named.id, lesson.number)
