"""Slips that checks recognise: what to tell the trainee, in English and in Chinese, by the slip's name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from trustkit.content import ContentError, read_document
from trustkit.course import course_root


def slip(name: str) -> tuple[str, str]:
    """Return what to tell the trainee about a slip, in English and in Chinese.

    Raises:
        KeyError: no file of `exercises/slips/` has such a slip.
    """
    return read_slips(course_root())[name]


@cache
def read_slips(root: Path) -> dict[str, tuple[str, str]]:
    """Return all slips of a course by name: `exercises/slips/shared.yaml`, and a file for each assignment.

    Raises:
        trustkit.content.ContentError: a file is broken, a text is missing, or two slips have one name.
    """
    slips: dict[str, tuple[str, str]] = {}
    for path in sorted((root / "exercises" / "slips").glob("*.yaml")):
        document = read_document(path)
        if not isinstance(document.data, dict):
            raise ContentError(path, 1, "this file must map names of slips to their texts, `en` and `zh`.")
        for name, texts in document.data.items():
            if name in slips:
                raise document.error((name,), f"another slip has the name {name}. Names are unique over all files.")
            given = [texts.get(lang) if isinstance(texts, dict) else None for lang in ("en", "zh")]
            if not all(isinstance(text, str) and text.strip() for text in given):
                raise document.error((name,), f"the slip {name} needs a text in both languages: `en` and `zh`.")
            slips[name] = (given[0].strip(), given[1].strip())
    return slips
