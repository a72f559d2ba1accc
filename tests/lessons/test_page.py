"""A lesson page is read as its author meant it."""

import pytest

from trustkit.content import ContentError
from trustkit.course import course_root
from trustkit.lessons.page import Named, lesson_files, read_lesson


def test_a_page_gives_its_facts_objectives_activities_and_prose(course):
    (path,) = lesson_files(course)
    lesson = read_lesson(path)
    assert (lesson.number, lesson.title, lesson.minutes, lesson.track) == ("1.2", "1.2 A small lesson", 20, "agent")
    (objective,) = lesson.objectives
    assert objective.text == "Tell two things apart in ten scenes."
    assert objective.practise == (Named("drill", "two-things"),)
    assert objective.assess == (Named("drill", "two-things"), Named("task"))
    assert [named for named, _ in lesson.shown] == [Named("drill", "two-things")]
    assert [section.tables for section in lesson.sections] == [0, 0, 1, 0, 0, 0, 0]


def test_the_prose_is_what_a_reader_sees(course):
    lesson = read_lesson(lesson_files(course)[0])
    assert "Her trust is not the same as her satisfaction." in lesson.prose
    assert "practise" not in lesson.prose and "two-things" not in lesson.prose


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("  - practise: dril two-things", "“dril two-things” names no activity"),
        ("  - train: drill two-things", "stands `practise:` or `assess:`"),
    ],
)
def test_a_line_under_an_objective_that_nobody_can_read_is_refused_with_its_line(course, sound, broken, said):
    (path,) = lesson_files(course)
    path.write_text(sound.replace("  - practise: drill two-things", broken), encoding="utf-8")
    with pytest.raises(ContentError, match=said) as refused:
        read_lesson(path)
    assert refused.value.line == 10


def test_options_that_cannot_be_read_are_said_to_be_so(course, sound):
    (path,) = lesson_files(course)
    path.write_text(sound.replace(':lesson: "1.2"', ':lesson: "1.2'), encoding="utf-8")
    with pytest.raises(ContentError, match="Check their quotes") as refused:
        read_lesson(path)
    assert refused.value.line == 5


def test_a_page_without_objectives_is_no_lesson(course):
    (path,) = lesson_files(course)
    path.write_text("# 1.2 A page\n", encoding="utf-8")
    with pytest.raises(ContentError, match="begins with its"):
        read_lesson(path)


def test_lessons_stand_in_the_order_of_their_numbers():
    numbers = [tuple(map(int, read_lesson(path).number.split("."))) for path in lesson_files(course_root())]
    assert numbers == sorted(numbers) and len(numbers) > 40
