"""The {glossary-list} directive prints the course's terms; in lessons the first use of each is linked to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import make_glossary_term
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from trustkit.sphinxext.activities import activity
from trustkit.sphinxext.case_maps import case_map
from trustkit.sphinxext.declarations import course_domain
from trustkit.sphinxext.evidence import claim_entry, labelled
from trustkit.sphinxext.objectives import objectives
from trustkit.sphinxext.terms import GlossaryError, Term, glossary_path, read_glossary
from trustkit.sphinxext.wording import BCP47, language_of, say


def in_reading_order(terms: list[Term], language: str) -> list[Term]:
    """Return the terms as a reader of that language looks them up: by letter, or by Pinyin."""
    if language == "zh":
        # The common characters of GB 2312 stand in the order of their Pinyin, so its bytes sort as readers expect.
        return sorted(terms, key=lambda term: term.name["zh"].encode("gb18030"))
    return sorted(terms, key=lambda term: term.name["en"].lower())


class GlossaryList(SphinxDirective):
    """Prints the glossary and makes every term a target of {term}."""

    has_content = False
    option_spec: ClassVar[dict] = {}

    def run(self) -> list[nodes.Node]:
        """Return the glossary, or report what is wrong with its table."""
        path = glossary_path()
        self.env.dependencies[self.env.docname].add(str(path))
        try:
            terms = read_glossary(path)
        except GlossaryError as problem:
            raise self.error(str(problem)) from None
        here = language_of(self.config)
        there = say(self.config, "other-language")
        entries = nodes.definition_list(classes=["glossary", "tk-glossary"])
        for term in in_reading_order(terms, here):
            head = make_glossary_term(
                self.env, [nodes.Text(term.name[here])], None, str(path), term.line,
                node_id=f"term-{term.id.lower()}", document=self.state.document,
            )  # fmt: skip
            self._also_known_as(term, head["ids"][0])
            body = nodes.definition()
            also = [(term.also[here], here)] if term.also.get(here) else []
            for text, classes, language in (
                *((say(self.config, "room-comma").join(names), ["tk-also"], spoken) for names, spoken in also),
                (term.name[there], ["tk-other-language"], there),
                (term.definition[here], [], here),
            ):
                paragraph = nodes.paragraph("", text, classes=[*classes, f"language-{BCP47[language]}"])
                paragraph.source, paragraph.line = str(path), term.line
                body += paragraph
            entries += nodes.definition_list_item("", head, body)
        glossary = addnodes.glossary("", entries, sorted=False)
        self.set_source_info(glossary)
        return [glossary]

    def _also_known_as(self, term: Term, anchor: str) -> None:
        """Let {term} find the term under every name in either language.

        A page that waits for its translation stands in the other edition in English, and its terms are English.
        """
        found = self.env.get_domain("std").data.setdefault("terms", {})
        for name in term.names():
            found.setdefault(name.lower(), (self.env.docname, anchor))


NOT_LINKED = (
    activity,
    case_map,
    labelled,
    claim_entry,
    objectives,
    addnodes.glossary,
    addnodes.pending_xref,
    nodes.Admonition,
    nodes.block_quote,
    nodes.caption,
    nodes.comment,
    nodes.image,
    nodes.legend,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.problematic,
    nodes.raw,
    nodes.reference,
    nodes.rubric,
    nodes.system_message,
    nodes.term,
    nodes.thead,
    nodes.title,
)
"""Where no term is linked by itself: what is no prose, what is a link already, and what somebody else says."""


class LinkTerms(SphinxPostTransform):
    """Links the first use of each term in the prose of a lesson; a term linked by {term} is not linked again."""

    # Before Sphinx resolves references, so that these links are resolved with those that an author wrote.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Link the terms of the page."""
        if not is_lesson(self.env, self.env.docname) or not has_glossary(self.env):
            return
        try:
            terms = read_glossary(glossary_path())
        except GlossaryError:
            # The page of the glossary reports it.
            return
        written_in = "en" if self.env.docname in self.config.trustkit_untranslated else language_of(self.config)
        by_name = {name.lower(): term for term in terms for name in term.names()}
        done = {
            by_name[node["reftarget"].lower()].id
            for node in self.document.findall(addnodes.pending_xref)
            if node.get("reftype") == "term" and node["reftarget"].lower() in by_name
        }
        names = {
            name.lower(): term for term in terms if written_in in term.linked for name in term.names(written_in)
        }  # fmt: skip
        pattern = names_in(tuple(names), written_in)
        for text in list(_prose(self.document)):
            pieces = list(_pieces(text.astext(), pattern, names, done))
            if not all(isinstance(piece, nodes.Text) for piece in pieces):
                text.parent.replace(text, pieces)


