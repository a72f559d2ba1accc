"""All lessons at once: the paths of trainees, the trainers' matrix of objectives, the coverage of the plan."""

import re

import pytest

LESSON = """(lesson-1-2)=
# 1.2 A small lesson

```{objectives}
:lesson: "1.2"
:time: 90
:track: agent

- Tell two things apart.
  - practise: case late-parcel
  - assess: lab first-table, task
```

## The idea

She waited for the call.
"""

ALONE = "---\norphan: true\n---\n\n"
PATH = "# Page\n\n```{learning-path} agent\n```\n"


@pytest.fixture
def home(build, tmp_path, monkeypatch):
    """A course with one lesson, its plan and a path; `build` reads the page of that lesson as well."""
    root = tmp_path / "home"
    for folder in ("cases/late-parcel", "book/en/01-first", "book/coverage"):
        (root / folder).mkdir(parents=True)
    (root / "cases/late-parcel/case.yaml").write_text("", encoding="utf-8")
    (root / "book/en/01-first/1-2-small.md").write_text(LESSON, encoding="utf-8")
    (root / "book/coverage/plan.csv").write_text("id,lessons\nS0.1,1.2\nS0.2,3.4\n", encoding="utf-8")
    (root / "book/coverage/01.yaml").write_text(
        '"1.2": {S0.1: {topic: Waiting, words: waited for the call}}\n', encoding="utf-8"
    )
    (root / "book/paths.yaml").write_text('agent: {tracks: [agent], core: ["1.2"]}\n', encoding="utf-8")
    monkeypatch.setenv("TRUSTKIT_HOME", str(root))
    return root


def page(directive: str) -> dict[str, str]:
    return {"index": f"# Page\n\n```{{{directive}}}\n```\n", "lesson": ALONE + LESSON}


def test_the_matrix_says_where_an_objective_is_practised_and_what_assesses_it(build, home):
    built = build(page("objectives-matrix"))
    assert built.problems == []
    html = built.page()
    for text in ("Tell two things apart.", "case late-parcel", "lab first-table (to come), task", 'href="lesson.html'):
        assert text in html


def test_the_lines_under_an_objective_are_for_trainers_and_not_for_the_lesson(build, home):
    html = build(page("objectives-matrix")).page("lesson")
    assert "Tell two things apart." in html and "practise" not in html and "first-table" not in html


def test_the_coverage_shows_the_words_that_teach_an_item_and_what_is_still_to_come(build, home):
    text = re.sub(r"<[^>]+>", "", build(page("coverage")).page())
    for words in ("2 items, 1 are taught in the 1 lessons", "waited for the call", "The idea", "3.4: S0.2"):
        assert words in text


def test_a_path_shows_the_short_one_first_and_all_its_lessons_with_their_minutes(build, home):
    built = build({"index": PATH, "lesson": ALONE + LESSON})
    assert built.problems == []
    html = built.page()
    assert "The short path: 1 lessons, about 2 hours." in html and "<summary>The full path: 1 lessons" in html
    assert html.count("1.2 A small lesson") == 2 and "90 minutes" in html


def test_how_long_a_path_takes_is_one_line(build, home):
    pages = {"index": PATH.replace("learning-path", "path-length"), "lesson": ALONE + LESSON}
    assert "Short path: about 2 hours. All of it: about 2 hours." in build(pages).page()
    built = build(pages, language="zh")
    assert "精简路线约 2 小时，全部约 2 小时。" in built.page() and built.problems == []


@pytest.mark.parametrize("directive", ["learning-path", "path-length"])
def test_a_path_that_does_not_exist_is_refused(build, home, directive):
    text = PATH.replace("agent", "pilot").replace("learning-path", directive)
    built = build({"index": text, "lesson": ALONE + LESSON})
    assert any("there is no path `pilot`. The paths are: agent" in problem for problem in built.problems)


def test_a_lesson_that_nobody_can_read_is_named_with_its_line(build, home):
    path = home / "book/en/01-first/1-2-small.md"
    path.write_text(LESSON.replace("- practise: case", "- practise: cse"), encoding="utf-8")
    built = build(page("objectives-matrix"))
    assert any("1-2-small.md:10: “cse late-parcel” names no activity" in problem for problem in built.problems)
