"""A trainee plays a case in a real browser: by mouse, by keyboard, on a phone, with and without meters."""

import copy
import json
import re
import statistics
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from trustkit.attempts.record import check
from trustkit.attempts.replay import replay
from trustkit.cases.bundle import case_bundle
from trustkit.cases.debrief import debrief
from trustkit.panel import panel_answer
from trustkit.player import script, style

SMALL = Path(__file__).parents[1] / "cases" / "small"
FRIDGE = "fridge-failed-twice"
INSIDE = "document.activeElement !== document.body && !!document.activeElement.closest('.tk-player')"


@pytest.fixture(scope="module")
def fridge() -> dict:
    return case_bundle(FRIDGE)


def kept(page: Page, activity: str = "late-parcel") -> dict:
    return json.loads(page.evaluate(f"localStorage.getItem('trustkit:v1:{activity}')"))


def play_to_end(page: Page, pick: int = 0) -> None:
    """Start and choose by the same place on the screen until the debrief stands there complete."""
    page.locator(".tk-start, .tk-again").click()
    while page.locator(".tk-debrief").count() == 0:
        if page.locator(".tk-own-words-skip").count():
            page.locator(".tk-own-words-skip").click()
        page.locator(".tk-choice").nth(min(pick, page.locator(".tk-choice").count() - 1)).click()
    page.wait_for_selector(".tk-later:not([aria-busy])")


def choose(page: Page, *ids: str) -> None:
    for id_ in ids:
        page.locator(f'.tk-choice[data-choice="{id_}"]').click()


def test_the_brief_says_what_the_agent_may_know_and_how_it_is_scored(open_player, fridge):
    page = open_player(fridge)
    brief = page.locator(".tk-brief")
    expect(brief).to_contain_text(fridge["title"])
    expect(brief).to_contain_text(fridge["variants"][0]["text"]["customer"]["name"])
    expect(brief).to_contain_text("about 15 min")
    expect(brief).to_contain_text("What is scored")
    for fact in fridge["variants"][0]["text"]["facts"].values():
        expect(brief).not_to_contain_text(fact)


def test_a_call_begins_where_one_can_read_it(open_player, fridge):
    page = open_player(fridge, viewport={"width": 390, "height": 700}, is_mobile=True, has_touch=True)
    page.locator(".tk-start").scroll_into_view_if_needed()
    assert page.locator(".tk-brief h2, .tk-brief h3").first.bounding_box()["y"] < 0
    page.locator(".tk-start").tap()
    expect(page.locator(".tk-customer").first).to_be_in_viewport(ratio=1)


def test_a_case_is_played_to_its_end_by_keyboard_alone_and_goes_on_after_a_reload(open_player, fridge):
    page = open_player(fridge)
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.tk-start')"):
            break
    page.keyboard.press("Enter")
    # Answers stand in random order, and some two of them end the call: one turn is sure to leave it open.
    assert page.evaluate(INSIDE)
    lines = page.locator(".tk-customer").count()
    page.keyboard.press("2")
    expect(page.locator(".tk-customer")).to_have_count(lines + 1)
    spoken = page.locator(".tk-log").inner_text()
    choices = page.locator(".tk-choice").all_inner_texts()

    page.reload()
    assert page.locator(".tk-log").inner_text() == spoken
    assert page.locator(".tk-choice").all_inner_texts() == choices
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.tk-choice')"):
            break
    page.keyboard.press("Enter")
    while page.locator(".tk-debrief").count() == 0:
        assert page.evaluate(INSIDE)
        if page.locator(".tk-own-words-skip").count():
            page.locator(".tk-own-words-skip").press("Enter")
        page.keyboard.press("1")
    assert page.evaluate(INSIDE)
    assert page.evaluate("document.activeElement.matches('.tk-debrief .tk-title')")

    (record,) = kept(page, FRIDGE)["attempts"]
    assert len(record["steps"]) >= 2
    assert replay(record).scores == record["result"]


