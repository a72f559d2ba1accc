"""The bot and its three knobs: certainty alone breaks the harm budget; list, scope and a threshold meet it."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustkit import blocks
from trustkit.panel import panel_answer
from trustkit.simulators.bot_threshold import (
    ANSWER,
    BETWEEN,
    DOUBT,
    HUMAN,
    MOST_HARM,
    MOST_MINUTES,
    MOST_TRIALS,
    MOST_WAIT,
    MUST,
    OUTSIDE,
    PLAIN,
    SENSIBLE,
    TO_PERSON,
    TOPICS,
    WEIGHED,
    Message,
    Settings,
    decide,
    halves,
    judge,
    nights,
    queries,
    run,
    show,
    targets_met,
    thresholds,
)

SETTINGS = st.builds(
    Settings,
    list=st.frozensets(st.sampled_from(TOPICS)),
    scope=st.sampled_from([ANSWER, DOUBT, TO_PERSON]),
    threshold=st.sampled_from(thresholds()),
)
SEEDS = st.integers(0, 10_000)
WEIGHED_SO = dict.fromkeys(WEIGHED, 5)
GOOD = {"list": list(MUST), "scope": TO_PERSON, "threshold": 0.7}


def decided(knobs: dict, alone: str = "none", harm: float = 10) -> list[dict]:
    return [WEIGHED_SO, {"alone": alone}, {**knobs, "then": "decide"}, {"harm": harm}]


def of_the_lesson() -> dict[str, Message]:
    """Return the five messages of the lesson's table by a word in them."""
    words = ("opening hours", "guitar", "refund for my mother", "insulin", "the other airline is late")
    found = {}
    for word in words:
        (query,) = (query for query in queries() if word in query.text["en"])
        found[word] = Message(query, *query.fixed)
    return found


# ---------------------------------------------------------------- the messages


def test_there_are_enough_messages_and_no_two_are_the_same_in_either_language():
    assert len(queries()) >= 120
    for language in ("en", "zh"):
        texts = [query.text[language].casefold() for query in queries()]
        assert all(texts) and len(set(texts)) == len(texts)
    assert len({query.id for query in queries()}) == len(queries())


def test_the_messages_are_mixed_as_declared():
    kinds = Counter(query.kind for query in queries())
    assert set(kinds) == {PLAIN, HUMAN, OUTSIDE}
    assert 0.12 <= kinds[HUMAN] / len(queries()) <= 0.2 and 0.08 <= kinds[OUTSIDE] / len(queries()) <= 0.14
    human = [query for query in queries() if query.kind == HUMAN]
    assert set().union(*(query.topics for query in human)) == set(MUST)
    assert all(query.harm >= 7 for query in human)
    assert all(0 <= query.harm <= 10 and query.topics <= set(TOPICS) for query in queries())
    assert sum(query.way == "other" for query in queries()) >= 30
    assert any(query.kind == PLAIN and query.topics & set(MUST) for query in queries())


@given(SEEDS)
def test_the_halves_share_no_message_and_each_holds_every_human_matter(seed):
    shown, hidden = halves(seed)
    assert {query.id for query in shown}.isdisjoint(query.id for query in hidden)
    assert len(shown) + len(hidden) == len(queries()) and abs(len(shown) - len(hidden)) <= 6
    for half in (shown, hidden):
        assert set().union(*(query.topics for query in half if query.kind == HUMAN)) == set(MUST)
    assert all(not query.fixed for query in hidden)


def test_outside_its_knowledge_the_bot_is_surer_than_inside_and_always_wrong():
    all_ = [message for seed in range(20) for night in nights(seed) for message in night]
    mean = {}
    for kind in (PLAIN, HUMAN, OUTSIDE):
        of_kind = [message for message in all_ if message.query.kind == kind]
        mean[kind] = sum(message.sure for message in of_kind) / len(of_kind)
        assert kind == PLAIN or not any(message.right for message in of_kind)
    assert mean[OUTSIDE] > mean[PLAIN] + 0.08 and mean[HUMAN] > mean[PLAIN]


