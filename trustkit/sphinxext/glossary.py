"""The {glossary-list} directive: the course's terms from one table, each with its name in the other language."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import make_glossary_term
from sphinx.util.docutils import SphinxDirective

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
            body = nodes.definition()
            for text, classes, language in (
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


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("glossary-list", GlossaryList)
