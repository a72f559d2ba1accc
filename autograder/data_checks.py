"""What test cells of data labs call: strict comparisons that teach by their messages, and data of a hidden seed.

Every check looks at the exact type before it looks at the value, so that an object equal to everything passes
none, and says in English and in Chinese what was expected of the answer, never the answer.
"""

from __future__ import annotations

import math
import os
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from autograder.running.client import SEED_VARIABLE
from autograder.slips import slip
from trustkit.data import other_data


class AnswerNotYet(AssertionError):
    """An answer that does not hold yet; its message helps the trainee on, in both languages."""

    def __init__(self, english: str, chinese: str):
        self.english, self.chinese = english, chinese
        super().__init__(
            "\n".join((_in_lines(english, r"(?<=[.?]) (?=[A-Z])"), _in_lines(chinese, r"(?<=[。？])(?=.)")))
        )


def _in_lines(text: str, between: str) -> str:
    """Return text with one sentence a line, long ones broken: feedback shows messages in a box that does not wrap."""
    lines = []
    for sentence in re.split(between, text):
        # A Chinese sentence has no spaces to break at, and its signs are two columns wide.
        width = _WIDTH // 2 if any(sign >= "\u3000" for sign in sentence) else _WIDTH
        lines += textwrap.wrap(sentence, width, break_on_hyphens=False) or [sentence]
    return "\n".join(lines)


class GradingSeedMissing(RuntimeError):
    """Grading was started without a seed; the message is for the instructor."""


HiddenFrame = tuple[str, int, str | None, tuple[tuple[str, Any], ...]]
"""Which hidden data: dataset, seed, table and the generator's options."""

_hidden: dict[HiddenFrame, pd.DataFrame] = {}
_WIDTH = 92
_NUMBERS = (int, float, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64,
            np.float16, np.float32, np.float64)  # fmt: skip
_MISSING = (type(None), type(pd.NA), type(pd.NaT))


def grading_seed() -> int:
    """Return the seed that this class is graded with.

    Raises:
        GradingSeedMissing: `TRUSTKIT_GRADING_SEED_VARIABLE` is not set, or the file holds no whole number.
    """
    named = os.environ.get(SEED_VARIABLE)
    if not named:
        raise GradingSeedMissing(f"{SEED_VARIABLE} is not set. Grade with `trustkit grade`, which sets it.")
    try:
        text = Path(named).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise GradingSeedMissing(f"{SEED_VARIABLE} names {named}, which cannot be read as text.") from None
    if not text.isdecimal():
        raise GradingSeedMissing(f"{named} must hold one whole number from 0, the grading seed.")
    return int(text)


def hidden_frame(dataset: str, table: str | None = None, **options: Any) -> pd.DataFrame:
    """Return data of the same kind as a dataset, from the grading seed: other numbers, other names to find.

    Args:
        dataset: the dataset's name.
        table: the table's name, where the dataset has several.
        options: arguments of the generator that are to hold whatever the seed says, such as `effect=0.0`.

    Raises:
        GradingSeedMissing: no grading seed is set.
    """
    wanted = (dataset, grading_seed(), table, tuple(sorted(options.items())))
    # pandas copies on write: a copy costs nothing until somebody writes to it
    return keep_hidden_frames([wanted])[0].copy(deep=False)


def hidden_frames_kept() -> list[HiddenFrame]:
    """Return which hidden data this process has made so far and keeps."""
    return list(_hidden)


def keep_hidden_frames(wanted: Iterable[HiddenFrame]) -> list[pd.DataFrame]:
    """Return hidden data, and keep them: making them takes long."""
    found = []
    for one in wanted:
        if one not in _hidden:
            dataset, seed, table, options = one
            _hidden[one] = other_data(dataset, seed, table, **dict(options))
        found.append(_hidden[one])
    return found