def test_where_the_answer_may_be_written_first_it_is_kept_compared_and_shown_again(open_player, small_case):
    page = open_player({**small_case, "write_at": "start"})
    page.locator(".tk-start").click()
    assert page.locator(".tk-choice").count() == 0
    box = page.get_by_label("This time, write your answer first.")
    done = page.get_by_role("button", name="Compare with the answers")
    expect(done).to_be_disabled()
    box.fill("I will find out where it is and call you before five.")
    page.reload()
    expect(box).to_have_value("I will find out where it is and call you before five.")
    box.focus()
    page.keyboard.press("1")
    expect(page.locator(".tk-customer")).to_have_count(1)
    done.click()
    expect(page.locator(".tk-own-words-kept")).to_contain_text("before five")
    choose(page, "ask")
    expect(page.locator(".tk-own-words-kept")).to_have_count(0)
    while page.locator(".tk-choice").count():
        page.locator(".tk-choice").first.click()
    (record,) = kept(page)["attempts"]
    assert record["steps"][0]["wrote"] == "I will find out where it is and call you before five.1"
    assert "wrote" not in record["steps"][1]
    check(record)
    expect(page.locator(".tk-turn").first).to_contain_text("In your own words")


def test_nobody_has_to_write(open_player, small_case):
    page = open_player({**small_case, "write_at": "start"})
    page.locator(".tk-start").click()
    page.get_by_role("button", name="Choose without writing").press("Enter")
    page.keyboard.press("1")
    expect(page.locator(".tk-customer")).to_have_count(2)
    record = kept(page)["current"]
    assert "wrote" not in record["steps"][0]


def test_a_number_key_that_is_held_down_or_a_double_click_makes_one_choice(open_player, small_case):
    page = open_player(small_case)
    page.locator(".tk-start").click()
    page.locator(".tk-choice").first.click()
    page.locator(".tk-choice").first.dispatch_event("click", {"detail": 2})
    assert len(kept(page)["current"]["steps"]) == 1
    page.keyboard.down("1")
    page.keyboard.down("1")
    page.keyboard.up("1")
    assert len(kept(page)["current"]["steps"]) == 2


def test_number_keys_outside_the_player_choose_nothing(open_player, small_case):
    page = open_player(small_case)
    page.locator(".tk-start").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("1")
    assert kept(page)["current"]["steps"] == []


