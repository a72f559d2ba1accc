"""How far somebody is, from what the browser keeps: where to go on, what counts once, what damage does."""

import pytest

HARNESS = """
import { nextToRead, standingOfLessons, whereToGoOn } from "./modules/progress.js";
import { ALL_PROGRESS_WORDS } from "./modules/progresswords.js";
import { keepReading, readingKept } from "./modules/store.js";
const shape = (words) => Object.fromEntries(Object.entries(words).map(([key, one]) => [key, typeof one]));
window.words = Object.fromEntries(Object.entries(ALL_PROGRESS_WORDS).map(([lang, words]) => [lang, shape(words)]));
window.reading = (text) => {
  localStorage.setItem("trustkit:v1:reading", text);
  return readingKept();
};
Object.assign(window, { nextToRead, standingOfLessons, whereToGoOn, keepReading });
window.ready = true;
"""
AT = "2026-01-01T10:00:00Z"


@pytest.fixture
def js(module_page):
    page = module_page(HARNESS)
    page.wait_for_function("window.ready")
    return lambda name, *given: page.evaluate("([name, given]) => window[name](...given)", [name, list(given)])


def lesson(number: str, *activities: str, paths: tuple[str, ...] = ()) -> dict:
    return {"number": number, "activities": list(activities), "paths": list(paths)}


def reading(*read: str, last: str | None = None) -> dict:
    return {"read": dict.fromkeys(read, AT), "last": last}


def passed(kind: str) -> dict:
    return {"attempts": [{"id": "a", "kind": kind, "finished_at": AT, "result": {"passed": True}}], "current": None}


LESSONS = [
    lesson("1.1", "case:c", paths=("agent",)),
    lesson("1.2", paths=("analyst",)),
    lesson("1.3", paths=("agent",)),
]


@pytest.mark.parametrize("was, path, onward", [
    (reading(last="1.1"), None, "1.1"), (reading("1.1", last="1.1"), None, "1.2"),
    (reading("1.1", last="1.1"), "agent", "1.3"), (reading("1.2", "1.3", last="1.3"), None, "1.1"),
    (reading("1.1", "1.2", "1.3", last="1.2"), None, None), (reading("1.1"), None, None),
])  # fmt: skip
def test_one_goes_on_with_what_was_opened_and_then_with_the_next_lesson_of_the_path(js, was, path, onward):
    found = js("whereToGoOn", {"lessons": LESSONS, "cases": []}, path, was, {})
    assert (found["lesson"] or {}).get("number") == onward


def test_the_conversation_begun_last_is_offered_and_one_without_a_word_is_not(js):
    def begun(at: str, *steps: str) -> dict:
        return {"attempts": [], "current": {"started_at": at, "steps": list(steps)}}

    cases = [{"id": "old"}, {"id": "new"}, {"id": "silent"}]
    kept = {"old": begun(AT, "x"), "new": begun("2026-01-02T10:00:00Z", "x"), "silent": begun("2026-01-03T10:00:00Z")}
    assert js("whereToGoOn", {"lessons": [], "cases": cases}, None, reading(), kept)["case"] == {"id": "new"}


def test_an_activity_of_two_lessons_counts_once(js):
    two = [lesson("1.1", "case:c", "drill:d"), lesson("6.1", "case:c")]
    assert js("standingOfLessons", two, reading("6.1"), {"c": passed("case")}) == {
        "read": 1, "lessons": 2, "passed": 1, "activities": 2,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", "{", '{"read": {"x": 1, "1.1": "when"}, "last": "<b>"}', "null"])
def test_what_is_damaged_counts_as_not_read(js, text):
    assert js("reading", text) == {"read": {}, "last": None}


def test_both_languages_have_every_word(module_page):
    page = module_page(HARNESS)
    page.wait_for_function("window.ready")
    words = page.evaluate("window.words")
    assert words["en"].keys() == words["zh"].keys() and len(words["en"]) > 10
