"""Finds what must stand in no feedback page, whatever the assignment: traces of tests, of the machine, of seeds."""

from __future__ import annotations

import html
import re
import sys
import tempfile
from pathlib import Path

_FRAME = re.compile(r"\bCheck [\w-]+, line \d+")
_REGION = re.compile(r"(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)")
_CODE_OF_TESTS = re.compile(r"\bhidden_(?:frame|chance|data|answer)\b|<(?:test|given) [\w-]+>")
_ABSOLUTE = re.compile(r"(?<![\w:/.…<])/(?:home|root|tmp|usr|opt|var|etc|proc|work|srv|mnt|Users|private)/[\w.-]+")


def traces(page: str, class_folder: Path, seed: int) -> list[str]:
    """Return what a feedback page must never show, each find with the words around it.

    Args:
        page: the page as it was written, tags and style included.
        class_folder: where the class lies on this machine.
        seed: the class's grading seed.
    """
    # both with and without tags: what stands in an attribute is in the page, and highlighting splits words
    texts = [html.unescape(page), html.unescape(re.sub(r"<[^>]+>", "", page[page.index("<body") :]))]
    roots = {class_folder, Path(__file__).parents[2], Path(sys.prefix), Path(tempfile.gettempdir()), Path.home()}
    places = [re.escape(str(root)) for root in roots if len(root.parts) > 1]
    seeds = [str(seed), f"{seed:,}", f"{seed:_}"]
    looked_for = {
        "frame of a test": _FRAME,
        "mark of a region": _REGION,
        "code of a test": _CODE_OF_TESTS,
        "place on this machine": re.compile(rf"(?:{'|'.join(places)})(?:/|\b)|{_ABSOLUTE.pattern}"),
        "grading seed": re.compile(rf"(?<![\d.,])(?:{'|'.join(seeds)})(?![\d])"),
    }
    return sorted({
        f"{kind}: {text[max(0, found.start() - 30) : found.end() + 30]!r}"
        for kind, pattern in looked_for.items() for text in texts for found in pattern.finditer(text)
    })  # fmt: skip
