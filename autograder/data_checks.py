"""What test cells of data labs call: strict comparisons that teach by their messages, and data of a hidden seed.

Every check looks at the exact type before it looks at the value, so that an object equal to everything passes
none, and says in English and in Chinese what was expected of the answer, never the answer.
"""

from __future__ import annotations

import math
import os
import random
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trustkit.data import generate_dataset

SEED_FILE = "TRUSTKIT_GRADING_SEED_FILE"
"""The environment variable that names the file with the class's grading seed; set only while grading."""


class AnswerNotYet(AssertionError):
    """An answer that does not hold yet; its message helps the trainee on, in both languages."""

    def __init__(self, english: str, chinese: str):
        # One sentence a line: feedback shows messages in a box that does not wrap.
        self.english, self.chinese = english, chinese
        lines = re.sub(r"(?<=[.?]) (?=[A-Z])", "\n", english), re.sub(r"(?<=[。？])(?=.)", "\n", chinese)
        super().__init__("\n".join(lines))


class GradingSeedMissing(RuntimeError):
    """Grading was started without a seed; the message is for the instructor."""


SLIPS: dict[str, tuple[str, str]] = {
    "kept-the-copies": (
        "Some complaints are in your table twice. A complaint_id may stand there only once.",
        "你的表里有些投诉出现了两次。每个 complaint_id 只能出现一次。",
    ),
    "kept-impossible-times": (
        "Some complaints in your table are closed before they are opened. Drop those rows.",
        "你的表里有些投诉的结案时间早于收到时间。请删去这些行。",
    ),
    "dropped-open-complaints": (
        "Complaints that are still open are gone from your table. They have no resolved_at. A comparison with a "
        "missing time is never true, so keep those rows apart.",
        "还没有结案的投诉从你的表里消失了。它们没有 resolved_at，与空值比较的结果不会为真，请单独保留这些行。",
    ),
    "mean-not-median": (
        "These are the means. A few very long waits pull the mean up. The median is the wait of the complaint in "
        "the middle.",
        "这些是平均数。少数特别长的等待会把平均数拉高；中位数是排在正中间的那起投诉的等待时间。",
    ),
    "missing-as-zero": (
        "A missing time was counted as 0 minutes. We do not know those waits: leave them out.",
        "缺失的时间被当成了 0 分钟。这些等待时间我们并不知道：请不要计入。",
    ),
    "share-of-all-reopened": (
        "This is each team's share of all reopened complaints. A large team then looks bad because it is large. "
        "Divide by the team's own closed complaints.",
        "这是各班组占全部重开投诉的比例。这样算，大班组只因为大就显得差。请除以该班组自己的已结案投诉数。",
    ),
    "open-counted-as-closed": (
        "Complaints that are still open were counted as if they were closed. Leave out the rows where reopened is "
        "missing.",
        "未结案的投诉被当成已结案的算进去了。请不要计入 reopened 为空的行。",
    ),
    "number-not-rate": (
        "These are numbers of complaints. A rate is a share of the team's closed complaints, from 0 to 1.",
        "这些是投诉起数。比率是占该班组已结案投诉的比例，从 0 到 1。",
    ),
    "rounded": (
        "These numbers are rounded. Return them as they are.",
        "这些数四舍五入过了。请按原样返回。",
    ),
    "in-percent": (
        "This looks like a percentage. Give a share: 0.25 for 25 %.",
        "这看起来是百分数。请写成小数：25% 写作 0.25。",
    ),
    "wrong-way-round": (
        "Your sign is the wrong way round. A change is the third quarter against the second: negative when it fell.",
        "正负号弄反了。变化是第三季度与第二季度相比：下降为负。",
    ),
    "looked-at-count-only": (
        "The count is only half of the picture. Compare the mean of trust_post in the two quarters as well.",
        "投诉数量只是一半。请同时比较两个季度 trust_post 的平均值。",
    ),
    "largest-number-of-reopened": (
        "This team has the largest number of reopened complaints because it handles the most. Compare rates.",
        "这个班组重开的投诉起数最多，是因为它处理的投诉最多。请比较比率。",
    ),
    "lowest-rate-picked": (
        "This team has the lowest reopen rate. Closing too early shows in the opposite.",
        "这个班组的重开率最低。过早结案的表现恰恰相反。",
    ),
}
"""Slips that checks recognise: by name, what to tell the trainee in English and in Chinese."""

_NUMBERS = (int, float, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64,
            np.float16, np.float32, np.float64)  # fmt: skip
_MISSING = (type(None), type(pd.NA), type(pd.NaT))


