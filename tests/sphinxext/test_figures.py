"""No figure without a label."""

import pytest

from trustkit.sphinxext.figures import BARE_FIGURE


@pytest.mark.parametrize(
    "text",
    [
        "12%", "12 %", "1,200.5 %", "5 per cent", "five percent", "3‰", "12％", "百分之五", "百分之3.5", "12个百分点",
        "3 times", "3.5 times", "3-fold", "three times as many", "five times more", "ten-fold",
        "3倍", "3 倍", "两倍", "三点五倍", "2 percentage points",
    ],
)  # fmt: skip
def test_shares_and_multiples_count_as_figures(text):
    assert BARE_FIGURE.search(f"It was {text} of it.")


@pytest.mark.parametrize(
    "text",
    [
        "in 2024", "CNY 300", "15 days", "she called three times", "7 days", "a percentage", "R13", "加倍努力",
        "百分比", "第三方", "1.1", "at 9 o'clock", "many times", "sometimes", "成倍",
    ],
)  # fmt: skip
def test_other_numbers_and_words_do_not(text):
    assert not BARE_FIGURE.search(f"It was {text} of it.")


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ("# Page\n\nFirst line\nand 12% here.\n", 4),
        ("# Page with 12%\n", 1),
        ("# Page\n\n- one\n- **12** %\n", 4),
        ("# Page\n\n| a | b |\n|---|---|\n| c | 12% |\n", 5),
        ("# Page\n\n:::{note}\nA note.\n\nWith 12%.\n:::\n", 6),
        ("# 页\n\n多了三倍。\n", 3),
    ],
    ids=["paragraph", "title", "split by bold", "table", "note", "chinese"],
)
def test_a_bare_figure_in_prose_fails_the_build_with_file_and_line(build, page, line):
    built = build(page)
    assert built.status == 1
    assert [problem for problem in built.problems if problem.startswith(f"index.md:{line}: the figure “")], (
        built.problems
    )


@pytest.mark.parametrize(
    "page",
    [
        "# Page\n\n{synthetic}`12%` and {claim}`3 times`.\n",
        "# Page\n\nThe code `width: 50%` here.\n",
        "# Page\n\n```css\nwidth: 50%;\n```\n",
        "# Page\n\n```{drill} trust-or-not\n```\n",
        "# Page\n\n```{references}\n:keys: R1\n```\n",
        "# Page\n\n```{rule-card} H-1\nUp to 5%.\n```\n",
        "# Page\n\n% a comment with 12%\n",
    ],
    ids=["label", "code", "code block", "drill", "reference", "rule card", "comment"],
)
def test_labelled_figures_and_what_is_not_prose_pass(build, page):
    assert build(page).problems == []