def answer_of(function: Callable[..., Any], *given: Any) -> Any:
    """Return what the trainee's function answers for copies of the tables (and other values) it is given.

    Raises:
        AnswerNotYet: it is not a function, is not written yet, or returns nothing.
    """
    if not callable(function):
        raise AnswerNotYet("This must stay a function (def …).", "这里必须仍是一个函数（def …）。")
    name = getattr(function, "__name__", "this function")
    try:
        tables = pd.DataFrame | pd.Series
        answer = function(*(one.copy(deep=False) if isinstance(one, tables) else one for one in given))
    except NotImplementedError:
        raise AnswerNotYet(
            f"{name} is not written yet. Put your code in place of `raise NotImplementedError()`.",
            f"{name} 还没有写。请把 `raise NotImplementedError()` 换成你的代码。",
        ) from None
    if answer is None:
        raise AnswerNotYet(
            f"{name} returns nothing. Does it end with `return`, and does that line stand inside the function?",
            f"{name} 没有返回结果。最后有没有写 return？这一行是否缩进在函数里面？",
        )
    return answer


def expect_rows(
    answer: Any,
    expected: pd.DataFrame,
    raw: pd.DataFrame,
    *,
    key: str,
    copies: str | None = None,
    slips: Mapping[str, Iterable[Any]] | None = None,
) -> None:
    """Pass a table that holds the expected rows, each once, in any order, with all columns of the raw table.

    Args:
        answer: what the trainee's function returned.
        expected: the table with the right rows.
        raw: the table before rows were dropped.
        key: the column that tells rows apart.
        copies: the slip of keeping a row twice.
        slips: by the name of a slip, the keys of the rows that it keeps or drops by mistake.

    Raises:
        AnswerNotYet: it is no table, lacks a column, or has rows too many or too few.
    """
    _check_table(answer)
    lost = [column for column in raw.columns if column not in answer.columns]
    if lost:
        raise AnswerNotYet(
            f"The column {lost[0]} is gone. Drop rows, keep all columns.",
            f"{lost[0]} 这一列不见了。只删行，列要全部保留。",
        )
    mine = [str(value) for value in answer[key].tolist()]
    wanted, have = {str(value) for value in expected[key].tolist()}, set(mine)
    texts = []
    if len(mine) > len(have):
        texts.append(
            slip(copies) if copies else ("Some rows are in your table twice.", "你的表里有些行出现了两次。")
        )  # fmt: skip
    extra, gone = have - wanted, wanted - have
    for name, keys in (slips or {}).items() if extra or gone else ():
        made = {str(one) for one in keys}
        if extra and extra <= made:
            texts.append(slip(name))
            extra = set()
        elif gone and gone <= made:
            texts.append(slip(name))
            gone = set()
    if extra:
        texts.append((
            f"Your table has {len(extra):,} rows that do not belong there.",
            f"你的表里有 {len(extra):,} 行不该有。",
        ))  # fmt: skip
    if gone:
        texts.append((
            f"Your table lacks {len(gone):,} rows that nothing is wrong with. Drop only what the task says.",
            f"你的表少了 {len(gone):,} 行没有问题的数据。请只删除题目所说的行。",
        ))  # fmt: skip
    if texts:
        raise AnswerNotYet(" ".join(english for english, _ in texts), "".join(chinese for _, chinese in texts))
    keys = raw[key].tolist()
    # of rows that stand there twice, the first
    first = {str(keys[place]): place for place in range(len(keys) - 1, -1, -1)}
    before = np.array([first[one] for one in mine], dtype=int)
    for column in raw.columns:
        if (answer[column].isna().to_numpy() != raw[column].isna().to_numpy()[before]).any():
            raise AnswerNotYet(
                f"Missing values of the column {column} have changed. Leave what is missing as it is.",
                f"{column} 这一列的缺失值变了。缺失的就让它缺着，不要改动。",
            )


def expect_number(
    answer: Any,
    expected: float,
    *,
    tolerance: float,
    slips: Mapping[str, float] | None = None,
    other_data: bool = False,
) -> None:
    """Pass one number; arguments are those of `expect_numbers`.

    Raises:
        AnswerNotYet: another type or another number.
    """
    if type(answer) not in (*_NUMBERS, *_MISSING):
        raise AnswerNotYet(
            f"The answer must be one number, not {_kind(answer)}.", f"答案必须是一个数，而不是 {_kind(answer)}。"
        )
    wrong = {name: {"": float(value)} for name, value in (slips or {}).items()}
    _expect({"": _as_float(answer)}, {"": float(expected)}, {"": tolerance}, wrong, other_data)


