"""A score is what the steps give, never what the file claims."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trustkit.attempts.record import AttemptRefused, new_record
from trustkit.attempts.replay import best_and_latest, replay
from trustkit.cases.compile import compiled, play_of
from trustkit.drills.reader import read_drill

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """A small course of its own, so that a test may change its content."""
    (tmp_path / "book").mkdir()
    shutil.copytree(CASES / "small" / "late-parcel", tmp_path / "cases" / "late-parcel")
    shutil.copytree(CASES / "defects" / "sound", tmp_path / "cases" / "sound")
    drill = tmp_path / "exercises" / "drills" / "two-items" / "drill.yaml"
    drill.parent.mkdir(parents=True)
    drill.write_text(DRILL, encoding="utf-8")
    monkeypatch.setenv("TRUSTKIT_HOME", str(tmp_path))
    return tmp_path


DRILL = """
id: two-items
title: Two items
intro: Sort them.
lesson: "1.1"
minutes: 1
pass: 1
categories: {warm: Warm, cold: Cold}
items:
  snow: {text: Snow, key: cold, feedback: {warm: No., cold: Yes.}, red_line: true}
  tea: {text: Tea, key: warm, feedback: {warm: Yes., cold: Perhaps iced.}}
"""


def attempt(choices, *, variant="base", case="late-parcel", **changes):
    structure = compiled(case, variant)
    play = play_of(case, variant)
    record = new_record("case", case, structure["hash"], lang="en", learner="s-01", host="page", variant=variant)
    for seconds, (choice, position) in enumerate(zip(choices, play.walk(choices))):
        scene = structure["scenes"][position.scene]["id"]
        record["steps"].append({"at": seconds * 5, "scene": scene, "choice": choice})
    return {**record, "finished_at": "2026-11-22T09:00:00Z", **changes}


def refusal(record, archive=None):
    with pytest.raises(AttemptRefused) as caught:
        replay(record, archive)
    assert caught.value.message
    return caught.value.code


def test_a_replayed_attempt_has_the_scores_of_its_steps():
    result = replay(attempt(["ask", "check", "fair"]))
    play = play_of("late-parcel")
    end = play.walk(["ask", "check", "fair"])[-1]
    assert result.passed is play.passed(end)
    assert result.scores["conduct"] == play.conduct(end)
    assert result.scores["outcome"] == play.outcome(end)


def test_the_same_steps_count_the_same_in_either_language():
    record = attempt(["ask", "check", "fair"])
    assert replay({**record, "lang": "zh"}).scores == replay(record).scores


def test_a_claimed_score_that_the_steps_do_not_give_is_refused():
    record = attempt(["blame", "offer-half", "sorry"])
    honest = replay(record).scores
    assert replay({**record, "result": honest}).scores == honest
    tampered = {**honest, "outcome": 100, "passed": True}
    assert refusal({**record, "result": tampered}) == "claimed-result"


def test_an_impossible_step_is_refused():
    record = attempt(["ask", "check", "fair"])
    wrong_choice = json.loads(json.dumps(record))
    wrong_choice["steps"][1]["choice"] = "dance"
    assert refusal(wrong_choice) == "impossible-step"
    wrong_scene = json.loads(json.dumps(record))
    wrong_scene["steps"][1]["scene"] = "offer"
    assert refusal(wrong_scene) == "impossible-step"
    too_long = json.loads(json.dumps(record))
    too_long["steps"].append({"at": 99, "scene": "goodbye", "choice": "ask"})
    assert refusal(too_long) == "impossible-step"


def test_a_choice_whose_fact_was_never_learnt_is_refused():
    record = attempt(["ask", "offer-half", "sorry"])
    record["steps"][2]["choice"] = "fair"
    assert refusal(record) == "impossible-step"


def test_times_that_run_backwards_are_refused():
    record = attempt(["ask", "check", "fair"])
    record["steps"][1]["at"] = 99
    assert refusal(record) == "impossible-step"


def test_an_attempt_that_stops_before_its_end_is_refused():
    record = attempt(["ask", "check", "fair"])
    assert refusal({**record, "steps": record["steps"][:2]}) == "unfinished"
    assert refusal({**record, "finished_at": None}) == "unfinished"
    assert refusal({**record, "steps": []}) == "unfinished"


def test_a_foreign_case_is_refused():
    record = attempt(["ask", "check", "fair"])
    assert refusal({**record, "activity": "no-such-case"}) == "unknown-activity"
    assert refusal({**record, "activity": "sound"}) == "unknown-content"
    assert refusal({**record, "variant": "calmer"}) == "unknown-content"
    assert refusal({**record, "variant": "winter"}) == "unknown-content"
    assert refusal({**record, "content": "f" * 16}) == "unknown-content"


def test_an_old_attempt_stays_gradable_from_the_archive(course, tmp_path):
    record = attempt(["ask", "check", "fair"])
    before = replay(record).scores
    archive = tmp_path / "content"
    archive.mkdir()
    (archive / f"{record['content']}.json").write_text(json.dumps(compiled("late-parcel")), encoding="utf-8")
    file = course / "cases" / "late-parcel" / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("ask-open: 2", "ask-open: 1"), encoding="utf-8")
    assert refusal(record) == "unknown-content"
    assert replay(record, archive).scores == before


def test_the_best_and_the_latest_attempt_are_both_kept():
    good = replay(attempt(["ask", "check", "fair"], finished_at="2026-11-22T09:00:00Z"))
    poor = replay(attempt(["blame", "offer-half", "sorry"], finished_at="2026-11-22T10:00:00Z"))
    assert best_and_latest([poor, good]) == (good, poor)
    assert best_and_latest([]) == (None, None)


def test_an_attempt_with_a_red_line_is_never_better_than_one_without():
    clean = replay(attempt(["blame", "offer-half", "sorry"]))
    crossed = replay(attempt(["ask", "deny", "sorry"]))
    assert best_and_latest([crossed, clean])[0] is clean


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_every_possible_attempt_replays_and_none_with_a_step_changed_keeps_its_score_unseen(data):
    play = play_of("late-parcel")
    position, choices = play.start(), []
    while not play.is_over(position):
        index = data.draw(st.sampled_from(play.choices(position)))
        choices.append(play.structure["scenes"][position.scene]["choices"][index]["id"])
        position = play.step(position, index)
    record = attempt(choices)
    scores = replay(record).scores
    assert scores["conduct"] == play.conduct(position)
    record["result"] = scores
    at = data.draw(st.integers(0, len(choices) - 1))
    record["steps"][at]["choice"] = data.draw(st.sampled_from(["ask", "check", "deny", "fair", "much", "sorry"]))
    try:
        assert replay(record).scores == scores
    except AttemptRefused as error:
        assert error.code in ("impossible-step", "claimed-result")


def drill_attempt(**answers):
    record = new_record("drill", "two-items", read_drill("two-items").hash, lang="en", learner="s", host="page")
    record["steps"] = [{"at": 1, "item": item, "answer": answer} for item, answer in answers.items()]
    return {**record, "finished_at": "2026-11-22T09:00:00Z"}


def test_a_drill_is_marked_by_its_key():
    assert replay(drill_attempt(snow="cold", tea="cold")).scores == {"right": 1, "of": 2, "passed": True}


def test_a_missed_red_line_item_fails_the_drill():
    assert replay(drill_attempt(snow="warm", tea="warm")).scores == {"right": 1, "of": 2, "passed": False}


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([{"at": 1, "item": "snow", "answer": "cold"}], "unfinished"),
        ([{"at": 1, "item": "rain", "answer": "cold"}], "impossible-step"),
        ([{"at": 1, "item": "snow", "answer": "wet"}], "impossible-step"),
        ([{"at": 1, "item": "snow", "answer": "warm"}, {"at": 2, "item": "snow", "answer": "cold"}], "impossible-step"),
        ([{"at": 1}], "impossible-step"),
    ],
)
def test_a_drill_attempt_that_cannot_have_happened_is_refused(steps, code):
    assert refusal({**drill_attempt(), "steps": steps}) == code


KINDS = Path(__file__).parents[1] / "drills" / "kinds"
RIGHT = {
    "shared": "wish", "own-answers": "friday", "several": ["repair", "name-it"],
    "pairs": {"agent": "answers", "lead": "decides", "customer": "pays"},
    "sequence": ["check", "listen", "offer", "confirm"], "find": ["call", "date"], "rating": 1,
}  # fmt: skip


@pytest.fixture
def kinds(course):
    """A finished attempt at a drill with one item of each kind, every answer right."""
    shutil.copytree(KINDS / "all-kinds", course / "exercises" / "drills" / "all-kinds")
    record = new_record("drill", "all-kinds", read_drill("all-kinds").hash, lang="zh", learner="s", host="page")
    record["steps"] = [{"at": 1, "item": item, "answer": answer} for item, answer in RIGHT.items()]
    return {**record, "finished_at": "2026-11-22T09:00:00Z"}


def test_every_kind_of_answer_is_replayed(kinds):
    scores = {"right": 7, "of": 7, "passed": True, "f1": 1000}
    assert replay(kinds).scores == scores
    assert replay({**kinds, "result": scores}).passed
    assert refusal({**kinds, "result": {**scores, "f1": 999}}) == "claimed-result"


@pytest.mark.parametrize(
    ("item", "answer", "reason"),
    [
        ("shared", ["wish"], "was not on offer"),
        ("own-answers", 1, "`1` was not on offer"),
        ("several", [], "nothing was chosen"),
        ("several", "repair", "not a list"),
        ("pairs", {"agent": "answers", "lead": "decides"}, "one answer for each entry"),
        ("sequence", ["check", "listen", "offer"], "not an order of all the parts"),
        ("find", ["call", "call"], "one thing twice"),
        ("rating", 3, "`3` was not on offer"),
    ],
)
def test_an_answer_that_its_kind_cannot_have_is_refused_with_the_reason(kinds, item, answer, reason):
    for step in kinds["steps"]:
        if step["item"] == item:
            step["answer"] = answer
    with pytest.raises(AttemptRefused, match=reason) as caught:
        replay(kinds)
    assert caught.value.code == "impossible-step" and f"`{item}`" in caught.value.message


answers = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 12), st.floats(allow_nan=False), st.text(max_size=90)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(RIGHT)), answers)
def test_no_answer_makes_the_replay_fall_over(kinds, item, answer):
    steps = [{**step, "answer": answer} if step["item"] == item else step for step in kinds["steps"]]
    try:
        assert replay({**kinds, "steps": steps}).scores["of"] == 7
    except AttemptRefused as error:
        assert error.code in ("impossible-step", "wrong-format")


def test_an_attempt_at_another_drill_is_refused():
    assert refusal({**drill_attempt(snow="cold"), "activity": "three-items"}) == "unknown-activity"
    assert refusal({**drill_attempt(snow="cold"), "content": "e" * 16}) == "unknown-content"
