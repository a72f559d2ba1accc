"""Evidence labels and what they lead to."""

import pytest

SOURCES = """# Evidence

```{references}
:group: lessons
```

```{rule-card} HOUSE-1
:title: Small losses
:source: R1, house policy
:version: 3

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


def test_a_reference_is_printed_with_its_name_and_how_far_it_was_checked(build):
    html = build({"index": "# Page\n", "evidence": SOURCES}).page("evidence")
    assert '<p class="tk-entry-title">Somebody and Else 1999</p>' in html
    assert (
        "<p>Somebody, A., and Else, S. (1999). A study of 12% of everything. <em>Journal of Everything</em> 1, 2–3.</p>"
    ) in html
    assert "<dt>How far checked</dt><dd>abstract</dd>" in html


def test_a_reference_speaks_the_language_of_the_edition(build):
    html = build({"index": "# 页\n", "evidence": SOURCES}, language="zh_CN").page("evidence")
    assert '<p class="tk-entry-title">某人等 1999</p>' in html
    assert "<dt>核对情况</dt><dd>摘要</dd>" in html


def test_several_works_stand_under_one_key_and_a_note_may_hold_links(build):
    evidence = "(evidence)=\n# Evidence\n\n```{references}\n:keys: M1\n```\n"
    html = build({"index": "# Page\n\n{cited}`12%|M1`\n", "evidence": evidence}).page("evidence")
    assert "<p>An Institute. <em>First work</em>. A second work, see <a" in html
    assert "U1" not in html


def test_a_rule_card_says_its_version_and_links_its_source(build):
    html = build({"index": "# Page\n", "evidence": SOURCES}).page("evidence")
    assert '<a href="#ref-r1">R1</a>, house policy' in html
    assert "<dt>Version</dt><dd>3</dd>" in html


@pytest.mark.parametrize(
    ("role", "named"), [("{cited}`12%|R99`", "R1"), ("{rule}`14%|R1`", "HOUSE-1")], ids=["cited", "rule"]
)
def test_an_unknown_key_fails_the_build_with_file_line_and_the_keys_there_are(build, role, named):
    built = build({"index": f"# Page\n\nText.\n\n{role}\n", "evidence": SOURCES})
    assert built.status == 1
    assert any(problem.startswith("index.md:5: ") and named in problem for problem in built.problems), built.problems


def test_an_unknown_key_is_found_again_in_a_build_without_changes_elsewhere(build):
    build({"index": "# Page\n\n{cited}`12%|R1`\n", "evidence": SOURCES})
    built = build({"evidence": SOURCES.replace("lessons", "model")})
    assert built.status == 1
    assert any(problem.startswith("index.md:3: ") and "`R1`" in problem for problem in built.problems)


@pytest.mark.parametrize("role", ["{cited}`12%`", "{rule}`14%`"])
def test_a_label_that_needs_a_key_and_has_none_fails_the_build(build, role):
    built = build(f"# Page\n\n{role}\n")
    assert built.status == 1
    assert any(problem.startswith("index.md:3: ") and "a key after a bar" in problem for problem in built.problems)


@pytest.mark.parametrize(
    "again", ["```{references}\n:keys: R1\n```", "```{rule-card} HOUSE-1\nAgain.\n```"], ids=["reference", "rule card"]
)
def test_a_key_declared_twice_fails_the_build_and_names_the_first_place(build, again):
    built = build(f"{SOURCES}\n{again}\n")
    assert built.status == 1
    assert any("already declared" in problem and "line " in problem for problem in built.problems), built.problems


def test_a_rule_card_without_a_text_fails_the_build(build):
    built = build("# Page\n\n```{rule-card} HOUSE-1\n```\n")
    assert any(problem.startswith("index.md:3: ") and "has no text" in problem for problem in built.problems)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", "either `:group:` or `:keys:`"),
        (":group: lessons\n:keys: R1\n", "either `:group:` or `:keys:`"),
        (":group: books\n", "use lessons, model, unread"),
        (":keys: R1, R7\n", "references.bib has no reference R7. It has: R1, M1, U1."),
    ],
    ids=["neither", "both", "no such group", "no such key"],
)
def test_options_of_the_references_that_say_nothing_fail_the_build(build, options, said):
    built = build(f"# Page\n\n```{{references}}\n{options}```\n")
    assert built.status == 1
    assert any(problem.startswith("index.md:3: ") and said in problem for problem in built.problems), built.problems


def test_a_fault_in_the_references_fails_the_build_and_changing_them_changes_the_page(build, course_home):
    path = course_home / "book" / "references.bib"
    sound = path.read_bytes()
    build({"index": "# Page\n", "evidence": SOURCES})
    try:
        path.write_bytes(sound.replace(b"{abstract}", b"{the whole text}"))
        assert "the whole text" in build({}).page("evidence")
        path.write_bytes(sound.replace(b"{abstract}", b"{}"))
        assert any("references.bib:1: R1 has no `checked`" in problem for problem in build({}).problems)
    finally:
        path.write_bytes(sound)


def test_where_no_html_is_written_the_label_stands_in_brackets(build):
    text = build({"index": "# Page\n\n{synthetic}`13%` of it.\n"}, builder="text").page(suffix=".txt")
    assert "13% [synthetic]" in text
