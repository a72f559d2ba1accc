"""The search of the published course: every title and every term is found, with the page's own script."""

import gzip
import html
import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import expect

import trustkit.search
from trustkit.publish.serving import served
from trustkit.sphinxext.terms import glossary_path, read_glossary

FINDER = Path(trustkit.search.__file__).with_name("find.js")
LIMIT = 400_000
"""What an index may weigh on its way, in bytes."""
_TITLE = re.compile(r'<article class="bd-article">.*?<h1>(.*?)<a class="headerlink"', re.S)


@pytest.fixture(scope="module")
def find(site):
    """Finds in an edition what queries ask for: a list of hits for each."""

    def run(language, *queries):
        done = subprocess.run(
            ["node", Path(__file__).with_name("searched.mjs"), FINDER, site / language / "search-index.js"],
            input=json.dumps(queries), capture_output=True, text=True, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    return run


@cache
def titles(edition: Path) -> dict[str, str]:
    found = {}
    for path in sorted(edition.rglob("*.html")):
        if title := _TITLE.search(path.read_text(encoding="utf-8")):
            found[path.relative_to(edition).as_posix()] = html.unescape(re.sub(r"<[^>]+>", "", title[1])).strip()
    return found


def words_in(text: str) -> list[str]:
    return re.findall(r"[\u4e00-\u9fff]+|[^\W\u4e00-\u9fff_]+", text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_is_found_by_its_title_before_all_others(site, find, language):
    pages = titles(site / language)
    assert len(pages) > 90
    missed = []
    for (address, title), hits in zip(pages.items(), find(language, *pages.values())):
        same = [hit for hit in hits[:3] if hit["title"] == title and hit["all"]]
        if address not in [hit["address"] for hit in same]:
            missed.append((address, title, [hit["title"] for hit in hits[:3]]))
    assert missed == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_word_of_a_title_finds_its_page_however_it_is_written(site, find, language):
    wanted = [(word, address) for address, title in titles(site / language).items() for word in words_in(title)]
    queries = [case for word, _ in wanted for case in (word.upper(), word.lower())]
    found = find(language, *queries)
    missed = [
        (query, wanted[at // 2][1])
        for at, (query, hits) in enumerate(zip(queries, found))
        if wanted[at // 2][1] not in {hit["address"] for hit in hits}
    ]
    assert missed == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_term_of_the_glossary_is_found_under_each_of_its_names(find, language):
    terms = read_glossary(glossary_path())
    wanted = [(name, f"term-{term.id.lower()}") for term in terms for name in (term.name["en"], term.name["zh"])]
    wanted += [(name, f"term-{term.id.lower()}") for term in terms for name in term.also.get(language) or ()]
    assert len(wanted) > 300
    found = find(language, *(name for name, _ in wanted))
    assert [
        (name, anchor) for (name, anchor), hits in zip(wanted, found) if anchor not in {hit["anchor"] for hit in hits}
    ] == []


@pytest.mark.parametrize(
    ("language", "query", "address"),
    [
        ("zh", "顾客信任", "01-what-trust-is/1-1-customer-trust.html"),
        ("zh", "客户信任", "01-what-trust-is/1-1-customer-trust.html"),
        ("zh", "投诉处理流程", "06-complaints/6-1-complaint-process.html"),
        ("zh", "投诉 流程", "06-complaints/6-1-complaint-process.html"),
        ("zh", "声誉", "01-what-trust-is/1-1-customer-trust.html"),
        ("zh", "ＪupyterLab 投诉", "notebooks/complaint-room.html"),
        ("zh", "1.1", "01-what-trust-is/1-1-customer-trust.html"),
        ("en", "COMPLAINT proc", "06-complaints/6-1-complaint-process.html"),
        ("en", "complaints processing", "06-complaints/6-1-complaint-process.html"),
        ("en", "who is ms chen?", "01-what-trust-is/1-1-customer-trust.html"),
        ("en", "customer's loyalty", "01-what-trust-is/1-1-customer-trust.html"),
        ("en", "customer’s loyalty", "01-what-trust-is/1-1-customer-trust.html"),
    ],
)
def test_words_find_their_lesson_in_other_forms_and_mixed(find, language, query, address):
    (hits,) = find(language, query)
    assert address in [hit["address"] for hit in hits[:12]]


def test_a_line_shows_the_words_where_they_stand(find):
    (hits,) = find("en", "lower expectations")
    assert len(hits) > 3
    for hit in hits:
        marked = {text.lower() for text, is_hit in hit["line"] if is_hit}
        assert all(text.startswith(("low", "expect")) for text in marked), hit
        assert sum(len(text) for text, _ in hit["line"]) < 220
    assert sum(any(is_hit for _, is_hit in hit["line"]) for hit in hits) * 2 > len(hits)


def test_where_no_page_has_all_words_those_with_some_are_shown_and_for_nonsense_none(find):
    some, nothing = find("en", "loyalty xyzzy", "xyzzy")
    assert some and not any(hit["all"] for hit in some)
    assert nothing == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_index_is_light_and_tells_no_story_to_its_end(site, language):
    index = (site / language / "search-index.js").read_bytes()
    assert len(gzip.compress(index, 6)) < LIMIT
    assert b"leads to scene" not in index


@pytest.fixture
def opened(chromium, site):
    """Opens pages under the strict policy; a script that fails or is forbidden fails the test."""
    faults, contexts = [], []
    with served(site) as address:

        def visit(where, **options):
            contexts.append(chromium.new_context(**options))
            page = contexts[-1].new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda said: said.type == "error" and faults.append(said.text))
            page.goto(where if where.startswith("file:") else address + where)
            return page

        yield visit
        for context in contexts:
            context.close()
    assert faults == []


@pytest.mark.parametrize(
    ("language", "query", "title", "said", "nothing"),
    [
        ("en", "complaint process", "6.1 The complaint process, step by step", "places", "Nothing found for “xyzzy”"),
        ("zh", "投诉处理流程", "6.1 投诉处理流程，一步一步来", "处", "没有找到“xyzzy”"),
    ],
)  # fmt: skip
def test_the_dialog_is_used_with_the_keyboard_alone(opened, language, query, title, said, nothing):
    page = opened(f"{language}/index.html")
    asked = []
    page.on("request", lambda request: asked.append(request.url.split("/")[-1]))
    dialog, field = page.locator("#pst-search-dialog"), page.locator("#pst-search-dialog input")
    results = dialog.get_by_role("link")
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type(query[:2])
    expect(results.first).to_be_visible()
    page.keyboard.type(query[2:])
    expect(results.first).to_contain_text(title)
    expect(dialog.locator("mark").first).to_be_visible()
    expect(dialog.get_by_role("status")).to_contain_text(said)
    assert [name for name in asked if name != "favicon.svg"] == ["search-index.js"]
    # Down, on, back, and typing goes on in the field.
    page.keyboard.press("ArrowDown")
    expect(results.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(results.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("xyzzy")
    expect(dialog.get_by_role("status")).to_contain_text(nothing)
    expect(results.first).to_have_attribute("href", re.compile(r"index\.html$"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.press("Control+a")
    page.keyboard.type(query)
    expect(results.first).to_contain_text(title)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/06-complaints/6-1-complaint-process.html*")
    # Enter in the field leads to the page with all results.
    page.keyboard.press("Control+k")
    page.keyboard.type(query)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    expect(page.locator("#tk-search-page").get_by_role("link").first).to_contain_text(title)


@pytest.mark.parametrize(("language", "query"), [("en", "complaint process"), ("zh", "投诉处理流程")])
def test_the_results_page_answers_its_address_also_from_a_file(opened, site, language, query):
    page = opened((site / language / "search.html").as_uri() + f"?q={query}")
    first = page.locator("#tk-search-page").get_by_role("link").first
    expect(first).to_have_attribute("href", re.compile("06-complaints/6-1-complaint-process.html"))
    first.click()
    page.wait_for_url("file:**/6-1-complaint-process.html*")


def test_what_a_chinese_keyboard_shows_while_one_chooses_is_not_searched(opened):
    page = opened("zh/index.html")
    page.keyboard.press("Control+k")
    field, status = page.locator("#pst-search-dialog input"), page.locator("#pst-search-dialog").get_by_role("status")
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "xin'ren", "selectionStart": 7, "selectionEnd": 7})
    expect(field).to_have_value("xin'ren")
    expect(status).to_have_text("")
    typing.send("Input.insertText", {"text": "信任"})
    expect(status).to_contain_text("处")