def grading_seed() -> int:
    """Return the seed that this class is graded with.

    Raises:
        GradingSeedMissing: `TRUSTKIT_GRADING_SEED_FILE` is not set, or the file holds no whole number.
    """
    named = os.environ.get(SEED_FILE)
    if not named:
        raise GradingSeedMissing(f"{SEED_FILE} is not set. Grade with `trustkit grade`, which sets it.")
    try:
        text = Path(named).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise GradingSeedMissing(f"{SEED_FILE} names {named}, which cannot be read as text.") from None
    if not text.isdecimal():
        raise GradingSeedMissing(f"{named} must hold one whole number from 0, the grading seed.")
    return int(text)


def hidden_frame(dataset: str = "complaints", *, cleaned: bool = True) -> pd.DataFrame:
    """Return data of the same kind as a dataset, from the grading seed: other numbers, another team to find.

    Args:
        dataset: the dataset's name.
        cleaned: whether copies and impossible times are already gone, as in an answer to the first task.

    Raises:
        GradingSeedMissing: no grading seed is set.
    """
    frame = _HIDDEN[dataset](grading_seed())
    if cleaned:
        frame = frame.drop_duplicates("complaint_id")
        frame = frame[~(frame["resolved_at"] < frame["opened_at"])]
    return frame.reset_index(drop=True)


def answer_of(function: Callable[..., Any], *frames: pd.DataFrame) -> Any:
    """Return what the trainee's function answers for copies of the frames.

    Raises:
        AnswerNotYet: it is not a function, is not written yet, or returns nothing.
    """
    if not callable(function):
        raise AnswerNotYet("This must stay a function (def …).", "这里必须仍是一个函数（def …）。")
    name = getattr(function, "__name__", "this function")
    try:
        answer = function(*(frame.copy() for frame in frames))
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


def expect_rows(answer: Any, expected: pd.DataFrame, raw: pd.DataFrame, key: str = "complaint_id") -> None:
    """Pass a table that holds the expected rows, each once, in any order, with all columns of the raw table.

    Args:
        answer: what the trainee's function returned.
        expected: the table with the right rows.
        raw: the table before cleaning.
        key: the column that tells rows apart.

    Raises:
        AnswerNotYet: it is no table, lacks a column, or has rows too many or too few.
    """
    if type(answer) is not pd.DataFrame:
        raise AnswerNotYet(
            f"The answer must be a table (pandas DataFrame), not {_kind(answer)}.",
            f"答案必须是一张表（pandas DataFrame），而不是 {_kind(answer)}。",
        )
    lost = [column for column in raw.columns if column not in answer.columns]
    if lost:
        raise AnswerNotYet(
            f"The column {lost[0]} is gone. Drop rows, keep all columns.",
            f"{lost[0]} 这一列不见了。只删行，列要全部保留。",
        )
    mine = [str(value) for value in answer[key]]
    wanted, have = set(expected[key].astype(str)), set(mine)
    slips = []
    if len(mine) > len(have):
        slips.append("kept-the-copies")
    by_key = raw.drop_duplicates(key).set_index(key)
    extra, gone = have - wanted, wanted - have
    if extra and extra <= set(by_key.index[by_key["resolved_at"] < by_key["opened_at"]]):
        slips.append("kept-impossible-times")
        extra = set()
    if gone and gone <= set(by_key.index[by_key["resolved_at"].isna()]):
        slips.append("dropped-open-complaints")
        gone = set()
    texts = [SLIPS[slip] for slip in slips]
    if extra:
        texts.append((
            f"Your table has {len(extra):,} complaints that do not belong there.",
            f"你的表里有 {len(extra):,} 起不该有的投诉。",
        ))  # fmt: skip
    if gone:
        texts.append((
            f"Your table lacks {len(gone):,} complaints that nothing is wrong with. Drop only what the two rules say.",
            f"你的表少了 {len(gone):,} 起没有问题的投诉。请只删除两条规则所说的行。",
        ))  # fmt: skip
    if texts:
        raise AnswerNotYet(" ".join(english for english, _ in texts), "".join(chinese for _, chinese in texts))
    kept = answer.set_index(key)
    for column in kept.columns.intersection(by_key.columns):
        if bool((kept[column].isna() != by_key[column].isna().loc[kept.index]).any()):
            raise AnswerNotYet(
                f"Missing values of the column {column} have changed. Leave what is missing as it is.",
                f"{column} 这一列的缺失值变了。缺失的就让它缺着，不要改动。",
            )


