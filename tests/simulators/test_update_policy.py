"""The update policy: what customers do not know makes them call, and the target is met by what the lesson says."""

from itertools import combinations, product
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustkit import blocks
from trustkit.panel import panel_answer
from trustkit.simulators.update_policy import (
    ASKED,
    EARLY,
    EVENTS,
    EVERY_DAY,
    HOUSE,
    JOBS,
    LEAST_TRUST,
    MATTER,
    MORNING,
    MOST_CALLS,
    MOST_TRIALS,
    NO_NEXT,
    POLICIES,
    PROMISED,
    SECOND_DAY,
    SOON,
    Policy,
    hidden_weeks,
    jobs,
    judge,
    ranking,
    run,
    show,
    shown_weeks,
    targets_met,
)

TIMES, NEXTS = (EARLY, MORNING, ASKED), (NO_NEXT, SOON, EVERY_DAY, SECOND_DAY)
POLICY = st.builds(
    Policy,
    told=st.frozensets(st.sampled_from(EVENTS)),
    bad=st.sampled_from(TIMES),
    next=st.sampled_from(NEXTS),
)
BEST = {"told": list(MATTER), "bad": EARLY, "next": SECOND_DAY}
DEFENCE = {"serves": "Who has to plan.", "leaves": "The steps in the house.", "costs": "Minutes of writing."}
RIGHT, WRONG = {"order": ["matter", "nothing", "everything"]}, {"order": ["everything", "nothing", "matter"]}


def decided(levers: dict, order: dict = RIGHT) -> list[dict]:
    return [order, {**levers, "then": "decide"}, DEFENCE]


@settings(max_examples=60)
@given(POLICY, st.integers(0, 10_000))
def test_no_policy_leaves_the_scales(policy, seed):
    outcome = run(jobs(seed), policy)
    assert 0 <= outcome.trust <= 100 and outcome.minutes >= 0 and min(outcome.calls.values()) >= 0
    assert outcome.contacts <= 100 * (len(HOUSE) * 2 + PROMISED)
    assert outcome == run(jobs(seed), policy)


def test_a_week_has_its_jobs_and_another_seed_other_ones():
    assert len(jobs(1)) == JOBS and jobs(1) == jobs(1) != jobs(2)
    for job in jobs(3):
        assert job.end == PROMISED if job.known is None else job.found < job.known < PROMISED < job.end


def test_the_three_policies_of_the_lesson_come_out_in_the_same_order_in_every_run():
    for seed in range(120):
        assert ranking(seed) == ["matter", "nothing", "everything"]


def test_telling_every_event_raises_calls_over_telling_what_matters_whatever_the_other_levers():
    for bad, next_ in product(TIMES, NEXTS):
        few, all_ = (Policy(frozenset(told), bad, next_) for told in (MATTER, EVENTS))
        assert all(run(jobs(seed), all_).contacts > run(jobs(seed), few).contacts for seed in range(12))


def test_each_event_of_the_house_that_is_sent_raises_calls_and_each_that_matters_spares_some():
    weeks = [jobs(seed) for seed in range(20)]

    def calls(told) -> float:
        return mean(run(week, Policy(frozenset(told), EARLY, SECOND_DAY)).contacts for week in weeks)

    assert all(calls({*MATTER, event}) > calls(MATTER) for event in HOUSE)
    assert all(calls(MATTER) < calls(set(MATTER) - {event}) for event in MATTER)


def test_bad_news_brings_fewest_calls_and_costs_least_trust_when_it_is_told_early():
    for seed in range(20):
        early, morning, asked = (
            run(shown_weeks(seed), Policy(frozenset(MATTER), bad, SECOND_DAY)) for bad in (EARLY, MORNING, ASKED)
        )
        assert early.contacts < morning.contacts < asked.contacts and early.trust > morning.trust > asked.trust


def test_a_time_that_is_named_and_kept_spares_calls_and_soon_brings_more():
    for seed in range(20):
        none, soon, second = (
            run(shown_weeks(seed), Policy(frozenset(MATTER), EARLY, next_)).contacts
            for next_ in (NO_NEXT, SOON, SECOND_DAY)
        )
        assert second < none < soon