def test_the_sums_of_the_lesson_come_out():
    table = of_the_lesson()
    shift = list(table.values())

    def harm(settings: Settings) -> float:
        return sum(one.query.harm for one in run([shift], settings).wrong)

    assert harm(Settings(threshold=0.90)) == harm(Settings(threshold=0.95)) == 12
    out = [word for word, one in table.items() if decide(one, Settings(threshold=0.90)) == "bot"]
    assert out == ["opening hours", "refund for my mother", "the other airline is late"]
    three = Settings(frozenset({"death", "health"}), TO_PERSON, 0.70)
    assert harm(three) == 0 and decide(table["guitar"], three) == "bot"


# ---------------------------------------------------------------- the outcome


@settings(max_examples=60)
@given(SETTINGS, SEEDS)
def test_no_settings_leave_the_scales(knobs, seed):
    shifts = nights(seed)
    outcome = run(shifts, knobs)
    assert outcome.harm >= 0 and 0 <= outcome.waited <= outcome.harm and 0 <= outcome.handed <= 100
    assert 0 <= outcome.minutes <= 1_000 and outcome.wait >= 0
    assert all(not one.right and decide(one, knobs) == "bot" for one in outcome.wrong)
    assert outcome == run(shifts, knobs)


@settings(max_examples=60)
@given(SETTINGS, SEEDS, st.sampled_from(TOPICS))
def test_a_topic_more_or_a_higher_threshold_never_adds_a_wrong_answer(knobs, seed, topic):
    shifts = nights(seed)

    def wrong(settings: Settings) -> set[str]:
        return {one.query.id for one in run(shifts, settings).wrong}

    assert wrong(Settings(knobs.list | {topic}, knobs.scope, knobs.threshold)) <= wrong(knobs)
    assert wrong(Settings(knobs.list, knobs.scope, min(1, knobs.threshold + 0.05))) <= wrong(knobs)
    assert wrong(Settings(knobs.list, TO_PERSON, knobs.threshold)) <= wrong(knobs)


@given(st.lists(st.booleans(), max_size=40))
def test_waits_are_those_of_one_person(hands):
    plain, human = (next(query for query in queries() if query.kind == kind) for kind in (PLAIN, HUMAN))
    shift = [Message(human if hand else plain, 0.9, not hand) for hand in hands]
    settings_ = Settings(human.topics)
    waits, free = [], 0
    for number, hand in enumerate(hands):
        if hand:
            start = max(free, number * BETWEEN)
            waits.append(start - number * BETWEEN)
            free = start + 7
    assert run([shift], settings_).wait == (round(sum(waits) / len(waits), 1) if waits else 0)


def test_what_is_on_the_list_goes_before_what_is_not():
    plain, human = (next(query for query in queries() if query.kind == kind) for kind in (PLAIN, HUMAN))
    crowd = [Message(plain, 0.5, True)] * 30 + [Message(human, 0.5, False)] + [Message(plain, 0.5, True)]
    listed, not_listed = (run([crowd], Settings(list_, threshold=0.9)) for list_ in (human.topics, frozenset()))
    assert listed.waited == 0 < not_listed.waited and listed.minutes == not_listed.minutes


def test_a_threshold_alone_breaks_the_harm_budget_wherever_it_stands():
    for seed in range(40):
        for hidden in (False, True):
            shifts = nights(seed, hidden=hidden)
            assert all(run(shifts, Settings(threshold=at)).harm > 2 * MOST_HARM for at in thresholds())


@pytest.mark.parametrize("threshold", [0.7, 0.75])
def test_list_scope_and_a_moderate_threshold_meet_the_target_on_messages_not_shown(threshold):
    assert all(judge(decided({**GOOD, "threshold": threshold}), seed).reached for seed in range(60))


@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95])
@pytest.mark.parametrize(
    "change",
    [{"scope": ANSWER}, {"scope": DOUBT}, {"list": []}, *({"list": [*set(MUST) - {topic}]} for topic in MUST)],
    ids=lambda change: str(change.get("scope", len(change.get("list", "")))),
)
def test_without_the_scope_or_one_human_topic_no_threshold_meets_the_target(change, threshold):
    assert not any(judge(decided({**GOOD, **change, "threshold": threshold}), seed).reached for seed in range(8))


