"""The text checkers by id; each is one module of standard-library Python that runs in a page and in Jupyter alike."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

MODULES: dict[str, str] = {
    "crisis-statement": "crisis_statement",
    "green-claims": "green_claims",
    "positive-language": "positive_language",
    "privacy": "privacy",
    "promise-extractor": "promise_extractor",
    "reply": "reply",
    "stereotypes": "stereotypes",
    "survey": "survey",
}
"""Which module holds which checker; a new one is added here."""


class UnknownChecker(Exception):
    """There is no checker with this id; the message lists those there are."""


def load(id: str) -> ModuleType:
    """Return the module of a checker.

    Raises:
        UnknownChecker: no such id.
    """
    if id not in MODULES:
        raise UnknownChecker(f"There is no checker `{id}`. The checkers are: {', '.join(sorted(MODULES))}.")
    return import_module(f"{__name__}.{MODULES[id]}")
