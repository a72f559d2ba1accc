"""Every kind of item is marked by its key, and agreement is counted in whole numbers."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustkit.drills.kinds import cannot_be, is_right
from trustkit.drills.marking import f1_of, kappa_of, mark
from trustkit.drills.reader import read_drill

KINDS = Path(__file__).parent / "kinds" / "all-kinds"
ALL_RIGHT = {
    "shared": "wish",
    "own-answers": "friday",
    "several": ["repair", "name-it"],
    "pairs": {"customer": "pays", "agent": "answers", "lead": "decides"},
    "sequence": ["check", "listen", "offer", "confirm"],
    "find": ["call", "date"],
    "rating": 1,
}
WRONG = {
    "shared": "promise",
    "own-answers": "soon",
    "several": ["name-it", "repair", "excuse"],
    "pairs": {"customer": "pays", "agent": "answers", "lead": "answers"},
    "sequence": ["listen", "check", "confirm", "offer"],
    "find": ["date"],
    "rating": 2,
}


@pytest.fixture(scope="module")
def drill():
    return read_drill(KINDS)


def test_whoever_answers_every_kind_rightly_has_missed_nothing(drill):
    marks = mark(drill, ALL_RIGHT)
    assert (marks.right, marks.of, marks.missed, marks.f1, marks.passed) == (7, 7, [], 1000, True)


@pytest.mark.parametrize("item", WRONG)
def test_one_wrong_answer_of_any_kind_is_one_item_missed(drill, item):
    marks = mark(drill, {**ALL_RIGHT, item: WRONG[item]})
    assert (marks.right, marks.missed) == (6, [item])
    assert marks.passed is (item != "own-answers")


def test_an_item_without_an_answer_is_missed(drill):
    assert mark(drill, {}).missed == list(ALL_RIGHT)
    assert mark(drill, {}).f1 == 0


def test_a_rating_may_be_close_enough():
    item = {"kind": "rate", "key": 2, "within": 1}
    assert [is_right(item, answer) for answer in range(5)] == [False, True, True, True, False]


def test_enough_right_items_do_not_pass_where_too_little_was_found(drill):
    marks = mark(drill, {**ALL_RIGHT, "find": ["hello"]})
    assert (marks.right, marks.f1, marks.passed) == (6, 0, False)
    assert marks.scores == {"right": 6, "of": 7, "passed": False, "f1": 0}


def test_f1_counts_the_marks_of_all_texts_together():
    assert f1_of([(["a", "b"], ["a"]), (["c"], ["c", "d"])]) == 2 * 2 * 1000 // 6
    assert f1_of([([], [])]) == 1000
    assert f1_of([([], ["a"])]) == 0


def test_kappa_of_a_known_table():
    # Ratings of two raters on the scale 0, 1, 2; 1 less 10 * 3 / 126.
    left = [0, 0, 1, 1, 1, 2, 2, 2, 0, 2]
    right = [0, 1, 1, 1, 2, 2, 2, 1, 0, 2]
    by_chance = sum((a - b) ** 2 for a in left for b in right)
    assert by_chance == 126
    assert kappa_of(zip(left, right)) == (126 - 30) * 1000 // 126 == 761


def test_kappa_rounds_down_also_below_nothing():
    assert kappa_of([(0, 1), (1, 0), (1, 1)]) == -500
    assert kappa_of([(0, 1), (1, 0), (1, 1), (0, 0), (0, 1)]) == -154  # -0.1538…
    assert kappa_of([(1, 1)] * 8) == 1000


pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30)


@given(pairs)
def test_kappa_is_that_of_the_textbook(ratings):
    n, scale = len(ratings), range(5)
    rows = [sum(a == value for a, _ in ratings) for value in scale]
    columns = [sum(b == value for _, b in ratings) for value in scale]
    observed = sum(Fraction((a - b) ** 2, 16 * n) for a, b in ratings)
    expected = sum(Fraction((i - j) ** 2 * rows[i] * columns[j], 16 * n * n) for i in scale for j in scale)
    if expected:
        assert kappa_of(ratings) == ((1 - observed / expected) * 1000).__floor__()


@given(pairs)
def test_kappa_is_whole_only_in_full_agreement(ratings):
    kappa = kappa_of(ratings)
    assert kappa <= 1000
    assert (kappa == 1000) is all(a == b for a, b in ratings)
    assert kappa == kappa_of([(b, a) for a, b in ratings])


marks_in_text = st.lists(
    st.tuples(st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("abcd"))), min_size=1, max_size=4
)


@given(marks_in_text)
def test_f1_is_the_harmonic_mean_of_precision_and_recall(texts):
    hits = sum(len(wanted & got) for wanted, got in texts)
    wanted, got = sum(len(one) for one, _ in texts), sum(len(one) for _, one in texts)
    if hits:
        precision, recall = Fraction(hits, got), Fraction(hits, wanted)
        assert f1_of(texts) == (2 * precision * recall / (precision + recall) * 1000).__floor__()


def test_a_kappa_decides_where_the_drill_says_so(tmp_path):
    rating = "  r{n}: {{kind: rate, text: T, key: {key}, within: 1, feedback: {{key: K, lower: L, higher: H}}}}\n"
    folder = tmp_path / "ratings"
    folder.mkdir()
    (folder / "drill.yaml").write_text(
        'id: ratings\ntitle: T\nintro: I\nlesson: "1.1"\nminutes: 5\npass_kappa: 600\n'
        'scale: {"0": A, "1": B, "2": C, "3": D}\nitems:\n'
        + "".join(rating.format(n=n, key=1 + n % 2) for n in range(8)),
        encoding="utf-8",
    )
    drill = read_drill(folder)
    keys = {f"r{n}": 1 + n % 2 for n in range(8)}
    good, all_right = mark(drill, keys), mark(drill, {**keys, "r0": 2})
    assert (good.kappa, good.passed) == (1000, True)
    assert (all_right.right, all_right.kappa, all_right.passed) == (8, 750, True)
    turned = mark(drill, {id_: 3 - key for id_, key in keys.items()})
    assert (turned.right, turned.kappa, turned.passed) == (8, -1000, False)
    assert mark(drill, {"r0": 1}).kappa is None and not mark(drill, {"r0": 1}).passed


@pytest.mark.parametrize(
    ("item", "answer", "reason"),
    [
        ("shared", "friday", "`friday` was not on offer"),
        ("shared", ["wish"], "was not on offer"),
        ("own-answers", "wish", "`wish` was not on offer"),
        ("several", [], "nothing was chosen"),
        ("several", ["repair", "repair"], "one thing twice"),
        ("several", ["repair", "sorry"], "`sorry` was not on offer"),
        ("several", "repair", "not a list"),
        ("pairs", {"agent": "answers"}, "one answer for each entry"),
        ("pairs", {**WRONG["pairs"], "boss": "pays"}, "one answer for each entry"),
        ("pairs", {**WRONG["pairs"], "lead": "sleeps"}, "`sleeps` was not on offer"),
        ("pairs", ["answers"], "one answer for each entry"),
        ("sequence", ["listen", "check", "offer"], "not an order of all the parts"),
        ("sequence", ["listen", "check", "offer", "offer"], "one thing twice"),
        ("sequence", ["listen", "check", "offer", "end"], "not an order of all the parts"),
        ("find", ["date", "bye"], "`bye` was not on offer"),
        ("find", "date", "not a list"),
        ("rating", 3, "`3` was not on offer"),
        ("rating", True, "was not on offer"),
        ("rating", "1", "was not on offer"),
        ("rating", None, "was not on offer"),
    ],
)
def test_an_answer_that_nobody_could_give_has_a_reason(drill, item, answer, reason):
    data = drill.document.data
    assert reason in cannot_be(data, data["items"][item], answer)


@pytest.mark.parametrize("answers", [ALL_RIGHT, WRONG, {"find": []}])
def test_an_answer_that_somebody_could_give_has_none(drill, answers):
    data = drill.document.data
    assert [cannot_be(data, data["items"][item], answer) for item, answer in answers.items()] == [None] * len(answers)
