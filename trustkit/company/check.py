"""Checks a company's overlay: every problem with its file and line, what is wrong and what to do."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from trustkit.cases.lint import cards_of_the_course, lint_case
from trustkit.cases.reader import read_case
from trustkit.company.colours import LEAST, MODES, ROLES, course_style, is_colour, least_contrast, near_colour, papers
from trustkit.company.overlay import read_company
from trustkit.company.picture import faults
from trustkit.content import ContentError, Document, Place, fault
from trustkit.course import course_root
from trustkit.policies import KINDS, broken_by, defaults, read_policies, say, unknown_in

SCHEMA = Path(__file__).with_name("company.schema.json")
SEVERITIES = ("error", "warning", "note")
"""An error stops a build; a warning should be seen to; a note says what stays as the course has it."""

_CARD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_MARK = re.compile(r"\{([a-z][a-z-]*)\}`")
_BARRED_IN_CARDS = re.compile(r"(?m)^\s*(?:`{3,}|:{3,}|~{3,}|\.\. )|</?[a-zA-Z!]|!\[|\]\((?!#)")


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong with an overlay, or that its author should know; sorts by file and line."""

    path: Path
    line: int
    severity: str
    message: str

    def __str__(self) -> str:
        place = os.path.relpath(self.path)
        return f"{place}:{self.line}: {self.severity} {self.message}"

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"path": str(self.path), "line": self.line, "severity": self.severity, "message": self.message}


Report = Callable[..., None]


def check_company(folder: Path, root: Path | None = None) -> list[Finding]:
    """Return everything that is wrong with an overlay, by file and line; nothing in it is run.

    Its own cases are judged with the cards and values of the overlay that is used: let the environment variable
    `TRUSTKIT_COMPANY` name it, where it is not `company/` of the course.

    Args:
        folder: the overlay's folder.
        root: the course; found by `course_root` if not given.
    """
    root = root or course_root()
    try:
        document = read_company(folder)
    except ContentError as error:
        return [Finding(error.path, max(error.line, 1), "error", error.message)]
    found: list[Finding] = []

    def report(place: Place, message: str, severity: str = "error", path: Path | None = None, line: int = 0) -> None:
        found.append(Finding(path or document.path, line or document.line(place), severity, message))

    sound = _form(document, report)
    languages = sound.get("languages", ["en", "zh"])
    if "name" not in sound:
        report((), "the company has no `name`. Write `name: {en: …, zh: …}`.")
    _texts(sound, languages, report)
    _pictures(folder, sound, report)
    _colours(root, sound, report)
    _policies(root, sound, report)
    _cards(folder, root, sound, document.data.get("rules", {}), report)
    _cases(folder, root, report)
    return sorted(set(found))


def _form(document: Document, report: Report) -> dict:
    """Report what does not have the form of the schema; return the rest."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    data = deepcopy(document.data)
    for place, keys, known in list(_strangers(data, schema, schema["definitions"], ())):
        for key in keys:
            close = get_close_matches(str(key), known, n=1, cutoff=0.5)
            cure = f"Did you mean `{close[0]}`?" if close else f"Known here: {', '.join(sorted(known))}."
            report((*place, key), f"nothing reads the key `{key}`. {cure}")
            _remove(data, (*place, key))
    while broken := fault(data, SCHEMA):
        place, words = broken
        if place and place[-1] in _FORMS:
            words = f"`{'.'.join(map(str, place))}` is `{_at(data, place)}`, but it must be {_FORMS[place[-1]]}."
        report(place, words)
        if not place:
            return {}
        _remove(data, place)
    return data


_FORMS = {
    "date": "a day as in 2026-11-01",
    "mail": "an address as in training@example.com",
    "version": "a number or a text",
}
"""What the values are whose form no sentence of the schema tells a person."""


def _strangers(data: Any, schema: dict, named: dict, place: Place) -> Iterator[tuple[Place, list, list[str]]]:
    if "$ref" in schema:
        schema = named[schema["$ref"].rpartition("/")[2]]
    if not isinstance(data, dict):
        return
    known, rest = schema.get("properties", {}), schema.get("additionalProperties")
    if rest is False and (extra := [key for key in data if key not in known]):
        yield place, extra, list(known)
    for key, value in data.items():
        inner = known.get(key, rest if isinstance(rest, dict) else {})
        yield from _strangers(value, inner, named, (*place, key))


def _at(data: Any, place: Place) -> Any:
    for step in place:
        data = data[step]
    return data


def _remove(data: Any, place: Place) -> None:
    del _at(data, place[:-1])[place[-1]]


def _texts(data: dict, languages: list[str], report: Report) -> None:
    """Report every text that an edition lacks."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    names = {"en": "English", "zh": "Chinese"}
    for place, pair in _pairs(data, schema, schema["definitions"], ()):
        for language in languages:
            if not pair.get(language):
                where = ".".join(str(step) for step in place)
                report(
                    place, f"`{where}` has no {names[language]} text. Add `{language}: …`, or publish without that "
                    f"edition (`languages: [{'en' if language == 'zh' else 'zh'}]`).",
                )  # fmt: skip


