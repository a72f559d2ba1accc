"""Knows how Moodle and Canvas name what they put into the archive of an assignment's hand-ins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Moodle's mod_assign downloader and Canvas' content zipper, as of 2026: the names are built there.
_MOODLE = r"(?P<name>.*?)(?:[_-](?P<id>\d+))?_assignsubmission_(?P<plugin>[a-z]+)"
_MOODLE_FOLDER = re.compile(_MOODLE + r"_?")
_MOODLE_FLAT = re.compile(_MOODLE + r"_(?P<file>.+)")
_CANVAS = re.compile(r"(?P<name>.+?)(?:_late)?_(?P<id>\d+)_(?P<order>\d+)_(?P<file>.+)", re.IGNORECASE)
_CANVAS_HIDDEN = re.compile(r"(?:late_)?anon(?:ymous)?_(?P<id>[0-9a-z]+)_(?P<order>\d+)_(?P<file>.+)", re.IGNORECASE)
_CANVAS_PAGE = re.compile(r".+?_(?P<kind>text|link)\.html", re.IGNORECASE)


@dataclass(frozen=True)
class Submitter:
    """Who handed in, as the LMS names them.

    Attributes:
        system: "moodle" or "canvas".
        name: in Moodle the full name; in Canvas last and first name in one word; empty where names are hidden.
        id: the LMS' number of the person. Moodle gives a person another number in each assignment.
    """

    system: str
    name: str
    id: str


@dataclass(frozen=True)
class Handed:
    """What the LMS' name of one file says.

    Attributes:
        submitter: who handed it in.
        parts: the path of the file as the person handed it in.
        order: Canvas' number of the file; a later file has a higher one. 0 in Moodle.
        passed_over: why this is nothing to be collected, or an empty text.
    """

    submitter: Submitter
    parts: tuple[str, ...]
    order: int = 0
    passed_over: str = ""


def read_names(paths: Sequence[tuple[str, ...]]) -> list[Handed | None]:
    """Return for each path of an archive (or of a folder that one was unpacked into) what its name says.

    Moodle's names are known one by one. Canvas' names look like many others, so they count only where most
    files of the archive have them.
    """
    found = [_moodle(parts) for parts in paths]
    if any(found) or not paths:
        return found
    # an archive that was unpacked and packed again has one folder around all files
    depth = 2 if len({parts[0] for parts in paths}) == 1 and all(len(parts) > 1 for parts in paths) else 1
    canvas = [_canvas(parts[-1]) if len(parts) == depth else None for parts in paths]
    known, at_top = sum(one is not None for one in canvas), sum(len(parts) == depth for parts in paths)
    return canvas if any(one and not one.passed_over for one in canvas) and 2 * known > at_top else found


def _moodle(parts: tuple[str, ...]) -> Handed | None:
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        match = (_MOODLE_FLAT if last else _MOODLE_FOLDER).fullmatch(part)
        if match:
            submitter = Submitter("moodle", match["name"].replace("_", " ").strip(), match["id"] or "")
            plugin = match["plugin"]
            why = "" if plugin == "file" else f"this is Moodle's `{plugin}`, no file that somebody handed in"
            return Handed(submitter, (match["file"],) if last else parts[place + 1 :], 0, why)
    return None


def _canvas(name: str) -> Handed | None:
    hidden = _CANVAS_HIDDEN.fullmatch(name)
    match = hidden or _CANVAS.fullmatch(name)
    if match:
        submitter = Submitter("canvas", "" if hidden else match["name"], match["id"])
        return Handed(submitter, (match["file"],), int(match["order"]))
    page = _CANVAS_PAGE.fullmatch(name)
    if page:
        kind = "a text typed into Canvas" if page["kind"].casefold() == "text" else "a link handed in to Canvas"
        return Handed(Submitter("canvas", "", ""), (name,), 0, f"this is {kind}, no file that somebody handed in")
    return None
