"""The card on a lesson's page that leads to an assignment."""

import pytest

SOURCE = """---
trustkit:
  activities: []
---

+++ {"nbgrader": {"grade_id": "welcome"}}

# Count the calls

+++ {"nbgrader": {"grade_id": "reply", "task": true, "points": 4}}

How many?

```{code-cell} ipython3
---
nbgrader:
  grade: true
  grade_id: check
  points: 3
---
```
"""


@pytest.fixture
def count_calls(course_home):
    folder = course_home / "exercises" / "source" / "count-calls"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "count-calls.md").write_text(SOURCE, encoding="utf-8")
    (folder / "zh.yaml").write_text("cells:\n  welcome: |\n    # 数一数来电\n", encoding="utf-8")
    return folder


def test_the_card_names_the_assignment_its_points_and_the_way_to_it(build, count_calls):
    html = build("# Lesson\n\n```{assignment} count-calls\n```\n").page()
    for text in ("Count the calls", "7 points", "“Do an assignment”", ">count-calls</span>"):
        assert text in html


def test_the_card_speaks_the_language_of_the_page(build, count_calls):
    html = build("# 课\n\n```{assignment} count-calls\n```\n", language="zh_CN").page()
    assert "数一数来电" in html and "7 分" in html


def test_an_assignment_that_does_not_exist_fails_the_build_and_those_there_are_named(build, count_calls):
    built = build("# Lesson\n\n```{assignment} count-call\n```\n")
    assert built.problems == ["index.md:3: there is no assignment `count-call`. The assignments are: count-calls."]


def test_a_source_without_a_title_fails_the_build(build, count_calls):
    (count_calls / "count-calls.md").write_text(SOURCE.replace("# Count", "Count"), encoding="utf-8")
    built = build("# Lesson\n\n```{assignment} count-calls\n```\n")
    assert "has no title" in built.problems[0]
