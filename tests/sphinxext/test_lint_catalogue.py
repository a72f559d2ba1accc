"""The catalogue of lint's rules in a page."""

import re
import shutil
from pathlib import Path

import pytest

from trustkit.cases.lint import RULES
from trustkit.sphinxext.lint_catalogue import DEFECTS, chinese_rules

ROOT = Path(__file__).parents[2]
PAGE = "# Page\n\n```{lint-catalogue}\n```\n"


def test_every_rule_stands_there_with_its_anchor_what_is_wrong_and_what_to_do(build):
    built = build(PAGE)
    html = built.page()
    assert built.problems == []
    assert re.findall(r'<dt id="lint-([a-z-]+)"', html) == list(RULES)
    assert html.count("<strong>What to do:</strong>") == len(RULES)
    assert "A choice leads to a scene that does not exist." in html and "(warning)" in html


def test_an_installed_course_without_tests_has_the_catalogue_without_examples(build):
    html = build(PAGE).page()
    assert html.count("<dt id=") == len(RULES) and "<pre>" not in html


@pytest.fixture
def defect(course_home):
    for rule in ("undefined-scene", "passes-by-chance"):
        shutil.copytree(ROOT / DEFECTS / rule, course_home / DEFECTS / rule)
    yield course_home / DEFECTS / "undefined-scene"
    shutil.rmtree(course_home / "tests")


def test_an_example_shows_the_lines_around_the_fault_and_what_lint_says(build, defect):
    html = build(PAGE).page()
    # Line 56 of that case leads to a scene that does not exist; it is marked, as is that of the other example.
    marked = re.findall(r'<span class="hll">(.*?\n)', html)
    assert len(marked) == 2 and "goodby" in re.sub(r"<[^>]+>", "", marked[0])
    assert "case.yaml:56 there is no scene" in " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_the_rules_stand_there_in_chinese(build):
    html = build(PAGE, language="zh_CN").page()
    assert "某个选项通向一个不存在的场景" in html and "怎么改：" in html
    assert "A choice leads to a scene" not in html


def test_the_chinese_rules_are_those_of_lint_and_complete():
    assert set(chinese_rules()) == set(RULES)
    for rule, said in chinese_rules().items():
        assert set(said) == {"wrong", "cure"}, rule
        assert re.search("[\u4e00-\u9fff]", said["wrong"]) and re.search("[\u4e00-\u9fff]", said["cure"]), rule


def test_a_rule_without_chinese_is_shown_in_english_and_says_so(build, monkeypatch):
    monkeypatch.delitem(chinese_rules(), "undefined-scene")
    html = build(PAGE, language="zh_CN").page()
    assert re.search(r'lang="en"[^>]*>A choice leads to a scene that does not exist', html)


def test_a_share_that_lint_tells_is_no_figure_of_the_book(build, defect):
    built = build(PAGE)
    assert built.problems == [] and re.search(r"\d%", built.page())
