"""Promises of the checks in data labs: right methods pass, slips are explained, and nothing else gets through."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from autograder.data_checks import (
    AnswerNotYet,
    GradingSeedMissing,
    answer_of,
    expect_chart,
    expect_choice,
    expect_flag,
    expect_holds,
    expect_name,
    expect_names,
    expect_number,
    expect_numbers,
    expect_rows,
    expect_table,
    hidden_frame,
)
from autograder.slips import read_slips
from trustkit.content import ContentError
from trustkit.course import course_root
from trustkit.data import load_dataset

RAW = pd.DataFrame(
    {
        "complaint_id": ["P-1", "P-2", "P-2", "P-3", "P-4"],
        "opened_at": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-02", "2025-01-03", "2025-01-04"], utc=True),
        "resolved_at": pd.to_datetime(["2025-01-02", "2025-01-03", "2025-01-03", "2025-01-01", None], utc=True),
        "minutes": pd.array([1, None, None, 3, 4], dtype="Int64"),
    }
)
CLEAN = RAW.iloc[[0, 1, 4]]


ROWS = {
    "key": "complaint_id",
    "copies": "kept-the-copies",
    "slips": {"kept-impossible-times": ["P-3"], "dropped-open-complaints": ["P-4"]},
}


class Yes:
    """Equal to everything, and every operation gives itself."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __float__(self):
        return 0.0

    def __getattr__(self, name):
        return self

    def __call__(self, *arguments, **named):
        return self


class LyingFrame(pd.DataFrame):
    """A table of another class."""


@pytest.fixture
def seed(tmp_path, monkeypatch):
    def set_seed(text: str):
        file = tmp_path / "grading-seed"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setenv("TRUSTKIT_GRADING_SEED_FILE", str(file))

    return set_seed


# ---------------------------------------------------------------------- numbers by name


@pytest.mark.parametrize(
    "answer",
    [
        {"a": 1, "b": 2.5},
        {"b": np.float32(2.5), "a": np.int64(1)},
        pd.Series({"b": 2.5, "a": 1.0}),
        pd.Series([1, 2.5], index=pd.CategoricalIndex(["a", "b"], name="channel"), dtype="Float64"),
        pd.Series({"a": 1, "b": 2.5}, dtype="object"),
        pd.DataFrame({"median": {"a": 1, "b": 2.5}}),
        {np.str_("a"): 1.0004, "b": 2.4996},
    ],
    ids=["dict", "numpy", "series", "nullable", "object", "one-column", "within-tolerance"],
)
def test_every_right_way_to_hand_over_numbers_passes(answer):
    expect_numbers(answer, {"a": 1, "b": 2.5}, tolerance=0.001)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Yes(), "must be a pandas Series or a dict"),
        ([1, 2.5], "must be a pandas Series or a dict"),
        ("a", "must be a pandas Series or a dict"),
        ({"a": Yes(), "b": Yes()}, "answer for a must be a number, not Yes"),
        ({"a": True, "b": 2.5}, "must be a number, not bool"),
        ({"a": "1", "b": 2.5}, "must be a number, not str"),
        ({"a": 1}, "no number for 'b'. It has: a"),
        ({"a": 1, "b": 2.5, "c": 3}, "for 'c', which was not asked for"),
        ({"a": 1, "b": None}, "no number for b: the value is missing"),
        ({"a": 1, "b": pd.NA}, "no number for b: the value is missing"),
        ({"a": 1, "b": float("nan")}, "no number for b: the value is missing"),
        ({"a": 1, "b": float("inf")}, "Not right yet: b"),
        ({"a": 1, 2: 2.5}, "names must be text, not int"),
        (pd.Series([1, 1, 2.5], index=["a", "a", "b"]), "a stands in the answer twice"),
        (pd.DataFrame({"x": {"a": 1, "b": 2.5}, "y": {"a": 1, "b": 2.5}}), "must be a pandas Series or a dict"),
        ({"a": 1, "b": 2.502}, "Not right yet: b"),
        ({"a": 9, "b": 9}, "Not right yet: a, b"),
    ],
)
def test_everything_else_is_refused_with_what_was_expected_and_without_the_answer(answer, says):
    with pytest.raises(AnswerNotYet) as error:
        expect_numbers(answer, {"a": 1, "b": 2.5}, tolerance=0.001)
    assert says in error.value.english
    assert not error.value.chinese.isascii()
    assert "2.5" not in str(error.value)


