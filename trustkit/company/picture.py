"""Logos and favicons: pictures that bring no script and ask no other address."""

from __future__ import annotations

import re
import xml.parsers.expat
from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n"
LARGEST = 300_000
"""Bytes; a logo stands on every page."""

_BARRED = ("script", "foreignobject", "iframe", "object", "embed", "audio", "video")
_OUTSIDE = re.compile(r"(?i)(?:[a-z][a-z0-9+.-]*:|//)(?!image/(?:png|jpeg|gif|webp)[;,])")
_STYLE = re.compile(r"(?i)@import|url\(\s*['\"]?(?!#|data:image/(?:png|jpeg|gif|webp)[;,])")
_ADDRESSES = ("href", "xlink:href", "src")


def faults(path: Path) -> list[tuple[int, str]]:
    """Return what makes a picture unfit for every page of the site, each with its line (0: the file as a whole)."""
    content = path.read_bytes()
    if len(content) > LARGEST:
        return [(0, f"this picture has {len(content):,} bytes; the most is {LARGEST:,}. Save it smaller.")]
    if path.suffix.lower() == ".png":
        return (
            [] if content.startswith(PNG) else [(0, "this is no PNG picture, whatever its name says. Export it again.")]
        )
    if path.suffix.lower() == ".svg":
        return _svg_faults(content)
    return [(0, f"a picture must be an SVG or a PNG, not `{path.suffix or 'without an ending'}`. Export it as one.")]


def _svg_faults(content: bytes) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    parser = xml.parsers.expat.ParserCreate()
    opened: list[str] = []

    def note(message: str) -> None:
        found.append((parser.CurrentLineNumber, message))

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = name.rpartition(":")[2].lower()
        if not opened and plain != "svg":
            note(f"this is no SVG picture: it begins with <{name}>. Export it again.")
        opened.append(plain)
        if plain in _BARRED:
            note(f"<{name}> has no place in a logo. Take it out; a plain export has none.")
        for key, value in attributes.items():
            lower = key.lower()
            if lower.startswith("on"):
                note(f"`{key}` is a script. Take it out.")
            elif lower in _ADDRESSES and not value.startswith(("#", "data:image/")) and _OUTSIDE.match(value.strip()):
                note(f"`{key}` asks the address {value[:60]}. A page of the course asks no other host: take it out.")
            elif _STYLE.search(value):
                note(f"`{key}` loads something from outside. Take it out.")

    def text(said: str) -> None:
        if opened and opened[-1] == "style" and _STYLE.search(said):
            note("this style loads something from outside. Take it out.")

    def entity(*_: object) -> None:
        note("this picture declares an entity of its own. Export it as plain SVG.")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: opened.pop()
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = entity
    parser.ProcessingInstructionHandler = lambda target, data: note(
        f"`<?{target}` has no place in a logo. Take it out."
    )
    try:
        parser.Parse(content, True)
    except xml.parsers.expat.ExpatError as error:
        found.append((error.lineno, f"this is no sound SVG: {xml.parsers.expat.errors.messages[error.code]}."))
    return list(dict.fromkeys(found))
