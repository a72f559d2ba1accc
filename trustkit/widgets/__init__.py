"""Role-plays and drills in a notebook: `RolePlay("fridge-failed-twice")`, `Drill("trust-or-not")`."""

from trustkit.widgets.activity import Activity, CannotShow, Drill, RolePlay

__all__ = ["Activity", "CannotShow", "Drill", "RolePlay"]
