"""The inbox: the stated wish, danger and law decide the door; age, habit and every door at once do not."""

from random import Random
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustkit import blocks
from trustkit.panel import panel_answer
from trustkit.simulators.inbox import (
    APART,
    AT_ONCE,
    BOTH,
    COST,
    DOORS,
    DUE,
    FULL,
    HARM,
    HOUR,
    LAW,
    LETTER,
    LINE,
    OPEN,
    OTHERS,
    PHONE,
    PROMISED,
    RHYTHMS,
    ROLES,
    SEVERAL_DOORS,
    SHARES,
    STATED,
    WORDS,
    inbox,
    judge,
    points,
    read,
    red_lines,
    right_door,
    right_rhythms,
    shares,
    show,
    ways,
)

SEEDS = range(150)
STEPS = 2 + len(ROLES)


def total(answers: list[dict], seed: int) -> int:
    box = inbox(seed)
    return sum(points(box, read(box, answers)).values())


def lesson(seed: int) -> list[dict]:
    return ways(inbox(seed))["lesson"]


def at_random(seed: int, draw: Random) -> list[dict]:
    """Return answers drawn at random, each fitting its form."""
    steps: list[dict] = []
    while form := blocks.open_form(show(steps, "en", seed)):
        answer = {}
        for one in form["fields"]:
            options = [id_ for id_, _ in one["options"]]
            answer[one["id"]] = draw.sample(options, len(options)) if one["field"] == "order" else draw.choice(options)
        steps.append(answer)
    return steps


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_points_stay_on_their_scales_and_every_run_ends_after_ten_forms(seed, draw):
    steps = at_random(seed, Random(draw))
    result = judge(steps, seed)
    assert len(steps) == STEPS and result.finished and result == judge(steps, seed)
    assert set(result.parts) == set(SHARES) and all(0 <= result.parts[name] <= most for name, most in SHARES.items())


def test_each_seed_has_its_inbox_and_each_inbox_its_eight_cases():
    assert inbox(2) == inbox(2) and sum(SHARES.values()) == 100
    assert len({tuple(inbox(seed).customers.values()) for seed in SEEDS}) == len(SEEDS)
    for seed in SEEDS:
        box = inbox(seed)
        assert sorted(one.role for one in box.customers.values()) == sorted(ROLES)
        assert len(box.messages) == 13 and len(box.unclear) == 5
        times = [one.at for one in box.messages.values()]
        assert times == sorted(set(times))
        numbers = {one.number for one in box.customers.values()}
        assert len(numbers) == 8 and not numbers & {number[::-1] for number in numbers}


def test_neither_role_nor_birth_year_nor_the_door_of_arrival_tells_the_door():
    customers = [one for seed in range(300) for one in inbox(seed).customers.values()]
    for role in ROLES:
        mine = [one for one in customers if one.role == role]
        if role not in (HARM, LAW, OPEN):
            assert {one.door for one in mine} == set(STATED)
        assert {one.born < 1975 for one in mine} == {True, False}
    same = mean(one.came == right_door(one) for one in customers)
    assert same < 0.45


def test_danger_and_law_stand_above_the_wish_and_the_wish_above_all_else():
    for seed in SEEDS:
        for one in inbox(seed).customers.values():
            expected = {HARM: BOTH, LAW: LETTER, OPEN: one.came}.get(one.role, one.door)
            assert right_door(one) == expected
            assert one.role == OPEN or len(right_rhythms(one)) == 1


def test_as_the_lesson_says_it_is_all_done_within_the_hour():
    for seed in SEEDS:
        box = inbox(seed)
        run = read(box, lesson(seed))
        assert run.replies[-1].ended <= HOUR and red_lines(box, run) == []
        assert total(lesson(seed), seed) >= 95 and judge(lesson(seed), seed).reached


def test_by_birth_year_as_they_came_and_on_all_doors_the_target_is_missed():
    for seed in SEEDS:
        others = {name: steps for name, steps in ways(inbox(seed)).items() if name != "lesson"}
        assert not any(judge(steps, seed).reached for steps in others.values())
        assert all(total(steps, seed) < total(lesson(seed), seed) - 15 for steps in others.values())
        assert total(others["arrival"], seed) < 50 and total(others["everywhere"], seed) < 50


@pytest.mark.parametrize("door", DOORS)
def test_one_door_for_all_misses_the_target(door):
    for seed in SEEDS:
        merged, order, *replies = lesson(seed)
        assert not judge([merged, order, *({**one, "door": door} for one in replies)], seed).reached


def test_deciding_by_chance_does_not_reach_the_target():
    assert not any(judge(at_random(seed, Random(seed)), seed).reached for seed in range(80))


def test_each_right_door_and_each_right_rhythm_more_is_worth_more():
    for seed in range(30):
        box = inbox(seed)
        merged, order, *replies = lesson(seed)
        for place, id_ in enumerate(order["order"]):
            for field, wrong in (
                ("door", next(one for one in STATED if one not in (right_door(box.customers[id_]), PHONE))),
                ("next", next(one for one in RHYTHMS if one not in right_rhythms(box.customers[id_]))),
            ):
                changed = [dict(one) for one in replies]
                changed[place][field] = wrong
                assert total([merged, order, *changed], seed) < total(lesson(seed), seed)


