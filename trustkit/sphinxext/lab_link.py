"""The way from a page into the browser lab: under an assignment's card, and on the page of a notebook.

Whether a site has a lab is known only when it is published. So a page holds the place, hidden, and a script asks the
site's `lab.json` what stands there (see `trustkit.publish.lab`).
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator

from trustkit import player
from trustkit.sphinxext.activities import load, write_static
from trustkit.sphinxext.wording import language_of, say_on

SCRIPT = "trustkit-lab.js"
NOTEBOOKS = "notebooks/"


class lab_link(nodes.General, nodes.Element):
    """The place of a link; `name` as in `lab.json`, and what the link says in either case."""


def make_lab_link(env: BuildEnvironment, name: str) -> list[nodes.Node]:
    """Return the place of the link to a notebook or an assignment; none in a book that is no part of a site."""
    if not env.config.trustkit_editions:
        return []
    named = f"{language_of(env.config)}/{name}"
    return [lab_link(name=named, open=say_on(env, "lab-open"), download=say_on(env, "lab-download"))]


def visit_html(translator: HTML5Translator, node: lab_link) -> None:
    """Write the place, hidden until a script has found what belongs there."""
    # From the page up to its edition, and from there to the site.
    site = "../" * (translator.builder.current_docname.count("/") + 1)
    told = {"tk-lab": node["name"], "tk-site": site, "open": node["open"], "download": node["download"]}
    data = "".join(f' data-{key}="{escape(value)}"' for key, value in told.items())
    translator.body.append(f'<p class="tk-lab" hidden{data}></p>\n')
    raise nodes.SkipNode


def skip(translator: nodes.NodeVisitor, node: lab_link) -> None:
    """Leave it out where there is no browser."""
    raise nodes.SkipNode


def on_notebooks(app: Sphinx, doctree: nodes.document) -> None:
    """Put the link below the heading of each notebook's page."""
    name = app.env.docname
    heading = next(iter(doctree.findall(nodes.title)), None)
    if name.startswith(NOTEBOOKS) and heading is not None:
        section = heading.parent
        section[section.index(heading) + 1 : section.index(heading) + 1] = make_lab_link(
            app.env, name.removeprefix(NOTEBOOKS)
        )


def write_script(app: Sphinx) -> None:
    """Put the script beside the pages, before the pages refer to it."""
    write_static(app, SCRIPT, player.lab_script)


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Load the script on the pages that have such a place, and on no other."""
    if doctree is not None and next(iter(doctree.findall(lab_link)), None) is not None:
        load(app, SCRIPT)


def register(app: Sphinx) -> None:
    """Register the node, its script and its place on the pages of notebooks."""
    app.add_node(lab_link, html=(visit_html, None), text=(skip, None), latex=(skip, None))
    app.connect("doctree-read", on_notebooks)
    app.connect("builder-inited", write_script)
    app.connect("html-page-context", add_script)
