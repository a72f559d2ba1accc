"""Activities in a notebook: `RolePlay("fridge-failed-twice")`, `Drill("trust-or-not")`, all cases: `CaseRoom()`."""

from trustkit.widgets.activity import Activity, CannotShow, Drill, RolePlay
from trustkit.widgets.room import CaseRoom

__all__ = ["Activity", "CannotShow", "CaseRoom", "Drill", "RolePlay"]
