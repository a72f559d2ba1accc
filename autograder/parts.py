"""Says which part of the marks a cell belongs to: role-play, written reply, red line or data lab."""

from __future__ import annotations

import re

ROLE_PLAY = "role-play"
REPLY = "reply"
CRITERION = "criterion"
RED_LINE = "red-line"
LAB = "lab"

CRITERIA = 8
"""Criteria of the reply rubric; each is worth `CRITERION_POINTS`."""
CRITERION_POINTS = 4

PASS_SHARE = {ROLE_PLAY: 0.75, REPLY: 0.75, LAB: 0.80}
"""Share of a part's points that a trainee needs: the course's own rule (mastery, curriculum 6.6)."""

RED_LINE_WORDS = ("red line", "红线")
"""How a marker's comment in the red-line cell begins when a red line was crossed."""

_ATTEMPT_CALL = re.compile(r"\bmarks_for_(?:role_play|drill)\s*\(")


def part_of(source: str, *, solution: bool, task: bool, points: float) -> str:
    """Return the part of a graded cell.

    A task cell is a criterion of the reply, or the red-line item when it is worth no points; a graded cell
    that the trainee writes is the reply itself; a test cell is a role-play when it marks recorded attempts,
    else part of the lab.

    Args:
        source: the cell's text.
        solution: whether the trainee writes the cell.
        task: whether a person marks the cell (nbgrader's task cell).
        points: points of the cell.
    """
    if task:
        return CRITERION if points > 0 else RED_LINE
    if solution:
        return REPLY
    return ROLE_PLAY if _ATTEMPT_CALL.search(source) else LAB


def red_line_in(comment: str | None) -> tuple[bool, bool]:
    """Return whether a comment in the red-line cell reports a red line, and whether it is clear.

    An empty comment means that no red line was crossed. A comment that begins with "RED LINE" or "红线" fails
    the reply. Anything else is unclear: a person has to look again before the reply can pass.
    """
    text = (comment or "").strip().lstrip("*_#> ").casefold()
    if not text:
        return False, True
    if text.startswith(RED_LINE_WORDS):
        return True, True
    return False, False
