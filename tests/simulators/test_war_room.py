"""The war room: saying at once what cannot become wrong beats guessing and waiting, whatever the cards."""

from dataclasses import replace
from itertools import product
from random import Random
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustkit import blocks
from trustkit.panel import panel_answer
from trustkit.simulators.war_room import (
    BIG,
    CONTACT,
    DENIAL,
    DOES,
    FACTS,
    GUESS,
    HOLDING,
    NOBODY,
    NOTHING,
    SAYS,
    SHARES,
    START,
    STOP,
    TURNS,
    WAIT,
    WAYS,
    WORDS,
    State,
    Turn,
    fast_guess,
    judge,
    play,
    points,
    red_lines,
    room,
    show,
    split,
    wait,
)

SEEDS = range(120)


def total(way, seed: int) -> int:
    told = room(seed)
    return sum(points(told, play(told, way)).values())


def at_random(seed: int):
    """Return a way that draws each decision."""
    draw = Random(seed)

    def way(state: State) -> Turn:
        checks = [NOBODY, *state.open]
        teams = (draw.choice(checks), draw.choice(checks))
        return Turn(draw.randint(1, 4), teams, draw.choice(SAYS), draw.choice(DOES))

    return way


def answers_of(way, seed: int) -> list[dict]:
    """Return the answers of the forms that a way gives."""
    given_: list[dict] = []

    def noted(state: State) -> Turn:
        turn = way(state)
        given_.append(
            {"tier": str(turn.tier), "first": turn.teams[0], "second": turn.teams[1], "say": turn.say, "do": turn.do}
        )
        return turn

    play(room(seed), noted)
    return given_


@settings(max_examples=80)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_trust_and_points_stay_on_their_scales(seed, draw):
    told = room(seed)
    story = play(told, at_random(draw))
    assert all(0 <= value <= 100 for value in (*story.people, *story.public))
    parts = points(told, story)
    assert set(parts) == set(SHARES) and all(0 <= parts[name] <= most for name, most in SHARES.items())
    assert story == play(told, at_random(draw))


def test_each_seed_tells_one_incident_and_others_another_order():
    assert room(4) == room(4) and sum(SHARES.values()) == 100
    assert len({tuple(room(seed).comes.items()) for seed in SEEDS}) > 40
    assert {room(seed).product for seed in SEEDS} == set(WORDS["en"]["products"]) == set(WORDS["zh"]["products"])


def test_in_no_incident_can_a_rumour_be_told_from_its_turn():
    for card in ("video", "number", "cause", *BIG):
        rooms = [room(seed) for seed in range(400) if card in room(seed).comes]
        assert {card in told.true for told in rooms} == {True, False}
        assert len({told.comes[card] for told in rooms}) >= 3


def test_the_split_message_is_the_best_way_and_guessing_waiting_and_denying_fail_clearly():
    for seed in SEEDS:
        best = total(split, seed)
        assert best >= 90
        assert max(total(fast_guess, seed), total(wait, seed)) < 50
        assert total(lambda state: replace(split(state), say=DENIAL), seed) < 50


@pytest.mark.parametrize("say", SAYS)
def test_no_sentence_is_right_in_every_turn(say):
    assert mean(total(lambda state: replace(split(state), say=say), seed) for seed in SEEDS) < mean(
        total(split, seed) for seed in SEEDS
    )


def test_one_guess_costs_points_in_every_turn_in_which_it_is_made():
    for turn in range(1, TURNS + 1):

        def once(state: State, turn: int = turn) -> Turn:
            return replace(split(state), say=GUESS) if state.turn == turn else split(state)

        assert all(total(once, seed) < total(split, seed) for seed in range(30))


def test_a_guess_is_ahead_at_first_and_far_behind_in_the_evening():
    for seed in SEEDS:
        told = room(seed)
        guess, signed = play(told, fast_guess), play(told, split)
        assert guess.public[1] >= signed.public[1] and guess.public[-1] < signed.public[-1] - 40


def test_deciding_by_chance_does_not_reach_the_target():
    assert not any(judge(answers_of(at_random(seed), seed), seed).reached for seed in range(200))


def test_the_same_answer_in_every_turn_does_not_reach_the_target():
    for seed in range(10):
        for tier, say, do in product((3, 4), SAYS, DOES):

            def same(state: State, one: tuple = (tier, say, do)) -> Turn:
                return Turn(one[0], split(state).teams, one[1], one[2])

            assert not judge(answers_of(same, seed), seed).reached


@pytest.mark.parametrize(("left_out", "line"), [(CONTACT, "hurt"), (STOP, "sold")])
def test_a_run_that_leaves_out_the_person_or_the_stop_is_not_reached_whatever_its_points(left_out, line):
    def without(state: State) -> Turn:
        turn = split(state)
        return replace(turn, do=WAIT) if turn.do == left_out else turn

    for seed in range(20):
        assert line in red_lines(play(room(seed), without)) and not judge(answers_of(without, seed), seed).reached
        assert red_lines(play(room(seed), split)) == [] and judge(answers_of(split, seed), seed).reached


def test_the_higher_tier_counts_in_doubt_and_it_goes_down_only_on_evidence():
    assert State(seen=["report"]).tier == 1 and State(seen=["report", "talk"]).tier == 2
    assert State(seen=["report", "hurt"]).tier == State(seen=["report", "second"]).tier == 3
    for card in BIG:
        assert State(seen=["hurt", card]).tier == State(seen=["hurt", card], verdicts={card: True}).tier == 4
        assert State(seen=["hurt", card], verdicts={card: False}).tier == 3


