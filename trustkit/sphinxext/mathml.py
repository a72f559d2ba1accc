"""Formulas as MathML, written when the book is built: no script, no font, no request to another host."""

from __future__ import annotations

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def write_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula that stands in a sentence."""
    translator.body.append(convert(node.astext(), display="inline"))
    raise nodes.SkipNode


def write_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands alone, with its number where it has one."""
    translator.body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({node["number"]})</span>')
    translator.body.append(f"{convert(node.astext(), display='block')}</div>\n")
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Offer the renderer as `html_math_renderer: mathml`."""
    app.add_html_math_renderer("mathml", (write_inline, None), (write_block, None))