def test_the_record_is_the_one_that_the_marker_reads(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    state = kept(page)
    assert state["current"] is None
    (record,) = state["attempts"]
    structure = small_case["variants"][0]["structure"]
    assert set(record) == {
        "schema", "id", "kind", "activity", "content", "lang", "variant", "seed", "learner", "host", "started_at",
        "finished_at", "steps", "result", "options",
    }  # fmt: skip
    assert (record["schema"], record["kind"], record["activity"]) == (1, "case", "late-parcel")
    assert (record["content"], record["variant"], record["host"]) == (structure["hash"], "base", "page")
    assert len(record["id"]) == 16 and int(record["id"], 16) >= 0
    assert all(set(step) == {"at", "scene", "choice"} for step in record["steps"])
    told = debrief(structure, [step["choice"] for step in record["steps"]])
    assert record["result"] == {
        "ending": told.ending, "conduct": told.conduct, "outcome": told.outcome, "passed": told.passed,
        "red_lines": told.red_lines,
    }  # fmt: skip
    assert record["options"] == {"low_pressure": False}


def test_the_log_is_a_live_region_in_which_names_part_the_speakers(open_player, small_case):
    page = open_player(small_case)
    page.locator(".tk-start").click()
    log = page.get_by_role("log")
    assert log.get_attribute("aria-live") == "polite"
    first = log.locator(".tk-line").first
    first.evaluate("(node) => node.dataset.mark = 'kept'")
    choose(page, "ask")
    expect(log.locator(".tk-customer").first).to_contain_text("Sam Ortega")
    expect(log.locator(".tk-agent")).to_contain_text("You")
    expect(log).to_contain_text("You learned: It is a present for tomorrow.")
    assert first.get_attribute("data-mark") == "kept", "the log grows, it is not drawn anew"


def test_a_promise_is_listed_until_it_is_kept_or_broken(open_player, small_case):
    page = open_player(small_case)
    page.locator(".tk-start").click()
    choose(page, "promise-today")
    expect(page.locator(".tk-promises")).to_contain_text("A call back today.")
    expect(page.locator(".tk-promises")).to_contain_text("due in 30 min")
    choose(page, "offer-half")
    expect(page.locator(".tk-log")).to_contain_text("1 h later")
    expect(page.locator(".tk-log")).to_contain_text("Promise not kept in time: A call back today.")
    expect(page.locator(".tk-promises")).to_be_empty()


def test_a_crossed_red_line_is_told_in_the_debrief_and_not_before(open_player, small_case):
    page = open_player(small_case)
    page.locator(".tk-start").click()
    choose(page, "ask", "deny")
    name = small_case["red_lines"]["remedy-denied"]["name"]
    expect(page.locator(".tk-player")).not_to_contain_text(name)
    page.locator(".tk-choice").first.click()
    expect(page.locator(".tk-verdict")).to_contain_text("Not yet")
    expect(page.locator(".tk-red-lines")).to_contain_text(f"Turn 2 · {name}")


def test_low_pressure_hides_meters_and_clock_and_is_remembered(open_player, small_case):
    page = open_player(small_case)
    page.locator(".tk-start").click()
    expect(page.get_by_role("meter")).to_have_count(3)
    page.locator(".tk-low-pressure").check()
    expect(page.get_by_role("meter")).to_have_count(0)
    choose(page, "ask")
    page.reload()
    expect(page.locator(".tk-low-pressure")).to_be_checked()
    expect(page.locator(".tk-meters")).to_be_hidden()
    while page.locator(".tk-choice").count():
        page.locator(".tk-choice").first.click()
    assert kept(page)["attempts"][0]["options"] == {"low_pressure": True}


def test_the_clock_shows_minutes_of_patience_and_the_day(open_player, small_case):
    slow = copy.deepcopy(small_case)
    slow["variants"][0]["structure"]["scenes"][1]["elapsed"] = 1440
    page = open_player(slow)
    page.locator(".tk-start").click()
    clock = page.locator(".tk-meter-clock")
    expect(clock).to_contain_text("0 of 6")
    choose(page, "ask")
    expect(clock).to_contain_text("2 of 6 · Day 2")
    choose(page, "check")
    expect(clock).to_contain_text("patience is used up")


def test_feedback_waits_for_the_debrief_unless_it_is_asked_for(open_player, small_case):
    page = open_player(small_case)
    page.locator(".tk-start").click()
    choose(page, "ask")
    expect(page.locator(".tk-log")).not_to_contain_text("You learned why it matters.")
    page.locator(".tk-live-feedback").check()
    choose(page, "offer-half")
    expect(page.locator(".tk-log")).to_contain_text("Feedback: Half of a half.")


def test_the_order_of_the_choices_follows_the_seed(open_player, small_case):
    orders = set()
    for seed in (1, 2, 3, 4):
        page = open_player(small_case, before=f"crypto.getRandomValues = (list) => list.fill({seed * 2 * 77})")
        page.locator(".tk-start").click()
        order = [button.get_attribute("data-choice") for button in page.locator(".tk-choice").all()]
        page.reload()
        assert order == [button.get_attribute("data-choice") for button in page.locator(".tk-choice").all()]
        orders.add(tuple(order))
    assert len(orders) > 1
    assert len({frozenset(order) for order in orders}) == 1


def test_the_debrief_shows_both_scores_the_state_and_what_else_could_have_been(open_player, small_case):
    page = open_player({**small_case, "lesson_links": {"6.2": "../6/apology.html"}})
    page.locator(".tk-start").click()
    choose(page, "ask", "offer-half")
    page.locator(".tk-choice").first.click()
    page.wait_for_selector(".tk-later:not([aria-busy])")
    state = kept(page)["attempts"][0]
    told = debrief(small_case["variants"][0]["structure"], [step["choice"] for step in state["steps"]])
    story = page.locator(".tk-debrief")
    expect(story.locator(".tk-score-conduct .tk-score-value")).to_contain_text(str(told.conduct))
    expect(story.locator(".tk-score-outcome .tk-score-value")).to_contain_text(str(told.outcome))
    bars = story.locator(".tk-score-conduct .tk-bars li")
    expect(bars).to_have_count(6)
    for bar, value in zip(bars.all(), told.bars, strict=True):
        expect(bar.locator(".tk-bar-value")).to_have_text("not assessed" if value is None else str(value))
    expect(story.get_by_role("img")).to_have_accessible_name("What Sam Ortega felt, turn by turn")
    expect(story.locator(".tk-chart .tk-turning")).to_have_count(1)
    expect(story.locator(".tk-table tbody tr")).to_have_count(len(told.gauges))
    expect(story.locator(".tk-turn").nth(told.turning_point)).to_contain_text("Turning point")
    expect(story.locator(".tk-turn")).to_have_count(3)
    for card, turn in zip(story.locator(".tk-turn").all(), told.turns, strict=True):
        expect(card.locator(".tk-instead > li")).to_have_count(len(turn.instead))
        cost = f"put the best end {turn.regret} outcome point" if turn.regret else "nothing was lost"
        expect(card).to_contain_text(cost)
        for other, item in zip(turn.instead, card.locator(".tk-instead > li").all(), strict=True):
            expect(item).to_contain_text(f"Best outcome still possible: {other.best}")
    expect(story.locator(".tk-hidden-facts")).to_contain_text("It is a present for tomorrow. ✓ came up")
    expect(story.locator(".tk-hidden-facts")).to_contain_text("The parcel lies in the depot. ○ did not come up")
    expect(story.locator(".tk-script")).to_have_count(2)
    expect(story.locator(".tk-script").first.locator(".tk-agent")).to_have_count(len(told.best_path))
    assert story.locator(".tk-behaviours a").first.get_attribute("href") == "../6/apology.html"


def test_playing_again_takes_the_next_variant_and_keeps_best_and_latest(open_player, small_case):
    page = open_player(small_case)
    variants = [variant["id"] for variant in small_case["variants"]]
    for turn in range(len(variants) + 1):
        play_to_end(page, pick=turn % 3)
    assert [record["variant"] for record in kept(page)["attempts"]] == [*variants, variants[0]]
    expect(page.locator(".tk-attempts")).to_contain_text(f"{len(variants) + 1} finished attempts")
    page.reload()
    page.locator(".tk-review").click()
    expect(page.locator(".tk-debrief")).to_be_visible()
    assert len(kept(page)["attempts"]) == len(variants) + 1


def test_starting_again_in_the_middle_asks_first(open_player, small_case):
    page = open_player(small_case)
    page.locator(".tk-start").click()
    choose(page, "ask")
    page.locator(".tk-restart").click()
    assert page.evaluate(INSIDE)
    page.get_by_role("button", name="No, go on").click()
    assert len(kept(page)["current"]["steps"]) == 1
    page.locator(".tk-restart").click()
    page.locator(".tk-restart-yes").click()
    assert kept(page)["current"]["steps"] == []
    assert page.evaluate(INSIDE)


def test_what_was_written_goes_to_the_form_that_the_reply_checker_has_open():
    source = script()
    form, field = re.search(r'steps = \[\{ form: "(\w+)", values: \{ (\w+): text \} \}\]', source).groups()
    (checker,) = re.findall(r'kind: "checker", id: "(\w+)"', source)
    said = panel_answer("checker", checker, [{"form": form, "values": {field: "I will call you before five."}}])
    assert "problem" not in said
    assert any(block["block"] == "findings" for block in said["blocks"])


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_scrolls_sideways_on_a_phone(open_player, fridge, width):
    page = open_player(fridge, viewport={"width": width, "height": 740}, is_mobile=True, has_touch=True)

    def fits() -> bool:
        return page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    assert fits()
    page.locator(".tk-start").click()
    assert fits()
    page.locator(".tk-choice").first.click()
    assert fits()
    while page.locator(".tk-debrief").count() == 0:
        if page.locator(".tk-own-words-skip").count():
            assert fits()
            page.locator(".tk-own-words-skip").click()
        page.locator(".tk-choice").last.click()
    page.wait_for_selector(".tk-later:not([aria-busy])")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert fits()


def test_every_control_is_large_enough_for_a_finger(open_player, small_case):
    page = open_player(small_case, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)

    def small_ones() -> list:
        return page.evaluate(
            """[...document.querySelectorAll('.tk-player :is(button, label, summary)')]
            .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
            .map((one) => one.textContent)"""
        )

    assert small_ones() == []
    page.locator(".tk-start").click()
    assert small_ones() == []
    while page.locator(".tk-choice").count():
        page.locator(".tk-choice").first.click()
    page.wait_for_selector(".tk-later:not([aria-busy])")
    assert small_ones() == []


def test_a_reply_is_painted_within_50_ms(open_player, small_case):
    page = open_player(small_case)
    times = []
    while len(times) < 12:
        page.locator(".tk-start, .tk-again").click()
        while page.locator(".tk-choice").count():
            took = page.evaluate(
                """() => new Promise((resolve) => {
                  const began = performance.now();
                  document.querySelector('.tk-choice').click();
                  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
                })"""
            )
            if page.locator(".tk-choice").count():
                times.append(took)
    assert statistics.median(times) < 50, times


def test_the_joined_script_plays_from_a_file(chromium, tmp_path, small_case, page_of):
    (tmp_path / "trustkit-player.js").write_text(script(), encoding="utf-8")
    (tmp_path / "player.css").write_text(style(), encoding="utf-8")
    (tmp_path / "lesson.html").write_text(page_of(small_case), encoding="utf-8")
    page = chromium.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "lesson.html").as_uri())
    play_to_end(page)
    expect(page.locator(".tk-script").first).to_be_attached()
    assert all(url.startswith(("file:", "blob:")) for url in asked)
    page.close()


