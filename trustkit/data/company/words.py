"""The words of an import, in the course's languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from trustkit.content import read_document

COMMAS = {"en": ", ", "zh": "、"}


@cache
def words_of(language: str) -> dict:
    """Return the words of `words.yaml` in a language ("en" or "zh")."""
    return read_document(Path(__file__).with_name("words.yaml")).data[language] | {"comma": COMMAS[language]}
