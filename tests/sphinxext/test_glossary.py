"""The glossary page, and the links to it from the prose of lessons."""

import re

import pytest

from trustkit.sphinxext.glossary import in_reading_order
from trustkit.sphinxext.terms import Term

PAGE = "# Glossary\n\n```{glossary-list}\n```\n"


def test_a_term_resolves_under_its_name_in_the_language_of_the_edition(build):
    assert 'href="#term-customer-trust"' in build(PAGE + "\n{term}`customer trust`\n").page()


def test_anchors_are_the_same_in_both_editions(build):
    html = build(PAGE + "\n{term}`顾客信任`\n", language="zh_CN").page()
    assert 'href="#term-customer-trust"' in html
    assert 'id="term-customer-trust"' in html


def test_each_entry_shows_the_name_in_the_other_language_and_says_which_that_is(build):
    html = build(PAGE).page()
    assert 'lang="zh-CN">顾客信任</p>' in html
    assert "Willingness to rely on a firm." in html


def test_a_term_that_is_not_in_the_table_fails_the_build(build):
    built = build(PAGE + "\n{term}`happiness`\n")
    assert built.status == 1
    assert any("happiness" in problem for problem in built.problems)


def test_a_changed_table_changes_the_page(build, course_home):
    path = course_home / "book" / "glossary.csv"
    sound = path.read_bytes()
    build(PAGE)
    path.write_bytes(sound.replace(b"Willingness", b"Readiness"))
    try:
        assert "Readiness to rely" in build({}).page()
    finally:
        path.write_bytes(sound)


def test_chinese_terms_stand_in_the_order_of_their_pinyin():
    terms = [Term(name, {"en": name, "zh": name}, {}, 0) for name in ("信任", "补偿", "承诺", "投诉", "忠诚")]
    assert [term.id for term in in_reading_order(terms, "zh")] == ["补偿", "承诺", "投诉", "信任", "忠诚"]


def test_english_terms_stand_in_the_order_of_the_alphabet_whatever_their_capitals():
    terms = [Term(name, {"en": name, "zh": name}, {}, 0) for name in ("trust", "CRM", "apology")]
    assert [term.id for term in in_reading_order(terms, "en")] == ["apology", "CRM", "trust"]


LESSON = """# Lesson

```{objectives}
:lesson: "1.1"
:time: 5
:track: both

- Tell customer trust from hope.
```

"""


@pytest.fixture
def terms(course_home):
    """A table with terms that lie in each other, other names, and one that is never linked by itself."""
    path = course_home / "book" / "glossary.csv"
    sound = path.read_bytes()
    path.write_text(
        "id,en,zh,definition_en,definition_zh,also_en,also_zh,linked\n"
        "trust,trust,信任,x,x,,,\n"
        "customer-trust,customer trust,顾客信任,x,x,,,\n"
        "clv,customer lifetime value,客户生命周期价值,x,x,CLV; lifetime value,CLV,\n"
        "complaint,complaint,投诉,x,x,,,\n"
        "care,care,关怀,x,x,,,zh\n"
        "outcome,outcome,结果,x,x,,,no\n",
        encoding="utf-8",
    )
    yield path
    path.write_bytes(sound)


def links(html):
    return re.findall(r'<a class="reference internal" href="([^"]*)#term-([a-z-]+)">.*?>([^<]*)</span></a>', html)


def words(html):
    return [(term, word) for _, term, word in links(html)]


def test_the_first_use_of_a_term_in_a_lesson_is_linked_and_no_later_one(build, terms):
    page = LESSON + "Two Complaints came. One complaint stayed; her complaint's end was near.\n"
    built = build({"index": page, "glossary": PAGE})
    assert not any("term" in problem for problem in built.problems)
    assert links(built.page()) == [("glossary.html", "complaint", "Complaints")]


def test_the_longest_name_wins_and_a_shorter_one_is_linked_where_it_stands_alone(build, terms):
    page = LESSON + "Customer trust looks ahead. **Trust** grows.\n"
    built = build({"index": page, "glossary": PAGE})
    assert words(built.page()) == [("customer-trust", "Customer trust"), ("trust", "Trust")]


