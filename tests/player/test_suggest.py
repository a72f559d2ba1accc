"""What the case room suggests next, for the newcomer, for somebody with a gap, and for somebody who passed all."""

import pytest

HARNESS = """
import { missedMost, standings, suggestion } from "./modules/suggest.js";
import { Play } from "./modules/engine.js";
import { missedOf } from "./modules/missed.js";
import { solve } from "./modules/solve.js";
window.suggestion = suggestion;
window.standings = standings;
window.missedMost = missedMost;
window.missed = async (structure, choices) => missedOf(await solve(new Play(structure)), choices);
window.regrets = async (structure, choices) => {
  const solved = await solve(new Play(structure));
  const walked = solved.play.walk(choices);
  return choices.map((choice, at) => solved.regret(walked[at], solved.play.indexOf(walked[at], choice)));
};
window.best = async (structure) => (await solve(new Play(structure))).bestPath().choices;
window.ready = true;
"""

BEHAVIOURS = {
    "regret": {"name": "Says sorry", "compass": "care", "sign": 1},
    "check-history": {"name": "Checks the history", "compass": "competence", "sign": 1},
    "rush": {"name": "Rushes", "compass": "care", "sign": -1},
}


def case(name: str, difficulty: int, *compass: str, variants: int = 2) -> dict:
    return {
        "id": name, "title": name, "difficulty": difficulty, "minutes": 10, "compass": list(compass),
        "variants": ["base", "other", "third"][:variants],
    }  # fmt: skip


CASES = [case("hard", 5, "care"), case("middle", 3, "competence"), case("easy", 1, "fairness"), case("soft", 2, "care")]
ROOM = {"cases": CASES, "behaviours": BEHAVIOURS}


def attempt(name: str, *, passed: bool, variant: str = "base", at: int = 1, red_lines: tuple = ()) -> dict:
    result = {"passed": passed, "conduct": 80 if passed else 40, "outcome": 80, "red_lines": list(red_lines)}
    when = f"2026-01-01T10:{at:02}:00Z"
    return {"id": f"{name}-{variant}-{at}", "variant": variant, "finished_at": when, "result": result}


def kept(*attempts: dict, **missed: dict) -> dict:
    """What the browser keeps: attempts by case, and what was missed in the first attempt of a case."""
    found = {one["id"]: {"attempts": [], "missed": {}} for one in CASES}
    for one in attempts:
        found[one["id"].split("-")[0]]["attempts"].append(one)
    for name, summary in missed.items():
        found[name]["missed"] = {found[name]["attempts"][0]["id"]: summary}
    return found


@pytest.fixture
def ask(module_page):
    page = module_page(HARNESS)
    page.wait_for_function("window.ready")
    return lambda store, room=ROOM: page.evaluate("([room, store]) => suggestion(room, store)", [room, store])


def ids(found: dict) -> list[str]:
    return [pick["id"] for pick in found["picks"]]


def test_whoever_has_played_nothing_begins_with_the_easiest(ask):
    found = ask(kept())
    assert (found["kind"], ids(found)) == ("first", ["easy", "soft", "middle"])


def test_where_the_browser_keeps_nothing_the_easiest_are_suggested_too(ask):
    assert ids(ask(None)) == ["easy", "soft", "middle"]


def test_what_is_missed_most_leads_to_cases_that_train_it_with_a_reason(ask):
    found = ask(kept(attempt("middle", passed=True), middle={"regret": 5, "check-history": 2}))
    assert (found["kind"], found["behaviour"], found["skill"]) == ("missed", "regret", "care")
    assert found["picks"][:2] == [
        {"id": "soft", "reason": "new", "trains": True},
        {"id": "hard", "reason": "new", "trains": True},
    ]
    assert found["picks"][2] == {"id": "easy", "reason": "new", "trains": False}


