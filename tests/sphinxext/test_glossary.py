"""The glossary page."""

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
