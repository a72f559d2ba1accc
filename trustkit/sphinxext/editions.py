"""Two editions of one course: each page knows its language and its twin in the other language."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from trustkit.sphinxext.wording import BCP47, NAMES, WORDS, language_of, say


def describe_page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document) -> None:
    """Give the templates the page's language, its words and the links to the other editions.

    The editions are published beside each other as `/en/…` and `/zh/…` with the same file names, so the
    link is the same path in the neighbouring folder: it works without a script and from a local file.
    """
    here = language_of(app.config)
    context["language"] = BCP47[here]
    context["words"] = WORDS[here]
    if pagename in app.config.trustkit_untranslated and "body" in context:
        note = say(app.config, "not-translated")
        context["body"] = f'<p class="tk-not-translated">{note}</p>\n<div lang="{BCP47["en"]}">{context["body"]}</div>'
    suffix = context.get("file_suffix", ".html")
    context["editions"] = [
        {
            "language": BCP47[there],
            "name": NAMES[there],
            "current": there == here,
            "href": f"{context['content_root']}../{there}/{pagename}{suffix}",
        }
        for there in app.config.trustkit_editions
    ]


def register(app: Sphinx) -> None:
    """Add our settings and describe every page.

    `trustkit_editions` names the languages published side by side, `trustkit_untranslated` the pages that stand
    in this edition in English.
    """
    app.add_config_value("trustkit_editions", [], "html", [list])
    app.add_config_value("trustkit_untranslated", [], "html", [list])
    app.connect("html-page-context", describe_page, priority=450)
