"""The values of the house policy that lessons and cases speak of: their names, their defaults, how they are said.

A text says `{{goodwill-agent}}` and a reader sees 300, or what the company has put in its place. `{{id number}}`
leaves the unit out, `{{id in words}}` spells the number, `{{id number in words}}` does both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from trustkit.content import ContentError, Document, read_document, stamp
from trustkit.course import CourseNotFound, company_folder, course_root

KINDS = {
    "money": "a whole number of yuan, such as 500",
    "count": "a whole number from 1, such as 5",
    "time": 'a time of the day in quotation marks, such as "17:30"',
    "name": "a name in each language, such as {en: service centre, zh: 服务中心}",
}
"""The kinds of values, each with what an author is to write."""

REFERENCE = re.compile(r"\{\{ *([a-z][a-z0-9-]*)( number)?( in words)? *\}\}")
"""A value in a text: its id, and how it is said."""


class UnknownPolicy(Exception):
    """A text names a policy value that does not exist; the message lists those that do."""


@dataclass(frozen=True)
class Policy:
    """One value of the house policy.

    Attributes:
        id: such as "goodwill-agent".
        kind: one of `KINDS`.
        default: what the course itself says: yuan, a number, minutes after midnight, or a name by language.
        unit: by language what is counted, for one and for many; empty where the number stands alone.
        about: by language what the value is.
        keeps: what keeps the default whatever a company says, such as "drill rules-table".
    """

    id: str
    kind: str
    default: Any
    unit: Mapping[str, tuple[str, str]]
    about: Mapping[str, str]
    keeps: tuple[str, ...]

    def taken(self, value: Any) -> Any | None:
        """Return a value as a person wrote it in the form of `default`; None where it is of another kind."""
        if self.kind == "name":
            sound = isinstance(value, dict) and set(value) == {"en", "zh"}
            return value if sound and all(isinstance(text, str) and text for text in value.values()) else None
        if self.kind == "time" and isinstance(value, str):
            found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value)
            return int(found[1]) * 60 + int(found[2]) if found else None
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        least, most = _ENDS[self.kind]
        return value if least <= value <= most else None


_ENDS = {"money": (0, 1_000_000), "count": (1, 9_999), "time": (60, 1439)}
"""The least and the most of a whole number; YAML reads 17:00 without quotation marks as 1020, the minute meant."""


def read_policies(root: Path | None = None) -> dict[str, Policy]:
    """Return the values that the course knows, by id; none in a course without `book/policies.yaml`.

    Raises:
        ContentError: the file cannot be used; names file and line.
    """
    try:
        path = (root or course_root()) / "book" / "policies.yaml"
    except CourseNotFound:
        return {}
    return _read(path, stamp(path)) if path.is_file() else {}


@lru_cache(maxsize=8)
def _read(path: Path, _: tuple[int, int] | None) -> dict[str, Policy]:
    document = read_document(path)
    return {id_: _policy(document, id_, entry) for id_, entry in document.data.items()}


def _policy(document: Document, id_: str, entry: dict) -> Policy:
    if not isinstance(entry, dict) or entry.get("kind") not in KINDS or "default" not in entry:
        raise document.error((id_,), f"`{id_}` needs a `default` and a `kind`: {', '.join(KINDS)}.", "policy")
    units = {language: (text, text) if isinstance(text, str) else tuple(text) for language, text in
             entry.get("unit", {}).items()}  # fmt: skip
    policy = Policy(id_, entry["kind"], None, units, entry.get("about", {}), tuple(entry.get("keeps", ())))
    default = policy.taken(entry["default"])
    if default is None:
        raise document.error((id_, "default"), f"the default of `{id_}` must be {KINDS[policy.kind]}.", "policy")
    return Policy(id_, policy.kind, default, units, policy.about, policy.keeps)


def defaults(root: Path | None = None) -> dict[str, Any]:
    """Return the course's own values by id."""
    return {id_: policy.default for id_, policy in read_policies(root).items()}


def values(root: Path | None = None) -> dict[str, Any]:
    """Return the values that hold here by id: the company's where it has one of the right kind, else the course's.

    Raises:
        ContentError: a file cannot be read; names file and line.
    """
    known = read_policies(root)
    try:
        company = company_folder(root)
    except CourseNotFound:
        company = None
    own: dict[str, Any] = {}
    if company and (company / "company.yaml").is_file():
        own = _own(company / "company.yaml", stamp(company / "company.yaml"))
    taken = {id_: policy.taken(own[id_]) for id_, policy in known.items() if id_ in own}
    return {id_: policy.default if taken.get(id_) is None else taken[id_] for id_, policy in known.items()}


@lru_cache(maxsize=8)
def _own(path: Path, _: tuple[int, int] | None) -> dict[str, Any]:
    data = read_document(path).data
    own = data.get("policies") if isinstance(data, dict) else None
    return own if isinstance(own, dict) else {}


