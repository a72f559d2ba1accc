"""A trainee does a drill in a real browser, by keyboard, with an interruption, to its result."""

import json

from playwright.sync_api import Page, expect

from trustkit.attempts.replay import replay
from trustkit.drills.bundle import drill_bundle
from trustkit.drills.marking import mark
from trustkit.drills.reader import read_drill


def kept(page: Page, activity: str = "four-items") -> dict:
    return json.loads(page.evaluate(f"localStorage.getItem('trustkit:v1:{activity}')"))


def shown_item(page: Page, bundle: dict) -> dict:
    text = page.locator(".tk-item-text").inner_text()
    return next(item for item in bundle["items"] if item["text"].split() == text.split())


def do(page: Page, bundle: dict, wrong: tuple[str, ...] = ()) -> None:
    """Answer every item by its number key, some of them wrongly."""
    keys = [category["id"] for category in bundle["categories"]]
    page.locator(".tk-start, .tk-again").click()
    while page.locator(".tk-item").count():
        item = shown_item(page, bundle)
        at = keys.index(item["key"])
        page.keyboard.press(str((at + (item["id"] in wrong)) % len(keys) + 1))
        page.keyboard.press("Enter")


def test_a_drill_is_done_by_keyboard_alone(open_player, small_drill):
    page = open_player(small_drill)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for number in range(1, 5):
        expect(page.locator(".tk-progress")).to_have_text(f"{number} of 4")
        assert page.evaluate("!!document.activeElement.closest('.tk-player')")
        page.keyboard.press("1")
        assert page.evaluate("document.activeElement.matches('.tk-next')")
        page.keyboard.press("2")
        page.keyboard.press("Enter")
    expect(page.locator(".tk-debrief")).to_be_visible()
    assert page.evaluate("document.activeElement.matches('.tk-debrief .tk-title')")
    (record,) = kept(page)["attempts"]
    assert {step["answer"] for step in record["steps"]} == {"a"}
    assert record["result"] == {"right": 2, "of": 4, "passed": False}


def test_each_answer_is_explained_in_words(open_player, small_drill):
    page = open_player(small_drill)
    page.locator(".tk-start").click()
    key = shown_item(page, small_drill)["key"]
    other = "ab".replace(key, "")
    page.locator(f'.tk-answer[data-answer="{other}"]').click()
    status = page.locator(".tk-explanation")
    assert status.get_attribute("role") == "status"
    expect(status).to_contain_text("Not right")
    expect(status).to_contain_text(f"Because of {key}.")
    expect(status).to_contain_text(f"Because of {other}.")
    expect(page.locator(f'.tk-answer[data-answer="{key}"]')).to_contain_text("✓ The answer is")
    expect(page.locator(f'.tk-answer[data-answer="{other}"]')).to_contain_text("✗ Your answer")


def test_a_drill_goes_on_after_a_reload_at_the_next_item(open_player, small_drill):
    page = open_player(small_drill)
    page.locator(".tk-start").click()
    page.locator(".tk-answer").first.click()
    page.reload()
    expect(page.locator(".tk-progress")).to_have_text("2 of 4")
    seen = kept(page)["current"]["steps"][0]["item"]
    assert shown_item(page, small_drill)["id"] != seen


def test_a_missed_red_line_item_fails_a_drill_that_has_enough_right(open_player, small_drill):
    page = open_player(small_drill)
    do(page, small_drill, wrong=("item-3",))
    expect(page.locator(".tk-verdict")).to_contain_text("Not yet")
    expect(page.locator(".tk-verdict")).to_contain_text("1 red-line item was missed")
    expect(page.locator(".tk-missed")).to_contain_text("Red-line item")
    do(page, small_drill, wrong=("item-1",))
    expect(page.locator(".tk-verdict")).to_contain_text("Passed")
    expect(page.locator(".tk-missed")).to_contain_text("Item number 1.")
    expect(page.locator(".tk-attempts")).to_contain_text("2 finished attempts")
    assert len({record["seed"] for record in kept(page)["attempts"]}) == 2


def test_the_real_drill_is_marked_as_python_marks_it(open_player):
    drill = read_drill("trust-or-not")
    bundle = drill_bundle("trust-or-not")
    page = open_player(bundle)
    wrong = tuple(item["id"] for item in bundle["items"][:3])
    do(page, bundle, wrong=wrong)
    (record,) = kept(page, "trust-or-not")["attempts"]
    marks = mark(drill, {step["item"]: step["answer"] for step in record["steps"]})
    assert record["result"] == {"right": marks.right, "of": marks.of, "passed": marks.passed}
    assert replay(record).scores == record["result"]
    expect(page.locator(".tk-missed > li")).to_have_count(3)
    expect(page.locator(".tk-table tbody tr")).to_have_count(len(bundle["categories"]))


def test_a_drill_fits_a_phone(open_player):
    bundle = drill_bundle("trust-or-not", "zh")
    page = open_player(bundle, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    do(page, bundle, wrong=tuple(item["id"] for item in bundle["items"]))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_drill_attempts_are_exported_and_taken_in(open_player, small_drill):
    page = open_player(small_drill)
    do(page, small_drill)
    with page.expect_download() as caught:
        page.locator(".tk-export").click()
    other = open_player(small_drill)
    other.locator(".tk-import-file").set_input_files(caught.value.path())
    expect(other.locator(".tk-import-status")).to_have_text("1 attempt was added.")
    expect(other.locator(".tk-attempts")).to_contain_text("4 of 4 right · ✓ Passed")
