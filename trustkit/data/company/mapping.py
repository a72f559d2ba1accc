"""Reads a mapping: the YAML file that says how the columns of an export become the course's complaint table.

`mapping.schema.json` is its form. The three built-in ones, `cfpb.yaml`, `zendesk.yaml` and `freshdesk.yaml`, are
mappings like those that a company writes, and the best examples.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trustkit.content import ContentError, Document, fault, read_document
from trustkit.course import CourseNotFound, course_root
from trustkit.data.dataset import SHIPPED
from trustkit.data.schema import Column, DatasetError, read_schema

BUILT_IN = ("cfpb", "zendesk", "freshdesk")
HOME = Path(__file__).parent
SCHEMA = HOME / "mapping.schema.json"
NEEDED = ("complaint_id", "opened_at")
"""Without these two a row is no complaint."""
UNIT_COLUMN = "first_response_min"

_TEXTS = {
    "disputed": ("flag", "1 if the customer disputed the answer", "1 表示消费者对答复提出异议"),
    "disputed_censored": ("flag", "1 where nobody could dispute, or hardly", "1 表示当时不能或几乎来不及提出异议"),
    "satisfied": ("flag", "1 if the customer said good, 0 if bad", "1 表示客户评价为好，0 为差"),
    "text": ("text", "What the customer wrote, masked", "客户写的内容（已遮盖）"),
}


@dataclass(frozen=True)
class Rule:
    """Where one value of the table comes from.

    Attributes:
        sources: headers that mean the same; the first that the file has is read.
        values: what a value of the file means, by its plain form; None for a missing value.
        unit: unit of a duration.
        above: a flag is 1 where the number is above this.
        minus: the column whose time is taken off, which leaves minutes.
        ended: the day after which nobody was asked; times from `margin_days` before it on are censored.
        remark: what a reader must know of this column, by language.
    """

    sources: tuple[str, ...]
    values: Mapping[str, str | None] | None = None
    unit: str = "minutes"
    above: float | None = None
    minus: str = ""
    ended: datetime | None = None
    margin_days: int = 0
    remark: Mapping[str, str] | None = None


@dataclass(frozen=True)
class ExportMapping:
    """How the columns of an export become the course's; see the head of this module and `mapping.schema.json`.

    Attributes:
        rules: by column of the table, the rules that are tried one after the other until one gives a value.
        only, leave_out, open: by header, the plain forms of values that keep a row, drop it, or say that the
            complaint is still open.
    """

    path: Path
    title: str
    recognised_by: tuple[tuple[str, ...], ...]
    zone: ZoneInfo | None
    times: tuple[str, ...]
    decimal: str
    empty: frozenset[str]
    rules: Mapping[str, tuple[Rule, ...]]
    pseudonyms: frozenset[str]
    names: tuple[str, ...]
    only: Mapping[str, frozenset[str]]
    leave_out: Mapping[str, frozenset[str]]
    open: Mapping[str, frozenset[str]]


@cache
def columns() -> dict[str, Column]:
    """Return the columns that a company's table may have: those of the course's complaints, then the extra ones."""
    try:
        folder = course_root() / "datasets"
    except CourseNotFound:
        # An installed package brings the datasets along.
        folder = SHIPPED
    own = {column.name: column for column in read_schema(folder / "complaints" / "schema.yaml").only.columns}
    extra = {
        name: Column(name, kind, True, (), "", None, None, 0, "", {"en": en, "zh": zh})
        for name, (kind, en, zh) in _TEXTS.items()
    }
    return own | extra


def extra_columns() -> tuple[str, ...]:
    """Return the columns that a company's table may have and the course's has not."""
    return tuple(_TEXTS)


@lru_cache(maxsize=4_096)
def plain(said: str) -> str:
    """Return a header or value without capitals, spaces and signs: `Sub-product` and `sub_product` are one."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", said).casefold() if sign.isalnum())


def zone_of(name: str) -> ZoneInfo | None:
    """Return a time zone by its name, or None where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def find_mapping(named: str) -> ExportMapping:
    """Return the mapping of a built-in name, or of a YAML file.

    Raises:
        DatasetError: there is none of that name, or the file is no such mapping; names file and line.
    """
    if named in BUILT_IN:
        return _built_in(named)
    path = Path(named)
    if path.suffix.lower() not in (".yaml", ".yml") and not path.exists():
        raise DatasetError(
            path, 0, f"there is no such mapping. Built in: {', '.join(BUILT_IN)}; else name a YAML file."
        )
    return read_mapping(path)


def recognise(header: Iterable[str]) -> list[str]:
    """Return the built-in mappings whose headers all stand in a file's header."""
    have = {plain(name) for name in header}
    return [
        name
        for name in BUILT_IN
        if all(have & {plain(one) for one in either} for either in find_mapping(name).recognised_by)
    ]


@cache
def _built_in(name: str) -> ExportMapping:
    return read_mapping(HOME / f"{name}.yaml")