def _pairs(data: Any, schema: dict, named: dict, place: Place) -> Iterator[tuple[Place, dict]]:
    if schema.get("$ref", "").endswith("/both"):
        yield place, data
        return
    if "$ref" in schema:
        schema = named[schema["$ref"].rpartition("/")[2]]
    if isinstance(data, dict):
        rest = schema.get("additionalProperties")
        for key, value in data.items():
            inner = schema.get("properties", {}).get(key, rest if isinstance(rest, dict) else {})
            yield from _pairs(value, inner, named, (*place, key))


def _pictures(folder: Path, data: dict, report: Report) -> None:
    places: list[Place] = [("logo", which) for which in MODES if which in data.get("logo", {})]
    if "favicon" in data:
        places.append(("favicon",))
    if "logo" in data and "light" not in data["logo"]:
        report(
            ("logo",),
            "the logo has no `light` file. Name the one for light screens; `dark` is the one that may be left out.",
        )
    for place in places:
        name = data["favicon"] if place == ("favicon",) else data["logo"][place[1]]
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            report(place, f"`{name}` lies outside this folder. Copy the picture into it and name it without a path.")
        elif not path.is_file():
            report(place, f"there is no file `{name}` in this folder. Copy it here, or correct the name.")
        else:
            for line, message in faults(path):
                if line:
                    report(place, message, path=path, line=line)
                else:
                    report(place, f"{name}: {message}")


def _colours(root: Path, data: dict, report: Report) -> None:
    style = course_style(root)
    for mode in MODES:
        backgrounds = papers(style, mode) or [{"light": "#ffffff", "dark": "#11171b"}[mode]]
        for role in ROLES:
            colour = data.get("colours", {}).get(mode, {}).get(role)
            if colour is None:
                continue
            place = ("colours", mode, role)
            if not is_colour(colour):
                report(place, f"`{colour}` is no colour. Write it as #rgb or #rrggbb, in quotation marks.")
                continue
            ratio = least_contrast(colour, backgrounds)
            if ratio < LEAST:
                report(
                    place, f"{colour} has a contrast of {ratio:.2f} to the {mode} paper; text needs {LEAST} (WCAG AA). "
                    f"{near_colour(colour, backgrounds)} is near and passes.",
                )  # fmt: skip


