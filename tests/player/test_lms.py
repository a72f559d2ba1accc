"""What a package remembers and reports, as pure functions: nothing is lost on the way, and no limit is broken."""

import pytest

HARNESS = """
import { memoryFrom, memoryText, newMemory } from "./modules/lmsmemory.js";
import { betterOf, interactionsOf, standingIn, worthOf } from "./modules/lmsreport.js";
import { ALL_LMS_WORDS } from "./modules/lmswords.js";
import { clockSpan, interactionElements } from "./modules/scorm.js";
Object.assign(window, {
  memoryFrom, memoryText, newMemory, betterOf, interactionsOf, standingIn, worthOf, clockSpan, interactionElements,
});
const text = (value) => (typeof value === "function" ? value("7") : typeof value === "object"
  ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, text(one)])) : value);
window.lmsWords = text(ALL_LMS_WORDS);
"""


@pytest.fixture
def modules(module_page):
    page = module_page(HARNESS)
    page.wait_for_function("window.lmsWords")
    return page


def begun(bundle: dict, steps: list[dict], number: int = 0) -> dict:
    structure = bundle["variants"][0]["structure"] if bundle["kind"] == "case" else bundle
    return {
        "schema": 1, "id": f"{number:016x}", "kind": bundle["kind"], "activity": bundle["id"],
        "content": structure["hash"], "lang": "en", "variant": "base", "seed": 4_000_000_000 + number,
        "learner": "p-1234", "host": "page", "started_at": f"2026-11-23T05:{number % 60:02}:00Z", "finished_at": None,
        "steps": steps, "result": None, "options": {"low_pressure": False},
    }  # fmt: skip


def case_steps(bundle: dict) -> list[dict]:
    structure = bundle["variants"][0]["structure"]
    first = structure["scenes"][structure["start"]] if isinstance(structure["start"], int) else structure["scenes"][0]
    return [{"at": 75, "scene": first["id"], "choice": first["choices"][0]["id"]}]


def round_trip(modules, records: list[dict], bundles: list[dict], limit: int) -> dict:
    return modules.evaluate(
        """([records, bundles, limit]) => {
          const known = new Map(bundles.map((one) => [one.id, one]));
          const memory = newMemory();
          memory.read.push("6-4-\u4e66");
          memory.best.x = { points: 0, passed: false };
          memory.best.y = { points: 80, passed: true };
          for (const one of records) memory.current[one.activity] = one;
          const text = memoryText(memory, known, limit);
          return { text, back: memoryFrom(text, known) };
        }""",
        [records, bundles, limit],
    )


def test_a_begun_case_and_a_begun_drill_come_back_as_they_were(modules, small_case, small_drill):
    records = [
        begun(small_case, case_steps(small_case), 1),
        begun(
            small_drill, [{"at": 9, "item": "item-2", "answer": "a"}, {"at": 31, "item": "item-1", "answer": "b"}], 2
        ),
    ]
    found = round_trip(modules, records, [small_case, small_drill], 4096)
    assert found["back"]["current"] == {record["activity"]: record for record in records}
    assert found["text"].isascii()
    assert found["back"]["read"] == ["6-4-书"]
    assert found["back"]["best"] == {"x": {"points": 0, "passed": False}, "y": {"points": 80, "passed": True}}


def test_where_all_does_not_fit_what_was_begun_last_stays(modules, small_drill):
    bundles = [{**small_drill, "id": f"drill-{number}"} for number in range(60)]
    steps = [{"at": 9, "item": "item-2", "answer": "a"}]
    records = [begun(bundle, steps, number) for number, bundle in enumerate(bundles)]
    found = round_trip(modules, records, bundles, 4096)
    assert len(found["text"]) <= 4096
    kept = set(found["back"]["current"])
    assert 10 < len(kept) < 60
    assert kept == {f"drill-{number}" for number in range(60 - len(kept), 60)}


def test_a_memory_of_other_content_or_no_memory_at_all_begins_anew(modules, small_case):
    record = begun(small_case, case_steps(small_case))
    text = round_trip(modules, [record], [small_case], 4096)["text"]
    other = {**small_case, "variants": [{**small_case["variants"][0]}]}
    other["variants"][0]["structure"] = {**other["variants"][0]["structure"], "hash": "ffffffffffff"}
    read = "([text, bundle]) => memoryFrom(text, new Map([[bundle.id, bundle]])).current"
    assert modules.evaluate(read, [text, other]) == {}
    assert modules.evaluate(read, ["not json", small_case]) == {}
    assert modules.evaluate(read, ["", small_case]) == {}


def test_a_crossed_red_line_keeps_the_score_below_the_mark(modules, small_case):
    worth = "([bundle, result]) => worthOf(bundle, { variant: 'base', result })"
    assert modules.evaluate(worth, [small_case, {"conduct": 91, "outcome": 83, "passed": True}])["points"] == 83
    crossed = {"conduct": 91, "outcome": 83, "passed": False, "red_lines": ["remedy-denied"]}
    assert modules.evaluate(worth, [small_case, crossed]) == {"points": 74, "passed": False}
    better = "([one, other]) => betterOf(one, other)"
    low, high = {"points": 76, "passed": True}, {"points": 99, "passed": False}
    assert modules.evaluate(better, [low, high]) == low
    assert modules.evaluate(better, [None, high]) == high


def test_a_module_stands_where_its_pages_stand(modules):
    pages = [{"id": "a", "activities": ["x", "y"]}, {"id": "b", "activities": []}]
    stand = "([pages, best, read]) => standingIn({ pages }, { best, read })"
    half = modules.evaluate(stand, [pages, {"x": {"points": 80, "passed": True}}, ["b"]])
    assert (half["complete"], half["passed"], half["points"], half["share"]) == (False, None, 40, 0.5)
    both = {"x": {"points": 80, "passed": True}, "y": {"points": 30, "passed": False}}
    assert modules.evaluate(stand, [pages, both, ["b"]])["passed"] is False
    assert modules.evaluate(stand, [pages, both, []])["complete"] is False
    reading = modules.evaluate(stand, [pages[1:], {}, ["b"]])
    assert (reading["complete"], reading["passed"], reading["points"]) == (True, None, None)


def test_times_and_answers_have_the_form_that_each_version_asks_for(modules):
    assert modules.evaluate("[0, 75, 3600 * 25 + 61].map(clockSpan)") == ["00:00:00", "00:01:15", "25:01:01"]
    elements = """([version, type, response]) => Object.fromEntries(interactionElements(version,
      { id: "c.s", type, response, result: "wrong", weight: 2, seconds: 5, at: new Date(0), text: "Hm?" }, "en"))"""
    old = modules.evaluate(elements, ["1.2", "matching", [["a", "b"], ["c", "d"]]])
    assert (old["type"], old["student_response"], old["result"], old["latency"]) == (
        "fill-in", "a-b,c-d", "wrong", "00:00:05",
    )  # fmt: skip
    new = modules.evaluate(elements, ["2004", "matching", [["a", "b"], ["c", "d"]]])
    assert (new["learner_response"], new["result"], new["timestamp"], new["description"]) == (
        "a[.]b[,]c[.]d", "incorrect", "1970-01-01T00:00:00.00Z", "{lang=en}Hm?",
    )  # fmt: skip


def test_a_package_says_the_same_in_both_languages(modules):
    words = modules.evaluate("lmsWords")
    assert list(words["en"]) == list(words["zh"])
    assert list(words["en"]["problems"]) == list(words["zh"]["problems"])
    assert all(any(letter > "\u2e80" for letter in text) for text in words["zh"]["problems"].values())