def expect_numbers(
    answer: Any,
    expected: Mapping[str, float] | pd.Series,
    *,
    tolerance: float | Mapping[str, float] | pd.Series,
    slips: Mapping[str, Mapping[str, float] | pd.Series] | None = None,
    other_data: bool = False,
) -> None:
    """Pass a Series or dict with the expected names and numbers, in any order.

    Args:
        answer: what the trainee's function returned.
        expected: the right number by name.
        tolerance: how far a number may be off, in its own unit; one for all, or by name.
        slips: what typical mistakes would give, by the name of the slip; a match is explained to the trainee. A
            mistake may give fewer names than expected.
        other_data: whether the answer is for data that the trainee does not see.

    Raises:
        AnswerNotYet: another type, other names, or other numbers.
    """
    mine, wanted = _by_name(answer), _by_name(expected)
    allowed = _by_name(tolerance) if isinstance(tolerance, Mapping | pd.Series) else dict.fromkeys(wanted, tolerance)
    wrong = {name: _by_name(value) for name, value in (slips or {}).items()}
    _expect(mine, wanted, allowed, wrong, other_data)


def expect_table(
    answer: Any,
    expected: pd.DataFrame,
    *,
    tolerance: float | Mapping[str, float],
    slips: Mapping[str, pd.DataFrame] | None = None,
    other_data: bool = False,
) -> None:
    """Pass a table of numbers with the expected row names (its index) and columns, both in any order.

    Args:
        tolerance: how far a number may be off; one for all, or by column.
        slips, other_data: as for `expect_numbers`.

    Raises:
        AnswerNotYet: no table, other rows or columns, or other numbers.
    """
    _check_table(answer)
    for word, chinese, have, want in (
        ("column", "列", answer.columns, expected.columns),
        ("row", "行", answer.index, expected.index),
    ):
        mine, wanted = [str(one) for one in have], [str(one) for one in want]
        if sorted(mine) != sorted(wanted):
            raise AnswerNotYet(
                f"The {word}s of your table must be {_listed(wanted)}. It has: {_listed(mine[:12])}.",
                f"你的表的{chinese}应当是：{_listed(wanted)}。现有：{_listed(mine[:12])}。",
            )
    numbers = _cells(answer)
    allowed = {
        name: (tolerance[name.split(" · ")[1]] if isinstance(tolerance, Mapping) else tolerance) for name in numbers
    }
    wrong = {name: _cells(value) for name, value in (slips or {}).items()}
    _expect(numbers, _cells(expected), allowed, wrong, other_data)


def expect_name(
    answer: Any, expected: str, *, among: Iterable[str], slips: Mapping[str, str | Iterable[str]] | None = None
) -> None:
    """Pass the expected name.

    Args:
        answer: what the trainee's function returned.
        expected: the right name.
        among: all names that could be meant.
        slips: the name, or names, that a typical mistake would give, by the name of the slip.

    Raises:
        AnswerNotYet: no text, a name that does not exist, or another name.
    """
    among = [str(name) for name in among]
    if type(answer) not in (str, np.str_):
        raise AnswerNotYet(
            f"The answer must be one name as text, such as {among[0]!r}, not {_kind(answer)}.",
            f"答案必须是一个名称（文字），例如 {among[0]!r}，而不是 {_kind(answer)}。",
        )
    mine = str(answer)
    if mine not in among:
        raise AnswerNotYet(
            f"{mine!r} is none of {_listed(among)}.", f"{mine!r} 不在可选范围内：{_listed(among)}。"
        )  # fmt: skip
    if mine != str(expected):
        for name, wrong in (slips or {}).items():
            if mine in ([wrong] if isinstance(wrong, str) else [str(one) for one in wrong]):
                raise AnswerNotYet(*slip(name))
        raise AnswerNotYet(
            f"{mine} does not follow from these data. Look again at the numbers behind it.",
            f"这些数据得不出 {mine}。请再看看它背后的数字。",
        )


