"""Reads single values of an export: times with and without a zone, durations, numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ISO = "iso"
"""The name of all forms of ISO 8601 among the forms of times."""
MINUTES = {"seconds": 1 / 60, "minutes": 1.0, "hours": 60.0, "days": 1440.0}
_CLOCK = re.compile(r"(-?)(\d{1,6}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SWAPPED = str.maketrans(",.", ".,")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


@lru_cache(maxsize=65_536)
def moment(said: str, forms: tuple[str, ...], zone: ZoneInfo) -> datetime | None:
    """Return a time in UTC, or None where no form fits.

    A day without a time stays that day, at 00:00 UTC, whatever the zone. Of an hour that comes twice, when clocks are
    set back, the first is taken.

    Args:
        said: the time as it stands in the file.
        forms: "iso", or forms of `datetime.strptime`, tried in this order.
        zone: where a time without a zone was written.
    """
    for form in forms:
        found, timed = _in_form(said, form)
        if found is None:
            continue
        if not timed:
            return found.replace(tzinfo=UTC)
        try:
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        except OverflowError:
            return None
    return None


def _in_form(said: str, form: str) -> tuple[datetime | None, bool]:
    """Return a time, or None, and whether its form holds hours."""
    if form != ISO:
        try:
            return datetime.strptime(said, form), any(sign in form for sign in ("%H", "%I", "%T", "%X", "%c"))
        except ValueError:
            return None, False
    plain = said.removesuffix(" UTC") + "+00:00" if said.endswith(" UTC") else said
    try:
        return datetime.fromisoformat(plain), "T" in plain or " " in plain
    except ValueError:
        pass
    if _DAY.fullmatch(said):
        year, month, day = map(int, said.split("-"))
        try:
            return datetime(year, month, day), False
        except ValueError:
            pass
    return None, False


def number(said: str, decimal: str = ".") -> float | None:
    """Return a number, or None; `1,250` with commas between thousands is one, `1,5` only where the comma is decimal."""
    if decimal == ",":
        said = said.translate(_SWAPPED)
    if _NUMBER.fullmatch(said):
        return float(said)
    return float(said.replace(",", "")) if _GROUPED.fullmatch(said) else None


def duration(said: str, unit: str, decimal: str = ".") -> float | None:
    """Return a duration in minutes, from `HH:MM`, `HH:MM:SS` or a number of the unit; None where it is neither."""
    clock = _CLOCK.fullmatch(said)
    if clock:
        sign, hours, minutes, seconds = clock.groups()
        if int(minutes) > 59 or int(seconds or 0) > 59:
            return None
        return (-1 if sign else 1) * (int(hours) * 60 + int(minutes) + int(seconds or 0) / 60)
    found = number(said, decimal)
    return None if found is None else found * MINUTES[unit]


def minutes_between(first: datetime, last: datetime) -> float:
    """Return the minutes from one time to another; negative where the last came first."""
    return (last - first) / timedelta(minutes=1)
