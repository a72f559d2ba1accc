"""The {claims} directive: the register of the statements that we checked, by verdict; each is marked as under test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from trustkit.content import ContentError, read_rows
from trustkit.course import course_root
from trustkit.sphinxext.declarations import Use, course_domain
from trustkit.sphinxext.evidence import claim_entry, labelled
from trustkit.sphinxext.wording import BCP47, language_of, say

COLUMNS = ("claim_id", "source", "line", "claim", "verdict", "reason", "status", "found", "treatment")
VERDICTS = ("teach", "caveat", "not-supported", "wrong")
REASONS = (
    "no-source", "ghost-source", "wrong-source", "placeholder", "number-drift", "twin-number", "undefined-unit",
    "no-comparison", "selection", "cause-from-correlation", "impossible-by-arithmetic", "contradicts-itself",
    "mixed-up", "stereotype-with-a-number", "fine-with-caveat", "fine",
)  # fmt: skip

_KEYS = re.compile(r"\[([A-Z]\d+)\]")


class ClaimsError(ContentError):
    """The register of claims cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Claim:
    """One statement of the register; `found` names references by their keys in brackets, as in [R13]."""

    id: str
    source: str
    place: str
    claim: str
    verdict: str
    reason: str
    status: str
    found: str
    treatment: str
    line: int


def claims_path(root: Path | None = None) -> Path:
    """Return the register of claims of a course."""
    return (root or course_root()) / "datasets" / "claims" / "claims.csv"


def read_claims(path: Path) -> list[Claim]:
    """Read the register.

    Raises:
        ClaimsError: the file is missing, a column is missing, a cell is empty, an id stands twice, or a verdict or
            reason is none of `VERDICTS` and `REASONS`.
    """
    claims: list[Claim] = []
    seen: dict[str, int] = {}
    for line, row in read_rows(path, COLUMNS, holds="the register of claims", each="claim", error=ClaimsError):
        for column, known in (("verdict", VERDICTS), ("reason", REASONS)):
            if row[column] not in known:
                raise ClaimsError(path, line, f"the {column} `{row[column]}` is none of: {', '.join(known)}.")
        if row["claim_id"] in seen:
            raise ClaimsError(path, line, f"{row['claim_id']} stands in line {seen[row['claim_id']]} already.")
        seen[row["claim_id"]] = line
        claims.append(Claim(*(row[column].strip() for column in COLUMNS), line))
    return claims


class verdict_group(nodes.General, nodes.Element):
    """The claims with one verdict, which a reader can open and close. Attributes: `title`, `count`."""


class Claims(SphinxDirective):
    """Prints the register, one part for each verdict."""

    has_content = False
    option_spec: ClassVar[dict] = {}

    def run(self) -> list[nodes.Node]:
        """Return the register, or report what is wrong with its table."""
        path = claims_path()
        self.env.note_dependency(str(path))
        try:
            claims = read_claims(path)
        except ClaimsError as problem:
            raise self.error(str(problem)) from None
        groups = []
        for verdict in VERDICTS:
            found = [claim for claim in claims if claim.verdict == verdict]
            group = verdict_group(title=say(self.config, f"verdict-{verdict}"), count=len(found))
            group["ids"].append(f"claims-{verdict}")
            self.set_source_info(group)
            group += [self._entry(claim) for claim in found]
            groups.append(group)
        return groups

    def _entry(self, claim: Claim) -> claim_entry:
        # The register is English in every edition.
        here = language_of(self.config)
        classes = ["language-en"] if here != "en" else []
        place = say(self.config, "claim-place", number=claim.source.removeprefix("text "), line=claim.place)
        statement = labelled(
            "", claim.claim, kind="claim", key="", label=say(self.config, "claim"), help=say(self.config, "claim-help")
        )
        keys = list(dict.fromkeys(_KEYS.findall(claim.found)))
        for key in keys:
            use = Use("cited", key, self.lineno)
            course_domain(self.env).uses.setdefault(self.env.docname, []).append(use)
        entry = claim_entry(
            key=claim.id,
            facts=[
                (say(self.config, "claim-reason"), say(self.config, f"reason-{claim.reason}"), BCP47[here]),
                (say(self.config, "claim-status"), claim.status, "en"),
                (say(self.config, "claim-found"), _KEYS.sub(r"\1", claim.found), "en"),
                (say(self.config, "claim-treatment"), claim.treatment, "en"),
            ],
            place=place,
        )
        entry["ids"].append(f"claim-{claim.id.lower()}")
        self.set_source_info(entry)
        entry += nodes.paragraph("", "", statement, classes=[*classes, "tk-claim"])
        return entry


def visit_group_html(translator: HTML5Translator, node: verdict_group) -> None:
    """Open the part of one verdict."""
    translator.body.append(
        f'<details class="tk-claims" id="{node["ids"][0]}">\n'
        f"<summary>{escape(node['title'])} ({node['count']})</summary>\n"
    )


def depart_group_html(translator: HTML5Translator, node: verdict_group) -> None:
    """Close the part."""
    translator.body.append("</details>\n")


def _pass(translator: nodes.NodeVisitor, node: nodes.Node) -> None:
    """Let a builder that writes no HTML write the children alone."""


def register(app: Sphinx) -> None:
    """Add the directive and its node."""
    app.add_directive("claims", Claims)
    plain = dict.fromkeys(("latex", "text", "man", "texinfo"), (_pass, _pass))
    app.add_node(verdict_group, html=(visit_group_html, depart_group_html), **plain)