def test_a_message_in_a_strangers_thread_is_a_red_line_and_left_apart_it_is_two_voices():
    for seed in range(40):
        box = inbox(seed)
        for id_ in box.unclear:
            message, (merged, *rest) = box.messages[id_], lesson(seed)
            stranger = next(one for one in message.choices if one != message.owner)
            changed = {**merged, id_: stranger}
            steps = _answered(box, [changed, rest[0]], LINE)
            assert "privacy" in red_lines(box, read(box, steps)) and not judge(steps, seed).reached
            if message.owner:
                steps = _answered(box, [{**merged, id_: APART}, rest[0]], LINE)
                assert shares(box, read(box, steps))["voice"] == pytest.approx(2 / 3)


def _answered(box, begun: list[dict], others: str) -> list[dict]:
    """Return these first two answers with eight right replies behind them."""
    replies = []
    for id_ in begun[1]["order"]:
        one = box.customers[id_]
        reply = {"door": right_door(one), "next": right_rhythms(one)[0]}
        replies.append(reply | ({"others": others} if id_ in begun[0].values() else {}))
    return [*begun, *replies]


def test_danger_answered_late_or_in_writing_earns_nothing():
    for seed in range(40):
        box = inbox(seed)
        merged, order, *_ = lesson(seed)
        last = {"order": [*order["order"][1:], order["order"][0]]}
        late = read(box, _answered(box, [merged, last], LINE))
        assert late.replies[-1].ended > AT_ONCE and shares(box, late)["danger"] == 0
        steps = _answered(box, [merged, order], LINE)
        for door, worth in ((BOTH, 1), (PHONE, 0.75), ("mail", 0), ("app", 0)):
            steps[2] = {**steps[2], "door": door}
            assert shares(box, read(box, steps))["danger"] == worth
            assert ("danger" in red_lines(box, read(box, steps))) == (worth == 0)


def test_a_promised_hour_is_kept_when_the_answer_is_out_before_it():
    for seed in range(40):
        box = inbox(seed)
        merged, order, *_ = lesson(seed)
        first = sorted(order["order"], key=lambda id_: box.customers[id_].role in (PROMISED, DUE))
        assert shares(box, read(box, lesson(seed)))["promises"] == 1
        assert shares(box, read(box, _answered(box, [merged, {"order": first}], LINE)))["promises"] < 1


def test_one_line_on_the_other_doors_beats_nothing_and_nothing_beats_the_same_answer_twice():
    for seed in range(40):
        box, (merged, order, *_) = inbox(seed), lesson(seed)
        voice = [
            shares(box, read(box, _answered(box, [merged, order], others)))["voice"]
            for others in (LINE, "silent", FULL)
        ]
        assert voice == [1, 0.5, 0]
        asked = [one for one in _answered(box, [merged, order], LINE)[2:] if "others" in one]
        assert len(asked) == len(SEVERAL_DOORS)


def test_the_clock_adds_what_each_door_takes_and_what_is_late_does_not_count():
    box, (merged, order, *_) = inbox(3), lesson(3)
    steps = [merged, order]
    for id_ in order["order"]:
        steps.append({"door": BOTH, "next": "hour"} | ({"others": FULL} if id_ in merged.values() else {}))
    run = read(box, steps)
    assert run.replies[0].ended in (COST[BOTH], COST[BOTH] + 4) and run.replies[-1].ended > HOUR
    assert not run.replies[-1].in_time and run.replies[0].in_time


def test_it_counts_after_the_eighth_answer_and_an_answer_stands():
    steps = lesson(7)
    for count in range(STEPS):
        shown = show(steps[:count], "en", 7)
        assert not judge(steps[:count], 7).finished and blocks.open_form(shown)["final"]
        assert not {"chart", "result"} & {block["block"] for block in shown}
    shown = show(steps, "en", 7)
    chart = next(block for block in shown if block["block"] == "chart")
    assert blocks.open_form(shown) is None and len(chart["x"]) == 5 and chart["alt"]
    assert chart["series"][0]["y"][0] == chart["series"][0]["y"][1] == total(steps, 7)


def test_the_options_stand_in_another_order_each_time_and_the_words_are_there_in_both_languages():
    forms = [blocks.open_form(show(lesson(seed)[:2], "en", seed)) for seed in range(20)]
    assert len({tuple(id_ for id_, _ in form["fields"][0]["options"]) for form in forms}) > 10
    for language in ("en", "zh"):
        words = WORDS[language]
        assert set(words["doors"]) == set(DOORS) and set(words["others"]) == set(OTHERS)
        assert len(words["people"]) == len(words["cities"]) == 12 and len(words["products"]) == 8
        lengths = [len(text) for text in words["rhythms"].values()]
        assert max(lengths) <= 1.5 * min(lengths)


def test_what_does_not_fit_is_refused_with_a_sentence():
    merged, order, *replies = lesson(1)
    wrong_ones = [
        [{"m1": "c9"}],
        [dict.fromkeys(merged, "c9")],
        [merged, {"order": ["c1"]}],
        [merged, {}],
        [merged, order, {"door": "pigeon", "next": "hour"}],
        [merged, order, {**replies[0], "extra": "x"}],
    ]
    for wrong in wrong_ones:
        with pytest.raises(ValueError, match="does not have"):
            judge(wrong, 1)
    with pytest.raises(ValueError, match="没有的"):
        show([{"m1": "c9"}], "zh", 1)
    said = panel_answer("simulator", "inbox", [{"form": "merge", "values": {}}], "zh")
    assert "不属于" in said["problem"]
