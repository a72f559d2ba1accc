"""The {simulator} and {checker} directives: an activity in Python, run in the page once a reader starts it.

A page carries a card and its data only; Python is loaded from the site's own folder `python/` at a click (see
`trustkit.publish.page_python`, also for what a content security policy must allow). Where that folder could not be
published, the card says that the activity runs in JupyterLab only.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator

from trustkit.panel import KINDS, panel_bundle
from trustkit.publish.page_python import FOLDER, loaded_bytes, publish_page_python, version
from trustkit.sphinxext.activities import (
    PACKAGE,
    ActivityDirective,
    UnknownActivity,
    activity,
    as_data,
    load,
    python_of,
    write_static,
)
from trustkit.sphinxext.declarations import course_domain
from trustkit.sphinxext.wording import language_of, say

SCRIPT = "trustkit-panel.js"


class panel(activity):
    """A simulator or checker in a page. Attributes as those of `activity`."""


def make_panel(env: BuildEnvironment, docname: str, kind: str, name: str) -> panel:
    """Return the node that shows a simulator or checker on a page, and note what the page now depends on.

    Raises:
        UnknownActivity: no such id; the message lists those there are.
    """
    known = sorted(KINDS[kind].MODULES)
    if name not in known:
        raise UnknownActivity(f"there is no {kind} `{name}`. The {kind}s are: {', '.join(known)}.")
    node = panel(kind=kind, activity=name, bundle=panel_bundle(kind, name, language_of(env.config)))
    node["ids"].append(f"{kind}-{name}")
    stem = KINDS[kind].MODULES[name]
    for path in (PACKAGE / f"{kind}s").glob(f"{stem}*"):
        env.dependencies[docname].add(str(path))
    course_domain(env).activities.setdefault(docname, []).append((kind, name))
    return node


class PanelDirective(ActivityDirective):
    """Embeds one simulator or checker by its id."""

    def make(self, name: str) -> activity:
        """Return the node.

        Raises:
            UnknownActivity: no such id.
        """
        return make_panel(self.env, self.env.docname, self.kind, name)


class Simulator(PanelDirective):
    """Runs a simulator in the page."""

    kind = "simulator"


class Checker(PanelDirective):
    """Checks a text in the page."""

    kind = "checker"


def visit_html(translator: HTML5Translator, node: panel) -> None:
    """Write the card, the data of the panel and a sentence for a page without scripts."""
    translator.body.append(panel_html(translator.builder, translator.builder.current_docname, node["bundle"]))
    raise nodes.SkipNode


def panel_html(builder: StandaloneHTMLBuilder, here: str, bundle: dict[str, Any]) -> str:
    """Return what the page `here` holds of a panel; the script puts the live panel in the place of the card."""
    kind, name, config = bundle["kind"], bundle["id"], builder.config
    anchor = f"{kind}-{name}"
    python = python_of(config, here)
    minutes = say(config, "minutes", count=bundle["minutes"])
    sentence = say(config, f"{kind}-no-script", id=name)
    return (
        f'<div class="tk-activity" id="{anchor}">\n'
        f'<script type="application/json" id="{anchor}-data">{as_data({**bundle, "python": python})}</script>\n'
        f'<div class="trustkit" data-trustkit-panel="#{anchor}-data">'
        f'<div class="tk-player"><div class="tk-card tk-brief"><p class="tk-title">{escape(bundle["title"])}</p>'
        f'<p>{escape(bundle["about"])}</p><p class="tk-quiet">{escape(say(config, "time"))}: {escape(minutes)}</p>'
        f"</div></div></div>\n"
        f'<noscript><p class="tk-no-script">{escape(sentence)}</p></noscript>\n'
        "</div>\n"
    )


def find_python(app: Sphinx, config: Config) -> None:
    """Settle where this edition's pages find Python, before anything is written.

    An edition of a site shares the folder beside it; a book that is built alone carries its own.
    """
    has_python = bool(version())
    config.trustkit_python = (
        f"../{FOLDER}" if has_python and config.trustkit_editions else f"_static/{FOLDER}" if has_python else ""
    )
    config.trustkit_python_bytes = loaded_bytes() if has_python else 0


def write_scripts(app: Sphinx) -> None:
    """Put the panels' script beside the pages, before the pages refer to it."""
    from trustkit import player

    write_static(app, SCRIPT, player.panel_script)


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Put Python beside the pages of a book that is built alone and shows a simulator or checker."""
    if exception or app.builder.format != "html" or not app.config.trustkit_python.startswith("_static/"):
        return
    shown = course_domain(app.env).activities.values()
    if any(kind in KINDS for page in shown for kind, _ in page):
        publish_page_python(Path(app.outdir) / app.config.trustkit_python)


def add_panels(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document) -> None:
    """Load the panels' script on the pages that show one, and on no other."""
    if any(kind in KINDS for kind, _ in course_domain(app.env).activities.get(pagename, ())):
        load(app, SCRIPT)


def register(app: Sphinx) -> None:
    """Add the two directives, their node and the setting that says where Python is."""
    app.add_config_value("trustkit_python", "", "html", [str])
    app.add_config_value("trustkit_python_bytes", 0, "html", [int])
    app.add_node(panel, html=(visit_html, None))
    app.add_directive("simulator", Simulator)
    app.add_directive("checker", Checker)
    app.connect("config-inited", find_python)
    app.connect("builder-inited", write_scripts)
    app.connect("html-page-context", add_panels)
    app.connect("build-finished", publish)