def test_a_known_slip_is_explained_even_when_it_gives_fewer_names():
    slips = {"mean-not-median": {"a": 7, "b": 8}, "looked-at-count-only": {"a": 1}}
    with pytest.raises(AnswerNotYet, match="These are the means"):
        expect_numbers({"a": 7, "b": 8}, {"a": 1, "b": 2}, tolerance=0.01, slips=slips)
    with pytest.raises(AnswerNotYet, match="only half of the picture"):
        expect_numbers({"a": 1}, {"a": 1, "b": 2}, tolerance=0.01, slips=slips)


def test_a_right_answer_passes_although_a_slip_would_give_the_same():
    expect_numbers({"a": 1}, {"a": 1}, tolerance=0.01, slips={"mean-not-median": {"a": 1}})


def test_rounded_numbers_are_recognised():
    with pytest.raises(AnswerNotYet, match="rounded"):
        expect_numbers({"a": 0.12, "b": 0.35}, {"a": 0.1234, "b": 0.3456}, tolerance=0.001)


def test_on_other_data_the_message_speaks_of_one_table():
    with pytest.raises(AnswerNotYet, match="Right on the practice table, but not on other data"):
        expect_numbers({"a": 5}, {"a": 1}, tolerance=0.01, other_data=True)


# ---------------------------------------------------------------------- rows


@pytest.mark.parametrize(
    "answer",
    [CLEAN, CLEAN.iloc[::-1], CLEAN.reset_index(drop=True), CLEAN.assign(hours=1), RAW.iloc[[4, 2, 0]]],
    ids=["same", "other-order", "new-index", "column-added", "last-copy-kept"],
)
def test_a_table_with_the_right_rows_passes_in_any_order(answer):
    expect_rows(answer, CLEAN, RAW, **ROWS)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (RAW.iloc[[0, 1, 2, 4]], "twice"),
        (RAW.iloc[[0, 1, 3, 4]], "closed before they are opened"),
        (RAW.iloc[[0, 1]], "still open are gone"),
        (RAW, "only once.\nSome complaints in your table are closed before"),
        (RAW.iloc[[1, 4]], "lacks 1 rows that nothing is wrong with"),
        (CLEAN.assign(complaint_id=["P-1", "P-2", "P-9"]), "1 rows that do not belong there"),
        (CLEAN.drop(columns="minutes"), "column minutes is gone"),
        (CLEAN.fillna({"minutes": 0}), "Missing values of the column minutes have changed"),
        (CLEAN.iloc[:0], "lacks"),
        (LyingFrame(CLEAN), "must be a table (pandas DataFrame), not LyingFrame"),
        (Yes(), "must be a table"),
        (CLEAN.to_dict(), "must be a table"),
    ],
)
def test_a_table_with_other_rows_is_refused_with_the_rule_it_breaks(answer, says):
    with pytest.raises(AnswerNotYet) as error:
        expect_rows(answer, CLEAN, RAW, **ROWS)
    assert says in str(error.value)


# ---------------------------------------------------------------------- names and letters


def test_the_right_name_passes_and_a_wrong_one_is_explained():
    expect_name("T4", "T4", among=["T1", "T4"])
    expect_name(np.str_("T4"), "T4", among=["T1", "T4"])
    for answer, says in (
        ("T1", "lowest reopen rate"), ("T2", "does not follow from these data"), ("Team 4", "is none of T1, T2, T4"),
        (4, "must be one name as text"), (Yes(), "must be one name as text"), (["T4"], "must be one name as text"),
    ):  # fmt: skip
        with pytest.raises(AnswerNotYet) as error:
            expect_name(answer, "T4", among=["T1", "T2", "T4"], slips={"lowest-rate-picked": "T1"})
        assert says in error.value.english
        assert "T4" not in error.value.english.replace("is none of T1, T2, T4", "")


