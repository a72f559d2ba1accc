"""The closed loop: only a desk that takes every step and waits for the customer's yes reaches the target."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustkit import blocks
from trustkit.panel import panel_answer
from trustkit.simulators.closed_loop_ticket import (
    ACKNOWLEDGE,
    ACT,
    AGAIN,
    ASSESS,
    CLOSE,
    CONFIRM,
    DAYS,
    HELP,
    INVESTIGATE,
    LEARN,
    MOVES,
    NEWS,
    ORDER,
    PASS,
    QUIET,
    RESPOND,
    SHARES,
    WORDS,
    Day,
    Desk,
    close_early,
    judge,
    play,
    points,
    queue,
    red_lines,
    show,
    whole_loop,
)

SEEDS = range(150)


def total(way, seed: int) -> int:
    return sum(points(play(seed, way)).values())


def at_random(seed: int):
    """Return a way that draws each level and each step."""
    draw = Random(seed)

    def way(desk: Desk) -> Day:
        unset = [id_ for id_, one in desk.tickets.items() if ASSESS not in one.done]
        levels = {id_: draw.choice([None, 1, 2, 3, 4]) for id_ in unset}
        return Day(levels, {id_: [move for move in MOVES if draw.random() < 0.5] for id_ in desk.tickets})

    return way


def answers_of(way, seed: int) -> list[dict]:
    """Return the answers of the forms that a way gives, each as its form asks for it."""
    given_: list[dict] = []

    def noted(desk: Desk) -> Day:
        day = way(desk)
        answer = {}
        for one in blocks.open_form(show(given_, "en", seed))["fields"]:
            what, id_ = one["id"].split("-")
            if what == "level":
                answer[one["id"]] = str(day.levels.get(id_) or "later")
            else:
                options = [option for option, _ in one["options"]]
                answer[one["id"]] = [move for move in day.moves.get(id_, ()) if move in options]
        given_.append(answer)
        return day

    play(seed, noted)
    return given_


def ticket_of(seed: int, stories: tuple[str, ...]) -> str:
    return next(id_ for id_, one in queue(seed).items() if one.story in stories)


@settings(max_examples=80)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_points_stay_on_their_scales_and_a_run_is_the_same_twice(seed, draw):
    desk = play(seed, at_random(draw))
    parts = points(desk)
    assert set(parts) == set(SHARES) and all(0 <= parts[name] <= most for name, most in SHARES.items())
    assert desk.day <= DAYS + 1 and desk.over and parts == points(play(seed, at_random(draw)))
    assert all(solved <= len(desk.tickets) for solved in (*desk.closed, *desk.solved))


def test_each_seed_has_its_queue_and_other_seeds_other_surprises():
    assert queue(3) == queue(3) and sum(SHARES.values()) == 100
    assert len({tuple(queue(seed).values()) for seed in SEEDS}) > 100
    quiet = [queue(seed)[ticket_of(seed, QUIET)] for seed in SEEDS]
    again = [queue(seed)[ticket_of(seed, AGAIN)] for seed in SEEDS]
    assert {one.fact for one in quiet} == {0, None} and {one.no for one in again} == {True, False}
    assert [one.comes for one in queue(5).values()] == [1, 1, 2]


def test_the_whole_loop_is_closed_within_the_ten_days_whatever_comes():
    for seed in SEEDS:
        desk = play(seed, whole_loop)
        assert sum(points(desk).values()) >= 95 and red_lines(desk) == []
        assert all(one.over and one.solved and not one.jumps for one in desk.tickets.values())


def test_closing_early_looks_better_on_the_screen_and_is_far_worse():
    for seed in SEEDS:
        early, loop = play(seed, close_early), play(seed, whole_loop)
        assert early.closed[3] >= loop.closed[3]
        assert early.solved[-1] < loop.solved[-1] == 3
        assert total(close_early, seed) < 50 and not judge(answers_of(close_early, seed), seed).reached
    assert sum(play(seed, close_early).closed[3] > play(seed, whole_loop).closed[3] for seed in SEEDS) > 100


@pytest.mark.parametrize("left_out", [ACKNOWLEDGE, INVESTIGATE, RESPOND, ACT, CONFIRM, CLOSE, LEARN])
def test_leaving_out_any_step_costs_points_in_every_run(left_out):
    def without(desk: Desk) -> Day:
        day = whole_loop(desk)
        return Day(day.levels, {id_: [one for one in moves if one != left_out] for id_, moves in day.moves.items()})

    assert all(total(without, seed) <= total(whole_loop, seed) - 10 for seed in range(40))


def test_ticking_everything_every_day_and_deciding_by_chance_do_not_reach_the_target():
    def everything(desk: Desk) -> Day:
        return Day({id_: 3 for id_, one in desk.tickets.items() if ASSESS not in one.done},
                   dict.fromkeys(desk.tickets, MOVES))  # fmt: skip

    for seed in SEEDS:
        assert total(everything, seed) < PASS and "without-yes" in red_lines(play(seed, everything))
        assert not judge(answers_of(at_random(seed), seed), seed).reached
        assert not judge([{}] * DAYS, seed).reached


def one_day(*moves: str, level: int | None = None, seed: int = 1) -> tuple[Desk, list[str]]:
    """Return the desk after a first day on ticket a, and what happened to it."""
    desk = play(seed, [Day({"a": level}, {"a": moves})])
    return desk, [event for id_, event in desk.events[-1] if id_ == "a"]


@pytest.mark.parametrize(
    ("moves", "level", "reason"),
    [
        ([INVESTIGATE], None, "no-owner"),
        ([], 2, "no-owner"),
        ([NEWS], None, "no-owner"),
        ([ACKNOWLEDGE, INVESTIGATE], None, "no-level"),
        ([ACKNOWLEDGE, RESPOND], 3, "answer-guessed"),
        ([ACKNOWLEDGE, ACT], 3, "no-choice"),
        ([ACKNOWLEDGE, CONFIRM], 3, "nothing-to-confirm"),
        ([ACKNOWLEDGE, LEARN], 3, "learn-before-close"),
        ([CLOSE], None, "closed-without-yes"),
    ],
)
def test_each_jump_is_answered_with_its_reason_and_costs(moves, level, reason):
    desk, events = one_day(*moves, level=level)
    assert reason in events and desk.tickets["a"].jumps == 1


def test_an_answer_before_the_investigation_does_not_count_as_one():
    desk, events = one_day(ACKNOWLEDGE, RESPOND, level=3)
    assert "answer-wrong" in events and RESPOND not in desk.tickets["a"].done


def test_the_customer_is_asked_when_the_customer_can_know():
    desk, events = one_day(ACKNOWLEDGE, INVESTIGATE, RESPOND, ACT, CONFIRM, level=3)
    assert "cannot-know" in events and not desk.tickets["a"].solved and not desk.tickets["a"].jumps


def test_what_is_closed_with_nothing_solved_comes_back_at_the_investigation():
    desk, events = one_day(CLOSE)
    assert events == ["closed-without-yes", "came-back"] and desk.closed[-1] == 1 and not desk.tickets["a"].closed
    assert red_lines(desk)[0] == "without-yes"


def test_a_no_leads_back_to_the_investigation_with_the_same_owner_and_is_no_jump():
    seed = next(seed for seed in SEEDS if queue(seed)[ticket_of(seed, AGAIN)].no)
    id_ = ticket_of(seed, AGAIN)
    seen = []

    def watched(desk: Desk) -> Day:
        if desk.events and (id_, "said-no") in desk.events[-1]:
            seen.append(set(desk.tickets[id_].done))
        day = whole_loop(desk)
        if CONFIRM in day.moves.get(id_, ()):
            # Whoever plans to close after the question does not close after a no.
            return Day(day.levels, {**day.moves, id_: [*day.moves[id_], CLOSE]})
        return day

    desk = play(seed, watched)
    assert ACKNOWLEDGE in seen[0] and not seen[0] & {INVESTIGATE, RESPOND, ACT, CONFIRM, CLOSE}
    assert desk.tickets[id_].jumps == 0 and desk.tickets[id_].solved


def test_a_new_fact_takes_the_level_back_and_reopens_what_was_closed():
    reopened = 0
    for seed in SEEDS:
        desk = play(seed, whole_loop)
        for id_, one in queue(seed).items():
            reopened += desk.tickets[id_].reopened
            if one.fact is not None and desk.tickets[id_].known:
                assert desk.tickets[id_].true == one.later > one.level
    assert reopened > 10


def test_danger_that_is_known_and_not_helped_on_the_same_day_is_a_red_line():
    def no_help(desk: Desk) -> Day:
        day = whole_loop(desk)
        return Day(day.levels, {id_: [one for one in moves if one != HELP] for id_, moves in day.moves.items()})

    for seed in SEEDS:
        danger = queue(seed)[ticket_of(seed, QUIET)].fact == 0
        assert ("danger" in red_lines(play(seed, no_help))) == danger


def test_a_level_too_low_earns_nothing_and_one_too_high_half():
    def shifted(by: int):
        def way(desk: Desk) -> Day:
            day = whole_loop(desk)
            return Day({id_: level + by for id_, level in day.levels.items()}, day.moves)

        return way

    assert points(play(0, shifted(-1)))["levels"] == 0
    assert points(play(0, shifted(0)))["levels"] == SHARES["levels"] == 2 * points(play(0, shifted(1)))["levels"] - 1


def test_a_desk_that_says_nothing_is_late():
    desk = play(2, [Day({}, {})] * DAYS)
    assert all({"acknowledge", "news"} <= one.late for one in desk.tickets.values())
    assert points(play(2, whole_loop))["deadlines"] == SHARES["deadlines"]


def test_the_page_shows_the_deadlines_that_follow_from_the_level_that_was_set():
    seed = next(seed for seed in SEEDS if queue(seed)["a"].fact is None)

    def due(level: str) -> str:
        answers = [{"level-a": level, "steps-a": [ACKNOWLEDGE]}]
        shown = [block["facts"] for block in show(answers, "en", seed) if block["block"] == "facts"]
        return dict(map(tuple, shown[1]))[WORDS["en"]["clock"]]

    assert due("later").startswith("no level")
    assert due("2") == "news by day 6" and due("3") == "decision by day 6, news by day 3"
    assert due("4").startswith("help today")


def test_it_counts_when_the_days_are_over_or_the_loop_is_closed_and_judges_what_the_page_submits():
    answers = answers_of(whole_loop, 4)
    assert len(answers) < DAYS and judge(answers, 4).finished and judge(answers, 4).reached
    assert not judge(answers[:-1], 4).finished and sum(judge(answers, 4).parts.values()) == total(whole_loop, 4)
    assert judge([{}] * DAYS, 4).finished


def test_a_day_stands_and_the_points_are_shown_only_at_the_end():
    answers = answers_of(whole_loop, 4)
    for count in range(len(answers)):
        shown = show(answers[:count], "en", 4)
        assert blocks.open_form(shown)["final"] and not {"chart", "result"} & {block["block"] for block in shown}
    shown = show(answers, "en", 4)
    charts = [block for block in shown if block["block"] == "chart"]
    assert blocks.open_form(shown) is None and len(charts) == 2 and all(chart["alt"] for chart in charts)


def test_each_event_has_words_in_both_languages_and_each_complaint_its_story():
    happened = {event for seed in range(400) for day in play(seed, at_random(seed)).events for _, event in day}
    assert happened == set(WORDS["en"]["events"]) == set(WORDS["zh"]["events"])
    for seed in range(60):
        for one in queue(seed).values():
            for language in ("en", "zh"):
                story = WORDS[language]["stories"][one.story]
                assert story["text"] and (story["fact"] or one.fact is None)
    assert set(ORDER) < set(WORDS["en"]["step_names"])


def test_what_does_not_fit_is_refused_with_a_sentence():
    wrong_ones = [{"level-a": "9"}, {"steps-a": ["dance"]}, {"steps-z": []}, {"steps-a": "act"}, {"steps-a": [[]]}]
    for wrong in wrong_ones:
        with pytest.raises(ValueError, match="does not know"):
            judge([wrong], 1)
    with pytest.raises(ValueError, match="不认识"):
        show([{"level-a": 3}], "zh", 1)
    said = panel_answer("simulator", "closed-loop-ticket", [{"form": "day-1", "values": {}}], "zh")
    assert "不属于" in said["problem"]
