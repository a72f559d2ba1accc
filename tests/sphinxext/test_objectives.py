"""The box with the objectives of a lesson."""

import pytest

SOUND = """# Lesson

```{objectives}
:lesson: "1.1"
:time: 25
:track: agent

- Tell two things apart.
- Do a third.
```
"""


def test_the_box_names_lesson_time_audience_and_objectives(build):
    html = build(SOUND).page()
    for text in ("Lesson 1.1", "25 minutes", "<dd>agents</dd>", "After this lesson you can", "Do a third."):
        assert text in html


def test_the_box_speaks_the_language_of_the_edition(build):
    html = build(SOUND, language="zh_CN").page()
    for text in ("第 1.1 课", "25 分钟", "客服", "学完本课"):
        assert text in html


@pytest.mark.parametrize(
    ("sound", "broken", "said"),
    [
        (':lesson: "1.1"\n', "", "number of their lesson"),
        (":time: 25", ":time: long", "whole minutes"),
        (":track: agent", ":track: everybody", "both, agent, analyst"),
        ("- Tell two things apart.\n- Do a third.", "You can tell two things apart.", "one list"),
    ],
    ids=["no lesson", "no time", "no track", "no list"],
)
def test_what_is_missing_is_said_with_file_and_line(build, sound, broken, said):
    built = build(SOUND.replace(sound, broken))
    assert built.status == 1
    assert any(problem.startswith("index.md:3: ") and said in problem for problem in built.problems), built.problems


def test_two_lessons_with_one_number_fail_the_build(build):
    built = build({"index": SOUND, "other": SOUND})
    assert any("lesson 1.1 is already declared" in problem for problem in built.problems)


def test_objectives_survive_where_no_html_is_written(build):
    text = build(SOUND, builder="text").page(suffix=".txt")
    assert "After this lesson you can" in text
    assert "Do a third." in text
