"""The proof machine: a chain shows a change and not an untruth; the engine settles twelve edges as written."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustkit import blocks
from trustkit.panel import panel_answer
from trustkit.simulators.promise_ledger import (
    AFTERNOON,
    ALL_CHECKS,
    BOXES,
    CASES,
    CREDITS,
    ENTRIES,
    ENTRY_ONLY,
    IN_A_FORM,
    MORNING,
    NOWHERE,
    OWN_CHECK,
    PASS,
    PERSON,
    SLIP,
    WORDS,
    Loan,
    Move,
    Visit,
    at,
    case_order,
    credit,
    judge,
    real_checks,
    show,
    tamper,
    toy_checks,
    where_it_shows,
)

EXPECTED = {
    "stroke": "0",
    "forty-seconds": "100",
    "her-move": "0",
    "our-move": "100",
    "nobody-proof": "0",
    "nobody-note": "100",
    "slow-clock": "100",
    "no-entry": PERSON,
    "two-windows": "200",
    "begun-hour": "60",
    "other-zone": "0",
    "too-early": "100",
}
CHAIN = [
    {"box": "box-2", "value": 11, "how": ALL_CHECKS, "shows": SLIP},
    {"value": 22},
    {"shows": NOWHERE},
]
ENTRY = st.integers(0, 99)
BOX = st.integers(0, 3)
SECONDS = st.integers(0, 86_399)


def given_credits(seed: int, wrong: int = 0) -> list[dict]:
    """Return the four answers of a run with the first cases wrong."""
    order = case_order(seed)
    said = {id_: EXPECTED[id_] for id_ in order} | dict.fromkeys(order[:wrong], "20")
    return [{id_: said[id_] for id_ in order[at : at + IN_A_FORM]} for at in range(0, len(order), IN_A_FORM)]


# ---------------------------------------------------------------- the chain


def test_the_toy_chain_is_the_one_of_the_lesson():
    assert toy_checks(ENTRIES) == [35, 15, 70, 58]
    assert toy_checks((14, 11, 25, 48)) == [35, 16, 73, 67]
    assert toy_checks((14, 10, 48)) == [35, 15, 93]
    assert toy_checks((20, 5)) == [41, 28]


def test_the_real_chain_is_sha_256_over_the_hash_before_and_the_entry():
    first = hashlib.sha256(b"7|14").hexdigest()
    assert real_checks(ENTRIES)[:2] == [first, hashlib.sha256(f"{first}|10".encode()).hexdigest()]


@given(BOX, ENTRY, st.sampled_from([ENTRY_ONLY, OWN_CHECK, ALL_CHECKS]))
def test_a_change_shows_where_the_forger_stopped_computing_in_the_toy_and_in_the_real_chain(box, value, how):
    chain = tamper(box, value, how)
    if value == ENTRIES[box]:
        wanted = NOWHERE
    elif how == ENTRY_ONLY:
        wanted = BOXES[box]
    elif how == OWN_CHECK and box < 3:
        wanted = BOXES[box + 1]
    else:
        wanted = SLIP
    assert where_it_shows(chain) == where_it_shows(chain, real=True) == wanted


@given(st.lists(ENTRY, min_size=1, max_size=8), st.integers(0, 7), ENTRY)
def test_one_changed_entry_always_changes_the_last_number(entries, place, value):
    changed = [*entries]
    changed[place % len(entries)] = value
    assert (toy_checks(changed)[-1] == toy_checks(entries)[-1]) == (changed == entries)
    assert (real_checks(changed)[-1] == real_checks(entries)[-1]) == (changed == entries)


def test_in_the_toy_a_second_change_brings_the_old_number_back_and_in_the_real_chain_none_does():
    fitting = [value for value in range(100) if toy_checks((14, 11, value, 48))[-1] == 58]
    assert fitting == [22]
    assert all(real_checks((14, 11, value, 48))[-1] != real_checks(ENTRIES)[-1] for value in range(100))


def test_a_false_entry_that_was_chained_honestly_shows_nowhere():
    """The record of 14:10 is the same chain whether he came at 14:10 or at 14:40."""
    assert where_it_shows(tamper(1, 10)) == where_it_shows(tamper(1, 10), real=True) == NOWHERE


@pytest.mark.parametrize("entry", [-1, 100, 1.5, True, "7"])
def test_an_entry_that_the_chain_cannot_hold_is_refused(entry):
    with pytest.raises(ValueError, match="from 0 to 99"):
        toy_checks([entry])


@pytest.mark.parametrize(("box", "how"), [(4, ENTRY_ONLY), (-1, ENTRY_ONLY), (0, "magic")])
def test_a_box_or_a_way_that_there_is_not_is_refused(box, how):
    with pytest.raises(ValueError, match="four boxes"):
        tamper(box, 1, how)


# ---------------------------------------------------------------- the promise


@pytest.mark.parametrize("id_", EXPECTED)
def test_each_edge_has_its_credit(id_):
    assert credit(CASES[id_]) == EXPECTED[id_]


def test_there_are_twelve_edges_and_each_can_be_chosen():
    assert len(CASES) == 12 and set(CASES) == set(EXPECTED) and set(EXPECTED.values()) <= set(CREDITS)


@given(SECONDS)
def test_a_window_is_kept_exactly_between_its_ends_and_both_belong_to_it(rang):
    assert credit([Visit(MORNING, rang=rang)]) == ("0" if at(9) <= rang <= at(12) else "100")


@given(SECONDS, st.booleans(), st.booleans())
def test_only_her_word_that_was_confirmed_moves_a_window(rang, her_word, told):
    moved = Visit(MORNING, (Move(AFTERNOON, her_word, told),), rang=rang)
    assert credit([moved]) == credit([Visit(AFTERNOON if her_word and told else MORNING, rang=rang)])


@given(SECONDS, st.booleans(), st.booleans())
def test_doubt_never_counts_against_the_customer(rang, photo, called):
    opened = int(credit([Visit(MORNING, rang=rang)]))
    closed = int(credit([Visit(MORNING, rang=rang, opened=False, photo=photo, called=called)]))
    assert closed >= opened and (closed == opened or not (photo and called))


@given(st.integers(0, 36_000))
def test_each_begun_hour_counts_once(late):
    due = int(credit([Loan(at(8), at(8) + late)]))
    assert due % 20 == 0 and (due // 20 - 1) * 3600 < late <= due // 20 * 3600


def test_the_hours_at_their_borders():
    assert [credit([Loan(at(15), at(*time))]) for time in ((14, 0), (15,), (15, 0, 1), (17,), (17, 0, 1))] == [
        "0", "0", "20", "40", "60",
    ]  # fmt: skip


def test_without_an_entry_the_engine_never_names_a_sum():
    assert credit([Visit(MORNING), Visit(AFTERNOON, rang=at(18))]) == PERSON


# ---------------------------------------------------------------- the page


def test_twelve_right_credits_and_three_right_places_are_the_best_run():
    best = judge([*CHAIN, *given_credits(3)], 3)
    assert best.reached and best.finished and best.parts == {"credits": 12, "chain": 3}


def test_ten_credits_are_enough_and_nine_are_not_whatever_the_chain():
    blind = [{**CHAIN[0], "shows": NOWHERE}, {"value": 25}, {"shows": SLIP}]
    assert judge([*blind, *given_credits(3, wrong=12 - PASS)], 3).reached
    worse = judge([*CHAIN, *given_credits(3, wrong=13 - PASS)], 3)
    assert not worse.reached and worse.finished and worse.parts == {"credits": 9, "chain": 3}


def test_it_counts_after_the_last_case_and_what_comes_after_changes_nothing():
    steps = [*CHAIN, *given_credits(8)]
    assert [judge(steps[:count], 8).finished for count in range(8)] == [False] * 7 + [True]
    assert judge([*steps, {"box": "box-1", "value": 3, "how": ENTRY_ONLY}], 8) == judge(steps, 8)


def test_each_run_has_its_own_order():
    assert len({tuple(case_order(seed)) for seed in range(20)}) > 15
    assert all(sorted(case_order(seed)) == sorted(CASES) for seed in range(20))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_case_is_explained_before_it_is_decided(language):
    steps = [*CHAIN, *given_credits(5)]
    for count in range(len(steps)):
        shown = str(show(steps[:count], language, 5))
        open_cases = case_order(5)[max(0, count - 3) * IN_A_FORM :]
        assert not any(WORDS[language]["cases"][id_][1] in shown for id_ in open_cases)
        assert blocks.open_form(show(steps[:count], language, 5))["final"]


def test_the_stories_name_the_times_that_the_engine_decides_by():
    """The words and the records of a case stand apart; their times have to agree."""
    for language in ("en", "zh"):
        for id_, events in CASES.items():
            story = WORDS[language]["cases"][id_][0]
            for event in events:
                times = [event.promised, event.came] if isinstance(event, Loan) else [event.window.start, event.rang]
                for time in times:
                    if time is not None:
                        assert f"{time // 3600}:{time // 60 % 60:02d}" in story, (language, id_)


def test_the_shown_chain_breaks_where_it_was_changed():
    shown = show([{**CHAIN[0], "how": ENTRY_ONLY, "shows": "box-2"}], "en", 0)
    tables = [block for block in shown if block["block"] == "table"]
    assert [row[-1] for row in tables[0]["rows"]] == ["fits"] * 4
    assert [row[-1] for row in tables[1]["rows"]] == ["fits", "breaks here", "fits", "fits"]
    assert tables[1]["rows"][1][2:4] == ["15", "16"]


def test_an_answer_that_does_not_fit_is_refused_with_a_sentence():
    step = {"form": "tamper", "values": {**CHAIN[0], "value": 100}}
    assert "0 to 99" in panel_answer("simulator", "promise-ledger", [step])["problem"]
