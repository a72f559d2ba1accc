"""No figure without a label: a percentage or a multiple in plain prose stops the build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging

from trustkit.sphinxext.activities import activity
from trustkit.sphinxext.case_maps import case_map
from trustkit.sphinxext.datasets import ALL_SYNTHETIC
from trustkit.sphinxext.declarations import line_of
from trustkit.sphinxext.evidence import claim_entry, declared_evidence, labelled

logger = logging.getLogger(__name__)

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_NUMBER_WORD = r"(?:two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|(?:a )?hundred)"
_CHINESE_NUMBER = r"[一二两三四五六七八九十百千万半]"

BARE_FIGURE = re.compile(
    rf"{_NUMBER}\s?(?:%|％|‰|per ?cent\b|percentage points?\b|个百分点)"
    rf"|百分之(?:{_NUMBER}|{_CHINESE_NUMBER}+)"
    rf"|{_NUMBER}\s?(?:times\b|[-‑]?fold\b|倍)"
    rf"|\b{_NUMBER_WORD}[\s-](?:fold\b|per ?cent\b)"
    rf"|\b{_NUMBER_WORD} times (?=as |more |less |higher |lower |larger |better |worse |likelier )"
    rf"|{_CHINESE_NUMBER}+(?:点{_CHINESE_NUMBER}+)?倍",
    re.IGNORECASE,
)
"""A share in per cent (or per mille), or a multiple, in English or Chinese."""

LABELLED = (labelled, declared_evidence, claim_entry)
NOT_PROSE = (
    activity,
    case_map,
    nodes.comment,
    nodes.image,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.substitution_definition,
    nodes.system_message,
    addnodes.index,
)
_GAP = "\N{OBJECT REPLACEMENT CHARACTER}"


def bare_figures(document: nodes.Node) -> Iterator[tuple[str, nodes.Element]]:
    """Yield each bare figure of a document with the paragraph (or title, cell …) that holds it."""
    for block in document.findall(nodes.TextElement):
        if isinstance(block, (nodes.Inline, *NOT_PROSE)) or _inside(block, (*LABELLED, *NOT_PROSE)):
            continue
        for match in BARE_FIGURE.finditer(_prose(block)):
            yield match[0].strip(), block


def _prose(node: nodes.Element) -> str:
    parts = []
    for child in node.children:
        if isinstance(child, nodes.Text):
            parts.append(child.astext())
        elif isinstance(child, (*LABELLED, *NOT_PROSE)):
            parts.append(_GAP)
        else:
            parts.append(_prose(child))
    return "".join(parts)


def _inside(node: nodes.Node, kinds: tuple[type, ...]) -> bool:
    while node is not None:
        said = getattr(node, "attributes", {})
        if isinstance(node, kinds) or "cell_output" in said.get("classes", ()) or said.get(ALL_SYNTHETIC):
            return True
        node = node.parent
    return False


def line_with(path: Path, text: str, start: int) -> int:
    """Return the first line from `start` on that holds `text`; `start` where none does."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError:
        return start
    wanted = "".join(text.split())
    for number in range(max(start, 1), len(lines) + 1):
        if wanted in "".join(lines[number - 1].split()):
            return number
    return start


def check_figures(app: Sphinx, document: nodes.document) -> None:
    """Report every bare figure of a page that was just read."""
    for text, block in bare_figures(document):
        path = Path(block.source or document["source"])
        line = line_with(path, text, line_of(block))
        logger.warning(
            "the figure “%s” has no label. Say where it comes from: {cited}`%s|KEY` (published), "
            "{synthetic}`%s` (made for practice), {rule}`%s|KEY` (law or policy) or {claim}`%s` (under test).",
            text, text, text, text, text,
            location=f"{path}:{line}",
        )  # fmt: skip


def register(app: Sphinx) -> None:
    """Check each page after it was read."""
    app.connect("doctree-read", check_figures)
