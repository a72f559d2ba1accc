"""Marks the answers to a drill by its key; pure, in whole numbers, the same as the player in the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trustkit.drills.kinds import Answer, is_right, kind_of, scale_of
from trustkit.drills.reader import FEWEST_FOR_KAPPA, DrillSource

WHOLE = 1000
"""Shares are given in thousandths."""


@dataclass(frozen=True)
class Marks:
    """The result of a drill.

    Attributes:
        right, of: right answers, and items.
        missed: ids of the items that were answered wrongly, in the drill's order.
        missed_red_lines: those among them that must be right.
        f1: F1 over all marks of mark-in-text items, in thousandths, rounded down; None without such items.
        kappa: quadratic weighted kappa over the rate items, in thousandths, rounded down (negative where the
            agreement is worse than chance); None with fewer than eight of them, or where their scales differ.
        passed: what the drill asks for is reached, and every red-line item is right.
    """

    right: int
    of: int
    missed: list[str]
    missed_red_lines: list[str]
    f1: int | None
    kappa: int | None
    passed: bool

    @property
    def scores(self) -> dict:
        """The result as an attempt record keeps it: `f1` and `kappa` only where there are any."""
        found = {"right": self.right, "of": self.of, "passed": self.passed}
        return found | {name: share for name in ("f1", "kappa") if (share := getattr(self, name)) is not None}


def mark(drill: DrillSource, answers: Mapping[str, Answer]) -> Marks:
    """Return the marks for answers by item id; an item without an answer counts as missed."""
    data = drill.document.data
    items = data["items"]
    missed = [id_ for id_, item in items.items() if not is_right(item, answers.get(id_))]
    red = [id_ for id_ in missed if items[id_].get("red_line", False)]
    right = len(items) - len(missed)
    marked = [id_ for id_, item in items.items() if kind_of(item) == "mark-in-text"]
    f1 = f1_of((items[id_]["key"], answers.get(id_, [])) for id_ in marked) if marked else None
    kappa = _kappa(data, answers)
    reached = [right >= data.get("pass", 0), (f1 or 0) >= data.get("pass_f1", 0)]
    if "pass_kappa" in data:
        reached.append(kappa is not None and kappa >= data["pass_kappa"])
    return Marks(right, len(items), missed, red, f1, kappa, all(reached) and not red)


def f1_of(marks: Iterable[tuple[Iterable[str], Iterable[str]]]) -> int:
    """Return F1 in thousandths over pairs of what was to be marked and what was marked, counted together.

    F1 is the harmonic mean of precision and recall: twice the hits over all that was marked and all that was
    to be marked. Where nothing was to be marked and nothing was, all is right.
    """
    hits = both = 0
    for wanted, got in marks:
        wanted, got = set(wanted), set(got)
        hits += len(wanted & got)
        both += len(wanted) + len(got)
    return 2 * hits * WHOLE // both if both else WHOLE


def kappa_of(ratings: Iterable[tuple[int, int]]) -> int:
    """Return the quadratic weighted kappa of pairs of ratings in thousandths (Cohen 1968).

    One minus the squared distance within the pairs over the mean squared distance between every left and every
    right rating, which is what chance would give. Where all ratings are one and the same, all agree.
    """
    pairs = list(ratings)
    seen = len(pairs) * sum((left - right) ** 2 for left, right in pairs)
    by_chance = sum((left - right) ** 2 for left, _ in pairs for _, right in pairs)
    return (by_chance - seen) * WHOLE // by_chance if by_chance else WHOLE


def _kappa(data: dict, answers: Mapping[str, Answer]) -> int | None:
    rated = {id_: item for id_, item in data["items"].items() if kind_of(item) == "rate"}
    scales = {tuple(scale_of(data, item)) for item in rated.values()}
    if len(rated) < FEWEST_FOR_KAPPA or len(scales) > 1 or not set(rated) <= set(answers):
        return None
    return kappa_of((answers[id_], item["key"]) for id_, item in rated.items())
