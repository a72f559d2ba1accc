"""Takes scripts and styles out of pages and into files beside them.

A company's server may forbid whatever stands in a page itself (`script-src 'self'; style-src 'self'`): then only
files are run and only style sheets are read. The theme and what notebooks show put both into pages.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

FOLDER = "_static/page"
"""Where the files stand in an edition."""

_ATTRIBUTES = r"""(?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*"""
_PIECE = re.compile(
    rf"(?P<comment><!--.*?-->)"
    rf"|<script(?P<script>{_ATTRIBUTES})\s*>(?P<code>.*?)</script\s*>"
    rf"|<style(?P<style>{_ATTRIBUTES})\s*>(?P<rules>.*?)</style\s*>"
    rf"|<(?P<tag>[a-zA-Z][^\s<>/]*)(?P<attributes>{_ATTRIBUTES})(?P<end>\s*/?>)",
    re.S,
)
_ATTRIBUTE = re.compile(r"""\s+(?P<name>[^\s"'<>/=]+)(?:\s*=\s*(?:"(?P<value>[^"]*)"|'(?P<other>[^']*)'))?""")
_DATA = re.compile(r"""\btype\s*=\s*["']?(?!text/javascript|application/javascript|module)""")
_DECLARATION_END = re.compile(r";(?![^(]*\))")
_UNUSED = re.compile(r"DOCUMENTATION_OPTIONS\.pagename = '[^']*';")
"""Of each page another line, for a menu of versions that the course does not have."""


@dataclass
class Separated:
    """A page without scripts and styles of its own.

    Attributes:
        text: the page.
        files: what it now needs beside it, by name in `FOLDER`.
    """

    text: str
    files: dict[str, str] = field(default_factory=dict)


def separated(page: str, up: str) -> Separated:
    """Return a page whose scripts and styles stand in files; the same content always has the same name.

    Args:
        page: the page as HTML.
        up: the way from the page to the folder of its edition, such as "../".

    Raises:
        ValueError: an element has code in an attribute (`onclick=…`), which no file can hold.
    """
    found = Separated("")
    rules: dict[str, str] = {}

    def keep(content: str, ending: str) -> str:
        name = f"{hashlib.sha256(content.encode()).hexdigest()[:12]}.{ending}"
        found.files[name] = content
        return f"{up}{FOLDER}/{name}"

    def piece(match: re.Match[str]) -> str:
        if match["comment"] is not None:
            return match[0]
        if match["code"] is not None:
            if re.search(r"\bsrc\s*=", match["script"]) or _DATA.search(match["script"]):
                return match[0]
            code = _UNUSED.sub("", match["code"]).strip()
            return f'<script{match["script"]} src="{keep(code + chr(10), "js")}"></script>' if code else ""
        if match["rules"] is not None:
            return f'<link rel="stylesheet" href="{keep(match["rules"].strip() + chr(10), "css")}" />'
        return _without_style(match, rules)

    text = _PIECE.sub(piece, page)
    if rules:
        sheet = "".join(f".{name} {{ {style} }}\n" for name, style in sorted(rules.items()))
        link = f'<link rel="stylesheet" href="{keep(sheet, "css")}" />\n'
        text = text.replace("</head>", f"{link}</head>", 1)
    found.text = text
    return found


def _without_style(tag: re.Match[str], rules: dict[str, str]) -> str:
    """Return a tag with a class in the place of its `style`, and note what the class stands for."""
    if "style" not in tag["attributes"] and not re.search(r"\son[a-z]+\s*=", tag["attributes"]):
        return tag[0]
    names, kept = [], []
    for one in _ATTRIBUTE.finditer(tag["attributes"]):
        name, value = one["name"].lower(), one["value"] if one["value"] is not None else one["other"]
        if re.fullmatch(r"on[a-z]+", name):
            raise ValueError(f"<{tag['tag']}{one[0]}>: code in an attribute. Write it in a script.")
        if name == "style" and value is not None:
            style = value.replace("&quot;", '"').replace("&amp;", "&").strip().rstrip(";")
            # what stands in the page goes before what stands in a sheet
            style = "; ".join(f"{part.strip()} !important" for part in _DECLARATION_END.split(style) if part.strip())
            if style:
                names.append(f"tk-{hashlib.sha256(style.encode()).hexdigest()[:8]}")
                rules[names[-1]] = style
        elif name == "class":
            names[:0] = (value or "").split()
        else:
            kept.append(one[0])
    classes = f' class="{" ".join(names)}"' if names else ""
    return f"<{tag['tag']}{classes}{''.join(kept)}{tag['end']}"


def written_pages(app: Sphinx) -> list[str]:
    """Return the names of the pages that this build has written."""
    return list(dict.fromkeys(app._trustkit_written_pages))


def _note(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    app._trustkit_written_pages.append(page)


def _separate(app: Sphinx, problem: Exception | None) -> None:
    if problem or app.builder.format != "html":
        return
    out = Path(app.outdir)
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    for name in written_pages(app):
        path = Path(app.builder.get_outfilename(name))
        if not path.is_file():
            continue
        try:
            found = separated(path.read_text(encoding="utf-8"), "../" * name.count("/"))
        except ValueError as error:
            raise ExtensionError(f"{name}: {error}") from None
        for file, content in found.files.items():
            (out / FOLDER / file).write_text(content, encoding="utf-8")
        path.write_text(found.text, encoding="utf-8")


def register(app: Sphinx) -> None:
    """Take scripts and styles out of each page that a build writes."""
    app._trustkit_written_pages = []
    app.connect("html-page-context", _note, priority=900)
    app.connect("build-finished", _separate)
