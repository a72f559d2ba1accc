"""Puts pages of the built book together into one document to be printed; pure but for reading the pages.

Sphinx's pages are regular, so they are taken apart tag by tag. Inside the document every link between its pages is a
link within one file; links to pages that are not in it go to the published course, where its address is known.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from trustkit.publish.questions import answers, questions
from trustkit.publish.transcript import transcript
from trustkit.sphinxext.slimming import with_data

MODULE = re.compile(r"\d\d-[^/]+(?=/)")
"""The folder of a module, at the beginning of a page's name."""

_ARTICLE = re.compile(r'<article class="bd-article"[^>]*>(.*?)</article>', re.S)
_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]*_static/page/[^"]+)"')
_DATA = re.compile(r'<script type="application/json" id="([\w-]+)-data">(.*?)</script>', re.S)
_NOT_PRINTED = re.compile(
    r'<script\b.*?</script>|<noscript\b.*?</noscript>|<button\b.*?</button>|<a class="headerlink".*?</a>'
    r'|<p class="tk-way-back">.*?</p>|<div class="trustkit" data-trustkit[^>]*>(?:<!--brief-->.*?<!--/brief-->)?</div>'
    r'|<svg [^>]*class="sd-octicon.*?</svg>|<span class="sd-summary-state-marker.*?</span>|<!--.*?-->',
    re.S,
)
_TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:\s[^<>]*)?)>")
_NAME = re.compile(r'\s(id|name|for|aria-labelledby|aria-describedby|aria-controls)="([^"]*)"')
_LINK = re.compile(r'\s((?:xlink:)?href|src)="([^"]*)"')
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_TITLE = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.S)


@dataclass(frozen=True)
class Leaf:
    """A page at its place in the book.

    Attributes:
        name: its name in the edition, such as "06-complaints/index".
        depth: 1 for a chapter, 2 for a page below it, and so on.
        part: caption of the part of the contents, "" for the first page.
    """

    name: str
    depth: int
    part: str

    @property
    def module(self) -> str:
        """The folder of its module, or ""."""
        found = MODULE.match(self.name)
        return found[0] if found else ""


@dataclass(frozen=True)
class Entry:
    """A line of the contents: the anchor, title, depth and part of a page."""

    anchor: str
    title: str
    depth: int
    part: str


@dataclass(frozen=True)
class Handout:
    """A document to be printed.

    Attributes:
        body: what stands inside its `body` element.
        styles: rules that its pages need.
        entries: its pages, in order.
        pictures: the files that it shows.
    """

    body: str
    styles: str
    entries: tuple[Entry, ...]
    pictures: tuple[Path, ...]


def leaves_of(contents: dict[str, Any], edition: Path) -> list[Leaf]:
    """Return the pages of an edition in reading order, with those that no table of contents names at their place.

    Args:
        contents: the edition's table of contents, as `trustkit.publish.stage.edition_toc` returns it.
        edition: the folder with its pages.
    """
    found = [Leaf(contents["root"], 1, "")]

    def walk(node: dict[str, Any], depth: int, part: str) -> None:
        for entry in [*node.get("chapters", []), *node.get("sections", [])]:
            found.append(Leaf(entry["file"], depth, part))
            walk(entry, depth + 1, part)

    walk(contents, 1, "")
    for part in contents.get("parts", []):
        walk(part, 1, part.get("caption", ""))
    known = {leaf.name for leaf in found}
    return [one for leaf in found for one in (leaf, *_made_below(leaf, edition, known))]


def _made_below(leaf: Leaf, edition: Path, known: set[str]) -> Iterator[Leaf]:
    """Yield the pages that the build made below a page, such as the page of each case, in the order of its links."""
    if not (edition / leaf.name).is_dir():
        return
    linked = re.findall(r'href="([^"#]+)\.html"', _page(edition, leaf))
    here = posixpath.dirname(leaf.name)
    for link in dict.fromkeys(linked):
        name = posixpath.normpath(posixpath.join(here, link))
        if name.startswith(f"{leaf.name}/") and name not in known and (edition / f"{name}.html").is_file():
            yield Leaf(name, leaf.depth + 1, leaf.part)


def _page(edition: Path, leaf: Leaf) -> str:
    file = edition / f"{leaf.name}.html"
    return with_data(file.read_text(encoding="utf-8"), file.parent)


def handout(
    edition: Path, leaves: Sequence[Leaf], words: dict[str, str], *, address: str = "", top: int = 1,
    exams: Collection[str] = (),
) -> Handout:  # fmt: skip
    """Return pages of an edition as one document.

    Args:
        edition: the folder with the edition's pages.
        leaves: which pages, in order.
        words: the words of print, in the edition's language.
        address: where this edition is published, with a slash at its end; "" where nobody knows.
        top: the depth of the pages whose title is a first heading.
        exams: the cases that are exams; their conversation is not told.
    """
    made = _Made(edition, leaves, words, address, exams)
    return made.handout(top)


def answer_key(
    edition: Path, leaves: Sequence[Leaf], words: dict[str, str], *, exams: Collection[str] = ()
) -> Handout:  # fmt: skip
    """Return what the handout of these pages keeps back: the answers to each drill, and each exam case told."""
    entries, parts = [], []
    for leaf in leaves:
        for _, bundle in _bundles(_page(edition, leaf)):
            kind, anchor = bundle.get("kind"), f"key-{bundle.get('id')}"
            if anchor in {entry.anchor for entry in entries}:
                continue
            if kind == "drill":
                told = answers(bundle, words)
            elif kind == "case" and bundle["id"] in exams:
                told = transcript({**bundle, "rule_links": {}}, words, titled=True)
            else:
                continue
            entries.append(Entry(anchor, bundle["title"], 1, ""))
            parts.append(f'<section class="leaf" id="{anchor}"><h1>{escape(bundle["title"])}</h1>{told}</section>')
    return Handout("\n".join(parts), "", tuple(entries), ())


