"""How well a checker finds: precision and recall of each kind over lines that were labelled by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """How one kind was found in a set of lines.

    Attributes:
        right: lines that have it and where it was found.
        wrong: lines where it was found and that do not have it.
        missed: lines that have it and where it was not found.
    """

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """The share of right ones among those found, 0–1; None where none was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """The share of those found among all that are there, 0–1; None where there are none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None


def measure(labelled: Sequence[Iterable[str]], found: Sequence[Iterable[str]]) -> dict[str, Found]:
    """Return how each kind was found.

    Args:
        labelled: for each line, the kinds that a person saw in it.
        found: for each line, the kinds that the checker found, in the same order.
    """
    if len(labelled) != len(found):
        raise ValueError(f"there are labels for {len(labelled)} lines and findings for {len(found)}.")
    pairs = [(set(there), set(said)) for there, said in zip(labelled, found)]
    kinds = sorted(set().union(*(there | said for there, said in pairs))) if pairs else []
    return {
        kind: Found(
            sum(kind in there and kind in said for there, said in pairs),
            sum(kind not in there and kind in said for there, said in pairs),
            sum(kind in there and kind not in said for there, said in pairs),
        )
        for kind in kinds
    }