def expect_names(
    answer: Any, expected: Iterable[str], *, among: Iterable[str], slips: Mapping[str, Iterable[str]] | None = None
) -> None:
    """Pass a list, set, tuple or Series of names that holds exactly the expected ones, in any order.

    Args:
        expected: the right names; it may be none.
        among: all names that could be meant.
        slips: the names that a typical mistake would give, by the name of the slip.

    Raises:
        AnswerNotYet: no collection of names, a name that does not exist, or other names.
    """
    among, wanted = [str(name) for name in among], {str(name) for name in expected}
    if type(answer) in (pd.Series, pd.Index, pd.CategoricalIndex, np.ndarray):
        answer = answer.tolist()
    if type(answer) not in (list, set, tuple, frozenset) or any(type(one) not in (str, np.str_) for one in answer):
        raise AnswerNotYet(
            f"The answer must be a list of names, such as [{among[0]!r}].",
            f"答案必须是名称的列表，例如 [{among[0]!r}]。",
        )
    mine = {str(one) for one in answer}
    if strange := sorted(mine - set(among)):
        raise AnswerNotYet(
            f"{strange[0]!r} is none of {_listed(among)}.", f"{strange[0]!r} 不在可选范围内：{_listed(among)}。"
        )  # fmt: skip
    if mine != wanted:
        for name, wrong in (slips or {}).items():
            if mine == {str(one) for one in wrong}:
                raise AnswerNotYet(*slip(name))
        raise AnswerNotYet(
            f"Your list has {len(mine - wanted)} names that do not belong there, and {len(wanted - mine)} are missing.",
            f"你的列表里有 {len(mine - wanted)} 个不该有的名称，还缺 {len(wanted - mine)} 个。",
        )


def expect_flag(answer: Any, expected: bool, *, slips: Mapping[str, bool] | None = None) -> None:
    """Pass True or False.

    Args:
        slips: what a typical mistake would answer, by the name of the slip.

    Raises:
        AnswerNotYet: neither True nor False, or the other one.
    """
    if type(answer) not in (bool, np.bool_):
        raise AnswerNotYet(
            f"The answer must be True or False, not {_kind(answer)}.",
            f"答案必须是 True 或 False，而不是 {_kind(answer)}。",
        )
    if bool(answer) is not expected:
        for name, wrong in (slips or {}).items():
            if bool(answer) is wrong:
                raise AnswerNotYet(*slip(name))
        raise AnswerNotYet(
            f"{bool(answer)} does not follow from these data. Look again at the numbers behind it.",
            f"这些数据得不出 {bool(answer)}。请再看看它背后的数字。",
        )