def is_lesson(env: BuildEnvironment, docname: str) -> bool:
    """Return whether a page declares a lesson by its objectives."""
    return any(declared.docname == docname for declared in course_domain(env).data["lessons"].values())


def has_glossary(env: BuildEnvironment) -> bool:
    """Return whether the book has a page with the glossary."""
    return bool(env.get_domain("std").data.get("terms"))


@cache
def names_in(names: tuple[str, ...], language: str) -> re.Pattern[str]:
    """Return what finds these names (in lower case) in a text, the longest first; an English one may end in -s."""
    longest_first = sorted(filter(None, names), key=lambda name: (-len(name), name))
    words = "|".join(map(re.escape, longest_first)) or r"(?!)"
    # In Chinese no space parts the words. A name in Latin letters is a word there too.
    if language == "zh":
        latin = "|".join(re.escape(name) for name in longest_first if name.isascii())
        other = "|".join(re.escape(name) for name in longest_first if not name.isascii())
        alone = rf"(?<![A-Za-z0-9])(?P<latin>{latin})(?![A-Za-z0-9])" if latin else r"(?!)"
        return re.compile(rf"(?P<name>{other or '(?!)'})|{alone}", re.IGNORECASE)
    return re.compile(rf"(?<![\w-])(?P<name>{words})(?:s)?(?![\w-])", re.IGNORECASE)


def _pieces(
    text: str, pattern: re.Pattern[str], names: dict[str, Term], done: set[str]
) -> Iterator[nodes.Text | addnodes.pending_xref]:
    """Yield a text in pieces, with a link in the place of each first use; `done` holds the ids linked so far."""
    at = 0
    for match in pattern.finditer(text):
        found = match.groupdict()
        term = names[(found["name"] or found.get("latin") or "").lower()]
        if term.id in done:
            continue
        done.add(term.id)
        if match.start() > at:
            yield nodes.Text(text[at : match.start()])
        link = addnodes.pending_xref(
            "", refdomain="std", reftype="term", reftarget=term.name["en"], refexplicit=True, refwarn=True
        )
        link += nodes.inline("", match[0], classes=["xref", "std", "std-term"])
        yield link
        at = match.end()
    if at < len(text):
        yield nodes.Text(text[at:])


def _prose(node: nodes.Node) -> Iterator[nodes.Text]:
    """Yield the texts in which terms are linked, in reading order."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child
        elif not isinstance(child, NOT_LINKED) and child.get("design_component") != "dropdown":
            yield from _prose(child)


def read_lessons_again(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Return the lessons when the table of terms changed, so that their links are made anew."""
    state = course_domain(env).data["state"]
    path = glossary_path()
    now = path.read_bytes() if path.is_file() else b""
    before, state["glossary"] = state.get("glossary"), now
    return set() if before in (None, now) else {name for name in env.found_docs if is_lesson(env, name)}


def register(app: Sphinx) -> None:
    """Add the directive and the links to it."""
    app.add_directive("glossary-list", GlossaryList)
    app.add_post_transform(LinkTerms)
    app.connect("env-get-outdated", read_lessons_again)
