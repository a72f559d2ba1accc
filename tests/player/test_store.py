"""What the player keeps: progress, attempts, exports and imports, and what it does when the kept text is broken."""

import copy
import json

import pytest
from playwright.sync_api import Page, expect

KEY = "trustkit:v1:late-parcel"
API = '<meta name="trustkit-api" content="{}/trustkit/api">'


def kept(page: Page) -> dict:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))


def play_to_end(page: Page, pick: int = 0) -> None:
    page.locator(".tk-start, .tk-again").click()
    while page.locator(".tk-choice").count():
        page.locator(".tk-choice").nth(min(pick, page.locator(".tk-choice").count() - 1)).click()


def exported(page: Page) -> tuple[str, dict]:
    with page.expect_download() as caught:
        page.locator(".tk-export").click()
    with open(caught.value.path(), encoding="utf-8") as file:
        return caught.value.suggested_filename, json.load(file)


def import_text(page: Page, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    page.locator(".tk-import-file").set_input_files(
        {"name": "attempts.json", "mimeType": "application/json", "buffer": data}
    )


def test_the_exported_file_holds_every_finished_attempt(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    play_to_end(page, 1)
    name, file = exported(page)
    assert name == "trustkit-attempts-late-parcel.json"
    assert set(file) == {"format", "version", "learner", "exported_at", "attempts"}
    assert (file["format"], file["version"]) == ("trustkit-attempts", 1)
    assert file["attempts"] == kept(page)["attempts"]
    assert {record["learner"] for record in file["attempts"]} == {file["learner"]}


def test_an_export_is_taken_in_by_another_browser_once(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    _, file = exported(page)
    other = open_player(small_case)
    import_text(other, json.dumps(file))
    expect(other.locator(".tk-import-status")).to_have_text("1 attempt was added.")
    import_text(other, json.dumps(file))
    expect(other.locator(".tk-import-status")).to_contain_text("Nothing was added")
    assert kept(other)["attempts"] == file["attempts"]
    assert other.evaluate("localStorage.getItem('trustkit:v1:learner')") == file["learner"]


def test_an_imported_score_is_worked_out_anew(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    _, file = exported(page)
    true = copy.deepcopy(file["attempts"][0]["result"])
    file["attempts"][0]["result"].update(conduct=100, outcome=100, passed=True, red_lines=[])
    other = open_player(small_case)
    import_text(other, json.dumps(file))
    expect(other.locator(".tk-import-status")).to_contain_text("1 attempt was added")
    assert kept(other)["attempts"][0]["result"] == true


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff\xfe{", "cannot be read"),
        ("{", "cannot be read"),
        ("[]", "not a file of attempts"),
        ('{"format": "trustkit-attempts", "version": 2, "attempts": []}', "another version"),
        (
            '{"format": "trustkit-attempts", "version": 1, "attempts": [{"activity": "other"}, 7]}',
            "no finished attempt",
        ),
    ],
)
def test_a_file_that_is_no_export_is_refused_with_the_reason(open_player, small_case, text, said):
    page = open_player(small_case)
    import_text(page, text)
    expect(page.locator(".tk-import-status")).to_contain_text(said)
    assert kept(page)["attempts"] == [] if page.evaluate(f"localStorage.getItem('{KEY}')") else True


def test_an_imported_attempt_that_could_not_have_happened_is_left_out(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    _, file = exported(page)
    file["attempts"][0]["steps"][0]["choice"] = "give-everything"
    other = open_player(small_case)
    import_text(other, json.dumps(file))
    expect(other.locator(".tk-import-status")).to_contain_text("1 left out: they cannot be replayed")


@pytest.mark.parametrize(
    "text", ["{", "null", "[]", '{"version": 9}', '{"version":1,"current":{"steps":7},"attempts":[]}', "\ud7ff"]
)
def test_damaged_progress_starts_fresh_says_so_and_is_kept_aside(open_player, small_case, text):
    page = open_player(small_case)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("could not be read")
    aside = page.evaluate("Object.keys(localStorage).find((key) => key.includes(':damaged-'))")
    assert page.evaluate("(key) => localStorage.getItem(key)", aside) == text
    play_to_end(page)
    assert len(kept(page)["attempts"]) == 1


def test_attempts_that_are_whole_survive_damage_beside_them(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    state = kept(page)
    page.evaluate(
        "([key, text]) => localStorage.setItem(key, text)",
        [KEY, json.dumps({**state, "current": "half", "attempts": [*state["attempts"], {"id": 3}]})],
    )
    page.reload()
    expect(page.locator(".tk-attempts")).to_contain_text("1 finished attempt")
    assert kept(page)["attempts"] == state["attempts"]


@pytest.mark.parametrize("learner", ["", "two words", "x" * 80, "<b>"])
def test_a_damaged_pseudonym_is_drawn_anew(open_player, small_case, learner):
    page = open_player(small_case)
    page.evaluate("(name) => localStorage.setItem('trustkit:v1:learner', name)", learner)
    page.evaluate("localStorage.setItem('trustkit:v1:options', '{')")
    page.reload()
    play_to_end(page)
    drawn = kept(page)["attempts"][0]["learner"]
    assert drawn.startswith("p-") and len(drawn) == 14


@pytest.mark.parametrize("change", [{"content": "0" * 16}, {"steps": [{"at": 1, "scene": "start", "choice": "gone"}]}])
def test_progress_in_an_older_version_of_the_case_is_put_aside_and_said(open_player, small_case, change):
    page = open_player(small_case)
    page.locator(".tk-start").click()
    page.locator(".tk-choice").first.click()
    state = kept(page)
    state["current"].update(change)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps(state)])
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("has changed since")
    expect(page.locator(".tk-start")).to_be_visible()
    aside = page.evaluate("Object.keys(localStorage).find((key) => key.includes(':aside-'))")
    assert json.loads(page.evaluate("(key) => localStorage.getItem(key)", aside)) == state["current"]


def test_a_browser_without_storage_still_plays_and_says_so(open_player, small_case):
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})"
    page = open_player(small_case, before=refuse)
    expect(page.get_by_role("alert")).to_contain_text("keeps nothing")
    play_to_end(page)
    assert len(exported(page)[1]["attempts"]) == 1


def test_a_full_storage_is_said_and_the_conversation_goes_on(open_player, small_case):
    full = """
      const set = Storage.prototype.setItem;
      Storage.prototype.setItem = function (key, value) {
        if (key.endsWith('late-parcel')) throw new DOMException('full', 'QuotaExceededError');
        set.call(this, key, value);
      };"""
    page = open_player(small_case, before=full)
    play_to_end(page)
    expect(page.locator(".tk-debrief")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("full")
    assert len(exported(page)[1]["attempts"]) == 1


def test_two_pages_of_one_activity_lose_no_attempt(open_player, small_case, site):
    page = open_player(small_case)
    second = page.context.new_page()
    second.goto(page.url)
    play_to_end(page)
    play_to_end(second)
    assert len(kept(page)["attempts"]) == 2


def test_of_more_than_a_hundred_attempts_the_best_stays(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    state = kept(page)
    (first,) = state["attempts"]
    perfect = {"passed": True, "red_lines": [], "outcome": 100, "conduct": 100}
    best = {**first, "id": "0" * 16, "result": {**first["result"], **perfect}}
    many = [{**first, "id": f"{n:016x}", "result": {**first["result"], "passed": False}} for n in range(1, 100)]
    page.evaluate(
        "([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps({**state, "attempts": [best, *many]})]
    )
    page.reload()
    play_to_end(page)
    ids = [record["id"] for record in kept(page)["attempts"]]
    assert len(ids) == 100
    assert ids[0] == best["id"] and many[0]["id"] not in ids


def test_a_clock_that_is_set_back_leaves_an_attempt_that_can_be_replayed(open_player, small_case):
    page = open_player(small_case)
    page.locator(".tk-start").click()
    page.locator(".tk-choice").first.click()
    page.evaluate("(() => { const real = Date.now; Date.now = () => real() + 90_000; })()")
    page.locator(".tk-choice").first.click()
    page.evaluate("(() => { const real = Date.now; Date.now = () => real() - 7_200_000; })()")
    page.locator(".tk-choice").first.click()
    times = [step["at"] for step in kept(page)["attempts"][0]["steps"]]
    assert times == sorted(times) and times[1] >= 90


def test_the_best_attempt_is_the_one_that_the_gradebook_takes(open_player, small_case):
    page = open_player(small_case)
    play_to_end(page)
    state = kept(page)
    (first,) = state["attempts"]

    def attempt(number: int, conduct: int, outcome: int, red_lines: tuple[str, ...] = ()) -> dict:
        result = {**first["result"], "passed": False, "conduct": conduct, "outcome": outcome}
        moment = f"2026-01-0{number}T10:00:00Z"
        return {**first, "id": f"{number:016x}", "finished_at": moment, "result": {**result, "red_lines": red_lines}}

    attempts = [attempt(3, 70, 60), attempt(1, 60, 70), attempt(2, 90, 90, ("remedy-denied",)), attempt(4, 1, 2)]
    page.evaluate(
        "([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps({**state, "attempts": attempts})]
    )
    page.reload()
    expect(page.locator(".tk-attempts dd").first).to_contain_text("conduct 60, outcome 70")
    expect(page.locator(".tk-attempts dd").last).to_contain_text("conduct 1, outcome 2")


def test_a_finished_attempt_is_posted_where_the_page_names_a_server(open_player, small_case, site):
    page = open_player(small_case, head=API.format(site.address))
    play_to_end(page)
    expect(page.locator(".tk-saved")).to_contain_text("in your workspace: attempts/")
    (record, token), *rest = site.posted
    assert not rest
    assert record == kept(page)["attempts"][0]
    assert token == "2|token"


def test_a_server_that_refuses_or_is_gone_loses_nothing(open_player, small_case, site):
    page = open_player(small_case, head=API.format(site.address))
    site.refuses = (400, {"message": "the activity is unknown here."})
    play_to_end(page)
    expect(page.locator(".tk-saved")).to_contain_text("did not take it: the activity is unknown here.")
    page.context.set_offline(True)
    play_to_end(page)
    expect(page.locator(".tk-saved")).to_contain_text("did not answer")
    assert len(kept(page)["attempts"]) == 2
    page.context.set_offline(False)
    site.refuses = None
    page.reload()
    for _ in range(50):
        if not kept(page)["unsent"]:
            break
        page.wait_for_timeout(100)
    assert [record["id"] for record, _ in site.posted] == [record["id"] for record in kept(page)["attempts"]]
    open_player.wrong.clear()  # the browser itself reports refused and failed requests as errors


def test_a_page_without_a_server_posts_nothing(open_player, small_case, site):
    page = open_player(small_case)
    play_to_end(page)
    expect(page.locator(".tk-saved")).to_have_text("Saved in this browser.")
    assert site.posted == []
