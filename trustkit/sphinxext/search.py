"""The search of the book: an index of what its pages say, a field in every page, and a page for the results."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from trustkit import search
from trustkit.sphinxext.activities import write_static

SCRIPT, STYLE, INDEX = "search.js", "search.css", "search-index.js"
PAGE = "search"
"""The page that a link or a browser asks with `?q=…`."""

_ARTICLE = re.compile(r'<article class="bd-article">(.*?)</article>', re.S)
_UNREAD = {"script", "style", "noscript", "svg", "button"}
"""Elements whose text is not the page's."""
_UNREAD_CLASSES = {"headerlink", "tk-map-list"}
"""Signs beside a heading, and the lists that tell a case from its beginning to its end."""
_ALONE = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_HEADING = re.compile(r"h[1-6]")
_BLOCKS = {"p", "li", "dt", "dd", "td", "th", "div", "figcaption", "summary", "pre", "br", "tr", "section"}
_SPACE = re.compile(r"[\s\u2060]+")


@dataclass
class Part:
    """What stands under one heading of a page: the anchor that leads there, the heading, the text."""

    anchor: str
    heading: str = ""
    text: str = ""


@dataclass
class Said:
    """What a page says: its title, its parts, and the terms it explains (each with its anchor)."""

    title: str = ""
    parts: list[Part] = field(default_factory=list)
    terms: list[Part] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said = Said(parts=[Part("")])
        self._open: list[tuple[str, bool]] = []
        self._unread = 0
        self._sections = [""]
        self._glossary = self._in_heading = False
        self._now = self.said.parts[0]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        classes = (found.get("class") or "").split()
        if tag in _BLOCKS:
            self.handle_data(" ")
        if tag in _ALONE:
            return
        unread = tag in _UNREAD or not _UNREAD_CLASSES.isdisjoint(classes)
        self._open.append((tag, unread))
        self._unread += unread
        if tag == "section":
            self._sections.append(found.get("id") or "")
        elif tag == "dl":
            self._glossary = self._glossary or "glossary" in classes
        elif tag == "dt" and self._glossary:
            self._now = Part(found.get("id") or "")
            self.said.terms.append(self._now)
            self._in_heading = True
        elif _HEADING.fullmatch(tag):
            if tag != "h1":
                self._now = Part(self._sections[-1])
                self.said.parts.append(self._now)
            self._in_heading = True

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, unread = self._open.pop()
            self._unread -= unread
            if name == tag:
                break
        if tag == "section" and len(self._sections) > 1:
            self._sections.pop()
        elif tag == "dl" and self._glossary:
            self._glossary = False
            self._now = self.said.parts[0]
        elif tag == "dt" or _HEADING.fullmatch(tag):
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        if self._unread:
            return
        if self._in_heading:
            self._now.heading += data
        else:
            self._now.text += data


def said_by(page: str) -> Said:
    """Return what the article of a page says to its reader, white space made even; nothing where it has no article."""
    article = _ARTICLE.search(page)
    reader = _Reader()
    reader.feed(article[1] if article else "")
    reader.close()
    said = reader.said
    for part in (*said.parts, *said.terms):
        part.heading, part.text = (_SPACE.sub(" ", text).strip() for text in (part.heading, part.text))
    # The first heading of a page is its title.
    said.title, said.parts[0].heading = said.parts[0].heading, ""
    said.parts = [part for part in said.parts if part.heading or part.text] or [Part("")]
    return said


def groups_of(env: BuildEnvironment, root: str) -> dict[str, str]:
    """Return for each page where it belongs: the title of the page above it, or the caption of its part of the book."""
    groups = {}
    for above in env.toctree_includes:
        for toctree in env.get_doctree(above).findall(addnodes.toctree):
            name = (toctree.get("caption") or "") if above == root else env.titles[above].astext()
            groups.update(dict.fromkeys(toctree["includefiles"], name))
    return groups


def index_of(said: dict[str, Said], groups: dict[str, str], ways: list[str]) -> dict[str, Any]:
    """Return the index of an edition.

    Args:
        said: what each page says, by its name.
        groups: where each page belongs.
        ways: the pages that are offered where nothing is found.
    """
    names: dict[str, int] = {}
    pages = []
    for name, page in said.items():
        address = f"{name}.html"
        group = groups.get(name) or (said[name.split("/")[0]].title if name.split("/")[0] in said else "")
        pages.append(
            _row(address, page.title, names.setdefault(group if group != page.title else "", len(names)), page.parts)
        )
        place = names.setdefault(page.title, len(names)) if page.terms else 0
        for term in page.terms:
            pages.append(_row(address, term.heading, place, [Part(term.anchor, "", term.text)], term=True))
    return {
        "groups": list(names),
        "pages": pages,
        "ways": [[f"{name}.html", said[name].title] for name in ways if name in said],
    }


def _row(address: str, title: str, group: int, parts: list[Part], *, term: bool = False) -> list[Any]:
    return [address, title, group, int(term), [[part.anchor, part.heading, part.text] for part in parts]]


def write_index(app: Sphinx, problem: Exception | None) -> None:
    """Write the index of the pages as they are after this build."""
    if problem or app.builder.format != "html":
        return
    out, root = Path(app.outdir), app.config.root_doc
    said = {}
    for path in sorted(out.rglob("*.html")):
        name = path.relative_to(out).with_suffix("").as_posix()
        if not name.startswith("_") and name != PAGE:
            found = said_by(path.read_text(encoding="utf-8"))
            if found.title:
                said[name] = found
    index = index_of(said, groups_of(app.env, root), [root, "paths", "glossary", "case-room"])
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    content = f"const trustkitSearchIndex = {text};\n"
    path = out / INDEX
    if not path.is_file() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8")


def _prepare(app: Sphinx) -> None:
    # Sphinx's own index, its scripts and its page are not made: there is one search.
    app.builder.search = False
    write_static(app, SCRIPT, search.script)
    write_static(app, STYLE, search.style)


def _page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    yield PAGE, {}, "search.html"


def register(app: Sphinx) -> None:
    """Take the place of Sphinx's search."""
    app.add_js_file(SCRIPT)
    app.add_css_file(STYLE)
    app.connect("builder-inited", _prepare)
    app.connect("html-collect-pages", _page)
    # When pages that left the book are gone.
    app.connect("build-finished", write_index, priority=700)