def expect_chart(
    answer: Any,
    *,
    shows: Mapping[str, float] | pd.Series | Iterable[float] | None = None,
    tolerance: float = 1e-6,
    intervals: bool = False,
    slips: Mapping[str, Iterable[float]] | None = None,
) -> None:
    """Pass a matplotlib chart with a title and named axes whose bars begin at zero and that shows the numbers.

    Args:
        answer: the Axes or the Figure that the trainee's function returned.
        shows: numbers that must be drawn, as lengths of bars or as points, on either axis.
        tolerance: how far a drawn number may be off.
        intervals: whether intervals (error bars or a band) must be drawn.
        slips: numbers that a typical mistake would draw, by the name of the slip.

    Raises:
        AnswerNotYet: no chart, or one that says too little or shows other numbers.
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if type(answer) is Figure and answer.axes:
        answer = answer.axes[0]
    if type(answer) is not Axes:
        raise AnswerNotYet(
            f"The answer must be a matplotlib chart (the Axes `ax`), not {_kind(answer)}. Return it at the end.",
            f"答案必须是 matplotlib 图（坐标轴 ax），而不是 {_kind(answer)}。请在最后用 return 返回它。",
        )
    drawn = _drawn(answer)
    for name, wrong in (slips or {}).items():
        if shows is not None and not _all_drawn(shows, drawn, tolerance) and _all_drawn(wrong, drawn, tolerance):
            raise AnswerNotYet(*slip(name))
    if shows is not None and not _all_drawn(shows, drawn, tolerance):
        raise AnswerNotYet(*slip("chart-other-numbers"))
    if not (answer.get_title().strip() or answer.get_title("left").strip() or answer.figure.get_suptitle().strip()):
        raise AnswerNotYet(*slip("chart-no-title"))
    if not (answer.get_xlabel().strip() and answer.get_ylabel().strip()):
        raise AnswerNotYet(*slip("chart-no-labels"))
    if _bars_cut(answer):
        raise AnswerNotYet(*slip("chart-cut-axis"))
    if intervals and not _has_intervals(answer):
        raise AnswerNotYet(*slip("chart-no-intervals"))


def expect_holds(condition: bool, slip_name: str) -> None:
    """Pass what a condition says of the answer; where it does not hold, tell the trainee the slip.

    For outcomes that many methods reach, such as a share of alarms in time: work the condition out from an answer
    whose type another check has looked at.

    Raises:
        AnswerNotYet: the condition does not hold.
    """
    if not condition:
        raise AnswerNotYet(*slip(slip_name))


def expect_choice(
    answer: Any, expected: str | None = None, *, among: str = "ABCD", slips: Mapping[str, str] | None = None
) -> None:
    """Pass the expected letter; without an expected one, pass any letter of the list.

    Args:
        slips: the letter that a typical mistake would choose, by the name of the slip.

    Raises:
        AnswerNotYet: no single letter of the list, or another letter.
    """
    if type(answer) is not str or answer.strip().upper() not in tuple(among):
        raise AnswerNotYet(
            f"Choose one letter: {', '.join(among)}.", f"请选一个字母：{'、'.join(among)}。"
        )  # fmt: skip
    if expected is not None and answer.strip().upper() != expected:
        for name, letter in (slips or {}).items():
            if answer.strip().upper() == letter:
                raise AnswerNotYet(*slip(name))
        raise AnswerNotYet(
            "Your results do not support this statement. Which number shows it? Does the file hold that number at all?",
            "你的结果不支持这个说法。哪个数字能说明它？文件里到底有没有这个数字？",
        )


def _by_name(answer: Any) -> dict[str, float]:
    """Return the numbers of a Series or dict by name, refusing everything whose type is not plainly a number."""
    if type(answer) is pd.DataFrame and answer.shape[1] == 1:
        answer = answer.iloc[:, 0]
    if type(answer) is pd.Series:
        pairs = list(zip(answer.index.tolist(), answer.tolist(), strict=True))
    elif type(answer) is dict:
        pairs = list(answer.items())
    else:
        raise AnswerNotYet(
            f"The answer must be a pandas Series or a dict with one number for each name, not {_kind(answer)}.",
            f"答案必须是 pandas Series 或 dict，每个名称对应一个数，而不是 {_kind(answer)}。",
        )
    numbers: dict[str, float] = {}
    for name, value in pairs:
        if type(name) not in (str, np.str_):
            raise AnswerNotYet(
                f"The names must be text, not {_kind(name)} ({str(name)[:40]}).",
                f"名称必须是文字，而不是 {_kind(name)}（{str(name)[:40]}）。",
            )
        if str(name) in numbers:
            raise AnswerNotYet(f"{name} stands in the answer twice.", f"{name} 在答案里出现了两次。")
        if type(value) in _MISSING:
            numbers[str(name)] = math.nan
        elif type(value) in _NUMBERS:
            numbers[str(name)] = _as_float(value)
        else:
            raise AnswerNotYet(
                f"The answer for {name} must be a number, not {_kind(value)}.",
                f"{name} 的答案必须是一个数，而不是 {_kind(value)}。",
            )
    return numbers


def _expect(
    mine: dict[str, float],
    wanted: dict[str, float],
    tolerance: Mapping[str, float],
    slips: Mapping[str, dict[str, float]],
    other_data: bool,
) -> None:
    """Compare numbers by name; the name "" stands for an answer that is one number."""
    for name, wrong in slips.items():
        if set(mine) == set(wrong) and not _far(mine, wrong, tolerance) and (
            set(mine) != set(wanted) or _far(mine, wanted, tolerance)
        ):  # fmt: skip
            raise AnswerNotYet(*slip(name))
    missing = [name for name in wanted if name not in mine]
    if missing:
        raise AnswerNotYet(
            f"The answer has no number for {missing[0]!r}. It has: {_listed(mine)}.",
            f"答案里没有 {missing[0]!r} 对应的数。现有：{_listed(mine)}。",
        )
    extra = [name for name in mine if name not in wanted]
    if extra:
        raise AnswerNotYet(
            f"The answer has a number for {extra[0]!r}, which was not asked for.",
            f"答案里多了 {extra[0]!r} 对应的数，题目没有要求。",
        )
    wrong = _far(mine, wanted, tolerance)
    if not wrong:
        return
    which, where = (f": {_listed(wrong)}", f"：{_listed(wrong)}") if wrong != [""] else ("", "")
    if all(math.isnan(mine[name]) for name in wrong):
        raise AnswerNotYet(
            f"There is no number{which.replace(':', ' for')}: the value is missing. Leave missing values out before "
            "you calculate.",
            f"{where.removeprefix('：') or '答案'} 没有得出数值（结果为空）。计算之前请先去掉缺失值。",
        )
    if any(all(abs(mine[name] - round(wanted[name], digits)) <= 1e-9 for name in wrong) for digits in (1, 2, 3)):
        raise AnswerNotYet(*slip("rounded"))
    if other_data:
        raise AnswerNotYet(
            f"Right on the practice table, but not on other data{which}. Does anything in the function hold for one "
            "table only, or does the task ask for another way?",
            f"练习表上对，换一批数据就不对了{where}。函数里是不是有只适用于某一张表的内容，或者题目要求的是另一种做法？",
        )
    raise AnswerNotYet(
        f"Not right yet{which}. Go through the practice table by hand and compare step by step.",
        f"还不对{where}。请用练习表手工算一遍，逐步对照。",
    )


def _far(mine: dict[str, float], wanted: dict[str, float], tolerance: Mapping[str, float]) -> list[str]:
    # A difference that is not a number is not within the tolerance: hence "not <=".
    return [name for name in mine if not abs(mine[name] - wanted[name]) <= tolerance.get(name, 0) + 1e-9]


def _as_float(value: Any) -> float:
    return math.nan if type(value) in _MISSING else float(value)


def _check_table(answer: Any) -> None:
    if type(answer) is not pd.DataFrame:
        raise AnswerNotYet(
            f"The answer must be a table (pandas DataFrame), not {_kind(answer)}.",
            f"答案必须是一张表（pandas DataFrame），而不是 {_kind(answer)}。",
        )


def _cells(table: pd.DataFrame) -> dict[str, float]:
    """Return the numbers of a table by "row · column"."""
    numbers = {}
    for column in table.columns:
        for name, value in _by_name(table[column].set_axis([str(one) for one in table.index])).items():
            numbers[f"{name} · {column}"] = value
    return numbers


def _drawn(ax: Any) -> np.ndarray:
    """Return every number that the chart shows: lengths of bars, and both coordinates of points and lines."""
    from matplotlib.patches import Rectangle

    found = [patch.get_height() for patch in ax.patches if isinstance(patch, Rectangle)]
    found += [patch.get_width() for patch in ax.patches if isinstance(patch, Rectangle)]
    for line in ax.lines:
        found += [*_plain_numbers(line.get_xdata()), *_plain_numbers(line.get_ydata())]
    for collection in ax.collections:
        found += [*_plain_numbers(np.ravel(collection.get_offsets()))]
    return np.array(found, dtype=float)


def _plain_numbers(values: Any) -> list[float]:
    return [float(value) for value in np.ravel(values) if type(value) in _NUMBERS]


def _all_drawn(numbers: Any, drawn: np.ndarray, tolerance: float) -> bool:
    wanted = list(_by_name(numbers).values()) if isinstance(numbers, Mapping | pd.Series) else list(numbers)
    return len(drawn) > 0 and all(np.nanmin(np.abs(drawn - float(one))) <= tolerance for one in wanted)


def _bars_cut(ax: Any) -> bool:
    """Return whether bars stand on an axis that does not show zero."""
    for bars in ax.containers:
        if not hasattr(bars, "orientation") or not bars.patches:
            continue
        low, high = sorted(ax.get_ylim() if bars.orientation == "vertical" else ax.get_xlim())
        if not low <= 0 <= high:
            return True
    return False


def _has_intervals(ax: Any) -> bool:
    from matplotlib.collections import LineCollection, PolyCollection

    if any(isinstance(one, LineCollection | PolyCollection) for one in ax.collections):
        return True
    # seaborn draws its error bars as short lines, each with one coordinate that stays the same.
    bars = 0
    for line in ax.lines:
        x, y = (np.asarray(_plain_numbers(data)) for data in (line.get_xdata(), line.get_ydata()))
        own = line.get_transform() == ax.transData
        bars += own and len(x) == len(y) >= 2 and (np.ptp(x) == 0) != (np.ptp(y) == 0)
    return bars > 0


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _kind(value: Any) -> str:
    return type(value).__name__
