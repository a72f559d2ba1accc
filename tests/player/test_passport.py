"""What the passport concludes: the same as the command that issues certificates, and nothing from too little."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trustkit.certificate.mastery import Evidence, Rule, standings

HARNESS = """
import { missedOf, shownIn } from "./modules/missed.js";
import { compassOf, csvText, passedOf, standingOf } from "./modules/passportrules.js";
import { ALL_PASSPORT_WORDS } from "./modules/passportwords.js";
import { Play } from "./modules/engine.js";
window.standings = (rules, passed) => rules.map((rule) => standingOf(rule, new Set(passed)));
window.passed = (activities, kept) => [...passedOf(activities, kept)].sort();
window.shown = (structure, choices) => shownIn(new Play(structure), choices);
Object.assign(window, { compassOf, csvText });
const shape = (value) =>
  typeof value === "function" ? value(...[7, 8, 9, 6].slice(0, value.length))
  : typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]))
  : value;
window.words = Object.fromEntries(Object.entries(ALL_PASSPORT_WORDS).map(([lang, words]) => [lang, shape(words)]));
window.ready = true;
"""
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
COMPASS = {
    "compass": {"care": "Care", "fairness": "Fairness"},
    "behaviours": {
        "listen": {"name": "Listens", "compass": "care", "sign": 1},
        "blame": {"name": "Blames", "compass": "care", "sign": -1},
        "reason": {"name": "Gives a reason", "compass": "fairness", "sign": 1},
    },
    "cases": [{"id": "one"}, {"id": "two"}, {"id": "three"}],
}


@pytest.fixture
def js(module_page):
    page = module_page(HARNESS)
    page.wait_for_function("window.ready")
    return lambda name, *given: page.evaluate("([name, given]) => window[name](...given)", [name, list(given)])


ids = st.lists(st.sampled_from("abcdef"), unique=True)


@st.composite
def rules(draw):
    kind = draw(st.sampled_from(["drill", "case"]))
    activities = draw(ids)
    to_come = tuple(one for one in activities if draw(st.integers(0, 9)) == 0)
    least = draw(st.integers(1, max(1, len(activities))))
    return Rule("r", kind, tuple(activities), least, len(activities), draw(st.booleans()), to_come)


@many
@given(
    st.lists(rules(), max_size=4),
    st.frozensets(st.tuples(st.sampled_from(["drill", "case"]), st.sampled_from("abcdef"))),
)
def test_the_page_and_the_command_judge_alike(js, asked, passed):
    here = js("standings", [rule.as_dict() for rule in asked], [f"{kind}:{id_}" for kind, id_ in passed])
    there = standings(asked, Evidence(passed))
    assert here == [{"done": list(one.done), "open": list(one.open), "met": one.met} for one in there]


def test_what_a_trainer_marks_is_not_known_to_the_page(js):
    reply = Rule("reply", "reply", (), 24, 32)
    work = Rule("work", "assignment", ("a",), 1, 1)
    later = Rule("work", "assignment", ("a", "b"), 2, 2, False, ("b",))
    assert [one["met"] for one in js("standings", [one.as_dict() for one in (reply, work, later)], [])] == [
        None, None, False,
    ]  # fmt: skip


def attempt(id_: str, at: int = 1, kind: str = "case", **result) -> dict:
    return {"id": id_, "kind": kind, "finished_at": f"2026-01-0{at}T10:00:00Z", "result": {"passed": True, **result}}


@pytest.mark.parametrize("record, counted", [
    (attempt("a"), True), (attempt("a", red_lines=[]), True), (attempt("a", red_lines=["x"]), False),
    (attempt("a", passed=False), False), (attempt("a", kind="drill"), False),
])  # fmt: skip
def test_only_a_passing_attempt_without_a_red_line_is_a_tick(js, record, counted):
    kept = {"one": {"attempts": [record]}}
    assert js("passed", [{"kind": "case", "id": "one"}], kept) == (["case:one"] if counted else [])


def kept(*notes: tuple[str, dict, dict]) -> dict:
    return {
        case: {"attempts": [attempt("a")], "shown": {"a": shown}, "missed": {"a": missed}}
        for case, shown, missed in notes
    }


def test_each_behaviour_is_told_from_the_cases_that_had_to_do_with_it(js):
    notes = kept(
        ("one", {"listen": 2}, {"blame": 1}), ("two", {"listen": 1}, {}), ("three", {"reason": 1}, {"blame": 3})
    )
    assert js("compassOf", COMPASS, notes) == {
        "care": {"cases": 3, "well": 2, "short": 2, "most": "blame"},
        "fairness": {"cases": 1, "well": 1, "short": 0, "most": None},
    }


def test_the_latest_noted_attempt_at_a_case_speaks_and_counts_once(js):
    one = {
        "attempts": [attempt("new", 3), attempt("old", 1), attempt("unnoted", 5)],
        "shown": {"new": {"listen": 1}, "old": {}},
        "missed": {"old": {"listen": 4}},
    }
    assert js("compassOf", COMPASS, {"one": one})["care"] == {"cases": 1, "well": 1, "short": 0, "most": None}


def test_without_notes_or_without_storage_nothing_is_told(js):
    nothing = {"cases": 0, "well": 0, "short": 0, "most": None}
    for one in ({}, None, {"one": {"attempts": [attempt("a")], "missed": {"a": {"listen": 2}}, "shown": {}}}):
        assert js("compassOf", COMPASS, one) == {"care": nothing, "fairness": nothing}


def test_what_helped_is_noted_and_what_hurt_is_not(js, small_case):
    structure = small_case["variants"][0]["structure"]
    assert js("shown", structure, ["name-it"])["take-ownership"] == 1
    assert "promise-certainty" not in js("shown", structure, ["promise-today"])


@many
@given(
    st.lists(
        st.lists(
            st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=9),
            min_size=2,
            max_size=3,
        ),
        max_size=4,
    )
)
def test_a_table_comes_back_from_a_spreadsheet_and_is_no_formula(js, rows):
    text = js("csvText", rows)
    assert text.startswith("\ufeff") and text.endswith("\r\n")
    read = list(csv.reader(io.StringIO(text[1:], newline="")))[: len(rows)]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for row in read for cell in row)


def flat(tree: dict, prefix: str = "") -> dict[str, str]:
    found = {}
    for key, value in tree.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


def test_both_languages_have_every_word_with_the_same_blanks(js, module_page):
    page = module_page(HARNESS)
    page.wait_for_function("window.ready")
    words = page.evaluate("window.words")
    english, chinese = flat(words["en"]), flat(words["zh"])
    assert list(english) == list(chinese)
    for key, text in english.items():
        assert "!" not in text and text.strip(), key
        assert set("6789") & set(text) == set("6789") & set(chinese[key]), key
        assert any(letter > "\u2e80" for letter in chinese[key]), key
