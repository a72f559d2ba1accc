"""What must be mastered: each rule is met exactly when enough of what it asks for was shown."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustkit.certificate.mastery import (
    TRACKS,
    Evidence,
    Offer,
    Reply,
    Rule,
    evidence_of,
    mastered,
    rules_of,
    standings,
    title_of,
    valid_until,
)
from trustkit.certificate.offer import offer_of
from trustkit.course import course_root

CASES = tuple(f"case-{number}" for number in range(12))
EXAM, LEAD = "one-difficult-week", "first-week-first-insult"
OFFER = Offer(
    drills={"agent": ["a", "b"], "lead": ["a", "b", "c"], "analyst": ["a", "z"]},
    assignments={"agent": [], "lead": [], "analyst": ["lab-1", "lab-2"]},
    cases=(*CASES, LEAD),
    built=frozenset(
        {("drill", one) for one in "abcz"} | {("case", one) for one in (*CASES, LEAD, EXAM)} | {("assignment", "lab-1")}
    ),
)
ALL = frozenset(one for one in OFFER.built if one != ("case", LEAD))
GOOD = Reply(24)


def rule(track: str, id_: str) -> Rule:
    return next(one for one in rules_of(track, OFFER) if one.id == id_)


def met(track: str, evidence: Evidence) -> dict[str, bool]:
    return {one.rule.id: one.met for one in standings(rules_of(track, OFFER), evidence)}


def test_an_agent_needs_drills_ten_cases_the_exam_and_a_reply():
    assert met("agent", Evidence(ALL, GOOD)) == {"drills": True, "cases": True, "exam": True, "reply": True}
    assert rule("agent", "exam").observed and rule("agent", "cases").least == 10


@pytest.mark.parametrize("gone, id_", [(("drill", "a"), "drills"), (("case", EXAM), "exam")])
def test_one_thing_missing_leaves_one_rule_open(gone, id_):
    assert [one for one, holds in met("agent", Evidence(ALL - {gone}, GOOD)).items() if not holds] == [id_]


def test_nine_cases_are_too_few_and_ten_are_enough():
    others = frozenset(one for one in ALL if one[0] != "case" or one[1] == EXAM)
    for number in (9, 10):
        evidence = Evidence(others | {("case", id_) for id_ in CASES[:number]}, GOOD)
        assert met("agent", evidence)["cases"] is (number == 10)


def test_the_exam_is_no_case_of_the_room():
    assert EXAM not in rule("agent", "cases").activities


@pytest.mark.parametrize("reply, holds", [
    (None, False), (Reply(23.5), False), (Reply(24), True), (Reply(32), True), (Reply(32, red_line=True), False),
])  # fmt: skip
def test_a_reply_needs_its_points_and_no_red_line(reply, holds):
    assert met("agent", Evidence(ALL, reply))["reply"] is holds


def test_a_lead_needs_what_an_agent_needs_and_more_and_nothing_twice():
    assert met("lead", Evidence(ALL, GOOD)) == {
        "drills": True, "cases": True, "exam": True, "reply": True, "lead-drills": True, "lead-case": False,
    }  # fmt: skip
    assert rule("lead", "lead-drills").activities == ("c",)
    assert mastered(rules_of("lead", OFFER), Evidence(ALL | {("case", LEAD)}, GOOD))


def test_what_is_not_built_is_to_come_and_nobody_passes():
    assert rule("analyst", "assignments").to_come == ("lab-2",)
    everything = Evidence(ALL | {("assignment", "lab-2")}, GOOD)
    assert met("analyst", everything) == {"analyst-drills": True, "assignments": False}
    built = replace(OFFER, built=OFFER.built | {("assignment", "lab-2")})
    assert mastered(rules_of("analyst", built), everything)


def test_enough_of_many_is_not_enough_while_one_is_to_come():
    asked = Rule("r", "case", ("a", "b", "c"), 2, 3, False, ("c",))
    shown = Evidence(frozenset({("case", "a"), ("case", "b")}))
    assert [one.met for one in standings([asked, replace(asked, to_come=())], shown)] == [False, True]


def test_a_course_without_core_lessons_certifies_nobody():
    empty = Offer({}, {}, (), frozenset())
    for track in TRACKS:
        assert not mastered(rules_of(track, empty), Evidence(ALL, GOOD))


kinds = st.sampled_from(sorted({*ALL, ("case", LEAD), ("assignment", "lab-2")}))
evidence = st.builds(Evidence, st.frozensets(kinds), st.one_of(st.none(), st.builds(Reply, st.integers(0, 32))))


@given(st.sampled_from(TRACKS), evidence, kinds)
def test_more_shown_never_takes_a_rule_away(track, shown, more):
    before, after = met(track, shown), met(track, replace(shown, passed=shown.passed | {more}))
    assert all(after[id_] for id_, holds in before.items() if holds)


@given(st.sampled_from(TRACKS), evidence)
def test_done_and_open_are_all_that_is_built(track, shown):
    for one in standings(rules_of(track, OFFER), shown):
        assert sorted((*one.done, *one.open, *one.rule.to_come)) == sorted(one.rule.activities)
        if one.met and one.rule.kind != "reply":
            assert len(one.done) >= one.rule.least


class Fake:
    """A replayed attempt."""

    def __init__(self, passed: bool, red_lines: list[str]):
        self.record, self.passed = {"kind": "case", "activity": "x"}, passed
        self.scores = {"red_lines": red_lines}


@pytest.mark.parametrize("passed, red_lines, counted", [
    (True, [], True), (False, [], False), (True, ["false-claim"], False), (False, ["false-claim"], False),
])  # fmt: skip
def test_only_a_passing_attempt_without_a_red_line_counts(passed, red_lines, counted):
    assert bool(evidence_of([Fake(passed, red_lines)]).passed) is counted


def test_one_good_attempt_among_bad_ones_counts():
    assert evidence_of([Fake(False, []), Fake(True, []), Fake(False, ["x"])]).passed == {("case", "x")}


@given(st.dates(date(2020, 1, 1), date(2200, 1, 1)))
def test_a_certificate_holds_for_two_years_to_the_day(issued):
    last = valid_until(issued)
    assert (last.year, last.month) == (issued.year + 2, issued.month)
    assert last.day == issued.day or (last + timedelta(days=1)).day == 1


def test_the_rules_of_the_course_itself_can_be_put_together():
    offer = offer_of(course_root())
    for track in TRACKS:
        rules = rules_of(track, offer)
        assert len({one.id for one in rules}) == len(rules)
        assert all(one.activities or one.kind == "reply" for one in rules)
        assert title_of(track, "en") and title_of(track, "zh")
    assert EXAM not in [id_ for one in rules_of("agent", offer) if one.id == "drills" for id_ in one.activities]
