"""Remembers what each page declares (its lesson, references, rule cards) and which evidence it leans on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)

LESSON_LABEL = re.compile(r"lesson-(\d+)-(\d+)")


@dataclass(frozen=True)
class Declared:
    """A thing declared on a page: where it can be linked to, and the line that declares it."""

    docname: str
    anchor: str
    line: int
    title: str = ""


@dataclass(frozen=True)
class Use:
    """A place in a page that leans on a reference or rule card."""

    kind: str
    key: str
    line: int


class CourseDomain(Domain):
    """What the pages of one edition declare and use; pages may come and go between builds."""

    name = "trustkit"
    label = "Trustkit course"
    data_version = 2
    initial_data: ClassVar[dict[str, Any]] = {
        "lessons": {},
        "reference": {},
        "rule-card": {},
        "uses": {},
        "activities": {},
        "case-room": {},
        "notebooks": set(),
        "state": {},
    }

    @property
    def uses(self) -> dict[str, list[Use]]:
        """The evidence keys used, by page."""
        return self.data["uses"]

    @property
    def activities(self) -> dict[str, list[tuple[str, str]]]:
        """The activities (kind, id) shown, by page."""
        return self.data["activities"]

    @property
    def case_rooms(self) -> dict[str, list[dict[str, Any]]]:
        """The cases listed (see `trustkit.cases.listing`), by the page that is their room."""
        return self.data["case-room"]

    def declare(self, what: str, key: str, docname: str, anchor: str, line: int, title: str = "") -> Declared | None:
        """Note that a page declares `key`; return the earlier declaration where there is one already."""
        earlier = self.data[what].get(key)
        if earlier is None or (earlier.docname == docname and earlier.line == line):
            self.data[what][key] = Declared(docname, anchor, line, title)
            return None
        return earlier

    def lessons(self) -> dict[str, Declared]:
        """Return the lessons of this edition by number ("6.1"), declared by objectives or by label."""
        found: dict[str, Declared] = {}
        for label, (docname, anchor) in self.env.get_domain("std").anonlabels.items():
            if match := LESSON_LABEL.fullmatch(label):
                found[f"{match[1]}.{match[2]}"] = Declared(docname, anchor, 0)
        return found | self.data["lessons"]

    def declared(self, kind: str, key: str) -> Declared | None:
        """Return where the reference (`cited`) or rule card (`rule`) with this key is declared, or None."""
        return self.data["rule-card" if kind == "rule" else "reference"].get(key)

    def clear_doc(self, docname: str) -> None:
        """Forget what a page declared and used."""
        for what in ("lessons", "reference", "rule-card"):
            self.data[what] = {
                key: declared for key, declared in self.data[what].items() if declared.docname != docname
            }
        self.uses.pop(docname, None)
        self.activities.pop(docname, None)
        self.case_rooms.pop(docname, None)
        self.data["notebooks"].discard(docname)

    def merge_domaindata(self, docnames: Iterable[str], otherdata: dict[str, Any]) -> None:
        """Take over what another reading process found."""
        wanted = set(docnames)
        for what in ("lessons", "reference", "rule-card"):
            self.data[what].update({k: d for k, d in otherdata[what].items() if d.docname in wanted})
        for what in ("uses", "activities", "case-room"):
            self.data[what].update({doc: found for doc, found in otherdata[what].items() if doc in wanted})
        self.data["notebooks"] |= otherdata["notebooks"] & wanted

    def check_consistency(self) -> None:
        """Report every use of a key that no page declares."""
        for docname, uses in sorted(self.uses.items()):
            for use in uses:
                if self.declared(use.kind, use.key):
                    continue
                known = sorted(self.data["rule-card" if use.kind == "rule" else "reference"])
                what, how = (
                    ("rule card", f"Declare it on the rules page with {{rule-card}} {use.key}")
                    if use.kind == "rule"
                    else ("reference", "Add it to book/references.bib")
                )
                logger.warning(
                    "there is no %s `%s`. %s, or use one of: %s.",
                    what, use.key, how, ", ".join(known) or "(none declared yet)",
                    location=(docname, use.line),
                )  # fmt: skip


def course_domain(env: BuildEnvironment) -> CourseDomain:
    """Return the domain of this build."""
    return env.get_domain(CourseDomain.name)  # type: ignore[return-value]


def line_of(node: nodes.Node) -> int:
    """Return the source line of a node, or of the nearest node around it that has one; 0 if none has."""
    while node is not None:
        if getattr(node, "line", None):
            return node.line
        node = node.parent
    return 0


def register(app: Sphinx) -> None:
    """Add the domain."""
    app.add_domain(CourseDomain)
