"""A course kit on customer trust and complaints: `from trustkit import RolePlay, Drill, load_dataset`."""

__all__ = ["CaseRoom", "Checker", "Drill", "RolePlay", "Simulator", "load_dataset"]

_HOMES = {
    "CaseRoom": "trustkit.widgets",
    "Checker": "trustkit.widgets",
    "Drill": "trustkit.widgets",
    "RolePlay": "trustkit.widgets",
    "Simulator": "trustkit.widgets",
    "load_dataset": "trustkit.data",
}


def __getattr__(name):
    # Loaded when first asked for, so that `import trustkit` needs nothing installed and costs nothing.
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'trustkit' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
