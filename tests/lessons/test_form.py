"""Each defect of a lesson page is found with its line and a cure; a sound page has none."""

import pytest

from trustkit.course import course_root
from trustkit.lessons.form import form_findings
from trustkit.lessons.page import lesson_files, read_lesson

DEFECTS = {
    "no practice of an objective": ("  - practise: drill two-things\n", "", "lesson-objectives", "no line `- practise"),
    "a verb nobody can see": ("Tell two things", "Understand two things", "lesson-objectives", "nobody can see"),
    "a missing section": ("## Second attempt\n", "", "lesson-sections", "“Second attempt” is missing"),
    "two key points": ("3. Three.\n", "", "lesson-sections", "has 2 items"),
    "a heading that skips a level": ("## The idea", "#### The idea", "lesson-headings", "skips a level"),
    "no picture and no table": ("| trust | looks ahead |\n", "", "lesson-picture", ""),
    "nothing to do": ("```{drill} two-things\n```\n", "", "lesson-practice", "something to do"),
    "another number": ("# 1.2 A small", "# 1.3 A small", "lesson-number", "begins with the number"),
    "too long a sentence": ("Try again.", "And " * 40 + "so.", "lesson-language", "41 words"),
    "a picture that is not there": (
        "Try again.",
        "![A house with a red door](house.svg)",
        "lesson-picture",
        "house.svg",
    ),
    "a picture that says nothing": ("Try again.", "![house](house.svg)", "lesson-picture", ":alt:"),
    "too short": ("She waited for the call and nobody rang her. ", "", "lesson-length", "words"),
}


def test_a_sound_page_has_no_findings(course):
    assert form_findings(read_lesson(lesson_files(course)[0])) == []


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_found_with_its_rule(course, sound, defect):
    old, new, rule, said = DEFECTS[defect]
    if defect == "no picture and no table":
        old, new = "| word | meaning |\n|---|---|\n| trust | looks ahead |\n", "Trust looks ahead.\n"
    assert old in sound
    (path,) = lesson_files(course)
    path.write_text(sound.replace(old, new), encoding="utf-8")
    found = form_findings(read_lesson(path))
    assert any(one.rule == rule and said in one.message for one in found), found
    assert all(one.line >= 1 for one in found)


def test_hard_words_are_found(course, sound):
    hard = "Organizational accountability necessitates institutionalization of interdepartmental responsibilities. "
    (path,) = lesson_files(course)
    path.write_text(sound.replace("Try again.", hard * 30), encoding="utf-8")
    assert "lesson-language" in {one.rule for one in form_findings(read_lesson(path))}


def test_every_lesson_of_the_course_keeps_the_form():
    found = [one for path in lesson_files(course_root()) for one in form_findings(read_lesson(path))]
    assert [str(one) for one in found] == []
