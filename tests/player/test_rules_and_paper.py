"""Rule cards beside the case, a case that is in English only, and the debrief on paper."""

import copy
import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from trustkit.cases.bundle import case_bundle

SMALL = Path(__file__).parents[1] / "cases" / "small" / "late-parcel"
KEY = "trustkit:v1:late-parcel"
DATED = "A date is named only when the depot confirmed it."


@pytest.fixture
def ruled(small_case) -> dict:
    """The small case with one card of the house and two of the book, of which the page knows one."""
    bundle = copy.deepcopy(small_case)
    for variant in bundle["variants"]:
        variant["text"]["house_rules"] = {"LP-2": {"title": "Dates", "text": DATED}}
    return bundle | {
        "rule_dates": {"LP-2": "2026-05-12"},
        "rules": ["LH-1", "CN-CRL"],
        "rule_links": {"LH-1": "rules.html#rule-lh-1"},
        "rule_titles": {"LH-1": "Visit windows"},
        "against": {"start": {"promise-today": "LP-2"}},
    }


@pytest.fixture(scope="session")
def english_only(tmp_path_factory) -> dict:
    """The small case for a Chinese page, without its Chinese texts."""
    folder = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("cases") / "late-parcel"))
    (folder / "zh.yaml").unlink()
    return case_bundle(folder, "zh")


def play_to_end(page: Page, first: str = "promise-today") -> None:
    page.locator(".tk-start, .tk-again").click()
    page.locator(f".tk-choice[data-choice={first}]").click()
    while page.locator(".tk-choice").count():
        page.locator(".tk-choice").first.click()
    page.locator(".tk-later:not([aria-busy])").wait_for()


def test_the_rule_cards_stand_beside_the_brief_with_their_text_and_their_links(open_player, ruled):
    page = open_player(ruled)
    cards = page.locator(".tk-brief .tk-rules")
    expect(cards.locator("summary")).to_have_text("Rule cards (3)")
    expect(cards.get_by_text(DATED)).to_be_hidden()
    page.locator(".tk-rules summary").press("Enter")
    expect(cards.get_by_text(DATED)).to_be_visible()
    expect(cards.locator("[data-rule=LP-2]")).to_contain_text("LP-2 Dates · since 2026-05-12")
    assert cards.locator("a").evaluate_all("all => all.map((one) => [one.textContent, one.getAttribute('href')])") == [
        ["LH-1 Visit windows", "rules.html#rule-lh-1"]
    ]
    expect(cards.locator("li").nth(1)).to_have_text("CN-CRL")


def test_the_rule_cards_can_be_looked_up_during_the_conversation(open_player, ruled):
    page = open_player(ruled)
    page.locator(".tk-start").click()
    page.locator(".tk-choice").first.click()
    page.locator(".tk-stage .tk-rules summary").press("Enter")
    expect(page.locator(".tk-stage").get_by_text(DATED)).to_be_visible()
    page.locator(".tk-choice").first.click()
    expect(page.locator(".tk-stage").get_by_text(DATED)).to_be_visible()


def test_a_case_without_cards_shows_no_panel(open_player, small_case):
    assert open_player(small_case).locator(".tk-rules").count() == 0


def test_the_debrief_names_the_card_that_a_choice_broke_and_only_there(open_player, ruled):
    page = open_player(ruled)
    play_to_end(page)
    expect(page.locator(".tk-turn").first.locator(".tk-against")).to_have_text(re.compile(r"Against LP-2 · Dates"))
    expect(page.locator(".tk-against")).to_have_count(1)
    page.locator(".tk-back").click()
    play_to_end(page, "name-it")
    expect(page.locator(".tk-against")).to_have_count(0)


def test_a_case_in_english_only_says_so_and_marks_its_texts_in_a_chinese_frame(open_player, english_only):
    page = open_player(english_only)
    expect(page.locator(".tk-one-language")).to_have_text("这个案例暂时只有英文。")
    expect(page.locator(".tk-start")).to_have_text("开始对话")
    page.locator(".tk-start").click()
    expect(page.locator(".tk-choice > [lang=en]")).to_have_count(4)
    play_to_end_from_here(page)
    foreign = page.evaluate(
        """() => {
            const walker = document.createTreeWalker(document.querySelector(".tk-player"), NodeFilter.SHOW_TEXT);
            const found = [];
            while (walker.nextNode()) {
                const text = walker.currentNode.textContent.trim();
                const lang = walker.currentNode.parentElement.closest("[lang]").lang;
                // A sentence in Latin letters, which is more than a name or a code.
                if (/[A-Za-z]+ [a-z]+ [a-z]+/.test(text) && lang !== "en") found.push(text);
            }
            return found;
        }"""
    )
    assert foreign == []
    assert (
        page.locator("[lang=en]").evaluate_all("all => all.some((one) => /[\\u4e00-\\u9fff]/.test(one.textContent))")
        is False
    )


def play_to_end_from_here(page: Page) -> None:
    while page.locator(".tk-choice").count():
        page.locator(".tk-choice").first.click()
    page.locator(".tk-later:not([aria-busy])").wait_for()


def test_a_case_in_the_language_of_the_page_says_nothing_about_languages(open_player, small_case):
    page = open_player(small_case)
    assert page.locator(".tk-one-language").count() == page.locator(".tk-player [lang]").count() == 0


