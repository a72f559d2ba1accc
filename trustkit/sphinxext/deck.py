"""The {deck} directive: the practice deck, which holds the single-choice items of all drills as cards."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from trustkit.content import ContentError
from trustkit.course import course_root, drill_ids
from trustkit.drills.bundle import DECK, deck_bundle
from trustkit.drills.reader import read_drill
from trustkit.sphinxext.activities import PACKAGE, SCRIPT, activity_html, load, pages_to_renew, pages_with, report
from trustkit.sphinxext.declarations import course_domain
from trustkit.sphinxext.wording import language_of, say

TESTS = ("form", "path")
"""What a drill has that is a test: its items are not met before, so they are in no deck."""


class deck(nodes.General, nodes.Element):
    """The practice deck in a page. Its child says the same in a sentence, for output that is not a web page."""


class Deck(SphinxDirective):
    """Puts the practice deck into the page."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the deck, or report that it stands twice on the page."""
        shown = course_domain(self.env).activities.setdefault(self.env.docname, [])
        if (DECK, DECK) in shown:
            raise self.error("the practice deck stands twice on this page. Remove one of the two.")
        shown.append((DECK, DECK))
        node = deck("", nodes.paragraph("", say(self.config, "deck-elsewhere")))
        self.set_source_info(node)
        return [node]


def deck_drills() -> list[str]:
    """Return the drills whose items are in the deck; one that cannot be read is reported and left out."""
    found = []
    for id_ in drill_ids():
        try:
            data = read_drill(id_).document.data
        except ContentError as problem:
            report(problem)
            continue
        if not any(data.get(name) for name in TESTS):
            found.append(id_)
    return found


def visit_html(translator: HTML5Translator, node: deck) -> None:
    """Write the cards as data and the place where the deck mounts."""
    builder = translator.builder
    bundle: dict[str, Any] = deck_bundle(deck_drills(), language_of(builder.config))
    translator.body.append(activity_html(builder, builder.current_docname, bundle))
    raise nodes.SkipNode


def notice_changed_drills(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> set[str]:
    """Return the pages with the deck where a drill was added, changed or taken away, or the player changed."""
    files = list((course_root() / "exercises" / "drills").glob("*/*.yaml"))
    for part in ("drills", "player"):
        files += [path for path in (PACKAGE / part).iterdir() if path.is_file()]
    return pages_to_renew(env, DECK, files)


def add_player(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document) -> None:
    """Load the player on the pages with the deck."""
    if pagename in pages_with(app.env, DECK):
        load(app, SCRIPT)


def register(app: Sphinx) -> None:
    """Add the directive and its node."""
    app.add_node(deck, html=(visit_html, None))
    app.add_directive(DECK, Deck)
    app.connect("env-get-outdated", notice_changed_drills)
    app.connect("html-page-context", add_player)
