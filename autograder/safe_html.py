"""Turns what trainees write into HTML that can only be looked at: no script, no form, nothing from another host.

A hand-in is shown to an instructor who is signed in, and in feedback pages; stock templates would run any
script that a trainee puts into a text cell or an output.
"""

from __future__ import annotations

import re

import bleach
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_TAGS = frozenset({
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details", "div", "dl",
    "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "span", "strong",
    "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
})  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title", "width", "height"}}
_CELL = {"colspan", "rowspan", "align", "scope"}
_PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
_WITH_CONTENT = re.compile(r"<(script|style|template|noscript|iframe|object|svg|math)\b.*?(</\1\s*>|\Z)", re.S | re.I)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);|(?![a-z][a-z0-9+.-]*:|//|\\)", re.I)
_CLASS = re.compile(r"(highlight|dataframe|ansi-[a-z-]+|[a-z][a-z0-9]?|[A-Z]+)(\s+|$)")


def clean(html: str) -> str:
    """Return HTML with harmless tags only; links stay, pictures only where they come with the page."""
    text = html.decode("utf-8", "replace") if isinstance(html, bytes) else str(html)
    text = _WITH_CONTENT.sub("", text)
    return bleach.clean(text, tags=_TAGS, attributes=_allowed, protocols=_PROTOCOLS, strip=True, strip_comments=True)


@pass_context
def markdown(context: Context, source: str) -> str:
    """Return the HTML of a text cell, cleaned; pictures pasted into the cell are shown."""
    cell = context.get("cell", {})
    renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}), exclude_anchor_links=True)
    return clean(MarkdownWithMath(renderer=renderer).render(source))


def _allowed(tag: str, name: str, value: str) -> bool:
    if name == "class":
        # colours of code and tables, but none of the words by which the marking page finds its own elements
        return re.fullmatch(rf"({_CLASS.pattern})+", value) is not None
    if tag == "img" and name == "src":
        return _PICTURE.match(value.strip()) is not None
    if tag == "a" and name == "href":
        return not value.strip().casefold().startswith("data:")
    return name in _ATTRIBUTES.get(tag, ()) or (tag in ("td", "th") and name in _CELL)