def expect_numbers(
    answer: Any,
    expected: Mapping[str, float] | pd.Series,
    *,
    tolerance: float,
    slips: Mapping[str, Mapping[str, float] | pd.Series] | None = None,
    other_data: bool = False,
) -> None:
    """Pass a Series or dict with the expected names and numbers, in any order.

    Args:
        answer: what the trainee's function returned.
        expected: the right number by name.
        tolerance: how far a number may be off, in its own unit.
        slips: what typical mistakes would give, by their name in `SLIPS`; a match is explained to the trainee. A
            mistake may give fewer names than expected.
        other_data: whether the answer is for data that the trainee does not see.

    Raises:
        AnswerNotYet: another type, other names, or other numbers.
    """
    mine = _by_name(answer)
    wanted = _by_name(expected)
    for slip, wrong in (slips or {}).items():
        wrong = _by_name(wrong)
        if set(mine) == set(wrong) and not _far(mine, wrong, tolerance) and (
            set(mine) != set(wanted) or _far(mine, wanted, tolerance)
        ):  # fmt: skip
            raise AnswerNotYet(*SLIPS[slip])
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
    if wrong:
        if all(math.isnan(mine[name]) for name in wrong):
            raise AnswerNotYet(
                f"There is no number for {_listed(wrong)}: the value is missing. Leave missing values out before "
                "you calculate.",
                f"{_listed(wrong)} 没有得出数值（结果为空）。计算之前请先去掉缺失值。",
            )
        if any(all(abs(mine[name] - round(wanted[name], digits)) <= 1e-9 for name in wrong) for digits in (1, 2, 3)):
            raise AnswerNotYet(*SLIPS["rounded"])
        if other_data:
            raise AnswerNotYet(
                f"Right on the practice table, but not on other complaints: {_listed(wrong)}. Does "
                "anything in the function hold for one table only?",
                f"练习表上对，换一批投诉就不对了：{_listed(wrong)}。函数里是不是有只适用于某一张表的内容？",
            )
        raise AnswerNotYet(
            f"Not right yet: {_listed(wrong)}. Go through the practice table by hand and compare step by step.",
            f"还不对的有：{_listed(wrong)}。请用练习表手工算一遍，逐步对照。",
        )


def expect_name(answer: Any, expected: str, *, among: Iterable[str], slips: Mapping[str, str] | None = None) -> None:
    """Pass the expected name.

    Args:
        answer: what the trainee's function returned.
        expected: the right name.
        among: all names that could be meant.
        slips: the names that typical mistakes would give, by the mistake's name in `SLIPS`.

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
        for slip, wrong in (slips or {}).items():
            if mine == str(wrong):
                raise AnswerNotYet(*SLIPS[slip])
        raise AnswerNotYet(
            f"{mine} does not follow from these data. Look at the rates you computed, and at which complaints were "
            "closed without asking the customer.",
            f"这些数据得不出 {mine}。请看你算出的重开率，以及哪些投诉没有向客户核实就结了案。",
        )


def expect_choice(answer: Any, expected: str | None = None, *, among: str = "ABCD") -> None:
    """Pass the expected letter; without an expected one, pass any letter of the list.

    Raises:
        AnswerNotYet: no single letter of the list, or another letter.
    """
    if type(answer) is not str or answer.strip().upper() not in tuple(among):
        raise AnswerNotYet(
            f"Choose one letter: {', '.join(among)}.", f"请选一个字母：{'、'.join(among)}。"
        )  # fmt: skip
    if expected is not None and answer.strip().upper() != expected:
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
            numbers[str(name)] = float(value)
        else:
            raise AnswerNotYet(
                f"The answer for {name} must be a number, not {_kind(value)}.",
                f"{name} 的答案必须是一个数，而不是 {_kind(value)}。",
            )
    return numbers


def _far(mine: dict[str, float], wanted: dict[str, float], tolerance: float) -> list[str]:
    # A difference that is not a number is not within the tolerance: hence "not <=".
    return [name for name in wanted if not abs(mine[name] - wanted[name]) <= tolerance + 1e-9]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _kind(value: Any) -> str:
    return type(value).__name__


def _other_complaints(seed: int) -> pd.DataFrame:
    # Whoever answers with a name or a number of the shipped file instead of a method must fail here: another team
    # closes early, and the third quarter differs by more than chance and tolerance can.
    draw = random.Random(seed)
    return generate_dataset(
        "complaints",
        seed,
        early_closer=draw.choice(("T1", "T2", "T3", "T5", "T6")),
        silenced=draw.choice((0.19, 0.22, 0.38, 0.41)),
        trust_loss=draw.choice((0.16, 0.19, 0.42, 0.45)),
    )


_HIDDEN: dict[str, Callable[[int], pd.DataFrame]] = {"complaints": _other_complaints}
