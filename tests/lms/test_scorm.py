"""A package in a real SCORM run-time in a real browser: what the platform learns, and that nothing is lost."""

import json
import re

import pytest
from playwright.sync_api import Frame, expect

from .playing import CASE, best_of, choose, play, variants, worst_of

BOTH = pytest.mark.parametrize("standard", ["1.2", "2004"])


def settled(trainee) -> None:
    """Wait until the platform has what was done."""
    expect(trainee.sco.locator(".tk-saved")).to_contain_text("learning platform")


def status(trainee) -> tuple[str, ...]:
    if trainee.standard == "1.2":
        return (trainee.value("cmi.core.lesson_status"),)
    return trainee.value("cmi.completion_status"), trainee.value("cmi.success_status")


def score(trainee) -> float:
    return float(trainee.value("cmi.core.score.raw" if trainee.standard == "1.2" else "cmi.score.raw"))


def interactions(saved: dict) -> list[dict]:
    """The interactions that the platform keeps, in order."""
    found = saved["interactions"]
    found = found.get("childArray", found) if isinstance(found, dict) else found
    return found if isinstance(found, list) else [found[key] for key in sorted(found, key=int)]


PASSED = {"1.2": ("passed",), "2004": ("completed", "passed")}
FAILED = {"1.2": ("failed",), "2004": ("completed", "failed")}


@BOTH
def test_a_case_played_to_its_best_ending_is_passed_with_score_time_and_each_choice(standard, unpacked, launch):
    trainee = launch(standard, unpacked(standard, CASE))
    choices = best_of()
    play(trainee.sco, choices)
    settled(trainee)
    assert status(trainee) == PASSED[standard]
    result = json.loads(trainee.page.evaluate("JSON.stringify(Object.entries(localStorage))"))
    [own] = [json.loads(text) for name, text in result if name.endswith(f":{CASE}")]
    reached = own["attempts"][0]["result"]
    assert score(trainee) == min(reached["conduct"], reached["outcome"])
    assert trainee.refused() == []
    trainee.page.goto("about:blank")
    saved = trainee.saved()
    told = interactions(saved)
    answer = "student_response" if standard == "1.2" else "learner_response"
    assert [one[answer] for one in told] == choices
    assert [one["id"] for one in told] == [f"{CASE}.{step['scene']}" for step in own["attempts"][0]["steps"]]
    assert {one["result"] for one in told} <= {"correct", "wrong", "incorrect", "neutral"}
    assert {float(one["weighting"]) for one in told} <= {1, 2}
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d|PT\d+S", one["latency"]) for one in told)
    if standard == "2004":
        assert told[0]["description"].startswith("{lang=en}Good morning.")
    assert len(saved["suspend_data"]) < 300
    time = saved["core"]["session_time"] if standard == "1.2" else saved["session_time"]
    assert re.fullmatch(r"\d\d:\d\d:\d\d|PT\d+S", time)


@BOTH
def test_who_leaves_mid_case_comes_back_to_the_same_scene_on_another_computer(standard, unpacked, launch, lms):
    folder, choices = unpacked(standard, CASE), best_of()
    first = launch(standard, folder)
    first.sco.locator(".tk-start").click()
    choose(first.sco, choices[:3])
    lines = first.sco.locator(".tk-line").all_text_contents()
    first.leave()
    assert len(interactions(first.saved())) == 3
    # Another computer knows nothing of the first.
    second = launch(standard, folder)
    second.page.evaluate("localStorage.clear()")
    second.page.reload()
    expect(second.sco.locator(".tk-line")).to_have_text(lines)
    assert status(second)[0] == "incomplete"
    choose(second.sco, choices[3:])
    settled(second)
    assert status(second) == PASSED[standard]
    second.page.goto("about:blank")
    answer = "student_response" if standard == "1.2" else "learner_response"
    assert [one[answer] for one in interactions(second.saved())] == choices


@BOTH
def test_a_worse_retry_lowers_nothing_in_the_same_session_and_in_the_next(standard, unpacked, launch, lms):
    folder = unpacked(standard, CASE)
    trainee = launch(standard, folder)
    play(trainee.sco, best_of())
    settled(trainee)
    reached = score(trainee)
    second, third = variants()[1:3]
    play(trainee.sco, worst_of(second))
    settled(trainee)
    assert (status(trainee), score(trainee)) == (PASSED[standard], reached)
    trainee.page.evaluate("localStorage.clear()")
    trainee.leave()
    # Even where nobody remembers the attempts, the platform's own marks stay.
    lms.kept[f"li-na-{folder}"]["suspend_data"] = ""
    again = launch(standard, folder)
    assert (status(again), score(again)) == (PASSED[standard], reached)
    play(again.sco, worst_of(third))
    settled(again)
    assert (status(again), score(again)) == (PASSED[standard], reached)
    assert again.refused() == []


@BOTH
def test_a_failed_case_can_be_passed_later(standard, unpacked, launch):
    trainee = launch(standard, unpacked(standard, CASE))
    play(trainee.sco, worst_of("base"))
    settled(trainee)
    assert status(trainee) == FAILED[standard]
    assert score(trainee) < 75
    play(trainee.sco, best_of(variants()[1]))
    settled(trainee)
    assert status(trainee) == PASSED[standard]