def broken_by(
    bounds: Mapping[str, Mapping[str, Any]], here: Mapping[str, Any], known: Mapping[str, Policy]
) -> list[str]:
    """Return the ids of the values that lie outside the bounds with which a story holds.

    Args:
        bounds: by id the `least` and the `most`, as an author wrote them.
        here: the values that hold.
        known: the values that the course knows.
    """
    broken = []
    for id_, ends in bounds.items():
        if id_ not in known:
            continue
        least, most = (known[id_].taken(ends[end]) if end in ends else None for end in ("least", "most"))
        if (least is not None and here[id_] < least) or (most is not None and here[id_] > most):
            broken.append(id_)
    return broken


def fill(
    text: str, language: str, here: Mapping[str, Any] | None = None, known: Mapping[str, Policy] | None = None
) -> str:
    """Return a text with every reference said in this language.

    Args:
        text: a text of a page or a case.
        language: "en" or "zh".
        here: the values; those that hold in this course if not given.
        known: what the values are; what this course knows if not given.

    Raises:
        UnknownPolicy: a value that does not exist.
    """
    if "{{" not in text:
        return text
    known = read_policies() if known is None else known
    here = values() if here is None else here

    def said(match: re.Match[str]) -> str:
        if match[1] not in known:
            raise UnknownPolicy(
                f"there is no policy value `{match[1]}`. book/policies.yaml has: {', '.join(known) or 'none'}."
            )
        return say(known[match[1]], here[match[1]], language, unit=not match[2], in_words=bool(match[3]))

    return REFERENCE.sub(said, text)


def unknown_in(text: str, known: Mapping[str, Policy] | None = None) -> list[str]:
    """Return what stands in double braces in a text and names no value of the course."""
    known = read_policies() if known is None else known
    names = [match[1] for match in REFERENCE.finditer(text) if match[1] not in known]
    return [*names, *re.findall(r"\{\{[^}\n]{0,40}\}?\}?", REFERENCE.sub("", text))]


def say(policy: Policy, value: Any, language: str, *, unit: bool = True, in_words: bool = False) -> str:
    """Return a value as a sentence says it.

    >>> say(Policy("x", "count", 5, {"en": ("day", "days")}, {}, ()), 5, "en", in_words=True)
    'five days'
    """
    if policy.kind == "name":
        return value[language]
    if policy.kind == "time":
        return (_TIME[language] if in_words else _clock)(value, unit)
    number = _WORDS[language](value) if in_words else f"{value:,}" if language == "en" else str(value)
    if not unit or language not in policy.unit:
        return number
    counted = policy.unit[language][value != 1]
    if in_words and language == "zh" and value == 2:
        number = "两"
    return f"{number} {counted}" if language == "en" else f"{number}{counted}"


def _clock(minute: int, unit: bool) -> str:
    return f"{minute // 60}:{minute % 60:02}"


_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_DIGITS = "零一二三四五六七八九"


def _english(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = f" and {_english(number % 100)}" if number % 100 else ""
        return f"{_ONES[number // 100]} hundred{rest}"
    if number >= 10_000:
        return f"{number:,}"
    rest = number % 1000
    joined = f"{' and' if rest < 100 else ''} {_english(rest)}" if rest else ""
    return f"{_ONES[number // 1000]} thousand{joined}"


def _chinese(number: int) -> str:
    if number == 0 or number >= 10_000:
        return _DIGITS[0] if number == 0 else str(number)
    said, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + name
        gap = not digit
    return said.removeprefix("一") if 10 <= number < 20 else said


def _english_time(minute: int, part_of_day: bool) -> str:
    if minute == 720:
        return "noon"
    hour, rest = divmod(minute, 60)
    said = {
        0: _ONES[(hour - 1) % 12 + 1], 15: f"a quarter past {_ONES[(hour - 1) % 12 + 1]}",
        30: f"half past {_ONES[(hour - 1) % 12 + 1]}", 45: f"a quarter to {_ONES[hour % 12 + 1]}",
    }.get(rest, f"{(hour - 1) % 12 + 1}:{rest:02}")  # fmt: skip
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    return f"{said} in the {part}" if part_of_day else said


def _chinese_time(minute: int, part_of_day: bool) -> str:
    hour, rest = divmod(minute, 60)
    shown = (hour - 1) % 12 + 1
    counted = "两" if shown == 2 else _chinese(shown)
    said = f"{counted}点" + {0: "", 15: "一刻", 30: "半", 45: "三刻"}.get(rest, f"{_chinese(rest)}分")
    part = next(
        name for end, name in ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上")) if hour < end
    )
    return f"{part}{said}" if part_of_day else said


_WORDS: dict[str, Callable[[int], str]] = {"en": _english, "zh": _chinese}
_TIME: dict[str, Callable[[int, bool], str]] = {"en": _english_time, "zh": _chinese_time}


def place_of_error(path: Path, line: int, problem: UnknownPolicy) -> ContentError:
    """Return the error that says which file and line names a value that does not exist."""
    return ContentError(path, line, f"{problem} Correct the id, or add the value there.", "undefined-policy")
