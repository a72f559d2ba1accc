"""Evidence labels and what they lead to."""

import pytest

SOURCES = """# Evidence

```{reference} R1
:checked: abstract

Somebody 1999.
```

```{rule-card} HOUSE-1
:title: Small losses
:source: R1, house policy

Losses up to 5% are paid.
```
"""


def test_each_label_is_a_word_beside_the_figure(build):
    page = "# Page\n\n{cited}`12%|R1`, {synthetic}`13%`, {rule}`14%|HOUSE-1`, {claim}`15%`.\n"
    html = build({"index": page, "evidence": SOURCES}).page()
    for word in (">cited</a>", ">synthetic</a>", ">rule</a>", ">claim under test</a>"):
        assert word in html


def test_labels_speak_the_language_of_the_edition(build):
    page = "# 页\n\n{cited}`12%|R1`，{synthetic}`13%`，{rule}`14%|HOUSE-1`，{claim}`三倍`。\n"
    html = build({"index": page, "evidence": SOURCES}, language="zh_CN").page()
    for word in (">引用</a>", ">演练数据</a>", ">规则</a>", ">待检验说法</a>"):
        assert word in html


def test_a_cited_figure_leads_to_its_reference_and_a_rule_to_its_card(build):
    page = "# Page\n\n{cited}`12%|R1` and {rule}`14%|HOUSE-1`.\n"
    built = build({"index": page, "evidence": SOURCES})
    assert 'href="evidence.html#ref-r1"' in built.page()
    assert 'href="evidence.html#rule-house-1"' in built.page()
    assert 'id="ref-r1"' in built.page("evidence")
    assert 'id="rule-house-1"' in built.page("evidence")


def test_a_synthetic_figure_leads_to_what_synthetic_means(build):
    evidence = SOURCES + "\n(evidence-synthetic)=\n## Synthetic\n\nMade up.\n"
    built = build({"index": "# Page\n\n{synthetic}`13%`.\n", "evidence": evidence})
    assert 'href="evidence.html#evidence-synthetic"' in built.page()


def test_a_book_without_an_evidence_page_shows_the_word_without_a_link(build):
    assert '<span class="tk-label"' in build("# Page\n\n{synthetic}`13%`.\n").page()


def test_a_reference_says_how_far_it_was_checked_and_a_card_links_its_source(build):
    html = build({"index": "# Page\n", "evidence": SOURCES}).page("evidence")
    assert "<dt>How far checked</dt><dd>abstract</dd>" in html
    assert '<a href="#ref-r1">R1</a>, house policy' in html


@pytest.mark.parametrize(
    ("role", "named"), [("{cited}`12%|R99`", "R1"), ("{rule}`14%|R1`", "HOUSE-1")], ids=["cited", "rule"]
)
def test_an_unknown_key_fails_the_build_with_file_line_and_the_keys_there_are(build, role, named):
    built = build({"index": f"# Page\n\nText.\n\n{role}\n", "evidence": SOURCES})
    assert built.status == 1
    assert any(problem.startswith("index.md:5: ") and named in problem for problem in built.problems), built.problems


def test_an_unknown_key_is_found_again_in_a_build_without_changes_elsewhere(build):
    build({"index": "# Page\n\n{cited}`12%|R1`\n", "evidence": SOURCES})
    built = build({"evidence": SOURCES.replace("R1\n", "R2\n")})
    assert built.status == 1
    assert any(problem.startswith("index.md:3: ") and "`R1`" in problem for problem in built.problems)


@pytest.mark.parametrize("role", ["{cited}`12%`", "{rule}`14%`"])
def test_a_label_that_needs_a_key_and_has_none_fails_the_build(build, role):
    built = build(f"# Page\n\n{role}\n")
    assert built.status == 1
    assert any(problem.startswith("index.md:3: ") and "a key after a bar" in problem for problem in built.problems)


def test_a_key_declared_twice_fails_the_build_and_names_the_first_place(build):
    built = build(SOURCES + "\n```{reference} R1\nAgain.\n```\n")
    assert built.status == 1
    assert any("already declared" in problem and "line 3" in problem for problem in built.problems), built.problems


def test_a_reference_without_a_text_fails_the_build(build):
    built = build("# Page\n\n```{reference} R1\n```\n")
    assert any(problem.startswith("index.md:3: ") and "has no text" in problem for problem in built.problems)


def test_where_no_html_is_written_the_label_stands_in_brackets(build):
    text = build({"index": "# Page\n\n{synthetic}`13%` of it.\n"}, builder="text").page(suffix=".txt")
    assert "13% [synthetic]" in text
