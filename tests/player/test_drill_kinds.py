"""Every kind of item is done in a real browser: by keyboard, by mouse, on a phone, in a notebook, in both languages."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from trustkit.attempts.record import check
from trustkit.attempts.replay import replay
from trustkit.drills.bundle import drill_bundle

KINDS = Path(__file__).parents[1] / "drills" / "kinds"
RIGHT = {
    "shared": "wish", "own-answers": "friday", "several": ["name-it", "repair"],
    "pairs": {"agent": "answers", "lead": "decides", "customer": "pays"},
    "sequence": ["listen", "check", "offer", "confirm"], "find": ["date", "call"], "rating": 1,
}  # fmt: skip
WRONG = {
    "shared": "promise", "own-answers": "ask", "several": ["name-it", "excuse"],
    "pairs": {"agent": "answers", "lead": "nothing", "customer": "pays"},
    "sequence": ["confirm", "listen", "check", "offer"], "find": ["hello", "date"], "rating": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def kinds() -> dict:
    """One item of each kind."""
    return {**drill_bundle(KINDS / "all-kinds"), "lesson_links": {"1.2": "first.html", "2.1": "second.html"}}


def only(bundle: dict, item: str, **changes: object) -> dict:
    """The drill with this item alone."""
    items = [one for one in bundle["items"] if one["id"] == item]
    return {**bundle, "items": items, "pass": 1, "pass_f1": None, "hash": "ab12", **changes}


def kept(page: Page, activity: str = "all-kinds") -> dict:
    return json.loads(page.evaluate(f"localStorage.getItem('trustkit:v1:{activity}')"))


def shown_id(page: Page, bundle: dict) -> str:
    text = page.locator(".tk-item-text").inner_text()
    return next(item["id"] for item in bundle["items"] if item["text"].split() == text.split())


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the keyboard is at the first element that the selector names."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement === document.querySelector(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not get to {selector}")


def answer_by_mouse(page: Page, item: dict, answer: object) -> None:
    kind = item["kind"]
    if kind == "choose":
        page.locator(f'[data-answer="{answer}"]').click()
        return
    if kind in ("multi-choose", "rate"):
        for one in answer if kind == "multi-choose" else [answer]:
            page.locator(f'.tk-option[data-answer="{one}"]').click()
    elif kind == "match":
        for left, right in answer.items():
            page.locator(f'[data-left="{left}"]').select_option(right)
    elif kind == "order":
        for place, part in enumerate(answer):
            ids = page.locator(".tk-part").evaluate_all("parts => parts.map((part) => part.dataset.part)")
            for _ in range(ids.index(part) - place):
                page.locator(f'[data-part="{part}"] .tk-up').click()
    else:
        for one in answer:
            page.locator(f'[data-phrase="{one}"]').click()
    page.locator(".tk-check").click()


def answer_by_keyboard(page: Page, item: dict, answer: object) -> None:
    kind = item["kind"]
    if kind in ("choose", "multi-choose"):
        for one in [answer] if kind == "choose" else answer:
            page.keyboard.press(page.locator(f'[data-answer="{one}"] kbd').inner_text())
    elif kind == "rate":
        page.keyboard.press(str(answer))
    elif kind == "match":
        for left, right in answer.items():
            tab_to(page, f'[data-left="{left}"]')
            name = next(one["name"] for one in item["right"] if one["id"] == right)
            options = page.locator(f'[data-left="{left}"] option').all_inner_texts()
            for _ in range(next(at for at, text in enumerate(options) if text.endswith(name))):
                page.keyboard.press("ArrowDown")
    elif kind == "order":
        for place, part in enumerate(answer):
            ids = page.locator(".tk-part").evaluate_all("parts => parts.map((part) => part.dataset.part)")
            page.locator(f'[data-part="{part}"] .tk-down').focus()
            for step in range(ids.index(part) - place):
                page.keyboard.press("Alt+ArrowUp")
                assert page.evaluate("document.activeElement.closest('.tk-part').dataset.part") == part
                expect(page.locator(".tk-item .tk-unseen")).to_contain_text(f"number {ids.index(part) - step} of")
    else:
        for number, one in enumerate(answer):
            tab_to(page, f'[data-phrase="{one}"]')
            page.keyboard.press("Space" if number % 2 else "Enter")
    if kind != "choose":
        tab_to(page, ".tk-check")
        page.keyboard.press("Enter")


def do(page: Page, bundle: dict, answers: dict, answering=answer_by_mouse) -> None:
    page.locator(".tk-start, .tk-again").focus()
    page.keyboard.press("Enter")
    items = {item["id"]: item for item in bundle["items"]}
    while page.locator(".tk-item").count():
        id_ = shown_id(page, bundle)
        answering(page, items[id_], answers[id_])
        expect(page.locator(".tk-next")).to_be_focused()
        page.keyboard.press("Enter")


@pytest.mark.parametrize("answers", [RIGHT, WRONG], ids=["right", "wrong"])
@pytest.mark.parametrize("answering", [answer_by_mouse, answer_by_keyboard], ids=["mouse", "keyboard"])
def test_every_kind_is_done_and_python_marks_it_alike(open_player, kinds, empty_course, answers, answering):
    page = open_player(kinds)
    do(page, kinds, answers, answering)
    (record,) = kept(page)["attempts"]
    given = {step["item"]: step["answer"] for step in record["steps"]}
    assert {id_: sorted(one) if id_ in ("several", "find") else one for id_, one in given.items()} == {
        id_: sorted(one) if id_ in ("several", "find") else one for id_, one in answers.items()
    }
    (empty_course / "exercises").mkdir()
    (empty_course / "exercises" / "drills").symlink_to(KINDS)
    assert replay(check(record)).scores == record["result"]
    passed = answers is RIGHT
    assert record["result"] == {"right": 7 * passed, "of": 7, "passed": passed, "f1": 1000 if passed else 500}
    expect(page.locator(".tk-verdict")).to_contain_text("Passed" if passed else "Not yet")
    expect(page.locator(".tk-missed > li")).to_have_count(0 if passed else 7)


def test_the_answers_stand_in_another_order_in_another_attempt(open_player, kinds):
    bundle = only(kinds, "several")
    page = open_player(bundle)
    seen = set()
    for _ in range(12):
        page.locator(".tk-start, .tk-again").click()
        seen.add(tuple(page.locator(".tk-answer-text").all_inner_texts()))
        answer_by_mouse(page, bundle["items"][0], ["repair"])
        page.locator(".tk-next").click()
    assert len(seen) > 2


def test_own_answers_are_explained_all_of_them(open_player, kinds):
    page = open_player(only(kinds, "own-answers"))
    page.locator(".tk-start").click()
    page.locator('[data-answer="ask"]').click()
    reasons = page.locator(".tk-explanation .tk-reasons > li")
    expect(reasons).to_have_count(3)
    expect(reasons.nth(0)).to_contain_text("✗ Please ask your bank. · your answer")
    expect(reasons.nth(1)).to_contain_text("the right answer")
    expect(reasons.nth(2)).to_contain_text("Soon has no date")
    expect(page.locator('[data-answer="friday"]')).to_contain_text("✓ the right answer")


def test_several_need_at_least_one_and_each_is_explained(open_player, kinds):
    page = open_player(only(kinds, "several"))
    page.locator(".tk-start").click()
    page.locator(".tk-check").click()
    expect(page.locator(".tk-first")).to_have_text("Choose an answer first.")
    assert page.evaluate("document.activeElement.type") == "checkbox"
    assert kept(page)["current"]["steps"] == []
    answer_by_mouse(page, kinds["items"][2], ["name-it", "excuse"])
    expect(page.locator(".tk-option[data-answer=name-it]")).to_contain_text("✓ belongs")
    expect(page.locator(".tk-option[data-answer=excuse]")).to_contain_text("✗ does not belong")
    expect(page.locator(".tk-option[data-answer=repair]")).to_contain_text("✗ belongs")
    expect(page.locator(".tk-explanation")).to_contain_text("You do not know what she feels.")
    assert page.locator(".tk-option input:enabled").count() == 0


def test_each_entry_needs_a_partner_and_long_ones_are_written_out(open_player, kinds):
    page = open_player(only(kinds, "pairs"))
    page.locator(".tk-start").click()
    expect(page.locator(".tk-lettered li")).to_have_count(4)
    page.get_by_label("The agent").select_option("answers")
    page.locator(".tk-check").click()
    expect(page.locator(".tk-first")).to_contain_text("This one has none yet")
    assert page.evaluate("document.activeElement.dataset.left") == "lead"
    page.get_by_label("The team lead").select_option("answers")
    page.get_by_label("The customer").select_option("pays")
    page.locator(".tk-check").click()
    rows = page.locator(".tk-pair")
    expect(rows.nth(0)).to_contain_text("✓ Right")
    expect(rows.nth(1)).to_contain_text("✗ The answer is: ")
    expect(rows.nth(1)).to_contain_text("Decides on a refund")
    expect(page.locator(".tk-reasons")).to_contain_text("Your answer: Answers the call")


def test_a_part_is_moved_with_its_buttons_keeps_the_focus_and_is_announced(open_player, kinds):
    page = open_player(only(kinds, "sequence"))
    page.locator(".tk-start").click()
    first = page.locator(".tk-part").first.get_attribute("data-part")
    down = page.locator(f'[data-part="{first}"] .tk-down')
    assert down.get_attribute("aria-label").startswith("Move down: ")
    down.focus()
    for place in (2, 3, 4):
        page.keyboard.press("Enter")
        expect(down).to_be_focused()
        expect(page.locator(".tk-item .tk-unseen")).to_contain_text(f"is now number {place} of 4")
    expect(down).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    assert page.locator(".tk-part").last.get_attribute("data-part") == first


def test_another_accepted_order_is_right(open_player, kinds):
    page = open_player(only(kinds, "sequence"))
    do(page, only(kinds, "sequence"), {"sequence": ["check", "listen", "offer", "confirm"]})
    expect(page.locator(".tk-score-value")).to_have_text("1 of 1 right")


def test_a_phrase_is_marked_and_unmarked_and_its_outcome_is_said_in_words(open_player, kinds):
    bundle = only(kinds, "find", pass_f1=600)
    page = open_player(bundle)
    expect(page.locator(".tk-facts")).to_contain_text("F1 of the marked phrases: 0.60")
    page.locator(".tk-start").click()
    date = page.locator('[data-phrase="date"]')
    assert (date.get_attribute("role"), date.get_attribute("tabindex")) == ("button", "0")
    for pressed in ("true", "false", "true"):
        date.click()
        expect(date).to_have_attribute("aria-pressed", pressed)
    page.locator('[data-phrase="hello"]').click()
    page.locator(".tk-check").click()
    expect(date).to_contain_text("✓ (found)")
    expect(page.locator('[data-phrase="hello"]')).to_contain_text("✗ (marked, but not to be marked)")
    expect(page.locator('[data-phrase="call"]')).to_contain_text("✗ (to be marked, and you did not)")
    expect(page.locator('[data-phrase="maybe"]')).to_have_text("It should be fine")
    expect(page.locator(".tk-reasons")).to_contain_text("It should be fine · rightly left alone")
    assert page.locator(".tk-phrase[role], .tk-phrase[tabindex]").count() == 0
    page.locator(".tk-next").click()
    expect(page.locator(".tk-measure-f1")).to_contain_text("F1 0.50. Phrases to be marked that you found: 1 of 2.")
    expect(page.locator(".tk-verdict")).to_contain_text("F1 of the marked phrases is 0.50; 0.60 is needed.")


def test_nothing_may_be_marked(open_player, kinds):
    bundle = only(kinds, "find")
    bundle["items"] = [{**bundle["items"][0], "key": []}]
    page = open_player(bundle)
    do(page, bundle, {"find": []})
    expect(page.locator(".tk-verdict")).to_contain_text("Passed")


def test_a_mark_that_is_off_is_explained_from_its_side(open_player, kinds):
    for pressed, said, not_said in (("0", "There is a next step", "Nobody could"), ("2", "Nobody could", "There is a")):
        page = open_player(only(kinds, "rating"))
        page.locator(".tk-start").click()
        expect(page.locator(".tk-transcript")).to_contain_text("We are looking into it.")
        page.keyboard.press(pressed)
        page.locator(".tk-check").click()
        expect(page.locator(".tk-explanation")).to_contain_text(said)
        expect(page.locator(".tk-explanation")).to_contain_text("Something is announced")
        expect(page.locator(".tk-explanation")).not_to_contain_text(not_said)


def test_the_agreement_over_ten_ratings_decides_and_is_told_plainly(open_player):
    bundle = drill_bundle(KINDS / "ten-ratings")
    page = open_player(bundle)
    keys = {item["id"]: item["key"] for item in bundle["items"]}
    do(page, bundle, {**keys, "rating-6": 0})
    expect(page.locator(".tk-score-value")).to_have_text("10 of 10 right")
    kappa = kept(page, "ten-ratings")["attempts"][0]["result"]["kappa"]
    assert 900 < kappa < 1000
    expect(page.locator(".tk-measure-kappa")).to_contain_text(f"Kappa 0.{kappa // 10}.")
    expect(page.locator(".tk-verdict")).to_contain_text("You reached the mark of this drill.")
    do(page, bundle, {id_: 3 - key for id_, key in keys.items()})
    expect(page.locator(".tk-verdict")).to_contain_text("Agreement with the key (kappa) is −")
    expect(page.locator(".tk-verdict")).to_contain_text("0.60 is needed")


def test_every_kind_goes_on_after_a_reload(open_player, kinds):
    page = open_player(kinds)
    page.locator(".tk-start").click()
    items = {item["id"]: item for item in kinds["items"]}
    order = []
    for number in range(7):
        expect(page.locator(".tk-progress")).to_have_text(f"{number + 1} of 7")
        id_ = shown_id(page, kinds)
        order.append(id_)
        group = {"several": ".tk-answer-text", "sequence": ".tk-part-text", "pairs": ".tk-lettered"}.get(id_)
        before = page.locator(group).all_inner_texts() if group else None
        page.reload()
        assert shown_id(page, kinds) == id_
        assert before == (page.locator(group).all_inner_texts() if group else None)
        answer_by_mouse(page, items[id_], RIGHT[id_])
        page.reload()
    expect(page.locator(".tk-debrief")).to_be_visible()
    assert sorted(order) == sorted(RIGHT)


def test_the_lessons_of_missed_items_are_to_be_read_again(open_player, kinds):
    page = open_player(kinds)
    do(page, kinds, {**RIGHT, "find": ["date"], "several": ["repair"]})
    links = page.locator(".tk-read-again + ul li")
    assert links.all_inner_texts() == ["Lesson 1.2", "Lesson 2.1"]
    assert links.first.locator("a").get_attribute("href") == "first.html"


def test_a_placement_test_says_what_may_be_skipped_and_where_to_start(open_player, kinds):
    bundle = {**kinds, "path": True}
    bundle["items"] = [{"lesson": "1.1", **item} for item in kinds["items"]]
    page = open_player(bundle)
    do(page, bundle, {**RIGHT, "find": ["date"]})
    rows = page.locator(".tk-placement li").all_inner_texts()
    assert rows == ["Lesson 1.1 · ✓ you may skip it", "Lesson 1.2 · ✓ you may skip it", "Lesson 2.1 · → start here"]
    assert page.locator(".tk-read-again").count() == 0


def test_a_form_names_its_twin(open_player, kinds):
    page = open_player(only(kinds, "shared", form="A", twin={"id": "other", "title": "The other test"}))
    do(page, only(kinds, "shared"), RIGHT)
    expect(page.locator(".tk-form")).to_have_text("This is form A. The other form is “The other test”.")


def test_a_drill_without_categories_has_no_table_of_them(open_player, kinds):
    page = open_player(only(kinds, "rating", categories=[]))
    do(page, only(kinds, "rating"), WRONG)
    expect(page.locator(".tk-missed > li")).to_have_count(1)
    assert page.locator(".tk-table").count() == 0
    stray = "[...document.querySelector('.tk-debrief').childNodes].filter(({ nodeType }) => nodeType === 3).length"
    assert page.evaluate(stray) == 0


def test_items_that_share_a_text_follow_one_another(open_player, kinds):
    bundle = only(kinds, "rating")
    (rating,) = bundle["items"]
    texts = [[[{"text": f"Conversation {number}."}]] for number in range(3)]
    bundle = {
        **bundle,
        "items": [
            {**rating, "id": f"rating-{text}-{again}", "passage": texts[text]}
            for again in range(3)
            for text in range(3)
        ],
    }
    page = open_player(bundle)
    page.locator(".tk-start").click()
    seen = []
    for _ in bundle["items"]:
        seen.append(page.locator(".tk-passage").inner_text())
        page.locator(".tk-option").first.click()
        page.locator(".tk-check").click()
        page.locator(".tk-next").click()
    assert sum(one != other for one, other in pairwise(seen)) == 2


def test_the_next_item_and_the_result_are_shown_from_their_top(open_player, kinds):
    bundle = only(kinds, "rating")
    (rating,) = bundle["items"]
    long = [[{"text": "A line that somebody says. " * 20}] for _ in range(6)]
    bundle = {**bundle, "items": [{**rating, "id": f"rating-{n}", "passage": long} for n in range(2)]}
    page = open_player(bundle, viewport={"width": 390, "height": 700}, is_mobile=True, has_touch=True)
    page.locator(".tk-start").click()
    for shown in (".tk-progress", ".tk-score-value"):
        page.locator(".tk-option").first.click()
        page.locator(".tk-check").click()
        page.locator(".tk-next").click()
        expect(page.locator(shown)).to_be_in_viewport()


UNMARKED = """() => {
  const wrong = [];
  const walk = document.createTreeWalker(document.querySelector(".tk-player"), NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const lang = node.parentElement.closest("[lang]").lang;
    if (/[a-z]{3}/i.test(node.data.replace(/Kappa|Alt/gi, "")) && lang !== "en") wrong.push(node.data);
  }
  return wrong;
}"""


def test_an_english_drill_in_the_chinese_edition_says_so_and_names_the_language_of_its_texts(open_player, kinds):
    bundle = {**kinds, "lang": "zh", "text_lang": "en"}
    page = open_player(bundle)
    expect(page.locator(".tk-one-language")).to_have_text("这个练习暂时只有英文。")
    assert page.locator(".tk-title").first.get_attribute("lang") == "en"
    assert page.evaluate(UNMARKED) == []
    items = {item["id"]: item for item in bundle["items"]}
    page.locator(".tk-start").click()
    while page.locator(".tk-item").count():
        id_ = shown_id(page, bundle)
        assert page.evaluate(UNMARKED) == []
        answer_by_mouse(page, items[id_], WRONG[id_])
        assert page.evaluate(UNMARKED) == []
        page.locator(".tk-next").click()
    assert page.evaluate(UNMARKED) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_fits_a_phone(open_player, lang, scheme):
    bundle = drill_bundle(KINDS / "all-kinds", lang)
    page = open_player(
        bundle, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, color_scheme=scheme
    )
    fits = "document.documentElement.scrollWidth <= innerWidth"
    items = {item["id"]: item for item in bundle["items"]}
    page.locator(".tk-start").tap()
    while page.locator(".tk-item").count():
        id_ = shown_id(page, bundle)
        assert page.evaluate(fits), id_
        small = page.locator(".tk-item :is(button, select, label.tk-option)").evaluate_all(
            "all => all.filter((one) => one.getBoundingClientRect().height < 43).length"
        )
        assert small == 0, id_
        answer_by_mouse(page, items[id_], WRONG[id_])
        assert page.evaluate(fits), id_
        page.locator(".tk-next").tap()
    assert page.evaluate(fits)


HOST = """
import widget from "./widget.js";
const bundle = JSON.parse(document.querySelector("#bundle").textContent);
window.kept = { bundle, attempts: [], current: {} };
const model = {
  get: (name) => kept[name], set: (name, value) => { kept[name] = value; }, save_changes: () => {}, on: () => {},
};
widget.render({ model, el: document.querySelector("#cell") });
"""


def test_every_kind_is_done_in_a_notebook_and_no_key_reaches_it(chromium, site, kinds):
    data = json.dumps(kinds).replace("<", "\\u003c")
    site.pages["/notebook.html"] = (
        '<!doctype html><html lang="en"><head><title>n</title><link rel="stylesheet" href="player.css"></head><body>'
        f'<script type="application/json" id="bundle">{data}</script>'
        '<div id="cell"></div><script type="module" src="/host.js"></script></body></html>'
    )
    site.pages["/host.js"] = HOST
    page = chromium.new_page()
    page.goto(f"{site.address}/notebook.html")
    page.locator(".tk-start").wait_for()
    page.evaluate(
        "window.heard = []; document.addEventListener('keydown', ({ key, altKey }) => "
        "{ if (/^[0-9]$/.test(key) || altKey && key !== 'Alt') heard.push(key); })"
    )
    do(page, kinds, RIGHT, answer_by_keyboard)
    expect(page.locator(".tk-saved")).to_have_text("Saved in this notebook.")
    assert page.evaluate("kept.attempts[0].result.passed")
    assert page.evaluate("heard") == []
    page.close()