def test_of_all_policies_events_that_matter_and_early_bad_news_with_a_next_time_bring_the_fewest_calls():
    weeks = [jobs(seed) for seed in (1, 2)]
    sets = [frozenset(told) for size in range(len(EVENTS) + 1) for told in combinations(EVENTS, size)]
    contacts = {
        policy: mean(run(week, policy).contacts for week in weeks)
        for policy in (Policy(told, bad, next_) for told, bad, next_ in product(sets, TIMES, NEXTS))
    }
    fewest = min(contacts.values())
    assert {policy for policy, value in contacts.items() if value == fewest} == {
        Policy(frozenset(MATTER), EARLY, EVERY_DAY),
        Policy(frozenset(MATTER), EARLY, SECOND_DAY),
    }


@pytest.mark.parametrize("next_", [EVERY_DAY, SECOND_DAY])
def test_the_best_policy_meets_the_target_in_weeks_not_shown(next_):
    assert all(judge(decided({**BEST, "next": next_}), seed).reached for seed in range(60))


@pytest.mark.parametrize(
    "change",
    [
        {"bad": MORNING},
        {"bad": ASKED},
        {"next": NO_NEXT},
        {"next": SOON},
        {"told": list(EVENTS)},
        {"told": ["found"]},
        {"told": ["ready"]},
        {"told": [*MATTER, "status"]},
    ],
    ids=str,
)
def test_with_one_lever_wrong_the_target_is_missed(change):
    assert not any(judge(decided({**BEST, **change}), seed).reached for seed in range(40))


def test_none_of_the_three_policies_meets_the_target_as_it_stands():
    for policy in POLICIES.values():
        assert not any(all(targets_met(run(hidden_weeks(seed), policy))) for seed in range(40))


def test_it_is_judged_on_other_weeks_than_those_shown_and_a_target_counts_only_where_it_is_met():
    assert shown_weeks(5) != hidden_weeks(5)
    policy = Policy(frozenset(MATTER), MORNING, SECOND_DAY)
    outcome = run(hidden_weeks(5), policy)
    assert targets_met(outcome) == (outcome.contacts <= MOST_CALLS, outcome.trust >= LEAST_TRUST, True)


def test_it_counts_once_the_decision_is_defended_and_the_order_is_a_part():
    steps = decided(BEST)
    assert not judge([]).finished and not judge(steps[:1]).finished and not judge(steps[:2]).finished
    assert judge(steps).parts == {"targets": 3, "predicted": 1}
    assert judge(decided(BEST, WRONG)).parts == {"targets": 3, "predicted": 0}
    assert judge([*steps, {"told": [], "bad": ASKED, "next": NO_NEXT}]) == judge(steps)


def test_nothing_of_the_hidden_weeks_is_shown_before_the_decision_is_defended():
    def kinds(answers):
        return [block["block"] for block in show(answers, "en", 4)]

    steps = decided(BEST)
    assert "chart" not in kinds([]) and "result" not in kinds(steps[:1]) and "result" not in kinds(steps[:2])
    assert "result" in kinds(steps)
    forms = [blocks.open_form(show(steps[:count], "en", 4)) for count in range(4)]
    assert [form["id"] for form in forms] == ["order", "levers", "defend", "after"]
    assert [form["final"] for form in forms] == [True, False, True, False]


def test_after_the_last_trial_only_the_decision_is_left():
    trial = {**BEST, "then": "try"}
    form = blocks.open_form(show([RIGHT] + [trial] * MOST_TRIALS, "en", 1))
    assert [id_ for id_, _ in form["fields"][-1]["options"]] == ["decide"]


def test_every_chart_says_what_it_shows_and_whose_numbers_they_are():
    for language, whose in (("en", "the model's numbers"), ("zh", "模型数字")):
        shown = show([RIGHT, {**BEST, "then": "try"}], language, 2)
        charts = [block for block in shown if block["block"] == "chart"]
        assert len(charts) == 2 and all(chart["alt"] and whose in chart["caption"] for chart in charts)


def test_what_does_not_fit_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="does not know"):
        Policy(frozenset({"weather"}))
    with pytest.raises(ValueError, match="one sentence for each"):
        show([*decided(BEST)[:2], {**DEFENCE, "costs": " "}], "en", 0)
    said = panel_answer("simulator", "update-policy", [{"form": "order", "values": {"order": ["matter"]}}], "zh")
    assert "每一项都出现一次" in said["problem"]
