"""Takes pages of the built book apart for a package: their text, with links that lead somewhere in it. Pure."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit

_ARTICLE = re.compile(r'<article class="bd-article"[^>]*>(.*)</article>', re.S)
_TITLE = re.compile(r"<h1>(.*?)(?:<a class=\"headerlink\"|</h1>)", re.S)
_WAY_BACK = re.compile(r'<p class="tk-way-back">.*?</p>\s*', re.S)
_CARD = re.compile(r'<div class="tk-entry tk-rule-card" id="(?P<id>[^"]+)">.*?</dl>\s*</div>\s*</div>', re.S)
_STYLE = re.compile(r'<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="(?P<href>[^"?]+)')
_URL = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')?#;]+)""")
_MARKED = ("case", "drill")
_PANELS = ("simulator", "checker")
PYTHON = "python/"
"""Where a package has the Python of its pages."""


class UnreadablePage(Exception):
    """A page of the built book is not as it should be; the message names it."""


@dataclass(frozen=True)
class Place:
    """What a link may lead to.

    Attributes:
        pages: the id of each page in the package, by its path in the edition.
        rules: the path of the page with the rule cards; "" where the book has none.
        cards: the ids of the cards that it holds.
        files: the paths of all files of the edition.
    """

    pages: Mapping[str, str]
    rules: str
    cards: Set[str]
    files: Set[str]


@dataclass
class Page:
    """A page of a package.

    Attributes:
        id: its name in the package.
        title: its title as plain text.
        html: its text.
        activities: the ids of its cases and drills, in order.
        python: whether something on it needs Python.
        assets: the files it shows or offers, by their paths in the edition.
        cards: the rule cards it leads to.
    """

    id: str
    title: str
    html: str = ""
    activities: list[str] = field(default_factory=list)
    python: bool = False
    assets: set[str] = field(default_factory=set)
    cards: set[str] = field(default_factory=set)


def read_page(path: str, text: str, place: Place, *, with_python: bool) -> Page:
    """Return a page of the built book for a package.

    Args:
        path: where it lies in the edition.
        text: its HTML.
        place: what links may lead to.
        with_python: whether the package has the Python of its pages.

    Raises:
        UnreadablePage: it has no article or no title.
    """
    article = _ARTICLE.search(text)
    title = _TITLE.search(article[1]) if article else None
    if not article or not title:
        raise UnreadablePage(f"{path}: this page of the built book has no article. Build the book again.")
    name = unescape(re.sub(r"<[^>]+>", "", title[1])).strip()
    page = Page(place.pages[path], name)
    page.html = _rewritten(_WAY_BACK.sub("", article[1]), path, page, place, with_python)
    return page


def cards_of(path: str, text: str, wanted: Set[str], place: Place) -> str:
    """Return the HTML of some rule cards in the order of their page; links of a card lead nowhere in a package."""
    page = Page("", "")
    cards = "\n".join(card[0] for card in _CARD.finditer(text) if card["id"] in wanted)
    return _rewritten(cards, path, page, Place({}, "", frozenset(), place.files), False)


def card_ids(text: str) -> set[str]:
    """Return the ids of the rule cards of a page."""
    return {card["id"] for card in _CARD.finditer(text)}


def styles_of(path: str, text: str) -> list[str]:
    """Return the style sheets of a page, by their paths in the edition, in the order in which they are read."""
    head = re.sub(r"<noscript>.*?</noscript>", "", text.split("</head>")[0], flags=re.S)
    found = (
        posixpath.normpath(posixpath.join(posixpath.dirname(path), href["href"])) for href in _STYLE.finditer(head)
    )
    return list(dict.fromkeys(found))


def files_in_style(path: str, style: str) -> set[str]:
    """Return the files that a style sheet draws or imports, by their paths in the edition."""
    return {
        posixpath.normpath(posixpath.join(posixpath.dirname(path), one))
        for one in _URL.findall(style)
        if not one.startswith(("data:", "http:", "https:"))
    }


def _rewritten(html: str, path: str, page: Page, place: Place, with_python: bool) -> str:
    writer = _Writer(path, page, place, with_python)
    writer.feed(html)
    writer.close()
    return "".join(writer.out).strip() + "\n"


class _Writer(HTMLParser):
    """Writes HTML as it comes, with other links, other bundles, and a span in place of a link to what is not there."""

    def __init__(self, path: str, page: Page, place: Place, with_python: bool):
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._path, self._page, self._place, self._python = path, page, place, with_python
        self._links: list[str] = []
        self._data: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        text, given = self.get_starttag_text() or "", dict(attributes)
        if tag == "a":
            name, kept = self._link(given)
            self._links.append(name)
            text = _tag(name, kept)
        elif tag in ("img", "source", "video", "audio") and given.get("src"):
            text = _tag(tag, {**given, "src": self._asset(given["src"] or "")})
        elif tag == "script":
            self._data = []
        self.out.append(text)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        text = self.get_starttag_text() or ""
        if tag in ("img", "source") and given.get("src"):
            text = _tag(tag, {**given, "src": self._asset(given["src"] or "")})
        self.out.append(text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self.out.append(f"</{self._links.pop()}>")
            return
        if tag == "script" and self._data is not None:
            self.out.append(self._bundle("".join(self._data)))
            self._data = None
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        (self.out if self._data is None else self._data).append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _link(self, given: dict[str, str | None]) -> tuple[str, dict[str, str | None]]:
        href = given.get("href") or ""
        if urlsplit(href).scheme:
            return "a", {**given, "target": "_blank", "rel": "noopener noreferrer"}
        if address := self._address(href):
            return "a", {**given, "href": address}
        kept = {key: value for key, value in given.items() if key in ("class", "id", "title")}
        return "span", kept

    def _address(self, href: str) -> str:
        """Return where a link leads in the package; "" where its target is not there."""
        parts = urlsplit(href)
        if not parts.path:
            return href
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self._path), unquote(parts.path)))
        if target in self._place.pages:
            anchor = f"/{parts.fragment}" if parts.fragment else ""
            return f"#/{self._place.pages[target]}{anchor}"
        if target == self._place.rules and parts.fragment in self._place.cards:
            self._page.cards.add(parts.fragment)
            return f"#{parts.fragment}"
        if target in self._place.files and not target.endswith(".html"):
            self._page.assets.add(target)
            return target
        return ""

    def _asset(self, source: str) -> str:
        if urlsplit(source).scheme:
            return source
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self._path), unquote(urlsplit(source).path)))
        self._page.assets.add(target)
        return target

    def _bundle(self, text: str) -> str:
        bundle: dict[str, Any] = json.loads(text)
        for links in ("lesson_links", "rule_links"):
            if links in bundle:
                there = {key: self._address(href) for key, href in bundle[links].items()}
                bundle[links] = {key: address for key, address in there.items() if address}
        kind = bundle.get("kind")
        if kind in _MARKED:
            self._page.activities.append(bundle["id"])
        if bundle.get("python"):
            if self._python:
                bundle["python"]["base"] = PYTHON
            else:
                del bundle["python"]
            self._page.python |= kind in _PANELS
        return json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _tag(name: str, attributes: Mapping[str, str | None]) -> str:
    written = "".join(
        f" {key}" if value is None else f' {key}="{escape(value, quote=True)}"' for key, value in attributes.items()
    )
    return f"<{name}{written}>"