def test_only_whole_words_are_linked(build, terms):
    page = LESSON + "Distrust, trusted, trust-based and careful complaining.\n"
    assert links(build({"index": page, "glossary": PAGE}).page()) == []


def test_another_name_is_linked_to_the_same_term_once(build, terms):
    page = LESSON + "The CLV is a sum. The customer lifetime value is the same.\n"
    assert words(build({"index": page, "glossary": PAGE}).page()) == [("clv", "CLV")]


def test_a_term_that_the_author_linked_is_not_linked_again(build, terms):
    page = LESSON + "A complaint came.\n\nAnother {term}`complaint` came, and {term}`these <complaint>` too.\n"
    assert words(build({"index": page, "glossary": PAGE}).page()) == [
        ("complaint", "complaint"),
        ("complaint", "these"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## A complaint\n",
        "[a complaint](https://example.org)\n",
        "`complaint`\n",
        "```\ncomplaint\n```\n",
        "| complaint |\n|---|\n| x |\n",
        "```{figure} p.svg\n:alt: x\n\nA complaint.\n```\n",
        "{synthetic}`a complaint`\n",
        "> My complaint.\n",
        "```{dropdown} Answer\nA complaint.\n```\n",
        "```{drill} kind-or-not\n```\n",
        "The outcome, and we care.\n",
    ],
    ids=["heading", "link", "code", "block", "head of a table", "caption", "label", "quotation", "answer", "drill",
         "not to be linked"],
)  # fmt: skip
def test_no_term_is_linked_where_a_link_would_disturb(build, terms, tmp_path, text):
    (tmp_path / "pages").mkdir(exist_ok=True)
    (tmp_path / "pages" / "p.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert links(build({"index": LESSON + text, "glossary": PAGE}).page()) == []


def test_the_body_of_a_table_and_a_list_are_prose(build, terms):
    page = LESSON + "| x |\n|---|\n| a complaint |\n\n- trust\n"
    assert words(build({"index": page, "glossary": PAGE}).page()) == [("complaint", "complaint"), ("trust", "trust")]


def test_a_page_that_is_no_lesson_keeps_its_words_as_they_are(build, terms):
    assert links(build({"index": "# Page\n\nA complaint.\n", "glossary": PAGE}).page()) == []


def test_a_book_without_a_glossary_page_links_nothing(build, terms):
    built = build(LESSON + "A complaint.\n")
    assert links(built.page()) == []
    assert not any("term" in problem for problem in built.problems)


def test_chinese_terms_are_found_within_a_sentence_the_longest_first(build, terms):
    page = LESSON + "她的顾客信任受损，投诉也没有回音。CLV很高。我们关怀她。信任慢慢恢复。\n"
    built = build({"index": page, "glossary": PAGE}, language="zh_CN")
    assert words(built.page()) == [
        ("customer-trust", "顾客信任"), ("complaint", "投诉"), ("clv", "CLV"), ("care", "关怀"), ("trust", "信任"),
    ]  # fmt: skip


def test_a_page_that_stands_in_english_in_the_chinese_edition_is_linked_by_its_english_words(build, terms):
    page = LESSON + "A complaint about {term}`customer trust` came.\n"
    built = build({"index": page, "glossary": PAGE}, language="zh_CN", trustkit_untranslated=["index"])
    assert not any("term" in problem for problem in built.problems)
    assert words(built.page()) == [("complaint", "complaint"), ("customer-trust", "customer trust")]


def test_a_changed_table_changes_the_links(build, terms):
    build({"index": LESSON + "A complaint about waiting.\n", "glossary": PAGE})
    terms.write_text(terms.read_text(encoding="utf-8") + "waiting,waiting,等待,x,x,,,\n", encoding="utf-8")
    assert words(build({}).page()) == [("complaint", "complaint"), ("waiting", "waiting")]


def test_an_entry_shows_its_other_names(build, terms):
    html = build(PAGE).page()
    assert ">CLV, lifetime value</p>" in html, html[2000:4000]