def test_everything_to_a_person_and_every_topic_on_the_list_break_the_queue():
    for seed in range(40):
        shifts = nights(seed, hidden=True)
        high = run(shifts, Settings(frozenset(MUST), TO_PERSON, 0.95))
        every = run(shifts, Settings(frozenset(TOPICS), TO_PERSON, 0.7))
        for outcome in (high, every):
            assert outcome.harm <= MOST_HARM and outcome.wait > MOST_WAIT and not all(targets_met(outcome))
        assert run(shifts, SENSIBLE).minutes < MOST_MINUTES < every.minutes < high.minutes


# ---------------------------------------------------------------- the page


def test_it_counts_once_the_decision_is_forecast_and_foresight_is_a_part():
    steps = decided(GOOD)
    assert [judge(steps[:count]).finished for count in range(5)] == [False] * 4 + [True]
    assert judge(steps).parts == {"targets": 3, "predicted": 2}
    assert judge(decided(GOOD, alone="0.90", harm=200)).parts == {"targets": 3, "predicted": 0}
    assert judge([*steps, {**GOOD, "list": []}]) == judge(steps)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_of_the_other_half_is_shown_before_it_is_forecast(language):
    steps = decided(GOOD)
    steps[2:2] = [{"list": [], "scope": ANSWER, "threshold": 0.5, "then": "try"}]
    hidden = [query.text[language] for query in halves(6)[1]]
    for count in range(len(steps)):
        shown = show(steps[:count], language, 6)
        assert not any(text in str(shown) for text in hidden)
        assert all(block["block"] != "result" for block in shown)
    assert any(block["block"] == "result" for block in show(steps, language, 6))
    forms = [blocks.open_form(show(steps[:count], language, 6)) for count in range(6)]
    assert [form["id"] for form in forms] == ["weigh", "alone", "knobs", "knobs", "forecast", "after"]
    assert [form["final"] for form in forms] == [True, True, False, False, True, False]


def test_wrong_answers_are_shown_by_example_with_what_the_bot_said():
    trial = {"list": [], "scope": ANSWER, "threshold": 0.5, "then": "try"}
    shown = show([WEIGHED_SO, {"alone": "0.90"}, trial], "en", 1)
    examples = [block for block in shown if block["block"] == "table" and "What the bot says" in block["columns"]]
    assert len(examples) == 2 and all(len(table["rows"]) == 5 for table in examples)
    assert [int(row[3]) for row in examples[1]["rows"]] == sorted(int(row[3]) for row in examples[1]["rows"])[::-1]


def test_after_the_last_trial_only_the_decision_is_left():
    trial = {**GOOD, "then": "try"}
    form = blocks.open_form(show([WEIGHED_SO, {"alone": "none"}] + [trial] * MOST_TRIALS, "en", 1))
    assert [id_ for id_, _ in form["fields"][-1]["options"]] == ["decide"]


def test_every_chart_says_what_it_shows_and_whose_numbers_they_are():
    for language, whose in (("en", "the model's numbers"), ("zh", "模型数字")):
        shown = show([WEIGHED_SO, {"alone": "none"}, {**GOOD, "then": "try"}], language, 2)
        charts = [block for block in shown if block["block"] == "chart"]
        assert len(charts) == 2 and all(chart["alt"] and whose in chart["caption"] for chart in charts)


@pytest.mark.parametrize(
    "knobs", [{"list": frozenset({"weather"})}, {"scope": "guess"}, {"threshold": 1.5}, {"threshold": -0.1}]
)
def test_settings_that_there_are_not_are_refused_with_a_sentence(knobs):
    with pytest.raises(ValueError, match=r"\w+ .*\.$"):
        Settings(**knobs)


def test_an_answer_that_does_not_fit_is_refused_with_a_sentence():
    step = {"form": "weigh", "values": {**WEIGHED_SO, "fraud": 11}}
    assert "0 to 10" in panel_answer("simulator", "bot-threshold", [step])["problem"]