def test_a_page_with_a_right_to_left_name_an_emoji_and_a_megabyte_of_text_still_plays(open_player, small_case):
    odd = copy.deepcopy(small_case)
    for variant in odd["variants"]:
        variant["text"]["customer"]["name"] = "ليلى 🧊"
        variant["text"]["scenes"]["start"]["lines"] = ["</script><b>Where?</b> " + "word " * 200_000]
    page = open_player(odd, attributes='dir="rtl"')
    page.locator(".tk-start").click()
    expect(page.locator(".tk-customer").first).to_contain_text("</script><b>Where?</b>")
    page.locator(".tk-choice").first.click()
    expect(page.locator(".tk-customer").last).to_contain_text("ليلى 🧊")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_bundle_that_cannot_be_read_says_so_in_place(open_player):
    page = open_player({"kind": "puzzle", "id": "x", "lang": "en"})
    expect(page.get_by_role("alert")).to_contain_text("unknown kind of activity: puzzle")


def test_the_chinese_player_speaks_chinese(open_player):
    page = open_player(case_bundle(SMALL / "late-parcel", "zh"))
    page.locator(".tk-start").click()
    expect(page.locator(".tk-question")).to_have_text("你怎么回应？")
    while page.locator(".tk-choice").count():
        page.locator(".tk-choice").first.click()
    page.wait_for_selector(".tk-later:not([aria-busy])")
    expect(page.locator(".tk-debrief")).to_contain_text("转折点")


def test_the_dark_theme_of_the_book_and_of_jupyter_is_followed(open_player, small_case):
    paper = "getComputedStyle(document.querySelector('.tk-card')).backgroundColor"
    light, dark = "rgb(255, 255, 255)", "rgb(21, 27, 32)"
    assert open_player(small_case).evaluate(paper) == light
    assert open_player(small_case, color_scheme="dark").evaluate(paper) == dark
    assert open_player(small_case, attributes='data-theme="dark"').evaluate(paper) == dark
    assert open_player(small_case, attributes='data-theme="light"', color_scheme="dark").evaluate(paper) == light
    page = open_player(small_case)
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert page.evaluate(paper) == dark


def test_the_debrief_prints_in_full(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("[...document.querySelectorAll('.tk-debrief details')].every((one) => one.open)")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("[...document.querySelectorAll('.tk-debrief details')].every((one) => !one.open)")
