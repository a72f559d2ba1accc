"""Where the output is not a web page (PDF, plain text), a sentence stands in for what only a page can do."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from trustkit.sphinxext.activities import activity, plain_sentence
from trustkit.sphinxext.case_maps import case_map
from trustkit.sphinxext.case_room import case_room
from trustkit.sphinxext.deck import deck
from trustkit.sphinxext.evidence import labelled
from trustkit.sphinxext.objectives import objectives
from trustkit.sphinxext.passport import passport


class PlainStandIns(SphinxPostTransform):
    """Replaces the extension's own nodes by ordinary ones for builders that write no HTML."""

    default_priority = 400

    def run(self, **kwargs: Any) -> None:
        """Replace activities by a sentence, and unwrap evidence labels and objectives."""
        if self.app.builder.format == "html":
            return
        for node in list(self.document.findall(activity)):
            node.replace_self(nodes.paragraph("", plain_sentence(self.env, node)))
        for kind in (case_room, case_map, deck, passport):
            for node in list(self.document.findall(kind)):
                node.replace_self(node.children)
        for node in list(self.document.findall(labelled)):
            node.replace_self(nodes.inline("", node.astext() + f" [{node['label']}]"))
        for node in list(self.document.findall(objectives)):
            node.replace_self([nodes.paragraph("", "", nodes.strong("", node["title"])), *node.children])


def register(app: Sphinx) -> None:
    """Add the transform."""
    app.add_post_transform(PlainStandIns)
