"""The {assignment} directive: says on a lesson's page what is handed in, and where a trainee finds it."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from trustkit.assignment import assignment_facts
from trustkit.content import ContentError
from trustkit.sphinxext.lab_link import make_lab_link
from trustkit.sphinxext.wording import page_language, say_on


class Assignment(SphinxDirective):
    """Puts a card with an assignment's title, its points and the way to it into the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the card, or report that there is no such assignment."""
        try:
            facts = assignment_facts(self.arguments[0])
        except ContentError as problem:
            raise self.error(problem.message) from None
        self.env.note_dependency(str(facts.path))
        title = facts.title.get(page_language(self.env), facts.title["en"])
        card = nodes.container(classes=["tk-assignment"])
        card += nodes.paragraph("", "", nodes.strong("", title), classes=["tk-assignment-title"])
        card += nodes.paragraph("", say_on(self.env, "assignment-points", points=f"{facts.points:g}"))
        way = nodes.paragraph()
        before, after = say_on(self.env, "assignment-way", name=facts.id).split(facts.id)
        way += [nodes.Text(before), nodes.literal("", facts.id), nodes.Text(after)]
        card += way
        card += make_lab_link(self.env, facts.id)
        self.set_source_info(card)
        return [card]


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("assignment", Assignment)