def _policies(root: Path, data: dict, report: Report) -> None:
    known = read_policies(root)
    sound = {}
    for id_, value in data.get("policies", {}).items():
        place = ("policies", id_)
        if id_ not in known:
            close = get_close_matches(id_, known, n=1, cutoff=0.5)
            report(place, f"there is no policy value `{id_}`. " + (
                f"Did you mean `{close[0]}`?" if close else "The values stand in book/policies.yaml."))  # fmt: skip
        elif known[id_].taken(value) is None:
            shown = json.dumps(value, ensure_ascii=False)
            report(place, f"`{id_}` is {shown}, but it must be {KINDS[known[id_].kind]}: {known[id_].about['en']}.")
        else:
            sound[id_] = known[id_].taken(value)
    here = {**defaults(root), **sound}
    changed = [id_ for id_ in sound if here[id_] != known[id_].default]
    for id_ in changed:
        if known[id_].keeps:
            usual = say(known[id_], known[id_].default, "en")
            keepers = ", ".join(known[id_].keeps)
            message = f"these keep the course's own `{id_}`, {usual}, since their answers rest on it: {keepers}."
            report(("policies", id_), message, "note")
    for path in sorted((root / "cases").glob("*/case.yaml")):
        case = path.parent.name
        try:
            bounds = read_case(path).document.data.get("policies", {})
        except (ContentError, OSError):
            continue
        for id_ in broken_by(bounds, here, known):
            ends = [
                f"{word} {bounds[id_][end]}"
                for end, word in (("least", "at least"), ("most", "at most"))
                if end in bounds[id_]
            ]
            report(
                ("policies", id_), f"the story of the case `{case}` holds with `{id_}` {' and '.join(ends)}. With your "
                "value it is played with the course's own values throughout, and its brief says them.", "note",
            )  # fmt: skip


def _cards(folder: Path, root: Path, data: dict, written: dict, report: Report) -> None:
    ours, named = cards_of_the_course(root), set()
    for path in sorted((folder / "cases").glob("*/case.yaml")):
        try:
            case = read_case(path).document.data
        except (ContentError, OSError):
            continue
        named.update(case.get("rules", []))
        for scene in case["scenes"].values():
            named.update(choice["against"] for choice in scene.get("choices", {}).values() if "against" in choice)
    known = read_policies(root)
    for id_, card in data.get("rules", {}).items():
        place = ("rules", id_)
        if not _CARD_ID.fullmatch(id_):
            report(place, f"`{id_}` cannot be the id of a card. Use letters, digits, dots and hyphens, as in LH-6.")
        elif id_ not in ours and id_ not in named:
            close = get_close_matches(id_, ours, n=1, cutoff=0.5)
            hint = f" Did you mean `{close[0]}`?" if close else ""
            report(
                place,
                f"nobody uses a card `{id_}`: it replaces none of ours, and no case of yours names it. "
                f"It joins the page all the same.{hint}",
                "warning",
            )
        for key in ("title", "date", "text"):
            if key not in written[id_]:
                report(place, f"the card `{id_}` has no `{key}`. A rule without it cannot be used.")
        for language, text in card.get("text", {}).items():
            here = (*place, "text", language)
            if barred := _BARRED_IN_CARDS.search(text):
                report(
                    here,
                    f"a card is plain text; `{barred[0].strip()}` has no place in it. "
                    "Use paragraphs, lists and **strong** words.",
                )
            roles = sorted(set(_MARK.findall(text)) - {"rule", "ref", "term"})
            if roles:
                report(here, f"a card may refer by {{rule}}, {{ref}} and {{term}} alone, not by {{{roles[0]}}}.")
            for name in unknown_in(text, known):
                report(here, f"there is no policy value `{name.strip('{}')}`. The values stand in book/policies.yaml.")


def _cases(folder: Path, root: Path, report: Report) -> None:
    for path in sorted((folder / "cases").glob("*/")):
        case = path / "case.yaml"
        if not case.is_file():
            report(
                (),
                f"the folder `{path.name}` holds no case.yaml. Write the case, or take the folder away.",
                path=case,
                line=1,
            )
        elif (root / "cases" / path.name / "case.yaml").is_file():
            report(
                (),
                f"the course has a case `{path.name}` already, and that one is played. Rename yours and its `id`.",
                path=case,
                line=1,
            )
        else:
            for one in lint_case(case):
                severity = "warning" if one.severity == "note" else one.severity
                report((), f"[{one.rule}] {one.message}", severity, path=one.path, line=one.line)
