"""One measured figure with the goal it is held against."""

from __future__ import annotations

import operator
from dataclasses import asdict, dataclass

_SIGNS = {"<": operator.lt, ">": operator.gt}


@dataclass(frozen=True)
class Figure:
    """A measured value, its unit and its goal, such as "< 50"."""

    name: str
    value: float
    unit: str
    goal: str

    @property
    def holds(self) -> bool:
        sign, limit = self.goal.split()
        return _SIGNS[sign](self.value, float(limit))

    def as_dict(self) -> dict:
        """Return it in the form of `_build/bench.json`."""
        return {**asdict(self), "holds": self.holds}
