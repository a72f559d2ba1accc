"""The simulators by id; each is one module of standard-library Python that runs in a page and in Jupyter alike."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

MODULES: dict[str, str] = {
    "bot-threshold": "bot_threshold",
    "closed-loop-ticket": "closed_loop_ticket",
    "inbox": "inbox",
    "promise-ledger": "promise_ledger",
    "trust-bank": "trust_bank",
    "update-policy": "update_policy",
    "war-room": "war_room",
}
"""Which module holds which simulator; a new one is added here."""


class UnknownSimulator(Exception):
    """There is no simulator with this id; the message lists those there are."""


def load(id: str) -> ModuleType:
    """Return the module of a simulator.

    Raises:
        UnknownSimulator: no such id.
    """
    if id not in MODULES:
        raise UnknownSimulator(f"There is no simulator `{id}`. The simulators are: {', '.join(sorted(MODULES))}.")
    return import_module(f"{__name__}.{MODULES[id]}")