def test_a_case_that_was_played_and_not_passed_is_named_as_such(ask):
    found = ask(kept(attempt("soft", passed=False), soft={"rush": 2}))
    assert found["picks"][0] == {"id": "soft", "reason": "open", "trains": True}


def test_attempts_without_a_summary_lead_to_what_is_not_passed_yet(ask):
    found = ask(kept(attempt("easy", passed=True), attempt("soft", passed=False)))
    assert found["kind"] == "open" and found["behaviour"] is None
    assert found["picks"] == [
        {"id": "soft", "reason": "open", "trains": False},
        {"id": "middle", "reason": "new", "trains": False},
        {"id": "hard", "reason": "new", "trains": False},
    ]


def test_whoever_passed_everything_gets_a_version_not_met_and_then_the_hardest(ask):
    passed = [attempt(name, passed=True, at=at) for at, name in enumerate(("hard", "middle", "easy", "soft"))]
    others = [attempt(name, passed=True, variant="other", at=9) for name in ("hard", "easy", "soft")]
    found = ask(kept(*passed, *others))
    assert found["kind"] == "done"
    assert found["picks"][:2] == [
        {"id": "middle", "reason": "version", "trains": False},
        {"id": "hard", "reason": "harder", "trains": False},
    ]


def test_whoever_passed_everything_and_missed_something_still_gets_a_case_for_it(ask):
    both = [
        attempt(name, passed=True, variant=variant)
        for name in ("hard", "middle", "easy", "soft")
        for variant in ("base", "other")
    ]
    found = ask(kept(*both, hard={"regret": 1}))
    assert found["picks"] == [
        {"id": "soft", "reason": "again", "trains": True},
        {"id": "hard", "reason": "again", "trains": True},
    ]


def test_a_summary_of_behaviours_that_are_gone_says_nothing(ask):
    assert ask(kept(attempt("easy", passed=True), easy={"gone-behaviour": 9}))["kind"] == "open"


def test_only_the_ten_latest_attempts_count_for_what_is_missed(ask):
    old = attempt("hard", passed=True, at=0)
    late = [attempt("easy", passed=True, at=at) for at in range(1, 12)]
    store = kept(old, *late, hard={"regret": 9})
    store["easy"]["missed"] = {one["id"]: {"check-history": 1} for one in late}
    assert ask(store)["behaviour"] == "check-history"


def test_the_standing_of_a_case_counts_times_best_latest_and_versions_not_met(ask, module_page):
    page = module_page(HARNESS)
    page.wait_for_function("window.ready")
    store = kept(attempt("easy", passed=True, at=1), attempt("easy", passed=False, at=2, red_lines=("guess",)))
    found = page.evaluate("([cases, store]) => standings(cases, store)", [CASES, store])["easy"]
    assert (found["times"], found["passed"], found["unmet"]) == (2, True, 1)
    assert (found["best"]["id"], found["latest"]["id"]) == ("easy-base-1", "easy-base-2")


@pytest.fixture
def structure(small_case):
    return small_case["variants"][0]["structure"]


def test_whoever_took_the_best_path_missed_nothing(module_page, structure):
    page = module_page(HARNESS)
    page.wait_for_function("window.ready")
    best = page.evaluate("(structure) => best(structure)", structure)
    assert page.evaluate("([structure, best]) => missed(structure, best)", [structure, best]) == {}


def test_what_is_missed_is_what_the_best_choice_does_and_what_the_chosen_one_should_not(module_page, structure):
    page = module_page(HARNESS)
    page.wait_for_function("window.ready")
    best = page.evaluate("(structure) => best(structure)", structure)
    assert best[0] == "name-it"
    found = page.evaluate("([structure, way]) => missed(structure, way)", [structure, ["promise-today", *best[1:]]])
    # It promised certainty (3), did not say whose fault it was (1) nor what had happened (1).
    assert (found["promise-certainty"], found["take-ownership"], found["acknowledge-facts"]) == (3, 1, 1)
