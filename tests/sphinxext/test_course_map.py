"""Lists of lessons and modules: what they hold, which lists are none, and what stays what the author wrote."""

import json
import re

import pytest

LESSON = """---
orphan: true
---

(lesson-1-{n})=
# 1.{n} Lesson number {n}

```{{objectives}}
:lesson: "1.{n}"
:time: {minutes}
:track: agent

- Tell two things apart.
  - practise: drill trust-or-not
  - assess: drill trust-or-not
```

```{{drill}} trust-or-not
```
"""
MODULE = """---
orphan: true
---

(module-{n})=
# Module number {n}

- {{ref}}`lesson-1-1`: the first one.
- {{ref}}`lesson-1-2`: the second one.
"""


@pytest.fixture
def map_of(build, course_home, monkeypatch, tmp_path):
    """Builds a course of two lessons in a module, with an index page; returns that page and what the map holds."""
    home = tmp_path / "home"
    lessons = {f"01-first/1-{n}-lesson": LESSON.format(n=n, minutes=60 * n) for n in (1, 2)}
    modules = {f"0{n}-{name}/index": MODULE.format(n=n) for n, name in ((1, "first"), (2, "second"))}
    for name, text in lessons.items():
        path = home / "book/en" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (home / "exercises").symlink_to(course_home / "exercises")
    (home / "cases").mkdir()
    (tmp_path / "pages/01-first").mkdir(parents=True)
    (tmp_path / "pages/02-second").mkdir()
    monkeypatch.setenv("TRUSTKIT_HOME", str(home))

    def run(index: str, page: str = "index", language: str = "en") -> tuple[str, dict | None]:
        html = build({"index": f"# Page\n\n{index}\n", **lessons, **modules}, language=language).page(page)
        found = re.search(r'id="course-map">(.*?)</script>', html)
        return html, json.loads(found[1]) if found else None

    return run


def test_a_list_of_lessons_says_what_can_be_passed_and_shows_the_authors_words(map_of):
    html, data = map_of("- {ref}`lesson-1-1`: begin here.\n- {ref}`lesson-1-2`: then this.")
    assert data == {"lessons": [{"number": f"1.{n}", "activities": ["drill:trust-or-not"]} for n in (1, 2)]}
    assert "tk-lesson-list" in html and "begin here." in html and ": begin" not in html
    assert re.findall(r'class="tk-standing" data-lesson="([\d.]+)"', html) == ["1.1", "1.2"]


@pytest.mark.parametrize("lines", [
    "- {ref}`lesson-1-1`: one line alone.", "- {ref}`lesson-1-1`\n- Something else.", "- See {ref}`lesson-1-1`\n- x",
])  # fmt: skip
def test_another_list_stays_as_it_is(map_of, lines):
    html, data = map_of(lines)
    assert data is None and "tk-lesson-list" not in html


def test_modules_say_how_many_lessons_they_have_and_how_long_they_take(map_of):
    html, data = map_of(
        "- {ref}`1 The first <module-1>`: say it.\n- {ref}`2 The second <module-2>`: do it.", language="zh"
    )
    assert "tk-module-list" in html and "2 课，约 3 小时" in html
    assert data["home"] and data["modules"] == {"1": ["1.1", "1.2"], "2": []}
    assert [one["href"] for one in data["lessons"]] == ["01-first/1-1-lesson.html", "01-first/1-2-lesson.html"]


def test_a_module_leads_to_its_first_lesson(map_of):
    html, data = map_of("Nothing.", page="01-first/index")
    assert '<a class="tk-button" href="1-1-lesson.html">Begin: 1.1 Lesson number 1</a>' in html
    assert data["module"] == "1" and data["lessons"][1]["minutes"] == 120
