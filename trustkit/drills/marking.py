"""Marks the answers to a drill by its key; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trustkit.drills.reader import DrillSource


@dataclass(frozen=True)
class Marks:
    """The result of a drill.

    Attributes:
        right, of: right answers, and items.
        missed: ids of the items that were answered wrongly, in the drill's order.
        missed_red_lines: those among them that must be right.
        passed: enough right answers, and every red-line item right.
    """

    right: int
    of: int
    missed: list[str]
    missed_red_lines: list[str]
    passed: bool


def mark(drill: DrillSource, answers: Mapping[str, str]) -> Marks:
    """Return the marks for answers by item id; an item without an answer counts as missed."""
    items = drill.document.data["items"]
    missed = [id_ for id_, item in items.items() if answers.get(id_) != item["key"]]
    red = [id_ for id_ in missed if items[id_].get("red_line", False)]
    right = len(items) - len(missed)
    return Marks(right, len(items), missed, red, right >= drill.document.data["pass"] and not red)
