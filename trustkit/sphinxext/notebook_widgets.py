"""In a page there is no kernel: where a notebook shows one of our widgets, the page shows the player itself."""

from __future__ import annotations

import json
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from trustkit.content import ContentError
from trustkit.panel import KINDS
from trustkit.sphinxext.activities import KNOWN_IDS, UnknownActivity, make_activity
from trustkit.sphinxext.declarations import course_domain, line_of
from trustkit.sphinxext.python_page import make_panel
from trustkit.sphinxext.wording import say

logger = logging.getLogger(__name__)

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "ipywidgets_state"

_MODEL = re.compile(r'"model_id":\s*"(\w+)"')


def show_players(app: Sphinx, document: nodes.document) -> None:
    """Put the player where a page's cell shows a widget of ours, and a sentence where it shows another one."""
    env = app.env
    scripts = env.nb_metadata.get(env.docname, {}).get("js_files", {})
    stored = scripts.pop(STATE, None)
    models = json.loads(stored[1]["body"])["state"] if stored else {}
    for output in list(document.findall(nodes.container)):
        if output.get("nb_element") != "mime_bundle":
            continue
        view = next((child for child in output.children if child.get("mime_type") == VIEW), None)
        if view is None:
            continue
        match = _MODEL.search(view.astext())
        bundle = _bundle(models, match[1]) if match else {}
        shown = course_domain(env).activities.get(env.docname, [])
        kind, name = bundle.get("kind"), bundle.get("id")
        stand_in: nodes.Element = nodes.paragraph("", say(app.config, "widget-elsewhere"))
        if kind in (*KNOWN_IDS, *KINDS) and (kind, name) not in shown:
            make = make_panel if kind in KINDS else make_activity
            try:
                stand_in = make(env, env.docname, kind, name)
            except (UnknownActivity, ContentError) as problem:
                logger.warning("%s", problem, location=(env.docname, line_of(output)))
        output.replace_self(stand_in)


def _bundle(models: dict[str, Any], model: str) -> dict[str, Any]:
    bundle = models.get(model, {}).get("state", {}).get("bundle", {})
    return bundle if isinstance(bundle, dict) else {}


def register(app: Sphinx) -> None:
    """Look at each page after it was read."""
    app.connect("doctree-read", show_players)
