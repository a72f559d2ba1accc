"""The {objectives} directive: what a trainee can do after a lesson, how long it takes and whom it is for."""

from __future__ import annotations

import re
from html import escape
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from trustkit.sphinxext.declarations import course_domain
from trustkit.sphinxext.wording import say_on

TRACKS = ("both", "agent", "analyst")


class objectives(nodes.General, nodes.Element):
    """The box with a lesson's objectives. Attributes: `title`, `facts` (a list of name and value)."""


class Objectives(SphinxDirective):
    """Declares a lesson by its number and lists its objectives."""

    has_content = True
    option_spec: ClassVar[dict] = {"lesson": str.strip, "time": str.strip, "track": str.strip}

    def run(self) -> list[nodes.Node]:
        """Return the box, or report the option that is missing or wrong."""
        number = self.options.get("lesson", "").strip("\"'")
        if not re.fullmatch(r"\d{1,2}\.\d{1,2}", number):
            raise self.error('objectives need the number of their lesson, as in `:lesson: "1.1"`.')
        minutes = self.options.get("time", "")
        if not minutes.isdigit() or not 1 <= int(minutes) <= 600:
            raise self.error("objectives need the time of the lesson in whole minutes, as in `:time: 25`.")
        track = self.options.get("track", "")
        if track not in TRACKS:
            raise self.error(f"objectives need `:track:` with one of: {', '.join(TRACKS)}.")

        body = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, body)
        lists = [child for child in body.children if isinstance(child, nodes.bullet_list)]
        if len(lists) != 1 or len(body.children) != 1:
            raise self.error("the body of objectives is one list: a line beginning with `- ` for each objective.")
        for ways in [inner for inner in lists[0].findall(nodes.bullet_list) if inner is not lists[0]]:
            # Where an objective is practised and assessed is for the trainers' matrix (see trustkit.lessons.matrix).
            ways.parent.remove(ways)

        node = objectives(
            title=say_on(self.env, "objectives"),
            lesson=say_on(self.env, "lesson", number=number),
            facts=[
                (say_on(self.env, "time"), say_on(self.env, "minutes", count=int(minutes))),
                (say_on(self.env, "audience"), say_on(self.env, f"track-{track}")),
            ],
        )
        node["ids"].append(f"objectives-{number.replace('.', '-')}")
        self.set_source_info(node)
        node += lists[0]
        earlier = course_domain(self.env).declare("lessons", number, self.env.docname, node["ids"][0], self.lineno)
        if earlier:
            raise self.error(
                f"lesson {number} is already declared in {self.env.doc2path(earlier.docname, False)}, "
                f"line {earlier.line}. Give this lesson its own number."
            )
        return [node]


def visit_html(translator: HTML5Translator, node: objectives) -> None:
    """Open the box and write its facts."""
    anchor = node["ids"][0]
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in node["facts"])
    translator.body.append(
        f'<section class="tk-objectives" id="{anchor}" aria-labelledby="{anchor}-title">\n'
        f'<dl class="tk-objectives-facts simple"><div><dt class="tk-lesson-number">{escape(node["lesson"])}</dt></div>'
        f"{facts}</dl>\n"
        f'<p class="tk-objectives-title" id="{anchor}-title">{escape(node["title"])}</p>\n'
    )


def depart_html(translator: HTML5Translator, node: objectives) -> None:
    """Close the box."""
    translator.body.append("</section>\n")


def register(app: Sphinx) -> None:
    """Add the directive and its node."""
    app.add_node(objectives, html=(visit_html, depart_html))
    app.add_directive("objectives", Objectives)
