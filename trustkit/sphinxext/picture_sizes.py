"""Says in each page how large its pictures are, so that the text does not move when they come."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from sphinx.application import Sphinx

FILLS = "tk-fills"
"""Class of a picture that says its shape and no size: it takes the width of the text."""

_IMAGE = re.compile(
    r'<img\b(?![^>]*\b(?:width|height)=)(?P<before>[^>]*\bsrc="(?P<address>[^":]+\.svg)"[^>]*?)(?P<end>\s*/?>)'
)
_CLASS = re.compile(r'\bclass="')
_ROOT = re.compile(r"<svg\b[^>]*>")
_SIDE = {
    side: re.compile(rf'\s{side}="([\d.]+)(px|pt|)"') for side in ("width", "height")
}  # fmt: skip
_BOX = re.compile(r'\bviewBox="[\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)"')
_PX_PER_PT = 4 / 3


def size_of(svg: str) -> tuple[int, int, bool] | None:
    """Return width and height of an SVG in px, and whether it says them itself (else only its shape is meant)."""
    root = _ROOT.search(svg)
    if not root:
        return None
    sides = [_SIDE[side].search(root[0]) for side in ("width", "height")]
    if all(sides):
        width, height = (round(float(side[1]) * (_PX_PER_PT if side[2] == "pt" else 1)) for side in sides)
        return width, height, True
    box = _BOX.search(root[0])
    return (round(float(box[1])), round(float(box[2])), False) if box else None


def with_sizes(body: str, files: dict[str, Path]) -> str:
    """Return the HTML of a page with the sizes of its SVG pictures.

    Args:
        body: the page.
        files: where a picture lies, by its published name.
    """

    def sized(image: re.Match[str]) -> str:
        file = files.get(PurePosixPath(unquote(image["address"])).name)
        size = size_of(file.read_text(encoding="utf-8")) if file and file.is_file() else None
        if size is None:
            return image[0]
        width, height, own = size
        before = image["before"]
        if not own:
            given = _CLASS.search(before)
            before = _CLASS.sub(f'class="{FILLS} ', before, count=1) if given else f' class="{FILLS}"{before}'
        return f'<img{before} width="{width}" height="{height}"{image["end"]}'

    return _IMAGE.sub(sized, body)


def _write(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    if context.get("body"):
        files = {published: Path(app.srcdir, source) for source, published in app.builder.images.items()}
        context["body"] = with_sizes(context["body"], files)


def register(app: Sphinx) -> None:
    """Write the sizes into every page."""
    app.connect("html-page-context", _write)