def test_without_a_platform_the_trainee_is_told_so_and_the_attempt_file_is_offered(unpacked, launch, lms):
    folder = unpacked("1.2", CASE)
    page = launch("1.2", folder).page
    page.goto(f"{lms.address}/content/{folder}/index.html")
    expect(page.locator("#notice")).to_contain_text("No learning platform answers")
    play(page.main_frame, best_of())
    expect(page.locator(".tk-saved")).to_have_text("Saved in this browser.")
    with page.expect_download() as kept:
        page.get_by_role("button", name="Export attempts").click()
    assert json.loads(kept.value.path().read_text())["attempts"][0]["result"]["passed"]


def test_what_the_platform_did_not_take_is_said_kept_and_reported_the_next_time(unpacked, launch, lms):
    standard = "1.2"
    folder = unpacked(standard, CASE)
    trainee = launch(standard, folder)
    trainee.sco.locator(".tk-start").click()
    lms.broken = True
    choose(trainee.sco, best_of())
    expect(trainee.sco.locator("#notice")).to_contain_text("did not take the last report")
    expect(trainee.sco.locator(".tk-saved")).to_have_text("Saved in this browser.")
    trainee.leave()
    lms.broken = False
    launch.wrong.clear()
    again = launch(standard, folder)
    again.sco.wait_for_timeout(600)
    assert status(again) == PASSED[standard]
    again.page.goto("about:blank")
    assert len(interactions(again.saved())) == len(best_of())


def test_two_trainees_at_one_computer_do_not_see_each_other(unpacked, launch):
    folder = unpacked("1.2", CASE)
    first = launch("1.2", folder)
    play(first.sco, best_of())
    settled(first)
    first.leave()
    second = launch("1.2", folder, "tomas")
    second.sco.wait_for_timeout(600)
    expect(second.sco.locator(".tk-attempts-title")).to_have_count(0)
    assert second.value("cmi.core.lesson_status") == "incomplete"


def test_a_package_shown_for_review_changes_nothing(unpacked, launch):
    trainee = launch("2004", unpacked("2004", CASE), mode="review")
    expect(trainee.sco.locator("#notice")).to_contain_text("for review")
    play(trainee.sco, best_of())
    assert trainee.value("cmi.suspend_data") == ""
    assert interactions(trainee.page.evaluate("api.cmi.toJSON()")) == []


def test_a_module_is_complete_when_its_activities_are_done_and_its_other_pages_read_to_the_end(unpacked, launch):
    trainee = launch("2004", unpacked("2004", "6"))
    sco = trainee.sco
    pages = sco.locator("nav li")
    expect(pages).to_have_count(7)
    assert status(trainee)[0] == "incomplete"
    for number in range(7):
        pages.nth(number).locator("a").click()
        expect(pages.nth(number).locator("a")).to_have_attribute("aria-current", "page")
        end = sco.locator(".lms-end")
        if end.count():
            end.scroll_into_view_if_needed()
            expect(end).to_have_text("You have read this page to its end.")
    expect(sco.locator("nav .lms-done", has_text="done")).not_to_have_count(0)
    pages.nth(1).locator("a").click()
    expect(sco.locator("article h1")).to_have_text(re.compile("6.1"))
    sco.locator("article a[href='#/6-2-fair-recovery']").first.wait_for()
    play_in(sco, "case-fridge-failed-twice", best_of())
    sco.wait_for_timeout(600)
    assert status(trainee) == ("incomplete", "unknown")
    assert trainee.value("cmi.objectives.0.id") == CASE
    assert trainee.value("cmi.objectives.0.success_status") == "passed"
    assert 0 < float(trainee.value("cmi.progress_measure")) < 1
    assert 0 < score(trainee) < 20
    trainee.leave()
    again = launch("2004", unpacked("2004", "6"))
    expect(again.sco.locator("article h1")).to_have_text(re.compile("6.1"))
    assert again.refused() == []


def play_in(sco: Frame, anchor: str, choices: list[str]) -> None:
    place = sco.locator(f"#{anchor}")
    place.locator(".tk-start").click()
    choose(sco, choices)
    place.locator(".tk-debrief").wait_for()


def test_a_chinese_package_is_chinese_in_all_it_says_and_reports(unpacked, launch):
    trainee = launch("2004", unpacked("2004", CASE, "zh"))
    sco = trainee.sco
    expect(sco.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(sco.locator("h1")).to_have_text("坏了两次的冰箱")
    expect(sco.locator(".lms-rules summary")).to_have_text("规则卡")
    play(sco, best_of())
    expect(sco.locator(".tk-saved")).to_have_text("已保存，并已报给学习平台。")
    assert status(trainee) == PASSED["2004"]
    trainee.page.goto("about:blank")
    assert re.match(r"\{lang=zh\}[\u4e00-\u9fff]", interactions(trainee.saved())[0]["description"])
