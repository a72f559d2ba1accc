"""Simulators and text checkers in a notebook: the page's own panel in a cell, answered by the kernel."""

from __future__ import annotations

from pathlib import Path

from trustkit.panel import KINDS, panel_bundle
from trustkit.widgets.activity import Activity, CannotShow, course_language


class Panel(Activity):
    """What simulators and checkers have in common.

    Args:
        kind: "simulator" or "checker".
        id: its id.
        lang: "en" or "zh"; left out, the language of the course (see `course_language`).

    Raises:
        CannotShow: there is no such activity or language; the message lists those there are.
    """

    def __init__(self, kind: str, id: str, lang: str | None = None, *, folder: Path | None = None):
        language = course_language(lang)
        known = KINDS[kind].MODULES
        if id not in known:
            raise CannotShow(f"There is no {kind} `{id}`. The {kind}s are: {', '.join(sorted(known))}.")
        super().__init__(panel_bundle(kind, id, language), folder)


class Simulator(Panel):
    """A simulator to run: `Simulator("trust-bank")`. Finished runs are scored and kept like those of a role-play."""

    def __init__(self, id: str, lang: str | None = None, *, folder: Path | None = None):
        super().__init__("simulator", id, lang, folder=folder)


class Checker(Panel):
    """A text checker to use: `Checker("reply")`. What is written in it is kept in no file."""

    def __init__(self, id: str, lang: str | None = None, *, folder: Path | None = None):
        super().__init__("checker", id, lang, folder=folder)