def test_a_call_late_never_leaves_more_trust_than_a_call_at_once():
    def calls_from(turn: int):
        return lambda state: Turn(3, (NOBODY, NOBODY), HOLDING, CONTACT if state.turn >= turn else WAIT)

    for seed in SEEDS:
        ends = [play(room(seed), calls_from(turn)).people[-1] for turn in (1, 4, 7, 9)]
        assert ends == sorted(ends, reverse=True)


def test_a_rumour_takes_two_team_turns_and_a_report_one():
    told = room(0)
    story = play(told, [Turn(2, ("report", NOBODY), HOLDING, CONTACT)])
    assert story.state.verdicts == {"report": True}
    seed = next(seed for seed in SEEDS if room(seed).comes["cause"] == 2)
    turns = [Turn(1, ("report", NOBODY), NOTHING, CONTACT), Turn(1, ("cause", NOBODY), NOTHING, WAIT)]
    assert "cause" not in play(room(seed), turns).state.verdicts
    both = [turns[0], replace(turns[1], teams=("cause", "cause"))]
    assert "cause" in play(room(seed), both).state.verdicts
    experts = [replace(turns[0], do="experts"), turns[1]]
    assert "cause" in play(room(seed), experts).state.verdicts


def test_bad_news_of_the_house_costs_less_told_than_kept():
    def kept(state: State) -> Turn:
        return replace(split(state), say=HOLDING)

    seed = next(seed for seed in SEEDS if "knew" in room(seed).true)
    assert play(room(seed), split).public[-1] > play(room(seed), kept).public[-1]
    assert "bad-news-kept" in play(room(seed), kept).events[-1]
    assert "bad-news-told" in {event for events in play(room(seed), split).events for event in events}


def test_it_counts_after_the_eighth_turn_and_what_a_page_submits_is_what_is_judged():
    answers = answers_of(split, 5)
    assert not judge(answers[:-1], 5).finished and judge(answers, 5).finished and judge(answers, 5).reached
    assert sum(judge(answers, 5).parts.values()) == total(split, 5)
    for name in ("guess", "wait"):
        assert not judge(answers_of(WAYS[name], 5), 5).reached


def test_a_turn_stands_and_the_rules_are_shown_only_after_the_last_one():
    answers = answers_of(split, 6)
    for count in range(TURNS):
        shown = show(answers[:count], "en", 6)
        kinds = [block["block"] for block in shown]
        assert blocks.open_form(shown)["final"] and "chart" not in kinds and "result" not in kinds
        assert {"block": "heading", "text": WORDS["en"]["rules"]} not in shown
    shown = show(answers, "en", 6)
    assert blocks.open_form(shown) is None and {"block": "heading", "text": WORDS["en"]["rules"]} in shown
    charts = [block for block in shown if block["block"] == "chart"]
    assert len(charts) == 2 and all(len(chart["series"]) == 4 and chart["alt"] for chart in charts)
    assert all(line["y"][0] == START for chart in charts for line in chart["series"])


def test_the_best_way_is_praised_and_every_other_one_told_what_cost_it_most():
    for seed in range(40):
        for name in WAYS:
            shown = show(answers_of(WAYS[name], seed), "en", seed)
            assert (WORDS["en"]["advice"]["well"] in str(shown)) == (name == "split")


def test_what_happens_has_words_in_both_languages():
    happened = set()
    for seed in range(300):
        happened |= {event for events in play(room(seed), at_random(seed)).events for event in events}
    assert happened == set(WORDS["en"]["events"]) == set(WORDS["zh"]["events"])


def test_the_options_of_a_turn_are_of_like_length_and_in_another_order_each_time():
    for language in ("en", "zh"):
        for asked in ("say", "do"):
            lengths = [len(text) for text in WORDS[language][asked].values()]
            assert max(lengths) <= 1.5 * min(lengths)
    orders = set()
    for seed in range(20):
        form = blocks.open_form(show([], "en", seed))
        orders.add(tuple(id_ for id_, _ in form["fields"][3]["options"]))
    assert len(orders) > 10


def test_what_does_not_fit_is_refused_with_a_sentence():
    good = answers_of(split, 1)[0]
    for wrong in ({"first": "video"}, {"say": "shout"}, {"do": "hide"}, {"tier": "5"}, {"tier": "x"}):
        with pytest.raises(ValueError, match="does not know"):
            judge([{**good, **wrong}], 1)
    with pytest.raises(ValueError, match="不认识"):
        show([{"tier": "1"}], "zh", 1)
    said = panel_answer("simulator", "war-room", [{"form": "turn-1", "values": {**good, "do": None}}], "zh")
    assert "需要选其中一项" in said["problem"]


def test_saying_what_is_certain_before_anything_is_checked_costs_trust():
    seed = next(seed for seed in SEEDS if "talk" in room(seed).comes)
    early = play(room(seed), [Turn(2, ("report", NOBODY), FACTS, STOP)])
    seen = play(room(seed), [Turn(2, ("report", NOBODY), HOLDING, STOP)])
    assert early.public[-1] < seen.public[-1] and "not-certain" in early.events[0]
