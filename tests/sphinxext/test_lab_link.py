"""The place on a page from which a script leads into the browser lab."""

import shutil
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "publish/lab-course/exercises/source"
CARD = "# Lesson\n\n```{assignment} first-hand-in\n```\n"


@pytest.fixture(autouse=True)
def assignment(course_home):
    shutil.copytree(SOURCES / "first-hand-in", course_home / "exercises/source/first-hand-in", dirs_exist_ok=True)


def test_an_assignments_card_holds_the_hidden_place_with_the_way_to_the_site_and_what_to_say(build):
    built = build({"index": CARD}, trustkit_editions=["en", "zh"])
    assert '<p class="tk-lab" hidden data-tk-lab="en/first-hand-in" data-tk-site="../"' in built.page()
    assert 'data-open="Open in the browser lab"' in built.page()
    assert "trustkit-lab.js" in built.page()


def test_the_place_speaks_the_language_of_the_edition_and_names_its_notebook(build):
    html = build(CARD, language="zh_CN", trustkit_editions=["en", "zh"]).page()
    assert 'data-tk-lab="zh/first-hand-in"' in html and 'data-open="在浏览器实验室里打开"' in html


def test_the_page_of_a_notebook_has_the_place_below_its_heading(build, tmp_path):
    (tmp_path / "pages" / "notebooks").mkdir(parents=True)
    built = build({"index": "# Home\n", "notebooks/desk": "# Desk\n\nText.\n"}, trustkit_editions=["en"])
    html = built.page("notebooks/desk")
    assert html.index("Desk") < html.index('data-tk-lab="en/desk" data-tk-site="../../"') < html.index("Text.")
    assert "tk-lab" not in built.page("index") and "trustkit-lab.js" not in built.page("index")


def test_a_book_that_is_built_alone_and_a_page_of_plain_text_have_none(build):
    assert "tk-lab" not in build(CARD).page()
    text = build(CARD, builder="text", trustkit_editions=["en"])
    assert text.problems == [] and "browser lab" not in text.page(suffix=".txt")