def read_mapping(path: Path) -> ExportMapping:
    """Return the mapping that a YAML file says.

    Raises:
        DatasetError: the file is missing or is no such mapping; the message names the line.
    """
    try:
        document = read_document(path)
        found = fault(document.data, SCHEMA)
        if found:
            place, message = found
            extra = re.search(r" has `([^`]+)`.*, which nothing reads", message)
            raise document.error((*place, extra[1]) if extra else place, message)
        return _mapping(document)
    except ContentError as error:
        raise DatasetError(error.path, error.line, error.message) from None


def _mapping(document: Document) -> ExportMapping:
    data: dict[str, Any] = document.data
    base = find_mapping(data["like"]) if "like" in data else None
    known = columns()
    for name in data["columns"]:
        if name not in known or name == "disputed_censored":
            may = ", ".join(one for one in known if one != "disputed_censored")
            raise document.error(("columns", name), f"there is no column `{name}` in the table. It has: {may}.")
    rules = {**(base.rules if base else {}), **{name: _rules(document, name) for name in data["columns"]}}
    for name in NEEDED:
        if name not in rules:
            raise document.error(("columns",), f"`columns` lacks `{name}`, without which a row is no complaint.")
    zone = base.zone if base else None
    if "zone" in data:
        zone = zone_of(data["zone"])
        if zone is None:
            raise document.error(("zone",), f"there is no time zone `{data['zone']}`. Write one such as Asia/Shanghai.")
    times = tuple(data.get("times", base.times if base else ("iso",)))
    for at, form in enumerate(times):
        if form != "iso" and not _is_form(form):
            raise document.error(("times", at), f"`{form}` is neither `iso` nor a form such as `%d.%m.%Y %H:%M`.")
    recognised = tuple((one,) if isinstance(one, str) else tuple(one) for one in data.get("recognised_by", ()))
    return ExportMapping(
        document.path,
        data.get("title", base.title if base else document.path.stem),
        recognised,
        zone,
        times,
        data.get("decimal", base.decimal if base else "."),
        frozenset(map(_value, data["empty"])) if "empty" in data else base.empty if base else frozenset({""}),
        rules,
        frozenset(data.get("pseudonyms", base.pseudonyms if base else ("customer_id", "agent_id"))),
        tuple(data.get("names", base.names if base else ())),
        *(
            {head: frozenset(plain(str(one)) for one in values) for head, values in data[key].items()}
            if key in data
            else (getattr(base, key) if base else {})
            for key in ("only", "leave_out", "open")
        ),
    )


def _rules(document: Document, name: str) -> tuple[Rule, ...]:
    given = document.data["columns"][name]
    if isinstance(given, list):
        return tuple(_rule(document, name, ("columns", name, at), one) for at, one in enumerate(given))
    return (_rule(document, name, ("columns", name), given),)


def _rule(document: Document, name: str, place: tuple, given: str | dict) -> Rule:
    if isinstance(given, str):
        return Rule((given,))
    column = columns()[name]
    for key, allowed, who in (
        ("unit", name == UNIT_COLUMN, f"only `{UNIT_COLUMN}` has a unit"),
        ("minus", name == UNIT_COLUMN, f"only `{UNIT_COLUMN}` is a difference of times"),
        ("above", column.type == "flag", "only a flag (0 or 1) is read with `above`"),
        ("ended", name == "disputed", "only `disputed` ends on a day"),
        ("margin_days", "ended" in given, "it needs `ended`"),
        ("values", column.type not in ("id", "time", "text"), "ids, times and texts are taken as they are"),
    ):
        if key in given and not allowed:
            raise document.error((*place, key), f"`{key}` cannot stand at `{name}`: {who}.")
    values = None
    if "values" in given:
        values = {}
        for said, means in given["values"].items():
            values[plain(said)] = _meant(document, (*place, "values", said), column, means)
    ended = None
    if "ended" in given:
        try:
            ended = datetime.fromisoformat(given["ended"]).replace(tzinfo=UTC)
        except ValueError:
            raise document.error((*place, "ended"), f"there is no day {given['ended']}.") from None
    remark = given.get("remark")
    sources = given["from"]
    return Rule(
        (sources,) if isinstance(sources, str) else tuple(sources),
        values,
        given.get("unit", "minutes"),
        given.get("above"),
        given.get("minus", ""),
        ended,
        given.get("margin_days", 0),
        {"en": remark} if isinstance(remark, str) else remark,
    )


def _meant(document: Document, place: tuple, column: Column, means: object) -> str | None:
    if means is None:
        return None
    said = _value(means)
    if column.type in ("flag", "whole"):
        least, most = (0, 1) if column.type == "flag" else (column.least, column.most)
        if not re.fullmatch(r"-?\d{1,9}", said) or not (
            (least is None or int(said) >= least) and (most is None or int(said) <= most)
        ):
            wanted = f"a whole number from {least:g}" if least is not None else "a whole number"
            wanted += f" to {most:g}" if most is not None else ""
            raise document.error(place, f"`{said}` is no value of `{column.name}`, which is {wanted}.")
    return said


def _value(given: object) -> str:
    return f"{given:g}" if isinstance(given, float) else str(given)


def _is_form(form: str) -> bool:
    try:
        datetime.strptime(datetime(2024, 12, 25, 13, 30).astimezone(UTC).strftime(form), form)
    except ValueError:
        return False
    return "%" in form and any(sign in form for sign in ("%d", "%j", "%D", "%x", "%c", "%F"))