def test_a_letter_passes_in_either_case_and_any_letter_passes_while_no_answer_is_given_away():
    expect_choice("c", "C")
    expect_choice(" C ", "C")
    expect_choice("A")
    for answer, expected, says in (
        ("A", "C", "do not support this statement"), ("E", None, "Choose one letter"), ("", None, "Choose one letter"),
        ("AB", None, "Choose one letter"), (Yes(), "C", "Choose one letter"), (3, "C", "Choose one letter"),
    ):  # fmt: skip
        with pytest.raises(AnswerNotYet, match=says):
            expect_choice(answer, expected)


# ---------------------------------------------------------------------- functions


def test_a_function_gets_a_copy_and_cannot_spoil_the_table():
    frame = pd.DataFrame({"a": [1, 2]})

    def spoils(table):
        table["a"] = 0
        return table

    assert answer_of(spoils, frame)["a"].tolist() == [0, 0]
    assert frame["a"].tolist() == [1, 2]


def test_no_function_an_unwritten_one_and_one_without_return_get_their_own_message():
    def unwritten(table):
        raise NotImplementedError()

    def silent(table):
        pass

    with pytest.raises(AnswerNotYet, match="must stay a function"):
        answer_of(3, RAW)
    with pytest.raises(AnswerNotYet, match="unwritten is not written yet"):
        answer_of(unwritten, RAW)
    with pytest.raises(AnswerNotYet, match="silent returns nothing"):
        answer_of(silent, RAW)


def test_an_error_in_the_trainees_own_code_stays_what_it_is():
    with pytest.raises(KeyError):
        answer_of(lambda table: table["no such column"], RAW)


# ---------------------------------------------------------------------- the hidden data


def test_without_a_grading_seed_there_is_no_hidden_data(monkeypatch, tmp_path, seed):
    monkeypatch.delenv("TRUSTKIT_GRADING_SEED_FILE", raising=False)
    with pytest.raises(GradingSeedMissing, match="is not set"):
        hidden_frame("complaints")
    monkeypatch.setenv("TRUSTKIT_GRADING_SEED_FILE", str(tmp_path / "nothing"))
    with pytest.raises(GradingSeedMissing, match="cannot be read"):
        hidden_frame("complaints")
    for text in ("", "seven", "-7", "٧"):
        seed(text)
        with pytest.raises(GradingSeedMissing):
            hidden_frame("complaints")


def test_the_same_seed_gives_the_same_hidden_data_and_another_seed_others(seed):
    seed("17\n")
    first = hidden_frame("complaints")
    pd.testing.assert_frame_equal(first, hidden_frame("complaints"))
    seed("18")
    assert not first.equals(hidden_frame("complaints"))


@pytest.mark.parametrize("number", [*range(12), 2**31 - 1])
def test_on_hidden_data_another_team_closes_early_and_q3_differs_from_the_shipped_file(number, seed):
    seed(str(number))

    def findings(frame):
        frame = frame.drop_duplicates("complaint_id")
        frame = frame[~(frame["resolved_at"] < frame["opened_at"])]
        quarter = frame["opened_at"].dt.quarter
        trust = frame.groupby(quarter)["trust_post"].mean().astype(float)
        rate = frame.groupby("team")["reopened"].mean().astype(float)
        unasked = frame.groupby("team")["closed_without_confirm"].mean().astype(float)
        assert rate.idxmax() == unasked.idxmax()
        return rate.idxmax(), quarter.value_counts()[3] / quarter.value_counts()[2] - 1, trust[3] - trust[2]

    team, count, trust = findings(hidden_frame("complaints"))
    shipped_team, shipped_count, _ = findings(load_dataset("complaints"))
    assert team != shipped_team
    assert abs(count - shipped_count) > 0.03
    assert trust < -0.05


