"""A cmi5 package in a real browser, against a platform that holds every statement to the rules of xAPI and cmi5."""

import json
import re
import time
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from .lrs import ACTIVITY, Lrs
from .playing import CASE, best_of, choose, play, variants, worst_of


@pytest.fixture
def lrs(lms):
    """The record store of the platform."""
    lms.lrs = Lrs()
    yield lms.lrs
    assert lms.lrs.faults == []


@pytest.fixture
def opened(launch, lms, unpacked, lrs):
    """Opens the case as the platform would, in one browser profile."""

    def open_(what: str = CASE, language: str = "en") -> Page:
        folder = unpacked("cmi5", what, language)
        page = launch.context.new_page()
        page.on("pageerror", lambda error: launch.wrong.append(str(error)))
        query = {**lrs.launched(), "endpoint": f"{lms.address}/xapi/", "fetch": f"{lms.address}/fetch"}
        page.goto(f"{lms.address}/content/{folder}/index.html?{urlencode(query)}")
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    return open_


def leave(page: Page, lrs: Lrs) -> None:
    """Close the window and wait until the store has heard of it."""
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    for _ in range(100):
        if lrs.verbs(lrs.session)[-1:] == ["terminated"]:
            return
        time.sleep(0.03)
    raise AssertionError(f"the session was not ended: {lrs.verbs()}, {lrs.faults}")


def settled(page: Page) -> None:
    expect(page.locator(".tk-saved")).to_contain_text("learning platform")


def test_a_case_played_to_its_best_ending_is_answered_completed_and_passed(opened, lrs):
    page = opened()
    choices = best_of()
    play(page.main_frame, choices)
    settled(page)
    leave(page, lrs)
    assert lrs.verbs() == ["initialized", *["answered"] * len(choices), "scored", "completed", "passed", "terminated"]
    answers = [one for one in lrs.statements if one["verb"]["id"].endswith("answered")]
    assert [one["result"]["response"] for one in answers] == choices
    first = answers[0]
    assert first["object"]["id"] == f"urn:trustkit:{CASE}:call"
    assert first["object"]["definition"]["description"]["en"].startswith("Good morning.")
    assert first["context"]["contextActivities"]["parent"] == [{"objectType": "Activity", "id": ACTIVITY}]
    [passed] = [one for one in lrs.statements if one["verb"]["id"].endswith("passed")]
    assert passed["result"]["score"]["scaled"] >= 0.75
    assert [call for call in lrs.asked if "fetch" in call] == ["POST /fetch"]


def test_who_leaves_mid_case_goes_on_at_the_same_scene_in_the_next_session(opened, lrs):
    choices = best_of()
    first = opened()
    first.locator(".tk-start").click()
    choose(first.main_frame, choices[:3])
    lines = first.locator(".tk-line").all_text_contents()
    first.evaluate("localStorage.clear()")
    leave(first, lrs)
    second = opened()
    expect(second.locator(".tk-line")).to_have_text(lines)
    choose(second.main_frame, choices[3:])
    settled(second)
    leave(second, lrs)
    assert lrs.verbs(1) == ["initialized", *["answered"] * 3, "terminated"]
    assert lrs.verbs(2)[-4:] == ["scored", "completed", "passed", "terminated"]
    assert lrs.verbs().count("answered") == len(choices)


def test_not_passed_is_said_at_the_end_of_a_session_and_a_later_pass_stays(opened, lrs):
    page = opened()
    play(page.main_frame, worst_of("base"))
    settled(page)
    leave(page, lrs)
    assert lrs.verbs(1)[-4:] == ["scored", "completed", "failed", "terminated"]
    page = opened()
    page.locator(".tk-start").click()
    page.wait_for_timeout(200)
    leave(page, lrs)
    assert lrs.verbs(2) == ["initialized", "terminated"]
    page = opened()
    page.locator(".tk-restart").click()
    page.locator(".tk-restart-yes").click()
    choose(page.main_frame, best_of(variants()[1]))
    page.locator(".tk-debrief").wait_for()
    settled(page)
    play(page.main_frame, worst_of(variants()[2]))
    settled(page)
    leave(page, lrs)
    assert [verb for verb in lrs.verbs(3) if verb in ("completed", "passed", "failed")] == ["passed"]
    page = opened()
    play(page.main_frame, worst_of("base"))
    settled(page)
    leave(page, lrs)
    assert not {"completed", "passed", "failed"} & set(lrs.verbs(4))


def test_a_platform_that_asks_for_more_gets_a_verdict_that_fits_its_own_mark(opened, lrs):
    lrs.mastery = 0.99
    page = opened()
    play(page.main_frame, best_of())
    settled(page)
    leave(page, lrs)
    assert "passed" not in lrs.verbs()


def test_a_store_that_takes_nothing_is_named_and_gets_all_of_it_later(opened, lrs):
    page = opened()
    lrs.broken = True
    play(page.main_frame, best_of())
    expect(page.locator("#notice")).to_contain_text("did not take the last report")
    page.close()
    lrs.broken = False
    page = opened()
    expect(page.locator(".tk-attempts-title")).to_be_visible()
    leave(page, lrs)
    assert lrs.verbs(2).count("answered") == len(best_of())
    assert lrs.verbs(2)[-3:] == ["completed", "passed", "terminated"]


def test_a_reload_cannot_go_on_with_the_session_and_says_so(opened, lrs):
    page = opened()
    page.reload()
    expect(page.locator("#notice")).to_contain_text("did not open a session")
    play(page.main_frame, best_of())
    expect(page.locator(".tk-saved")).to_have_text("Saved in this browser.")
    page.close()
    page = opened()
    page.wait_for_timeout(300)
    leave(page, lrs)
    assert "passed" in lrs.verbs(2)


def test_a_review_reports_no_verdict(opened, lrs):
    lrs.mode = "Review"
    page = opened()
    expect(page.locator("#notice")).to_contain_text("for review")
    play(page.main_frame, best_of())
    leave(page, lrs)
    assert lrs.verbs() == ["initialized", "terminated"]


def test_a_drill_of_a_chinese_module_is_answered_in_its_own_words(opened, lrs):
    page = opened("1", "zh")
    page.locator("nav a").nth(1).click()
    drill = page.locator(".tk-drill").first
    drill.locator(".tk-start").click()
    drill.locator(".tk-item button").first.click()
    drill.locator(".tk-next").wait_for()
    page.wait_for_timeout(200)
    leave(page, lrs)
    [answer] = [one for one in lrs.statements if one["verb"]["id"].endswith("answered")]
    assert re.search("[\u4e00-\u9fff]", json.dumps(answer["object"]["definition"], ensure_ascii=False))
    assert answer["object"]["definition"]["interactionType"] == "choice"
