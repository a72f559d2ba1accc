"""Activities in a notebook: `RolePlay("fridge-failed-twice")`, `Drill("trust-or-not")`, all cases: `CaseRoom()`,
`Simulator("trust-bank")`, `Checker("reply")`."""

from trustkit.widgets.activity import Activity, CannotShow, Drill, RolePlay
from trustkit.widgets.panel import Checker, Simulator
from trustkit.widgets.room import CaseRoom

__all__ = ["Activity", "CannotShow", "CaseRoom", "Checker", "Drill", "RolePlay", "Simulator"]