def test_what_the_seed_varies_can_be_said_otherwise(seed):
    seed("17")
    loud, still = (hidden_frame("complaints", silenced=share) for share in (0.5, 0.0))
    assert (still["opened_at"].dt.quarter == 3).sum() > 1.5 * (loud["opened_at"].dt.quarter == 3).sum()


# ---------------------------------------------------------------------- slips


@pytest.mark.parametrize("name", sorted(read_slips(course_root())))
def test_every_slip_is_explained_in_both_languages(name):
    english, chinese = read_slips(course_root())[name]
    assert english.endswith((".", "?")) and not any("\u4e00" <= sign <= "\u9fff" for sign in english)
    assert chinese.endswith(("。", "？")) and any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
    for line in str(AnswerNotYet(english, chinese)).splitlines():
        assert len(line) + sum(sign >= "\u3000" for sign in line) <= 96


def test_no_two_slips_begin_with_the_same_sentence():
    first = [str(AnswerNotYet(*texts)).splitlines()[0] for texts in read_slips(course_root()).values()]
    assert len(first) == len(set(first))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("- mean-not-median\n", 1, "must map names of slips"),
        ("one-more:\n  en: These are the means.\n", 1, "needs a text in both languages"),
        ("rounded:\n  en: Rounded.\n  zh: 四舍五入。\n", 1, "another slip has the name rounded"),
    ],
)
def test_a_wrong_file_of_slips_is_refused_with_its_line(tmp_path, text, line, says):
    folder = tmp_path / "exercises" / "slips"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("rounded:\n  en: Not round.\n  zh: 不要四舍五入。\n", encoding="utf-8")
    (folder / "b.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=says) as error:
        read_slips(tmp_path)
    assert (error.value.path.name, error.value.line) == ("b.yaml", line)


# ---------------------------------------------------------------------- one number, tables, lists, yes or no


def test_one_number_passes_within_the_tolerance_and_a_slip_is_explained():
    expect_number(np.float64(2.04), 2.0, tolerance=0.05)
    for answer, says in (
        (2.2, "Not right yet."), (20.0, "These are the means"), (None, "There is no number"),
        (Yes(), "must be one number"), ("2", "must be one number, not str"), (True, "must be one number, not bool"),
        (float("nan"), "value is missing"),
    ):  # fmt: skip
        with pytest.raises(AnswerNotYet, match=says):
            expect_number(answer, 2.0, tolerance=0.05, slips={"mean-not-median": 20.0})


TABLE = pd.DataFrame({"mean": [1.0, 2.0], "n": [3, 4]}, index=pd.Index(["T1", "T2"], name="team"))


def test_a_table_of_numbers_passes_in_any_order_of_rows_and_columns():
    expect_table(TABLE.iloc[::-1, ::-1], TABLE, tolerance=0.01)
    expect_table(TABLE + 0.1, TABLE, tolerance={"mean": 0.2, "n": 0.2})


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (TABLE.drop(columns="n"), "columns of your table must be mean, n"),
        (TABLE.iloc[:1], "rows of your table must be T1, T2"),
        (TABLE.assign(mean=[1.0, 7.0]), "Not right yet: T2 . mean"),
        (TABLE.assign(mean=[10.0, 20.0]), "looks like a percentage"),
        (TABLE.assign(mean=["1", "2"]), "must be a number, not str"),
        (LyingFrame(TABLE), "not LyingFrame"),
        ({"mean": 1}, "must be a table"),
    ],
)
def test_another_table_is_refused_with_the_cell_that_is_wrong(answer, says):
    with pytest.raises(AnswerNotYet, match=says):
        expect_table(answer, TABLE, tolerance=0.01, slips={"in-percent": TABLE.assign(mean=[10.0, 20.0])})


