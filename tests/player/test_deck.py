"""The practice deck: cards come back after 1, 3, 7 and 21 days, round by round, day by day."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from trustkit.drills.bundle import deck_bundle

KINDS = Path(__file__).parents[1] / "drills" / "kinds"
KEY = "trustkit:v1:deck:cards"
HARNESS = """
import { BOX_DAYS, afterAnswer, localDay, mountDeck, roundOf, soundDeck, standingOf } from "./modules/deck.js";
import { pageHost } from "./modules/store.js";
Object.assign(window, { afterAnswer, localDay, roundOf, soundDeck, standingOf });
window.dayOf = (text) => localDay(new Date(text));
window.answers = (rights, day) => rights.reduce((known, right) => {
  const state = afterAnswer(known.at(-1) ?? null, right, known.at(-1)?.due ?? day);
  return [...known, state];
}, []);
window.day = 100;
window.show = (bundle) => {
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  mountDeck(place, bundle, pageHost(bundle.id), () => window.day);
};
window.ready = true;
"""
many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def page(module_page) -> Page:
    opened = module_page(HARNESS)
    opened.set_default_timeout(10_000)
    opened.wait_for_function("window.ready")
    opened.evaluate("localStorage.clear()")
    return opened


@pytest.fixture
def js(page):
    return lambda name, *given: page.evaluate("([name, given]) => window[name](...given)", [name, list(given)])


@pytest.fixture(scope="module")
def deck() -> dict:
    return {**deck_bundle([KINDS / "all-kinds", "trust-or-not"]), "lesson_links": {"1.2": "first.html"}}


def kept(page: Page) -> dict:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))


def one_card(page: Page, deck: dict, right: bool = True) -> str:
    """Answer the card that is shown by its number key, and go on."""
    text = page.locator(".tk-item-text").inner_text()
    card = next(one for one in deck["cards"] if one["text"].split() == text.split())
    ids = page.locator(".tk-answer").evaluate_all("all => all.map((one) => one.dataset.answer)")
    page.keyboard.press(str(1 + next(at for at, id_ in enumerate(ids) if (id_ == card["key"]) is right)))
    expect(page.locator(".tk-next")).to_be_focused()
    page.keyboard.press("Enter")
    return card["id"]


def test_what_is_known_comes_back_after_1_3_7_and_21_days(js):
    states = js("answers", [True] * 6, 10)
    assert [state["box"] for state in states] == [1, 2, 3, 4, 4, 4]
    assert [later["due"] - state["due"] for state, later in zip([{"due": 10}, *states], states)] == [
        1,
        3,
        7,
        21,
        21,
        21,
    ]


def test_what_is_missed_goes_back_to_the_first_box(js):
    assert js("answers", [True, True, True, False, True], 10)[-2:] == [{"box": 1, "due": 22}, {"box": 2, "due": 25}]
    assert js("afterAnswer", None, False, 10) == {"box": 1, "due": 11}


def test_the_day_is_that_of_the_learner_and_begins_at_midnight(chromium, site):
    for zone in ("Asia/Shanghai", "America/Los_Angeles", "UTC"):
        context = chromium.new_context(timezone_id=zone)
        page = context.new_page()
        site.pages["/harness.js"] = HARNESS
        site.pages["/harness.html"] = '<!doctype html><title>t</title><script type="module" src="/harness.js"></script>'
        page.goto(f"{site.address}/harness.html")
        page.wait_for_function("window.ready")
        before, after, evening = (
            page.evaluate("dayOf(at)".replace("at", f"'2026-03-0{at}'"))
            for at in ("1T23:59:59", "2T00:00:01", "2T22:00")
        )
        assert (after - before, evening - after) == (1, 0), zone
        context.close()


@many
@given(st.data())
def test_a_round_takes_what_is_due_first_and_never_what_is_not(js, data):
    cards = [{"id": f"c{n}"} for n in range(data.draw(st.integers(0, 25)))]
    ids = [card["id"] for card in cards]
    state = st.fixed_dictionaries({"box": st.integers(1, 4), "due": st.integers(80, 120)})
    states = data.draw(st.dictionaries(st.sampled_from(ids), state)) if ids else {}
    chosen = js("roundOf", cards, states, 100, data.draw(st.integers(0, 2**31)))
    standing = js("standingOf", cards, states, 100)
    due = [id_ for id_ in ids if id_ in states and states[id_]["due"] <= 100]
    assert len(chosen) == len(set(chosen)) == min(10, len(due) + len(ids) - len(states))
    assert set(chosen[: len(due)]) <= set(due) and not set(chosen[len(due) :]) & set(states)
    overdue = [states[id_]["due"] for id_ in chosen if id_ in states]
    assert overdue == sorted(overdue)
    assert (standing["due"], standing["met"], standing["fresh"]) == (len(due), len(states), len(ids) - len(states))
    waiting = [one["due"] - 100 for one in states.values() if one["due"] > 100]
    assert standing["next"] == (min(waiting) if waiting else None)


@pytest.mark.parametrize("odd", [None, 7, "x", [], {"states": 7}, {"states": {"a": {"box": 9, "due": 1}, "b": None}}])
def test_what_is_not_a_deck_is_an_empty_one(js, odd):
    assert js("soundDeck", odd) == {"version": 1, "states": {}, "rounds": {}}


def test_a_round_of_ten_is_done_by_keyboard_and_the_rest_is_still_new(page, js, deck):
    js("show", deck)
    expect(page.locator(".tk-deck-standing")).to_contain_text("Due today: 0 cards")
    expect(page.locator(".tk-deck-standing")).to_contain_text("New: 14 cards")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for number in range(10):
        expect(page.locator(".tk-progress")).to_contain_text(f"{number + 1} of 10 · ")
        one_card(page, deck, right=number != 3)
    expect(page.locator(".tk-title")).to_have_text("9 of 10 cards right")
    expect(page.locator(".tk-title")).to_be_focused()
    states = kept(page)["states"].values()
    assert [state["due"] for state in states] == [101] * 10 and {state["box"] for state in states} == {1}
    expect(page.locator(".tk-deck-standing")).to_contain_text("New: 4 cards")
    page.get_by_role("button", name="Ten more").click()
    for _ in range(4):
        one_card(page, deck)
    expect(page.locator(".tk-title")).to_have_text("4 of 4 cards right")
    expect(page.locator(".tk-card")).to_contain_text("Nothing is due today. The next card comes tomorrow.")
    assert page.locator(".tk-start").count() == 0


def test_cards_are_due_again_on_their_day(page, js, deck):
    small = {**deck, "cards": deck["cards"][:3]}
    js("show", small)
    for day, due in ((100, 3), (101, 3), (104, 3), (111, 3), (132, 3)):
        page.evaluate(f"window.day = {day}")
        js("show", small)
        page.locator(".tk-start").click()
        for _ in range(due):
            one_card(page, small)
    assert {state["due"] for state in kept(page)["states"].values()} == {132 + 21}
    expect(page.locator(".tk-card")).to_contain_text("The next card comes in 21 days.")
    page.evaluate("window.day = 160")
    js("show", small)
    expect(page.locator(".tk-deck-standing")).to_contain_text("Due today: 3 cards")
    page.locator(".tk-start").click()
    missed = one_card(page, small, right=False)
    assert kept(page)["states"][missed] == {"box": 1, "due": 161}


def test_an_explanation_says_why_when_it_comes_back_and_where_to_read(page, js, deck):
    js("show", {**deck, "cards": deck["cards"][1:2]})
    page.locator(".tk-start").click()
    page.locator('[data-answer="soon"]').click()
    said = page.locator(".tk-explanation")
    expect(said).to_contain_text("Soon has no date")
    expect(said).to_contain_text("This card comes back tomorrow.")
    assert said.locator("a").get_attribute("href") == "first.html"


def test_a_round_goes_on_after_a_break_at_the_next_card(page, js, deck):
    js("show", deck)
    page.locator(".tk-start").click()
    seen = {one_card(page, deck) for _ in range(2)}
    third = page.locator(".tk-item-text").inner_text()
    js("show", deck)
    expect(page.locator(".tk-notice")).to_contain_text("Welcome back")
    expect(page.locator(".tk-progress")).to_contain_text("3 of 10")
    assert page.locator(".tk-item-text").inner_text() == third
    page.locator(".tk-answer").first.focus()
    rest = [one_card(page, deck) for _ in range(8)]
    assert len({*seen, *rest}) == 10
    expect(page.locator(".tk-title")).to_have_text("10 of 10 cards right")


def test_two_decks_share_what_is_learned_but_not_their_rounds(page, js, deck):
    other = {**deck, "id": "other", "cards": deck["cards"][:2]}
    js("show", deck)
    page.locator(".tk-start").click()
    js("show", other)
    page.locator(".tk-start").click()
    for _ in range(2):
        one_card(page, other)
    js("show", deck)
    expect(page.locator(".tk-progress")).to_contain_text("1 of 10")
    assert set(kept(page)["states"]) == {card["id"] for card in other["cards"]}


def test_a_round_whose_cards_are_gone_is_given_up(page, js, deck):
    js("show", deck)
    page.locator(".tk-start").click()
    js("show", {**deck, "cards": []})
    expect(page.locator(".tk-card")).to_contain_text("This deck has no cards yet.")


def test_damaged_storage_is_an_empty_deck(page, js, deck):
    page.evaluate(f"localStorage.setItem('{KEY}', '{{oops')")
    js("show", deck)
    expect(page.locator(".tk-deck-standing")).to_contain_text("Met so far: 0 of 14")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_deck_stands_on_a_page_and_fits_a_phone(open_player, lang):
    deck = deck_bundle([KINDS / "all-kinds", "trust-or-not"], lang)
    page = open_player(deck, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page.locator(".tk-start").tap()
    while page.locator(".tk-item").count():
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        one_card(page, deck)
    expect(page.locator(".tk-title")).to_contain_text("10")
    page.reload()
    expect(page.locator(".tk-deck-standing")).to_contain_text("4")


def test_an_english_card_in_the_chinese_deck_names_its_language(page, js, deck):
    card = {**deck["cards"][0], "text_lang": "en"}
    js("show", {**deck, "lang": "zh", "cards": [card]})
    page.locator(".tk-start").click()
    assert page.locator(".tk-item-text").get_attribute("lang") == "en"
    assert page.locator(".tk-answer-text").first.get_attribute("lang") == "en"
    assert page.locator(".tk-question").evaluate("one => one.closest('[lang]').lang") == "zh"
