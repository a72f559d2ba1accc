"""Pages with the cards of the datasets; and, for trainers, what is planted and which slips are known."""

import pytest

CARD = """# DS01 · A week of calls 一周来电

| column 列 | meaning | 含义 |
|---|---|---|
| `call_id` | Number of the call | 来电编号 |

## What is not clean 不干净的地方

About 3 % of the rows are there twice.
"""


@pytest.fixture
def calls(course_home):
    folder = course_home / "datasets" / "calls"
    (folder / "card.md").write_text(CARD, encoding="utf-8")
    (folder / "planted.md").write_text("# DS01 · What is planted\n\nMondays are 20 % longer.\n", encoding="utf-8")
    slips = course_home / "exercises" / "slips"
    slips.mkdir(parents=True, exist_ok=True)
    (slips / "count-calls.yaml").write_text(
        "counted-twice:\n  en: A call was counted twice.\n  zh: 有的来电算了两次。\n", encoding="utf-8"
    )
    yield folder
    for path in (folder / "card.md", folder / "planted.md", slips / "count-calls.yaml"):
        path.unlink()


def test_the_cards_stand_on_the_page_one_level_lower_and_their_figures_need_no_label(build, calls):
    built = build("# Datasets\n\n```{datasets} cards\n```\n")
    assert built.problems == []
    html = built.page()
    assert "<h2>DS01 · A week of calls" in html and "<h3>What is not clean" in html
    assert "3 % of the rows" in html and "Mondays" not in html


def test_what_is_planted_stands_only_where_it_is_asked_for(build, calls):
    html = build("# Planted\n\n```{datasets} planted\n```\n").page()
    assert "Mondays are 20 % longer." in html and "call_id" not in html


def test_anything_else_is_refused_with_what_there_is(build, calls):
    assert "datasets can show: cards, planted." in build("# D\n\n```{datasets} secrets\n```\n").problems[0]


@pytest.mark.parametrize(("language", "says"), [("en", "A call was counted twice."), ("zh_CN", "有的来电算了两次。")])
def test_slips_are_listed_by_assignment_in_the_language_of_the_page(build, calls, language, says):
    html = build("# Slips\n\n```{misconceptions}\n```\n", language=language).page()
    assert says in html and "counted-twice" in html and "<h2>count-calls" in html