def test_a_list_of_names_passes_in_any_order_and_may_be_empty():
    for answer in (["T1", "T4"], {"T4", "T1"}, ("T1", "T4"), pd.Series(["T4", "T1"]), np.array(["T1", "T4"])):
        expect_names(answer, ["T1", "T4"], among=["T1", "T2", "T4"])
    expect_names([], [], among=["T1"])
    for answer, says in (
        (["T1"], "0 names that do not belong there, and 1 are missing"), ("T1", "must be a list of names"),
        (["T9"], "none of T1, T2, T4"), ([Yes()], "must be a list of names"), (["T2"], "lowest reopen rate"),
    ):  # fmt: skip
        with pytest.raises(AnswerNotYet, match=says):
            expect_names(answer, ["T1", "T4"], among=["T1", "T2", "T4"], slips={"lowest-rate-picked": ["T2"]})


def test_only_a_plain_yes_or_no_counts():
    expect_flag(True, True)
    expect_flag(np.bool_(False), False)
    for answer, says in ((1, "must be True or False"), (Yes(), "must be True or False"), (False, "does not follow")):
        with pytest.raises(AnswerNotYet, match=says):
            expect_flag(answer, True)
    with pytest.raises(AnswerNotYet, match="only half of the picture"):
        expect_flag(False, True, slips={"looked-at-count-only": False})


def test_a_condition_that_does_not_hold_is_explained_by_its_slip():
    expect_holds(True, "mean-not-median")
    with pytest.raises(AnswerNotYet, match="These are the means"):
        expect_holds(False, "mean-not-median")


# ---------------------------------------------------------------------- charts


def bars(heights=(1.0, 2.0), *, title="Reopened complaints by team", x="Team", y="Share", bottom=0.0, errors=None):
    ax = Figure().subplots()
    ax.bar(["T1", "T2"], heights, yerr=errors)
    ax.set(title=title, xlabel=x, ylabel=y)
    ax.set_ylim(bottom, 3)
    return ax


def points(values):
    ax = Figure().subplots()
    ax.plot(range(len(values)), values, marker="o")
    ax.set(title="Trust by month", xlabel="Month", ylabel="Trust (1 to 7)")
    return ax


def test_a_chart_that_says_what_it_shows_passes_as_bars_points_or_a_whole_figure():
    expect_chart(bars(), shows=[1.0, 2.0])
    expect_chart(bars().figure, shows={"T1": 1.0, "T2": 2.0})
    expect_chart(points([5.0, 4.5]), shows=pd.Series([5.0, 4.5], index=["a", "b"]))
    expect_chart(bars(errors=[0.1, 0.1]), shows=[1.0, 2.0], intervals=True)


@pytest.mark.parametrize(
    ("chart", "says"),
    [
        (bars(title=" "), "no title"),
        (bars(y=""), "has no label"),
        (bars(x=""), "has no label"),
        (bars(bottom=0.9), "does not begin at zero"),
        (bars(heights=(1.0, 2.5)), "does not show the numbers"),
        (bars(heights=(10.0, 20.0)), "looks like a percentage"),
        (Figure().subplots(), "does not show the numbers"),
        (Yes(), "must be a matplotlib chart"),
        (Figure(), "must be a matplotlib chart"),
        (None, "must be a matplotlib chart"),
    ],
)
def test_a_chart_that_says_too_little_or_something_else_is_refused(chart, says):
    with pytest.raises(AnswerNotYet, match=says):
        expect_chart(chart, shows=[1.0, 2.0], tolerance=0.01, slips={"in-percent": [10.0, 20.0]})


def test_error_bars_may_be_drawn_as_short_lines_but_a_line_across_the_chart_is_none():
    ax = bars()
    ax.axhline(1.5)
    with pytest.raises(AnswerNotYet, match="no intervals"):
        expect_chart(ax, shows=[1.0, 2.0], intervals=True)
    ax.plot([0, 0], [0.9, 1.1])
    expect_chart(ax, shows=[1.0, 2.0], intervals=True)


def test_intervals_are_asked_for_where_they_belong():
    with pytest.raises(AnswerNotYet, match="no intervals"):
        expect_chart(bars(), shows=[1.0, 2.0], intervals=True)