def _bundles(page: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for match in _DATA.finditer(page):
        yield match[1], json.loads(match[2])


class _Made:
    def __init__(
        self, edition: Path, leaves: Sequence[Leaf], words: dict[str, str], address: str, exams: Collection[str]
    ):  # fmt: skip
        self._edition, self._leaves, self._words, self._address = edition, leaves, words, address
        self._exams = exams
        self._anchors = {leaf.name: f"p{number}" for number, leaf in enumerate(leaves, 1)}
        self._ids: set[str] = set()
        self._pictures: dict[Path, None] = {}
        # A case has its transcript on its own page, and elsewhere only where that page is not printed.
        self._homes = {leaf.name.rpartition("/")[2]: leaf.name for leaf in leaves if "case-room/" in leaf.name}

    def handout(self, top: int) -> Handout:
        entries, styles, parts = [], {}, []
        for leaf in self._leaves:
            page = _page(self._edition, leaf)
            for sheet in _SHEET.findall(page):
                styles[self._file(leaf, sheet)] = None
            title, body = self._page(leaf, page, leaf.depth - top)
            anchor = self._anchors[leaf.name]
            entries.append(Entry(anchor, title, leaf.depth - top + 1, leaf.part))
            self._ids.add(anchor)
            parts.append((leaf, f'<section class="leaf depth-{leaf.depth - top + 1}" id="{anchor}">{body}</section>'))
        body = "\n".join(self._linked(leaf, part) for leaf, part in parts)
        rules = "\n".join(path.read_text(encoding="utf-8") for path in styles if path.is_file())
        return Handout(body, rules, tuple(entries), tuple(self._pictures))

    def _page(self, leaf: Leaf, page: str, deeper: int) -> tuple[str, str]:
        """Return a page's title and its content, with names of its own and headings at its depth."""
        found = _ARTICLE.search(page)
        article = found[1] if found else ""
        article = _DATA.sub(lambda match: self._activity(leaf, match[1], json.loads(match[2])), article)
        article = _NOT_PRINTED.sub("", article)
        article = re.sub(r"<details\b", '<div data-open="1"', article).replace("</details>", "</div>")
        article = re.sub(r"<summary\b", '<div data-summary="1"', article).replace("</summary>", "</div>")
        heading = _TITLE.search(article)
        title = " ".join(unescape(re.sub(r"<[^>]+>", "", heading[1])).split()) if heading else leaf.name
        article = _HEADING.sub(lambda match: f"<{match[1]}h{min(6, int(match[2]) + deeper)}", article)
        prefix = self._anchors[leaf.name]

        def own_names(tag: re.Match[str]) -> str:
            return f"<{tag[1]}{_NAME.sub(lambda name: self._named(prefix, name), tag[2])}>"

        return title, _TAG.sub(own_names, article)

    def _named(self, prefix: str, name: re.Match[str]) -> str:
        if name[1] != "id":
            return ""
        self._ids.add(f"{prefix}-{name[2]}")
        return f' id="{prefix}-{name[2]}"'

    def _activity(self, leaf: Leaf, anchor: str, bundle: dict[str, Any]) -> str:
        kind = bundle.get("kind")
        if kind == "case":
            home = self._homes.get(bundle["id"])
            if home and home != leaf.name:
                link = posixpath.relpath(f"{home}.html", posixpath.dirname(leaf.name) or ".")
                told = escape(self._words["case_there"].format(title=bundle["title"]))
                return f'<p class="elsewhere"><a href="{link}">{told}</a></p>'
            return transcript(bundle, self._words, titled=home == leaf.name, told=bundle["id"] not in self._exams)
        if kind == "drill":
            return questions(bundle, self._words)
        if kind == "deck":
            return f'<p class="elsewhere">{escape(self._words["deck"])}</p>'
        if kind and bundle.get("title"):
            return f'<p class="elsewhere">{escape(self._words["in_page"].format(title=bundle["title"]))}</p>'
        return ""

    def _linked(self, leaf: Leaf, part: str) -> str:
        def link(match: re.Match[str]) -> str:
            return self._link(leaf, match[1], unescape(match[2]))

        part = _TAG.sub(lambda tag: f"<{tag[1]}{_LINK.sub(link, tag[2])}>", part)
        prefix = self._anchors[leaf.name]
        return re.sub(r"url\(#([\w-]+)\)", rf"url(#{prefix}-\1)", part)

    def _link(self, leaf: Leaf, attribute: str, target: str) -> str:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            return f' {attribute}="{escape(target, quote=True)}"'
        if attribute == "src":
            path = self._file(leaf, target)
            self._pictures[path] = None
            return f' src="{path.as_uri()}"'
        page = self._page_of(leaf, unquote(parts.path))
        if page in self._anchors:
            anchor = self._anchors[page]
            inside = f"{anchor}-{unquote(parts.fragment)}"
            return f' {attribute}="#{inside if inside in self._ids else anchor}"'
        if self._address:
            place = posixpath.normpath(posixpath.join(posixpath.dirname(leaf.name), parts.path))
            after = f"#{parts.fragment}" if parts.fragment else ""
            return f' {attribute}="{escape(self._address + place + after, quote=True)}"'
        return ""

    def _page_of(self, leaf: Leaf, path: str) -> str:
        if not path:
            return leaf.name
        return posixpath.normpath(posixpath.join(posixpath.dirname(leaf.name), path)).removesuffix(".html")

    def _file(self, leaf: Leaf, link: str) -> Path:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(leaf.name), urlsplit(link).path))
        return self._edition / unquote(place)