def test_a_page_that_has_the_cases_title_is_not_told_it_again(open_player, small_case):
    title = small_case["title"]
    before = (
        "addEventListener('DOMContentLoaded', () => {"
        f"document.querySelector('.trustkit').dataset.titled = {json.dumps(title)}; }}, {{capture: true, once: true}})"
    )
    assert open_player(small_case).locator(".tk-brief .tk-title").inner_text() == title
    assert open_player(small_case, before=before).locator(".tk-brief .tk-title").count() == 0


# What was missed --------------------------------------------------------------------------------------------------


def kept(page: Page) -> dict:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))


def wait_for_summary(page: Page) -> None:
    page.wait_for_function(f"Object.keys(JSON.parse(localStorage.getItem('{KEY}')).missed).length > 0")


def test_what_was_missed_is_kept_beside_the_attempt_and_not_in_it(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    wait_for_summary(page)
    store = kept(page)
    (record,) = store["attempts"]
    assert store["missed"][record["id"]]["promise-certainty"] == 3
    assert set(record) == {
        "schema", "id", "kind", "activity", "content", "lang", "variant", "seed", "learner", "host", "started_at",
        "finished_at", "steps", "result", "options",
    }  # fmt: skip


def test_an_attempt_from_before_there_were_summaries_gets_one_when_its_debrief_is_read_again(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    wait_for_summary(page)
    page.evaluate(
        f"const kept = JSON.parse(localStorage.getItem('{KEY}')); delete kept.missed;"
        f"localStorage.setItem('{KEY}', JSON.stringify(kept))"
    )
    page.reload()
    page.locator(".tk-review").click()
    wait_for_summary(page)
    assert len(kept(page)["attempts"]) == 1


@pytest.mark.parametrize("odd", ["7", "[]", '"x"', '{"a": {"regret": "much"}}', '{"a": null}'])
def test_a_summary_that_cannot_be_read_costs_no_attempt(open_player, small_case, odd):
    page = open_player(small_case)
    play_to_end(page)
    wait_for_summary(page)
    page.evaluate(
        f"const kept = JSON.parse(localStorage.getItem('{KEY}')); kept.missed = {odd};"
        f"localStorage.setItem('{KEY}', JSON.stringify(kept))"
    )
    page.reload()
    expect(page.locator(".tk-attempts")).to_contain_text("1 finished attempt")
    expect(page.locator(".tk-problem")).to_have_count(0)
    play_to_end(page)
    wait_for_summary(page)
    assert len(kept(page)["attempts"]) == 2 and "a" not in kept(page)["missed"]


# On paper ---------------------------------------------------------------------------------------------------------

SEEN = """() => [...document.body.querySelectorAll("*")]
    .filter((one) => one.checkVisibility())
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((one) => one.textContent.trim())"""
"""Every text that is on the paper."""


def on_paper(page: Page) -> list[str]:
    """What is on the paper after Print was pressed; headless Chromium then waits for somebody to print."""
    page.locator(".tk-print").click()
    page.emulate_media(media="print")
    return page.evaluate(SEEN)


def test_print_puts_only_the_debrief_on_paper_and_all_of_it(open_player, ruled):
    page = open_player(ruled)
    page.evaluate("document.body.insertAdjacentHTML('afterbegin', '<nav>The menu</nav>')")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<p>The page goes on.</p>')")
    play_to_end(page)
    texts = on_paper(page)
    words = "\n".join(texts)
    for left_out in ("A lesson", "The menu", "The page goes on.", "Play again", "Print", "Your attempts"):
        assert left_out not in texts, left_out
    (record,) = kept(page)["attempts"]
    for wanted in (
        "The late parcel", f"1 of {len(ruled['variants'])} (base)", record["learner"], "Conduct", "Outcome",
        "It comes today, for sure.", "Nobody told you that.", "Against LP-2", "Responsibility", "Trust",
    ):  # fmt: skip
        assert wanted in words, wanted
    assert re.search(r"\d{1,2} \w+ 20\d\d", words)
    assert page.locator(".tk-debrief button:visible").count() == 0
    assert page.locator(".tk-debrief details:not([open])").count() == 0
    for score in ("conduct", "outcome"):
        assert f"{record['result'][score]} 75 to pass" in texts


def test_after_printing_the_page_is_as_it_was(open_player, ruled):
    page = open_player(ruled)
    play_to_end(page)
    before = page.locator("body").evaluate("(body) => body.outerHTML")
    page.locator(".tk-print").click()
    assert page.locator("html.tk-printing").count() == 1
    page.pdf()
    assert page.locator("html.tk-printing").count() == 0
    after = page.locator("body").evaluate("(body) => body.outerHTML")
    assert re.sub(r' class=""', "", after) == before


def test_the_sheet_is_dark_on_white_though_the_screen_is_dark(open_player, ruled):
    page = open_player(ruled, attributes='data-theme="dark"', color_scheme="dark")
    play_to_end(page)
    on_paper(page)
    colours = page.locator(".tk-feedback").first.evaluate(
        "(one) => [getComputedStyle(one).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours == ["rgb(28, 38, 48)", "rgb(255, 255, 255)"]


def test_nothing_on_the_sheet_is_wider_than_the_paper(open_player, ruled):
    page = open_player(ruled)
    play_to_end(page)
    page.set_viewport_size({"width": 680, "height": 960})
    on_paper(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
